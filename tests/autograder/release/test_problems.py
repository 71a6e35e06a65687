"""Each way to forget something is met before the release, with a sentence that says where and what to do."""

import shutil

import nbformat
import pytest

from autograder import EXERCISES
from autograder.exercises.exercise import Exercise, Mistake, Question, case
from autograder.release.problems import problems
from tests.support.copied import course_copy, edit, run_in, whole_copy
from utils.checks.kinds import Array

NUMPY = "source/week2/numpy_basics.ipynb"
CATALOGUE = "autograder/catalogue/week2/numpy_basics.py"
NO_GRADED_CELL = (
    f"{NUMPY}, cell L1 has no graded cell, so L1 would earn nothing. Put an empty one below its check, grade-L1, with "
    f"`grade` and `points` in its nbgrader metadata."
)


@pytest.fixture
def course(tmp_path):
    return course_copy(tmp_path)


def test_our_course_can_be_released(course):
    assert problems() == []
    assert problems(course) == []


def test_functions_that_use_one_another_are_told(course):
    """One of a notebook uses what one of another uses in turn: the names count."""
    relu = EXERCISES["first_neuron.relu"]
    circle = Exercise("other.relu", relu.draw, relu.outputs, (), ["neuron"])
    assert any(
        "so that none of them can be judged" in text for text in problems(course, {**EXERCISES, circle.id: circle})
    )


def change(cells, id, **new):
    """Change a cell: its source, or an entry of its nbgrader metadata; None takes the entry out."""
    for key, value in new.items():
        if key == "source":
            cells[id].source = value
        elif value is None:
            del cells[id].metadata.nbgrader[key]
        else:
            cells[id].metadata.nbgrader[key] = value


def source(cells, id, old, new):
    assert old in cells[id].source
    cells[id].source = cells[id].source.replace(old, new)


def rename(cells, id, new):
    cells[id].metadata.nbgrader.grade_id = new


def above(cells, id, other):
    """Move a cell above another one."""
    cells.insert(cells.index(cells[other]), cells.pop(id))


def second(cells, id, new):
    """A copy of a cell below it, with another id."""
    cells.insert(cells.index(cells[id]) + 1, nbformat.from_dict({**cells[id], "id": new}))
    copied = cells[cells.index(cells[id]) + 1]
    if "nbgrader" in copied.metadata:
        copied.metadata = nbformat.from_dict({"nbgrader": {**copied.metadata.nbgrader, "grade_id": new}})


IN_CELLS = {
    "no points": (
        lambda cells: change(cells, "grade-L1", points=None),
        f"{NUMPY}, cell grade-L1 has no points. Write them into its nbgrader metadata.",
    ),
    "negative points": (
        lambda cells: change(cells, "grade-L1", points=-5),
        f"{NUMPY}, cell grade-L1 is worth -5 points. Write a number above 0 into its nbgrader metadata.",
    ),
    "zero points": (
        lambda cells: change(cells, "grade-L1", points=0),
        f"{NUMPY}, cell grade-L1 is worth 0 points. Write a number above 0 into its nbgrader metadata.",
    ),
    "points in words": (
        lambda cells: change(cells, "grade-L1", points="ten"),
        f"{NUMPY}, cell grade-L1 is worth 'ten' points. Write a number above 0 into its nbgrader metadata.",
    ),
    "an assert": (
        lambda cells: change(cells, "grade-L1", source="assert L1(1, 1) == 0"),
        f"{NUMPY}, cell grade-L1 holds `assert L1(1, 1) == 0`, which would run beside the student's code and could be "
        f"forged. Leave the cell empty; `make release` writes it.",
    ),
    "code beside the hidden test": (
        lambda cells: source(cells, "grade-L1", "### END", "print(1)\n### END"),
        f"{NUMPY}, cell grade-L1 holds `print(1)`, which would run beside the student's code and could be "
        f"forged. Leave the cell empty; `make release` writes it.",
    ),
    "two graded cells": (
        lambda cells: second(cells, "grade-L1", "grade-L1-again"),
        f"{NUMPY}, cell grade-L1-again is a second graded cell for L1. Remove one of the two.",
    ),
    "graded above its answer": (
        lambda cells: above(cells, "grade-L1", "L1"),
        f"{NUMPY}, cell grade-L1 stands above its answer L1. Move it below.",
    ),
    "graded under another name": (
        lambda cells: rename(cells, "grade-L1", "grade-l-one"),
        [
            NO_GRADED_CELL,
            f"{NUMPY}, cell grade-l-one: a graded cell is named after its answer. Call this one grade-L1.",
        ],
    ),
    "graded above all answers": (
        lambda cells: (second(cells, "grade-L1", "grade-first"), above(cells, "grade-first", "basic-sigmoid")),
        f"{NUMPY}, cell grade-first stands above all answers. Move it below the one that it grades.",
    ),
    "no graded cell": (
        lambda cells: cells.pop("grade-L1"),
        NO_GRADED_CELL,
    ),
    "no check": (
        lambda cells: cells.pop("check-L1"),
        f"{NUMPY}, cell L1 has no check. Write `check(L1)` into a locked cell check-L1 below it.",
    ),
    "the check of another": (
        lambda cells: change(cells, "check-L1", source="check(L2)"),
        f"{NUMPY}, cell check-L1 should be locked, without points, and hold `check(L1)` and nothing else.",
    ),
    "an unlocked check": (
        lambda cells: change(cells, "check-L1", locked=False),
        f"{NUMPY}, cell check-L1 should be locked, without points, and hold `check(L1)` and nothing else.",
    ),
    "another function": (
        lambda cells: source(cells, "L1", "def L1(", "def l1("),
        f"{NUMPY}, cell L1 should define L1, but it defines l1. Give it the name that its cells have "
        f"(L1, check-L1, grade-L1), or them its name.",
    ),
    "no solution region": (
        lambda cells: source(cells, "L1", "    ### END SOLUTION\n", ""),
        f"{NUMPY}, cell L1 needs its solution between `### BEGIN SOLUTION` and `### END SOLUTION`.",
    ),
    "an answer without metadata": (
        lambda cells: cells["L1"].metadata.pop("nbgrader"),
        [
            f"{NUMPY}, cell L1 has a solution, but isn't marked as one. Put `solution` into its metadata.",
            f"{NUMPY}, cell grade-L1 is a second graded cell for softmax. Remove one of the two.",
            f"{CATALOGUE} has numpy_basics.L1, but {NUMPY} has no answer for it. Remove it, or add the cell.",
        ],
    ),
    "a hidden test without metadata": (
        lambda cells: cells["grade-L1"].metadata.pop("nbgrader"),
        [
            NO_GRADED_CELL,
            f"{NUMPY}, cell grade-L1 has a hidden test, but isn't graded. Put `grade` and `points` into its metadata.",
        ],
    ),
    "half the metadata": (
        lambda cells: change(cells, "grade-L1", schema_version=None, task=None),
        f"{NUMPY}, cell grade-L1: its nbgrader metadata lack schema_version, task. Copy another exercise's.",
    ),
    "two cells of one id": (
        lambda cells: second(cells, "title", "imports"),
        f"{NUMPY}, cell imports: 2 cells have this id (or grade_id). Give each one of its own.",
    ),
    "two cells of one grade_id": (
        lambda cells: rename(cells, "check-L2", "check-L1"),
        f"{NUMPY}, cell check-L1: 2 cells have this id (or grade_id). Give each one of its own.",
    ),
    "a cell without an id": (
        lambda cells: cells["title"].pop("id"),
        f"{NUMPY} has cells without an id (1). Give each one of its own, in plain words.",
    ),
    "no Python": (
        lambda cells: source(cells, "imports", "import math", "%matplotlib inline\nimport math"),
        f"{NUMPY}, cell imports: line 1 isn't Python (invalid syntax), so nothing can be read. Mend it.",
    ),
    "the checks of another notebook": (
        lambda cells: source(cells, "imports", '"numpy_basics"', '"flower"'),
        f'{NUMPY} makes no checks of its own: write `check = load_checks("numpy_basics")` near its top.',
    ),
    "no total": (
        lambda cells: source(cells, "title", "100 points, ", ""),
        f"{NUMPY}: its first cell should tell its points. Write `0 points` there; `make release` puts the "
        f"number right.",
    ),
    "no heading": (
        lambda cells: source(cells, "basic-sigmoid-text", "## 1", "**1**"),
        f"{NUMPY}, cell grade-basic-sigmoid: no heading above tells its points. Begin the exercise's text with "
        f"`## ...`.",
    ),
}


@pytest.mark.parametrize("name", IN_CELLS)
def test_in_the_cells(course, name):
    breaks, sentences = IN_CELLS[name]
    edit(course, "week2/numpy_basics", breaks)
    assert problems(course) == ([sentences] if isinstance(sentences, str) else sentences)


def without(id):
    return {other: exercise for other, exercise in EXERCISES.items() if other != id}


def with_another(id, mistakes=(), uses=(), draw=lambda rng: [case(x=1.0)]):
    return {**EXERCISES, id: Exercise(id, draw, [Array("result")], mistakes, uses)}


DIFFERENCES = EXERCISES["numpy_basics.L2"].draw
TOGETHER = f"Bring {CATALOGUE} and the solution together."

IN_THE_CATALOGUE = {
    "no entry": (
        without("numpy_basics.L1"),
        f"{NUMPY}, cell L1: {CATALOGUE} has no numpy_basics.L1, so nobody could be judged by it. Add it there.",
    ),
    "no exercise": (
        with_another("numpy_basics.L3"),
        f"{CATALOGUE} has numpy_basics.L3, but {NUMPY} has no answer for it. Remove it, or add the cell.",
    ),
    "no notebook": (
        with_another("regularization.dropout"),
        "autograder/catalogue has regularization, but source/ has no regularization.ipynb. Remove it there.",
    ),
    "another order": (
        {**without("numpy_basics.L1"), "numpy_basics.L1": EXERCISES["numpy_basics.L1"]},
        f"{CATALOGUE} has numpy_basics.L2 where {NUMPY} has numpy_basics.L1. Follow the notebook's order.",
    ),
    "a helper that is none": (
        with_another("numpy_basics.L2", uses=["L1", "norm"], draw=DIFFERENCES),
        f"{NUMPY}, cell L2: numpy_basics.L2 uses norm, which the notebook doesn't define. {TOGETHER}",
    ),
    "a helper that comes later": (
        with_another("numpy_basics.L1", uses=["L2"], draw=DIFFERENCES),
        f"{CATALOGUE}: numpy_basics.L1 uses L2, but that is no exercise above it. Take it out.",
    ),
    "a helper that is given": (
        with_another("flower.predict", uses=["sigmoid"], draw=EXERCISES["flower.predict"].draw),
        "autograder/catalogue/week3/flower.py: flower.predict uses sigmoid, but that is no exercise above it. Take it "
        "out.",
    ),
    "a mistake that no longer applies": (
        with_another(
            "numpy_basics.L2", [Mistake("cubes", "Squares, not cubes.", "(yhat - y) ** 2", "(yhat - y) ** 3")]
        ),
        f"{NUMPY}, cell L2: Mistake cubes of numpy_basics.L2 changes `(yhat - y) ** 2`, which the solution doesn't "
        f"contain; the nearest line is `loss = np.sum((y - yhat) ** 2)`. {TOGETHER}",
    ),
    "a mistake that changes nothing": (
        with_another("numpy_basics.L2", [Mistake("same", "No mistake.", "y - yhat", "(y - yhat)")]),
        f"{NUMPY}, cell L2: Mistake same of numpy_basics.L2 changes nothing: `y - yhat` and `(y - yhat)` are the same "
        f"code. {TOGETHER}",
    ),
    "a mistake that no case shows": (
        with_another(
            "numpy_basics.L2",
            [Mistake("absolute", "Squares.", "(y - yhat) ** 2", "np.abs(y - yhat)")],
            draw=lambda rng: [case(yhat=1.0, y=0.0)],
        ),
        f"{CATALOGUE}: mistake absolute of numpy_basics.L2 is right on every case. Draw one that shows it.",
    ),
    "cases that can't be drawn": (
        with_another("numpy_basics.L2", draw=lambda rng: rng.numbers(3)),
        f"{CATALOGUE}: the cases of numpy_basics.L2 can't be drawn (AttributeError: "
        "'numpy.random._generator.Generator' object has no attribute 'numbers'). Mend them there.",
    ),
}


@pytest.mark.parametrize("name", IN_THE_CATALOGUE)
def test_in_the_catalogue(name):
    exercises, sentence = IN_THE_CATALOGUE[name]
    assert problems(exercises=exercises) == [sentence]


def test_cases_that_the_solution_cannot_take():
    [sentence] = problems(exercises=with_another("numpy_basics.L2", draw=lambda rng: [case(yhat=1.0)]))
    assert sentence.startswith(f"{NUMPY}, cell L2: the solution fails on a case of {CATALOGUE} (")
    assert sentence.endswith("TypeError: L2() missing 1 required positional argument: 'y'). Mend one of them.")


def test_what_a_person_marks_needs_no_catalogue(course):
    """An answer in words, with points and a model answer: nbgrader's manually graded cell."""

    def ask(cells):
        second(cells, "l1-text", "in-words")
        about = {**cells["L1"].metadata.nbgrader, "grade": True, "grade_id": "in-words", "points": 5}
        cells["in-words"].metadata = nbformat.from_dict({"nbgrader": about})
        cells["in-words"].source = "### BEGIN SOLUTION\nBecause.\n### END SOLUTION"

    edit(course, "week2/numpy_basics", ask)
    assert problems(course) == []


def test_a_quiz_whose_answer_is_no_option():
    asked = Question("quiz1.question_1", {"x": "Not this.", "y": "Nor this."})
    [sentence] = problems(exercises={**EXERCISES, "quiz1.question_1": asked})
    assert sentence.startswith("source/week1/quiz1.ipynb, cell question-1: quiz1.question_1 answers ")
    assert "which is none of its options x, y." in sentence


def test_a_notebook_under_another_name(course):
    folder = course / "source" / "week2"
    (folder / "numpy_basics.ipynb").rename(folder / "numpy-basics.ipynb")
    assert problems(course) == [
        "source/week2/numpy-basics.ipynb: exercises are called by this name, so make it one that Python takes, "
        "numpy_basics.ipynb.",
        'source/week2/numpy-basics.ipynb makes no checks of its own: write `check = load_checks("numpy-basics")` near '
        "its top.",
        "README.md has no row for source/week2/numpy-basics.ipynb. Write `[numpy-basics](release/week2/"
        "numpy-basics.ipynb), 0 points` into its table; `make release` puts the number right.",
        "autograder/catalogue has numpy_basics, but source/ has no numpy_basics.ipynb. Remove it there.",
    ]


def test_two_notebooks_of_one_name(course):
    shutil.copy(course / "source/week2/numpy_basics.ipynb", course / "source/week3")
    found = [sentence for sentence in problems(course) if "same name" in sentence]
    assert found == [
        f"{NUMPY} has the same name as source/week3/numpy_basics.ipynb. Exercises are called by it: rename one.",
        f"source/week3/numpy_basics.ipynb has the same name as {NUMPY}. Exercises are called by it: rename one.",
    ]


def test_a_folder_that_is_no_week(course):
    (course / "source/week3").rename(course / "source/extra")
    found = [sentence for sentence in problems(course) if "rename the folder" in sentence]
    assert [sentence.split()[0] for sentence in found] == [
        f"source/extra/{name}.ipynb" for name in ("activations", "flower", "quiz3")
    ]


def test_a_file_that_is_no_notebook(course):
    (course / NUMPY).write_text("<<<<<<< HEAD", encoding="utf-8")
    [sentence] = problems(course)
    assert sentence.startswith(f"{NUMPY} can't be read as a notebook (")
    assert sentence.endswith("). Take its last version from git.")


def test_a_course_without_the_readme_is_released_without_its_table(course):
    (course / "README.md").unlink()
    assert problems(course) == []


def test_all_at_once_without_a_traceback_and_nothing_is_written(tmp_path):
    """In a whole copy, by the command: a renamed variable, a negative number and a lost check, in three notebooks."""
    copy = whole_copy(tmp_path)
    edit(copy, "week1/first_neuron", lambda cells: change(cells, "grade-relu", points=-1))
    edit(copy, "week2/numpy_basics", lambda cells: source(cells, "softmax", "np.sum(e", "np.sum(powers"))
    edit(copy, "week2/numpy_basics", lambda cells: source(cells, "softmax", "e = ", "powers = "))
    edit(copy, "week2/numpy_basics", lambda cells: source(cells, "softmax", " e / ", " powers / "))
    edit(copy, "week3/flower", lambda cells: cells.pop("check-predict"))
    before = files(copy)
    done = run_in(copy, "-m", "autograder", "release")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    relu, *mistakes, check, last = done.stderr.splitlines()
    assert relu.startswith("source/week1/first_neuron.ipynb, cell grade-relu is worth -1 points.")
    for sentence in mistakes:
        assert sentence.startswith(f"{NUMPY}, cell softmax: ")
        assert "numpy_basics.softmax" in sentence
    assert any("keepdims-lost" in sentence for sentence in mistakes)
    assert check.startswith("source/week3/flower.ipynb, cell predict has no check.")
    assert last == "Nothing was written."
    assert files(copy) == before


def test_a_file_of_the_catalogue_that_cannot_be_read(tmp_path):
    """It is said like all else, and the questions of the other quizzes are still there."""
    copy = whole_copy(tmp_path)
    quiz = copy / "autograder" / "catalogue" / "week1" / "quiz1.toml"
    quiz.write_text(quiz.read_text(encoding="utf-8").replace("\nb = ", "\nanswer_b = ", 1), encoding="utf-8")
    done = run_in(copy, "-m", "autograder", "release")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    first, *others = done.stderr.splitlines()
    assert first.startswith("autograder/catalogue/week1/quiz1.toml: question_1: unknown key 'answer_b'")
    assert all("quiz1" in sentence for sentence in others[:-1])


def files(folder):
    """Every file of a folder with its bytes, without what Python keeps for itself."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
