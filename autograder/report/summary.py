"""What a class earned, and the last words of a batch."""

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.grading.intake.released import ReleasedNotebook
from autograder.grading.pool.store import StoredResults, safe_name, write_whole
from autograder.grading.run.job import Result
from autograder.grading.text import count, printable
from autograder.report.changes import ROWS_SHOWN, Change, max_points
from autograder.report.tables import rounded, shown, to_csv

NOT_TAKEN_IN = "Not taken in:"
# Of a notebook whose grading ended before its sandbox could tell.
UNKNOWN = "isolation: unknown, because grading the notebook ended too soon"


@dataclass(frozen=True)
class Standing:
    """A student after grading: points, out of how many, and what went wrong."""

    student: str
    points: float
    max_points: float
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Recorded:
    """What a gradebook shows of a student.

    Attributes
    ----------
    points, max_points
        With marks given by hand, without what was taken off.
    penalty
        What was taken off.
    late
        How late the submission was, in words; empty when it wasn't.
    waiting
        What waits for a mark by hand: name of a cell -> the most that it can get.
    """

    points: float
    max_points: float
    penalty: float = 0.0
    late: str = ""
    waiting: Mapping[str, float] = field(default_factory=dict)

    @property
    def remarks(self) -> list[str]:
        """Why the points aren't what was earned automatically, for the instructor."""
        said = []
        if self.penalty:
            said.append(f"{shown(self.points)} earned, {shown(self.penalty)} taken off: handed in {self.late} late.")
        if self.waiting:
            names = ", ".join(sorted(self.waiting))
            said.append(f"{shown(sum(self.waiting.values()))} of these points wait for a mark by hand: {names}.")
        return said


def as_recorded(standings: list[Standing], recorded: Mapping[str, Recorded]) -> list[Standing]:
    """Standings with the points that the gradebook shows, where it has any."""
    return [
        Standing(
            who.student,
            max(0.0, kept.points - kept.penalty),
            kept.max_points,
            (*kept.remarks, *who.remarks),
        )
        if (kept := recorded.get(who.student))
        else who
        for who in standings
    ]


def summarise(
    results: Mapping[tuple[str, str], Result],
    released: Mapping[str, ReleasedNotebook],
    remarks: Callable[[str, str], Iterable[str]] | None = None,
) -> tuple[list[Standing], dict[str, int]]:
    """What each student earned.

    Parameters
    ----------
    results
        By (student, notebook).
    released
        Of the same notebooks.
    remarks
        What to tell about a student's notebook; by default what its result says.

    Returns
    -------
    standings : list of Standing
        Sorted by student.
    isolation : dict from str to int
        How many notebooks ran in which isolation.
    """
    points: dict[str, float] = defaultdict(float)
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    isolation: Counter[str] = Counter()
    for (student, notebook), result in results.items():
        points[student] += sum(result.points.values())
        for sentence in result.remarks if remarks is None else remarks(student, notebook):
            said[student][sentence].append(notebook)
        isolation[result.isolation or UNKNOWN] += 1
    most = sum(max_points(released).values())
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


def isolation_lines(isolation: Mapping[str, int]) -> list[str]:
    """How student code was isolated, a line for each way.

    Parameters
    ----------
    isolation
        Of `summarise`.
    """
    if len(isolation) == 1:
        return [printable(level) for level in isolation]
    return [f"{printable(level)} ({count(number, 'notebook')})" for level, number in sorted(isolation.items())]


def kept_isolation(folder: Path, assignment: str) -> dict[str, int]:
    """How many of an assignment's notebooks ran in which isolation, by the results that are kept in a folder."""
    isolation: Counter[str] = Counter()
    paths = (Path(folder) / safe_name(assignment)).glob("*/*.json")
    results = StoredResults({(path.parent.name, path.stem): path for path in paths}, set())
    for where in results:
        with contextlib.suppress(OSError, ValueError):
            isolation[results[where].isolation or UNKNOWN] += 1
    return dict(isolation)


def write_summary(
    folder: Path,
    assignment: str,
    standings: list[Standing],
    left: Iterable[str] = (),
    isolation: Mapping[str, int] | None = None,
) -> Path:
    """Write summary.csv and summary.txt for the instructor.

    Parameters
    ----------
    folder, assignment
    standings, isolation
        Of `summarise`.
    left
        What was not taken in, as sentences.

    Returns
    -------
    Path
        folder/assignment, which both lie in.
    """
    folder = Path(folder) / safe_name(assignment)
    rows = [(who.student, rounded(who.points), rounded(who.max_points), " ".join(who.remarks)) for who in standings]
    write_whole(folder / "summary.csv", to_csv(("student", "points", "out of", "remarks"), rows))
    lines = [f"{assignment}, {count(len(standings), 'student')}", *isolation_lines(isolation or {}), ""]
    for who in standings:
        lines.append(f"{printable(who.student)}: {shown(who.points)} out of {shown(who.max_points)}")
        lines += [f"    {printable(remark)}" for remark in who.remarks]
    if left := list(left):
        lines += ["", NOT_TAKEN_IN, *(f"    {printable(sentence)}" for sentence in left)]
    write_whole(folder / "summary.txt", "\n".join(lines) + "\n")
    return folder


def left_over(left: list[str]) -> list[str]:
    """What was not taken in, as lines for a terminal."""
    if not left:
        return []
    lines = [NOT_TAKEN_IN, *(f"    {printable(sentence)}" for sentence in left[:ROWS_SHOWN])]
    if len(left) > ROWS_SHOWN:
        lines.append(f"    ... and {len(left) - ROWS_SHOWN} more; summary.txt has all.")
    return lines


def closing(
    assignment: str,
    results: StoredResults,
    table: list[Change],
    standings: list[Standing],
    isolation: Mapping[str, int],
    files: Iterable[Path],
    left: Iterable[str] = (),
) -> str:
    """The last words of a batch: a few lines.

    Parameters
    ----------
    assignment, results
    table
        Of `changes`.
    standings, isolation
        Of `summarise`.
    files
        Where the reports are.
    left
        What was not taken in, as sentences.
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
    lines += isolation_lines(isolation)
    return "\n".join([*left_over(list(left)), *lines, *(f"See {path}" for path in files)])
