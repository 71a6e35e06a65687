"""Known mistakes: named edits of a reference solution, each with a sentence for the student who made it."""

import ast
import copy
import difflib
from typing import Any, overload

from autograder.exercises import reference
from autograder.exercises.callee import Function


class Mistake:
    """One mistake that students make.

    Mistake("climbs", "Subtract the step.", "w - step", "w + step") makes one edit. Several stand in pairs:
    Mistake("climbs", "Subtract the steps.", ("w - step", "w + step"), ("b - step", "b + step")).

    Parameters
    ----------
    name
        In a few words with hyphens: "no-mean-in-dw".
    says
        What the student is told.
    *edits : old, new; or pairs (old, new)
        Pieces of Python. Wherever `old` stands in the reference, as an expression or a statement, `new` takes its
        place; spaces, comments and brackets make no difference. An empty `new` removes a statement.
    """

    @overload
    def __init__(self, name: str, says: str, old: str, new: str, /) -> None: ...
    @overload
    def __init__(self, name: str, says: str, *edits: tuple[str, str]) -> None: ...
    def __init__(self, name: str, says: str, *edits: Any) -> None:
        self.name, self.says = name, says
        self.edits: tuple[tuple[str, str], ...] = (edits,) if edits and isinstance(edits[0], str) else edits
        if not self.edits or any(len(edit) != 2 for edit in self.edits):
            raise ValueError(f"Mistake {name} needs an old and a new piece of code, or pairs of them.")

    def __repr__(self) -> str:
        return f"Mistake({self.name!r})"

    def function(self, notebook: str, name: str) -> Function:
        """The reference function with the mistake in it. It calls the other reference functions."""
        return reference.functions(notebook, changed=self._definition(notebook, name))[name]

    def source(self, notebook: str, name: str) -> str:
        """The text of that function."""
        return ast.unparse(self._definition(notebook, name))

    def problems(self, notebook: str, name: str) -> list[str]:
        """Why its edits can't be made in the reference solution: a sentence for each, an empty list when they can."""
        return self._edited(notebook, name)[1]

    def _definition(self, notebook: str, name: str) -> ast.FunctionDef:
        tree, problems = self._edited(notebook, name)
        if problems:
            raise LookupError(" ".join(problems))
        return ast.fix_missing_locations(tree)

    def _edited(self, notebook: str, name: str) -> tuple[ast.FunctionDef, list[str]]:
        """The definition after all edits, and what stood in their way."""
        tree = copy.deepcopy(reference.definition(notebook, name))
        problems = []
        for old, new in self.edits:
            try:
                edit = _Edit(old, new)
            except (SyntaxError, ValueError) as error:
                problems.append(f"has an edit of `{old}` that can't be read ({error})")
                continue
            nearest = _nearest(old, tree)
            tree = edit.visit(tree)
            if not edit.found:
                problems.append(f"changes `{old}`, which the solution doesn't contain; the nearest line is `{nearest}`")
            elif not edit.changes:
                problems.append(f"changes nothing: `{old}` and `{new}` are the same code")
        return tree, [f"Mistake {self.name} of {notebook}.{name} {problem}." for problem in problems]


class _Edit(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        # Any, since mypy doesn't follow that both are expressions where is_expression is true.
        before: list[Any] = ast.parse(old).body
        after: list[Any] = ast.parse(new).body
        if len(before) != 1:
            raise ValueError("an edit changes one expression or one statement")
        self.found = False
        self.is_expression = isinstance(before[0], ast.Expr) and len(after) == 1 and isinstance(after[0], ast.Expr)
        self.old = _text(before[0].value if self.is_expression else before[0])
        self.new: ast.expr | list[ast.stmt] = after[0].value if self.is_expression else (after or [ast.Pass()])
        self.changes = _text(before) != _text(after)

    def visit(self, node: ast.AST) -> Any:
        kind = ast.expr if self.is_expression else ast.stmt
        if isinstance(node, kind) and _text(node) == self.old:
            self.found = True
            return copy.deepcopy(self.new)
        return self.generic_visit(node)


def _text(node: ast.AST | list[ast.stmt]) -> str:
    return ast.unparse(node)  # type: ignore[arg-type]  # it takes lists, too, which its annotation doesn't say


def _nearest(piece: str, definition: ast.FunctionDef) -> str:
    """The line of a function that looks most like a piece of code."""
    lines = [line.strip() for statement in _without_docstring(definition) for line in _text(statement).splitlines()]
    return difflib.get_close_matches(piece, lines, n=1, cutoff=0.0)[0]


def _without_docstring(definition: ast.FunctionDef) -> list[ast.stmt]:
    return definition.body[1:] if ast.get_docstring(definition) is not None else definition.body


def generic(definition: ast.FunctionDef) -> list[Mistake]:
    """Mistakes that fit any function: nothing returned, values returned in the wrong order."""
    returned = [node for node in ast.walk(definition) if isinstance(node, ast.Return)]
    if not returned:
        return []
    text = [ast.unparse(node) for node in returned]
    found = [
        Mistake(
            "returns-nothing",
            "Your function gives nothing back. End it with `return`; printing a value doesn't return it.",
            *((line, "") for line in dict.fromkeys(text)),
        )
    ]
    last = returned[-1].value
    if isinstance(last, ast.Tuple) and len(last.elts) > 1:
        backwards = ast.unparse(ast.Return(ast.Tuple(last.elts[::-1], ast.Load())))
        order = ", ".join(ast.unparse(element) for element in last.elts)
        found.append(
            Mistake("wrong-order", f"The right things in the wrong order: return {order}.", text[-1], backwards)
        )
    return found
