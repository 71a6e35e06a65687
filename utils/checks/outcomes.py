"""How one call of a function ended."""

from dataclasses import dataclass, field

from utils.checks.trace import Place


@dataclass
class Outcome:
    """How one call ended: one of the classes below.

    Attributes
    ----------
    arguments : dict
        The arguments by name as they were after the call.
    defaults : dict
        The numbers that stand in the function's signature, by parameter: see `utils.checks.calling.numbers_in`.
    """

    arguments: dict = field(default_factory=dict, kw_only=True)
    defaults: dict = field(default_factory=dict, kw_only=True)

    def agrees(self, other):
        """Whether another call ended in the same way."""
        return type(self) is type(other)


@dataclass
class Returned(Outcome):
    """It came to its end."""

    value: object


@dataclass
class Unwritten(Outcome):
    """It raised NotImplementedError itself, as a fresh exercise does."""

    def __str__(self):
        return "not attempted yet"


@dataclass
class Raised(Outcome):
    """It stopped with an error.

    Attributes
    ----------
    kind : str
        The error's class: "ValueError".
    text : str
        What the error says.
    place : Place or None
        Where that was, if it was in the code of whoever wrote the function.
    """

    kind: str
    text: str = ""
    place: Place | None = None

    def __str__(self):
        where = f" {self.place}" if self.place else ""
        text = f": {self.text}" if self.text else ""
        there = f"; {self.place.told()}" if self.place and self.place.told() else ""
        return f"your code stopped{where} with {self.kind}{text}{there}"

    @property
    def cause(self):
        """What is the same when several calls stop at one place for one reason."""
        return (self.kind, self.place.function, self.place.line) if self.place else (self.kind, self.text)

    def agrees(self, other):
        """Whether another call stopped with the same kind of error.

        Texts and lines aren't compared: they differ between versions of numpy, and between people.
        """
        if not super().agrees(other) or self.kind != other.kind:
            return False
        return self.place is None or other.place is None or self.place.is_like(other.place)


@dataclass
class TooLarge(Outcome):
    """What it returned is too large to be handed over."""

    reason: str

    def __str__(self):
        return f"what your function returns is too large: {self.reason}"
