"""Live parts of a lesson: questions that answer at once, and pictures with controls.

Where no kernel runs (an export, a site, print) the same output shows its fixed form: the question with its answer
folded, the picture at its first setting.
"""

import asyncio
import html
import inspect
import math
import re
import time

import ipywidgets as widgets
from IPython.display import display

from .answers import Question, judge, read_number, words
from .lesson import LOOKS, record

_JUST_NOW = 5.0  # seconds, at most, between two messages that were sent together
_TEXT = "line-height: 1.5; white-space: normal; margin: 0.2em 0"
_CARD = "border: 1px solid #8A8F94; border-radius: 6px; padding: 0.4em 0.9em; margin: 0.4em 0"

# JupyterLab shows an error where it finds no kernel behind a widget, as in a notebook that was saved and is opened
# again; then this hides the error and shows the spare copy of the fixed form, which comes right after.
_SPARE = """<style>
.jp-OutputArea-child:not(:has(.lesson-live)):has(+ .jp-OutputArea-child .lesson-spare) { display: none }
.jp-OutputArea-child:has(.lesson-live) + .jp-OutputArea-child:has(.lesson-spare) { display: none }
.jp-OutputArea-child:not(:has(.lesson-live)) + .jp-OutputArea-child .lesson-spare { display: block !important }
</style>"""


class Live:
    """A widget, with what stands in its place where no kernel runs.

    Attributes
    ----------
    widget : ipywidgets.DOMWidget
    fixed : str
        HTML.
    words : str
        The same for a terminal.
    """

    def __init__(self, widget, fixed, words):
        self.widget, self.fixed, self.words = widget, fixed, words
        widget.add_class("lesson-live")

    def _ipython_display_(self):
        fixed = f'<div class="lesson-live">{self.fixed}</div>'
        display({**self.widget._repr_mimebundle_(), "text/html": fixed, "text/plain": self.words}, raw=True)
        spare = f'{_SPARE}<div class="lesson-spare" style="display: none">{self.fixed}</div>'
        display({"text/html": spare, "text/plain": ""}, raw=True)


def ask(name, question, measure, options=(), unit="", within=0.0, arithmetic=False):
    """Ask a question, and answer as soon as the learner has: right or not, why, and what was measured just then.

    The first answer counts, for `my_predictions()`. What can't be read as a number is no answer, and neither is none.

    Parameters
    ----------
    name : str
        What is asked for, in a few words: "price of the hut".
    question : str
        The question. Code stands in `...`, mathematics in $...$.
    measure : function without arguments
        Returns (measured, because) or (measured, because, picture): one of the options or a number, a sentence that
        explains it, and a `Drawing`. It runs when the learner has answered, and once for the fixed form.
    options : sequence of str
        What one can choose, as buttons; without options there is a field for a number.
    unit : str
        What the number counts.
    within : float
        How far off a number may be and still count, as a share of the measured one.
    arithmetic : bool
        True when the answer is worked out rather than predicted.

    Returns
    -------
    Live

    Raises
    ------
    ValueError
        When the measured value is none of the options.
    """
    asked = Question(name, question, tuple(options), unit, within, arithmetic)
    measured, because, *picture = measure()
    if options and measured not in options:
        raise ValueError(f"'{name}' was measured as {measured!r}, which is none of its options {list(options)}.")
    record.pop(name, None)
    return Live(_Asked(asked, measure).card, _fixed_question(asked, measured, because, picture), question)


class _Asked:
    """The card of a question: its text, its buttons or its field, and room for the verdict."""

    def __init__(self, question, measure):
        self.question, self.measure, self.answered = question, measure, False
        self.entered_at = -math.inf
        self.verdict, self.picture = widgets.HTMLMath(), widgets.HTML()
        controls = self._buttons() if question.options else self._field()
        row = widgets.HBox(controls, layout=widgets.Layout(flex_flow="row wrap"))
        layout = widgets.Layout(border="1px solid #8A8F94", padding="0.4em 0.9em", margin="0.3em 0", width="auto")
        text = widgets.HTMLMath(_paragraph(question.text))
        self.card = widgets.VBox([text, row, self.verdict, self.picture], layout=layout)

    def _buttons(self):
        # The tooltip tells someone who comes by Tab, with a screen reader, which question the button answers.
        self.buttons = [
            widgets.Button(description=option, tooltip=self.question.text, layout=widgets.Layout(width="auto"))
            for option in self.question.options
        ]
        for button, option in zip(self.buttons, self.question.options, strict=True):
            button.on_click(lambda _, option=option: self._answer(option))
        return self.buttons

    def _field(self):
        unit = f" ({self.question.unit})" if self.question.unit else ""
        self.field = widgets.Text(
            description=f"Your number{unit}:",
            style={"description_width": "initial"},
            layout=widgets.Layout(width="22em"),
            continuous_update=False,
        )
        self.field.on_msg(self._entered)
        self.field.observe(self._changed, names="value")
        self.buttons = [widgets.Button(description="Answer", layout=widgets.Layout(width="auto"))]
        self.buttons[0].on_click(lambda _: self._typed())
        return [self.field, *self.buttons]

    def _entered(self, _, content, __):
        if content.get("event") == "submit":
            self.entered_at = time.monotonic()

    def _changed(self, _):
        # The field sends its text when it is left, and on Enter; then it says so just before. Only Enter answers. (A
        # field that sends each letter would send the last ones after its Enter, to somebody who types quickly.)
        if time.monotonic() - self.entered_at < _JUST_NOW:
            self.entered_at = -math.inf
            self._typed()

    def _typed(self):
        number = read_number(self.field.value, self.question.unit)
        if number is not None:
            self._answer(number)
        elif not self.answered:
            self._say("No number yet. Write one, for example 1000, -0.5 or 1/4 (without commas).")

    def _answer(self, given):
        """Measure, judge and show; once."""
        if self.answered:
            return
        try:
            measured, because, *picture = self.measure()
        except Exception as error:
            return self._say(
                f"Measuring stopped ({type(error).__name__}: {error}). Run the cells above, then this one."
            )
        self.answered = True
        answer, verdict = judge(self.question, given, measured)
        record[self.question.name] = answer
        for button in self.buttons:
            self._mark(button, given, answer)
        self._say(verdict, answer.right, because)
        self.picture.value = "".join(shown._repr_html_() for shown in picture)

    def _mark(self, button, given, answer):
        """Mark the chosen option, and the right one."""
        if button.description == answer.measured or (button.description == given and not answer.right):
            mark, colour = LOOKS[button.description == answer.measured]
            button.description = mark + button.description
            button.layout.border = f"2px solid {colour}"

    def _say(self, verdict, right=None, because=""):
        # An alert is read aloud when it appears.
        self.verdict.value = f'<div role="alert">{_verdict(verdict, right)}</div>{_paragraph(because)}'


def _verdict(sentence, right):
    """A sentence with a bar beside it; one that judges has a mark, and its first words are bold."""
    mark, colour = LOOKS[right]
    text = _prose(sentence)
    if mark:
        mark = f'<span aria-hidden="true" style="color: {colour}; font-size: 1.3em">{mark}</span>'
        text = re.sub(r"^([^:]+:)", rf"<b>{mark}\1</b>", text)
    return f'<p style="{_TEXT}; border-left: 4px solid {colour}; padding-left: 0.6em">{text}</p>'


def _fixed_question(question, measured, because, picture):
    """A question with its answer folded, for readers without a kernel."""
    options = _paragraph(" · ".join(question.options)) if question.options else ""
    unit = f" {question.unit}" if question.unit and not question.options else ""
    answer = _paragraph(f"{words(measured)}{unit}. {because}") + "".join(shown._repr_html_() for shown in picture)
    folded = f"<details><summary>Answer</summary>{answer}</details>"
    return f'<div style="{_CARD}">{_paragraph(question.text)}{options}{folded}</div>'


def _paragraph(text):
    return f'<p style="{_TEXT}">{_prose(text)}</p>' if text else ""


def _prose(text):
    """Text as HTML, with `code` set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text).replace("\n", "<br>"))


def explore(draw, /, *, play=None, **controls):
    """Connect `draw` to sliders and menus, with a Reset button; where no kernel runs, its first picture stands there.

    Parameters
    ----------
    draw : function
        Called with one value per control, by name; returns a `Drawing`. If it has a parameter `ghost`, it also gets
        the setting before this one, a dict of values by name (None at first), to draw it faintly behind.
    play : str or None
        Name of a control whose stops unfold step by step: it gets a Play button.
    **controls : (label, start, stops)
        One control each. `label` is its text, `start` its first value, and `stops` all its values, a list or range.
        Numbers get a slider over the stops, True and False a tick box, anything else a menu.

    Returns
    -------
    Live
    """
    explorer = _Explorer(draw, play, controls)
    return Live(explorer.box, explorer.drawn._repr_html_(), repr(explorer.drawn))


class _Explorer:
    """Controls, and the picture that follows them."""

    def __init__(self, draw, play, specs):
        self.draw, self.has_ghost = draw, "ghost" in inspect.signature(draw).parameters
        self.controls = {name: _control(*spec) for name, spec in specs.items()}
        self.picture, self.shown, self.paused = widgets.HTML(), None, False
        self.start = self._setting()
        self.player = _Player(self.controls[play]) if play else None
        reset = widgets.Button(description="Reset", tooltip="Back to the first setting")
        reset.on_click(lambda _: self._reset())
        for control in self.controls.values():
            control.observe(lambda _: self._redraw(), names="value")
        self._redraw()
        buttons = [self.player.button, reset] if play else [reset]
        self.box = widgets.VBox([*self.controls.values(), widgets.HBox(buttons), self.picture])

    def _setting(self):
        return {name: control.value for name, control in self.controls.items()}

    def _redraw(self):
        if self.paused:
            return
        before, self.shown = self.shown, self._setting()
        ghost = {"ghost": before} if self.has_ghost else {}
        self.drawn = self.draw(**self.shown, **ghost)
        self.picture.value = self.drawn._repr_html_()

    def _reset(self):
        """Back to the first setting, in one step and without a ghost."""
        if self.player:
            self.player.pause()
        self.paused = True
        for name, control in self.controls.items():
            control.value = self.start[name]
        self.paused, self.shown = False, None
        self._redraw()


class _Player:
    """A button that moves a slider from stop to stop, from the first one when it stands at the end.

    The kernel counts, so that each picture is drawn before the next is asked for. (ipywidgets' own Play counts in the
    browser, and its buttons have no words for a screen reader.)
    """

    def __init__(self, slider, seconds=0.7):
        self.slider, self.seconds, self.playing = slider, seconds, None
        self.button = widgets.Button(tooltip="Play step by step, or pause")
        self.button.on_click(lambda _: self.pause() if self.playing else self._start())
        self._ended()

    def _start(self):
        self.button.description, self.button.icon = "Pause", "pause"
        self.playing = asyncio.get_running_loop().create_task(self._steps())
        self.playing.add_done_callback(self._ended)

    def pause(self):
        if self.playing:
            self.playing.cancel()

    def _ended(self, _=None):
        self.button.description, self.button.icon, self.playing = "Play", "play", None

    async def _steps(self):
        last = len(self.slider.options) - 1
        self.slider.index %= last
        while self.slider.index < last:
            await asyncio.sleep(self.seconds)
            self.slider.index = min(self.slider.index + 1, last)  # somebody may have moved it meanwhile


def _control(label, start, stops):
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
