"""c.Grading in nbgrader_config.py."""

from pathlib import Path

from traitlets import Any, Bunch, Float, Integer, Unicode, validate
from traitlets.config import LoggingConfigurable

from autograder.grading.settings import RETRIES, CannotGrade, Settings
from sandbox import isolation


class Grading(LoggingConfigurable):
    """How submissions are run: c.Grading.jobs = 4, and so on, in nbgrader_config.py."""

    jobs = Integer(0, help="How many notebooks run at once; 0 means one for each core.").tag(config=True)
    isolation = Unicode(
        "best",
        help="'full' refuses to run student code unless every layer of isolation is there, 'best' takes what the "
        "machine has and reports it, but refuses where nothing keeps files from student code, 'none' asks for resource "
        "limits only.",
    ).tag(config=True)
    cell_seconds = Float(60, help="How long one cell may run.").tag(config=True)
    judge_seconds = Float(20, help="How long one function's calls may take together while it is judged.").tag(
        config=True
    )
    notebook_seconds = Float(
        300, help="How long one notebook may take, and as long again when it is judged again."
    ).tag(config=True)
    memory_mb = Integer(4096, help="Address space of a student's process, in megabytes.").tag(config=True)
    address = Unicode("", help="Address of a Dask scheduler: grade on its cluster.").tag(config=True)
    executor = Any(None, allow_none=True, help="A concurrent.futures.Executor to grade on.").tag(config=True)
    retry = Unicode(
        "none",
        help="Which notebooks are run again although nothing has changed: 'none', 'troubled' (a deadline or a crash "
        "played a part; so does --force), or 'all'.",
    ).tag(config=True)
    folder = Unicode("grading", help="Where results and reports are kept, inside the course's folder.").tag(config=True)

    @validate("isolation", "retry")
    def _is_known(self, proposal: Bunch) -> str:
        name, value = proposal["trait"].name, proposal["value"]
        known = {"isolation": isolation.LEVELS, "retry": RETRIES}[name]
        if value not in known:
            raise CannotGrade(f"c.Grading.{name} is {value!r}; it should be one of {known}.")
        return value

    def settings(self, course: Path, forced: bool) -> Settings:
        """The settings for a course's folder; forced as by --force."""
        names = ("isolation", "cell_seconds", "judge_seconds", "notebook_seconds", "memory_mb")
        return Settings(
            **{name: getattr(self, name) for name in (*names, "jobs", "address", "executor")},
            folder=course / self.folder,
            retry="troubled" if forced and self.retry == "none" else self.retry,
        )
