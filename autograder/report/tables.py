"""Tables as text: for files that a spreadsheet opens, and for a terminal."""

import csv
import io
from collections.abc import Iterable, Sequence

from autograder.grading.text import printable


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str | float]]) -> str:
    """CSV text in which no cell is a formula for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)  # ends lines with \r\n, and so quotes a stray \r, too
    writer.writerow(header)
    writer.writerows([_harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """Text that a spreadsheet takes as text: a tab, a line break or a space in front would not stop it, either."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if cell.lstrip().startswith(("=", "+", "-", "@")) or cell[:1] in ("\t", "\r", "\n") else cell


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
