"""A class without nbgrader: submissions are repaired, run and judged as in a batch, but nothing is written anywhere."""

from functools import cache

import nbformat
from submissions import RELEASE

from autograder.grading.job import Settings
from autograder.grading.plan import make_job
from autograder.grading.released import ReleasedCell, ReleasedNotebook, read_question
from autograder.grading.submission import read_submission
from autograder.grading.worker import grade
from autograder.reference import SOURCE

# Short deadlines: what is meant to hang should not hold the tests up.
SETTINGS = Settings(cell_seconds=10, judge_seconds=5, notebook_seconds=60, memory_mb=2048)


@cache
def released(week):
    """The released notebooks of a week, by name, as the gradebook and release/ give them."""
    return {path.stem: _notebook(path) for path in sorted((RELEASE / week).glob("*.ipynb"))}


def _notebook(path):
    given = nbformat.read(path, as_version=4)
    source = nbformat.read(SOURCE / path.parent.name / path.name, as_version=4)
    hidden = {cell.id: cell.source for cell in source.cells}
    return ReleasedNotebook(path.stem, tuple(_cell(cell, hidden) for cell in given.cells), dict(given.metadata))


def _cell(cell, hidden):
    about = cell.metadata.get("nbgrader")
    if not about:
        return ReleasedCell(cell.id, "plain", cell.cell_type, cell.source, dict(cell.metadata))
    role = "graded" if about["grade"] else "answer" if about["solution"] else "locked"
    text = hidden[cell.id] if role == "graded" else cell.source
    question = read_question(text, about["points"], cell.id) if role == "graded" else None
    return ReleasedCell(cell.id, role, cell.cell_type, text, dict(cell.metadata), question)


def grade_folder(folder, week, notebook, seed=1, settings=SETTINGS):
    """Repair and grade one notebook of a submission.

    Returns
    -------
    result : Result
    remarks : list of str
        Of the repairs and of the run.
    """
    wanted = {notebook: released(week)[notebook]}
    submission = read_submission(folder, wanted)
    clean = submission.notebooks[notebook]
    job = make_job("student", week, clean, wanted[notebook], submission.files, seed, settings)
    result = grade(job)
    return result, [*submission.remarks, *clean.remarks, *result.remarks]
