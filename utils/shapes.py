"""Small data sets in the plane that no straight line can divide: a flower and its friends, drawn from a seed.

Every function returns X, shape (2, m), and Y, shape (1, m), with labels 0 and 1 in equal numbers. Examples of the two
classes alternate, so that any part of them is balanced too.
"""

import numpy as np


def make_flower(m=400, seed=1, noise=0.2, petals=4):
    """A flower: the polar rose r = 4 sin(petals * angle), whose petals belong to the two classes by halves.

    Parameters
    ----------
    m : int, even
        Number of examples.
    seed : int
    noise : float
        Standard deviation of what is added to the angle (in radians) and to the radius.
    petals : int

    Returns
    -------
    X : array, shape (2, m)
    Y : array, shape (1, m)
    """
    rng = np.random.default_rng(seed)

    def half(label):
        angle = np.linspace(3.12 * label, 3.12 * (label + 1), _half(m)) + noise * rng.standard_normal(_half(m))
        radius = 4 * np.sin(petals * angle) + noise * rng.standard_normal(_half(m))
        return np.stack([radius * np.sin(angle), radius * np.cos(angle)])

    return _mixed(half(0), half(1), rng)


def make_moons(m=400, seed=1, noise=0.15):
    """Two half moons that reach into each other. See `make_flower` for arguments and shapes."""
    rng = np.random.default_rng(seed)
    t, u = rng.uniform(0, np.pi, (2, _half(m)))
    upper, lower = np.stack([np.cos(t), np.sin(t)]), np.stack([1 - np.cos(u), 0.5 - np.sin(u)])
    return _mixed(upper, lower, rng, noise)


def make_circles(m=400, seed=1, noise=0.12):
    """A small circle inside a large one. See `make_flower` for arguments and shapes."""
    rng = np.random.default_rng(seed)
    t, u = rng.uniform(0, 2 * np.pi, (2, _half(m)))
    return _mixed(np.stack([np.cos(t), np.sin(t)]), 0.45 * np.stack([np.cos(u), np.sin(u)]), rng, noise)


def make_blobs(m=400, seed=1, noise=0.5):
    """Three clouds for each class, in turn around a circle. See `make_flower` for arguments and shapes."""
    rng = np.random.default_rng(seed)
    angle = np.pi / 3 * (2 * rng.integers(0, 3, (2, _half(m))) + np.array([[0], [1]]))
    centres = 2.2 * np.stack([np.cos(angle), np.sin(angle)])
    return _mixed(centres[:, 0], centres[:, 1], rng, noise)


def make_rings(m=400, seed=1, noise=0.0):
    """A gaussian cloud cut into four rings of equal numbers, in turn of class 0 and 1. See `make_flower`."""
    rng = np.random.default_rng(seed)
    cloud = rng.standard_normal((2, m))
    ring = np.argsort(np.argsort(np.hypot(*cloud))) * 4 // m
    classes = [cloud[:, ring % 2 == label] for label in (0, 1)]
    return _mixed(*(cls[:, : _half(m)] for cls in classes), rng, noise)


def _half(m):
    if m < 4 or m % 4:
        raise ValueError(
            f"The number of examples m is {m}; take a multiple of 4, so that the classes are equally many."
        )
    return m // 2


def _mixed(zeros, ones, rng, noise=0.0):
    """Both classes, shuffled each and then in turn."""
    X = np.empty((2, zeros.shape[1] + ones.shape[1]))
    X[:, 0::2], X[:, 1::2] = rng.permutation(zeros, axis=1), rng.permutation(ones, axis=1)
    Y = np.tile([[0, 1]], zeros.shape[1])
    return X + noise * rng.standard_normal(X.shape), Y
