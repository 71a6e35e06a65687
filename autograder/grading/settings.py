"""How a class is graded, and the refusal where it can't be."""

import os
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from pathlib import Path

from sandbox import isolation

# Which notebooks with a result are graded again: none; those in which a deadline or a crash played a part; all.
RETRIES = ("none", "troubled", "all")


class CannotGrade(Exception):
    """Nothing can be graded as it was asked for; the text is one sentence that says what to do."""


@dataclass(frozen=True)
class JobSettings:
    """How one notebook is run. All of it crosses to the worker, so it holds no secret.

    Attributes
    ----------
    isolation
        "full" (refuse unless every layer is there), "best" (what the machine has, but refuse where nothing keeps files
        from student code) or "none" (limits only); see `sandbox.isolation`.
    cell_seconds
        How long one cell may run.
    judge_seconds
        How long all calls of one function may take together while it is judged.
    notebook_seconds
        How long a notebook may take when it is first looked at, and as long again for all later looks together.
    memory_mb
        Address space of the student's process.
    """

    isolation: str = "best"
    cell_seconds: float = 60
    judge_seconds: float = 20
    notebook_seconds: float = 300
    memory_mb: int = 4096


@dataclass(frozen=True)
class Settings(JobSettings):
    """How a class is graded: how each notebook is run, and beside that where, and what is kept.

    Attributes
    ----------
    folder
        Where results are kept, and the course's secret, which the inputs are drawn from.
    jobs
        How many notebooks at once; 0 for one on each core.
    address
        Of a Dask scheduler, to grade on its cluster.
    executor
        To grade on it; it stays the caller's.
    retry
        One of RETRIES.
    """

    folder: Path = Path("grading")
    jobs: int = 0
    address: str = ""
    executor: Executor | None = None
    retry: str = "none"

    @property
    def for_jobs(self) -> JobSettings:
        """The part that travels with each job."""
        return JobSettings(**{field.name: getattr(self, field.name) for field in fields(JobSettings)})

    def check(self) -> None:
        """Refuse what can't be done here.

        Raises
        ------
        CannotGrade
        """
        for name, known in (("isolation", isolation.LEVELS), ("retry", RETRIES)):
            if getattr(self, name) not in known:
                raise CannotGrade(f"{name} is {getattr(self, name)!r}; it should be one of {known}.")
        if self.address or self.executor:
            return  # those machines check for themselves
        if not hasattr(os, "fork"):
            raise CannotGrade("Grading needs Linux or macOS; on Windows, run it in WSL.")
        if self.isolation == "best" and (reason := isolation.why_not_best(isolation.probe())):
            raise CannotGrade(reason)
        if self.isolation == "full":
            missing = {layer: reason for layer, reason in isolation.probe().items() if reason}
            if missing:
                reasons = "; ".join(f"{layer}: {reason}" for layer, reason in missing.items())
                raise CannotGrade(
                    f"This machine can't isolate student code fully ({reasons}). Grade on one that can, or set the "
                    'isolation to "best".'
                )
