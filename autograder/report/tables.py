"""Tables as text: for files that a spreadsheet opens, and for a terminal."""

import csv
import io


def to_csv(header, rows):
    """CSV text in which no cell is a formula for a spreadsheet.

    Parameters
    ----------
    header : sequence of str
    rows : iterable of sequences of str or numbers

    Returns
    -------
    str
    """
    text = io.StringIO()
    writer = csv.writer(text)  # ends lines with \r\n, and so quotes a stray \r, too
    writer.writerow(header)
    writer.writerows([_harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell):
    """Text that a spreadsheet takes as text: a tab, a line break or a space in front would not stop it, either."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if cell.lstrip().startswith(("=", "+", "-", "@")) or cell[:1] in ("\t", "\r", "\n") else cell


def aligned(rows):
    """Rows of text as lines with columns of equal width."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def printable(text):
    """Text without what could move a terminal's cursor, such as a line break or an escape in a file's name."""
    return "".join(character if character.isprintable() else "?" for character in text)


def count(number, noun):
    """ "1 notebook", "2 notebooks"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
