"""Tools of the lessons that answer in words: compare a prediction with what was measured, count, try a function.

Nothing here gives marks, and nothing raises when a learner is wrong: a lesson runs from top to bottom, whatever was
predicted.
"""

import html

import numpy as np

from .answers import Answer, is_right, summary, words
from .plots import PALETTE

# What was answered so far in this notebook: name -> Answer. A notebook is one process.
record = {}

# How a verdict looks, by whether it is right: a mark and a colour. None is no verdict.
LOOKS = {True: ("✓ ", PALETTE["green"]), False: ("✗ ", PALETTE["orange"]), None: ("", PALETTE["grey"])}


class Message:
    """Lines of text that show well in a notebook, in a terminal and to a screen reader.

    Attributes
    ----------
    lines : list of str
    right : bool or None
        Whether what it speaks of was right; None when that isn't the question.
    """

    def __init__(self, *lines, right=None):
        self.lines = [line for line in lines if line]
        self.right = right

    def _repr_html_(self):
        mark, colour = LOOKS[self.right]
        body = "<br>".join(html.escape(line) for line in self.lines)
        if mark:
            body = f'<b aria-hidden="true" style="color: {colour}">{mark}</b>{body}'
        return f'<div style="border-left: 4px solid {colour}; padding: 0.3em 0.8em; margin: 0.3em 0">{body}</div>'

    def __repr__(self):
        return "\n".join(self.lines)


def compare(name, predicted, measured, because="", within=0.25):
    """Hold a prediction against what was measured, and keep the pair for `my_predictions()`.

    Parameters
    ----------
    name : str
        What was predicted, in a few words: "steps with cross-entropy".
    predicted : number, str, tuple or None
        What the learner wrote; None when nothing was written yet.
    measured : number, str or tuple
        What the notebook computed just now.
    because : str
        One or two sentences that explain the measured value.
    within : float
        How far off a number may be and still count, as a share of the measured one; 0.25 is a quarter.

    Returns
    -------
    Message
    """
    if predicted is None or predicted is ...:
        record.pop(name, None)
        return Message(f"{name}: measured {words(measured)}.", because)
    right = is_right(predicted, measured, within)
    record[name] = Answer(predicted, measured, right)
    verdict = "You saw that coming." if right else "Not what you predicted."
    said = f"{name}: you predicted {words(predicted)}, measured {words(measured)}. {verdict}"
    return Message(said, because, right=right)


def my_predictions():
    """All answers of this notebook so far, the wrong ones first: they are worth a second look."""
    return Message(
        *(summary(record) or ["No answers yet. Answer a question of this lesson, then run this cell again."])
    )


def attempt(function, examples, wrong, hints=()):
    """Try a learner's function on a few examples, and say which mistake it looks like.

    Parameters
    ----------
    function : function
        What the learner wrote. One that returns None or ... counts as not attempted.
    examples : list of (arguments, expected), arguments a tuple
    wrong : dict from a sentence to a function that makes the mistake which the sentence names
    hints : sequence of str
        From a nudge to nearly the answer. One more is shown for each failed try.

    Returns
    -------
    Message
    """
    name = function.__name__
    results = []
    for arguments, _ in examples:
        try:
            result = function(*arguments)
        except Exception as error:
            stopped = f"{name}: your code stopped with {type(error).__name__}: {error}"
            return Message(stopped, *_hint(name, hints), right=False)
        if result is None or result is ...:
            todo = f"{name}: not attempted yet. Replace the ... by your line, run that cell, then this one."
            return Message(todo)
        results.append(result)
    first_wrong = next((i for i, r in enumerate(results) if not _same(r, examples[i][1])), None)
    if first_wrong is None:
        _tries.pop(name, None)
        return Message(f"{name}: right on all {len(examples)} examples.", right=True)
    for sentence, mistaken in wrong.items():
        if all(_gives(mistaken, arguments, r) for r, (arguments, _) in zip(results, examples, strict=True)):
            return Message(f"{name}: not yet. {sentence}", *_hint(name, hints), right=False)
    (arguments, expected), result = examples[first_wrong], results[first_wrong]
    return Message(
        f"{name}: not yet. For {', '.join(_short(a) for a in arguments)} it should give {_described(expected)}, "
        f"but it gave {_described(result)}.",
        *_hint(name, hints),
        right=False,
    )


_tries = {}


def _hint(name, hints):
    """The next rung of the ladder."""
    if not hints:
        return ()
    rung = _tries.get(name, 0)
    _tries[name] = rung + 1
    rung = min(rung, len(hints) - 1)
    return (f"Hint {rung + 1} of {len(hints)}: {hints[rung]}",)


def _gives(mistaken, arguments, result):
    """True when a mistaken function gives this result; it may also raise, and then it doesn't."""
    try:
        return _same(result, mistaken(*arguments))
    except Exception:
        return False


def _same(a, b):
    """True when two results agree: numbers up to rounding and with their shapes, tuples entry by entry."""
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    try:
        return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-4, atol=1e-8))
    except (TypeError, ValueError):
        return type(a) is type(b) and bool(a == b)


def _described(value):
    """A value with its shape, when it has one."""
    return f"{_short(value)} of shape {value.shape}" if isinstance(value, np.ndarray) else _short(value)


def _short(value):
    """A value on one line."""
    if isinstance(value, tuple):
        return "(" + ", ".join(_short(entry) for entry in value) + ")"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, threshold=8).replace("\n", "")
    return words(value)
