"""Outputs of cells as they go into the graded notebook: a student's made harmless, a verdict's made by us."""

import json
from typing import Any

from autograder.grading.run.job import CellOutput
from utils.checks.verdict import Verdict

# What the notebook format knows; anything else that a student's process sends is dropped.
PICTURES = ("image/png", "image/jpeg", "image/svg+xml", "image/gif")
TEXTS = ("text/plain", "text/html", "text/markdown", "text/latex")
MOST_OUTPUTS = 600


def clean_outputs(outputs: Any) -> list[CellOutput]:
    """What a student's process says a cell gave, as valid outputs of a notebook.

    Scripts and widgets are dropped: they would run in the browser of whoever looks at the graded notebook.

    Parameters
    ----------
    outputs : anything

    Returns
    -------
    list of dict
    """
    cleaned = [_clean(output) for output in (outputs if isinstance(outputs, list) else [])[:MOST_OUTPUTS]]
    return [output for output in cleaned if output]


def _clean(output: Any) -> CellOutput | None:
    match output:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return {"output_type": "stream", "name": name, "text": _text(text)}
        case {"output_type": "error", "ename": str(name), "evalue": str(message), "traceback": list(lines)}:
            traceback = [_text(line) for line in lines if isinstance(line, str)]
            return {"output_type": "error", "ename": _text(name), "evalue": _text(message), "traceback": traceback}
        case {"output_type": "execute_result" | "display_data" as kind, "data": dict(data)}:
            kept = {mime: data[mime] for mime in PICTURES + TEXTS if isinstance(data.get(mime), str)}
            kept = {mime: _text(text) for mime, text in kept.items()}
            count = {"execution_count": _count(output.get("execution_count"))} if kind == "execute_result" else {}
            return {"output_type": kind, "data": kept, "metadata": {}, **count} if kept else None
    return None


def _text(text: str) -> str:
    """Text that can be written to a file: half of a surrogate pair can't."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def size(outputs: list[CellOutput]) -> int:
    """How many characters outputs take."""
    return len(json.dumps(outputs))


def _count(number: Any) -> int | None:
    return number if isinstance(number, int) and 0 < number < 2**31 else None


def verdict_outputs(verdict: Verdict, points: float) -> list[CellOutput]:
    """What a graded cell shows: the verdict, and the points as the value that nbgrader reads.

    Parameters
    ----------
    verdict : Verdict
    points : float

    Returns
    -------
    list of dict
    """
    shown = {"text/plain": _text(str(verdict)), "text/html": _text(verdict._repr_html_())}
    value = {"text/plain": repr(points)}
    return [
        {"output_type": "display_data", "data": shown, "metadata": {}},
        {"output_type": "execute_result", "data": value, "metadata": {}, "execution_count": None},
    ]


def ended_output(remark: str) -> CellOutput:
    """What a cell shows that ended the student's process."""
    return {"output_type": "error", "ename": "Ended", "evalue": "", "traceback": [remark]}
