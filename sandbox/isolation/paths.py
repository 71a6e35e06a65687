"""The system's files that Python needs: everything else must be named to be readable."""

import os
import site
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

# Shared libraries, time zones, fonts, locales, and what the loader and numpy look up. No passwd, no hosts, no home.
SYSTEM = (
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/share",
    "/usr/local/lib",
    "/usr/local/share",
    "/nix/store",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/fonts",
    "/sys/devices/system/cpu",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
# Not /proc/self/smaps and its like, which tell how many processes have a part of a file in memory; nor /proc/meminfo
# and /proc/stat, which tell what others do.
PROCESS = (
    *(f"/proc/self/{name}" for name in ("cmdline", "fd", "maps", "stat", "statm", "status")),
    "/proc/cpuinfo",
    "/proc/version",
)


@cache
def python_and_system() -> dict[Path, Path]:
    """Files and folders of Python and of the system that a student's process may read.

    Only parts of Python's prefix are named: it may be the folder that the course lies in.

    Returns
    -------
    dict from Path to Path
        Those that exist, each with its real path.
    """
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    places = [Path(prefix, part) for prefix in sorted(prefixes) for part in ("lib", "lib64", "share", "etc/fonts")]
    if site.ENABLE_USER_SITE:
        places.append(Path(site.getusersitepackages()))
    places += map(Path, SYSTEM)
    return real_paths(places)


def real_paths(paths: Iterable[Path | str]) -> dict[Path, Path]:
    """The paths that exist, each with what it is without symbolic links, as a dict."""
    return {Path(path): Path(path).resolve() for path in paths if os.path.exists(path)}
