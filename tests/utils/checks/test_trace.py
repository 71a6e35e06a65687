"""Where a student's code stopped, and what stood there: said once, and without asking objects how they look."""

import linecache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.checks import NotYet, load_checks
from utils.checks.calling import call
from utils.checks.kinds import Array, Number, readings
from utils.checks.outcomes import Raised
from utils.checks.trace import Place, read_place
from utils.checks.verdict import Call, judge_calls


def define(source, name="f"):
    """A function from its source, as a cell of a notebook defines it."""
    file = f"<cell {len(linecache.cache)}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    namespace = {"np": np}
    exec(compile(source, file, "exec"), namespace)
    return namespace[name]


def stop(source, **arguments):
    """What is told of a function that stops."""
    return str(call(define(source), arguments))


X, W1, b1 = np.ones((2, 5)), np.ones((4, 2)), np.ones((4, 1))


def test_a_product_that_does_not_fit():
    source = "def f(X, W1, b1):\n    m = X.shape[1]\n    Z1 = np.dot(X, W1) + b1  # layer 1\n    return Z1"
    assert stop(source, X=X, W1=W1, b1=b1) == (
        "your code stopped at line 3, `Z1 = np.dot(X, W1) + b1 # layer 1`, with ValueError: "
        "shapes (2,5) and (4,2) not aligned: 5 (dim 1) != 4 (dim 0); there X has shape (2, 5) and W1 has shape (4, 2)"
    )


@pytest.mark.parametrize(
    ("line", "there"),
    [
        ("return X @ W1 + b1", "there X has shape (2, 5) and W1 has shape (4, 2)"),
        ("return X.dot(W1)", "there X has shape (2, 5) and W1 has shape (4, 2)"),
        ("return W1.T @ X.T", "there W1.T has shape (2, 4) and X.T has shape (5, 2)"),
        ("return np.dot(W1, X) + p['W2']", "there W1 has shape (4, 2), X has shape (2, 5) and p['W2'] has shape (9,)"),
        ("return p['w2']", "there p has the keys 'W1', 'W2'"),
        ("return [p['W1'] + p[k] for k in ('W1', 'W2')]", "there p['W1'] has shape (4, 2), p has the keys 'W1', 'W2'"),
        ("b1 -= X", "there b1 has shape (4, 1) and X has shape (2, 5)"),
        ("if X > 0: return X", "there X has shape (2, 5)"),
        ("while X: pass", "there X has shape (2, 5)"),
        ("return [x for x in n]", "there n is 3"),
        ("for x in n: pass", "there n is 3"),
        ("return X[:, 5]", "there X has shape (2, 5)"),
        ("return nothing[0]", "there nothing is None"),
        ("return np.zeros(n, 1)", "np.zeros takes the sizes together, in brackets of their own: np.zeros((n, 1))"),
        ("return np.random.randn((n, 4))", "without more brackets: np.random.randn(n, 4)"),
        ("a, b = X, W1, b1", "line 2, `a, b = X, W1, b1`, with ValueError: too many values to unpack (expected 2)"),
        ("return hidden", "with NameError: name 'hidden' is not defined"),
    ],
)
def test_what_stood_there(line, there):
    source = f"def f(X, W1, b1, p, n, nothing):\n    {line}"
    assert there in stop(source, X=X, W1=W1, b1=b1, p={"W1": W1, "W2": np.ones(9)}, n=3, nothing=None)


def test_the_innermost_line_of_ones_own_code():
    source = "def g(z):\n    z = z * 1\n    return 1 / np.linalg.inv(z)\n\ndef f(z):\n    return g(z)"
    told = stop(source, z=np.zeros((2, 3)))
    assert told.startswith("your code stopped at line 3 of g, `return 1 / np.linalg.inv(z)`, with ValueError: ")
    assert told.endswith("; there z has shape (2, 3)")


def test_lines_are_known_without_their_text():
    namespace = {}
    exec("def f(x):\n\n    return x['a']", namespace)
    assert str(call(namespace["f"], {"x": {}})) == "your code stopped at line 3 with KeyError: 'a'"
    assert str(call(np.dot, {"a": X, "b": W1})).startswith("your code stopped with ValueError: shapes (2,5)")


HOSTILE = """
touched = []
class Hostile(dict):
    def __getattribute__(self, name):
        touched.append(name)
        raise SystemExit
    __repr__ = __str__ = __len__ = __iter__ = __getitem__ = __hash__ = lambda *a: touched.append("asked") or 1 / 0
    def __eq__(self, other):
        return touched.append("asked")
def f(x):
    thing, long = Hostile(), {"k" * 1000: 1, 5: 2, **{str(n): n for n in range(100)}}
    return np.dot(np.ones(3), np.ones((2, 2)), thing, long, touched)
"""


def test_objects_are_not_asked_how_they_look():
    function = define(HOSTILE)
    told = str(call(function, {"x": 1}))
    assert "there thing is a Hostile, long has the keys 'kkkk" in told
    assert len(told) < 900
    assert function.__globals__["touched"] == []


def test_errors_without_a_text():
    source = "class Own(Exception):\n    def __str__(self):\n        raise Own\ndef f(x):\n    raise Own"
    assert stop(source, x=1) == "your code stopped at line 2, `raise Own`, with Own"


def test_a_stop_is_told_once():
    """Not for every output and every case; what other calls gave is told as always."""
    function = define("def f(x):\n    if len(x) > 2:\n        return x @ x @ x\n    return {'a': x, 'b': 2 * x}")
    outputs = [Array("a", ("a",)), Array("b", ("b",))]
    calls = []
    for about, n in (("", 2), ("", 3), ("on long rows", 4), ("on short rows", 1)):
        x = np.ones((n, n + 1)) if n > 2 else np.ones(n)
        calls.append(Call(about, [x, x], readings(outputs, call(function, {"x": x}), {"x": x})))
    verdict = judge_calls("f", outputs, calls, dict)
    text = str(verdict)
    assert text.count("your code stopped") == 1
    assert "at line 3, `return x @ x @ x`" in text
    assert "b, first at index 0: expected 1, got 2" in text
    assert "there x has shape (3, 4)" in text
    assert [item.passed for item in verdict.items if item.about == "on short rows"] == [True, True, True, False]
    assert all(not item.passed for item in verdict.items if item.stop)


def test_a_missing_output_leaves_the_others_to_be_judged():
    outputs = [Array("dw", (0, "dw")), Number("db", (0, "db")), Number("cost", (1,))]
    right = [X, np.array(2.0), np.array(3.0)]
    for value, passed in [(({"dw": X}, 3.0), [1, 1, 0, 0, 1, 1]), (({"dw": X, "db": 2.0},), [1, 1, 1, 1, 0, 0])]:
        got = readings(outputs, call(lambda value=value: value, {}), {})
        verdict = judge_calls("f", outputs, [Call("", right, got)], dict)
        assert [item.passed for item in verdict.items] == passed
        assert verdict.fraction == pytest.approx(2 / 3)


def test_a_mistake_that_stops_is_known_by_what_stood_there():
    """However its line is written, and whatever numpy's text says; another stop isn't taken for it."""
    mistake = Raised(
        "ValueError", "a text of an older numpy", Place(7, "Z1 = X @ W1", things=(("X", (2, 5)), ("W", (4, 2))))
    )
    for line in ("np.dot(X, W1) + b1", "b1 + (X @ W1)", "X.dot(W1)"):
        assert mistake.agrees(call(define(f"def f(X, W1, b1):\n    return {line}"), {"X": X, "W1": W1, "b1": b1}))
    for line in ("np.dot(b1, X.T)", "X @ b1", "np.zeros((-1, 2))", "X['W1']", "np.zeros(3, 1)"):
        assert not mistake.agrees(call(define(f"def f(X, W1, b1):\n    return {line}"), {"X": X, "W1": W1, "b1": b1}))


def test_a_check_tells_line_and_shapes_and_names_the_mistake():
    source = """
def forward_propagation(X, parameters):
    W1, b1 = parameters["W1"], parameters["b1"]
    Z1 = X @ W1 + b1
    return Z1, {}
"""
    with pytest.raises(NotYet) as failed:
        load_checks("flower")(define(source, "forward_propagation"))
    assert failed.value.verdict.mistake == "swapped-product"
    lines = str(failed.value).splitlines()
    assert lines[1].startswith("  wrong  your code stopped at line 3, `Z1 = X @ W1 + b1`, with ValueError: ")
    assert lines[1].endswith("; there X has shape (3, 5) and W1 has shape (4, 3)")
    assert lines[3:] == ["  Hint 1, in the text above your code, is a nudge."]


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.sampled_from(["line", "things", "source"]), inner)
    ),
)


@given(plain | st.fixed_dictionaries({"line": st.just(3), "things": st.lists(plain).map(tuple), "source": plain}))
def test_whatever_a_process_claims_is_read_as_a_short_place_or_none(claim):
    place = read_place(claim)
    if place is not None:
        assert len(f"{place} {place.told()}") < 2500
        assert place.is_like(place)
        assert "\n" not in f"{place} {place.told()}"


def test_a_place_crosses_as_it_is():
    place = call(define("def f(X, W1):\n    return X @ W1"), {"X": X, "W1": W1}).place
    assert read_place(vars(place)) == place
