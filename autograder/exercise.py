"""What an exercise is: inputs to draw, outputs to compare, functions it may use, and the mistakes known for it."""

from dataclasses import dataclass
from functools import cached_property

from autograder import reference
from autograder.mistakes import Mistake, generic
from utils.verdict import Output, call, readings


@dataclass(frozen=True)
class Case:
    """One call to be made.

    Attributes
    ----------
    arguments : dict from name to value, given by position in this order
    options : dict from name to value, given by keyword
    about : str
        What is special about it, "on large inputs"; "" for an ordinary one. See `utils.verdict.judge_calls`.
    """

    arguments: dict
    options: dict
    about: str


def case(about="", options=None, /, **arguments):
    """A `Case`: case(z=z), or case("on large inputs", z=z), or case("", {"num_iterations": 3}, w=w, b=b)."""
    return Case(arguments, options or {}, about)


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

    def __init__(self, id, draw, outputs, mistakes, uses):
        self.id, self.draw, self.outputs, self.uses = id, draw, tuple(outputs), tuple(uses)
        self.notebook, self.name = id.split(".")
        self._own_mistakes = tuple(mistakes)

    def __repr__(self):
        return f"Exercise({self.id!r})"

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

    def readings(self, function, case):
        """What one of our own functions gives in one case: a list over the outputs."""
        return readings(self.outputs, call(function, case.arguments, case.options), case.arguments)


class Catalogue(dict):
    """Exercises by id. Decorate the function that draws the inputs:

    @exercises.add("logistic_regression.sigmoid", outputs=[Output("the result")], mistakes=[...])
    def _(rng):
        return [case(z=numbers(rng, 3, 4))]
    """

    def add(self, id, outputs, mistakes=(), uses=()):
        def keep(draw):
            self[id] = Exercise(id, draw, outputs, mistakes, uses)
            return draw

        return keep


def numbers(rng, *shape, scale=1.0):
    """Normal random numbers, rounded to two decimals so that a person can follow them: an array, or a float."""
    drawn = rng.normal(0.0, scale, shape).round(2)
    return drawn if shape else float(drawn)


__all__ = ["Case", "Catalogue", "Exercise", "Mistake", "Output", "case", "numbers"]
