"""Honest results: an accuracy with its interval."""

import math

import numpy as np

Z95 = 1.959964  # the normal distribution leaves 2.5 % above this


def accuracy_interval(predictions, labels, z=Z95):
    """Accuracy with its 95 % interval.

    Parameters
    ----------
    predictions, labels : arrays of 0 and 1 with the same number of entries, e.g. shape (1, m)
    z : float
        How many standard deviations wide; 1.96 gives 95 %.

    Returns
    -------
    accuracy, low, high : floats, between 0.0 and 1.0

    Raises
    ------
    ValueError
        When there isn't one prediction for each label.
    """
    predictions, labels = np.ravel(predictions), np.ravel(labels)
    if predictions.size != labels.size or labels.size == 0:
        raise ValueError(
            f"Accuracy needs one prediction per label, but there are {predictions.size} predictions "
            f"and {labels.size} labels."
        )
    accuracy = float(np.mean(predictions == labels))
    return accuracy, *wilson_interval(accuracy, labels.size, z)


def wilson_interval(share, m, z=Z95):
    """The interval of a share that was measured on m examples (Wilson's score interval).

    Another m examples would give another share: the interval holds the values that agree with what was seen
    (E. B. Wilson, 1927, J. Am. Stat. Assoc. 22:209).

    Parameters
    ----------
    share : float, between 0.0 and 1.0
    m : int
    z : float
        How many standard deviations wide; 1.96 gives 95 %.

    Returns
    -------
    low, high : floats, between 0.0 and 1.0
    """
    centre = (share + z**2 / (2 * m)) / (1 + z**2 / m)
    half = z * math.sqrt(share * (1 - share) / m + z**2 / (4 * m**2)) / (1 + z**2 / m)
    return max(0.0, centre - half), min(1.0, centre + half)
