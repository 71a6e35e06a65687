"""nbgrader's generate_feedback: pages made anew where a mark or a notebook changed, several at once, each bounded."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from functools import cache
from importlib.metadata import version
from pathlib import Path

import click
from nbgrader.apps.generatefeedbackapp import GenerateFeedbackApp
from nbgrader.converters import GenerateFeedback
from tqdm import tqdm

from autograder.grading.pool.backends import cores
from autograder.grading.text import count, printable
from autograder.platforms.nbgrader import building, exporter, pages
from autograder.platforms.nbgrader.building import Builder, Page, PageJob, packed
from autograder.platforms.nbgrader.config import Grading
from autograder.platforms.nbgrader.gradebook import shown_marks

# The last line of a page: which notebook it shows, and a hash of what it was made of.
SHOWS = "\n<!-- {notebook}, made of "
LAST_LINE = SHOWS + "{key} -->\n"
LONGEST_LINE = 1000  # bytes


class BoundedFeedback(GenerateFeedback):
    """Makes feedback in processes apart, where anything that a page shows is newer than the page.

    Parameters and settings are nbgrader's; `force` makes all pages anew.
    """

    assignments: dict[str, list[str]]

    def init_notebooks(self) -> None:
        """Find the notebooks whose pages aren't what would be made now."""
        super().init_notebooks()
        course = self.coursedir
        self.marks = shown_marks(course.db_url, course.course_id, course.assignment_id)
        self.keys: dict[str, str] = {}
        excluded = course.student_id_exclude.split(",")
        found, self.assignments, self.unchanged = self.assignments, {}, 0
        for folder, notebooks in sorted(found.items()):
            where = [self.init_single_notebook_resources(path)["nbgrader"] for path in notebooks]
            if where[0]["student"] in excluded:
                continue
            for path, one in zip(notebooks, where, strict=True):
                self.keys[path] = self._key(path, one)
                if self.force or not self._is_made(path, one):
                    self.assignments.setdefault(folder, []).append(path)
                else:
                    self.unchanged += 1

    def _key(self, path: str, where: dict[str, str]) -> str:
        """A hash of all that a page shows, and of what makes it."""
        marks = self.marks.get((where["student"], where["notebook"]))
        shown = json.dumps([marks, _maker()], default=str).encode()
        return hashlib.sha256(shown + Path(path).read_bytes()).hexdigest()

    def _is_made(self, path: str, where: dict[str, str]) -> bool:
        """Whether the page, under each of its names, was made of what would be shown now."""
        pages = [self._folder(where) / f"{name}.html" for name in self._names(path, where)]
        return all(_last_line(page) == self._line(path, where) for page in pages)

    def _line(self, path: str, where: dict[str, str]) -> str:
        return LAST_LINE.format(notebook=where["notebook"], key=self.keys[path])

    def _folder(self, where: dict[str, str]) -> Path:
        return Path(self._format_dest(where["assignment"], where["student"]))

    def _names(self, path: str, where: dict[str, str]) -> list[str]:
        return page_names(Path(path), {where["notebook"], *(notebook for _, notebook in self.marks)})

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Only `force` takes old pages away first; nbgrader would go by the dates of submissions."""
        return super().init_destination(assignment_id, student_id) if self.force else True

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Beside pages only what `release_feedback` reads: a file of the student's could take the place of a page."""
        source = Path(self._format_source(assignment_id, student_id))
        folder = Path(self._format_dest(assignment_id, student_id))
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("timestamp.txt", "submission_secret.txt"):
            if (source / name).is_file():
                shutil.copyfile(source / name, folder / name)

    def convert_notebooks(self) -> None:
        """As nbgrader does, with pages that are made ahead."""
        paths = [path for _, notebooks in sorted(self.assignments.items()) for path in sorted(notebooks)]
        at_terminal = isinstance(self.parent, GenerateFeedbackApp)
        if at_terminal:
            self.log.setLevel(max(self.log.level, 30))  # a line of progress says more than five for each notebook
        builder = Builder(min(Grading(parent=self).jobs or cores(), len(paths) or 1))
        preprocessors = tuple(self.preprocessors)
        config = packed(self.config, preprocessors)
        jobs = (PageJob(path, self.init_single_notebook_resources(path), config, preprocessors) for path in paths)
        made = builder.pages(jobs)
        self.ready: Iterator[tuple[str, Future[Page]]] = zip(paths, made, strict=True)
        hidden = None if at_terminal and paths else True  # None: shown where stderr is a terminal
        try:
            with tqdm(total=len(paths), desc="making pages", unit="page", disable=hidden) as self.progress:
                super().convert_notebooks()
        finally:
            made.close()
        said = f"{self.coursedir.assignment_id}: {count(len(paths), 'page')} of feedback made, {self.unchanged} kept."
        if at_terminal:
            click.echo(said, err=True)
        else:
            self.log.info(said)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Write down one page under all its names, and none that it had before."""
        # Where a page of a student's failed, nbgrader doesn't ask for the others.
        page = next(page for path, page in self.ready if path == notebook_filename).result()
        resources = self.init_single_notebook_resources(notebook_filename)
        where, names = resources["nbgrader"], self._names(notebook_filename, resources["nbgrader"])
        resources["output_extension"] = self.exporter.file_extension
        for name in names:
            resources["unique_key"] = name
            self.write_single_notebook(page.html + self._line(notebook_filename, where), resources)
        for old in self._folder(where).glob("*.html"):
            if old.stem not in names and _last_line(old).startswith(SHOWS.format(notebook=where["notebook"])):
                old.unlink()
        if page.left_out:
            what = f"{printable(where['student'])} {names[0]}"
            self.log.warning("%s: some of it is left out on its page, or shown as plain text.", what)
        self.progress.update()


def page_names(path: Path, released: set[str]) -> list[str]:
    """The names of the pages of a graded notebook: its own, and the one under which it was handed in, if that differs.

    nbgrader's exchange looks for a student's feedback by the names of the notebooks at the top of their submission.

    Parameters
    ----------
    path
        Of the graded notebook.
    released
        The names of all notebooks of the assignment, whose pages nobody else's may take.
    """
    try:
        handed_in = json.loads(path.read_bytes())["metadata"]["graded"]["path"]
    except (OSError, ValueError, KeyError, TypeError):
        return [path.stem]
    name = re.fullmatch(r"([^/.][^/]*)\.ipynb", str(handed_in))
    taken = {notebook.lower() for notebook in released}
    return [path.stem, *([name[1]] if name and name[1].lower() not in taken else [])]


def _last_line(page: Path) -> str:
    """The last line of a page, "" where there is no page."""
    try:
        with open(page, "rb") as file:
            file.seek(max(0, page.stat().st_size - LONGEST_LINE))
            end = file.read().decode(errors="replace")
    except OSError:
        return ""
    return end[end.rfind("\n<!-- ") :] if "\n<!-- " in end else ""


@cache
def _maker() -> str:
    """A hash of what makes pages."""
    found = hashlib.sha256("".join(map(version, ("nbgrader", "nbconvert", "bleach", "mistune"))).encode())
    for module in (pages, exporter, building):
        found.update(Path(str(module.__file__)).read_bytes())
    return found.hexdigest()
