"""From a repaired notebook to the job that grades it."""

import ast
import hashlib
import hmac
import json
import secrets
from pathlib import Path

from autograder.grading.intake.released import ReleasedCell, ReleasedNotebook
from autograder.grading.intake.repair import CleanCell, CleanNotebook
from autograder.grading.pool.store import write_whole
from autograder.grading.run.grader import grader_hash
from autograder.grading.run.job import Job, Step
from autograder.grading.settings import CannotGrade, JobSettings


def make_job(
    student: str,
    assignment: str,
    notebook: CleanNotebook,
    released: ReleasedNotebook,
    files: dict[str, bytes],
    content: str,
    secret: bytes,
    settings: JobSettings,
) -> Job:
    """The job for one notebook of one student.

    Parameters
    ----------
    student, assignment : str
    notebook : CleanNotebook
    released : ReleasedNotebook
    files : dict from relative path to bytes
    content : str
        The hash of the whole submission; decides the inputs, too.
    secret : bytes
        The course's; decides the inputs. It doesn't go into the job.
    settings : JobSettings

    Returns
    -------
    Job
        Its steps are the cells of the notebook, one for one.
    """
    steps = tuple(_step(cell) for cell in notebook.cells)
    return Job(
        student=student,
        assignment=assignment,
        notebook=notebook.name,
        prelude=tuple(cell.source for cell in released.cells if _only_defines(cell)),
        steps=steps,
        files=files,
        seed=draw_seed(secret, student, assignment, notebook.name, content),
        settings=settings,
        grader=grader_hash(),
    )


def _step(cell: CleanCell) -> Step:
    released = cell.released
    if released is not None and released.hidden_test is not None:
        return Step(cell.source, "judge", own=False, hidden_test=released.hidden_test)
    if cell.cell_type != "code":
        return Step("", "leave", own=False)
    if cell.changed or released is None:
        return Step(cell.source, "run")
    # The released text itself, which all jobs share.
    return Step(released.source, "run", own=False, training=released.training)


def _only_defines(cell: ReleasedCell) -> bool:
    """Whether a released cell is imports and definitions only, and has an import."""
    if cell.role != "plain" or cell.cell_type != "code":
        return False
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:
        return False
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in body) and all(map(_is_definition, body))


def _is_definition(node: ast.stmt) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(value=ast.Call(func=ast.Name(id="load_checks"))):
            return True
    return False


def read_secret(path: Path) -> bytes:
    """The course's secret, made when there is none yet. Keep it: with another one, a regrade draws other inputs.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bytes

    Raises
    ------
    CannotGrade
        When it is too short to be one, or damaged in another way.
    """
    path = Path(path)
    if not path.exists():
        write_whole(path, secrets.token_hex(32) + "\n")  # as a temporary file, which nobody else may read
    secret = path.read_bytes().strip()
    if len(secret) < 32 or not secret.isascii():
        raise CannotGrade(
            f"{path} should hold the course's secret, but it is too short or damaged: bring it back from a backup, or "
            "delete it, and a new one is made, with which the next run draws new inputs for everybody."
        )
    return secret


def draw_seed(secret: bytes, *about: str) -> int:
    """The seed of a submission's inputs: the same at every regrade, known to nobody, another for everybody.

    Another, too, when anything else is handed in, be it a file beside the notebook or another notebook that runs at
    the same time: feedback shows some of the numbers that were expected, and would otherwise teach them one by one.

    Parameters
    ----------
    secret : bytes
    *about : str
        The student, the assignment, the notebook, and the hash of the submission.

    Returns
    -------
    int, 63 bits
    """
    code = hmac.new(secret, json.dumps(about).encode(), hashlib.sha256).digest()
    return int.from_bytes(code[:8], "big") >> 1
