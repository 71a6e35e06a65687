"""Limits that the kernel puts on one process: memory, time, sizes and numbers."""

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sandbox.isolation.errors import IsolationError
from sandbox.isolation.libc import LIBC, kernel_version

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MB = 2**20
# The kernel refuses a smaller pid_max: RESERVED_PIDS + 1 in kernel/pid.c.
SMALLEST_PID_MAX = 301


@dataclass(frozen=True)
class Limits:
    """What one student's process may use.

    Attributes
    ----------
    memory_mb : int
        Address space, in MB; more is a MemoryError.
    cpu_seconds : int
        Processor time over all threads, in seconds; more is a SIGKILL.
    file_mb : int
        The largest file, in MB; more is an OSError.
    work_mb : int
        All files of the working folder together, in MB. Kept where a mount namespace is reached; more is an OSError.
    open_files : int
    threads : int
        Kept for other users than root, and for root from Linux 6.14 on.
    nice : int
        Added to the priority number, so that the machine stays usable.
    """

    memory_mb: int = 4096
    cpu_seconds: int = 600
    file_mb: int = 64
    work_mb: int = 256
    open_files: int = 256
    threads: int = 256
    nice: int = 5


def limit(limits: Limits, entered: Iterable[str] = ()) -> None:
    """Set the limits on this process, for good.

    Parameters
    ----------
    limits : Limits
    entered : list of str
        Names of the namespaces that were entered.

    Raises
    ------
    IsolationError
        When this system has no limits at all, or refuses one.
    """
    if resource is None:
        raise IsolationError("This system has no resource limits: use Linux, or macOS for these alone.")
    # pid 1 of a namespace ignores SIGXCPU, so the hard limit, a SIGKILL, comes one second later.
    wanted: dict[str, int | tuple[int, int]] = {
        "RLIMIT_CPU": (limits.cpu_seconds, limits.cpu_seconds + 1),
        "RLIMIT_FSIZE": limits.file_mb * MB,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_MEMLOCK": 8 * MB,
        "RLIMIT_RTPRIO": 0,
    }
    # macOS takes RLIMIT_AS but refuses to go below what is mapped already, which is hundreds of gigabytes.
    if LIBC:
        wanted["RLIMIT_AS"] = limits.memory_mb * MB
    # Elsewhere it would count every process of this user, and a busy desktop would leave no thread to the student.
    if "user" in entered and kernel_version() >= (5, 14):
        wanted["RLIMIT_NPROC"] = limits.threads
    for name, values in wanted.items():
        if hasattr(resource, name):
            _lower(name, values if isinstance(values, tuple) else (values, values))
    os.nice(limits.nice)


def limit_pids(limits: Limits, proc: Path) -> None:
    """Limit how many threads this pid namespace may hold, because RLIMIT_NPROC doesn't bind root. Best effort.

    Parameters
    ----------
    limits : Limits
    proc : Path
        A /proc of this pid namespace and no other.
    """
    # Older kernels have one such number for the whole machine, and root could change it even from in here.
    if kernel_version() >= (6, 14):
        with contextlib.suppress(OSError):
            (proc / "sys/kernel/pid_max").write_text(str(max(limits.threads, SMALLEST_PID_MAX)))


def _lower(name: str, values: tuple[int, int]) -> None:
    kind = getattr(resource, name)
    most = resource.getrlimit(kind)[1]
    if most != resource.RLIM_INFINITY:
        values = min(values[0], most), min(values[1], most)
    try:
        resource.setrlimit(kind, values)
    except (OSError, ValueError) as error:
        raise IsolationError(f"This system refuses the limit {name} = {values[0]} ({error}).") from None
