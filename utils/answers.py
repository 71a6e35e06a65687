"""What counts as a right answer to a lesson's question, what is said to it, and how answers are counted.

Only values and words: no widget, no notebook.
"""

import math
import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

_LONGEST = 40  # characters; longer is no number that somebody meant
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_FRACTION = re.compile(rf"({_NUMBER})(?:/({_NUMBER}))?", flags=re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """A question that a lesson asks.

    Attributes
    ----------
    name : str
        What it asks for, in a few words: "price of the hut".
    text : str
        The question itself.
    options : tuple of str
        What one can choose; empty when a number is asked for.
    unit : str
        What the number counts: "thousand".
    within : float
        How far off a number may be and still count, as a share of the measured one; 0.25 is a quarter.
    arithmetic : bool
        True when one works the answer out; otherwise it is a prediction.
    """

    name: str
    text: str
    options: tuple = ()
    unit: str = ""
    within: float = 0.0
    arithmetic: bool = False


class Answer(NamedTuple):
    """What somebody answered, what was measured, whether they agree, and whether it was worked out or predicted."""

    given: object
    measured: object
    right: bool
    arithmetic: bool = False


def read_number(text, unit=""):
    """The number that somebody typed, or None when it can't be read as one number, without a doubt.

    Parameters
    ----------
    text : str
        "0.5", "-30", "1/4", "2e-3", with or without the unit. A comma is a doubt: "1,250" is read in two ways.
    unit : str

    Returns
    -------
    float or None
    """
    text = text.strip().replace("−", "-")
    if unit and text.casefold().endswith(unit.casefold()):
        text = text[: -len(unit)]
    text = text.strip()
    match = len(text) <= _LONGEST and _FRACTION.fullmatch(re.sub(r"\s*/\s*", "/", text))
    if not match:
        return None
    above, below = (float(part or 1) for part in match.groups())
    number = above / below if below else math.inf
    return number if math.isfinite(number) else None


def is_right(given, measured, within=0.0):
    """True when an answer agrees with what was measured: numbers within a share of it, anything else when equal."""
    if isinstance(measured, str):
        return str(given).strip().casefold() == measured.strip().casefold()
    if isinstance(measured, tuple | list):
        return [str(g).strip() for g in np.ravel(given)] == [str(m).strip() for m in np.ravel(measured)]
    try:
        given, measured = float(given), float(measured)
    except (TypeError, ValueError):
        return False
    return bool(abs(given - measured) <= max(within, 1e-9) * abs(measured) + 1e-12)  # never stricter than rounding


def judge(question, given, measured):
    """Hold an answer against what was measured.

    Parameters
    ----------
    question : Question
    given : str or float
        One of the options, or a number.
    measured : str or float

    Returns
    -------
    answer : Answer
    verdict : str
        One sentence, without a mark.
    """
    answer = Answer(given, measured, is_right(given, measured, question.within), question.arithmetic)
    unit = f" {question.unit}" if question.unit and not isinstance(measured, str) else ""
    said, found = words(given) + unit, words(measured) + unit
    if not answer.right:
        return answer, f"Not quite: you said {said}, and it is {found}."
    praise = "Right" if question.arithmetic else "You saw that coming"
    return answer, f"{praise}: {found}." if said == found else f"{praise}: you said {said}, and it is {found}."


def summary(answers):
    """Count answers, and list them, the wrong ones first: they are worth a second look.

    Parameters
    ----------
    answers : dict from a question's name to its Answer

    Returns
    -------
    list of str
    """
    lines = []
    for arithmetic, heading in ((False, "predictions came true"), (True, "worked out right")):
        rows = [(name, a) for name, a in answers.items() if a.arithmetic == arithmetic]
        if rows:
            lines.append(f"{sum(a.right for _, a in rows)} of {len(rows)} {heading}.")
        for name, a in sorted(rows, key=lambda row: row[1].right):
            lines.append(f"{'✓' if a.right else '✗'} {name}: you said {words(a.given)}, it is {words(a.measured)}")
    return lines


def words(value):
    """A value as a person would write it."""
    if not isinstance(value, float | np.floating):
        return str(value)
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e9 else f"{value:.4g}"
