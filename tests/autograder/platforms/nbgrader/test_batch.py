"""A class from folder to gradebook: resumed, regraded, resubmitted, on a cluster, in another database."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook

from autograder import EXERCISES
from autograder.grading import CannotGrade
from autograder.grading.pool.backends import patiently
from autograder.grading.pool.store import write_whole
from autograder.grading.run.job import Result
from autograder.platforms.nbgrader.autograde import SandboxAutograde
from tests.support.course import QUICK, Course
from tests.support.postgresql import new_database, postgresql_server  # noqa: F401 (a fixture)
from tests.support.quick_nbgrader import nbgrader
from tests.support.submissions import mistaken

pytestmark = [pytest.mark.nbgrader, pytest.mark.long]

WRONG = {"neuron": mistaken(EXERCISES["first_neuron.neuron"], EXERCISES["first_neuron.neuron"].mistakes[0].name)}
SLOW = {"neuron": "import time; time.sleep(0.7)\n" + mistaken(EXERCISES["first_neuron.neuron"], "returns-nothing")}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """week1, released; nobody has handed anything in."""
    return Course(tmp_path_factory.mktemp("released") / "course", ["week1"])


@pytest.fixture
def course(released, tmp_path):
    """A course with three submissions: all right, one mistake, one quiz only."""
    return a_class(released.copy(tmp_path / "course"))


def a_class(course):
    course.submit("ada", "week1", {"first_neuron": {}, "quiz1": {}})
    course.submit("ben", "week1", {"first_neuron": WRONG, "quiz1": {}})
    course.submit("cleo", "week1", {"quiz1": {}})
    return course


def full(marks):
    return {student: {n: score for (s, n), score in marks.items() if s == student} for student, _ in marks}


def test_regrading(course):
    """One story, because every chapter needs the one before."""
    said = course.autograde("week1")
    first = course.marks("week1")
    assert "6 notebooks graded now, 0 kept from before, of 3 students" in said
    assert full(first)["ada"] == {"first_neuron": 50, "quiz1": 20}
    assert 0 < first["ben", "first_neuron"] < 50
    assert full(first)["cleo"] == {"first_neuron": 0, "quiz1": 20}
    summary = (course.folder / "grading/reports/week1/summary.txt").read_text(encoding="utf-8")
    assert "isolation: " in summary
    assert "first_neuron.ipynb was not handed in" in summary

    # Nothing is run again, nothing changes.
    said = course.autograde("week1")
    assert "0 notebooks graded now, 6 kept from before" in said
    assert course.marks("week1") == first

    # Nor when only a date changes; but that is written down.
    (course.submitted("ben", "week1") / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    said = course.autograde("week1")
    assert "0 notebooks graded now, 6 kept from before" in said
    assert course.marks("week1") == first
    with Gradebook(course.db_url) as gradebook:
        assert gradebook.find_submission("week1", "ben").timestamp == datetime(2026, 1, 2, 3, 4, 5)

    # The same inputs are drawn again.
    said = course.autograde("week1", "--force")
    assert "0 notebooks graded now" in said
    assert course.marks("week1") == first

    # Resubmissions: one better, one without its graded cells and with less in it, one without a notebook.
    course.submit("ben", "week1", {"first_neuron": {}})
    path = course.submitted("ada", "week1") / "quiz1.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    kept = [cell for cell in notebook["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")]
    for cell in kept:
        if cell["id"] in ("question-1", "question-2"):
            cell["source"] = ["pass"]
    path.write_text(json.dumps({**notebook, "cells": kept}), encoding="utf-8")
    (course.submitted("cleo", "week1") / "quiz1.ipynb").unlink()
    said = course.autograde("week1")
    assert "6 notebooks graded now, 0 kept from before" in said  # also those beside: new inputs for all
    marks = course.marks("week1")
    assert marks == first | {("ben", "first_neuron"): 50, ("ada", "quiz1"): 16, ("cleo", "quiz1"): 0}
    tables = sorted((course.folder / "grading/reports/week1").glob("marks-*.csv"))
    with tables[-1].open(newline="") as file:
        rows = {(row["student"], row["notebook"]): row for row in csv.DictReader(file)}
    assert (rows["ada", "quiz1"]["old"], rows["ada", "quiz1"]["new"]) == ("20.0", "16.0")
    assert (rows["ben", "quiz1"]["old"], rows["ben", "quiz1"]["new"]) == ("20.0", "20.0")

    # One student alone; the others and the class's summary stay.
    course.submit("ben", "week1", {"first_neuron": None})
    course.autograde("week1", "--student", "ben")
    assert course.marks("week1") == marks | {("ben", "first_neuron"): 0}


@pytest.mark.verify
def test_one_notebook_alone_leaves_the_others_as_they_are(course):
    course.autograde("week1")
    first = course.marks("week1")
    course.submit("ben", "week1", {"first_neuron": {}})
    said = course.autograde("week1", "--notebook", "first*")
    assert "1 notebook graded now, 2 kept from before" in said
    assert course.marks("week1") == first | {("ben", "first_neuron"): 50}
    graded = course.folder / "grading/autograded/ben/week1/first_neuron.ipynb"
    assert "no notebook of this assignment" not in graded.read_text(encoding="utf-8")


def test_an_empty_folder_alone_is_graded_as_empty(course):
    course.submitted("emil", "week1").mkdir(parents=True)
    said = course.autograde("week1", "--student", "emil")
    assert "2 notebooks graded now" in said
    assert course.marks("week1") == {("emil", "first_neuron"): 0, ("emil", "quiz1"): 0}


@pytest.mark.verify
def test_a_batch_that_was_killed_goes_on(released, tmp_path):
    course = released.copy(tmp_path / "course", QUICK + "c.Grading.jobs = 2\n")
    students = [f"student{number}" for number in range(6)]
    for student in students:
        course.submit(student, "week1", {"first_neuron": SLOW})
    results = course.folder / "grading" / "results"
    batch = subprocess.Popen(
        [sys.executable, "-m", "nbgrader", "autograde", "week1"],
        cwd=course.folder,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 180
    while len(done := list(results.rglob("*.json"))) < 2:
        assert time.monotonic() < until, "no result comes"
        time.sleep(0.02)
    os.kill(batch.pid, signal.SIGKILL)
    batch.wait()
    assert len(done) < 12
    until = time.monotonic() + 180
    while alive := _processes_of(batch.pid):
        assert time.monotonic() < until, f"left behind: {alive}"
        time.sleep(0.05)
    kept = [json.loads(path.read_text(encoding="utf-8").splitlines()[0]) for path in results.rglob("*.json")]
    kept = sum(about["second"] is None for about in kept)  # others wait for their second look
    said = course.autograde("week1")
    assert f"{12 - kept} notebooks graded now, {kept} kept from before" in said
    marks = course.marks("week1")
    assert len(marks) == 12
    assert len(set(marks.values())) == 2  # the same for all: some for the slow notebook, none for the missing quiz


def _processes_of(session):
    """What still runs in the session that a command began, and its sandboxes, which have sessions of their own."""
    import psutil

    found = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.info["cmdline"])
        except (ProcessLookupError, psutil.NoSuchProcess):
            pass
    return found


@pytest.mark.verify
def test_marks_are_the_same_in_postgresql(released, tmp_path, postgresql_server):  # noqa: F811
    """The whole way: release, autograde, regrade; and what is in the database is what SQLite would hold."""
    plain = a_class(released.copy(tmp_path / "sqlite"))
    plain.autograde("week1")
    db_url = new_database(postgresql_server)
    other = a_class(Course(tmp_path / "postgresql", ["week1"], f"{QUICK}c.CourseDirectory.db_url = {db_url!r}\n"))
    # The same secret, so that the inputs are the same.
    (other.folder / "grading" / "secret").write_bytes((plain.folder / "grading" / "secret").read_bytes())
    other.autograde("week1")
    assert other.marks("week1", db_url) == plain.marks("week1")
    assert not (other.folder / "grading" / "gradebook.db").exists()
    other.submit("ben", "week1", {"first_neuron": {}})
    other.autograde("week1")
    assert other.marks("week1", db_url)["ben", "first_neuron"] == 50


@pytest.mark.verify
def test_marks_are_the_same_on_a_cluster(released, tmp_path):
    """A real scheduler, two workers in processes of their own; one is killed while it grades."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' isn't installed")
    students = [f"student{number}" for number in range(5)]
    plain = a_class(released.copy(tmp_path / "plain"))
    for student in students:
        plain.submit(student, "week1", {"first_neuron": SLOW})
    with patiently(
        lambda: distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0")
    ) as cluster:
        other = plain.copy(tmp_path / "cluster", f"{QUICK}c.Grading.address = {cluster.scheduler_address!r}\n")
        plain.autograde("week1")
        other.folder.joinpath("grading/secret").write_bytes(plain.folder.joinpath("grading/secret").read_bytes())
        batch = subprocess.Popen(
            [sys.executable, "-m", "nbgrader", "autograde", "week1"],
            cwd=other.folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        with patiently(lambda: distributed.Client(cluster, set_as_default=False)) as client:
            first = next(iter(client.scheduler_info()["workers"]))
            results, until = other.folder / "grading" / "results", time.monotonic() + 90
            while len(list(results.rglob("*.json"))) < 3 or not client.processing()[first]:
                assert batch.poll() is None, batch.stderr.read()
                assert time.monotonic() < until, "the cluster doesn't grade"
                time.sleep(0.02)
            os.kill(client.run(os.getpid, workers=[first])[first], signal.SIGKILL)
        said = batch.communicate(timeout=240)[1]
    assert batch.returncode == 0, said
    assert other.marks("week1") == plain.marks("week1")
    assert "isolation: full" in said or "isolation: partial" in said


@pytest.mark.parametrize("reason", [CannotGrade("the disk is full"), KeyboardInterrupt()])
def test_a_run_that_dies_says_how_code_was_isolated(tmp_path, reason):
    path = tmp_path / "week1" / "ben" / "quiz1.json"
    write_whole(path, "{}\n" + Result(isolation="isolation: partial").to_json())
    said = []
    run = SimpleNamespace(kept=tmp_path, coursedir=SimpleNamespace(assignment_id="week1"), say=said.append)
    with pytest.raises(type(reason)), SandboxAutograde._isolation_told_if_it_dies(run):
        raise reason
    assert said == ["Graded until then: isolation: partial"]


def test_manual_marks_are_kept_and_named(course):
    course.autograde("week1")
    with Gradebook(course.db_url) as gradebook:
        grade = gradebook.find_grade("grade-neuron", "first_neuron", "week1", "ben")
        grade.manual_score = 3.0
        gradebook.db.commit()
    course.submit("ben", "week1", {"first_neuron": {}})
    said = course.autograde("week1")
    assert "grade-neuron has a mark given by hand; check it" in said
    with Gradebook(course.db_url) as gradebook:
        grade = gradebook.find_grade("grade-neuron", "first_neuron", "week1", "ben")
        assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (grade.max_score, 3.0, True)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ('c.Grading.isolation = "total"', "c.Grading.isolation is 'total'; it should be one of"),
        pytest.param(
            'c.Grading.address = "tcp://127.0.0.1:1"',
            "No Dask scheduler answers at tcp://127.0.0.1:1",
            marks=pytest.mark.verify,
        ),
    ],
)
def test_settings_that_cannot_be_used(released, tmp_path, settings, sentence):
    course = a_class(released.copy(tmp_path / "course", settings))
    with pytest.raises(SystemExit) as stopped:
        course.autograde("week1")
    assert sentence in str(stopped.value)
    assert "Traceback" not in str(stopped.value)


def test_a_graded_cell_without_a_hidden_test_is_refused(released, tmp_path):
    """Any other test would run beside the student's code."""
    course = released.copy(tmp_path / "course")
    path = course.folder / "source/week1/quiz1.ipynb"
    text = path.read_text(encoding="utf-8").replace('hidden_test(\\"quiz1.question_1\\", points=2)', "assert 1")
    assert "assert 1" in text
    path.write_text(text, encoding="utf-8")
    nbgrader("generate_assignment", "week1", "--force", course=course.folder)
    a_class(course)
    with pytest.raises(SystemExit, match=r"week1/quiz1, cell grade-question-1 has no call hidden_test"):
        course.autograde("week1")
