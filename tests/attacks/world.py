"""What an attack may want to reach, all of it the test's own: files, a listener, and the process that grades."""

import contextlib
import hashlib
import os
import secrets
import socket
import subprocess
import time
from pathlib import Path

import psutil

from autograder.course import ROOT, SOURCE
from tests.attacks.corpus import filled


class World:
    """A home, a course and a listener with a canary in each.

    Parameters
    ----------
    folder : Path
        An empty folder of the test's.
    course : Path, optional
        A real course, in the place of one that is made of canaries.
    """

    def __init__(self, folder, course=None):
        self.folder = Path(folder)
        self.canary = "canary" + secrets.token_hex(12)
        self.home, self.course = self.folder / "home", Path(course or self.folder / "course")
        mine = {
            "key": self.home / "keys" / "id_canary",
            "history": self.home / ".ipython" / "profile_default" / "history.sqlite",
        }
        theirs = {
            "secret": self.course / "grading" / "secret",
            "bob": self.course / "grading" / "submitted" / "bob" / "week2" / "numpy_basics.ipynb",
            "gradebook": self.course / "grading" / "gradebook.db",
        }
        self.files = mine | theirs
        for path in mine.values() if course else self.files.values():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.canary)
        self.drop = self.folder / "drop"  # whatever gets written here was written from inside
        self.drop.mkdir()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.abstract = socket.socket(socket.AF_UNIX)
        address = "\0listener" + secrets.token_hex(12)
        self.abstract.bind(address)
        self.abstract.listen()
        self.abstract.setblocking(False)
        # A process of the same user with a password in its environment.
        self.witness = subprocess.Popen(["sleep", "300"], env={**os.environ, "CANARY": self.canary})
        self.parts = {name: str(path) for name, path in self.files.items()}
        self.parts |= {
            "drop": str(self.drop),
            "port": self.listener.getsockname()[1],
            "abstract": address,
            "grader": os.getpid(),
            "witness": self.witness.pid,
            "readable": os.__file__,
            "course": str(self.course),
            "home": str(self.home),
            "root": str(ROOT),
            "source": str(SOURCE),
        }
        os.environ["CANARY"] = self.canary
        self.before = self._look()

    def fill(self, source):
        """A source with "@name@" replaced by what this world has of that name."""
        return filled(source, self.parts)

    def harm(self):
        """What was done to it, as sentences; empty when nothing was."""
        after = self._look()
        found = [f"{path} was changed" for path in self.before if self.before[path] != after.get(path)]
        found += [f"{path} was written" for path in after.keys() - self.before.keys()]
        for name, listener in (("TCP", self.listener), ("abstract", self.abstract)):
            with contextlib.suppress(BlockingIOError):
                listener.accept()[0].close()
                found.append(f"somebody connected to the {name} listener")
        if self.witness.poll() is not None:
            found.append("another process was ended")
        return found

    def close(self):
        """Close the listeners, end the process."""
        self.witness.kill()
        self.witness.wait()
        self.listener.close()
        self.abstract.close()
        os.environ.pop("CANARY", None)

    def _look(self):
        seen = {path: _hash(path) for path in sorted(self.folder.rglob("*")) if path.is_file() or path.is_symlink()}
        # The sources' bytes, without reading all of them at every attack.
        for path in [*SOURCE.glob("*/*"), *(ROOT / "autograder").glob("*.py"), *(ROOT / "utils").glob("*.py")]:
            about = path.stat()
            seen[path] = (about.st_size, about.st_mtime_ns)
        return seen


def _hash(path):
    return os.readlink(path) if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()


def processes_like(pid):
    """Ids of all other processes with the command line of this one: what was forked from it, wherever it is now.

    Those below another test worker aren't among them: its warm process may have the same command line.
    """
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != pid:
            with contextlib.suppress(OSError):
                if (entry / "cmdline").read_bytes() == command and not _is_another_workers(int(entry.name)):
                    found.append(int(entry.name))
    return found


def _is_another_workers(pid):
    try:
        above = {process.pid for process in psutil.Process(pid).parents()}
    except psutil.NoSuchProcess:
        return False
    return os.getppid() in above and os.getpid() not in above


def wait_until_gone(pid, seconds=30):
    """Processes like this one that are still there after some seconds."""
    until = time.monotonic() + seconds
    while (left := processes_like(pid)) and time.monotonic() < until:
        time.sleep(0.02)
    return left
