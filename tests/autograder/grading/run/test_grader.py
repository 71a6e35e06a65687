"""What decides a result: a change there grades anew, a change elsewhere doesn't."""

import shutil

import pytest

from autograder.course import ROOT
from autograder.grading.run import grader
from autograder.grading.run.grader import DECIDES, grader_hash

CHANGES_NOTHING = [
    "autograder/__main__.py",
    "autograder/grading/core.py",
    "autograder/grading/intake/repair.py",
    "autograder/grading/pool/runner.py",
    "autograder/platforms/nbgrader/autograde.py",
    "autograder/release/freeze.py",
    "autograder/report/summary.py",
    "datasets/draw_cats.py",
    "docs/grading.md",
    "notebooks/new.ipynb",
    "release/week1/quiz1.ipynb",
    "utils/checks/notes.md",
]
CHANGES_ALL = [
    "autograder/catalogue/new.toml",
    "autograder/catalogue/week9/new.py",
    "autograder/exercises/exercise.py",
    "autograder/grading/run/worker.py",
    "autograder/hidden.py",
    "autograder/judge.py",
    "sandbox/shell.py",
    "sandbox/isolation/seccomp.py",
    "source/week1/quiz1.ipynb",
    "utils/checks/verdict.py",
    "utils/checks/frozen/quiz1.json",
    "utils/data.py",
    "datasets/cats.h5",
]


@pytest.fixture
def course(tmp_path):
    """A copy of all code, notebooks and documentation."""
    for name in ("autograder", "sandbox", "utils", "source", "docs", "release", "datasets"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def fresh(course):
    grader_hash.cache_clear()
    return grader_hash(course)


def test_it_is_that_of_the_code_that_runs(course):
    assert fresh(course) == grader_hash() == grader_hash(ROOT)


def test_one_byte_decides_or_it_does_not(course):
    before = fresh(course)
    for name, decides in {**dict.fromkeys(CHANGES_NOTHING, False), **dict.fromkeys(CHANGES_ALL, True)}.items():
        path = course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = path.read_bytes() if path.exists() else None
        path.write_bytes((kept or b"") + b"\n")
        assert (fresh(course) != before) == decides, name
        path.unlink() if kept is None else path.write_bytes(kept)
    assert fresh(course) == before


def test_all_that_decides_is_there():
    """A room that was moved would be left out silently."""
    assert [name for name in DECIDES if not grader._files(ROOT / name)] == []
