"""Makes what students get: the frozen checks, and the notebooks without solutions and hidden tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.freeze import write_checks
from autograder.reference import ROOT


def nbgrader(*arguments, course=ROOT):
    """Run an nbgrader command in a course folder.

    Parameters
    ----------
    *arguments : str
    course : Path
        The folder that holds nbgrader_config.py.

    Returns
    -------
    output : str

    Raises
    ------
    SystemExit
        With nbgrader's own words, when it failed.
    """
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course, env=nbgrader_environment(), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"nbgrader {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def nbgrader_environment():
    """Environment variables for nbgrader, which starts alembic by its name: this Python's folder is on the PATH."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}


def make_release(course=ROOT):
    """Write the frozen checks into utils/frozen/ and every assignment of source/ into release/.

    Parameters
    ----------
    course : Path
        The folder whose source/ is released; the checks are always those of this checkout.

    Returns
    -------
    assignments : list of str
    """
    write_checks()
    assignments = sorted(folder.name for folder in (course / "source").iterdir() if any(folder.glob("*.ipynb")))
    for old in (course / "release").glob("*"):
        if old.is_dir() and old.name not in assignments:
            shutil.rmtree(old)
    for assignment in assignments:
        nbgrader("generate_assignment", assignment, "--create", "--force", course=course)
    return assignments
