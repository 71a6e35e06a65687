"""A check ends although a loop in the student's code doesn't, and the stop button works as always."""

import signal
import threading
import time

import pytest

from tests.utils.checks.test_trace import define
from utils.checks import NotYet, limit, load_checks
from utils.checks import check as checking
from utils.checks.limit import TooLong, at_most

ENDLESS = """
import time
def basic_sigmoid(x):
    while True:
        {inside}
"""


def compute(seconds):
    """Keep the processor for so many seconds of its time."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_an_endless_loop_is_stopped_and_its_line_is_told(monkeypatch):
    monkeypatch.setattr(checking, "SECONDS", 0.3)
    before = threading.active_count()
    with pytest.raises(NotYet) as failed:
        load_checks("numpy_basics")(define(ENDLESS.format(inside="x = x + 1"), "basic_sigmoid"))
    assert threading.active_count() == before
    [name, line, hint] = str(failed.value).splitlines()
    assert name == "basic_sigmoid"
    assert hint == "  Hint 1, in the text above your code, is a nudge."
    assert line.startswith("  wrong  your code was stopped at line ")
    assert line.endswith("after more than 0.3 seconds: is there a loop that never ends?")
    assert "`while True:`" in line or "`x = x + 1`" in line
    compute(0.1)  # no interrupt comes later


def test_ten_seconds_are_allowed():
    assert checking.SECONDS == 10


def test_a_sleep_is_stopped_too(monkeypatch):
    monkeypatch.setattr(checking, "SECONDS", 0.05)
    with pytest.raises(NotYet, match=r"stopped at line 3, `time.sleep\(600\)`, after"):
        load_checks("numpy_basics")(define(ENDLESS.format(inside="time.sleep(600)"), "basic_sigmoid"))


def test_the_limit_is_for_all_examples_together(monkeypatch):
    monkeypatch.setattr(checking, "SECONDS", 0.3)

    def basic_sigmoid(x):
        compute(0.2)
        return 1.0

    with pytest.raises(NotYet, match=r"was stopped at line 2, `compute\(0.2\)`, after"):
        load_checks("numpy_basics")(basic_sigmoid)


def test_a_busy_machine_stops_nobody(monkeypatch):
    """What counts is the time that this process computes; only beyond all patience that which passes."""
    monkeypatch.setattr(limit.time, "process_time", lambda: 0.0)

    def wait(seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pass
        return "done"

    assert at_most(0.2, wait, 0.4) == "done"
    with pytest.raises(TooLong):
        at_most(0.05, wait, 30)


def test_the_stop_button_is_not_ours():
    """An interrupt by somebody else passes."""

    def presses():
        time.sleep(0.2)
        signal.raise_signal(signal.SIGINT)

    before = threading.active_count()
    thread = threading.Thread(target=presses)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        load_checks("numpy_basics")(define(ENDLESS.format(inside="pass"), "basic_sigmoid"))
    thread.join()
    assert threading.active_count() == before


def test_an_interrupt_never_arrives_after_the_block():
    """Blocks that end when the limit does: they pass or are stopped, and nothing hits what comes next."""
    outcomes = set()
    for number in range(60):
        try:
            at_most(0.03, compute, 0.025 + 0.002 * (number % 20))
            outcomes.add("passed")
        except TooLong:
            outcomes.add("stopped")
        compute(0.002)
    assert outcomes == {"passed", "stopped"}


def test_code_that_catches_everything_may_go_on():
    def catches():
        try:
            compute(30)
        except KeyboardInterrupt:
            return "caught"

    assert at_most(0.05, catches) == "caught"


@pytest.mark.parametrize("why", ["another thread", "interrupts are ignored", "no thread to be had"])
def test_without_a_way_to_interrupt_there_is_no_limit(why, monkeypatch):
    done = []

    def run():
        at_most(0.01, compute, 0.1)
        done.append(True)

    if why == "another thread":
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    elif why == "interrupts are ignored":
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            run()
        finally:
            signal.signal(signal.SIGINT, before)
    else:

        def refuse(self):
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(threading.Thread, "start", refuse)
        run()
    assert done == [True]


def test_where_signals_to_threads_are_forbidden(monkeypatch):
    """As on Windows, or in a sandbox."""

    def forbidden(*_):
        raise OSError

    monkeypatch.setattr(limit.signal, "pthread_kill", forbidden)
    with pytest.raises(TooLong):
        at_most(0.05, compute, 30)


def test_it_costs_next_to_nothing():
    start = time.process_time()
    for _ in range(200):
        at_most(10, int)
    assert (time.process_time() - start) / 200 < 0.002
