"""What would go wrong with a class is refused before it is released: everything at once, each in one sentence."""

import ast
import keyword
import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from nbformat import NotebookNode

from autograder.catalogue import EXERCISES, FAULTS
from autograder.course import ROOT, source_notebooks
from autograder.exercises.exercise import EXAMPLES, Exercise, Question
from autograder.grading.run.rounds import rounds
from autograder.release.freeze import frozen_exercise
from autograder.release.points import HEADING, TOTAL, readme_row
from autograder.release.source import SourceNotebook, function_name, read_sources, role_of

BY_RELEASE = "`make release` puts the number right"
METADATA = ("grade", "grade_id", "locked", "schema_version", "solution", "task")


def problems(course: Path = ROOT, exercises: dict[str, Exercise] = EXERCISES) -> list[str]:
    """What has to be mended before a course can be released.

    The solutions that mistakes and cases are tried on are those of the package that runs, so a course with other
    solutions is released by its own.

    Parameters
    ----------
    course : Path
    exercises : dict from id to Exercise

    Returns
    -------
    sentences : list of str
        Each with the file, the cell and what to change; none when all is well.
    """
    sources, unreadable_sources = read_sources(course)
    found = [*FAULTS, *unreadable_sources]
    readme = course / "README.md"
    table = readme.read_text(encoding="utf-8") if readme.exists() else None
    for source in sources:
        misnamed, unreadable = [*_in_name(source, sources)], [*_in_cells(source)]
        found += [*misnamed, *unreadable, *_in_text(source, table)]
        if not unreadable:
            found += [*_in_answers(source), *_in_graded_cells(source)]
            if not misnamed:
                found += _in_catalogue(source, exercises)
    there = {path.stem for path in source_notebooks(course)}
    for notebook in dict.fromkeys(exercise.notebook for exercise in exercises.values()):
        if notebook not in there:
            found.append(f"autograder/catalogue has {notebook}, but source/ has no {notebook}.ipynb. Remove it there.")
    try:
        rounds(exercises.values())
    except ValueError as circle:
        found.append(str(circle))
    return found


def _in_name(source: SourceNotebook, sources: list[SourceNotebook]) -> Iterator[str]:
    """Exercises are called by the notebook's name, and found by it."""
    if not source.name.isidentifier() or keyword.iskeyword(source.name):
        better = re.sub(r"\W", "_", source.name)
        yield f"{source.where}: exercises are called by this name, so make it one that Python takes, {better}.ipynb."
    twin = next((other for other in sources if other.name == source.name and other is not source), None)
    if twin:
        yield f"{source.where} has the same name as {twin.where}. Exercises are called by it: rename one."
    folder = source.path.parent.name
    if not re.fullmatch(r"week\d+", folder):
        yield f"{source.where} lies in {folder}/, but assignments are called week1, week2, ...: rename the folder."
    makes = rf"""^check = load_checks\(["']{re.escape(source.name)}["']\)"""
    if not any(cell.cell_type == "code" and re.search(makes, cell.source, flags=re.MULTILINE) for cell in source.cells):
        yield f'{source.where} makes no checks of its own: write `check = load_checks("{source.name}")` near its top.'


def _in_cells(source: SourceNotebook) -> Iterator[str]:
    """What keeps the cells from being read at all."""
    for id, times in Counter(cell.get("id") for cell in source.cells).items():
        if id is None:
            yield f"{source.where} has cells without an id ({times}). Give each one of its own, in plain words."
        elif times > 1:
            yield f"{source.where}, cell {id}: {times} cells have this id (or grade_id). Give each one of its own."
    for cell in source.cells:
        about = cell.metadata.get("nbgrader", {})
        lacking = [key for key in METADATA if key not in about] if about else []
        if lacking:
            yield f"{source.at(cell)}: its nbgrader metadata lack {', '.join(lacking)}. Copy another exercise's."
        if cell.cell_type == "code":
            try:
                ast.parse(cell.source)
            except (SyntaxError, ValueError) as error:
                line = getattr(error, "lineno", None) or 1
                yield f"{source.at(cell)}: line {line} isn't Python ({error.args[0]}), so nothing can be read. Mend it."


def _in_text(source: SourceNotebook, table: str | None) -> Iterator[str]:
    """Where points are told there has to be room for them."""
    if not source.cells or source.cells[0].cell_type != "markdown" or not TOTAL.search(source.cells[0].source):
        yield f"{source.where}: its first cell should tell its points. Write `0 points` there; {BY_RELEASE}."
    if table is not None and not readme_row(source).search(table):
        row = f"[{source.name}](release/{source.path.parent.name}/{source.name}.ipynb), 0 points"
        yield f"README.md has no row for {source.where}. Write `{row}` into its table; {BY_RELEASE}."
    headed = False
    for cell in source.cells:
        headed = headed or (cell.cell_type == "markdown" and bool(HEADING.search(cell.source)))
        if role_of(cell) in ("graded", "by hand"):
            yield from _in_points(source, cell)
            if not headed:
                yield f"{source.at(cell)}: no heading above tells its points. Begin the exercise's text with `## ...`."


def _in_points(source: SourceNotebook, cell: NotebookNode) -> Iterator[str]:
    points = cell.metadata.nbgrader.get("points")
    if points is None:
        yield f"{source.at(cell)} has no points. Write them into its nbgrader metadata."
    elif isinstance(points, bool) or not isinstance(points, int | float) or not 0 < points < math.inf:
        yield f"{source.at(cell)} is worth {points!r} points. Write a number above 0 into its nbgrader metadata."


def _in_answers(source: SourceNotebook) -> Iterator[str]:
    """Each answer is a function with a region to fill in, a check and a graded cell below."""
    place = {cell.id: number for number, cell in enumerate(source.cells)}
    graded = {cell.id for cell in source.all("graded")}
    for cell in source.cells:
        if role_of(cell) != "answer":
            if "### BEGIN SOLUTION" in cell.source and not cell.metadata.get("nbgrader", {}).get("solution"):
                yield f"{source.at(cell)} has a solution, but isn't marked as one. Put `solution` into its metadata."
            continue
        name = function_name(cell.id)
        defined = _functions(cell)
        if name not in defined:
            yield (
                f"{source.at(cell)} should define {name}, but it defines {', '.join(defined) or 'no function'}. "
                f"Give it the name that its cells have ({cell.id}, check-{cell.id}, grade-{cell.id}), or them its name."
            )
        if re.findall(r"### (BEGIN|END) SOLUTION", cell.source) != ["BEGIN", "END"]:
            yield f"{source.at(cell)} needs its solution between `### BEGIN SOLUTION` and `### END SOLUTION`."
        check = f"check-{cell.id}"
        if check not in place:
            yield f"{source.at(cell)} has no check. Write `check({name})` into a locked cell {check} below it."
        else:
            yield from _in_check(source, source.cells[place[check]], name)
        if f"grade-{cell.id}" not in graded:
            yield (
                f"{source.at(cell)} has no graded cell, so {name} would earn nothing. Put an empty one below its "
                f"check, grade-{cell.id}, with `grade` and `points` in its nbgrader metadata."
            )
        for other in (check, f"grade-{cell.id}"):
            if place.get(other, math.inf) < place[cell.id]:
                yield f"{source.where}, cell {other} stands above its answer {cell.id}. Move it below."


def _functions(cell: NotebookNode) -> list[str]:
    """Names of the functions that a cell defines."""
    return [node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)]


def _in_check(source: SourceNotebook, check: NotebookNode, name: str) -> Iterator[str]:
    if role_of(check) != "locked" or check.source != f"check({name})":
        yield f"{source.at(check)} should be locked, without points, and hold `check({name})` and nothing else."


def _in_graded_cells(source: SourceNotebook) -> Iterator[str]:
    """Each graded cell belongs to one answer, and holds nothing but the hidden test."""
    answers = {cell.id for cell in source.all("answer")}
    above = None
    for cell in source.cells:
        if role_of(cell) == "answer":
            above = cell.id
        elif role_of(cell) == "graded":
            yield from _in_graded_cell(source, cell, answers, above)
        elif "### BEGIN HIDDEN TESTS" in cell.source and not cell.metadata.get("nbgrader", {}).get("grade"):
            yield f"{source.at(cell)} has a hidden test, but isn't graded. Put `grade` and `points` into its metadata."


def _in_graded_cell(source: SourceNotebook, cell: NotebookNode, answers: set[str], above: str | None) -> Iterator[str]:
    if not (cell.id.startswith("grade-") and cell.id.removeprefix("grade-") in answers):
        if above is None:
            yield f"{source.at(cell)} stands above all answers. Move it below the one that it grades."
        elif any(other.id == f"grade-{above}" for other in source.all("graded")):
            yield f"{source.at(cell)} is a second graded cell for {function_name(above)}. Remove one of the two."
        else:
            yield f"{source.at(cell)}: a graded cell is named after its answer. Call this one grade-{above}."
    for node in ast.parse(cell.source).body:
        if not _of_hidden_test(node):
            first = ast.unparse(node).splitlines()[0]
            yield (
                f"{source.at(cell)} holds `{first}`, which would run beside the student's code and could be forged. "
                f"Leave the cell empty; `make release` writes it."
            )
            return


def _of_hidden_test(node: ast.stmt) -> bool:
    """Whether a statement is the import or the call of hidden_test, of this or of an older form."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "autograder"
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith("hidden_test(")


def _in_catalogue(source: SourceNotebook, exercises: dict[str, Exercise]) -> Iterator[str]:
    """The notebook and the catalogue have the same exercises, in the same order, and the entries fit the solutions."""
    answers = {f"{source.name}.{function_name(cell.id)}": cell for cell in source.all("answer")}
    entries = [id for id in exercises if exercises[id].notebook == source.name]
    for id, cell in answers.items():
        if id not in entries:
            yield f"{source.at(cell)}: {source.catalogue} has no {id}, so nobody could be judged by it. Add it there."
    for id in entries:
        if id not in answers:
            yield f"{source.catalogue} has {id}, but {source.where} has no answer for it. Remove it, or add the cell."
    known = [id for id in answers if id in entries]
    order = [id for id in entries if id in answers]
    for id, other in zip(known, order, strict=True):
        if id != other:
            yield f"{source.catalogue} has {other} where {source.where} has {id}. Follow the notebook's order."
            break
    for id in known:
        if exercises[id].name in _functions(answers[id]):
            yield from _in_entry(source, answers[id], exercises[id], known[: known.index(id)])


def _in_entry(source: SourceNotebook, cell: NotebookNode, exercise: Exercise, above: list[str]) -> Iterator[str]:
    helpers = {name for other in source.cells if other.cell_type == "code" for name in _functions(other)}
    for used in exercise.uses:
        if used in helpers and f"{source.name}.{used}" not in above:
            yield f"{source.catalogue}: {exercise.id} uses {used}, but that is no exercise above it. Take it out."
    broken = _misfits(exercise)
    for sentence in broken:
        yield f"{source.at(cell)}: {sentence} Bring {source.catalogue} and the solution together."
    if not broken and not isinstance(exercise, Question):
        yield from _in_cases(source, cell, exercise)


@cache  # as long as the solutions, which are read once
def _misfits(exercise: Exercise) -> list[str]:
    """Sentences on what doesn't fit between an exercise and its solution."""
    return exercise.problems()


def _in_cases(source: SourceNotebook, cell: NotebookNode, exercise: Exercise) -> Iterator[str]:
    """The solution and the known mistakes are tried on the examples that students will get."""
    try:
        failed, examples = _failure(exercise), frozen_exercise(exercise)
    except Exception as error:  # whatever the catalogue's function does, it gets a sentence
        reason = f"{type(error).__name__}: {error}"
        yield f"{source.catalogue}: the cases of {exercise.id} can't be drawn ({reason}). Mend them there."
        return
    if failed:
        yield f"{source.at(cell)}: the solution fails on a case of {source.catalogue} ({failed}). Mend one of them."
        return
    expected = [case["expected"] for case in examples["cases"]]
    for mistake in examples["mistakes"]:
        if mistake["gives"] == expected:
            name = f"mistake {mistake['name']} of {exercise.id}"
            yield f"{source.catalogue}: {name} is right on every case. Draw one that shows it."


@cache
def _failure(exercise: Exercise) -> str:
    """Why the solution gives no numbers on one of the examples; "" when it gives some on all."""
    for case in exercise.cases(EXAMPLES):
        for reading in exercise.readings(exercise.reference, case):
            if not isinstance(reading, np.ndarray | np.generic | int | float):
                return str(reading)
    return ""
