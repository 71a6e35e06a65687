"""How one call of a function ended."""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """How one call ended: one of the classes below.

    Attributes
    ----------
    arguments : dict
        The arguments by name as they were after the call.
    """

    arguments: dict = field(default_factory=dict, kw_only=True)

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
    """

    kind: str
    text: str

    def __str__(self):
        return f"your code stopped with {self.kind}: {self.text}"

    def agrees(self, other):
        return super().agrees(other) and (self.kind, self.text) == (other.kind, other.text)


@dataclass
class TooLarge(Outcome):
    """What it returned is too large to be handed over."""

    reason: str

    def __str__(self):
        return f"your code stopped with what it returns is too large: {self.reason}"
