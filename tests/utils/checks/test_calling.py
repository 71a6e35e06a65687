"""An initialiser without chance: it is told by its numbers what it is asked for, however they are handed over."""

import numpy as np
import pytest

from utils.checks.calling import MOST_DEFAULTS, fixed_function, numbers_in

initialise = fixed_function("initialise", {"n_x": 2, "n_h": 4, "n_y": 1}, {"W": np.ones(3)})


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((2, 4, 1), {}),
        ((), {"n_h": 4, "n_x": 2, "n_y": 1}),
        ((2,), {"n_y": 1, "n_h": 4}),
        ((), {"inputs": 2, "hidden": 4, "outputs": 1}),
        (tuple(np.array([2, 4, 1])), {}),
        ((2.0, np.array([4]), np.array(1)), {}),
    ],
)
def test_numbers_count_not_how_they_come(given, named):
    first, second = initialise(*given, **named), initialise(*given, **named)
    np.testing.assert_array_equal(first["W"], np.ones(3))
    assert first["W"] is not second["W"]


@pytest.mark.parametrize(
    ("given", "named", "asked"),
    [
        ((4, 2, 1), {}, "4, 2, 1"),
        ((), {"n_h": 2, "n_x": 4, "n_y": 1}, "4, 2, 1"),
        ((2, 4), {}, "2, 4"),
        ((2, 4, 1), {"n_x": 2}, "2, 4, 1, 2"),
        (("2", 4, 1), {}, "2, 4, 1"),
    ],
)
def test_other_numbers_are_refused(given, named, asked):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        initialise(*given, **named)
    assert str(refused.value) == f"initialise should be called with (2, 4, 1), not with ({asked})"


def test_a_list_of_sizes_is_compared_as_a_whole():
    deep = fixed_function("deep", {"layer_dims": [5, 4, 3]}, 7)
    assert deep((5, 4, 3)) == deep(np.array([5, 4, 3])) == deep(layer_dims=[5, 4, 3]) == 7
    with pytest.raises(ValueError, match="should be called with"):
        deep([5, 4])


@pytest.mark.parametrize(
    "claimed", [None, 7, "steps", [("steps", 7)], {}, {7: 7}, {"steps": None}, {"steps": {"a": 1}}]
)
def test_what_claims_to_be_defaults_and_is_none(claimed):
    """A student's process may say anything."""
    assert numbers_in(claimed) == {}


def test_defaults_are_few_and_plain_numbers():
    assert numbers_in({"a": 3, "b": np.float32(0.5), "c": True, "d": 10**400, "e": -np.inf}) == {"a": 3.0, "b": 0.5}
    assert len(numbers_in({str(number): number for number in range(10**4)})) == MOST_DEFAULTS
