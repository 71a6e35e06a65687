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


def charge_once(
    exercise: Exercise, student: Callee, seed: int, alone: Verdict, suspects: Sequence[str] | None = None
) -> Verdict:
    """Judge again with our own helpers, so that a wrong helper costs only its own points.

    If that is better, the fewest helpers that make the difference are named: one alone if one suffices.

    Parameters
    ----------
    exercise, student, seed
    alone
        What `judge_alone` found.
    suspects
        The helpers that are known to be wrong; by default any may be.

    Returns
    -------
    Verdict
        The better one.
    """
    if alone.fraction == 1 or not alone.attempted or not exercise.uses:
        return alone
    best, names = _verdict(exercise, student, seed, exercise.uses), exercise.uses
    if best.fraction <= alone.fraction:
        return alone
    suspects = tuple(exercise.uses if suspects is None else suspects)
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
        calls.append(Call(case.about, right, readings(exercise.outputs, outcome, case.arguments)))
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
