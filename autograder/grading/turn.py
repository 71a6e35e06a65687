"""One run at a time for each course: whoever comes second waits, and is told for what."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from autograder.grading.text import printable

LOCK = "lock"


@contextlib.contextmanager
def turn(folder: Path, what: str, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other run works in this folder, and keep others out meanwhile.

    Two batches at once would write the same gradebook, and the second looks of one could meet first looks of the
    other. The kernel lets the next one in when this process ends, however it ends.

    Parameters
    ----------
    folder : Path
        Where results are kept; made when missing.
    what : str
        "week2": what others are told while they wait.
    say : callable of one str
        Takes a line for the instructor.
    """
    try:
        import fcntl
    except ImportError:  # Windows, which grades on other machines only
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / LOCK, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another run that grades in {folder}: {_read(file)}.")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP):
                raise
            say(f"{folder} lies where files can't be locked: see to it that nobody else grades there at this time.")
        file.truncate(0)
        file.write(f"{what}, process {os.getpid()}, since {datetime.now():%H:%M}")
        file.flush()
        yield


def _read(file: TextIO) -> str:
    """What a run wrote about itself; it may not have come to it yet."""
    file.seek(0)
    return printable(file.read(200)) or "it has just begun"
