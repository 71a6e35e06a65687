"""A course folder of its own for a test: released, with submissions, graded by nbgrader's command."""

import shutil
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.course import ROOT, SOURCE
from tests.support.level import CONFIG
from tests.support.quick_nbgrader import nbgrader
from tests.support.submissions import solutions, write_submission

# Short deadlines: what is meant to hang should not hold the tests up.
QUICK = "c.Grading.cell_seconds = 5\nc.Grading.judge_seconds = 5\nc.Grading.memory_mb = 2048\n"


class Course:
    """A course folder.

    Parameters
    ----------
    folder : Path
        Made when it isn't there.
    weeks : sequence of str
        Which weeks to release.
    settings : str
        Lines added to nbgrader_config.py.
    """

    def __init__(self, folder, weeks=(), settings=QUICK):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
        (self.folder / "nbgrader_config.py").write_text(f"{config}\n{CONFIG}{settings}", encoding="utf-8")
        for week in weeks:
            shutil.copytree(SOURCE / week, self.folder / "source" / week)
            nbgrader("generate_assignment", week, "--create", course=self.folder)

    def copy(self, folder, settings=QUICK):
        """The same course elsewhere, with other settings."""
        shutil.copytree(self.folder, folder)
        return Course(folder, settings=settings)

    def submitted(self, student, week):
        """The folder that a student hands in."""
        return self.folder / "grading" / "submitted" / student / week

    def submit(self, student, week, answers):
        """Hand in notebooks of a week.

        Parameters
        ----------
        student, week : str
        answers : dict from notebook to (dict from function to source, added to our solutions; or None: none at all)
        """
        for notebook, own in answers.items():
            filled = {} if own is None else solutions(notebook) | own
            write_submission(self.submitted(student, week), week, notebook, filled)

    def autograde(self, week, *options):
        """Run nbgrader autograde: what it printed."""
        return nbgrader("autograde", week, *options, course=self.folder)

    @property
    def db_url(self):
        """Where the gradebook is, unless the settings say otherwise."""
        return f"sqlite:///{self.folder / 'grading' / 'gradebook.db'}"

    def marks(self, week, db_url=None):
        """Points of each student in each notebook: {(student, notebook): score}."""
        with Gradebook(db_url or self.db_url) as gradebook:
            return {
                (submission.student.id, notebook.name): round(notebook.score, 2)
                for submission in gradebook.assignment_submissions(week)
                for notebook in submission.notebooks
            }
