"""The released notebooks for tests, as the gradebook would give them, without running nbgrader."""

from functools import cache

import nbformat

from autograder.course import SOURCE, source_notebooks
from autograder.grading.intake.released import ReleasedCell, ReleasedNotebook, read_hidden_test
from tests.support.submissions import RELEASE

WEEKS = sorted({path.parent.name for path in source_notebooks()})


@cache
def released(week):
    """The released notebooks of a week: name -> ReleasedNotebook, hidden tests in place."""
    return {path.stem: _notebook(week, path.stem) for path in sorted((RELEASE / week).glob("*.ipynb"))}


def _notebook(week, name):
    with_tests = {c.id: c.source for c in nbformat.read(SOURCE / week / f"{name}.ipynb", as_version=4).cells}
    notebook = nbformat.read(RELEASE / week / f"{name}.ipynb", as_version=4)
    cells = tuple(_cell(cell, with_tests, name) for cell in notebook.cells)
    return ReleasedNotebook(name, cells, dict(notebook.metadata))


def _cell(cell, with_tests, where):
    about = cell.metadata.get("nbgrader", {})
    source, test, role = cell.source, None, "plain"
    if about.get("solution"):
        role = "answer"
    elif about.get("grade"):
        role, source = "graded", with_tests[cell.id]
        test = read_hidden_test(source, about["points"], where)
    elif about.get("locked"):
        role = "locked"
    return ReleasedCell(cell.id, role, cell.cell_type, source, dict(cell.metadata), test)
