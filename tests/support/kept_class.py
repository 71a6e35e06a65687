"""A class of forty honest students that was kept: what they handed in, and the points that it earns.

Marks change on purpose only. When they do, write them anew, and look at each line of what is printed:

    python -m tests.support.kept_class
"""

import json
import tempfile
from pathlib import Path

from autograder.grading.settings import JobSettings
from tests.support.classroom import grade_folder
from tests.support.level import LEVEL
from tests.support.released import released
from tests.support.submissions import solutions, write_submission

# As where a class is graded: a busy machine costs nobody a point.
PATIENT = JobSettings(isolation=LEVEL)
KEPT = Path(__file__).with_suffix(".json")


def read_class():
    """Notebooks as dicts: student, seed, week, notebook; the answers that differ from ours, those that were left out,
    and the points of every exercise that doesn't earn all of its own.
    """
    return json.loads(KEPT.read_text(encoding="utf-8"))


def earned(one):
    """What a notebook of the class earns now: {function: points}, where that isn't all."""
    ours = {name: source for name, source in solutions(one["notebook"]).items() if name not in one["left_out"]}
    with tempfile.TemporaryDirectory() as folder:
        write_submission(folder, one["week"], one["notebook"], ours | one["changed"])
        result, _ = grade_folder(Path(folder), one["week"], one["notebook"], one["seed"], PATIENT)
    most = max_points(one["week"], one["notebook"])
    return {id.split(".")[1]: points for id, points in result.points.items() if points != most[id]}


def max_points(week, notebook):
    """The points that each exercise of a notebook is worth."""
    tests = [cell.hidden_test for cell in released(week)[notebook].cells if cell.hidden_test]
    return {test.exercise: test.max_points for test in tests}


def main():
    """Write the points of now, and print what changed."""
    notebooks = read_class()
    for one in notebooks:
        before, one["points"] = one["points"], earned(one)
        for name in sorted(before.keys() | one["points"].keys()):
            old, new = (points.get(name, "all") for points in (before, one["points"]))
            if old != new:
                print(f"{one['student']}  {one['notebook']}.{name}: {old} -> {new}", flush=True)
    KEPT.write_text(json.dumps(notebooks, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
