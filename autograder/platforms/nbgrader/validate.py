"""nbgrader's Validate, for instructors: a notebook runs in the sandbox, its hidden tests are judged here."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading.intake.released import NotReleased, read_hidden_test
from autograder.grading.intake.scan import ReadingLimits, look, read_files
from autograder.grading.run.job import Job, Step
from autograder.grading.run.worker import grade_alone
from autograder.grading.settings import CannotGrade
from autograder.platforms.nbgrader.config import Grading
from autograder.platforms.nbgrader.notebooks import fill
from sandbox.client import SandboxError

VALIDATION_SECONDS = 120


class RunHere(NbGraderPreprocessor):
    """In the place of nbgrader's Execute when a notebook is validated: runs it in the sandbox."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        # Somebody waits in front of a button.
        settings = Grading(parent=self).settings(Path.cwd(), forced=False).for_jobs
        settings = replace(settings, notebook_seconds=VALIDATION_SECONDS)
        limits = ReadingLimits()
        files = read_files(look(Path.cwd(), limits)[0], limits, [])
        job = Job("", "", "", (), tuple(map(_step, nb.cells)), files, 0, settings)
        try:
            fill(nb, job, grade_alone(job))
        except (CannotGrade, SandboxError) as reason:
            sys.exit(f"{reason}")
        return nb, resources


def _step(cell: NotebookNode) -> Step:
    if cell.cell_type != "code":
        return Step("", "leave")
    about = cell.metadata.get("nbgrader", {})
    if about.get("grade") and not about.get("solution"):
        try:
            test = read_hidden_test(cell.source, about["points"], "this notebook")
            return Step(cell.source, "judge", hidden_test=test)
        except (NotReleased, SyntaxError):
            pass  # a released notebook: its graded cells are empty
    return Step(cell.source, "run")
