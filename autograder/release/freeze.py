"""Writes the examples of the instant checks into utils/checks/frozen/: inputs, right outputs, outputs of known mistakes."""

import json

from autograder.catalogue import EXERCISES
from autograder.exercises.exercise import EXAMPLES, Question
from utils.checks.values import FROZEN, freeze


def frozen(notebook):
    """The checks of one assignment, as JSON text.

    Parameters
    ----------
    notebook : str

    Returns
    -------
    text : str
    """
    exercises = {e.name: _frozen_exercise(e) for e in EXERCISES.values() if e.notebook == notebook}
    return json.dumps(exercises, indent=None, separators=(",", ":"), sort_keys=False).replace("},{", "},\n{") + "\n"


def _frozen_exercise(exercise):
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


def write_checks():
    """Write the checks of all assignments into utils/checks/frozen/; files of assignments that are gone are removed."""
    FROZEN.mkdir(exist_ok=True)
    notebooks = {exercise.notebook for exercise in EXERCISES.values()}
    for file in FROZEN.glob("*.json"):
        if file.stem not in notebooks:
            file.unlink()
    for notebook in sorted(notebooks):
        (FROZEN / f"{notebook}.json").write_text(frozen(notebook), encoding="utf-8", newline="\n")
