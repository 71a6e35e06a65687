"""The right answers, read out of the source notebooks: they are written nowhere else."""

import ast
import json
import linecache
import zlib
from functools import cache
from types import CodeType
from typing import Any

from autograder.course import notebook_path
from autograder.exercises.callee import Function


@cache
def module(notebook: str) -> ast.Module:
    """The imports and functions of a source notebook, without anything that it runs."""
    # As plain JSON: importing nbformat takes seconds on some machines, and every process that grades would pay them.
    cells = json.loads(notebook_path(notebook).read_text(encoding="utf-8"))["cells"]
    kept: list[ast.stmt] = []
    for cell in cells:
        if cell["cell_type"] == "code":
            kept += [node for node in ast.parse("".join(cell["source"])).body if _belongs(node)]
    return ast.Module(kept, type_ignores=[])


def _belongs(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module != "autograder"
    return isinstance(node, ast.FunctionDef | ast.Import)


def source(notebook: str) -> str:
    """The text of those imports and functions."""
    return ast.unparse(module(notebook))


def functions(notebook: str, changed: ast.FunctionDef | None = None) -> dict[str, Function]:
    """The functions of a source notebook, by name.

    Parameters
    ----------
    notebook
    changed
        Takes the place of the function of its name, so that the others call it.

    Returns
    -------
    dict from name to function
        In the order of the notebook. They share their globals.
    """
    tree = module(notebook)
    if changed is not None:
        body = [changed if getattr(node, "name", None) == changed.name else node for node in tree.body]
        tree = ast.Module(body, type_ignores=[])
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    namespace: dict[str, Any] = {"__name__": f"reference.{notebook}"}
    for node in tree.body:
        exec(_compiled(notebook, node), namespace)
    return {name: namespace[name] for name in names}


@cache
def _compiled(notebook: str, node: ast.stmt) -> CodeType:
    """The code of one import or function, whose text Python finds again when it tells where an error was raised."""
    text = ast.unparse(node)
    file = f"<{notebook} {zlib.crc32(text.encode()):08x}>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    return compile(text, file, "exec")


@cache
def function(notebook: str, name: str) -> Function:
    """One reference function."""
    definition(notebook, name)
    return functions(notebook)[name]


def definition(notebook: str, name: str) -> ast.FunctionDef:
    """The definition of one reference function.

    Raises
    ------
    LookupError
        When the notebook has none of this name.
    """
    found = {node.name: node for node in module(notebook).body if isinstance(node, ast.FunctionDef)}
    if name not in found:
        raise LookupError(f"source notebook {notebook} defines no {name}; it defines {', '.join(sorted(found))}.")
    return found[name]
