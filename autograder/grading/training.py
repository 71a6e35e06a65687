"""Which cells needn't run: long training, as released, that nothing of the student's depends on."""

import symtable

from IPython.core.inputtransformer2 import TransformerManager

SKIPPED = "Not run when the notebook is graded: nothing graded depends on this cell."


def training_to_skip(steps):
    """The numbers of the steps that needn't run.

    These are the unchanged cells that their authors tagged "training", and the unchanged cells after them that use
    their results. When a cell that the student wrote or changed uses a result of theirs, all are run.

    Parameters
    ----------
    steps : sequence of Step

    Returns
    -------
    set of int
    """
    skipped, made, wanted = set(), set(), set()
    for number, step in enumerate(steps):
        if step.action != "run":
            continue
        defined, used = _names(step.source)
        if step.own:
            wanted |= used
            made -= defined
        elif step.training or used & made:
            skipped.add(number)
            made |= defined
    everything = set().union(*(_names(steps[number].source)[0] for number in skipped)) if skipped else set()
    return set() if wanted & everything else skipped


def _names(source):
    """Global names that a cell defines, and those that it uses: two sets; both are empty when it isn't Python."""
    try:
        table = symtable.symtable(TransformerManager().transform_cell(source), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(), set()
    defined = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    used = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    tables = list(table.get_children())
    while tables:
        inner = tables.pop()
        tables += inner.get_children()
        used |= {symbol.get_name() for symbol in inner.get_symbols() if symbol.is_global() and symbol.is_referenced()}
    return defined, used
