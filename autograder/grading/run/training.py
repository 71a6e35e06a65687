"""Which cells needn't run, because nothing of the student's depends on them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from autograder.grading.run.job import Step
from sandbox.names import Names, names

SKIPPED = "Not run when the notebook is graded: nothing graded depends on this cell."

# Released cells are the same in all submissions.
_released_names = lru_cache(maxsize=1000)(names)


def training_to_skip(steps: Sequence[Step], own_names: Mapping[int, Names]) -> set[int]:
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
    skipped: set[int] = set()
    made, everything, wanted = set[str](), set[str](), set[str]()
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


def spare_in_second_looks(steps: Sequence[Step], own_names: Mapping[int, Names], judged: set[str]) -> set[int]:
    """The numbers of the steps that needn't run once their outputs are known.

    These are the unchanged cells that define nothing that the student's own cells use, neither themselves nor by way
    of another unchanged cell: checks, pictures, examples, training.

    Parameters
    ----------
    steps : sequence of Step
    own_names : dict from number to (defined, used)
        What `sandbox.names` says of the student's own cells.
    judged : set of str
        The functions that are to be judged.

    Returns
    -------
    set of int
    """
    spare = {
        number: _released_names(step.source)
        for number, step in enumerate(steps)
        if step.action == "run" and not step.own
    }
    wanted = judged.union(*(used for _, used in own_names.values()))
    # Functions find what they use when they are called, so that it may also be defined below them.
    while needed := [number for number, (defined, _) in spare.items() if defined & wanted]:
        for number in needed:
            wanted |= spare.pop(number)[1]
    return set(spare)
