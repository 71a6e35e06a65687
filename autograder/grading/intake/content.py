"""A hash of all that was handed in: whatever in it changes, it is another submission."""

import hashlib
import json
from collections.abc import Mapping

from autograder.grading.intake.scan import Found, ReadingLimits, Unreadable


def content_hash(
    found: list[Found], chosen: Mapping[str, Found], files: Mapping[str, bytes], limits: ReadingLimits
) -> str:
    """The hash of a submission: its files' names and bytes, and which file counts as which notebook.

    What isn't used can't reach the student's process. It counts all the same, byte for byte as far as `file_bytes`
    allow, and with its name and size beyond that.

    Parameters
    ----------
    found : list of Found
        All files.
    chosen : dict from the name of a notebook to Found
        Names and bytes alone do not tell it: of two copies the latest is chosen.
    files : dict from relative path to bytes
        Those that come along with the notebooks, read already.
    limits : ReadingLimits

    Returns
    -------
    str
    """
    notebooks, room = {one.full for one in chosen.values()}, limits.file_bytes
    about = []
    for one in found:
        if one.path in files:
            code = hashlib.sha256(files[one.path]).hexdigest()
        elif one.size <= (limits.notebook_bytes if one.full in notebooks else room):
            room -= 0 if one.full in notebooks else one.size
            code = _hash(one)
        else:
            code = ""
        about.append((one.path, one.size, code))
    names = sorted((name, one.path) for name, one in chosen.items())
    return hashlib.sha256(json.dumps([about, names]).encode()).hexdigest()


def _hash(found: Found) -> str:
    try:
        with found.open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (Unreadable, OSError):
        return ""
