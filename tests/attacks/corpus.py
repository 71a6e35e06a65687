"""How an attack is written down, and how a submission is made of it."""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from tests.support.submissions import RELEASE, function_of, solutions, write_submission

MODULES = [
    "python_tricks",
    "values",
    "notebooks",
    "machine",
    "exhaustion",
    "wire_forgery",
    "oracle",
    "browser",
    "heavy_pages",
]


@dataclass(frozen=True)
class Attack:
    """A submission with an attack in it.

    Attributes
    ----------
    name : str
    tries : str
        What it does, in one line.
    naive : str
        Why that would have worked: on stock nbgrader, or in a grader that is less careful.
    cells : tuple of str
        Sources of cells that are inserted after the imports. "@name@" is replaced by a part of the `World`.
    functions : dict from name to source
        Answers that are part of the attack; without it they are wrong in a plain way.
    wrong : tuple of str
        Functions that are answered, plainly wrong, with and without the attack: what the cells want points for.
    right : tuple of str
        Functions that are solved with and without the attack.
    edit : function of a NotebookNode, or None
        Changes the notebook.
    prepare : function of (folder, world), or None
        Changes the folder that is handed in, after the notebook was written.
    week, notebook : str
    says : str
        Must be found, as a regular expression, in what the student is told.
    keeps : bool
        Whether the functions that are right must keep their points.
    effect : function of (world, result), or None
        Asserts what must not have happened besides.
    needs : tuple of str
        Layers of isolation without which it can't be tested.
    seconds : float
        It has to be graded by then.
    harmless : bool
        Whether it may be run without isolation, to see that it would reach the canary.
    unconfined : bool
        Whether its cells may be run without isolation, to see that they would find something.
    page : bool
        Whether the graded notebook is made into a page, which must not run anything of the student's.
    settings : dict
        Settings that differ from the usual ones of these tests.
    """

    name: str
    tries: str
    naive: str
    cells: tuple = ()
    functions: dict = field(default_factory=dict)
    wrong: tuple = ()
    right: tuple = ("basic_sigmoid", "L1")
    edit: Callable | None = None
    prepare: Callable | None = None
    week: str = "week2"
    notebook: str = "numpy_basics"
    says: str = ""
    keeps: bool = True
    effect: Callable | None = None
    needs: tuple = ()
    seconds: float = 10
    harmless: bool = False
    unconfined: bool = False
    page: bool = False
    settings: dict = field(default_factory=dict)

    @property
    def base(self):
        """What the same submission without the attack is made of, to be kept in a cache."""
        return self.week, self.notebook, self.right, tuple(sorted({*self.wrong, *self.functions}))


ATTACKS = {}


def attack(name, tries, naive, **parts):
    """Add an attack; its cells may be given as one text."""
    if isinstance(parts.get("cells"), str):
        parts["cells"] = (parts["cells"],)
    assert name not in ATTACKS, name
    ATTACKS[name] = Attack(name, tries, naive, **parts)


def plainly_wrong(name):
    """An answer that runs, and earns nothing for its numbers."""
    return f"def {name}(*arguments, **options):\n    return -12345.0\n"


def write_base(folder, week, notebook, right, wrong):
    """The submission without an attack."""
    answers = {name: solutions(notebook)[name] for name in right} | {name: plainly_wrong(name) for name in wrong}
    path = Path(folder) / f"{notebook}.ipynb"
    write_submission(folder, week, notebook, answers)
    nbformat.write(_short(nbformat.read(path, as_version=4)), path)


def build(attack, folder, world):
    """Write an attack as a student would hand it in.

    Parameters
    ----------
    attack : Attack
    folder : Path
    world : World
        What it may want to reach; see `attacks.world`.
    """
    answers = {name: solutions(attack.notebook)[name] for name in attack.right}
    answers |= {name: plainly_wrong(name) for name in attack.wrong}
    answers |= {name: world.fill(source) for name, source in attack.functions.items()}
    write_submission(folder, attack.week, attack.notebook, answers)
    path = Path(folder) / f"{attack.notebook}.ipynb"
    notebook = _short(nbformat.read(path, as_version=4))
    at = next(i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code") + 1
    for number, source in enumerate(attack.cells):
        cell = nbformat.v4.new_code_cell(world.fill(source), id=f"own-{number}")
        notebook.cells.insert(at + number, cell)
    if attack.edit is not None:
        attack.edit(notebook)
    # As it is: a hostile notebook needn't be valid.
    path.write_text(nbformat.writes(notebook), encoding="utf-8", errors="surrogatepass")
    if attack.prepare is not None:
        attack.prepare(Path(folder), world)


def _short(notebook):
    """A notebook without what costs time and carries no points: pictures, tables, long runs."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    spare = [cell for cell in code[1:] if "nbgrader" not in cell.metadata]
    notebook.cells = [cell for cell in notebook.cells if not any(cell is one for one in spare)]
    return notebook


def answer_names(notebook):
    """The functions of a notebook that are to be written, in order."""
    return tuple(solutions(notebook))


def cell_of(notebook, name):
    """A cell of a notebook by its id."""
    return next(cell for cell in notebook.cells if cell.get("id") == name)


def graded_cells(notebook):
    """The cells of a released notebook that carry points."""
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def answer_cells(notebook):
    """The answer cells of a notebook by the function that they define."""
    return {
        function_of(cell): cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }


def load():
    """Import all modules, so that `ATTACKS` is complete."""
    for name in MODULES:
        importlib.import_module(f"tests.attacks.{name}")
    return ATTACKS


def filled(text, parts):
    """A text with "@name@" replaced by the parts of that name, as Python literals."""
    return re.sub(r"@(\w+)@", lambda match: repr(parts[match[1]]), text)


__all__ = ["ATTACKS", "RELEASE", "Attack", "attack", "build", "write_base"]
