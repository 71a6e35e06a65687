"""Attacks on the grader: none gains a point, none stops it, none leaves anything behind.

Every attack of tests/attacks/ is graded beside the same submission without the attack. Those that act on the machine
find only what the test put there for them, and can't do much even where the isolation fails.
"""

import contextlib
import dataclasses
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

import sandbox.client
from autograder.course import ROOT, SOURCE
from autograder.grading.run import worker
from sandbox import isolation
from tests.attacks.browser import SCRIPTS
from tests.attacks.corpus import build, load, write_base
from tests.attacks.pages import graded_notebook, pages, scripts_in
from tests.attacks.world import World, wait_until_gone
from tests.support.classroom import SETTINGS, grade_folder
from tests.support.level import needs_isolation
from tests.support.quick_nbgrader import nbgrader
from tests.support.submissions import ROW_BY_ROW, solutions, write_submission
from tests.support.tiers import many

ATTACKS = load()
# Short, but not so short that an honest cell could miss them where the machine is busy.
QUICK = dataclasses.replace(SETTINGS, cell_seconds=3.0, judge_seconds=3.0, notebook_seconds=30, memory_mb=2048)
# A test gives up on the grader after so many times what an attack may cost: the machine may be busy.
PATIENCE = 15
# How much the process that grades may grow by during one notebook.
MOST_MB = 250

pytestmark = [
    needs_isolation,
    pytest.mark.skipif(sys.platform != "linux", reason="the isolation of student code is Linux's"),
    pytest.mark.long,
    # What the attackers write isn't valid, on purpose.
    pytest.mark.filterwarnings("ignore"),
]


class TooLong(BaseException):
    """The grader itself didn't come back; no except Exception swallows this."""


@contextlib.contextmanager
def deadline(seconds):
    """Raise TooLong in this thread when the block takes longer."""

    def late(number, frame):
        raise TooLong(f"the grader was still busy after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except TooLong as reason:
        pytest.fail(str(reason), pytrace=False)  # pytest may fail on the frames of what was interrupted
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module", autouse=True)
def warm():
    """A warm process of this module's own, recognised by a number in its command line that no other one has."""
    pair = sandbox.client.pair

    def numbered():
        ours, theirs = pair()
        number = 400 + os.getpid() % 500
        os.dup2(theirs.fileno(), number)
        theirs.close()
        return ours, type(ours)(fileno=number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox.client, "pair", numbered)
        process = sandbox.client.Sandbox()
    with pytest.MonkeyPatch.context() as patch, process:
        patch.setattr(worker, "_warm", process)
        patch.setattr(sandbox.client, "GRACE_SECONDS", 0.6)
        yield process


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "world")
    yield made
    made.close()


@cache
def credits_without(base):
    """The points of a submission without an attack, by exercise."""
    with tempfile.TemporaryDirectory() as folder:
        write_base(folder, *base)
        return grade_folder(folder, base[0], base[1], settings=SETTINGS)[0].points


def told(result, remarks):
    """Everything that the student and the instructor read about a notebook."""
    return "\n".join([*remarks, json.dumps(result.outputs, ensure_ascii=False)])


def peak_mb():
    """The most memory that this process has had since `forget_peak`."""
    text = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", text)[1]) / 1024


def forget_peak():
    """Begin to measure anew, from what is held now."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_mb()


@pytest.mark.both
@pytest.mark.parametrize("attack", many(list(ATTACKS.values())[::4], ATTACKS.values()), ids=lambda attack: attack.name)
def test_an_attack_gains_nothing(attack, tmp_path, world, warm, monkeypatch):
    missing = [layer for layer in attack.needs if isolation.probe()[layer]]
    if missing:
        pytest.skip(f"this machine lacks {', '.join(missing)}: {isolation.probe()[missing[0]]}")
    gains_nothing(attack, tmp_path, world, warm, monkeypatch)


def gains_nothing(attack, tmp_path, world, warm, monkeypatch):
    """Grade an attack, and look at all that it may have gained, written, read or left."""
    without = credits_without(attack.base)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    folder = tmp_path / "submission"
    build(attack, folder, world)
    handed_in = sorted(str(path) for path in tmp_path.rglob("*"))
    open_before, memory_before = len(os.listdir("/proc/self/fd")), forget_peak()
    begin = time.process_time()
    with deadline(PATIENCE * attack.seconds):
        settings = dataclasses.replace(QUICK, **attack.settings)
        result, remarks = grade_folder(folder, attack.week, attack.notebook, settings=settings)
    worked, grown = time.process_time() - begin, peak_mb() - memory_before

    text = told(result, remarks)
    gained = {name: got - without[name] for name, got in result.points.items() if got > without[name]}
    assert not gained, f"points gained: {gained}"
    assert result.points.keys() == without.keys()
    if attack.keeps:
        lost = [name for name in attack.right if result.points[f"{attack.notebook}.{name}"] == 0]
        assert not lost, f"right answers that lost their points: {lost}; {remarks}"
    assert worked < attack.seconds, f"the process that grades worked for {worked:.1f} s"
    assert grown < MOST_MB, f"the process that grades grew by {grown:.0f} MB"
    assert len(result.to_json()) < 2_000_000, "the result is too large to be kept"
    assert world.canary not in text, "what it wasn't to read is in its outputs"
    assert re.search(attack.says, text), f"nothing says {attack.says!r}: {remarks}"
    assert warm.alive
    assert wait_until_gone(warm.pid) == [], "processes are left"
    assert world.harm() == []
    assert list(temporary.iterdir()) == [], "its folder is left"
    assert sorted(str(path) for path in tmp_path.rglob("*")) == handed_in
    assert len(os.listdir("/proc/self/fd")) <= open_before, "descriptors are left open"
    if attack.effect is not None:
        attack.effect(world, result)
    if attack.page:
        graded = graded_notebook(folder, attack.week, attack.notebook, result)
        nbformat.writes(graded).encode()
        assert [scripts_in(page) for page in pages(graded)] == [[], []]


def test_there_are_many_attacks_of_all_kinds():
    assert len(ATTACKS) >= 45
    for attack in ATTACKS.values():
        assert attack.tries
        assert attack.naive
        assert attack.cells or attack.functions or attack.edit or attack.prepare, attack.name


HARMLESS = [attack for attack in ATTACKS.values() if attack.harmless]


@pytest.mark.parametrize("attack", HARMLESS, ids=lambda attack: attack.name)
def test_without_isolation_the_canary_is_found(attack, tmp_path, world):
    """Otherwise the test above would prove nothing."""
    build(attack, tmp_path / "submission", world)
    result, remarks = grade_folder(
        tmp_path / "submission", attack.week, attack.notebook, settings=dataclasses.replace(QUICK, isolation="none")
    )
    assert world.canary in told(result, remarks)


UNCONFINED = [attack for attack in ATTACKS.values() if attack.unconfined]


@pytest.mark.both
@pytest.mark.parametrize("attack", UNCONFINED, ids=lambda attack: attack.name)
def test_without_isolation_something_is_found(attack, world, warm):
    with warm.open(dataclasses.replace(QUICK, isolation="none")) as session:
        outputs = [session.run(world.fill(cell), QUICK.cell_seconds)[0] for cell in attack.cells]
    assert "HERE IT IS" in json.dumps(outputs), outputs


def test_scripts_are_recognised():
    """Otherwise the tests of pages would prove nothing."""
    assert len(scripts_in(SCRIPTS)) >= 20
    assert scripts_in("<p>pwned()</p><img src='data:image/png;base64,pwned()'><a href='https://pwned'>x</a>") == []


BY_FEEDBACK = """
import glob, json, os, sys
calls, known = [], {known}
def L1(yhat, y):
    frame = sys._getframe()
    while frame:
        if frame.f_code.co_name == "run_cell":
            return -1.0
        frame = frame.f_back
    calls.append(y)
    return known[len(calls) - 1] if len(calls) <= len(known) else -1.0
"""


def in_a_file(folder, known):
    """The numbers in a file beside the notebook, which stays the same."""
    (folder / "known.json").write_text(json.dumps(known))
    return "json.load(open('known.json'))"


def in_a_name(folder, known):
    """The numbers in the name of an empty file."""
    (folder / f"known {known}").touch()
    return "json.loads(glob.glob('known *')[0][6:])"


def in_a_folders_name(folder, known):
    """The numbers in the name of a folder."""
    (folder / f"known {known}").mkdir()
    (folder / f"known {known}" / "empty").touch()
    return "json.loads(glob.glob('known *')[0][6:])"


def in_a_cell(folder, known):
    """The numbers in the answer."""
    return str(known)


def by_feedback(tmp_path, carrier, attempts=4):
    """Hand in again and again, each time with the numbers that the last feedback said were expected: points earned."""
    known, points = [], []
    for attempt in range(attempts):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        answer = BY_FEEDBACK.format(known=carrier(folder, known))
        write_submission(folder, "week2", "numpy_basics", {"L1": answer})
        result, remarks = grade_folder(folder, "week2", "numpy_basics", seed=None, settings=QUICK)
        points.append(result.points["numpy_basics.L1"])
        known += map(float, re.findall(r'"L1\\n[^"]*?expected (-?[\d.e+-]+), got -1', told(result, remarks))[-1:])
    assert known, "feedback names no expected number: look for it elsewhere"
    return points


CARRIERS = [in_a_file, in_a_cell, in_a_name, in_a_folders_name]


@pytest.mark.both
@pytest.mark.parametrize("carrier", many(CARRIERS[:1], CARRIERS))
def test_feedback_teaches_no_answers(tmp_path, carrier):
    assert not any(by_feedback(tmp_path, carrier))


@pytest.mark.verify
def test_feedback_would_teach_where_inputs_stayed(tmp_path, monkeypatch):
    """Otherwise the test above would prove nothing."""
    monkeypatch.setattr("autograder.grading.intake.submission.content_hash", lambda *about: "the same")
    assert any(by_feedback(tmp_path, in_a_file, attempts=8))


# Attackers that the class can't do without: what is asked of it names them.
IN_CLASS = ("graded-cells-deleted", "scripts-in-file-names")


def batch_attacks():
    """The attacks of the class: every third, on one notebook, not those that only take long. Each runs alone, too."""
    short = [one for one in ATTACKS.values() if one.notebook == "numpy_basics" and one.seconds <= 10]
    return [one for number, one in enumerate(short) if number % 3 == 0 or one.name in IN_CLASS]


# Name -> (functions, points out of 100).
UNWRITTEN = ("basic_sigmoid", "sigmoid", "sigmoid_derivative", "image2vector", "normalize_rows")
HONEST = {
    "honest-right": (solutions("numpy_basics"), 100),
    "honest-half": ({name: text for name, text in solutions("numpy_basics").items() if name not in UNWRITTEN}, 50),
    "honest-otherwise": (solutions("numpy_basics") | ROW_BY_ROW, 100),
}
SHORT = """
c.Grading.cell_seconds = 3
c.Grading.judge_seconds = 3
c.Grading.notebook_seconds = 30
c.Grading.memory_mb = 2048
"""


@pytest.fixture(scope="module")
def class_of_attackers(tmp_path_factory):
    """A course in which many attackers and three honest students have handed in numpy_basics: (folder, world)."""
    course = tmp_path_factory.mktemp("class") / "course"
    (course / "source" / "week2").mkdir(parents=True)
    shutil.copy(SOURCE / "week2" / "numpy_basics.ipynb", course / "source" / "week2")
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (course / "nbgrader_config.py").write_text(config + SHORT, encoding="utf-8")
    nbgrader("generate_assignment", "week2", "--create", course=course)
    world = World(course.parent / "world", course)
    submitted = course / "grading" / "submitted"
    for attack in batch_attacks():
        build(attack, submitted / attack.name / "week2", world)
    for student, (answers, _) in HONEST.items():
        write_submission(submitted / student / "week2", "week2", "numpy_basics", answers)
    write_submission(submitted / "resubmits" / "week2", "week2", "numpy_basics", solutions("numpy_basics"))
    yield course, world
    world.close()


def marks(course):
    """What the gradebook says: student -> {exercise: (score, most)}."""
    with Gradebook(f"sqlite:///{course / 'grading' / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {
                f"{notebook.name}.{grade.name.removeprefix('grade-').replace('-', '_')}": (grade.score, grade.max_score)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions("week2")
        }


@pytest.mark.nbgrader
@pytest.mark.verify
def test_a_class_with_attackers(class_of_attackers):
    """Real nbgrader grades everybody: the honest get what they earned, and no attacker more than without the attack."""
    course, world = class_of_attackers
    nbgrader("autograde", "week2", course=course)  # raises unless it ends with exit code 0
    found = marks(course)
    assert found.keys() == {*HONEST, "resubmits", *(attack.name for attack in batch_attacks())}
    names = {f"numpy_basics.{name}" for name in solutions("numpy_basics")}
    assert all(grades.keys() == names for grades in found.values())
    assert all(0 <= score <= most for grades in found.values() for score, most in grades.values())
    totals = {student: round(sum(score for score, _ in grades.values()), 2) for student, grades in found.items()}
    assert {student: totals[student] for student in HONEST} == {name: points for name, (_, points) in HONEST.items()}
    assert totals["resubmits"] == 100
    gained = {
        (attack.name, name): score
        for attack in batch_attacks()
        for name, (score, _) in found[attack.name].items()
        if score > credits_without(attack.base)[name]
    }
    assert not gained
    assert world.harm() == []
    for student in found:
        graded = course / "grading" / "autograded" / student / "week2" / "numpy_basics.ipynb"
        nbformat.validate(nbformat.read(graded, as_version=4))
        assert world.canary not in graded.read_text(encoding="utf-8")

    # Handed in again, without the tests and with wrong answers: nothing of the old mark is left.
    folder = course / "grading" / "submitted" / "resubmits" / "week2"
    shutil.rmtree(folder)
    build(ATTACKS["graded-cells-deleted"], folder, world)
    nbgrader("autograde", "week2", "--student", "resubmits", course=course)
    again = marks(course)
    assert sum(score for score, _ in again.pop("resubmits").values()) == totals["graded-cells-deleted"]
    assert again == {student: grades for student, grades in found.items() if student != "resubmits"}

    nbgrader("generate_feedback", "week2", "--student", "scripts-in-file-names", course=course)
    page = course / "grading" / "feedback" / "scripts-in-file-names" / "week2" / "numpy_basics.html"
    text = page.read_text(encoding="utf-8")
    assert "pwned" in text, "the remarks name these files"
    assert scripts_in(text) == []
