"""What a function returned, read as numbers; or why that can't be."""

from enum import Enum
from itertools import islice
from numbers import Number

import numpy as np

from utils.checks.trace import LONGEST_NAME, one_line, shown

# Wide enough for a float32 solution and for sums taken in another order, far too narrow for any mistake.
RELATIVE, ABSOLUTE = 1e-4, 1e-6
# Beyond this a number counts as infinite: one mistake overflows in one person's code and just not in another's.
HUGE = 1e15
# Far more than any exercise asks for: numbers in an array, characters of a dictionary's keys.
MOST_NUMBERS, LONGEST_KEYS = 10**7, 300
# What is frozen is rounded to steps of this size, and to float32 beyond 1: a thirtieth of what is allowed for at most,
# and ten million times what processors differ by. The steps are binary: a sum of decimal numbers often lies halfway
# between two decimal steps, where the last digit decides, but never halfway between two of these.
STEP = 2.0**-24


class Reason(Enum):
    """Why an output can't be read; the value makes the sentence."""

    NONE = "{where} is None: does your function end with `return`?"
    NO_DICT = "{where} should be a dictionary with the key {wanted!r}, but it is a {found}"
    NO_KEY = "the key {wanted!r} is missing in {where}; it has {found}"
    TOO_FEW = "{where} should hold at least {wanted} values, but it is {found}"
    NO_ARRAY = "should be a numpy array, but it is a {found}"
    NO_LIST = "should be a list of numbers, but it is a {found}"
    TEXT = "should be a number, but it is text: leave out the quotes, or str()"
    NO_NUMBERS = "should hold numbers, but it is a {found} that doesn't"
    TOO_LARGE = "is too large to be looked at: it holds {found} numbers"
    COMPLEX = "should hold real numbers, but it holds complex ones"
    NO_LETTER = 'should be one letter in quotes, such as "a", but it is {found}'


class Missing(Exception):
    """An output isn't where it should be, or isn't what it should be.

    Parameters
    ----------
    reason : Reason
    path : tuple, optional
        Where in the returned value; by default the output itself.
    wanted : str or int, optional
        The key, or the number of values, that should be there.
    found : str, optional
        What is there.
    """

    def __init__(self, reason, path=None, wanted=None, found=""):
        self.reason, self.path, self.wanted, self.found = reason, path, wanted, found

    def __str__(self):
        where = "it" if self.path is None else "the result" + "".join(f"[{step!r}]" for step in self.path)
        return self.reason.value.format(where=where, wanted=self.wanted, found=self.found)

    def agrees(self, other):
        """Whether another output is missing in the same way."""
        return isinstance(other, Missing) and vars(self) == vars(other)


def find(value, path):
    """What stands in a returned value at the end of a path.

    Parameters
    ----------
    value : object
    path : tuple
        (0, "dw") leads to value[0]["dw"].

    Raises
    ------
    Missing
    """
    for depth, step in enumerate(path):
        value = _step(value, step, path[:depth])
    return value


def _step(value, step, path):
    if value is None:
        raise Missing(Reason.NONE, path)
    if isinstance(step, str):
        # Some return (parameters, costs) where parameters alone is asked.
        if isinstance(value, tuple | list) and value and isinstance(value[0], dict):
            value = value[0]
        if not isinstance(value, dict):
            raise Missing(Reason.NO_DICT, path, step, type_name(value))
        if step not in value:
            first = islice(value, LONGEST_KEYS)
            keys = one_line(", ".join(shown(key, LONGEST_KEYS) for key in first), LONGEST_KEYS)
            raise Missing(Reason.NO_KEY, path, step, keys or "no keys")
    elif not isinstance(value, tuple | list) or len(value) <= step:
        found = f"{len(value)} value(s)" if isinstance(value, tuple | list) else f"one {type_name(value)}"
        raise Missing(Reason.TOO_FEW, path, step + 1, found)
    return value[step]


def leaves(value, path=()):
    """All that a value holds, each with its path: what is in dicts, lists and tuples, and what isn't a dict itself.

    Parameters
    ----------
    value : object
    path : tuple
        Where the value itself stands.
    """
    if not isinstance(value, dict):
        yield path, value
    if isinstance(value, dict | list | tuple):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(entry, (*path, key))


def as_numbers(value):
    """A value as an array of floats: a copy, since a function may fill one array of its own at every call.

    Numbers, bools and arrays or nested lists of them have such an array; texts that look like numbers have none.

    Raises
    ------
    Missing
    """
    if value is None:
        raise Missing(Reason.NONE)
    try:
        if holds_text(value):
            raise Missing(Reason.NO_NUMBERS, found=type_name(value))
        array = np.asarray(value)
        if array.size > MOST_NUMBERS:  # a view may stand for far more than it takes
            raise Missing(Reason.TOO_LARGE, found=f"{array.size:,}")
        if array.dtype.kind in "biufc" or all(isinstance(entry, Number | np.bool_) for entry in array.ravel()):
            if np.iscomplexobj(array):
                raise Missing(Reason.COMPLEX)
            return np.array(array, dtype=np.float64)
    except Missing:
        raise
    except Exception:  # lists of different lengths, numbers that are too large, objects that raise what they like
        pass
    raise Missing(Reason.NO_NUMBERS, found=type_name(value))


def holds_text(value):
    """Whether a value is a text, or a list with one in it. Numpy would give each entry the size of the longest text."""
    if isinstance(value, list | tuple):
        return any(map(holds_text, value))
    return isinstance(value, str | bytes | bytearray)


def type_name(value):
    """The type of a value, in words."""
    return "numpy array" if isinstance(value, np.ndarray) else one_line(type(value).__name__, LONGEST_NAME)


def close(a, b):
    """True when two arrays of one shape hold the same numbers, up to rounding. A nan equals nothing but a nan."""
    return np.array_equal(a, b) or bool(close_entries(a, b).all())  # most often they are the very same


def rounded(array):
    """An array rounded to what is compared, so that every processor and every BLAS gives the same digits."""
    array = np.clip(array, -HUGE, HUGE)
    return shortened(np.round(array / STEP) * STEP + 0.0)  # and no -0.0


def shortened(array):
    """Floats to the seven or eight digits that float32 tells apart: 0.1 + 0.2 becomes 0.3."""
    return array.astype(np.float32).astype(str).astype(np.float64)


def close_entries(a, b):
    """The same, entry by entry: an array of booleans."""
    a, b = np.clip(a, -HUGE, HUGE), np.clip(b, -HUGE, HUGE)
    # As numpy.isclose, which takes twice as long, because it can't know that nothing here is infinite.
    return (np.abs(a - b) <= ABSOLUTE + RELATIVE * np.abs(b)) | (np.isnan(a) & np.isnan(b))
