"""Comparing what a function returned with what it should have returned: the one place that decides right or wrong.

Both the instant `check` in a notebook and the hidden tests of the graders use it, so that they never disagree about
what counts as right. It knows no answers: those come from its callers.
"""

import html
from dataclasses import dataclass, field, replace

from utils.checks.items import Aspect

# What a case about something special (an edge, an unusual dtype) is worth beside the ordinary ones.
SPECIAL = 0.25
# Said of what is right, and doesn't count yet.
WAITS = " (counts once the rest is right)"


@dataclass
class Call:
    """One call, ready to be judged.

    Attributes
    ----------
    about : str
        What is special about it, "on large inputs", or "" for an ordinary one.
    expected, got : lists over the outputs, as `readings` gives them
    arguments : dict
        What the function was given.
    """

    about: str
    expected: list
    got: list
    arguments: dict = field(default_factory=dict)


def judge_calls(name, outputs, calls, mistakes):
    """The verdict on some calls of one function.

    Ordinary calls make up most of the points. Calls about something special have items and points of their own.

    Nothing comes of nothing. An item of a special call, where a thoughtless answer may happen to be right, counts once
    the same output is right in the ordinary calls; and nothing counts before one of the outputs is right in these that
    can't be had without any work (`Output.is_free`).

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
    ordinary = [call for call in calls if not call.about]
    own = [_items(output, ordinary, o) for o, output in enumerate(outputs)]
    right = [all(item.passed for item in items if item.aspect is not Aspect.SHAPE) for items in own]
    shows_work = _shows_work(outputs, ordinary, right)
    for about in dict.fromkeys(call.about for call in calls):
        alike = [call for call in calls if call.about == about]
        for o, output in enumerate(outputs):
            if not about:
                verdict.items += [replace(item, counts=shows_work) for item in own[o]]
            elif not output.aside:
                verdict.items += [_special(item, about, shows_work and right[o]) for item in _items(output, alike, o)]
    if verdict.fraction < 1:
        known = mistakes()
        would_give = {mistake: gives for mistake, (_, gives) in known.items()}
        verdict.mistake = find_mistake(outputs, calls, would_give)
        verdict.says = known[verdict.mistake][0] if verdict.mistake else ""
    return verdict


def _items(output, calls, o):
    """The items of an output, which is the one of this number, over some calls."""
    return output.items([(call.expected[o], call.got[o]) for call in calls])


def _shows_work(outputs, ordinary, right):
    """Whether something is right that can't be had without any work; where there is no such thing, whether any is."""
    arguments = [call.arguments for call in ordinary]

    def is_free(o):
        return outputs[o].is_free([call.expected[o] for call in ordinary], arguments)

    those = [o for o, is_right in enumerate(right) if is_right]
    if len(those) in (0, len(outputs)):
        return bool(those)
    return not all(map(is_free, those)) or all(map(is_free, range(len(outputs))))


def _special(item, about, counts):
    """The item of a call about something special."""
    message = f"{about}: {item.message}"
    return replace(item, about=about, weight=SPECIAL * item.weight, message=message, counts=counts)


def find_mistake(outputs, calls, mistakes):
    """Name of the known mistake that explains what came, or None.

    A mistake fits when every output in which it would differ from the right answer came as the mistake would give it.
    One that differs in special calls only, or aside, says "Right, but ...": it fits when all ordinary calls are right.
    Of those that fit, the one that explains most outputs is taken; of equals, the first.

    Parameters
    ----------
    outputs : list of Output
    calls : list of Call
    mistakes : dict from name to what it would give: a list over the calls of lists over the outputs

    Returns
    -------
    str or None
    """
    is_right = all(
        output.agree(right, got)
        for call in calls
        for output, right, got in zip(outputs, call.expected, call.got, strict=True)
        if not call.about and not output.aside
    )
    best, most = None, 0
    for name, would_give in mistakes.items():
        differs = [
            (call, o, gives[o])
            for call, gives in zip(calls, would_give, strict=True)
            for o, output in enumerate(outputs)
            if not output.agree(call.expected[o], gives[o])
        ]
        fits = is_right or not all(call.about or outputs[o].aside for call, o, _ in differs)
        explained = fits and all(outputs[o].agree(gives, call.got[o]) for call, o, gives in differs)
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
        How it was graded, when that isn't plain: "graded with our sigmoid"; which hint to read, in a check. May be
        empty.
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
        return sum(item.earned for item in self.items) / total if self.attempted and total else 0.0

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
        waits_about = {item.about for item in self.items if item.waits}
        told = set()
        for item in self.items:
            # What is special and right takes one line, and no sentence stands there twice: nor does one and the same
            # stop, which hides all outputs of every call that ended there.
            if item.about and item.about not in wrong_about:
                text = f"{item.about}: right{WAITS if item.about in waits_about else ', too'}"
            else:
                text = f"{item.message}{WAITS if item.waits else ''}"
            key = item.stop.cause if item.stop else text
            if key not in told:
                yield "ok" if item.passed else "wrong", text
            told.add(key)
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
