"""Attacks on whoever makes a page of a graded notebook: texts that keep a parser busy, or make the page huge.

`HEAVY` holds cells as they are taken in, for the pages alone; the attacks below go through the grader, too.
"""

import nbformat
from nbformat import v4

from autograder.grading.run.cell_outputs import clean_outputs
from tests.attacks.browser import shows
from tests.support.submissions import solutions, write_submission

HEAVY = {}


def heavy(name, *cells):
    """Add a notebook of some cells."""
    assert name not in HEAVY, name
    HEAVY[name] = cells


def shown(*outputs):
    """A cell with outputs: texts that it printed, or pairs of a kind and a text that it displayed."""
    made = [
        {"output_type": "stream", "name": "stdout", "text": output}
        if isinstance(output, str)
        else {"output_type": "display_data", "data": dict([output])}
        for output in outputs
    ]
    return "code", "1", made


def raised(lines):
    """A cell that raised an error with these lines."""
    return "code", "1", [{"output_type": "error", "ename": "E", "evalue": "", "traceback": lines}]


def text(source):
    """A Markdown cell."""
    return "markdown", source, []


def code(source):
    """A code cell without outputs."""
    return "code", source, []


def notebook_of(cells):
    """A graded notebook of cells as `heavy` takes them; outputs are bounded as those of students are."""
    notebook = v4.new_notebook()
    notebook.nbformat_minor = 5
    for number, (kind, source, outputs) in enumerate(cells):
        about = {"cell_type": kind, "id": f"c{number}", "metadata": {}, "source": source}
        if kind == "code":
            about |= {"execution_count": None, "outputs": clean_outputs(outputs)}
        notebook.cells.append(nbformat.from_dict(about))
    return notebook


HTML = "text/html"
DIFFERENT = "".join(f"<b title={number}>" for number in range(2400))

heavy("formatting-and-paragraphs", shown((HTML, "<b title=i>" * 2400 + "<p>x" * 2400)))
heavy("different-formatting-and-paragraphs", shown((HTML, DIFFERENT + "<p>x" * 2400)))
heavy("formatting-in-every-cell", *[shown((HTML, DIFFERENT[:30_000] + "<p>x" * 1500))] * 30)
heavy("formatting-in-texts", *[text(DIFFERENT[:15_000] + "<p>x" * 1200)] * 30)
heavy("colours-without-end", shown("\x1b[31mx\x1b[0m" * 80_000))
heavy("one-long-code", shown("\x1b[" + ";" * 199_000 + "m"))
heavy("codes-in-errors", raised(["\x1b[1;31m" + "x\x1b[0m" * 300] * 500))
heavy("codes-that-never-end", shown("\x1b[" * 100_000), shown(("text/plain", "\x1b[0" * 200_000)))
heavy("environments", *[text("\\begin{a}" * 2200)] * 900)
heavy("brackets", *[text("[" * 19_000)] * 40, *[text("![" * 9_000)] * 40, *[text("[a](" * 4_500)] * 40)
heavy("quotes-and-lists", *[text("> " * 9_000)] * 20, *[text("- " * 9_000 + "x")] * 20, text("1. " * 6_000))
heavy("stars-and-ticks", *[text("*a_" * 6_000)] * 20, *[text("`" * 19_000)] * 20, *[text("**a *" * 3_900)] * 20)
heavy("tables", *[text("|a" * 5_000 + "\n" + "|-" * 5_000 + "\n" + "|b" * 4_000)] * 30)
heavy("comments", *[text("<!--" * 4_900)] * 20, shown((HTML, "<!--" * 200_000)), *[text("<![CDATA[" * 2_200)] * 20)
heavy("references", *[text("".join(f"[{n}]: x\n" for n in range(1_900)))] * 60)
heavy("entities", shown("&<" * 400_000), shown((HTML, "&#x" * 300_000)), shown(("text/latex", "<&" * 400_000)))
heavy("deep-boxes", *[shown((HTML, "<div>" * 4_900))] * 20)
heavy("attributes", *[shown((HTML, "<a " + "b=c " * 70_000))] * 3, shown((HTML, "<a b=c " * 4_900)))
heavy(
    "markdown-in-outputs", *[shown(("text/markdown", "[" * 19_000)), shown(("text/latex", "\\begin{a}[(" * 9_000))] * 20
)
heavy("pictures", shown(("image/svg+xml", "<g>" * 300_000)), shown(("image/png", "<&'\"" * 240_000)))
heavy("long-lines-of-code", *[code("a+" * 50_000)] * 40)
heavy("strings-that-never-end", *[code("'''" * 30_000)] * 20, *[code("f'{" * 30_000)] * 20, *[code("\\" * 90_000)] * 10)
heavy("many-small-outputs", *[shown(*[("text/plain", "x")] * 500)] * 40)
heavy("many-cells", *[text("x")] * 1000, *[code("x")] * 1000)
heavy("links-to-files", *[text("[x](files/" * 1_900), text("[" * 9_000 + "](files/")] * 20)


# Cells that print and display what is heavy.
PRINTS = [
    code('from IPython.display import HTML\nHTML("".join(f"<b title={i}>" for i in range(2400)) + "<p>x" * 2400)'),
    code('print("\\x1b[" + ";" * 199_000 + "m")'),
    code('print("\\x1b[31mx" * 900_000)'),
]


def write_heavy(folder, week, notebook):
    """Hand in a right notebook with some of everything that is heavy in its texts and outputs."""
    write_submission(folder, week, notebook, solutions(notebook))
    path = folder / f"{notebook}.ipynb"
    written = nbformat.read(path, as_version=4)
    texts = [cell for name in ("formatting-in-texts", "brackets") for cell in HEAVY[name][::9]]
    written.cells[1:1] = notebook_of([*PRINTS, *texts, *HEAVY["environments"]]).cells
    nbformat.write(written, path)


def _heavy_texts(notebook):
    for number in range(900):
        notebook.cells.append(v4.new_markdown_cell("\\begin{a}" * 2200, id=f"own-{number}"))


shows(
    "a-page-that-takes-hours",
    "displays HTML, colour codes and Markdown that parsers take hours over",
    "generate_feedback hangs, and the formgrader's server with it",
    [source for _, source, _ in PRINTS],
    edit=_heavy_texts,
)
shows(
    "a-verdict-of-300-mb",
    "returns 30 million control characters, megabytes of bytes, lists with one long text, keys without end",
    "the feedback quotes what the student's function gave, or reads it as numbers",
    functions={
        "softmax": "def softmax(x):\n    return '\\x01' * 30_000_000\n",
        "L2": "def L2(a, b):\n    return ['x' * 1_000_000] + ['a'] * 4_000\n",
        "sigmoid": "def sigmoid(x):\n    return bytes(30_000_000)\n",
        "normalize_rows": "def normalize_rows(x):\n    return {'\\x01' * 30_000_000: 1}\n",
        "image2vector": "def image2vector(x):\n    x.fill(0)\n    raise KeyError('\\U0001f600' * 7_000_000)\n",
    },
    seconds=14,
)
