"""Our own helpers in a process of their own, for a student's function that is judged again with them."""

import time
from collections.abc import Callable, Collection
from typing import Self

from autograder.exercises import reference
from sandbox.client import Died, HelpersProcess, SandboxError
from sandbox.wire import Closed, Frame, Message, TooSlow, WireError, frame_of

# What one call may take: the longest that an exercise needs takes a tenth of a second.
MOST_SECONDS = 5.0


class Helpers:
    """Our own functions of a notebook, as far as student code may use them. Use as a context manager.

    They run in a process of their own, started when the first of them is called. A call that takes too long or too much
    ends the process and raises an error in the student's code; the next call starts another one.

    Parameters
    ----------
    open_process : function of the helpers' source
    """

    def __init__(self, open_process: Callable[[str], HelpersProcess]) -> None:
        self._open_process = open_process
        self._process: HelpersProcess | None = None
        self._notebook = ""  # whose functions the process holds

    def answer(self, message: Message, frame: Frame, *, notebook: str, offered: Collection[str], until: float) -> Frame:
        """The reply to a student's process that asks for a helper.

        Parameters
        ----------
        message : dict
            {"helper": name, "arguments", "options"}, or whatever else a student's process sends in its place.
        frame : bytes
            The same as it came: what could be read here is passed on as it is.
        notebook : str
            Whose functions are asked for.
        offered : collection of str
            Those that may be called.
        until : float
            time.monotonic() after which none answers.

        Returns
        -------
        bytes
            The frame of {"value"} or {"raised", "message"}.
        """
        name = message["helper"]
        if not isinstance(name, str) or name not in offered:
            return _raised(ValueError("there is no such helper"))
        process = self._running(notebook)
        seconds = min(MOST_SECONDS, until - time.monotonic())
        if seconds <= 0:
            return _raised(TimeoutError(f"our {name} was called too late"))
        try:
            return process.call(frame, seconds)
        except TooSlow:
            self.close()
            return _raised(TimeoutError(f"our {name} took longer than {seconds:.1g} seconds with these arguments"))
        except (Closed, WireError):
            self.close()
            return _raised(MemoryError(f"our {name} was ended: these arguments asked for too much"))

    def _running(self, notebook: str) -> HelpersProcess:
        if self._process is None or self._notebook != notebook:
            self.close()
            try:
                self._process = self._open_process(reference.source(notebook))
            except Died as reason:  # which isn't the student's process, that a caller would take it for
                raise SandboxError(f"The process of our helpers {reason}.") from None
            self._notebook = notebook
        return self._process

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _raised(error: Exception) -> Frame:
    return frame_of({"raised": type(error).__name__, "message": str(error)})
