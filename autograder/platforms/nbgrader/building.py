"""Pages of graded notebooks, each made in a process apart that ends when it takes too long.

Where a page is asked for, by a command or by the formgrader's server, nothing of a student's is parsed.
"""

import contextlib
import pickle
import resource
import signal
import threading
import traceback
from collections import deque
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from traitlets.config import Config

from autograder.grading.pool.backends import Processes
from autograder.platforms.nbgrader.exporter import LARGEST_PAGE, PAGE_SECONDS, PageExporter, TooLong, at_most

# A process that computes for so long was caught where no clock of its own reaches it.
HARD_SECONDS = 12
MEMORY = 3 * 2**30
NO_PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Left out</title></head><body><p>This page is left out: "
    "making it takes too long, or too much memory. The notebook lies among the graded ones, and its points are in the "
    "gradebook.</p></body></html>"
)
# What an exporter asks its configuration for, beside what its own classes and those of its preprocessors do.
SECTIONS = ("NbConvertBase", "Highlight2HTML", "DataTypeFilter", "WidgetsDataTypeFilter")


class Page(NamedTuple):
    """A page, and whether something is missing in it that is in the notebook."""

    html: str
    left_out: bool


@dataclass(frozen=True)
class PageJob:
    """A page to be made. All of it crosses to another process.

    Attributes
    ----------
    notebook : str
        The path of the graded notebook.
    resources : mapping
        What its template is told.
    config : bytes
        Of the exporter, from `packed`.
    preprocessors : tuple of classes
        What nbgrader puts into the notebook before: marks and comments.
    plain : bool
        Whether to parse no text of it.
    """

    notebook: str
    resources: Mapping[str, Any]
    config: bytes
    preprocessors: tuple[type, ...] = ()
    plain: bool = False

    @property
    def longest_seconds(self) -> float:
        """How long it may take."""
        return HARD_SECONDS


def packed(config: Config, preprocessors: Iterable[type] = ()) -> bytes:
    """The part of a configuration that pages are made with: the rest may hold what can't cross, an executor for one."""
    classes = {one.__name__ for made in (PageExporter, *preprocessors) for one in made.__mro__}
    return pickle.dumps({name: dict(config[name]) for name in {*classes, *SECTIONS} & config.keys()})


def make_page(job: PageJob) -> Page:
    """A page; for the main thread of a process that is there for it.

    Raises
    ------
    RuntimeError
        Where it can't be made for another reason than the student's texts; its text is the traceback.
    """
    for plain in (job.plain, True):
        exporter = _exporter(job.config, job.preprocessors)
        exporter.plain = plain
        try:
            with at_most(PAGE_SECONDS, signal.ITIMER_VIRTUAL):
                made, _ = exporter.from_filename(job.notebook, resources=dict(job.resources))
            if len(made.encode()) <= LARGEST_PAGE:
                return Page(made, exporter.left_out)
        except (TooLong, MemoryError, RecursionError):
            pass
        except Exception:
            raise RuntimeError(traceback.format_exc()) from None  # another one may not survive the way back
    return Page(NO_PAGE, True)


def make_page_apart(job: PageJob) -> Page:
    """The same in a process that ends should it take far too long."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(ValueError):  # this machine allows less
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + HARD_SECONDS, most))
    return make_page(job)


def bound_memory() -> None:
    """In a new process: bound its memory."""
    with contextlib.suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


make_page_apart.warm_up = bound_memory  # type: ignore[attr-defined]


@lru_cache(maxsize=4)
def _exporter(config: bytes, preprocessors: tuple[type, ...]) -> PageExporter:
    """An exporter, kept: it compiles its template once."""
    exporter = PageExporter(config=Config(pickle.loads(config)))
    for preprocessor in preprocessors:
        exporter.register_preprocessor(preprocessor)
    return exporter


class Builder:
    """Makes pages, some at once.

    Parameters
    ----------
    number : int
        How many processes.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._backend = Processes(make_page_apart, number)
        self._lock, self._room = threading.Lock(), threading.BoundedSemaphore(number)
        self._stopped = False

    def page(self, job: PageJob) -> Page:
        """One page; any thread may ask for one.

        Raises
        ------
        RuntimeError
            As `make_page`.
        """
        with self._room:
            for plain in (job.plain, True):
                with self._lock:
                    if self._stopped:
                        break
                    future = self._backend.submit(replace(job, plain=plain))
                wait([future])
                with self._lock:
                    self._backend.release(future)
                if not isinstance(future.exception(), BrokenExecutor):
                    return Page(*future.result())
        return Page(NO_PAGE, True)

    def pages(self, jobs: Iterable[PageJob]) -> Generator[Future[Page]]:
        """The pages of some jobs, in their order, some of them ahead of who takes them; then it is stopped."""
        ahead = deque[Future[Page]]()
        threads = ThreadPoolExecutor(self._number)
        try:
            for job in jobs:
                ahead.append(threads.submit(self.page, job))
                if len(ahead) > 4 * self._number:
                    yield _done(ahead.popleft())
            yield from map(_done, ahead)
        finally:
            self.stop()
            threads.shutdown(cancel_futures=True)

    def stop(self) -> None:
        """End the processes, whatever they do."""
        with self._lock:
            self._stopped = True
            self._backend.stop()


def _done(future: Future[Page]) -> Future[Page]:
    """The same, once it is done."""
    wait([future])
    return future
