"""nbgrader's autograde, with our core in it: what was handed in is found, graded, reported, and written down."""

import contextlib
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NoReturn

import click
import nbformat
from nbgrader.apps.autogradeapp import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm
from traitlets import TraitError

from autograder.grading import CannotGrade, Results, grade
from autograder.grading.core import RESULTS
from autograder.grading.intake import timestamp
from autograder.grading.intake.places import Place
from autograder.grading.intake.released import ReleasedNotebook
from autograder.grading.text import STOPPED, printable_lines
from autograder.grading.turn import turn
from autograder.platforms.nbgrader.command import nbgrader_environment
from autograder.platforms.nbgrader.config import Grading
from autograder.platforms.nbgrader.gradebook import (
    dates,
    forget_date,
    late,
    old_points,
    read_released,
    recorded,
    save_points,
)
from autograder.platforms.nbgrader.notebooks import graded_notebook, made_of, to_notebook
from autograder.platforms.nbgrader.submissions import submissions_of
from autograder.platforms.nbgrader.terminal import plain
from autograder.report.changes import changes, changes_text, max_points, new_points, write_changes
from autograder.report.summary import (
    Standing,
    as_recorded,
    closing,
    isolation_lines,
    kept_isolation,
    left_over,
    summarise,
    write_summary,
)

# Where repaired submissions and reports lie, beside the gradebook; see docs/grading.md.
CHECKED, REPORTS = "checked", "reports"


class SandboxAutograde(Autograde):
    """Grades with our core where nbgrader runs notebooks itself.

    Where nbgrader looks for notebooks, in `init_notebooks`, the whole class is graded and reported on. Then nbgrader
    takes one student after the other into its gradebook, as always, and `convert_single_notebook` writes down what is
    ready. Nothing comes into the gradebook before the reports are on disk.
    """

    coursedir: CourseDirectory
    results: Results
    left: list[str]  # what was not taken in, as sentences
    standings: list[Standing]  # as long as the gradebook has none
    reports: Path | None  # where the class's summary is written
    kept: Path  # the folder of results
    reached: dict[str, int]  # isolation -> how many notebooks ran in it
    closing: str  # the last words, for when all is written
    progress: tqdm  # while points are written
    until_end: contextlib.ExitStack  # what is held until all is written

    def start(self) -> None:
        """Grade, and write down the points, while no other run of this course does.

        Raises
        ------
        SystemExit
            With 130 after Ctrl-C at a terminal: a sentence says what became of the batch.
        """
        self.at_terminal = isinstance(self.parent, AutogradeApp)
        try:
            with contextlib.ExitStack() as self.until_end:
                super().start()
        except KeyboardInterrupt:
            if not self.at_terminal:
                raise
            _print(STOPPED)
            sys.exit(130)

    def init_notebooks(self) -> None:
        """Grade and report on the class.

        Raises
        ------
        NbGraderException
            When it can't be graded; one sentence in the log says why.
        """
        self.say: Callable[[str], None] = _print if self.at_terminal else self.log.info
        if self.at_terminal:
            # nbgrader tells twenty lines for each submission; a line of progress says more.
            self.log.setLevel(max(self.log.level, 30))
        logging.getLogger(self.log.name).addFilter(plain)
        try:
            self._grade()
        except (CannotGrade, TraitError) as reason:
            self._refuse(str(reason))
        except SQLAlchemyError as reason:
            self._refuse(f"The gradebook can't be read: {str(reason).splitlines()[0]}.")
        except OSError as reason:
            self._refuse(f"A file can't be read or written: {reason}.")

    def _refuse(self, reason: str) -> NoReturn:
        self.log.error(reason)
        raise NbGraderException(reason) from None

    def _grade(self) -> None:
        grading, course = Grading(parent=self), self.coursedir
        settings = grading.settings(Path(course.root), self.force)
        self.until_end.enter_context(turn(settings.folder, course.assignment_id, self.say))
        folder = Path(course.format_path(course.release_directory, ".", course.assignment_id))
        released = read_released(course.db_url, course.course_id, course.assignment_id, folder)
        wanted = [name for name in released if fnmatchcase(name, course.notebook_id)]
        if not wanted:
            raise CannotGrade(
                f"{course.assignment_id} has no notebook {course.notebook_id!r}; it has {', '.join(released)}."
            )
        self.kept = settings.folder / RESULTS
        with self._isolation_told_if_it_dies():
            self.results = grade(released, self._found(), settings, course.assignment_id, wanted, self.say)
            self._report({name: released[name] for name in wanted}, settings.folder / REPORTS)
            self.assignments = self._write_checked(f"{grading.folder}/{CHECKED}", wanted)
        # From here on, what is clean stands in the place of what was handed in.
        names = course.trait_names(config=True)
        self.coursedir = CourseDirectory(**{name: getattr(course, name) for name in names})
        self.coursedir.submitted_directory = f"{grading.folder}/{CHECKED}"

    @contextlib.contextmanager
    def _isolation_told_if_it_dies(self) -> Iterator[None]:
        """Say how the notebooks whose results are kept were isolated; where nothing dies, the last words do."""
        try:
            yield
        except BaseException:
            for line in isolation_lines(kept_isolation(self.kept, self.coursedir.assignment_id)):
                self.say(f"Graded until then: {line}")
            raise

    def _found(self) -> dict[str, Place]:
        """Student -> where the submission lies, of all that were asked for; what isn't taken in goes into `left`."""
        course = self.coursedir
        places = submissions_of(course)
        self.left = places.left
        if not places.found:
            if self.left:
                self.say("\n".join(left_over(self.left)))
            who = "Nobody" if course.student_id == "*" else f"No student {course.student_id!r}"
            folder = f"{course.submitted_directory}/{course.student_id}"
            empty = Path(course.root, folder).is_dir()
            there = f"nothing of it in {folder}" if empty else f"no {folder}/{course.assignment_id}"
            raise CannotGrade(f"{who} has handed in {course.assignment_id}: there is {there}.")
        return places.found

    def _report(self, released: dict[str, ReleasedNotebook], folder: Path) -> None:
        """Write the old and new points, and the summary, while the gradebook still has the old ones."""
        course, results = self.coursedir, self.results
        old = old_points(course.db_url, course.course_id, course.assignment_id)
        table = changes(old, new_points(results, released), max_points(released))
        self.standings, self.reached = summarise(results, released, results.remarks)
        self.left += [f"{who}: {said}" for who, one in results.submissions.items() for said in one.left]
        files = []
        if any(change.old is not None for change in table):
            files.append(write_changes(folder, course.assignment_id, table))
            if changed := changes_text(table):
                self.say(changed)
        self.reports = folder if course.student_id == course.notebook_id == "*" else None
        if self.reports:
            files.append(write_summary(self.reports, course.assignment_id, self.standings, self.left, self.reached))
        self.closing = closing(course.assignment_id, results, table, self.standings, self.reached, files, self.left)

    def _write_checked(self, directory: str, wanted: list[str]) -> dict[str, list[str]]:
        """Write the repaired submissions whose points aren't written yet, as nbgrader keeps them: folder -> notebooks.

        Old graded notebooks are taken away, so that nbgrader takes up the new ones.
        """
        assignments = {}
        for student in self._waiting():
            submission = self.results.submissions[student]
            folder = Path(self.coursedir.format_path(directory, student, self.coursedir.assignment_id))
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for name, data in submission.files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            if submission.handed_in:
                (folder / timestamp.NAME).write_text(f"{submission.handed_in} UTC\n", encoding="ascii")
            elif (self._graded(student) / timestamp.NAME).exists():
                forget_date(self.coursedir.db_url, self.coursedir.course_id, self.coursedir.assignment_id, student)
                (self._graded(student) / timestamp.NAME).unlink()
            # All notebooks, also those that weren't asked for: nbgrader gives a zero where there is none.
            for name, notebook in submission.notebooks.items():
                nbformat.write(to_notebook(notebook), folder / f"{name}.ipynb")
            if self.coursedir.notebook_id == "*":
                shutil.rmtree(self._graded(student), ignore_errors=True)
            for name in wanted:
                (self._graded(student) / f"{name}.ipynb").unlink(missing_ok=True)
            assignments[str(folder)] = [str(folder / f"{name}.ipynb") for name in wanted]
        return assignments

    def _waiting(self) -> list[str]:
        """The students whose points or dates aren't in the gradebook yet, or were asked for again."""
        course = self.coursedir
        known = dates(course.db_url, course.course_id, course.assignment_id)
        waiting = {
            student: None
            for (student, name), job in self.results.jobs.items()
            if self.force
            or self._is_redated(student, known.get(student))
            or (student, name) in self.results.anew
            or _written(self._graded(student) / f"{name}.ipynb")
            != made_of(self.results.submissions[student].notebooks[name], job)
        }
        return list(waiting)

    def _is_redated(self, student: str, known: datetime | None) -> bool:
        """Whether a submission has another date than the gradebook, or lost the one that it had."""
        handed_in = self.results.submissions[student].handed_in
        return known != handed_in if handed_in else (self._graded(student) / timestamp.NAME).exists()

    def _graded(self, student: str) -> Path:
        return Path(self._format_dest(self.coursedir.assignment_id, student))

    def convert_notebooks(self) -> None:
        """As nbgrader does, and then the last words."""
        total = sum(map(len, self.assignments.values()))
        # None: shown where stderr is a terminal.
        hidden = None if self.at_terminal and total else True
        with (
            self._isolation_told_if_it_dies(),
            tqdm(total=total, desc="writing marks", unit="notebook", disable=hidden) as self.progress,
        ):
            super().convert_notebooks()
        self._take_off()
        if self.reports:
            course = self.coursedir
            shown = as_recorded(self.standings, recorded(course.db_url, course.course_id, course.assignment_id))
            write_summary(self.reports, course.assignment_id, shown, self.left, self.reached)
        self.say(self.closing)

    def _take_off(self) -> None:
        """Write down anew what is taken off from those who are late: a due date may have changed, or a plugin."""
        course, quiet = self.coursedir, logging.Logger("late", logging.ERROR)
        for student, name in late(course.db_url, course.course_id, course.assignment_id):
            if (student, name) in self.results.jobs:
                where = {"student": student, "assignment": course.assignment_id, "notebook": name}
                resources = {"nbgrader": {**where, "db_url": course.db_url}}
                AssignLatePenalties(parent=self, log=quiet)(nbformat.v4.new_notebook(), resources)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Write down one notebook: first its points, then the notebook itself, which says that they are written."""
        resources = self.init_single_notebook_resources(notebook_filename)
        where = resources["nbgrader"]
        student, name = where["student"], where["notebook"]
        results, result = self.results, self.results[student, name]
        clean = results.submissions[student].notebooks[name]
        notebook = graded_notebook(clean, results.jobs[student, name], result, results.remarks(student, name, result))
        save_points(notebook, where, self.log)
        AssignLatePenalties(parent=self)(notebook, resources)
        resources["output_extension"] = self.exporter.file_extension
        self.write_single_notebook(nbformat.writes(notebook) + "\n", resources)
        self.progress.update()


def _print(text: str) -> None:
    click.echo(printable_lines(text), err=True)


def _written(path: Path) -> dict[str, str]:
    """What a graded notebook, whose points were written, was made of; empty when there is none."""
    try:
        graded = json.loads(path.read_text(encoding="utf-8"))["metadata"]["graded"]
        return {name: graded[name] for name in ("key", "path") if name in graded}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def autograde(assignment: str, student: str, notebook: str, force: bool, **options: Any) -> None:
    """Grade an assignment of the course that the working folder holds, as `nbgrader autograde` does.

    Parameters
    ----------
    assignment, student, notebook
        The last two are patterns.
    force
    **options
        Of c.Grading; they go before those of nbgrader_config.py.

    Raises
    ------
    SystemExit
        When it couldn't be done; what was logged says why.
    """
    os.environ.update(nbgrader_environment())
    app = AutogradeApp(log_format="%(message)s")
    app.initialize([])
    app.config.Grading.update(options)
    app.coursedir.assignment_id, app.coursedir.student_id, app.coursedir.notebook_id = assignment, student, notebook
    converter = SandboxAutograde(coursedir=app.coursedir, parent=app)
    converter.force = force
    try:
        converter.start()
    except NbGraderException:
        sys.exit(1)
