"""Exercises of source/week3/flower.ipynb: a network with one hidden layer."""

import numpy as np

from autograder.catalogue.cost import cost_mistakes
from autograder.catalogue.predictions import prediction_mistakes
from autograder.exercises import reference
from autograder.exercises.exercise import Catalogue, Mistake, Output, case, numbers

exercises = Catalogue()

LAYERS = ("W1", "b1", "W2", "b2")


def _parameters(rng, n_x, n_h, n_y=1):
    """Weights and biases that reach well into the bends of tanh."""
    shapes = {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}
    return {name: numbers(rng, *shape, scale=0.8) for name, shape in shapes.items()}


def _examples(rng, n_x, m):
    """X (n_x, m) and labels Y (1, m) of both classes."""
    labels = rng.integers(0, 2, (1, m))
    labels[0, :2] = rng.permutation([0, 1])
    return numbers(rng, n_x, m), labels


@exercises.add(
    "flower.layer_sizes",
    outputs=[Output("n_x", (0,), "number"), Output("n_h", (1,), "number"), Output("n_y", (2,), "number")],
    mistakes=[
        Mistake(
            "examples-for-inputs",
            "You took the number of examples for n_x. Examples are columns; inputs are the rows of X: X.shape[0].",
            (("X.shape[0]", "X.shape[1]"),),
        ),
        Mistake(
            "examples-for-outputs",
            "You took the number of examples for n_y. Outputs are the rows of Y: Y.shape[0].",
            (("Y.shape[0]", "Y.shape[1]"),),
        ),
        Mistake(
            "hidden-as-inputs",
            "The hidden layer's size is our choice, not the data's: n_h = 4.",
            (("n_h = 4", "n_h = X.shape[0]"),),
        ),
        Mistake(
            "hidden-left-out",
            "Three sizes are asked, in the order of the layers: n_x, n_h, n_y.",
            (("return n_x, n_h, n_y", "return n_x, n_y"),),
        ),
    ],
)
def _(rng):
    return [case(X=numbers(rng, n, m), Y=np.zeros((k, m), int)) for n, k, m in ((5, 2, 7), (2, 1, 6))]


@exercises.add(
    "flower.initialize_parameters",
    outputs=[Output(name, (name,), "random" if name[0] == "W" else "array") for name in LAYERS],
    mistakes=[
        Mistake(
            "uniform",
            "np.random.rand draws numbers between 0 and 1: all weights are positive. np.random.randn draws around 0.",
            (
                ("np.random.randn(n_h, n_x)", "np.random.rand(n_h, n_x)"),
                ("np.random.randn(n_y, n_h)", "np.random.rand(n_y, n_h)"),
            ),
        ),
        Mistake(
            "zeros",
            "All weights are zero, so all hidden units start equal and stay equal. Draw them at random.",
            (
                ("np.random.randn(n_h, n_x)", "np.zeros((n_h, n_x))"),
                ("np.random.randn(n_y, n_h)", "np.zeros((n_y, n_h))"),
            ),
        ),
        Mistake(
            "not-small",
            "The factor 0.01 is missing: large weights push tanh into its flat parts, where it learns slowly.",
            (
                ("np.random.randn(n_h, n_x) * 0.01", "np.random.randn(n_h, n_x)"),
                ("np.random.randn(n_y, n_h) * 0.01", "np.random.randn(n_y, n_h)"),
            ),
        ),
        Mistake(
            "transposed",
            "The shapes are turned around: W1 has one row for each hidden unit, (n_h, n_x), and W2 is (n_y, n_h).",
            (
                ("np.random.randn(n_h, n_x)", "np.random.randn(n_x, n_h)"),
                ("np.random.randn(n_y, n_h)", "np.random.randn(n_h, n_y)"),
            ),
        ),
        Mistake(
            "one-number-for-all",
            "One random number was copied into all weights. The units have to differ: draw a whole matrix.",
            (
                ("np.random.randn(n_h, n_x)", "np.random.randn() * np.ones((n_h, n_x))"),
                ("np.random.randn(n_y, n_h)", "np.random.randn() * np.ones((n_y, n_h))"),
            ),
        ),
        Mistake(
            "rank-1-biases",
            "np.zeros(n_h) has one axis only. The biases are columns: np.zeros((n_h, 1)).",
            (("np.zeros((n_h, 1))", "np.zeros(n_h)"), ("np.zeros((n_y, 1))", "np.zeros(n_y)")),
        ),
    ],
)
def _(rng):
    # Large enough that the laws of chance can't fail by chance.
    return [case(n_x=int(rng.integers(20, 30)), n_h=int(rng.integers(30, 40)), n_y=int(rng.integers(12, 18)))]


@exercises.add(
    "flower.forward_propagation",
    outputs=[Output("A2", (0,)), *(Output(name, (1, name)) for name in ("Z1", "A1", "Z2", "A2"))],
    mistakes=[
        Mistake(
            "sigmoid-in-the-hidden-layer",
            "The hidden layer uses tanh here, not the sigmoid.",
            (("np.tanh(Z1)", "sigmoid(Z1)"),),
        ),
        Mistake(
            "tanh-at-the-output", "The output is a probability: sigmoid, not tanh.", (("sigmoid(Z2)", "np.tanh(Z2)"),)
        ),
        Mistake(
            "no-activation-in-the-hidden-layer",
            "The hidden layer has no activation: A1 = tanh(Z1). Without it the network is logistic regression again.",
            (("np.tanh(Z1)", "Z1"),),
        ),
        Mistake("no-sigmoid", "The sigmoid of the output is missing: A2 = sigmoid(Z2).", (("sigmoid(Z2)", "Z2"),)),
        Mistake("b1-left-out", "b1 is missing in Z1 = W1 X + b1.", (("np.dot(W1, X) + b1", "np.dot(W1, X)"),)),
        Mistake("b2-left-out", "b2 is missing in Z2 = W2 A1 + b2.", (("np.dot(W2, A1) + b2", "np.dot(W2, A1)"),)),
        Mistake(
            "x-in-the-second-layer",
            "The second layer takes what the first one gives: Z2 = W2 A1 + b2, not W2 X + b2.",
            (("np.dot(W2, A1)", "np.dot(W2, X)"),),
        ),
        Mistake(
            "z-in-the-second-layer",
            "The second layer takes A1, the values after tanh, not Z1.",
            (("np.dot(W2, A1)", "np.dot(W2, Z1)"),),
        ),
        Mistake(
            "swapped-product",
            "The product is turned around: the weights stand on the left, np.dot(W1, X).",
            (("np.dot(W1, X)", "np.dot(X, W1)"),),
        ),
        Mistake(
            "a1-cached-as-z1",
            "The cache holds A1 under the name Z1. Keep both: backward propagation may need either.",
            (
                (
                    "{'Z1': Z1, 'A1': A1, 'Z2': Z2, 'A2': A2}",
                    "{'Z1': A1, 'A1': A1, 'Z2': Z2, 'A2': A2}",
                ),
            ),
        ),
    ],
)
def _(rng):
    return [
        case(X=_examples(rng, 3, 5)[0], parameters=_parameters(rng, 3, 4)),
        case(X=_examples(rng, 2, 6)[0], parameters=_parameters(rng, 2, 3)),
    ]


@exercises.add("flower.compute_cost", outputs=[Output("cost", kind="number")], mistakes=cost_mistakes("A2"))
def _(rng):
    def data(m, dtype=int):
        return {"A2": rng.uniform(0.05, 0.95, (1, m)).round(3), "Y": _examples(rng, 1, m)[1].astype(dtype)}

    spare = {"parameters": _parameters(rng, 2, 3)}
    return [
        case(**data(5), spare=spare),
        case(**data(8), spare=spare),
        case("with labels of type uint8", **data(6, np.uint8), spare=spare),
    ]


@exercises.add(
    "flower.backward_propagation",
    outputs=[Output(f"d{name}", (f"d{name}",)) for name in LAYERS],
    mistakes=[
        Mistake(
            "slope-left-out",
            "The slope of tanh is missing in dZ1: multiply by 1 - A1 ** 2, entry by entry.",
            (("np.dot(W2.T, dZ2) * (1 - A1 ** 2)", "np.dot(W2.T, dZ2)"),),
        ),
        Mistake(
            "slope-not-squared",
            "The slope of tanh is 1 - A1 ** 2, with a square.",
            (("1 - A1 ** 2", "1 - A1"),),
        ),
        Mistake(
            "slope-of-sigmoid",
            "A1 * (1 - A1) is the slope of the sigmoid. The hidden layer uses tanh: 1 - A1 ** 2.",
            (("1 - A1 ** 2", "A1 * (1 - A1)"),),
        ),
        Mistake(
            "slope-from-z1",
            "The slope of tanh is 1 - A1 ** 2, with the value after tanh, not with Z1.",
            (("1 - A1 ** 2", "1 - cache['Z1'] ** 2"),),
        ),
        Mistake(
            "dw2-for-w2",
            "In dZ1 the error flows back through the weights W2, not through their gradient dW2.",
            (("np.dot(W2.T, dZ2)", "np.dot(dW2.T, dZ2)"),),
        ),
        Mistake(
            "no-mean",
            "All gradients are m times too large: each is a mean over the m examples, so divide by m.",
            (
                ("np.dot(dZ2, A1.T) / m", "np.dot(dZ2, A1.T)"),
                ("np.sum(dZ2, axis=1, keepdims=True) / m", "np.sum(dZ2, axis=1, keepdims=True)"),
                ("np.dot(dZ1, X.T) / m", "np.dot(dZ1, X.T)"),
                ("np.sum(dZ1, axis=1, keepdims=True) / m", "np.sum(dZ1, axis=1, keepdims=True)"),
            ),
        ),
        Mistake(
            "no-mean-in-weights",
            "dW1 and dW2 are m times too large: each is a mean over the m examples, so divide by m.",
            (("np.dot(dZ2, A1.T) / m", "np.dot(dZ2, A1.T)"), ("np.dot(dZ1, X.T) / m", "np.dot(dZ1, X.T)")),
        ),
        Mistake(
            "no-mean-in-biases",
            "db1 and db2 are m times too large: each is a mean over the m examples, so divide by m.",
            (
                ("np.sum(dZ2, axis=1, keepdims=True) / m", "np.sum(dZ2, axis=1, keepdims=True)"),
                ("np.sum(dZ1, axis=1, keepdims=True) / m", "np.sum(dZ1, axis=1, keepdims=True)"),
            ),
        ),
        Mistake(
            "divided-twice",
            "dW1 and db1 are m times too small: the mean over the examples was taken twice, in dZ1 and again after it.",
            (("np.dot(W2.T, dZ2) * (1 - A1 ** 2)", "np.dot(W2.T, dZ2) * (1 - A1 ** 2) / m"),),
        ),
        Mistake(
            "axis-lost",
            "db1 and db2 are sums over everything. Sum over the examples only, axis=1, keepdims=True.",
            (
                ("np.sum(dZ2, axis=1, keepdims=True)", "np.sum(dZ2)"),
                ("np.sum(dZ1, axis=1, keepdims=True)", "np.sum(dZ1)"),
            ),
        ),
        Mistake(
            "keepdims-lost",
            "keepdims=True is missing in db1 and db2: they have to stay columns, or b1 - db1 becomes a square.",
            (
                ("np.sum(dZ2, axis=1, keepdims=True)", "np.sum(dZ2, axis=1)"),
                ("np.sum(dZ1, axis=1, keepdims=True)", "np.sum(dZ1, axis=1)"),
            ),
        ),
        Mistake(
            "reversed",
            "All gradients have the wrong sign: dZ2 is A2 - Y, not Y - A2.",
            (("A2 - Y", "Y - A2"),),
        ),
        Mistake(
            "a1-for-x",
            "dW1 belongs to the first layer, whose input is X: dW1 = (1/m) dZ1 X.T.",
            (("np.dot(dZ1, X.T)", "np.dot(dZ1, A1.T)"),),
        ),
        Mistake(
            "x-for-a1",
            "dW2 belongs to the second layer, whose input is A1: dW2 = (1/m) dZ2 A1.T.",
            (("np.dot(dZ2, A1.T)", "np.dot(dZ2, X.T)"),),
        ),
        Mistake(
            "product-for-elementwise",
            "In dZ1 the slope is multiplied entry by entry, with *, not as a matrix product.",
            (("np.dot(W2.T, dZ2) * (1 - A1 ** 2)", "np.dot(np.dot(W2.T, dZ2), 1 - A1 ** 2)"),),
        ),
    ],
)
def _(rng):
    forward = reference.function("flower", "forward_propagation")

    def data(n_x, n_h, m, dtype=int):
        parameters, (X, Y) = _parameters(rng, n_x, n_h), _examples(rng, n_x, m)
        return {"parameters": parameters, "cache": forward(X, parameters)[1], "X": X, "Y": Y.astype(dtype)}

    return [
        case(**data(3, 4, 6)),
        case(**data(2, 3, 5)),
        case("with labels of type uint8", **data(2, 4, 7, np.uint8)),
    ]


def _update(sign):
    """Edits that change the sign of all four updates."""
    return tuple(
        (f"parameters['{n}'] - learning_rate * grads['d{n}']", f"parameters['{n}'] {sign} grads['d{n}']")
        for n in LAYERS
    )


@exercises.add(
    "flower.update_parameters",
    outputs=[Output(name, (name,)) for name in LAYERS],
    mistakes=[
        Mistake(
            "climbs",
            "The parameters go uphill: subtract the learning rate times the gradient.",
            _update("+ learning_rate *"),
        ),
        Mistake(
            "learning-rate-lost",
            "The learning rate is missing: a step is learning_rate times the gradient.",
            _update("-"),
        ),
        Mistake(
            "subtraction-lost",
            "The parameters became the step itself. A step is subtracted: W1 = W1 - learning_rate * dW1.",
            tuple(
                (f"parameters['{n}'] - learning_rate * grads['d{n}']", f"learning_rate * grads['d{n}']") for n in LAYERS
            ),
        ),
        Mistake(
            "biases-forgotten",
            "b1 and b2 stay as they were. They learn just as the weights do.",
            tuple((f"parameters['{n}'] - learning_rate * grads['d{n}']", f"parameters['{n}']") for n in ("b1", "b2")),
        ),
        Mistake(
            "second-layer-forgotten",
            "W2 and b2 stay as they were: update both layers.",
            tuple((f"parameters['{n}'] - learning_rate * grads['d{n}']", f"parameters['{n}']") for n in ("W2", "b2")),
        ),
        Mistake(
            "weights-by-bias-gradients",
            "W1 and W2 were changed by db1 and db2. Their own gradients are dW1 and dW2.",
            (("grads['dW1']", "grads['db1']"), ("grads['dW2']", "grads['db2']")),
        ),
        Mistake(
            "other-rate",
            "It took a fixed rate. Use the argument learning_rate, whatever it is.",
            tuple((f"learning_rate * grads['d{n}']", f"0.01 * grads['d{n}']") for n in LAYERS),
        ),
    ],
)
def _(rng):
    def data(n_x, n_h):
        grads = {f"d{name}": value for name, value in _parameters(rng, n_x, n_h).items()}
        return {"parameters": _parameters(rng, n_x, n_h), "grads": grads}

    return [case(**data(2, 4)), case("", {"learning_rate": 0.3}, **data(3, 2))]


@exercises.add(
    "flower.nn_model",
    outputs=[Output(name, (name,)) for name in LAYERS],
    uses=[
        "layer_sizes",
        "initialize_parameters",
        "forward_propagation",
        "compute_cost",
        "backward_propagation",
        "update_parameters",
    ],
    mistakes=[
        Mistake(
            "never-updated",
            "The parameters are those of the start: keep what update_parameters returns.",
            (("parameters = update_parameters(parameters, grads)", "update_parameters(parameters, grads)"),),
        ),
        Mistake(
            "four-hidden-units-always",
            "It always takes four hidden units. Their number comes in as n_h.",
            (("initialize_parameters(n_x, n_h, n_y)", "initialize_parameters(*layer_sizes(X, Y))"),),
        ),
        Mistake(
            "one-step-short",
            "One step is missing: take num_iterations steps, range(num_iterations).",
            (("range(num_iterations)", "range(num_iterations - 1)"),),
        ),
        Mistake(
            "one-step-only",
            "It learned for one step only. Does the loop initialise the parameters anew each time, or return at once?",
            (("range(num_iterations)", "range(1)"),),
        ),
        Mistake(
            "other-number-of-steps",
            "It ignores num_iterations and takes its own number of steps.",
            (("range(num_iterations)", "range(100)"),),
        ),
        Mistake(
            "examples-for-inputs",
            "The first layer was given one input per example. n_x is the number of rows of X.",
            (("n_x, _, n_y = layer_sizes(X, Y)", "n_x, _, n_y = X.shape[1], 4, Y.shape[0]"),),
        ),
    ],
)
def _(rng):
    def data(n_x, n_h, m, steps):
        X, Y = _examples(rng, n_x, m)
        start = {"initialize_parameters": ([n_x, n_h, 1], _parameters(rng, n_x, n_h))}
        return case("", {"num_iterations": steps}, fixed=start, X=X, Y=Y, n_h=n_h)

    return [data(2, 3, 7, 25), data(3, 5, 6, 8)]


@exercises.add(
    "flower.predict",
    outputs=[Output("predictions", kind="labels")],
    uses=["forward_propagation"],
    mistakes=[
        Mistake(
            "hidden-values",
            "You compared the hidden values A1. The prediction comes from the output A2.",
            (("(A2 > 0.5).astype(int)", "(forward_propagation(X, parameters)[1]['A1'] > 0.5).astype(int)"),),
        ),
        *prediction_mistakes("A2"),
    ],
)
def _(rng):
    def data(n_x, n_h, m):
        # b2 is set so that half of the examples come out as 1.
        parameters, (X, _) = _parameters(rng, n_x, n_h), _examples(rng, n_x, m)
        Z2 = reference.function("flower", "forward_propagation")(X, parameters)[1]["Z2"]
        parameters["b2"] -= np.median(Z2)
        return {"parameters": parameters, "X": X}

    even = _parameters(rng, 2, 3)
    even["W2"], even["b2"] = np.zeros((1, 3)), np.zeros((1, 1))
    return [
        case(**data(2, 4, 8)),
        case(**data(3, 3, 6)),
        case("where A2 is exactly 0.5", parameters=even, X=numbers(rng, 2, 3)),
    ]
