"""A source notebook as the release reads it: its cells, and which part of an exercise each of them is."""

from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.reader import reads

from autograder.course import ROOT, source_notebooks


@dataclass(frozen=True)
class SourceNotebook:
    """One notebook of source/.

    Attributes
    ----------
    path : Path
    where : str
        The path for a sentence: "source/week2/numpy_basics.ipynb".
    notebook : NotebookNode
        As it was read, and nothing repaired but what `tidy` does.
    """

    path: Path
    where: str
    notebook: NotebookNode

    @property
    def name(self) -> str:
        """ "numpy_basics": the first part of its exercises' ids."""
        return self.path.stem

    @property
    def catalogue(self) -> str:
        """Where its exercises are described: "autograder/catalogue/week2/numpy_basics.py"; quizzes are TOML."""
        kind = "toml" if self.name.startswith("quiz") else "py"
        return f"autograder/catalogue/{self.path.parent.name}/{self.name}.{kind}"

    @property
    def cells(self) -> list[NotebookNode]:
        return self.notebook.cells

    def at(self, cell: NotebookNode) -> str:
        """A cell for a sentence: "source/week2/numpy_basics.ipynb, cell softmax"."""
        return f"{self.where}, cell {cell.get('id')}"

    def all(self, role: str) -> list[NotebookNode]:
        """The cells of a role, in order; see `role_of`."""
        return [cell for cell in self.cells if role_of(cell) == role]


def read_sources(course: Path = ROOT) -> tuple[list[SourceNotebook], list[str]]:
    """All source notebooks of a course.

    Parameters
    ----------
    course : Path

    Returns
    -------
    notebooks : list of SourceNotebook
    unreadable : list of str
        A sentence for each file that is none.
    """
    notebooks, unreadable = [], []
    for path in source_notebooks(course):
        where = path.relative_to(course).as_posix()
        try:
            notebook = reads(path.read_text(encoding="utf-8"))
            if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
                raise ValueError(f"its format is {notebook.nbformat}.{notebook.nbformat_minor}, not 4.5")
            tidy(notebook)
        except Exception as error:  # whatever is in the file, it gets a sentence
            reason = " ".join(str(error).split())[:100]
            unreadable.append(f"{where} can't be read as a notebook ({reason}). Take its last version from git.")
        else:
            notebooks.append(SourceNotebook(path, where, notebook))
    return notebooks, unreadable


def tidy(notebook: NotebookNode) -> None:
    """Take out what editing as text leaves behind, and give each cell of nbgrader's the id that it has there.

    In py:percent text a cell's id is written as metadata, `# %% [markdown] id="softmax-text"`; the other ids stand in
    nbgrader's metadata already.
    """
    notebook.metadata.pop("jupytext", None)
    for cell in notebook.cells:
        cell.metadata.pop("lines_to_next_cell", None)
        named = cell.metadata.pop("id", None) or cell.metadata.get("nbgrader", {}).get("grade_id")
        if named:
            cell["id"] = named


def role_of(cell: NotebookNode) -> str:
    """The part of an exercise that a cell is.

    Parameters
    ----------
    cell : NotebookNode

    Returns
    -------
    role : str
        "answer" (students write their code here), "graded" (its hidden test), "locked" (a check), "by hand" (what a
        person reads and marks), or "plain" (all others).
    """
    about = cell.metadata.get("nbgrader", {})
    if about.get("task") or (about.get("grade") and (about.get("solution") or cell.cell_type != "code")):
        return "by hand"
    if about.get("solution"):
        return "answer" if cell.cell_type == "code" else "plain"
    return "graded" if about.get("grade") else "locked" if about.get("locked") else "plain"


def max_points(cell: NotebookNode) -> float:
    """What a cell is worth: its points in nbgrader's metadata, where alone they are typed; 0 when it is not graded."""
    return cell.metadata.nbgrader.points if role_of(cell) in ("graded", "by hand") else 0


def function_name(id: str) -> str:
    """The function of an exercise, by the id of its answer cell or graded cell: "grade-leaky-relu" is leaky_relu's."""
    return id.removeprefix("grade-").replace("-", "_")
