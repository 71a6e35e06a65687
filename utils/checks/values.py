"""Values as the frozen examples hold them: JSON with arrays."""

from pathlib import Path

import numpy as np

from utils.checks.outcomes import Raised
from utils.checks.readings import Missing, Reason, rounded, shortened
from utils.checks.trace import Place

FROZEN = Path(__file__).parent / "frozen"


def freeze_reading(reading):
    """A reading as JSON can hold it; arrays are rounded."""
    match reading:
        case Missing(reason=reason, path=path, wanted=wanted, found=found):
            return {"missing": reason.name, "path": path, "wanted": wanted, "found": found}
        case Raised(kind=kind, place=place):
            # What tells one stop from another: the arrays that stood there, or else the operation.
            return {"raised": kind, "at": place and (sorted(place.shapes) or place.operation)}
    return freeze(rounded(reading))


def freeze(value):
    """A value as JSON can hold it: arrays become {"array": nested lists, "dtype": ...}."""
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {"dict": {key: freeze(entry) for key, entry in value.items()}}
    if isinstance(value, list | tuple):
        return [freeze(entry) for entry in value]
    return value


def settled(value):
    """Inputs that every processor draws alike: those that were computed, and not only drawn, lose their last digits."""
    if isinstance(value, dict):
        return {key: settled(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(settled, value))
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return shortened(value)
    return float(shortened(np.asarray(value))) if isinstance(value, float) else value


def thaw(value):
    """The value that `freeze`, or the reading that `freeze_reading` was given (tuples come back as lists)."""
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
