"""What the inputs of exercises are drawn from: numbers that a person can follow, labels of both classes."""

from typing import overload

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray


@overload
def numbers(rng: Generator, *, scale: float = 1.0) -> float: ...
@overload
def numbers(rng: Generator, *shape: int, scale: float = 1.0) -> NDArray[np.float64]: ...
def numbers(rng: Generator, *shape: int, scale: float = 1.0) -> NDArray[np.float64] | float:
    """Normal random numbers, rounded to two decimals so that a person can follow them: an array, or a float."""
    drawn = rng.normal(0.0, scale, shape).round(2)
    return drawn if shape else float(drawn)


def both_signs(rng: Generator, *shape: int) -> NDArray[np.float64]:
    """Numbers between 0.1 and 3 in size, the first negative and the second positive; none is 0."""
    z = rng.uniform(0.1, 3.0, shape).round(2) * rng.choice([-1, 1], shape)
    z.flat[:2] = np.abs(z.flat[:2]) * [-1, 1]
    return z


def whole_numbers(rng: Generator) -> NDArray[np.int64]:
    """Eight integers, half of them negative, none of them 0."""
    return rng.integers(1, 5, 8) * rng.permutation([-1, 1] * 4)


def among(rng: Generator, *extremes: float) -> NDArray[np.float64]:
    """A row with these numbers, in any order, among as many common ones."""
    return rng.permutation([*extremes, *numbers(rng, len(extremes))])[np.newaxis]


def labels(rng: Generator, m: int) -> NDArray[np.int64]:
    """Labels (1, m), integers 0 and 1, with both classes among them."""
    drawn = rng.integers(0, 2, (1, m))
    drawn[0, :2] = rng.permutation([0, 1])
    return drawn


def pictures(rng: Generator, *shape: int) -> NDArray[np.uint8]:
    """Numbers from 0 to 255, as in files."""
    return rng.integers(0, 256, shape).astype(np.uint8)
