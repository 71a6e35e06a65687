"""Tools of the lessons: commit to a prediction, compare it with what was measured, try, and play with a slider.

Nothing here gives marks, and nothing raises when a learner is wrong: a lesson runs from top to bottom, whatever was
predicted.
"""

import html

import numpy as np

# What was predicted so far in this notebook: name -> (predicted, measured, right). A notebook is one process.
_record = {}


class Message:
    """Lines of text that show well in a notebook, in a terminal and to a screen reader.

    Attributes
    ----------
    lines : list of str
    right : bool or None
        Whether what it speaks of was right; None when that isn't the question.
    """

    def __init__(self, *lines, right=None):
        self.lines = [line for line in lines if line]
        self.right = right

    def _repr_html_(self):
        body = "<br>".join(html.escape(line) for line in self.lines)
        return f'<div style="border-left: 4px solid #5F6368; padding: 0.3em 0.8em; margin: 0.3em 0">{body}</div>'

    def __repr__(self):
        return "\n".join(self.lines)


def _words(value):
    """A value as a person would write it."""
    if isinstance(value, float | np.floating):
        return f"{value:.4g}"
    return str(value)


def _agrees(predicted, measured, within):
    """True when the prediction is right: numbers within a share of the measured one, anything else when equal."""
    if isinstance(measured, str):
        return str(predicted).strip().casefold() == measured.strip().casefold()
    if isinstance(measured, tuple | list):
        return [str(p).strip() for p in np.ravel(predicted)] == [str(v).strip() for v in np.ravel(measured)]
    try:
        predicted, measured = float(predicted), float(measured)
    except (TypeError, ValueError):
        return False
    return bool(abs(predicted - measured) <= within * abs(measured) + 1e-12)


def compare(name, predicted, measured, because="", within=0.25):
    """Hold a prediction against what was measured, and keep the pair for `my_predictions()`.

    Parameters
    ----------
    name : str
        What was predicted, in a few words: "steps with cross-entropy".
    predicted : number, str, tuple or None
        What the learner wrote; None when nothing was written yet.
    measured : number, str or tuple
        What the notebook computed just now.
    because : str
        One or two sentences that explain the measured value.
    within : float
        How far off a number may be and still count, as a share of the measured one; 0.25 is a quarter.

    Returns
    -------
    Message
    """
    if predicted is None or predicted is ...:
        _record.pop(name, None)
        return Message(
            f"{name}: measured {_words(measured)}. You made no prediction; make one next time, before you run.",
            because,
        )
    right = _agrees(predicted, measured, within)
    _record[name] = (predicted, measured, right)
    verdict = "You saw that coming." if right else "Not what you predicted: this is where you learn most."
    return Message(f"{name}: you predicted {_words(predicted)}, measured {_words(measured)}. {verdict}", because)


def my_predictions():
    """All predictions of this notebook so far, the wrong ones first: they are worth a second look."""
    if not _record:
        return Message("No predictions yet. Write one into a prediction cell, then run it and the cell after it.")
    rows = sorted(_record.items(), key=lambda item: item[1][2])
    right = sum(entry[2] for entry in _record.values())
    lines = [f"{right} of {len(rows)} predictions came true."]
    for name, (predicted, measured, agreed) in rows:
        lines.append(
            f"{'ok    ' if agreed else 'look  '} {name}: predicted {_words(predicted)}, measured {_words(measured)}"
        )
    return Message(*lines)


def attempt(function, examples, wrong, hints=()):
    """Try a learner's function on a few examples, and say which mistake it looks like.

    Parameters
    ----------
    function : function
        What the learner wrote. One that returns None or ... counts as not attempted.
    examples : list of (arguments, expected), arguments a tuple
    wrong : dict from a sentence to a function that makes the mistake which the sentence names
    hints : sequence of str
        From a nudge to nearly the answer. One more is shown for each failed try.

    Returns
    -------
    Message
    """
    name = function.__name__
    results = []
    for arguments, _ in examples:
        try:
            result = function(*arguments)
        except Exception as error:
            stopped = f"{name}: your code stopped with {type(error).__name__}: {error}"
            return Message(stopped, *_hint(name, hints), right=False)
        if result is None or result is ...:
            todo = f"{name}: not attempted yet. Replace the ... by your line, run that cell, then this one."
            return Message(todo, right=False)
        results.append(result)
    first_wrong = next((i for i, r in enumerate(results) if not _same(r, examples[i][1])), None)
    if first_wrong is None:
        _tries.pop(name, None)
        return Message(f"{name}: right on all {len(examples)} examples.", right=True)
    for sentence, mistaken in wrong.items():
        if all(_gives(mistaken, arguments, r) for r, (arguments, _) in zip(results, examples, strict=True)):
            return Message(f"{name}: not yet. {sentence}", *_hint(name, hints), right=False)
    (arguments, expected), result = examples[first_wrong], results[first_wrong]
    return Message(
        f"{name}: not yet. For {', '.join(_short(a) for a in arguments)} it should give {_described(expected)}, "
        f"but it gave {_described(result)}.",
        *_hint(name, hints),
        right=False,
    )


_tries = {}


def _hint(name, hints):
    """The next rung of the ladder."""
    if not hints:
        return ()
    rung = _tries.get(name, 0)
    _tries[name] = rung + 1
    rung = min(rung, len(hints) - 1)
    return (f"Hint {rung + 1} of {len(hints)}: {hints[rung]}",)


def _gives(mistaken, arguments, result):
    """True when a mistaken function gives this result; it may also raise, and then it doesn't."""
    try:
        return _same(result, mistaken(*arguments))
    except Exception:
        return False


def _same(a, b):
    """True when two results agree: numbers up to rounding and with their shapes, tuples entry by entry."""
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    try:
        return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-4, atol=1e-8))
    except (TypeError, ValueError):
        return type(a) is type(b) and bool(a == b)


def _described(value):
    """A value with its shape, when it has one."""
    return f"{_short(value)} of shape {value.shape}" if isinstance(value, np.ndarray) else _short(value)


def _short(value):
    """A value on one line."""
    if isinstance(value, tuple):
        return "(" + ", ".join(_short(entry) for entry in value) + ")"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, threshold=8).replace("\n", "")
    return _words(value)


def explore(draw, /, **controls):
    """Connect `draw` to sliders and menus, with a Reset button.

    Where widgets can't run (print, export, no kernel), the fixed picture above the explorer shows the same.

    Parameters
    ----------
    draw : function
        Called with one value per control, by name; returns a `Drawing`.
    **controls : (label, start, stops)
        One control each. `label` is its text, `start` its first value, and `stops` all its values, a list or range.
        Numbers get a slider over the stops, True and False a tick box, anything else a menu.

    Returns
    -------
    ipywidgets.VBox
    """
    import ipywidgets as widgets

    made = {name: _control(*spec) for name, spec in controls.items()}
    starts = {name: spec[1] for name, spec in controls.items()}
    reset = widgets.Button(description="Reset", tooltip="Back to the first setting")

    def back(_):
        for name, control in made.items():
            control.value = starts[name]

    reset.on_click(back)
    picture = widgets.HTML()

    def redraw(_=None):
        picture.value = draw(**{name: control.value for name, control in made.items()})._repr_html_()

    for control in made.values():
        control.observe(redraw, names="value")
    redraw()
    return widgets.VBox([*made.values(), reset, picture])


def _control(label, start, stops):
    import ipywidgets as widgets

    stops = list(stops)
    if start not in stops:
        raise ValueError(f"The start of the control '{label}' is {start!r}, which is none of its stops {stops}.")
    wide = {"style": {"description_width": "initial"}, "layout": widgets.Layout(width="32em")}
    if all(isinstance(stop, bool) for stop in stops):
        return widgets.Checkbox(value=start, description=label, indent=False)
    if all(isinstance(stop, int | float) for stop in stops):
        options = [(f"{stop:g}", stop) for stop in stops]
        return widgets.SelectionSlider(options=options, value=start, description=label, continuous_update=False, **wide)
    return widgets.Dropdown(options=stops, value=start, description=label, **wide)
