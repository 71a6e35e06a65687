"""CONTRIBUTING.md is right: its worked example, followed line by line on a copy of the course, gives an exercise."""

import json
import re
import shutil

import nbformat
import pytest

from autograder.course import ROOT
from tests.support.copied import run_in, whole_copy

EXERCISE = "numpy_basics.centre_rows"
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# A bold file name, and the first block of code below it.
PIECES = dict(re.findall(r"^\*\*`([^`\n]+)`\*\*.*?^```python\n(.*?)^```$", GUIDE, flags=re.MULTILINE | re.DOTALL))
NOTEBOOK, CATALOGUE, VARIANTS = PIECES


def test_the_example_is_three_pieces():
    assert NOTEBOOK.startswith("source/")
    assert CATALOGUE.startswith("autograder/catalogue/")
    assert VARIANTS.startswith("tests/variants/")


def test_the_tree_is_drawn_as_it_is():
    tree = re.search(r"^## Where things lie\n\n```\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)[1]
    folder = ""
    for line in tree.splitlines():
        names = re.match(r" *(.*?)  ", line)[1].replace("weekN", "week1").split()
        for name in names:
            path = ROOT / (f"{folder}/{name}" if line.startswith(" ") else name)
            assert path.exists(), f"{path.relative_to(ROOT)} isn't there"
        folder = folder if line.startswith(" ") else names[0]


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A copy of the course after the example."""
    copy = whole_copy(tmp_path_factory.mktemp("course"))
    text = copy / "n.py"
    jupytext(copy, "--to", "py:percent", "-o", str(text), NOTEBOOK)
    append(text, PIECES[NOTEBOOK])
    jupytext(copy, "--to", "ipynb", "--update", "-o", NOTEBOOK, str(text))
    text.unlink()
    append(copy / CATALOGUE, PIECES[CATALOGUE])
    append(copy / VARIANTS, PIECES[VARIANTS])
    done = run_in(copy, "-m", "autograder", "release")
    assert done.returncode == 0, done.stderr
    return copy


def jupytext(copy, *arguments):
    done = run_in(copy, "-m", "jupytext", *arguments)
    assert done.returncode == 0, done.stderr


def append(path, piece):
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{piece}", encoding="utf-8")


@pytest.mark.nbgrader
def test_only_three_pieces_are_typed_and_the_rest_is_written(followed):
    changed = {
        path.relative_to(followed).as_posix()
        for path in followed.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not same(path, ROOT / path.relative_to(followed))
    }
    # The copy's gradebook, and what another processor computes for other notebooks, are no part of the question.
    changed = {name for name in changed if not re.match(r"grading/|utils/checks/frozen/(?!numpy_basics)", name)}
    released = NOTEBOOK.replace("source/", "release/")
    assert changed == {NOTEBOOK, CATALOGUE, VARIANTS, released, "README.md", "utils/checks/frozen/numpy_basics.json"}
    cells = {cell.id: cell for cell in nbformat.read(followed / NOTEBOOK, as_version=4).cells}
    assert cells["centre-rows-text"].source.startswith("## 10 Rows around zero (5 points)\n")
    assert f'hidden_test("{EXERCISE}", points=5)' in cells["grade-centre-rows"].source
    assert "105 points" in cells["title"].source
    assert "(release/week2/numpy_basics.ipynb), 105 points" in (followed / "README.md").read_text(encoding="utf-8")
    assert "np.mean" not in next(cell.source for cell in read(followed / released) if cell.id == "centre-rows")


def same(path, other):
    return other.is_file() and path.read_bytes() == other.read_bytes()


def read(path):
    return nbformat.read(path, as_version=4).cells


@pytest.mark.nbgrader
def test_it_is_judged_rightly(followed):
    """The reference and the variants earn all, an untouched answer nothing, and each mistake is named."""
    script = f"""
import json
from autograder import EXERCISES, judge
from tests.variants import VARIANTS

def untouched(X):
    raise NotImplementedError()

exercise = EXERCISES["{EXERCISE}"]
functions = {{"reference": exercise.reference, "untouched": untouched, **exercise.mistaken}}
functions |= {{function.__name__: function for function in VARIANTS[exercise.id]}}
verdicts = {{name: judge(exercise.id, function) for name, function in functions.items()}}
print(json.dumps({{name: (verdict.fraction, verdict.mistake) for name, verdict in verdicts.items()}}))
"""
    done = run_in(followed, "-c", script)
    assert done.returncode == 0, done.stderr
    found = {name: tuple(verdict) for name, verdict in json.loads(done.stdout).items()}
    right = {found.pop(name) for name in ("reference", "transposed", "row_by_row", "by_a_matrix")}
    assert right == {(1.0, None)}
    assert found.pop("untouched") == (0.0, None)
    assert set(found) == {"one-mean-for-all", "columns", "keepdims-lost", "returns-nothing"}
    for name, (fraction, mistake) in found.items():
        assert fraction < 1
        assert mistake == name


@pytest.mark.nbgrader
def test_it_passes_the_tests_of_the_house(followed):
    """Those of every exercise, and those of every source notebook, as they stand in the copy."""
    tests = ("tests/autograder/test_exercises.py", "tests/course/test_source.py")
    chosen = "centre_rows or (numpy_basics and test_source and not run_clean and not numpy_basics.)"
    done = run_in(followed, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", *tests, "-k", chosen)
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 20


@pytest.mark.nbgrader
@pytest.mark.parametrize(
    ("forgotten", "sentence"),
    [
        (NOTEBOOK, f"{CATALOGUE} has {EXERCISE}, but {NOTEBOOK} has no answer for it."),
        (CATALOGUE, f"{NOTEBOOK}, cell centre-rows: {CATALOGUE} has no {EXERCISE}, so nobody could be judged"),
    ],
)
def test_a_forgotten_piece_is_named(followed, tmp_path, forgotten, sentence):
    copy = shutil.copytree(followed, tmp_path / "course")
    shutil.copy(ROOT / forgotten, copy / forgotten)
    done = run_in(copy, "-m", "autograder", "release")
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == 2
