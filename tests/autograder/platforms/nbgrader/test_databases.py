"""The gradebook in SQLite and in PostgreSQL: nbgrader writes it, and our one query reads the same from both."""

import os
import shutil
import sqlite3
import sys
from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.course import ROOT, SOURCE
from autograder.platforms.nbgrader.gradebook import old_points
from autograder.report.changes import OldPoints
from tests.support.level import CONFIG
from tests.support.postgresql import missing, new_database, postgresql_server  # noqa: F401 (a fixture)
from tests.support.quick_nbgrader import nbgrader

pytestmark = [
    pytest.mark.nbgrader,
    # nbgrader's own way of adding a submission.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def db_url(request, tmp_path_factory):
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'gradebook.db'}"
    return new_database(request.getfixturevalue("postgresql_server"))


@pytest.fixture(scope="module")
def course(tmp_path_factory, db_url):
    """week1 of the course, its gradebook in the database."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(SOURCE / "week1", folder / "source" / "week1")
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    settings += f"\n{CONFIG}c.CourseDirectory.db_url = {db_url!r}\n"
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    nbgrader("generate_assignment", "week1", "--create", course=folder)
    return folder


def graded_cells(gradebook):
    return {
        (notebook.name, cell.name): cell.max_score
        for notebook in gradebook.find_assignment("week1").notebooks
        for cell in notebook.grade_cells
    }


def test_nbgrader_and_we_agree_in_both_databases(course, db_url):
    with Gradebook(db_url, "neural_networks") as gradebook:
        cells = graded_cells(gradebook)
        assert len(cells) >= 10
        gradebook.add_student("zoë")
        submission = gradebook.add_submission("week1", "zoë", timestamp=datetime(2026, 1, 1))
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = grade.max_score / 3
        by_hand = submission.notebooks[0].grades[0]
        by_hand.manual_score = 1.5
        where = ("zoë", submission.notebooks[0].name, by_hand.name)
        gradebook.db.commit()
    marks = old_points(db_url, "neural_networks", "week1")
    assert {where: mark for where, mark in marks.items() if where[0] == "zoë"} == {
        ("zoë", notebook, cell): OldPoints(most / 3, 1.5 if ("zoë", notebook, cell) == where else None, most)
        for (notebook, cell), most in cells.items()
    }
    assert old_points(db_url, "neural_networks", "week2") == {}


def test_the_marks_of_a_class_are_read_by_one_query(course, db_url):
    with Gradebook(db_url, "neural_networks") as gradebook:
        for number in range(20):
            gradebook.add_student(f"student{number}")
            gradebook.add_submission("week1", f"student{number}")
        cells = len(graded_cells(gradebook))
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        marks = old_points(db_url, "neural_networks", "week1")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len([student for student, *_ in marks if student.startswith("student")]) == 20 * cells
    assert len([statement for statement in asked if "auto_score" in statement]) == 1
    assert all(mark[:2] == (None, None) for (student, *_), mark in marks.items() if student.startswith("student"))


def test_the_postgresql_gradebook_is_in_postgresql(course, db_url):
    """So that a config that is ignored doesn't pass the tests above."""
    lying_about = list(course.rglob("gradebook.db"))
    if db_url.startswith("sqlite"):
        with sqlite3.connect(db_url.removeprefix("sqlite:///")) as connection:
            assert connection.execute("SELECT name FROM assignment").fetchall() == [("week1",)]
    else:
        import psycopg

        with psycopg.connect(db_url.replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT name FROM assignment").fetchall() == [("week1",)]
    assert lying_about == []


@pytest.mark.skipif(not (os.environ.get("CI") and sys.platform == "linux"), reason="only CI promises a PostgreSQL")
def test_continuous_integration_has_postgresql():
    assert missing() == ""
