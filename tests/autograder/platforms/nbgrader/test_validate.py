"""`nbgrader validate`: it says which cells fail, runs them in our sandbox, and comes back whatever a notebook does."""

import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat import v4
from nbgrader.apps import NbGrader
from nbgrader.validator import Validator

from autograder import EXERCISES
from autograder.course import ROOT, SOURCE
from tests.support.submissions import RELEASE, mistaken, solutions, write_submission

pytestmark = [pytest.mark.nbgrader]

WEEK, NOTEBOOK = "week2", "numpy_basics"
LOOP = "def basic_sigmoid(x):\n    while True:\n        pass\n"
EXIT = "import os\nos._exit(3)\n"


@pytest.fixture(scope="module")
def config():
    """What nbgrader_config.py sets, with a short deadline."""
    before = Validator.preprocessors.default_args
    app = NbGrader()
    app.config_file_paths.append(str(ROOT))
    app.load_config_file()
    app.config.Grading.cell_seconds = 1
    app.config.Grading.notebook_seconds = 30
    yield app.config
    Validator.preprocessors.default_args = before


@pytest.fixture
def validate(config, tmp_path):
    """A function from a notebook's path to nbgrader's findings: source of a failed cell -> what went wrong there."""

    def validate(path):
        found = Validator(config=config).validate(str(path))
        assert set(found) <= {"failed"}
        return {cell["source"]: cell["raw_error"] for cell in found.get("failed", [])}

    return validate


@pytest.fixture
def write(tmp_path):
    """A function that writes the solved notebook with some answers replaced, and cells added at its end."""

    def write(answers=None, cells=()):
        write_submission(tmp_path, WEEK, NOTEBOOK, solutions(NOTEBOOK) | (answers or {}))
        path = tmp_path / f"{NOTEBOOK}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells += [v4.new_code_cell(source) for source in cells]
        nbformat.write(notebook, path)
        return path

    return write


def test_an_untouched_notebook_fails_its_checks(validate):
    failed = validate(RELEASE / WEEK / f"{NOTEBOOK}.ipynb")
    checks = [source for source in failed if source.startswith("check(")]
    assert len(checks) == sum(exercise.notebook == NOTEBOOK for exercise in EXERCISES.values())
    assert "not attempted yet" in failed["check(softmax)"]


def test_a_solved_notebook_passes(validate, write):
    assert validate(write()) == {}


def test_a_mistake_is_named_and_only_its_check_fails(validate, write):
    wrong = mistaken(EXERCISES["numpy_basics.softmax"], "columns")
    failed = validate(write({"softmax": wrong}))
    assert set(failed) == {"check(softmax)"}
    assert "wrong" in failed["check(softmax)"]
    assert "Traceback" not in failed["check(softmax)"]


def test_hidden_tests_of_a_source_notebook_are_judged(validate, tmp_path):
    path = SOURCE / WEEK / f"{NOTEBOOK}.ipynb"
    assert validate(path) == {}

    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.source.startswith("def softmax"))
    cell.source = mistaken(EXERCISES["numpy_basics.softmax"], "columns")
    nbformat.write(notebook, tmp_path / path.name)
    failed = validate(tmp_path / path.name)
    graded = [error for source, error in failed.items() if "hidden_test(" in source]
    assert graded == ["Partial credit; passed some but not all of the tests"]


def test_cells_run_in_our_sandbox(validate, write):
    failed = validate(write(cells=["raise LookupError(type(get_ipython()).__module__)"]))
    assert [error.splitlines()[-1] for error in failed.values()] == ["LookupError: sandbox.shell"]


def test_a_word_on_the_error_stream_counts_as_failed(validate, write):
    cell = "import sys\nprint('careful', file=sys.stderr)"
    assert validate(write(cells=[cell, "print('fine')"])) == {cell: "careful\n"}


def test_an_endless_loop_is_interrupted(validate, write):
    failed = validate(write({"basic_sigmoid": LOOP}, ["while True:\n    pass"]))
    assert "KeyboardInterrupt" in failed["check(basic_sigmoid)"]
    assert "KeyboardInterrupt" in failed["while True:\n    pass"]
    assert "check(softmax)" not in failed


def test_a_cell_that_ends_the_process_is_left_out(validate, write):
    failed = validate(write({"basic_sigmoid": EXIT}))
    assert "NameError" in failed["check(basic_sigmoid)"]
    assert "check(softmax)" not in failed


def test_a_cell_that_ends_the_process_is_named(validate, write):
    failed = validate(write(cells=[EXIT]))
    assert "exit 3" in failed[EXIT.strip()]


def test_files_beside_the_notebook_are_there(validate, write, tmp_path):
    (tmp_path / "notes.txt").write_text("words")
    assert validate(write(cells=["assert open('notes.txt').read() == 'words'"])) == {}


def test_the_command_in_a_course_folder(write, tmp_path):
    """An instructor's folder; the notebooks lie there and elsewhere. No kernel is started: none could be here."""
    course = tmp_path / "course"
    (course / "release" / WEEK).mkdir(parents=True)
    shutil.copy(RELEASE / WEEK / f"{NOTEBOOK}.ipynb", course / "release" / WEEK)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    solved = write()

    done = _command(course, f"release/{WEEK}/{NOTEBOOK}.ipynb", solved)
    assert done.returncode == 0, done.stderr
    assert "VALIDATION FAILED ON" in done.stdout
    assert "softmax: not attempted yet" in done.stdout
    assert done.stdout.endswith("Success! Your notebook passes all the tests.\n")

    solved.write_text(solved.read_text(encoding="utf-8")[:3000], encoding="utf-8")
    done = _command(course, solved)
    assert done.returncode == 1
    assert "does not appear to be JSON" in done.stderr
    assert str(solved) in done.stderr.splitlines()[-1]


def _command(course, *paths):
    words = [sys.executable, "-m", "nbgrader", "validate", *map(str, paths)]
    return subprocess.run(words, cwd=course, capture_output=True, text=True, timeout=240)
