"""Grading on a Dask cluster: the same results, also when workers die."""

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from functools import partial

import pytest

from autograder.grading.pool.backends import TURN, Cluster, patiently
from autograder.grading.pool.runner import Runner, graded
from autograder.grading.settings import CannotGrade
from tests.support import fake_grader
from tests.support.fake_grader import job, noted, started

dask = pytest.importorskip("dask", reason="the extra 'cluster' isn't installed")
distributed = pytest.importorskip("distributed", reason="the extra 'cluster' isn't installed")
pytestmark = [pytest.mark.verify]


@contextlib.contextmanager
def cluster(workers):
    """A scheduler on loopback, and workers as processes of their own."""
    # A local cluster gives a worker up that isn't back after 15 seconds, which a busy machine needs.
    patient = dask.config.set({"distributed.deploy.lost-worker-timeout": "10 minutes"})
    running = patiently(
        lambda: distributed.LocalCluster(
            n_workers=workers, processes=True, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=60
        )
    )
    with patient, running:
        if workers:
            with distributed.Client(running.scheduler_address, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=240)
        yield running


@pytest.fixture(scope="module")
def two_workers():
    """For tests that kill nobody: a killed worker takes a while to come back."""
    with cluster(2) as running:
        yield running


def runner(tmp_path, address, **options):
    options = {"function": fake_grader.grade, "log": lambda line: None} | options
    return Runner(tmp_path / "results", address=address, **options)


def notes_in(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


@pytest.fixture
def mortal_workers():
    """Two workers of a test's own."""
    with cluster(2) as running:
        yield running


def test_a_killed_worker_changes_nothing(tmp_path, mortal_workers):
    notes = notes_in(tmp_path)
    jobs = [job(f"slow-{number}", source=notes) for number in range(16)]
    results, address = {}, mortal_workers.scheduler_address
    grading = threading.Thread(target=lambda: results.update(runner(tmp_path, address).run(jobs)))
    grading.start()
    until = time.monotonic() + 180
    while len(started(notes)) < 4:
        assert time.monotonic() < until, "the cluster doesn't begin"
        time.sleep(0.02)
    with distributed.Client(mortal_workers.scheduler_address, set_as_default=False) as client:
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
    grading.join(90)
    assert not grading.is_alive()
    assert results == {(one.student, one.notebook): fake_grader.grade(job(one.student)) for one in jobs}
    assert len(started(notes)) > len(jobs), "the worker was killed while it did nothing"


def test_a_notebook_that_kills_workers_is_given_up(tmp_path, mortal_workers):
    jobs = [job("ann"), job("killed-1"), job("ben")]
    results = runner(tmp_path, mortal_workers.scheduler_address).run(jobs)
    assert "died twice, each time on several workers" in results["killed-1", "quiz2"].remarks[0]
    assert results["killed-1", "quiz2"].troubled
    assert results["ann", "quiz2"].points
    assert results["ben", "quiz2"].points


def test_a_result_whose_worker_died_just_then_counts(tmp_path, two_workers, monkeypatch):
    # Dask gives the result, and says that the task is to be done again.
    monkeypatch.setattr(distributed.Future, "status", property(lambda self: "pending"))
    results = runner(tmp_path, two_workers.scheduler_address).run([job("ann")])
    assert results["ann", "quiz2"] == fake_grader.grade(job("ann"))


def test_faults_of_the_grader_come_back_from_a_cluster(tmp_path, two_workers):
    results = runner(tmp_path, two_workers.scheduler_address).run([job("raises")])
    assert "Awkward: apples and pears" in results["raises", "quiz2"].remarks[0]


def test_a_machine_that_cannot_grade_stops_the_batch_with_its_sentence(tmp_path, two_workers):
    with pytest.raises(CannotGrade, match="On one of the machines student code could read"):
        runner(tmp_path, two_workers).run([job("refuses"), job("ann")])


def test_nobody_is_looked_at_again_before_everybody_was_looked_at(tmp_path, two_workers):
    notes = notes_in(tmp_path)
    jobs = [job(name, source=notes) for name in ("ann-2", "ben-0", "slow-1", "slow-2")]
    results = runner(tmp_path, two_workers.scheduler_address, function=fake_grader.looks).run(jobs)
    rounds = [now for _, now, _ in noted(notes)]
    assert rounds == sorted(rounds)
    assert {student: len(result.points) for (student, _), result in results.items()} == {
        "ann-2": 3,
        "ben-0": 1,
        "slow-1": 2,
        "slow-2": 3,
    }


def test_two_batches_take_turns(tmp_path, two_workers):
    """Of two courses: the second one waits until the first has left, says so, and goes on."""
    notes, address = notes_in(tmp_path), two_workers.scheduler_address
    first = Cluster(partial(graded, fake_grader.looks), address, pytest.fail)
    said, told, results = [], threading.Event(), {}

    def say(line):
        said.append(line)
        told.set()

    second = runner(tmp_path, address, function=fake_grader.looks, log=say)
    grading = threading.Thread(target=lambda: results.update(second.run([job("ann-1", source=notes)])), daemon=True)
    grading.start()
    try:
        assert told.wait(120)
        assert said == [f"Waiting for another batch that is graded on the cluster at {address}."]
        assert first.submit(job("ben-0", source=notes)).result(120).second is None
    finally:
        first.stop()
    grading.join(120)
    assert results["ann-1", "quiz2"].points == {"quiz2.0": 1.0, "quiz2.1": 1.0}
    assert [student for what, _, student in noted(notes) if what == "begins"] == ["ben-0", "ann-1", "ann-1"]


def test_what_is_left_of_a_stopped_batch_is_waited_for(tmp_path, two_workers):
    """Dask can't end what runs already: a second look whose batch is gone could meet first looks of the next one."""
    notes = notes_in(tmp_path)
    stopped = Cluster(partial(graded, fake_grader.looks), two_workers.scheduler_address, pytest.fail)
    stopped.submit(job("slow-0", source=notes))
    until = time.monotonic() + 120
    while not noted(notes):
        assert time.monotonic() < until, "it doesn't begin"
        time.sleep(0.01)
    stopped.stop()
    Cluster(partial(graded, fake_grader.looks), two_workers.scheduler_address, pytest.fail).stop()
    assert noted(notes)[-1] == ("ends", 0, "slow-0")


def test_a_batch_that_was_killed_keeps_nobody_out(tmp_path, two_workers, monkeypatch):
    """It gives no more signs of life: here within seconds, otherwise within half a minute."""
    address = two_workers.scheduler_address
    killed = Cluster(partial(graded, fake_grader.looks), address, pytest.fail)
    killed._turn.refresh_leases = False
    monkeypatch.setitem(two_workers.scheduler.extensions["semaphores"].lease_timeouts, TURN, 1)
    results = runner(tmp_path, address, log=lambda line: None).run([job("ann")])
    assert results["ann", "quiz2"].points
    killed._client.close()


def test_nobody_answers(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.grading.pool.backends.CONNECT_SECONDS", 1)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(CannotGrade, match=f"No Dask scheduler answers at {address}: start one there"):
            runner(tmp_path, address).run([job("ann")])


@pytest.mark.parametrize("address", ["nonsense://127.0.0.1:1", "127.0.0.1:port"])
def test_an_address_that_is_none(tmp_path, monkeypatch, address):
    monkeypatch.setattr("autograder.grading.pool.backends.CONNECT_SECONDS", 1)
    with pytest.raises(CannotGrade, match="No Dask scheduler answers at"):
        runner(tmp_path, address).run([job("ann")])


def test_no_workers(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.grading.pool.backends.CONNECT_SECONDS", 1)
    with cluster(0) as empty, pytest.raises(CannotGrade, match="has no workers: start some with `dask worker"):
        runner(tmp_path, empty.scheduler_address).run([job("ann")])


def test_workers_that_lack_the_grader(tmp_path, two_workers, monkeypatch):
    def only_here(job):
        raise AssertionError

    only_here.__module__, only_here.__qualname__ = "tests.support.fake_grader", "only_here"
    monkeypatch.setattr(fake_grader, "only_here", only_here, raising=False)
    with pytest.raises(CannotGrade, match="can't grade: install the same version of this course there"):
        runner(tmp_path, two_workers.scheduler_address, function=only_here).run([job("ann")])


def test_a_scheduler_that_goes_away(tmp_path):
    with cluster(1) as leaving:
        later = threading.Timer(1.5, leaving.close)
        later.start()
        with pytest.raises(CannotGrade, match=r"start again, and grading continues"):
            runner(tmp_path, leaving.scheduler_address).run([job(f"slow-{number}") for number in range(60)])
        later.join(30)
    assert len(list((tmp_path / "results").rglob("*.json"))) < 60


def test_without_dask(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CannotGrade, match=r"needs the package distributed.*\[cluster\]"):
        runner(tmp_path, "tcp://127.0.0.1:1").run([job("ann")])
