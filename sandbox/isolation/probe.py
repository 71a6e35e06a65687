"""What this machine has to isolate a process with."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path


@cache
def probe() -> dict[str, str]:
    """Try each layer in a process of its own; nothing changes in this one. Works on any system, from any thread.

    Returns
    -------
    dict from layer to str
        "" when this machine has it, otherwise why not.
    """
    folder = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sandbox.isolation"],
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            check=True,
            text=True,
            timeout=60,
        )
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        from sandbox.isolation import LAYERS

        return dict.fromkeys(LAYERS, f"the trial itself failed ({error}), see python -m sandbox.isolation")
