"""Tables as text: for files that a spreadsheet opens, and for a terminal."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from autograder.grading.text import printable

# What ends a cell: commas don't where it is quoted, but a spreadsheet may look for other signs, and then quotes in the
# middle of its cell count for nothing.
ENDS = ";|\t\r\n"
# What stands before a sign that makes a formula. Each run is looked at once: a hundred thousand spaces take no time.
BEFORE_SIGN = re.compile(r"""(?<![\s";|])[\s";|]*(?=[=+\-@＝＋－＠])""")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str | float]]) -> str:
    """CSV text in which no cell is a formula for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)  # ends lines with \r\n, and so quotes a stray \r, too
    writer.writerow(header)
    writer.writerows([_harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """Text that a spreadsheet takes as text, whichever sign it takes for the end of a cell."""
    cell = BEFORE_SIGN.sub(_quoted, cell.replace("\0", ""))
    return f"'{cell}" if cell[:1] in ("\t", "\r", "\n") else cell


def _quoted(found: re.Match[str]) -> str:
    """What stands before a sign, with a quote where a cell may begin."""
    before = found[0]
    last = max(map(before.rfind, ENDS)) + 1
    return f"{before[:last]}'{before[last:]}" if last or not found.start() else before


def aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows of text as lines with columns of equal width."""
    plain = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in plain]


def rounded(points: float) -> float:
    """Points for a file: a number without the noise of floats."""
    return float(f"{points:.10g}")


def shown(points: float | None) -> str:
    """Points for people."""
    return "none" if points is None else f"{points:.4g}" if points < 1000 else f"{points:.0f}"
