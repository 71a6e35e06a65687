"""Reads a lesson as the rules see it: cells and tags, words, symbols, and what its cells draw and ask."""

import ast
import builtins
import contextlib
import inspect
import re
import sys
import time
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import nbformat
import pytest

import utils.lesson
import utils.live
import utils.plots
from sandbox.shell import Shell

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("week*.ipynb"))

# Commands of LaTeX that are operators or layout, not symbols to be explained.
_OPERATORS = {
    "\\" + name
    for names in (
        "frac tfrac dfrac cdot cdots log ln exp max min sum prod ldots dots times left right quad qquad approx le leq",
        "ge geq ne neq to in begin end hat bar tilde text mathrm mathbf mathbb mathcal operatorname underbrace",
        "overbrace Rightarrow Leftrightarrow rightarrow leftarrow longrightarrow mapsto lt gt pm infty sqrt big Big",
        "bigl bigr top displaystyle prime boxed colon vdots mid",
    )
    for name in names.split()
}


@dataclass
class Run:
    """What happened when a lesson's code cells ran: outputs and seconds by the cell's id, and what they made."""

    namespace: dict = field(default_factory=dict)
    outputs: dict = field(default_factory=dict)
    drawings: list = field(default_factory=list)
    attempts: list = field(default_factory=list)
    explorers: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    seconds: dict = field(default_factory=dict)


class Lesson:
    """One lesson notebook."""

    def __init__(self, path):
        self.path = Path(path)
        self.notebook = nbformat.read(path, as_version=4)
        self.cells = self.notebook.cells

    def tagged(self, *tags):
        """Cells that have one of the tags, as (position, cell)."""
        return [(i, c) for i, c in enumerate(self.cells) if set(tags) & set(c.metadata.get("tags", []))]

    @property
    def renewed(self):
        """True when its questions answer at once, so that the rules of the renewed form hold."""
        return bool(self.tagged("ask"))

    def code(self):
        return [(i, c) for i, c in enumerate(self.cells) if c.cell_type == "code"]

    @cached_property
    def run(self):
        """Run all code cells once, from top to bottom as in a kernel, and record what they draw, ask and show."""
        run = Run()
        with _a_shell() as shell, _recorders(run), warnings.catch_warnings():
            warnings.simplefilter("error")
            for _, cell in self.code():
                start = time.perf_counter()
                run.outputs[cell.id], _ = shell.run(cell.source)
                run.seconds[cell.id] = time.perf_counter() - start
            run.namespace = shell.user_ns
        return run


@contextlib.contextmanager
def _a_shell():
    """A shell of IPython's in this process, in the place of a kernel; all is as before when it is left."""
    before = builtins.input, sys.stdout, sys.stderr, matplotlib.get_backend()
    main = sys.modules["__main__"]
    shell = Shell.instance()
    try:
        shell.enable_matplotlib("inline")
        sys.stdout, sys.stderr = shell.streams()
        yield shell
    finally:
        builtins.input, sys.stdout, sys.stderr, backend = before
        matplotlib.use(backend)
        Shell.clear_instance()
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _recorders(run):
    """While it is open, what is drawn, tried, explored and asked is noted."""
    draw_it, attempt_it = utils.plots.Drawing.__init__, utils.lesson.attempt
    explore_it, ask_it = utils.live.explore, utils.live.ask

    def draw(self, *args, **kwargs):
        draw_it(self, *args, **kwargs)
        run.drawings.append(self)

    def attempt(*args, **kwargs):
        run.attempts.append(inspect.signature(attempt_it).bind(*args, **kwargs).arguments)
        return attempt_it(*args, **kwargs)

    def explore(function, /, *, play=None, **controls):
        run.explorers.append((function, controls))
        return explore_it(function, play=play, **controls)

    def ask(name, question, measure, **settings):
        results = []
        live = ask_it(name, question, lambda: results.append(measure()) or results[-1], **settings)
        settings = inspect.signature(ask_it).bind(name, question, measure, **settings)
        settings.apply_defaults()
        run.asked.append(SimpleNamespace(**settings.arguments, measured=results[0]))
        return live

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utils.plots.Drawing, "__init__", draw)
        patch.setattr(utils.lesson, "attempt", attempt)
        patch.setattr(utils.live, "explore", explore)
        patch.setattr(utils.live, "ask", ask)
        yield


def words(markdown, with_keys=False):
    """Number of words a reader reads: no keys in <details>, no tables; a formula counts as one."""
    text = markdown if with_keys else re.sub(r"<details>.*?</details>", " ", markdown, flags=re.S)
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", " formula ", text, flags=re.S)
    text = re.sub(r"^\s*\|.*$", " ", text, flags=re.M)
    text = re.sub(r"<[^>]+>|\]\([^)]*\)", " ", text)
    return len(re.findall(r"[\w'’-]+", text))


def symbols(text):
    """The set of mathematical symbols in the formulas of a text, as letters and LaTeX commands."""
    text = re.sub(r"<details>.*?</details>", " ", text, flags=re.S)
    found = set()
    for formula in re.findall(r"\$\$(.*?)\$\$|\$([^$\n]+)\$", text, flags=re.S):
        formula = "".join(formula)
        formula = re.sub(r"\\(text|mathrm|operatorname|begin|end|texttt)\s*\{[^}]*\}", " ", formula)
        found |= set(re.findall(r"\\[a-zA-Z]+|[a-zA-Z]", formula)) - _OPERATORS - {"e"}
    return found


def declared_symbols(cell):
    """The symbols that a `symbols` cell explains: those in the first column of its table."""
    rows = [line for line in cell.source.splitlines() if line.strip().startswith("|")]
    # A | inside a formula would end the column, so the table has to write it as \mid.
    return set().union(*(symbols(row.strip().strip("|").split("|")[0]) for row in rows)) if rows else set()


def calls(source, name):
    """All calls of the function `name` in Python source, as ast.Call nodes."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]
