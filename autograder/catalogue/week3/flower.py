"""Exercises of source/week3/flower.ipynb: a network with one hidden layer."""

import numpy as np

from autograder.catalogue.shared.cost import cost_mistakes
from autograder.catalogue.shared.layer import (
    bias_left_out,
    bias_sum_mistakes,
    mean_mistakes,
    swapped_product,
    tanh_slope_mistakes,
)
from autograder.catalogue.shared.prediction import prediction_mistakes
from autograder.catalogue.shared.update import ONE_STEP_SHORT, update_mistakes
from autograder.exercises import reference
from autograder.exercises.draws import labels, numbers
from autograder.exercises.exercise import Mistake, case, exercise
from utils.checks.kinds import Array, Default, Entry, Labels, Number, RandomDraw

LAYERS = ("W1", "b1", "W2", "b2")
# What each layer's gradients are made of, and what each parameter is updated with.
INPUTS = {"dZ2": "A1", "dZ1": "X"}
GRADIENTS = {f"parameters['{name}']": f"grads['d{name}']" for name in LAYERS}


def _parameters(rng, n_x, n_h, n_y=1):
    """Weights and biases that reach well into the bends of tanh."""
    shapes = {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}
    return {name: numbers(rng, *shape, scale=0.8) for name, shape in shapes.items()}


def _examples(rng, n_x, m):
    """X (n_x, m) and labels Y (1, m) of both classes."""
    Y = labels(rng, m)
    return numbers(rng, n_x, m), Y


def layer_sizes(rng):
    # None of them is 4, and no two are alike.
    sizes = rng.choice(np.arange(5, 25), (3, 3), replace=False)
    sizes[2, 1] = 1
    return [case(X=numbers(rng, n, m), Y=rng.integers(0, 2, (k, m))) for n, k, m in sizes]


exercise(
    layer_sizes,
    outputs=[Entry("n_x", (0,)), Entry("n_h", (1,)), Entry("n_y", (2,))],
    mistakes=[
        Mistake(
            "examples-for-inputs",
            "You took the number of examples for n_x. Examples are columns; inputs are the rows of X: X.shape[0].",
            "X.shape[0]",
            "X.shape[1]",
        ),
        Mistake(
            "examples-for-outputs",
            "You took the number of examples for n_y. Outputs are the rows of Y: Y.shape[0].",
            "Y.shape[0]",
            "Y.shape[1]",
        ),
        Mistake(
            "hidden-as-inputs",
            "The hidden layer's size is our choice, not the data's: n_h = 4.",
            "n_h = 4",
            "n_h = X.shape[0]",
        ),
        Mistake(
            "hidden-left-out",
            "Three sizes are asked, in the order of the layers: n_x, n_h, n_y.",
            "return n_x, n_h, n_y",
            "return n_x, n_y",
        ),
    ],
)


def initialize_parameters(rng):
    # Enough weights that the laws of chance can't fail by chance: some hundreds for their size, and in the second case,
    # where both matrices have more than a thousand, for their distribution.
    return [
        case(n_x=int(rng.integers(25, 31)), n_h=int(rng.integers(19, 24)), n_y=int(rng.integers(12, 18))),
        case(n_x=int(rng.integers(56, 64)), n_h=int(rng.integers(38, 45)), n_y=int(rng.integers(28, 35))),
    ]


exercise(
    initialize_parameters,
    outputs=[(RandomDraw if name[0] == "W" else Array)(name, (name,)) for name in LAYERS],
    mistakes=[
        Mistake(
            "uniform",
            "np.random.rand draws numbers between 0 and 1: all weights are positive. np.random.randn draws around 0.",
            ("np.random.randn(n_h, n_x)", "np.random.rand(n_h, n_x)"),
            ("np.random.randn(n_y, n_h)", "np.random.rand(n_y, n_h)"),
        ),
        Mistake(
            "zeros",
            "All weights are zero, so all hidden units start equal and stay equal. Draw them at random.",
            ("np.random.randn(n_h, n_x)", "np.zeros((n_h, n_x))"),
            ("np.random.randn(n_y, n_h)", "np.zeros((n_y, n_h))"),
        ),
        Mistake(
            "not-small",
            "The factor 0.01 is missing: large weights push tanh into its flat parts, where it learns slowly.",
            ("np.random.randn(n_h, n_x) * 0.01", "np.random.randn(n_h, n_x)"),
            ("np.random.randn(n_y, n_h) * 0.01", "np.random.randn(n_y, n_h)"),
        ),
        Mistake(
            "transposed",
            "The shapes are turned around: W1 has one row for each hidden unit, (n_h, n_x), and W2 is (n_y, n_h).",
            ("np.random.randn(n_h, n_x)", "np.random.randn(n_x, n_h)"),
            ("np.random.randn(n_y, n_h)", "np.random.randn(n_h, n_y)"),
        ),
        Mistake(
            "one-number-for-all",
            "One random number was copied into all weights. The units have to differ: draw a whole matrix.",
            ("np.random.randn(n_h, n_x)", "np.random.randn() * np.ones((n_h, n_x))"),
            ("np.random.randn(n_y, n_h)", "np.random.randn() * np.ones((n_y, n_h))"),
        ),
        Mistake(
            "rank-1-biases",
            "np.zeros(n_h) has one axis only. The biases are columns: np.zeros((n_h, 1)).",
            ("np.zeros((n_h, 1))", "np.zeros(n_h)"),
            ("np.zeros((n_y, 1))", "np.zeros(n_y)"),
        ),
    ],
)


def forward_propagation(rng):
    return [
        case(X=_examples(rng, 3, 5)[0], parameters=_parameters(rng, 3, 4)),
        case(X=_examples(rng, 2, 6)[0], parameters=_parameters(rng, 2, 3)),
    ]


exercise(
    forward_propagation,
    outputs=[Array("A2", (0,)), *(Array(name, (1, name)) for name in ("Z1", "A1", "Z2", "A2"))],
    mistakes=[
        Mistake(
            "sigmoid-in-the-hidden-layer",
            "The hidden layer uses tanh here, not the sigmoid.",
            "np.tanh(Z1)",
            "sigmoid(Z1)",
        ),
        Mistake("tanh-at-the-output", "The output is a probability: sigmoid, not tanh.", "sigmoid(Z2)", "np.tanh(Z2)"),
        Mistake(
            "no-activation-in-the-hidden-layer",
            "The hidden layer has no activation: A1 = tanh(Z1). Without it the network is logistic regression again.",
            "np.tanh(Z1)",
            "Z1",
        ),
        Mistake("no-sigmoid", "The sigmoid of the output is missing: A2 = sigmoid(Z2).", "sigmoid(Z2)", "Z2"),
        bias_left_out("Z1", "W1", "X", "b1"),
        bias_left_out("Z2", "W2", "A1", "b2"),
        Mistake(
            "x-in-the-second-layer",
            "The second layer takes what the first one gives: Z2 = W2 A1 + b2, not W2 X + b2.",
            "np.dot(W2, A1)",
            "np.dot(W2, X)",
        ),
        Mistake(
            "z-in-the-second-layer",
            "The second layer takes A1, the values after tanh, not Z1.",
            "np.dot(W2, A1)",
            "np.dot(W2, Z1)",
        ),
        swapped_product("W1", "X"),
        Mistake(
            "a1-cached-as-z1",
            "The cache holds A1 under the name Z1. Keep both: backward propagation may need either.",
            "{'Z1': Z1, 'A1': A1, 'Z2': Z2, 'A2': A2}",
            "{'Z1': A1, 'A1': A1, 'Z2': Z2, 'A2': A2}",
        ),
    ],
)


def compute_cost(rng):
    def data(m, dtype=int):
        return {"A2": rng.uniform(0.05, 0.95, (1, m)).round(3), "Y": _examples(rng, 1, m)[1].astype(dtype)}

    spare = {"parameters": _parameters(rng, 2, 3)}
    return [
        case(**data(5), spare=spare),
        case(**data(8), spare=spare),
        case("with labels of type uint8", **data(6, np.uint8), spare=spare),
    ]


exercise(compute_cost, outputs=[Number("cost")], mistakes=cost_mistakes("A2"))


def backward_propagation(rng):
    forward = reference.function("flower", "forward_propagation")

    def data(n_x, n_h, m, dtype=int):
        parameters, (X, Y) = _parameters(rng, n_x, n_h), _examples(rng, n_x, m)
        return {"parameters": parameters, "cache": forward(X, parameters)[1], "X": X, "Y": Y.astype(dtype)}

    return [case(**data(3, 4, 6)), case(**data(2, 3, 5)), case("with labels of type uint8", **data(2, 4, 7, np.uint8))]


exercise(
    backward_propagation,
    outputs=[Array(f"d{name}", (f"d{name}",)) for name in LAYERS],
    mistakes=[
        *tanh_slope_mistakes("dZ1", "A1", "Z1", flowing="np.dot(W2.T, dZ2)", reach="cache['Z1']"),
        Mistake(
            "dw2-for-w2",
            "In dZ1 the error flows back through the weights W2, not through their gradient dW2.",
            "np.dot(W2.T, dZ2)",
            "np.dot(dW2.T, dZ2)",
        ),
        *mean_mistakes(INPUTS),
        Mistake(
            "divided-twice",
            "dW1 and db1 are m times too small: the mean over the examples was taken twice, in dZ1 and again after it.",
            "np.dot(W2.T, dZ2) * (1 - A1 ** 2)",
            "np.dot(W2.T, dZ2) * (1 - A1 ** 2) / m",
        ),
        *bias_sum_mistakes(INPUTS),
        Mistake("reversed", "All gradients have the wrong sign: dZ2 is A2 - Y, not Y - A2.", "A2 - Y", "Y - A2"),
        Mistake(
            "a1-for-x",
            "dW1 belongs to the first layer, whose input is X: dW1 = (1/m) dZ1 X.T.",
            "np.dot(dZ1, X.T)",
            "np.dot(dZ1, A1.T)",
        ),
        Mistake(
            "x-for-a1",
            "dW2 belongs to the second layer, whose input is A1: dW2 = (1/m) dZ2 A1.T.",
            "np.dot(dZ2, A1.T)",
            "np.dot(dZ2, X.T)",
        ),
        Mistake(
            "product-for-elementwise",
            "In dZ1 the slope is multiplied entry by entry, with *, not as a matrix product.",
            "np.dot(W2.T, dZ2) * (1 - A1 ** 2)",
            "np.dot(np.dot(W2.T, dZ2), 1 - A1 ** 2)",
        ),
    ],
)


def update_parameters(rng):
    def data(n_x, n_h):
        grads = {f"d{name}": value for name, value in _parameters(rng, n_x, n_h).items()}
        return {"parameters": _parameters(rng, n_x, n_h), "grads": grads}

    return [
        case(**data(2, 4), learning_rate=0.7),
        case(**data(3, 2), learning_rate=0.3),
        case("with the default settings", **data(4, 3)),
    ]


exercise(
    update_parameters,
    outputs=[Array(name, (name,)) for name in LAYERS],
    mistakes=[
        *update_mistakes("The parameters", "W1 = W1 - learning_rate * dW1", GRADIENTS),
        Mistake(
            "biases-forgotten",
            "b1 and b2 stay as they were. They learn just as the weights do.",
            *((f"parameters['{n}'] - learning_rate * grads['d{n}']", f"parameters['{n}']") for n in ("b1", "b2")),
        ),
        Mistake(
            "second-layer-forgotten",
            "W2 and b2 stay as they were: update both layers.",
            *((f"parameters['{n}'] - learning_rate * grads['d{n}']", f"parameters['{n}']") for n in ("W2", "b2")),
        ),
        Mistake(
            "weights-by-bias-gradients",
            "W1 and W2 were changed by db1 and db2. Their own gradients are dW1 and dW2.",
            ("grads['dW1']", "grads['db1']"),
            ("grads['dW2']", "grads['db2']"),
        ),
        Mistake(
            "other-rate",
            "It took a fixed rate. Use the argument learning_rate, whatever it is.",
            *((f"learning_rate * {gradient}", f"0.01 * {gradient}") for gradient in GRADIENTS.values()),
        ),
    ],
)


def nn_model(rng):
    def data(n_x, n_h, m):
        X, Y = _examples(rng, n_x, m)
        sizes = {"n_x": n_x, "n_h": n_h, "n_y": 1}
        start = {"initialize_parameters": (sizes, _parameters(rng, n_x, n_h))}
        return {"X": X, "Y": Y, "n_h": n_h, "fixed": start}

    silent = {"print_cost": False}  # for people whose function can't do without it
    return [
        case(**data(2, 3, 7), num_iterations=25, spare=silent),
        case(**data(3, 5, 6), num_iterations=8, spare=silent),
        case("with print_cost=True", **data(2, 4, 5), num_iterations=3, print_cost=True),
    ]


exercise(
    nn_model,
    # Its 10,000 steps aren't tried: with helpers of ours in the place of wrong ones, each step crosses into another
    # process four times, and the time would run out.
    outputs=[*(Array(name, (name,)) for name in LAYERS), Default("num_iterations")],
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
            "parameters = update_parameters(parameters, grads)",
            "update_parameters(parameters, grads)",
        ),
        Mistake(
            "four-hidden-units-always",
            "It always takes four hidden units. Their number comes in as n_h.",
            "initialize_parameters(n_x, n_h, n_y)",
            "initialize_parameters(*layer_sizes(X, Y))",
        ),
        ONE_STEP_SHORT,
        Mistake(
            "one-step-only",
            "It learned for one step only. Does the loop initialise the parameters anew each time, or return at once?",
            "range(num_iterations)",
            "range(1)",
        ),
        Mistake(
            "other-number-of-steps",
            "It ignores num_iterations and takes its own number of steps.",
            "range(num_iterations)",
            "range(100)",
        ),
        Mistake(
            "other-default",
            "Right, as long as num_iterations is given. Where it isn't, 10,000 steps are asked: leave the first line "
            "as it came, with num_iterations=10000.",
            "10000",
            "1000",
        ),
        Mistake(
            "cost-never-computed",
            "Right, until print_cost is True: there is no cost to print. Compute it with compute_cost in each step.",
            "cost = compute_cost(A2, Y)",
            "",
        ),
        Mistake(
            "examples-for-inputs",
            "The first layer was given one input per example. n_x is the number of rows of X.",
            "n_x, _, n_y = layer_sizes(X, Y)",
            "n_x, _, n_y = X.shape[1], 4, Y.shape[0]",
        ),
    ],
)


def predict(rng):
    forward = reference.function("flower", "forward_propagation")

    def data(n_x, n_h, m, z):
        # b2 is set so that half of the examples come out as 1, and Z2 is z for the one in the middle.
        parameters, X = _parameters(rng, n_x, n_h), numbers(rng, n_x, m)
        Z2 = forward(X, parameters)[1]["Z2"]
        parameters["b2"] += z - np.sort(Z2)[0, m // 2]
        return {"parameters": parameters, "X": X}

    # All weights are positive, and there are no biases: A2 is 0.5 where X is 0, and more where X is positive.
    even = {name: np.abs(value) + 0.2 for name, value in _parameters(rng, 2, 3).items()}
    even["b1"], even["b2"] = np.zeros((3, 1)), np.zeros((1, 1))
    sides = rng.permutation([-1, 0, 1] * 3) * (np.abs(numbers(rng, 2, 9)) + 1.0)
    return [
        # A threshold beside 0.5 changes one of these.
        case(**data(2, 4, 9, z=0.02)),
        case(**data(3, 3, 7, z=-0.02)),
        case(**data(2, 3, 7, z=0.2)),
        case(**data(3, 4, 5, z=-0.2)),
        case("where A2 is exactly 0.5", parameters=even, X=sides),
    ]


exercise(
    predict,
    outputs=[Labels("predictions")],
    uses=["forward_propagation"],
    mistakes=[
        Mistake(
            "hidden-values",
            "You compared the hidden values A1. The prediction comes from the output A2.",
            "(A2 > 0.5).astype(int)",
            "(forward_propagation(X, parameters)[1]['A1'] > 0.5).astype(int)",
        ),
        *prediction_mistakes("A2"),
    ],
)
