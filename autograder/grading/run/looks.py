"""One look at a notebook: its cells run in the sandbox, its functions are judged here."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from autograder.grading.run.cell_outputs import (
    MOST_OUTPUT,
    MOST_VERDICTS,
    clean_outputs,
    ended_output,
    size,
    verdict_outputs,
)
from autograder.grading.run.helpers import Helpers
from autograder.grading.run.job import CellOutput, HiddenTest, Job, Result, SecondLook
from autograder.grading.run.remote import RemoteFunction
from autograder.grading.run.rounds import next_look, round_of
from autograder.grading.run.training import SKIPPED, spare_in_second_looks, training_to_skip
from autograder.grading.text import few, printable
from autograder.hidden import earned_points, undefined
from autograder.judge import find_exercise, judge_alone, judge_with_ours, may_gain
from sandbox.client import Died, DiedByItself, Sandbox, SandboxError, Session
from sandbox.isolation import describe
from sandbox.names import Names
from utils.checks.items import Item
from utils.checks.verdict import Verdict

# How often a notebook is started again when a cell of it has ended it.
MOST_STARTS = 20


class Look(ABC):
    """One notebook on its way through the sandbox.

    Parameters
    ----------
    job : Job
    helpers : Helpers
        Of our own, for a second look.
    """

    def __init__(self, job: Job, helpers: Helpers) -> None:
        self.job, self.settings, self.helpers = job, job.settings, helpers
        self.until = time.monotonic() + job.longest_seconds
        self.outputs: list[list[CellOutput]] = [[] for _ in job.steps]
        self.tests = {number: step.hidden_test for number, step in enumerate(job.steps) if step.hidden_test}
        self.verdicts: dict[int, Verdict] = {}  # by the number of the step
        self.through = False  # all cells have run, in time
        self.looked_through = False  # for cells that needn't run
        self.left_out: set[int] = set()  # those cells, and steps that ended the process
        self.ended: set[int] = set()  # the latter alone
        self.suspects: set[int] = set()  # steps in which the process ended once
        self.remarks: list[str] = []
        self.troubled = False
        self.layers: list[str] = []
        self.room = MOST_OUTPUT

    @abstractmethod
    def result(self) -> Result:
        """The result, once all is run."""

    @abstractmethod
    def _find_spare(self, session: Session) -> None:
        """Find the cells that needn't run, before any has; Died may come of it."""

    @abstractmethod
    def _at_graded_cell(self, session: Session, number: int) -> bool:
        """Do what is to be done where a graded cell stands; False when the process died over it."""

    @abstractmethod
    def _at_end(self, session: Session) -> None:
        """Do what is to be done when all cells have run."""

    def run(self, sandbox: Callable[[], Sandbox]) -> None:
        """Run and judge; start again without a cell that ended the process, so that all others count.

        Parameters
        ----------
        sandbox : function
            Gives the warm process.
        """
        for _ in range(MOST_STARTS):
            self.room = MOST_OUTPUT
            with sandbox().open(self.settings, self.job.files) as session:
                self.layers = session.layers
                if self._runs_through(session):
                    break
            if self._late():
                break

    def _runs_through(self, session: Session) -> bool:
        """All cells once; False when the process died and it is worth another start."""
        if not self._looks_through(session):
            return False
        for source in self.job.prelude:
            session.run(source, self._seconds(self.settings.cell_seconds))  # nothing of the student's has run yet
        for number, step in enumerate(self.job.steps):
            if self._late():
                return True
            if step.action == "judge":
                if not self._at_graded_cell(session, number):
                    return False
            elif step.action == "run" and number not in self.left_out:
                outputs = self._run_cell(session, number)
                if outputs is None:
                    return False
                self.outputs[number] = outputs
        self.through = True
        self._at_end(session)
        return True

    def _looks_through(self, session: Session) -> bool:
        """Find the cells that needn't run, once; False when the process died over it, and all are run."""
        if self.looked_through:
            return True
        self.looked_through = True
        try:
            self._find_spare(session)
        except Died as reason:
            self._trouble(f"Reading the notebook's cells failed: it {reason}.")
            return False
        return True

    def _own_names(self, session: Session) -> dict[int, Names]:
        """The names in the cells that the student wrote or changed."""
        steps = self.job.steps
        own = [number for number, step in enumerate(steps) if step.action == "run" and step.own]
        found = session.names([steps[number].source for number in own], self._seconds(self.settings.judge_seconds))
        return dict(zip(own, found, strict=True))

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
            self.ended.add(number)
            self.left_out.add(number)
            self.outputs[number] = [ended_output(remark)]

    def _hold(self, session: Session, number: int) -> bool:
        """Keep a function as it is now; False when there is none."""
        return session.hold(self.tests[number].function, str(number), self._seconds(self.settings.judge_seconds))

    def _held(self, session: Session, number: int) -> RemoteFunction:
        """A function that was kept."""
        seconds = self._seconds(self.settings.judge_seconds)
        notebook = find_exercise(self.tests[number].exercise).notebook
        return RemoteFunction(session, str(number), seconds, self.helpers, notebook)

    def _unreadable(self, number: int, error: Exception) -> None:
        """Whatever a function returns, reading it should give a verdict. Where it doesn't, nothing is gained by it."""
        self._trouble(f"What {self.tests[number].function} returns couldn't be judged ({type(error).__name__}).")

    def _result(self, outputs: list[list[CellOutput]], second: SecondLook | None) -> Result:
        """The result that has these outputs, and those of the verdicts."""
        points = {}
        for number, verdict in self.verdicts.items():
            test = self.tests[number]
            points[test.exercise] = earned_points(verdict, test.max_points)
            outputs[number] = verdict_outputs(verdict, points[test.exercise], MOST_VERDICTS // len(self.tests))
        return Result(
            outputs=outputs,
            points=points,
            remarks=few([printable(remark) for remark in self.remarks]),
            isolation=describe(self.layers),
            troubled=self.troubled,
            second=second,
        )

    def _seconds(self, most: float) -> float:
        return max(0.1, min(most, self.until - time.monotonic()))

    def _late(self) -> bool:
        late = time.monotonic() > self.until
        if late:
            most = f"{self.settings.notebook_seconds:.0f} seconds"
            again = " when it was looked at again" if self.job.second else ""
            self._trouble(f"The notebook ran for more than {most}{again} and was ended.")
        return late

    def _trouble(self, remark: str) -> None:
        self.remarks.append(remark)
        self.troubled = True


class FirstLook(Look):
    """Every function is judged alone, where its graded cell stands."""

    def result(self) -> Result:
        judged = {self.tests[number].exercise: verdict for number, verdict in self.verdicts.items()}
        again = [id for id, verdict in judged.items() if self.through and may_gain(find_exercise(id), verdict)]
        for number, test in self.tests.items():
            if number not in self.verdicts:
                reason = f"{test.function} wasn't reached: the notebook was ended before"
                self.verdicts[number] = _failed(test, reason)
        lost = {id: verdict.fraction for id, verdict in judged.items() if verdict.fraction < 1}
        return self._result(self.outputs, next_look(lost, again, self.settings.notebook_seconds, self.ended))

    def _find_spare(self, session: Session) -> None:
        if not any(step.training for step in self.job.steps):
            return
        self.left_out = training_to_skip(self.job.steps, self._own_names(session))
        for number in self.left_out:
            self.outputs[number] = [{"output_type": "stream", "name": "stdout", "text": SKIPPED}]

    def _at_graded_cell(self, session: Session, number: int) -> bool:
        if number in self.verdicts:  # after a new start
            return True
        test = self.tests[number]
        try:
            held = self._hold(session, number)
            self.verdicts[number] = self._judge(session, number) if held else undefined(test.function)
        except Died as reason:
            self._trouble(f"{test.function} {reason}.")
            self.verdicts[number] = _failed(test, f"the program {reason}")
            return False
        return True

    def _at_end(self, session: Session) -> None:
        pass

    def _judge(self, session: Session, number: int) -> Verdict:
        test = self.tests[number]
        try:
            return judge_alone(find_exercise(test.exercise), self._held(session, number), self.job.seed)
        except Died:
            raise
        except Exception as error:
            self._unreadable(number, error)
            return _failed(test, "what it returns can't be judged")


class LookAgain(Look):
    """The functions of one round are judged again with our helpers, so that a mistake is charged once.

    Cells run again so that these functions are there, and what they show is of no account any more.

    Parameters
    ----------
    job : Job
    helpers : Helpers
    second : SecondLook
    """

    def __init__(self, job: Job, helpers: Helpers, second: SecondLook) -> None:
        super().__init__(job, helpers)
        self.second = second
        self.ended = set(second.ended)
        self.left_out = set(second.ended)
        self.round = [id for id in second.again if round_of(find_exercise(id)) == second.round]
        self.numbers = {number for number, test in self.tests.items() if test.exercise in self.round}
        self.held: set[int] = set()

    def result(self) -> Result:
        better = {self.tests[number].exercise: verdict.fraction for number, verdict in self.verdicts.items()}
        lost = {id: fraction for id, fraction in (self.second.lost | better).items() if fraction < 1}
        again = [id for id in self.second.again if id not in self.round]
        if again:
            self._late()  # says so, where no time is left for them
        left = self.until - time.monotonic()
        return self._result([[] for _ in self.job.steps], next_look(lost, again, left, self.ended))

    def _find_spare(self, session: Session) -> None:
        judged = {self.tests[number].function for number in self.numbers}
        self.left_out |= spare_in_second_looks(self.job.steps, self._own_names(session), judged)

    def _at_graded_cell(self, session: Session, number: int) -> bool:
        if number in self.numbers:
            try:
                # After a new start it may be another one's turn to be missing.
                (self.held.add if self._hold(session, number) else self.held.discard)(number)
            except Died as reason:
                self._died(number, reason)
                self.numbers.discard(number)
                return False
        return True

    def _at_end(self, session: Session) -> None:
        for number in sorted(self.held):
            if self._late():
                return
            try:
                self._judge(session, number)
            except Died as reason:
                self._died(number, reason)
                return

    def _judge(self, session: Session, number: int) -> None:
        exercise = find_exercise(self.tests[number].exercise)
        alone, function = self.second.lost[exercise.id], self._held(session, number)
        # Those that lost points themselves come first, and most often it is one of them.
        suspects = [name for name in exercise.uses if f"{exercise.notebook}.{name}" in self.second.lost]
        try:
            verdict = judge_with_ours(exercise, function, self.job.seed, alone, suspects)
        except (Died, SandboxError):  # a process is gone, or can't be had: the student's, or that of our helpers
            raise
        except Exception as error:
            self._unreadable(number, error)
        else:
            if verdict is not None:
                self.verdicts[number] = verdict

    def _died(self, number: int, reason: Died) -> None:
        self._trouble(f"{self.tests[number].function} {reason} when it was looked at again.")


def _failed(test: HiddenTest, reason: str) -> Verdict:
    """A verdict without points, and why."""
    return Verdict(test.function, [Item(test.function, False, reason, 1)])
