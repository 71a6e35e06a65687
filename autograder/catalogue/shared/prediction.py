"""Mistakes between a probability and a decision, which every classifier's `predict` can make."""

from autograder.exercises.exercise import Mistake


def prediction_mistakes(A: str) -> list[Mistake]:
    """What goes wrong between the activations and the predictions.

    The reference has to say `(A > 0.5).astype(int)`.

    Parameters
    ----------
    A
        The name of the activations in the reference: "A", "A2", "AL".
    """
    decision = f"({A} > 0.5).astype(int)"
    return [
        Mistake(
            "half-counts-as-one",
            "Right, but for a = 0.5 exactly: the prediction is 1 only where a is greater than 0.5.",
            f"{A} > 0.5",
            f"{A} >= 0.5",
        ),
        Mistake(
            "probabilities",
            "You return the probabilities. Asked are the predictions, 1 where a > 0.5 and 0 elsewhere.",
            decision,
            A,
        ),
        Mistake("reversed", "0 and 1 are the wrong way round: 1 where a > 0.5.", f"{A} > 0.5", f"{A} < 0.5"),
        Mistake("rank-1", "Your predictions have one axis only. Keep two: shape (1, m).", decision, f"{decision}[0]"),
    ]
