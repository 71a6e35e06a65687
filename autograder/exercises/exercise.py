"""What an exercise is: inputs to draw, outputs to compare, functions it may use, and the mistakes known for it."""

import ast
import contextlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from autograder.exercises import reference
from autograder.exercises.callee import Function, LocalFunction
from autograder.exercises.mistakes import Mistake, generic
from utils.checks.kinds import Choice, Output, readings
from utils.checks.outcomes import Outcome
from utils.checks.readings import Missing

# What one call gave for one output: numbers, or what stands in their place.
Reading = NDArray[Any] | Missing | Outcome


@dataclass(frozen=True)
class Case:
    """One call to be made.

    Attributes
    ----------
    arguments
        Name to value, given by position in this order.
    options
        Name to value, given by keyword.
    about
        What is special about it, "on large inputs"; "" for an ordinary one. See `utils.checks.verdict.judge_calls`.
    fixed
        Name to (arguments, value). Initialisers without chance: during the call, the function of that name expects
        these arguments, by parameter, and gives this value.
    spare
        Name to value. Further arguments, for people whose function asks for more.
    """

    arguments: dict[str, Any]
    options: dict[str, Any]
    about: str = ""
    fixed: dict[str, tuple[dict[str, Any], Any]] = field(default_factory=dict)
    spare: dict[str, Any] = field(default_factory=dict)


def case(
    about: str = "",
    options: dict[str, Any] | None = None,
    /,
    fixed: dict[str, tuple[dict[str, Any], Any]] | None = None,
    spare: dict[str, Any] | None = None,
    **arguments: Any,
) -> Case:
    """A `Case`: case(z=z), or case("on large inputs", z=z), or case("", {"num_iterations": 3}, w=w, b=b)."""
    return Case(arguments, options or {}, about, fixed or {}, spare or {})


# In the place of a seed: the examples of the instant checks. The judge's seeds are numbers, so it never draws them.
EXAMPLES = None

# Draws the cases of an exercise.
Draw = Callable[[Generator], list[Case]]


class Exercise:
    """One graded function.

    Attributes
    ----------
    id
        "<notebook>.<function>"
    outputs
    uses
        Functions of the same notebook that a solution may call. A wrong one is charged to its own exercise only.
    draw
    """

    def __init__(
        self, id: str, draw: Draw, outputs: Iterable[Output], mistakes: Iterable[Mistake], uses: Iterable[str]
    ) -> None:
        self.id, self.draw, self.outputs, self.uses = id, draw, tuple(outputs), tuple(uses)
        self.notebook, self.name = id.split(".")
        self._own_mistakes = tuple(mistakes)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id!r})"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is explained after grading, whatever came."""
        return ()

    @property
    def reference(self) -> Function:
        """The right function, from source/."""
        return reference.function(self.notebook, self.name)

    @property
    def definition(self) -> ast.FunctionDef:
        """Its definition."""
        return reference.definition(self.notebook, self.name)

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The known mistakes, the exercise's own and those that fit any function."""
        return self._own_mistakes + tuple(generic(self.definition))

    @cached_property
    def mistaken(self) -> dict[str, Function]:
        """For each mistake, by name, the reference function that makes it."""
        return {mistake.name: mistake.function(self.notebook, self.name) for mistake in self.mistakes}

    def cases(self, seed: int | None) -> list[Case]:
        """The calls to be made, the same every time for a seed, or for EXAMPLES."""
        own = zlib.crc32(self.id.encode())
        return self.draw(np.random.default_rng([own] if seed is EXAMPLES else [seed, own]))

    def problems(self) -> list[str]:
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

    def readings(self, function: Function, case: Case) -> list[Reading]:
        """What one of our own functions gives in one case, for each output. It draws the same every time."""
        with _seeded(zlib.crc32(self.id.encode())):
            outcome = LocalFunction(function).call(case)
        return readings(self.outputs, outcome, case.arguments)


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
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
    options
        For each letter, why the option is right, or what speaks against it. Shown after grading, and never part of the
        release.
    """

    def __init__(self, id: str, options: Mapping[str, str]) -> None:
        super().__init__(id, lambda rng: [case()], [Choice("answer")], (), ())
        self.options = dict(options)

    @property
    def remarks(self) -> tuple[str, ...]:
        """A line for each option, for the feedback."""
        right = self.reference()
        return tuple(
            f"{letter}{' (right)' if letter == right else ''}: {text}" for letter, text in self.options.items()
        )

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
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


def exercise(draw: Draw, outputs: Iterable[Output], mistakes: Iterable[Mistake] = (), uses: Iterable[str] = ()) -> None:
    """Describe one exercise, below the function that draws its inputs.

    Parameters
    ----------
    draw
        Has the name of the exercise, and stands in the module with the name of its notebook.
    outputs, mistakes
    uses
        Functions of the same notebook that a solution may call.
    """
    notebook = draw.__module__.rpartition(".")[2]
    add(Exercise(f"{notebook}.{draw.__name__}", draw, outputs, mistakes, uses))


def add(exercise: Exercise) -> None:
    """Add an exercise to all others.

    Raises
    ------
    CatalogueError
        When there is one with its id already.
    """
    if exercise.id in EXERCISES:
        raise CatalogueError(f"The catalogue describes {exercise.id} twice.")
    EXERCISES[exercise.id] = exercise
