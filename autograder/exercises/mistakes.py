"""Known mistakes: named edits of a reference solution, each with a sentence for the student who made it."""

import ast
import copy
from dataclasses import dataclass

from autograder.exercises import reference


@dataclass(frozen=True)
class Mistake:
    """One mistake that students make.

    Parameters
    ----------
    name : str
        In a few words with hyphens: "no-mean-in-dw".
    says : str
        What the student is told.
    edits : tuple of (old, new)
        Pieces of Python. Wherever `old` stands in the reference, as an expression or a statement, `new` takes its
        place; spaces, comments and brackets make no difference. An empty `new` removes a statement.
    """

    name: str
    says: str
    edits: tuple

    def function(self, notebook, name):
        """The reference function with the mistake in it. It calls the other reference functions."""
        return reference.functions(notebook, changed=self._definition(notebook, name))[name]

    def source(self, notebook, name):
        """The text of that function."""
        return ast.unparse(self._definition(notebook, name))

    def _definition(self, notebook, name):
        tree = copy.deepcopy(reference.definition(notebook, name))
        for old, new in self.edits:
            edit = _Edit(old, new)
            tree = edit.visit(tree)
            if not edit.found:
                raise LookupError(
                    f"Mistake {self.name} of {notebook}.{name} changes `{old}`, which the solution in source/ doesn't "
                    f"contain: bring the catalogue in autograder/catalogue/ up to date with the solution."
                )
        return ast.fix_missing_locations(tree)


class _Edit(ast.NodeTransformer):
    def __init__(self, old, new):
        old, new = ast.parse(old).body, ast.parse(new).body
        if len(old) != 1:
            raise ValueError("An edit changes one expression or one statement.")
        self.found = False
        self.is_expression = isinstance(old[0], ast.Expr) and len(new) == 1 and isinstance(new[0], ast.Expr)
        self.old = _text(old[0].value if self.is_expression else old[0])
        self.new = new[0].value if self.is_expression else (new or [ast.Pass()])

    def visit(self, node):
        kind = ast.expr if self.is_expression else ast.stmt
        if isinstance(node, kind) and _text(node) == self.old:
            self.found = True
            return copy.deepcopy(self.new)
        return self.generic_visit(node)


def _text(node):
    return ast.unparse(node)


def generic(definition):
    """Mistakes that fit any function: nothing returned, values returned in the wrong order.

    Parameters
    ----------
    definition : ast.FunctionDef

    Returns
    -------
    list of Mistake
    """
    returned = [node for node in ast.walk(definition) if isinstance(node, ast.Return)]
    if not returned:
        return []
    text = [ast.unparse(node) for node in returned]
    found = [
        Mistake(
            "returns-nothing",
            "Your function gives nothing back. End it with `return`; printing a value doesn't return it.",
            tuple((line, "") for line in dict.fromkeys(text)),
        )
    ]
    last = returned[-1].value
    if isinstance(last, ast.Tuple) and len(last.elts) > 1:
        backwards = ast.unparse(ast.Return(ast.Tuple(last.elts[::-1], ast.Load())))
        order = ", ".join(ast.unparse(element) for element in last.elts)
        found.append(
            Mistake("wrong-order", f"The right things in the wrong order: return {order}.", ((text[-1], backwards),))
        )
    return found
