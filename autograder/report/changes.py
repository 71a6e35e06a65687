"""Old points beside new ones, before anything is written down."""

import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from autograder.grading.intake.released import ReleasedNotebook
from autograder.grading.pool.store import safe_name, write_whole
from autograder.grading.run.job import Result
from autograder.report.tables import aligned, rounded, shown, to_csv

ROWS_SHOWN = 40
# Points are floats that went through text and a database.
SAME = 1e-6


class OldPoints(NamedTuple):
    """What a gradebook has for a cell: given automatically, given by hand (None when there is none), and the most."""

    auto: float | None
    manual: float | None
    max_points: float


def new_points(
    results: Mapping[tuple[str, str], Result], released: Mapping[str, ReleasedNotebook]
) -> dict[tuple[str, str, str], float]:
    """What results stand for: (student, notebook, cell) -> points, of cells that are graded automatically."""
    return {
        (student, notebook, cell.id): float(points.get(cell.hidden_test.exercise, 0.0))
        for (student, notebook), points in ((where, result.points) for where, result in results.items())
        for cell in released[notebook].cells
        if cell.hidden_test is not None
    }


def max_points(released: Mapping[str, ReleasedNotebook]) -> dict[tuple[str, str], float]:
    """The most that cells can earn that are graded automatically: (notebook, cell) -> points."""
    return {
        (name, cell.id): cell.hidden_test.max_points
        for name, notebook in released.items()
        for cell in notebook.cells
        if cell.hidden_test is not None
    }


@dataclass(frozen=True)
class Change:
    """A notebook of a student before and after.

    Attributes
    ----------
    student, notebook
    old
        Sum of the automatic points before; None when there were none.
    new
    max_points
        That can be earned automatically.
    cells
        Those that changed: (cell, old, new).
    by_hand
        Cells with points given by hand.
    """

    student: str
    notebook: str
    old: float | None
    new: float
    max_points: float
    cells: tuple[tuple[str, float | None, float], ...]
    by_hand: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether points that were there before change."""
        return self.old is not None and bool(self.cells)

    @property
    def note(self) -> str:
        """What the instructor should look at, or nothing."""
        has = "has a mark" if len(self.by_hand) == 1 else "have marks"
        return f"{', '.join(self.by_hand)} {has} given by hand; check it" if self.by_hand else ""


def changes(
    old: Mapping[tuple[str, str, str], OldPoints],
    new: Mapping[tuple[str, str, str], float],
    most: Mapping[tuple[str, str], float],
) -> list[Change]:
    """Old and new points, notebook by notebook.

    Parameters
    ----------
    old
        What the gradebook has, by (student, notebook, cell).
    new
        Of `new_points`.
    most
        Of `max_points`.

    Returns
    -------
    list of Change
        One for each student and notebook in `new`, sorted.
    """
    cells, by_hand = defaultdict(list), defaultdict(list)
    for (student, notebook, cell), points in new.items():
        cells[student, notebook].append((cell, points))
    for (student, notebook, cell), kept in old.items():
        if kept.manual is not None:
            by_hand[student, notebook].append(cell)
    found = []
    for (student, notebook), earned in sorted(cells.items()):
        before = {cell: old[student, notebook, cell].auto for cell, _ in earned if (student, notebook, cell) in old}
        known = [value for value in before.values() if value is not None]
        found.append(
            Change(
                student,
                notebook,
                sum(known) if known else None,
                sum(points for _, points in earned),
                sum(most[notebook, cell] for cell, _ in earned),
                tuple((cell, before.get(cell), points) for cell, points in earned if _differ(before.get(cell), points)),
                tuple(sorted(by_hand[student, notebook])),
            )
        )
    return found


def _differ(old: float | None, new: float) -> bool:
    return old is None or abs(old - new) > SAME


def write_changes(folder: Path, assignment: str, table: list[Change]) -> Path:
    """Write the table of old and new points: call it before any are written to the gradebook.

    Each call writes a file of its own: after a batch that was killed half-way, the first one still has the old points.

    Returns
    -------
    Path
        folder/assignment/marks-DATE.csv
    """
    rows = [
        (
            change.student,
            change.notebook,
            "" if change.old is None else rounded(change.old),
            rounded(change.new),
            rounded(change.max_points),
            "; ".join(f"{cell} {shown(old)} -> {shown(new)}" for cell, old, new in change.cells),
            change.note,
        )
        for change in table
    ]
    path = _unused(Path(folder) / safe_name(assignment) / f"marks-{datetime.now():%Y-%m-%d-%H%M%S}.csv")
    write_whole(path, to_csv(("student", "notebook", "old", "new", "out of", "changed", "note"), rows))
    return path


def changes_text(table: list[Change]) -> str:
    """The points that change, as text for a terminal; empty when none do."""
    differing = [change for change in table if change.differs]
    if not differing:
        return ""
    rows = [
        (change.student, change.notebook, shown(change.old), shown(change.new), shown(change.max_points), change.note)
        for change in differing[:ROWS_SHOWN]
    ]
    lines = aligned([("student", "notebook", "old", "new", "out of", ""), *rows])
    if len(differing) > ROWS_SHOWN:
        lines.append(f"... and {len(differing) - ROWS_SHOWN} more; all are in the file.")
    return "\n".join(lines)


def _unused(path: Path) -> Path:
    """The path, or the same with a number when it is taken."""
    candidates = (path.with_stem(f"{path.stem}-{number}") if number else path for number in range(10_000))
    return next(candidate for candidate in candidates if not os.path.lexists(candidate))
