"""The flower and its friends."""

import numpy as np
import pytest

import utils

MAKERS = [utils.make_flower, utils.make_moons, utils.make_circles, utils.make_blobs, utils.make_rings]


@pytest.mark.parametrize("make", MAKERS)
def test_shapes_balance_and_seed(make):
    X, Y = make(m=200, seed=3)
    assert X.shape == (2, 200)
    assert Y.shape == (1, 200)
    assert Y.dtype.kind == "i"
    assert Y[:, :50].mean() == Y.mean() == 0.5
    assert np.array_equal(X, make(m=200, seed=3)[0])
    assert not np.array_equal(X, make(m=200, seed=4)[0])


@pytest.mark.parametrize("make", MAKERS)
def test_no_line_divides_them(make):
    """The best straight line, found by least squares, gets well under 90 % right."""
    X, Y = make()
    features = np.vstack([X, np.ones(X.shape[1])])
    line = np.linalg.lstsq(features.T, Y[0] - 0.5, rcond=None)[0]
    assert np.mean((line @ features > 0) == Y[0]) < 0.9


def test_bad_numbers_get_a_sentence():
    with pytest.raises(ValueError, match="m is 10; take a multiple of 4"):
        utils.make_flower(m=10)
