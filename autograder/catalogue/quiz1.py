"""Questions of source/week1/quiz1.ipynb: for each option why it is right, or what speaks against it."""

from autograder.exercises.exercise import Catalogue

exercises = Catalogue()

exercises.ask(
    "quiz1.question_1",
    a=(
        "The weighted sum with the bias is -1, but the neuron isn't finished there: ReLU still has to turn this "
        "negative number into 0."
    ),
    b="The sum is 1 * 2 + (-2) * 3 + 3 = -1, and ReLU replaces anything negative by 0.",
    c=(
        "To drop the minus sign of -1 is to take the absolute value. ReLU doesn't mirror negative numbers: it "
        "replaces all of them by 0."
    ),
    d=(
        "An answer of 3 comes from applying ReLU to -4 first and adding the bias afterwards. The bias belongs to "
        "the sum: ReLU comes last."
    ),
)

exercises.ask(
    "quiz1.question_2",
    a=(
        "Beyond 2 the second neuron is awake, too. It grows just as fast as the first, and its minus sign takes "
        "all further growth away."
    ),
    b=(
        "To turn downwards the second neuron would have to weigh more than the first. With equal weights the "
        "slopes are 1 - 1 = 0 beyond x = 2."
    ),
    c=(
        "Sums of straight lines are straight, but a ReLU has a kink. A sum of ReLUs keeps the kinks of all of "
        "them, so it can bend here at 0 and at 2."
    ),
    d=(
        "Between 0 and 2 only the first neuron is awake: slope 1. Beyond 2 both are, and their slopes cancel: the "
        "curve stays at 2."
    ),
)

exercises.ask(
    "quiz1.question_3",
    a=(
        "It guesses 110, too low, so a larger w helps. One w serves every house: learning from one example "
        "changes the guesses for all."
    ),
    b=(
        "A neuron keeps no list of houses that it has seen. It has a single w for all sizes, so a larger w moves "
        "the guess for size 20 as well."
    ),
    c=(
        "A smaller w would lower the guess for size 50 still further. It is 2 * 50 + 10 = 110, and the truth is "
        "130: the guess has to rise."
    ),
    d=(
        "The price of 130 is the label, the truth to learn from. Learning never touches the labels: it changes "
        "the parameters, here w."
    ),
)

exercises.ask(
    "quiz1.question_4",
    a=(
        "Without a label nobody tells the network which hum is the healthy one, however many recordings there "
        "are. Supervised learning needs pairs."
    ),
    b=(
        "Here each label is the same, so answering 'healthy' to everything is perfect. Nothing in the data shows "
        "what an ill colony sounds like."
    ),
    c=(
        "Each example is a pair: an input x, the recording, and a label y, the verdict. That is what supervised "
        "learning works with."
    ),
    d=(
        "These are labels y without inputs x. The network is to go from a hum to a verdict, so it has to hear the "
        "hum that belongs to each verdict."
    ),
)

exercises.ask(
    "quiz1.question_5",
    a=(
        "A table alone doesn't make data structured. Pixel 517 is fur in one photo and sky in the next: by itself "
        "it means hardly anything."
    ),
    b=("The forms look orderly to you, but a scan is a picture: a program gets pixels, not the contents of six boxes."),
    c=(
        "Equal length isn't structure. The tenth character has no meaning that is the same in every message: text "
        "is unstructured."
    ),
    d=(
        "Each column has one meaning for every song, and a number in it says something by itself: that is "
        "structured data."
    ),
)

exercises.ask(
    "quiz1.question_6",
    a=(
        "A CNN relies on neighbours: edges and corners lie in small patches. After the shuffle a patch holds "
        "pixels from everywhere, so it loses its advantage."
    ),
    b=(
        "The standard network never knew which pixels are neighbours: shuffled weights do the same job. A CNN's "
        "small detectors live on neighbourhood, which is gone."
    ),
    c=(
        "It is the other way round. All pixels feed every unit of the standard network, so their order is nothing "
        "to it; the small detectors of a CNN need neighbours."
    ),
    d=(
        "That we see only noise says nothing about a standard network: it treats pixels as a list. With weights "
        "shuffled alike, each sum is what it was."
    ),
)

exercises.ask(
    "quiz1.question_7",
    a=(
        "One set of weights is used over and over, so their number doesn't depend on the length, and what is "
        "learned about a word holds at every place."
    ),
    b=(
        "Sharing weights saves weights, not steps. The words are read one after the other, so 40 words still take "
        "40 steps."
    ),
    c=(
        "Order does matter to an RNN: the summary that it hands on depends on what came before, so 'dog bites "
        "man' and 'man bites dog' end differently."
    ),
    d=(
        "Equal weights don't mean equal influence. The summary is made anew at each step, so what an early word "
        "left in it can fade on the way."
    ),
)

exercises.ask(
    "quiz1.question_8",
    a=(
        "At 1,000 the two differ by 2, and repetitions of the same network by up to 3 either way. The next one "
        "could turn the order round."
    ),
    b=(
        "Nothing was measured at 10,000,000. Curves may flatten or meet again: runs speak for the sizes at which "
        "they were made."
    ),
    c=(
        "With few examples the ranges overlap, and other things decide, luck among them. With many, 87 to 89 lies "
        "clearly above 77 to 79."
    ),
    d=(
        "At 1,000 the large network had even 2 less, well within the uncertainty. Size pays only when there are "
        "enough examples to learn from."
    ),
)

exercises.ask(
    "quiz1.question_9",
    a=(
        "The same steps on the same data end at the same network. What gets better is not the single run but the "
        "number of ideas that one can test."
    ),
    b=(
        "A run of 10 minutes fits 48 times into 8 hours. Most ideas fail, so testing more of them is how faster "
        "computers brought better networks."
    ),
    c=(
        "Faster computing adds no information about the world. What the examples don't show, no machine can work "
        "out from them."
    ),
    d=(
        "The way to a good network is a loop of idea, code and experiment. When the experiment gets shorter, the "
        "whole loop turns faster."
    ),
)

exercises.ask(
    "quiz1.question_10",
    a=(
        "Slope is rise over run: 0.00049 / 0.2 is about 0.0025 for the sigmoid, and 0.2 / 0.2 = 1 for ReLU. Far "
        "out, the sigmoid hardly learns."
    ),
    b=(
        "A sixth compares the values, 1 and 6. A step depends on how fast the value changes with z: on slopes, "
        "not on values."
    ),
    c=(
        "The two slopes are swapped here. The sigmoid rises by only 0.00049 where ReLU rises by 0.2: its slope is "
        "the tiny one."
    ),
    d=(
        "Both grow from 5.9 to 6.1, but by very different amounts: 0.00049 against 0.2. A learning rate "
        "multiplies slopes, it doesn't make them equal."
    ),
)
