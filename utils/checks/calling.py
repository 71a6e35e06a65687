"""Calling a function that somebody wrote: on copies, quietly, with other helpers where asked, and without surprises."""

import contextlib
import copy
import functools
import inspect
import io
import warnings

import numpy as np

from utils.checks.outcomes import Raised, Returned, Unwritten
from utils.checks.trace import Refused, find_place, one_line

LONGEST_TEXT = 300


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
    missing = max(0, _asked_for(function) - len(own)) if spare else 0
    more = [copy.deepcopy(value) for value in list((spare or {}).values())[:missing]]
    quiet = io.StringIO()
    try:
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with np.errstate(all="ignore"), _names(getattr(function, "__globals__", {}), replaced or {}):
                value = function(*own.values(), *more, **options)
    except NotImplementedError as error:
        unwritten = _raised_in(error)
        if unwritten is getattr(function, "__code__", None):
            return Unwritten(arguments=own)
        return Raised("NotImplementedError", f"{unwritten.co_name} isn't written yet", arguments=own)
    except SystemExit:
        return Raised("SystemExit", "it ended the program instead of returning", arguments=own)
    except Exception as error:
        return raised(error, function, own)
    return Returned(value, arguments=own)


def raised(error, function, arguments=None):
    """The outcome of a call that raised an error.

    Parameters
    ----------
    error : BaseException
    function : function
        The one that was called.
    arguments : dict from name to value, optional
        As they were after the call.

    Returns
    -------
    Raised
    """
    # Libraries have kinds of their own, some without a public name. What Python calls them is what students know.
    kinds = [kind for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    kind = kinds[0] if kinds[0] not in (Exception, BaseException) else type(error)
    try:
        text = one_line(str(error), LONGEST_TEXT)
    except Exception:  # a student's own error may not know its text
        text = ""
    return Raised(kind.__name__, text, find_place(error, function), arguments=arguments or {})


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
    arguments : dict from parameter to value
        What it should be called with, by position or by keyword. Numbers count, not their types.
    value : object
    """
    wanted = list(arguments.values())

    def initialiser(*given, **named):
        ours = [named[parameter] for parameter in arguments if parameter in named]
        # Somebody's own names for the parameters: then the order counts.
        theirs = [entry for parameter, entry in named.items() if parameter not in arguments]
        asked = [*given, *ours, *theirs]
        if len(asked) != len(wanted) or not all(map(_same_numbers, asked, wanted)):
            right, got = (", ".join(map(str, entries)) for entries in (wanted, asked))
            raise Refused(f"{name} should be called with ({right}), not with ({got})", f"{name}({got})")
        return copy.deepcopy(value)

    return initialiser


def patient(function):
    """A helper of ours for other people's code: arguments more than it needs are let go."""
    names = list(inspect.signature(function).parameters)

    @functools.wraps(function)
    def with_what_it_needs(*arguments, **options):
        known = {name: value for name, value in options.items() if name in names}
        return function(*arguments[: len(names)], **known)

    return with_what_it_needs


def _same_numbers(a, b):
    return np.array_equal(np.ravel(a), np.ravel(b))


def _raised_in(error):
    """The code object of the function that raised."""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame.f_code
