"""What students get: proven current, without answers, and helpful at the first unfinished exercise."""

import ast
import re
import shutil
from types import SimpleNamespace

import nbclient
import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import EXERCISES
from autograder.course import ROOT
from autograder.platforms.nbgrader.assignments import CELL_KINDS, refusals
from autograder.platforms.nbgrader.command import nbgrader
from autograder.platforms.nbgrader.gradebook import read_released
from autograder.release.freeze import frozen
from autograder.release.generate import CannotRelease, make_release
from tests.support.copied import course_copy, edit
from tests.support.released import WEEKS
from utils.checks.values import FROZEN

RELEASED = sorted((ROOT / "release").glob("week*/*.ipynb"))


def test_checks_equal_a_fresh_freeze():
    notebooks = {exercise.notebook for exercise in EXERCISES.values()}
    assert {path.stem for path in FROZEN.glob("*.json")} == notebooks
    for notebook in notebooks:
        assert (FROZEN / f"{notebook}.json").read_text(encoding="utf-8") == frozen(notebook)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A copy of the course after make_release; before it some generated files were missing, stale or left over."""
    course = course_copy(tmp_path_factory.mktemp("course"))
    for stray in ("release/week99/quiz99.ipynb", "utils/checks/frozen/quiz99.json", "build/release/old-release/x"):
        (course / stray).parent.mkdir(parents=True, exist_ok=True)
        (course / stray).write_text("{}", encoding="utf-8")
    shutil.rmtree(course / "release/week1")
    (course / "utils/checks/frozen/flower.json").write_text("{}", encoding="utf-8")
    edit(course, "week2/quiz2", lambda cells: cells["grade-question-1"].update(source=""))
    assert make_release(course) == WEEKS
    return course


def generated(course):
    """The files that make_release writes, with their bytes."""
    folders = (course / "source", course / "release", course / "utils/checks/frozen")
    found = {path for folder in folders for path in folder.rglob("*") if path.is_file()} | {course / "README.md"}
    relative = {path.relative_to(course): path for path in found}
    return {name: path.read_bytes() for name, path in relative.items() if ".ipynb_checkpoints" not in name.parts}


@pytest.mark.nbgrader
def test_release_equals_a_fresh_generation(made):
    fresh, committed = generated(made), generated(ROOT)
    assert set(fresh) == set(committed)
    for path, data in fresh.items():
        assert data == committed[path], f"{path} is not what source/ gives: run `make release`"
    assert list((made / "build").iterdir()) == []


@pytest.mark.nbgrader
def test_a_class_can_be_graded_after_make_release(made):
    """The gradebook has every assignment, in accord with release/."""
    for week in WEEKS:
        released = read_released(db_url(made), "neural_networks", week, made / "release" / week)
        tests = [cell.hidden_test for notebook in released.values() for cell in notebook.cells if cell.hidden_test]
        asked = {test.exercise for test in tests}
        assert asked == {exercise.id for exercise in EXERCISES.values() if exercise.notebook in released}


def db_url(course):
    return f"sqlite:///{course / 'grading' / 'gradebook.db'}"


@pytest.mark.verify
@pytest.mark.nbgrader
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own add_submission
def test_after_grading_has_begun(made, tmp_path):
    """Points and texts may change; cells may not come or go, which is said before anything is touched."""
    course = shutil.copytree(made, tmp_path / "course")
    with Gradebook(db_url(course)) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("week1", "ada")

    edit(course, "week1/first_neuron", lambda cells: cells["grade-relu"].metadata.nbgrader.update(points=20))
    make_release(course)
    with Gradebook(db_url(course)) as gradebook:
        assert gradebook.find_grade_cell("grade-relu", "first_neuron", "week1").max_score == 20

    def lock(cells):
        about = {**cells["check-relu"].metadata.nbgrader, "grade_id": "imports"}
        cells["imports"].metadata.nbgrader = about

    edit(course, "week1/first_neuron", lock)
    edit(course, "week3/flower", lambda cells: cells["grade-predict"].metadata.nbgrader.update(points=7))
    before = generated(course)
    with pytest.raises(CannotRelease) as stopped:
        make_release(course)
    assert str(stopped.value) == (
        "week1/first_neuron has submissions in the gradebook, so its cells must stay: imports new. Undo that, or, for "
        "a new term, move grading/ away (and name a new database if nbgrader_config.py names one): it holds the old "
        "term's submissions, marks and feedback."
    )
    assert generated(course) == before
    with Gradebook(db_url(course)) as gradebook:
        assert gradebook.find_grade_cell("grade-predict", "flower", "week3").max_score == 5
    # It is nbgrader that refuses, and the sentence says so before.
    with pytest.raises(SystemExit, match="Cannot add or remove cells for notebook 'first_neuron'"):
        nbgrader("generate_assignment", "week1", "--force", course=course)

    (course / "grading").rename(course / "grading-last-term")
    make_release(course)
    assert '"grade_id": "imports"' in (course / "release/week1/first_neuron.ipynb").read_text(encoding="utf-8")


def test_notebooks_must_stay_too_once_something_is_handed_in():
    kept = SimpleNamespace(name="quiz1", submissions=[], **{f"{kind}_cells": [] for kind in CELL_KINDS})
    known = SimpleNamespace(name="week1", submissions=["ada's"], notebooks=[kept])
    [sentence] = refusals(known, {"first_neuron": []})
    assert sentence.startswith(
        "week1 has submissions in the gradebook, so its notebooks must stay: first_neuron new, quiz1 gone. Undo that"
    )
    assert refusals(known, {"quiz1": []}) == []
    known.submissions = []
    assert refusals(known, {"first_neuron": []}) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("no room")])
def test_a_release_that_is_stopped_leaves_all_as_it_was(tmp_path, monkeypatch, error):
    course = course_copy(tmp_path)
    edit(course, "week1/first_neuron", lambda cells: cells["grade-relu"].metadata.nbgrader.update(points=20))
    (course / "utils/checks/frozen/flower.json").write_text("{}", encoding="utf-8")
    before = generated(course)

    def stop(*arguments, **options):
        raise error

    monkeypatch.setattr("autograder.release.generate.subprocess.run", stop)
    with pytest.raises(type(error)):
        make_release(course)
    assert generated(course) == before


@pytest.mark.verify
@pytest.mark.nbgrader
def test_make_release_says_when_nbgrader_fails(tmp_path):
    course = course_copy(tmp_path)
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c.CourseDirectory.db_url = 'sqlite:////nowhere/gradebook.db'\n")
    before = generated(course)
    with pytest.raises(SystemExit, match=r"(?s)nothing is released:.*unable to open database file"):
        make_release(course)
    assert generated(course) == before
    with pytest.raises(SystemExit, match="nbgrader generate_assignment nowhere failed"):
        nbgrader("generate_assignment", "nowhere", course=course)


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_release_holds_no_answer(path):
    text = path.read_text(encoding="utf-8")
    for forbidden in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "hidden_test", "autograder"):
        assert forbidden not in text
    cells = nbformat.read(path, as_version=4).cells
    answers = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    assert len(answers) == sum(exercise.notebook == path.stem for exercise in EXERCISES.values())
    for cell in answers:
        function = next(node for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef))
        assert "raise NotImplementedError()" in cell.source
        solution = ast.unparse(EXERCISES[f"{path.stem}.{function.name}"].definition)
        # No line of the solution is left in the cell, except the lines that were given.
        kept = {ast.unparse(node) for node in function.body[1:]}
        given = {
            line for line in kept if line.startswith(("raise", "return")) or line in given_lines(path, function.name)
        }
        assert kept == given, f"{function.name} still has {kept - given} of {solution}"


def given_lines(path, name):
    """What stands outside the solution region in the source of an exercise."""
    source = ROOT / "source" / path.parent.name / path.name
    for cell in nbformat.read(source, as_version=4).cells:
        if cell.metadata.get("nbgrader", {}).get("solution") and f"def {name}(" in cell.source:
            given = re.sub(r"### BEGIN SOLUTION.*### END SOLUTION", "pass", cell.source, flags=re.S)
            return {ast.unparse(node) for node in ast.parse(given).body[0].body}
    raise LookupError(name)


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_release_runs_to_the_first_exercise_and_says_what_to_do(path):
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(path.parent)}})
    with pytest.raises(nbclient.exceptions.CellExecutionError):
        client.execute()
    stopped = next(c for c in notebook.cells if any(o.output_type == "error" for o in c.get("outputs", [])))
    assert stopped.source.startswith("check(")
    first_check = next(c for c in notebook.cells if c.source.startswith("check("))
    assert stopped is first_check
    message = re.sub(r"\x1b\[\d+m", "", "\n".join(stopped.outputs[-1].traceback))
    assert "not attempted yet." in message
    code = "Write your code in the cell above in place of the line that raises NotImplementedError"
    letter = 'Write "a", "b", "c" or "d", with its quotes, in the cell above'
    assert (letter if path.stem.startswith("quiz") else code) in message
