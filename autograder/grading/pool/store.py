"""Results on disk: one file for each graded notebook, so that a batch that was killed goes on where it was."""

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.grading.run.job import Graded, Job, Result, SecondLook

# Folders and files with such names are the same thing everywhere, also where capitals don't count.
PLAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,62}[a-z0-9_-])?")


def safe_name(name: str) -> str:
    """A file name for any text, readable where that is possible, and never the same for two texts.

    Parameters
    ----------
    name : str
        A student's id or a notebook's name.

    Returns
    -------
    str
        The name itself when it is plain; otherwise what is plain of it, a plus sign, and a hash of all of it.
    """
    if PLAIN.fullmatch(name):
        return name
    readable = re.sub(r"[^a-z0-9_-]+", "-", name.lower())[:40]
    return f"{readable}+{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that it is there as a whole or not at all, whenever this process is killed.

    Parameters
    ----------
    path : Path
        Its folder is made when missing.
    text : str
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(prefix=".", suffix=".partial", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(partial)
        raise


class Store:
    """The folder of results, assignment/student/notebook.json.

    A file has two lines: what it is for, which is enough to decide whether it can be used again, and the result. As
    long as functions are still to be judged again it says which, and nobody takes it for a final result.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def path(self, job: Job) -> Path:
        """Where the result of a job is kept."""
        names = [safe_name(name) for name in (job.assignment, job.student, job.notebook)]
        return self.folder / names[0] / names[1] / f"{names[2]}.json"

    def keep(self, job: Job, graded: Graded) -> None:
        """Keep what one look at a notebook gave, together with what the looks before it gave."""
        if job.second is not None:
            result = read_result(self.path(job)).then(Result.from_json(graded.text))
            graded = Graded(result.to_json(), result.troubled, graded.second)
        self._write(job, graded)

    def _write(self, job: Job, graded: Graded) -> None:
        about = {
            "key": job.key,
            "student": job.student,
            "assignment": job.assignment,
            "notebook": job.notebook,
            "troubled": graded.troubled,
            "second": None if graded.second is None else asdict(graded.second),
            "characters": len(graded.text),
        }
        write_whole(self.path(job), f"{json.dumps(about)}\n{graded.text}")

    def usable(self, job: Job, untroubled: bool = False) -> bool:
        """Whether the final result of just this job is kept.

        Parameters
        ----------
        job : Job
        untroubled : bool
            Don't count a result in which a deadline or a crash played a part.
        """
        about = self._about(job, untroubled)
        return about is not None and about["second"] is None

    def begun(self, job: Job, untroubled: bool = False) -> SecondLook | None:
        """What is still to be judged again in just this job; None when it hasn't been looked at, or is final.

        Parameters
        ----------
        job, untroubled
            As for `usable`.
        """
        about = self._about(job, untroubled)
        return None if about is None or about["second"] is None else SecondLook(**about["second"])

    def _about(self, job: Job, untroubled: bool) -> dict[str, Any] | None:
        """The first line of a job's file; None when there is none that fits and is whole."""
        try:
            with open(self.path(job), encoding="utf-8") as file:
                about, text = json.loads(file.readline()), file.read()
            whole = about["key"] == job.key and about["characters"] == len(text) and "second" in about
            return about if whole and not (untroubled and about["troubled"]) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


def read_result(path: Path) -> Result:
    """The result in a file of the store, whether it is final or not."""
    with open(path, encoding="utf-8") as file:
        file.readline()
        return Result.from_json(file.read())


class StoredResults(Mapping[tuple[str, str], Result]):
    """Results by (student, notebook), read from disk one at a time: a class's plots need not fit into memory.

    Parameters
    ----------
    paths : dict from (student, notebook) to Path
    anew : set of (student, notebook)
        Those that were graded now; the others were kept from before.
    """

    def __init__(self, paths: dict[tuple[str, str], Path], anew: set[tuple[str, str]]) -> None:
        self.paths, self.anew = paths, anew

    def __getitem__(self, where: tuple[str, str]) -> Result:
        return read_result(self.paths[where])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)
