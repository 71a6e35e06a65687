"""Comparing what a function returned with what it should have returned: the one place that decides right or wrong.

Both the instant `check` in a notebook and the hidden tests of the graders use it, so that they never disagree about
what counts as right. It knows no answers: those come from its callers.
"""

import copy
import html
from dataclasses import dataclass

import numpy as np

from utils.checks.kinds import close, close_entries, same_reading

# What a case about something special (an edge, an unusual dtype) is worth beside the ordinary ones.
SPECIAL = 0.25


@dataclass
class Item:
    """One line of a verdict.

    Attributes
    ----------
    name : str
        "shape of dw", "value of dw", "w left untouched"
    passed : bool
    message : str
        For a person: "dw has shape (3, 1)"; "dw, first at index (0, 0): expected -0.5, got -1.0".
    weight : float
        Its share of the points, relative to the other items.
    about : str
        What is special about the call, "on large inputs"; "" for ordinary ones.
    """

    name: str
    passed: bool
    message: str
    weight: float
    about: str = ""


def compare(outputs, expected, got):
    """Items for one call: what was expected against what came.

    Each output is worth the same. Of it, a fifth is for the shape and the rest for the numbers; a right shape around
    wrong numbers earns nothing, nor do, in a "layout", right numbers in a wrong shape.

    Parameters
    ----------
    outputs : list of Output
    expected : list of arrays, one for each output
    got : list of arrays or sentences, as `readings` gives them

    Returns
    -------
    list of Item
    """
    items = []
    for output, right, value in zip(outputs, expected, got, strict=True):
        if output.kind == "untouched":
            items.append(_untouched_item(output.name, value))
        elif output.kind == "choice":
            items.append(_choice_item(output.name, np.asarray(right), value))
        elif output.kind == "random":
            items.extend(_draw_items(output.name, np.asarray(right), value))
        else:
            items.extend(_output_items(output, np.asarray(right), value))
    return items


def _untouched_item(name, value):
    if isinstance(value, str):
        return Item(f"{name} left untouched", False, f"{name}: {value}", 1)
    text = f"{name} is left as it was" if value else f"{name} was changed inside your function: work on a copy"
    return Item(f"{name} left untouched", bool(value), text, 1)


def _choice_item(name, right, value):
    if isinstance(value, str):
        return Item(name, False, f"{name}: {value}", 5)
    passed = bool(value == right)
    return Item(name, passed, f"{name}: {chr(ord('a') + int(value))} is {'' if passed else 'not '}right", 5)


def _draw_items(name, right, value):
    """Items for random numbers, from the laws that `_as_draw` gives."""
    names = f"shape of {name}", f"value of {name}"
    if isinstance(value, str):
        return [Item(names[0], False, f"{name}: {value}", 0), Item(names[1], False, f"{name}: {value}", 5)]
    (*sizes, size, centred, varied), (*right_sizes, right_size, _, _) = value.tolist(), right.tolist()
    shape, right_shape = (tuple(int(n) for n in entry) for entry in (sizes, right_sizes))
    if size == -99:
        law = f"{name} doesn't vary: all its numbers are the same"
    elif not varied:
        law = f"{name} has rows that are equal"
    elif not centred:
        law = f"{name} isn't centred on zero: its numbers lie on one side"
    elif size != right_size:
        law = f"{name} has numbers around {10 ** (size / 2):.1g} in size; expected around {10 ** (right_size / 2):.1g}"
    else:
        law = ""
    fits = shape == right_shape
    shape_text = f"{name} has shape {right_shape}"
    if not fits:
        shape_text = f"{name} should have shape {right_shape}, but it has {shape}"
    weights = (0, 5) if law else (1, 4)
    law_text = law or f"{name} holds random numbers of the right size"
    return [Item(names[0], fits, shape_text, weights[0]), Item(names[1], not law, law_text, weights[1])]


def _output_items(output, right, value):
    name = output.name
    shape_name, value_name = f"shape of {name}", f"value of {name}"
    if isinstance(value, str):
        return [Item(shape_name, False, f"{name}: {value}", 0), Item(value_name, False, f"{name}: {value}", 5)]
    value = np.asarray(value)
    fits, shape_text = _shape(output, right, value)
    if value.size == right.size:
        equal, value_text = _values(name, right, value.reshape(right.shape), fits)
    else:
        equal, value_text = False, f"{name}: {value.size} numbers instead of {right.size}, so they can't be compared"
    weights = (1, 4) if equal else (0, 5)
    if output.kind == "layout" and equal and not fits:
        weights = (5, 0)
    return [Item(shape_name, fits, shape_text, weights[0]), Item(value_name, equal, value_text, weights[1])]


def _shape(output, right, value):
    name = output.name
    if output.kind == "any number":
        return value.size == 1, f"{name} is one number" if value.size == 1 else f"{name} should be one number"
    if output.kind == "number":
        if value.ndim == 0:
            return True, f"{name} is a number"
        return False, f"{name} should be a number, but it has shape {value.shape}"
    if output.kind == "list":
        fits = value.shape == right.shape
        return fits, f"{name} holds {right.size} numbers" if fits else (
            f"{name} should hold {right.size} numbers, but it holds {value.size}"
        )
    if value.shape == right.shape:
        return True, f"{name} has shape {right.shape}"
    return False, f"{name} should have shape {right.shape}, but it has {value.shape}"


def _values(name, right, value, fits):
    if close(value, right):
        return True, f"{name} has the right value{'s' if right.size > 1 else ''}"
    if not fits:
        return False, f"{name}: its numbers will be compared once the shape is right"
    index = tuple(int(i) for i in np.argwhere(~close_entries(value, right))[0])
    where = f", first at index {index if len(index) > 1 else index[0]}" if right.size > 1 else ""
    return False, f"{name}{where}: expected {_number(right[index])}, got {_number(value[index])}"


def _number(value):
    return f"{float(value):.6g}"


def merge(rows):
    """Items over several calls: an item passes when it passes in each; its text is that of the first failure.

    Parameters
    ----------
    rows : list over the calls of lists of Item, as `compare` gives them

    Returns
    -------
    list of Item
    """
    merged = []
    for row in zip(*rows, strict=True):
        failed = next((item for item in row if not item.passed), None)
        merged.append(copy.copy(failed or row[0]))
    # A value that fails in one call takes the shape's weight with it, even when another call's shape fits. So does the
    # shape of a "layout" with the value's.
    by_name = {item.name: item for item in merged}
    for item in merged:
        value = by_name.get(item.name.replace("shape of ", "value of "))
        if item.name.startswith("shape of ") and not value.passed:
            item.weight, value.weight = 0, 5
        elif item.name.startswith("shape of ") and not item.passed and item.weight == 5:
            value.weight = 0
    return merged


@dataclass
class Call:
    """One call, ready to be judged.

    Attributes
    ----------
    about : str
        What is special about it, "on large inputs", or "" for an ordinary one.
    expected, got : lists over the outputs, as `readings` gives them
    """

    about: str
    expected: list
    got: list


def judge_calls(name, outputs, calls, mistakes):
    """The verdict on some calls of one function.

    Ordinary calls make up most of the points. Calls about something special have items and points of their own.

    Parameters
    ----------
    name : str
    outputs : list of Output
    calls : list of Call
    mistakes : function without arguments
        Gives a dict from a mistake's name to (sentence, what it would give as a list over calls of lists over outputs).
        Asked only when something is wrong.

    Returns
    -------
    Verdict
    """
    verdict = Verdict(name, [])
    for about in dict.fromkeys(call.about for call in calls):
        items = merge([compare(outputs, call.expected, call.got) for call in calls if call.about == about])
        for item in items:
            if about:
                item.name, item.weight = f"{item.name} {about}", SPECIAL * item.weight
                item.message, item.about = f"{about}: {item.message}", about
        verdict.items += items
    if verdict.fraction < 1:
        known = mistakes()
        would_give = {mistake: gives for mistake, (_, gives) in known.items()}
        verdict.mistake = find_mistake([c.expected for c in calls], [c.got for c in calls], would_give)
        verdict.says = known[verdict.mistake][0] if verdict.mistake else ""
    return verdict


def find_mistake(expected, got, mistakes):
    """Name of the known mistake that explains what came, or None.

    A mistake fits when every output in which it would differ from the right answer came as the mistake would give it.
    Of those that fit, the one that explains most outputs is taken; of equals, the first.

    Parameters
    ----------
    expected, got : lists over the calls of lists over the outputs, as `readings` gives them
    mistakes : dict from name to such a list of lists

    Returns
    -------
    str or None
    """
    best, most = None, 0
    for name, would_give in mistakes.items():
        differs = [
            (c, o)
            for c, case in enumerate(expected)
            for o, right in enumerate(case)
            if not same_reading(right, would_give[c][o])
        ]
        explained = all(same_reading(would_give[c][o], got[c][o]) for c, o in differs)
        if explained and len(differs) > most:
            best, most = name, len(differs)
    return best


@dataclass
class Verdict:
    """What is right and wrong about a function, for the student who wrote it.

    Attributes
    ----------
    name : str
        The function.
    items : list of Item
    mistake : str or None
        The name of the recognised mistake.
    says : str
        The sentence about that mistake, or another remark. May be empty.
    note : str
        How it was graded, when that isn't plain: "graded with our sigmoid". May be empty.
    remarks : tuple of str
        What is explained after grading whatever came: the options of a question.
    attempted : bool
    """

    name: str
    items: list
    mistake: str | None = None
    says: str = ""
    note: str = ""
    remarks: tuple = ()
    attempted: bool = True

    @property
    def fraction(self):
        """Share of the points, from 0.0 to 1.0."""
        total = sum(item.weight for item in self.items)
        earned = sum(item.weight for item in self.items if item.passed)
        return earned / total if self.attempted and total else 0.0

    def lines(self):
        """The verdict as lines of text, each with its mark: "ok", "wrong" or ""."""
        if not self.attempted:
            yield "", f"{self.name}: not attempted yet."
            for text in (self.says, *self.remarks):
                if text:
                    yield "", text
            return
        yield "", self.name
        wrong_about = {item.about for item in self.items if not item.passed}
        told = set()
        for item in self.items:
            # What is special and right takes one line, and no sentence stands there twice.
            fine = item.about and item.about not in wrong_about
            text = f"{item.about}: right, too" if fine else item.message
            if text not in told:
                yield "ok" if item.passed else "wrong", text
            told.add(text)
        for text in (self.says, self.note, *self.remarks):
            if text:
                yield "", f"  {text}"

    def __str__(self):
        return "\n".join(f"  {mark:<5}  {text}" if mark else text for mark, text in self.lines())

    def _repr_html_(self):
        # White on a ground of its own, and the theme's colour for the rest: readable in light and in dark themes.
        grounds = {"ok": "#006E50", "wrong": "#A01E19"}
        badge = '<b style="background: {}; color: #FFFFFF; padding: 0 0.5em; border-radius: 3px">{}</b> '
        rows = "".join(
            f"<div>{badge.format(grounds[mark], mark) if mark else ''}{html.escape(text)}</div>"
            for mark, text in self.lines()
        )
        edge = grounds["ok" if self.fraction == 1.0 else "wrong"]
        return f'<div style="border-left: 4px solid {edge}; padding: 0.3em 0.8em">{rows}</div>'
