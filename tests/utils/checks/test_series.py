"""Arrays that come in a row, one for each layer of a network."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.checks.items import Aspect
from utils.checks.kinds import KINDS, MOST_PLACES, Series, StartDraws, is_read, readings
from utils.checks.outcomes import Returned
from utils.checks.readings import Missing, Reason
from utils.checks.values import freeze_reading, thaw
from utils.checks.verdict import Call, Verdict, judge_calls

GRADS = {f"dW{layer}": np.arange(1.0, 7.0).reshape(2, 3) * layer for layer in (1, 2, 3)}
CACHES = [((np.full((2, 3), layer), np.full((4, 2), -layer)), np.full((4, 3), 9.0)) for layer in (1.0, 2.0)]
GRADIENTS, INNER, OUTER = Series("dW#", ("dW#",)), Series("caches[#][0][#]", ("#", 0, "#")), Series("Z#", ("#", 1))


def reading(output, value):
    return readings([output], Returned(value), {})[0]


def verdict(output, right, *values):
    """The verdict on this output alone, in calls that gave these values, where all should be the first one."""
    return Verdict("f", output.items([(reading(output, right), reading(output, value)) for value in values]))


@pytest.mark.parametrize(("output", "value"), [(GRADIENTS, GRADS), (INNER, CACHES), (OUTER, CACHES)])
def test_what_is_right(output, value):
    judged = verdict(output, value, value)
    assert judged.fraction == 1.0
    assert sum(item.weight for item in judged.items) == pytest.approx(5)


def test_forms_that_mean_the_same():
    others = {"dA1": "whatever", **{name: grad.tolist() for name, grad in reversed(GRADS.items())}}
    assert verdict(GRADIENTS, GRADS, others).fraction == 1.0
    assert verdict(GRADIENTS, GRADS, (GRADS, "costs")).fraction == 1.0
    assert verdict(INNER, CACHES, tuple([list(inner), Z] for inner, Z in CACHES)).fraction == 1.0


def test_layers_earn_their_points_one_by_one():
    judged = verdict(GRADIENTS, GRADS, GRADS | {"dW2": 2 * GRADS["dW2"]})
    assert judged.fraction == pytest.approx(2 / 3)
    assert str(judged).splitlines()[1:] == [
        "  ok     dW1, dW2, dW3: right shapes",
        "  ok     dW1, dW3: right values",
        "  wrong  dW2, first at index (0, 0): expected 2, got 4",
    ]


def test_what_is_wrong_is_told_once():
    wrong = GRADS | {"dW2": 2 * GRADS["dW2"], "dW3": GRADS["dW3"].T}
    assert str(verdict(GRADIENTS, GRADS, wrong)).splitlines()[1:] == [
        "  ok     dW1, dW2: right shapes",
        "  ok     dW1: right values",
        "  wrong  dW2, first at index (0, 0): expected 2, got 4; also dW3",
        "  wrong  dW3 should have shape (2, 3), but it has (3, 2)",
    ]


def test_a_wrong_shape_costs_the_shape_of_its_layer():
    judged = verdict(GRADIENTS, GRADS, GRADS | {"dW3": GRADS["dW3"].ravel()})
    assert judged.fraction == pytest.approx(1 - 1 / 15)
    assert "dW3 should have shape (2, 3), but it has (6,)" in str(judged)


def test_all_arrays_of_an_inner_row_share_an_item():
    wrong = [((CACHES[0][0][0], CACHES[0][0][1] + 1), CACHES[0][1]), CACHES[1]]
    judged = verdict(INNER, CACHES, wrong)
    assert judged.fraction == pytest.approx(0.5)
    assert [(item.name, item.passed) for item in judged.items] == [
        ("shape of caches[0][0]", True),
        ("value of caches[0][0]", False),
        ("shape of caches[1][0]", True),
        ("value of caches[1][0]", True),
    ]
    assert "caches[0][0][1], first at index (0, 0): expected -1, got 0" in str(judged)


@pytest.mark.parametrize(
    ("output", "right", "value", "says"),
    [
        (GRADIENTS, GRADS, {"dW1": GRADS["dW1"]}, "dW: 1 array instead of 3"),
        (GRADIENTS, GRADS, GRADS | {"dW4": np.ones(1)}, "dW: 4 arrays instead of 3"),
        (GRADIENTS, GRADS, {"dW0": 1, "dW2": 1}, "dW: the key 'dW1' is missing in the result; it has 'dW0', 'dW2'"),
        (GRADIENTS, GRADS, None, "dW: the result is None"),
        (GRADIENTS, GRADS, GRADS | {"dW2": "text"}, "dW: should be a numpy array, but it is a str"),
        (INNER, CACHES, CACHES[:1], "caches[0]: 2 arrays instead of 4"),
        (INNER, CACHES, [], "caches[0]: the result should hold at least 1 values, but it is 0 value(s)"),
        (OUTER, CACHES, np.zeros((2, 2)), "Z: the result should hold at least 1 values, but it is one numpy array"),
        (OUTER, CACHES, [CACHES[0], 7], "Z: the result[1] should hold at least 2 values, but it is one int"),
    ],
)
def test_how_many_there_are_has_to_be_right(output, right, value, says):
    judged = verdict(output, right, right, value)
    assert judged.fraction == 0.0
    assert f"  wrong  {says}" in str(judged)


def test_networks_of_different_depth_in_one_verdict():
    shallow = {"dW1": GRADS["dW1"]}
    pairs = [(GRADS, GRADS), (shallow, {"dW1": 0 * GRADS["dW1"]})]
    items = GRADIENTS.items([tuple(reading(GRADIENTS, value) for value in pair) for pair in pairs])
    assert Verdict("f", items).fraction == pytest.approx(2 / 3)


def test_what_can_be_had_for_nothing():
    """Arguments handed on, and biases of zero; but not what a layer computed."""
    cache = Series("cache[#]", (1, "#"))
    given = [{"A": np.ones((2, n)) * n, "W": np.eye(2) + n} for n in (3, 4)]
    echo = [reading(cache, (0, (one["A"], one["W"]))) for one in given]
    assert cache.is_free(echo, given)
    assert not cache.is_free([reading(cache, (0, (2 * one["A"], one["W"]))) for one in given], given)
    biases = Series("b#", ("b#",))
    zeros = [reading(biases, {f"b{layer}": np.zeros((n, 1)) for layer in range(1, n)}) for n in (3, 4)]
    assert biases.is_free(zeros, [{"layer_dims": [1, 2]}, {"layer_dims": [3, 4, 5]}])


def test_agreement():
    same, other = reading(GRADIENTS, GRADS), reading(GRADIENTS, GRADS | {"dW3": GRADS["dW3"] + 1})
    fewer, none = reading(GRADIENTS, {"dW1": GRADS["dW1"]}), Missing(Reason.NONE)
    assert GRADIENTS.agree(same, reading(GRADIENTS, GRADS))
    for a, b in ((same, other), (same, fewer), (same, none), (none, same)):
        assert not GRADIENTS.agree(a, b)
    assert GRADIENTS.agree(none, Missing(Reason.NONE))


@pytest.mark.parametrize(("output", "value"), [(GRADIENTS, GRADS), (INNER, CACHES)])
def test_it_can_be_frozen(output, value):
    frozen = json.loads(json.dumps(freeze_reading(reading(output, value))))
    assert output.agree(reading(output, value), thaw(frozen))


def test_a_row_without_end_is_cut():
    class Endless(dict):
        def __contains__(self, key):
            return True

        def __getitem__(self, key):
            return 1.0

    endless = Endless(dW1=1.0)
    assert reading(GRADIENTS, endless)[0] == MOST_PLACES
    assert verdict(GRADIENTS, GRADS, endless).fraction == 0.0


def test_views_of_millions_are_not_copied_over_and_over():
    view = np.broadcast_to(1.0, (2000, 4000))
    judged = verdict(GRADIENTS, GRADS, {"dW1": view, "dW2": view})
    assert "dW: is too large to be looked at: it holds 16,000,000 numbers" in str(judged)


odd = st.recursive(
    st.sampled_from([None, "1", 1.0, np.nan, np.zeros((0, 3)), np.array("a"), [], {}, ((), 1)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["dW1", "dW2"]), inner, max_size=2),
    max_leaves=6,
)


@given(odd, st.sampled_from([GRADIENTS, INNER, OUTER, StartDraws("dW#", ("dW#",))]))
def test_nothing_that_is_returned_breaks_the_verdict(value, output):
    right = reading(output, {"dW1": np.ones((2, 2))} if "dW" in output.name else CACHES)
    got = reading(output, value)
    judged = judge_calls("f", [output], [Call("", [right], [got], {})], dict)
    assert 0.0 <= judged.fraction <= 1.0
    assert str(judged)
    assert output.agree(got, got) or not is_read(got) or np.isnan(got).any()


# ---- the weights that a network starts from

START = StartDraws("W#", ("W#",))


def drawn(size, n=40, n_prev=60):
    rng = np.random.default_rng(0)
    return {"W1": size * rng.normal(size=(n, n_prev)), "W2": size * rng.normal(size=(n, n))}


@pytest.mark.parametrize("size", [0.01, 60**-0.5, (2 / 60) ** 0.5, (2 / 100) ** 0.5])
def test_usual_sizes_of_a_start(size):
    right = {"W1": drawn(60**-0.5)["W1"]}
    assert verdict(START, right, {"W1": drawn(size)["W1"]}).fraction == 1.0


@pytest.mark.parametrize(("size", "says"), [(1.0, "large"), (0.001, "small"), (1 / 60, "small"), (0.5, "large")])
def test_other_sizes_are_told(size, says):
    judged = verdict(START, drawn(60**-0.5), drawn(size))
    assert judged.fraction == 0.0
    assert f"W1 has numbers that are too {says}; expected around 0.1 in size; also W2" in str(judged)


def test_a_start_of_zeros_or_of_one_sign_is_none():
    for wrong, says in ((0.0, "all its numbers are 0"), (np.inf, "nan or infinite")):
        assert says in str(verdict(START, drawn(0.1), {name: wrong + 0 * W for name, W in drawn(0.1).items()}))
    positive = {name: np.abs(W) for name, W in drawn(0.1).items()}
    assert "lie on one side" in str(verdict(START, drawn(0.1), positive))


def test_the_kinds_are_known_by_their_words():
    assert KINDS["series"] is Series
    assert KINDS["start draws"] is StartDraws
    assert Series("W#").aspects == (Aspect.SHAPE, Aspect.VALUE)
