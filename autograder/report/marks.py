"""Old marks beside new ones, and what the instructor reads after grading a class."""

import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import func, select

from autograder.grading.pool.store import safe_name, write_whole
from autograder.report.tables import aligned, count, printable, to_csv

ROWS_SHOWN = 40
# Marks are floats that went through text and a database.
SAME = 1e-6


class OldMark(NamedTuple):
    """A mark in the gradebook: given automatically, given by hand (None when there is none), and the most there is."""

    auto: float | None
    manual: float | None
    most: float


def old_marks(db_url, course_id, assignment):
    """The marks that the gradebook has now.

    Parameters
    ----------
    db_url, course_id, assignment : str

    Returns
    -------
    dict from (student, notebook, grade_id) to OldMark
    """
    asked = (
        select(
            SubmittedAssignment.student_id,
            Notebook.name,
            BaseCell.__table__.c.name,
            Grade.auto_score,
            Grade.manual_score,
            func.coalesce(GradeCell.__table__.c.max_score, TaskCell.__table__.c.max_score, 0.0),
        )
        .select_from(Grade.__table__)
        .join(SubmittedNotebook.__table__, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment.__table__, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment.__table__, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Notebook.__table__, SubmittedNotebook.notebook_id == Notebook.id)
        .join(BaseCell.__table__, Grade.cell_id == BaseCell.__table__.c.id)
        .outerjoin(GradeCell.__table__, GradeCell.__table__.c.id == Grade.cell_id)
        .outerjoin(TaskCell.__table__, TaskCell.__table__.c.id == Grade.cell_id)
        .where(Assignment.name == assignment)
    )
    with Gradebook(db_url, course_id) as gradebook:
        return {tuple(row[:3]): OldMark(*row[3:]) for row in gradebook.db.execute(asked)}


def new_marks(results, released):
    """The marks that results stand for.

    Parameters
    ----------
    results : mapping from (student, notebook) to Result
    released : dict from notebook to ReleasedNotebook

    Returns
    -------
    dict from (student, notebook, grade_id) to points
        Of cells that are graded automatically.
    """
    return {
        (student, notebook, cell.id): float(credits.get(cell.question.exercise, 0.0))
        for (student, notebook), credits in ((where, result.credits) for where, result in results.items())
        for cell in released[notebook].cells
        if cell.question is not None
    }


@dataclass(frozen=True)
class Change:
    """A notebook of a student before and after.

    Attributes
    ----------
    student, notebook : str
    old : float or None
        Sum of the automatic marks before; None when there were none.
    new : float
    most : float
        Points that are graded automatically.
    cells : tuple of (grade_id, old, new)
        Those that changed.
    by_hand : tuple of str
        Cells with a mark given by hand.
    """

    student: str
    notebook: str
    old: float | None
    new: float
    most: float
    cells: tuple
    by_hand: tuple

    @property
    def differs(self):
        """Whether a mark that was there before changes."""
        return self.old is not None and bool(self.cells)

    @property
    def note(self):
        """What the instructor should look at, or nothing."""
        has = "has a mark" if len(self.by_hand) == 1 else "have marks"
        return f"{', '.join(self.by_hand)} {has} given by hand; check it" if self.by_hand else ""


def changes(old, new, most):
    """Old and new marks, notebook by notebook.

    Parameters
    ----------
    old : dict from (student, notebook, grade_id) to OldMark
    new : dict from (student, notebook, grade_id) to points
    most : dict from (notebook, grade_id) to points

    Returns
    -------
    list of Change
        One for each student and notebook in `new`, sorted.
    """
    cells, by_hand = defaultdict(list), defaultdict(list)
    for (student, notebook, cell), points in new.items():
        cells[student, notebook].append((cell, points))
    for (student, notebook, cell), mark in old.items():
        if mark.manual is not None:
            by_hand[student, notebook].append(cell)
    found = []
    for (student, notebook), marks in sorted(cells.items()):
        before = {cell: old[student, notebook, cell].auto for cell, _ in marks if (student, notebook, cell) in old}
        known = [value for value in before.values() if value is not None]
        found.append(
            Change(
                student,
                notebook,
                sum(known) if known else None,
                sum(points for _, points in marks),
                sum(most[notebook, cell] for cell, _ in marks),
                tuple((cell, before.get(cell), points) for cell, points in marks if _differ(before.get(cell), points)),
                tuple(sorted(by_hand[student, notebook])),
            )
        )
    return found


def _differ(old, new):
    return old is None or abs(old - new) > SAME


def most_points(released):
    """Points of the cells that are graded automatically: (notebook, grade_id) -> points."""
    return {
        (name, cell.id): cell.question.points
        for name, notebook in released.items()
        for cell in notebook.cells
        if cell.question is not None
    }


def write_changes(folder, assignment, table):
    """Write the table of old and new marks. Do it before any mark is written to the gradebook.

    Each call writes a file of its own: after a batch that was killed half-way, the first one still has the old marks.

    Parameters
    ----------
    folder : Path
        Of reports.
    assignment : str
    table : list of Change

    Returns
    -------
    Path
    """
    rows = [
        (
            change.student,
            change.notebook,
            "" if change.old is None else _rounded(change.old),
            _rounded(change.new),
            _rounded(change.most),
            "; ".join(f"{cell} {_points(old)} -> {_points(new)}" for cell, old, new in change.cells),
            change.note,
        )
        for change in table
    ]
    path = _unused(Path(folder) / safe_name(assignment) / f"marks-{datetime.now():%Y-%m-%d-%H%M%S}.csv")
    write_whole(path, to_csv(("student", "notebook", "old", "new", "out of", "changed", "note"), rows))
    return path


def changes_text(table):
    """The marks that change, as text for a terminal; empty when none does."""
    differing = [change for change in table if change.differs]
    if not differing:
        return ""
    rows = [
        (change.student, change.notebook, _points(change.old), _points(change.new), _points(change.most), change.note)
        for change in differing[:ROWS_SHOWN]
    ]
    lines = aligned([("student", "notebook", "old", "new", "out of", ""), *rows])
    if len(differing) > ROWS_SHOWN:
        lines.append(f"... and {len(differing) - ROWS_SHOWN} more; all are in the file.")
    return "\n".join(lines)


@dataclass(frozen=True)
class Standing:
    """A student after grading: points earned automatically, out of how many, and what went wrong."""

    student: str
    points: float
    most: float
    remarks: tuple


def summarise(results, released, remarks=None):
    """What each student earned.

    Parameters
    ----------
    results : mapping from (student, notebook) to Result
    released : dict from notebook to ReleasedNotebook
    remarks : callable from (student, notebook) to list of str, optional
        What to tell about a notebook; by default what its result says.

    Returns
    -------
    standings : list of Standing
        Sorted by student.
    isolation : dict from str to int
        How many notebooks ran in which isolation.
    """
    points, said, isolation = Counter(), defaultdict(lambda: defaultdict(list)), Counter()
    for (student, notebook), result in results.items():
        points[student] += sum(result.credits.values())
        for sentence in result.remarks if remarks is None else remarks(student, notebook):
            said[student][sentence].append(notebook)
        if result.isolation:
            isolation[result.isolation] += 1
    most = sum(most_points(released).values())
    standings = [
        Standing(
            student,
            points[student],
            most,
            tuple(f"{', '.join(notebooks)}: {sentence}" for sentence, notebooks in said[student].items()),
        )
        for student in sorted(points)
    ]
    return standings, dict(isolation)


def write_summary(folder, assignment, standings):
    """Write summary.csv and summary.txt for the instructor.

    Parameters
    ----------
    folder : Path
        Of reports.
    assignment : str
    standings : list of Standing

    Returns
    -------
    Path
        The folder that both lie in.
    """
    folder = Path(folder) / safe_name(assignment)
    rows = [(who.student, _rounded(who.points), _rounded(who.most), " ".join(who.remarks)) for who in standings]
    write_whole(folder / "summary.csv", to_csv(("student", "points", "out of", "remarks"), rows))
    lines = [f"{assignment}, {count(len(standings), 'student')}", ""]
    for who in standings:
        lines.append(f"{printable(who.student)}: {_points(who.points)} out of {_points(who.most)}")
        lines += [f"    {printable(remark)}" for remark in who.remarks]
    write_whole(folder / "summary.txt", "\n".join(lines) + "\n")
    return folder


def closing(assignment, results, table, standings, isolation, files):
    """The last words of a batch.

    Parameters
    ----------
    assignment : str
    results : Results
    table : list of Change
    standings : list of Standing
    isolation : dict from str to int
    files : iterable of Path
        Where the reports are.

    Returns
    -------
    str
        A few lines.
    """
    new = len(results.anew)
    changed = sum(change.differs for change in table)
    first = sum(change.old is None for change in table)
    remarked = sum(bool(who.remarks) for who in standings)
    lines = [
        f"{assignment}: {count(new, 'notebook')} graded now, {len(results) - new} kept from before, "
        f"of {count(len(standings), 'student')}.",
        f"Marks: {changed} changed, {len(table) - changed - first} unchanged, {first} for the first time. "
        f"{count(remarked, 'student')} with remarks.",
    ]
    if len(isolation) == 1:
        lines += [printable(level) for level in isolation]
    else:
        lines += [f"{printable(level)} ({count(number, 'notebook')})" for level, number in sorted(isolation.items())]
    return "\n".join([*lines, *(f"See {path}" for path in files)])


def _unused(path):
    """The path, or the same with a number when it is taken."""
    candidates = (path.with_stem(f"{path.stem}-{number}") if number else path for number in range(10_000))
    return next(candidate for candidate in candidates if not os.path.lexists(candidate))


def _rounded(points):
    """Points as a number without the noise of floats."""
    return float(f"{points:.10g}")


def _points(points):
    return "none" if points is None else f"{points:.4g}" if points < 1000 else f"{points:.0f}"
