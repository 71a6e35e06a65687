"""The student's process: runs cells and calls functions as the trusted side asks. Nothing here is trusted.

A request is a dict with one of these keys; each has one reply:

    "run": source                                 -> {"outputs", "count"}
    "names": [source, ...]                        -> {"names": [[defined, used], ...]}; see sandbox.names
    "hold": name, "as": key                       -> {"held": bool}; keeps the function of that name as it is now
    "call": key, "arguments", "options", "spare",
            "fixed": {name: [arguments, value]},
            "helpers": [name, ...]                -> {"ended", "arguments", ...}; see `as_reply`

During a call, a function that the request lists as a helper of the trusted side's asks it in turn:
{"helper": name, "arguments", "options"} -> {"value"} or {"raised", "message"}.
"""

import builtins
import io
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox import ONE_THREAD
from sandbox.names import names
from sandbox.shell import Shell
from sandbox.wire import Channel, Closed, Message, WireError
from utils.checks.calling import call, fixed_function, raised
from utils.checks.outcomes import Outcome, Raised, TooLarge


class Responder:
    """Serves requests on a channel with a shell.

    An interrupt stops the student's code, never a message half-way: between requests it is ignored, and while a
    message is on its way it waits.

    Parameters
    ----------
    shell : Shell
    channel : Channel
    """

    def __init__(self, shell: Shell, channel: Channel) -> None:
        self.shell, self.channel = shell, channel
        self.held: dict[str, Any] = {}
        self.running = False  # the student's code, rather than this
        self.late = False  # an interrupt came while it wasn't
        signal.signal(signal.SIGINT, self.interrupt)

    def serve(self) -> None:
        """Answer requests until the other side closes."""
        while True:
            try:
                reply = self.reply_to(self.channel.receive())
                try:
                    self.channel.send(reply)
                except WireError as reason:
                    self.channel.send(self.too_large(reason))
            except (Closed, WireError):
                return

    def interrupt(self, *_: object) -> None:
        """The handler of SIGINT."""
        if self.running:
            raise KeyboardInterrupt
        self.late = True

    def reply_to(self, request: Message) -> Message:
        """The reply to a request, interrupted or not."""
        self.late = False
        try:
            self.running = True
            reply = self.answer(request)
            self.running = False
        except KeyboardInterrupt:
            self.running = False
            reply = self.interrupted()
        return reply

    def answer(self, request: Message) -> Message:
        """The reply to one request."""
        if "run" in request:
            outputs, count = self.shell.run(request["run"])
            return {"outputs": outputs, "count": count}
        if "names" in request:
            return {"names": [[sorted(found) for found in names(source)] for source in request["names"]]}
        if "hold" in request:
            return {"held": self.hold(request["hold"], request["as"])}
        return self.call(request)

    def interrupted(self) -> Message:
        """The reply when the deadline passed: to a cell with its outputs so far, to a call without a value."""
        self.shell.outputs.fail("KeyboardInterrupt", "", ["It ran for too long and was stopped."])
        outcome = Raised("KeyboardInterrupt", "it ran for too long and was stopped")
        return {"outputs": self.shell.outputs.take(), "count": self.shell.execution_count, **as_reply(outcome)}

    def too_large(self, reason: WireError) -> Message:
        """The reply in place of one that doesn't fit."""
        return {"outputs": [], "count": 0, **as_reply(TooLarge(str(reason)))}

    def hold(self, name: str, key: str) -> bool:
        """Keep a function: later cells may define another of its name."""
        if name not in self.shell.user_ns:
            return False
        self.held[key] = self.shell.user_ns[name]
        return True

    def call(self, request: Message) -> Message:
        """Call a held function."""
        fixed = {name: fixed_function(name, *entry) for name, entry in request["fixed"].items()}
        helpers = {name: self.helper(name) for name in request["helpers"]}
        function = self.held[request["call"]]
        try:
            outcome = call(function, request["arguments"], request["options"], request["spare"], {**helpers, **fixed})
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a kernel would end the cell here, too
            outcome = raised(error, function)
        return as_reply(outcome)

    def helper(self, name: str) -> Callable[..., Any]:
        """A function that asks the trusted side for its own function of that name."""

        def ask(*arguments: Any, **options: Any) -> Any:
            self.running = False
            self.channel.send({"helper": name, "arguments": arguments, "options": options})
            reply = self.channel.receive()
            self.running = True
            if self.late:
                raise KeyboardInterrupt
            if "raised" in reply:
                raise getattr(builtins, reply["raised"])(reply["message"])
            return reply["value"]

        return ask


def as_reply(outcome: Outcome) -> Message:
    """How a call ended, as plain data: the name of the outcome's class, and what it holds."""
    reply = {"ended": type(outcome).__name__, **vars(outcome)}
    return reply | {"place": vars(reply["place"])} if reply.get("place") else reply


def settle(work: Path, files: dict[str, bytes]) -> None:
    """Make the process at home in its folder: files in place, streams that lead nowhere, an environment of its own.

    Parameters
    ----------
    work : Path
    files : dict from relative path to bytes
    """
    os.chdir(work)
    for name, data in files.items():
        path = work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "MPLBACKEND") if name in os.environ}
    os.environ.clear()
    os.environ.update(kept | ONE_THREAD, HOME=str(work), TMPDIR=str(work), MPLCONFIGDIR=str(work))
    # The student's own modules are found after all others, so that none can take another's place.
    sys.path[:] = [entry for entry in sys.path if entry] + [str(work)]


def live(shell: Shell, connection: socket.socket, work: Path) -> None:
    """Serve until the other side closes; never returns into the caller's frames.

    Parameters
    ----------
    shell : Shell
    connection : socket.socket
    work : Path
    """
    sys.stdout, sys.stderr = shell.streams()
    sys.stdin = io.StringIO()
    Responder(shell, Channel(connection)).serve()
