"""Which cells needn't run: long training, as released, that nothing of the student's depends on."""

from functools import lru_cache

from sandbox.names import names

SKIPPED = "Not run when the notebook is graded: nothing graded depends on this cell."

# Released cells are the same in all submissions.
_released_names = lru_cache(maxsize=1000)(names)


def training_to_skip(steps, own_names):
    """The numbers of the steps that needn't run.

    These are the unchanged cells that their authors tagged "training", and the unchanged cells after them that use
    their results. When a cell that the student wrote or changed uses a result of theirs, all are run.

    Parameters
    ----------
    steps : sequence of Step
    own_names : dict from number to (defined, used)
        What `sandbox.names` says of the student's own cells.

    Returns
    -------
    set of int
    """
    skipped, made, everything, wanted = set(), set(), set(), set()
    for number, step in enumerate(steps):
        if step.action != "run":
            continue
        defined, used = own_names[number] if step.own else _released_names(step.source)
        if step.own:
            wanted |= used
            made -= defined
        elif step.training or used & made:
            skipped.add(number)
            made |= defined
            everything |= defined
    return set() if wanted & everything else skipped
