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


def read_hidden_test(source: str, max_points: float, where: str) -> HiddenTest:
    """The call of hidden_test in a graded cell, read without running it.

    Parameters
    ----------
    source : str
        The cell with its hidden test, from the gradebook.
    max_points : float
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
    match _statements(source):
        case [
            ast.ImportFrom(module="autograder", names=[ast.alias(name="hidden_test", asname=None)]),
            ast.Expr(
                ast.Call(
                    ast.Name("hidden_test"),
                    [ast.Constant(str(exercise))],
                    [ast.keyword("points", ast.Constant(int() | float() as points))],
                )
            ),
        ] if exercise.count(".") == 1:
            if points != max_points:
                raise NotReleased(f"{where}: the call gives {points} points, the gradebook {max_points}.")
            return HiddenTest(exercise, exercise.partition(".")[2], float(points))
    raise NotReleased(
        f'{where} has no call hidden_test("notebook.function", points=...), or more than that. `make release` writes '
        f"this cell: any other test would run beside the student's code, which could forge its marks."
    )


def _statements(source: str) -> list[ast.stmt]:
    """The statements of a cell, or none when it isn't Python."""
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError):
        return []
