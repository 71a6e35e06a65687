"""The core: a class from files to points, with no platform around it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder import EXERCISES
from autograder.exercises.exercise import Exercise
from autograder.grading import CannotGrade, Settings, grade
from autograder.grading.run.plan import read_secret
from tests.support.level import LEVEL
from tests.support.released import released
from tests.support.submissions import mistaken, solutions, write_submission

WEEK = "week1"
NEURON = "first_neuron.neuron"
WRONG = {"neuron": mistaken(EXERCISES[NEURON], EXERCISES[NEURON].mistakes[0].name)}


@pytest.fixture
def submissions(tmp_path):
    """Three folders: all right, one mistake and one notebook only, nothing at all."""
    folders = {name: tmp_path / "submitted" / name for name in ("ada", "ben", "cleo")}
    for name in released(WEEK):
        write_submission(folders["ada"], WEEK, name, solutions(name))
    write_submission(folders["ben"], WEEK, "first_neuron", solutions("first_neuron") | WRONG)
    folders["cleo"].mkdir()
    return folders


@pytest.fixture
def settings(tmp_path):
    with ThreadPoolExecutor(2) as executor:
        yield Settings(folder=tmp_path / "kept", executor=executor, isolation=LEVEL, memory_mb=2048)


def totals(results):
    return {where: sum(result.points.values()) for where, result in results.items()}


def test_a_class_from_files_to_points(submissions, settings):
    said = []
    results = grade(released(WEEK), submissions, settings, WEEK, log=said.append)
    full = {
        name: sum(cell.hidden_test.max_points for cell in notebook.cells if cell.hidden_test)
        for name, notebook in released(WEEK).items()
    }
    assert full == {"first_neuron": 50, "quiz1": 20}
    earned = totals(results)
    assert {name: earned["ada", name] for name in full} == full
    assert 0 < earned["ben", "first_neuron"] < 50
    assert earned["ben", "quiz1"] == earned["cleo", "first_neuron"] == earned["cleo", "quiz1"] == 0
    assert results.anew == set(results)
    assert results.submissions["cleo"].notebooks["quiz1"].missing
    assert results.remarks("ben", "quiz1") == ["quiz1.ipynb was not handed in; the notebook is graded as empty."]
    assert results.remarks("ada", "quiz1") == []
    assert said[0] == "grading week1: 6 notebooks to grade."

    again = grade(released(WEEK), submissions, settings, WEEK, log=said.append)
    assert (totals(again), again.anew) == (earned, set())


def test_one_notebook_alone_is_graded_and_the_others_are_known(submissions, settings):
    results = grade(released(WEEK), {"ada": submissions["ada"]}, settings, WEEK, ["quiz1"], log=lambda line: None)
    assert totals(results) == {("ada", "quiz1"): 20}
    assert results.remarks("ada", "quiz1") == []
    assert set(results.submissions["ada"].notebooks) == set(released(WEEK))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"isolation": "total"}, "isolation is 'total'; it should be one of"),
        ({"retry": "always"}, "retry is 'always'; it should be one of"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path, changed, sentence):
    with pytest.raises(CannotGrade, match=sentence):
        grade(released(WEEK), {}, Settings(folder=tmp_path, **{"isolation": LEVEL} | changed), WEEK)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damaged", [b"short", b"", b"\n", b"\0", b"\xff" * 40])
def test_a_secret_that_is_too_short_is_told(tmp_path, damaged):
    (tmp_path / "secret").write_bytes(damaged)
    with pytest.raises(CannotGrade, match=r"is too short or damaged: bring it back from a backup, or delete it"):
        grade(released(WEEK), {}, Settings(folder=tmp_path, isolation=LEVEL), WEEK)


def test_a_secret_is_there_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    """However it ends: killed between making the file and writing it, none is there."""

    def killed(*about):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", killed)
        patch.setattr("pathlib.Path.write_text", killed)
        with pytest.raises(KeyboardInterrupt):
            read_secret(tmp_path / "secret")
    assert list(tmp_path.iterdir()) == []
    secret = read_secret(tmp_path / "secret")
    assert len(secret) == 64
    assert read_secret(tmp_path / "secret") == secret
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_full_isolation_is_refused_where_a_layer_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr("sandbox.isolation.probe", lambda: {"limits": "", "landlock": "the kernel has none"})
    with pytest.raises(CannotGrade, match=r"can't isolate student code fully \(landlock: the kernel has none\)"):
        grade(released(WEEK), {}, Settings(folder=tmp_path, isolation="full"), WEEK)


def test_best_isolation_is_refused_where_nothing_keeps_files(tmp_path, monkeypatch):
    missing = {"limits": "", "mount": "no mounts.", "landlock": "no Landlock."}
    monkeypatch.setattr("sandbox.isolation.probe", lambda: missing)
    with pytest.raises(
        CannotGrade, match=r"\(no mounts\) nor Landlock \(no Landlock\).* c.Grading.isolation = \"none\""
    ):
        grade(released(WEEK), {}, Settings(folder=tmp_path), WEEK)
    assert list(tmp_path.iterdir()) == []
    for kept in ("mount", "landlock"):
        monkeypatch.setattr("sandbox.isolation.probe", lambda kept=kept: missing | {kept: ""})
        Settings(folder=tmp_path).check()
    monkeypatch.setattr("sandbox.isolation.probe", lambda: missing)
    Settings(folder=tmp_path, isolation="none").check()


def test_an_exercise_that_the_catalogue_lacks_is_refused_before_anybody_loses_points(tmp_path, monkeypatch):
    known = {id: exercise for id, exercise in EXERCISES.items() if id != NEURON}
    monkeypatch.setattr("autograder.grading.core.EXERCISES", known)
    with pytest.raises(CannotGrade, match=rf"autograder/catalogue has no {NEURON}, so nobody could get points for it"):
        grade(released(WEEK), {}, Settings(folder=tmp_path, isolation=LEVEL), WEEK)
    assert list(tmp_path.iterdir()) == []


def test_functions_that_use_one_another_are_refused_before_anybody_loses_points(tmp_path, monkeypatch):
    exercise = EXERCISES["first_neuron.relu"]
    circle = Exercise("other.relu", exercise.draw, exercise.outputs, (), ["neuron"])
    monkeypatch.setattr("autograder.grading.core.EXERCISES", {**EXERCISES, "other.relu": circle})
    with pytest.raises(CannotGrade, match=r"autograder/catalogue .*uses.*, which uses .*take a use away"):
        grade(released(WEEK), {}, Settings(folder=tmp_path), WEEK)


def test_it_needs_no_nbgrader():
    """Not even by a detour: it is imported where there is none."""
    program = (
        "import sys; sys.modules['nbgrader'] = sys.modules['sqlalchemy'] = None\n"
        "import autograder.grading, autograder.grading.run.worker\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=240)
