"""Mistakes about the cross-entropy cost, which several assignments ask for."""

from autograder.exercises.exercise import Mistake


def cost_mistakes(A: str) -> list[Mistake]:
    """What goes wrong between the activations and the cost.

    The reference has to say `losses = -(Y * np.log(A) + (1 - Y) * np.log(1 - A))` and then `np.sum(losses) / m`.

    Parameters
    ----------
    A
        The name of the activations in the reference: "A", "A2", "AL".
    """
    likelihood = f"Y * np.log({A}) + (1 - Y) * np.log(1 - {A})"
    return [
        Mistake(
            "no-mean-in-cost",
            "The cost is m times too large: it is the mean of the losses, so divide their sum by m.",
            "np.sum(losses) / m",
            "np.sum(losses)",
        ),
        Mistake(
            "cost-negative",
            "The cost has the wrong sign. Logarithms of numbers below 1 are negative, so a minus in front makes it "
            "positive.",
            f"-({likelihood})",
            likelihood,
        ),
        Mistake(
            "sign-of-second-term",
            "The second term of the loss has the wrong sign: y log(a) PLUS (1 - y) log(1 - a), one minus before both.",
            likelihood,
            f"Y * np.log({A}) - (1 - Y) * np.log(1 - {A})",
        ),
        Mistake(
            "second-term-lost",
            "The second term of the loss is missing: examples with y = 0 cost -log(1 - a).",
            likelihood,
            f"Y * np.log({A})",
        ),
        Mistake(
            "labels-swapped-in-cost",
            "The logarithms are swapped: y goes with log(a), and 1 - y with log(1 - a).",
            likelihood,
            f"Y * np.log(1 - {A}) + (1 - Y) * np.log({A})",
        ),
        Mistake(
            "table-of-losses",
            "A transposed row beside a row makes a table of m times m numbers, and you summed them all. "
            "Y and log(A) both have shape (1, m): multiply them as they are.",
            likelihood,
            f"Y * np.log({A}).T + (1 - Y) * np.log(1 - {A}).T",
        ),
        Mistake(
            "cost-not-summed",
            "The cost still holds m numbers: add up the losses of all examples.",
            "np.sum(losses) / m",
            "losses / m",
        ),
        Mistake(
            "other-logarithm",
            "The logarithm here is the natural one, np.log, not np.log10.",
            likelihood,
            f"Y * np.log10({A}) + (1 - Y) * np.log10(1 - {A})",
        ),
        Mistake(
            "labels-wrap-around",
            "Right, until the labels are of type uint8, as labels in files often are: -Y is then 255, not -1. Put the "
            "minus before the whole sum.",
            f"-({likelihood})",
            f"-Y * np.log({A}) - (1 - Y) * np.log(1 - {A})",
        ),
    ]
