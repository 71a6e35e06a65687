"""What a function returns, read as numbers: where each output stands, what form it may have, and when two agree."""

from dataclasses import dataclass

import numpy as np

# Wide enough for a float32 solution and for sums taken in another order, far too narrow for any mistake.
RELATIVE, ABSOLUTE = 1e-4, 1e-6
# Beyond this a number counts as infinite: one mistake overflows in one person's code and just not in another's.
HUGE = 1e15


@dataclass(frozen=True)
class Output:
    """One thing that a function returns, or does.

    Parameters
    ----------
    name : str
        Its name in the text: "dw".
    path : tuple
        Where it stands in the returned value: (0, "dw") is result[0]["dw"]; () is the result itself.
    kind : str
        "array"         shape and values count
        "layout"        the same, but the shape is the lesson: right numbers in another shape are worth nothing
        "number"        a float, an integer or a 0-d array
        "any number"    a number, or an array of one number in any shape
        "labels"        an array of 0 and 1, as bool, int or float
        "list"          a list, tuple or 1-d array of numbers
        "random"        a matrix of random numbers around zero: shape, size and variety count
        "choice"        a letter, the answer to a question
        "untouched"     not returned: the argument `name` has to be what it was before the call
    """

    name: str
    path: tuple = ()
    kind: str = "array"


class Missing(Exception):
    """An output isn't where it should be; the text says why."""


def read(output, outcome, before):
    """The value of one output.

    Parameters
    ----------
    output : Output
    outcome : Outcome
    before : dict
        The arguments before the call.

    Returns
    -------
    value : array, or bool for the kind "untouched"

    Raises
    ------
    Missing
        When the function raised, or returned something of another form.
    """
    if outcome.error is not None:
        raise Missing(f"your code stopped with {outcome.error}" if outcome.attempted else "not attempted yet")
    if output.kind == "untouched":
        return _equal(np.asarray(before[output.name]), np.asarray(outcome.arguments[output.name]))
    value = outcome.value
    for depth, step in enumerate(output.path):
        value = _step(value, step, output.path[:depth])
    if output.kind == "choice":
        return _as_letter(value)
    numbers = _as_numbers(value, output)
    return _as_draw(numbers) if output.kind == "random" else numbers


def _step(value, step, path):
    where = "the result" + "".join(f"[{p!r}]" for p in path)
    if value is None:
        raise Missing(f"{where} is None: does your function end with `return`?")
    if isinstance(step, str):
        # Some return (parameters, costs) where parameters alone is asked.
        if isinstance(value, tuple | list) and value and isinstance(value[0], dict):
            value = value[0]
        if not isinstance(value, dict):
            raise Missing(f"{where} should be a dictionary with the key {step!r}, but it is a {_type(value)}")
        if step not in value:
            raise Missing(f"the key {step!r} is missing in {where}; it has {', '.join(map(repr, value)) or 'no keys'}")
    elif not isinstance(value, tuple | list) or len(value) <= step:
        found = f"{len(value)} value(s)" if isinstance(value, tuple | list) else f"one {_type(value)}"
        raise Missing(f"{where} should hold at least {step + 1} values, but it is {found}")
    return value[step]


def _as_numbers(value, output):
    if value is None:
        raise Missing("it is None: does your function end with `return`?")
    if output.kind in ("array", "layout", "labels", "random") and not isinstance(
        value, np.ndarray | np.generic | int | float
    ):
        raise Missing(f"should be a numpy array, but it is a {_type(value)}")
    if output.kind == "list" and not isinstance(value, list | tuple | np.ndarray):
        raise Missing(f"should be a list of numbers, but it is a {_type(value)}")
    try:
        array = np.asarray(value)
        if np.iscomplexobj(array):
            raise Missing("should hold real numbers, but it holds complex ones")
        # A copy: a function may fill one array of its own at every call.
        array = np.array(array, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise Missing(f"should hold numbers, but it is a {_type(value)} that doesn't") from None
    if output.kind == "list" and array.ndim and array.size == len(array):
        return np.ravel(array)
    return array.reshape(()) if output.kind == "any number" and array.size == 1 else array


def _as_letter(value):
    """The answer to a question as a number, 0 for "a"."""
    letter = value.strip().rstrip(").").lower() if isinstance(value, str) else ""
    if len(letter) != 1 or not "a" <= letter <= "z":
        raise Missing(f'should be one letter in quotes, such as "a", but it is {value!r}')
    return np.asarray(ord(letter) - ord("a"))


def _as_draw(numbers):
    """What can be said of random numbers without knowing them: shape, size, and whether they vary around zero.

    Returns
    -------
    law : array
        The shape; the standard deviation as twice its decimal logarithm, rounded (0.01 gives -4, zeros -99); 1 if the
        mean is near zero; 1 if no two rows are equal.
    """
    with np.errstate(all="ignore"):
        spread = float(np.std(numbers)) if numbers.size else 0.0
        if spread < 1e-9 * np.max(np.abs(numbers), initial=0.0):  # equal, but for rounding
            spread = 0.0
        size = round(2 * np.log10(spread)) if 0 < spread < np.inf else -99
        centred = abs(float(np.mean(numbers))) <= 0.5 * spread if numbers.size else False
    varied = spread > 0 and numbers.ndim == 2 and len(np.unique(numbers, axis=0)) == len(numbers)
    return np.array([*numbers.shape, size, centred, varied], dtype=np.float64)


def _type(value):
    return "numpy array" if isinstance(value, np.ndarray) else type(value).__name__


def _equal(a, b):
    return a.shape == b.shape and bool(np.array_equal(a, b))


def close(a, b):
    """True when two arrays of one shape hold the same numbers, up to rounding. A nan equals nothing but a nan."""
    return bool(np.all(close_entries(a, b)))


def close_entries(a, b):
    """The same, entry by entry: an array of booleans."""
    a, b = np.clip(a, -HUGE, HUGE), np.clip(b, -HUGE, HUGE)
    return np.isclose(a, b, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)


def same_reading(a, b):
    """True when two readings (see `readings`) agree: the same numbers in the same shape, or the same error."""
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str) and a == b
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and close(a, b)


def readings(outputs, outcome, before):
    """All outputs of one call: a list with an array for each, or the sentence that says why there is none."""
    values = []
    for output in outputs:
        try:
            values.append(read(output, outcome, before))
        except Missing as reason:
            values.append(str(reason))
    return values
