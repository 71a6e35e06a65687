"""Running jobs: many at once, anywhere, each result kept on disk as soon as it is there."""

import functools
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import replace
from pathlib import Path

from autograder.grading.pool.backends import Backend, Cluster, Given, Processes, cores
from autograder.grading.pool.progress import Progress, to_stderr
from autograder.grading.pool.store import Store, StoredResults
from autograder.grading.run.job import Graded, Job, Result
from autograder.grading.settings import CannotGrade

# So many deaths of workers in company, and a job runs alone; one more, and it is given up.
DEATHS_IN_COMPANY = 2
FIRST_COUNTS = "what it earned in the look before counts"


class Runner:
    """Grades jobs and keeps the results.

    Parameters
    ----------
    folder : Path
        Where results are kept: folder/assignment/student/notebook.json.
    executor : concurrent.futures.Executor, optional
        Grades there. It is not shut down.
    jobs : int
        How many notebooks at once; 0 for as many as this machine has cores. A cluster has its own number.
    address : str
        Of a Dask scheduler, to grade on its cluster.
    log : callable of one str, optional
        Takes lines for the instructor; they go to stderr by default.
    function : callable from Job to Result, optional
        What grades: `autograder.grading.run.worker.grade_notebook`. A function of a module: workers import it.
    """

    def __init__(
        self,
        folder: Path,
        executor: Executor | None = None,
        jobs: int = 0,
        address: str = "",
        log: Callable[[str], None] | None = None,
        function: Callable[[Job], Result] | None = None,
    ) -> None:
        self.store = Store(folder)
        self.executor = executor
        self.jobs = jobs or cores()
        self.address = address
        self.log = log
        self.function = function
        self._started: Processes | None = None

    def start(self, number: int) -> None:
        """Start the processes for so many jobs now, because the jobs themselves take a while to come.

        Parameters
        ----------
        number : int
        """
        if self.executor is None and not self.address and number:
            self._started = Processes(self._in_worker, min(self.jobs, number))
            self._started.start()

    def stop(self) -> None:
        """End what was started and isn't needed after all."""
        if self._started is not None:
            self._started.stop()

    def run(self, jobs: Iterable[Job], retry: str = "none") -> StoredResults:
        """Grade what isn't graded yet.

        Parameters
        ----------
        jobs : list of Job
            Of one assignment; each notebook of a student once.
        retry : str
            One of `autograder.grading.settings.RETRIES`: which of those that are kept to grade again.

        Returns
        -------
        StoredResults
            Mapping from (student, notebook) to Result, read from disk when asked for.

        Raises
        ------
        CannotGrade
            With one sentence. What was graded until then is kept.
        """
        jobs, untroubled = list(jobs), retry == "troubled"
        if retry == "all":
            waiting = jobs
        else:  # those that a stopped batch had begun go on where they were
            waiting = [
                replace(job, second=self.store.begun(job, untroubled))
                for job in jobs
                if not self.store.usable(job, untroubled)
            ]
        anew = {(job.student, job.notebook) for job in waiting}
        if waiting:
            self._grade(waiting)
        else:
            self.stop()
        return StoredResults({(job.student, job.notebook): self.store.path(job) for job in jobs}, anew)

    def _grade(self, waiting: list[Job]) -> None:
        title, number = f"grading {waiting[0].assignment}", len(waiting)
        backend = self._started or self._backend(number)
        try:
            with Progress(title, number, self.log) as progress:
                # In rounds, so that no second look begins before all first looks are over: see grading.run.rounds.
                while waiting:
                    now = min(map(_round, waiting))
                    later = [job for job in waiting if _round(job) > now]
                    beginning = [job for job in waiting if _round(job) == now]
                    waiting = later + _Dispatcher(beginning, backend, self._keep, progress).finish()
        except BaseException:
            backend.stop()
            raise
        backend.close()

    def _backend(self, number: int) -> Backend:
        if self.executor is not None:
            return Given(self._in_worker, self.executor, self.jobs)
        if self.address:
            return Cluster(self._in_worker, self.address, self.log or to_stderr)
        return Processes(self._in_worker, min(self.jobs, number))

    @functools.cached_property
    def _in_worker(self) -> Callable[[Job], Graded]:
        """What a backend calls with each job."""
        if self.function is not None:
            return functools.partial(graded, self.function)
        from autograder.grading.run.worker import grade_notebook

        return functools.partial(graded, grade_notebook)

    def _keep(self, job: Job, graded: Graded) -> None:
        try:
            self.store.keep(job, graded)
        except OSError as error:
            raise CannotGrade(
                f"The result of {job.student} {job.notebook} can't be written into {self.store.folder}: {error}; make "
                "room or name another folder, then start again, and what was graded is kept."
            ) from error


def _round(job: Job) -> int:
    """The round that a job is for: 0 for a first look."""
    return job.second.round if job.second else 0


class _Dispatcher:
    """The jobs of one round, on their way from waiting to kept."""

    def __init__(
        self, waiting: list[Job], backend: Backend, keep: Callable[[Job, Graded], None], progress: Progress
    ) -> None:
        self.waiting, self.alone = deque(waiting), deque[Job]()
        self.running: dict[Future[Graded], Job] = {}
        self.deaths = Counter[str]()
        self.again: list[Job] = []
        self.backend, self.keep, self.progress = backend, keep, progress

    def finish(self) -> list[Job]:
        """Grade all of them; those that want another look come back, as jobs of a later round."""
        try:
            while self.waiting or self.alone or self.running:
                self._submit()
                self.progress.show(self._longest())
                if not self.running:
                    time.sleep(1)  # a cluster may have no worker at the moment
                wait(self.running, timeout=1, return_when=FIRST_COMPLETED)
                self._collect()
        except KeyboardInterrupt:
            self._collect()
            raise
        return self.again

    def _submit(self) -> None:
        """Hand over as many jobs as there is room for."""
        # Jobs that may kill a worker wait until they have the machine for themselves.
        queue, room = self.waiting, self.backend.room()
        if not self.waiting:
            queue, room = self.alone, min(room, 1)
        while queue and len(self.running) < room:
            job = queue.popleft()
            self.running[self.backend.submit(job)] = job

    def _collect(self) -> None:
        """Keep what is done."""
        # `wait` doesn't count a future as done that was cancelled by someone else.
        for future in [future for future in self.running if future.done()]:
            job = self.running.pop(future)
            try:
                deaths = self.backend.release(future)
                found = future.result()
            except self.backend.lost:
                self._died(job, deaths)
            except CancelledError:
                raise CannotGrade(
                    "The executor or the cluster was shut down while it graded: start again, and grading continues "
                    "where it was."
                ) from None
            except CannotGrade:
                raise
            except Exception as error:
                self._finished(job, faulty(job, error))
            else:
                self._finished(job, found)

    def _died(self, job: Job, deaths: int) -> None:
        self.deaths[job.key] += deaths
        where = f"{job.student} {job.notebook}"
        if self.deaths[job.key] > DEATHS_IN_COMPANY:
            times = "three times" if deaths == 1 else "twice, each time on several workers,"
            left = "it has no points yet" if job.second is None else FIRST_COUNTS
            remark = f"The grader's worker died {times} while it graded this notebook, so {left}."
            self.progress.say(f"{where}: {remark}")
            self._finished(job, _failed(remark))
            return
        self.progress.say(f"A worker died while it graded {where}, which is tried again.")
        (self.alone if self.deaths[job.key] == DEATHS_IN_COMPANY else self.waiting).append(job)

    def _finished(self, job: Job, graded: Graded) -> None:
        self.keep(job, graded)
        if graded.second is None:
            self.progress.step()
        else:
            self.again.append(replace(job, second=graded.second))

    def _longest(self) -> str:
        job = next(iter(self.running.values()), None)
        return f"{job.student} {job.notebook}" if job else ""


def graded(function: Callable[[Job], Result], job: Job) -> Graded:
    """In the worker: take a look at a notebook, whatever happens.

    Parameters
    ----------
    function : callable from Job to Result
    job : Job

    Raises
    ------
    CannotGrade
        When no notebook can be graded here.
    """
    try:
        result = function(job)
        return Graded(result.to_json(), bool(result.troubled), result.second)
    except CannotGrade:
        raise
    except (Exception, SystemExit) as error:
        return faulty(job, error)


def faulty(job: Job, error: BaseException) -> Graded:
    """What `graded` gives for a notebook that the grader failed on."""
    stopped = "its grading, so there are no points for it yet"
    if job.second is not None:
        stopped = f"its second look, so {FIRST_COUNTS}"
    what = f"{type(error).__name__}: {str(error)[:500]}{_where(error)}"
    return _failed(f"A fault of the grader, not of this notebook, stopped {stopped} ({what}).")


def _failed(remark: str) -> Graded:
    """A look that failed: it has no points, and no other follows."""
    return Graded(Result(remarks=[remark], troubled=True).to_json(), True)


def _where(error: BaseException) -> str:
    """The last place in the grader's code that an exception came through."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f", in {os.path.basename(trace.tb_frame.f_code.co_filename)} line {trace.tb_lineno}" if trace else ""
