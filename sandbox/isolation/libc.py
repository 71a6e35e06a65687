"""Calls into the C library and the kernel that Python has no function for. Linux only; elsewhere `LIBC` is None."""

import ctypes
import os
import re
import sys
from pathlib import Path
from typing import Any

LIBC: Any = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if LIBC:
    LIBC.syscall.restype = ctypes.c_long


def checked(result: int) -> int:
    """The result of a C call.

    Raises
    ------
    OSError
        When the result is negative, with the call's errno.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def syscall(number: int, *arguments: int | bytes | None) -> int:
    """Call the kernel by number; whole numbers go as C longs, bytes and None as pointers.

    Returns
    -------
    int

    Raises
    ------
    OSError
    """
    return checked(LIBC.syscall(ctypes.c_long(number), *map(_wide, arguments)))


def prctl(option: int, *arguments: int) -> int:
    """Call prctl(2), with zeros for the arguments that are left out (the kernel asks for them). Raises OSError."""
    values = [*arguments, 0, 0, 0, 0][:4]
    return checked(LIBC.prctl(ctypes.c_int(option), *map(ctypes.c_ulong, values)))


def mount(source: str | None, target: str | Path, kind: str | None, flags: int, options: str | None = None) -> None:
    """Call mount(2); all texts may be None but the target. Raises OSError."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    checked(LIBC.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3]))


def kernel_version() -> tuple[int, int]:
    """The running kernel's version, as (major, minor); (0, 0) when it doesn't say."""
    found = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _wide(argument: int | bytes | None) -> ctypes.c_long | bytes | None:
    return ctypes.c_long(argument) if isinstance(argument, int) else argument
