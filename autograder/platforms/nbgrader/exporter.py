"""A graded notebook as a page that is bounded: what takes too long or too much room is shown as text, or left out.

A hostile text can keep a parser busy for hours, so every text is parsed under a clock. What was left out is said.
"""

import html
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode, v4
from traitlets import Bool

# Seconds that this process computes: for one text, for all texts of a page, for the page.
TEXT_SECONDS, TEXTS_SECONDS, PAGE_SECONDS = 0.7, 1.5, 3.5
# What all texts of a page may add to it, where it is made well and where it is made of plain text. A sign is one that
# HTML is made of, < or &, which takes much longer to read than another character.
MOST_CHARACTERS, MOST_SIGNS = 3_000_000, 30_000
PLAIN_CHARACTERS, PLAIN_SIGNS = 1_000_000, 10_000
# Of a page: cells that students added, and outputs. Each takes a millisecond, whatever is in it.
MOST_CELLS, MOST_OUTPUTS = 400, 500
LARGEST_PAGE = 5_000_000  # bytes
LEFT_OUT = "Left out: showing this would take too long, or too much room."
ABOUT = (
    "**Left out**: making this page well takes too long, or too much room. Texts and outputs are shown as they were "
    "written, as far as there is room, and pictures are left out."
)
CODE = re.compile(r"\x1b(?:\[[^@-~\n]*[@-~]?)?")
CLOCKS = {signal.ITIMER_PROF: signal.SIGPROF, signal.ITIMER_VIRTUAL: signal.SIGVTALRM}


class TooLong(BaseException):
    """It took too long. No parser that catches every exception catches this.

    Parameters
    ----------
    clock : int
        The one that rang.
    """

    def __init__(self, clock: int) -> None:
        super().__init__(clock)
        self.clock = clock


@contextmanager
def at_most(seconds: float, clock: int = signal.ITIMER_PROF) -> Iterator[None]:
    """Raise TooLong in this block when this process has computed for so many seconds in it; in the main thread only.

    Parameters
    ----------
    seconds : float
    clock : int
        Of CLOCKS. A block in another one needs a clock of its own.
    """

    def late(*_: object) -> None:
        raise TooLong(clock)

    before = signal.signal(CLOCKS[clock], late)
    signal.setitimer(clock, seconds)
    try:
        yield
    finally:
        signal.setitimer(clock, 0)
        signal.signal(CLOCKS[clock], before)


class Budget:
    """What the texts of one page may still take.

    Parameters
    ----------
    seconds : float
        With none, all of them are shown as plain text.
    characters, signs : int
    """

    def __init__(self, seconds: float, characters: int, signs: int) -> None:
        self.seconds, self.characters, self.signs = seconds, characters, signs
        self.exceeded = False

    def spend(self, make: Callable[[], str], plain: Callable[[], str]) -> str:
        """The first of the two that can be had for what is left, or a sentence.

        Parameters
        ----------
        make
            Gives the text as HTML, in any time or never.
        plain
            The same without parsing, in a time that its length bounds.
        """
        if self.seconds > 0 and (made := self._in_time(make)) is not None and self._takes(made):
            return made
        self.exceeded = True
        made = plain()
        return made if self._takes(made) else LEFT_OUT

    def _in_time(self, make: Callable[[], str]) -> str | None:
        begin, allowed, made = time.process_time(), min(self.seconds, TEXT_SECONDS), None
        try:
            with at_most(allowed):
                made = str(make())
        except TooLong as late:
            if late.clock != signal.ITIMER_PROF:
                raise  # it is the page that took too long
            self.seconds -= allowed  # two clocks differ by a tick
            return None
        except Exception:  # a text that no parser can read must not cost its reader the page
            pass
        self.seconds -= time.process_time() - begin
        return made

    def _takes(self, made: str) -> bool:
        characters, signs = len(made), made.count("<") + made.count("&")
        if characters > self.characters or signs > self.signs:
            return False
        self.characters -= characters
        self.signs -= signs
        return True


class PageExporter(HTMLExporter):
    """nbconvert's exporter, its templates and filters, with bounds."""

    plain = Bool(False, help="Whether to parse no text at all.")

    # How each filter's text looks when it isn't parsed.
    PLAIN: ClassVar = {
        "markdown2html": "<pre>{}</pre>",
        "clean_html": "<pre>{}</pre>",
        "highlight_code": '<div class="highlight"><pre>{}</pre></div>',
        "ansi2html": "{}",
        "e": "{}",
        "escape_html": "{}",
    }

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **options: Any) -> Any:
        """As nbconvert's; `left_out` says afterwards whether something is missing that was in the notebook."""
        bounds = (0, PLAIN_CHARACTERS, PLAIN_SIGNS) if self.plain else (TEXTS_SECONDS, MOST_CHARACTERS, MOST_SIGNS)
        # Verdicts are ours, and shown whatever the student's own texts take.
        self.ours, self.theirs = Budget(*bounds), Budget(*bounds)
        self.shortened = shorten(nb, self.plain)
        return super().from_notebook_node(nb, resources, **options)

    @property
    def left_out(self) -> bool:
        """Whether the last page lacks something."""
        return self.plain or self.shortened or self.ours.exceeded or self.theirs.exceeded

    def _create_environment(self) -> Any:
        environment = super()._create_environment()
        for name in self.PLAIN.keys() & environment.filters.keys():
            environment.filters[name] = self._bounded(name, environment.filters[name])
        # It looks for links that our filters don't let through, and takes a time that grows with the square of a text.
        environment.filters["strip_files_prefix"] = str
        return environment

    def register_filter(self, name: str, jinja_filter: Any) -> Any:
        """Register a filter; those that parse texts get their bounds."""
        bounded = self._bounded(name, jinja_filter) if name in self.PLAIN else jinja_filter
        return super().register_filter(name, bounded)

    def _bounded(self, name: str, parse: Any) -> Callable[..., str]:
        """A filter under a clock."""

        @pass_context
        def bounded(context: Context, source: Any, *arguments: Any, **options: Any) -> str:
            source = source.decode(errors="replace") if isinstance(source, bytes) else str(source)
            first = (context,) if hasattr(parse, "jinja_pass_arg") else ()
            about = (context.get("cell") or {}).get("metadata", {}).get("nbgrader", {})
            budget = self.ours if about.get("grade") and not about.get("solution") else self.theirs
            return budget.spend(
                lambda: parse(*first, source, *arguments, **options),
                lambda: self._as_text(name, source, budget),
            )

        return bounded

    def _as_text(self, name: str, source: str, budget: Budget) -> str:
        if len(source) > budget.characters:
            return LEFT_OUT
        return self.PLAIN[name].format(html.escape(CODE.sub("", source)))


def shorten(notebook: NotebookNode, plain: bool) -> bool:
    """Take out of a notebook what a page has no room for, and say so in it.

    Parameters
    ----------
    notebook : NotebookNode
        It is changed.
    plain : bool
        Whether to keep plain texts only.

    Returns
    -------
    bool
        Whether something was taken out.
    """
    own = [cell for cell in notebook.cells if "nbgrader" not in cell.metadata]
    spare = {id(cell) for cell in own[MOST_CELLS:]}
    notebook.cells = [cell for cell in notebook.cells if id(cell) not in spare]
    room, dropped = MOST_OUTPUTS, 0
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        if cell.metadata.get("nbgrader", {}).get("grade"):
            kept = outputs  # a verdict
        else:
            kept = outputs[:room]
            room -= len(kept)
        dropped += len(outputs) - len(kept)
        if outputs:
            cell.outputs = [_as_plain(output) for output in kept] if plain else kept
    said = [ABOUT] if plain else []
    if spare or dropped:
        said.append(f"**Left out**: {len(spare)} cells and {dropped} outputs, for which a page has no room.")
    if said:
        notebook.cells.insert(0, v4.new_markdown_cell("\n\n".join(said), id="left-out"))
    return bool(said)


def _as_plain(output: NotebookNode) -> NotebookNode:
    """An output as plain text, whatever else it could be."""
    if "data" in output:
        output.data = NotebookNode({"text/plain": output.data.get("text/plain", LEFT_OUT)})
    return output
