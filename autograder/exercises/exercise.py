"""What an exercise is: inputs to draw, outputs to compare, functions it may use, and the mistakes known for it."""

import contextlib
import zlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from autograder.exercises import reference
from autograder.exercises.callee import LocalFunction
from autograder.exercises.mistakes import Mistake, generic
from utils.checks.kinds import Choice, readings


@dataclass(frozen=True)
class Case:
    """One call to be made.

    Attributes
    ----------
    arguments : dict from name to value, given by position in this order
    options : dict from name to value, given by keyword
    about : str
        What is special about it, "on large inputs"; "" for an ordinary one. See `utils.checks.verdict.judge_calls`.
    fixed : dict from name to (arguments, value)
        Initialisers without chance: during the call, the function of that name expects these arguments, a dict from
        parameter to value, and gives this value.
    spare : dict from name to value
        Further arguments, for people whose function asks for more.
    """

    arguments: dict
    options: dict
    about: str = ""
    fixed: dict = field(default_factory=dict)
    spare: dict = field(default_factory=dict)


def case(about="", options=None, /, fixed=None, spare=None, **arguments):
    """A `Case`: case(z=z), or case("on large inputs", z=z), or case("", {"num_iterations": 3}, w=w, b=b)."""
    return Case(arguments, options or {}, about, fixed or {}, spare or {})


# In the place of a seed: the examples of the instant checks. The judge's seeds are numbers, so it never draws them.
EXAMPLES = None


class Exercise:
    """One graded function.

    Attributes
    ----------
    id : str
        "<notebook>.<function>"
    outputs : tuple of Output
    uses : tuple of str
        Functions of the same notebook that a solution may call. A wrong one is charged to its own exercise only.
    draw : function
        Takes a numpy Generator, returns a list of cases.
    """

    remarks = ()

    def __init__(self, id, draw, outputs, mistakes, uses):
        self.id, self.draw, self.outputs, self.uses = id, draw, tuple(outputs), tuple(uses)
        self.notebook, self.name = id.split(".")
        self._own_mistakes = tuple(mistakes)

    def __repr__(self):
        return f"{type(self).__name__}({self.id!r})"

    @property
    def reference(self):
        """The right function, from source/."""
        return reference.function(self.notebook, self.name)

    @property
    def definition(self):
        """Its definition: an ast.FunctionDef."""
        return reference.definition(self.notebook, self.name)

    @cached_property
    def mistakes(self):
        """The known mistakes, the exercise's own and those that fit any function."""
        return self._own_mistakes + tuple(generic(self.definition))

    @cached_property
    def mistaken(self):
        """For each mistake, by name, the reference function that makes it."""
        return {mistake.name: mistake.function(self.notebook, self.name) for mistake in self.mistakes}

    def cases(self, seed):
        """The calls to be made: a list of Case, the same for a seed every time.

        Parameters
        ----------
        seed : int, or EXAMPLES
        """
        own = zlib.crc32(self.id.encode())
        return self.draw(np.random.default_rng([own] if seed is EXAMPLES else [seed, own]))

    def problems(self):
        """What doesn't fit between the catalogue and the solution in source/: sentences, none when all fits."""
        try:
            mistakes, there = self.mistakes, reference.functions(self.notebook)
        except (LookupError, OSError) as error:
            return [str(error)]
        found = [
            f"{self.id} uses {name}, which the notebook doesn't define." for name in self.uses if name not in there
        ]
        times = Counter(mistake.name for mistake in mistakes)
        found += [f"{self.id} has {count} mistakes called {name}." for name, count in times.items() if count > 1]
        return found + [text for mistake in mistakes for text in mistake.problems(self.notebook, self.name)]

    def readings(self, function, case):
        """What one of our own functions gives in one case: a list over the outputs. It draws the same every time."""
        with _seeded(zlib.crc32(self.id.encode())):
            outcome = LocalFunction(function).call(case)
        return readings(self.outputs, outcome, case.arguments)


@contextlib.contextmanager
def _seeded(seed):
    """Seed numpy's global generator for a while."""
    before = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)


class Question(Exercise):
    """A question with options a, b, c, ...; its function returns the letter of the right one.

    Attributes
    ----------
    options : dict from letter to sentence
        Why the option is right, or what speaks against it. Shown after grading, and never part of the release.
    """

    def __init__(self, id, options):
        super().__init__(id, lambda rng: [case()], [Choice("answer")], (), ())
        self.options = dict(options)

    @property
    def remarks(self):
        """A line for each option, for the feedback."""
        right = self.reference()
        return tuple(
            f"{letter}{' (right)' if letter == right else ''}: {text}" for letter, text in self.options.items()
        )

    @cached_property
    def mistakes(self):
        right = self.reference()
        if right not in self.options:
            raise LookupError(f"{self.id} answers {right!r}, which is none of its options {', '.join(self.options)}.")
        # An answer that is no letter is told so by its item, whatever it is.
        return tuple(
            Mistake(f"answers-{letter}", text, repr(right), repr(letter))
            for letter, text in self.options.items()
            if letter != right
        )


class CatalogueError(ValueError):
    """A file of the catalogue doesn't hold what it should; one sentence says where."""


# All exercises by id, in the order in which the modules and files of the catalogue describe them.
EXERCISES: dict[str, Exercise] = {}


def exercise(draw, outputs, mistakes=(), uses=()):
    """Describe one exercise, below the function that draws its inputs.

    Parameters
    ----------
    draw : function
        Has the name of the exercise, and stands in the module with the name of its notebook. Takes a numpy Generator,
        returns a list of cases.
    outputs : list of Output
    mistakes : list of Mistake
    uses : list of str
        Functions of the same notebook that a solution may call.
    """
    notebook = draw.__module__.rpartition(".")[2]
    add(Exercise(f"{notebook}.{draw.__name__}", draw, outputs, mistakes, uses))


def add(exercise):
    """Add an exercise to all others.

    Raises
    ------
    CatalogueError
        When there is one with its id already.
    """
    if exercise.id in EXERCISES:
        raise CatalogueError(f"The catalogue describes {exercise.id} twice.")
    EXERCISES[exercise.id] = exercise
