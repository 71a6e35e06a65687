"""What is sent to a worker, and what comes back: one notebook of one student."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple, Self

from autograder.grading.settings import JobSettings
from autograder.grading.text import few

# One output of a cell, as nbformat 4 has it.
CellOutput = dict[str, Any]


@dataclass(frozen=True)
class HiddenTest:
    """What a graded cell asks, read from its restored source: hidden_test("notebook.function", points=...)."""

    exercise: str
    function: str
    max_points: float


@dataclass(frozen=True)
class Step:
    """One cell of the notebook, in order.

    Attributes
    ----------
    source : str
    action : str
        "run" in the student's process, "judge" here, or "leave" (text).
    own : bool
        Whether the student wrote or changed it.
    training : bool
        Whether its authors say that nothing graded depends on it; see `autograder.grading.run.training`.
    hidden_test : HiddenTest or None
        For "judge".
    """

    source: str
    action: str
    own: bool = True
    training: bool = False
    hidden_test: HiddenTest | None = None


@dataclass(frozen=True)
class SecondLook:
    """What of a notebook is still to be judged again, with helpers of ours; see `autograder.grading.run.rounds`.

    Attributes
    ----------
    round : int
        The next one, from 1 on.
    lost : dict from exercise id to float
        Functions that lost points, with the share that they earned, from 0.0 to less than 1.0.
    again : list of str
        Ids of those that are to be judged again, in this round or a later one.
    seconds : float
        How long this look and all later ones may take together.
    ended : list of int
        Numbers of the steps that ended the process, and are left out.
    """

    round: int
    lost: dict[str, float]
    again: list[str]
    seconds: float
    ended: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Job:
    """A notebook to be graded.

    Attributes
    ----------
    student, assignment, notebook : str
    prelude : tuple of str
        Released cells that only import and define; run first, so that a lost import costs nothing.
    steps : tuple of Step
    files : dict from relative path to bytes
        What the student handed in beside the notebooks.
    seed : int
        Decides the inputs that the functions are judged on.
    settings : JobSettings
    grader : str
        A hash of the code and the solutions that grade, so that a result is not used again when those change.
    second : SecondLook or None
        None for the first look; then what to judge again. It isn't part of the key.
    """

    student: str
    assignment: str
    notebook: str
    prelude: tuple[str, ...]
    steps: tuple[Step, ...]
    files: dict[str, bytes]
    seed: int
    settings: JobSettings
    grader: str = ""
    second: SecondLook | None = None

    @property
    def longest_seconds(self) -> float:
        """How long this look may take."""
        return self.second.seconds if self.second else self.settings.notebook_seconds

    @property
    def key(self) -> str:
        """A hash of everything that the result depends on."""
        content = asdict(self)
        del content["second"]
        content["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(self.files.items())}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass
class Result:
    """A graded notebook, or what one look at it gave.

    Attributes
    ----------
    outputs : list over the steps of lists of notebook outputs (nbformat 4, as plain dicts)
        Of a second look, only those that it changed.
    points : dict from exercise id to points earned
        Of a second look, only those that it changed.
    remarks : list of str
        Plain sentences about what went wrong while it ran, for the student and the instructor.
    isolation : str
        The level that was reached, in words.
    seconds : float
        Wall clock time.
    troubled : bool
        True when a deadline, a crash or a lost worker played a part.
    second : SecondLook or None
        What is still to be judged again; None when the result is final. It isn't part of the JSON text.
    """

    outputs: list[list[CellOutput]] = field(default_factory=list)
    points: dict[str, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    isolation: str = ""
    seconds: float = 0.0
    troubled: bool = False
    second: SecondLook | None = None

    def then(self, later: Self) -> Self:
        """This result as a later look left it: what that didn't change stays.

        Parameters
        ----------
        later : Result
            Of a second look, or of a grader that failed in one, which has no outputs and no points.
        """
        changed = later.outputs or [[]] * len(self.outputs)
        return replace(
            self,
            outputs=[new or old for old, new in zip(self.outputs, changed, strict=True)],
            points=self.points | later.points,
            remarks=few([*self.remarks, *later.remarks]),
            isolation=", then ".join(dict.fromkeys(filter(None, (self.isolation, later.isolation)))),
            seconds=round(self.seconds + later.seconds, 3),
            troubled=self.troubled or later.troubled,
            second=later.second,
        )

    def to_json(self) -> str:
        """The result as JSON text."""
        content = asdict(self)
        del content["second"]
        return json.dumps(content)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The result from JSON text."""
        return cls(**json.loads(text))


class Graded(NamedTuple):
    """What comes back from a worker: no objects of ours but this, since some can't be pickled.

    Attributes
    ----------
    text : str
        The result as JSON.
    troubled : bool
        Whether a deadline or a crash played a part.
    second : SecondLook or None
        What is still to be judged again.
    """

    text: str
    troubled: bool
    second: SecondLook | None = None
