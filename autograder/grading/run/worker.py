"""Grading one notebook in a worker: the warm process that it keeps, and one look after the other."""

import platform
import threading
import time
from dataclasses import replace

from tqdm import tqdm

from autograder.grading.run.helpers import Helpers
from autograder.grading.run.job import Job, Result
from autograder.grading.run.looks import FirstLook, LookAgain
from autograder.grading.settings import CannotGrade
from sandbox.client import Refused, Sandbox

# Our own solutions show progress. tqdm's usual lock is shared between processes, and a worker's would be left behind.
tqdm.set_lock(threading.RLock())

_warm: Sandbox | None = None
_lock = threading.Lock()


def grade_notebook(job: Job) -> Result:
    """Take one look at a notebook: the first, or the second one that the job asks for.

    Parameters
    ----------
    job : Job

    Returns
    -------
    Result
        Says in `second` whether another look is wanted. That has to wait for the whole batch: see
        `autograder.grading.run.rounds`.

    Raises
    ------
    CannotGrade
        When the isolation that the job asks for can't be had on this machine, so that no other notebook can be graded.
    SandboxError
        When the sandbox fails for another reason.
    """
    begin = time.monotonic()
    with Helpers(lambda source: warm_sandbox().open_helpers(job.settings, source)) as helpers:
        look = FirstLook(job, helpers) if job.second is None else LookAgain(job, helpers, job.second)
        try:
            look.run(warm_sandbox)
        except Refused as reason:
            raise CannotGrade(f"On {platform.node()}: {reason}") from None
    result = look.result()
    result.seconds = round(time.monotonic() - begin, 3)
    return result


def grade_alone(job: Job) -> Result:
    """Grade a notebook that is part of no batch, one look after the other: the final result.

    Parameters
    ----------
    job : Job
        For the first look.

    Raises
    ------
    CannotGrade, SandboxError
    """
    result = grade_notebook(job)
    while result.second is not None:
        result = result.then(grade_notebook(replace(job, second=result.second)))
    return result


def warm_sandbox() -> Sandbox:
    """This worker's warm process, started when it is first needed and again should it be gone."""
    global _warm
    with _lock:
        if _warm is None or not _warm.alive:
            _warm = Sandbox()
        return _warm


grade_notebook.warm_up = warm_sandbox  # type: ignore[attr-defined]
