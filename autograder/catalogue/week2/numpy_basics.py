"""Exercises of source/week2/numpy_basics.ipynb."""

import numpy as np

from autograder.catalogue.shared.sigmoid import sigmoid_mistakes
from autograder.catalogue.shared.whole_numbers import cut_to_whole_numbers, divided_in_place
from autograder.exercises.draws import among, both_signs, numbers, pictures, whole_numbers
from autograder.exercises.exercise import Mistake, case, exercise
from utils.checks.kinds import Array, Layout, Number

RESULT = [Array("result")]
NUMBER = [Number("result")]


def basic_sigmoid(rng):
    return [case(x=0.0), *(case(x=numbers(rng, scale=2.0)) for _ in range(3)), case(x=float(rng.integers(2, 6)))]


exercise(basic_sigmoid, outputs=NUMBER, mistakes=sigmoid_mistakes("x", power="math.exp(-x)"))


def sigmoid(rng):
    return [
        case(x=numbers(rng, 3, 4)),
        case(x=numbers(rng, 5, scale=3.0)),
        case(x=np.array([-2.0, 0.0, 3.0])),
        case("at -1000 and 1000", x=among(rng, -1000.0, 1000.0)),
        case("on whole numbers", x=whole_numbers(rng)),
        *(case("on one number", x=float(x)) for x in both_signs(rng, 2)),
        case("on three axes", x=numbers(rng, 2, 3, 2)),
    ]


exercise(
    sigmoid,
    outputs=RESULT,
    mistakes=[
        *sigmoid_mistakes("x", power="np.exp(-np.clip(x, -500, 500))"),
        cut_to_whole_numbers("x", "s"),
    ],
)


def sigmoid_derivative(rng):
    return [
        case(x=numbers(rng, 2, 3)),
        case(x=numbers(rng, 4, scale=3.0)),
        case(x=np.array([-1.0, 0.0, 2.0])),
        case("on whole numbers", x=whole_numbers(rng)),
        case("on three axes", x=numbers(rng, 2, 3, 2)),
    ]


exercise(
    sigmoid_derivative,
    outputs=RESULT,
    uses=["sigmoid"],
    mistakes=[
        Mistake(
            "sigmoid-itself",
            "That is the sigmoid itself. Its slope is s * (1 - s), with s the sigmoid of x.",
            "s * (1 - s)",
            "s",
        ),
        Mistake(
            "x-for-s",
            "You used x where s is due: first s = sigmoid(x), then s * (1 - s).",
            "s * (1 - s)",
            "x * (1 - x)",
        ),
        Mistake("plus-for-minus", "It is s * (1 - s), with a minus.", "s * (1 - s)", "s * (1 + s)"),
        Mistake("factor-s-lost", "The factor s is missing: it is s * (1 - s).", "s * (1 - s)", "1 - s"),
        Mistake(
            "slope-of-tanh",
            "1 - s ** 2 is the slope of another function, tanh. For the sigmoid it is s * (1 - s).",
            "s * (1 - s)",
            "1 - s ** 2",
        ),
        cut_to_whole_numbers("x", "ds"),
    ],
)


def image2vector(rng):
    return [case(image=pictures(rng, *shape)) for shape in ((3, 4, 3), (5, 2, 3), (2, 3, 1))]


exercise(
    image2vector,
    outputs=[Layout("result")],
    mistakes=[
        Mistake(
            "unchanged",
            "You return the picture as it came. Unroll it into one column: shape (h * w * c, 1).",
            "image.reshape(-1, 1)",
            "image",
        ),
        Mistake(
            "row",
            "Your numbers lie in a row. A column is asked: one number in each row, so the second size is 1.",
            "image.reshape(-1, 1)",
            "image.reshape(1, -1)",
        ),
        Mistake(
            "rank-1",
            "Your result has only one axis. Ask for two: a column has shape (h * w * c, 1).",
            "image.reshape(-1, 1)",
            "image.reshape(-1)",
        ),
        Mistake(
            "pixels-by-colours",
            "You unrolled the pixels, but kept the colours apart. All h * w * c numbers belong in one column.",
            "image.reshape(-1, 1)",
            "image.reshape(image.shape[0] * image.shape[1], image.shape[2])",
        ),
        Mistake(
            "height-twice",
            "You took the height twice. A picture needn't be square: use shape[0], shape[1] and shape[2], or -1.",
            "image.reshape(-1, 1)",
            "image.reshape(image.shape[0] * image.shape[0] * image.shape[2], 1)",
        ),
        Mistake(
            "transposed-first",
            "The right shape, but the numbers are in another order: something is transposed before the reshape.",
            "image.reshape(-1, 1)",
            "image.T.reshape(-1, 1)",
        ),
    ],
)


def normalize_rows(rng):
    return [
        case(x=numbers(rng, 3, 4, scale=2.0)),
        case(x=numbers(rng, 3, 3, scale=2.0)),
        case(x=np.array([[3.0, 4.0], [0.0, 2.0], [1.0, 1.0]])),
        case("on whole numbers", x=rng.integers(1, 9, (3, 2))),
    ]


exercise(
    normalize_rows,
    outputs=RESULT,
    mistakes=[
        Mistake(
            "one-norm-for-all",
            "You divided by one number, the norm of the whole matrix. Each row has its own norm: axis=1.",
            "np.linalg.norm(x, axis=1, keepdims=True)",
            "np.linalg.norm(x)",
        ),
        Mistake(
            "columns",
            "You normalised the columns. axis=1 goes along a row, axis=0 down a column.",
            "np.linalg.norm(x, axis=1, keepdims=True)",
            "np.linalg.norm(x, axis=0, keepdims=True)",
        ),
        Mistake(
            "keepdims-lost",
            "keepdims=True is missing: without it the norms have shape (n,), which broadcasts along the wrong axis. "
            "On a square matrix that goes unnoticed.",
            "np.linalg.norm(x, axis=1, keepdims=True)",
            "np.linalg.norm(x, axis=1)",
        ),
        Mistake(
            "no-root",
            "You divided by the sum of squares. The norm is its square root.",
            "np.linalg.norm(x, axis=1, keepdims=True)",
            "np.sum(x ** 2, axis=1, keepdims=True)",
        ),
        Mistake(
            "sum-for-norm",
            "You divided by the sum of each row. The norm is the root of the sum of squares.",
            "np.linalg.norm(x, axis=1, keepdims=True)",
            "np.sum(x, axis=1, keepdims=True)",
        ),
        cut_to_whole_numbers("x", "y"),
        divided_in_place(
            "x",
            "y = x / np.linalg.norm(x, axis=1, keepdims=True)",
            "y = x\ny /= np.linalg.norm(x, axis=1, keepdims=True)",
        ),
    ],
)


def percent_of_column(rng):
    return [
        case(A=rng.uniform(0.5, 120.0, (3, 4)).round(1)),
        case(A=rng.uniform(0.5, 120.0, (3, 3)).round(1)),
        case("on whole numbers", A=rng.integers(1, 90, (2, 5))),
    ]


exercise(
    percent_of_column,
    outputs=RESULT,
    mistakes=[
        Mistake(
            "rows",
            "Your rows add up to 100; the columns should. axis=0 goes down a column.",
            "np.sum(A, axis=0, keepdims=True)",
            "np.sum(A, axis=1, keepdims=True)",
        ),
        Mistake(
            "rows-keepdims-lost",
            "axis=1 sums along the rows. A column's sum goes down: axis=0.",
            "np.sum(A, axis=0, keepdims=True)",
            "np.sum(A, axis=1)",
        ),
        Mistake(
            "one-total",
            "You divided by the sum of the whole table. Each column has its own: axis=0.",
            "np.sum(A, axis=0, keepdims=True)",
            "np.sum(A)",
        ),
        Mistake(
            "share-for-percent", "You have shares between 0 and 1. Percent are a hundred times that.", "100 * A", "A"
        ),
        Mistake(
            "only-sums",
            "You have the sums of the columns. Divide the table by them.",
            "100 * A / np.sum(A, axis=0, keepdims=True)",
            "np.sum(A, axis=0, keepdims=True)",
        ),
        cut_to_whole_numbers("A", "P"),
        divided_in_place(
            "A",
            "P = 100 * A / np.sum(A, axis=0, keepdims=True)",
            "P = A\nP /= np.sum(A, axis=0, keepdims=True)\nP *= 100",
        ),
    ],
)


def softmax(rng):
    # The last row is wide: whatever is subtracted from it in place of its maximum, exp of the rest is infinite.
    around = np.array([[1000.0] * 3, [-1000.0] * 3, rng.permutation([1000.0, 0.0, -1000.0])])
    return [
        case(x=numbers(rng, 2, 5, scale=2.0)),
        case(x=numbers(rng, 3, 3, scale=2.0)),
        case("on large inputs", x=around + numbers(rng, 3, 3)),
    ]


exercise(
    softmax,
    outputs=RESULT,
    mistakes=[
        Mistake(
            "one-sum-for-all",
            "You divided by the sum of the whole matrix. Each row has its own sum: axis=1, keepdims=True.",
            "np.sum(e, axis=1, keepdims=True)",
            "np.sum(e)",
        ),
        Mistake(
            "columns",
            "Your columns add up to 1; the rows should. axis=1 goes along a row.",
            "np.sum(e, axis=1, keepdims=True)",
            "np.sum(e, axis=0, keepdims=True)",
        ),
        Mistake(
            "keepdims-lost",
            "keepdims=True is missing in the sum: without it the sums have shape (n,), which broadcasts along the "
            "wrong axis. On a square matrix that goes unnoticed.",
            "np.sum(e, axis=1, keepdims=True)",
            "np.sum(e, axis=1)",
        ),
        Mistake(
            "no-maximum",
            "Right, until an entry is large: exp(1000) is too big for a float. Subtract each row's maximum first.",
            "x - np.max(x, axis=1, keepdims=True)",
            "x",
        ),
        Mistake(
            "one-maximum-for-all",
            "You subtracted the maximum of the whole matrix. A row far below it becomes 0 / 0: "
            "subtract each row's own maximum.",
            "np.max(x, axis=1, keepdims=True)",
            "np.max(x)",
        ),
        Mistake(
            "minimum-for-maximum",
            "Right, until entries lie far apart: with the minimum subtracted, exp of the largest overflows. "
            "Subtract each row's maximum.",
            "np.max",
            "np.min",
        ),
        Mistake(
            "no-exp",
            "The exponential is missing: softmax divides exp(x) by its sum, not x.",
            "e = np.exp(x - np.max(x, axis=1, keepdims=True))",
            "e = x",
        ),
    ],
)


def L1(rng):
    return _labels_and_guesses(rng)


exercise(
    L1,
    outputs=NUMBER,
    mistakes=[
        Mistake(
            "absolute-lost",
            "The absolute value is missing: without it, errors of opposite sign cancel.",
            "np.abs(y - yhat)",
            "y - yhat",
        ),
        Mistake(
            "absolute-lost-reversed",
            "The absolute value is missing: without it, errors of opposite sign cancel.",
            "np.abs(y - yhat)",
            "yhat - y",
        ),
        Mistake("mean-for-sum", "L1 is the sum of the errors, not their mean.", "np.sum", "np.mean"),
        Mistake(
            "squares",
            "You squared the errors. That is the other one, L2; here take absolute values.",
            "np.abs(y - yhat)",
            "(y - yhat) ** 2",
        ),
        Mistake("no-sum", "You have the single errors. Add them up: one number is asked.", "np.sum", "np.array"),
    ],
)


def L2(rng):
    return _labels_and_guesses(rng)


exercise(
    L2,
    outputs=NUMBER,
    mistakes=[
        Mistake(
            "absolute-for-squares",
            "You took absolute values. That is the other one, L1; here square the errors.",
            "(y - yhat) ** 2",
            "np.abs(y - yhat)",
        ),
        Mistake(
            "root",
            "You took the square root. Here L2 is the sum of the squares itself.",
            "np.sum((y - yhat) ** 2)",
            "np.sqrt(np.sum((y - yhat) ** 2))",
        ),
        Mistake("mean-for-sum", "L2 is the sum of the squares, not their mean.", "np.sum", "np.mean"),
        Mistake(
            "square-of-sum",
            "You squared the sum. Square each error first, then add.",
            "np.sum((y - yhat) ** 2)",
            "np.sum(y - yhat) ** 2",
        ),
        Mistake("no-sum", "You have the single squares. Add them up: one number is asked.", "np.sum", "np.array"),
    ],
)


def _labels_and_guesses(rng):
    """Labels 0 and 1 with probabilities, and any other numbers; the errors are of both signs."""
    y = rng.integers(0, 2, 5).astype(float)
    y[:2] = 0.0, 1.0
    guesses = numbers(rng, 8, scale=3.0)
    errors = both_signs(rng, 8)
    return [case(yhat=rng.uniform(0.05, 0.95, 5).round(2), y=y), case(yhat=guesses, y=(guesses + errors).round(2))]
