"""A class without nbgrader: submissions are repaired, run and judged as in a batch, but nothing is written anywhere."""

from dataclasses import replace

from autograder.grading.intake.submission import read_submission
from autograder.grading.run.plan import make_job
from autograder.grading.run.worker import grade_alone
from autograder.grading.settings import JobSettings
from tests.support.level import LEVEL
from tests.support.released import released

# Short deadlines: what is meant to hang should not hold the tests up.
SETTINGS = JobSettings(isolation=LEVEL, cell_seconds=10, judge_seconds=5, notebook_seconds=60, memory_mb=2048)


def grade_folder(folder, week, notebook, seed=1, settings=SETTINGS):
    """Repair and grade one notebook of a submission.

    Parameters
    ----------
    folder : Path
    week, notebook : str
    seed : int or None
        None for the one that the submission's content gives.
    settings : JobSettings

    Returns
    -------
    result : Result
    remarks : list of str
        Of the repairs and of the run.
    """
    job, remarks = _repaired(folder, week, notebook, settings)
    if seed is not None:
        job = replace(job, seed=seed)
    result = grade_alone(job)
    return result, [*remarks, *result.remarks]


def job_of(folder, week, notebook, settings=SETTINGS):
    """What a worker would get for one notebook of a submission."""
    return _repaired(folder, week, notebook, settings)[0]


def _repaired(folder, week, notebook, settings):
    wanted = {notebook: released(week)[notebook]}
    submission = read_submission(folder, wanted)
    clean = submission.notebooks[notebook]
    job = make_job("student", week, clean, wanted[notebook], submission.files, submission.content, b"secret", settings)
    return job, [*submission.remarks, *clean.remarks]
