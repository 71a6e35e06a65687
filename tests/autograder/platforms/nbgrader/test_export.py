"""nbgrader export: nbgrader's table, in which no name is a formula."""

import csv

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from tests.support.course import Course
from tests.support.quick_nbgrader import nbgrader

pytestmark = [
    pytest.mark.nbgrader,
    pytest.mark.verify,
    pytest.mark.filterwarnings("ignore:Object of type"),  # of nbgrader itself
]

HOSTILE = {"last_name": "a;=1+1", "first_name": 'x,"y"', "email": "\t@SUM(A1)"}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """week1, released; ada has points, ben handed nothing in."""
    course = Course(tmp_path_factory.mktemp("exported") / "course", ["week1"])
    with Gradebook(course.db_url) as gradebook:
        gradebook.add_student("ada", last_name="Lovelace", first_name="Ada", email="ada@example.org")
        gradebook.add_student("ben")
        submission = gradebook.add_submission("week1", "ada", timestamp="2026-01-02 03:04:05 UTC")
        for number, grade in enumerate(grade for notebook in submission.notebooks for grade in notebook.grades):
            grade.auto_score = number / 3
        submission.notebooks[0].late_submission_penalty = 1.5
        gradebook.db.commit()
    return course


def exported(course, *options):
    nbgrader("export", "--to", "grades.csv", *options, course=course.folder)
    with open(course.folder / "grades.csv", newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_the_table_is_that_of_nbgrader(course):
    with Gradebook(course.db_url) as gradebook:
        CsvExportPlugin(to=str(course.folder / "stock.csv")).export(gradebook)
    with open(course.folder / "stock.csv", newline="") as file:
        assert exported(course) == list(csv.reader(file))
    assert [row[3] for row in exported(course, "--student", '["ben"]')] == ["student_id", "ben"]
    assert len(exported(course, "--assignment", '["week9"]')) == 1


def test_no_name_is_a_formula(course, tmp_path):
    hostile = course.copy(tmp_path / "course")
    with Gradebook(hostile.db_url) as gradebook:
        gradebook.add_student("=1+1", **HOSTILE)
        gradebook.db.commit()
    rows = exported(hostile)
    row = next(row for row in rows if "1+1" in row[3])
    assert row[3:7] == ["'=1+1", "a;'=1+1", 'x,"y"', "'\t'@SUM(A1)"]
    assert len({len(row) for row in rows}) == 1
