"""nbgrader with clocks inside, for where the time of a grading run goes: python timed_autograde.py autograde week2

The folder that GRADING_TIMES names gets main.json from the main process and worker-PID.json from each worker, each a
dict from what was done to seconds. Workers import the program of the process that spawned them: so they come by here.
"""

import atexit
import functools
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

import psutil


class Clock:
    """Seconds by what was done; what is done inside counts for itself only.

    Parameters
    ----------
    doing : str
        What is done from the start of the process until something else is.
    """

    def __init__(self, doing):
        self.spent, self.doing = Counter(), [doing]
        self.since = psutil.Process().create_time()

    def change(self):
        """Count the time since the last change for what was done."""
        now = time.time()
        self.spent[self.doing[-1]] += now - self.since
        self.since = now

    def then(self, doing):
        """From now on, this is done where nothing else is."""
        self.change()
        self.doing[0] = doing

    def watch(self, owner, name, doing):
        """Count the time inside a function, or a method of a class, as this."""
        function = getattr(owner, name)

        @functools.wraps(function)
        def timed(*arguments, **options):
            self.change()
            self.doing.append(doing)
            try:
                return function(*arguments, **options)
            finally:
                self.change()
                self.doing.pop()

        setattr(owner, name, timed)

    def write(self, name):
        """Write what was counted until now."""
        self.change()
        Path(os.environ["GRADING_TIMES"], f"{name}.json").write_text(json.dumps(self.spent), encoding="utf-8")


def time_main():
    """Put the clock into nbgrader's own process, and run it."""
    clock = Clock("start")
    from nbgrader.apps.nbgraderapp import NbGraderApp

    from autograder.grading.pool.runner import Runner
    from autograder.platforms.nbgrader.autograde import SandboxAutograde

    grade = SandboxAutograde.init_notebooks

    @functools.wraps(grade)
    def grading(self):
        clock.then("reading")
        try:
            return grade(self)
        finally:
            clock.then("writing")

    SandboxAutograde.init_notebooks = grading
    clock.watch(Runner, "run", "grading")
    atexit.register(clock.write, "main")
    NbGraderApp.launch_instance(sys.argv[1:])


def time_worker():
    """Put the clock into a process that grades."""
    clock = Clock("worker start")
    from autograder.grading.pool import runner
    from autograder.grading.run.looks import FirstLook, LookAgain
    from autograder.grading.run.remote import RemoteFunction
    from sandbox.client import Process, Sandbox, Session

    clock.watch(Sandbox, "__init__", "worker start")
    clock.watch(Sandbox, "open", "sandboxes")
    clock.watch(Sandbox, "open_helpers", "sandboxes")
    clock.watch(Process, "close", "sandboxes")
    clock.watch(Session, "run", "cells")
    clock.watch(RemoteFunction, "call", "calls")
    clock.watch(FirstLook, "_at_graded_cell", "judging")
    clock.watch(LookAgain, "_at_graded_cell", "judging")
    clock.watch(LookAgain, "_at_end", "judging")
    grade = runner.graded

    @functools.wraps(grade)
    def grading(*arguments):
        clock.then("worker rest")
        try:
            return grade(*arguments)
        finally:
            clock.then("waiting")
            clock.write(f"worker-{os.getpid()}")

    runner.graded = grading


if __name__ == "__main__":
    time_main()
elif __name__ == "__mp_main__":
    time_worker()
