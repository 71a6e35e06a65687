"""The trusted side's handle on a warm process and on the notebooks that run under it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Protocol, Self

from sandbox import ONE_THREAD
from sandbox.names import Names
from sandbox.wire import Channel, Closed, Frame, Message, TooSlow, WireError, message_of, pair
from sandbox.workdir import remove

START_SECONDS = 120
# How long code may go on after it was interrupted, before it is killed.
GRACE_SECONDS = 3
# Address space of a process that holds helpers of ours; what was imported takes a fifth of it.
HELPERS_MB = 1024

# Gives the reply to a helper call.
Answer = Callable[[Message, Frame], Frame]


class RunSettings(Protocol):
    """What a student's process is bound by: the level of isolation, its address space, and the time of a notebook."""

    @property
    def isolation(self) -> str: ...
    @property
    def memory_mb(self) -> int: ...
    @property
    def notebook_seconds(self) -> float: ...


class SandboxError(Exception):
    """The sandbox can't be had here; one sentence says why and what to do."""


class Refused(SandboxError):
    """This machine lacks the isolation that was asked for."""


class Died(Exception):
    """The student's process is gone, or was ended: one sentence about why, to follow "the notebook"."""


class DiedByItself(Died):
    """Nobody ended it."""


class Sandbox:
    """A warm process, from which every notebook is forked. Start one in each worker; threads may share it."""

    def __init__(self) -> None:
        if not hasattr(os, "fork"):
            raise SandboxError("Grading needs Linux or macOS; on Windows, run it in WSL.")
        self._requests, theirs = pair()
        with theirs:
            os.set_inheritable(theirs.fileno(), True)
            # -I and a bare environment: nothing of ours, neither variables nor the working folder, gets in.
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "sandbox", str(theirs.fileno())],
                env=_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        self._lock = threading.Lock()
        self._requests.settimeout(START_SECONDS)
        try:
            warm = self._requests.recv(1)
        except TimeoutError:
            warm = b""
        if not warm:
            self.close()
            raise SandboxError("The sandbox's warm process didn't start; what it printed above says why.")

    def open(self, settings: RunSettings, files: dict[str, bytes] | None = None) -> Session:
        """Start a student's process.

        Parameters
        ----------
        settings : RunSettings
        files : dict from relative path to bytes, or None
            What lies in its folder.

        Returns
        -------
        Session

        Raises
        ------
        Refused
            When the isolation that was asked for can't be had.
        Died
        """
        return Session(*self._fork(), settings, files=files or {})

    def open_helpers(self, settings: RunSettings, source: str) -> HelpersProcess:
        """Start a process that holds helpers of ours; isolated as a student's, and apart from all of those.

        Parameters
        ----------
        settings : RunSettings
        source : str
            Imports and functions, as Python.

        Returns
        -------
        HelpersProcess

        Raises
        ------
        Refused
            When the isolation that was asked for can't be had.
        Died
        """
        return HelpersProcess(*self._fork(), settings, source)

    def _fork(self) -> tuple[Channel, Channel]:
        """A new keeper under the warm process: what it takes orders by, and what its process is spoken to by."""
        orders, their_orders = pair()
        data, their_data = pair()
        with their_orders, their_data, self._lock:
            socket.send_fds(self._requests, [b"n"], [their_orders.fileno(), their_data.fileno()])
        return Channel(orders), Channel(data)

    @property
    def alive(self) -> bool:
        """Whether the warm process still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Process id of the warm process."""
        return self._process.pid

    def close(self) -> None:
        """End the warm process and everything under it."""
        self._requests.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "HOME") if name in os.environ}
    return kept | ONE_THREAD | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}


class Process:
    """A process under a warm one. Use as a context manager: at its end it is killed and its folder removed.

    Parameters
    ----------
    orders, data : Channel
        To its keeper, and to itself.
    settings : RunSettings
    memory_mb : int
        Its address space.
    serves : dict
        What it is for, a part of the keeper's order: see `keep` in sandbox.server.

    Attributes
    ----------
    layers : list of str
        The layers of isolation that were reached.
    """

    def __init__(self, orders: Channel, data: Channel, settings: RunSettings, memory_mb: int, serves: Message) -> None:
        self._orders, self._data = orders, data
        self._folder = Path(tempfile.mkdtemp(prefix="notebook-"))
        try:
            self._orders.send(
                serves
                | {
                    "work": str(self._folder),
                    "level": settings.isolation,
                    "readable": [str(path) for path in readable_paths()],
                    "hidden": [str(path) for path in hidden_paths()],
                    "limits": {"memory_mb": memory_mb, "cpu_seconds": int(2 * settings.notebook_seconds)},
                }
            )
            answer = self._orders.receive(START_SECONDS)
        except (Closed, TooSlow, WireError):
            self.close()
            raise Died("didn't start: the sandbox's keeper is gone") from None
        if "refused" in answer:
            self.close()
            raise Refused(answer["refused"])
        self.layers = list(answer["layers"])

    def close(self) -> None:
        """Kill the process and all that it started; once they are gone, remove its folder."""
        self._data.close()
        with contextlib.suppress(OSError):
            self._orders.socket.shutdown(socket.SHUT_WR)
            self._orders.socket.settimeout(GRACE_SECONDS)
            while self._orders.socket.recv(4096):  # its keeper closes last
                pass
        self._orders.close()
        remove(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class HelpersProcess(Process):
    """A process that holds helpers of ours, and nothing of a student's."""

    def __init__(self, orders: Channel, data: Channel, settings: RunSettings, source: str) -> None:
        super().__init__(orders, data, settings, min(settings.memory_mb, HELPERS_MB), {"define": source})

    def call(self, request: Frame, seconds: float) -> Frame:
        """Have a helper called: pass a request on, and give back what comes. See sandbox.helpers for both.

        Raises
        ------
        TooSlow, Closed, WireError
            The process is of no use any more: close it.
        """
        self._data.send_frame(request, seconds)
        return self._data.receive_frame(seconds)


class Session(Process):
    """One student's process."""

    def __init__(self, orders: Channel, data: Channel, settings: RunSettings, files: dict[str, bytes]) -> None:
        super().__init__(orders, data, settings, settings.memory_mb, {"files": files})

    def run(self, source: str, seconds: float) -> tuple[Any, Any]:
        """Run a cell.

        Returns
        -------
        outputs : list of dict
            As the student's process gives them: to be checked before they are used.
        count : int

        Raises
        ------
        Died
        """
        reply = self.ask({"run": source}, seconds)
        return reply.get("outputs"), reply.get("count")

    def names(self, sources: list[str], seconds: float) -> list[Names]:
        """What `sandbox.names` says of some cells; to be asked before any of them has run.

        Returns
        -------
        list of (defined, used)
        """
        found = self.ask({"names": sources}, seconds).get("names")
        match found:
            case [*_] if len(found) == len(sources):
                return [(set(map(str, defined)), set(map(str, used))) for defined, used in found]
        self._die("sent something that can't be read")

    def hold(self, name: str, key: str, seconds: float) -> bool:
        """Keep the function of this name as it is now; False when there is none."""
        return self.ask({"hold": name, "as": key}, seconds).get("held") is True

    def ask(self, request: Message, seconds: float, answer: Answer | None = None) -> Message:
        """Send a request and wait for its reply; when it takes too long, interrupt, then kill.

        Parameters
        ----------
        request : dict
        seconds : float
        answer : function or None
            Of a helper call that comes instead, and the frame that it came in; gives the frame of its reply. See
            sandbox.student.

        Returns
        -------
        dict

        Raises
        ------
        Died
        """
        until, interrupted = time.monotonic() + seconds, False
        try:
            self._data.send(request, max(0.1, seconds))
            while True:
                try:
                    frame = self._data.receive_frame(until - time.monotonic())
                except TooSlow:
                    if interrupted:
                        raise
                    self._interrupt()
                    until, interrupted = time.monotonic() + GRACE_SECONDS, True
                    continue
                message = message_of(frame)
                if "helper" not in message:
                    return message
                if answer is None:
                    self._die("sent something that wasn't asked for")
                try:
                    reply = answer(message, frame)
                except BaseException:  # the student's code waits, and would take what comes next for its reply
                    self.close()
                    raise
                self._data.send_frame(reply, max(0.1, until - time.monotonic()))
        except Closed:
            raise DiedByItself(f"ended by itself{self._reason()}") from None
        except WireError as reason:
            self._die(f"sent something that can't be read: {reason}")
        except TooSlow:
            self._die(f"ran for more than {seconds:.0f} seconds and couldn't be interrupted")

    def _interrupt(self) -> None:
        """Stop the student's code; returns when the signal is on its way, so that it doesn't hit what comes next."""
        with contextlib.suppress(Closed, TooSlow, WireError):
            self._orders.send({"interrupt": True}, GRACE_SECONDS)
            self._orders.receive(GRACE_SECONDS)

    def _die(self, reason: str) -> NoReturn:
        self.close()
        raise Died(reason) from None

    def _reason(self) -> str:
        """Why the process ended, in words, from what its keeper says."""
        try:
            ended = self._orders.receive(2)
            status = int(ended.get("status", 0))
        except (Closed, TooSlow, WireError, TypeError, ValueError):
            return ""
        finally:
            self.close()
        if os.WIFSIGNALED(status):
            return {9: " (killed)", 11: " (a crash)", 24: " (out of computing time)"}.get(
                os.WTERMSIG(status), f" (signal {os.WTERMSIG(status)})"
            )
        return f" (exit {os.WEXITSTATUS(status)})"


def readable_paths() -> list[Path]:
    """What a student's process may read beside Python itself: this package, `utils` and its data."""
    import utils

    package = Path(utils.__file__).resolve().parent
    data = package.parent / "datasets" / "cats.h5"
    return [package, Path(__file__).resolve().parent, *([data] if data.exists() else [])]


def hidden_paths() -> list[Path]:
    """What lies among Python's packages when the course is installed there, and is not for students."""
    found = importlib.util.find_spec("autograder")
    return [Path(place) for place in (found.submodule_search_locations or ())] if found else []
