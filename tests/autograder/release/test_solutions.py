"""Solved notebooks for self-learners."""

import re

import nbformat
import pytest

from autograder.course import SOURCE
from autograder.exercises.exercise import Question
from autograder.release.solutions import EXERCISES, solved

PATHS = sorted(SOURCE.glob("week*/*.ipynb"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_solved_notebooks_are_for_readers(path):
    notebook = solved(path)
    nbformat.validate(notebook)
    text = nbformat.writes(notebook)
    for forbidden in ("BEGIN SOLUTION", "HIDDEN TESTS", "hidden_test", "nbgrader", "NotImplementedError()\\n"):
        assert forbidden not in text
    source = "\n".join(cell.source for cell in notebook.cells)
    for exercise in EXERCISES.values():
        if exercise.notebook == path.stem:
            assert f"def {exercise.name}(" in source
            assert f"check({exercise.name})" in source
            if isinstance(exercise, Question):
                assert all(remark in source for remark in exercise.remarks)
    for target in re.findall(r"\]\((\.\./[^)#]+)\)", source):
        # Links are right from build/solutions/weekN/.
        assert (SOURCE.parent / "build" / "solutions" / path.parent.name / target).resolve().exists(), target
