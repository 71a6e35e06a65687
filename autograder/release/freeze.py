"""Makes the examples of the instant checks: inputs, what is right, and what known mistakes would give."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from autograder.catalogue import EXERCISES
from autograder.exercises.callee import Function
from autograder.exercises.exercise import EXAMPLES, Case, Exercise, Question
from utils.checks.values import freeze, freeze_reading, settled


def frozen(notebook: str) -> str:
    """The checks of one assignment, as JSON text.

    Parameters
    ----------
    notebook : str

    Returns
    -------
    text : str
    """
    exercises = {e.name: frozen_exercise(e) for e in EXERCISES.values() if e.notebook == notebook}
    return json.dumps(exercises, indent=None, separators=(",", ":"), sort_keys=False).replace("},{", "},\n{") + "\n"


@cache
def frozen_exercise(exercise: Exercise) -> dict[str, Any]:
    """The check of one exercise, as JSON holds it.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    dict
    """
    if isinstance(exercise, Question):
        return {"choices": sorted(exercise.options)}
    cases = [
        replace(case, arguments=settled(case.arguments), fixed=settled(case.fixed), spare=settled(case.spare))
        for case in exercise.cases(EXAMPLES)
    ]
    return {
        "uses": list(exercise.uses),
        "outputs": [{"name": o.name, "path": list(o.path), "kind": o.kind} for o in exercise.outputs],
        "cases": [
            {
                "about": case.about,
                "arguments": freeze(case.arguments),
                "options": freeze(case.options),
                "fixed": {name: freeze(list(entry)) for name, entry in case.fixed.items()},
                "spare": freeze(case.spare),
                "expected": _gives(exercise, exercise.reference, case),
            }
            for case in cases
        ],
        "mistakes": [
            {
                "name": mistake.name,
                "says": mistake.says,
                "gives": [_gives(exercise, exercise.mistaken[mistake.name], case) for case in cases],
            }
            for mistake in exercise.mistakes
        ],
    }


def _gives(exercise: Exercise, function: Function, case: Case) -> list[Any]:
    given = zip(exercise.outputs, exercise.readings(function, case), strict=True)
    return [freeze(reading) if output.aside else freeze_reading(reading) for output, reading in given]


def write_checks(folder: Path) -> None:
    """Write the checks of all assignments.

    Parameters
    ----------
    folder : Path
        Made when it isn't there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted({exercise.notebook for exercise in EXERCISES.values()}):
        (folder / f"{notebook}.json").write_text(frozen(notebook), encoding="utf-8", newline="\n")
