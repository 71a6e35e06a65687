"""Exercises of source/week1/first_neuron.ipynb."""

import numpy as np

from autograder.exercises.draws import both_signs, numbers
from autograder.exercises.exercise import Mistake, case, exercise
from utils.checks.kinds import Array, Number


def relu(rng):
    return [
        case(z=both_signs(rng, 5)),
        case(z=both_signs(rng, 3, 4)),
        case(z=100.0 * both_signs(rng, 4)),
        case(z=np.array([-2, 0, 3])),
        *(case("on one number", z=float(z)) for z in both_signs(rng, 2)),
        case("on three axes", z=100.0 * both_signs(rng, 2, 3, 2)),
    ]


exercise(
    relu,
    outputs=[Array("result")],
    mistakes=[
        Mistake(
            "one-at-a-time",
            "Python's max and if decide about one number; z is a whole array. np.maximum(0, z) decides for each entry.",
            "np.maximum(0, z)",
            "max(0, z)",
        ),
        Mistake(
            "max-for-maximum",
            "np.max looks for the largest entry of one array, and takes 0 for that array. "
            "Comparing two things entry by entry is np.maximum(0, z).",
            "np.maximum(0, z)",
            "np.max(0, z)",
        ),
        Mistake(
            "largest-only",
            "You return the largest entry only. Every entry has its own answer: np.maximum instead of np.max.",
            "np.maximum(0, z)",
            "np.max(z)",
        ),
        Mistake(
            "minimum",
            "You keep the negative numbers and cut off the positive ones. It is the larger of 0 and z.",
            "np.maximum(0, z)",
            "np.minimum(0, z)",
        ),
        Mistake(
            "absolute-value",
            "You turn negative numbers around: -3 becomes 3. ReLU makes them 0.",
            "np.maximum(0, z)",
            "np.abs(z)",
        ),
        Mistake(
            "threshold",
            "You return 1 for a positive number. That is a threshold; ReLU returns the positive number itself.",
            "np.maximum(0, z)",
            "(z > 0) * 1.0",
        ),
        Mistake(
            "unchanged", "Your function returns z as it is. Negative numbers should become 0.", "np.maximum(0, z)", "z"
        ),
        Mistake(
            "negatives-thrown-out",
            "You left the negative entries out, so the result is shorter than z. They stay in place and become 0.",
            "np.maximum(0, z)",
            "z[z > 0]",
        ),
        Mistake(
            "list",
            "You build a list of single numbers. np.maximum(0, z) gives an array, and works for any shape.",
            "np.maximum(0, z)",
            "[max(0, entry) for entry in z]",
        ),
        Mistake(
            "writes-into-z",
            "A single number has no entries to write into, so z[z < 0] = 0 stops there. "
            "np.maximum(0, z) takes arrays and single numbers alike.",
            "a = np.maximum(0, z)",
            "a = z\na[a < 0] = 0",
        ),
    ],
)


def neuron(rng):
    return [
        case(**_inputs(rng, n=3, total=1, turned=0.5)),
        case(**_inputs(rng, n=5, total=-1, turned=0.5)),
        # The products are negative, and only the bias brings z above 0.
        case(**_inputs(rng, n=4, total=-1, turned=1.5)),
        case(x=rng.integers(1, 6, 3), w=np.array([2, -1, 3]), b=int(rng.integers(1, 5))),
    ]


exercise(
    neuron,
    outputs=[Number("a")],
    uses=["relu"],
    mistakes=[
        Mistake(
            "relu-lost",
            "You return the weighted sum z itself. A neuron passes it through ReLU: relu(z).",
            "relu(z)",
            "z",
        ),
        Mistake(
            "bias-lost",
            "The bias is missing: add b to the weighted sum before relu.",
            "np.sum(w * x) + b",
            "np.sum(w * x)",
        ),
        Mistake(
            "bias-after-relu",
            "You add b after relu, so the result can be negative. First the whole sum with b, then relu.",
            ("np.sum(w * x) + b", "np.sum(w * x)"),
            ("relu(z)", "relu(z) + b"),
        ),
        Mistake(
            "bias-for-each-input",
            "You add b once for each input. Close the bracket of np.sum before + b: one neuron has one bias.",
            "np.sum(w * x) + b",
            "np.sum(w * x + b)",
        ),
        Mistake(
            "not-summed",
            "You have the products of weights and inputs, not yet their sum. One number is asked: np.sum(w * x).",
            "np.sum(w * x) + b",
            "w * x + b",
        ),
        Mistake(
            "weights-unused",
            "You add up the inputs without their weights. Multiply first: w * x.",
            "np.sum(w * x) + b",
            "np.sum(x) + b",
        ),
        Mistake(
            "plus-for-times",
            "You add weights and inputs. Each input is multiplied by its weight: w * x.",
            "np.sum(w * x) + b",
            "np.sum(w + x) + b",
        ),
        Mistake(
            "mean-for-sum",
            "You take the mean of the products. A neuron adds them up: np.sum.",
            "np.sum(w * x) + b",
            "np.mean(w * x) + b",
        ),
        Mistake(
            "threshold",
            "You return 1 or 0. That is a perceptron, which thresholds; our neuron returns relu(z).",
            "relu(z)",
            "(z > 0) * 1.0",
        ),
    ],
)


def _inputs(rng, n, total, turned):
    """Inputs whose products add up to 2 to 4 with the sign of `total`; the bias is -`turned` times that sum."""
    x, w = numbers(rng, n), numbers(rng, n)
    x[0], total = 2.0, total * rng.uniform(2.0, 4.0)
    w[0] += ((total - np.sum(w * x)) / x[0]).round(2)
    return {"x": x, "w": w, "b": round(-turned * total, 2)}


def predict_prices(rng):
    def sizes(*first, m):
        return np.concatenate([first, rng.uniform(30.0, 150.0, m - len(first)).round(1)])

    rise, start = round(rng.uniform(2.0, 4.0), 2), round(rng.uniform(60.0, 120.0), 1)
    return [
        case(sizes=sizes(12.5, 140.0, m=6), w=rise, b=-start),
        # A price that falls: sizes may as well be distances from the station.
        case(sizes=sizes(20.0, 165.0, m=4), w=-round(rng.uniform(1.0, 1.5), 2), b=start + 40),
        case(sizes=rng.integers(40, 160, 5), w=3, b=-int(rng.integers(70, 110))),
    ]


exercise(
    predict_prices,
    outputs=[Array("prices")],
    uses=["relu"],
    mistakes=[
        Mistake(
            "negative-prices",
            "Some of your prices are negative. Pass the whole sum through relu at the end.",
            "relu(z)",
            "z",
        ),
        Mistake("bias-lost", "The bias is missing: w * sizes + b.", "w * sizes + b", "w * sizes"),
        Mistake(
            "bias-after-relu",
            "You add b after relu, so a price can be negative. First w * sizes + b, then relu.",
            ("w * sizes + b", "w * sizes"),
            ("relu(z)", "relu(z) + b"),
        ),
        Mistake(
            "bias-inside-bracket",
            "You multiply w with sizes + b. Only the sizes are multiplied; b is added afterwards.",
            "w * sizes + b",
            "w * (sizes + b)",
        ),
        Mistake(
            "knobs-swapped",
            "w and b have changed places: w multiplies the sizes, b is added.",
            "w * sizes + b",
            "b * sizes + w",
        ),
        Mistake(
            "all-houses-in-one",
            "You added all houses up into one number. Each house keeps its own price, so no sum is needed here.",
            "w * sizes + b",
            "np.sum(w * sizes) + b",
        ),
        Mistake(
            "first-house-only",
            "Only the first house gets a price. If you have a loop, `return` stands after it, not inside; "
            "or do without: w * sizes handles all houses.",
            "w * sizes + b",
            "w * sizes[0] + b",
        ),
        Mistake(
            "one-at-a-time",
            "Python's max and if decide about one number; sizes is a whole array. Use your own relu.",
            "relu(z)",
            "max(0, z)",
        ),
    ],
)
