"""A process's rights: capabilities, dumpability, and that it dies with its parent."""

import contextlib
import ctypes
import errno
import os
import select
from pathlib import Path

from sandbox.isolation.errors import IsolationError
from sandbox.isolation.libc import LIBC, checked, prctl

# linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_READ = 23
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
SIGKILL = 9
_LINUX_CAPABILITY_VERSION_3 = 0x20080522  # linux/capability.h

# The keeper: its pid, and a pidfd of it where the system has those.
_keeper: tuple[int, int | None] | None = None


def remember_keeper() -> None:
    """In the keeper, before it forks: lets the child see whether its keeper still lives."""
    global _keeper
    try:
        _keeper = os.getpid(), os.pidfd_open(os.getpid())
    except (AttributeError, OSError):
        _keeper = os.getpid(), None


def die_with_keeper() -> None:
    """In the child: be killed when the keeper ends, and end now if it already has (the signal would never come)."""
    if LIBC:
        prctl(PR_SET_PDEATHSIG, SIGKILL)
    global _keeper
    if _keeper is None:
        return
    (pid, pidfd), _keeper = _keeper, None
    if pidfd is None:
        # In a pid namespace the parent's pid reads 0, dead or alive.
        gone = os.getppid() not in (0, pid)
    else:
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        gone = bool(poll.poll(0))
        os.close(pidfd)
    if gone:
        os._exit(1)


def hide_memory() -> None:
    """Keep processes of the same user from tracing this one and from reading its /proc entries. Linux only."""
    if LIBC:
        prctl(PR_SET_DUMPABLE, 0)


def own_proc_entries() -> None:
    """Make /proc/self this process's own again, which `hide_memory` in its parent had given to root. Linux only."""
    if LIBC:
        prctl(PR_SET_DUMPABLE, 1)


def offer_to_oom_killer() -> None:
    """When the machine runs out of memory, this process goes first. Best effort."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def check_one_thread() -> None:
    """Landlock and seccomp bind only the thread that asks for them, so there must be no other.

    Raises
    ------
    IsolationError
    """
    try:
        threads = len(os.listdir("/proc/self/task"))
    except OSError:
        return
    if threads > 1:
        raise IsolationError(f"This process has {threads} threads: confine it before it starts any but the first.")


def drop() -> None:
    """Give up all capabilities and the ways to get them back, for good.

    Raises
    ------
    IsolationError
    """
    if not LIBC:
        raise IsolationError("This system has no capabilities to drop: use Linux.")
    try:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        _empty_bounding_set()
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
        # struct __user_cap_header_struct, and two struct __user_cap_data_struct of three words each
        header = (ctypes.c_uint32 * 2)(_LINUX_CAPABILITY_VERSION_3, 0)
        checked(LIBC.capset(header, (ctypes.c_uint32 * 6)()))
    except OSError as error:
        raise IsolationError(f"This system lets no process give up its capabilities ({error.strerror}).") from None


def _empty_bounding_set() -> None:
    for number in range(64):
        try:
            if prctl(PR_CAPBSET_READ, number):
                prctl(PR_CAPBSET_DROP, number)
        except OSError as error:
            # EINVAL: past the last capability. EPERM: a process without CAP_SETPCAP, and then without any to hand on.
            if error.errno not in (errno.EINVAL, errno.EPERM):
                raise
            return
