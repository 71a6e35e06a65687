"""Helpers of ours, asked by student code: whatever it asks for, they end, and nobody else notices."""

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from autograder import EXERCISES
from autograder.exercises import reference
from autograder.grading.run import helpers as helpers_module
from autograder.grading.run.helpers import Helpers
from autograder.grading.run.remote import RemoteFunction
from autograder.grading.settings import JobSettings
from sandbox.client import Died, Sandbox, SandboxError
from sandbox.wire import frame_of, message_of
from tests.attacks.corpus import Attack, build
from tests.support.classroom import grade_folder
from tests.support.level import LEVEL
from tests.support.submissions import solutions
from tests.support.tiers import many

SETTINGS = JobSettings(isolation=LEVEL, memory_mb=2048)
# Longer than a call needs on a busy machine; what never ends is given less.
LONG = 60
FAR = 30_000  # squared, it is more than any machine has


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def helpers(sandbox, monkeypatch):
    monkeypatch.setattr(helpers_module, "MOST_SECONDS", LONG)
    with Helpers(partial(sandbox.open_helpers, SETTINGS)) as helpers:
        yield helpers


@pytest.fixture
def session(sandbox):
    with sandbox.open(SETTINGS) as session:
        yield session


def ask(helpers, notebook, name, *arguments, **options):
    """What a student's process gets that asks for a helper."""
    message = {"helper": name, "arguments": arguments, "options": options}
    until = time.monotonic() + LONG
    return message_of(helpers.answer(message, frame_of(message), notebook=notebook, offered=[name], until=until))


def propagate_of(session, body, helpers):
    """A student's `propagate` with this body, which is offered our sigmoid: what a call of it comes to."""
    session.run(f"import numpy as np\ndef propagate(w, b, X, Y):\n    {body}", 5)
    assert session.hold("propagate", "p", 5)
    case = EXERCISES["logistic_regression.propagate"].cases(0)[0]
    return RemoteFunction(session, "p", LONG, helpers, "logistic_regression").call(case, {"sigmoid": abs})


def below(sandbox):
    """All processes under a warm one."""
    return psutil.Process(sandbox.pid).children(recursive=True)


def wait_for(condition):
    """Wait until a condition holds, however busy the machine is."""
    until = time.monotonic() + 180
    while not condition():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)


# ---- as good as here


USED = sorted({(exercise.notebook, name) for exercise in EXERCISES.values() for name in exercise.uses})


def asked_as_usual(helpers, notebook, name):
    """Whether a helper answers an ordinary call as the reference does here."""
    exercise = EXERCISES[f"{notebook}.{name}"]
    case = exercise.cases(1)[0]
    arguments, options = list(case.arguments.values()), case.options
    there = ask(helpers, notebook, name, *arguments, **options)["value"]
    here = exercise.reference(*arguments, **options)
    if name == "initialize_parameters":
        there, here = ([value.shape for value in parameters.values()] for parameters in (there, here))
    np.testing.assert_equal(there, message_of(frame_of({"value": here}))["value"])
    return True


def test_arguments_more_than_it_needs_are_let_go(helpers):
    x = np.array([[0.5, -1.0]])
    got = ask(helpers, "numpy_basics", "sigmoid", x, 7, "more", axis=3)["value"]
    np.testing.assert_array_equal(got, reference.function("numpy_basics", "sigmoid")(x))


def test_helpers_are_quiet(helpers, capfd):
    w, X, Y = np.zeros((2, 1)), np.ones((2, 3)), np.array([[0, 1, 1]])
    assert "value" in ask(helpers, "logistic_regression", "optimize", w, 0.0, X, Y, 1, 0.1, print_cost=True)
    assert capfd.readouterr() == ("", "")


def test_another_notebook_has_helpers_of_its_own(helpers):
    for notebook, name in [("numpy_basics", "sigmoid"), ("first_neuron", "relu"), ("numpy_basics", "sigmoid")]:
        assert asked_as_usual(helpers, notebook, name)


def test_they_answer_where_nothing_is_isolated(sandbox):
    with Helpers(partial(sandbox.open_helpers, JobSettings(isolation="none"))) as helpers:
        assert asked_as_usual(helpers, "numpy_basics", "sigmoid")


def test_one_notebook_leaves_nothing_to_the_next(sandbox):
    """Not even how far the random numbers have come."""
    drawn = []
    for times in (1, 3):
        with Helpers(partial(sandbox.open_helpers, SETTINGS)) as helpers:
            drawn.append([ask(helpers, "flower", "initialize_parameters", 2, 3, 1)["value"] for _ in range(times)])
    np.testing.assert_equal(drawn[0][0], drawn[1][0])
    assert not np.array_equal(drawn[1][0]["W1"], drawn[1][1]["W1"])


def test_no_process_is_started_unless_one_is_asked(session):
    def refuse(source):
        raise AssertionError("nobody asked")

    with Helpers(refuse) as helpers:
        assert propagate_of(session, "return 7", helpers).value == 7


def test_errors_of_helpers_reach_the_students_code(session, helpers):
    """As here: a wrong shape raises in our sigmoid, and the student's function stops with that error."""
    outcome = propagate_of(session, "return sigmoid('no number')", helpers)
    assert outcome.kind == "TypeError", outcome


def test_an_interrupt_hits_code_not_messages(session, helpers):
    """A function that asks a helper of ours without end is stopped, and the channel is as good as before."""
    session.run("def propagate(w, b, X, Y):\n    while True:\n        sigmoid(w)\ndef quick(*_):\n    return 7", 5)
    case = EXERCISES["logistic_regression.propagate"].cases(0)[0]
    for name in ("propagate", "quick"):
        assert session.hold(name, name, 5)
    for _ in range(10):
        endless = RemoteFunction(session, "propagate", 0.2, helpers, "logistic_regression")
        assert endless.call(case, {"sigmoid": abs}).kind in ("KeyboardInterrupt", "TimeoutError")
        quick = RemoteFunction(session, "quick", LONG, helpers, "logistic_regression")
        assert quick.call(case, {"sigmoid": abs}).value == 7


# ---- whatever they are asked for


ROW, COLUMN, ONE = np.ones((1, FAR)), np.ones((FAR, 1)), np.zeros((1, 1))
LARGEST = (np.ones(many(400_000, 4_000_000)),)  # a message holds no more than these millions
ENDLESS = (ONE, 0.0, ONE, ONE, 10**9)  # steps of optimize
# For each helper of the catalogue, calls that would end a process or never end; arrays stretch to squares of FAR.
HOSTILE = {
    "first_neuron.relu": [LARGEST],
    "numpy_basics.sigmoid": [LARGEST],
    "activations.tanh": [LARGEST],
    "logistic_regression.sigmoid": [LARGEST],
    "logistic_regression.initialize_with_zeros": [(10**9,), (10**7,), (10**30,)],
    "logistic_regression.propagate": [(ONE, 0.0, ROW, COLUMN)],
    "logistic_regression.optimize": [(ONE, 0.0, ROW, COLUMN), ENDLESS],
    "logistic_regression.predict": [(ROW, 0.0, ROW)],
    "flower.layer_sizes": [(*LARGEST, ROW)],
    "flower.initialize_parameters": [(FAR, FAR, 1), (10**30, 1, 1)],
    "flower.forward_propagation": [(ROW, {"W1": COLUMN, "b1": ROW, "W2": ROW, "b2": ONE})],
    "flower.compute_cost": [(ROW, COLUMN)],
    "flower.backward_propagation": [({"W2": ROW}, {"A1": COLUMN, "A2": COLUMN}, ROW, ROW)],
    "flower.update_parameters": [
        (dict.fromkeys(("W1", "b1", "W2", "b2"), ROW), dict.fromkeys(("dW1", "db1", "dW2", "db2"), COLUMN))
    ],
    "deep_network.linear_forward": [(ROW, COLUMN, ONE)],
    "deep_network.linear_activation_forward": [(ROW, COLUMN, ONE, "relu")],
    "deep_network.relu_backward": [(ROW, COLUMN)],
    "deep_network.sigmoid_backward": [(ROW, COLUMN)],
    "deep_network.linear_backward": [(COLUMN, (COLUMN, COLUMN, ONE))],
    "deep_network.linear_activation_backward": [(ROW, ((ROW, COLUMN, ONE), COLUMN), "relu")],
}
DEEP = ONE
for _ in range(15):
    DEEP = {"W1": DEEP, "A2": [ONE]}
ODD = [(), (None,) * 4, ("text",) * 4, ({},) * 4, (np.full((2, 2), np.nan),) * 4, (DEEP,) * 4, ([[]] * 3, object())]


def test_hostile_calls_are_written_for_all_helpers():
    assert {f"{notebook}.{name}" for notebook, name in USED} == HOSTILE.keys()


@pytest.mark.both
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
@pytest.mark.parametrize(("notebook", "name"), USED)
def test_a_helper_survives_all_that_it_is_asked_for(helpers, monkeypatch, notebook, name):
    for arguments in HOSTILE[f"{notebook}.{name}"]:
        monkeypatch.setattr(helpers_module, "MOST_SECONDS", 1 if arguments is ENDLESS else LONG)
        reply = ask(helpers, notebook, name, *arguments)
        assert "raised" in reply or arguments[0] is LARGEST[0]
    monkeypatch.setattr(helpers_module, "MOST_SECONDS", LONG)
    for arguments in ODD:
        assert ask(helpers, notebook, name, *arguments).keys() in ({"value"}, {"raised", "message"})
    assert "raised" in ask(helpers, notebook, name, **{"no such option": 1})
    assert asked_as_usual(helpers, notebook, name)


def test_only_what_is_offered_answers(helpers):
    until = time.monotonic() + LONG
    for name in ("__import__", "reference", "np", "sigmoid_derivative", "", 5, None, ["sigmoid"], {"a": 1}, 1.5):
        message = {"helper": name, "arguments": [1.0], "options": {}}
        asked = partial(helpers.answer, message, frame_of(message), notebook="numpy_basics", until=until)
        assert message_of(asked(offered=["sigmoid"]))["raised"] == "ValueError", name
    for message in ({}, {"arguments": 7, "options": 7}, {"arguments": [1.0], "options": {1: 2.0, None: 3.0}}):
        message = {"helper": "sigmoid", **message}
        asked = helpers.answer(message, frame_of(message), notebook="numpy_basics", offered=["sigmoid"], until=until)
        assert "raised" in message_of(asked), message


def test_a_call_that_comes_too_late_is_refused(helpers):
    message = {"helper": "sigmoid", "arguments": [1.0], "options": {}}
    late = helpers.answer(message, frame_of(message), notebook="numpy_basics", offered=["sigmoid"], until=0.0)
    assert message_of(late)["raised"] == "TimeoutError"


def test_the_students_code_is_told_what_took_too_long(session, helpers, monkeypatch):
    monkeypatch.setattr(helpers_module, "MOST_SECONDS", 0.5)
    session.run("def model(X, *_, **__):\n    optimize(X[:, :1], 0.0, X, X[:1], 10**9)", 5)
    assert session.hold("model", "m", 5)
    case = EXERCISES["logistic_regression.model"].cases(0)[0]
    outcome = RemoteFunction(session, "m", LONG, helpers, "logistic_regression").call(case, {"optimize": abs})
    assert outcome.kind == "TimeoutError"
    assert outcome.text == "our optimize took longer than 0.5 seconds with these arguments"


def test_nothing_comes_of_arrays_that_stretch(session, helpers):
    """A view may stand for gigabytes: it is refused before it leaves the student's process."""
    outcome = propagate_of(session, "sigmoid(np.broadcast_to(0.0, 10**9))", helpers)
    assert "more than 32 MB" in outcome.text
    assert asked_as_usual(helpers, "logistic_regression", "sigmoid")


# ---- nobody else notices


ASKS_FOREVER = """
    if getattr(optimize, "__name__", "") == "ask":
        optimize(np.zeros((1, 1)), 0.0, np.zeros((1, 1)), np.zeros((1, 1)), 10**9)
    w, b = initialize_with_zeros"""


def test_a_helper_that_never_ends_costs_nobody_a_point(tmp_path, monkeypatch):
    """The model that asks for it keeps what the first look gave, where it had no optimize; all others keep theirs."""
    answers, points = dict(solutions("logistic_regression")), {}
    del answers["optimize"]
    hostile = answers["model"].replace("    w, b = initialize_with_zeros", ASKS_FOREVER)
    for model, seconds in {answers["model"]: LONG, hostile: 0.3}.items():
        monkeypatch.setattr(helpers_module, "MOST_SECONDS", seconds)
        parts = {"functions": answers | {"model": model}, "right": ()}
        attack = Attack("", "", "", week="week2", notebook="logistic_regression", **parts)
        build(attack, tmp_path, SimpleNamespace(fill=str))
        result, _ = grade_folder(tmp_path, "week2", "logistic_regression", settings=SETTINGS)
        assert not result.troubled, result.remarks
        points[model] = result.points
    asks_for_little, asks_forever = points.values()
    assert asks_for_little.pop("logistic_regression.model") == 20, "our optimize in the place of none"
    assert asks_forever.pop("logistic_regression.model") == 0
    assert asks_for_little == asks_forever
    assert sum(asks_forever.values()) == 60


def test_killed_in_the_midst(sandbox, helpers):
    replies = []
    call = partial(ask, helpers, "logistic_regression", "optimize", *ENDLESS)
    caller = threading.Thread(target=lambda: replies.append(call()))
    wait_for(lambda: below(sandbox) == [])
    caller.start()
    wait_for(lambda: len(below(sandbox)) == 2)  # its keeper, and the process itself
    (process,) = [one for one in below(sandbox) if one.ppid() != sandbox.pid]
    wait_for(lambda: process.cpu_times().user > 0.2)
    process.kill()
    caller.join(180)
    assert replies == [
        {"raised": "MemoryError", "message": "our optimize was ended: these arguments asked for too much"}
    ]
    assert asked_as_usual(helpers, "logistic_regression", "optimize")


def test_a_process_that_does_not_start_is_not_the_students_fault(session):
    """Their code, which waits for a reply, gets none: what came next would be the inputs of another function."""

    def open_process(source):
        raise Died("didn't start")

    with pytest.raises(SandboxError, match="our helpers didn't start"):
        propagate_of(session, "return sigmoid(w)", Helpers(open_process))
    with pytest.raises(Died):
        session.run("1 + 1", 5)


def test_nothing_is_left_of_it(sandbox, helpers, monkeypatch):
    descriptors = len(os.listdir("/dev/fd"))
    monkeypatch.setattr(helpers_module, "MOST_SECONDS", 0.3)
    for _ in range(2):
        assert ask(helpers, "logistic_regression", "optimize", *ENDLESS)["raised"] == "TimeoutError"
        wait_for(lambda: below(sandbox) == [])
        assert len(os.listdir("/dev/fd")) == descriptors


TRUSTED = """
import signal, sys
from functools import partial
import numpy as np
from autograder.grading.run import helpers
from autograder.grading.settings import JobSettings
from sandbox.client import Sandbox
from sandbox.wire import frame_of
signal.signal(signal.SIGINT, signal.default_int_handler)
helpers.MOST_SECONDS = 600
sandbox = Sandbox()
print(sandbox.pid, flush=True)
one = np.zeros((1, 1))
message = {"helper": "optimize", "arguments": [one, 0.0, one, one, 10**9], "options": {}}
with helpers.Helpers(partial(sandbox.open_helpers, JobSettings(sys.argv[1]))) as ours:
    ours.answer(message, frame_of(message), notebook="logistic_regression", offered=["optimize"], until=1e9)
"""


@pytest.mark.both
@pytest.mark.parametrize("number", many([signal.SIGKILL], [signal.SIGTERM, signal.SIGINT]))
def test_it_ends_with_the_trusted_side(number):
    """Killed or interrupted while a helper works, the trusted side leaves no process behind."""
    trusted = subprocess.Popen(
        [sys.executable, "-c", TRUSTED, LEVEL], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    warm = psutil.Process(int(trusted.stdout.readline()))
    wait_for(lambda: len(warm.children(recursive=True)) == 2)
    family = [warm, *warm.children(recursive=True)]
    wait_for(lambda: family[-1].cpu_times().user > 0.3)
    trusted.send_signal(number)
    trusted.communicate(timeout=180)
    _, alive = psutil.wait_procs(family, timeout=180)
    assert alive == []


# ---- apart from the student's process


def holds(pid, text):
    """Whether a text stands anywhere in a process's memory."""
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end = (int(number, 16) for number in line.split()[0].split("-"))
            if line.split()[1].startswith("rw") and "[v" not in line:
                memory.seek(start)
                if text in memory.read(end - start):
                    return True
    return False


def sockets(pid):
    """The sockets that a process holds."""
    links = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()}
    return {link for link in links if link.startswith("socket:")}


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, which is Linux's")
def test_solutions_are_in_no_other_process(sandbox, helpers):
    """Neither in the student's process nor in the warm one, which all others are copies of."""
    wait_for(lambda: below(sandbox) == [])
    assert asked_as_usual(helpers, "logistic_regression", "optimize")
    (theirs,) = [one for one in below(sandbox) if one.ppid() != sandbox.pid]
    solution = b"w = w - learning_rate * grads"
    assert solution.decode() in reference.source("logistic_regression")
    with sandbox.open(SETTINGS) as session:
        session.run("1 + 1", 5)
        (student,) = [one for one in below(sandbox) if one.ppid() != sandbox.pid and one != theirs]
        try:
            assert holds(theirs.pid, solution), "otherwise this test would prove nothing"
            assert not holds(student.pid, solution)
            assert not sockets(student.pid) & sockets(theirs.pid)
        except PermissionError:
            pytest.skip("this user may not look into the memory of other processes")
    assert not holds(sandbox.pid, solution)
