"""What the inputs of exercises are drawn from: numbers that a person can follow, labels of both classes."""

import numpy as np


def numbers(rng, *shape, scale=1.0):
    """Normal random numbers, rounded to two decimals so that a person can follow them: an array, or a float."""
    drawn = rng.normal(0.0, scale, shape).round(2)
    return drawn if shape else float(drawn)


def both_signs(rng, *shape):
    """Numbers between 0.1 and 3 in size, the first negative and the second positive; none is 0."""
    z = rng.uniform(0.1, 3.0, shape).round(2) * rng.choice([-1, 1], shape)
    z.flat[:2] = np.abs(z.flat[:2]) * [-1, 1]
    return z


def whole_numbers(rng):
    """Four integers of both signs, none of them 0."""
    return rng.integers(1, 5, 4) * [-1, 1, 1, -1]


def labels(rng, m):
    """Labels (1, m), integers 0 and 1, with both classes among them."""
    drawn = rng.integers(0, 2, (1, m))
    drawn[0, :2] = rng.permutation([0, 1])
    return drawn


def pictures(rng, *shape):
    """Numbers from 0 to 255, as in files: an array of uint8."""
    return rng.integers(0, 256, shape).astype(np.uint8)
