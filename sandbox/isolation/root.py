"""A root file system of its own, inside a mount namespace: only what may be read is in it, and only `work` is writable.

Landlock refuses to open other files; here they don't exist, so they can't be looked for, nor have their mode or times
changed, and it holds on kernels without Landlock, too. Numbers and names are those of linux/mount.h.
"""

import contextlib
import ctypes
import os
import shutil
import struct
from collections.abc import Iterable
from pathlib import Path

from sandbox.isolation import namespaces, paths
from sandbox.isolation.errors import IsolationError
from sandbox.isolation.libc import LIBC, checked, mount, syscall
from sandbox.isolation.limits import Limits, limit_pids

# Paths, each with what it is without symbolic links.
Real = dict[Path, Path]

# System calls with the same numbers on every architecture.
OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
OPEN_TREE_CLONE = 1
AT_FDCWD, AT_RECURSIVE, MOVE_MOUNT_F_EMPTY_PATH = -100, 0x8000, 0x4
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID = 0x1, 0x2
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x1, 0x2, 0x4, 0x8
MNT_DETACH = 2
MOST_FILES = 10_000  # inodes of the working folder


def build(work: Path, readable: Iterable[Path], hidden: Iterable[Path], limits: Limits, own_pids: bool) -> None:
    """Replace this process's root. What lies in `work` is copied into memory, and what is written there ends with it.

    Parameters
    ----------
    work : Path
        The only writable folder, a real path.
    readable : iterable of Path
        Files and folders to read, besides those of Python and the system.
    hidden : iterable of Path
        Folders within those that must stay unreadable.
    limits : Limits
    own_pids : bool
        Whether the process is in a pid namespace of its own.

    Raises
    ------
    IsolationError
        When the system refuses a step.
    """
    if not LIBC:
        raise IsolationError("This system has no mount namespaces: use Linux.")
    try:
        with contextlib.ExitStack() as stack:
            _replace(Path(work), paths.real_paths(readable), hidden, limits, own_pids, stack)
    except (OSError, shutil.Error) as error:
        raise IsolationError(f"This system refuses a root file system of its own to the sandbox ({error}).") from None


def _replace(
    work: Path, readable: Real, hidden: Iterable[Path], limits: Limits, own_pids: bool, stack: contextlib.ExitStack
) -> None:
    namespaces.enter_mount()
    handed_in = os.open(work, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    stack.callback(os.close, handed_in)
    real = paths.python_and_system() | paths.real_paths(paths.DEVICES) | readable
    trees = _copy_mounts(real, stack)
    # Any folder would do to build in; this one is there.
    mount("tmpfs", work, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m")
    try:
        _fill(work, trees, real, [Path(path).resolve() for path in hidden])
        _add_proc(work, limits, own_pids, stack)
        _add_work(work, handed_in, limits)
        os.chdir(work)
        checked(LIBC.pivot_root(b".", b"."))
    except (OSError, shutil.Error):
        LIBC.umount2(os.fsencode(work), ctypes.c_int(MNT_DETACH))
        raise
    # The old root now lies on top of the new one.
    checked(LIBC.umount2(b".", ctypes.c_int(MNT_DETACH)))
    _set_attributes("/", AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0)
    _set_attributes(work, 0, 0, MOUNT_ATTR_RDONLY)


def _copy_mounts(real: Real, stack: contextlib.ExitStack) -> dict[Path, int]:
    """Detached copies of the mounts at the real paths, as a dict from path to descriptor."""
    wanted = set(real.values())
    return {path: _open_tree(path, AT_RECURSIVE, stack) for path in wanted if wanted.isdisjoint(path.parents)}


def _open_tree(path: Path, flags: int, stack: contextlib.ExitStack) -> int:
    tree = syscall(OPEN_TREE, AT_FDCWD, os.fsencode(path), flags | OPEN_TREE_CLONE | os.O_CLOEXEC)
    stack.callback(os.close, tree)
    return tree


def _fill(root: Path, trees: dict[Path, int], real: Real, hidden: list[Path]) -> None:
    for path, tree in trees.items():
        _attach(tree, _inside(root, path), path.is_dir())
    for path, target in real.items():
        if path != target and trees.keys().isdisjoint(path.parents):
            place = _inside(root, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)
    for path in hidden:
        if path.is_dir() and not trees.keys().isdisjoint((path, *path.parents)):
            mount("tmpfs", _inside(root, path), "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "mode=755,size=4k")


def _add_proc(root: Path, limits: Limits, own_pids: bool, stack: contextlib.ExitStack) -> None:
    """A /proc that shows this process and no other."""
    proc = root / "proc"
    proc.mkdir()
    if own_pids:
        try:
            mount("proc", proc, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        except OSError:
            pass  # a container that covers parts of its own /proc lets nobody mount a bare one
        else:
            limit_pids(limits, proc)
            return
    for path in map(Path, paths.PROCESS):
        if path.exists():
            _attach(_open_tree(path, 0, stack), _inside(root, path), path.is_dir())


def _add_work(root: Path, handed_in: int, limits: Limits) -> None:
    place = _inside(root, root)
    place.mkdir(parents=True, exist_ok=True)
    options = f"mode=700,size={limits.work_mb}m,nr_inodes={MOST_FILES}"
    mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, options)
    # The folder itself is covered by now, but not for one who stands in it.
    os.fchdir(handed_in)
    shutil.copytree(".", place, symlinks=True, dirs_exist_ok=True)


def _attach(tree: int, place: Path, folder: bool) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if folder:
        place.mkdir(exist_ok=True)
    else:
        place.touch()
    syscall(MOVE_MOUNT, tree, b"", AT_FDCWD, os.fsencode(place), MOVE_MOUNT_F_EMPTY_PATH)


def _inside(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def _set_attributes(path: str | Path, flags: int, wanted: int, unwanted: int) -> None:
    attributes = struct.pack("=4Q", wanted, unwanted, 0, 0)  # struct mount_attr
    syscall(MOUNT_SETATTR, AT_FDCWD, os.fsencode(path), flags, attributes, len(attributes))
