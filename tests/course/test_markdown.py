"""The prose of the notebooks has one sentence on each line, so that a changed sentence is a changed line."""

import re

import nbformat
import pytest

from autograder.course import ROOT

NOTEBOOKS = sorted([*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "source").glob("*/*.ipynb")])

# No sentence ends inside a piece of code, a formula, or the words or address of a link.
WHOLE = re.compile(r"`[^`]+`|\$[^$]+\$|\[[^\]]*\]\([^)]*\)")
# A stop, what closes behind it, and a space. After "?" and "!" no small letter starts a sentence, but tanh may do so
# after a full stop. The "**1.**" before a question is no sentence.
END = re.compile(r"(?:\.|[?!](?=\W+[^\Wa-z]))(?<!\b[ei]\.[ge]\.)(?<!\b(?:cf|vs)\.)(?<!\.\.\.)(?<!\*\*\d\.)[\"')\]*_]* ")
ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")
# Nothing is asked of a quiz's options, which are read line by line, nor of headings, tables and rules.
OTHER = re.compile(r"- \*\*\w\*\*: |\s*(?:#|\||>|---|===)")


def paragraphs(source):
    """The paragraphs and list items of a cell: lists of (line number, line). Code, formulas and HTML are left out."""
    found, open_until = [[]], None
    for number, line in enumerate(source.split("\n"), 1):
        text = line.strip()
        if open_until is not None:  # inside of a fence, a formula or HTML
            if text.endswith(open_until) if open_until else not text:
                open_until = None
        elif text.startswith(("```", "$$", "<")):
            found.append([])
            closer = {"`": "```", "$": "$$", "<": ""}[text[0]]
            open_until = None if closer == "$$" and text.count("$$") == 2 else closer
        elif not text or OTHER.match(line):
            found.append([])
        else:
            if ITEM.match(line):
                found.append([])
            found[-1].append((number, line))
    return [lines for lines in found if lines]


def sentences(text):
    """Divide a paragraph, given as one line, into its sentences."""
    hidden = WHOLE.sub(_hidden, text)
    ends = [match.end() for match in END.finditer(hidden)]
    return [text[a:b].strip() for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]


def _hidden(match):
    """As many letters as the piece has; the stop that ends the words of a link, [Why now?](...), stays a stop."""
    stop = re.search(r"[.?!](?=\]\()", match[0])
    return "X" * (len(match[0]) - 2) + (stop[0] if stop else "X") + match[0][-1]


def complaints(source):
    """What is wrong in the Markdown of a cell: a list of strings that begin with the line."""
    said = []
    for lines in paragraphs(source):
        texts = [line.strip() for _, line in lines]
        marker = ITEM.match(texts[0])
        texts[0] = texts[0][marker.end() if marker else 0 :]
        for (number, _), text, sentence in zip(lines, texts, sentences(" ".join(texts)), strict=False):
            if text != sentence:
                kind = "two sentences" if len(text) > len(sentence) else "a part of a sentence"
                said.append(f"line {number} holds {kind}: {text}")
                break
    return said


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_sentence_on_each_line(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    said = [f"{path.relative_to(ROOT)}, cell {cell.id}, {it}" for cell in cells for it in complaints(cell.source)]
    assert not said, "\n".join(said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It bends. Where? At 2, e.g. there.", ["It bends.", "Where?", "At 2, e.g. there."]),
        ("By 3.2 `a. B` and $a. B$. **Look.** (So.) numpy stays.", 4),
        ('Who asks "Why?" learns. See [Why now?](a.ipynb) Then [What? How?](b.ipynb) and on.', 3),
        ("**1.** At 0, 100, 200, ... append it.", 1),
    ],
)
def test_where_sentences_end(text, expected):
    found = sentences(text)
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_what_is_no_prose_is_left_alone():
    source = "# A. B.\n| A. B. |\n```\nA. B.\n```\n$$a. B.\n$$\n<details>A. B.\nC. D.\n\n- **a**: A. B.\n- One.\n  Two."
    assert complaints(source) == []
    assert complaints(f"{source} Three.") == ["line 13 holds two sentences: Two. Three."]
    assert complaints("It goes\non.") == ["line 1 holds a part of a sentence: It goes"]
