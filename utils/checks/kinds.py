"""The kinds of output that a function can have: how each is read, when it is right, and what it earns."""

from typing import NamedTuple

import numpy as np

from utils.checks.items import Aspect, Item
from utils.checks.outcomes import Outcome, Raised, Returned
from utils.checks.readings import Missing, Reason, as_numbers, close, close_entries, find, type_name


class Finding(NamedTuple):
    """What one call says about one aspect of an output."""

    passed: bool
    text: str
    stop: Raised | None = None


class Output:
    """One thing that a function returns, or does. Output(name, path, kind) gives an object of the kind's class.

    A kind has its word, which the frozen examples hold, and says how it is read and compared.

    Parameters
    ----------
    name : str
        Its name in the text: "dw".
    path : tuple
        Where it stands in the returned value: (0, "dw") is result[0]["dw"]; () is the result itself.
    kind : str, optional
        The word of a kind, where the class doesn't say it.
    """

    kind = None
    aspects = (Aspect.SHAPE, Aspect.VALUE)

    def __new__(cls, name, path=(), kind="array"):
        return super().__new__(KINDS[kind] if cls is Output else cls)

    def __init__(self, name, path=(), kind=None):
        self.name, self.path = name, tuple(path)

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r}, {self.path!r})"

    def reading(self, outcome, before):
        """What one call gave for this output: an array, or what stands in its place.

        Parameters
        ----------
        outcome : Outcome
        before : dict
            The arguments before the call.

        Returns
        -------
        array, or Missing, or the outcome itself where the call didn't come to its end
        """
        if not isinstance(outcome, Returned):
            return outcome
        try:
            return self.read(outcome, before)
        except Missing as missing:
            return missing

    def read(self, outcome, before):
        """The array that stands for this output after a call that came to its end; raises Missing."""
        return self.read_value(find(outcome.value, self.path))

    def read_value(self, value):
        """The array that stands for what was found in the returned value; raises Missing."""
        return as_numbers(value)

    def agree(self, a, b):
        """Whether two readings are the same: the same numbers in the same shape, or missing in the same way."""
        if not (is_read(a) and is_read(b)):
            return not is_read(a) and a.agrees(b)
        a, b = np.asarray(a), np.asarray(b)
        return a.shape == b.shape and close(a, b)

    def items(self, pairs):
        """The items over some calls: one passes when it passes in each; its text is that of the first failure.

        Parameters
        ----------
        pairs : list of (right, got)
            What is right in each call, an array, and what came, a reading.

        Returns
        -------
        list of Item
        """
        found = {}
        for right, got in pairs:
            for aspect, finding in self.findings(right, got).items():
                if aspect not in found or (found[aspect].passed and not finding.passed):
                    found[aspect] = finding
        weights = self.weights({aspect for aspect, finding in found.items() if finding.passed})
        return [
            Item(self.name, finding.passed, finding.text, weights[aspect], aspect, stop=finding.stop)
            for aspect, finding in found.items()
        ]

    def findings(self, right, got):
        """What one call says: a dict from Aspect to Finding."""
        if isinstance(got, Raised):
            return dict.fromkeys(self.aspects, Finding(False, str(got), got))
        if not is_read(got):
            return dict.fromkeys(self.aspects, Finding(False, f"{self.name}: {got}"))
        return self.compare(np.asarray(right), np.asarray(got))

    def compare(self, right, got):
        """Findings about two arrays."""
        fits = Finding(*self.fits(right, got))
        if got.size == right.size:
            equal = self.equals(right, got.reshape(right.shape), fits.passed)
        else:
            equal = False, f"{self.name}: {got.size} numbers instead of {right.size}, so they can't be compared"
        return {Aspect.SHAPE: fits, Aspect.VALUE: Finding(*equal)}

    def fits(self, right, got):
        """Whether an array has the form that is asked, and a sentence."""
        if got.shape == right.shape:
            return True, f"{self.name} has shape {right.shape}"
        return False, f"{self.name} should have shape {right.shape}, but it has {got.shape}"

    def equals(self, right, got, fits):
        """Whether an array holds the right numbers, and a sentence."""
        name = self.name
        if close(got, right):
            return True, f"{name} has the right value{'s' if right.size > 1 else ''}"
        if not fits:
            return False, f"{name}: its numbers will be compared once the shape is right"
        index = tuple(int(i) for i in np.argwhere(~close_entries(got, right))[0])
        where = f", first at index {index if len(index) > 1 else index[0]}" if right.size > 1 else ""
        return False, f"{name}{where}: expected {right[index]:.6g}, got {got[index]:.6g}"

    def weights(self, passed):
        """What each aspect is worth: a fifth is for the shape, but a right shape around wrong numbers earns nothing.

        Parameters
        ----------
        passed : set of Aspect
        """
        return {Aspect.SHAPE: 1, Aspect.VALUE: 4} if Aspect.VALUE in passed else {Aspect.SHAPE: 0, Aspect.VALUE: 5}


class Array(Output):
    """An array: shape and values count."""

    kind = "array"

    def read_value(self, value):
        if value is not None and not isinstance(value, np.ndarray | np.generic | int | float):
            raise Missing(Reason.NO_ARRAY, found=type_name(value))
        return as_numbers(value)


class Labels(Array):
    """An array of 0 and 1, as bool, int or float."""

    kind = "labels"


class Number(Output):
    """A float, an integer or a 0-d array."""

    kind = "number"

    def fits(self, right, got):
        if got.ndim == 0:
            return True, f"{self.name} is a number"
        return False, f"{self.name} should be a number, but it has shape {got.shape}"


class AnyNumber(Output):
    """A number, or an array of one number in any shape."""

    kind = "any number"

    def read_value(self, value):
        array = as_numbers(value)
        return array.reshape(()) if array.size == 1 else array

    def fits(self, right, got):
        return got.size == 1, f"{self.name} is one number" if got.size == 1 else f"{self.name} should be one number"


class NumberList(Output):
    """A list, tuple or 1-d array of numbers."""

    kind = "list"

    def read_value(self, value):
        if value is not None and not isinstance(value, list | tuple | np.ndarray):
            raise Missing(Reason.NO_LIST, found=type_name(value))
        array = as_numbers(value)
        return np.ravel(array) if array.ndim and array.size == len(array) else array

    def fits(self, right, got):
        if got.shape == right.shape:
            return True, f"{self.name} holds {right.size} numbers"
        return False, f"{self.name} should hold {right.size} numbers, but it holds {got.size}"


class RandomDraw(Array):
    """A matrix of random numbers around zero: shape, size and variety count.

    Its reading is what can be said of the numbers without knowing them: the shape; the standard deviation as twice its
    decimal logarithm, rounded (0.01 gives -4, zeros -99); 1 if the mean is near zero; 1 if no two rows are equal.
    """

    kind = "random"

    def read_value(self, value):
        numbers = super().read_value(value)
        with np.errstate(all="ignore"):
            spread = float(np.std(numbers)) if numbers.size else 0.0
            if spread < 1e-9 * np.max(np.abs(numbers), initial=0.0):  # equal, but for rounding
                spread = 0.0
            size = round(2 * np.log10(spread)) if 0 < spread < np.inf else -99
            centred = abs(float(np.mean(numbers))) <= 0.5 * spread if numbers.size else False
        varied = spread > 0 and numbers.ndim == 2 and len(np.unique(numbers, axis=0)) == len(numbers)
        return np.array([*numbers.shape, size, centred, varied], dtype=np.float64)

    def compare(self, right, got):
        (*sizes, size, centred, varied), (*right_sizes, right_size, _, _) = got.tolist(), right.tolist()
        shape, right_shape = (tuple(int(n) for n in entry) for entry in (sizes, right_sizes))
        name = self.name
        if size == -99:
            law = f"{name} doesn't vary: all its numbers are the same"
        elif not varied:
            law = f"{name} has rows that are equal"
        elif not centred:
            law = f"{name} isn't centred on zero: its numbers lie on one side"
        elif size != right_size:
            sizes = f"{10 ** (size / 2):.1g} in size; expected around {10 ** (right_size / 2):.1g}"
            law = f"{name} has numbers around {sizes}"
        else:
            law = ""
        fits = f"{name} has shape {right_shape}"
        if shape != right_shape:
            fits = f"{name} should have shape {right_shape}, but it has {shape}"
        return {
            Aspect.SHAPE: Finding(shape == right_shape, fits),
            Aspect.VALUE: Finding(not law, law or f"{name} holds random numbers of the right size"),
        }


class Choice(Output):
    """A letter, the answer to a question. Its reading is a number, 0 for "a"."""

    kind = "choice"
    aspects = (Aspect.WHOLE,)

    def read_value(self, value):
        letter = value.strip().rstrip(").").lower() if isinstance(value, str) else ""
        if len(letter) != 1 or not "a" <= letter <= "z":
            raise Missing(Reason.NO_LETTER, found=repr(value))
        return np.asarray(ord(letter) - ord("a"))

    def compare(self, right, got):
        passed = bool(got == right)
        text = f"{self.name}: {chr(ord('a') + int(got))} is {'' if passed else 'not '}right"
        return {Aspect.WHOLE: Finding(passed, text)}

    def weights(self, passed):
        return {Aspect.WHOLE: 5}


class Untouched(Output):
    """Not returned: the argument of this name has to be what it was before the call."""

    kind = "untouched"
    aspects = (Aspect.UNTOUCHED,)

    def read(self, outcome, before):
        a, b = np.asarray(before[self.name]), np.asarray(outcome.arguments[self.name])
        return np.asarray(a.shape == b.shape and bool(np.array_equal(a, b)))

    def compare(self, right, got):
        changed = f"{self.name} was changed inside your function: work on a copy"
        return {Aspect.UNTOUCHED: Finding(bool(got), f"{self.name} is left as it was" if got else changed)}

    def weights(self, passed):
        return {Aspect.UNTOUCHED: 1}


KINDS = {one.kind: one for one in (Array, Number, AnyNumber, Labels, NumberList, RandomDraw, Choice, Untouched)}


def is_read(reading):
    """Whether a reading is an array, rather than what stands in its place."""
    return not isinstance(reading, Missing | Outcome)


def readings(outputs, outcome, before):
    """The readings of all outputs of one call."""
    return [output.reading(outcome, before) for output in outputs]
