"""What was handed in, as nbgrader's converter and its formgrader are to see it."""

import os
import re
from collections.abc import Callable
from datetime import datetime
from fnmatch import fnmatchcase
from glob import escape, glob
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.grading.intake import timestamp
from autograder.grading.intake.places import Place, Places, find_places
from autograder.grading.intake.scan import ReadingLimits


def submissions_of(course: CourseDirectory, limits: ReadingLimits | None = None) -> Places:
    """Where the submissions lie that a course directory asks for, and what is left over.

    Parameters
    ----------
    course
        With an assignment, and patterns of students.
    limits
        None for the usual ones.
    """
    assignment = course.assignment_id
    path = Path(course.format_path(course.submitted_directory, "*", assignment))
    if (path.name, path.parent.name) != (assignment, "*"):
        return Places(_in_another_structure(course))
    with Gradebook(course.db_url, course.course_id) as gradebook:
        known = {one.name: [notebook.name for notebook in one.notebooks] for one in gradebook.assignments}
    source = Path(course.format_path(course.source_directory, ".", assignment)).parent
    for folder in filter(Path.is_dir, source.glob("*")):  # those that aren't released yet
        known.setdefault(folder.name, [path.stem for path in folder.glob("*.ipynb")])
    return find_places(path.parent.parent, assignment, known, _wanted(course), limits or ReadingLimits())


def _wanted(course: CourseDirectory) -> Callable[[str], bool]:
    asked, excluded = course.student_id, course.student_id_exclude.split(",")
    return lambda student: student not in excluded and (student == asked or fnmatchcase(student, asked))


def _in_another_structure(course: CourseDirectory) -> dict[str, Place]:
    """The folders just where nbgrader looks for them, for a course with a directory_structure of its own."""
    directory, assignment = course.submitted_directory, course.assignment_id
    pattern = re.compile(course.format_path(directory, "(?P<student>.*)", assignment, escape=True), re.DOTALL)
    below = course.directory_structure.format(nbgrader_step=directory, student_id="*", assignment_id=assignment)
    found = [pattern.fullmatch(path) for path in sorted(glob(os.path.join(escape(course.root), below)))]
    wanted = _wanted(course)
    return {match["student"]: Place(Path(match[0])) for match in found if match and wanted(match["student"])}


def submitted_students(api: NbGraderAPI, assignment_id: str) -> set[str]:
    """The students who handed something in for an assignment, "*" for any: what the formgrader lists."""
    names = [assignment_id] if assignment_id != "*" else api.get_source_assignments()
    course = CourseDirectory(**{name: getattr(api.coursedir, name) for name in api.coursedir.trait_names(config=True)})
    course.student_id = "*"
    students = set[str]()
    for course.assignment_id in names:
        # Nothing is unpacked while somebody waits for a page.
        students |= submissions_of(course, ReadingLimits(zips=0)).found.keys()
    return students


def submitted_timestamp(api: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """When a student handed in, as far as it is known; for the formgrader."""
    course = api.coursedir
    folder = Path(course.format_path(course.submitted_directory, student_id, assignment_id))
    return None if folder.is_symlink() else timestamp.read(folder / timestamp.NAME)
