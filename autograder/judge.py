"""Judging a function: draw inputs, call it, compare with the reference, name the mistake."""

import inspect
import zlib
from functools import lru_cache

import numpy as np

from autograder import reference
from autograder.catalogue import EXERCISES
from autograder.student import InProcess, Student
from utils.outputs import readings
from utils.verdict import Call, Verdict, judge_calls


def judge(exercise_id, function, seed=0):
    """Judge a student's function.

    Parameters
    ----------
    exercise_id : str
        "<notebook>.<function>", a key of EXERCISES.
    function : function, or Student
    seed : int
        Decides the inputs that are drawn.

    Returns
    -------
    Verdict
    """
    if exercise_id not in EXERCISES:
        raise ValueError(f"There is no exercise {exercise_id!r}; there are {', '.join(EXERCISES)}.")
    exercise = EXERCISES[exercise_id]
    student = function if isinstance(function, Student) else InProcess(function)
    verdict = _verdict(exercise, student, seed, ())
    if verdict.fraction < 1 and verdict.attempted and exercise.uses:
        verdict = _charge_once(exercise, student, seed, verdict)
    verdict.remarks = exercise.remarks
    return verdict


def _charge_once(exercise, student, seed, plain):
    """Judge again with our own helpers, so that a wrong helper costs only its own points.

    If that is better, the fewest helpers that make the difference are named: one alone if one suffices.
    """
    best = _verdict(exercise, student, seed, exercise.uses)
    if best.fraction <= plain.fraction:
        return plain
    names = exercise.uses
    if len(names) > 1:
        for name in names:
            verdict = _verdict(exercise, student, seed, (name,))
            if verdict.fraction >= best.fraction:
                best, names = verdict, (name,)
                break
    best.note = f"Graded with our {' and '.join(names)}, because yours has points of its own to lose."
    return best


def _verdict(exercise, student, seed, replaced):
    ours = {name: _patient(reference.function(exercise.notebook, name)) for name in replaced}
    cases, expected = _right_answers(exercise, seed)
    calls = []
    for case, right in zip(cases, expected, strict=True):
        outcome = student.call(case, ours)
        if not outcome.attempted:
            return Verdict(exercise.name, [], attempted=False)
        calls.append(Call(case.about, right, readings(exercise.outputs, outcome, case.arguments)))
    return judge_calls(exercise.name, exercise.outputs, calls, lambda: _known_mistakes(exercise, seed))


def _patient(function):
    """A helper of ours for other people's code: arguments more than it needs are let go."""
    names = list(inspect.signature(function).parameters)

    def patient(*arguments, **options):
        known = {name: value for name, value in options.items() if name in names}
        return function(*arguments[: len(names)], **known)

    return patient


# The same inputs serve many functions: those of a class, and one student's with our helpers and without.
@lru_cache(maxsize=256)
def _right_answers(exercise, seed):
    """The cases that are drawn for a seed, and what is right for each."""
    cases = exercise.draw(np.random.default_rng([seed, zlib.crc32(exercise.id.encode())]))
    return cases, [exercise.readings(exercise.reference, case) for case in cases]


@lru_cache(maxsize=256)
def _known_mistakes(exercise, seed):
    """For each known mistake of an exercise, by name: its sentence, and what it would give in each case."""
    cases, _ = _right_answers(exercise, seed)
    return {
        mistake.name: (mistake.says, [exercise.readings(exercise.mistaken[mistake.name], case) for case in cases])
        for mistake in exercise.mistakes
    }
