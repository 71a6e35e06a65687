"""Makes students' notebooks for tests: a released notebook with some answer cells filled in."""

import ast
from functools import cache
from pathlib import Path

import nbformat

from autograder.course import ROOT, notebook_path
from autograder.exercises.mistakes import Mistake

RELEASE = ROOT / "release"

# Right answers of numpy_basics, written quite differently from ours.
ROW_BY_ROW = {
    "softmax": """
def softmax(x):
    result = np.zeros(x.shape)
    for i, row in enumerate(x):
        powers = [math.exp(entry - max(row)) for entry in row]
        result[i] = [power / sum(powers) for power in powers]
    return result
""",
    "L2": """
def L2(yhat, y):
    return np.einsum("i,i->", y - yhat, y - yhat)
""",
}


@cache
def solutions(notebook):
    """The answer cells of a source notebook: function name -> source."""
    cells = nbformat.read(notebook_path(notebook), as_version=4).cells
    return {
        function_of(cell): cell.source
        for cell in cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }


def function_of(cell):
    """The name of the function that an answer cell defines."""
    return next(node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef))


def mistaken(exercise, name):
    """Source of the reference function with one known mistake in it."""
    mistake: Mistake = next(m for m in exercise.mistakes if m.name == name)
    return mistake.source(exercise.notebook, exercise.name)


def write_submission(folder, week, notebook, answers, replace=()):
    """Write a released notebook with answers filled in.

    Parameters
    ----------
    folder : Path
        Where the notebook goes; made when missing.
    week : str
        "week2"
    notebook : str
    answers : dict from function name to the source of its cell; others stay as released
    replace : sequence of (old, new)
        Changes of other, unlocked code cells, as a student may make them.
    """
    cells = nbformat.read(RELEASE / week / f"{notebook}.ipynb", as_version=4)
    for cell in cells.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and about.get("solution"):
            cell.source = answers.get(function_of(cell), cell.source)
        elif cell.cell_type == "code" and not about:
            for old, new in replace:
                cell.source = cell.source.replace(old, new)
    Path(folder).mkdir(parents=True, exist_ok=True)
    nbformat.write(cells, Path(folder) / f"{notebook}.ipynb")
