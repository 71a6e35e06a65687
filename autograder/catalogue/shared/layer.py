"""Mistakes about one layer of a network, forward and backward.

Forward a layer computes Z from A, `np.dot(W, A) + b`. Backward it has `np.dot(dZ, A.T) / m` and
`np.sum(dZ, axis=1, keepdims=True) / m`. The functions below take the names that a reference gives to these.
"""

from collections.abc import Iterable, Mapping

from autograder.exercises.exercise import Mistake


def bias_left_out(Z: str, W: str, A: str, b: str) -> Mistake:
    """The bias is missing in a layer; the names are those of its variables: "Z1", "W1", "X", "b1"."""
    return Mistake(
        f"{b}-left-out", f"{b} is missing in {Z} = {W} {A} + {b}.", f"np.dot({W}, {A}) + {b}", f"np.dot({W}, {A})"
    )


def swapped_product(W: str, A: str) -> Mistake:
    """Weights and inputs stand in the wrong order."""
    return Mistake(
        "swapped-product",
        f"The product is turned around: the weights stand on the left, np.dot({W}, {A}).",
        f"np.dot({W}, {A})",
        f"np.dot({A}, {W})",
    )


def tanh_slope_mistakes(dZ: str, A: str, Z: str, flowing: str, reach: str) -> list[Mistake]:
    """What goes wrong where an error passes a tanh.

    The reference has to say `flowing * (1 - A ** 2)`.

    Parameters
    ----------
    dZ, A, Z
        The names of the gradient, and of the values after tanh and before it: "dZ1", "A1", "Z1".
    flowing
        The error that arrives, in the reference: "np.dot(W2.T, dZ2)".
    reach
        How the reference could get at Z: "cache['Z1']".
    """
    slope = f"1 - {A} ** 2"
    return [
        Mistake(
            "slope-left-out",
            f"The slope of tanh is missing in {dZ}: multiply by {slope}, entry by entry.",
            f"{flowing} * ({slope})",
            flowing,
        ),
        Mistake("slope-not-squared", f"The slope of tanh is {slope}, with a square.", slope, f"1 - {A}"),
        Mistake(
            "slope-of-sigmoid",
            f"{A} * (1 - {A}) is the slope of the sigmoid. The hidden layer uses tanh: {slope}.",
            slope,
            f"{A} * (1 - {A})",
        ),
        Mistake(
            f"slope-from-{Z.lower()}",
            f"The slope of tanh is {slope}, with the value after tanh, not with {Z}.",
            slope,
            f"1 - {reach} ** 2",
        ),
    ]


def mean_mistakes(layers: Mapping[str, str]) -> list[Mistake]:
    """The mean over the examples is left out in all gradients, in those of the weights, in those of the biases.

    Parameters
    ----------
    layers
        dZ to A, the input of that layer: {"dZ2": "A1", "dZ1": "X"}.
    """
    weights = [(f"np.dot({dZ}, {A}.T) / m", f"np.dot({dZ}, {A}.T)") for dZ, A in layers.items()]
    biases = [(f"{total} / m", total) for total in map(_over_examples, layers)]
    dW, db = (_listed(layers, kind) for kind in ("dW", "db"))
    are, each = ("is", "it") if len(layers) == 1 else ("are", "each")
    too_large = f"{are} m times too large: {each} is a mean over the m examples, so divide by m."
    every = f"{dW} and {db} are" if len(layers) == 1 else "All gradients are"
    return [
        Mistake(
            "no-mean",
            f"{every} m times too large: each is a mean over the m examples, so divide by m.",
            *weights,
            *biases,
        ),
        Mistake("no-mean-in-weights", f"{dW} {too_large}", *weights),
        Mistake("no-mean-in-biases", f"{db} {too_large}", *biases),
    ]


def bias_sum_mistakes(layers: Mapping[str, str]) -> list[Mistake]:
    """The sum of dZ that gives db runs over everything, or loses its axis; `layers` as in `mean_mistakes`."""
    db = _listed(layers, "db")
    if len(layers) == 1:
        sums, columns = f"{db} is the sum over everything", f"it has to stay a column, or b - {db}"
    else:
        sums, columns = f"{db} are sums over everything", "they have to stay columns, or b1 - db1"
    return [
        Mistake(
            "axis-lost",
            f"{sums}. Sum over the examples only, axis=1, keepdims=True.",
            *((_over_examples(dZ), f"np.sum({dZ})") for dZ in layers),
        ),
        Mistake(
            "keepdims-lost",
            f"keepdims=True is missing in {db}: {columns} becomes a square.",
            *((_over_examples(dZ), f"np.sum({dZ}, axis=1)") for dZ in layers),
        ),
    ]


def _over_examples(dZ: str) -> str:
    return f"np.sum({dZ}, axis=1, keepdims=True)"


def _listed(layers: Iterable[str], kind: str) -> str:
    """The gradients of a kind in the order of the layers: "dW1 and dW2"."""
    return " and ".join(sorted(dZ.replace("dZ", kind) for dZ in layers))
