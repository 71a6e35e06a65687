"""Writes the generated blocks of the data card, README.md, each between two comments that name it."""

import hashlib
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
CARD = HERE / "README.md"


def _pattern(name):
    return re.compile(rf"(?<=<!-- {name}: begin -->\n).*?(?=<!-- {name}: end -->)", re.DOTALL)


def read_block(name, card=CARD):
    """The text of a block of the card."""
    found = _pattern(name).search(Path(card).read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{card} has no block '{name}': put back its two comments, begin and end.")
    return found[0]


def write_block(name, text, card=CARD):
    """Replace a block of the card by another text, which ends with a line break."""
    read_block(name, card)
    card = Path(card)
    written = _pattern(name).sub(lambda _: text, card.read_text(encoding="utf-8"))
    card.write_text(written, encoding="utf-8", newline="\n")


def table(header, rows):
    """A Markdown table from a header and rows of text."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def describe(path, data):
    """What is in the file: shapes, dtypes, balance, size and checksum, as Markdown.

    Parameters
    ----------
    path : Path
        The file.
    data : utils.data.Dataset
        What it holds.

    Returns
    -------
    str
    """
    content = path.read_bytes()
    rows = []
    for part, X, Y in (("train", data.X_train, data.Y_train), ("test", data.X_test, data.Y_test)):
        cats = int(Y.sum())
        rows.append([f"`{part}_set_x`", f"{X.shape}", f"{X.dtype}", "pictures: red, green and blue, 0 to 255"])
        rows.append([f"`{part}_set_y`", f"{Y[0].shape}", f"{Y.dtype}", f"labels: {cats} x 1, {Y.size - cats} x 0"])
    names = ", ".join(f"{label} is {name}" for label, name in enumerate(data.classes))
    rows.append(["`list_classes`", f"({len(data.classes)},)", "bytes", f"names: {names}"])
    return (
        table(["key", "shape", "dtype", "content"], rows)
        + f"\nSize: {len(content)} bytes. sha256:\n\n    {hashlib.sha256(content).hexdigest()}\n"
    )
