"""In the place of what makes pages, in processes apart: it imports nothing, so that they start fast."""

import os
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """A page to be made; the name of its notebook says what happens."""

    notebook: str
    plain: bool = False
    longest_seconds: float = 60


def hostile(job):
    """A page, unless something happens."""
    name = job.notebook
    if name == "dies" or (name == "dies while it is made well" and not job.plain):
        os._exit(1)
    if name == "fails":
        raise RuntimeError("a fault")
    if name == "slow":
        time.sleep(0.3)
    return f"{name}, plain: {job.plain}", job.plain
