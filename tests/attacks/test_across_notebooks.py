"""Attacks across notebooks: one that holds a helper of ours answers for another one that is still to be judged.

How they talk is of no account, so they get something that no isolation takes away: a folder that both can write into.
The proof that each works is the same batch where nobody waits for anybody.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from autograder import judge
from autograder.grading.pool.runner import Runner
from autograder.grading.run import looks, rounds
from autograder.grading.run.job import HiddenTest, Job, Step
from autograder.grading.run.worker import grade_alone, grade_notebook
from autograder.grading.settings import JobSettings
from autograder.hidden import earned_points

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the isolation of student code is Linux's")
# Without isolation, so that the folder can be reached; nothing is done outside of it.
SEED, POINTS = 7, 10
OPEN = JobSettings(isolation="none", cell_seconds=60, judge_seconds=100, notebook_seconds=200, memory_mb=2048)

TALK = """
import numpy as np, os, pickle, time
FOLDER, PATIENCE = {folder!r}, {patience}

def put(name, value):
    with open(f"{{FOLDER}}/{{name}}.new", "wb") as file:
        pickle.dump(value, file)
    os.rename(f"{{FOLDER}}/{{name}}.new", f"{{FOLDER}}/{{name}}")

def get(name):
    with open(f"{{FOLDER}}/{{name}}", "rb") as file:
        return pickle.load(file)

def seen(name):
    return os.path.exists(f"{{FOLDER}}/{{name}}")

asked = []
def ask(arguments):
    if asked and not seen(asked[-1] + ".answer"):
        return None  # nobody is there
    asked.append(str(time.monotonic_ns()))
    put(asked[-1] + ".question", arguments)
    until = time.monotonic() + PATIENCE
    while not seen(asked[-1] + ".answer"):
        if time.monotonic() > until:
            return None
        time.sleep(0.01)
    return get(asked[-1] + ".answer")

def answer(ours):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not seen("over"):
        for name in os.listdir(FOLDER):
            reply = name.replace(".question", ".answer")
            if name.endswith(".question") and not seen(reply):
                put(reply, ours(*get(name)))
        time.sleep(0.01)
"""
# Knows nothing, and asks: at once, or when it is looked at again, which it sees by its own helper.
ASKS = """
def {helper}(*arguments):
    return 0.0
own = {helper}
def {asks}(*arguments, **options):
    if {at_once} or {helper} is not own:
        return ask([*arguments, *options.values()])
"""
# Earns nothing, and when it is looked at again, it answers with the helper that it finds in the place of its own.
ANSWERS = """
def {asks}(*arguments, **options):
    return {{}}
own = {asks}
def {holds}(*arguments, **options):
    if {asks} is not own:
        answer({asks})
"""


@dataclass(frozen=True)
class Oracle:
    """Two notebooks of a class: a function of one asks, and one of the other holds ours of that name.

    Attributes
    ----------
    asker, teller : str
        Their notebooks.
    asks, holds : str
        Functions of them.
    helper : str
        A helper of the function that asks; "" when that asks in its first look.
    """

    asker: str
    asks: str
    teller: str
    holds: str
    helper: str = ""

    def jobs(self, folder, patience):
        """The notebooks of ann, who asks, and of ben, who tells."""
        talk = TALK.format(folder=str(folder), patience=patience)
        parts = {"asks": self.asks, "holds": self.holds, "helper": self.helper or "unused", "at_once": not self.helper}
        return [
            _job("ann", self.asker, self.asks, talk + ASKS.format(**parts)),
            _job("ben", self.teller, self.holds, talk + ANSWERS.format(**parts)),
        ]


def _job(student, notebook, function, source):
    test = Step("", "judge", hidden_test=HiddenTest(f"{notebook}.{function}", function, POINTS))
    return Job(student, "week2", notebook, (), (Step(source, "run"), test), {}, SEED, OPEN)


FIRST_LOOK = Oracle("numpy_basics", "sigmoid", "logistic_regression", "propagate")
ORACLES = {
    "a-second-look-answers-a-first-look": FIRST_LOOK,
    "one-for-another-function-of-that-name": Oracle(
        "logistic_regression", "sigmoid", "numpy_basics", "sigmoid_derivative"
    ),
    "round-3-answers-round-2": Oracle("logistic_regression", "optimize", "logistic_regression", "model", "propagate"),
    "round-2-answers-round-1": Oracle("logistic_regression", "propagate", "logistic_regression", "optimize", "sigmoid"),
    "round-3-answers-round-1": Oracle("logistic_regression", "predict", "logistic_regression", "model", "sigmoid"),
}


def points_of_ann(oracle, tmp_path, patience, function=grade_notebook):
    """What ann earns when both are graded at the same time."""
    folder = tmp_path / "talk"
    folder.mkdir()

    def look(job):
        result = function(job)
        if job.student == "ann" and result.second is None:
            (folder / "over").touch()
        return result

    with ThreadPoolExecutor(2) as executor:
        runner = Runner(tmp_path / "results", executor, 2, log=lambda line: None, function=look)
        results = runner.run(oracle.jobs(folder, patience))
    [result] = [result for (student, _), result in results.items() if student == "ann"]
    asked = any(folder.glob("*.question"))
    return result.points[f"{oracle.asker}.{oracle.asks}"], asked


@pytest.mark.parametrize("oracle", ORACLES.values(), ids=ORACLES)
def test_nobody_answers_for_another(oracle, tmp_path):
    points, asked = points_of_ann(oracle, tmp_path, patience=1)
    assert asked
    nothing = judge(f"{oracle.asker}.{oracle.asks}", lambda *_, **__: None, seed=SEED)
    assert points == earned_points(nothing, POINTS) < 1


def test_where_nobody_waits_they_answer(tmp_path):
    """Otherwise the test above would prove nothing: here each notebook goes through all of its looks at once."""
    assert points_of_ann(FIRST_LOOK, tmp_path, patience=90, function=grade_alone) == (POINTS, True)


def test_where_all_second_looks_are_one_round_they_answer(tmp_path, monkeypatch):
    """Otherwise it would prove nothing for rounds."""
    for module in (rounds, looks):
        monkeypatch.setattr(module, "round_of", lambda exercise: 1)
    oracle = ORACLES["round-3-answers-round-2"]
    assert points_of_ann(oracle, tmp_path, patience=90) == (POINTS, True)
