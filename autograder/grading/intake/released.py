"""What was released, and so what a submission is held against: cells from the gradebook and from release/."""

import ast
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from autograder.grading.run.job import Question


class NotReleased(Exception):
    """The assignment can't be graded as it was released; the text says what to do."""


@dataclass(frozen=True)
class ReleasedCell:
    """One cell of a released notebook.

    Attributes
    ----------
    id : str
        The cell's id; for a cell that nbgrader knows, this is its grade_id, too.
    role : str
        "answer" (students write here), "locked" (a check), "graded" (a hidden test), or "plain" (all others).
    cell_type : str
        "code", "markdown" or "raw".
    source : str
        As released; for a graded cell with its hidden test, from the gradebook.
    metadata : dict
    question : Question or None
        What a graded cell asks.
    """

    id: str
    role: str
    cell_type: str
    source: str
    metadata: dict = field(default_factory=dict)
    question: Question | None = None

    @property
    def training(self):
        """Whether the authors say that nothing graded depends on this cell."""
        return "training" in self.metadata.get("tags", ())


@dataclass(frozen=True)
class ReleasedNotebook:
    """A released notebook: its name, its cells in order, and its metadata (the kernel)."""

    name: str
    cells: tuple
    metadata: dict = field(default_factory=dict)


def read_released(db_url, course_id, assignment, release_folder):
    """The notebooks of an assignment.

    Parameters
    ----------
    db_url, course_id : str
        The gradebook; `nbgrader generate_assignment` wrote the assignment into it.
    assignment : str
    release_folder : Path
        Where the released notebooks lie.

    Returns
    -------
    dict from name to ReleasedNotebook

    Raises
    ------
    NotReleased
    """
    again = f"Run `nbgrader generate_assignment {assignment} --force` again."
    with Gradebook(db_url, course_id) as gradebook:
        try:
            entries = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            raise NotReleased(f"The gradebook doesn't know {assignment}. {again}") from None
        found = {}
        for entry in entries:
            path = Path(release_folder) / f"{entry.name}.ipynb"
            if not path.exists():
                raise NotReleased(f"There is no {path}. {again}")
            known = {cell.name: cell for cell in entry.source_cells}
            points = {cell.name: cell.max_score for cell in entry.grade_cells}
            notebook = nbformat.read(path, as_version=4)
            cells = tuple(_cell(cell, known, points, f"{assignment}/{entry.name}") for cell in notebook.cells)
            missing = set(known) - {cell.id for cell in cells}
            if missing:
                raise NotReleased(f"{path} lacks {', '.join(sorted(missing))}, which the gradebook knows. {again}")
            found[entry.name] = ReleasedNotebook(entry.name, cells, dict(notebook.metadata))
    return found


def _cell(cell, known, points, where):
    about = cell.metadata.get("nbgrader", {})
    name = about.get("grade_id")
    if name not in known:
        return ReleasedCell(cell.id, "plain", cell.cell_type, cell.source, dict(cell.metadata))
    kept = known[name]
    role = "graded" if about["grade"] and not about["solution"] else "answer" if about["solution"] else "locked"
    source = cell.source if role == "answer" else kept.source
    question = None
    if role == "graded" and kept.cell_type == "code":
        question = read_question(kept.source, points[name], f"{where}, cell {name}")
    return ReleasedCell(name, role, kept.cell_type, source, dict(cell.metadata), question)


def read_question(source, max_points, where):
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
    Question

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
            return Question(exercise, exercise.partition(".")[2], float(points))
    raise NotReleased(
        f'{where} has no call hidden_test("notebook.function", points=...), or more than that. `make release` writes '
        f"this cell: any other test would run beside the student's code, which could forge its marks."
    )


def _statements(source):
    """The statements of a cell, or none when it isn't Python."""
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError):
        return []
