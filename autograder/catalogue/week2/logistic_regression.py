"""Exercises of source/week2/logistic_regression.ipynb."""

import numpy as np

from autograder.catalogue.shared.cost import cost_mistakes
from autograder.catalogue.shared.prediction import prediction_mistakes
from autograder.catalogue.shared.sigmoid import sigmoid_mistakes
from autograder.catalogue.shared.update import ONE_STEP_SHORT, update_mistakes
from autograder.catalogue.shared.whole_numbers import cut_to_whole_numbers
from autograder.exercises.draws import among, both_signs, labels, numbers, pictures, whole_numbers
from autograder.exercises.exercise import Mistake, case, exercise
from utils.checks.kinds import AnyNumber, Array, Default, Labels, Layout, Number, NumberList, Untouched


def flatten_images(rng):
    return [case(images=pictures(rng, *shape)) for shape in ((4, 2, 3, 3), (3, 2, 2, 3), (2, 3, 1, 3))]


exercise(
    flatten_images,
    outputs=[Layout("X")],
    mistakes=[
        Mistake(
            "pictures-mixed",
            "The right shape, but each column mixes pixels of many pictures: reshape fills row by row. "
            "Make one picture a row first, reshape(m, -1), and then transpose.",
            "images.reshape(m, -1).T",
            "images.reshape(-1, m)",
        ),
        Mistake(
            "not-transposed",
            "Each picture is a row. In this course it is a column: transpose with .T at the end.",
            "images.reshape(m, -1).T",
            "images.reshape(m, -1)",
        ),
        Mistake(
            "reversed-axes",
            "images.T turns every axis around, so each picture is read in another order. "
            "Reshape to (m, -1) first, then transpose.",
            "images.reshape(m, -1).T",
            "images.T.reshape(-1, m)",
        ),
        Mistake(
            "one-long-column",
            "All pictures went into one column. One column for each: the shape is (h * w * c, m).",
            "images.reshape(m, -1).T",
            "images.reshape(-1, 1)",
        ),
        Mistake(
            "height-twice",
            "You took the height twice. Pictures needn't be square: use -1, or all three sizes.",
            "images.reshape(m, -1).T",
            "images.reshape(m, images.shape[1] * images.shape[1] * images.shape[3]).T",
        ),
    ],
)


def sigmoid(rng):
    return [
        case(z=numbers(rng, 1, 5, scale=2.0)),
        case(z=numbers(rng, 2, 3)),
        case(z=np.array([[-2.0, 0.0, 3.0]])),
        case("at -1000 and 1000", z=among(rng, -1000.0, 1000.0)),
        case("on whole numbers", z=whole_numbers(rng)),
        *(case("on one number", z=float(z)) for z in both_signs(rng, 2)),
        case("on three axes", z=numbers(rng, 2, 3, 2)),
    ]


exercise(
    sigmoid,
    outputs=[Array("result")],
    mistakes=[
        *sigmoid_mistakes("z", power="np.exp(-np.clip(z, -500, 500))"),
        cut_to_whole_numbers("z", "s"),
    ],
)


def initialize_with_zeros(rng):
    return [case(dim=int(dim)) for dim in rng.choice(np.arange(2, 30), 2, replace=False)]


exercise(
    initialize_with_zeros,
    outputs=[Layout("w", (0,)), Number("b", (1,))],
    mistakes=[
        Mistake(
            "rank-1",
            "np.zeros(dim) has one axis only, so w.T changes nothing. A column has two: np.zeros((dim, 1)).",
            "np.zeros((dim, 1))",
            "np.zeros(dim)",
        ),
        Mistake("row", "Your w is a row. A column has shape (dim, 1).", "np.zeros((dim, 1))", "np.zeros((1, dim))"),
        Mistake("ones", "w should start at zero, not at one.", "np.zeros((dim, 1))", "np.ones((dim, 1))"),
        Mistake(
            "square", "w has one weight for each input: shape (dim, 1).", "np.zeros((dim, 1))", "np.zeros((dim, dim))"
        ),
        Mistake("b-is-array", "b is one number, not an array.", "0.0", "np.zeros((1, 1))"),
    ],
)


def propagate(rng):
    return [
        case(w=numbers(rng, 3, 1), b=0.7, X=numbers(rng, 3, 5), Y=labels(rng, 5)),
        case(w=numbers(rng, 2, 1), b=numbers(rng), X=numbers(rng, 2, 2), Y=labels(rng, 2)),
        case(
            "with labels of type uint8",
            w=numbers(rng, 2, 1),
            b=-0.4,
            X=numbers(rng, 2, 4),
            Y=labels(rng, 4).astype(np.uint8),
        ),
    ]


exercise(
    propagate,
    outputs=[Array("dw", (0, "dw")), AnyNumber("db", (0, "db")), Number("cost", (1,))],
    uses=["sigmoid"],
    mistakes=[
        Mistake(
            "no-mean",
            "Everything is m times too large: cost, dw and db are means over the m examples, so divide each sum by m.",
            ("np.sum(losses) / m", "np.sum(losses)"),
            ("np.dot(X, dZ.T) / m", "np.dot(X, dZ.T)"),
            ("np.sum(dZ) / m", "np.sum(dZ)"),
        ),
        Mistake(
            "no-mean-in-gradients",
            "You seem to have left out the mean over the m examples: dw = (1/m) X dZ.T, and db = (1/m) times the sum "
            "of dZ.",
            ("np.dot(X, dZ.T) / m", "np.dot(X, dZ.T)"),
            ("np.sum(dZ) / m", "np.sum(dZ)"),
        ),
        Mistake(
            "no-mean-in-dw",
            "You seem to have left out the mean over the m examples: dw = (1/m) X dZ.T.",
            "np.dot(X, dZ.T) / m",
            "np.dot(X, dZ.T)",
        ),
        Mistake(
            "no-mean-in-db",
            "You seem to have left out the mean over the m examples: db = (1/m) times the sum of dZ.",
            "np.sum(dZ) / m",
            "np.sum(dZ)",
        ),
        Mistake(
            "elementwise-for-product",
            "X * dZ multiplies entry by entry. dw = (1/m) X dZ.T is a matrix product: np.dot(X, dZ.T), or X @ dZ.T.",
            "np.dot(X, dZ.T)",
            "X * dZ",
        ),
        Mistake(
            "dw-is-a-row",
            "dw came out as a row. It has the shape of w: np.dot(X, dZ.T), not np.dot(dZ, X.T).",
            "np.dot(X, dZ.T)",
            "np.dot(dZ, X.T)",
        ),
        Mistake(
            "gradient-reversed",
            "dw and db have the wrong sign: dZ is A - Y, not Y - A. With Y - A, descent would climb.",
            "A - Y",
            "Y - A",
        ),
        Mistake(
            "b-left-out",
            "b is missing in Z = w.T X + b, so everything after it is a little off.",
            "np.dot(w.T, X) + b",
            "np.dot(w.T, X)",
        ),
        Mistake(
            "no-sigmoid",
            "The sigmoid is missing: A = sigmoid(w.T X + b). The logarithm of a negative number is nan.",
            "sigmoid(np.dot(w.T, X) + b)",
            "np.dot(w.T, X) + b",
        ),
        *cost_mistakes("A"),
    ],
)


# For people whose function can't do without it.
SILENT = {"print_cost": False}


def optimize(rng):
    def data(n, m):
        return {"w": numbers(rng, n, 1), "b": numbers(rng), "X": numbers(rng, n, m), "Y": labels(rng, m)}

    def one_way(n, m):
        # All gradients pull w and b up, so that even a small step can't leave one of them where it was.
        X = np.abs(numbers(rng, n, m)) + 0.2
        return {"w": numbers(rng, n, 1, scale=0.3), "b": 0.1, "X": X, "Y": np.ones((1, m), int)}

    return [
        case(**data(2, 5), num_iterations=110, learning_rate=0.3, spare=SILENT),
        case(**data(3, 3), num_iterations=7, learning_rate=0.1, spare=SILENT),
        case("with the default settings", **one_way(3, 4)),
        case("with print_cost=True", **one_way(2, 3), num_iterations=25, learning_rate=0.5, print_cost=True),
    ]


exercise(
    optimize,
    outputs=[
        Array("w", (0, "w")),
        AnyNumber("b", (0, "b")),
        Array("dw", (1, "dw")),
        AnyNumber("db", (1, "db")),
        NumberList("costs", (2,)),
        Untouched("w"),
    ],
    uses=["propagate", "sigmoid"],
    mistakes=[
        *update_mistakes("w and b", "w = w - learning_rate * dw", {"w": "grads['dw']", "b": "grads['db']"}),
        Mistake(
            "b-never-updated",
            "b stays as it was: it needs its own step, b = b - learning_rate * db.",
            "b = b - learning_rate * grads['db']",
            "",
        ),
        Mistake(
            "w-never-updated",
            "w stays as it was: it needs its own step, w = w - learning_rate * dw.",
            "w = w - learning_rate * grads['dw']",
            "",
        ),
        Mistake(
            "b-by-dw",
            "b was changed by dw. Its own derivative is db.",
            "learning_rate * grads['db']",
            "learning_rate * grads['dw']",
        ),
        Mistake(
            "gradients-after-the-update",
            "You return gradients computed after the last update. Asked are those that the last update used.",
            "return {'w': w, 'b': b}, grads, costs",
            "return {'w': w, 'b': b}, propagate(w, b, X, Y)[0], costs",
        ),
        Mistake(
            "cost-after-the-update",
            "Your costs are those after the update. Record the cost that propagate returned, before w and b change.",
            "costs.append(cost)",
            "costs.append(propagate(w - learning_rate * grads['dw'], b - learning_rate * grads['db'], X, Y)[1])",
        ),
        Mistake(
            "cost-at-every-step",
            "You recorded the cost of every step. Asked is every hundredth: steps 0, 100, 200 and so on.",
            "i % 100 == 0",
            "True",
        ),
        Mistake(
            "printed-not-kept",
            "Right, until print_cost is True: then the costs are printed and not kept. Append them either way.",
            "costs.append(cost)",
            "if not print_cost:\n    costs.append(cost)",
        ),
        ONE_STEP_SHORT,
        Mistake(
            "one-step-only",
            "It took one step only. Is the `return` inside the loop?",
            "range(num_iterations)",
            "range(1)",
        ),
        Mistake(
            "changes-the-argument",
            "w -= ... changes the array that was handed in, so a second run starts elsewhere. Write w = w - ...",
            "w = w - learning_rate * grads['dw']",
            "w -= learning_rate * grads['dw']",
        ),
    ],
)


def predict(rng):
    def data(n, m):
        w, b, X = numbers(rng, n, 1), float(rng.choice([-1.5, 1.5])), numbers(rng, n, m)
        w[0, 0] += 1.0 if w[0, 0] >= 0 else -1.0
        # The first three z decide between a right answer and one without the sigmoid, without b, or without both; the
        # next four between 0.5 and a threshold beside it. None is so near to 0 that rounding decides. They come in any
        # order, or the signs of two numbers would tell all predictions.
        z = rng.permutation([0.3, b / 2, b + 0.3, 0.02, -0.02, 0.2, -0.2, *both_signs(rng, m - 7)])
        return {"w": w, "b": b, "X": X + w * (z - b - np.dot(w.T, X)) / np.sum(w**2)}

    even = numbers(rng, 9)
    beside = even + rng.permutation([-1.0, 0.0, 1.0] * 3)  # where nothing is added, a is 0.5
    return [
        case(**data(3, 9)),
        case(**data(2, 10)),
        case("where a is exactly 0.5", w=np.array([[1.0], [-1.0]]), b=0.0, X=np.vstack([beside, even])),
    ]


exercise(
    predict,
    outputs=[Labels("Y_prediction")],
    uses=["sigmoid"],
    mistakes=[
        Mistake(
            "no-sigmoid",
            "You compared z with 0.5. It is a = sigmoid(z) that is a probability.",
            "sigmoid(np.dot(w.T, X) + b)",
            "np.dot(w.T, X) + b",
        ),
        Mistake("b-left-out", "b is missing in z = w.T x + b.", "np.dot(w.T, X) + b", "np.dot(w.T, X)"),
        Mistake(
            "no-sigmoid-and-no-b",
            "Sigmoid and b are missing: compare a = sigmoid(w.T x + b) with 0.5.",
            "sigmoid(np.dot(w.T, X) + b)",
            "np.dot(w.T, X)",
        ),
        Mistake(
            "one-answer",
            "You return the prediction for one example. Asked is one for each column of X.",
            "(A > 0.5).astype(int)",
            "(A > 0.5).astype(int)[:, -1:]",
        ),
        *prediction_mistakes("A"),
    ],
)


def model(rng):
    def examples(n, Y):
        """Examples clearly on one side or the other of a line, so that no prediction hangs on the settings."""
        t = rng.uniform(2.0, 3.0, Y.shape[1]) * np.where(Y, 1, -1)
        return (direction[:n] * t / n + numbers(rng, n, Y.shape[1], scale=0.1)).round(2)

    def data(n, m_train, m_test):
        halves = [rng.permutation([0, 1]), rng.permutation(np.resize([0, 1], m_train - 2))]
        Y_train, Y_test = np.hstack(halves)[np.newaxis], labels(rng, m_test)
        # The labels of the test set are wrong but for one, so that who trains on it gets wrong predictions, and who
        # turns them round gets no right ones.
        told = np.where(np.arange(m_test) == rng.integers(m_test), Y_test, 1 - Y_test)
        X_train, X_test = examples(n, Y_train), examples(n, Y_test)
        return {"X_train": X_train, "Y_train": Y_train, "X_test": X_test, "Y_test": told}

    direction = rng.uniform(0.7, 1.4, (4, 1)) * rng.choice([-1, 1], (4, 1))
    return [
        case(**data(3, 7, 8), num_iterations=130, learning_rate=0.1, spare=SILENT),
        case(**data(4, 5, 9), num_iterations=60, learning_rate=0.4, spare=SILENT),
        case("with print_cost=True", **data(2, 5, 3), num_iterations=3, learning_rate=0.2, print_cost=True),
    ]


exercise(
    model,
    outputs=[
        Array("w", ("w",)),
        AnyNumber("b", ("b",)),
        NumberList("costs", ("costs",)),
        Labels("Y_prediction_train", ("Y_prediction_train",)),
        Labels("Y_prediction_test", ("Y_prediction_test",)),
        Number("learning_rate", ("learning_rate",)),
        Number("num_iterations", ("num_iterations",)),
        # Its 2,000 steps aren't tried: they would take most of the time that all else takes.
        Default("num_iterations"),
        Default("learning_rate"),
    ],
    uses=["sigmoid", "initialize_with_zeros", "propagate", "optimize", "predict"],
    mistakes=[
        Mistake(
            "settings-not-passed-on",
            "optimize ran with its own settings: hand num_iterations and learning_rate on to it.",
            "optimize(w, b, X_train, Y_train, num_iterations, learning_rate, print_cost)",
            "optimize(w, b, X_train, Y_train)",
        ),
        Mistake(
            "settings-swapped",
            "num_iterations and learning_rate arrive in the wrong order; hand them on by name.",
            "optimize(w, b, X_train, Y_train, num_iterations, learning_rate, print_cost)",
            "optimize(w, b, X_train, Y_train, learning_rate, num_iterations, print_cost)",
        ),
        Mistake(
            "untrained-parameters",
            "You went on with the w and b from before the training. optimize returns the trained ones.",
            "w, b = parameters['w'], parameters['b']",
            "",
        ),
        Mistake(
            "examples-for-features",
            "w needs one weight for each feature, X_train.shape[0], not one for each example.",
            "X_train.shape[0]",
            "X_train.shape[1]",
        ),
        Mistake(
            "predictions-swapped",
            "The predictions for the training set and for the test set are swapped.",
            ("Y_prediction_train = predict(w, b, X_train)", "Y_prediction_train = predict(w, b, X_test)"),
            ("Y_prediction_test = predict(w, b, X_test)", "Y_prediction_test = predict(w, b, X_train)"),
        ),
        Mistake(
            "predicts-the-training-set-twice",
            "Y_prediction_test holds predictions for the training set. Predict X_test there.",
            "predict(w, b, X_test)",
            "predict(w, b, X_train)",
        ),
        Mistake(
            "trained-on-the-test-set",
            "You trained on the test set. It is only for looking, after the training.",
            "optimize(w, b, X_train, Y_train, num_iterations, learning_rate, print_cost)",
            "optimize(w, b, X_test, Y_test, num_iterations, learning_rate, print_cost)",
        ),
    ],
)
