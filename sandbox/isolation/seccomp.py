"""seccomp: a filter in the kernel that allows the system calls that Python needs, written as its small machine code.

Constants are those of linux/seccomp.h, linux/filter.h, linux/bpf_common.h and linux/audit.h, and of the calls that are
weighed. What is refused fails with EPERM, so that Python code sees an OSError; what nobody needs with ENOSYS, so that
libc falls back to what is there. Architectures: x86_64 and aarch64.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterable, Sequence
from functools import cache

from sandbox.isolation import syscalls
from sandbox.isolation.errors import IsolationError
from sandbox.isolation.libc import prctl
from sandbox.isolation.privileges import PR_SET_NO_NEW_PRIVS

# One instruction: code, jump if true, jump if false, operand.
Line = tuple[int, int, int, int]
# An answer, and what has to hold for it: argument & mask == value, for each condition (argument, mask, value).
Rule = tuple[int, Sequence[tuple[int, int, int]]]

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PR_GET_SECCOMP, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 21, 22, 2

# BPF_LD | BPF_W | BPF_ABS, BPF_ALU | BPF_AND, BPF_JMP | BPF_JEQ, BPF_JMP | BPF_JGT, BPF_RET; operands are BPF_K
LOAD, AND, IF_EQUAL, IF_GREATER, RETURN = 0x20, 0x54, 0x15, 0x25, 0x06
SECCOMP_RET_ALLOW, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
ALLOW = SECCOMP_RET_ALLOW
# struct seccomp_data: int nr; __u32 arch; __u64 instruction_pointer; __u64 args[6]
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
ALL_BITS = 0xFFFFFFFF

CLONE_THREAD, CLONE_NEW = 0x10000, 0x7E020000  # CLONE_NEWNS and all other CLONE_NEW...
AF_UNIX, SOCK_STREAM, SOCK_TYPE_MASK = 1, 1, 0xF
MOST_SIGNALS, MOST_CLOCKS = 31, 15
PRIO_PROCESS = 0
MAP_HUGETLB = 0x40000
F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC = 0, 1, 2, 3, 4, 1030
O_ASYNC = 0x2000
LOCKS = (6, 7, 37, 38)  # F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW
# TCGETS, TCGETS2, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
HARMLESS_CONTROLS = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET = 0, 1, 9, 10
FUTEX_COMMAND_MASK, FUTEX_PRIVATE_FLAG = 0x7F, 0x80
# PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS, PR_SVE_GET_VL,
# PR_GET_TAGGED_ADDR_CTRL, PR_SET_VMA
HARMLESS_OPTIONS = (3, 15, 16, 21, 23, 39, 51, 56, 0x53564D41)
# MADV_NORMAL, RANDOM, SEQUENTIAL, DONTNEED, FREE, DONTFORK, DOFORK, HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP, WIPEONFORK,
# KEEPONFORK, GUARD_INSTALL, GUARD_REMOVE: none of them takes a file's pages out of memory, or merges pages with others.
HARMLESS_ADVICE = (0, 1, 2, 4, 8, 10, 11, 14, 15, 16, 17, 18, 19, 102, 103)


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
    lines = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (IF_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (RETURN, 0, 0, SECCOMP_RET_KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    weighed = syscalls.numbers(syscalls.WEIGHED, machine)
    for name, rules in _weighed(pid).items():
        if name in weighed:
            lines += _by_arguments(weighed[name], rules)
    lines += _by_number(_answers(machine, own_root))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _answers(machine: str, own_root: bool) -> dict[int, int]:
    """What is answered to a call whatever its arguments are, by its number."""
    allowed, refused = list(syscalls.ALLOWED), list(syscalls.REFUSED)
    (allowed if own_root else refused).append(syscalls.ATTRIBUTES)
    return {
        number: answer
        for tables, answer in ((allowed, ALLOW), (refused, _error(errno.EPERM)))
        for table in tables
        for number in syscalls.numbers(table, machine).values()
    }


def _by_number(answers: dict[int, int]) -> list[Line]:
    """Numbers in a row with the same answer need one comparison; a number without an answer isn't there."""
    absent = _error(errno.ENOSYS)
    last = max(answers)
    lines = []
    for number in range(last + 1):
        answer = answers.get(number, absent)
        if number == last or answers.get(number + 1, absent) != answer:
            lines += [(IF_GREATER, 1, 0, number), (RETURN, 0, 0, answer)]
    # Newer calls, and on x86_64 those of the x32 ABI, which have bit 30 set.
    return [*lines, (RETURN, 0, 0, absent)]


def _weighed(pid: int) -> dict[str, list[Rule]]:
    """Rules for the calls whose arguments matter: the first that holds decides, and where none does, EPERM."""
    own, zero = _each(0, (0, pid)), _each(0, (0,))
    rules: dict[str, list[Rule]] = {
        # libc falls back to clone, whose flags a filter can see; those of clone3 lie in memory.
        "clone3": [(_error(errno.ENOSYS), [])],
        "clone": [(ALLOW, [(0, CLONE_THREAD | CLONE_NEW, CLONE_THREAD)])],
        # A pair of stream sockets is connected to itself for good (asyncio wakes itself with one).
        "socketpair": [(ALLOW, [(0, ALL_BITS, AF_UNIX), (1, SOCK_TYPE_MASK, SOCK_STREAM)])],
        # To itself only. Signals from 32 on are queued, in a queue that all processes of a user share.
        "kill": [(ALLOW, [(0, ALL_BITS, pid), (1, ~MOST_SIGNALS & ALL_BITS, 0)])],
        "tkill": [(ALLOW, [(0, ALL_BITS, pid), (1, ~MOST_SIGNALS & ALL_BITS, 0)])],
        "tgkill": [(ALLOW, [(0, ALL_BITS, pid), (2, ~MOST_SIGNALS & ALL_BITS, 0)])],
        # glibc asks for the affinity of threads, too, and does without where that isn't there.
        "sched_getaffinity": [*own, (_error(errno.ENOSYS), [])],
        "getpriority": [(ALLOW, [(0, ALL_BITS, PRIO_PROCESS), (1, ALL_BITS, 0)])],
        "fcntl": [
            *_each(1, (F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC)),
            (ALLOW, [(1, ALL_BITS, F_SETFL), (2, O_ASYNC, 0)]),
            *_each(1, LOCKS, _error(0)),
        ],
        # Whoever locks a file is told that it worked. In its own folder there is nobody else; on files of others, locks
        # would be seen by all who read these. HDF5 and sqlite3 lock all that they open.
        "flock": [(_error(0), [])],
        "ioctl": _each(1, HARMLESS_CONTROLS),
        "prctl": _each(0, HARMLESS_OPTIONS),
        "madvise": _each(2, HARMLESS_ADVICE),
        "mmap": [(ALLOW, [(3, MAP_HUGETLB, 0)])],
        "futex": _futex(),
    }
    alike: dict[str, list[Rule]] = {
        # A flag of theirs tells whether others have read this part of a file.
        "preadv2 pwritev2": [(ALLOW, [(5, ALL_BITS, 0)])],
        # A clock that is negative is the processor time of some process.
        "clock_gettime clock_getres clock_nanosleep": [(ALLOW, [(0, ~MOST_CLOCKS & ALL_BITS, 0)])],
        "getpgid getsid sched_getattr sched_getparam sched_getscheduler": own,
        "prlimit64 sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler": zero,
    }
    return rules | {name: rule for names, rule in alike.items() for name in names.split()}


def _futex() -> list[Rule]:
    """Two processes can meet at a word of a file that both only read: one waits there, the other wakes it, and is told.

    So nobody sleeps at a shared word, and nobody is woken there. libc waits at one for a thread to end, in a loop.
    """
    command = FUTEX_PRIVATE_FLAG | FUTEX_COMMAND_MASK
    return [
        (ALLOW, [(1, FUTEX_PRIVATE_FLAG, FUTEX_PRIVATE_FLAG)]),
        *[(_error(errno.EAGAIN), [(1, command, wait)]) for wait in (FUTEX_WAIT, FUTEX_WAIT_BITSET)],
        *[(_error(0), [(1, command, wake)]) for wake in (FUTEX_WAKE, FUTEX_WAKE_BITSET)],
        (_error(errno.ENOSYS), []),
    ]


def _each(argument: int, values: Iterable[int], answer: int = ALLOW) -> list[Rule]:
    """A rule for each value of an argument."""
    return [(answer, [(argument, ALL_BITS, value)]) for value in values]


def _by_arguments(number: int, rules: Iterable[Rule]) -> list[Line]:
    """The answer to one call."""
    lines = []
    for answer, conditions in rules:
        left = 3 * len(conditions) + 1
        for argument, mask, value in conditions:
            left -= 3
            lines += [_load(argument), (AND, 0, 0, mask), (IF_EQUAL, 0, left, value)]
        lines.append((RETURN, 0, 0, answer))
    lines.append((RETURN, 0, 0, _error(errno.EPERM)))
    return [(IF_EQUAL, 0, len(lines), number), *lines]


def _load(argument: int) -> Line:
    # The lower half; the kernel, too, ignores the upper one of what it takes as an int.
    return (LOAD, 0, 0, ARGUMENTS_AT + 8 * argument + (4 if sys.byteorder == "big" else 0))


def _error(number: int) -> int:
    """The answer that makes a call fail with an errno; with 0 it does nothing and succeeds."""
    return SECCOMP_RET_ERRNO | number
