"""Where a student's code stopped, and what stood there: the line, the shapes of its arrays, the keys of its dicts.

Objects of a student's are never asked how they look: of what stood there, only shapes, keys, whole numbers and the
names of types are kept. All of it is plain data, which may come out of a student's process.
"""

import ast
import inspect
import linecache
import reprlib
from dataclasses import dataclass
from itertools import islice

import numpy as np

# What is kept of a place: far more than a line of honest code needs.
MOST_PARTS, MOST_THINGS, MOST_KEYS, MOST_AXES = 200, 4, 8, 6
LONGEST_NAME = 40
LONGEST = {"source": 120, "function": LONGEST_NAME, "operation": LONGEST_NAME, "advice": 200}
# Of how a value looks: characters of each part, and parts, in each of two levels.
LONGEST_LOOK, MOST_SHOWN = 300, 30
LARGEST = 10**9
LONGEST_SOURCE = 100_000

# Functions of numpy that take an array's sizes as one tuple, and those that take them one by one.
SIZES_TOGETHER = ("np.zeros", "np.ones", "np.empty")
SIZES_APART = ("np.random.randn", "np.random.rand")


class Refused(ValueError):
    """A stand-in for an initialiser was called with other arguments than those that it stands for.

    Parameters
    ----------
    text : str
    operation : str
        The call as it was made: "initialize_parameters(7, 3, 1)".
    """

    def __init__(self, text, operation):
        super().__init__(text)
        self.operation = operation


@dataclass(frozen=True)
class Place:
    """A place in a student's code.

    Attributes
    ----------
    line : int
        Counted from the line with the function's `def`, which is 1.
    source : str
        The text of that line; "" where it isn't known.
    function : str
        The name of the function there; "" for the one that was called.
    operation : str
        What failed there: the function that was called, "dot", or what Python calls the expression, "BinOp".
    things : tuple of (name, what)
        What the names in the expression stood for: a tuple of int is an array's shape, a list of str the keys of a
        dict, an int the number itself, a str the name of a type.
    advice : str
        A sentence about a slip that is well known. May be empty.
    """

    line: int = 0
    source: str = ""
    function: str = ""
    operation: str = ""
    things: tuple = ()
    advice: str = ""

    @property
    def shapes(self):
        """The shapes of the arrays that stood there: a set."""
        return {what for _, what in self.things if isinstance(what, tuple)}

    def is_like(self, other):
        """Whether the same may have failed in somebody else's code: with these arrays, or else in this operation."""
        if self.shapes or other.shapes:
            fewer, more = sorted([self.shapes, other.shapes], key=len)
            return bool(fewer) and fewer <= more
        return self.operation == other.operation

    def __str__(self):
        """Such as "at line 3 of sigmoid, `return 1 / (1 + math.exp(-z))`"."""
        of, quoted = self.function and f" of {self.function}", self.source and f", `{self.source}`,"
        return f"at line {self.line}{of}{quoted}"

    def told(self):
        """What stood there, in words: "there X has shape (2, 5) and W1 has shape (4, 2)"; or the advice; or ""."""
        if self.advice or not self.things:
            return self.advice
        texts = [f"{name} {_in_words(what)}" for name, what in self.things]
        return "there " + " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _in_words(what):
    match what:
        case tuple():
            return f"has shape {what}"
        case list():
            return f"has the keys {', '.join(map(repr, what))}" if what else "has no keys"
        case int():
            return f"is {what}"
    return "is None" if what == "NoneType" else f"is a {what}"


def find_place(error, function, innermost=True):
    """Where an error was raised, as far as it was in code of the one who wrote a function.

    That is the innermost frame that shares the function's global names: neither numpy's nor ours do.

    Parameters
    ----------
    error : BaseException
    function : function
    innermost : bool
        False for the place in the function itself, rather than in one that it calls.

    Returns
    -------
    Place or None
    """
    try:
        plain = _find_place(error.__traceback__, inspect.unwrap(function), innermost)
        if isinstance(error, Refused):  # its text tells all that stood there
            plain |= {"operation": error.operation, "things": ()}
        return read_place(plain)
    except Exception:  # whatever the student's code is, the error itself has to be told
        return None


def read_place(plain):
    """A place from its attributes as plain data, such as a student's process sends it, cut where it is too long.

    Parameters
    ----------
    plain : anything

    Returns
    -------
    Place or None
        None when it makes no sense.
    """
    match plain:
        case {"line": int(line), "things": tuple(things)} if 0 < line < LARGEST:
            things = tuple(filter(None, map(_read_thing, things[:MOST_THINGS])))
            texts = {name: one_line(str(plain.get(name, "")), most) for name, most in LONGEST.items()}
            return Place(line=line, things=things, **texts)
    return None


def _read_thing(thing):
    match thing:
        case (str(name), tuple(sizes)) if all(type(size) is int and 0 <= size < LARGEST for size in sizes):
            what = sizes[:MOST_AXES]
        case (str(name), list(keys)) if all(type(key) is str for key in keys):
            what = [one_line(key, LONGEST_NAME) for key in keys[:MOST_KEYS]]
        case (str(name), int(number)) if abs(number) < LARGEST:
            what = number
        case (str(name), str(kind)):
            what = one_line(kind, LONGEST_NAME)
        case _:
            return None
    return one_line(name, LONGEST_NAME), what


def one_line(text, most):
    """A text in one line, and of no more than so many characters."""
    return " ".join(text[: 2 * most].split())[:most]


class _Look(reprlib.Repr):
    """Looks at the beginning of a value only: its whole repr may take ten times as long as the value itself."""

    def __init__(self):
        super().__init__()
        self.maxstring = self.maxother = LONGEST_LOOK
        self.maxlevel, self.maxlong = 2, LONGEST_LOOK
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = self.maxfrozenset = self.maxdeque = MOST_SHOWN

    def repr_bytes(self, value, level):
        return self.repr_str(value, level)

    repr_bytearray = repr_bytes

    def repr_dict(self, value, level):
        entries = islice(value.items(), MOST_SHOWN) if level else ()
        pairs = (f"{self.repr1(key, level - 1)}: {self.repr1(entry, level - 1)}" for key, entry in entries)
        return f"{{{', '.join(pairs)}}}"


_look = _Look()


def shown(value, most):
    """How a value looks, in one line and no more than so many characters."""
    try:
        return one_line(_look.repr(value), most)
    except Exception:  # an object may raise what it likes, or have a name that isn't its own
        return one_line(f"<{type(value).__name__}>", most)


def _find_place(trace, function, innermost):
    """The attributes of a place, or None."""
    inner = outer = None
    while trace and (innermost or inner is None):
        if trace.tb_frame.f_globals is getattr(function, "__globals__", None):
            inner = trace
            if not trace.tb_frame.f_code.co_name.startswith("<"):  # comprehensions have frames of their own until 3.12
                outer = trace.tb_frame.f_code
        trace = trace.tb_next
    if inner is None or outer is None:
        return None
    lines = linecache.getlines(inner.tb_frame.f_code.co_filename)
    node = _failed(lines, inner)
    return {
        "line": inner.tb_lineno - outer.co_firstlineno + 1,
        "source": lines[inner.tb_lineno - 1] if inner.tb_lineno <= len(lines) else "",
        "function": "" if outer is function.__code__ else outer.co_name,
        "operation": _operation(node),
        "things": tuple(_things(node, inner.tb_frame)),
        "advice": _advice(node),
    }


def _failed(lines, trace):
    """The expression or statement that failed: an ast node, or None."""
    positions = list(trace.tb_frame.f_code.co_positions())[trace.tb_lasti // 2]
    text = "".join(lines)
    if None in positions or len(text) > LONGEST_SOURCE:
        return None
    line, last_line, column, last_column = positions
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.expr | ast.stmt) and (line, column, last_line, last_column) == (
            node.lineno,
            node.col_offset,
            node.end_lineno,
            node.end_col_offset,
        ):
            return _evaluated(node)
    return None


def _evaluated(node):
    """What a statement or comprehension tests, or goes through: versions of Python differ in which they name."""
    match node:
        case ast.If(test=inner) | ast.While(test=inner) | ast.IfExp(test=inner) | ast.Assert(test=inner):
            return inner
        case ast.For(iter=inner):
            return inner
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return node.generators[0].iter
    return node


def _operation(node):
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name
        case None:
            return ""
    return type(node).__name__


def _things(node, frame):
    """The names in an expression, with what they stand for."""
    if not isinstance(node, ast.expr | ast.AugAssign) or isinstance(node, ast.Tuple | ast.List):
        return []  # a target of an assignment, for one, which hasn't its value yet
    things, waiting, looked_at = {}, [node], 0
    while waiting and looked_at < MOST_PARTS:
        part, looked_at = waiting.pop(0), looked_at + 1
        # What failed as a whole has no value: parameters["w1"] is told by what `parameters` stands for.
        is_name = isinstance(part, ast.Name) or (isinstance(part, ast.Attribute | ast.Subscript) and part is not node)
        what = _what(part, frame) if is_name else None
        if what is None:
            waiting = [*ast.iter_child_nodes(part), *waiting]
        else:
            things[ast.unparse(part)] = what
    arrays = {name: what for name, what in things.items() if isinstance(what, tuple)}
    if arrays:  # beside which numbers say little
        things = {name: what for name, what in things.items() if not (isinstance(what, int) or what == "float")}
    return things.items()


def _what(node, frame):
    """What is kept of that which a name stands for; None where it says nothing, as for functions, or isn't known."""
    try:
        value = _value(node, frame)
    except LookupError:
        return None
    kind = type(value)
    if kind is np.ndarray:
        return value.shape
    if kind is dict:
        return [key for key in value if type(key) is str]
    if kind is int:
        return value
    if issubclass(kind, type) or kind.__name__ in ("module", "function", "builtin_function_or_method", "ufunc"):
        return None
    return kind.__name__


def _value(node, frame):
    """What stands behind a name, behind X.T, behind parameters["W1"]; no code of the student's is run for it."""
    match node:
        case ast.Name(id=name):
            return frame.f_locals[name] if name in frame.f_locals else frame.f_globals[name]
        case ast.Attribute(value=inner, attr="T") if type(array := _value(inner, frame)) is np.ndarray:
            return array.T
        case ast.Subscript(value=inner, slice=ast.Constant(value=str(key))) if type(_value(inner, frame)) is dict:
            return _value(inner, frame)[key]
    raise LookupError


def _advice(node):
    """A sentence about sizes that numpy wants together, or one by one."""
    match node:
        case ast.Call(args=[first, *others]):
            called = ast.unparse(node.func)
        case _:
            return ""
    if called in SIZES_TOGETHER and others:
        sizes = ", ".join(map(ast.unparse, [first, *others]))
        return f"{called} takes the sizes together, in brackets of their own: {called}(({sizes}))"
    if called in SIZES_APART and isinstance(first, ast.Tuple) and not others:
        sizes = ", ".join(map(ast.unparse, first.elts))
        return f"{called} takes the sizes one by one, without more brackets: {called}({sizes})"
    return ""
