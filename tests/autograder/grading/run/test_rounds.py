"""In which round a function is judged again, what runs for it, and what stays of the first look."""

import time
from dataclasses import replace

import pytest

from autograder import EXERCISES
from autograder.exercises.exercise import Exercise
from autograder.grading.run.job import Result, SecondLook, Step
from autograder.grading.run.looks import LookAgain
from autograder.grading.run.rounds import next_look, round_of, rounds
from autograder.grading.run.training import spare_in_second_looks
from autograder.grading.run.worker import grade_notebook
from autograder.grading.settings import CannotGrade, JobSettings
from sandbox.client import Refused, Sandbox
from sandbox.names import names
from tests.support.classroom import grade_folder, job_of
from tests.support.submissions import solutions, write_submission


def test_helpers_are_settled_before_they_are_given_out():
    """Those of every notebook that has a function of that name."""
    for id, exercise in EXERCISES.items():
        for helper in exercise.uses:
            namesakes = [other for other in EXERCISES.values() if other.name == helper]
            assert all(round_of(other) < round_of(exercise) for other in namesakes), (id, helper)


def test_rounds_are_as_few_as_can_be():
    of_logistic_regression = {id: round_of(EXERCISES[f"logistic_regression.{id}"]) for id in ROUNDS}
    assert of_logistic_regression == ROUNDS
    for exercise in EXERCISES.values():
        if not any(other.uses for other in EXERCISES.values() if other.name == exercise.name):
            assert round_of(exercise) == 0, exercise


ROUNDS = {"sigmoid": 0, "initialize_with_zeros": 0, "propagate": 1, "predict": 1, "optimize": 2, "model": 3}


def made(id, *uses):
    return Exercise(id, lambda rng: [], (), (), uses)


def test_a_name_has_one_round_whatever_the_notebook():
    """With our h of one notebook, the h of another could be answered."""
    found = rounds(
        [made("one.f"), made("one.g", "f"), made("one.h", "g"), made("two.h"), made("two.k", "h", "unknown")]
    )
    assert found == {"f": 0, "g": 1, "h": 2, "k": 3, "unknown": 0}


@pytest.mark.parametrize(
    ("exercises", "says"),
    [
        ([made("one.f", "g"), made("two.g", "f")], r"(f uses g, which uses f|g uses f, which uses g), so that none"),
        ([made("one.f", "f")], r"catalogue f uses f, so that none"),
    ],
)
def test_functions_that_use_one_another_are_refused(exercises, says):
    with pytest.raises(ValueError, match=says):
        rounds(exercises)


def test_the_next_look_is_that_of_the_earliest_round():
    lost = {"logistic_regression.model": 0.25, "logistic_regression.propagate": 0.5}
    assert next_look(lost, reversed(lost), 60.0, {9, 4}) == SecondLook(1, lost, list(reversed(lost)), 60.0, [4, 9])
    assert next_look(lost, ["logistic_regression.model"], 60.0, ()).round == 3
    assert next_look(lost, [], 60.0, ()) is None
    assert next_look(lost, list(lost), 0.0, ()) is None


def test_a_later_look_adds_to_the_first():
    first = Result(
        [["a"], ["b"]], {"x": 1.0, "y": 2.0}, ["one", "two"], "full", 1.5, second=SecondLook(1, {}, ["y"], 60.0)
    )
    later = Result([[], ["c"]], {"y": 3.0}, ["two", "three"], "full", 0.25, troubled=True)
    both = Result([["a"], ["c"]], {"x": 1.0, "y": 3.0}, ["one", "two", "three"], "full", 1.75, True)
    assert first.then(later) == both
    failed = Result(remarks=["It failed."], troubled=True)
    assert first.then(failed) == Result(first.outputs, first.points, ["one", "two", "It failed."], "full", 1.5, True)
    assert first.then(Result([[], []], isolation="partial")).isolation == "full, then partial"
    assert Result.from_json(first.to_json()) == Result(first.outputs, first.points, first.remarks, "full", 1.5)


# What runs again

CELLS = [
    ("import numpy as np\ndef given(x): return few", False),
    ("data = 1", False),
    ("few = data + 1", False),
    ("def f(x): return given(x) + offset", True),
    ("check(f)", False),
    ("offset = 3", False),
    ("picture = draw(few)\nfor i in range(3): print(f(i))", False),
    ("more = f(1)\nprint(more)", False),
]


def spare(cells, judged=("f",)):
    steps = [Step(source, "run", own=own) for source, own in cells]
    own_names = {number: names(source) for number, (source, own) in enumerate(cells) if own}
    return spare_in_second_looks(steps, own_names, set(judged))


def test_only_what_students_cells_need_runs_again():
    assert spare(CELLS) == {4, 6, 7}
    # A cell of the student's that looks at the picture.
    assert spare([*CELLS, ("picture", True)]) == {4, 7}
    # Nothing of the student's but its definition: not even what is given.
    assert spare([("y = 1", False), ("def f(x): return x", True), ("f(y)", False)]) == {0, 2}
    # What is judged is there, though nobody changed its cell.
    assert spare([("k = 2", False), ("def f(x): return k", False), ("f(1)", False)]) == {2}
    steps = [Step("text", "leave", own=False), Step("f", "judge", own=False)]
    assert spare_in_second_looks(steps, {}, {"f"}) == set()


# Real notebooks

WRONG_SIGMOID = {"sigmoid": "def sigmoid(z):\n    return 0.25 + 0 * z"}


def test_a_notebook_keeps_its_first_outputs_and_what_ended_it_is_left_out(tmp_path):
    """sigmoid is wrong, all others are right and earn their points in three more rounds."""
    fatal = "import os\nos._exit(3)"
    answers = solutions("logistic_regression") | WRONG_SIGMOID
    answers |= {
        "flatten_images": solutions("logistic_regression")["flatten_images"] + "\nprint('once')",
    }
    write_submission(tmp_path, "week2", "logistic_regression", answers, [("my_accuracy_guess = None", fatal)])
    result, remarks = grade_folder(tmp_path, "week2", "logistic_regression", settings=JobSettings(memory_mb=2048))
    points = {id.split(".")[1]: earned for id, earned in result.points.items()}
    whole = {name: points[name] for name in ("propagate", "predict", "optimize", "model")}
    assert whole == {"propagate": 25, "predict": 10, "optimize": 20, "model": 20}
    assert points["sigmoid"] < 10
    assert sum("it was left out" in remark for remark in remarks) == 1
    shown = [output["text"] for cell in result.outputs for output in cell if output.get("name") == "stdout"]
    assert "once\n" in shown
    assert any(text.startswith("relative difference") for text in shown), (
        "what needn't run again was shown the first time"
    )
    verdicts = [output["data"]["text/plain"] for cell in result.outputs for output in cell if "data" in output]
    noted = [text for text in verdicts if "Graded with our sigmoid, because yours has points of its own" in text]
    assert len(noted) == 4


@pytest.mark.parametrize("left", [0.0, 40.0])
def test_later_looks_share_their_time(tmp_path, left):
    """Each of them having the whole time again, one endless loop could hold a worker four times as long."""
    job = wrong_sigmoid(tmp_path)
    first = grade_notebook(job)
    assert first.second.seconds == job.settings.notebook_seconds
    assert first.second.round == 1
    later = grade_notebook(replace(job, second=replace(first.second, seconds=left)))
    if left:
        assert later.second.round == 2
        assert 0 < later.second.seconds < left
        assert "logistic_regression.propagate" in later.points
    else:
        assert later.second is None
        assert later.points == {}
        assert any("ran for more than 60 seconds when it was looked at again" in remark for remark in later.remarks)


def wrong_sigmoid(folder):
    """The job of a notebook in which all that uses sigmoid is judged again."""
    write_submission(folder, "week2", "logistic_regression", solutions("logistic_regression") | WRONG_SIGMOID)
    return job_of(folder, "week2", "logistic_regression")


def test_rounds_for_which_no_time_is_left_are_not_left_out_silently(tmp_path):
    ids = ["logistic_regression.propagate", "logistic_regression.model"]
    look = LookAgain(wrong_sigmoid(tmp_path), None, SecondLook(1, dict.fromkeys(ids, 0.5), ids, 60.0))
    assert look.result().second.again == ids[1:]
    look.until = time.monotonic() - 1
    late = look.result()
    assert late.second is None
    assert late.troubled
    assert any("ran for more than 60 seconds" in remark for remark in late.remarks)


def test_helpers_that_cannot_be_isolated_stop_the_batch(tmp_path, monkeypatch):
    """It isn't the student's doing, and would come with every other notebook."""

    def refuse(self, settings, source):
        raise Refused("no isolation for it")

    job = wrong_sigmoid(tmp_path)
    first = grade_notebook(job)
    monkeypatch.setattr(Sandbox, "open_helpers", refuse)
    with pytest.raises(CannotGrade, match="no isolation for it"):
        grade_notebook(replace(job, second=first.second))
