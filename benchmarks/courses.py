"""Course folders to grade in, one for stock nbgrader and one for ours, and what nbgrader says and writes there."""

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.course import ROOT
from autograder.platforms.nbgrader.command import nbgrader, nbgrader_environment
from tests.support.honest_class import hand_in

SWITCH = 'if importlib.util.find_spec("autograder"):'
TIMED = Path(__file__).with_name("timed_autograde.py")


@dataclass(frozen=True)
class Course:
    """A course folder with one assignment.

    Attributes
    ----------
    folder : Path
    week : str
    notebooks : tuple of str
    """

    folder: Path
    week: str
    notebooks: tuple

    def copy(self, folder, stock=False):
        """Another course folder that is the same; for stock, nbgrader runs notebooks in its own way there."""
        shutil.copytree(self.folder, folder)
        if stock:
            (folder / "nbgrader_config.py").write_text(stock_config(), encoding="utf-8")
        return Course(folder, self.week, self.notebooks)

    def hand_in(self, students):
        """Write the submissions of these students."""
        for student in students:
            hand_in(
                student, self.folder / "grading" / "submitted" / student.name / self.week, self.week, self.notebooks
            )

    def autograde(self, students="*", times=None, watch=None):
        """Grade with nbgrader, in a process of its own.

        Parameters
        ----------
        students : str
            A pattern for their names.
        times : Path or None
            A folder for what the clocks inside say; see timed_autograde.py.
        watch : function from a process id to a context manager, or None
            Watches the process meanwhile.

        Returns
        -------
        seconds : float
            From its start to its end.

        Raises
        ------
        SystemExit
            With nbgrader's own words, when it failed.
        """
        program = ["-m", "nbgrader"] if times is None else [str(TIMED)]
        command = [sys.executable, *program, "autograde", self.week, "--student", students]
        environment = nbgrader_environment() | ({"GRADING_TIMES": str(times)} if times else {})
        begin = time.monotonic()
        with (self.folder / "said.txt").open("w+", encoding="utf-8") as said:
            process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=said, stderr=said)
            if watch:
                with watch(process.pid):
                    process.wait()
            else:
                process.wait()
            seconds = time.monotonic() - begin
            if process.returncode:
                said.seek(0)
                raise SystemExit(f"nbgrader autograde {self.week} failed:\n{said.read()[-4000:]}")
        return seconds

    def marks(self):
        """Points in the gradebook: (student, notebook, cell) -> score."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder / 'grading' / 'gradebook.db'}") as gradebook:
            return {
                (submission.student.id, notebook.name, grade.name): grade.score
                for submission in gradebook.assignment_submissions(self.week)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }


def make_course(folder, week, notebooks):
    """A course folder in which an assignment with these notebooks was released.

    Parameters
    ----------
    folder : Path
        Not there yet.
    week : str
    notebooks : sequence of str

    Returns
    -------
    Course
    """
    (folder / "source" / week).mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for notebook in notebooks:
        shutil.copy(ROOT / "source" / week / f"{notebook}.ipynb", folder / "source" / week)
    nbgrader("generate_assignment", week, "--create", course=folder)
    # With a secret of its own, every run would draw other inputs.
    (folder / "grading" / "secret").write_text("benchmark " * 4, encoding="ascii")
    return Course(folder, week, tuple(notebooks))


def stock_config():
    """The course's nbgrader_config.py as it is where `autograder` isn't installed: nbgrader's own Execute."""
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    if config.count(SWITCH) != 1:
        raise SystemExit(f"nbgrader_config.py has no line `{SWITCH}`: adapt SWITCH in benchmarks/courses.py.")
    return config.replace(SWITCH, "if False:  # stock")


def differences(stock, ours):
    """Where two gradebooks give other marks to the same work.

    Parameters
    ----------
    stock, ours : dict from (student, notebook, cell) to score

    Returns
    -------
    list of str
        One line for each mark.
    """
    return [
        f"{' '.join(key)}: stock gives {_score(stock, key)}, ours gives {_score(ours, key)}"
        for key in sorted(stock.keys() | ours.keys())
        if key not in stock or key not in ours or abs(stock[key] - ours[key]) > 1e-9
    ]


def _score(marks, key):
    return f"{marks[key]:g}" if key in marks else "no mark"
