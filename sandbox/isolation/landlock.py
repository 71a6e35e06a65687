"""Landlock: the kernel refuses this process all files but those named, TCP, and the signals and sockets of others.

Numbers and names are those of linux/landlock.h. ABI versions 1 (Linux 5.13) to 7 are known; a newer kernel is asked
for what version 7 can do.
"""

import errno
import os
import struct
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from sandbox.isolation import paths
from sandbox.isolation.errors import IsolationError
from sandbox.isolation.libc import LIBC, prctl, syscall
from sandbox.isolation.privileges import PR_SET_NO_NEW_PRIVS

# System calls with the same numbers on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
LANDLOCK_CREATE_RULESET_VERSION = 1 << 0
LANDLOCK_RULE_PATH_BENEATH = 1
LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF = 1 << 0

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3  # LANDLOCK_ACCESS_FS_...
MAKE_CHAR, MAKE_BLOCK = 1 << 6, 1 << 11
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
FIRST_RIGHTS = REFER - 1  # all of ABI 1
READ = EXECUTE | READ_FILE | READ_DIR
WORK = FIRST_RIGHTS & ~(MAKE_CHAR | MAKE_BLOCK) | REFER | TRUNCATE
ON_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
NETWORK = 1 << 0 | 1 << 1  # LANDLOCK_ACCESS_NET_BIND_TCP, LANDLOCK_ACCESS_NET_CONNECT_TCP
SCOPES = 1 << 0 | 1 << 1  # LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET, LANDLOCK_SCOPE_SIGNAL


@cache
def version() -> int:
    """The kernel's Landlock ABI version.

    Raises
    ------
    IsolationError
        When it has none.
    """
    if not LIBC:
        raise IsolationError("This system has no Landlock: use Linux 5.13 or newer.")
    try:
        return syscall(CREATE_RULESET, None, 0, LANDLOCK_CREATE_RULESET_VERSION)
    except OSError as error:
        hint = {
            errno.ENOSYS: "the kernel was built without it, or it is older than 5.13",
            errno.EOPNOTSUPP: "it was switched off at boot, add landlock to the kernel's lsm= option",
            errno.EPERM: "the container's seccomp profile forbids it",
        }.get(error.errno or 0, error.strerror)
        raise IsolationError(f"There is no Landlock here: {hint}.") from None


def restrict(work: Path, readable: Iterable[Path], hidden: Iterable[Path] = (), own_root: bool = False) -> None:
    """Restrict this thread, and what it starts, to these files, for good.

    Parameters
    ----------
    work : Path
        A folder to read and write in.
    readable : iterable of Path
        Files and folders to read, besides those of Python and the system. One that is missing is left out.
    hidden : iterable of Path
        Folders within those that must stay unreadable.
    own_root : bool
        Whether `root.build` has left only what may be seen, so that all folders may be listed.

    Raises
    ------
    IsolationError
    """
    abi = version()
    everything = FIRST_RIGHTS | (REFER * (abi >= 2)) | (TRUNCATE * (abi >= 3)) | (IOCTL_DEV * (abi >= 5))
    # struct landlock_ruleset_attr grew by a field with ABI 4 and with ABI 6.
    fields = [everything, NETWORK, SCOPES][: 1 + (abi >= 4) + (abi >= 6)]
    attribute = struct.pack(f"={len(fields)}Q", *fields)
    try:
        ruleset = syscall(CREATE_RULESET, attribute, len(attribute), 0)
        try:
            for path, rights in _rules(Path(work), readable, hidden, own_root):
                _allow(ruleset, path, rights & everything)
            prctl(PR_SET_NO_NEW_PRIVS, 1)
            # A student could otherwise fill the audit log with refusals.
            quiet = LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF if abi >= 7 else 0
            syscall(RESTRICT_SELF, ruleset, quiet)
        finally:
            os.close(ruleset)
    except OSError as error:
        raise IsolationError(f"Landlock refused the rules of this sandbox ({error}).") from None


def _rules(work: Path, readable: Iterable[Path], hidden: Iterable[Path], own_root: bool) -> Iterator[tuple[Path, int]]:
    hidden = [Path(path).resolve() for path in hidden]
    real = paths.python_and_system() | paths.real_paths(readable)
    for path in dict.fromkeys(real.values()):
        yield from _without(path, hidden)
    for name in paths.PROCESS:
        yield Path(name), READ
    for name in paths.DEVICES:
        yield Path(name), READ_FILE | WRITE_FILE
    if own_root:
        yield Path("/"), READ_DIR
    yield work, WORK


def _without(path: Path, hidden: list[Path]) -> Iterator[tuple[Path, int]]:
    """Rules to read `path` but what is hidden: a rule holds for all beneath, so the others are named one by one."""
    if path in hidden:
        return
    if not any(path in other.parents for other in hidden):
        yield path, READ
        return
    yield path, READ_DIR
    for child in path.iterdir():
        if not child.is_symlink():
            yield from _without(child, hidden)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there: nothing to allow
    try:
        if not os.path.isdir(path):
            rights &= ON_A_FILE
        # struct landlock_path_beneath_attr, packed
        syscall(ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
