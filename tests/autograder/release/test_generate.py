"""What students get: proven current, without answers, and helpful at the first unfinished exercise."""

import ast
import re
import shutil

import nbclient
import nbformat
import pytest

from autograder import EXERCISES
from autograder.release.freeze import frozen
from autograder.course import ROOT
from autograder.platforms.nbgrader.command import nbgrader
from autograder.release.generate import make_release
from utils.checks.values import FROZEN

RELEASED = sorted((ROOT / "release").glob("week*/*.ipynb"))


def test_checks_equal_a_fresh_freeze():
    notebooks = {exercise.notebook for exercise in EXERCISES.values()}
    assert {path.stem for path in FROZEN.glob("*.json")} == notebooks
    for notebook in notebooks:
        assert (FROZEN / f"{notebook}.json").read_text(encoding="utf-8") == frozen(notebook)


@pytest.mark.nbgrader
def test_release_equals_a_fresh_generation(tmp_path):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copytree(ROOT / "source", tmp_path / "source")
    for week in sorted(path.name for path in (ROOT / "source").iterdir()):
        nbgrader("generate_assignment", week, "--create", course=tmp_path)
    fresh = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.glob("release/**/*") if path.is_file()}
    committed = {path.relative_to(ROOT): path.read_bytes() for path in ROOT.glob("release/**/*") if path.is_file()}
    committed = {path: data for path, data in committed.items() if ".ipynb_checkpoints" not in path.parts}
    assert set(fresh) == set(committed)
    for path, data in fresh.items():
        assert data == committed[path], f"{path} is not what source/ gives: run `make release`"


@pytest.mark.nbgrader
def test_make_release_removes_what_is_gone_and_says_when_nbgrader_fails(tmp_path):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "source" / "week2").mkdir(parents=True)
    shutil.copy(ROOT / "source" / "week2" / "numpy_basics.ipynb", tmp_path / "source" / "week2")
    (tmp_path / "release" / "week99").mkdir(parents=True)
    assert make_release(tmp_path) == ["week2"]
    assert sorted(path.name for path in (tmp_path / "release").iterdir()) == ["week2"]
    with pytest.raises(SystemExit, match="nbgrader generate_assignment nowhere failed"):
        nbgrader("generate_assignment", "nowhere", course=tmp_path)


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


@pytest.mark.timeout(120)
@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_release_runs_to_the_first_exercise_and_says_what_to_do(path):
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(path.parent)}})
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
