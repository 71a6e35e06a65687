"""Many notebooks at once: results are kept, deaths are survived, and a batch that was killed goes on."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.course import ROOT
from autograder.grading.pool import progress as progress_module
from autograder.grading.pool.progress import Progress
from autograder.grading.pool.runner import Runner, graded
from autograder.grading.pool.store import Store, safe_name, write_whole
from autograder.grading.run.job import Graded, Result, SecondLook
from autograder.grading.settings import CannotGrade
from tests.support import fake_grader
from tests.support.fake_grader import job, noted, started


@pytest.fixture
def notes(tmp_path):
    """Where the fake grader notes whom it started on."""
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


@pytest.fixture
def threads():
    with ThreadPoolExecutor(2) as executor:
        yield executor


def runner(tmp_path, **options):
    options = {"function": fake_grader.grade, "log": lambda line: None} | options
    return Runner(tmp_path / "results", **options)


def serial(jobs):
    """What the jobs give one after the other, in this process."""
    return {(one.student, one.notebook): fake_grader.grade(one) for one in jobs}


# Names of files


def test_plain_names_stay_readable():
    assert [safe_name(name) for name in ("alice", "b.smith-2", "quiz_1")] == ["alice", "b.smith-2", "quiz_1"]
    assert safe_name("Zoë Müller").startswith("zo-m-ller+")


@given(st.text())
@example("..")
@example("../../etc/passwd")
@example("a/b\\c\0d\n")
@example("x" * 5000)
@example("nul.")
@example("\udc80")
@example("")
def test_any_name_makes_one_safe_file_name(name):
    safe = safe_name(name)
    assert 0 < len(safe) <= 64
    assert safe.isascii()
    assert safe == safe.lower()
    assert not set(safe) & set('/\\\0\n:*?"<>| ')
    assert not safe.startswith(".")
    assert not safe.endswith(".")


@given(st.text(), st.text())
@example("alice", "Alice")
@example("a b", "a-b")
@example("x" * 100, "x" * 101)
def test_two_names_never_share_a_file(one, other):
    assert (safe_name(one) == safe_name(other)) == (one == other)
    assert safe_name(safe_name(one)) == safe_name(one) or "+" in safe_name(one)


def test_results_of_odd_names_stay_in_their_folder(tmp_path, threads):
    jobs = [
        job(name, notebook) for name in ("../up", "Ann", "ann", "ann ", "..", "é" * 300) for notebook in ("a/b", "c")
    ]
    results = runner(tmp_path, executor=threads).run(jobs)
    assert dict(results) == serial(jobs)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == len(jobs)
    assert all(path.is_relative_to(tmp_path / "results" / "week2") for path in kept)


# What is kept


def test_each_result_is_kept_and_used_again(tmp_path, notes, threads):
    jobs = [job(name, source=notes) for name in ("ann", "ben", "troubled-1")]
    first = runner(tmp_path, executor=threads).run(jobs)
    assert dict(first) == serial([job(one.student) for one in jobs])
    assert first.anew == set(first)
    second = runner(tmp_path, executor=threads).run(jobs)
    assert dict(second) == dict(first)
    assert second.anew == set()
    assert started(notes) == ["ann", "ben", "troubled-1"]


def test_a_retry_grades_the_troubled_or_all_again(tmp_path, notes, threads):
    jobs = [job(name, source=notes) for name in ("ann", "troubled-1")]
    runner(tmp_path, executor=threads).run(jobs)
    assert runner(tmp_path, executor=threads).run(jobs, retry="troubled").anew == {("troubled-1", "quiz2")}
    assert runner(tmp_path, executor=threads).run(jobs, retry="all").anew == {("ann", "quiz2"), ("troubled-1", "quiz2")}
    assert started(notes) == ["ann"] * 2 + ["troubled-1"] * 3


def test_a_changed_job_is_graded_anew(tmp_path, threads):
    runner(tmp_path, executor=threads).run([job("ann"), job("ben")])
    results = runner(tmp_path, executor=threads).run([job("ann", files={"data.bin": b"new"}), job("ben")])
    assert results.anew == {("ann", "quiz2")}
    assert runner(tmp_path, executor=threads).run([job("ann", seed=8)]).anew == {("ann", "quiz2")}


@pytest.mark.parametrize("damage", [lambda text: "", lambda text: text[:-9], lambda text: "[]\n{}", lambda text: "{"])
def test_a_damaged_file_is_graded_anew(tmp_path, threads, damage):
    runner(tmp_path, executor=threads).run([job("ann")])
    path = Store(tmp_path / "results").path(job("ann"))
    path.write_text(damage(path.read_text()))
    results = runner(tmp_path, executor=threads).run([job("ann")])
    assert results.anew == {("ann", "quiz2")}
    assert dict(results) == serial([job("ann")])


def test_a_full_disk_stops_the_batch_with_a_sentence(tmp_path, threads, monkeypatch):
    def full(path, text):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.grading.pool.store.write_whole", full)
    with pytest.raises(CannotGrade, match=r"ann quiz2 can't be written .*No space left.*make room"):
        runner(tmp_path, executor=threads).run([job("ann")])


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "new" / "file.json"
    write_whole(path, "old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


# Processes


def test_processes_give_what_a_serial_run_gives(tmp_path):
    jobs = [job(f"student{number}", notebook) for number in range(6) for notebook in ("a", "b")]
    results = runner(tmp_path).run(jobs)
    assert dict(results) == serial(jobs)


def test_a_server_grades_in_one_of_its_threads(tmp_path):
    results = {}
    thread = threading.Thread(target=lambda: results.update(runner(tmp_path, jobs=1).run([job("ann")])))
    thread.start()
    thread.join(60)
    assert results == serial([job("ann")])


def test_numerical_libraries_run_in_one_thread_and_our_environment_stays(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    results = runner(tmp_path, function=fake_grader.threads).run([job("ann")])
    single, *others = results["ann", "quiz2"].remarks
    assert single == "1"
    assert all(int(number) <= 3 for number in others), "more threads than the worker's own three"
    assert "OPENBLAS_NUM_THREADS" not in os.environ


def test_dying_workers_cost_nobody_else_anything(tmp_path, notes):
    names = ["ann", "killed-1", "ben", "exits-1", "once-1", "cem", "slow-1"]
    jobs = [job(name, source=notes) for name in names]
    said = []
    results = runner(tmp_path, jobs=2, log=said.append).run(jobs)
    assert set(results) == {(name, "quiz2") for name in names}
    healthy = [name for name in names if name not in ("killed-1", "exits-1")]
    assert {name: results[name, "quiz2"] for name in healthy} == {
        name: fake_grader.grade(job(name)) for name in ("ann", "ben", "cem", "slow-1")
    } | {"once-1": Result(outputs=results["once-1", "quiz2"].outputs, points={"quiz2.a": 2.0})}
    for name in ("killed-1", "exits-1"):
        assert results[name, "quiz2"].points == {}
        assert results[name, "quiz2"].troubled
        assert "died three times" in results[name, "quiz2"].remarks[0]
    starts = started(notes)
    assert {name: starts.count(name) for name in names} == dict.fromkeys(names, 1) | {
        "killed-1": 3,
        "exits-1": 3,
        "once-1": 2,
    }
    assert any("once-1 quiz2, which is tried again" in line for line in said)


class Deadly:
    """A backend for three jobs at once, where workers of "killed-..." die. It notes who ran with whom."""

    lost = (BrokenExecutor,)

    def __init__(self, threads):
        self.threads, self.running, self.company = threads, {}, []

    def room(self):
        return 3

    def submit(self, job):
        future = self.threads.submit(self.work, job)
        for other in self.running.values():
            other.append(job.student)
        beside = [names[0] for names in self.running.values()]
        self.running[future] = [job.student, *beside]
        return future

    def work(self, job):
        time.sleep(0.05)
        if job.student.startswith("killed"):
            raise BrokenExecutor
        return Graded(Result().to_json(), False)

    def release(self, future):
        self.company.append(self.running.pop(future))
        return isinstance(future.exception(), BrokenExecutor)

    def stop(self):
        pass

    close = stop


def test_who_killed_two_workers_runs_alone(tmp_path, monkeypatch):
    names = ["killed-1", "ann", "killed-2", "ben", "cem", "dan"]
    with ThreadPoolExecutor(3) as executor:
        deadly = Deadly(executor)
        monkeypatch.setattr(Runner, "_backend", lambda self, number: deadly)
        results = runner(tmp_path).run([job(name) for name in names])
    assert [name for name in names if results[name, "quiz2"].troubled] == ["killed-1", "killed-2"]
    for killer in ("killed-1", "killed-2"):
        *_, last = [company for company in deadly.company if company[0] == killer]
        assert last == [killer]
        assert len([company for company in deadly.company if company[0] == killer]) == 3


def test_a_fault_of_the_grader_costs_one_notebook(tmp_path):
    results = runner(tmp_path, jobs=1).run([job("raises"), job("ann")])
    assert results["ann", "quiz2"].points
    failed = results["raises", "quiz2"]
    assert failed.troubled
    assert failed.points == {}
    assert "Awkward: apples and pears, in fake_grader.py line" in failed.remarks[0]


def test_a_machine_that_cannot_grade_stops_the_batch_with_its_sentence(tmp_path):
    jobs = [job(name) for name in ("ann", "refuses", "ben")]
    with pytest.raises(CannotGrade, match="On one of the machines student code could read"):
        runner(tmp_path, jobs=1).run(jobs)
    store = Store(tmp_path / "results")
    assert [store.usable(one) for one in jobs[:2]] == [True, False]


def test_an_exit_of_the_grader_costs_one_notebook():
    failed = graded(lambda one: sys.exit("bad luck"), job("ann"))
    assert failed.troubled
    assert "SystemExit: bad luck" in json.loads(failed.text)["remarks"][0]


def test_a_result_that_is_no_json_is_a_fault_of_the_grader():
    failed = graded(lambda one: Result(points={"a": object()}), job("ann"))
    assert failed.troubled
    assert "not JSON serializable" in json.loads(failed.text)["remarks"][0]


def test_a_grader_that_cannot_be_loaded_stops_the_batch_with_a_sentence(tmp_path, monkeypatch):
    def only_here(job):
        return Result()

    # It can be pickled by its name, but a new process finds no such name.
    only_here.__module__, only_here.__qualname__ = "tests.support.fake_grader", "only_here"
    monkeypatch.setattr(fake_grader, "only_here", only_here, raising=False)
    with pytest.raises(CannotGrade, match="No process that grades can be started"):
        runner(tmp_path, function=only_here, jobs=1).run([job(name) for name in "abc"])


HANGS = """
import sys, time
sys.path.insert(0, sys.argv[1])
from tests.support import fake_grader
from autograder.grading.pool import backends

backends.HANGS_SECONDS = 0.2
settings = fake_grader.JobSettings(notebook_seconds=0.05)
backends._watched(lambda one: time.sleep(20), fake_grader.job("ann", settings=settings))
"""


def test_a_worker_that_hangs_ends_itself():
    """The last deadline, far behind all others, here brought near."""
    ended = subprocess.run([sys.executable, "-c", HANGS, ROOT], cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Timeout")


# Rounds


def in_rounds(events):
    """Whether no look of a round began before all of the round before had ended."""
    rounds = [now for _, now, _ in events]
    return rounds == sorted(rounds)


def test_nobody_is_looked_at_again_before_everybody_was_looked_at(tmp_path, notes):
    """The slow ones come last, and have most to be looked at again; ann would be done before they begin."""
    jobs = [job(name, source=notes) for name in ("ann-3", "ben-0", "cem-1", "slow-2", "slow-3")]
    results = runner(tmp_path, jobs=2, function=fake_grader.looks).run(jobs)
    events = noted(notes)
    assert in_rounds(events)
    assert len(events) == 2 * sum(1 + int(one.student[-1]) for one in jobs)
    assert sorted(student for what, now, student in events if what == "begins" and now == 3) == ["ann-3", "slow-3"]
    for one in jobs:
        last = int(one.student[-1])
        result = results[one.student, "quiz2"]
        assert result.points == {f"quiz2.{now}": 1.0 for now in range(last + 1)}
        assert result.outputs == [[{"output_type": "stream", "name": "stdout", "text": "first"}]]
        assert result.remarks == ["round 0", "the same every time", *(f"round {now}" for now in range(1, last + 1))]
        assert result.second is None


def test_rounds_are_seen_when_they_are_mixed():
    """Otherwise the test above would prove nothing."""
    assert in_rounds([("begins", 0, "ann"), ("ends", 0, "ann"), ("begins", 1, "ann")])
    assert not in_rounds([("begins", 0, "ann"), ("begins", 0, "ben"), ("begins", 1, "ann"), ("ends", 0, "ben")])


def test_one_notebook_alone_goes_through_its_rounds(tmp_path, notes, threads):
    results = runner(tmp_path, executor=threads, function=fake_grader.looks).run([job("ann-2", source=notes)])
    assert results["ann-2", "quiz2"].points == {"quiz2.0": 1.0, "quiz2.1": 1.0, "quiz2.2": 1.0}
    assert [now for what, now, _ in noted(notes) if what == "begins"] == [0, 1, 2]


@pytest.mark.parametrize(
    ("student", "says"), [("fatal-1", "died three times while it graded"), ("faulty-1", "Awkward: apples and pears")]
)
def test_what_was_earned_stays_when_a_later_look_fails(tmp_path, notes, student, says):
    jobs = [job(name, source=notes) for name in (student, "ann-1")]
    results = runner(tmp_path, jobs=2, function=fake_grader.looks).run(jobs)
    assert results["ann-1", "quiz2"].points == {"quiz2.0": 1.0, "quiz2.1": 1.0}
    failed = results[student, "quiz2"]
    assert failed.points == {"quiz2.0": 1.0}
    assert failed.outputs == results["ann-1", "quiz2"].outputs
    assert failed.troubled
    assert re.search(rf"{says}.*what it earned in the look before counts|counts \({says}", failed.remarks[-1])
    assert runner(tmp_path, jobs=2, function=fake_grader.looks).run(jobs).anew == set()


class Stopped(BaseException):
    """The batch is stopped here, as by Ctrl-C."""


def test_a_batch_that_was_stopped_between_rounds_goes_on_there(tmp_path, notes, threads):
    """And whoever handed in meanwhile has a first look before anybody has a second one."""

    def stopping(one):
        if one.second and one.second.round == 2:
            raise Stopped
        return fake_grader.looks(one)

    jobs = [job(name, source=notes) for name in ("ann-2", "ben-0", "cem-1")]
    with pytest.raises(Stopped):
        runner(tmp_path, executor=threads, function=stopping).run(jobs)
    store = Store(tmp_path / "results")
    assert [store.usable(one) for one in jobs] == [False, True, True]
    assert store.begun(jobs[0]) == SecondLook(2, {"quiz2.a": 0.5}, ["quiz2.a"], 60.0, [7])
    assert [store.begun(one) for one in jobs[1:]] == [None, None]
    seen = len(noted(notes))
    more = [*jobs, job("dan-1", source=notes)]
    results = runner(tmp_path, executor=threads, function=fake_grader.looks).run(more)
    assert [(now, who) for what, now, who in noted(notes)[seen:] if what == "begins"] == [
        (0, "dan-1"),
        (1, "dan-1"),
        (2, "ann-2"),
    ]
    assert results.anew == {("ann-2", "quiz2"), ("dan-1", "quiz2")}
    assert results["ann-2", "quiz2"].points == {"quiz2.0": 1.0, "quiz2.1": 1.0, "quiz2.2": 1.0}


def test_what_was_begun_counts_for_just_this_job(tmp_path, notes, threads):
    """Not for another submission, not where all is to be graded again, and not as a final result."""
    store, one = Store(tmp_path / "results"), job("ann-1", source=notes)
    second = SecondLook(1, {"quiz2.a": 0.5}, ["quiz2.a"], 60.0)
    store.keep(one, Graded(Result(points={"quiz2.a": 5.0}, troubled=True).to_json(), True, second))
    assert not store.usable(one)
    assert store.begun(one) == second
    assert store.begun(one, untroubled=True) is None
    assert store.begun(job("ann-1", source=notes, seed=8)) is None
    runner(tmp_path, executor=threads, function=fake_grader.looks).run([one], retry="all")
    assert [now for what, now, _ in noted(notes) if what == "begins"] == [0, 1]
    assert store.usable(one)
    assert store.begun(one) is None


# An executor that was handed over


def test_no_more_jobs_are_submitted_than_fit(tmp_path):
    class Counting(ThreadPoolExecutor):
        unfinished = most = 0

        def submit(self, *call):
            future = super().submit(*call)
            self.unfinished += 1
            self.most = max(self.most, self.unfinished)
            future.add_done_callback(self.one_less)
            return future

        def one_less(self, future):
            self.unfinished -= 1

    with Counting(2) as executor:
        results = runner(tmp_path, executor=executor, jobs=3).run([job(f"s{number}") for number in range(300)])
        assert len(results) == 300
        assert executor.most <= 3
        assert executor.submit(int).result() == 0  # it is still the caller's


def test_a_broken_executor_is_told_and_nothing_is_lost(tmp_path):
    jobs = [job("ann"), job("killed-1")]
    with ProcessPoolExecutor(1) as executor, pytest.raises(CannotGrade, match="hand over a new one"):
        runner(tmp_path, executor=executor, jobs=1).run(jobs)
    assert runner(tmp_path).run(jobs).anew == {("killed-1", "quiz2")}


def test_an_executor_that_is_shut_down_is_told(tmp_path):
    with ThreadPoolExecutor(1) as executor:
        jobs = [job(f"slow-{number}") for number in range(5)]
        later = threading.Timer(0.4, executor.shutdown, kwargs={"wait": False, "cancel_futures": True})
        later.start()
        with pytest.raises(CannotGrade, match=r"shut down while it graded|takes no more notebooks"):
            runner(tmp_path, executor=executor, jobs=3).run(jobs)
    assert 1 <= len(list((tmp_path / "results").rglob("*.json"))) < 5


# Stopped in the middle

BATCH = """
import signal
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.support import fake_grader
from autograder.grading.pool.runner import Runner

if __name__ == "__main__":
    # Where tests run in a shell's background, Ctrl-C is ignored, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _, _, results, notes, function, *students = sys.argv
    jobs = [fake_grader.job(student, f"n{number}", source=notes) for number, student in enumerate(students)]
    Runner(Path(results), jobs=2, function=getattr(fake_grader, function)).run(jobs)
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_batch_that_is_stopped_goes_on_and_leaves_no_process(tmp_path, notes, sign):
    script = tmp_path / "batch.py"
    script.write_text(BATCH)
    students = [f"{'slow' if number < 3 else 'gated'}-{number}" for number in range(12)]
    command = [sys.executable, script, ROOT, tmp_path / "results", notes, "grade", *students]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True)
    try:
        kept_soon(tmp_path / "results", 3)
        if sign == signal.SIGINT:
            os.killpg(process.pid, sign)  # as a terminal does: the workers get it, too
        else:
            process.send_signal(sign)
        _, said = process.communicate(timeout=240)  # returns when no worker holds the pipe any more
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode != 0
    if sign == signal.SIGINT:
        assert "KeyboardInterrupt" in said
        assert "stopped after" in said
    kept = {path.parent.name for path in (tmp_path / "results").rglob("*.json")}
    assert 3 <= len(kept) < 12
    fake_grader.gate(notes).touch()
    results = runner(tmp_path).run([job(one, f"n{number}", source=notes) for number, one in enumerate(students)])
    assert len(results) == 12
    assert kept.isdisjoint(student for student, _ in results.anew)


@pytest.mark.verify
@pytest.mark.parametrize("beginnings", [3, 8, 10])
def test_a_batch_that_was_killed_in_any_round_goes_on(tmp_path, notes, beginnings):
    """Two wait for nothing, two for one more look, two for two: 12 looks in all."""
    script = tmp_path / "batch.py"
    script.write_text(BATCH)
    students = ["slow-0", "slow-1", "slow-2"] * 2
    command = [sys.executable, script, ROOT, tmp_path / "results", notes, "looks", *students]
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=ROOT) as process:
        until = time.monotonic() + 180
        while len([what for what, *_ in noted(notes) if what == "begins"]) < beginnings:
            assert time.monotonic() < until, "the batch doesn't come forward"
            time.sleep(0.01)
        process.kill()
        process.communicate(timeout=240)  # returns when no worker holds the pipe any more
    before = noted(notes)
    jobs = [job(student, f"n{number}", source=notes) for number, student in enumerate(students)]
    results = runner(tmp_path, jobs=2, function=fake_grader.looks).run(jobs)
    for one in jobs:
        last = int(one.student[-1])
        assert results[one.student, one.notebook].points == {f"quiz2.{now}": 1.0 for now in range(last + 1)}
    after = noted(notes)[len(before) :]
    assert in_rounds(before)
    assert in_rounds(after)
    assert len([what for what, *_ in after if what == "begins"]) <= 12 - beginnings + 2, "what was kept is repeated"


def kept_soon(folder, number):
    until = time.monotonic() + 180
    while len(list(folder.rglob("*.json"))) < number:
        assert time.monotonic() < until, "the batch doesn't come forward"
        time.sleep(0.02)


# Progress


class Terminal:
    """A stderr that says that it is a terminal, or not, and remembers."""

    def __init__(self, interactive):
        self.interactive, self.text = interactive, ""

    def isatty(self):
        return self.interactive

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_a_terminal_shows_one_line_that_changes(monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal(True))
    with Progress("grading week2", 40) as shown:
        for _ in range(3):
            shown.step()
        shown.show("alice\x1b[2J quiz2")
        shown.say("A remark.")
    lines = terminal.text.split("\r")
    assert any(line.startswith("grading week2: 3/40 notebooks, ") for line in lines)
    assert any(line.rstrip().endswith("left, now: alice?[2J quiz2") for line in lines)
    assert "A remark.\n" in terminal.text
    assert "\x1b[2J" not in terminal.text
    assert terminal.text.endswith("grading week2: graded 3 notebooks in 00:00.\n")


def test_elsewhere_there_are_few_plain_lines(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal(False))
    clock = iter(range(10_000))
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: next(clock))
    lines = []
    with Progress("grading week2", 200, lines.append) as shown:
        for _ in range(100):
            shown.step()
            shown.show("alice quiz2")
    assert lines[0] == "grading week2: 200 notebooks to grade."
    assert lines[-1].startswith("grading week2: graded 100 notebooks in ")
    assert 2 <= len(lines[1:-1]) <= 10
    assert all(" left, now: alice quiz2." in line and "\r" not in line for line in lines[1:-1])


def test_nothing_to_do_is_quiet(tmp_path, capfd):
    assert len(Runner(tmp_path, function=fake_grader.grade).run([])) == 0
    with ThreadPoolExecutor(1) as executor:
        Runner(tmp_path, executor, function=fake_grader.grade).run([job("ann")])
        capfd.readouterr()
        Runner(tmp_path, executor, function=fake_grader.grade).run([job("ann")])
    assert capfd.readouterr() == ("", "")
