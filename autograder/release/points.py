"""Points are typed once, in nbgrader's metadata of a graded cell. All other places that tell them are written here."""

import copy
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.reader import reads

from autograder.catalogue import EXERCISES
from autograder.course import ROOT
from autograder.exercises.exercise import Question
from autograder.release.source import SourceNotebook, function_name, max_points, read_sources, role_of

# In nbgrader's form, with the empty line that ruff puts behind an import.
GRADED_CELL = """\
# {points}. When you submit, {name} is {done}.
### BEGIN HIDDEN TESTS
from autograder import hidden_test

hidden_test("{id}", points={number})
### END HIDDEN TESTS"""

HEADING = re.compile(r"^## .*$", flags=re.MULTILINE)
IN_HEADING = re.compile(r" *\(\d+(\.\d+)? points?\)$")
TOTAL = re.compile(r"\b\d+(\.\d+)? points?\b")


def number(points: float) -> str:
    """1, 2.5, 10: as it is typed, without an idle `.0`."""
    return str(int(points)) if float(points).is_integer() else str(points)


def in_words(points: float) -> str:
    """1 point, 2.5 points, 10 points."""
    return f"{number(points)} point{'' if points == 1 else 's'}"


def readme_row(source: SourceNotebook) -> re.Pattern[str]:
    """A notebook's entry in the README's table, as a regular expression; its group ends where the points begin."""
    file = f"release/{source.path.parent.name}/{source.name}.ipynb"
    return re.compile(rf"({re.escape(f'[{source.name}]({file}), ')})\d+(\.\d+)? points?")


def with_points(source: SourceNotebook) -> NotebookNode:
    """The notebook with its points in the headings, in the graded cells and in the first cell.

    Parameters
    ----------
    source : SourceNotebook
        One in which `autograder.release.problems` finds nothing.

    Returns
    -------
    NotebookNode
        A new one.
    """
    notebook = copy.deepcopy(source.notebook)
    heading: str | None = None
    under: dict[str | None, float] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and HEADING.search(cell.source):
            heading = cell.id
            under[heading] = 0
        elif role_of(cell) in ("graded", "by hand"):
            under[heading] += max_points(cell)
        if role_of(cell) == "graded":
            cell.source = graded_cell(f"{source.name}.{function_name(cell.id)}", max_points(cell))
    for cell in notebook.cells:
        if cell.id in under:
            [line, *_] = HEADING.findall(cell.source)
            told = f" ({in_words(round(under[cell.id], 2))})" if under[cell.id] else ""
            cell.source = cell.source.replace(line, IN_HEADING.sub("", line) + told, 1)
    first = notebook.cells[0]
    first.source = TOTAL.sub(in_words(total(source)), first.source, count=1)
    return notebook


def graded_cell(exercise_id: str, points: float) -> str:
    """The source of a graded cell."""
    asked = isinstance(EXERCISES[exercise_id], Question)
    done = "marked, with a word on every option" if asked else "run on inputs that you haven't seen"
    name = exercise_id.partition(".")[2]
    return GRADED_CELL.format(points=in_words(points), name=name, done=done, id=exercise_id, number=number(points))


def total(source: SourceNotebook) -> float:
    """The points of a whole notebook."""
    return round(sum(max_points(cell) for cell in source.cells), 2)


def texts_with_points(course: Path = ROOT) -> dict[Path, str]:
    """The files that tell points, as they should be.

    Parameters
    ----------
    course : Path

    Returns
    -------
    dict from Path to str
        The source notebooks, and the README where the course has one.
    """
    sources, _ = read_sources(course)
    texts = {source.path: nbformat.writes(with_points(source)) + "\n" for source in sources}
    readme = course / "README.md"
    if readme.exists():
        text = readme.read_text(encoding="utf-8")
        for source in sources:
            text = readme_row(source).sub(rf"\g<1>{in_words(total(source))}", text)
        texts[readme] = text
    return texts


def stale(course: Path = ROOT) -> list[str]:
    """Where something else is told than the metadata says: a sentence for each file, with its cells."""
    found = []
    for path, text in texts_with_points(course).items():
        old = path.read_text(encoding="utf-8")
        if old != text:
            cells = f", {', '.join(_differing(old, text))}" if path.suffix == ".ipynb" else ""
            file = path.relative_to(course).as_posix()
            found.append(f"{file}{cells}: the points aren't told as the graded cells have them. Run `make release`.")
    return found


def _differing(old: str, new: str) -> list[str]:
    before, after = (reads(text).cells for text in (old, new))
    return [cell.id for one, cell in zip(before, after, strict=True) if one != cell]
