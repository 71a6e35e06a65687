"""Isolation of a student's process: what it keeps out, layer by layer, and what still works inside.

Everything hostile runs in a forked child with a deadline, against processes, sockets and files of the test's own. Each
refusal is also tried without isolation, where it must succeed: otherwise it would prove nothing.
"""

import contextlib
import ctypes
import errno
import fcntl
import json
import mmap
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
from sandbox.isolation.libc import LIBC, kernel_version, mount, prctl, syscall
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


def own_a_socket(outside):
    """Have a process sent signals by a socket: it needs no right to, where Landlock is older than 6."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        fcntl.fcntl(ours, fcntl.F_SETOWN, outside.process)
        fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC)


def own_by_ioctl(outside):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        fcntl.ioctl(ours, 0x8901, struct.pack("i", outside.process))  # FIOSETOWN
        fcntl.ioctl(ours, 0x5452, struct.pack("i", 1))  # FIOASYNC


def lease(outside):
    """Make all who open a file wait."""
    with open(outside.folder / "work/handed_in.txt") as file:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)


def call(name, *arguments):
    """A system call by its name."""
    number = syscalls.numbers("".join(TABLES.values()), os.uname().machine)[name]
    return syscall(number, *arguments)


def use_up_aio(outside):
    context = ctypes.create_string_buffer(8)
    call("io_setup", 1, ctypes.addressof(context))
    call("io_destroy", int.from_bytes(context.raw, "little"))


def send_descriptors(outside):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        socket.send_fds(ours, [b"x"], [0])


def drop_from_memory(outside):
    with open(outside.folder / "work/handed_in.txt") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def queue_signal(outside):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN + 5])
    os.kill(os.getpid(), signal.SIGRTMIN + 5)


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
    "have a signal sent": (own_a_socket, "seccomp"),
    "have a signal sent, by ioctl": (own_by_ioctl, "seccomp"),
    "queue a signal": (queue_signal, "seccomp"),
    "lease a file": (lease, "seccomp"),
    "watch files": (lambda out: os.close(call("inotify_init1", 0)), "seccomp"),
    "drop a file from memory": (drop_from_memory, "seccomp"),
    "ask how the machine is": (
        lambda out: call("sysinfo", ctypes.addressof(ctypes.create_string_buffer(200))),
        "seccomp",
    ),
    "use up asynchronous input": (use_up_aio, "seccomp"),
    "put descriptors into a message": (send_descriptors, "seccomp"),
    "read another's clock": (lambda out: time.clock_gettime(~out.process << 3 | 2), "namespaces seccomp"),
    "read another's priority": (lambda out: os.sched_getscheduler(out.process), "namespaces seccomp"),
    "see who maps a file": (lambda out: "Pss" in Path("/proc/self/smaps").read_text(), "landlock"),
    "see what the machine does": (lambda out: "MemFree" in Path("/proc/meminfo").read_text(), "landlock"),
    "outlive the keeper": (lambda out: prctl(privileges.PR_SET_PDEATHSIG, 0), "seccomp"),
    "use more memory": (lambda out: len(bytes(5000 * MB)), "limits"),
    "write a large file": (lambda out: write_large(out.folder / "work/large"), "limits"),
    "open many files": (lambda out: open_many(), "limits"),
}
MISSED = ("MemoryError", "ValueError")  # ValueError: not in a list
ERRNOS = ["EPERM", "EACCES", "ENOENT", "ESRCH", "EROFS", "ENETUNREACH", "ECONNREFUSED", "EFBIG", "EMFILE", "EINVAL"]
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


def lock_own_files(work):
    """Locks do nothing, and whoever asks for one is content."""
    with open("own.txt", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        fcntl.lockf(file, fcntl.LOCK_EX)
    with h5py.File("own.h5", "w") as file:
        file["a"] = np.arange(3)
    with h5py.File("own.h5", "r") as file, h5py.File("own.h5", "r") as again:
        return file["a"][2] == again["a"][2] == 2


def use_a_database():
    import sqlite3

    with contextlib.closing(sqlite3.connect("own.db")) as database:
        database.execute("create table marks (points)")
        database.execute("insert into marks values (3)")
        database.commit()
    with contextlib.closing(sqlite3.connect("own.db")) as database:
        return database.execute("select points from marks").fetchone()[0] == 3


def map_files():
    array = np.memmap("array.dat", dtype="f8", mode="w+", shape=1000)
    array[:] = 1
    array.flush()
    with mmap.mmap(-1, MB) as memory:
        memory.madvise(mmap.MADV_DONTNEED)
        memory.resize(2 * MB)
    return np.fromfile("array.dat").sum() == 1000


def wait_for_much():
    """Threads, pools, timers, pipes and alarms, and what asyncio does about them."""
    import asyncio
    import concurrent.futures

    async def in_a_thread():
        return await asyncio.wait_for(asyncio.to_thread(sum, [1, 2]), DEADLINE)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        squares = list(pool.map(lambda number: number**2, range(10)))
    event = threading.Event()
    threading.Timer(0.001, event.set).start()
    return asyncio.run(in_a_thread()) == 3 and squares[3] == 9 and event.wait(DEADLINE)


def join_a_thread():
    """libc waits for a thread's end at a word that it calls shared."""
    thread = ctypes.c_ulong()
    LIBC.pthread_create(ctypes.byref(thread), None, LIBC.usleep, ctypes.c_void_p(20_000))
    return LIBC.pthread_join(thread, None) == 0


def fail_to_start():
    """Programs can't be started, and Python says so in its usual way."""
    for start in (lambda: subprocess.run(["ls"]), lambda: os.popen("ls"), os.fork):
        with contextlib.suppress(PermissionError):
            start()
            return False
    return os.system("ls") != 0


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
    "lock its own files": lock_own_files,
    "a database in a file": lambda work: use_a_database(),
    "map files": lambda work: map_files(),
    "wait for threads, timers and pipes": lambda work: wait_for_much(),
    "join a thread of libc's": lambda work: join_a_thread(),
    "fail to start programs": lambda work: fail_to_start(),
    "copy folders": lambda work: shutil.copytree(work, work / "copy") and shutil.disk_usage(work).free > 0,
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


# What two processes could tell each other over a file that both may only read. Each says whether the other was seen.


def lock_is_seen(path):
    with open(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def waiting_is_seen(path):
    """Wake those who wait at the first word of a file, and be told how many woke."""
    word = map_word(path)
    for _ in range(100):
        if call("futex", word, 1, 1):  # FUTEX_WAKE
            return True
        time.sleep(0.01)
    return False


def waking_is_seen(path):
    """Wait at the first word of a file until somebody wakes whoever waits there."""
    soon = struct.pack("@2q", 2, 0)
    word, until = map_word(path), ctypes.create_string_buffer(soon, len(soon))
    expected = int.from_bytes(path.read_bytes()[:4], sys.byteorder)
    try:
        call("futex", word, 0, expected, ctypes.addressof(until))  # FUTEX_WAIT
    except OSError:
        return False
    return True


def map_word(path):
    """The address of the first word of a file in memory."""
    LIBC.mmap.restype = ctypes.c_void_p
    with open(path) as file:
        size, position = ctypes.c_size_t(mmap.PAGESIZE), ctypes.c_long(0)
        return LIBC.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), position)


def hold_lock(path):
    with open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        time.sleep(DEADLINE)


def keep_waiting(path):
    while True:
        waking_is_seen(path)


def keep_waking(path):
    while True:
        waiting_is_seen(path)


@pytest.mark.parametrize(
    ("one", "other"), [(hold_lock, lock_is_seen), (keep_waiting, waiting_is_seen), (keep_waking, waking_is_seen)]
)
def test_two_that_read_a_file_do_not_meet_there(one, other, work):
    need("seccomp")
    path = work / "handed_in.txt"
    pid = os.fork()
    if not pid:
        signal.alarm(2 * DEADLINE)
        one(path)
        os._exit(0)
    try:
        seen, until = False, time.monotonic() + DEADLINE
        while not seen and time.monotonic() < until:
            seen = inside(lambda: other(path))["value"]
        assert seen, "without a filter they do"
        assert inside(lambda: other(path), *prepared("seccomp", work))["value"] is False
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


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
    """What the filter says to a system call: "allow", "kill", "nothing done" (but it succeeds), or the errno's name."""
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
            names[seccomp.SECCOMP_RET_ERRNO] = "nothing done"
            return names.get(operand) or errno.errorcode[operand & 0xFFFF]


TABLES = {
    name: table
    for name, table in vars(syscalls).items()
    if name.isupper() and isinstance(table, str) and name != "ABSENT"
}


@pytest.mark.parametrize("machine", syscalls.ARCHITECTURES)
def test_filter(machine):
    calls = syscalls.numbers("".join(TABLES.values()), machine)

    def says(name, *arguments, **options):
        return verdict(machine, calls[name], *arguments, **options)

    assert says("read") == says("openat") == says("epoll_ctl") == says("rt_sigreturn") == "allow"
    assert says("execve") == says("mount") == says("io_uring_setup") == says("io_setup") == says("sendmsg") == "EPERM"
    assert says("inotify_init1") == says("fadvise64") == says("mincore") == says("sysinfo") == says("sync") == "EPERM"
    assert says("fchmodat") == says("statfs") == "allow"
    assert says("fchmodat", own_root=False) == says("statfs", own_root=False) == "EPERM"
    assert verdict(machine, 437) == verdict(machine, 463) == "ENOSYS"  # openat2, and what came after this was written
    assert verdict(machine, 0x40000000) == "ENOSYS"  # x32
    assert verdict(machine, 0, arch=0x40000003) == "kill"  # AUDIT_ARCH_I386


@pytest.mark.parametrize("machine", syscalls.ARCHITECTURES)
def test_filter_weighs_arguments(machine):
    calls = syscalls.numbers(syscalls.WEIGHED, machine)

    def says(name, *arguments):
        return verdict(machine, calls[name], *arguments)

    assert says("clone", seccomp.CLONE_THREAD | 0x3D0F00) == "allow"
    assert says("clone", 0x11) == says("clone", seccomp.CLONE_THREAD | 0x10000000) == "EPERM"  # CLONE_NEWUSER
    assert says("clone3") == "ENOSYS"
    assert says("kill", 7, 15) == says("tgkill", 7, 9, 6) == "allow"
    assert says("kill", 1) == says("kill", 0) == says("kill", 2**64 - 1) == says("tgkill", 8) == "EPERM"
    assert says("kill", 7, 32) == says("tgkill", 7, 7, 64) == "EPERM"
    assert says("prlimit64", 0) == "allow"
    assert says("prlimit64", 7) == says("sched_setaffinity", 8) == says("sched_getscheduler", 8) == "EPERM"
    assert says("getsid", 0) == says("getsid", 7) == says("sched_getaffinity", 7) == "allow"
    assert says("getsid", 8) == says("getpriority", 0, 8) == says("getpriority", 2, 0) == "EPERM"
    assert says("sched_getaffinity", 8) == "ENOSYS"
    assert says("socketpair", 1, 1 | 0o2000000) == "allow"
    assert says("socketpair", 1, 2) == says("socketpair", 2, 1) == "EPERM"
    assert says("prctl", 15) == "allow"  # PR_SET_NAME
    assert {says("prctl", option) for option in (1, 4, 22, 35, 62)} == {"EPERM"}  # ..., PR_SET_SECCOMP, PR_SCHED_CORE
    assert says("ioctl", 0, 0x5413) == "allow"  # TIOCGWINSZ
    assert says("ioctl", 0, 0x5412) == says("ioctl", 0, 2**32 + 0x5412) == "EPERM"  # TIOCSTI
    assert {says("ioctl", 0, number) for number in (0x5452, 0x8901, 0x8902)} == {
        "EPERM"
    }  # FIOASYNC, FIOSETOWN, SIOCSPGRP
    assert says("fcntl", 3, 4, 0x800) == says("fcntl", 3, 1030, 10) == "allow"  # F_SETFL, F_DUPFD_CLOEXEC
    assert says("fcntl", 3, 4, 0x2800) == "EPERM"  # with O_ASYNC
    # F_GETLK, F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ
    assert {says("fcntl", 3, command) for command in (5, 8, 10, 15, 1024, 1026, 1031)} == {"EPERM"}
    assert {says("fcntl", 3, command) for command in (6, 7, 37, 38)} == {says("flock", 3, 2)} == {"nothing done"}
    assert says("futex", 0, 128) == says("futex", 0, 128 | 9 | 256) == "allow"
    assert says("futex", 0, 0) == says("futex", 0, 9 | 256) == "EAGAIN"
    assert says("futex", 0, 1) == says("futex", 0, 10) == "nothing done"
    assert says("futex", 0, 3) == "ENOSYS"  # FUTEX_REQUEUE
    assert says("preadv2") == "allow"
    assert says("preadv2", 3, 0, 0, 0, 0, 8) == says("pwritev2", 3, 0, 0, 0, 0, 8) == "EPERM"  # RWF_NOWAIT
    assert says("madvise", 0, 0, 4) == says("madvise", 0, 0, 14) == says("mmap", 0, 0, 3, 0x22) == "allow"
    # MADV_REMOVE, MERGEABLE, COLD, PAGEOUT, POPULATE_READ
    assert {says("madvise", 0, 0, advice) for advice in (9, 12, 20, 21, 22)} == {"EPERM"}
    assert says("mmap", 0, 0, 3, 0x40022) == "EPERM"  # MAP_HUGETLB
    assert says("clock_gettime", 2) == "allow"
    assert says("clock_gettime", 2**32 - 6) == says("clock_nanosleep", 2**64 - 6) == "EPERM"  # of process 0


# What libc itself calls, beside what Python asks it for: none of it may be refused.
CALLED_BY = {
    "glibc 2.31 (Debian 11, Ubuntu 20.04)": "set_robust_list rt_sigaction mprotect munmap brk mremap stat access "
    "fstat pipe2 getrandom exit_group sigaltstack getdents64 readlink clock_nanosleep nanosleep sendto recvfrom",
    "glibc 2.35 to 2.41 (Debian 12 and 13, Ubuntu 22.04 and 24.04)": "rseq newfstatat faccessat2 statx close_range "
    "epoll_pwait2 getcpu arch_prctl",
    "musl (Alpine)": "open readv writev membarrier set_tid_address rt_sigtimedwait getppid lstat poll dup3",
}


@pytest.mark.parametrize("machine", syscalls.ARCHITECTURES)
def test_every_libc_finds_what_it_calls(machine):
    calls = syscalls.numbers("".join(TABLES.values()), machine)
    for libc, names in CALLED_BY.items():
        refused = [name for name in names.split() if name in calls and verdict(machine, calls[name]) != "allow"]
        assert not refused, libc


HEADERS = {
    "x86_64": ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"],
    "aarch64": ["/usr/include/asm-generic/unistd.h"],
}
# Names in the generic header that are no calls of a 64-bit system.
ONLY_32_BITS = re.compile(r".*time64|clock_adjtime64|timer.*time64|arch_specific_syscall|syscalls|sync_file_range2")


@pytest.mark.parametrize("machine", syscalls.ARCHITECTURES)
def test_every_call_is_decided_about(machine):
    header = next((Path(path) for path in HEADERS[machine] if Path(path).exists()), None)
    if header is None:
        pytest.skip("the kernel's headers aren't installed")
    kernel = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    if "fstatat" in kernel:
        kernel["newfstatat"] = kernel.pop("fstatat")  # as it is called where it is used
    ours = {name: str(number) for name, number in syscalls.numbers("".join(TABLES.values()), machine).items()}
    known = ours.keys() & kernel.keys()
    assert len(known) > 200
    assert {name: ours[name] for name in known} == {name: kernel[name] for name in known}
    left = {name for name in kernel if name not in ours and not ONLY_32_BITS.fullmatch(name)}
    assert left <= set(syscalls.ABSENT.split())


def test_every_call_stands_once():
    rows = [line.split() for table in TABLES.values() for line in table.split("\n") if line]
    names = [name for name, *_ in rows] + syscalls.ABSENT.split()
    assert len(names) == len(set(names)) > 300
    assert {len(row) for row in rows} == {3}


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
