"""A notebook file's bytes in, its cells out, whatever the file holds.

Uses the standard library only, and no other module of this package: for a large file it runs as a program, in a process
with little memory, and that has to start fast. Outputs, and all metadata but nbgrader's name of the cell, end here.
"""

import json
import re
import subprocess
import sys
import time
from dataclasses import astuple, dataclass
from typing import IO, Any

MOST_CELLS = 2_000
LONGEST_SOURCE = 1_000_000  # characters
MOST_TEXT = 20_000_000  # characters, all sources together
# Characters of one cell that isn't code, and of all of these. Pages show no more.
LONGEST_WORDS, MOST_WORDS = 20_000, 2_000_000
LONGEST_NAME = 200  # characters; a cell's id or grade_id
# For looking for whole cells in a damaged file; a hostile one could keep us for hours.
SEARCH_SECONDS = 3
SEARCH_TRIES = 10_000

CONFLICT = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?: .*)?\r?$", re.MULTILINE)
KEYS = "attachments|cell_type|collapsed|execution_count|id|input|language|metadata|outputs|source"
CELL = re.compile(rf'\{{\s*"(?:{KEYS})"\s*:')
UNREADABLE = "The notebook file couldn't be read: it holds no notebook."
TOO_LARGE = "The notebook file is too large to be read; clear its outputs, save it, and hand it in again."


@dataclass(frozen=True)
class RawCell:
    """A cell as the student left it, every part of the right type and size.

    Attributes
    ----------
    cell_type : str
        "code", "markdown" or "raw".
    source : str
    id, grade_id : str or None
        What Jupyter and nbgrader call the cell, if it still says so.
    """

    cell_type: str
    source: str
    id: str | None = None
    grade_id: str | None = None


def salvage(data: bytes, seconds: float = SEARCH_SECONDS) -> tuple[list[RawCell], list[str]]:
    """Save the cells of a notebook file.

    Parameters
    ----------
    data : bytes
    seconds : float
        How long to look for whole cells when the file is damaged.

    Returns
    -------
    cells : list of RawCell
        Empty when nothing could be saved.
    remarks : list of str
        What was wrong with the file, for the student.
    """
    text, remarks = _decode(data)
    if not text.strip():
        return [], ["The notebook file is empty."]
    values, remark = _values(text, seconds)
    cells, cut = _cells(values)
    if not cells:
        return [], [UNREADABLE]
    return cells, [*remarks, *filter(None, [remark]), *cut]


def _decode(data: bytes) -> tuple[str, list[str]]:
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        return text, ["Some characters of the notebook file couldn't be read and were replaced by \ufffd."]


# Numbers don't matter here, and a number of a million digits would.
_decoder = json.JSONDecoder(parse_int=lambda _: 0, parse_float=lambda _: 0, parse_constant=lambda _: None, strict=False)


def _parse(text: str, start: int = 0) -> tuple[Any, int]:
    """The JSON value at a position and where it ends, or (None, start) when there is none."""
    try:
        return _decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, start


def _values(text: str, seconds: float) -> tuple[list[Any], str | None]:
    """Everything in the text that should be a cell, and a sentence when the text was damaged."""
    start = max(text.find("{"), 0)
    value, end = _parse(text, start)
    listed = _listed(value)
    if listed is not None:
        behind = text[end:].strip()
        return listed, "What stood behind the end of the notebook was ignored." if behind else None
    if CONFLICT.search(text):
        for side in ("<", ">"):
            listed = _listed(_parse(_one_side(text, side))[0])
            if listed is not None:
                which = "first" if side == "<" else "second"
                return listed, f"Git left a merge conflict in the notebook file; the {which} version was used."
    found = _search(text, seconds)
    return found, f"The notebook file is damaged or cut off; {min(len(found), MOST_CELLS)} of its cells could be read."


def _listed(value: Any) -> list[Any] | None:
    """The cells of a notebook of any version, or None."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("cells"), list):
        return value["cells"]
    if not isinstance(value.get("worksheets"), list):
        return None
    sheets = [sheet["cells"] for sheet in value["worksheets"] if isinstance(sheet, dict) and "cells" in sheet]
    return [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]


def _one_side(text: str, side: str) -> str:
    """One of the two versions that a merge conflict left: "<" the first, ">" the second."""
    kept, now = [], None
    for line in text.splitlines(keepends=True):
        marker = CONFLICT.match(line)
        if marker is None:
            if now in (None, side):
                kept.append(line)
        else:
            now = {"<": "<", "|": "|", "=": ">", ">": None}[marker[1][0]]
    return "".join(kept)


def _search(text: str, seconds: float) -> list[dict[str, Any]]:
    """The whole cells in a damaged file."""
    found: list[dict[str, Any]] = []
    position, deadline = 0, time.monotonic() + seconds
    last = text.rfind('"cell_type"')
    for _ in range(SEARCH_TRIES):
        match = CELL.search(text, position)
        if match is None or match.start() > last or len(found) > MOST_CELLS or time.monotonic() > deadline:
            break
        value, end = _parse(text, match.start())
        if isinstance(value, dict) and "cell_type" in value and ("source" in value or "input" in value):
            found.append(value)
            position = end
        else:
            position = match.start() + 1
    return found


def _cells(values: list[Any]) -> tuple[list[RawCell], list[str]]:
    """Clean cells, and sentences about those that were too large."""
    cells, remarks, room, words = list[RawCell](), list[str](), MOST_TEXT, MOST_WORDS
    for value in values:
        cell = _cell(value)
        if cell is None:
            continue
        if len(cell.source) > LONGEST_SOURCE:
            remarks.append(f"A cell of more than {LONGEST_SOURCE:,} characters was emptied.")
            cell = RawCell(cell.cell_type, "", cell.id, cell.grade_id)
        if cell.cell_type != "code":
            longest = min(LONGEST_WORDS, words)
            if len(cell.source) > longest:
                remarks.append(
                    f"Text cells may hold {LONGEST_WORDS:,} characters, and {MOST_WORDS:,} in all; more was cut."
                )
                cell = RawCell(cell.cell_type, cell.source[:longest], cell.id, cell.grade_id)
            words -= len(cell.source)
        room -= len(cell.source)
        if len(cells) == MOST_CELLS or room < 0:
            remarks.append(f"The notebook is too long; only its first {len(cells):,} cells were read.")
            break
        cells.append(cell)
    return cells, list(dict.fromkeys(remarks))


def _cell(value: Any) -> RawCell | None:
    if not isinstance(value, dict):
        return None
    cell_type = str(value.get("cell_type", ""))[:20].lower()
    if cell_type not in ("code", "markdown", "raw"):
        # Notebooks of version 3 had headings; of other types only what they hold tells what they are.
        ran = not value.keys().isdisjoint(("outputs", "execution_count", "input"))
        cell_type = "markdown" if cell_type == "heading" else "code" if ran else "raw"
    about = value.get("metadata")
    about = about.get("nbgrader") if isinstance(about, dict) else None
    about = about if isinstance(about, dict) else {}
    source = _text(value.get("source", value.get("input", "")))
    return RawCell(cell_type, source, _name(value.get("id")), _name(about.get("grade_id")))


def _text(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return ""
    # Half a surrogate pair can't be written to a file, a NUL can't be compiled.
    source = source.encode("utf-8", errors="replace").decode("utf-8")
    return source.replace("\0", "\ufffd").replace("\r\n", "\n")


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_NAME else None


def salvage_apart(file: IO[bytes], seconds: float, memory: int) -> tuple[list[RawCell], list[str]]:
    """Save the cells of a large notebook file in a process of its own.

    Parameters
    ----------
    file : binary file, open for reading
    seconds : float
        After this time the file counts as unreadable.
    memory : int
        Bytes that the process may use.

    Returns
    -------
    cells, remarks
        As from `salvage`.
    """
    command = [sys.executable, "-I", "-S", __file__, str(int(memory)), str(int(seconds) + 1)]
    try:
        done = subprocess.run(command, stdin=file, capture_output=True, timeout=seconds, cwd="/")
        saved = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, OSError, ValueError):
        saved = None
    if saved is None:
        return [], [TOO_LARGE]
    return [RawCell(*cell) for cell in saved["cells"]], saved["remarks"]


def _main(memory: int, seconds: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass  # macOS ignores RLIMIT_AS, Windows has no limits; the deadline and the file's size bound it there
    cells, remarks = salvage(sys.stdin.buffer.read(), seconds / 2)
    json.dump({"cells": [astuple(cell) for cell in cells], "remarks": remarks}, sys.stdout)


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
