"""Graders for the tests of the runner: they sleep, fail and die as the student's name says, and note every start."""

import os
import signal
import threading
import time
from pathlib import Path

from autograder.grading.run.job import Job, Result, Step
from autograder.grading.settings import JobSettings


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
        case "raises":
            raise Awkward("apples", "pears")
        case "slow":
            time.sleep(0.3)
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
