"""A class of honest students, the same at every run: right answers, answers with a mistake, half and untouched ones."""

import ast
import inspect
import string
import textwrap
from dataclasses import dataclass
from pathlib import Path

from autograder import EXERCISES
from autograder.exercises import reference
from tests.support.submissions import mistaken, solutions, write_submission
from tests.variants import VARIANTS

# What a class hands in, over and over: three of ten are other right solutions, three have a known mistake.
KINDS = ("right", "variants", "mistake", "half", "variants", "mistake", "right", "variants", "mistake", "untouched")
LOOPS = (ast.For, ast.While)
# Far from each other in the list of mistakes, and without a factor in common with its length.
STRIDE = 7


@dataclass(frozen=True)
class Student:
    """One student.

    Attributes
    ----------
    name : str
        "b-013-variants"; the letter is that of the chunk of the class.
    kind : str
        One of KINDS.
    number : int
        How many of the kind come before.
    """

    name: str
    kind: str
    number: int


def make_class(size, chunk):
    """The students of a class.

    Parameters
    ----------
    size : int
    chunk : int
        How many students share a letter.

    Returns
    -------
    list of Student
    """
    kinds = [KINDS[place % len(KINDS)] for place in range(size)]
    return [
        Student(f"{string.ascii_lowercase[place // chunk]}-{place + 1:03}-{kind}", kind, kinds[:place].count(kind))
        for place, kind in enumerate(kinds)
    ]


def hand_in(student, folder, week, notebooks):
    """Write what a student hands in.

    Parameters
    ----------
    student : Student
    folder : Path
    week : str
    notebooks : sequence of str
    """
    for notebook in notebooks:
        write_submission(folder, week, notebook, answers(student, notebook))


def answers(student, notebook):
    """The answer cells of a student, by the name of the function; those that are left out stay as released."""
    ours = solutions(notebook)
    match student.kind:
        case "right":
            return ours
        case "variants":
            return ours | _variants(notebook, student.number)
        case "mistake":
            return ours | _mistake(notebook, student.number)
        case "half":
            return dict(list(ours.items())[: len(ours) // 2])
        case "untouched":
            return {}
    raise ValueError(f"There is no kind of student {student.kind!r}; there are {', '.join(dict.fromkeys(KINDS))}.")


def _mistake(notebook, number):
    known = [(exercise, mistake.name) for exercise in _exercises(notebook) for mistake in exercise.mistakes]
    exercise, name = known[number * STRIDE % len(known)]
    return {exercise.name: mistaken(exercise, name)}


def _variants(notebook, number):
    found = {}
    for exercise in _exercises(notebook):
        usable = [function for function in VARIANTS.get(exercise.id, ()) if _usable(function, exercise)]
        if usable:
            found[exercise.name] = variant_source(usable[number % len(usable)], exercise)
    return found


def _exercises(notebook):
    return [exercise for exercise in EXERCISES.values() if exercise.notebook == notebook]


def _usable(function, exercise):
    """Whether a variant can stand in a notebook: it has a text of its own, and training doesn't take hours with it.

    Where a notebook trains, a loop over examples would only show that stock runs into its deadline.
    """
    if "<locals>" in function.__qualname__:
        return False
    if not _trains(exercise.notebook) or _has(reference.definition(exercise.notebook, exercise.name), LOOPS):
        return True
    return not _has(ast.parse(textwrap.dedent(inspect.getsource(function))), (*LOOPS, ast.comprehension))


def _trains(notebook):
    return '"training"' in reference.notebook_path(notebook).read_text(encoding="utf-8")


def _has(tree, kinds):
    return any(isinstance(node, kinds) for node in ast.walk(tree))


def variant_source(function, exercise):
    """The text of a variant as an answer cell.

    What it needs from its module stands inside, so that it meets nothing else in the notebook; but functions that
    the notebook asks for are called there, where the judge may replace them.

    Parameters
    ----------
    function : function
        One of `variants.VARIANTS`.
    exercise : Exercise

    Returns
    -------
    str
    """
    there = {other.name for other in _exercises(exercise.notebook)} - {exercise.name}
    module = ast.parse(Path(inspect.getsourcefile(function)).read_text(encoding="utf-8"))
    has = {name: node for node in module.body for name in _names(node)}
    wanted = [function.__name__]
    for name in wanted:  # grows on the way
        used = {node.id for node in ast.walk(has[name]) if isinstance(node, ast.Name)}
        wanted += sorted(used & has.keys() - there - {*wanted, "variant"})
    definition = has[function.__name__]
    definition.name, definition.decorator_list = exercise.name, []
    inside = [has[name] for name in reversed(wanted[1:])]
    for node in inside:
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
    definition.body = [*inside, *definition.body]
    return ast.unparse(ast.fix_missing_locations(definition))


def _names(node):
    """The names that a statement of a module defines."""
    match node:
        case ast.FunctionDef(name=name):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name for alias in names]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
    return []
