"""seccomp: a filter in the kernel that refuses system calls, written here as its small machine code.

Constants are those of linux/seccomp.h, linux/filter.h, linux/bpf_common.h and linux/audit.h. Refused calls fail with
EPERM, so that Python code sees an OSError. Architectures: x86_64 and aarch64.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterable
from functools import cache

from sandbox.isolation import syscalls
from sandbox.isolation.errors import IsolationError
from sandbox.isolation.libc import prctl
from sandbox.isolation.privileges import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG

# One instruction: code, jump if true, jump if false, operand.
Line = tuple[int, int, int, int]

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PR_GET_SECCOMP, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 21, 22, 2
PR_SET_MM = 35

# BPF_LD | BPF_W | BPF_ABS, BPF_ALU | BPF_AND, BPF_JMP | BPF_JEQ, BPF_JMP | BPF_JGT, BPF_RET; operands are BPF_K
LOAD, AND, IF_EQUAL, IF_GREATER, RETURN = 0x20, 0x54, 0x15, 0x25, 0x06
SECCOMP_RET_ALLOW, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
# struct seccomp_data: int nr; __u32 arch; __u64 instruction_pointer; __u64 args[6]
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16

CLONE_THREAD = 0x10000
AF_UNIX, SOCK_STREAM, SOCK_TYPE_MASK = 1, 1, 0xF
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
ALL_BITS = 0xFFFFFFFF


def architecture() -> str:
    """This process's architecture, one that a filter can be written for.

    Raises
    ------
    IsolationError
    """
    if sys.platform != "linux":
        raise IsolationError("This system has no seccomp: use Linux.")
    machine = os.uname().machine
    if machine not in AUDIT_ARCH or struct.calcsize("P") != 8:
        raise IsolationError(f"There is no seccomp filter for this Python ({machine}): use a 64-bit x86_64 or aarch64.")
    return machine


def available() -> None:
    """Do nothing where a filter can be installed.

    Raises
    ------
    IsolationError
    """
    architecture()
    try:
        prctl(PR_GET_SECCOMP)
    except OSError:
        raise IsolationError("This kernel was built without seccomp: use one with CONFIG_SECCOMP_FILTER.") from None


def install(own_root: bool) -> None:
    """Install the filter on this thread and what it starts, for good.

    Parameters
    ----------
    own_root : bool
        Whether files outside the sandbox are out of reach by mounts, so that chmod and its like may be allowed.

    Raises
    ------
    IsolationError
    """
    code = program(architecture(), os.getpid(), own_root)
    # struct sock_fprog: unsigned short len; struct sock_filter *filter
    instructions = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(instructions)))
    try:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(header))
    except OSError as error:
        raise IsolationError(f"This system refuses a seccomp filter ({error.strerror}).") from None


@cache
def program(machine: str, pid: int, own_root: bool) -> bytes:
    """The filter's machine code.

    Parameters
    ----------
    machine : str
        "x86_64" or "aarch64".
    pid : int
        The only process that may be sent signals.
    own_root : bool
        As for `install`.

    Returns
    -------
    bytes
        Instructions of eight bytes, struct sock_filter.
    """
    tables = [syscalls.PROCESSES, syscalls.OTHERS, syscalls.SOCKETS, syscalls.HOARDS, syscalls.SYSTEM]
    if not own_root:
        tables.append(syscalls.ATTRIBUTES)
    lines = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (IF_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (RETURN, 0, 0, SECCOMP_RET_KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
        # Unknown calls, and on x86_64 those of the x32 ABI, which have bit 30 set.
        (IF_GREATER, 0, 1, syscalls.NEWEST),
        _refuse(errno.ENOSYS),
    ]
    for table in tables:
        for number in syscalls.numbers(table, machine).values():
            lines += [(IF_EQUAL, 0, 1, number), _refuse(errno.EPERM)]
    lines += _weighed(syscalls.numbers(syscalls.WEIGHED, machine), pid)
    lines.append((RETURN, 0, 0, SECCOMP_RET_ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _weighed(calls: dict[str, int], pid: int) -> list[Line]:
    # libc falls back to clone, whose flags a filter can see; those of clone3 lie in memory.
    lines = [(IF_EQUAL, 0, 1, calls["clone3"]), _refuse(errno.ENOSYS)]
    lines += _only(calls["clone"], (0, CLONE_THREAD, CLONE_THREAD))
    # A pair of stream sockets is connected to itself for good (asyncio wakes itself with one).
    lines += _only(calls["socketpair"], (0, ALL_BITS, AF_UNIX), (1, SOCK_TYPE_MASK, SOCK_STREAM))
    for name in ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        lines += _only(calls[name], (0, ALL_BITS, pid))
    for name in ("prlimit64", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler"):
        lines += _only(calls[name], (0, ALL_BITS, 0))
    lines += _never(calls["prctl"], 0, (PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_MM))
    # These type into a terminal, on behalf of whoever started the grader.
    lines += _never(calls["ioctl"], 1, (TIOCSTI, TIOCLINUX))
    return lines


def _only(number: int, *conditions: tuple[int, int, int]) -> list[Line]:
    """Allow a call only when `argument & mask == value` for each condition (argument, mask, value)."""
    lines = []
    for position, (argument, mask, value) in enumerate(conditions):
        left = 3 * (len(conditions) - position - 1)
        lines += [_load(argument), (AND, 0, 0, mask), (IF_EQUAL, 0, left + 1, value)]
    lines += [(RETURN, 0, 0, SECCOMP_RET_ALLOW), _refuse(errno.EPERM)]
    return [(IF_EQUAL, 0, len(lines), number), *lines]


def _never(number: int, argument: int, values: Iterable[int]) -> list[Line]:
    """Refuse a call when its argument is one of `values`."""
    lines = [_load(argument)]
    for value in values:
        lines += [(IF_EQUAL, 0, 1, value), _refuse(errno.EPERM)]
    lines.append((RETURN, 0, 0, SECCOMP_RET_ALLOW))
    return [(IF_EQUAL, 0, len(lines), number), *lines]


def _load(argument: int) -> Line:
    # The lower half; the kernel, too, ignores the upper one of what it takes as an int.
    return (LOAD, 0, 0, ARGUMENTS_AT + 8 * argument + (4 if sys.byteorder == "big" else 0))


def _refuse(number: int) -> Line:
    return (RETURN, 0, 0, SECCOMP_RET_ERRNO | number)
