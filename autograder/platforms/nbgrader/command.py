"""nbgrader's own commands, run in a process apart."""

import os
import subprocess
import sys
from pathlib import Path

from autograder.course import ROOT

# The exit code of autograder.platforms.nbgrader.assignments when the gradebook doesn't take the assignments.
REFUSED = 3


def nbgrader(*arguments: str, course: Path = ROOT) -> str:
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


def nbgrader_environment() -> dict[str, str]:
    """Environment variables for nbgrader, which starts alembic by its name: this Python's folder is on the PATH."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}
