"""Where nbgrader asks, and what it is told: the only module that knows how nbgrader works inside.

`plug_into(c)` in nbgrader_config.py is all that is needed. nbgrader makes one exporter for each run of autograde: ours
takes the moment to repair, run and judge the whole batch. Then nbgrader converts one notebook after the other and
writes marks, as it always does, from repaired notebooks whose graded cells hold our verdicts.
"""

import os
import sys
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import click
import nbformat
import nbgrader.api
from nbconvert.exporters import NotebookExporter
from nbgrader.apps.autogradeapp import AutogradeApp
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, NbGraderPreprocessor
from nbgrader.preprocessors.latesubmissions import AssignLatePenalties
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task
from nbgrader.validator import Validator
from tqdm import tqdm

from autograder.grading.intake.released import NotReleased, read_question
from autograder.grading.intake.scan import Limits, look, read_files
from autograder.grading.run.job import Job, Step
from autograder.grading.run.worker import grade
from autograder.platforms.nbgrader import pages
from autograder.platforms.nbgrader.batch import Batch, CannotGrade, Grading
from sandbox.client import SandboxError

VALIDATION_SECONDS = 120


def plug_into(c):
    """Let nbgrader's autograde, its formgrader's button, and its validate run notebooks in our sandbox.

    Parameters
    ----------
    c : traitlets.config.Config
        What nbgrader_config.py gets from get_config().
    """
    c.Autograde.exporter_class = "autograder.platforms.nbgrader.plugin.BatchExporter"
    c.Autograde.sanitize_preprocessors = []  # what comes is clean
    c.Autograde.autograde_preprocessors = [TakeResult, SaveMarks, AssignLatePenalties]
    # Whoever looks at a student's notebook runs nothing that the student wrote.
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = pages.FILTERS
    # nbgrader's queries make SQLAlchemy 2.1 warn, some lines for every student, of what does no harm.
    warnings.filterwarnings("ignore", "Object of type", module=r"nbgrader\.api")
    # nbgrader opens the gradebook some ten times for each notebook. One engine for all keeps what SQLAlchemy compiled.
    nbgrader.api.create_engine = cache(nbgrader.api.create_engine)
    # This list has no setting of its own.
    if hasattr(os, "fork"):  # on Windows students validate as nbgrader does it
        Validator.preprocessors.default_args = ([CheckCellMetadata, ClearOutput, RunHere],)


class BatchExporter(NotebookExporter):
    """nbgrader makes one for each run of autograde, and converts each notebook twice: to clean it, and to grade it."""

    def __init__(self, parent=None, **options):
        # Checking a notebook after every step takes longer than the steps.
        super().__init__(parent=parent, optimistic_validation=True, **options)
        self.batch = self.progress = None
        self.left = 0  # notebooks whose marks are to be written
        if parent is not None:
            self._begin(parent)

    def _begin(self, autograde):
        at_terminal = isinstance(autograde.parent, AutogradeApp)
        say = _print if at_terminal else autograde.log.info
        try:
            self.batch = Batch(Grading(parent=autograde), autograde.coursedir, autograde.force, say)
            autograde.assignments = self.batch.prepare()
        except CannotGrade as reason:
            autograde.log.error(str(reason))
            raise NbGraderException(str(reason)) from None
        autograde.coursedir = self.batch.checked_coursedir()
        self.left = sum(map(len, autograde.assignments.values()))
        if at_terminal:
            # nbgrader tells twenty lines for each submission; a line of progress says more.
            autograde.log.setLevel(max(autograde.log.level, 30))
            total = self.left
            self.progress = tqdm(total=total, desc="writing marks", unit="notebook", disable=total == 0 or None)
        self.say = say
        if not self.left:
            say(self.batch.closing)

    def from_filename(self, filename, resources=None, **options):
        """The first time the notebook goes on as it is: it was cleaned when the batch was prepared."""
        if self.batch is not None and self.parent._sanitizing:
            return Path(filename).read_text(encoding="utf-8"), {**resources, "output_extension": self.file_extension}
        return super().from_filename(filename, resources=resources, **options)

    def written(self):
        """Count one notebook whose marks are written; after the last one come the last words."""
        self.left -= 1
        if self.progress is not None:
            self.progress.update()
        if not self.left:
            if self.progress is not None:
                self.progress.close()
            self.say(self.batch.closing)


def _print(line):
    click.echo(line, err=True)


class TakeResult(NbGraderPreprocessor):
    """In the place of nbgrader's Execute: fills a notebook with the outputs and verdicts that are ready for it."""

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        batch = self.parent.batch
        student, notebook = where["student"], where["notebook"]
        job, result = batch.job(student, notebook), batch.results[student, notebook]
        fill(nb, job, result)
        remarks = batch.remarks(student, notebook, result)
        if remarks:
            nb.cells.insert(0, nbformat.v4.new_markdown_cell(_about(remarks), id="about-this-notebook"))
        nb.metadata["graded"] = {"key": job.key, "isolation": result.isolation}
        self.parent.written()
        return nb, resources


class SaveMarks(NbGraderPreprocessor):
    """nbgrader's SaveAutoGrades in one transaction: the marks of a notebook are written as a whole or not at all.

    As there, a mark given by hand stays, and has to be looked at again.
    """

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        with nbgrader.api.Gradebook(where["db_url"]) as gradebook:
            kept = gradebook.find_submission_notebook(where["notebook"], where["assignment"], where["student"])
            grades = {grade.name: grade for grade in kept.grades}
            comments = {comment.name: comment for comment in kept.comments}
            for cell in nb.cells:
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                if is_grade(cell):
                    self._grade(grades[name], cell)
                if is_solution(cell) or is_task(cell):
                    comments[name].auto_comment = self._comment(cell)
            gradebook.db.commit()
        return nb, resources

    def _grade(self, grade, cell):
        grade.auto_score, _ = determine_grade(cell, self.log)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None

    def _comment(self, cell):
        same = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
        return "No response." if same and not is_task(cell) else None


def fill(nb, job, result):
    """Put the outputs of a result into a notebook's cells.

    Parameters
    ----------
    nb : NotebookNode
    job : Job
        Its steps are the notebook's cells.
    result : Result
    """
    outputs = result.outputs or [[]] * len(job.steps)  # a notebook that the grader failed on has none
    count = 0
    for cell, step, shown in zip(nb.cells, job.steps, outputs, strict=True):
        if cell.cell_type != "code":
            continue
        if step.action == "judge" and not shown:
            shown = [_no_points()]
        cell.outputs = [nbformat.from_dict(output) for output in shown]
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count


def _no_points():
    # nbgrader gives a graded cell without outputs full marks.
    return {"output_type": "error", "ename": "NotGraded", "evalue": "", "traceback": ["This cell wasn't graded."]}


def _about(remarks):
    lines = "\n".join(f"- {_plain(remark)}" for remark in remarks)
    return f"**About this notebook**\n\n{lines}"


def _plain(text):
    """Text as Markdown shows it: names of files and functions come from students."""
    for sign in "\\`*_{}[]<>()#|!$":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())


class RunHere(NbGraderPreprocessor):
    """In the place of nbgrader's Execute when a notebook is validated: runs it in the sandbox."""

    def preprocess(self, nb, resources):
        # Somebody waits in front of a button.
        settings = replace(Grading(parent=self).settings, notebook_seconds=VALIDATION_SECONDS)
        files = read_files(look(Path.cwd(), Limits())[0], Limits(), [])
        job = Job("", "", "", (), tuple(map(_validation_step, nb.cells)), files, 0, settings)
        try:
            fill(nb, job, grade(job))
        except SandboxError as reason:
            sys.exit(f"{reason}")
        return nb, resources


def _validation_step(cell):
    if cell.cell_type != "code":
        return Step("", "leave")
    about = cell.metadata.get("nbgrader", {})
    if about.get("grade") and not about.get("solution"):
        try:
            return Step(cell.source, "judge", question=read_question(cell.source, about["points"], "this notebook"))
        except (NotReleased, SyntaxError):
            pass  # a released notebook: its graded cells are empty
    return Step(cell.source, "run")
