"""Reads a lesson as the rules see it: cells and tags, words, symbols, and what its cells draw and ask."""

import ast
import inspect
import re
import time
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat

import utils.lesson
import utils.plots

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
    """What happened when a lesson's code cells ran in this process."""

    namespace: dict = field(default_factory=dict)
    drawings: list = field(default_factory=list)
    attempts: list = field(default_factory=list)
    explorers: list = field(default_factory=list)
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

    def code(self):
        return [(i, c) for i, c in enumerate(self.cells) if c.cell_type == "code"]

    @cached_property
    def run(self):
        """Run all code cells in this process, and record drawings, attempts and explorers."""
        run = Run(namespace={"__name__": "__main__"})
        original = (utils.plots.Drawing.__init__, utils.lesson.attempt, utils.lesson.explore)

        def draw(self, *args, **kwargs):
            original[0](self, *args, **kwargs)
            run.drawings.append(self)

        def attempt(*args, **kwargs):
            run.attempts.append(inspect.signature(original[1]).bind(*args, **kwargs).arguments)
            return original[1](*args, **kwargs)

        def explore(function, /, **controls):
            run.explorers.append((function, controls))
            return original[2](function, **controls)

        utils.plots.Drawing.__init__, utils.lesson.attempt, utils.lesson.explore = draw, attempt, explore
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                for _, cell in self.code():
                    start = time.perf_counter()
                    exec(compile(cell.source, f"{self.path.name}:{cell.id}", "exec"), run.namespace)
                    run.seconds[cell.id] = time.perf_counter() - start
        finally:
            utils.plots.Drawing.__init__, utils.lesson.attempt, utils.lesson.explore = original
        return run


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
