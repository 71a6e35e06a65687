"""Grading one notebook: its cells run in the sandbox, its functions are judged here."""

import threading
import time
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from autograder.catalogue import EXERCISES
from autograder.grading.run.cell_outputs import (
    MOST_OUTPUT,
    MOST_VERDICTS,
    clean_outputs,
    ended_output,
    size,
    verdict_outputs,
)
from autograder.grading.run.helpers import Helpers
from autograder.grading.run.job import CellOutput, HiddenTest, Job, Result
from autograder.grading.run.remote import RemoteFunction
from autograder.grading.run.training import SKIPPED, training_to_skip
from autograder.grading.text import few, printable
from autograder.hidden import earned_points, undefined
from autograder.judge import charge_once, find_exercise, judge_alone
from sandbox.client import Died, DiedByItself, Sandbox, Session
from sandbox.isolation import describe
from utils.checks.items import Item
from utils.checks.verdict import Verdict

# How often a notebook is started again when a cell of it has ended it.
MOST_STARTS = 20

# Our own solutions show progress. tqdm's usual lock is shared between processes, and a worker's would be left behind.
tqdm.set_lock(threading.RLock())

_warm: Sandbox | None = None
_lock = threading.Lock()


def grade_notebook(job: Job) -> Result:
    """Grade one notebook.

    Parameters
    ----------
    job : Job

    Returns
    -------
    Result

    Raises
    ------
    SandboxError
        When the isolation that the job asks for can't be had on this machine.
    """
    begin = time.monotonic()
    with Helpers(lambda source: warm_sandbox().open_helpers(job.settings, source)) as helpers:
        run = NotebookRun(job, helpers)
        run.run()
    result = run.result()
    result.seconds = round(time.monotonic() - begin, 3)
    return result


def warm_sandbox() -> Sandbox:
    """This worker's warm process, started when it is first needed and again should it be gone."""
    global _warm
    with _lock:
        if _warm is None or not _warm.alive:
            _warm = Sandbox()
        return _warm


grade_notebook.warm_up = warm_sandbox  # type: ignore[attr-defined]


class NotebookRun:
    """One notebook on its way through the sandbox.

    Every function is judged alone where its graded cell stands. Only when all have been judged, those that lost points
    are judged again with our helpers in the place of theirs: earlier, a helper of ours could teach the student's
    process an answer that is still to be judged.

    Parameters
    ----------
    job : Job
    helpers : Helpers
        Of our own, for the second look.
    """

    def __init__(self, job: Job, helpers: Helpers) -> None:
        self.job, self.settings, self.helpers = job, job.settings, helpers
        self.until = time.monotonic() + job.settings.notebook_seconds
        self.outputs: list[list[CellOutput]] = [[] for _ in job.steps]
        self.tests = {number: step.hidden_test for number, step in enumerate(job.steps) if step.hidden_test}
        self.verdicts: dict[int, Verdict] = {}  # by the number of the step
        self.looked_through = False  # for training that nothing needs
        self.left_out: set[int] = set()  # that training, and steps that ended the process
        self.suspects: set[int] = set()  # steps in which the process ended once
        self.remarks: list[str] = []
        self.troubled = False
        self.layers: list[str] = []
        self.room = MOST_OUTPUT

    def run(self) -> None:
        """Run and judge; start again without a cell that ended the process, so that all others count."""
        for _ in range(MOST_STARTS):
            self.room = MOST_OUTPUT
            with warm_sandbox().open(self.settings, self.job.files) as session:
                self.layers = session.layers
                if self._through(session):
                    break
            if self._late():
                break
        for number, test in self.tests.items():
            if number not in self.verdicts:
                reason = f"{test.function} wasn't reached: the notebook was ended before"
                self.verdicts[number] = _failed(test, reason)

    def result(self) -> Result:
        """The result, once all is run."""
        points = {}
        for number, verdict in self.verdicts.items():
            test = self.tests[number]
            points[test.exercise] = earned_points(verdict, test.max_points)
            self.outputs[number] = verdict_outputs(verdict, points[test.exercise], MOST_VERDICTS // len(self.tests))
        return Result(
            outputs=self.outputs,
            points=points,
            remarks=few([printable(remark) for remark in self.remarks]),
            isolation=describe(self.layers),
            troubled=self.troubled,
        )

    def _through(self, session: Session) -> bool:
        """All cells once, then the second look; False when the process died and it is worth another start."""
        if not self.looked_through and not self._skip_training(session):
            return False
        for source in self.job.prelude:
            session.run(source, self._seconds(self.settings.cell_seconds))  # nothing of the student's has run yet
        for number, step in enumerate(self.job.steps):
            if self._late():
                return True
            if step.action == "judge":
                if not self._judge(session, number):
                    return False
            elif step.action == "run" and number not in self.left_out:
                outputs = self._run_cell(session, number)
                if outputs is None:
                    return False
                self.outputs[number] = outputs
        self._second_look(session)
        return True

    def _skip_training(self, session: Session) -> bool:
        """Find the cells that needn't run; False when the process died over it, and all are run."""
        self.looked_through = True
        steps = self.job.steps
        if not any(step.training for step in steps):
            return True
        own = [number for number, step in enumerate(steps) if step.action == "run" and step.own]
        try:
            found = session.names([steps[number].source for number in own], self._seconds(self.settings.judge_seconds))
        except Died as reason:
            self._trouble(f"Reading the notebook's cells failed: it {reason}.")
            return False
        self.left_out = training_to_skip(steps, dict(zip(own, found, strict=True)))
        for number in self.left_out:
            self.outputs[number] = [{"output_type": "stream", "name": "stdout", "text": SKIPPED}]
        return True

    def _run_cell(self, session: Session, number: int) -> list[CellOutput] | None:
        """The outputs of a cell, or None when the process ended."""
        try:
            outputs, _ = session.run(self.job.steps[number].source, self._seconds(self.settings.cell_seconds))
        except Died as reason:
            self._blame(number, reason)
            return None
        outputs = clean_outputs(outputs, self.room)
        self.room -= size(outputs)
        if any(output.get("ename") == "KeyboardInterrupt" for output in outputs):
            self._trouble(f"Cell {number + 1} ran for too long or was interrupted.")
        return outputs

    def _blame(self, number: int, reason: Died) -> None:
        """Leave a cell out that ended the process, unless it may have been another one's late work: then try again."""
        late = number not in self.suspects and isinstance(reason, DiedByItself)
        self.suspects.add(number)
        if not late:
            remark = f"Cell {number + 1} {reason}; it was left out and the rest was graded without it."
            self._trouble(remark)
            self.left_out.add(number)
            self.outputs[number] = [ended_output(remark)]

    def _judge(self, session: Session, number: int) -> bool:
        """Judge a function alone, or, after a new start, only hold it for the second look."""
        test, key = self.tests[number], str(number)
        try:
            held = session.hold(test.function, key, self._seconds(self.settings.judge_seconds))
            if number in self.verdicts:
                return True
            if held:
                self.verdicts[number] = self._verdict(session, number, judge_alone)
            else:
                self.verdicts[number] = undefined(test.function)
        except Died as reason:
            if number not in self.verdicts:
                self._trouble(f"{test.function} {reason}.")
                self.verdicts[number] = _failed(test, f"the program {reason}")
            return False
        return True

    def _second_look(self, session: Session) -> None:
        """Charge mistakes once, in the order of the catalogue, where helpers come first; students may move cells."""
        order = list(EXERCISES)
        for number in sorted(self.verdicts, key=lambda number: order.index(self.tests[number].exercise)):
            test, alone = self.tests[number], self.verdicts[number]
            if not alone.items or self._late():
                continue
            try:
                self.verdicts[number] = self._verdict(session, number, charge_once, alone, self._wrong(test))
            except Died as reason:
                self._trouble(f"{test.function} {reason} when it was looked at again.")
                return

    def _wrong(self, test: HiddenTest) -> list[str]:
        """The helpers of a function that lost points themselves: they come first, and most often it is one of them."""
        lost = {self.tests[number].exercise for number, verdict in self.verdicts.items() if verdict.fraction < 1}
        exercise = find_exercise(test.exercise)
        return [name for name in exercise.uses if f"{exercise.notebook}.{name}" in lost]

    def _verdict(self, session: Session, number: int, judging: Callable[..., Verdict], *before: Any) -> Verdict:
        test = self.tests[number]
        exercise = find_exercise(test.exercise)
        seconds = self._seconds(self.settings.judge_seconds)
        function = RemoteFunction(session, str(number), seconds, self.helpers, exercise.notebook)
        try:
            return judging(exercise, function, self.job.seed, *before)
        except Died:
            raise
        except Exception as error:
            # Whatever a function returns, reading it should give a verdict. Where it doesn't, nothing is gained by it.
            self._trouble(f"What {test.function} returns couldn't be judged ({type(error).__name__}).")
            return before[0] if before else _failed(test, "what it returns can't be judged")

    def _seconds(self, most: float) -> float:
        return max(0.1, min(most, self.until - time.monotonic()))

    def _late(self) -> bool:
        late = time.monotonic() > self.until
        if late:
            self._trouble(f"The notebook ran for more than {self.settings.notebook_seconds:.0f} seconds and was ended.")
        return late

    def _trouble(self, remark: str) -> None:
        self.remarks.append(remark)
        self.troubled = True


def _failed(test: HiddenTest, reason: str) -> Verdict:
    """A verdict without points, and why."""
    return Verdict(test.function, [Item(test.function, False, reason, 1)])
