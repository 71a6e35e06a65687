"""A zip file in, plain files in an empty folder out, whatever the zip file holds.

Uses the standard library only, and no other module of this package: it runs as a program, in a process with little
memory and time. Links, names that lead outside, and what is encrypted stay packed.
"""

import json
import os
import stat
import struct
import subprocess
import sys
import time
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

CHUNK = 1 << 16
LONGEST_PART = 200  # bytes of a file's or folder's name
DEEPEST = 8  # folders
MOST_REMARKS = 20
UNREADABLE = "it is damaged, or larger than it may be"
# All that zipfile meets in a damaged or hostile file.
TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


def unpack(file: IO[bytes], folder: Path, room: int, entries: int) -> list[str]:
    """Unpack a zip file.

    Parameters
    ----------
    file : binary file, open for reading
    folder : Path
        Empty.
    room : int
        Bytes that all files may take together; they are counted as they are written, whatever the zip file says.
    entries : int
        How many files are looked at.

    Returns
    -------
    list of str
        What stayed packed: "name: reason".
    """
    left = []
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > entries:
                left.append(f"what comes after the first {entries:,} files: there are too many")
            for member in members[:entries]:
                try:
                    room -= _write(archive, member, folder, room)
                except TROUBLE as problem:
                    left.append(f"{member.filename}: {_why(problem)}")
    except TROUBLE:
        return [*left, UNREADABLE]
    return left


class _Refused(ValueError):
    """A member that stays packed; the text says why."""


def _why(problem: BaseException) -> str:
    return str(problem) if isinstance(problem, _Refused) else "it is damaged"


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, room: int) -> int:
    """Write one member: how many bytes it took. Of two with the same name the last one stays, as everywhere."""
    path = folder.joinpath(*_parts(member.filename))
    if member.is_dir():
        return 0
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise _Refused("it is a link, or no file")
    if member.flag_bits & 1:
        raise _Refused("it is encrypted")
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    try:
        with archive.open(member) as packed, open(path, "wb") as plain:
            while chunk := packed.read(CHUNK):
                written += len(chunk)
                if written > room:
                    raise _Refused("unpacked it is larger than it may be")
                plain.write(chunk)
        _date(path, member)
    except BaseException:
        if path.is_file():
            path.unlink()
        raise
    return written


def _parts(name: str) -> tuple[str, ...]:
    """The folders and the name of a member, none of which leads outside."""
    parts = PurePosixPath(name.replace("\\", "/")).parts  # some programs on Windows write backslashes
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0]:
        raise _Refused("its name could lead outside")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        raise _Refused("its name holds what no name should")
    if len(parts) > DEEPEST or any(len(part.encode()) > LONGEST_PART for part in parts):
        raise _Refused("its name is too long, or nested too deeply")
    return parts


def _date(path: Path, member: zipfile.ZipInfo) -> None:
    """The date that the zip file has for it: of two copies the latest is graded."""
    try:
        moment = time.mktime((*member.date_time, 0, 0, -1))
        os.utime(path, (moment, moment))
    except (ValueError, OverflowError, OSError):
        os.utime(path, (0, 0))


def unpack_apart(file: IO[bytes], folder: Path, room: int, entries: int, seconds: float, memory: int) -> list[str]:
    """Unpack a zip file in a process of its own.

    Parameters
    ----------
    file, folder, room, entries
        As for `unpack`.
    seconds : float
        After this time it is ended; what was unpacked until then stays.
    memory : int
        Bytes that the process may use.

    Returns
    -------
    list of str
        As from `unpack`.
    """
    limits = [str(int(limit)) for limit in (room, entries, seconds + 1, memory)]
    command = [sys.executable, "-I", "-S", __file__, str(folder), *limits]
    try:
        done = subprocess.run(command, stdin=file, capture_output=True, timeout=seconds, cwd="/")
        return json.loads(done.stdout) if done.returncode == 0 else [UNREADABLE]
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return [UNREADABLE]


def _main(folder: str, room: int, entries: int, seconds: int, memory: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass  # macOS ignores RLIMIT_AS; the deadline and the file's size bound it there
    left = unpack(sys.stdin.buffer, Path(folder), room, entries)
    if len(left) > MOST_REMARKS:
        left[MOST_REMARKS - 1 :] = [f"{len(left) - MOST_REMARKS + 1:,} more"]
    json.dump(left, sys.stdout)


if __name__ == "__main__":
    _main(sys.argv[1], *map(int, sys.argv[2:]))
