"""Questions of source/week2/quiz2.ipynb: for each option why it is right, or what speaks against it."""

from autograder.exercises.exercise import Catalogue

exercises = Catalogue()

exercises.ask(
    "quiz2.question_1",
    a=(
        "X has the rows (1, 2), (3, 4), (5, 6), since reshape fills row by row. The column mixes the two "
        "pictures: images.reshape(2, -1).T would not."
    ),
    b=(
        "That column is what one wants, and images.reshape(2, -1).T gives it. But reshape(-1, 2) fills the rows "
        "first, two numbers to each."
    ),
    c=(
        "The array gets 2 columns, not 2 rows: -1 stands for the rows, and 6 numbers in 2 columns make 3 of them. "
        "So a column has 3 numbers."
    ),
    d=(
        "The -1 is no mistake: it stands for whatever size is left, here 3 rows. Nothing complains, and that is "
        "why mixed pictures go unnoticed."
    ),
)

exercises.ask(
    "quiz2.question_2",
    a=(
        "A loss of 0 would be fair, as the answer is right. But the half that should be switched off is 0 times "
        "minus infinity, and that is no number for a computer."
    ),
    b=(
        "These belong to the label 0: then the truth gets probability 0, its loss is infinite, and a - y = 1. "
        "Here y is 1, and the answer is right."
    ),
    c=(
        "The second half is 0 times minus infinity: nan, 'not a number', which spoils the whole cost. The "
        "gradient takes no logarithm, so learning goes on all the same."
    ),
    d=(
        "The loss is nan indeed, but dz isn't computed from the loss. It is a - y = 1.0 - 1 = 0, with no "
        "logarithm in it."
    ),
)

exercises.ask(
    "quiz2.question_3",
    a=(
        "Log loss: 0.982 and 0.9997. Squared error: 0.0173 and 0.0003, because a(1 - a) vanishes. The worse the "
        "neuron, the less it would learn."
    ),
    b=(
        "So it would be if a grew with z. But the sigmoid keeps a below 1: a - y goes from 0.982 to 0.9997, and "
        "the factor a(1 - a) even shrinks."
    ),
    c=(
        "The two are swapped. The factor a(1 - a), which vanishes when the neuron is sure, belongs to the squared "
        "error; log loss has just a - y."
    ),
    d=(
        "The squared error itself hardly changes, being near its largest value. But its slope has the factor a(1 "
        "- a), and falls from 0.0173 to 0.0003."
    ),
)

exercises.ask(
    "quiz2.question_4",
    a=(
        "The logistic cost is convex: it has one valley only. And in any valley, small enough steps would make "
        "the cost fall."
    ),
    b=(
        "Going uphill, the cost of this bowl would rise with every single step. Here every second step brings it "
        "down by more than 1."
    ),
    c=(
        "Zeros are a fine start for a single neuron, since each weight gets its slope from its own input. And "
        "equal weights wouldn't make a cost jump up and down."
    ),
    d=(
        "A cost that swings up and down is the sign of steps that are too long: the direction is right, but each "
        "step overshoots. With a quarter of this rate it falls smoothly."
    ),
)

exercises.ask(
    "quiz2.question_5",
    a=(
        "A minus got lost. dz = 0.5 - 1 is negative, and so are dw and db; the update subtracts them, so w and b "
        "grow and a moves up towards 1."
    ),
    b=(
        "With z = 0, a is 0.5 and dz = 0.5 - 1 = -0.5. So dw = x dz = -1.5, db = -0.5, and subtracting 0.2 times "
        "these gives 0.3 and 0.1."
    ),
    c=(
        "The slope for w is x times dz, not dz alone: 3 * (-0.5) = -1.5. Only the bias, whose input is always 1, "
        "gets dz itself."
    ),
    d=(
        "These are minus the whole slopes, dw = -1.5 and db = -0.5. A step is the slope times the learning rate, "
        "here 0.2."
    ),
)

exercises.ask(
    "quiz2.question_6",
    a=("That is how much u grows: the slope 2 of the first box. The second box passes it on 2u = 6 times as large."),
    b=(
        "That would be right if u were nudged by 0.001: the slope of the square is 2u = 6. But u moves twice as "
        "far as w."
    ),
    c=(
        "Slopes along a chain are multiplied, not added. The nudge becomes 2 times as large in the first box, and "
        "that 6 times as large in the second."
    ),
    d="The nudge passes two boxes, with slopes 2 and 2u = 6. Along a chain they are multiplied: 12 times 0.001.",
)

exercises.ask(
    "quiz2.question_7",
    a=(
        "Both do a thousandth of the arithmetic, but arithmetic isn't all that takes time. Each call has a fixed "
        "price, and it doesn't shrink with the data."
    ),
    b=(
        "The inner loop still runs over 100 inputs. What shrinks is the work that one call of numpy takes over, "
        "and with it the gain."
    ),
    c=(
        "Without loops, Python hands over the work once, at a fixed price. For 1,000 examples this hardly counts; "
        "for one example it is most of the time."
    ),
    d=(
        "Numpy skips no multiplication: both versions make 100 for each example. What it saves is Python's "
        "handling of each single number."
    ),
)

exercises.ask(
    "quiz2.question_8",
    a=(
        "This is what was meant: (0.01 + 0.04) / 2. But a column and a flat array don't meet entry by entry: "
        "broadcasting makes a table of 2 by 2."
    ),
    b=(
        "A - Y has the rows (-0.1, 0.9) and (-0.8, 0.2): each prediction minus each label. The mean of the four "
        "squares is 1.5 / 4, and no warning appears."
    ),
    c=(
        "The four squares of the table add up to 1.5, but np.mean divides by the number of entries, which is 4, "
        "not by the number of examples."
    ),
    d=(
        "Aligned at the right, 1 meets 2, and the missing axis of Y counts as 1: by the rule these shapes fit. "
        "That is why the mistake stays silent."
    ),
)

exercises.ask(
    "quiz2.question_9",
    a=(
        "The sums have shape (2,), which fits a table of shape (2, 2). With a table that isn't square numpy would "
        "complain; a square one hides the mistake."
    ),
    b=(
        "That is what was meant, 3 divided by the sum of its row. It takes keepdims=True: then the sums stand in "
        "a column, one beside each row."
    ),
    c=(
        "The sum of a column, 3 + 6 = 9, is what axis=0 gives. Here axis=1 adds along the rows, so the sums are 4 "
        "and 10."
    ),
    d=(
        "Flat sums (4, 10) are laid along each row, so the right column is divided by 10, the sum of the other "
        "row. With keepdims=True they would be a column."
    ),
)

exercises.ask(
    "quiz2.question_10",
    a=("Twice the pictures make the interval narrower by the root of 2 only: from 22 points to about 16, not to 11."),
    b="The width shrinks with the root of the number of pictures: half the width takes four times as many.",
    c=(
        "Ten times the pictures make the interval narrower by the root of 10, about 3.2: from 22 points to 7. "
        "That is more than was asked."
    ),
    d=(
        "This is 50 squared. The root is taken of the factor: 50 times the pictures would make the interval about "
        "7 times as narrow."
    ),
)
