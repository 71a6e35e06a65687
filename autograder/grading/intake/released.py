"""What was released, and so what a submission is held against."""

import ast
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.run.job import HiddenTest
from autograder.grading.settings import CannotGrade


class NotReleased(CannotGrade):
    """The assignment can't be graded as it was released; the text says what to do."""


@dataclass(frozen=True)
class ReleasedCell:
    """One cell of a released notebook.

    Attributes
    ----------
    id : str
        The cell's id; for a cell that a gradebook knows, its name there, too.
    role : str
        "answer" (students write here), "locked" (a check), "graded" (a hidden test), or "plain" (all others).
    cell_type : str
        "code", "markdown" or "raw".
    source : str
        As released; for a graded cell with its hidden test.
    metadata : dict
    hidden_test : HiddenTest or None
        What a graded cell asks.
    """

    id: str
    role: str
    cell_type: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)
    hidden_test: HiddenTest | None = None

    @property
    def training(self) -> bool:
        """Whether the authors say that nothing graded depends on this cell."""
        return "training" in self.metadata.get("tags", ())


@dataclass(frozen=True)
class ReleasedNotebook:
    """A released notebook: its name, its cells in order, and its metadata (the kernel)."""

    name: str
    cells: tuple[ReleasedCell, ...]
    metadata: dict[str, Any] = field(default_factory=dict)


def read_hidden_test(source: str, most: float, where: str) -> HiddenTest:
    """The call of hidden_test in a graded cell, read without running it.

    Parameters
    ----------
    source : str
        The cell with its hidden test, from the gradebook.
    most : float
        The points that the gradebook has for the cell.
    where : str
        For the error.

    Returns
    -------
    HiddenTest

    Raises
    ------
    NotReleased
        When the cell does anything else: it would have to run beside student code, which could forge its marks.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hidden_test":
            values = dict(zip(("exercise", "function", "points"), node.args, strict=False))
            values |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            match values:
                case {
                    "exercise": ast.Constant(value=str(exercise)),
                    "function": ast.Name(id=function),
                    "points": ast.Constant(value=int() | float() as points),
                }:
                    if points != most:
                        raise NotReleased(f"{where}: the call gives {points} points, the gradebook {most}.")
                    return HiddenTest(exercise, function, float(points))
    raise NotReleased(
        f'{where} has no call hidden_test("notebook.function", function, points=...). A graded cell needs one: any '
        f"other test would run beside the student's code, which could forge its marks."
    )
