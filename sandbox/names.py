"""Which names a cell defines and uses."""

import symtable

from IPython.core.inputtransformer2 import TransformerManager

# What a cell defines, and what it uses.
Names = tuple[set[str], set[str]]


def names(source: str) -> Names:
    """Global names that a cell defines, and those that it uses.

    A hostile source can take long here, so that a student's is only looked at in the student's process.

    Parameters
    ----------
    source : str

    Returns
    -------
    defined, used : sets of str
        Both are empty when it isn't Python.
    """
    try:
        table = symtable.symtable(TransformerManager().transform_cell(source), "cell", "exec")
    except (SyntaxError, ValueError, RuntimeError, MemoryError):
        return set(), set()
    defined = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    used = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    tables = list(table.get_children())
    while tables:
        inner = tables.pop()
        tables += inner.get_children()
        used |= {symbol.get_name() for symbol in inner.get_symbols() if symbol.is_global() and symbol.is_referenced()}
    return defined, used
