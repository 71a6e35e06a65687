"""Writes the examples of the instant checks into utils/checks/frozen/: inputs, right outputs, outputs of known mistakes."""

import json
import zlib
from dataclasses import replace

import numpy as np

from autograder.catalogue import EXERCISES
from autograder.exercises.exercise import Question
from utils.checks.values import FROZEN, freeze, freeze_reading, settled


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
    # Not a seed that judge uses, so that the visible examples are never the hidden ones.
    drawn = exercise.draw(np.random.default_rng([zlib.crc32(exercise.id.encode())]))
    cases = [
        replace(case, arguments=settled(case.arguments), fixed=settled(case.fixed), spare=settled(case.spare))
        for case in drawn
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


def _gives(exercise, function, case):
    return [freeze_reading(reading) for reading in exercise.readings(function, case)]


def write_checks():
    """Write the checks of all assignments into utils/checks/frozen/; files of assignments that are gone are removed."""
    FROZEN.mkdir(exist_ok=True)
    notebooks = {exercise.notebook for exercise in EXERCISES.values()}
    for file in FROZEN.glob("*.json"):
        if file.stem not in notebooks:
            file.unlink()
    for notebook in sorted(notebooks):
        (FROZEN / f"{notebook}.json").write_text(frozen(notebook), encoding="utf-8", newline="\n")
