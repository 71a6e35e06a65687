"""Questions of source/week3/quiz3.ipynb: for each option why it is right, or what speaks against it."""

from autograder.exercises.exercise import Catalogue

exercises = Catalogue()

exercises.ask(
    "quiz3.question_1",
    a=("The weights alone are 4 * 3 + 1 * 4 = 16. Each unit has a bias as well, and biases are learned: 4 and 1 more."),
    b=(
        "W1 has 4 * 3 numbers, b1 has 4, W2 has 1 * 4, b2 has 1: 21 in all. The examples change the width of X, Z "
        "and A, never a parameter."
    ),
    c=(
        "The number m of examples is in no shape of W or b. One set of parameters serves all columns of X, "
        "however many there are."
    ),
    d=(
        "Three too many: that would be a bias for each input. Inputs are given, nothing is computed there; only "
        "the 4 hidden units and the output have one."
    ),
)

exercises.ask(
    "quiz3.question_2",
    a=(
        "These come from a W1 with the weights of each unit as a column. A matrix product takes rows of W1 "
        "against x, so a unit's weights have to lie in a row."
    ),
    b=(
        "Here each row was multiplied by only one entry of x: (1 + 0) * 3 and (2 - 1) * 4. Every unit sees the "
        "whole x, entry by entry, and adds up."
    ),
    c=(
        "The weights of each unit are a row of W1: (1, 0) gives 1 * 3 + 0 * 4 = 3, and (2, -1) gives 2 * 3 - 1 * 4 = 2."
    ),
    d=("The sign of a weight got lost: the second unit adds up 2 * 3 + (-1) * 4, and the second product is negative."),
)

exercises.ask(
    "quiz3.question_3",
    a=(
        "Put in z1 and z2: 2 (x1 + 2 x2 + 1) + (3 x1 - x2) + 3. Linear layers in a row are one linear layer: this "
        "network is logistic regression."
    ),
    b=(
        "The weights are right, but the bias of hidden unit 1 isn't lost: it arrives multiplied by 2, so the bias "
        "is 2 * 1 + 3 = 5."
    ),
    c=(
        "This adds the two layers up without their outgoing weights. Unit 1 counts twice in z, so all of its "
        "numbers have to be doubled first."
    ),
    d=(
        "Two layers can do more only with a bend between them. A weighted sum of weighted sums is just another "
        "weighted sum."
    ),
)

exercises.ask(
    "quiz3.question_4",
    a=(
        "B and C are right. But a leaky ReLU still has a slope of 0.01 at -5: that small slope is the point of "
        "it. A has none."
    ),
    b=(
        "The sigmoid is never steeper than 0.25, which it reaches at 0. A slope of 0.990 is beyond it, but fits "
        "tanh, with slope 1 at 0."
    ),
    c=(
        "Tanh is flat on both sides, so a slope of 1 at z = 5 can't be its own. And the slope of ReLU is 0 or 1, "
        "never 0.0002."
    ),
    d=(
        "ReLU has the slopes 0 and 1 only. Tanh is about 1 steep near 0 and flat far out, and the sigmoid reaches "
        "0.25 at most."
    ),
)

exercises.ask(
    "quiz3.question_5",
    a=(
        "The sums z lie around 50 or more, where tanh is flat. The slope 1 - a * a stands as a factor in dZ1, so "
        "hardly any blame gets through to W1."
    ),
    b=(
        "Far out tanh doesn't become steeper but flat. The larger z is in size, the smaller is the slope 1 - a * "
        "a that its weights learn with."
    ),
    c=(
        "One valley, reached from any start: that is true of logistic regression. With a hidden layer the cost "
        "isn't convex, and the start matters."
    ),
    d=(
        "Copies come from equal rows in W1. These rows are random and differ from each other; being large doesn't "
        "make them alike."
    ),
)

exercises.ask(
    "quiz3.question_6",
    a=(
        "The slope of ReLU stands in db as well as in dW. It is 0 for every example, so the bias gets no more of "
        "a push than the weights."
    ),
    b=(
        "The outgoing weight brings blame to the unit, but there it is multiplied by the slope of ReLU, which is "
        "0 for every example."
    ),
    c=(
        "For z < 0 the slope of ReLU is 0, so each dz of this unit is 0, and so are its dw and db. A leaky ReLU "
        "would keep a small slope."
    ),
    d=("A negative z doesn't turn the direction round: the slope of ReLU there is 0, not -1. Nothing moves at all."),
)

exercises.ask(
    "quiz3.question_7",
    a=(
        "The units would still be equal, with biases that are equal, too. Not the zero is the trouble but the "
        "sameness, and this change keeps it."
    ),
    b=(
        "Rows of W1 that differ give units that differ, and different slopes from the first step on. Equal "
        "biases, zeros for instance, do no harm then."
    ),
    c=(
        "Equal stays equal with zeros as well, and it gets worse: with W2 = 0 no blame reaches W1, and with A1 = "
        "0 none reaches W2."
    ),
    d=(
        "Units with equal weights get equal slopes. Any learning rate multiplies equal slopes by the same number, "
        "so equal weights stay equal."
    ),
)

exercises.ask(
    "quiz3.question_8",
    a=(
        "This is W2.T times dZ2, the blame shared out to the two units. Still missing is the slope of tanh at "
        "each of them, 1 - a * a."
    ),
    b=(
        "The slope of tanh isn't a (1 - a), which belongs to the sigmoid. With tanh, a unit that answers 0 is at "
        "its steepest: slope 1."
    ),
    c="The slope of tanh is 1 - a * a, not 1 - a. For the second unit this is 1 - 0.25 = 0.75.",
    d=(
        "The blame W2.T dZ2 is 1 and -0.5. Entry by entry it is multiplied by the slopes 1 - a * a, which are 1 "
        "and 0.75."
    ),
)

exercises.ask(
    "quiz3.question_9",
    a=(
        "Aligned at the right, 1 meets 4, and the missing axis counts as 1: the shapes fit, and broadcasting "
        "makes a table. The error comes later."
    ),
    b=(
        "Broadcasting takes the larger size of each axis: (4, 1) with (4,) gives (4, 4), with every bias minus "
        "every step in it."
    ),
    c=(
        "The column minus the flat array is a table of 4 by 4. Only the next line complains, as (4, 400) and (4, "
        "4) don't fit: not where the mistake is."
    ),
    d=(
        "With axis=1 the sum runs along each row, so there are four sums, one for each unit. Only without any "
        "axis would it be a single number."
    ),
)

exercises.ask(
    "quiz3.question_10",
    a=(
        "From 2 to 3 units the accuracy jumps by 24 points; from 1 to 2 it gains nothing, and from 3 to 10 only "
        "about 2."
    ),
    b=(
        "From 1 to 2 units the mistakes don't become fewer, and from 5 to 10 they fall from 7 to 6 percent, not "
        "to half. Nearly all the help comes in one jump, from 2 to 3."
    ),
    c=(
        "All of this was measured on points that the networks had learned from. How they do on new points can "
        "only be measured on new points."
    ),
    d=(
        "All runs are about flowers of one kind. Data of another shape need another number of units; it takes "
        "runs on those data to find out."
    ),
)
