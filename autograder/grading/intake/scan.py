"""Looks into a folder that a student handed in: finds regular files, follows no link, reads no more than it must."""

import os
import stat
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.machinery import PathFinder, all_suffixes
from io import BufferedReader
from pathlib import Path, PurePosixPath
from sys import stdlib_module_names

# Left by systems and editors, and nobody's work.
IGNORED_FOLDERS = {".ipynb_checkpoints", "__pycache__", "__MACOSX", ".git", ".idea", ".vscode", ".virtual_documents"}
IGNORED_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}
OURS = {"utils", "autograder", "sandbox", "sitecustomize", "usercustomize"}


class Unreadable(Exception):
    """A file can't be read; the text is a sentence for the student."""


@dataclass(frozen=True)
class ReadingLimits:
    """How much of a submission is read.

    Attributes
    ----------
    plain_bytes : int
        A notebook up to this size is read in this process, a larger one in a process of its own.
    notebook_bytes : int
        A notebook above this size isn't read.
    parse_seconds : float
        For reading one large notebook; when all of a submission took twice as long, no more of it is read.
    parse_bytes : int
        Memory for reading one large notebook.
    file_bytes, files, depth : int
        All files beside the notebooks together, their number, and the number of folders that they may be nested in.
    entries : int
        How many files and folders are looked at.
    unpacked_bytes, unpack_seconds : float
        What one zip file may hold, all of it together, and how long unpacking it may take.
    zips : int
        How many zip files of one submission are unpacked.
    """

    plain_bytes: int = 5_000_000
    notebook_bytes: int = 200_000_000
    parse_seconds: float = 60
    parse_bytes: int = 2_000_000_000
    file_bytes: int = 20_000_000
    files: int = 200
    depth: int = 8
    entries: int = 10_000
    unpacked_bytes: int = 300_000_000
    unpack_seconds: float = 20
    zips: int = 3


@dataclass(frozen=True)
class Found:
    """A regular file in the folder.

    Attributes
    ----------
    path : str
        Relative, with "/" between folders.
    full : Path
    size : int
        Bytes.
    modified : float
        Seconds since 1970.
    """

    path: str
    full: Path
    size: int
    modified: float

    @property
    def name(self) -> str:
        """The name without its folders."""
        return self.path.rpartition("/")[2]

    @property
    def depth(self) -> int:
        """How many folders it is nested in."""
        return self.path.count("/")

    def open(self) -> BufferedReader:
        """Open it for reading bytes.

        Raises
        ------
        Unreadable
            When it can't be opened or is no regular file any more.
        """
        # Not blocking, or a pipe that took the file's place would wait for its writer.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            number = os.open(self.full, flags)
        except OSError:
            raise Unreadable(f"{shown(self.path)} couldn't be opened.") from None
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise Unreadable(f"{shown(self.path)} is no regular file.")
        return os.fdopen(number, "rb")

    def read(self, most: int) -> bytes:
        """Its bytes.

        Parameters
        ----------
        most : int
            Bytes.

        Raises
        ------
        Unreadable
            When it can't be read, or is larger.
        """
        with self.open() as file:
            try:
                data = file.read(most + 1)
            except OSError:
                raise Unreadable(f"{shown(self.path)} couldn't be read.") from None
        if len(data) > most:
            raise Unreadable(f"{shown(self.path)} is too large.")
        return data


def look(folder: Path, limits: ReadingLimits) -> tuple[list[Found], set[str], list[str]]:
    """Find the regular files in a folder.

    Parameters
    ----------
    folder : Path
    limits : ReadingLimits

    Returns
    -------
    found : list of Found
        In alphabetical order.
    links : set of str
        Paths of links.
    remarks : list of str
        What was left out and why, for the student.
    """
    found: list[Found] = []
    links, remarks = set[str](), list[str]()
    if folder.is_symlink():
        return (
            found,
            links,
            ["The submission is a link to a folder; links aren't followed, so it counts as empty."],
        )
    if not folder.is_dir():
        return found, links, ["There is no submission folder."]
    waiting, seen = [(folder, "")], 0
    while waiting:
        here, prefix = waiting.pop(0)
        for entry in _entries(here, prefix, limits.entries - seen, remarks):
            seen += 1
            path = prefix + entry.name
            try:
                about = entry.stat(follow_symlinks=False)
            except OSError:
                remarks.append(f"{shown(path)} couldn't be read.")
                continue
            if stat.S_ISLNK(about.st_mode):
                links.add(path)
            elif stat.S_ISDIR(about.st_mode):
                if entry.name in IGNORED_FOLDERS:
                    continue
                if path.count("/") >= limits.depth:
                    remarks.append(f"The folder {shown(path)} is nested too deeply and was left out.")
                    continue
                waiting.append((here / entry.name, f"{path}/"))
            elif not stat.S_ISREG(about.st_mode):
                remarks.append(f"{shown(path)} is neither a file nor a folder and was left out.")
            elif not valid(path):
                remarks.append(f"{shown(path)} has a name that not all systems can read and was left out.")
            elif entry.name not in IGNORED_FILES and not entry.name.startswith("._"):
                found.append(Found(path, here / entry.name, about.st_size, about.st_mtime))
    return sorted(found, key=lambda one: one.path), links, remarks


def _entries(folder: Path, prefix: str, room: int, remarks: list[str]) -> list[os.DirEntry[str]]:
    """What is in one folder, in alphabetical order; at most `room` of it."""
    listed: list[os.DirEntry[str]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(listed) >= room:
                    remarks.append("There are too many files in the submission; some were left out.")
                    break
                listed.append(entry)
    except OSError:
        remarks.append(f"The folder {shown(prefix.rstrip('/')) or 'of the submission'} couldn't be opened.")
    return sorted(listed, key=lambda entry: entry.name)


def valid(path: str) -> bool:
    """Whether a relative path means the same on every system: no control characters, no backslash, valid UTF-8."""
    odd = any(unicodedata.category(letter) in ("Cc", "Cs") for letter in path)
    return not odd and "\\" not in path and ".." not in path.split("/")


def shown(path: str) -> str:
    """A path as it may stand in a sentence: printable and not long."""
    text = "".join(letter if letter.isprintable() else "?" for letter in path)
    return text if len(text) <= 80 else f"{text[:40]}...{text[-37:]}"


def read_files(found: list[Found], limits: ReadingLimits, remarks: list[str]) -> dict[str, bytes]:
    """Read the files beside the notebooks, as far as the limits allow.

    Parameters
    ----------
    found : list of Found
    limits : ReadingLimits
    remarks : list of str
        Gets a sentence for every file that is left out.

    Returns
    -------
    dict from relative path to bytes
    """
    files, room = dict[str, bytes](), limits.file_bytes
    for one in found:
        if shadowed := shadows(one.path):
            remarks.append(f"{shadowed} has the name of a module that the notebook needs; it was left out.")
        elif len(files) >= limits.files:
            remarks.append(f"There are more than {limits.files} files beside the notebooks; the rest was left out.")
            break
        elif one.size > room:
            remarks.append(
                f"{shown(one.path)} was left out: the files beside the notebooks may hold "
                f"{limits.file_bytes / 1e6:g} MB in all."
            )
        else:
            try:
                files[one.path] = one.read(room)
            except Unreadable as problem:
                remarks.append(str(problem))
                continue
            room -= len(files[one.path])
    return files


def shadows(path: str) -> str | None:
    """What would hide a module when it lay beside the notebook: the file or its package, or None.

    Parameters
    ----------
    path : str
        Relative, with "/" between folders.
    """
    top, *below = PurePosixPath(path).parts
    suffix = next((ending for ending in all_suffixes() if path.endswith(ending)), None)
    # Only a folder with an __init__ hides a package, and without its programs it has none. Its data may stay.
    if suffix is None:
        return None
    name = top if below else top.removesuffix(suffix)
    return shown(f"{name}/" if below else top) if _is_module(name) else None


@lru_cache(4096)
def _is_module(name: str) -> bool:
    if name in stdlib_module_names or name in OURS:
        return True
    if not name.isidentifier():
        return False
    try:
        spec = PathFinder.find_spec(name)
    except (ImportError, ValueError, OSError):
        return False
    # Without an origin it is just a folder of that name somewhere on the path.
    return spec is not None and spec.origin is not None
