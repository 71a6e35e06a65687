"""A batch: all submissions of an assignment, from what was handed in to results that are ready to be written down."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets import Any, Bool, Float, Integer, Unicode, validate
from traitlets.config import LoggingConfigurable

from autograder.grading.intake.released import NotReleased, read_released
from autograder.grading.intake.submission import read_submission
from autograder.grading.pool.runner import CannotRun, Runner
from autograder.grading.run.job import Settings
from autograder.grading.run.plan import make_job, read_secret
from autograder.report import marks
from sandbox import isolation

# Where repaired submissions, results and reports lie, beside the gradebook; see docs/grading.md.
CHECKED, RESULTS, REPORTS = "checked", "results", "reports"


class CannotGrade(Exception):
    """The batch can't start; one sentence says what to do."""


class Grading(LoggingConfigurable):
    """How submissions are run: c.Grading.jobs = 4, and so on, in nbgrader_config.py."""

    jobs = Integer(0, help="How many notebooks run at once; 0 means one for each core.").tag(config=True)
    isolation = Unicode(
        "best",
        help="'full' refuses to run student code unless every layer of isolation is there, 'best' takes what the "
        "machine has and reports it, 'none' asks for resource limits only.",
    ).tag(config=True)
    cell_seconds = Float(60, help="How long one cell may run.").tag(config=True)
    judge_seconds = Float(20, help="How long one function's calls may take together while it is judged.").tag(
        config=True
    )
    notebook_seconds = Float(300, help="How long one notebook may take in all.").tag(config=True)
    memory_mb = Integer(4096, help="Address space of a student's process, in megabytes.").tag(config=True)
    address = Unicode("", help="Address of a Dask scheduler: grade on its cluster.").tag(config=True)
    executor = Any(None, allow_none=True, help="A concurrent.futures.Executor to grade on.").tag(config=True)
    again = Bool(False, help="Run every notebook again, also where nothing has changed.").tag(config=True)
    folder = Unicode("grading", help="Where results and reports are kept, inside the course's folder.").tag(config=True)

    @validate("isolation")
    def _known_level(self, proposal):
        if proposal["value"] not in isolation.LEVELS:
            raise CannotGrade(f"c.Grading.isolation is {proposal['value']!r}; it should be one of {isolation.LEVELS}.")
        return proposal["value"]

    @property
    def settings(self):
        """The part that travels with each job."""
        return Settings(self.isolation, self.cell_seconds, self.judge_seconds, self.notebook_seconds, self.memory_mb)

    def check_isolation(self):
        """Refuse to start where student code can't be kept apart as wanted; other machines check for themselves."""
        if self.address or self.executor:
            return
        if not hasattr(os, "fork"):
            raise CannotGrade("Grading needs Linux or macOS; on Windows, run it in WSL.")
        if self.isolation != "full":
            return
        missing = {layer: reason for layer, reason in isolation.probe().items() if reason}
        if missing:
            reasons = "; ".join(f"{layer}: {reason}" for layer, reason in missing.items())
            raise CannotGrade(
                f"This machine can't isolate student code fully ({reasons}). Grade on one that can, or set "
                f'c.Grading.isolation = "best" in nbgrader_config.py.'
            )


@dataclass
class Entry:
    """One submission of the batch.

    Attributes
    ----------
    student : str
    folder : Path
        What was handed in.
    submission : Submission
        What is left after repairs.
    jobs : dict from notebook name to Job
    """

    student: str
    folder: Path
    submission: object
    jobs: dict


class Batch:
    """One run of `nbgrader autograde`.

    Parameters
    ----------
    grading : Grading
    coursedir : nbgrader.coursedir.CourseDirectory
        With the assignment, and patterns for student and notebook.
    forced : bool
        Whether `--force` was given.
    say : function of one str
        Takes lines for the instructor.
    """

    def __init__(self, grading, coursedir, forced, say):
        self.grading, self.coursedir, self.forced, self.say = grading, coursedir, forced, say
        self.assignment = coursedir.assignment_id
        self.folder = Path(coursedir.root, grading.folder)
        self.checked = grading.folder + "/" + CHECKED
        self.entries, self.results = {}, {}
        self.closing = ""  # the last words, for when the marks are written

    def prepare(self):
        """Repair, run, judge and report; nothing is written into the gradebook yet.

        Returns
        -------
        dict from folder to list of notebook paths
            The repaired submissions that nbgrader has to take up, as its converter keeps them.

        Raises
        ------
        CannotGrade
        """
        try:
            self.grading.check_isolation()
            released = self._released()
            secret, found = read_secret(self.folder / "secret"), list(self._found())
            runner = self._runner()
            if not (self.folder / RESULTS).exists():  # nothing was graded before, so all will be
                runner.start(len(found) * len(released))
            self.entries = {student: self._read(student, path, released, secret) for student, path in found}
            jobs = [job for entry in self.entries.values() for job in entry.jobs.values()]
            self.results = runner.run(jobs, self.forced)
            self._report(released)
            return self._write_checked(self._waiting())
        except (NotReleased, CannotRun, isolation.IsolationError) as reason:
            raise CannotGrade(str(reason)) from None

    def job(self, student, notebook):
        """The job of one notebook."""
        return self.entries[student].jobs[notebook]

    def remarks(self, student, notebook, result=None):
        """All sentences about one notebook, for its reader. Its result is read from disk when it isn't given."""
        submission = self.entries[student].submission
        result = result or self.results[student, notebook]
        said = [*submission.notebooks[notebook].remarks, *result.remarks, *submission.remarks]
        return list(dict.fromkeys(said))

    def _released(self):
        folder = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", self.assignment))
        released = read_released(self.coursedir.db_url, self.coursedir.course_id, self.assignment, folder)
        pattern = self.coursedir.notebook_id
        wanted = {name: notebook for name, notebook in released.items() if pattern in ("*", name)}
        if not wanted:
            raise CannotGrade(f"{self.assignment} has no notebook {pattern!r}; it has {', '.join(released)}.")
        return wanted

    def _found(self):
        """(student, folder) of every submission that was asked for."""
        directory = self.coursedir.submitted_directory
        pattern = re.compile(self.coursedir.format_path(directory, "(?P<student>.*)", self.assignment, escape=True))
        excluded = self.coursedir.student_id_exclude.split(",")
        for path in sorted(glob(self.coursedir.format_path(directory, self.coursedir.student_id, self.assignment))):
            student = pattern.fullmatch(path)["student"]
            if student not in excluded:
                yield student, Path(path)

    def _read(self, student, folder, released, secret):
        submission = read_submission(folder, released)
        files = {name: data for name, data in submission.files.items() if name != "timestamp.txt"}
        jobs = {
            name: make_job(student, self.assignment, notebook, released[name], files, secret, self.grading.settings)
            for name, notebook in submission.notebooks.items()
        }
        return Entry(student, folder, submission, jobs)

    def _runner(self):
        return Runner(
            self.folder / RESULTS,
            executor=self.grading.executor,
            jobs=self.grading.jobs,
            address=self.grading.address,
            again=self.grading.again,
            log=self.say,
        )

    def _report(self, released):
        """Write the old and new marks, and the summary, while the gradebook still has the old ones."""
        url, course = self.coursedir.db_url, self.coursedir.course_id
        new, most = marks.new_marks(self.results, released), marks.most_points(released)
        table = marks.changes(marks.old_marks(url, course, self.assignment), new, most)
        standings, reached = marks.summarise(self.results, released, self.remarks)
        files = []
        if any(change.old is not None for change in table):
            files.append(marks.write_changes(self.folder / REPORTS, self.assignment, table))
            if changed := marks.changes_text(table):
                self.say(changed)
        if self.coursedir.student_id == self.coursedir.notebook_id == "*":
            files.append(marks.write_summary(self.folder / REPORTS, self.assignment, standings))
        self.closing = marks.closing(self.assignment, self.results, table, standings, reached, files)

    def _waiting(self):
        """The entries whose marks aren't in the gradebook yet, or were asked for again."""
        waiting = []
        for entry in self.entries.values():
            done = self._graded_path(entry.student)
            written = {name: written_key(done / f"{name}.ipynb") for name in entry.jobs}
            fresh = any((entry.student, name) in self.results.anew for name in entry.jobs)
            if self.forced or fresh or any(written[name] != job.key for name, job in entry.jobs.items()):
                waiting.append(entry)
        return waiting

    def _graded_path(self, student):
        return Path(self.coursedir.format_path(self.coursedir.autograded_directory, student, self.assignment))

    def _write_checked(self, waiting):
        """Write the repaired submissions, and take the old graded ones away so that nbgrader takes up the new."""
        folders = {}
        for entry in waiting:
            folder = Path(self.coursedir.format_path(self.checked, entry.student, self.assignment))
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for name, data in entry.submission.files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            for name, notebook in entry.submission.notebooks.items():
                nbformat.write(notebook.to_notebook(), folder / f"{name}.ipynb")
                graded = self._graded_path(entry.student) / f"{name}.ipynb"
                graded.unlink(missing_ok=True)
            if self.coursedir.notebook_id == "*":
                shutil.rmtree(self._graded_path(entry.student), ignore_errors=True)
            folders[str(folder)] = [str(folder / f"{name}.ipynb") for name in entry.submission.notebooks]
        return folders

    def checked_coursedir(self):
        """The course directory, with the repaired submissions in the place of what was handed in."""
        names = self.coursedir.trait_names(config=True)
        copy = CourseDirectory(**{name: getattr(self.coursedir, name) for name in names})
        copy.submitted_directory = self.checked
        return copy


def written_key(path):
    """The key of the job whose marks were written, from a graded notebook; None when there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["metadata"]["graded"]["key"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
