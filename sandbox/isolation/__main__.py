"""Print what this machine has to isolate a process with, as JSON: layer, and why it is missing."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sandbox.isolation import LAYERS, IsolationError, Limits, landlock, limits, namespaces, privileges, root, seccomp


def main() -> None:
    """Try each layer in a child of its own, and print what it said."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve()
        trials = {
            "limits": lambda: limits.limit(Limits()),
            "mount": lambda: _try_root(work),
            "privileges": privileges.drop,
            "landlock": lambda: landlock.restrict(work, []),
            "seccomp": _try_seccomp,
        }
        if hasattr(os, "fork"):
            found = dict(namespaces.possible())
            for name, trial in trials.items():
                found[name] = found.get(name) or _in_child(trial)
        else:
            found = dict.fromkeys(LAYERS, "this system can't fork: use Linux or macOS")
    print(json.dumps({name: found[name] for name in LAYERS}, indent=2))


def _try_seccomp() -> None:
    seccomp.available()
    seccomp.install(True)


def _try_root(work: Path) -> None:
    entered = namespaces.enter()
    reason = _in_child(lambda: root.build(work, [], [], Limits(), "pid" in entered))
    if reason:
        raise IsolationError(reason)


def _in_child(trial: Callable[[], object]) -> str:
    """What stopped `trial` in a child, "" when nothing did."""
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        try:
            trial()
        except BaseException as error:
            os.write(send, (str(error) or type(error).__name__).encode())
        finally:
            os._exit(0)
    os.close(send)
    with open(receive, "rb") as file:
        said = file.read().decode()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return said or ("" if status == 0 else f"the trial ended with {status}")


main()
