"""Makes what students get: the frozen checks, and the notebooks without solutions and hidden tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.course import ROOT
from autograder.platforms.nbgrader.command import REFUSED, nbgrader_environment
from autograder.release.freeze import write_checks
from autograder.release.points import texts_with_points
from autograder.release.problems import problems
from utils.checks.values import FROZEN


class CannotRelease(Exception):
    """A course isn't released; `problems` says why, in a sentence for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def make_release(course: Path = ROOT) -> list[str]:
    """Release a course: points in source/ and README.md, utils/checks/frozen/, release/, and the gradebook.

    All is generated aside, in build/release/, and takes its place when nothing can fail any more. What is gone from
    source/ is gone from release/, too.

    Parameters
    ----------
    course : Path
        The folder in which all of these lie. Its catalogue and its solutions are those of the package that runs.

    Returns
    -------
    assignments : list of str

    Raises
    ------
    CannotRelease
        When something has to be mended first; nothing is written then.
    SystemExit
        With nbgrader's own words, when it failed otherwise.
    """
    if found := problems(course):
        raise CannotRelease(found)
    aside = course / "build" / "release"
    shutil.rmtree(aside, ignore_errors=True)
    texts = texts_with_points(course)
    assignments = sorted({path.parent.name for path in texts if path.suffix == ".ipynb"})
    for assignment in assignments:
        shutil.copytree(course / "source" / assignment, aside / "source" / assignment)
    for path, text in texts.items():
        target = aside / path.relative_to(course)
        target.write_text(text, encoding="utf-8", newline="\n")
    write_checks(aside / "frozen")
    _generate(course, aside, assignments)
    for path, text in texts.items():
        if path.read_bytes() != text.encode():
            os.replace(aside / path.relative_to(course), path)
    _swap(aside / "frozen", course / FROZEN.relative_to(ROOT))
    _swap(aside / "release", course / "release")
    shutil.rmtree(aside)
    return assignments


def _generate(course: Path, aside: Path, assignments: list[str]) -> None:
    """Let nbgrader make the released notebooks aside, and write the assignments into the course's own gradebook."""
    folders = [
        f"--CourseDirectory.{name}_directory={aside.relative_to(course) / name}" for name in ("source", "release")
    ]
    command = [sys.executable, "-m", "autograder.platforms.nbgrader.assignments", *folders, *assignments]
    done = subprocess.run(command, cwd=course, env=nbgrader_environment(), capture_output=True, text=True)
    if done.returncode == REFUSED:
        raise CannotRelease(done.stdout.splitlines())
    if done.returncode:
        raise SystemExit(f"nbgrader generate_assignment failed, so nothing is released:\n{done.stdout}{done.stderr}")


def _swap(new: Path, old: Path) -> None:
    """Put a new folder where an old one is, in two steps that take no time."""
    away = new.with_name(f"old-{new.name}")
    old.parent.mkdir(parents=True, exist_ok=True)
    if old.exists():
        old.rename(away)
    new.rename(old)
