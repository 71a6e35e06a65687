"""What is sent to a worker, and what comes back: one notebook of one student."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from autograder.grading.settings import JobSettings

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

    @property
    def longest_seconds(self) -> float:
        """How long it may take."""
        return self.settings.notebook_seconds

    @property
    def key(self) -> str:
        """A hash of everything that the result depends on."""
        content = asdict(self)
        content["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(self.files.items())}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass
class Result:
    """A graded notebook.

    Attributes
    ----------
    outputs : list over the steps of lists of notebook outputs (nbformat 4, as plain dicts)
    points : dict from exercise id to points earned
    remarks : list of str
        Plain sentences about what went wrong while it ran, for the student and the instructor.
    isolation : str
        The level that was reached, in words.
    seconds : float
        Wall clock time.
    troubled : bool
        True when a deadline, a crash or a lost worker played a part.
    """

    outputs: list[list[CellOutput]] = field(default_factory=list)
    points: dict[str, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    isolation: str = ""
    seconds: float = 0.0
    troubled: bool = False

    def to_json(self) -> str:
        """The result as JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The result from JSON text."""
        return cls(**json.loads(text))
