"""Clean and graded notebooks as nbgrader wants them: its metadata, its checksums, our verdicts as outputs."""

from copy import deepcopy
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.grading.intake.repair import CleanNotebook, free_id
from autograder.grading.run.job import Job, Result


def to_notebook(clean: CleanNotebook) -> NotebookNode:
    """A clean notebook in format 4.5, valid and without outputs."""
    notebook = nbformat.v4.new_notebook(metadata=deepcopy(clean.metadata))
    notebook.nbformat_minor = 5
    taken: set[str] = set()
    for cell in clean.cells:
        # The functions that nbformat has for this validate every cell, which takes most of the time.
        made = nbformat.from_dict(
            {
                "cell_type": cell.cell_type,
                "id": free_id(cell.id, taken),
                "metadata": deepcopy(cell.metadata),
                "source": cell.source,
                **({"execution_count": None, "outputs": []} if cell.cell_type == "code" else {}),
            }
        )
        if cell.released is not None and cell.released.role == "graded":
            # The released checksum is that of the cell without its hidden test.
            made.metadata.nbgrader.checksum = compute_checksum(made)
        notebook.cells.append(made)
    return notebook


def graded_notebook(clean: CleanNotebook, job: Job, result: Result, remarks: list[str]) -> NotebookNode:
    """A notebook with its outputs and verdicts, what to tell its reader on top, and what it was made of."""
    notebook = to_notebook(clean)
    fill(notebook, job, result)
    if remarks:
        lines = "\n".join(f"- {_plain(remark)}" for remark in remarks)
        about = nbformat.v4.new_markdown_cell(f"**About this notebook**\n\n{lines}", id="about-this-notebook")
        notebook.cells.insert(0, about)
    notebook.metadata["graded"] = {**made_of(clean, job), "isolation": result.isolation}
    return notebook


def made_of(clean: CleanNotebook, job: Job) -> dict[str, str]:
    """What a graded notebook was made of: the key of its job, and the path that it was handed in as, if odd."""
    return {"key": job.key} | ({} if clean.path in ("", f"{clean.name}.ipynb") else {"path": clean.path})


def fill(notebook: NotebookNode, job: Job, result: Result) -> None:
    """Put the outputs of a result into the cells of its notebook, which are the steps of its job."""
    outputs = result.outputs or [[]] * len(job.steps)  # a notebook that the grader failed on has none
    count = 0
    for cell, step, shown in zip(notebook.cells, job.steps, outputs, strict=True):
        if cell.cell_type != "code":
            continue
        if step.action == "judge" and not shown:
            shown = [_no_points()]
        cell.outputs = [nbformat.from_dict(output) for output in shown]
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count


def _no_points() -> dict[str, Any]:
    # nbgrader gives a graded cell without outputs full marks.
    return {"output_type": "error", "ename": "NotGraded", "evalue": "", "traceback": ["This cell wasn't graded."]}


def _plain(text: str) -> str:
    """Text as Markdown shows it: names of files and functions come from students."""
    for sign in "\\`*_{}[]<>()#|!$":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())
