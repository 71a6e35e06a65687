"""Solved notebooks for self-learners: source/ executed into build/solutions/, without the hidden tests."""

import re
from pathlib import Path

import nbclient
import nbformat
from tqdm import tqdm

from autograder.catalogue import EXERCISES
from autograder.course import ROOT, source_notebooks
from autograder.exercises.exercise import Question

SOLUTIONS = ROOT / "build" / "solutions"


def make_solutions(folder: Path = SOLUTIONS) -> list[Path]:
    """Execute every source notebook, with outputs, and write it under `folder`; a progress bar counts the cells.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    paths : list of Path
        The notebooks that were written.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        When a solution fails.
    """
    sources = source_notebooks()
    notebooks = [solved(path) for path in sources]
    written = []
    with tqdm(total=sum(len(notebook.cells) for notebook in notebooks), unit="cell") as bar:
        for path, notebook in zip(sources, notebooks, strict=True):
            bar.set_description(path.stem)
            client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}})
            client.on_cell_complete = lambda cell, cell_index: bar.update()
            client.execute()
            bar.update(sum(cell.cell_type != "code" for cell in notebook.cells))
            target = folder / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, target)
            written.append(target)
    return written


def solved(path: Path) -> nbformat.NotebookNode:
    """A source notebook as a reader wants it: no graded cells, no marks for nbgrader, reasons after each question."""
    notebook = nbformat.read(path, as_version=4)
    cells = []
    for cell in notebook.cells:
        about = cell.metadata.pop("nbgrader", {})
        if about.get("grade"):
            continue
        cell.source = re.sub(r" *### (BEGIN|END) SOLUTION\n", "", cell.source)
        # build/solutions/ lies one folder deeper than source/.
        cell.source = cell.source.replace("](../../notebooks/", "](../../../notebooks/")
        cells.append(cell)
        exercise = EXERCISES.get(f"{path.stem}.{cell.id.removeprefix('check-').replace('-', '_')}")
        if cell.id.startswith("check-") and isinstance(exercise, Question):
            reasons = "\n".join(f"- {remark}" for remark in exercise.remarks)
            cells.append(nbformat.v4.new_markdown_cell(reasons, id=cell.id.replace("check-", "reasons-")))
    notebook.cells = cells
    return notebook
