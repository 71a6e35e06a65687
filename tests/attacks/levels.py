"""Machines that lack layers of isolation, simulated: a warm process to which some of the kernel is refused."""

import contextlib
import subprocess
from types import SimpleNamespace

import pytest

import sandbox.client

REFUSE = """
def refuse(*_):
    raise isolation.IsolationError("the test takes it away")
"""
NO_NAMESPACES = """
namespaces.possible = lambda: dict.fromkeys(namespaces.NAMES, "the test takes it away")
root.build = refuse
"""
LANDLOCK_4 = """
found = landlock.version
landlock.version = lambda: min(4, found())
"""
NO_LANDLOCK = """
landlock.version = refuse
"""
# Root's files are this user's, so that it can read what the test made; but none of root's rights are.
ORDINARY_USER = """
prepare = isolation.prepare
def become_another():
    mapped = os.geteuid(), os.getegid()
    checked(LIBC.unshare(namespaces.FLAGS["user"]))
    for file, text in ("setgroups", "deny"), ("uid_map", f"1000 {mapped[0]} 1"), ("gid_map", f"1000 {mapped[1]} 1"):
        with open(f"/proc/self/{file}", "w") as target:
            target.write(text)
    privileges.drop()
    prepare()
isolation.prepare = become_another
"""
# What is taken away at each level; docs/grading.md has a table of them. Ubuntu 24.04 is much like the second.
LEVELS = {
    "ordinary user": ORDINARY_USER,
    "no namespaces, Landlock 4": NO_NAMESPACES + LANDLOCK_4,
    "no Landlock": NO_LANDLOCK,
    "neither": NO_NAMESPACES + NO_LANDLOCK,
}
# What gets through at a level, and what its test then says.
LOST = {
    "ordinary user": {},
    "no namespaces, Landlock 4": {"disk-bomb-small": "nothing says 'stopped by:'"},
    "no Landlock": dict.fromkeys(("counts-of-its-memory", "how-the-machine-is"), "something was found"),
}
WARM = f"""
import os, runpy
from sandbox import isolation
from sandbox.isolation import landlock, namespaces, privileges, root
from sandbox.isolation.libc import LIBC, checked
{REFUSE}
{{taken_away}}
runpy.run_module("sandbox", run_name="__main__", alter_sys=True)
"""


@contextlib.contextmanager
def warm_process(level):
    """A Sandbox whose students' processes reach only what a level has.

    Parameters
    ----------
    level : str
        One of LEVELS.
    """

    def start(command, **options):
        program, isolated, *_, number = command
        return subprocess.Popen([program, isolated, "-c", WARM.format(taken_away=LEVELS[level]), number], **options)

    fake = SimpleNamespace(**vars(subprocess) | {"Popen": start})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox.client, "subprocess", fake)
        process = sandbox.client.Sandbox()
    with process:
        yield process
