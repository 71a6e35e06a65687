"""When something was handed in, as timestamp.txt says, which what collects submissions writes beside them."""

from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.parser import parse
from dateutil.tz import tzoffset

NAME = "timestamp.txt"


def read_date(text: str) -> datetime:
    """The moment that a text such as "2026-11-20 10:00:00 UTC" names, in UTC without saying so.

    Raises
    ------
    Exception
        Whatever the parser meets in a text that is no date.
    """
    text = text.strip()
    words = text.split(" ")
    found = parse(" ".join(words[:2])).replace(tzinfo=_zone(words[2])) if len(words) == 3 else parse(text)
    offset = found.utcoffset()
    return found if offset is None else (found - offset).replace(tzinfo=None)


def read(path: Path) -> datetime | None:
    """The moment that a file names; None when there is none, or it names none."""
    if path.is_symlink() or not path.is_file():
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return read_date(file.read(1000))
    except Exception:  # whatever the date's parser meets
        return None


def _zone(word: str) -> tzinfo | None:
    """A zone: its name, or seconds; None for another word."""
    try:
        return tzoffset(None, int(word))
    except ValueError:
        pass
    try:
        return ZoneInfo(word)
    except (ValueError, OSError, LookupError):  # LookupError: there is none of this name
        return None
