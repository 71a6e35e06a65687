"""Feedback as real nbgrader makes it: it follows every change of a mark, reaches its student, and is bounded."""

import re
import sys
import threading
import urllib.request
from http.cookiejar import CookieJar

import pytest
from nbgrader.api import Gradebook

from autograder import EXERCISES
from tests.attacks.heavy_pages import write_heavy
from tests.browser.jupyter import jupyterlab
from tests.support.course import QUICK, Course
from tests.support.quick_nbgrader import nbgrader
from tests.support.submissions import mistaken, solutions, write_submission

pytestmark = [
    pytest.mark.nbgrader,
    pytest.mark.verify,
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows can't grade"),
]

WEEK, NOTEBOOK = "week1", "first_neuron"
WRONG = {"relu": mistaken(EXERCISES[f"{NOTEBOOK}.relu"], "one-at-a-time")}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course with its first week released."""
    return Course(tmp_path_factory.mktemp("released") / "course", [WEEK])


@pytest.fixture
def course(released, tmp_path):
    """A course of one's own."""
    return released.copy(tmp_path / "course")


def make_feedback(course, *options):
    """Run nbgrader generate_feedback: how many pages were made and kept, and all that it said."""
    said = nbgrader("generate_feedback", WEEK, *options, course=course.folder)
    made, kept = re.search(r"(\d+) pages? of feedback made, (\d+) kept", said).groups()
    return int(made), int(kept), said


def pages(course):
    """The pages of feedback: (student, name) -> text."""
    found = (course.folder / "grading" / "feedback").glob(f"*/{WEEK}/*.html")
    return {(path.parts[-3], path.stem): path.read_text(encoding="utf-8") for path in found}


def test_feedback_follows_every_change(course):
    for student in ("ada", "bob"):
        course.submit(student, WEEK, {NOTEBOOK: WRONG})
    course.autograde(WEEK)
    assert make_feedback(course)[:2] == (4, 0)
    first = pages(course)
    assert first.keys() == {(student, name) for student in ("ada", "bob") for name in (NOTEBOOK, "quiz1")}
    assert "35.0 / 50.0" in first["bob", NOTEBOOK]
    assert make_feedback(course)[:2] == (0, 4)

    course.submit("bob", WEEK, {NOTEBOOK: {}})
    (course.submitted("bob", WEEK) / "quiz1.html").write_text("50 of 20 points", encoding="utf-8")
    course.autograde(WEEK)
    make_feedback(course)
    second = pages(course)
    assert "50.0 / 50.0" in second["bob", NOTEBOOK]
    assert "Score: 0.0 / 20.0" in second["bob", "quiz1"]
    assert {where: page for where, page in second.items() if where[0] == "ada"} == {
        where: page for where, page in first.items() if where[0] == "ada"
    }

    with Gradebook(course.db_url) as gradebook:
        gradebook.find_grade("grade-relu", NOTEBOOK, WEEK, "ada").manual_score = 7
        gradebook.find_comment("relu", NOTEBOOK, WEEK, "ada").manual_comment = "Better than it **looks**."
        gradebook.db.commit()
    assert make_feedback(course)[:2] == (1, 3)
    third = pages(course)
    assert "Better than it <strong>looks</strong>." in third["ada", NOTEBOOK]
    assert "Score: 7.0 / " in third["ada", NOTEBOOK]

    path = course.folder / "grading" / "feedback" / "bob" / WEEK / "quiz1.html"
    path.write_text(third["bob", "quiz1"][:-100], encoding="utf-8")  # as a power switch leaves it
    assert make_feedback(course)[:2] == (1, 3)
    assert make_feedback(course, "--force", "--student", "ada")[:2] == (2, 0)
    assert pages(course) == third


@pytest.fixture
def exchange(released, tmp_path):
    """A course with an exchange, and the folder of a student who knows it."""
    settings = f"c.Exchange.root = {str(tmp_path / 'exchange')!r}\nc.Exchange.cache = {str(tmp_path / 'cache')!r}\n"
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    student = tmp_path / "student"
    student.mkdir()
    (student / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'neural_networks'\n{settings}"
    )
    return released.copy(tmp_path / "course", QUICK + settings), student


def test_a_renamed_notebooks_page_reaches_its_student(exchange):
    course, student = exchange
    nbgrader("release_assignment", WEEK, course=course.folder)
    nbgrader("fetch_assignment", WEEK, course=student)
    write_submission(student / WEEK, WEEK, NOTEBOOK, solutions(NOTEBOOK) | WRONG)
    (student / WEEK / f"{NOTEBOOK}.ipynb").rename(student / WEEK / f"{NOTEBOOK} (1).ipynb")
    nbgrader("submit", WEEK, course=student)
    nbgrader("collect", WEEK, course=course.folder)
    course.autograde(WEEK)
    assert make_feedback(course)[:2] == (2, 0)
    nbgrader("release_feedback", WEEK, course=course.folder)
    nbgrader("fetch_feedback", WEEK, course=student)
    found = {path.stem: path.read_text(encoding="utf-8") for path in (student / WEEK / "feedback").glob("*/*.html")}
    assert found.keys() == {f"{NOTEBOOK} (1)", "quiz1"}
    assert "35.0 / 50.0" in found[f"{NOTEBOOK} (1)"]
    [who] = {who for who, _ in pages(course)}
    assert pages(course)[who, NOTEBOOK] == found[f"{NOTEBOOK} (1)"]
    assert make_feedback(course)[:2] == (0, 2)

    # Under its own name again: no page of the old one is left, which would be released once more.
    folder = course.submitted(who, WEEK)
    (folder / f"{NOTEBOOK} (1).ipynb").rename(folder / f"{NOTEBOOK}.ipynb")
    course.autograde(WEEK)
    make_feedback(course)
    assert {name for _, name in pages(course)} == {NOTEBOOK, "quiz1"}


def test_heavy_pages_are_made_and_shown(course, tmp_path):
    """By the real command, and by the real formgrader, whose Jupyter was started above the course and goes on."""
    write_heavy(course.submitted("mallory", WEEK), WEEK, NOTEBOOK)
    course.submit("ada", WEEK, {NOTEBOOK: {}})
    course.autograde(WEEK)
    made, _, said = make_feedback(course)
    assert made == 4
    assert f"mallory {NOTEBOOK}: some of it is left out" in said
    assert "ada" not in said
    page = pages(course)["mallory", NOTEBOOK]
    assert len(page.encode()) < 5_000_000
    assert "50.0 / 50.0" in page

    with Gradebook(course.db_url) as gradebook:
        number = gradebook.find_submission_notebook(NOTEBOOK, WEEK, "mallory").id
    with jupyterlab(tmp_path, tmp_path / "jupyter") as running:
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

        def visit(path):
            joined = "&" if "?" in path else "?"
            return browser.open(f"{running.address}{path}{joined}token={running.token}", timeout=120).read().decode()

        visit(f"/formgrader?path={course.folder}")
        shown = []
        asking = threading.Thread(target=lambda: shown.append(visit(f"/formgrader/submissions/{number}/")))
        asking.start()
        assert "started" in visit("/api/status")
        asking.join()
    [page] = shown
    assert len(page.encode()) < 5_000_000
    assert "Left out" in page
    assert "relu" in page
    assert "<b title" not in page
