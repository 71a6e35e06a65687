"""Exercises of source/week4/deep_network.ipynb: networks of any number of layers.

Ordinary cases have three layers and more, since two layers forgive what three don't. Their hidden layers are all of one
size, so that an array in the wrong place mostly gives wrong numbers, which are told; other sizes, one layer and two are
cases of their own.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autograder.catalogue.shared.cost import cost_mistakes
from autograder.catalogue.shared.layer import bias_left_out, bias_sum_mistakes, mean_mistakes, swapped_product
from autograder.catalogue.shared.update import update_mistakes
from autograder.exercises import reference
from autograder.exercises.draws import both_signs, labels, numbers
from autograder.exercises.exercise import Mistake, case, exercise
from utils.checks.kinds import Array, Number, Series, StartDraws, Untouched

GRADIENTS = [Array("dA_prev", (0,)), Array("dW", (1,)), Array("db", (2,))]


def _network(rng, sizes, m):
    """Examples X (n_x, m), and parameters of ReLU layers of these sizes with a sigmoid at the end.

    Each unit is off for a third of the examples, and no weighted sum is near 0 or far from it, so that no mistake can
    hide behind a layer that is off.
    """
    while True:
        A = X = numbers(rng, sizes[0], m)
        parameters: dict[str, NDArray[np.float64]] = {}
        for layer, n in enumerate(sizes[1:], 1):
            units = [_unit(rng, A) for _ in range(n)]
            if None in units:
                break
            W, b = np.array([w for w, _ in units]), np.array([[b] for _, b in units])
            parameters |= {f"W{layer}": W, f"b{layer}": b}
            A = np.maximum(0, np.dot(W, A) + b)
        else:
            return X, parameters


def _unit(rng, A):
    """Weights and bias of one unit; None where none is found."""
    for _ in range(200):
        w = numbers(rng, len(A))
        z = np.sort(np.dot(w, A))
        low, high = z[len(z) // 3 - 1 :][:2]
        b = round(-(low + high) / 2, 2)
        if high - low > 0.3 and z[-1] - z[0] < 4 and abs(b) > 0.1:
            return w, b
    return None


def _layer(rng, n_prev, n, m):
    """A_prev, W, b and Z of one layer, whose units are off for a third of the examples."""
    A_prev, parameters = _network(rng, (n_prev, n), m)
    W, b = parameters.values()
    return A_prev, W, b, np.dot(W, A_prev) + b


def _nonzero(rng, *shape):
    """Numbers between 0.1 and 3 in size, of any sign, whose rows don't add up to 0."""
    while True:
        drawn = rng.uniform(0.1, 3.0, shape).round(2) * rng.choice([-1, 1], shape)
        if np.abs(drawn.sum(axis=1)).min() >= 0.1:
            return drawn


def initialize_parameters_deep(rng):
    # All matrices hold more than a thousand weights, so that the laws of chance can't fail by chance; none is square.
    def sizes(count):
        return [int(size) for size in rng.choice(np.arange(36, 70), count, replace=False)]

    return [
        case(layer_dims=sizes(4)),
        case(layer_dims=sizes(6)),
        case("with one layer", layer_dims=sizes(2)),
        case("with two layers", layer_dims=sizes(3)),
    ]


def _random(new):
    """An edit of how the weights are drawn."""
    return "np.random.randn(n, n_prev) / np.sqrt(n_prev)", new


exercise(
    initialize_parameters_deep,
    outputs=[StartDraws("W#", ("W#",)), Series("b#", ("b#",))],
    mistakes=[
        Mistake(
            "uniform",
            "np.random.rand draws numbers between 0 and 1: all weights are positive. np.random.randn draws around 0.",
            *_random("np.random.rand(n, n_prev) / np.sqrt(n_prev)"),
        ),
        Mistake(
            "zeros",
            "All weights are zero, so all units of a layer start equal and stay equal. Draw them at random.",
            *_random("np.zeros((n, n_prev))"),
        ),
        Mistake(
            "not-small",
            "The weights have size 1: layer after layer the signal grows. Divide by the root of the number of units in "
            "the layer before.",
            *_random("np.random.randn(n, n_prev)"),
        ),
        Mistake(
            "root-left-out",
            "You divided by the number of units in the layer before. Divide by its root: np.sqrt(...).",
            *_random("np.random.randn(n, n_prev) / n_prev"),
        ),
        Mistake(
            "multiplied",
            "You multiplied by the root, which makes the weights larger. Divide by it.",
            *_random("np.random.randn(n, n_prev) * np.sqrt(n_prev)"),
        ),
        Mistake(
            "transposed",
            "The shapes are turned around: W has a row for each unit of its own layer, and a column for each unit of "
            "the layer before.",
            *_random("np.random.randn(n_prev, n) / np.sqrt(n_prev)"),
        ),
        Mistake(
            "one-number-for-all",
            "One random number was copied into a whole matrix. The units have to differ: draw them all.",
            *_random("np.random.randn() * np.ones((n, n_prev))"),
        ),
        Mistake(
            "rank-1-biases",
            "np.zeros(n) has one axis only. The biases are columns: np.zeros((n, 1)).",
            "np.zeros((n, 1))",
            "np.zeros(n)",
        ),
        Mistake(
            "biases-of-the-layer-before",
            "A bias belongs to a unit of its own layer: there are as many as W has rows.",
            "np.zeros((n, 1))",
            "np.zeros((n_prev, 1))",
        ),
        Mistake(
            "last-layer-left-out",
            "The last layer is missing: there are L layers, and range(1, L) stops before the last.",
            "range(1, L + 1)",
            "range(1, L)",
        ),
        Mistake(
            "numbered-from-zero",
            'Layers count from 1: the first weights are called "W1", not "W0".',
            ("parameters[f'W{layer}']", "parameters[f'W{layer - 1}']"),
            ("parameters[f'b{layer}']", "parameters[f'b{layer - 1}']"),
        ),
    ],
)


def linear_forward(rng):
    def data(n_prev, n, m):
        A, W, b, _ = _layer(rng, n_prev, n, m)
        return {"A": A, "W": W, "b": b}

    return [case(**data(4, 3, 5)), case(**data(3, 3, 3)), case("with one unit", **data(4, 1, 3))]


exercise(
    linear_forward,
    outputs=[Array("Z", (0,)), Series("cache[#]", (1, "#"))],
    mistakes=[
        bias_left_out("Z", "W", "A", "b"),
        swapped_product("W", "A"),
        Mistake(
            "elementwise-for-product",
            "W * A multiplies entry by entry. A weighted sum is a matrix product: np.dot(W, A), or W @ A.",
            "np.dot(W, A)",
            "W * A",
        ),
        Mistake(
            "weights-transposed",
            "W needs no transpose: its rows are the units already, so W A has the shape (n, m).",
            "np.dot(W, A)",
            "np.dot(W.T, A)",
        ),
        Mistake(
            "activated",
            "That is ReLU of Z. This is the first half of a layer only: give the weighted sums as they are.",
            "np.dot(W, A) + b",
            "relu(np.dot(W, A) + b)",
        ),
        Mistake(
            "result-in-the-cache",
            "The cache holds Z in the place of A. Keep what came in.",
            "cache = (A, W, b)",
            "cache = (Z, W, b)",
        ),
        Mistake(
            "cache-in-another-order",
            "The cache has another order. Keep A, W, b, since the way back unpacks them so.",
            "cache = (A, W, b)",
            "cache = (W, A, b)",
        ),
        Mistake(
            "bias-not-kept",
            "The cache holds three things: A, W and b.",
            "cache = (A, W, b)",
            "cache = (A, W)",
        ),
    ],
)


def linear_activation_forward(rng):
    def data(n_prev, n, m):
        A_prev, W, b, _ = _layer(rng, n_prev, n, m)
        return {"A_prev": A_prev, "W": W, "b": b}

    return [
        case(**data(3, 4, 6), activation="relu"),
        case(**data(4, 2, 5), activation="sigmoid"),
    ]


exercise(
    linear_activation_forward,
    outputs=[Array("A", (0,)), Array("Z in the cache", (1, 1)), Series("cache[0][#]", (1, 0, "#"))],
    uses=["linear_forward"],
    mistakes=[
        Mistake(
            "activations-swapped",
            'The activations are swapped: relu when activation is "relu", sigmoid when it is "sigmoid".',
            "relu(Z) if activation == 'relu' else sigmoid(Z)",
            "sigmoid(Z) if activation == 'relu' else relu(Z)",
        ),
        Mistake(
            "always-relu",
            "It takes ReLU whatever is asked. Look at the argument activation.",
            "relu(Z) if activation == 'relu' else sigmoid(Z)",
            "relu(Z)",
        ),
        Mistake(
            "always-sigmoid",
            "It takes the sigmoid whatever is asked. Look at the argument activation.",
            "relu(Z) if activation == 'relu' else sigmoid(Z)",
            "sigmoid(Z)",
        ),
        Mistake(
            "no-activation",
            "A is Z itself: the second half of the layer is missing, relu(Z) or sigmoid(Z).",
            "relu(Z) if activation == 'relu' else sigmoid(Z)",
            "Z",
        ),
        Mistake(
            "result-in-the-cache",
            "The cache holds A in the place of Z. The way back through the activation starts from Z.",
            "return A, (linear_cache, Z)",
            "return A, (linear_cache, A)",
        ),
        Mistake(
            "cache-in-another-order",
            "The two parts of the cache are swapped: (linear_cache, Z).",
            "return A, (linear_cache, Z)",
            "return A, (Z, linear_cache)",
        ),
        Mistake(
            "linear-cache-only",
            "The cache is the linear cache only. Z has to be kept, too: (linear_cache, Z).",
            "return A, (linear_cache, Z)",
            "return A, linear_cache",
        ),
        Mistake(
            "z-only",
            "The cache holds Z only. What linear_forward kept is needed, too: (linear_cache, Z).",
            "return A, (linear_cache, Z)",
            "return A, Z",
        ),
    ],
)


# Sizes of the layers and number of examples: three layers and five; and what is special.
ORDINARY = (((3, 3, 3, 1), 8), ((3, 3, 3, 3, 3, 1), 9))
SPECIAL = {
    "with one layer": ((3, 1), 6),
    "with two layers": ((3, 4, 1), 7),
    "with layers of many sizes": ((2, 4, 3, 2, 1), 8),
}


def L_model_forward(rng):
    def data(sizes, m):
        X, parameters = _network(rng, sizes, m)
        return {"X": X, "parameters": parameters}

    return [
        *(case(**data(*shape)) for shape in ORDINARY),
        *(case(about, **data(*shape)) for about, shape in SPECIAL.items()),
    ]


exercise(
    L_model_forward,
    outputs=[Array("AL", (0,)), Series("Z in caches[#]", (1, "#", 1)), Series("caches[#][0][#]", (1, "#", 0, "#"))],
    uses=["linear_forward", "linear_activation_forward"],
    mistakes=[
        Mistake(
            "x-in-every-layer",
            "Every hidden layer was given X. From layer 2 on a layer takes what the one before gave.",
            "A, cache = linear_activation_forward(A, parameters[f'W{layer}'], parameters[f'b{layer}'], 'relu')",
            "A, cache = linear_activation_forward(X, parameters[f'W{layer}'], parameters[f'b{layer}'], 'relu')",
        ),
        Mistake(
            "x-at-the-output",
            "The output layer was given X. It takes what the last hidden layer gave.",
            "linear_activation_forward(A, parameters[f'W{L}'], parameters[f'b{L}'], 'sigmoid')",
            "linear_activation_forward(X, parameters[f'W{L}'], parameters[f'b{L}'], 'sigmoid')",
        ),
        Mistake(
            "sigmoid-in-hidden-layers",
            "Hidden layers use ReLU; the sigmoid belongs to the output only.",
            "'relu'",
            "'sigmoid'",
        ),
        Mistake(
            "relu-at-the-output",
            "The output is a probability: sigmoid, not ReLU.",
            "'sigmoid'",
            "'relu'",
        ),
        Mistake(
            "first-layer-over-and-over",
            "Every hidden layer used the weights of layer 1. Their names go with the layer: W1, W2 and so on.",
            ("parameters[f'W{layer}']", "parameters['W1']"),
            ("parameters[f'b{layer}']", "parameters['b1']"),
        ),
        Mistake(
            "a-hidden-layer-left-out",
            "One hidden layer is missing: they are 1 to L - 1, and range(1, L) stops before L.",
            "range(1, L)",
            "range(1, L - 1)",
        ),
        Mistake(
            "last-cache-missing",
            "The cache of the output layer is missing: caches holds L of them.",
            "caches.append(last)",
            "",
        ),
        Mistake(
            "hidden-caches-missing",
            "The caches of the hidden layers are missing: append one inside the loop, too.",
            "caches.append(cache)",
            "",
        ),
        Mistake(
            "caches-from-the-end",
            "The caches stand in the wrong order: that of layer 1 comes first.",
            ("caches.append(cache)", "caches.insert(0, cache)"),
            ("caches.append(last)", "caches.insert(0, last)"),
        ),
    ],
)


def compute_cost(rng):
    def data(m, dtype=int):
        return {"AL": rng.uniform(0.05, 0.95, (1, m)).round(3), "Y": labels(rng, m).astype(dtype)}

    spare = {"parameters": _network(rng, (2, 3, 1), 4)[1]}
    return [
        case(**data(5), spare=spare),
        case(**data(8), spare=spare),
        case("with labels of type uint8", **data(6, np.uint8), spare=spare),
    ]


exercise(compute_cost, outputs=[Number("cost")], mistakes=cost_mistakes("AL"))


def _gate(rng, n, m):
    """dA and Z (n, m) without zeros: every combination of signs is among them."""
    dA, Z = both_signs(rng, n, m), both_signs(rng, n, m)
    dA.flat[:4], Z.flat[:4] = np.abs(dA.flat[:4]) * [1, 1, -1, -1], np.abs(Z.flat[:4]) * [1, -1, 1, -1]
    places = rng.permutation(n * m)
    return {name: array.ravel()[places].reshape(n, m) for name, array in (("dA", dA), ("cache", Z))}


def relu_backward(rng):
    shut = _gate(rng, 3, 4)
    shut["cache"] *= rng.permutation([0.0, 0.0, 0.0, *[1.0] * 9]).reshape(3, 4)
    return [case(**_gate(rng, 3, 4)), case(**_gate(rng, 2, 5)), case("where Z is exactly 0", **shut)]


exercise(
    relu_backward,
    outputs=[Array("dZ"), Untouched("dA")],
    mistakes=[
        Mistake(
            "gate-looks-at-the-blame",
            "The gate looks at dA. It is Z that says whether a unit was on; dA passes through, whatever its sign.",
            "np.where(Z > 0, dA, 0.0)",
            "np.where(dA > 0, dA, 0.0)",
        ),
        Mistake(
            "relu-of-the-blame",
            "That is ReLU of Z. Where the gate is open, dA passes, not Z.",
            "np.where(Z > 0, dA, 0.0)",
            "np.maximum(0, Z)",
        ),
        Mistake(
            "slope-only",
            "That is the slope of ReLU, 0 or 1. By the chain rule it is multiplied with dA.",
            "np.where(Z > 0, dA, 0.0)",
            "np.where(Z > 0, 1.0, 0.0)",
        ),
        Mistake(
            "times-z",
            "dA was multiplied with ReLU of Z. The slope of ReLU is 1 where Z is positive, however large Z is.",
            "np.where(Z > 0, dA, 0.0)",
            "dA * np.maximum(0, Z)",
        ),
        Mistake(
            "gate-the-wrong-way",
            "The gate works the wrong way round: blame passes where Z is positive.",
            "Z > 0",
            "Z <= 0",
        ),
        Mistake("no-gate", "All blame passes. Where Z isn't positive, none does.", "np.where(Z > 0, dA, 0.0)", "dA"),
        Mistake(
            "open-at-zero",
            "Right, but for Z = 0 exactly: there the gate is shut. Shut it where Z <= 0, not only where Z < 0.",
            "Z > 0",
            "Z >= 0",
        ),
        Mistake(
            "writes-into-the-argument",
            "You wrote zeros into dA itself, which belongs to whoever called. Work on a copy, np.array(dA).",
            "dZ = np.where(Z > 0, dA, 0.0)",
            "dZ = dA\ndZ[Z <= 0] = 0.0",
        ),
    ],
)


def sigmoid_backward(rng):
    return [case(**_gate(rng, 3, 4)), case(**_gate(rng, 1, 5))]


exercise(
    sigmoid_backward,
    outputs=[Array("dZ")],
    mistakes=[
        Mistake(
            "blame-left-out",
            "That is the slope of the sigmoid. By the chain rule it is multiplied with dA.",
            "dA * s * (1 - s)",
            "s * (1 - s)",
        ),
        Mistake(
            "value-for-slope",
            "You multiplied with the value of the sigmoid. Multiply with its slope, s * (1 - s).",
            "dA * s * (1 - s)",
            "dA * s",
        ),
        Mistake(
            "half-a-slope",
            "The slope of the sigmoid is s * (1 - s): one factor is missing.",
            "dA * s * (1 - s)",
            "dA * (1 - s)",
        ),
        Mistake(
            "slope-from-z",
            "Z * (1 - Z) isn't the slope: it is made of the sigmoid's value, s * (1 - s).",
            "s = sigmoid(Z)",
            "s = Z",
        ),
        Mistake(
            "slope-at-the-blame",
            "The slope was taken at dA. It belongs to the place where the sigmoid was computed, Z.",
            "s = sigmoid(Z)",
            "s = sigmoid(dA)",
        ),
        Mistake(
            "slope-of-tanh",
            "1 - s ** 2 is the slope of tanh. That of the sigmoid is s * (1 - s).",
            "dA * s * (1 - s)",
            "dA * (1 - s ** 2)",
        ),
        Mistake(
            "sign-in-the-slope",
            "The slope is s * (1 - s), with a minus.",
            "1 - s",
            "1 + s",
        ),
    ],
)


def linear_backward(rng):
    def data(n_prev, n, m):
        cache = numbers(rng, n_prev, m), numbers(rng, n, n_prev), numbers(rng, n, 1)
        return {"dZ": _nonzero(rng, n, m), "cache": cache}

    return [case(**data(4, 3, 5)), case(**data(3, 3, 3)), case("with one unit", **data(4, 1, 3))]


exercise(
    linear_backward,
    outputs=GRADIENTS,
    mistakes=[
        *mean_mistakes({"dZ": "A_prev"}),
        *bias_sum_mistakes({"dZ": "A_prev"}),
        Mistake(
            "mean-in-da",
            "dA_prev is m times too small. It has a column for each example, so no mean is taken there.",
            "np.dot(W.T, dZ)",
            "np.dot(W.T, dZ) / m",
        ),
        Mistake(
            "weights-not-transposed",
            "In dA_prev the weights are turned around: (n_prev, n) times (n, m), which is np.dot(W.T, dZ).",
            "np.dot(W.T, dZ)",
            "np.dot(W, dZ)",
        ),
        Mistake(
            "input-not-transposed",
            "In dW the input is turned around, so that m vanishes: (n, m) times (m, n_prev), np.dot(dZ, A_prev.T).",
            "np.dot(dZ, A_prev.T)",
            "np.dot(dZ, A_prev)",
        ),
        Mistake(
            "dw-transposed",
            "dW is turned around. It has the shape of W: np.dot(dZ, A_prev.T), not np.dot(A_prev, dZ.T).",
            "np.dot(dZ, A_prev.T)",
            "np.dot(A_prev, dZ.T)",
        ),
        Mistake(
            "dw-for-w",
            "In dA_prev the error flows back through the weights W, not through their gradient dW.",
            "np.dot(W.T, dZ)",
            "np.dot(dW.T, dZ)",
        ),
        Mistake(
            "sum-over-units",
            "db was summed over the units. It has one number for each unit: sum over the examples, axis=1.",
            "np.sum(dZ, axis=1, keepdims=True)",
            "np.sum(dZ, axis=0, keepdims=True)",
        ),
        Mistake(
            "bias-as-float",
            "db is one number for all units. Each has its own: sum over the examples only, axis=1, keepdims=True.",
            "np.sum(dZ, axis=1, keepdims=True) / m",
            "float(np.mean(dZ))",
        ),
    ],
)


def linear_activation_backward(rng):
    def data(n_prev, n, m):
        A_prev, W, b, Z = _layer(rng, n_prev, n, m)
        return {"dA": _nonzero(rng, n, m), "cache": ((A_prev, W, b), Z)}

    return [case(**data(3, 4, 6), activation="relu"), case(**data(4, 2, 5), activation="sigmoid")]


exercise(
    linear_activation_backward,
    outputs=GRADIENTS,
    uses=["relu_backward", "sigmoid_backward", "linear_backward"],
    mistakes=[
        Mistake(
            "activations-swapped",
            'The activations are swapped: relu_backward when activation is "relu", sigmoid_backward otherwise.',
            "relu_backward(dA, Z) if activation == 'relu' else sigmoid_backward(dA, Z)",
            "sigmoid_backward(dA, Z) if activation == 'relu' else relu_backward(dA, Z)",
        ),
        Mistake(
            "always-relu",
            "It goes back through ReLU whatever is asked. Look at the argument activation.",
            "relu_backward(dA, Z) if activation == 'relu' else sigmoid_backward(dA, Z)",
            "relu_backward(dA, Z)",
        ),
        Mistake(
            "always-sigmoid",
            "It goes back through the sigmoid whatever is asked. Look at the argument activation.",
            "relu_backward(dA, Z) if activation == 'relu' else sigmoid_backward(dA, Z)",
            "sigmoid_backward(dA, Z)",
        ),
        Mistake(
            "activation-skipped",
            "The step through the activation is missing: linear_backward takes dZ, not dA.",
            "relu_backward(dA, Z) if activation == 'relu' else sigmoid_backward(dA, Z)",
            "dA",
        ),
        Mistake(
            "sums-skipped",
            "The step through the weighted sums is missing: give dZ and the linear cache to linear_backward.",
            "dA_prev, dW, db = linear_backward(dZ, linear_cache)",
            "dA_prev, dW, db = dZ, None, None",
        ),
        Mistake(
            "caches-swapped",
            "The parts of the cache are swapped: it is (linear_cache, Z), as the way forward packed it.",
            "linear_cache, Z = cache",
            "Z, linear_cache = cache",
        ),
        Mistake(
            "a-for-z",
            "The activation's way back was given A_prev, what the layer took in. It starts from Z, the second part of "
            "the cache.",
            "linear_cache, Z = cache",
            "linear_cache, Z = cache[0], cache[0][0]",
        ),
    ],
)


def L_model_backward(rng):
    forward, backward = (reference.function("deep_network", f"L_model_{way}") for way in ("forward", "backward"))

    def reaches_every_unit(X, parameters, Y):
        """Whether examples of either class by themselves teach every unit something."""
        halves = [(X[:, Y[0] == label], Y[:, Y[0] == label]) for label in (0, 1)]
        ways = [(forward(X, parameters), Y) for X, Y in halves]
        grads = [grad for (AL, caches), Y in ways for grad in backward(AL, Y, caches).values()]
        return all(np.abs(grad).max(axis=1).min() > 0.005 for grad in grads)

    def data(sizes, m, dtype=int):
        while True:
            (X, parameters), Y = _network(rng, sizes, m), labels(rng, m)
            if reaches_every_unit(X, parameters, Y):
                AL, caches = forward(X, parameters)
                return {"AL": AL, "Y": Y.astype(dtype), "caches": caches}

    return [
        *(case(**data(*shape)) for shape in ORDINARY),
        *(case(about, **data(*shape)) for about, shape in SPECIAL.items()),
        case("with labels of type uint8", **data((3, 3, 3, 1), 7, np.uint8)),
    ]


exercise(
    L_model_backward,
    outputs=[Series("dW#", ("dW#",)), Series("db#", ("db#",))],
    uses=["relu_backward", "sigmoid_backward", "linear_backward", "linear_activation_backward"],
    mistakes=[
        Mistake(
            "reversed",
            "All gradients have the wrong sign: dAL begins with a minus, -(Y / AL - (1 - Y) / (1 - AL)).",
            "-(Y / AL - (1 - Y) / (1 - AL))",
            "Y / AL - (1 - Y) / (1 - AL)",
        ),
        Mistake(
            "bracket-lost",
            "In dAL the minus belongs to both terms: -(Y / AL - (1 - Y) / (1 - AL)). Is a bracket missing?",
            "-(Y / AL - (1 - Y) / (1 - AL))",
            "-1.0 * (Y / AL) - (1 - Y) / (1 - AL)",
        ),
        Mistake(
            "second-term-lost",
            "In dAL the second term is missing: examples with y = 0 give 1 / (1 - a).",
            "-(Y / AL - (1 - Y) / (1 - AL))",
            "-1.0 * (Y / AL)",
        ),
        Mistake(
            "slope-taken-twice",
            "AL - Y is dZ of the output already. Give it to linear_backward, or begin with dAL.",
            "-(Y / AL - (1 - Y) / (1 - AL))",
            "AL - Y",
        ),
        Mistake(
            "the-last-da-for-all",
            "Every hidden layer was given the dA that came from the output. That is right for two layers only: each "
            "takes the one that the layer above it gave back.",
            "dA, grads[f'dW{layer}'], grads[f'db{layer}'] = linear_activation_backward(dA, caches[layer - 1], 'relu')",
            "_, grads[f'dW{layer}'], grads[f'db{layer}'] = linear_activation_backward(dA, caches[layer - 1], 'relu')",
        ),
        Mistake(
            "dal-for-all",
            "Every layer was given dAL. Only the output takes it; each layer below takes what the one above gave back.",
            "linear_activation_backward(dA, caches[layer - 1], 'relu')",
            "linear_activation_backward(dAL, caches[layer - 1], 'relu')",
        ),
        Mistake(
            "sigmoid-in-hidden-layers",
            "Hidden layers go back through ReLU; the sigmoid belongs to the output only.",
            "'relu'",
            "'sigmoid'",
        ),
        Mistake(
            "relu-at-the-output",
            "The output layer is a sigmoid, so the way back begins through the sigmoid.",
            "'sigmoid'",
            "'relu'",
        ),
        Mistake(
            "upwards",
            "The hidden layers come in the wrong order: on the way back they go from L - 1 down to 1.",
            "range(L - 1, 0, -1)",
            "range(1, L)",
        ),
        Mistake(
            "first-layer-left-out",
            "Layer 1 is missing: range(L - 1, 0, -1) goes down to 1, since a range stops before its end.",
            "range(L - 1, 0, -1)",
            "range(L - 1, 1, -1)",
        ),
        Mistake(
            "caches-off-by-one",
            "The caches are one off: lists count from 0, so the cache of a layer is caches[layer - 1].",
            "caches[layer - 1]",
            "caches[layer]",
        ),
        Mistake(
            "numbered-from-zero",
            'Layers count from 1: the gradients of the first are called "dW1" and "db1".',
            ("grads[f'dW{layer}']", "grads[f'dW{layer - 1}']"),
            ("grads[f'db{layer}']", "grads[f'db{layer - 1}']"),
            ("grads[f'dW{L}']", "grads[f'dW{L - 1}']"),
            ("grads[f'db{L}']", "grads[f'db{L - 1}']"),
        ),
        Mistake(
            "labels-wrap-around",
            "Right, until the labels are of type uint8, as labels in files often are: -Y is then 255, not -1. Put the "
            "minus before the bracket.",
            "-(Y / AL - (1 - Y) / (1 - AL))",
            "-Y / AL + (1 - Y) / (1 - AL)",
        ),
    ],
)


def update_parameters(rng):
    def data(sizes):
        shapes = {f"W{layer}": (n, n_prev) for layer, (n_prev, n) in enumerate(pairwise(sizes), 1)}
        shapes |= {f"b{layer}": (n, 1) for layer, n in enumerate(sizes[1:], 1)}
        params, grads = ({name: _nonzero(rng, *shape) for name, shape in shapes.items()} for _ in range(2))
        return {"params": params, "grads": {f"d{name}": grad for name, grad in grads.items()}}

    rates = rng.permutation([0.7, 0.3, 0.2, 0.05]).tolist()
    return [
        case(**data((3, 4, 2, 1)), learning_rate=rates[0]),
        case(**data((2, 3, 3, 2, 1)), learning_rate=rates[1]),
        case("with one layer", **data((3, 1)), learning_rate=rates[2]),
        case("with two layers", **data((2, 3, 1)), learning_rate=rates[3]),
    ]


STEPS = {f"params[f'{kind}{{layer}}']": f"grads[f'd{kind}{{layer}}']" for kind in "Wb"}

exercise(
    update_parameters,
    outputs=[Series("W#", ("W#",)), Series("b#", ("b#",))],
    mistakes=[
        *update_mistakes("The parameters", "W1 = W1 - learning_rate * dW1", STEPS),
        Mistake(
            "biases-forgotten",
            "The biases stay as they were. They learn just as the weights do.",
            "params[f'b{layer}'] - learning_rate * grads[f'db{layer}']",
            "params[f'b{layer}']",
        ),
        Mistake(
            "weights-forgotten",
            "The weights stay as they were: each layer has a W and a b to update.",
            "params[f'W{layer}'] - learning_rate * grads[f'dW{layer}']",
            "params[f'W{layer}']",
        ),
        Mistake(
            "last-layer-forgotten",
            "The last layer stays as it was: range(1, L) stops before it. Go up to L.",
            "range(1, L + 1)",
            "range(1, L)",
        ),
        Mistake(
            "last-layer-missing",
            "The last layer is missing in what you return: range(1, L) stops before it. Go up to L.",
            ("range(1, L + 1)", "range(1, L)"),
            ("dict(params)", "{}"),
        ),
        Mistake(
            "weights-by-bias-gradients",
            'The weights were changed by the gradients of the biases. The gradient of "W1" is "dW1".',
            "grads[f'dW{layer}']",
            "grads[f'db{layer}']",
        ),
        Mistake(
            "other-rate",
            "It took a fixed rate. Use the argument learning_rate, whatever it is.",
            *((f"learning_rate * {gradient}", f"0.01 * {gradient}") for gradient in STEPS.values()),
        ),
    ],
)


def linear_output_backward(rng):
    def data(n_prev, m):
        A_prev, W, b, Z = _layer(rng, n_prev, 1, m)
        return {"AL": Z, "Y": Z + _nonzero(rng, 1, m), "cache": (A_prev, W, b)}

    return [case(**data(3, 5)), case(**data(2, 6))]


exercise(
    linear_output_backward,
    outputs=GRADIENTS,
    uses=["linear_backward"],
    mistakes=[
        Mistake(
            "two-left-out",
            "Everything is half as large as it should be: the slope of u squared is 2u.",
            "2 * (AL - Y)",
            "AL - Y",
        ),
        Mistake("reversed", "All gradients have the wrong sign: the error is AL - Y, not Y - AL.", "AL - Y", "Y - AL"),
        Mistake(
            "sigmoid-at-the-output",
            "The slope of a sigmoid came in. This output has no activation: its slope is 1.",
            "2 * (AL - Y)",
            "sigmoid_backward(2 * (AL - Y), AL)",
        ),
        Mistake(
            "slope-of-the-sigmoids-value",
            "AL * (1 - AL) is the slope of a sigmoid. This output has no activation: its slope is 1.",
            "2 * (AL - Y)",
            "2 * (AL - Y) * AL * (1 - AL)",
        ),
        Mistake(
            "relu-at-the-output",
            "A gate of ReLU stops the blame. This output has no activation: its slope is 1 everywhere.",
            "2 * (AL - Y)",
            "relu_backward(2 * (AL - Y), AL)",
        ),
        Mistake(
            "mean-taken-twice",
            "dW and db are m times too small: linear_backward takes the mean already.",
            "2 * (AL - Y)",
            "2 * (AL - Y) / AL.shape[1]",
        ),
        Mistake(
            "loss-for-slope",
            "That is the loss, the squared error itself. On the way back its slope is asked: 2 * (AL - Y).",
            "2 * (AL - Y)",
            "(AL - Y) ** 2",
        ),
        Mistake(
            "cross-entropy",
            "That is the slope of the cross-entropy. The loss here is the squared error, whose slope is 2 * (AL - Y).",
            "2 * (AL - Y)",
            "-(Y / AL - (1 - Y) / (1 - AL))",
        ),
    ],
)
