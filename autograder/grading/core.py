"""The core: from what was released and what was handed in to points and sentences, on any executor.

It knows no platform. Where submissions lie and points go to is told by `autograder.platforms`.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from autograder.catalogue import EXERCISES
from autograder.grading.intake.places import Place
from autograder.grading.intake.released import ReleasedNotebook
from autograder.grading.intake.submission import Submission, read_submission
from autograder.grading.pool.runner import Runner
from autograder.grading.pool.store import StoredResults
from autograder.grading.run.job import Job, Result
from autograder.grading.run.plan import make_job, read_secret
from autograder.grading.run.rounds import rounds
from autograder.grading.settings import CannotGrade, Settings

RESULTS, SECRET = "results", "secret"


class Results(StoredResults):
    """What grading a class gave: (student, notebook) -> Result, read from disk when asked for.

    Attributes
    ----------
    submissions
        What is left of each student's submission after repairs, and the sentences about these.
    jobs
        What was graded, as it was sent to the workers; a result's outputs belong to its job's steps.
    """

    def __init__(
        self, stored: StoredResults, submissions: dict[str, Submission], jobs: dict[tuple[str, str], Job]
    ) -> None:
        super().__init__(stored.paths, stored.anew)
        self.submissions, self.jobs = submissions, jobs

    def remarks(self, student: str, notebook: str, result: Result | None = None) -> list[str]:
        """All sentences about one notebook, for its reader. Its result is read from disk when it isn't given."""
        submission = self.submissions[student]
        result = result or self[student, notebook]
        said = [*submission.notebooks[notebook].remarks, *result.remarks, *submission.remarks]
        return list(dict.fromkeys(said))


def grade(
    released: Mapping[str, ReleasedNotebook],
    submissions: Mapping[str, Path | Place],
    settings: Settings,
    assignment: str,
    notebooks: Iterable[str] | None = None,
    log: Callable[[str], None] | None = None,
) -> Results:
    """Grade a class.

    Parameters
    ----------
    released
        The notebooks of the assignment, by name.
    submissions
        The folder that each student handed in, whatever is in it; or where else it lies, as `find_places` found it.
    settings
    assignment
        Its name. Results are kept under it, and the inputs depend on it.
    notebooks
        Names of those to grade; by default all that were released.
    log
        Takes lines for the instructor; they go to stderr by default.

    Returns
    -------
    Results
        One for each student and notebook, handed in or not.

    Raises
    ------
    CannotGrade
        What was graded until then is kept.
    """
    settings.check()
    wanted = list(released if notebooks is None else notebooks)
    _know_all(released[name] for name in wanted)
    secret = read_secret(settings.folder / SECRET)
    folder = settings.folder / RESULTS
    runner = Runner(folder, settings.executor, settings.jobs, settings.address, log)
    if not folder.exists():  # nothing was graded before, so all will be
        runner.start(len(submissions) * len(wanted))
    try:
        read = {student: read_submission(path, released) for student, path in submissions.items()}
        jobs = {
            (student, name): make_job(
                student,
                assignment,
                submission.notebooks[name],
                released[name],
                submission.files,
                submission.content,
                secret,
                settings.for_jobs,
            )
            for student, submission in read.items()
            for name in wanted
        }
    except BaseException:
        runner.stop()
        raise
    return Results(runner.run(jobs.values(), settings.retry), read, jobs)


def _know_all(notebooks: Iterable[ReleasedNotebook]) -> None:
    """Refuse a catalogue that can't judge what was released, before anybody loses points over it."""
    asked = {cell.hidden_test.exercise for one in notebooks for cell in one.cells if cell.hidden_test}
    if unknown := sorted(asked - EXERCISES.keys()):
        raise CannotGrade(
            f"autograder/catalogue has no {', '.join(unknown)}, so nobody could get points for it. `make release` says "
            "what is wrong there."
        )
    try:
        rounds(EXERCISES.values())
    except ValueError as circle:
        raise CannotGrade(str(circle)) from None
