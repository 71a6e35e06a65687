"""The folder that a student's process worked in."""

import contextlib
import os
import shutil
import stat
import tempfile
from itertools import count
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove a folder, whatever was done to the permissions in it and however deep it is; what can't be is left.

    Parameters
    ----------
    folder : Path
    """
    with contextlib.suppress(OSError):
        # All folders in it are laid side by side first: a path may be longer than the system takes, and deeper than
        # Python follows.
        heap, number = Path(tempfile.mkdtemp(prefix="removed-", dir=folder.parent)), count()

        def lay(path: str | Path) -> Path:
            os.chmod(path, stat.S_IRWXU)
            return Path(path).rename(heap / str(next(number)))

        try:
            waiting = [lay(folder)]
            while waiting:
                for entry in list(os.scandir(waiting.pop())):
                    if entry.is_dir(follow_symlinks=False):
                        with contextlib.suppress(OSError):
                            waiting.append(lay(entry.path))
        finally:
            shutil.rmtree(heap, ignore_errors=True)
