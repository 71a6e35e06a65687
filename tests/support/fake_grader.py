"""Graders for the tests of the runner: they sleep, fail and die as the student's name says, and note every start."""

import os
import signal
import threading
import time
from pathlib import Path

from autograder.grading.run.job import Job, Result, SecondLook, Step
from autograder.grading.settings import CannotGrade, JobSettings


def job(student, notebook="quiz2", source="", **changes):
    """A small job. `source` is where the grader notes that it was started, or empty."""
    values = {
        "student": student,
        "assignment": "week2",
        "notebook": notebook,
        "prelude": (),
        "steps": (Step(str(source), "run"),),
        "files": {"data.bin": b"\x00\x01"},
        "seed": 7,
        "settings": JobSettings(notebook_seconds=60),
    }
    return Job(**values | changes)


def started(folder):
    """Names of the students whose grading was started, once for each start."""
    return sorted(path.name.split("@")[0] for path in Path(folder).iterdir())


def gate(folder):
    """The file that "gated" students wait for, beside the folder of the notes."""
    return Path(folder).parent / "go"


class Awkward(Exception):
    """An exception that can't be pickled and brought back."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def grade(job):
    """Grade as the first word of the student's name says."""
    if job.steps[0].source:
        Path(job.steps[0].source, f"{job.student}@{time.monotonic_ns()}").touch()
    match job.student.split("-")[0]:
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exits":
            os._exit(3)
        case "once":  # the first time only
            if started(job.steps[0].source).count(job.student) == 1:
                os._exit(3)
        case "refuses":
            raise CannotGrade("On one of the machines student code could read the solutions.")
        case "raises":
            raise Awkward("apples", "pears")
        case "slow":
            time.sleep(0.3)
        case "gated":
            until = time.monotonic() + 120
            while not gate(job.steps[0].source).exists() and time.monotonic() < until:
                time.sleep(0.02)
        case "endless":
            time.sleep(60)
    return Result(
        outputs=[[{"output_type": "stream", "name": "stdout", "text": f"{job.student} {job.seed}\n"}]],
        points={f"{job.notebook}.a": len(job.student) / 3},
        remarks=["It took too long."] if job.student.startswith("troubled") else [],
        troubled=job.student.startswith("troubled"),
    )


def threads(job):
    """The settings of the numerical libraries, and the threads that run here, as remarks."""
    import numpy as np

    np.ones((200, 200)) @ np.ones((200, 200))
    status = Path("/proc/self/status")
    running = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("Threads")]
    return Result(remarks=[os.environ.get("OPENBLAS_NUM_THREADS", ""), str(threading.active_count()), *running])


def looks(job):
    """Look at a notebook as often as the student's name says, "ann-3": round 0, 1, 2, 3; each adds a point.

    Who is slow takes long for every look; who is fatal ends the worker in round 1.
    """
    now, last = job.second.round if job.second else 0, int(job.student.split("-")[1])
    notes = Path(job.steps[0].source)
    _note(notes, "begins", now, job.student)
    if job.student.startswith("slow"):
        time.sleep(0.5)
    if job.student.startswith("fatal") and now:
        os._exit(3)
    if job.student.startswith("faulty") and now:
        raise Awkward("apples", "pears")
    _note(notes, "ends", now, job.student)
    return Result(
        outputs=[[{"output_type": "stream", "name": "stdout", "text": "first"}]] if not now else [[]],
        points={f"quiz2.{now}": 1.0},
        remarks=[f"round {now}", "the same every time"],
        second=SecondLook(now + 1, {"quiz2.a": 0.5}, ["quiz2.a"], 60.0, [7]) if now < last else None,
    )


def _note(notes, what, now, student):
    (notes / f"{time.monotonic_ns()} {what} {now} {student}").touch()


def noted(notes):
    """What `looks` noted, in order: ("begins" or "ends", round, student)."""
    events = sorted((path.name.split() for path in Path(notes).iterdir()), key=lambda event: int(event[0]))
    return [(what, int(now), student) for _, what, now, student in events]
