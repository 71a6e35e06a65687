"""Mistakes about results with fractions that go into an array of whole numbers."""

from autograder.exercises.exercise import Mistake


def cut_to_whole_numbers(z: str, result: str) -> Mistake:
    """The result is written into an array like the argument.

    Parameters
    ----------
    z, result
        The names of the argument and of what the reference returns.
    """
    return Mistake(
        "whole-numbers",
        f"Right, until {z} holds whole numbers: an array made like it, by np.zeros_like or .copy(), then holds whole "
        f"numbers only and cuts off the rest. np.zeros({z}.shape) doesn't.",
        f"return {result}",
        f"kept = np.zeros_like({z})\nkept[...] = {result}\nreturn kept",
    )


def divided_in_place(z: str, old: str, new: str) -> Mistake:
    """The argument itself is divided, which stops where it holds whole numbers: `old` and `new` are the edit."""
    return Mistake(
        "whole-numbers-in-place",
        f"Right, until {z} holds whole numbers: they can't become fractions where they stand, so /= stops. "
        f"{z} / ... makes a new array.",
        old,
        new,
    )
