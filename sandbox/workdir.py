"""The folder that a student's process worked in."""

import contextlib
import os
import shutil
import stat
from pathlib import Path


def remove(folder: Path) -> None:
    """Remove a folder, whatever was done to the permissions in it; what can't be removed is left.

    Parameters
    ----------
    folder : Path
    """
    for parent, folders, _ in os.walk(folder):
        for path in (Path(parent, name) for name in folders):
            if not path.is_symlink():
                with contextlib.suppress(OSError):
                    path.chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)
