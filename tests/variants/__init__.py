"""Right solutions written quite differently from ours: with loops, einsum, @, in place, in float32, by other formulas.

Every one has to get full marks, and no mistake may be named. They stand in folders like source/ and are found, not
listed; functions of one exercise come from different people, so each brings the helpers that it calls.
"""

from importlib import import_module
from pathlib import Path

VARIANTS = {}


def variant(exercise_id):
    """Add a function to the variants of an exercise. Its name needn't be that of the exercise."""

    def keep(function):
        VARIANTS.setdefault(exercise_id, []).append(function)
        return function

    return keep


for _file in sorted(Path(__file__).parent.glob("week*/[!_]*.py")):
    import_module(f"tests.variants.{_file.parent.name}.{_file.stem}")
