"""Outputs of cells as they go into the graded notebook: a student's made harmless, a verdict's made by us."""

import json
import re
from itertools import count
from typing import Any

from autograder.grading.run.job import CellOutput
from utils.checks.verdict import Verdict

# What the notebook format knows; anything else that a student's process sends is dropped.
PICTURES = ("image/png", "image/jpeg", "image/svg+xml", "image/gif")
TEXTS = ("text/plain", "text/html", "text/markdown", "text/latex")
# Of one cell: outputs, and lines of a traceback.
MOST_OUTPUTS = MOST_LINES = 500
# Characters that a result may take for all outputs of students' cells, and for all verdicts. Beside them it holds a few
# remarks, so that it stays under 2 MB.
MOST_OUTPUT, MOST_VERDICTS = 1_000_000, 600_000
TOO_MUCH = "The outputs of this notebook are too large; those of this cell are left out."
# A colour code, or whatever else an escape begins: that moves a cursor, and means nothing in a notebook.
CODE = re.compile(r"\x1b\[([\d;]{0,19})m|\x1b(?:\[[^@-~\n]*[@-~]?)?")
MOST_CODES = 1000  # in one text


def clean_outputs(outputs: Any, room: int = MOST_OUTPUT) -> list[CellOutput]:
    """What a student's process says a cell gave, as valid outputs of a notebook.

    Scripts and widgets are dropped: they would run in the browser of whoever looks at the graded notebook.

    Parameters
    ----------
    outputs : anything
    room : int
        How many characters they may take. Where that isn't enough, a sentence stands in their place.

    Returns
    -------
    list of dict
    """
    cleaned = []
    for output in (outputs if isinstance(outputs, list) else [])[:MOST_OUTPUTS]:
        if made := _clean(output):
            room -= size([made])
            if room < 0:
                return [{"output_type": "stream", "name": "stdout", "text": TOO_MUCH}]
            cleaned.append(made)
    return cleaned


def _clean(output: Any) -> CellOutput | None:
    match output:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return {"output_type": "stream", "name": name, "text": _text(text)}
        case {"output_type": "error", "ename": str(name), "evalue": str(message), "traceback": list(lines)}:
            traceback = [_text(line) for line in lines[:MOST_LINES] if isinstance(line, str)]
            return {"output_type": "error", "ename": _text(name), "evalue": _text(message), "traceback": traceback}
        case {"output_type": "execute_result" | "display_data" as kind, "data": dict(data)}:
            kept = {mime: data[mime] for mime in PICTURES + TEXTS if isinstance(data.get(mime), str)}
            kept = {mime: _text(text) for mime, text in kept.items()}
            count = {"execution_count": _count(output.get("execution_count"))} if kind == "execute_result" else {}
            return {"output_type": kind, "data": kept, "metadata": {}, **count} if kept else None
    return None


def _text(text: str) -> str:
    """Text that can be written to a file: half of a surrogate pair can't. One that is too long only has to stay so."""
    text = text[: MOST_OUTPUT + 1].encode("utf-8", errors="replace").decode("utf-8")
    kept = count()
    return CODE.sub(lambda code: code[0] if code[1] is not None and next(kept) < MOST_CODES else "", text)


def size(outputs: list[CellOutput]) -> int:
    """How many characters outputs take."""
    return len(json.dumps(outputs))


def _count(number: Any) -> int | None:
    return number if isinstance(number, int) and 0 < number < 2**31 else None


def verdict_outputs(verdict: Verdict, points: float, room: int = MOST_VERDICTS) -> list[CellOutput]:
    """What a graded cell shows: the verdict, and the points as the value that nbgrader reads.

    Parameters
    ----------
    verdict : Verdict
    points : float
    room : int
        How many characters the verdict may take. Where that isn't enough, its beginning is shown as plain text.

    Returns
    -------
    list of dict
    """
    shown = {"text/plain": _text(str(verdict)), "text/html": _text(verdict._repr_html_())}
    output = {"output_type": "display_data", "data": shown, "metadata": {}}
    if size([output]) > room:
        # In JSON one character may take twelve.
        output["data"] = {"text/plain": f"{shown['text/plain'][: room // 12]}\n  ... more than fits is left out here."}
    value = {"text/plain": repr(points)}
    return [output, {"output_type": "execute_result", "data": value, "metadata": {}, "execution_count": None}]


def ended_output(remark: str) -> CellOutput:
    """What a cell shows that ended the student's process."""
    return {"output_type": "error", "ename": "Ended", "evalue": "", "traceback": [remark]}
