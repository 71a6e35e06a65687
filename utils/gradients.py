"""Finite differences: a slow and simple way to know a gradient, to hold a fast one against."""

import numpy as np


def numerical_gradient(cost, theta, epsilon=1e-6):
    """Estimate the gradient of `cost` at `theta` by two-sided differences.

    Each entry is nudged up and down by `epsilon`:  (cost(theta + e) - cost(theta - e)) / (2 epsilon).
    Its error shrinks with epsilon squared, until rounding takes over (about 1e-11 / epsilon for costs near 1).

    Parameters
    ----------
    cost : function
        Takes an array of the shape of `theta`, returns one number.
    theta : number or array, any shape
        The point. It is not changed.
    epsilon : float
        Size of the nudge.

    Returns
    -------
    gradient : array, the shape of `theta`
    """
    theta = np.array(theta, dtype=np.float64)
    gradient = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        above, below = theta.copy(), theta.copy()
        above[index] += epsilon
        below[index] -= epsilon
        gradient[index] = (float(cost(above)) - float(cost(below))) / (2 * epsilon)
    return gradient


def relative_error(a, b):
    """Distance between two arrays, relative to their size: |a - b| / (|a| + |b|), 0.0 when both are zero.

    Parameters
    ----------
    a, b : arrays of one shape (or numbers)

    Returns
    -------
    error : float, between 0.0 (equal) and 1.0 (opposite, or one of them zero)
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"The two gradients have different shapes, {a.shape} and {b.shape}; give them the same one.")
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / size) if size else 0.0
