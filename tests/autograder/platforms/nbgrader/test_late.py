"""Late work: what is taken off follows dates and due dates, and the summary shows what the gradebook shows."""

from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from tests.support.course import QUICK, Course

pytestmark = [pytest.mark.nbgrader, pytest.mark.verify]

DUE = datetime(2026, 1, 10, 12, 0, 0)
ZERO = QUICK + 'c.LateSubmissionPlugin.penalty_method = "zero"\n'


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """quiz1 alone, with a due date, and two students: one an hour too late, one in time."""
    course = Course(tmp_path_factory.mktemp("released") / "course", ["week1"], ZERO)
    due(course, DUE)
    for student, date in (("ada", "2026-01-10 13:00:00 UTC"), ("ben", "2026-01-10 11:00:00 UTC")):
        course.submit(student, "week1", {"quiz1": {}})
        dated(course, student, date)
    course.autograde("week1")
    return course


@pytest.fixture
def course(released, tmp_path):
    return released.copy(tmp_path / "course", ZERO)


def due(course, date):
    with Gradebook(course.db_url) as gradebook:
        gradebook.find_assignment("week1").duedate = date
        gradebook.db.commit()


def dated(course, student, date):
    (course.submitted(student, "week1") / "timestamp.txt").write_text(date)


def shown(course):
    """What the gradebook shows: student -> (points, date)."""
    with Gradebook(course.db_url) as gradebook:
        return {
            one.student.id: (one.score - one.late_submission_penalty, one.timestamp)
            for one in gradebook.assignment_submissions("week1")
        }


def points(course):
    return {student: score for student, (score, _) in shown(course).items()}


def summary(course):
    return (course.folder / "grading" / "reports" / "week1" / "summary.txt").read_text(encoding="utf-8")


def regraded(course):
    """Grade again; no notebook is run for it."""
    assert "0 notebooks graded now, 4 kept from before" in course.autograde("week1")
    return points(course)


def test_the_summary_shows_what_is_taken_off(released):
    assert points(released) == {"ada": 0, "ben": 20}
    text = summary(released)
    assert "ada: 0 out of 70\n    20 earned, 20 taken off: handed in 1:00:00 late.\n" in text
    assert "ben: 20 out of 70\n" in text
    table = (released.folder / "grading" / "reports" / "week1" / "summary.csv").read_text()
    assert 'ada,0.0,70.0,"20 earned' in table


def test_another_due_date_is_followed(course):
    due(course, datetime(2026, 1, 11))
    assert regraded(course) == {"ada": 20, "ben": 20}
    assert "ada: 20 out of 70\n" in summary(course)
    assert "taken off" not in summary(course)
    due(course, datetime(2026, 1, 1))
    assert regraded(course) == {"ada": 0, "ben": 0}


def test_an_extension_is_followed(course):
    with Gradebook(course.db_url) as gradebook:
        gradebook.grant_extension("week1", "ada", hours=2)
    assert regraded(course) == {"ada": 20, "ben": 20}
    due(course, None)  # an extension of nothing
    assert regraded(course) == {"ada": 20, "ben": 20}


def test_a_corrected_date_is_followed(course):
    dated(course, "ada", "2026-01-10T12:00:00+01:00")
    dated(course, "ben", "2026-01-12 00:00:00 UTC")
    assert regraded(course) == {"ada": 20, "ben": 0}
    assert {who: date for who, (_, date) in shown(course).items()} == {
        "ada": datetime(2026, 1, 10, 11),
        "ben": datetime(2026, 1, 12),
    }
    (course.submitted("ben", "week1") / "timestamp.txt").unlink()
    assert regraded(course) == {"ada": 20, "ben": 20}
    assert shown(course)["ben"] == (20, None)
    assert not list((course.folder / "grading").glob("*/ben/week1/timestamp.txt"))


def test_what_waits_for_a_hand_is_named(course):
    with Gradebook(course.db_url) as gradebook:
        grade = gradebook.find_grade("grade-question-1", "quiz1", "week1", "ben")
        grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.db.commit()
    course.autograde("week1")
    assert points(course)["ben"] == 18
    waiting = "2 of these points wait for a mark by hand: quiz1 grade-question-1."
    assert f"ben: 18 out of 70\n    {waiting}\n" in summary(course)
    with Gradebook(course.db_url) as gradebook:
        grade = gradebook.find_grade("grade-question-1", "quiz1", "week1", "ben")
        grade.manual_score, grade.needs_manual_grade = 1.0, False
        gradebook.db.commit()
    course.autograde("week1")
    assert "ben: 19 out of 70\n" in summary(course)
    assert "wait for" not in summary(course)
