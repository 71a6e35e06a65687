"""A copy of the course for tests that change it or release it: nothing is written into the working tree."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from nbformat.reader import reads

from autograder.course import ROOT


def course_copy(folder):
    """What make_release reads and writes, without the packages: a folder for its `course`.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    folder : Path
    """
    for name in ("source", "release", "utils/checks/frozen"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*"))
    for name in ("README.md", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def whole_copy(folder):
    """All files of the repository, with those that git doesn't know yet: a course with a package of its own.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    folder : Path
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def run_in(folder, *arguments):
    """Run Python in a whole copy, with the copy's own packages.

    Parameters
    ----------
    folder : Path
    *arguments : str
        "-m", "autograder", "release"

    Returns
    -------
    subprocess.CompletedProcess
        With its output as text.
    """
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def edit(course, notebook, change):
    """Change a source notebook of a copy.

    Parameters
    ----------
    course : Path
    notebook : str
        "week2/numpy_basics"
    change : function
        Gets the cells, a list that it may change, by number and, as `cells["softmax"]`, by id.
    """
    path = Path(course) / "source" / f"{notebook}.ipynb"
    read = reads(path.read_text(encoding="utf-8"))
    read.cells = Cells(read.cells)
    change(read.cells)
    # As plain JSON, because nbformat would complain of what some tests want to be broken.
    path.write_text(json.dumps(read, indent=1) + "\n", encoding="utf-8")


class Cells(list):
    """Cells of a notebook, by number or by id."""

    def __getitem__(self, key):
        return next(cell for cell in self if cell.id == key) if isinstance(key, str) else super().__getitem__(key)

    def pop(self, key=-1):
        return super().pop(self.index(self[key]) if isinstance(key, str) else key)
