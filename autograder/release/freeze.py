"""Makes the examples of the instant checks: inputs, what is right, and what known mistakes would give."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from autograder.catalogue import EXERCISES
from autograder.exercises.exercise import EXAMPLES, Exercise, Question
from utils.checks.values import freeze


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
    cases = exercise.cases(EXAMPLES)
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
                "expected": freeze(exercise.readings(exercise.reference, case)),
            }
            for case in cases
        ],
        "mistakes": [
            {
                "name": mistake.name,
                "says": mistake.says,
                "gives": [freeze(exercise.readings(exercise.mistaken[mistake.name], case)) for case in cases],
            }
            for mistake in exercise.mistakes
        ],
    }


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
