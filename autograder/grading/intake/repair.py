"""Puts a student's cells and the released notebook together: its tests, the student's answers, the student's order."""

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.intake.released import ReleasedCell, ReleasedNotebook
from autograder.grading.intake.salvage import RawCell

# A regular expression, because a hostile source can exhaust Python's parser, and most broken ones don't parse at all.
DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
HIDDEN = re.compile(r"^[^\n]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*\n?", re.MULTILINE | re.DOTALL)
VALID_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass
class CleanCell:
    """A cell that can be graded.

    Attributes
    ----------
    id : str
        Unique in its notebook; for a released cell the released one.
    cell_type : str
        "code", "markdown" or "raw".
    source : str
    metadata : dict
        As released; empty for the student's own cells.
    released : ReleasedCell or None
        None for the student's own cells.
    changed : bool
        Whether the source differs from the released one; always True for the student's own cells.
    """

    id: str
    cell_type: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)
    released: ReleasedCell | None = None
    changed: bool = True


@dataclass
class CleanNotebook:
    """A notebook with exactly the released tests and answer cells, and all else that the student wrote.

    Attributes
    ----------
    name : str
    cells : list of CleanCell
    remarks : list of str
        What was repaired: plain sentences for the student.
    missing : bool
        Whether nothing was handed in.
    metadata : dict
        The notebook's metadata, as released.
    path : str
        Of the file that it was handed in as, in its folder; "" when there was none.
    """

    name: str
    cells: list[CleanCell]
    remarks: list[str] = field(default_factory=list)
    missing: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)
    path: str = ""


def untouched(released: ReleasedNotebook, missing: bool = False, remarks: Iterable[str] = ()) -> CleanNotebook:
    """A notebook as it was released, for when there is none from the student."""
    cells = [_as_released(cell) for cell in released.cells]
    return CleanNotebook(released.name, cells, list(remarks), missing, dict(released.metadata))


def repair(raw: list[RawCell], released: ReleasedNotebook) -> CleanNotebook:
    """Put a student's cells and the released notebook together.

    Parameters
    ----------
    raw : list of RawCell
        The student's cells, in their order.
    released : ReleasedNotebook

    Returns
    -------
    CleanNotebook
        Every released test once, with the released source and metadata; every answer cell once, with the student's
        source; all other cells of the student. Tests stand behind their answers.
    """
    known = _Known(released)
    identities = _identify(raw, known)
    remarks: list[str] = []
    cells = _merge(raw, identities, known, remarks)
    _put_back(cells, known, remarks)
    _order(cells, known, remarks)
    taken = {cell.id for cell in released.cells}
    for cell in cells:
        if cell.released is None:
            cell.id = free_id(cell.id, taken)
    return CleanNotebook(released.name, cells, remarks, metadata=dict(released.metadata))


def defined(source: str) -> set[str]:
    """The names of the functions and classes that a source defines at its top level, also when it doesn't parse."""
    return set(DEFINITION.findall(source))


def visible(cell: ReleasedCell) -> str:
    """The source of a released cell as students got it: without hidden tests, without space around it."""
    return HIDDEN.sub("", cell.source).strip()


class _Known:
    """What is known of a released notebook, and how its cells are recognised."""

    def __init__(self, released: ReleasedNotebook) -> None:
        self.cells = {cell.id: cell for cell in released.cells}
        self.order = list(self.cells)
        self.answers = {cell.id: defined(cell.source) for cell in released.cells if cell.role == "answer"}
        self.by_source = _unique((visible(cell), cell.id) for cell in released.cells)
        self.by_source.pop("", None)
        self.by_name = _unique((name, answer) for answer, names in self.answers.items() for name in names)
        self.answer_of: dict[str, str] = {}
        last = ""
        for cell in released.cells:
            if cell.role == "answer":
                last = cell.id
            elif cell.role == "graded":
                named = self.by_name.get(cell.hidden_test.function) if cell.hidden_test else None
                if named or last:
                    self.answer_of[cell.id] = named or last
            elif cell.role == "locked" and last and self.answers[last] & set(re.findall(r"\w+", cell.source)):
                self.answer_of[cell.id] = last

    def claims(self, raw: RawCell) -> list[str]:
        """Which released cell a student's cell says it is: nbgrader's word first."""
        return [name for name in (raw.grade_id, raw.id) if name in self.cells]

    def answers_in(self, raw: RawCell) -> list[str]:
        """The answer cells whose functions a student's cell defines, in released order."""
        if raw.cell_type != "code" and not DEFINITION.match(raw.source):
            return []  # a text that quotes code
        names = defined(raw.source)
        found = {self.by_name.get(name) for name in names}
        return [answer for answer in self.answers if answer in found]

    def looks_like(self, raw: RawCell) -> set[str]:
        """The released cells that a student's cell resembles by its source."""
        same = self.by_source.get(raw.source.strip())
        return {*self.answers_in(raw), *([same] if same else [])}

    def describe(self, name: str) -> str:
        """What a student would call a released cell."""
        cell = self.cells[name]
        if cell.role == "graded" and cell.hidden_test:
            return f"the cell that grades {cell.hidden_test.function}"
        if cell.role == "answer":
            return f"the answer cell of {' and '.join(sorted(self.answers[name])) or name}"
        if cell.role == "locked" and name in self.answer_of:
            return f"the check of {' and '.join(sorted(self.answers[self.answer_of[name]]))}"
        return f"the cell {name}"


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A dict of the pairs whose key comes once."""
    pairs = list(pairs)
    keys = [key for key, _ in pairs]
    return {key: value for key, value in pairs if keys.count(key) == 1}


def _identify(raw: list[RawCell], known: _Known) -> list[str | None]:
    """For each of the student's cells the id of a released one, or None. More than one may have the same."""
    found: list[str | None] = [None] * len(raw)
    claims = [known.claims(cell) for cell in raw]
    looks = [known.looks_like(cell) for cell in raw]

    # What a cell says and what is in it agree: nearly always.
    for i in range(len(raw)):
        found[i] = next((claim for claim in claims[i] if claim in looks[i]), None)
    # They disagree, or the cell has no name: what is in it tells, unless a cell of that name agrees. When more than one
    # defines a function, the last one counts, as it does when the notebook runs.
    taken = {name for name in found if name is not None}
    for i in reversed(range(len(raw))):
        if found[i] is None and (free := sorted(looks[i] - taken, key=known.order.index)):
            found[i] = free[0]
            taken.add(free[0])
    # What is in it is new: a rewritten text, an answer that defines nothing any more.
    return [name or next(iter(claims[i]), None) for i, name in enumerate(found)]


def _merge(raw: list[RawCell], identities: list[str | None], known: _Known, remarks: list[str]) -> list[CleanCell]:
    """The student's cells as clean cells: each released cell at most once, locked ones as released."""
    keepers = _keepers(raw, identities, known)
    cells: list[CleanCell] = []
    doubled, undone = [], []
    for i, (cell, name) in enumerate(zip(raw, identities, strict=True)):
        if name is None:
            cells.append(_own(cell))
            continue
        released, kept = known.cells[name], keepers[name] == i
        if released.role in ("locked", "graded"):
            if cell.cell_type == "code" and _has_code(cell.source) and cell.source.strip() != visible(released):
                cells.append(_own(cell))
                if kept:
                    undone.append(name)
            if kept:
                cells.append(_as_released(released))
        elif kept:
            cells.append(_from_student(cell, released))
        elif released.role == "plain" or cell.source != released.source:
            cells.append(_own(cell))
            if released.role == "answer":
                doubled.append(name)
    if undone:
        remarks.append(
            f"Locked cells were put back as released: {_listing(undone, known)}. "
            f"What you had written in them stands in cells of their own before them."
        )
    if doubled:
        remarks.append(f"More than once in the notebook: {_listing(doubled, known)}; the last whole one is graded.")
    return cells


def _keepers(raw: list[RawCell], identities: list[str | None], known: _Known) -> dict[str, int]:
    """Which of the cells with the same identity is the one: released id -> index."""
    groups: dict[str, list[int]] = {}
    for i, name in enumerate(identities):
        if name is not None:
            groups.setdefault(name, []).append(i)
    keepers = {}
    for name, group in groups.items():
        released = known.cells[name]
        if released.role == "answer":
            written = [i for i in group if raw[i].source != released.source] or group
            whole = [i for i in written if name in known.answers_in(raw[i])] or written
            keepers[name] = whole[-1]
        else:
            keepers[name] = next((i for i in group if raw[i].source.strip() == visible(released)), group[0])
    return keepers


def _put_back(cells: list[CleanCell], known: _Known, remarks: list[str]) -> None:
    """Insert what has to be there and isn't: tests and answer cells."""
    back = []
    names = {id(cell): defined(cell.source) for cell in cells if cell.cell_type == "code"}
    for name in known.order:
        released = known.cells[name]
        if released.role == "plain" or any(cell.released is released for cell in cells):
            continue
        wanted = known.answers.get(name, set())
        elsewhere = [i for i, cell in enumerate(cells) if wanted & names.get(id(cell), set())]
        if elsewhere:
            # Two answers in one cell: the released stub would undo the student's function.
            made = _as_released(released)
            made.source, made.changed = f"# {' and '.join(sorted(wanted))}: see the cell above.", True
            cells.insert(elsewhere[-1] + 1, made)
        else:
            cells.insert(_place(cells, known, name), _as_released(released))
            back.append(name)
    if back:
        remarks.append(f"Missing, and put back as released: {_listing(back, known)}.")


def _place(cells: list[CleanCell], known: _Known, name: str) -> int:
    """Where a missing cell belongs: behind the nearest released cell before it, or else before the nearest after it."""
    at = {cell.released.id: i for i, cell in enumerate(cells) if cell.released is not None}
    place = known.order.index(name)
    before = next((at[other] for other in reversed(known.order[:place]) if other in at), None)
    if before is not None:
        return before + 1
    return next((at[other] for other in known.order[place + 1 :] if other in at), len(cells))


def _order(cells: list[CleanCell], known: _Known, remarks: list[str]) -> None:
    """Move tests that stand before their answer behind it."""
    moved = []
    for answer in known.answers:
        at = {cell.released.id: i for i, cell in enumerate(cells) if cell.released is not None}
        early = [test for test in known.order if known.answer_of.get(test) == answer and at[test] < at[answer]]
        if not early:
            continue
        tests = [cells[at[test]] for test in early]
        behind = cells[at[answer]]
        cells[:] = [cell for cell in cells if not any(cell is test for test in tests)]
        place = next(i for i, cell in enumerate(cells) if cell is behind) + 1
        cells[place:place] = tests
        moved += early
    if moved:
        remarks.append(f"Before the answer, and moved behind it: {_listing(moved, known)}.")


def _as_released(released: ReleasedCell) -> CleanCell:
    metadata = deepcopy(dict(released.metadata))
    return CleanCell(released.id, released.cell_type, released.source, metadata, released, False)


def _from_student(cell: RawCell, released: ReleasedCell) -> CleanCell:
    """An answer, or a released cell without a lock: the student's source, the release's everything else."""
    cell_type = released.cell_type if released.role == "answer" else cell.cell_type
    changed = (cell_type, cell.source) != (released.cell_type, released.source)
    return CleanCell(released.id, cell_type, cell.source, deepcopy(dict(released.metadata)), released, changed)


def _own(cell: RawCell) -> CleanCell:
    return CleanCell(cell.id or "own", cell.cell_type, cell.source)


def _has_code(source: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in source.splitlines())


def free_id(wanted: str, taken: set[str]) -> str:
    """A valid id that nobody has, as near to the wanted one as can be; remembered as taken."""
    stem = wanted if VALID_ID.fullmatch(wanted) else re.sub(r"[^A-Za-z0-9_-]+", "-", wanted)[:50] or "own"
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem[:50]}-{count}"
    taken.add(name)
    return name


def _listing(names: list[str], known: _Known, most: int = 6) -> str:
    """A few cells in words."""
    names = list(dict.fromkeys(names))
    words = [known.describe(name) for name in names[:most]]
    if len(names) > most:
        words.append(f"{len(names) - most} more")
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]
