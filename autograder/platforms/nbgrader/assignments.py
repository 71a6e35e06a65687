"""nbgrader generate_assignment for a whole course in one process, refused as a whole before anything is written.

python -m autograder.platforms.nbgrader.assignments [options of nbgrader generate_assignment] week1 week2 ...
"""

import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Assignment, Gradebook, MissingEntry, Notebook
from nbgrader.apps.generateassignmentapp import GenerateAssignmentApp
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException

from autograder.platforms.nbgrader.command import REFUSED

# What the gradebook keeps of a notebook's cells; by the name that it has for each kind, which cells are of it.
CELL_KINDS = {
    "grade": utils.is_grade,
    "solution": utils.is_solution,
    "task": utils.is_task,
    "source": lambda cell: utils.is_solution(cell) or utils.is_locked(cell) or utils.is_task(cell),
}

TERM = (
    "Undo that, or, for a new term, move grading/ away (and name a new database if nbgrader_config.py names one): "
    "it holds the old term's submissions, marks and feedback."
)


class GenerateAll(GenerateAssignmentApp):
    """Generates several assignments."""

    def start(self) -> None:
        super(GenerateAssignmentApp, self).start()
        refused = [sentence for assignment in self.extra_args for sentence in self._refused(assignment)]
        if refused:
            print("\n".join(refused))
            sys.exit(REFUSED)
        for assignment in self.extra_args:
            self.coursedir.assignment_id = assignment
            try:
                GenerateAssignment(coursedir=self.coursedir, parent=self).start()
            except NbGraderException as error:
                sys.exit(f"{assignment}: {error}")

    def _refused(self, assignment: str) -> list[str]:
        folder = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", assignment))
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                known = gradebook.find_assignment(assignment)
            except MissingEntry:
                return []
            return refusals(known, {path.stem: nbformat.read(path, 4).cells for path in folder.glob("*.ipynb")})


def refusals(known: Assignment, notebooks: dict[str, list[NotebookNode]]) -> list[str]:
    """What nbgrader will not change once students have handed something in: which notebooks and cells there are.

    Parameters
    ----------
    known : nbgrader.api.Assignment
    notebooks : dict from name to list of cells

    Returns
    -------
    list of str
    """
    found = []
    entries = {entry.name: entry for entry in known.notebooks}
    if known.submissions and (change := _change({(name,) for name in entries}, {(name,) for name in notebooks})):
        found.append(f"{known.name} has submissions in the gradebook, so its notebooks must stay: {change}. {TERM}")
    for name in sorted(set(entries) & set(notebooks)):
        if entries[name].submissions and (change := _change(_kept(entries[name]), _kinds(notebooks[name]))):
            found.append(
                f"{known.name}/{name} has submissions in the gradebook, so its cells must stay: {change}. {TERM}"
            )
    return found


def _kept(entry: Notebook) -> set[tuple[str, ...]]:
    """The cells that the gradebook has of a notebook, as (name, kind)."""
    return {(cell.name, kind) for kind in CELL_KINDS for cell in getattr(entry, f"{kind}_cells")}


def _kinds(cells: list[NotebookNode]) -> set[tuple[str, ...]]:
    """The cells of a notebook that the gradebook would get, as (name, kind)."""
    return {
        (cell.metadata.nbgrader.grade_id, kind) for cell in cells for kind, holds in CELL_KINDS.items() if holds(cell)
    }


def _change(before: set[tuple[str, ...]], now: set[tuple[str, ...]]) -> str:
    """The difference of two sets in words, "" when there is none; each entry is a tuple that begins with a name."""
    new, gone = (", ".join(sorted({name for name, *_ in side})) for side in (now - before, before - now))
    return ", ".join(f"{names} {word}" for names, word in ((new, "new"), (gone, "gone")) if names)


if __name__ == "__main__":
    GenerateAll.launch_instance()
