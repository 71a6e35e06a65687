"""Isolation of a student's process: what it keeps out, layer by layer, and what still works inside.

Everything hostile runs in a forked child with a deadline, against processes, sockets and files of the test's own. Each
refusal is also tried without isolation, where it must succeed: otherwise it would prove nothing.
"""

import contextlib
import ctypes
import errno
import json
import os
import re
import resource
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import h5py
import matplotlib.figure
import numpy as np
import pytest

import sandbox.isolation as isolation
from sandbox.isolation import landlock, limits, namespaces, privileges, root, seccomp, syscalls
from sandbox.isolation.libc import LIBC, kernel_version, mount, prctl
from tests.support.level import needs_isolation

REPOSITORY = Path(__file__).parents[2]
READABLE = [REPOSITORY / "utils", REPOSITORY / "datasets" / "cats.h5"]
DEADLINE = 30  # seconds, for one child
MB = 2**20

pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's"), needs_isolation]


def prepared(setup, work, readable=(), hidden=()):
    """Two functions for `inside`: what the keeper does before it forks, and what the student's process does first."""
    bounds = isolation.Limits()

    def build():
        root.build(work, readable, hidden, bounds, True)
        os.chdir(work)

    keeper = {
        "namespaces": namespaces.enter,
        "mount": namespaces.enter,
        "all": lambda: isolation.enter_namespaces("best"),
    }
    student = {
        "limits": lambda entered: limits.limit(bounds),
        "mount": lambda entered: build(),
        "landlock": lambda entered: landlock.restrict(work, readable, hidden),
        "seccomp": lambda entered: seccomp.install(False),
        "all": lambda entered: isolation.confine("best", work, readable, bounds, entered, hidden),
    }
    return keeper.get(setup, list), student.get(setup, lambda entered: None)


def inside(action, keeper=list, student=lambda entered: None, meddle=lambda pid: None):
    """Run `action` in a process that a keeper forked, as grading does.

    Returns
    -------
    dict
        "prepared" when `student` succeeded; "value" (anything that JSON holds) or "error", "errno" and "text";
        "status", the process's exit code. What is missing wasn't reached.
    """
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            signal.alarm(DEADLINE)
            os.close(receive)
            be_keeper(action, keeper, student, meddle, send)
        os._exit(0)
    os.close(send)
    with open(receive) as stream:
        lines = stream.read().splitlines()
    os.waitpid(child, 0)
    return {key: value for line in lines for key, value in json.loads(line).items()}


def be_keeper(action, keeper, student, meddle, send):
    entered = keeper()
    pid = os.fork()
    if not pid:
        try:
            prctl(privileges.PR_SET_PDEATHSIG, signal.SIGKILL)
            student(entered)
            say(send, prepared=True)
            say(send, value=action())
        except BaseException as error:
            say(send, error=type(error).__name__, errno=getattr(error, "errno", None), text=str(error))
        finally:
            os._exit(0)
    meddle(pid)
    say(send, status=os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def say(send, **message):
    os.write(send, json.dumps(message).encode() + b"\n")


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "handed_in.txt").write_text("mine")
    return folder.resolve()


class Outside:
    """What a student's process must not reach: files, sockets and a process, all of this test's own."""

    def __init__(self, folder):
        self.folder = folder
        self.secret = folder / "secret.txt"
        self.secret.write_text("the answers")
        self.tcp = self._listener(socket.AF_INET, ("127.0.0.1", 0))
        self.abstract = self._listener(socket.AF_UNIX, f"\0isolation-{os.getpid()}-{time.monotonic_ns()}")
        self.named = self._listener(socket.AF_UNIX, os.path.relpath(folder / "socket"))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.process = self._sleeper()

    def _listener(self, family, address):
        listener = socket.socket(family)
        listener.bind(address)
        listener.listen(100)
        return listener

    def _sleeper(self):
        pid = os.fork()
        if not pid:
            signal.alarm(60)
            with contextlib.suppress(OSError):  # where Yama allows to trace one's own children only
                prctl(0x59616D61, 2**64 - 1)  # PR_SET_PTRACER, PR_SET_PTRACER_ANY
            signal.pause()
            os._exit(0)
        return pid

    def close(self):
        for listener in (self.tcp, self.abstract, self.named, self.udp):
            listener.close()
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


@pytest.fixture
def outside(tmp_path):
    found = Outside(tmp_path)
    yield found
    found.close()


def connect(listener):
    with socket.socket(listener.family) as client:
        client.settimeout(2)
        client.connect(listener.getsockname())


def send_datagram(outside):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"answers?", outside.udp.getsockname())


def trace(outside):
    if LIBC.ptrace(16, outside.process, None, None) < 0:  # PTRACE_ATTACH
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(outside.process, 0)
    LIBC.ptrace(17, outside.process, None, None)  # PTRACE_DETACH


def fork():
    if not os.fork():
        os._exit(0)
    os.wait()


def read_memory(outside):
    line = Path(f"/proc/{outside.process}/maps").read_text().split("-")[0]
    with open(f"/proc/{outside.process}/mem", "rb") as file:
        file.seek(int(line, 16))
        file.read(16)


def change_times(outside):
    os.utime(outside.secret, (0, 0))


# What is tried, and which layers refuse it, each alone.
REFUSED = {
    "read a file": (lambda out: out.secret.read_text(), "mount landlock"),
    "read the solutions": (lambda out: os.listdir(REPOSITORY / "source"), "mount landlock"),
    "read the grader": (lambda out: (REPOSITORY / "autograder/__init__.py").read_text(), "mount landlock"),
    "list a folder": (lambda out: os.listdir(out.folder).index(out.secret.name), "mount landlock"),
    "look for a file": (lambda out: out.secret.stat().st_size, "mount"),
    "write a file": (lambda out: out.secret.write_text("mine"), "mount landlock"),
    "make a file": (lambda out: (out.folder / "new").write_text("mine"), "mount landlock"),
    "remove a file": (lambda out: out.secret.unlink(), "mount landlock"),
    "change a mode": (lambda out: out.secret.chmod(0o666), "mount seccomp"),
    "change times": (change_times, "mount seccomp"),
    "read an environment": (lambda out: len(Path(f"/proc/{out.process}/environ").read_bytes()), "mount landlock"),
    "read memory": (read_memory, "mount landlock"),
    "list shared memory": (lambda out: os.listdir("/dev/shm"), "mount landlock"),
    "trace a process": (trace, "namespaces landlock seccomp"),
    "send a signal": (lambda out: os.kill(out.process, 0), "namespaces landlock seccomp"),
    "slow a process down": (lambda out: os.setpriority(os.PRIO_PROCESS, out.process, 1), "namespaces seccomp"),
    "limit a process": (
        lambda out: len(resource.prlimit(out.process, resource.RLIMIT_CORE, (0, 0))),
        "namespaces seccomp",
    ),
    "connect by TCP": (lambda out: connect(out.tcp), "namespaces landlock seccomp"),
    "send by UDP": (send_datagram, "namespaces seccomp"),
    "connect to an abstract socket": (lambda out: connect(out.abstract), "namespaces landlock seccomp"),
    "connect to a named socket": (lambda out: connect(out.named), "mount seccomp"),
    "fork": (lambda out: fork(), "seccomp"),
    "start a program": (lambda out: subprocess.run(["/bin/true"], check=True, timeout=10).returncode, "seccomp"),
    "make memory without an address": (lambda out: os.close(os.memfd_create("x")), "seccomp"),
    "outlive the keeper": (lambda out: prctl(privileges.PR_SET_PDEATHSIG, 0), "seccomp"),
    "use more memory": (lambda out: len(bytes(5000 * MB)), "limits"),
    "write a large file": (lambda out: write_large(out.folder / "work/large"), "limits"),
    "open many files": (lambda out: open_many(), "limits"),
}
MISSED = ("MemoryError", "ValueError")  # ValueError: not in a list
ERRNOS = ["EPERM", "EACCES", "ENOENT", "ESRCH", "EROFS", "ENETUNREACH", "ECONNREFUSED", "EFBIG", "EMFILE"]
LANDLOCK_VERSION = {
    "connect by TCP": 4,
    "send a signal": 6,
    "connect to an abstract socket": 6,
}


def write_large(path):
    try:
        with open(path, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 100 * MB)
    finally:
        path.unlink()


def open_many():
    # A hard limit below this would be the machine's own; make sure there is something to refuse.
    files = [os.open("/dev/null", os.O_RDONLY) for _ in range(300)]
    for file in files:
        os.close(file)


def need(setup):
    """Skip when this machine lacks what a setup tests."""
    wanted = {"namespaces": ("pid", "network"), "mount": ("pid", "mount"), "all": isolation.LAYERS}.get(setup, (setup,))
    for layer in wanted:
        if isolation.probe()[layer]:
            pytest.skip(f"this machine lacks {layer}: {isolation.probe()[layer]}")


@pytest.mark.parametrize("name", REFUSED)
def test_without_isolation_it_works(name, outside, work):
    done = inside(lambda: REFUSED[name][0](outside))
    assert "value" in done, done


@pytest.mark.parametrize(
    ("name", "setup"), [(name, setup) for name in REFUSED for setup in (*REFUSED[name][1].split(), "all")]
)
def test_refused(name, setup, outside, work):
    if setup != "all":
        need(setup)
    elif all(isolation.probe()[layer] for layer in layers_behind(name)):
        pytest.skip(f"this machine has none of {REFUSED[name][1]}")
    if setup == "landlock" and landlock.version() < LANDLOCK_VERSION.get(name, 1):
        pytest.skip(f"this kernel has Landlock {landlock.version()}")
    done = inside(lambda: REFUSED[name][0](outside), *prepared(setup, work))
    assert done.get("prepared"), done
    assert done.get("error") in MISSED or errno.errorcode.get(done.get("errno")) in ERRNOS, done
    assert outside.secret.read_text() == "the answers"
    assert outside.secret.stat().st_mtime > 0


def layers_behind(name):
    words = REFUSED[name][1].split()
    return [layer for word in words for layer in (("pid", "network") if word == "namespaces" else (word,))]


def test_ci_has_some_isolation():
    if not os.environ.get("CI"):
        pytest.skip("only where CI is set")
    missing = isolation.probe()
    assert not all(missing[layer] for layer in ("pid", "landlock", "seccomp")), missing


def draw(work):
    figure = matplotlib.figure.Figure()
    figure.subplots().plot(np.arange(3) @ np.ones((3, 3)))
    figure.savefig(work / "figure.png")
    return (work / "figure.png").stat().st_size > 1000


def import_late():
    import sqlite3
    import wave
    import xml.dom.minidom

    import numpy.polynomial.hermite

    made = sqlite3.connect(":memory:").execute("select 1").fetchone()[0]
    return made and bool(wave and xml.dom.minidom and numpy.polynomial.hermite)


def run_threads():
    seen = []
    threads = [threading.Thread(target=seen.append, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    return len(seen) == 20


def sleep_asynchronously():
    import asyncio

    asyncio.run(asyncio.sleep(0.001))
    return True


def read_cats():
    with h5py.File(REPOSITORY / "datasets/cats.h5", "r") as file:
        return len(file) > 0


def signal_itself():
    caught = []
    signal.signal(signal.SIGUSR1, lambda *_: caught.append(1))
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)
    return len(caught) == 2


def use_temporary_files(work):
    with tempfile.NamedTemporaryFile() as file:
        return Path(file.name).parent == work


def write_and_copy(work):
    shutil.copy("handed_in.txt", "copy.txt")
    os.rename("copy.txt", "moved.txt")
    (work / "folder").mkdir()
    return (work / "moved.txt").read_text() == "mine"


def use_devices():
    with open("/dev/urandom", "rb") as source, open("/dev/null", "wb") as sink:
        return sink.write(source.read(8)) == 8


WORKS = {
    "draw": draw,
    "import late": lambda work: import_late(),
    "threads": lambda work: run_threads(),
    "matrix product in threads": lambda work: (np.ones((600, 600)) @ np.ones((600, 600))).sum() == 600**3,
    "asyncio": lambda work: sleep_asynchronously(),
    "read the data": lambda work: read_cats(),
    "read utils": lambda work: "numpy" in (REPOSITORY / "utils/plots.py").read_text(),
    "signal itself": lambda work: signal_itself(),
    "temporary files": use_temporary_files,
    "write and copy": write_and_copy,
    "read /proc/self": lambda work: "VmRSS" in Path("/proc/self/status").read_text(),
    "read the processor": lambda work: bool(Path("/proc/cpuinfo").read_text()) and os.cpu_count() > 0,
    "devices": lambda work: use_devices(),
    "its folder": lambda work: Path.cwd() == work == Path.home() and os.listdir() == ["handed_in.txt"],
}


@pytest.mark.parametrize("name", WORKS)
def test_still_works(name, work):
    done = inside(lambda: bool(WORKS[name](work)), *prepared("all", work, READABLE))
    assert done.get("value") is True, done


@pytest.mark.parametrize("version", range(1, 8))
def test_older_landlock(version, work, outside, monkeypatch):
    need("landlock")
    if landlock.version() < version:
        pytest.skip(f"this kernel has Landlock {landlock.version()}")
    monkeypatch.setattr(landlock, "version", lambda: version)
    done = inside(lambda: outside.secret.read_text(), *prepared("landlock", work))
    assert done["prepared"]
    assert done["errno"] == errno.EACCES
    done = inside(lambda: Path(work, "new.txt").write_text("mine"), *prepared("landlock", work))
    assert done.get("value") == 4, done


@pytest.mark.parametrize("setup", ["landlock", "mount", "all"])
def test_hidden_within_readable(setup, work, tmp_path):
    need(setup)
    for name in ("shelf/open/a.txt", "shelf/closed/b.txt", "shelf/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    shelf = tmp_path / "shelf"

    def action():
        found = [(shelf / "open/a.txt").read_text(), (shelf / "c.txt").read_text()]
        with contextlib.suppress(OSError):
            found.append((shelf / "closed/b.txt").read_text())
        return found

    done = inside(action, *prepared(setup, work, [shelf], [shelf / "closed"]))
    assert done.get("value") == ["shelf/open/a.txt", "shelf/c.txt"], done


def test_readable_by_a_symbolic_link(work, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.txt").write_text("data")
    (tmp_path / "link").symlink_to("real")
    done = inside(lambda: (tmp_path / "link/a.txt").read_text(), *prepared("all", work, [tmp_path / "link"]))
    assert done.get("value") == "data", done


def test_nothing_is_left_outside(work):
    need("mount")
    done = inside(lambda: Path("new.txt").write_text("mine"), *prepared("all", work))
    assert done.get("value") == 4, done
    assert os.listdir(work) == ["handed_in.txt"]


def test_full_in_words(work):
    need("all")
    keeper = lambda: isolation.enter_namespaces("full")  # noqa: E731
    done = inside(
        lambda: Path("/proc/self/status").read_text(),
        keeper,
        lambda entered: isolation.confine("full", work, [], isolation.Limits(), entered),
    )
    status = dict(line.split(":\t") for line in done["value"].splitlines() if ":\t" in line)
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert {status[f"Cap{name}"].strip("0") for name in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {""}
    assert status["Pid"] == "1"


def confined(level, work, bounds=None):
    return (
        lambda: isolation.enter_namespaces(level),
        lambda entered: isolation.confine(level, work, [], bounds or isolation.Limits(), entered),
    )


def test_layers_that_were_reached_are_told(work):
    told = []
    done = inside(
        lambda: told,
        lambda: isolation.enter_namespaces("best"),
        lambda entered: told.extend(isolation.confine("best", work, [], isolation.Limits(), entered)),
    )
    assert done["value"] == [name for name, reason in isolation.probe().items() if not reason]


def test_level_none_only_limits(work):
    told = []
    done = inside(
        lambda: [told, (REPOSITORY / "pyproject.toml").exists()],
        lambda: isolation.enter_namespaces("none"),
        lambda entered: told.extend(isolation.confine("none", work, [], isolation.Limits(), entered)),
    )
    assert done["value"] == [["limits"], True]


def test_full_refuses_when_a_namespace_is_missing(monkeypatch):
    monkeypatch.setattr(namespaces, "possible", lambda: dict.fromkeys(namespaces.NAMES, "for a test"))
    done = inside(lambda: None, lambda: isolation.enter_namespaces("full"))
    assert done == {}  # the keeper ended before it forked
    with pytest.raises(isolation.IsolationError, match="no user namespace: for a test"):
        isolation.enter_namespaces("full")


def test_best_goes_on_when_namespaces_run_out(work, monkeypatch):
    def refuse(names):
        raise OSError(errno.ENOSPC, "no space")

    namespaces.possible()
    monkeypatch.setattr(namespaces, "_unshare", refuse)
    told = []
    done = inside(
        lambda: told,
        lambda: isolation.enter_namespaces("best"),
        lambda entered: told.extend(isolation.confine("best", work, [], isolation.Limits(), entered)),
    )
    assert set(namespaces.NAMES).isdisjoint(done["value"])
    assert "limits" in done["value"]
    with pytest.raises(isolation.IsolationError, match=r"out of reach"):
        isolation.enter_namespaces("full")


@pytest.mark.parametrize(("module", "name"), [(landlock, "restrict"), (seccomp, "install"), (root, "build")])
def test_a_missing_layer_stops_full_but_not_best(module, name, work, monkeypatch):
    def refuse(*_):
        raise isolation.IsolationError("There is none here.")

    monkeypatch.setattr(module, name, refuse)
    monkeypatch.setattr(namespaces, "possible", lambda: dict.fromkeys(namespaces.NAMES, ""))
    done = inside(lambda: "ran", lambda: [], confined("full", work)[1])
    assert done["error"] == "IsolationError"
    assert "prepared" not in done
    assert "out of reach (There is none here)" in done["text"]
    monkeypatch.undo()
    need("landlock" if module is root else "mount")
    monkeypatch.setattr(module, name, refuse)
    done = inside(lambda: "ran", *confined("best", work))
    assert done.get("value") == "ran", done


def test_best_stops_where_nothing_keeps_files(work, monkeypatch):
    def refuse(*_):
        raise isolation.IsolationError("There is none here.")

    for module, name in ((landlock, "restrict"), (root, "build")):
        monkeypatch.setattr(module, name, refuse)
    done = inside(lambda: "ran", *confined("best", work))
    assert done["error"] == "IsolationError"
    assert "prepared" not in done
    assert "(There is none here) nor Landlock (There is none here)" in done["text"]
    assert 'c.Grading.isolation = "none"' in done["text"]
    assert inside(lambda: "ran", *confined("none", work)).get("value") == "ran"


def test_unknown_level(work):
    with pytest.raises(ValueError, match="full, best, none"):
        isolation.enter_namespaces("some")


def test_second_thread_is_refused(work):
    def student(entered):
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
        isolation.confine("best", work, [], isolation.Limits(), entered)

    done = inside(lambda: "ran", student=student)
    assert done["error"] == "IsolationError"
    assert "2 threads" in done["text"]


def test_describe():
    assert isolation.describe(isolation.LAYERS).startswith("isolation: full (limits, ")
    assert isolation.describe(["limits"]).startswith("isolation: off (reached: limits; missing: user, which gives no ")
    most = set(isolation.LAYERS) - {"ipc", "uts", "landlock"}
    reached = "limits, user, pid, network, mount, privileges, seccomp"
    assert isolation.describe(most, {"ipc": "of this.", "uts": "of this.", "landlock": "of that"}) == (
        f"isolation: partial (reached: {reached}; missing: ipc, which hides "
        "the shared memory of others and uts, which hides the host name, because of this; landlock, which closes other "
        "files, because of that)"
    )


def test_keeper_can_interrupt(work):
    ready, told = os.pipe()

    def action():
        os.write(told, b"!")
        try:
            time.sleep(DEADLINE)
        except KeyboardInterrupt:
            return "interrupted"

    def meddle(pid):
        os.read(ready, 1)
        time.sleep(0.05)
        os.kill(pid, signal.SIGINT)

    done = inside(action, *prepared("all", work), meddle)
    os.close(ready), os.close(told)
    assert done.get("value") == "interrupted", done


def test_student_dies_with_keeper(work):
    ready, told = os.pipe()

    def action():
        os.write(told, b"!")
        time.sleep(DEADLINE)
        os.write(told, b"!")

    def meddle(pid):
        os.read(ready, 1)
        os.kill(os.getpid(), signal.SIGKILL)

    assert inside(action, *prepared("all", work), meddle) == {"prepared": True}
    os.close(told)
    assert os.read(ready, 1) == b"", "it lived on, and wrote once more"
    os.close(ready)


def test_student_ends_when_keeper_died_before(work):
    def keeper():
        entered = isolation.enter_namespaces("best")
        return entered, os.pidfd_open(os.getpid())

    def student(arguments):
        entered, pidfd = arguments
        select.select([pidfd], [], [], DEADLINE)
        isolation.confine("best", work, [], isolation.Limits(), entered)

    receive, send = os.pipe()
    child = os.fork()
    if not child:
        entered = keeper()
        if not os.fork():
            student(entered)
            os.write(send, b"still here")
        os._exit(0)
    os.close(send)
    os.waitpid(child, 0)
    with open(receive) as stream:
        assert stream.read() == ""


def test_processor_time_is_bounded(work):
    def spin():
        while True:
            pass

    done = inside(spin, *confined("best", work, isolation.Limits(cpu_seconds=1)))
    assert done == {"prepared": True, "status": -signal.SIGKILL}


def test_threads_are_bounded(work):
    if isolation.probe()["pid"] or (os.geteuid() == 0 and kernel_version() < (6, 14)):
        pytest.skip("before Linux 6.14 nothing bounds root's threads")

    def action():
        threading.stack_size(64 * 1024)
        stop, threads = threading.Event(), []
        with contextlib.suppress(RuntimeError):
            while len(threads) < 1000:
                threads.append(threading.Thread(target=stop.wait, daemon=True))
                threads[-1].start()
        stop.set()
        return len(threads)

    done = inside(action, *confined("best", work, isolation.Limits(threads=100)))
    assert 50 < done["value"] < 400, done


def test_working_folder_is_bounded(work):
    need("mount")

    def action():
        for number in range(8):
            Path(str(number)).write_bytes(bytes(MB))

    done = inside(action, *confined("best", work, isolation.Limits(work_mb=4)))
    assert done["errno"] == errno.ENOSPC


def test_container_that_covers_its_proc(work):
    """Nobody can mount a bare /proc there; the sandbox then shows /proc/self only."""
    need("mount")

    def keeper():
        namespaces._unshare(["user", "mount"])
        mount("tmpfs", "/proc/sys", "tmpfs", 0)
        return isolation.enter_namespaces("best")

    told = []
    done = inside(
        lambda: [told, os.listdir("/proc"), "VmRSS" in Path("/proc/self/status").read_text()],
        keeper,
        lambda entered: told.extend(isolation.confine("best", work, [], isolation.Limits(), entered)),
    )
    layers, names, own = done["value"]
    assert "mount" in layers
    assert own
    assert set(names) <= {"self", "cpuinfo", "meminfo", "stat", "version"}


# The filter, judged by the kernel's rules for it: for both architectures, whichever this machine is.


def verdict(machine, number, *arguments, arch=None, own_root=True):
    """What the filter says to a system call: "allow", "kill", or the errno's name."""
    code = seccomp.program(machine, 7, own_root)
    lines = list(struct.iter_unpack("=HBBI", code))
    data = struct.pack("=IIQ6Q", number, arch or seccomp.AUDIT_ARCH[machine], 0, *[*arguments, 0, 0, 0, 0, 0, 0][:6])
    position = value = 0
    while True:
        kind, yes, no, operand = lines[position]
        position += 1
        if kind == seccomp.LOAD:
            value = struct.unpack_from("=I", data, operand)[0]
        elif kind == seccomp.AND:
            value &= operand
        elif kind == seccomp.IF_EQUAL:
            position += yes if value == operand else no
        elif kind == seccomp.IF_GREATER:
            position += yes if value > operand else no
        elif kind == seccomp.RETURN:
            names = {seccomp.SECCOMP_RET_ALLOW: "allow", seccomp.SECCOMP_RET_KILL_PROCESS: "kill"}
            return names.get(operand) or errno.errorcode[operand & 0xFFFF]


@pytest.mark.parametrize("machine", syscalls.ARCHITECTURES)
def test_filter(machine):
    calls = syscalls.numbers(syscalls.WEIGHED + syscalls.PROCESSES + syscalls.SYSTEM + syscalls.ATTRIBUTES, machine)

    def says(name, *arguments, **options):
        return verdict(machine, calls[name], *arguments, **options)

    assert verdict(machine, 0, 3) == "allow"  # read, io_setup
    assert says("clone", seccomp.CLONE_THREAD | 0x3D0F00) == "allow"
    assert says("clone", 0x11) == "EPERM"
    assert says("clone3") == "ENOSYS"
    assert says("execve") == says("mount") == says("io_uring_setup") == "EPERM"
    assert says("kill", 7) == says("tgkill", 7) == "allow"
    assert says("kill", 1) == says("kill", 0) == says("kill", 2**64 - 1) == says("tgkill", 8) == "EPERM"
    assert says("prlimit64", 0) == "allow"
    assert says("prlimit64", 7) == "EPERM"
    assert says("socketpair", 1, 1 | 0o2000000) == "allow"
    assert says("socketpair", 1, 2) == says("socketpair", 2, 1) == "EPERM"
    assert says("prctl", 15) == "allow"  # PR_SET_NAME
    assert says("prctl", 1) == says("prctl", 4) == "EPERM"
    assert says("ioctl", 0, 0x5413) == "allow"  # TIOCGWINSZ
    assert says("ioctl", 0, 0x5412) == says("ioctl", 0, 2**32 + 0x5412) == "EPERM"
    assert says("fchmodat") == "allow"
    assert says("fchmodat", own_root=False) == "EPERM"
    assert verdict(machine, syscalls.NEWEST + 1) == "ENOSYS"
    assert verdict(machine, 0x40000000) == "ENOSYS"  # x32
    assert verdict(machine, 0, arch=0x40000003) == "kill"  # AUDIT_ARCH_I386


@pytest.mark.parametrize(
    ("machine", "headers"),
    [
        ("x86_64", ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"]),
        ("aarch64", ["/usr/include/asm-generic/unistd.h"]),
    ],
)
def test_numbers_are_the_kernels(machine, headers):
    header = next((Path(path) for path in headers if Path(path).exists()), None)
    if header is None:
        pytest.skip("the kernel's headers aren't installed")
    kernel = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    tables = [getattr(syscalls, name) for name in dir(syscalls) if isinstance(getattr(syscalls, name), str)]
    ours = {name: str(number) for table in tables if "\n" in table for name, number in numbers_or_none(table, machine)}
    known = ours.keys() & kernel.keys()
    assert len(known) > 60
    assert {name: ours[name] for name in known} == {name: kernel[name] for name in known}


def numbers_or_none(table, machine):
    try:
        return syscalls.numbers(table, machine).items()
    except (IndexError, ValueError):  # the module's docstring
        return ()


OTHER_SYSTEM = """
import json, os, platform, select, subprocess, sys, tempfile, ctypes, site, shutil
del os.pidfd_open
if sys.argv[1] == "win32":
    sys.modules["resource"] = None
    for name in ("fork", "nice", "uname"):
        delattr(os, name)
os.getppid = os.getpid  # this process is its own keeper
sys.platform = sys.argv[1]
from sandbox import isolation
found = {}
try:
    isolation.enter_namespaces("full")
except isolation.IsolationError as error:
    found["full"] = str(error)
for level in ("best", "none"):
    entered = isolation.enter_namespaces(level)
    try:
        layers = isolation.confine(level, tempfile.mkdtemp(dir=sys.argv[2]), [], isolation.Limits(), entered)
        found[level] = layers
    except isolation.IsolationError as error:
        found[level] = str(error)
print(json.dumps(found))
"""


@pytest.mark.parametrize(("system", "layers"), [("darwin", ["limits"]), ("win32", [])])
def test_other_systems_degrade(system, layers, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", OTHER_SYSTEM, system, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=REPOSITORY,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["none"] == layers
    assert "use Linux" in found["full"]
    assert "use Linux" in found["best"]
    assert 'c.Grading.isolation = "none"' in found["best"]


def test_probe_leaves_this_process_alone():
    before = Path("/proc/self/status").read_text().count("Seccomp:\t0")
    assert set(isolation.probe()) == set(isolation.LAYERS)
    assert Path("/proc/self/status").read_text().count("Seccomp:\t0") == before
