"""Where notebooks are graded: processes of this machine, a Dask cluster, or an executor that was handed over."""

import asyncio
import contextlib
import faulthandler
import multiprocessing
import os
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Protocol

from autograder.grading.run.job import Graded, Job
from autograder.grading.settings import CannotGrade
from sandbox import ONE_THREAD

FAILED_STARTS = 3  # in a row
CONNECT_SECONDS = 15
NO_WORKERS_SECONDS = 120
# What a batch holds on a cluster. Two courses that graded at once could help each other's students across notebooks.
TURN = "neural-networks-course grades"
# A job has its own deadline inside. Far behind it, a worker that hangs in spite of it ends itself.
HANGS_SECONDS = 300


def cores() -> int:
    """How many processes of this machine can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# A pool of one process, and a Future that tells that it can grade.
Worker = tuple[ProcessPoolExecutor, Future[None]]


class Timed(Protocol):
    """What can be done in processes: it says in how many seconds it should be."""

    @property
    def longest_seconds(self) -> float: ...


class Backend(ABC):
    """Where jobs are graded.

    Attributes
    ----------
    lost : tuple of exception types
        What a job ends with when its worker died.
    """

    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)

    @abstractmethod
    def room(self) -> int:
        """How many jobs may be unfinished at once, now.

        Raises
        ------
        CannotGrade
            When there is nobody left to grade.
        """

    @abstractmethod
    def submit(self, job: Job) -> Future[Graded]:
        """Start a job.

        Raises
        ------
        CannotGrade
            When no more are taken.
        """

    @abstractmethod
    def release(self, future: Future[Graded]) -> int:
        """Take note that a job is over: how many deaths of workers it has to answer for.

        Raises
        ------
        CannotGrade
            When its worker died and can't be replaced.
        """

    @abstractmethod
    def stop(self) -> None:
        """End now, whatever is being done."""

    def close(self) -> None:
        """End when nothing is left to do."""
        self.stop()


class Processes(Backend):
    """Fresh processes on this machine, each a pool of its own, so that a death hurts no other and has one cause.

    They are spawned, never forked, because the caller may be a server with threads.

    Parameters
    ----------
    function : callable of one Job, or of something else that is Timed
        Of a module, so that the processes can import it.
    number : int
        How many processes.
    """

    def __init__(self, function: Callable[[Any], Any], number: int) -> None:
        self._function, self._number = function, number
        self._context = multiprocessing.get_context("spawn")
        # Nothing is ever sent. It closes when this process ends, however it ends, and then the workers end, too.
        self._alive, self._keep = self._context.Pipe(duplex=False)
        self._idle: list[Worker] = []
        self._busy: dict[Future[Any], Worker] = {}
        self._failed_starts = 0

    def start(self) -> None:
        """Start all processes now."""
        self._idle = [self._new() for _ in range(self._number)]

    def room(self) -> int:
        return self._number

    def submit(self, job: Timed) -> Future[Any]:
        while True:
            pool, ready = self._idle.pop() if self._idle else self._new()
            try:
                with _environment(ONE_THREAD):  # a process may be started here
                    future = pool.submit(_watched, self._function, job)
            except BrokenExecutor:  # it died while it was idle
                continue
            self._busy[future] = pool, ready
            return future

    def _new(self) -> Worker:
        pool = ProcessPoolExecutor(1, self._context, _settle, (self._alive,))
        with _environment(ONE_THREAD):
            return pool, pool.submit(_can_grade, self._function)

    def release(self, future: Future[Any]) -> int:
        pool, ready = self._busy.pop(future)
        if not isinstance(future.exception(), BrokenExecutor):
            self._idle.append((pool, ready))
            return 0
        pool.shutdown(wait=False)
        if ready.exception() is None:
            self._failed_starts = 0
            return 1
        self._failed_starts += 1
        if self._failed_starts == FAILED_STARTS:
            raise CannotGrade(
                "No process that grades can be started on this machine: see the reason above (often too little "
                "memory) and try again, with fewer jobs perhaps; what was graded is kept."
            )
        return 0

    def stop(self) -> None:
        self._keep.close()
        self.close()

    def close(self) -> None:
        pools = [pool for pool, _ in (*self._idle, *self._busy.values())]
        for wait in (False, True):
            for pool in pools:
                pool.shutdown(wait=wait, cancel_futures=True)
        self._keep.close()
        self._alive.close()


class Cluster(Backend):
    """Workers of a Dask cluster. Dask starts a job again itself when a worker dies, several times.

    Parameters
    ----------
    function : callable of one Job
        Of a module, so that the workers can import it.
    address : str
        The scheduler's, such as tcp://10.0.0.1:8786.
    say : callable of one str
        Takes a line for the instructor.

    Raises
    ------
    CannotGrade
    """

    def __init__(self, function: Callable[[Job], Graded], address: str, say: Callable[[str], None]) -> None:
        try:
            import distributed
        except ImportError:
            raise CannotGrade(
                "Grading on a cluster needs the package distributed: install this course with its extra, "
                "pip install '.[cluster]'."
            ) from None
        self.lost = (distributed.KilledWorker,)
        self._function, self._address, self._say = partial(_counted, function), address, say
        self._seen = time.monotonic()
        try:
            self._client = patiently(lambda: distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False))
        except (OSError, TimeoutError, ValueError) as error:
            raise CannotGrade(
                f"No Dask scheduler answers at {address}: start one there with `dask scheduler`, or leave the address "
                f"out to grade on this machine ({error})."
            ) from None
        self._submitted: dict[Future[Graded], Any] = {}
        # Its holder is asked for signs of life: a batch that was killed keeps nobody out.
        self._turn = distributed.Lock(TURN, scheduler_rpc=self._client.scheduler, loop=self._client.loop)
        self._has_turn = False
        try:
            self._meet_workers(function)
            self._take_turn()
        except BaseException:
            self.stop()
            raise

    def _meet_workers(self, function: Callable[[Job], Graded]) -> None:
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
            self._client.run(_can_grade, function)
        except TimeoutError:
            raise CannotGrade(
                f"The scheduler at {self._address} has no workers: start some with `dask worker {self._address}`."
            ) from None
        except Exception as error:
            raise CannotGrade(
                f"A worker at {self._address} can't grade: install the same version of this course there "
                f"({type(error).__name__}: {error})."
            ) from None

    def _take_turn(self) -> None:
        """Wait until no other batch grades here, nor what is left of one that was stopped."""
        try:
            self._has_turn = self._turn.acquire(timeout=0)
            if not self._has_turn:
                self._say(f"Waiting for another batch that is graded on the cluster at {self._address}.")
            while not self._has_turn:
                self._has_turn = self._turn.acquire(timeout=5)
            while any(self._client.run(_busy).values()):
                time.sleep(0.5)
        except (OSError, TimeoutError) as error:
            raise self._went_away(error) from error

    def _went_away(self, error: BaseException) -> CannotGrade:
        return CannotGrade(
            f"The scheduler at {self._address} went away while it graded: start again, and grading continues where "
            f"it was ({error})."
        )

    def room(self) -> int:
        """Two jobs for each thread of the workers that are there now, so that none waits for the network."""
        try:
            threads = sum(self._client.nthreads().values())
        except (OSError, TimeoutError, ValueError) as error:
            raise self._went_away(error) from error
        if threads:
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > NO_WORKERS_SECONDS:
            raise CannotGrade(
                f"The cluster at {self._address} lost all its workers: start some with `dask worker {self._address}`, "
                "then start again; what was graded is kept."
            )
        return 2 * threads

    def submit(self, job: Job) -> Future[Graded]:
        # Not Dask's own executor: that takes a result for an error when its worker dies just after having sent it.
        task, future = self._client.submit(self._function, job, pure=False), Future[Graded]()
        self._submitted[future] = task
        self._client.loop.add_callback(_hand_over, task, future)
        return future

    def release(self, future: Future[Graded]) -> int:
        del self._submitted[future]
        # Dask gives up only after several.
        return 2 if isinstance(future.exception(), self.lost) else 0

    def stop(self) -> None:
        """Take back what was submitted, and leave the cluster."""
        if self._client.status == "running":  # and the scheduler isn't gone
            self._client.cancel(list(self._submitted.values()))
            if self._has_turn:
                self._turn.release()
        self._client.close()


async def _hand_over(task: Any, future: Future[Graded]) -> None:
    """Wait for a task of Dask's, and end a future as it ends."""
    try:
        future.set_result(await task)
    except (CancelledError, asyncio.CancelledError):
        future.cancel()
        future.set_running_or_notify_cancel()
    except Exception as error:
        future.set_exception(error)


class Given(Backend):
    """An executor that was handed over, and that stays the caller's.

    Parameters
    ----------
    function : callable of one Job
    executor : concurrent.futures.Executor
    number : int
        How many jobs to hand over at once.
    """

    def __init__(self, function: Callable[[Job], Graded], executor: Executor, number: int) -> None:
        self._function, self._executor, self._number = function, executor, number

    def room(self) -> int:
        return self._number

    def submit(self, job: Job) -> Future[Graded]:
        try:
            return self._executor.submit(self._function, job)
        except RuntimeError as error:
            raise self._over(error) from error

    def release(self, future: Future[Graded]) -> int:
        if isinstance(error := future.exception(), BrokenExecutor):
            raise self._over(error)
        return 0

    def _over(self, error: BaseException) -> CannotGrade:
        return CannotGrade(
            "The executor that was handed over takes no more notebooks: hand over a new one, or none, and start again; "
            f"what was graded is kept ({error})."
        )

    def stop(self) -> None:
        """Nothing: the caller shuts it down."""


# In a worker of a cluster: how many notebooks it has in hand, whoever wants them.
_in_hand = 0
_counting = threading.Lock()


def _counted(function: Callable[[Job], Graded], job: Job) -> Graded:
    """function(job), counted: a worker goes on with a notebook when nobody wants it any more."""
    global _in_hand
    with _counting:
        _in_hand += 1
    try:
        return function(job)
    finally:
        with _counting:
            _in_hand -= 1


def _busy() -> bool:
    """In a worker: whether it has a notebook in hand."""
    return _in_hand > 0


def patiently(start: Callable[[], Any], times: int = 3) -> Any:
    """Start something of Dask's, whose event loop gives up with an AssertionError where a machine is very busy."""
    for left in reversed(range(times)):
        try:
            return start()
        except AssertionError:
            if not left:
                raise


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Environment variables for the processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _settle(alive: Connection) -> None:
    """In a new process: leave Ctrl-C to the main process, and end when that ends."""
    # A handler that does nothing, not SIG_IGN, which the programs that this process starts would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    threading.Thread(target=_end_with, args=(alive,), daemon=True).start()


def _end_with(alive: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        alive.recv_bytes()
    os._exit(1)


def _watched(function: Callable[[Any], Any], job: Timed) -> Any:
    """function(job), and the end of this process should it never come back."""
    faulthandler.dump_traceback_later(2 * job.longest_seconds + HANGS_SECONDS, exit=True)
    try:
        return function(job)
    finally:
        faulthandler.cancel_dump_traceback_later()


def _can_grade(function: Callable[[Job], Graded]) -> None:
    """In a worker: make ready. It fails before this when the function can't be imported there."""
    warm_up = getattr(function.args[0] if isinstance(function, partial) else function, "warm_up", None)
    if warm_up is not None:
        warm_up()
