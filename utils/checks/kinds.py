"""The kinds of output that a function can have: how each is read, when it is right, and what it earns."""

import contextlib
import itertools
import math
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

import numpy as np

from utils.checks.items import Aspect, Item
from utils.checks.outcomes import Outcome, Raised, Returned
from utils.checks.readings import (
    MOST_NUMBERS,
    Missing,
    Reason,
    as_numbers,
    close,
    close_entries,
    find,
    holds_text,
    leaves,
    type_name,
)
from utils.checks.trace import shown


class Finding(NamedTuple):
    """What one call says about one aspect of an output."""

    passed: bool
    text: str
    stop: Raised | None = None


class Output:
    """One thing that a function returns, or does. Its kind is its class, which says how it is read and compared.

    A kind has a word, which the frozen examples hold.

    Parameters
    ----------
    name : str
        Its name in the text: "dw".
    path : tuple
        Where it stands in the returned value: (0, "dw") is result[0]["dw"]; () is the result itself.
    """

    kind = ""
    aspects: tuple[Aspect, ...] = (Aspect.SHAPE, Aspect.VALUE)
    aside = False  # whether it is no matter of the calls: it is looked at once only, and never rounded

    def __init__(self, name, path=()):
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
            return missing.with_traceback(None)  # whose frames would keep the value, which may be large

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
        return self._items(self.findings(right, got) for right, got in pairs)

    def _items(self, found_by_call):
        """The items of an output, from what each call says about it."""
        found = {}
        for findings in found_by_call:
            for aspect, finding in findings.items():
                if aspect not in found or (found[aspect].passed and not finding.passed):
                    found[aspect] = finding
        weights = self.weights({aspect for aspect, finding in found.items() if finding.passed})
        return [
            Item(self.name, finding.passed, finding.text, weights[aspect], aspect, stop=finding.stop)
            for aspect, finding in found.items()
        ]

    def is_free(self, rights, arguments):
        """Whether what is right can be had without any work: in all calls it is the same, or one of the arguments.

        Parameters
        ----------
        rights : list of array
            What is right in each call.
        arguments : list of dict
            The arguments of each.
        """
        if len(rights) < 2:  # the same as what?
            return False
        first, *others = map(self._content, rights)
        is_constant = all(_same(first, other) for other in others)
        return is_constant or bool(set.intersection(*map(self._echoed, rights, arguments)))

    def _echoed(self, right, arguments):
        """Where in the arguments the right answer stands: a set of paths."""
        found = set()
        for path, value in leaves(arguments):
            with contextlib.suppress(Missing):
                if _same(self._content(right), self._content(self.read_value(value))):
                    found.add(path)
        return found

    def _content(self, reading):
        """What of a right answer is to be found out, a flat array: its numbers, or the one that all of them are."""
        numbers = np.ravel(reading)
        return numbers[:1] if np.unique(numbers).size == 1 else numbers

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
            equal = False, self._uncompared(got.size, right.size)
        return {Aspect.SHAPE: fits, Aspect.VALUE: Finding(*equal)}

    def _uncompared(self, count, right_count):
        return f"{self.name}: {count} numbers instead of {right_count}, so they can't be compared"

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


def _same(a, b):
    """Whether two flat arrays hold the same numbers."""
    return a.size == b.size and close(a, b)


class Array(Output):
    """An array, or nested lists that make one: shape and values count."""

    kind = "array"

    def read_value(self, value):
        if value is not None and not isinstance(value, np.ndarray | np.generic | int | float | list | tuple):
            raise Missing(Reason.NO_ARRAY, found=type_name(value))
        return as_numbers(value)


class Layout(Array):
    """An array whose shape is the lesson: right numbers in another shape are worth nothing."""

    kind = "layout"

    def _content(self, reading):
        return np.array([*reading.shape, *np.ravel(reading)])

    def weights(self, passed):
        return super().weights(passed) if Aspect.SHAPE in passed else {Aspect.SHAPE: 5, Aspect.VALUE: 0}


class Labels(Array):
    """An array of 0 and 1, as bool, int or float."""

    kind = "labels"


class Number(Output):
    """A float, an integer or a 0-d array."""

    kind = "number"

    def read_value(self, value):
        if isinstance(value, str):
            raise Missing(Reason.TEXT)
        return as_numbers(value)

    def fits(self, right, got):
        if got.ndim == 0:
            return True, f"{self.name} is a number"
        return False, f"{self.name} should be a number, but it has shape {got.shape}"


class Entry(Number):
    """One of some numbers that are returned together, as a tuple, a list or a flat array."""

    kind = "entry"

    def read(self, outcome, before):
        value = outcome.value
        together = value.tolist() if isinstance(value, np.ndarray) and value.ndim == 1 else value
        return self.read_value(find(together, self.path))


class AnyNumber(Number):
    """A number, or an array of one number in any shape."""

    kind = "any number"

    def read_value(self, value):
        array = super().read_value(value)
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


class Law(Enum):
    """A law of chance that random numbers can break; the value makes the sentence."""

    NO_MATRIX = "{}: its numbers will be judged once they have rows and columns"
    NOT_FINITE = "{} holds numbers that are nan or infinite"
    ALL_ZERO = "{} doesn't vary: all its numbers are 0"
    ONE_NUMBER = "{} doesn't vary: all its numbers are the same"
    EQUAL_ROWS = "{} has rows that are equal"
    ONE_SIGN = "{} isn't centred on zero: its numbers lie on one side"
    FAR_MEAN = "{} isn't centred on zero: most of its numbers lie on one side"
    FLAT = "{} isn't drawn from a normal distribution: its numbers are spread evenly between two ends"


# A law is judged on so many numbers or more that none fails by bad luck as often as once in a million draws. FEW normal
# numbers have one sign once in 2**23 draws. The standard deviations of two draws of FEW numbers differ by more than
# APART[FEW] once in 10**8, as do those of MANY by more than APART[MANY] (the F distribution). The mean of MANY is
# FAR_MEAN standard errors from zero once in 10**7 (Student's t). Their kurtosis, 3 for normal numbers with a standard
# error of 0.155, is below FLAT once in 10**12 (the approximation by Anscombe and Glynn); for uniform numbers it is 1.8,
# with a standard error of 0.04.
FEW, MANY = 24, 1000
APART = {MANY: 1.2, FEW: 4.0}
FAR_MEAN, FLAT = 5.5, 2.3


class RandomDraw(Array):
    """A matrix of normal random numbers around zero: its shape, its size and its variety count.

    The reading is what can be said of the numbers without knowing them: the shape, and then standard deviation, mean,
    kurtosis, 1 if all have one sign, and 1 if rows are equal.
    """

    kind = "random"

    def read_value(self, value):
        numbers = super().read_value(value)
        with np.errstate(all="ignore"):
            mean, spread = (float(np.mean(numbers)), float(np.std(numbers))) if numbers.size else (0.0, 0.0)
            if not 1e-9 * np.max(np.abs(numbers), initial=0.0) < spread < np.inf:  # equal, but for rounding; or nan
                spread = 0.0
            kurtosis = float(np.mean(((numbers - mean) / spread) ** 4)) if spread else 0.0
        one_sign = np.all(numbers >= 0) or np.all(numbers <= 0)
        # In a column, two of many float32 may well be equal.
        rows = numbers if numbers.ndim == 2 and numbers.shape[1] > 1 else np.empty((0, 0))
        equal_rows = len(np.unique(rows, axis=0)) < len(rows)
        return np.array([*numbers.shape, spread, mean, kurtosis, one_sign, equal_rows], dtype=np.float64)

    def compare(self, right, got):
        return {Aspect.SHAPE: Finding(*self.fits(right, got)), Aspect.VALUE: Finding(*self._obeys(right, got))}

    def fits(self, right, got):
        return super().fits(np.empty(_shape(right)), np.empty(_shape(got)))

    def _obeys(self, right, got):
        """Whether there are as many numbers as asked, which obey the laws of chance, and a sentence."""
        count, right_count = (math.prod(_shape(draw)) for draw in (got, right))
        if count != right_count:
            return False, self._uncompared(count, right_count)
        broken = _broken(got)
        if broken:
            return False, broken.value.format(self.name)
        if not self.equal_in_size(got, right):
            return False, f"{self.name} has numbers {self.of_wrong_size(got[-5], right[-5])}"
        return True, f"{self.name} holds random numbers of the right size"

    def agree(self, a, b):
        if not (is_read(a) and is_read(b)):
            return super().agree(a, b)
        a, b = np.asarray(a), np.asarray(b)
        return _shape(a) == _shape(b) and _broken(a) is _broken(b) and self.equal_in_size(a, b)

    def of_wrong_size(self, spread, right_spread):
        """What is wrong with a standard deviation, in words."""
        size, right_size = _in_words(spread, right_spread)
        return f"around {size} in size; expected around {right_size}"

    def equal_in_size(self, a, b):
        """Whether two draws may come from distributions of one standard deviation."""
        count = min(math.prod(_shape(a)), math.prod(_shape(b)))
        return _are_near(a[-5], b[-5], count)


def _shape(draw):
    """The shape of the numbers of which a reading of RandomDraw tells."""
    return tuple(int(size) for size in draw[:-5])


def _in_words(*spreads):
    """Standard deviations that differ, as numbers that differ: where possible only as 0.01, 0.03, 0.1 and so on."""
    rough = [f"{10 ** (round(2 * math.log10(spread)) / 2):.1g}" for spread in spreads]
    return rough if len(set(rough)) > 1 else [f"{spread:.2g}" for spread in spreads]


def _broken(draw):
    """The first law of chance that numbers break, whatever their size; or None."""
    shape = _shape(draw)
    count = math.prod(shape)
    spread, mean, kurtosis, one_sign, equal_rows = draw[-5:]
    if len(shape) != 2:
        return Law.NO_MATRIX
    if not math.isfinite(mean):
        return Law.NOT_FINITE
    if count == 1:
        return None
    if not spread:
        return Law.ONE_NUMBER if mean else Law.ALL_ZERO
    if equal_rows:
        return Law.EQUAL_ROWS
    if one_sign and count >= FEW:
        return Law.ONE_SIGN
    if abs(mean) > FAR_MEAN * spread / math.sqrt(count) and count >= MANY:
        return Law.FAR_MEAN
    return Law.FLAT if kurtosis < FLAT and count >= MANY else None


def _are_near(a, b, count):
    """Whether two standard deviations of so many random numbers may be those of one distribution."""
    apart = next((factor for least, factor in APART.items() if count >= least), None)
    return apart is None or max(a, b) <= apart * min(a, b)


class StartDraw(RandomDraw):
    """Weights that a deep network starts from: random numbers of any size that is common there.

    The usual sizes are 0.01, 1/sqrt(n_prev), He's sqrt(2/n_prev) and Glorot's sqrt(2/(n + n_prev)).
    """

    kind = "start draw"

    def of_wrong_size(self, spread, right_spread):
        # Roughly told, a wrong size could be one of the usual ones.
        return (
            f"that are too {'large' if spread > right_spread else 'small'}; expected around {right_spread:.1g} in size"
        )

    def equal_in_size(self, a, b):
        return (_has_usual_size(a) and _has_usual_size(b)) or super().equal_in_size(a, b)


def _has_usual_size(draw):
    shape = _shape(draw)
    if len(shape) != 2 or 0 in shape:
        return False
    n, n_prev = shape
    usual = 0.01, n_prev**-0.5, (2 / n_prev) ** 0.5, (2 / (n + n_prev)) ** 0.5
    return any(_are_near(draw[-5], size, n * n_prev) for size in usual)


LONGEST_ANSWER = 60  # characters of what stands in the place of a letter


class Choice(Output):
    """A letter, the answer to a question. Its reading is a number, 0 for "a"."""

    kind = "choice"
    aspects = (Aspect.WHOLE,)

    def read_value(self, value):
        short = isinstance(value, str) and len(value) <= LONGEST_ANSWER
        letter = value.strip().rstrip(").").lower() if short else ""
        if len(letter) != 1 or not "a" <= letter <= "z":
            raise Missing(Reason.NO_LETTER, found=shown(value, LONGEST_ANSWER))
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
        if holds_text(outcome.arguments[self.name]):
            return np.asarray(False)
        a, b = np.asarray(before[self.name]), np.asarray(outcome.arguments[self.name])
        return np.asarray(a.shape == b.shape and bool(np.array_equal(a, b)))

    def compare(self, right, got):
        changed = f"{self.name} was changed inside your function: work on a copy"
        return {Aspect.UNTOUCHED: Finding(bool(got), f"{self.name} is left as it was" if got else changed)}

    def weights(self, passed):
        return {Aspect.UNTOUCHED: 1}

    def is_free(self, rights, arguments):
        return True


class Default(Output):
    """Not returned: the number that the parameter of this name has when it isn't given, as the signature says.

    For a setting that takes too long to be tried. What the signature doesn't say passes: another name, *args, None. It
    costs a little where it is wrong, and earns nothing where it is right.
    """

    kind = "default"
    aspects = (Aspect.DEFAULT,)
    aside = True

    def reading(self, outcome, before):
        return np.asarray(outcome.defaults.get(self.name, np.nan))

    def agree(self, a, b):
        return bool(a == b)

    def compare(self, right, got):
        if np.isnan(got):
            return {Aspect.DEFAULT: Finding(True, f"{self.name}: its default can't be read, so it isn't looked at")}
        passed = self.agree(got, right)
        text = f"{self.name} is {got:.15g} by default" + ("" if passed else f"; it should be {right:.15g}")
        return {Aspect.DEFAULT: Finding(passed, text)}

    def weights(self, passed):
        return {Aspect.DEFAULT: 0 if passed else 1}

    def is_free(self, rights, arguments):
        return True


MOST_PLACES = 1000  # of a series that is read


class Series(Output):
    """Arrays under numbered keys, "dW1", "dW2" and so on, or in a list: as many as a network has layers.

    Each has items of its own. But how many there are has to be right.

    Parameters
    ----------
    name : str
        With # for the number: "dW#".
    path : tuple
        With # for the number, in a key, "dW#", which counts from 1, or as a step, "#": all entries of a list, from 0.
        After another # several arrays share an item: ("caches", "#", "#") are all entries of each cache.
    """

    kind = "series"
    one: type[Array] = Array

    def read(self, outcome, before):
        arrays, size = {}, 0
        for numbers, value in itertools.islice(_places(outcome.value, self.path), MOST_PLACES):
            arrays[numbers] = self.one("").read_value(value)
            size += arrays[numbers].size
            if size > MOST_NUMBERS:
                raise Missing(Reason.TOO_LARGE, found=f"{size:,}")
        return _packed(arrays)

    def agree(self, a, b):
        if not (is_read(a) and is_read(b)):
            return super().agree(a, b)
        a, b = unpacked(a), unpacked(b)
        return a.keys() == b.keys() and all(self.one("").agree(a[numbers], b[numbers]) for numbers in a)

    def items(self, pairs):
        incomplete = [findings for right, got in pairs if (findings := self._incomplete(right, got))]
        if incomplete:
            return self._entry()._items(incomplete)
        found = {}
        for right, got in pairs:
            right, got = unpacked(right), unpacked(got)
            for numbers, array in right.items():
                found.setdefault(numbers[0], []).append(self._entry(*numbers).findings(array, got[numbers]))
        items = [item for number, findings in found.items() for item in self._entry(number)._items(findings)]
        return [replace(item, weight=item.weight / len(found), message=self._said(item, items)) for item in items]

    def _said(self, item, items):
        """The text of an item. All that are right share one, and so do all that are wrong: it is told once."""
        first, *others = (it for it in items if it.passed == item.passed and it.aspect is item.aspect)
        names = ", ".join(other.output for other in others)
        if not item.passed:
            return f"{first.message}; also {names}" if others else first.message
        what = "values" if item.aspect is Aspect.VALUE else "shapes" if others else "shape"
        return f"{first.output}{', ' if others else ''}{names}: right {what}"

    def is_free(self, rights, arguments):
        """Whether each of the arrays can be had without any work."""
        rights = [unpacked(right) for right in rights]
        in_all = set.intersection(*map(set, rights))
        return all(self.one("").is_free([right[numbers] for right in rights], arguments) for numbers in in_all)

    def _incomplete(self, right, got):
        """Findings of a call that didn't give the arrays that it should; {} when they can be compared one by one."""
        if not is_read(got):
            return self._entry().findings(right, got)
        right, got = unpacked(right), unpacked(got)
        if right.keys() == got.keys():
            return {}
        text = f"{self._entry().name}: {len(got)} array{'s' if len(got) > 1 else ''} instead of {len(right)}"
        return dict.fromkeys(self.aspects, Finding(False, text))

    def _entry(self, *numbers):
        """The kind that one of the arrays has, or those that share a number, or all of them."""
        name = self.name
        for number in numbers:
            name = name.replace("#", str(number), 1)
        return self.one(name.replace("[#]", "").replace("#", ""))


class StartDraws(Series):
    """The weights of all layers, as `StartDraw` judges them."""

    kind = "start draws"
    one = StartDraw


def _places(value, path, numbers=()):
    """What stands in a returned value wherever a path with # leads to: pairs (numbers, value); raises Missing."""
    place = next((i for i, step in enumerate(path) if "#" in str(step)), None)
    if place is None:
        yield numbers, find(value, path)
        return
    before, step, after = path[:place], path[place], path[place + 1 :]
    if step == "#":
        find(value, (*before, 0))  # raises when there is no list, or an empty one
        for number in range(len(find(value, before))):
            yield from _places(value, (*before, number, *after), (*numbers, number))
        return
    for number in itertools.count(1):
        one = (*before, step.replace("#", str(number)))
        if number > 1 and not _is_there(value, one):
            return
        yield from _places(value, (*one, *after), (*numbers, number))


def _is_there(value, path):
    try:
        find(value, path)
    except Missing:
        return False
    return True


def _packed(arrays):
    """Arrays by their numbers, as one array: how many; of each its numbers and its shape; then all that they hold."""
    heads = [[len(numbers), *numbers, array.ndim, *array.shape] for numbers, array in arrays.items()]
    return np.concatenate([[len(arrays)], *heads, *(array.ravel() for array in arrays.values())]).astype(np.float64)


def unpacked(packed):
    """What `_packed` was given."""
    at = 1

    def some(count):
        nonlocal at
        at += count
        return packed[at - count : at]

    def sizes():
        return tuple(some(int(some(1)[0])).astype(int).tolist())

    heads = [(sizes(), sizes()) for _ in range(int(packed[0]))]
    return {numbers: some(math.prod(shape)).reshape(shape) for numbers, shape in heads}


KINDS = {
    one.kind: one
    for one in (
        Array,
        Layout,
        Labels,
        Number,
        Entry,
        AnyNumber,
        NumberList,
        RandomDraw,
        Choice,
        Untouched,
        Default,
        Series,
        StartDraws,
    )
}


def is_read(reading):
    """Whether a reading is an array, rather than what stands in its place."""
    return not isinstance(reading, Missing | Outcome)


def readings(outputs, outcome, before):
    """The readings of all outputs of one call."""
    return [output.reading(outcome, before) for output in outputs]
