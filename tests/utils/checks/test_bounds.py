"""Whatever a function returns, what is said about it is short, and made without looking at the whole of it."""

import tracemalloc

import numpy as np
import pytest

from utils.checks.kinds import Array, Choice, Untouched
from utils.checks.outcomes import Returned
from utils.checks.readings import Missing
from utils.checks.trace import shown

MANY = 2_000_000
CONTROL = "\x01" * MANY
VALUES = {
    "control characters": CONTROL,
    "wide characters": "\U0001f600" * MANY,
    "zeros": bytes(MANY),
    "a bytearray": bytearray(MANY),
    "bytes in a list": [bytes(MANY)] * 30,
    "one long text": ["x" * MANY] + ["a"] * 100,
    "long texts, nested": [[["x" * MANY]] * 20] * 20,
    "a tuple of texts": (CONTROL,) * 50,
    "a long key": {CONTROL: 1},
    "a key in a dict": {"a": {CONTROL: CONTROL}},
    "many keys": dict.fromkeys(range(100_000)),
    "a set of texts": {CONTROL, "a"},
    "a long name": type("A" * 10_000, (), {})(),
    "a large number": 10**4000,
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("output", [Array("a"), Array("a", ("dW",)), Array("a", (0, "dW")), Choice("answer")], ids=repr)
def test_what_is_said_of_a_value_is_short(output, name):
    tracemalloc.start()
    try:
        reading = output.reading(Returned(VALUES[name]), {})
        said = str(reading)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(reading, Missing)
    assert len(said) < 500
    assert peak < 1_000_000
    assert reading.__traceback__ is None, "its frames keep the value"


@pytest.mark.parametrize("value", [CONTROL, ["x" * MANY] + ["a"] * 100], ids=["text", "list"])
def test_an_argument_that_became_texts_was_changed(value):
    tracemalloc.start()
    try:
        reading = Untouched("X").reading(Returned(None, arguments={"X": value}), {"X": np.ones(3)})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not reading
    assert peak < 1_000_000


@pytest.mark.parametrize("answer", ["a", " B) ", "c.", "d" + " " * 50])
def test_letters_are_still_read(answer):
    assert Choice("answer").reading(Returned(answer), {}) == ord(answer.strip()[0].lower()) - ord("a")


@pytest.mark.parametrize("value", ["ab\n c", [1, "b"], (1,), {"b": 1, "a": [2]}, None, 1.5, b"ab", {3}, print])
def test_a_short_value_is_shown_as_it_looks(value):
    assert shown(value, 60) == " ".join(repr(value).split())


def test_an_object_that_cannot_be_looked_at():
    pretends = type("list", (), {"__len__": lambda self: 1 / 0})
    assert shown(pretends(), 60) == "<list>"
