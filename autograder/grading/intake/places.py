"""Where a class's submissions lie: what is plainly meant for an assignment is taken in, and all else is named."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.grading.intake import timestamp
from autograder.grading.intake.scan import (
    IGNORED_FILES,
    IGNORED_FOLDERS,
    Found,
    ReadingLimits,
    Unreadable,
    look,
    shown,
)
from autograder.grading.intake.unpack import UNREADABLE, unpack_apart
from autograder.grading.text import printable

ARCHIVE = re.compile(r"\.(7z|rar|tar|tgz|gz|bz2|xz)$", re.IGNORECASE)
DEEPEST_SEARCH = 3  # folders
MOST_ENTRIES = 1_000  # that are looked at to see whether a folder holds notebooks


@dataclass(frozen=True)
class Place:
    """Where a student's submission lies.

    Attributes
    ----------
    main : Path
        Its folder; or the zip file or notebook that is there in its place.
    others : tuple of Path
        What else may hold notebooks that are missing in it.
    dated : bool
        Whether its timestamp.txt is that of the one who collected it; in what a student named or packed it isn't.
    remarks : tuple of str
        What was taken for what, for the student.
    """

    main: Path
    others: tuple[Path, ...] = ()
    dated: bool = True
    remarks: tuple[str, ...] = ()


@dataclass
class Places:
    """Where the submissions of a class lie.

    Attributes
    ----------
    found : dict from student to Place
    left : list of str
        Sentences for the instructor: what was not taken in, and what to do about it.
    """

    found: dict[str, Place] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def find_places(
    root: Path,
    assignment: str,
    known: Mapping[str, list[str]],
    wanted: Callable[[str], bool] = lambda student: True,
    limits: ReadingLimits | None = None,
) -> Places:
    """Look for the submissions of an assignment at everything in the folder of all submissions.

    Parameters
    ----------
    root : Path
        Holds a folder for each student, and these one for each assignment.
    assignment : str
    known : dict from assignment to list of str
        The notebooks of every assignment: what is meant for another one is left alone.
    wanted : function from str to bool
        Which students are asked for.
    limits : ReadingLimits or None
        None for the usual ones.

    Returns
    -------
    Places
    """
    places = Places()
    for entry in _entries(root):
        if not wanted(entry.name):
            continue
        where = f"{shown(root.name)}/{shown(entry.name)}"
        if not entry.is_dir():
            places.left.append(f"{where} lies beside the students' folders: put it into the folder of its student.")
        elif not _is_student(entry.name):
            places.left.append(f"The folder {where} has a name that no student can have: rename it.")
        elif meant_for(entry.name, known) and not Path(entry.path, assignment).is_dir():
            places.left.append(f"The folder {where} stands where a student's should: put it into that one.")
        else:
            search = _Search(assignment, known, limits or ReadingLimits())
            search.look_into(Path(entry.path), f"{where}/", DEEPEST_SEARCH)
            if place := search.place():
                places.found[entry.name] = place
            places.left += search.left
    return places


def _is_student(name: str) -> bool:
    """Whether a gradebook can hold the name: no line break, nothing that isn't UTF-8."""
    return not re.search(r"[\n\r\ud800-\udfff]", name)


def _entries(folder: Path, most: int | None = None) -> list[os.DirEntry[str]]:
    """What is in a folder but for what systems and editors leave there, in alphabetical order; at most so much."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(islice(entries, most), key=lambda entry: entry.name)
    except OSError:
        return []
    return [entry for entry in listed if entry.name not in IGNORED_FOLDERS | IGNORED_FILES and entry.name[0] != "."]


class _Search:
    """Looks through one student's folder for what is meant for an assignment."""

    def __init__(self, assignment: str, known: Mapping[str, list[str]], limits: ReadingLimits) -> None:
        self.assignment, self.known = assignment, {assignment: [], **known}
        self.exact: Path | None = None
        self.candidates: list[tuple[int, Path]] = []  # with a rank: the lower, the plainer
        self.left: list[str] = []
        self.limits, self.zips, self.room = limits, limits.zips, limits.entries  # those that are still looked at

    def place(self) -> Place | None:
        """Where the submission lies; None when there is none."""
        ranked = [path for _, path in sorted(self.candidates, key=lambda one: (one[0], -_modified(one[1]), one[1]))]
        if len({path.parent for path in ranked}) > 1:  # perhaps of several students
            names = ", ".join(shown("/".join(path.parts[-3:])) for path in ranked[:5])
            self.left.append(f"It isn't plain which of {names} counts: put that into {shown(self.assignment)}.")
            ranked = []
        if self.exact is not None:
            return Place(self.exact, tuple(ranked))
        if not ranked:
            return None
        name = shown(ranked[0].name)
        remark = f"There is no folder {shown(self.assignment)}; {name} was graded in its place."
        return Place(ranked[0], tuple(ranked[1:]), dated=False, remarks=(remark,))

    def look_into(self, folder: Path, where: str, deep: int) -> None:
        """Sort what lies in a folder: candidates, what is another assignment's, and what is left."""
        for entry in _entries(folder, self.room + 1):
            self.room -= 1
            if self.room < 0:
                self.left.append(f"{where} holds too many files; some weren't looked at: tidy it.")
                break
            path, name = Path(entry.path), f"{where}{shown(entry.name)}"
            if entry.name == self.assignment and deep == DEEPEST_SEARCH:
                self.exact = path
            elif entry.is_symlink():
                self.left.append(f"{name} is a link, which isn't followed: put there what it leads to.")
            elif entry.is_dir():
                self._folder(path, name, deep)
            elif entry.is_file() and entry.name != timestamp.NAME:
                self._file(path, name)

    def _folder(self, path: Path, name: str, deep: int) -> None:
        meant = meant_for(path.name, self.known)
        if meant == self.assignment:
            self.candidates.append((0, path))
        elif meant is None and any(self._is_notebook(entry.name) for entry in _entries(path, MOST_ENTRIES)):
            self.candidates.append((2, path))
        elif meant is None and deep:
            before = len(self.candidates), len(self.left)
            self.look_into(path, f"{name}/", deep - 1)
            if len(self.candidates) == before[0] and self.left[before[1] :]:
                self.left[before[1] :] = [self._of_no_use(name)]

    def _file(self, path: Path, name: str) -> None:
        meant = meant_for(path.stem, self.known)
        if self._is_notebook(path.name):
            self.candidates.append((4, path))
        elif any(_is_called(path.name, other) for names in self.known.values() for other in names):
            pass  # another assignment's
        elif ARCHIVE.search(path.name) and meant in (None, self.assignment):
            self.left.append(f"{name} can't be unpacked here: unpack it into the folder {shown(self.assignment)}.")
        elif path.suffix.lower() == ".zip" and meant == self.assignment:
            self.candidates.append((1, path))
        elif path.suffix.lower() == ".zip" and meant is None and self.zips and self._holds_one(path):
            self.candidates.append((3, path))
        elif meant in (None, self.assignment):
            self.left.append(self._of_no_use(name))

    def _of_no_use(self, name: str) -> str:
        return f"{name} is nothing of {shown(self.assignment)}: if it should be, put it into that folder."

    def _is_notebook(self, filename: str) -> bool:
        return any(_is_called(filename, name) for name in self.known[self.assignment])

    def _holds_one(self, path: Path) -> bool:
        """Whether a zip file holds a notebook of the assignment."""
        self.zips -= 1
        with Unpacked(self.limits) as unpacked:
            found, _, _ = unpacked.contents(path)
            return any(self._is_notebook(one.name) for one in found)


def meant_for(name: str, known: Mapping[str, object]) -> str | None:
    """The one assignment that a name means: "Week 2", "week2 (1)", "ada_week_2"; None when it's none or not plain.

    Parameters
    ----------
    name : str
    known : dict with the assignments as its keys
    """
    meant = [one for one in known if re.search(_pattern(one), name.lower())]
    meant = [one for one in meant if not any(one != other and re.search(_pattern(one), other) for other in meant)]
    return meant[0] if len(meant) == 1 else None


def _pattern(assignment: str) -> str:
    """A regular expression for an assignment's name with any signs between its words and numbers."""
    between = r"[\W_]*".join(re.findall(r"[^\W\d_]+|\d+", assignment.lower()))
    return rf"(?<![^\W_]){between or re.escape(assignment.lower())}(?![^\W_])"


def _is_called(filename: str, notebook: str) -> bool:
    """Whether a file is a notebook of this name, or a copy of it: "Quiz2 (1).ipynb"."""
    lower = filename.lower()
    return ".ipynb" in lower and re.search(_pattern(notebook), lower) is not None


def _modified(path: Path) -> float:
    """When the latest file of a candidate was changed, in seconds since 1970."""
    try:
        files = look(path, ReadingLimits())[0] if path.is_dir() else []
        return max((one.modified for one in files), default=path.stat().st_mtime)
    except OSError:
        return 0.0


class Unpacked:
    """Looks into folders and zip files alike. What is unpacked is there until the end of the `with` block."""

    def __init__(self, limits: ReadingLimits) -> None:
        self.limits = limits
        self.folders: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def contents(self, path: Path) -> tuple[list[Found], set[str], list[str]]:
        """What is in a folder or a zip file; or a notebook by itself. Found files, links and remarks as of `look`."""
        packed = path.suffix.lower() == ".zip"
        if path.is_symlink() or not path.is_file() or not (packed or ".ipynb" in path.name.lower()):
            return look(path, self.limits)
        about = path.stat()
        itself = Found(path.name, path, about.st_size, about.st_mtime)
        return self.unpack(itself) if packed else ([itself], set(), [])

    def unpack(self, packed: Found) -> tuple[list[Found], set[str], list[str]]:
        """What is in a zip file, as `look` gives it."""
        if len(self.folders) >= self.limits.zips or packed.size > self.limits.notebook_bytes:
            reason = "there are too many zip files, or it is too large"
            return [], set(), [f"{shown(packed.path)} was not unpacked: {reason}."]
        self.folders.append(tempfile.mkdtemp(prefix="unpacked-"))
        folder, limits = Path(self.folders[-1]), self.limits
        try:
            with packed.open() as file:
                left = unpack_apart(
                    file, folder, limits.unpacked_bytes, limits.entries, limits.unpack_seconds, limits.parse_bytes
                )
        except Unreadable:
            left = [UNREADABLE]
        found, links, remarks = look(folder, limits)
        remarks += [f"{shown(packed.path)} wasn't unpacked whole: {printable(one)[:200]}." for one in left]
        return found, links, remarks
