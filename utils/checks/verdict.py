"""Comparing what a function returned with what it should have returned: the one place that decides right or wrong.

Both the instant `check` in a notebook and the hidden tests of the graders use it, so that they never disagree about
what counts as right. It knows no answers: those come from its callers.
"""

import html
from dataclasses import dataclass, replace

# What a case about something special (an edge, an unusual dtype) is worth beside the ordinary ones.
SPECIAL = 0.25


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
        alike = [call for call in calls if call.about == about]
        for o, output in enumerate(outputs):
            items = output.items([(call.expected[o], call.got[o]) for call in alike])
            verdict.items += [_special(item, about) for item in items] if about else items
    if verdict.fraction < 1:
        known = mistakes()
        would_give = {mistake: gives for mistake, (_, gives) in known.items()}
        verdict.mistake = find_mistake(outputs, calls, would_give)
        verdict.says = known[verdict.mistake][0] if verdict.mistake else ""
    return verdict


def _special(item, about):
    """The item of a call about something special."""
    return replace(item, about=about, weight=SPECIAL * item.weight, message=f"{about}: {item.message}")


def find_mistake(outputs, calls, mistakes):
    """Name of the known mistake that explains what came, or None.

    A mistake fits when every output in which it would differ from the right answer came as the mistake would give it.
    One that differs in special calls only says "Right, but ...": it fits when all ordinary calls are right. Of those
    that fit, the one that explains most outputs is taken; of equals, the first.

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
        if not call.about
    )
    best, most = None, 0
    for name, would_give in mistakes.items():
        differs = [
            (call, o, gives[o])
            for call, gives in zip(calls, would_give, strict=True)
            for o, output in enumerate(outputs)
            if not output.agree(call.expected[o], gives[o])
        ]
        fits = is_right or not all(call.about for call, _, _ in differs)
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
            # What is special and right takes one line, and no sentence stands there twice: nor does one and the same
            # stop, which hides all outputs of every call that ended there.
            fine = item.about and item.about not in wrong_about
            text = f"{item.about}: right, too" if fine else item.message
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
