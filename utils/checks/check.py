"""The instant checks of the assignments: fixed examples, what they should give, and what known mistakes would give.

The examples are in utils/checks/frozen/, one JSON file for each assignment. They hold numbers, never an answer's code.
"""

import json
from functools import cache

from utils.checks.calling import call, fixed_function
from utils.checks.items import Item
from utils.checks.kinds import KINDS, Choice, is_read, readings
from utils.checks.limit import TooLong, at_most
from utils.checks.outcomes import Unwritten
from utils.checks.trace import find_place
from utils.checks.values import FROZEN, thaw
from utils.checks.verdict import Call, Verdict, judge_calls

# White on a dark ground of its own: readable on whatever stands behind, in light and in dark themes.
_BADGE = "\x1b[1;38;2;255;255;255;48;2;{}m {} \x1b[0m"
_GREEN, _RED = "0;110;80", "160;30;25"
# What all examples of one function may take together.
SECONDS = 10
# Where to look after the first, the second and every further kind of failure. The hints stand in the exercise's text.
_HINTS = (
    "Hint 1, in the text above your code, is a nudge.",
    "Hint 2, in the text above your code, says what is needed.",
    "Hint 3, in the text above your code, shows the same idea in another function.",
)


class NotYet(Exception):
    """A check isn't passed yet. Shows as a few lines that help, without a traceback."""

    def __init__(self, verdict):
        super().__init__(str(verdict))
        self.verdict = verdict

    def _render_traceback_(self):
        grounds = {"ok": _GREEN, "wrong": _RED}
        return [
            f"  {_BADGE.format(grounds[mark], mark)}{' ' * (7 - len(mark))}{text}" if mark else text
            for mark, text in self.verdict.lines()
        ]


def load_checks(notebook):
    """The `check` function of an assignment.

    Parameters
    ----------
    notebook : str
        The assignment's name: "logistic_regression".

    Returns
    -------
    check : function
        check(function) runs the function of that name on fixed examples. It returns a `Verdict` when all is right, and
        raises `NotYet` with what is wrong otherwise. It offers the next hint whenever a function fails in a new way.
    """
    exercises = _frozen(notebook)
    failures = {name: [] for name in exercises}

    def check(function):
        name = getattr(function, "__name__", None)
        if name not in exercises:
            raise ValueError(f"There is no check for {name}; {notebook} has checks for {', '.join(exercises)}.")
        verdict = verdict_of(exercises[name], function)
        asked = "choices" in exercises[name]
        if verdict.fraction < 1:
            blame = "" if verdict.says else _blame(exercises, name, function)
            verdict.says = verdict.says or blame
            if verdict.attempted and not blame and not asked:
                verdict.note = _next_hint(failures[name], verdict)
            raise NotYet(verdict)
        verdict.says = (
            "It is marked after you submit, with a word on every option."
            if asked
            else "All right on these examples. When you submit, it is run on others, too."
        )
        return verdict

    return check


@cache
def _frozen(notebook):
    path = FROZEN / f"{notebook}.json"
    if not path.exists():
        known = ", ".join(sorted(file.stem for file in FROZEN.glob("*.json")))
        raise ValueError(f"There are no checks for '{notebook}'; there are some for {known}.")
    return json.loads(path.read_text(encoding="utf-8"))


def verdict_of(exercise, function):
    """The verdict on `function` by the frozen examples of one exercise (an entry of the JSON file)."""
    try:
        if "choices" in exercise:
            return at_most(SECONDS, _answered, exercise["choices"], function)
        return at_most(SECONDS, _judged, exercise, function)
    except TooLong as stop:
        place = find_place(stop.__cause__, function, innermost=False)
        where = f" {place}" if place else ""
        says = f"your code was stopped{where} after more than {SECONDS} seconds: is there a loop that never ends?"
        return Verdict(function.__name__, [Item(function.__name__, False, says, 1)])


def _judged(exercise, function):
    """A verdict by the examples."""
    outputs = [KINDS[o["kind"]](o["name"], tuple(o["path"])) for o in exercise["outputs"]]
    calls = []
    for case in exercise["cases"]:
        arguments, options = thaw(case["arguments"]), thaw(case["options"])
        fixed = {name: fixed_function(name, *thaw(entry)) for name, entry in case["fixed"].items()}
        outcome = call(function, arguments, options, thaw(case["spare"]), fixed)
        if isinstance(outcome, Unwritten):
            says = "Write your code in the cell above in place of the line that raises NotImplementedError; run both."
            return Verdict(function.__name__, [], says=says, attempted=False)
        calls.append(Call(case["about"], thaw(case["expected"]), readings(outputs, outcome, arguments), arguments))
    known = exercise["mistakes"]
    return judge_calls(
        function.__name__, outputs, calls, lambda: {m["name"]: (m["says"], thaw(m["gives"])) for m in known}
    )


def _answered(choices, function):
    """A verdict on whether a question was answered at all: what is right is only known after grading."""
    outcome = call(function, {})
    letters = [f'"{letter}"' for letter in choices]
    says = f"Write {', '.join(letters[:-1])} or {letters[-1]}, with its quotes, in the cell above, and run both."
    if isinstance(outcome, Unwritten):
        return Verdict(function.__name__, [], says=says, attempted=False)
    [answer] = readings([Choice("answer")], outcome, {})
    if not is_read(answer):
        return Verdict(function.__name__, [Item("answer", False, f"answer: {answer}", 1)], says=says)
    letter = chr(ord("a") + int(answer))
    if letter not in choices:
        return Verdict(function.__name__, [Item("answer", False, f"answer: there is no option {letter}", 1)], says=says)
    return Verdict(function.__name__, [Item("answer", True, f"Your answer is {letter}.", 1)])


def _next_hint(failures, verdict):
    """Where to look now. The same failure again doesn't go on to the next hint: there is still something to try.

    `failures` holds the kinds of failure so far, and takes this one in: the known mistake, or else what was wrong.
    """
    wrong = [(item.name, item.stop.kind if item.stop else None) for item in verdict.items if not item.passed]
    kind = verdict.mistake or wrong
    if kind not in failures:
        failures.append(kind)
    return _HINTS[min(len(failures), len(_HINTS)) - 1]


def _blame(exercises, name, function):
    """A sentence about a function that this one uses and that isn't right itself."""
    for used in exercises[name].get("uses", ()):
        helper = getattr(function, "__globals__", {}).get(used)
        if callable(helper) and verdict_of(exercises[used], helper).fraction < 1:
            return f"{name} uses {used}, whose own check isn't passed yet. Start there."
    return ""
