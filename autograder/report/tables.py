"""Tables as text: for files that a spreadsheet opens, and for a terminal."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from autograder.grading.text import printable

# Where a cell may begin: commas end none in a cell that is quoted, but a spreadsheet may look for other signs, and then
# quotes in the middle of its cell count for nothing. What makes a formula may have space or quotes before it.
FORMULA = re.compile(r"""(^|[;|\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])|^(?=[\t\r\n])""")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str | float]]) -> str:
    """CSV text in which no cell is a formula for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)  # ends lines with \r\n, and so quotes a stray \r, too
    writer.writerow(header)
    writer.writerows([_harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """Text that a spreadsheet takes as text, whichever sign it takes for the end of a cell."""
    return FORMULA.sub(r"\1'", cell.replace("\0", ""))


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
