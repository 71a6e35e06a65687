"""Comparing what a function returned with what it should have returned: the one place that decides right or wrong.

Both the instant `check` in a notebook and the hidden tests of the graders use it, so that they never disagree about
what counts as right. It knows no answers: those come from its callers.
"""

import contextlib
import copy
import html
import inspect
import io
import warnings
from dataclasses import dataclass, field

import numpy as np

# Wide enough for a float32 solution and for sums taken in another order, far too narrow for any mistake.
RELATIVE, ABSOLUTE = 1e-4, 1e-6
# Beyond this a number counts as infinite: one mistake overflows in one person's code and just not in another's.
HUGE = 1e15
# What a case about something special (an edge, an unusual dtype) is worth beside the ordinary ones.
SPECIAL = 0.25


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


@dataclass
class Outcome:
    """What one call of a function gave.

    Attributes
    ----------
    value : object
        What it returned.
    error : str or None
        "TypeError: ..." when it raised.
    attempted : bool
        False when it raised NotImplementedError, as a fresh exercise does.
    arguments : dict
        The arguments by name as they were after the call.
    """

    value: object = None
    error: str | None = None
    attempted: bool = True
    arguments: dict = field(default_factory=dict)


def call(function, arguments, options=None, spare=None, replaced=None):
    """Call `function` on a copy of its arguments, quietly: what it prints and warns of goes nowhere.

    Parameters
    ----------
    function : function
    arguments : dict from name to value, given by position in this order
    options : dict from name to value, given by keyword, or None
    spare : dict from name to value, or None
        Further arguments by position, for a function that asks for more.
    replaced : dict from name to function, or None
        What takes the place of functions that it calls by these names, during the call.

    Returns
    -------
    Outcome
    """
    own, options = copy.deepcopy(arguments), copy.deepcopy(options or {})
    more = copy.deepcopy(list((spare or {}).values()))[: _asked_for(function) - len(own)] if spare else []
    quiet = io.StringIO()
    try:
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with np.errstate(all="ignore"), _names(getattr(function, "__globals__", {}), replaced or {}):
                value = function(*own.values(), *more, **options)
    except NotImplementedError as error:
        unwritten = _raised_in(error)
        if unwritten is getattr(function, "__code__", None):
            return Outcome(attempted=False, error="NotImplementedError", arguments=own)
        return Outcome(error=f"NotImplementedError: {unwritten.co_name} isn't written yet", arguments=own)
    except SystemExit:
        return Outcome(error="SystemExit: it ended the program instead of returning", arguments=own)
    except Exception as error:
        return Outcome(error=f"{type(error).__name__}: {error}", arguments=own)
    return Outcome(value=value, arguments=own)


def _asked_for(function):
    """How many arguments by position a function can't do without."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 0
    return sum(p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)


@contextlib.contextmanager
def _names(namespace, replaced):
    """Put other functions into a namespace for a while."""
    kept = {name: namespace[name] for name in replaced if name in namespace}
    namespace.update(replaced)
    try:
        yield
    finally:
        for name in replaced:
            namespace.pop(name, None)
        namespace.update(kept)


def fixed_function(name, arguments, value):
    """A function without chance, in place of an initialiser: a copy of `value`, if it is asked for the right thing.

    Parameters
    ----------
    name : str
    arguments : list
        What it should be called with.
    value : object
    """

    def initialiser(*given, **named):
        asked = [*given, *named.values()]
        if asked != arguments:
            wanted = ", ".join(map(str, arguments))
            raise ValueError(f"{name} should be called with ({wanted}), not with ({', '.join(map(str, asked))})")
        return copy.deepcopy(value)

    return initialiser


def _raised_in(error):
    """The code object of the function that raised."""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame.f_code


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
    if output.kind in ("array", "labels", "random") and not isinstance(value, np.ndarray | np.generic):
        if isinstance(value, int | float | bool):
            return np.asarray(value)
        raise Missing(f"should be a numpy array, but it is a {_type(value)}")
    if output.kind == "list" and not isinstance(value, list | tuple | np.ndarray):
        raise Missing(f"should be a list of numbers, but it is a {_type(value)}")
    try:
        array = np.asarray(value)
        if np.iscomplexobj(array):
            raise Missing("should hold real numbers, but it holds complex ones")
        # A copy: a function may fill one array of its own at every call.
        array = np.array(array, dtype=np.float64)
    except (TypeError, ValueError):
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
    varied = numbers.ndim == 2 and len(np.unique(numbers, axis=0)) == len(numbers) and spread > 0
    return np.array([*numbers.shape, size, centred, varied], dtype=np.float64)


def _type(value):
    return "numpy array" if isinstance(value, np.ndarray) else type(value).__name__


def _equal(a, b):
    return a.shape == b.shape and bool(np.array_equal(a, b))


def close(a, b):
    """True when two arrays of one shape hold the same numbers, up to rounding. A nan equals nothing but a nan."""
    return bool(np.all(_close(a, b)))


def _close(a, b):
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


@dataclass
class Item:
    """One line of a verdict.

    Attributes
    ----------
    name : str
        "shape of dw", "value of dw", "w left untouched"
    passed : bool
    message : str
        For a person: "dw has shape (3, 1)"; "dw, first at index (0, 0): expected -0.5, got -1.0".
    weight : float
        Its share of the points, relative to the other items.
    about : str
        What is special about the call, "on large inputs"; "" for ordinary ones.
    """

    name: str
    passed: bool
    message: str
    weight: float
    about: str = ""


def compare(outputs, expected, got):
    """Items for one call: what was expected against what came.

    Each output is worth the same. Of it, a fifth is for the shape and the rest for the numbers; a right shape around
    wrong numbers earns nothing.

    Parameters
    ----------
    outputs : list of Output
    expected : list of arrays, one for each output
    got : list of arrays or sentences, as `readings` gives them

    Returns
    -------
    list of Item
    """
    items = []
    for output, right, value in zip(outputs, expected, got, strict=True):
        if output.kind == "untouched":
            items.append(_untouched_item(output.name, value))
        elif output.kind == "choice":
            items.append(_choice_item(output.name, np.asarray(right), value))
        elif output.kind == "random":
            items.extend(_draw_items(output.name, np.asarray(right), value))
        else:
            items.extend(_output_items(output, np.asarray(right), value))
    return items


def _untouched_item(name, value):
    if isinstance(value, str):
        return Item(f"{name} left untouched", False, f"{name}: {value}", 1)
    text = f"{name} is left as it was" if value else f"{name} was changed inside your function: work on a copy"
    return Item(f"{name} left untouched", bool(value), text, 1)


def _choice_item(name, right, value):
    if isinstance(value, str):
        return Item(name, False, f"{name}: {value}", 5)
    passed = bool(value == right)
    return Item(name, passed, f"{name}: {chr(ord('a') + int(value))} is {'' if passed else 'not '}right", 5)


def _draw_items(name, right, value):
    """Items for random numbers, from the laws that `_as_draw` gives."""
    names = f"shape of {name}", f"value of {name}"
    if isinstance(value, str):
        return [Item(names[0], False, f"{name}: {value}", 0), Item(names[1], False, f"{name}: {value}", 5)]
    (*sizes, size, centred, varied), (*right_sizes, right_size, _, _) = value.tolist(), right.tolist()
    shape, right_shape = (tuple(int(n) for n in entry) for entry in (sizes, right_sizes))
    if size == -99:
        law = f"{name} doesn't vary: all its numbers are the same"
    elif not varied:
        law = f"{name} has rows that are equal"
    elif not centred:
        law = f"{name} isn't centred on zero: its numbers lie on one side"
    elif size != right_size:
        law = f"{name} has numbers around {10 ** (size / 2):.1g} in size; expected around {10 ** (right_size / 2):.1g}"
    else:
        law = ""
    fits = shape == right_shape
    shape_text = f"{name} has shape {right_shape}"
    if not fits:
        shape_text = f"{name} should have shape {right_shape}, but it has {shape}"
    weights = (0, 5) if law else (1, 4)
    law_text = law or f"{name} holds random numbers of the right size"
    return [Item(names[0], fits, shape_text, weights[0]), Item(names[1], not law, law_text, weights[1])]


def _output_items(output, right, value):
    name = output.name
    shape_name, value_name = f"shape of {name}", f"value of {name}"
    if isinstance(value, str):
        return [Item(shape_name, False, f"{name}: {value}", 0), Item(value_name, False, f"{name}: {value}", 5)]
    value = np.asarray(value)
    fits, shape_text = _shape(output, right, value)
    if value.size == right.size:
        equal, value_text = _values(name, right, value.reshape(right.shape), fits)
    else:
        equal, value_text = False, f"{name}: {value.size} numbers instead of {right.size}, so they can't be compared"
    weights = (1, 4) if equal else (0, 5)
    return [Item(shape_name, fits, shape_text, weights[0]), Item(value_name, equal, value_text, weights[1])]


def _shape(output, right, value):
    name = output.name
    if output.kind == "any number":
        return value.size == 1, f"{name} is one number" if value.size == 1 else f"{name} should be one number"
    if output.kind == "number":
        if value.ndim == 0:
            return True, f"{name} is a number"
        return False, f"{name} should be a number, but it has shape {value.shape}"
    if output.kind == "list":
        fits = value.shape == right.shape
        return fits, f"{name} holds {right.size} numbers" if fits else (
            f"{name} should hold {right.size} numbers, but it holds {value.size}"
        )
    if value.shape == right.shape:
        return True, f"{name} has shape {right.shape}"
    return False, f"{name} should have shape {right.shape}, but it has {value.shape}"


def _values(name, right, value, fits):
    if close(value, right):
        return True, f"{name} has the right value{'s' if right.size > 1 else ''}"
    if not fits:
        return False, f"{name}: its numbers will be compared once the shape is right"
    index = tuple(int(i) for i in np.argwhere(~_close(value, right))[0])
    where = f", first at index {index if len(index) > 1 else index[0]}" if right.size > 1 else ""
    return False, f"{name}{where}: expected {_number(right[index])}, got {_number(value[index])}"


def _number(value):
    return f"{float(value):.6g}"


def merge(rows):
    """Items over several calls: an item passes when it passes in each; its text is that of the first failure.

    Parameters
    ----------
    rows : list over the calls of lists of Item, as `compare` gives them

    Returns
    -------
    list of Item
    """
    merged = []
    for row in zip(*rows, strict=True):
        failed = next((item for item in row if not item.passed), None)
        merged.append(copy.copy(failed or row[0]))
    # A value that fails in one call takes the shape's weight with it, even when another call's shape fits.
    by_name = {item.name: item for item in merged}
    for item in merged:
        value = by_name.get(item.name.replace("shape of ", "value of "))
        if item.name.startswith("shape of ") and not value.passed:
            item.weight, value.weight = 0, 5
    return merged


@dataclass
class Call:
    """One call, ready to be judged.

    Attributes
    ----------
    about : str
        What is special about it, "on large inputs", or "" for an ordinary one.
    expected, got : lists over the outputs, as `readings` gives them
    """

    about: str
    expected: list
    got: list


def judge_calls(name, outputs, calls, mistakes):
    """The verdict on some calls of one function.

    Ordinary calls make up most of the points. Calls about something special have items and points of their own.

    Parameters
    ----------
    name : str
    outputs : list of Output
    calls : list of Call
    mistakes : function without arguments
        Gives a dict from a mistake's name to (sentence, what it would give as a list over calls of lists over outputs).
        Asked only when something is wrong.

    Returns
    -------
    Verdict
    """
    verdict = Verdict(name, [])
    for about in dict.fromkeys(call.about for call in calls):
        items = merge([compare(outputs, call.expected, call.got) for call in calls if call.about == about])
        for item in items:
            if about:
                item.name, item.weight = f"{item.name} {about}", SPECIAL * item.weight
                item.message, item.about = f"{about}: {item.message}", about
        verdict.items += items
    if verdict.fraction < 1:
        known = mistakes()
        would_give = {mistake: gives for mistake, (_, gives) in known.items()}
        verdict.mistake = find_mistake([c.expected for c in calls], [c.got for c in calls], would_give)
        verdict.says = known[verdict.mistake][0] if verdict.mistake else ""
    return verdict


def find_mistake(expected, got, mistakes):
    """Name of the known mistake that explains what came, or None.

    A mistake fits when every output in which it would differ from the right answer came as the mistake would give it.
    Of those that fit, the one that explains most outputs is taken; of equals, the first.

    Parameters
    ----------
    expected, got : lists over the calls of lists over the outputs, as `readings` gives them
    mistakes : dict from name to such a list of lists

    Returns
    -------
    str or None
    """
    best, most = None, 0
    for name, would_give in mistakes.items():
        differs = [
            (c, o)
            for c, case in enumerate(expected)
            for o, right in enumerate(case)
            if not same_reading(right, would_give[c][o])
        ]
        explained = all(same_reading(would_give[c][o], got[c][o]) for c, o in differs)
        if explained and len(differs) > most:
            best, most = name, len(differs)
    return best


@dataclass
class Verdict:
    """What is right and wrong about a function, for the student who wrote it.

    Attributes
    ----------
    name : str
        The function.
    items : list of Item
    mistake : str or None
        The name of the recognised mistake.
    says : str
        The sentence about that mistake, or another remark. May be empty.
    note : str
        How it was graded, when that isn't plain: "graded with our sigmoid". May be empty.
    remarks : tuple of str
        What is explained after grading whatever came: the options of a question.
    attempted : bool
    """

    name: str
    items: list
    mistake: str | None = None
    says: str = ""
    note: str = ""
    remarks: tuple = ()
    attempted: bool = True

    @property
    def fraction(self):
        """Share of the points, from 0.0 to 1.0."""
        total = sum(item.weight for item in self.items)
        earned = sum(item.weight for item in self.items if item.passed)
        return earned / total if self.attempted and total else 0.0

    def lines(self):
        """The verdict as lines of text, each with its mark: "ok", "wrong" or ""."""
        if not self.attempted:
            yield "", f"{self.name}: not attempted yet."
            for text in (self.says, *self.remarks):
                if text:
                    yield "", text
            return
        yield "", self.name
        wrong_about = {item.about for item in self.items if not item.passed}
        told = set()
        for item in self.items:
            # What is special and right takes one line, and no sentence stands there twice.
            fine = item.about and item.about not in wrong_about
            text = f"{item.about}: right, too" if fine else item.message
            if text not in told:
                yield "ok" if item.passed else "wrong", text
            told.add(text)
        for text in (self.says, self.note, *self.remarks):
            if text:
                yield "", f"  {text}"

    def __str__(self):
        return "\n".join(f"  {mark:<5}  {text}" if mark else text for mark, text in self.lines())

    def _repr_html_(self):
        # White on a ground of its own, and the theme's colour for the rest: readable in light and in dark themes.
        grounds = {"ok": "#006E50", "wrong": "#A01E19"}
        badge = '<b style="background: {}; color: #FFFFFF; padding: 0 0.5em; border-radius: 3px">{}</b> '
        rows = "".join(
            f"<div>{badge.format(grounds[mark], mark) if mark else ''}{html.escape(text)}</div>"
            for mark, text in self.lines()
        )
        edge = grounds["ok" if self.fraction == 1.0 else "wrong"]
        return f'<div style="border-left: 4px solid {edge}; padding: 0.3em 0.8em">{rows}</div>'
