"""`nbgrader autograde`, the formgrader's button and `python -m autograder grade`: three doors to the same grading."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter

import pytest

from autograder import EXERCISES
from autograder.grading.turn import turn
from tests.support.course import QUICK, Course
from tests.support.quick_nbgrader import nbgrader, run
from tests.support.submissions import mistaken

pytestmark = [pytest.mark.nbgrader]

MISTAKE = EXERCISES["first_neuron.neuron"].mistakes[0].name
WRONG = mistaken(EXERCISES["first_neuron.neuron"], MISTAKE)
COMMAND = [sys.executable, "-m", "autograder", "grade"]
# What the formgrader's handlers do when a button is pressed.
BUTTON = """
import json, sys
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI

app = NbGrader()
app.initialize([])
print(json.dumps(NbGraderAPI(app.coursedir, parent=app).autograde(*sys.argv[1:])))
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """week1, released, with a class: all right, late and wrong, one notebook only, broken, nothing."""
    course = Course(tmp_path_factory.mktemp("released") / "course", ["week1"])
    course.submit("ada", "week1", {"first_neuron": {}, "quiz1": {}})
    course.submit("ben", "week1", {"first_neuron": {"neuron": WRONG}, "quiz1": {}})
    (course.submitted("ben", "week1") / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    course.submit("cleo", "week1", {"quiz1": {}})
    course.submit("dora", "week1", {"first_neuron": {}})
    broken = course.submitted("dora", "week1") / "first_neuron.ipynb"
    broken.write_text(broken.read_text(encoding="utf-8")[:9000], encoding="utf-8")
    course.submitted("emil", "week1").mkdir(parents=True)
    course.submitted("empty", "week1").parent.mkdir()
    (course.folder / "grading" / "secret").write_text("the same for all " * 2, encoding="ascii")
    return course


def command(course, *words, **options):
    """Type `python -m autograder grade ...` in a course folder."""
    return subprocess.run([*COMMAND, *words], cwd=course.folder, capture_output=True, text=True, timeout=240, **options)


def typed(course):
    done = command(course, "week1", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return done.stderr


def pressed(course):
    program = [sys.executable, "-c", BUTTON, "week1", "*"]
    done = subprocess.run(program, cwd=course.folder, capture_output=True, text=True, timeout=240)
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["success"], answer
    return answer["log"].replace("[INFO] ", "")


def gradebook(course):
    """Everything that grading writes into the gradebook."""
    queries = """
        SELECT a.student_id, n.name, c.name, g.auto_score, g.manual_score, g.needs_manual_grade FROM grade g
            JOIN submitted_notebook s ON g.notebook_id = s.id JOIN submitted_assignment a ON s.assignment_id = a.id
            JOIN notebook n ON s.notebook_id = n.id JOIN base_cell c ON g.cell_id = c.id;
        SELECT a.student_id, n.name, c.name, m.auto_comment FROM comment m
            JOIN submitted_notebook s ON m.notebook_id = s.id JOIN submitted_assignment a ON s.assignment_id = a.id
            JOIN notebook n ON s.notebook_id = n.id JOIN base_cell c ON m.cell_id = c.id;
        SELECT student_id, timestamp FROM submitted_assignment
    """
    with contextlib.closing(sqlite3.connect(course.folder / "grading" / "gradebook.db")) as connection:
        return [sorted(connection.execute(query).fetchall()) for query in queries.split(";")]


def files(course):
    """All that grading writes beside the gradebook: path -> bytes."""
    folders = ("autograded", "checked", "reports")
    found = [path for name in folders for path in (course.folder / "grading" / name).rglob("*") if path.is_file()]
    return {str(path.relative_to(course.folder)): path.read_bytes() for path in found}


def told(said, course):
    """The last lines of a batch, without where it lies."""
    lines = [line.strip() for line in said.replace(str(course.folder), "COURSE").splitlines()]
    return [line for line in lines if line.startswith(("week1:", "Marks:", "isolation:", "See "))]


@pytest.mark.verify
def test_three_doors_lead_to_the_same_points_reports_and_gradebook(released, tmp_path):
    doors = {"nbgrader": lambda course: course.autograde("week1"), "button": pressed, "typed": typed}
    courses = {name: released.copy(tmp_path / name) for name in doors}
    said = {name: told(door(courses[name]), courses[name]) for name, door in doors.items()}
    plain = courses["nbgrader"]
    rows, written = gradebook(plain), files(plain)
    assert [len(found) > 20 for found in rows] == [True, True, False]
    assert {"grading/reports/week1/summary.txt", "grading/reports/week1/summary.csv"} <= written.keys()
    assert "10 notebooks graded now, 0 kept from before, of 5 students." in said["nbgrader"][0]
    for name in ("button", "typed"):
        assert gradebook(courses[name]) == rows, name
        assert files(courses[name]) == written, name
        assert said[name] == said["nbgrader"], name

    # A second run, through any door, grades nothing and changes nothing.
    assert "0 notebooks graded now, 10 kept from before" in typed(plain)
    assert gradebook(plain) == rows


# What the formgrader shows of a class.
LISTED = """
import json
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI

app = NbGrader()
app.initialize([])
listed = NbGraderAPI(app.coursedir, parent=app).get_submissions("week1")
print(json.dumps({one["student"]: [one["autograded"], one["score"]] for one in listed}))
"""


def listed(course):
    """What the formgrader shows of a class: student -> [autograded, score]."""
    done = subprocess.run(
        [sys.executable, "-c", LISTED], cwd=course.folder, capture_output=True, text=True, timeout=240
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def unusual(released, tmp_path):
    """A class that hands in as it likes, in a folder whose name is a pattern; only fay and gil lose points."""
    course = released.copy(tmp_path / "cour[se]")
    submitted = course.folder / "grading" / "submitted"
    for student in ("ben", "cleo", "dora", "emil"):
        shutil.rmtree(submitted / student)
    ada = submitted / "ada" / "week1"
    shutil.copytree(ada, submitted / "ben" / "Week 1")
    shutil.make_archive(submitted / "cleo" / "week1", "zip", ada)
    shutil.copytree(ada, submitted / "dora" / "week1 (1)")
    shutil.copytree(ada, submitted / "emil" / "homework" / "week1")
    (submitted / "fay" / "week1").mkdir(parents=True)
    (submitted / "fay" / "week1" / "first_neuron.py").write_text("relu = None")
    (submitted / "gil").mkdir()
    (submitted / "gil" / "week1.rar").write_text("Rar!")
    shutil.copytree(ada, submitted / "line\nbreak" / "week1")
    (submitted / "hal.zip").write_text("PK")
    return course


NOT_TAKEN_IN = [
    "fay: first_neuron.py is no notebook and was not graded: ask for first_neuron.ipynb.",
    "submitted/gil/week1.rar can't be unpacked here: unpack it into the folder week1.",
    "The folder submitted/line?break has a name that no student can have: rename it.",
    "submitted/hal.zip lies beside the students' folders: put it into the folder of its student.",
]


DOORS = [
    lambda course: course.autograde("week1"),
    *(pytest.param(door, marks=pytest.mark.verify) for door in (pressed, typed)),
]


@pytest.mark.parametrize("door", DOORS, ids=["nbgrader", "button", "typed"])
def test_nobodys_work_is_lost_without_a_word(unusual, door):
    before = files_of(unusual.folder / "grading" / "submitted")
    said = door(unusual)
    points = Counter()
    for (student, _), score in unusual.marks("week1").items():
        points[student] += score
    assert points == {"ada": 70, "ben": 70, "cleo": 70, "dora": 70, "emil": 70, "fay": 0}
    summary = (unusual.folder / "grading" / "reports" / "week1" / "summary.txt").read_text(encoding="utf-8")
    assert "ben: 70 out of 70\n    first_neuron, quiz1: There is no folder week1; Week 1 was graded" in summary
    for sentence in NOT_TAKEN_IN:
        assert sentence in said
        assert sentence in summary
    assert files_of(unusual.folder / "grading" / "submitted") == before
    assert "0 notebooks graded now, 12 kept from before" in unusual.autograde("week1")


@pytest.mark.verify
def test_the_formgrader_lists_whose_work_is_taken_in(unusual):
    students = ("ada", "ben", "cleo", "dora", "emil", "fay")
    assert listed(unusual) == {who: [False, 0.0] for who in students}
    unusual.autograde("week1")
    assert listed(unusual) == {who: [True, 0.0 if who == "fay" else 70.0] for who in students}


def files_of(folder):
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_runs_at_once_take_turns(released, tmp_path):
    course = released.copy(tmp_path / "course")
    with turn(course.folder / "grading", "week3", pytest.fail):
        second = subprocess.Popen([*COMMAND, "week1"], cwd=course.folder, stderr=subprocess.PIPE, text=True)
        waits = second.stderr.readline()
        assert waits.startswith(f"Waiting for another run that grades in {course.folder / 'grading'}: week3, process ")
        assert not (course.folder / "grading" / "results").exists()
    said = second.communicate(timeout=240)[1]
    assert second.returncode == 0, said
    assert "10 notebooks graded now" in said


def test_options_of_the_command(released, tmp_path):
    course = released.copy(tmp_path / "course")
    words = ["week1", "--student", "b*", "--notebook", "quiz1", "--isolation", "none", "--jobs", "1", "--force"]
    failed, said = run("autograder", "grade", *words, course=course.folder)
    assert not failed, said
    assert "isolation: off" in said
    assert [path.parent.parent.name for path in course.folder.glob("grading/autograded/*/*/*.ipynb")] == ["ben"]
    assert course.marks("week1")["ben", "quiz1"] == 20


REFUSALS = [
    (["week1", "--student", "empty"], "No student 'empty' has handed in week1: there is nothing of it in grading/"),
    (["week9"], "The gradebook doesn't know week9. Run `nbgrader generate_assignment week9 --force` again."),
    (["week1", "--notebook", "quiz9"], "week1 has no notebook 'quiz9'; it has first_neuron, quiz1."),
    (["week1", "--student", "zoe"], "No student 'zoe' has handed in week1: there is no grading/submitted/zoe/week1."),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSALS, ids=lambda value: str(value[-1])[:20])
def test_what_cannot_be_graded_is_refused_in_a_sentence(released, words, sentence):
    failed, said = run("autograder", "grade", *words, course=released.folder)
    assert failed == 1
    assert said.splitlines()[-1].startswith(sentence)
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ('c.Grading.jobs = "many"', "'jobs' trait of a Grading instance expected an int"),
        ('c.Grading.retry = "again"', "c.Grading.retry is 'again'; it should be one of ('none', 'troubled', 'all')."),
        ('c.CourseDirectory.db_url = "sqlite:////nowhere/gradebook.db"', "The gradebook can't be read: "),
        ('c.Grading.folder = "grading/secret"', "A file can't be read or written: "),
    ],
)
def test_what_is_wrong_with_the_course_is_told_in_a_sentence(released, tmp_path, setting, sentence):
    course = released.copy(tmp_path / "course", setting)
    failed, said = run("autograder", "grade", "week1", course=course.folder)
    assert failed == 1
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_elsewhere_and_without_a_gradebook(tmp_path, released):
    done = subprocess.run([*COMMAND, "week1"], cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert (done.returncode, done.stderr) == (
        1,
        "There is no nbgrader_config.py here: go to the course's folder first.\n",
    )
    # nbgrader makes a gradebook where there is none, with programs that need not be on the PATH.
    fresh = Course(tmp_path / "fresh")
    bare = {**os.environ, "PATH": "/usr/bin:/bin"}
    done = subprocess.run([*COMMAND, "week1"], cwd=fresh.folder, capture_output=True, text=True, timeout=240, env=bare)
    assert done.returncode == 1
    assert done.stderr.startswith("The gradebook doesn't know week1.")


@pytest.mark.verify
@pytest.mark.parametrize(
    "command", [COMMAND, [sys.executable, "-m", "nbgrader", "autograde"]], ids=["typed", "nbgrader"]
)
def test_ctrl_c_ends_in_a_sentence_and_the_next_run_goes_on(released, tmp_path, command):
    course = released.copy(tmp_path / "course", QUICK + "c.Grading.jobs = 2\n")
    slow = f"import time; time.sleep(1)\n{WRONG}"
    for number in range(4):
        course.submit(f"slow{number}", "week1", {"first_neuron": {"neuron": slow}})
    batch = subprocess.Popen(
        [*command, "week1"],
        cwd=course.folder,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Where tests run in a shell's background, Ctrl-C is ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    results, until = course.folder / "grading" / "results", time.monotonic() + 180
    while len(list(results.rglob("*.json"))) < 2:
        assert time.monotonic() < until, "no result comes"
        time.sleep(0.02)
    os.killpg(batch.pid, signal.SIGINT)  # as a terminal does: the workers get it, too
    said = batch.communicate(timeout=240)[1]
    assert batch.returncode == 130
    assert said.splitlines()[-1] == "Stopped. What was graded is kept: the next run goes on from there."
    assert "Traceback" not in said
    kept = [json.loads(path.read_text(encoding="utf-8").splitlines()[0]) for path in results.rglob("*.json")]
    kept = sum(about["second"] is None for about in kept)  # others wait for their second look
    assert len(list(results.rglob("*.json"))) >= 2
    assert kept < 18
    assert f"{18 - kept} notebooks graded now, {kept} kept from before" in nbgrader(
        "autograde", "week1", course=course.folder
    )


@pytest.mark.verify
def test_names_that_are_patterns_or_move_the_cursor(released, tmp_path):
    """The whole way in a folder whose name is a pattern; nothing of a student's name acts on the terminal."""
    course = Course(tmp_path / "cour[se] *")
    shutil.copytree(released.folder / "source", course.folder / "source")
    said = nbgrader("generate_assignment", "week1", "--create", course=course.folder)
    for student in ("e[v]", "e\x1b[31mv"):
        course.submit(student, "week1", {"quiz1": {}})
        (course.submitted(student, "week1") / ".ipynb_checkpoints").mkdir()
        (course.submitted(student, "week1") / "first_neuron.py").write_text("a script, which is named")
    for command in ("autograde", "autograde", "generate_feedback"):
        said += nbgrader(command, "week1", "--force", course=course.folder)
    assert sum(course.marks("week1").values()) == 40
    assert len(list((course.folder / "grading" / "feedback").glob("*/week1/quiz1.html"))) == 2
    assert "e?[31mv" in said
    assert "\x1b" not in said
    assert not list((course.folder / "grading" / "autograded").rglob(".ipynb_checkpoints"))


def test_help_says_what_it_does():
    done = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0
    for word in ("--student", "--notebook", "--force", "--jobs", "--isolation", "--address", "nbgrader autograde"):
        assert word in done.stdout
