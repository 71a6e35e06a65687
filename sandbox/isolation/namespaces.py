"""Namespaces of its own for a process: users, processes, network, mounts, IPC and host name. Linux only."""

import ctypes
import errno
import os
from collections.abc import Collection
from functools import cache

from sandbox.isolation.errors import IsolationError
from sandbox.isolation.libc import LIBC, checked, mount

# linux/sched.h
FLAGS = {
    "user": 0x10000000,  # CLONE_NEWUSER
    "pid": 0x20000000,  # CLONE_NEWPID
    "network": 0x40000000,  # CLONE_NEWNET
    "mount": 0x00020000,  # CLONE_NEWNS
    "ipc": 0x08000000,  # CLONE_NEWIPC
    "uts": 0x04000000,  # CLONE_NEWUTS
}
NAMES = tuple(FLAGS)
MS_REC_PRIVATE = 0x4000 | 0x40000  # MS_REC | MS_PRIVATE of linux/mount.h

HINTS = {
    errno.EPERM: "the system or its container forbids it: allow user namespaces "
    "(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0; "
    "in a container --security-opt seccomp=unconfined)",
    errno.ENOSPC: "their number is used up: raise sysctl user.max_user_namespaces",
    errno.EINVAL: "the kernel was built without them",
    errno.ENOSYS: "the kernel was built without them",
}
HINTS[errno.EACCES] = HINTS[errno.EPERM]


def enter() -> list[str]:
    """Enter every namespace that `possible` found but "mount", for good; the pid namespace begins with the next fork.

    After this the process can start no thread, and only one child that counts: when the first ends, so do all others.

    Returns
    -------
    list of str
        Names out of `NAMES`.

    Raises
    ------
    IsolationError
        When what was possible isn't any more: there is a greatest number of namespaces.
    """
    names = [name for name, reason in possible().items() if not reason and name != "mount"]
    try:
        if names:
            _unshare(names)
    except OSError as error:
        raise IsolationError(f"No namespaces could be entered: {_reason(error.errno)}.") from None
    return names


def enter_mount() -> None:
    """Enter a mount namespace, in which this process can change its root and nobody else's. Raises OSError."""
    _unshare(["mount"])


@cache
def possible() -> dict[str, str]:
    """Which namespaces this process could enter, tried in children, once; call it where there is only one thread.

    Returns
    -------
    dict from name to str
        "" when it can be entered, otherwise why not.
    """
    if not LIBC:
        return dict.fromkeys(NAMES, "this system has no namespaces: use Linux")
    if not _try(NAMES):
        return dict.fromkeys(NAMES, "")
    reasons = {"user": _try(["user"])}
    base = [] if reasons["user"] else ["user"]
    for name in NAMES[1:]:
        reasons[name] = _try([*base, name])
    return {name: _reason(number) for name, number in reasons.items()}


def _reason(number: int | None) -> str:
    return HINTS.get(number, os.strerror(number)) if number else ""


def _try(names: Collection[str]) -> int:
    """0 when a child could enter these namespaces, otherwise its errno."""
    child = os.fork()
    if not child:
        number = errno.EIO
        try:
            _unshare(names)
            number = 0
        except OSError as error:
            number = error.errno or errno.EIO
        finally:
            os._exit(number)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _unshare(names: Collection[str]) -> None:
    user, group = os.geteuid(), os.getegid()
    flags = sum(FLAGS[name] for name in names)
    checked(LIBC.unshare(ctypes.c_int(flags)))
    if "user" in names:
        # Users keep their numbers: outside this namespace nothing changes owner.
        for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{file}", "w") as target:
                target.write(text)
    if "mount" in names:
        # Without a user namespace, mounts made here would otherwise show outside.
        mount(None, "/", None, MS_REC_PRIVATE)
