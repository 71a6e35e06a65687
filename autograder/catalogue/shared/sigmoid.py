"""Mistakes about the sigmoid, which several assignments ask for."""

from autograder.exercises.exercise import Mistake


def sigmoid_mistakes(x: str, power: str) -> list[Mistake]:
    """What goes wrong between x and 1 / (1 + exp(-x)).

    The reference has to say `1 / (1 + power)`.

    Parameters
    ----------
    x
        The name of the argument: "x", "z".
    power
        The exponential in the reference: "math.exp(-x)", or "np.exp(-z)", then for arrays.
    """
    whole = f"1 / (1 + {power})"
    return [
        Mistake(
            "sign-lost",
            f"The minus in the exponent is missing: with exp(-{x}), large {x} give values near 1.",
            power,
            power.replace("-", "", 1),
        ),
        Mistake(
            "no-division",
            f"That is 1 + exp(-{x}). Either the division is missing, or brackets are: "
            f"1 / 1 + exp(-{x}) is read as (1 / 1) + exp(-{x}).",
            whole,
            f"1 + {power}",
        ),
        *([math_exp(power)] if power.startswith("np.") else []),
        Mistake("no-one", f"The 1 in the denominator is missing: it is 1 / (1 + exp(-{x})).", whole, f"1 / {power}"),
    ]


def math_exp(power: str) -> Mistake:
    """The mistake of taking math.exp in `power`, "np.exp(...)", where an array comes in."""
    return Mistake(
        "math-exp",
        "math.exp takes one number only. np.exp takes an array and works on each entry.",
        power,
        power.replace("np.exp", "__import__('math').exp", 1),
    )
