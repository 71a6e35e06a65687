"""The lines of a verdict."""

from dataclasses import dataclass
from enum import Enum

from utils.checks.outcomes import Raised


class Aspect(Enum):
    """What of an output an item is about; the value makes the item's name."""

    SHAPE = "shape of {}"
    VALUE = "value of {}"
    UNTOUCHED = "{} left untouched"
    DEFAULT = "default of {}"
    WHOLE = "{}"


@dataclass
class Item:
    """One line of a verdict.

    Attributes
    ----------
    output : str
        The name of an output; of a function where it is about the function as a whole.
    passed : bool
    message : str
        For a person: "dw has shape (3, 1)"; "dw, first at index (0, 0): expected -0.5, got -1.0".
    weight : float
        Its share of the points, relative to the other items.
    aspect : Aspect
    about : str
        What is special about the call, "on large inputs"; "" for ordinary ones.
    stop : Raised or None
        How the call ended, if the output was lost with it.
    counts : bool
        Whether it earns its weight where it passed: see `utils.checks.verdict.judge_calls`.
    """

    output: str
    passed: bool
    message: str
    weight: float
    aspect: Aspect = Aspect.WHOLE
    about: str = ""
    stop: Raised | None = None
    counts: bool = True

    @property
    def earned(self):
        """The part of its weight that it earns."""
        return self.weight if self.passed and self.counts else 0

    @property
    def waits(self):
        """Whether it is right and would earn something, but doesn't count; of a shape that goes without saying."""
        return self.passed and not self.counts and self.weight > 0 and self.aspect is not Aspect.SHAPE

    @property
    def name(self):
        """ "shape of dw", "value of dw on large inputs", "w left untouched"."""
        name = self.aspect.value.format(self.output)
        return f"{name} {self.about}" if self.about else name
