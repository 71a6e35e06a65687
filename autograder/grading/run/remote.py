"""A student's function in a process apart, as the judge calls it."""

import builtins
import contextlib
import inspect
import io
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.exercises.callee import Callee, Function
from autograder.exercises.exercise import Case
from sandbox.client import Session
from utils.checks.calling import LONGEST_TEXT
from utils.checks.outcomes import Outcome, Raised, Returned, TooLarge, Unwritten
from utils.checks.trace import one_line, read_place

# A helper of ours works for student code, so what it may be asked for is bounded, far above what any exercise needs:
# the entries of all arguments, since two of a thousand make a table of a million, and these times all sizes and steps.
MOST_ENTRIES = 2_000
MOST_WORK = 1_000_000
MOST_CALLS = 50_000
# "n_x, n_h : int" and "layer_dims : list of int" in a docstring: sizes and steps, which decide how much is done.
WHOLE = re.compile(r"^ *([\w, ]+) : (?:list of )?int\b", re.MULTILINE)


class RemoteFunction(Callee):
    """A function that a session holds.

    Parameters
    ----------
    session : sandbox.client.Session
    key : str
        What it is held as.
    seconds : float
        How long all calls together may take.
    """

    def __init__(self, session: Session, key: str, seconds: float) -> None:
        self.session, self.key, self.until = session, key, time.monotonic() + seconds

    def call(self, case: Case, replaced: Mapping[str, Function] | None = None) -> Outcome:
        seconds = self.until - time.monotonic()
        if seconds < 0.1:
            return Raised("TimeoutError", "it ran for too long", arguments=dict.fromkeys(case.arguments))
        helpers = Helpers(replaced or {}, self.until)
        reply = self.session.ask(
            {
                "call": self.key,
                "arguments": case.arguments,
                "options": case.options,
                "spare": case.spare,
                "fixed": {name: list(entry) for name, entry in case.fixed.items()},
                "helpers": list(helpers.functions),
            },
            seconds,
            helpers.answer if helpers.functions else None,
        )
        return _outcome(reply, case)


def _outcome(reply: dict[str, Any], case: Case) -> Outcome:
    """How a call ended, from a student's process that may claim anything: see `as_reply` of sandbox.student."""
    arguments = reply.get("arguments")
    # Arguments that didn't come back count as changed.
    arguments = dict.fromkeys(case.arguments) | (arguments if isinstance(arguments, dict) else {})
    match reply.get("ended"):
        case "Returned":
            return Returned(reply.get("value"), arguments=arguments)
        case "Unwritten":
            return Unwritten(arguments=arguments)
        case "TooLarge":
            return TooLarge(_text(reply.get("reason")), arguments=arguments)
    kind = _text(reply.get("kind")) or "an error without a name"
    return Raised(kind, _text(reply.get("text")), read_place(reply.get("place")), arguments=arguments)


def _text(value: Any) -> str:
    """A text as it may stand in a verdict."""
    return one_line(value, LONGEST_TEXT) if isinstance(value, str) else ""


class Helpers:
    """Our own functions, as far as student code may use them while a function of theirs is judged.

    Parameters
    ----------
    functions : dict from name to function
    until : float
        time.monotonic() after which none answers.
    """

    def __init__(self, functions: Mapping[str, Function], until: float) -> None:
        self.functions, self.until, self.calls = functions, until, 0

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """The reply to one request {"helper": name, "arguments", "options"}."""
        try:
            return {"value": self._call(message)}
        except Exception as error:  # as it would have reached the student's code
            kind = type(error).__name__
            return {"raised": kind if hasattr(builtins, kind) else "ValueError", "message": str(error)[:500]}

    def _call(self, message: dict[str, Any]) -> Any:
        name, arguments, options = message["helper"], message.get("arguments"), message.get("options")
        function = self.functions.get(name) if isinstance(name, str) else None
        if function is None or not isinstance(arguments, list | tuple) or not isinstance(options, dict):
            raise ValueError("there is no such helper")
        self.calls += 1
        if self.calls > MOST_CALLS or time.monotonic() > self.until:
            raise TimeoutError(f"{name} was called too often")
        entries = _entries([arguments, options])
        if entries > MOST_ENTRIES or entries * _work(function, arguments, options) > MOST_WORK:
            raise ValueError(f"{name} was asked for more than an exercise needs")
        # With print_cost=True some of ours print, which is nothing for the instructor's terminal.
        with np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
            return function(*arguments, **options)


def _entries(value: Any) -> int:
    """How many entries a value has in all."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return sum(map(_entries, value)) or 1
    return value.size if isinstance(value, np.ndarray) else 1


def whole_parameters(function: Function) -> set[str]:
    """The parameters of a function that are sizes or steps, from its docstring."""
    return {name.strip() for names in WHOLE.findall(function.__doc__ or "") for name in names.split(",")}


def _work(function: Function, arguments: Sequence[Any], options: Mapping[str, Any]) -> float:
    """The product of all sizes and steps that a function is given."""
    given = dict(zip(inspect.signature(function).parameters, arguments, strict=False)) | dict(options)
    work = 1.0
    for name in whole_parameters(function) & given.keys():
        numbers = np.atleast_1d(np.asarray(given[name], dtype=np.float64)).ravel()
        for number in numbers.tolist():
            work = min(work * max(1.0, abs(number)), 2.0 * MOST_WORK)
    return work
