"""What a student handed in, made clean: a hostile or broken folder in; notebooks to grade and plain sentences out."""

import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from autograder.grading.intake import timestamp
from autograder.grading.intake.content import content_hash
from autograder.grading.intake.places import ARCHIVE, Place, Unpacked
from autograder.grading.intake.released import ReleasedNotebook
from autograder.grading.intake.repair import CleanNotebook, repair, untouched, visible
from autograder.grading.intake.salvage import TOO_LARGE, RawCell, salvage, salvage_apart
from autograder.grading.intake.scan import Found, ReadingLimits, Unreadable, read_files, shown
from autograder.grading.text import few

Released = Mapping[str, ReleasedNotebook]

MOST_COMPARED = 10  # notebooks of unknown names that are opened


@dataclass
class Submission:
    """A submission that can be graded.

    Attributes
    ----------
    notebooks : dict from name to CleanNotebook
        One for every released notebook, handed in or not.
    files : dict from relative path to bytes
        Other files that the notebooks may need.
    remarks : list of str
        About the folder: plain sentences for the student.
    handed_in : datetime or None
        When, in UTC, if it says so.
    content : str
        A hash of everything that was handed in, but for when.
    left : list of str
        Those of the remarks that tell of work which wasn't taken in.
    """

    notebooks: dict[str, CleanNotebook]
    files: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    handed_in: datetime | None = None
    content: str = ""
    left: list[str] = field(default_factory=list)


def read_submission(place: Path | Place, released: Released, limits: ReadingLimits | None = None) -> Submission:
    """Read what a student handed in.

    Parameters
    ----------
    place : Path or Place
        A folder, or where else it lies.
    released : dict from name to ReleasedNotebook
    limits : ReadingLimits or None
        None for the usual ones.

    Returns
    -------
    Submission
        Whatever is in the folder: nothing there makes this raise or hang, and no link is followed.
    """
    limits = limits or ReadingLimits()
    place = place if isinstance(place, Place) else Place(Path(place))
    with Unpacked(limits) as unpacked:
        return _read(place, released, limits, unpacked)


def _read(place: Place, released: Released, limits: ReadingLimits, unpacked: Unpacked) -> Submission:
    found, links, remarks = unpacked.contents(place.main)
    dates = [one for one in found if one.path == timestamp.NAME]
    found = [one for one in found if one.path != timestamp.NAME]
    reader = _FileReader(limits)
    chosen = _choose(found, released, reader)
    lacking = _lacking(released, chosen, reader)
    elsewhere, left = _look_elsewhere(place, found, lacking, unpacked)
    chosen |= _choose(elsewhere, {name: released[name] for name in lacking}, reader)
    notebooks = {name: _clean(name, chosen.get(name), released[name], links, reader) for name in released}
    for name, one in chosen.items():
        notebooks[name].path = one.path
    rest = [one for one in found + elsewhere if one not in chosen.values()]
    unfollowed = sorted(path for path in links if not _names_one(path, released))
    remarks += [f"{shown(path)} is a link and was not followed." for path in unfollowed]
    spare = sorted((one for one in rest if _is_notebook(one.name)), key=lambda one: one.path)
    left += [f"{shown(one.path)} is no notebook of this assignment and was not graded." for one in spare]
    missing = [name for name in notebooks if notebooks[name].missing]
    packed = [one for one in rest if ARCHIVE.search(one.name)] + [one for one in elsewhere if _is_zip(one.name)]
    left += [f"{shown(one.path)} can't be unpacked here: unpack it." for one in packed if missing]
    left += _in_other_forms(rest, missing)
    others = [one for one in rest if not _is_notebook(one.name)]
    others = [one for one in _beside(others, found, chosen) if not _takes_a_name(one, released, remarks)]
    handed_in = _when(dates, remarks) if place.dated else None
    files = read_files([one for one in others if one.path != timestamp.NAME], limits, remarks)
    content = content_hash([*chosen.values(), *others, *spare], chosen, files, limits)
    for notebook in notebooks.values():
        notebook.remarks = few(notebook.remarks)
    remarks = few([*place.remarks, *left, *remarks])
    return Submission(notebooks, files, remarks, handed_in, content, few(left))


def _look_elsewhere(
    place: Place, found: list[Found], lacking: list[str], unpacked: Unpacked
) -> tuple[list[Found], list[str]]:
    """What is in zip files and in what lies beside the submission; and sentences about what wasn't looked at."""
    packed = [one for one in found if _is_zip(one.name)]
    if not lacking:
        names = [*(one.path for one in packed), *(path.name for path in place.others)]
        return [], [f"{shown(name)} was left out: no notebook is missing without it." for name in names]
    elsewhere, left = list[Found](), list[str]()
    inside = [(f"{one.path}/", unpacked.unpack(one)) for one in packed]
    beside = [("" if _is_notebook(path.name) else f"{path.name}/", unpacked.contents(path)) for path in place.others]
    for prefix, (files, links, remarks) in inside + beside:
        elsewhere += [replace(one, path=prefix + one.path) for one in files]
        left += [*remarks, *(f"{shown(prefix + path)} is a link and was not followed." for path in sorted(links))]
    return elsewhere, left


def _in_other_forms(rest: list[Found], missing: list[str]) -> list[str]:
    """What seems to be a missing notebook in another form."""
    said = []
    for name in missing:
        alike = [one for one in rest if one.name.lower().rpartition(".")[0] == name.lower()]
        said += [f"{shown(one.path)} is no notebook and was not graded: ask for {name}.ipynb." for one in alike]
    return said


def _beside(others: list[Found], found: list[Found], chosen: dict[str, Found]) -> list[Found]:
    """The files that come along, where they stood for the student: what lay beside the notebooks lies beside them.

    Of what was looked at elsewhere, only that; of the submission itself, everything, and where all notebooks are in one
    folder of it, that is where they run.
    """
    bases = sorted({one.path[: -len(one.name)] for one in chosen.values()}, key=len, reverse=True)
    known, taken = {one.full for one in found}, set[str]()
    kept = []
    for one in sorted(others, key=lambda one: (one.full not in known, one.path)):
        base = next((base for base in bases if base and one.path.startswith(base)), "")
        own = one.full in known and not (len(bases) == 1 and base)
        path = one.path if own else one.path.removeprefix(base)
        if (own or base) and path not in taken:
            taken.add(path)
            kept.append(replace(one, path=path))
    return sorted(kept, key=lambda one: one.path)


class _FileReader:
    """Reads each notebook file once."""

    def __init__(self, limits: ReadingLimits) -> None:
        self.limits = limits
        self.known: dict[Path, tuple[list[RawCell], list[str]]] = {}
        self.deadline = time.monotonic() + 2 * limits.parse_seconds

    def read(self, found: Found) -> tuple[list[RawCell], list[str]]:
        """The cells of a file and what was wrong with it; never raises."""
        if found.full not in self.known:
            try:
                self.known[found.full] = self._read(found)
            except Unreadable as problem:
                self.known[found.full] = [], [str(problem)]
        return self.known[found.full]

    def _read(self, found: Found) -> tuple[list[RawCell], list[str]]:
        if time.monotonic() > self.deadline:
            raise Unreadable(f"{shown(found.path)} wasn't read: reading the files before it took too long.")
        if found.size <= self.limits.plain_bytes:
            return salvage(found.read(self.limits.plain_bytes))
        if found.size > self.limits.notebook_bytes:
            return [], [TOO_LARGE]
        with found.open() as file:
            return salvage_apart(file, self.limits.parse_seconds, self.limits.parse_bytes)


def _clean(
    name: str, choice: Found | None, released: ReleasedNotebook, links: set[str], reader: _FileReader
) -> CleanNotebook:
    """One clean notebook, from the file that was chosen for it."""
    if choice is None:
        link = next((path for path in sorted(links) if _exact(path.rpartition("/")[2], name)), None)
        reason = f"{shown(link)} is a link, and links aren't followed" if link else f"{name}.ipynb was not handed in"
        return untouched(released, missing=True, remarks=[f"{reason}; the notebook is graded as empty."])
    cells, remarks = reader.read(choice)
    if choice.path != f"{name}.ipynb":
        remarks = [f"There is no {name}.ipynb; {shown(choice.path)} was graded in its place.", *remarks]
    if not cells:
        return untouched(released, remarks=remarks)
    try:
        clean = repair(cells, released)
    except Exception:  # one submission must not stop the class, whatever was overlooked here
        logging.getLogger(__name__).exception("%s couldn't be repaired", choice.full)
        return untouched(released, remarks=[*remarks, "The notebook couldn't be repaired; please ask your instructor."])
    clean.remarks = [*remarks, *clean.remarks]
    return clean


def _choose(found: list[Found], released: Released, reader: _FileReader) -> dict[str, Found]:
    """Which file is which notebook: released name -> Found."""
    chosen: dict[str, Found | None] = {}
    for name in released:
        exact = sorted((one for one in found if _exact(one.name, name)), key=lambda one: (one.depth, -one.modified))
        # A file of the right name with nothing in it gives way to one with a name nearly right.
        chosen[name] = next((one for one in exact if reader.read(one)[0]), exact[0] if exact else None)
    for name in _lacking(released, chosen, reader):
        alike = [one for one in found if one not in chosen.values() and _alike(one.name, name, released)]
        alike.sort(key=lambda one: (-one.modified, one.path))
        chosen[name] = next((one for one in alike if reader.read(one)[0]), chosen[name])
    for name in _lacking(released, chosen, reader):
        rest = [one for one in found if one not in chosen.values() and _is_notebook(one.name)]
        small = [one for one in rest if one.size <= reader.limits.plain_bytes][:MOST_COMPARED]
        fits = [one for one in small if _fits(reader.read(one)[0], released[name])]
        if len(fits) == 1:
            chosen[name] = fits[0]
    return {name: one for name, one in chosen.items() if one is not None}


def _lacking(released: Released, chosen: Mapping[str, Found | None], reader: _FileReader) -> list[str]:
    return [name for name in released if (one := chosen.get(name)) is None or not reader.read(one)[0]]


def _exact(filename: str, name: str) -> bool:
    return filename == f"{name}.ipynb"


def _is_notebook(filename: str) -> bool:
    return ".ipynb" in filename.lower()


def _is_zip(filename: str) -> bool:
    return filename.lower().endswith(".zip")


def _names_one(path: str, released: Released) -> bool:
    return any(_exact(path.rpartition("/")[2], name) for name in released)


def _alike(filename: str, name: str, released: Released) -> bool:
    """Whether a file's name is a released one with something added: "Quiz2 (1).ipynb", "quiz2-Copy1.ipynb.txt"."""
    stem = re.sub(r"(\.ipynb|\.json|\.txt)+", " ", filename.lower())
    if not _is_notebook(filename) and (stem == filename.lower() or stem.strip() != name.lower()):
        return False  # data.json is no notebook
    return _longest(stem, released) == name


def _longest(stem: str, released: Released) -> str | None:
    """The longest released name inside a file's name, or None: "quiz1" isn't in "quiz10"."""
    plain = re.sub(r"[\W_]+", "_", stem)
    inside = []
    for name in released:
        wanted = re.escape(re.sub(r"[\W_]+", "_", name.lower()))
        if re.search(rf"(?<![a-z0-9]){wanted}(?![0-9])", plain):
            inside.append(name)
    return max(inside, key=len, default=None)


def _fits(cells: list[RawCell], released: ReleasedNotebook) -> bool:
    """Whether cells are those of a released notebook, by its names and texts.

    The names alone don't tell: every quiz has a question-1.
    """
    wanted = {cell.id for cell in released.cells if cell.role != "plain"}
    named = {name for cell in cells for name in (cell.grade_id, cell.id)} & wanted
    texts = {visible(cell) for cell in released.cells if cell.role == "plain"} - {""}
    kept = {cell.source.strip() for cell in cells} & texts
    return 2 * len(named) >= len(wanted) and 3 * len(kept) >= len(texts)


def _takes_a_name(found: Found, released: Released, remarks: list[str]) -> bool:
    """Whether a file lies in a folder with the name of a notebook or of timestamp.txt, which has to be a file."""
    top = found.path.split("/")[0]
    taken = found.depth > 0 and top.lower() in {timestamp.NAME, *(f"{name}.ipynb".lower() for name in released)}
    if taken:
        remarks.append(f"The folder {shown(top)} has the name of a file and was left out.")
    return taken


def _when(found: list[Found], remarks: list[str]) -> datetime | None:
    """When the submission was handed in; None when it doesn't say so."""
    for one in found:
        if one.path == timestamp.NAME:
            try:
                return timestamp.read_date(one.read(1000).decode("utf-8"))
            except Exception:  # whatever the date's parser meets
                remarks.append(f"{timestamp.NAME} holds no date and was left out.")
    return None
