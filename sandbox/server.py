"""The warm process: has everything imported that notebooks use, and forks a student's process in milliseconds.

    warm process                  python -m sandbox, one for each worker
      keeper                      one for each process below it; outside its reach; ends what it started
        student's process         isolated; runs the notebook
      keeper
        helpers' process          isolated; holds helpers of ours, and is there while a notebook asks for them

The trusted side holds two sockets for each: one to the process, one to its keeper. When the keeper's is closed, by
intent or because the trusted side died, everything under the keeper is killed.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox import isolation
from sandbox.wire import Channel, Closed, Message, WireError
from sandbox.workdir import remove

if TYPE_CHECKING:
    from sandbox.shell import Shell

# What notebooks of the course use, and what those modules import late.
WARM = """
    numpy numpy.linalg numpy.random numpy.testing matplotlib matplotlib.pyplot matplotlib.figure matplotlib.cm
    matplotlib.backends.backend_agg matplotlib_inline.backend_inline matplotlib_inline.config h5py PIL.Image
    PIL.PngImagePlugin PIL.JpegImagePlugin IPython IPython.display IPython.core.pylabtools tqdm tqdm.auto
    utils.checks utils.data utils.gradients utils.plots utils.progress_bar utils.shapes utils.statistics
    sandbox.helpers sandbox.shell sandbox.student
"""


def warm_up() -> Shell:
    """Import what notebooks use, draw one figure, and make the shell; no thread may be left running.

    Returns
    -------
    Shell
    """
    for name in WARM.split():
        importlib.import_module(name)
    from sandbox.shell import Shell
    from utils.plots import drawing, new_figure

    figure, axis = new_figure()  # loads fonts
    axis.plot([0, 1])
    drawing(figure, "A line from 0 to 1.")
    shell = Shell.instance()
    # As in a kernel: what pyplot drew is shown when a cell ends.
    shell.enable_matplotlib("inline")
    shell.run("1 + 1")
    shell.reset(new_session=True)
    return shell


def serve(requests: socket.socket, shell: Shell) -> None:
    """Fork a keeper for each request, until the trusted side is gone.

    Parameters
    ----------
    requests : socket.socket
        Each byte that comes carries two sockets: one for the keeper, one for the student's process.
    shell : Shell
    """
    isolation.prepare()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers leave no zombies
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the trusted side, which closes its sockets
    while True:
        word, descriptors, _, _ = socket.recv_fds(requests, 1, 2)
        if not word:
            return
        orders, data = (socket.socket(fileno=number) for number in descriptors)
        if os.fork() == 0:
            try:
                requests.close()
                keep(Channel(orders), data, shell)
            except (Closed, WireError):
                pass
            except BaseException as error:
                print(f"sandbox: {type(error).__name__}: {error}", file=sys.__stderr__, flush=True)
            finally:
                os._exit(0)
        orders.close()
        data.close()


def keep(orders: Channel, data: socket.socket, shell: Shell) -> None:
    """The keeper of one process.

    Parameters
    ----------
    orders : Channel
        First {"work", "level", "readable", "hidden", "limits"}, with "files" for a student's process, or with "define"
        for helpers of ours; then {"interrupt": True} any number of times. Its end means the end of the process.
    data : socket.socket
        For the process.
    shell : Shell
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    order = orders.receive()
    try:
        entered = isolation.enter_namespaces(order["level"])
    except isolation.IsolationError as reason:
        orders.send({"refused": str(reason)})
        return
    ready, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            orders.close()
            os.close(ready)
            become(data, shell, order, entered, told)
        finally:
            os._exit(0)
    data.close()
    os.close(told)
    alive = True
    try:
        orders.send(_first_words(ready))
        alive = _watch(orders, pid)
    finally:
        _end(pid, alive)
        remove(Path(order["work"]))  # the trusted side may be gone


def become(data: socket.socket, shell: Shell, order: Message, entered: list[str], told: int) -> None:
    """Isolate this process, say how far that went, and serve: as a student's, or with helpers of ours."""
    from sandbox import helpers, student

    os.setsid()
    work = Path(order["work"])
    try:
        limits = isolation.Limits(**order["limits"])
        readable = [Path(path) for path in order["readable"]]
        hidden = [Path(path) for path in order["hidden"]]
        layers = isolation.confine(order["level"], work, readable, limits, entered, hidden)
        _close_all_but(data.fileno(), told)
        student.settle(work, order.get("files", {}))
        ours = helpers.define(order["define"]) if "define" in order else None
        _tell(told, "+" + " ".join(layers))
    except isolation.IsolationError as reason:
        _tell(told, f"-{reason}")
        return
    except BaseException as error:
        _tell(told, f"-The sandbox couldn't start: {type(error).__name__}: {error}")
        return
    if ours is None:
        student.live(shell, data, work)
    else:
        helpers.serve(ours, Channel(data))


def _close_all_but(*kept: int) -> None:
    """Close what was inherited: sockets of the trusted side above all."""
    last = 2
    for number in [*sorted(kept), 4096]:
        os.closerange(last + 1, number)
        last = number


def _tell(told: int, words: str) -> None:
    os.write(told, words.encode()[:4000])
    os.close(told)


def _first_words(ready: int) -> Message:
    """What the process said before it served anything."""
    with os.fdopen(ready, "rb") as stream:
        words = stream.read().decode(errors="replace")
    if words.startswith("+"):
        return {"layers": words[1:].split()}
    return {"refused": words[1:] or "The sandbox ended before it could start."}


def _watch(orders: Channel, pid: int) -> bool:
    """Pass interrupts on until the process ends or the trusted side closes; True while it is alive."""
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            orders.send({"status": status, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss})
            return False
        if select.select([orders.socket], [], [], 0.05)[0]:
            try:
                orders.receive()
            except (Closed, WireError):
                return True
            os.kill(pid, signal.SIGINT)
            orders.send({"interrupted": True})


def _end(pid: int, alive: bool) -> None:
    """Kill the process and everything that it left: its session, and whoever was handed to this keeper."""
    if alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    for _ in range(100):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)
