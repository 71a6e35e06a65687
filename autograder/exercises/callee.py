"""Where a student's function lives, and how it is called: the one seam between judging and running."""

from abc import ABC, abstractmethod

from utils.checks.calling import call, fixed_function


class Callee(ABC):
    """A student's function, wherever it lives: here, or in the process that ran a notebook."""

    @abstractmethod
    def call(self, case, replaced):
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

    def __init__(self, function):
        self.function = function

    def call(self, case, replaced=None):
        fixed = {name: fixed_function(name, *entry) for name, entry in case.fixed.items()}
        return call(self.function, case.arguments, case.options, case.spare, {**(replaced or {}), **fixed})
