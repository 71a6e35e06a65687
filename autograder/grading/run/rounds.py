"""In which round a function is judged again: when nobody's mark can gain by the helpers of ours that it is given.

A student's process that holds a helper of ours could answer another one's questions, by whatever channel a machine
has. So all notebooks of a batch go in rounds. Round 0 is the first look: every function is judged alone. Then those
that lost points are judged again, with our helpers in the place of the student's: in round 1 those whose helpers have
no helpers, in round 2 those whose helpers were judged again in round 1, and so on. No round begins before the one
before is over for everybody. So whatever is given out has been settled for the whole batch.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter

from autograder.catalogue import EXERCISES
from autograder.exercises.exercise import Exercise
from autograder.grading.run.job import SecondLook


def round_of(exercise: Exercise) -> int:
    """The round in which a function is judged again, should it lose points: 0, never, when it has no helpers."""
    return _rounds()[exercise.name]


@cache
def _rounds() -> dict[str, int]:
    return rounds(EXERCISES.values())


def rounds(exercises: Iterable[Exercise]) -> dict[str, int]:
    """The round of each function, by its name: later than those of its helpers.

    A name has one round, whatever the notebook: with our `predict` of one, another could be answered.

    Parameters
    ----------
    exercises
        Of all notebooks.

    Raises
    ------
    ValueError
        When functions use one another in a circle; the text is a sentence.
    """
    helpers: dict[str, set[str]] = {}
    for exercise in exercises:
        helpers.setdefault(exercise.name, set()).update(exercise.uses)
    found: dict[str, int] = {}
    try:
        for name in TopologicalSorter(helpers).static_order():
            found[name] = max((1 + found[helper] for helper in helpers.get(name, ())), default=0)
    except CycleError as error:
        first, *others = reversed(error.args[1])
        raise ValueError(
            f"In autograder/catalogue {first} uses {', which uses '.join(others)}, so that none of them can be judged "
            "with ours of the others: take a use away, or give a function of another notebook another name."
        ) from None
    return found


def next_look(
    lost: Mapping[str, float], again: Iterable[str], seconds: float, ended: Iterable[int]
) -> SecondLook | None:
    """What is to be judged again, beginning with the next round; None when there is nothing, or no time is left.

    Parameters
    ----------
    lost, again, seconds, ended
        As in `SecondLook`.
    """
    again = list(again)
    if not again or seconds <= 0:
        return None
    return SecondLook(min(round_of(EXERCISES[id]) for id in again), dict(lost), again, seconds, sorted(ended))
