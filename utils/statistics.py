"""Honest results: an accuracy with its interval."""

import math

import numpy as np


def accuracy_interval(predictions, labels, z=1.96):
    """Accuracy with its 95 % interval (Wilson's score interval).

    An accuracy measured on m pictures is itself uncertain: another m pictures would give another number.
    The interval holds the values that agree with what was seen (E. B. Wilson, 1927, J. Am. Stat. Assoc. 22:209).

    Parameters
    ----------
    predictions, labels : arrays of 0 and 1 with the same number of entries, e.g. shape (1, m)
    z : float
        How many standard deviations wide; 1.96 gives 95 %.

    Returns
    -------
    accuracy, low, high : floats, between 0.0 and 1.0
    """
    predictions, labels = np.ravel(predictions), np.ravel(labels)
    if predictions.size != labels.size or labels.size == 0:
        raise ValueError(
            f"Accuracy needs one prediction per label, but there are {predictions.size} predictions "
            f"and {labels.size} labels."
        )
    m = labels.size
    p = float(np.mean(predictions == labels))
    centre = (p + z**2 / (2 * m)) / (1 + z**2 / m)
    half = z * math.sqrt(p * (1 - p) / m + z**2 / (4 * m**2)) / (1 + z**2 / m)
    return p, max(0.0, centre - half), min(1.0, centre + half)
