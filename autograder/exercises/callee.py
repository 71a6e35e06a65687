"""Where a student's function lives, and how it is called: the one seam between judging and running."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from utils.checks.calling import call, fixed_function
from utils.checks.outcomes import Outcome

if TYPE_CHECKING:
    from autograder.exercises.exercise import Case

Function = Callable[..., Any]


class Callee(ABC):
    """A student's function, wherever it lives: here, or in the process that ran a notebook."""

    @abstractmethod
    def call(self, case: Case, replaced: Mapping[str, Function] | None = None) -> Outcome:
        """Call it on one case.

        Parameters
        ----------
        case : Case
        replaced : dict from name to function
            Functions that take the place of the student's own of these names during the call. Those that the case
            fixes come on top.

        Returns
        -------
        Outcome
        """


class LocalFunction(Callee):
    """A function in this process."""

    def __init__(self, function: Function) -> None:
        self.function = function

    def call(self, case: Case, replaced: Mapping[str, Function] | None = None) -> Outcome:
        fixed = {name: fixed_function(name, *entry) for name, entry in case.fixed.items()}
        return call(self.function, case.arguments, case.options, case.spare, {**(replaced or {}), **fixed})
