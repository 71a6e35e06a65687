"""Attacks with the notebook file: its cells, their names and metadata, and what is no notebook at all."""

import json

import nbformat

from tests.attacks.corpus import answer_cells, answer_names, attack, cell_of, graded_cells

ALL_WRONG = tuple(name for name in answer_names("numpy_basics") if name not in ("basic_sigmoid", "L1"))
PUT_BACK = "put back as released"


def edits(name, tries, naive, **parts):
    """Decorate a function that edits the notebook: it becomes an attack with all but two answers wrong."""

    def keep(function):
        attack(name, tries, naive, edit=function, **{"wrong": ALL_WRONG, **parts})
        return function

    return keep


@edits(
    "skip-execution",
    "tags every graded cell skip-execution and raises-exception",
    "stock nbgrader: a graded cell that isn't run has no error, and that is full credit",
)
def _(notebook):
    for cell in graded_cells(notebook):
        cell.metadata["tags"] = ["skip-execution", "raises-exception", "remove-cell", "training"]


@edits(
    "more-points",
    "the metadata of graded cells say points=1000",
    "the metadata are in the student's file",
)
def _(notebook):
    for cell in graded_cells(notebook):
        cell.metadata["nbgrader"]["points"] = 1000


@edits(
    "grade-ids-swapped",
    "swaps the names of the cells that grade L1 (right) and softmax (wrong)",
    "the name decides which entry of the gradebook the score goes to: softmax is worth twice as much",
)
def _(notebook):
    one, other = cell_of(notebook, "grade-L1"), cell_of(notebook, "grade-softmax")
    one.metadata["nbgrader"]["grade_id"], other.metadata["nbgrader"]["grade_id"] = "grade-softmax", "grade-L1"
    one["id"], other["id"] = other["id"], one["id"]


@edits(
    "answer-ids-swapped",
    "swaps the names of the answer cells of L1 and softmax",
    "one's right answer could count for the other",
)
def _(notebook):
    one, other = answer_cells(notebook)["L1"], answer_cells(notebook)["softmax"]
    one.metadata["nbgrader"], other.metadata["nbgrader"] = other.metadata["nbgrader"], one.metadata["nbgrader"]


@edits(
    "graded-cells-as-text",
    "turns the graded cells into Markdown",
    "a Markdown cell gives no error",
)
def _(notebook):
    for cell in graded_cells(notebook):
        cell.cell_type = "markdown"
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)


@edits(
    "graded-cells-deleted",
    "deletes the graded cells",
    "stock nbgrader keeps the score that an earlier submission had for them",
    says=PUT_BACK,
)
def _(notebook):
    graded = graded_cells(notebook)
    notebook.cells = [cell for cell in notebook.cells if not any(cell is one for one in graded)]


@edits(
    "everything-deleted",
    "hands in a notebook with one cell: 100.0",
    "nothing is there that could fail",
    keeps=False,
    says=PUT_BACK,
)
def _(notebook):
    notebook.cells = [nbformat.v4.new_code_cell("100.0")]


@edits(
    "graded-cells-doubled",
    "doubles each graded cell; the second one says 10.0",
    "the last cell of a name decides",
)
def _(notebook):
    for cell in graded_cells(notebook):
        second = nbformat.from_dict(json.loads(json.dumps(cell)))
        second.source, second["id"] = "20.0", cell.id + "-2"
        notebook.cells.insert(notebook.cells.index(cell) + 1, second)


@edits(
    "graded-cells-edited",
    "writes 10.0 into the graded cells",
    "a grader that runs what was handed in",
    says="Locked cells were put back",
)
def _(notebook):
    for cell in graded_cells(notebook):
        cell.source = "10.0"


@edits(
    "checksums-and-locks-edited",
    "unlocks the graded cells, makes them solutions, and edits checksums and schema versions",
    "what is no locked test any more isn't restored",
)
def _(notebook):
    for cell in graded_cells(notebook):
        cell.metadata["nbgrader"] |= {"locked": False, "solution": True, "checksum": "0", "schema_version": 1}
        cell.source = "def question():\n    return 10.0\n20.0"


@edits(
    "outputs-faked",
    "hands in outputs 10.0 on every graded cell, with the notebook marked as graded",
    "a grader that doesn't run cells again, or takes its own key from the file",
)
def _(notebook):
    for cell in graded_cells(notebook):
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "10.0"}, execution_count=1)]
    notebook.metadata["graded"] = {"key": "0" * 64, "isolation": "full"}


@edits(
    "another-kernel",
    "says that the notebook is written in bash, for a kernel called ../../evil",
    "nbgrader starts the kernel that the file asks for",
)
def _(notebook):
    notebook.metadata["kernelspec"] = {"name": "../../evil", "language": "bash", "display_name": "<script>"}
    notebook.metadata["language_info"] = {"name": "bash", "nbconvert_exporter": "python", "file_extension": "/../x.sh"}


@edits(
    "answer-cells-doubled",
    "ten copies of an answer cell with the same name",
    "stock nbgrader: one doubled solution cell aborts the batch for every later student (SchemaTooOldError)",
    says="(?i)more than once",
)
def _(notebook):
    cell = answer_cells(notebook)["softmax"]
    for number in range(10):
        second = nbformat.from_dict(json.loads(json.dumps(cell)))
        second.source += f"# {number}"
        notebook.cells.append(second)


@edits(
    "one-name-for-all",
    "2 000 cells with one and the same id",
    "looking for a free name takes the square of their number, and more",
)
def _(notebook):
    notebook.cells += [nbformat.v4.new_markdown_cell(f"{number}", id="own") for number in range(1_900)]


@edits(
    "schemas-of-old",
    "old schema versions, wrong types and lists in the place of nbgrader's metadata",
    "nbgrader raises while it reads them, which ends the batch",
)
def _(notebook):
    odd = [[], "x", 7, None, {"grade_id": []}, {"grade_id": {}, "schema_version": -1}, {"schema_version": 1e300}]
    for cell, about in zip(notebook.cells, odd * 20, strict=False):
        cell.metadata["nbgrader"] = about


@edits(
    "half-surrogates",
    "sources with half a surrogate pair, in code and in texts",
    "it can't be written as UTF-8: the batch ends while it writes somebody's notebook",
)
def _(notebook):
    notebook.cells.insert(2, nbformat.v4.new_code_cell("half = '\\ud800'\n# \ud800", id="half"))
    notebook.cells.append(nbformat.v4.new_markdown_cell("\udfff and \ud800"))


@edits(
    "hundreds-of-magics",
    "a cell of 520 lines of magics: IPython rewrites one after the other and gives up after 500",
    "RuntimeError in whoever transforms the cell, here to see which names it uses",
    seconds=2,
)
def _(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell("\n".join(f"!true {n}" for n in range(520)), id="magics"))


@edits(
    "magics-before-a-long-text",
    "a cell of 450 lines of magics before 400 kB of code: each magic reads all of it again",
    "seconds for each magic, in a place without a deadline",
    seconds=2,
)
def _(notebook):
    lines = [f"!true {n}" for n in range(450)] + ["a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]"] * 6_000
    notebook.cells.append(nbformat.v4.new_code_cell("\n".join(lines), id="magics"))


@edits(
    "source-for-the-parser",
    "cells that bring Python's parser to its limits: deep nesting, endless sums, unary signs, lambdas",
    "a grader that parses cells in its own process ends with the parser",
)
def _(notebook):
    sources = [
        "(" * 190 + ")" * 190,
        "x = " + "-" * 90_000 + "1",
        "x = " + "+".join(["1"] * 90_000),
        "x = " + "lambda: " * 5_000 + "1",
        "x = " + "[" * 5_000,
        "f(" * 90 + "a=" + ")" * 90,
        "x = " + "{a: " * 95 + "1" + "}" * 94,
        "x" + ".a" * 90_000,
        "x = f'" + "{" * 300 + "}" * 300 + "'",
        "\n".join(" " * n + "if 1:" for n in range(150)),
        "x = '\\N{" + "A" * 90_000 + "}'",
        "with " + "(" * 100 + "a",
    ]
    for number, source in enumerate(sources):
        notebook.cells.append(nbformat.v4.new_code_cell(source, id=f"parser-{number}"))


@edits(
    "long-cells",
    "a cell of 900 000 characters, and ten of them",
    "whoever copies, hashes and compares them spends hours",
    seconds=14,
)
def _(notebook):
    for number in range(10):
        notebook.cells.append(nbformat.v4.new_code_cell("# " + "x" * 900_000, id=f"long-{number}"))


@edits(
    "training-claimed",
    "tags wrong answers as training, so that they are left out and an earlier definition counts",
    "the tag is in the student's file",
    cells="softmax = L2 = lambda *a: 10.0",
)
def _(notebook):
    for cell in notebook.cells:
        cell.metadata["tags"] = ["training"]


def writes(name, tries, naive, **parts):
    """Decorate a function that gives the bytes of the notebook's file."""

    def keep(function):
        def prepare(folder, world):
            path = folder / "numpy_basics.ipynb"
            path.write_bytes(function(path.read_bytes()))

        attack(name, tries, naive, prepare=prepare, **{"keeps": False, "right": (), **parts})
        return function

    return keep


@writes(
    "no-json", "a PDF with the name of the notebook", "json.loads raises, and the batch ends", says="couldn't be read"
)
def _(data):
    return b"%PDF-1.7\n" + bytes(range(256)) * 100


@writes(
    "nested-json",
    "JSON nested 200 000 deep",
    "the json module ends in a RecursionError",
    says="couldn't be read",
)
def _(data):
    return b'{"cells": ' + b"[" * 200_000


@writes(
    "a-number-of-a-million-digits",
    "nbformat is a number of a million digits",
    "int() refuses, or takes minutes",
    right=("basic_sigmoid", "L1"),
    keeps=True,
)
def _(data):
    return data.replace(b'"nbformat": 4', b'"nbformat": ' + b"7" * 1_000_000)


@writes("nothing", "an empty file", "json.loads raises, and the batch ends", says="is empty")
def _(data):
    return b""
