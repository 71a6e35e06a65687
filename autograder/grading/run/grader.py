"""What decides a result, and a hash of it: where that changes, results are made anew."""

import hashlib
from functools import cache
from pathlib import Path

from autograder.course import ROOT

# Files, or folders of them with these endings. What was handed in and repaired, and the settings, stand in each job, so
# that neither the intake nor a platform is here; nor is what only carries jobs about, or reads results.
DECIDES = (
    "autograder/catalogue",
    "autograder/exercises",
    "autograder/grading/run",
    "autograder/grading/text.py",
    "autograder/hidden.py",
    "autograder/judge.py",
    "sandbox",
    "source",
    # What right and wrong is, and what a student's cells import and read: their outputs are part of the result.
    "utils",
    "datasets/cats.h5",
)
ENDINGS = (".py", ".toml", ".json", ".ipynb")


@cache
def grader_hash(root: Path = ROOT) -> str:
    """A hash of the code, the catalogue and the solutions that grade."""
    found = hashlib.sha256()
    for path in sorted(path for name in DECIDES for path in _files(root / name)):
        found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in path.rglob("*") if file.suffix in ENDINGS and ".ipynb_checkpoints" not in file.parts]
