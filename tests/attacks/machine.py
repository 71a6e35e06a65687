# ruff: noqa: E501 (cells as students write them)
"""Attacks on the machine: what student code may read, write, start, kill and reach."""

import json
import os

from tests.attacks.corpus import answer_names, attack

ALL_WRONG = tuple(name for name in answer_names("numpy_basics") if name not in ("basic_sigmoid", "L1"))


def tries_to(name, tries, naive, cell, **parts):
    """An attack by one cell, beside answers of which all but two are wrong."""
    attack(name, tries, naive, cells=cell, **{"wrong": ALL_WRONG, **parts})


def reads(name, tries, naive, cell, **parts):
    """An attack that prints what it reads; without isolation it would print the canary."""
    tries_to(name, tries, naive, cell, needs=("mount",), **{"harmless": True, **parts})


reads(
    "reads-keys-at-home",
    "reads a key out of the home folder of whoever grades",
    "student code runs with the rights of whoever grades",
    "print(open(@key@).read())",
    says="FileNotFoundError|PermissionError",
)
reads(
    "reads-the-secret",
    "reads the course's secret, from which all hidden inputs are drawn",
    "it lies beside the gradebook",
    "print(open(@secret@).read())",
    says="FileNotFoundError|PermissionError",
)
reads(
    "reads-bobs-notebook",
    "reads another student's submission, by its path and by walking up from here",
    "all submissions lie in one folder",
    """
import glob
import os
for path in glob.glob(@course@ + "/grading/submitted/*/*/*.ipynb") + glob.glob("../../*/*/*.ipynb"):
    print(open(path).read())
""",
)
reads(
    "reads-the-gradebook",
    "reads the gradebook, with hidden tests and everybody's marks",
    "stock nbgrader: it lies two folders up and is writable",
    'print(open(@gradebook@, "rb").read())',
    says="FileNotFoundError|PermissionError",
)
reads(
    "reads-histories",
    "reads IPython's history of whoever grades",
    "a shell opens the history file of its user",
    """
print(open(@history@).read())
""",
)
reads(
    "reads-environments",
    "looks for a password in the environment: its own, its parents', and the grader's",
    "a child inherits the environment, and /proc shows it",
    """
import os
print(os.environ.get("CANARY"))
for pid in ("self", os.getppid(), @grader@, @witness@):
    try:
        data = open(f"/proc/{pid}/environ", "rb").read()
        print([entry for entry in data.split(b"\\0") if entry.startswith(b"CANARY")])
    except OSError as error:
        print(type(error).__name__)
""",
)
reads(
    "reads-by-a-link",
    "makes links in its folder to a file outside and reads through them",
    "a check of paths is fooled by a link",
    """
import os
os.symlink(@key@, "innocent.txt")
print(open("innocent.txt").read())
try:
    os.link(@key@, "hard.txt")
    print(open("hard.txt").read())
except OSError as error:
    print(error)
""",
)
reads(
    "reads-by-descriptors",
    "opens files relative to every open descriptor, and /proc/self/root and cwd",
    "an open folder is a way around a new root",
    """
import os
for number in range(256):
    try:
        print(open(os.open(@key@.lstrip("/"), os.O_RDONLY, dir_fd=number)).read())
    except OSError:
        pass
for start in ("/proc/self/root", "/proc/self/cwd/../../../../..", "/proc/1/root", f"/proc/{@grader@}/root"):
    try:
        print(open(start + @key@).read())
    except OSError as error:
        print(type(error).__name__)
""",
)


def _found_nothing(world, result):
    shown = json.dumps(result.outputs)
    assert "HERE IT IS" not in shown, "something was found"


for folder, what in (("source", "the solutions"), ("root", "the catalogue of mistakes and the judge")):
    tries_to(
        f"reads-{folder}",
        f"reads {what} by their path",
        "the grader needs them, so they are on the machine",
        f"""
import pathlib
for pattern in ("*.ipynb", "week*/*.ipynb", "source/*/*.ipynb", "autograder/*.py", "autograder/*/*.py", "autograder/*/*/*.py", "tests/*/*.py", ".git/HEAD"):
    for path in pathlib.Path(@{folder}@).glob(pattern):
        print("HERE", "IT", "IS", path, path.read_text()[:100])
""",
        needs=("mount",),
        effect=_found_nothing,
    )
tries_to(
    "imports-the-grader",
    "imports autograder, its reference and its judge, and looks through sys.modules for them",
    "the package is installed where student code runs",
    """
import importlib
import sys
print(["HERE IT IS " + name for name in sys.modules if name.split(".")[0] == "autograder"])
for name in ("autograder", "autograder.exercises.reference", "autograder.judge", "tests", "tests.support.classroom"):
    try:
        module = importlib.import_module(name)
        if getattr(module, "__file__", None):
            print("HERE IT IS", module.__file__)
    except (ImportError, OSError) as error:
        print(error)
""",
    needs=("mount",),
    effect=_found_nothing,
)
tries_to(
    "reads-the-graders-memory",
    "opens /proc/PID/mem and maps of the grader and of its parents, by pid and by ptrace",
    "processes of one user may read each other's memory",
    """
import ctypes
import os
libc = ctypes.CDLL(None, use_errno=True)
for pid in (os.getppid(), @grader@):
    for name in ("mem", "maps", "fd", "environ"):
        try:
            if pid not in (0, os.getpid()):
                found = os.listdir(f"/proc/{pid}/fd") if name == "fd" else open(f"/proc/{pid}/{name}", "rb").read(1)
                print("HERE IT IS", name, found)
        except OSError as error:
            print(type(error).__name__)
print("HERE IT IS" if libc.ptrace(16, @grader@, 0, 0) == 0 else ctypes.get_errno())
buffer = ctypes.create_string_buffer(8)
""",
    needs=("pid", "seccomp"),
    effect=_found_nothing,
)
tries_to(
    "writes-the-gradebook",
    "writes into the gradebook, by its path and through sqlite3",
    "stock nbgrader: a write to gradebook.db changes the marks of the whole class",
    """
import sqlite3
for path in (@gradebook@, "../../gradebook.db", "../../../gradebook.db"):
    try:
        open(path, "wb").write(b"mine")
    except OSError as error:
        print(error)
    try:
        sqlite3.connect(path).execute("create table grade (score)")
    except sqlite3.Error as error:
        print(error)
""",
    needs=("mount",),
)
tries_to(
    "writes-everywhere",
    "writes into the solutions' folder, Python's, the temporary folder, and a folder of everybody's",
    "what it leaves there runs or counts later",
    """
import os
import site
import tempfile
for place in (@drop@, @source@, @root@, @home@, *site.getsitepackages(), os.path.dirname(os.__file__), "/tmp", "/var/tmp", "/dev/shm", "/etc", "/"):
    try:
        with open(os.path.join(place, "left-by-an-attack.txt"), "w") as file:
            file.write("x")
        print("HERE IT IS", place)
    except OSError as error:
        print(type(error).__name__)
""",
    needs=("mount",),
    effect=_found_nothing,
)
tries_to(
    "changes-modes-and-times",
    "chmod, chown, utime, rename, truncate and unlink on files outside",
    "Landlock lets a process change modes of files that it may not read",
    """
import os
for action in (
    lambda path: os.chmod(path, 0o777),
    lambda path: os.utime(path, (0, 0)),
    lambda path: os.truncate(path, 0),
    lambda path: os.rename(path, path + ".old"),
    lambda path: os.unlink(path),
):
    for path in (@gradebook@, @key@, @secret@):
        try:
            action(path)
        except OSError as error:
            print(type(error).__name__)
""",
    needs=("mount",),
)
tries_to(
    "calls-home",
    "connects to a listener on this machine by TCP, UDP and an abstract socket",
    "a sandbox without a network namespace reaches everything on the machine",
    """
import socket
for family, kind, address in (
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", @port@)),
    (socket.AF_UNIX, socket.SOCK_STREAM, @abstract@),
):
    try:
        with socket.socket(family, kind) as connection:
            connection.settimeout(0.5)
            connection.connect(address)
            print("HERE IT IS")
    except OSError as error:
        print(type(error).__name__)
""",
    needs=("network", "seccomp"),
    effect=_found_nothing,
)
tries_to(
    "kills-its-parent",
    "kills its parent, its session and the grader with all signals that it knows",
    "the process that collects the marks is one of the same user",
    """
import os
import signal
for target in (os.getppid(), @grader@):
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            # Signal 0 only asks; in a pid namespace of its own there is nobody else to hit.
            os.kill(target, number if os.getpid() == 1 else 0)
            print("KILLED", target)
        except OSError as error:
            print(type(error).__name__)
""",
    needs=("pid", "seccomp"),
)
tries_to(
    "may-signal-everybody",
    "asks with signal 0 whether it could signal all processes, its group, or any from 2 to 400",
    "kill -9 -1 ends everything that the user runs",
    """
import os
for target in (-1, *range(2, 400)):
    try:
        os.kill(target, 0)
        print("HERE IT IS: could signal", target)
    except OSError:
        pass
""",
    needs=("pid", "seccomp"),
    effect=_found_nothing,
)
TRYING = """
import ctypes
import fcntl
import mmap
import os
import platform
import signal
import socket
import struct
import time
libc = ctypes.CDLL(None, use_errno=True)
shared = @readable@
def checked(result):
    if result is None or result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result
def call(x86_64, aarch64, *arguments):
    number = {"x86_64": x86_64, "aarch64": aarch64}[platform.machine()]
    return checked(libc.syscall(ctypes.c_long(number), *arguments))
def trying(*actions):
    for action in actions:
        try:
            found = action()
            if found is not False:
                print("HERE", "IT", "IS", found)
        except (OSError, ValueError, AttributeError) as error:
            print(type(error).__name__)
def in_memory():
    file = os.open(shared, os.O_RDONLY)
    libc.mmap.restype = ctypes.c_void_p
    return file, ctypes.c_void_p(libc.mmap(None, ctypes.c_size_t(4096), 1, 1, file, ctypes.c_long(0)))
"""


def calls(name, tries, naive, cell, **parts):
    """An attack by system calls; without isolation at least one of them would work."""
    parts = {"needs": ("seccomp",), "effect": _found_nothing, "unconfined": True, **parts}
    tries_to(name, tries, naive, (TRYING, cell), **parts)


calls(
    "signals-by-descriptors",
    "makes another process the owner of a socket, with SIGKILL as its signal, by fcntl and by ioctl",
    "the kernel sends it, on behalf of the sandbox, and kill is never called",
    """
ours, theirs = socket.socketpair()
F_SETSIG, F_SETOWN_EX, FIOASYNC, FIOSETOWN, SIOCSPGRP = 10, 15, 0x5452, 0x8901, 0x8902
def owned(set_owner):
    set_owner()
    fcntl.fcntl(ours, F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC)
    theirs.send(b"now")
trying(
    lambda: fcntl.fcntl(ours, F_SETSIG, signal.SIGKILL),
    lambda: fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC),
    lambda: fcntl.ioctl(ours, FIOASYNC, struct.pack("i", 1)),
    lambda: owned(lambda: fcntl.ioctl(ours, FIOSETOWN, struct.pack("i", @witness@))),
    lambda: owned(lambda: fcntl.ioctl(ours, SIOCSPGRP, struct.pack("i", @witness@))),
    lambda: owned(lambda: fcntl.fcntl(ours, F_SETOWN_EX, struct.pack("ii", 1, @witness@))),
    lambda: owned(lambda: fcntl.fcntl(ours, fcntl.F_SETOWN, @witness@)),
)
""",
)
calls(
    "leases-and-watches",
    "leases files that everybody opens, watches folders by inotify, fanotify and F_NOTIFY",
    "every open on the machine waits for the lease to end, and the user's watches are used up",
    """
F_SETLEASE, F_NOTIFY = 1024, 1026
kept = []
def lease(kind):
    kept.append(open(shared))
    return fcntl.fcntl(kept[-1], F_SETLEASE, kind)
trying(
    lambda: lease(fcntl.F_RDLCK),
    lambda: fcntl.fcntl(os.open(os.path.dirname(shared), os.O_RDONLY), F_NOTIFY, 1),
    lambda: checked(libc.inotify_init()),
    lambda: checked(libc.inotify_init1(0)),
    lambda: checked(libc.fanotify_init(0, 0)),
)
""",
)
calls(
    "locks-on-what-all-read",
    "locks a library file by flock, by records and by open file, and sees whether it is locked",
    "who holds a lock tells a bit to whoever tries it, and no file is written",
    """
F_OFD_SETLK = 37
lock = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 1, 0)
def held_by_another():
    fcntl.flock(open(shared), fcntl.LOCK_EX)
    with open(shared) as one, open(shared) as other:
        fcntl.flock(one, fcntl.LOCK_EX)
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return "a lock is seen"
    return False
def seen(command):
    before = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0)
    after = fcntl.fcntl(open(shared), command, before)
    return after if after != before else False
trying(held_by_another, lambda: seen(fcntl.F_GETLK), lambda: seen(36))
""",
)
calls(
    "what-is-in-memory",
    "asks which parts of a library are in memory, and puts them out: eleven calls that do",
    "two notebooks that read the same file send each other bits by what is in memory of it",
    """
file, where = in_memory()
size, buffer = ctypes.c_size_t(4096), ctypes.create_string_buffer(64)
trying(
    lambda: os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED),
    lambda: os.posix_fadvise(file, 0, 0, os.POSIX_FADV_WILLNEED),
    lambda: os.preadv(file, [bytearray(8)], 0, os.RWF_NOWAIT),
    lambda: checked(libc.mincore(where, size, buffer)),
    lambda: checked(libc.readahead(file, ctypes.c_long(0), size)),
    lambda: checked(libc.sync_file_range(file, ctypes.c_long(0), ctypes.c_long(0), 2)),
    lambda: call(451, 451, file, (ctypes.c_uint64 * 2)(0, 4096), buffer, 0),
    lambda: checked(libc.madvise(where, size, 20)),
    lambda: checked(libc.madvise(where, size, 21)),
    lambda: checked(libc.madvise(where, size, 22)),
    # openat2 with RESOLVE_CACHED: only what others have looked for
    lambda: call(437, 437, -100, shared.encode(), (ctypes.c_uint64 * 3)(0, 0, 0x20), ctypes.c_size_t(24)),
)
""",
)
calls(
    "meets-at-a-word",
    "waits at a word of a library in memory, and wakes whoever waits there",
    "a futex is known by its file: readers of one file wake each other, and are told how many woke",
    """
import threading
file, word = in_memory()
value = ctypes.c_uint32.from_buffer_copy(os.pread(file, 4, 0))
FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET = 0, 1, 9, 10
def meet(wait, wake):
    until = (ctypes.c_int64 * 2)(1, 0) if wait == FUTEX_WAIT else None
    def waiter():
        libc.syscall(ctypes.c_long(202 if platform.machine() == "x86_64" else 98), word, wait, value, until, None, -1)
    thread = threading.Thread(target=waiter, daemon=True)
    thread.start()
    for _ in range(100):
        if call(202, 98, word, wake, 1, None, None, -1):
            return "woken"
        time.sleep(0.005)
    return False
trying(lambda: meet(FUTEX_WAIT, FUTEX_WAKE), lambda: meet(FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET))
""",
)
calls(
    "counts-of-its-memory",
    "reads in /proc which of its pages other processes have in memory, too",
    "mapping a page of a library and letting it go again is a bit that others read",
    """
def read(path):
    with open(path, "rb") as file:
        return file.read(8)
trying(*[lambda name=name: read("/proc/self/" + name) for name in ("smaps", "smaps_rollup", "pagemap", "numa_maps", "io")])
trying(lambda: read("/proc/thread-self/smaps"), lambda: read(f"/proc/self/task/{os.getpid()}/smaps"))
""",
    needs=("landlock",),
)
calls(
    "how-the-machine-is",
    "reads how much memory is free, how many threads run, and what the processors do",
    "200 threads or 200 MB more are a bit that others read",
    """
def read(path):
    with open(path, "rb") as file:
        return file.read(8)
trying(
    os.getloadavg,
    lambda: checked(libc.sysinfo(ctypes.create_string_buffer(256))),
    *[lambda name=name: read("/proc/" + name) for name in ("meminfo", "stat", "loadavg", "vmstat", "locks", "diskstats")],
)
""",
    needs=("landlock", "seccomp"),
)
calls(
    "uses-up-what-all-share",
    "takes what a user or the machine has so much of: aio, timers, queued signals, pipes, messages, descriptors on their way",
    "when it is gone, it is gone for nbgrader, too, and whoever looks learns how much is left",
    """
context = ctypes.create_string_buffer(8)
ours, theirs = socket.socketpair()
ends = os.pipe()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN + 3])
trying(
    lambda: call(206, 0, 1, context),
    lambda: checked(libc.timer_create(1, None, context)),
    lambda: os.kill(os.getpid(), signal.SIGRTMIN + 3),
    lambda: checked(libc.sigqueue(os.getpid(), signal.SIGRTMIN + 3, None)),
    lambda: fcntl.fcntl(ends[0], 1031, 4096),
    lambda: socket.send_fds(ours, [b"x"], [0]),
    lambda: checked(libc.shmctl(checked(libc.shmget(0, ctypes.c_size_t(4096), 0o1600)), 0, None)),
    lambda: checked(libc.mlock(context, ctypes.c_size_t(8))),
    lambda: os.memfd_create("x"),
    lambda: checked(libc.madvise(ctypes.c_void_p(0), ctypes.c_size_t(0), 12)),
)
""",
)
calls(
    "looks-at-other-processes",
    "asks for the clock, priority, session, rules and processors of another process",
    "what a process sets for itself, others may read",
    """
pid = @witness@
trying(
    lambda: time.clock_gettime(~pid << 3 | 2),
    lambda: os.getpriority(os.PRIO_PROCESS, pid),
    lambda: os.sched_getscheduler(pid),
    lambda: os.sched_getaffinity(pid),
    lambda: os.getsid(pid),
    lambda: os.getpgid(pid),
    lambda: os.pidfd_open(pid),
)
""",
    needs=("seccomp",),
)
tries_to(
    "detaches-a-process",
    "forks twice, starts a session, and writes a file later",
    "killing the process group misses it",
    """
import os
import time
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for _ in range(20):
                time.sleep(0.1)
                open(@drop@ + "/later", "w").write("still here")
        os._exit(0)
except OSError as error:
    print("no", "fork:", error)
""",
    says="no fork:",
    needs=("seccomp", "pid"),
)
tries_to(
    "fork-bomb",
    "forks as fast as it can (200 processes at most)",
    "the machine stands still",
    """
import os
started = 0
for _ in range(200):
    try:
        if os.fork() == 0:
            import time
            time.sleep(3)
            os._exit(0)
        started += 1
    except OSError:
        break
print("started", started)
""",
    says="started 0",
    needs=("seccomp",),
)
tries_to(
    "starts-programs",
    "subprocess, os.system, !cmd, %%bash, %%script, posix_spawn",
    "a shell has everything that Python was kept from",
    """
import os
import subprocess
for start in (
    lambda: subprocess.run(["/bin/sh", "-c", "echo RAN"], capture_output=True, text=True).stdout,
    lambda: os.popen("echo RAN").read(),
    lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "touch " + @drop@ + "/spawned"], {}),
    lambda: get_ipython().getoutput("echo RAN"),
    lambda: get_ipython().run_cell_magic("bash", "", "echo RAN; touch " + @drop@ + "/bash"),
):
    try:
        print(start())
    except BaseException as error:
        print(type(error).__name__)
""",
    needs=("seccomp",),
    effect=lambda world, result: _never_says("RAN\\n", result),
)


def _never_says(text, result):
    assert text not in json.dumps(result.outputs), text


tries_to(
    "exits-in-a-cell",
    "os._exit(0) in a cell",
    "an exit code of 0 looks like success, and nothing after it runs",
    "import os\nos._exit(0)",
    says="left out",
)
tries_to(
    "sys-exit-in-a-cell",
    "sys.exit(0), raise SystemExit and raise KeyboardInterrupt in cells",
    "SystemExit ends what runs the cell",
    "import sys\nsys.exit(0)",
)
tries_to(
    "exits-on-import",
    "a module beside the notebook that ends the process when it is imported",
    "the import cell is everybody's first",
    "import my_helpers",
    prepare=lambda folder, world: (folder / "my_helpers.py").write_text("import os\nos._exit(0)"),
    says="left out",
)
tries_to(
    "segfault-in-a-cell",
    "reads address 0 in a cell",
    "the process that runs the cells is the one that grades",
    "import ctypes\nctypes.string_at(0)",
    says="left out",
)
tries_to(
    "aborts-and-stops",
    "SIGABRT, SIGSTOP and SIGTSTP to itself",
    "a stopped process is neither running nor ended",
    "import os\nimport signal\nos.kill(os.getpid(), signal.SIGSTOP)\nos.kill(os.getpid(), signal.SIGTSTP)\nos.abort()",
    seconds=16,
)
tries_to(
    "loop-that-swallows-everything",
    "an endless loop in a cell that ignores all signals and catches BaseException",
    "an interrupt is only a request",
    """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
    says="couldn't be interrupted",
    seconds=14,
)
tries_to(
    "alarm-later",
    "SIGALRM, itimers and a SIGINT handler that raise during later cells and calls",
    "what one cell sets up hits the next",
    """
import signal
def later(number, frame):
    raise SystemExit("boo")
for number in (signal.SIGALRM, signal.SIGINT, signal.SIGVTALRM, signal.SIGPROF):
    signal.signal(number, later)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
""",
    keeps=False,
)
tries_to(
    "atexit-and-finalizers",
    "atexit handlers, finalizers and excepthooks that write files and never return",
    "they run when the notebook is done and nobody looks",
    """
import atexit
import sys
import weakref
def for_ever(*a):
    open(@drop@ + "/late", "w").write("late")
    while True:
        pass
class Thing:
    __del__ = for_ever
keep = Thing()
atexit.register(for_ever)
sys.excepthook = sys.unraisablehook = for_ever
weakref.finalize(keep, for_ever)
""",
)
tries_to(
    "asks-for-input",
    "input(), getpass and reading from stdin",
    "the grader waits for a person who isn't there",
    "import sys\nprint(sys.stdin.read())\ninput('Password: ')",
    says="input\\(\\) can't be used",
)
tries_to(
    "c-stack-overflow",
    "overflows the C stack by deep structures in re, ast and repr",
    "a crash that no except clause sees",
    """
import sys
sys.setrecursionlimit(10**8)
def deeper(n):
    return [deeper(n + 1)]
deeper(0)
""",
    seconds=14,
)
tries_to(
    "inherited-descriptors",
    "looks through all descriptors for sockets and pipes, and for files of the grader",
    "descriptors cross a fork",
    """
import os
import stat
for number in range(3, 4096):
    try:
        about = os.fstat(number)
    except OSError:
        continue
    if not stat.S_ISSOCK(about.st_mode):
        print("HERE IT IS", number, os.readlink(f"/proc/self/fd/{number}"))
""",
    effect=_found_nothing,
)


def lays(name, tries, naive, files, **parts):
    """An attack by files beside the notebook."""

    def prepare(folder, world):
        for path, text in files.items():
            path = folder / path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(world.fill(text))

    attack(name, tries, naive, prepare=prepare, **{"wrong": ALL_WRONG, **parts})


EVIL = 'open(@drop@ + "/imported", "w").write("x")\ndef __getattr__(name):\n    return lambda *a, **k: 10.0\n'
lays(
    "shadowed-modules",
    "hands in numpy.py, h5py.py, utils/, sandbox.py, autograder/ and IPython/",
    "stock nbgrader: a submitted h5py.py gives full marks to an empty submission",
    {
        "numpy.py": EVIL,
        "h5py.py": EVIL,
        "utils/__init__.py": EVIL,
        "sandbox.py": EVIL,
        "autograder/__init__.py": EVIL,
        "IPython/__init__.py": EVIL,
        "math.py": EVIL,
    },
    says="has the name of a module",
)
lays(
    "start-up-files",
    "hands in sitecustomize, usercustomize, .pth files, IPython profiles, a matplotlibrc and a conftest",
    "Python, IPython, matplotlib and pytest run such files when they start",
    {
        "sitecustomize.py": EVIL,
        "usercustomize.py": EVIL,
        "evil.pth": 'import os; open(@drop@ + "/pth", "w")',
        ".ipython/profile_default/startup/00.py": EVIL,
        "ipython_config.py": EVIL,
        "matplotlibrc": "backend: module://evil",
        "nbgrader_config.py": EVIL,
        "conftest.py": EVIL,
        "jupyter_config.py": EVIL,
    },
)


def _links(folder, world):
    (folder / "bob.ipynb").symlink_to(world.files["bob"])
    (folder / "numpy_basics.ipynb").unlink()
    (folder / "numpy_basics.ipynb").symlink_to(world.files["bob"])
    (folder / "data").symlink_to(world.home)
    (folder / "loop").symlink_to(folder)


attack(
    "links-handed-in",
    "the notebook is a link to bob's, beside links to folders and a loop",
    "the grader reads what the link points to, with its own rights",
    prepare=_links,
    right=(),
    keeps=False,
    says="is a link",
)


def _hard_link(folder, world):
    os.link(world.files["key"], folder / "mine.txt")


attack(
    "hard-link-handed-in",
    "a hard link to a file of somebody else's, which a cell then writes to",
    "what is written to one name is written to all",
    cells='try:\n    open("mine.txt", "w").write("changed")\nexcept OSError as error:\n    print(error)',
    prepare=_hard_link,
    wrong=ALL_WRONG,
)


def _odd_entries(folder, world):
    os.mkfifo(folder / "pipe.csv")
    (folder / "quiz2.ipynb").mkdir()
    (folder / "a\nb.txt").write_text("x")
    (folder / "-rf").write_text("x")
    os.mkfifo(folder / "timestamp.txt")


attack(
    "pipes-and-odd-names",
    "a named pipe, a folder called quiz2.ipynb, names with line breaks and dashes",
    "opening a pipe waits for ever",
    prepare=_odd_entries,
    wrong=ALL_WRONG,
    says="neither a file nor a folder",
)
