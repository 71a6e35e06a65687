"""Judging a function: draw inputs, call it, compare with the reference, name the mistake."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from autograder.catalogue import EXERCISES
from autograder.exercises import reference
from autograder.exercises.callee import Callee, Function, LocalFunction
from autograder.exercises.exercise import Case, Exercise, Reading
from utils.checks.calling import patient
from utils.checks.kinds import readings
from utils.checks.outcomes import Unwritten
from utils.checks.verdict import Call, Verdict, judge_calls


def judge(exercise_id: str, function: Function | Callee, seed: int = 0) -> Verdict:
    """Judge a student's function.

    Parameters
    ----------
    exercise_id
        "<notebook>.<function>", a key of EXERCISES.
    function
    seed
        Decides the inputs that are drawn.
    """
    exercise = find_exercise(exercise_id)
    student = function if isinstance(function, Callee) else LocalFunction(function)
    return charge_once(exercise, student, seed, judge_alone(exercise, student, seed))


def find_exercise(exercise_id: str) -> Exercise:
    """The exercise of this id.

    Raises
    ------
    ValueError
        When there is none.
    """
    if exercise_id not in EXERCISES:
        raise ValueError(f"There is no exercise {exercise_id!r}; there are {', '.join(EXERCISES)}.")
    return EXERCISES[exercise_id]


def judge_alone(exercise: Exercise, student: Callee, seed: int) -> Verdict:
    """Judge a function together with the student's own helpers."""
    return _verdict(exercise, student, seed, ())


def charge_once(exercise: Exercise, student: Callee, seed: int, alone: Verdict) -> Verdict:
    """Judge again with our own helpers, so that a wrong helper costs only its own points: the better verdict.

    Parameters
    ----------
    exercise, student, seed
    alone
        What `judge_alone` found.
    """
    if not may_gain(exercise, alone):
        return alone
    return judge_with_ours(exercise, student, seed, alone.fraction, exercise.uses) or alone


def may_gain(exercise: Exercise, alone: Verdict) -> bool:
    """Whether a function may earn more with our own helpers than it did alone."""
    return alone.fraction < 1 and alone.attempted and bool(alone.items) and bool(exercise.uses)


def judge_with_ours(
    exercise: Exercise, student: Callee, seed: int, alone: float, suspects: Sequence[str]
) -> Verdict | None:
    """Judge with our own helpers in the place of the student's.

    If that is better, the fewest helpers that make the difference are named: one alone if one suffices.

    Parameters
    ----------
    exercise, student, seed
    alone
        The share of the points that it earned with the student's own helpers, from 0.0 to 1.0.
    suspects
        The helpers that may be wrong.

    Returns
    -------
    Verdict or None
        None when it isn't better.
    """
    best, names = _verdict(exercise, student, seed, exercise.uses), exercise.uses
    if best.fraction <= alone:
        return None
    suspects = tuple(suspects)
    for fewer in [*((name,) for name in suspects), suspects]:
        if 0 < len(fewer) < len(names):
            verdict = _verdict(exercise, student, seed, fewer)
            if verdict.fraction >= best.fraction:
                best, names = verdict, fewer
                break
    best.note = f"Graded with our {' and '.join(names)}, because yours has points of its own to lose."
    return best


def _verdict(exercise: Exercise, student: Callee, seed: int, replaced: Iterable[str]) -> Verdict:
    ours = {name: patient(reference.function(exercise.notebook, name)) for name in replaced}
    cases, expected = _right_answers(exercise, seed)
    calls = []
    for case, right in zip(cases, expected, strict=True):
        outcome = student.call(case, ours)
        if isinstance(outcome, Unwritten):
            return Verdict(exercise.name, [], attempted=False, remarks=exercise.remarks)
        calls.append(Call(case.about, right, readings(exercise.outputs, outcome, case.arguments), case.arguments))
    verdict = judge_calls(exercise.name, exercise.outputs, calls, lambda: _known_mistakes(exercise, seed))
    verdict.remarks = exercise.remarks
    return verdict


# The same inputs serve many functions: those of a class, and one student's with our helpers and without.
@lru_cache(maxsize=256)
def _right_answers(exercise: Exercise, seed: int) -> tuple[list[Case], list[list[Reading]]]:
    """The cases that are drawn for a seed, and what is right for each."""
    cases = exercise.cases(seed)
    return cases, [exercise.readings(exercise.reference, case) for case in cases]


@lru_cache(maxsize=256)
def _known_mistakes(exercise: Exercise, seed: int) -> dict[str, tuple[str, list[list[Reading]]]]:
    """For each known mistake of an exercise, by name: its sentence, and what it would give in each case."""
    cases, _ = _right_answers(exercise, seed)
    return {
        mistake.name: (mistake.says, [exercise.readings(exercise.mistaken[mistake.name], case) for case in cases])
        for mistake in exercise.mistakes
    }
