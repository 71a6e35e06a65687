"""Isolation of a process that runs student code: limits, namespaces, Landlock, seccomp and dropped privileges.

In this order: a single-threaded *keeper* calls `enter_namespaces` and forks once; the child calls `confine` before it
runs any code of a student's, and starts no thread before that. Nothing of it can be undone.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from sandbox.isolation import landlock, limits, namespaces, paths, privileges, root, seccomp
from sandbox.isolation.errors import IsolationError
from sandbox.isolation.limits import Limits
from sandbox.isolation.probe import probe

__all__ = [
    "LAYERS",
    "LEVELS",
    "IsolationError",
    "Limits",
    "confine",
    "describe",
    "enter_namespaces",
    "prepare",
    "probe",
    "why_not_best",
]

LEVELS = ("full", "best", "none")
# What each layer is for.
LAYERS = {
    "limits": "bounds memory, time and sizes",
    "user": "gives no rights over the machine",
    "pid": "hides other processes",
    "network": "takes the network away",
    "mount": "hides other files",
    "ipc": "hides the shared memory of others",
    "uts": "hides the host name",
    "privileges": "drops what root may do",
    "landlock": "closes other files",
    "seccomp": "allows only the system calls that Python needs",
}
# Either of them keeps the grader's files from a student's code: its secret, the solutions, the gradebook.
FILES = ("mount", "landlock")


def prepare() -> None:
    """Find out once, in the process that forks the keepers, what each of them would have to find out again.

    Optional. Call it while there is only one thread: it tries namespaces in forked children.
    """
    namespaces.possible()
    paths.python_and_system()
    with contextlib.suppress(IsolationError):
        for own_root in (True, False):
            seccomp.program(seccomp.architecture(), 1, own_root)


def enter_namespaces(level: str) -> list[str]:
    """Enter the namespaces that this machine offers, and hide this process's memory. For the keeper.

    Afterwards it can start no thread, and the first process that it forks must be the student's: the others of the
    new pid namespace end with it.

    Parameters
    ----------
    level : str
        One of `LEVELS`. "none" enters nothing.

    Returns
    -------
    list of str
        The layers reached, for `confine`; "mount" comes later, because each process needs a root of its own.

    Raises
    ------
    IsolationError
        When `level` is "full" and one is missing.
    """
    _check_level(level)
    privileges.remember_keeper()
    if level == "none":
        return []
    if level == "full":
        for name, reason in namespaces.possible().items():
            if reason:
                raise _not_full(f"there is no {name} namespace: {reason}")
    try:
        entered = namespaces.enter()
    except IsolationError as error:
        if level == "full":
            raise _not_full(str(error)) from None
        entered = []
    privileges.hide_memory()
    return entered


def confine(
    level: str, work: Path, readable: Iterable[Path], limits: Limits, entered: list[str], hidden: Iterable[Path] = ()
) -> list[str]:
    """Confine this process to a folder, for good. For the student's process, before any code of the student's.

    The process's working folder, its home and its folder for temporary files become `work`. With the layer "mount"
    `work` is a copy in memory of what lay there: what the process writes ends with it and is seen by nobody.

    Parameters
    ----------
    level : str
        One of `LEVELS`. "none" sets limits only.
    work : Path
        The folder to write in.
    readable : iterable of Path
        Files and folders to read, besides those of Python and the system.
    limits : Limits
    entered : list of str
        What `enter_namespaces` returned.
    hidden : iterable of Path
        Folders within those that must stay unreadable.

    Returns
    -------
    list of str
        All layers reached, names out of `LAYERS`.

    Raises
    ------
    IsolationError
        When `level` is "full" and a layer is missing, when it is "best" and nothing keeps files from it, or when this
        process has more than one thread.
    """
    _check_level(level)
    privileges.check_one_thread()
    privileges.die_with_keeper()
    privileges.own_proc_entries()
    privileges.offer_to_oom_killer()
    work = Path(work).resolve()
    reached, missing = set(entered), {}
    for name, apply in _steps(level, work, readable, limits, entered, hidden, reached):
        try:
            apply()
            reached.add(name)
        except IsolationError as error:
            if level == "full":
                raise _not_full(str(error)) from None
            reached.discard(name)
            missing[name] = str(error)
    if level == "best" and (reason := why_not_best(missing)):
        raise IsolationError(reason)
    return [name for name in LAYERS if name in reached]


def why_not_best(missing: Mapping[str, str]) -> str:
    """Why "best" can't be had where these layers are missing.

    Parameters
    ----------
    missing : dict from layer to str
        Why each is missing.

    Returns
    -------
    str
        A sentence that says what to do; "" where files are kept from a student's code.
    """
    if not all(missing.get(name) for name in FILES):
        return ""
    mount, landlock = (missing[name].rstrip(".") for name in FILES)
    return (
        "Here student code could read the solutions and write into the gradebook, because there is neither a file "
        f"system of its own for it ({mount}) nor Landlock ({landlock}): mend one of the two, or set "
        'c.Grading.isolation = "none" to grade all the same.'
    )


def describe(layers: Collection[str], reasons: Mapping[str, str] | None = None) -> str:
    """The isolation reached, in a sentence.

    Parameters
    ----------
    layers : collection of str
        What `confine` returned.
    reasons : dict from layer to str, optional
        What `probe` returned, to say why a layer is missing.

    Returns
    -------
    str
    """
    reached = [name for name in LAYERS if name in layers]
    missing = [name for name in LAYERS if name not in layers]
    if not missing:
        return f"isolation: full ({', '.join(reached)})"
    word = "partial" if set(reached) - {"limits"} else "off"
    return f"isolation: {word} (reached: {', '.join(reached) or 'nothing'}; missing: {_group(missing, reasons or {})})"


def _group(missing: list[str], reasons: Mapping[str, str]) -> str:
    """Missing layers in words; those with the same reason share it."""
    grouped: dict[str, list[str]] = {}
    for name in missing:
        grouped.setdefault(reasons.get(name, "").rstrip("."), []).append(f"{name}, which {LAYERS[name]}")
    return "; ".join(
        " and ".join(names) + (f", because {reason}" if reason else "") for reason, names in grouped.items()
    )


def _steps(
    level: str,
    work: Path,
    readable: Iterable[Path],
    bounds: Limits,
    entered: list[str],
    hidden: Iterable[Path],
    reached: set[str],
) -> Iterator[tuple[str, Callable[[], None]]]:
    """The layers in an order in which none takes away what the next needs: (name, function without arguments)."""
    if level != "none":
        yield "mount", lambda: root.build(work, readable, hidden, bounds, "pid" in entered)
    _move_into(work)
    yield "limits", lambda: limits.limit(bounds, entered)
    if level != "none":
        yield "landlock", lambda: landlock.restrict(work, readable, hidden, "mount" in reached)
        yield "privileges", privileges.drop
        privileges.hide_memory()
        yield "seccomp", lambda: seccomp.install("mount" in reached)


def _move_into(work: Path) -> None:
    os.chdir(work)
    os.environ.update(HOME=str(work), TMPDIR=str(work))
    tempfile.tempdir = None


def _check_level(level: str) -> None:
    if level not in LEVELS:
        raise ValueError(f"isolation must be one of {', '.join(LEVELS)}, not {level!r}.")


def _not_full(reason: str) -> IsolationError:
    return IsolationError(f'Isolation "full" is out of reach ({reason.rstrip(".")}): mend that or set it to "best".')
