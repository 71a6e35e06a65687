"""The sandbox: values cross unharmed, functions are judged there as they are here, and nothing of ours is in it."""

import fractions
import inspect
import io
import linecache
import os
import re
import struct
import sys
import threading
import time
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder import EXERCISES, judge
from autograder.course import ROOT
from autograder.exercises import reference
from autograder.exercises.exercise import Question
from autograder.grading.run.helpers import Helpers
from autograder.grading.run.remote import RemoteFunction
from autograder.grading.settings import JobSettings
from sandbox.client import Died, Sandbox
from sandbox.wire import MOST_BYTES, Channel, Closed, TooSlow, WireError, frame_of, pair
from tests.support.classroom import grade_folder
from tests.support.kept_class import max_points
from tests.support.level import LEVEL
from tests.support.submissions import mistaken, solutions, write_submission
from tests.variants import VARIANTS

NOTEBOOKS = sorted({exercise.notebook for exercise in EXERCISES.values() if not isinstance(exercise, Question)})
QUICK = JobSettings(isolation=LEVEL, memory_mb=2048)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def helpers(sandbox):
    with Helpers(partial(sandbox.open_helpers, QUICK)) as helpers:
        yield helpers


@pytest.fixture
def session(sandbox):
    with sandbox.open(QUICK, {"notes/hello.txt": b"hello"}) as session:
        yield session


@pytest.fixture
def channels():
    here, there = map(Channel, pair())
    yield here, there
    here.close()
    there.close()


def shown(outputs):
    """All text of a cell's outputs."""
    return "".join(
        output.get("text") or output.get("evalue") or output.get("data", {}).get("text/plain", "") for output in outputs
    )


# ---- values


numeric = arrays.arrays(
    st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16", ">f8"]),
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | numeric
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


def same(a, b):
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


@settings(deadline=None)
@given(values)
def test_values_cross_as_they_are(value):
    here, there = map(Channel, pair())
    here.send({"value": value})
    assert same(there.receive(1)["value"], value)
    here.close()
    there.close()


@settings(deadline=None)
@given(numeric)
def test_arrays_cross_as_numpy_saves_them(array):
    for way in (array, array.T, np.asfortranarray(array), np.broadcast_to(array, (2, *array.shape))):
        saved = io.BytesIO()
        np.save(saved, way, allow_pickle=False)
        assert saved.getvalue() in frame_of({"value": way})


@pytest.mark.parametrize("value", [np.float32(0.5), np.int8(-3), np.True_, np.float64(0.1), np.complex128(2)])
def test_numpy_numbers_stay_numpy_numbers(channels, value):
    channels[0].send({"value": value})
    got = channels[1].receive(1)["value"]
    assert got == value
    assert isinstance(got, np.generic)


@pytest.mark.parametrize(
    ("value", "number"), [(fractions.Fraction(1, 2), 0.5), ({1, 2}, None), (object(), None), (10**2000, None)]
)
def test_what_cannot_cross_leaves_its_name(channels, value, number):
    channels[0].send({"value": value})
    got = channels[1].receive(1)["value"]
    assert type(got).__name__ == type(value).__name__
    if number is None:
        with pytest.raises((TypeError, ValueError)):
            np.array(got, dtype=np.float64)
    else:
        assert np.array(got, dtype=np.float64) == number


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300), st.integers(0, 40))
def test_garbage_is_no_message(garbage, announced):
    """Whatever bytes come: a WireError, never another exception, never an object."""
    here, there = pair()
    here.sendall(struct.pack("<IQ", len(garbage), 0) + garbage)
    here.sendall(struct.pack("<IQ", announced, len(garbage)) + garbage)
    here.close()
    channel = Channel(there)
    for _ in range(2):
        with pytest.raises((WireError, Closed)):
            channel.receive(1)
    channel.close()


@pytest.mark.parametrize(
    "text",
    [
        '{"dict": [["value", {"array": 99}]]}',
        '{"dict": [["value", {"array": -5}]]}',
        '{"dict": [["value", {"bytes": 10000000000}]]}',
        '{"dict": [["value", {"text": "all"}]]}',
        '{"dict": [["value", {"list": [' + ", ".join(['{"foreign": ["a", "b"]}'] * 1001) + "]}]]}",
        '{"dict": [["value", {"eval": "1"}]]}',
        '{"dict": [[{"list": []}, 1]]}',
        '{"list": []}',
        "[" * 100_000,
        '{"list":[' * 5_000,
        "9" * 100_000,
    ],
)
def test_forged_messages_are_refused(channels, text):
    data = text.encode()
    channels[0].socket.sendall(struct.pack("<IQ", len(data), 0) + data)
    with pytest.raises(WireError):
        channels[1].receive(1)


def npy(header, data=b""):
    head = header.encode().ljust(118) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + data


@pytest.mark.parametrize(
    "array",
    [
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}", bytes(8)),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -8)}", bytes(64)),
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", b"cos\nsystem\n(S'true'\ntR."),
        npy("{'descr': '|S0', 'fortran_order': False, 'shape': (1000000000000,)}"),
        npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", bytes(8)),
        npy("__import__('os').system('true')"),
        b"",
    ],
)
def test_forged_arrays_are_refused(channels, array):
    text = b'{"dict": [["value", {"array": %d}]]}' % len(array)
    channels[0].socket.sendall(struct.pack("<IQ", len(text), len(array)) + text + array)
    with pytest.raises(WireError):
        channels[1].receive(1)


def test_no_byte_counts_twice(channels):
    """Or a short message could stand for terabytes."""
    array = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", bytes(8))
    text = b'{"dict": [["value", {"list": [{"array": %d}, {"array": %d}]}]]}' % (len(array), len(array))
    channels[0].socket.sendall(struct.pack("<IQ", len(text), len(array)) + text + array)
    with pytest.raises(WireError):
        channels[1].receive(1)


def test_long_texts_and_pictures_cross(channels):
    text = "\ud800 é " * 500_000
    for value in (text, {"text/plain": text}, [text[:2000]] * 50):
        channels[0].socket.setblocking(True)
        sender = threading.Thread(target=channels[0].send, args=({"value": value},))
        sender.start()
        assert channels[1].receive(10)["value"] == value
        sender.join()


def test_sizes_are_limited_on_both_sides(channels):
    with pytest.raises(WireError, match="more than 2 MB"):
        channels[0].send({"value": [0.123456789] * 300_000})
    with pytest.raises(WireError, match="more than 32 MB"):
        channels[0].send({"value": np.zeros(MOST_BYTES // 8)})
    channels[0].socket.sendall(struct.pack("<IQ", 10, MOST_BYTES))
    with pytest.raises(WireError, match="more than is allowed"):
        channels[1].receive(1)


def test_waiting_has_an_end(channels):
    with pytest.raises(TooSlow):
        channels[1].receive(0.1)


# ---- functions are judged in the sandbox as they are here


def prepare(session, notebook):
    """Our own solutions, as a notebook would define them."""
    run(session, "\n".join(inspect.cleandoc(part) for part in ["import math", "import numpy as np"]))
    run(session, reference.source(notebook))


def run(session, source):
    outputs, _ = session.run(source, 20)
    assert not [output for output in outputs if output["output_type"] == "error"], outputs
    return outputs


def verdicts(session, helpers, id, name, function, seed):
    """The verdict there and here."""
    assert session.hold(name, name, 5)
    there = RemoteFunction(session, name, 60, helpers, EXERCISES[id].notebook)
    return judge(id, there, seed), judge(id, function, seed)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_known_mistakes_get_the_same_verdict(sandbox, helpers, notebook):
    ids = [id for id, exercise in EXERCISES.items() if exercise.notebook == notebook]
    with sandbox.open(QUICK) as session:
        prepare(session, notebook)
        for id in ids:
            exercise = EXERCISES[id]
            there, here = verdicts(session, helpers, id, exercise.name, exercise.reference, 5)
            assert there.fraction == here.fraction == 1.0, id
            for mistake in exercise.mistakes:
                run(session, mistaken(exercise, mistake.name))
                there, here = verdicts(session, helpers, id, exercise.name, exercise.mistaken[mistake.name], 5)
                assert str(there) == str(here), mistake.name
                assert (there.fraction, there.mistake) == (here.fraction, here.mistake)
            run(session, reference.source(notebook))


def test_right_variants_get_full_marks(sandbox, helpers):
    with sandbox.open(QUICK) as session:
        run(session, "VARIANTS = {}\ndef variant(id):\n    return lambda f: VARIANTS.setdefault(id, []).append(f) or f")
        for file in sorted((ROOT / "tests" / "variants").glob("week*.py")):
            run(session, re.sub("from tests.variants import .*", "", file.read_text(encoding="utf-8")))
            for id, functions in VARIANTS.items():
                # Modules share the names of their helpers, so each is judged before the next one is run.
                for number in range(len(functions) if functions[0].__module__.endswith(file.stem) else 0):
                    run(session, f"chosen = VARIANTS[{id!r}][{number}]")
                    assert session.hold("chosen", "chosen", 5)
                    verdict = judge(id, RemoteFunction(session, "chosen", 60, helpers, EXERCISES[id].notebook), 3)
                    assert verdict.fraction == 1.0, f"{id} {number}\n{verdict}"


ODD = {
    "a list": "[0.5]",
    "a set": "{0.5}",
    "a matrix": "np.matrix([[0.5]])",
    "masked": "np.ma.array([0.5], mask=[True])",
    "text": "'0.5'",
    "texts of numbers": "np.array(['0.5'])",
    "texts as objects": "np.array(['0.5'], dtype=object)",
    "texts in a list": "[['0.5']]",
    "bytes": "b'0.5'",
    "nested lists": "[[0.5, 1], [2, 3]]",
    "uneven lists": "[[0.5, 1], [2]]",
    "a decimal": "__import__('decimal').Decimal('0.5')",
    "a range": "range(3)",
    "nothing": "None",
    "complex": "0.5j",
    "a fraction": "__import__('fractions').Fraction(1, 2)",
    "objects": "np.array([0.5, None], dtype=object)",
    "numbers as objects": "np.array([0.5], dtype=object)",
    "texts": "np.array(['a'])",
    "a generator": "(i for i in range(3))",
    "a huge number": "10 ** 400",
    "float16": "np.float16(0.5)",
    "a record": "np.zeros(1, dtype=[('a', 'f8')])",
    "keys that are no text": "{(1, 2): 0.5}",
    "a tuple": "(1, 2)",
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("id", ["numpy_basics.sigmoid", "numpy_basics.L1", "logistic_regression.predict"])
def test_odd_results_get_the_same_verdict(session, helpers, what, id):
    name = EXERCISES[id].name
    source = f"import numpy as np\ndef {name}(*arguments):\n    return {ODD[what]}"
    run(session, source)
    namespace = {}
    exec(source, namespace)
    there, here = verdicts(session, helpers, id, name, namespace[name], 1)
    assert str(there) == str(here)


STOPS = {
    "a product": "Z = np.dot(X, W)\n    return Z",
    "a key": "return {'W1': W}['w1']",
    "a helper": "return helper(X)",
    "sizes apart": "return np.zeros(X.shape[0], 1)",
    "a test": "if X > 0:\n        return X",
    "not written": "return unwritten()",
    "long": "raise ValueError('x' * 5000 + 'y')",
    "lines": "raise ValueError('a\\n\\nb')",
    "its own error": "class Own(Exception):\n        __str__ = None\n    raise Own",
    "the end of the program": "raise SystemExit(3)",
    "many keys": "return {str(n) * 100: X for n in range(500)}['none']",
}
HELPERS = """import numpy as np

def helper(X):
    return X @ X @ X

def unwritten():
    raise NotImplementedError

def sigmoid(x):
    X, W = np.ones((2, 5)), np.ones((4, 2))
    """


@pytest.mark.parametrize("what", STOPS)
def test_stops_are_told_in_the_same_words(session, helpers, what):
    source = HELPERS + STOPS[what]
    run(session, source)
    namespace, file = {}, f"<cell {what}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), namespace)
    there, here = verdicts(session, helpers, "numpy_basics.sigmoid", "sigmoid", namespace["sigmoid"], 1)
    assert str(there) == str(here)
    assert str(here).count("your code stopped") == 1
    assert len(str(here)) < 1500
    if what == "a product":
        assert "at line 3, `Z = np.dot(X, W)`, with ValueError" in str(here)
        assert "there X has shape (2, 5) and W has shape (4, 2)" in str(here)


# ---- cells


def test_cells_give_their_outputs(session):
    assert shown(session.run("print('a'); 1 + 1", 5)[0]) == "a\n2"
    outputs, count = session.run("import sys; print('careful', file=sys.stderr); 1 / 0", 5)
    assert [output["output_type"] for output in outputs] == ["stream", "error"]
    assert outputs[0]["name"] == "stderr"
    assert outputs[1]["ename"] == "ZeroDivisionError"
    assert count == 2
    assert "SyntaxError" in session.run("def", 5)[0][0]["ename"]
    assert "input() can't be used" in shown(session.run("input()", 5)[0])
    assert shown(session.run("open('notes/hello.txt').read()", 5)[0]) == "'hello'"
    assert "image/png" in session.run("import matplotlib.pyplot as plt; plt.plot([1, 2]);", 20)[0][-1]["data"]
    assert shown(session.run("%timeit -n1 -r1 pass", 5)[0])


def test_a_million_lines_are_cut(session):
    outputs, _ = session.run("for i in range(1_000_000):\n    print(i)", 30)
    assert 200_000 <= len(shown(outputs)) < 201_000
    assert "more was printed" in shown(outputs)
    assert shown(session.run("'still here'", 5)[0]) == "'still here'"


def test_endless_loops_are_interrupted(session):
    outputs, _ = session.run("print('before')\nwhile True: pass", 0.5)
    assert shown(outputs).startswith("before")
    assert outputs[-1]["ename"] == "KeyboardInterrupt"
    assert shown(session.run("'still here'", 5)[0]) == "'still here'"


STUBBORN = """
import time
while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
"""


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (STUBBORN, "couldn't be interrupted"),
        ("import os; os._exit(3)", "exit 3"),
        ("import ctypes; ctypes.string_at(0)", "a crash"),
        ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", "couldn't be interrupted"),
    ],
)
def test_what_can_not_be_interrupted_is_killed(sandbox, source, reason):
    with sandbox.open(QUICK) as session, pytest.raises(Died, match=reason):
        session.run(source, 0.5)


def test_one_notebook_leaves_nothing_to_the_next(sandbox):
    with sandbox.open(QUICK) as first:
        first.run(
            "import numpy as np, builtins\nnp.exp = None\nbuiltins.sorted = None\nopen('left.txt', 'w').write('x')", 5
        )
    with sandbox.open(QUICK) as second:
        assert (
            shown(second.run("import numpy as np, os\nfloat(np.exp(0)), sorted('ba'), os.listdir()", 5)[0])
            == "(1.0, ['a', 'b'], [])"
        )


def test_nothing_of_ours_is_in_the_students_process(session):
    source = (
        "import sys, os\nsorted(m for m in sys.modules if m.split('.')[0] in ('autograder', 'nbgrader', 'sqlite3'))"
    )
    assert shown(session.run(source, 5)[0]) == "[]"
    names = shown(session.run("sorted(os.environ)", 5)[0])
    assert {name for name in os.environ if name in names and name.startswith(("HTTP", "SECRET", "AWS"))} == set()
    descriptors = "[n for n in range(200) if os.path.exists(f'/proc/self/fd/{n}')]"
    assert len(eval(shown(session.run(descriptors, 5)[0]))) <= 4  # three streams and one socket


def test_student_files_come_after_all_others(sandbox):
    with sandbox.open(QUICK, {"colorsys.py": b"mine = True", "my_helpers.py": b"x = 5"}) as session:
        text = shown(session.run("import colorsys, my_helpers; hasattr(colorsys, 'mine'), my_helpers.x", 5)[0])
        assert text == "(False, 5)"


def test_everything_ends_with_the_session(sandbox):
    import psutil

    session = sandbox.open(QUICK)
    session.run("import threading, time; threading.Thread(target=time.sleep, args=(60,)).start()", 5)
    assert psutil.Process(sandbox.pid).children(recursive=True)
    session.close()
    until = time.monotonic() + 180
    while psutil.Process(sandbox.pid).children(recursive=True) and time.monotonic() < until:
        time.sleep(0.02)
    assert psutil.Process(sandbox.pid).children(recursive=True) == []


def test_everything_ends_with_the_trusted_side(tmp_path):
    """Killed in the middle of a cell, the trusted side leaves no process behind."""
    import subprocess

    import psutil

    script = (
        "from sandbox.client import Sandbox; from autograder.grading.settings import JobSettings\n"
        f"sandbox = Sandbox(); session = sandbox.open(JobSettings({LEVEL!r})); print(sandbox.pid, flush=True)\n"
        "session.run('while True: pass', 60)"
    )
    trusted = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    warm = psutil.Process(int(trusted.stdout.readline()))
    until = time.monotonic() + 180
    while len(family := [warm, *warm.children(recursive=True)]) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(family) == 3  # warm process, keeper, student's process
    trusted.kill()
    trusted.wait()
    _, alive = psutil.wait_procs(family, timeout=240)
    assert alive == []


def test_a_wrong_helper_is_charged_once_for_whole_numbers_too(tmp_path):
    """Prices and sizes are data, however large: they are no reason to refuse a helper's work."""
    relu = mistaken(EXERCISES["first_neuron.relu"], "one-at-a-time")
    write_submission(tmp_path, "week1", "first_neuron", solutions("first_neuron") | {"relu": relu})
    for seed in range(3):
        result, _ = grade_folder(tmp_path, "week1", "first_neuron", seed=seed)
        assert result.points == {
            "first_neuron.relu": 0,
            "first_neuron.neuron": 15,
            "first_neuron.predict_prices": 20,
        }


@pytest.mark.parametrize("slip", ["b-left-out", "weights-transposed"])
def test_a_wrong_layer_is_charged_once_in_a_deep_network(tmp_path, slip):
    """The whole way forward leans on the first function."""
    wrong = {"linear_forward": mistaken(EXERCISES["deep_network.linear_forward"], slip)}
    write_submission(tmp_path, "week4", "deep_network", solutions("deep_network") | wrong)
    result, _ = grade_folder(tmp_path, "week4", "deep_network")
    most = max_points("week4", "deep_network")
    lost = {id for id, points in result.points.items() if points < most[id]}
    assert lost == {"deep_network.linear_forward"}


def test_an_answer_that_does_not_compile_is_an_attempt(tmp_path):
    answers = solutions("numpy_basics") | {
        "softmax": "def softmax(x):\n    return (x\n",
        "L1": "def L1(yhat, y): raise NotImplementedError",
    }
    write_submission(tmp_path, "week2", "numpy_basics", answers)
    result, _ = grade_folder(tmp_path, "week2", "numpy_basics")
    shown = "\n".join(output["data"]["text/plain"] for cell in result.outputs for output in cell if "data" in output)
    assert result.points["numpy_basics.softmax"] == result.points["numpy_basics.L1"] == 0
    assert "softmax\n  There is no softmax: the cell that should define it didn't run, or defines another" in shown
    assert "softmax: not attempted" not in shown
    assert "L1: not attempted yet." in shown
