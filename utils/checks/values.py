"""Values as the frozen examples hold them: JSON with arrays."""

from pathlib import Path

import numpy as np

from utils.checks.outcomes import Raised
from utils.checks.readings import Missing, Reason
from utils.checks.trace import Place

FROZEN = Path(__file__).parent / "frozen"


def freeze(value):
    """A value as JSON can hold it: arrays become {"array": nested lists, "dtype": ...}; readings may be frozen, too."""
    if isinstance(value, Missing):
        return {"missing": value.reason.name, "path": value.path, "wanted": value.wanted, "found": value.found}
    if isinstance(value, Raised):
        # What tells one stop from another: the arrays that stood there, or else the operation.
        return {"raised": value.kind, "at": value.place and (sorted(value.place.shapes) or value.place.operation)}
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {"dict": {key: freeze(entry) for key, entry in value.items()}}
    if isinstance(value, list | tuple):
        return [freeze(entry) for entry in value]
    return value


def thaw(value):
    """The value that `freeze` was given (tuples come back as lists)."""
    if isinstance(value, dict) and "array" in value:
        return np.array(value["array"], dtype=value["dtype"])
    if isinstance(value, dict) and "missing" in value:
        path = None if value["path"] is None else tuple(value["path"])
        return Missing(Reason[value["missing"]], path, value["wanted"], value["found"])
    if isinstance(value, dict) and "raised" in value:
        return Raised(value["raised"], place=_thaw_place(value["at"]))
    if isinstance(value, dict):
        return {key: thaw(entry) for key, entry in value["dict"].items()}
    if isinstance(value, list):
        return [thaw(entry) for entry in value]
    return value


def _thaw_place(at):
    if isinstance(at, list):
        return Place(things=tuple(("", tuple(shape)) for shape in at))
    return None if at is None else Place(operation=at)
