"""A student's function in a process apart, as the judge calls it."""

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from autograder.exercises.callee import Callee, Function
from autograder.exercises.exercise import Case
from autograder.grading.run.helpers import Helpers
from sandbox.client import Session
from utils.checks.calling import LONGEST_TEXT
from utils.checks.outcomes import Outcome, Raised, Returned, TooLarge, Unwritten
from utils.checks.trace import one_line, read_place


class RemoteFunction(Callee):
    """A function that a session holds.

    Parameters
    ----------
    session : sandbox.client.Session
    key : str
        What it is held as.
    seconds : float
        How long all calls together may take.
    helpers : Helpers
        Answer in the place of functions that are replaced.
    notebook : str
        Whose helpers.
    """

    def __init__(self, session: Session, key: str, seconds: float, helpers: Helpers, notebook: str) -> None:
        self.session, self.key, self.until = session, key, time.monotonic() + seconds
        self.helpers, self.notebook = helpers, notebook

    def call(self, case: Case, replaced: Mapping[str, Function] | None = None) -> Outcome:
        seconds = self.until - time.monotonic()
        if seconds < 0.1:
            return Raised("TimeoutError", "it ran for too long", arguments=dict.fromkeys(case.arguments))
        offered = list(replaced or {})
        answer = partial(self.helpers.answer, notebook=self.notebook, offered=offered, until=self.until)
        reply = self.session.ask(
            {
                "call": self.key,
                "arguments": case.arguments,
                "options": case.options,
                "spare": case.spare,
                "fixed": {name: list(entry) for name, entry in case.fixed.items()},
                "helpers": offered,
            },
            seconds,
            answer if offered else None,
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
