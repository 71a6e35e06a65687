"""A class goes through real nbgrader: generate, submit, autograde, feedback, export."""

import csv
import re
import shutil
from html import unescape

import nbformat
import pytest

from autograder import EXERCISES
from autograder.course import SOURCE
from autograder.grading.run.plan import draw_seed
from autograder.platforms.nbgrader.command import nbgrader
from tests.support.course import Course
from tests.support.quick_nbgrader import nbgrader as quick_nbgrader
from tests.support.released import WEEKS
from tests.support.submissions import ROW_BY_ROW, mistaken, solutions, write_submission

pytestmark = [pytest.mark.nbgrader, pytest.mark.verify, pytest.mark.long, pytest.mark.timeout(900)]

# A cell that the student changed is run: here the training, for two steps.
SHORTER = [("load_cats()", "load_cats(m_train=20, m_test=20)"), ("num_iterations=1000", "num_iterations=2")]

LOOPS = {
    "sigmoid": """
def sigmoid(z):
    z = np.asarray(z)
    s = np.zeros(z.shape)
    for index in np.ndindex(z.shape):
        s[index] = 1 / (1 + np.exp(-float(z[index])))
    return s
""",
    "propagate": """
def propagate(w, b, X, Y):
    m = X.shape[1]
    dw, db, cost = np.zeros(w.shape), 0.0, 0.0
    for i in range(m):
        x, y = X[:, i : i + 1], int(Y[0, i])
        a = sigmoid(np.dot(w.T, x) + b).item()
        cost += -np.log(a) if y else -np.log(1 - a)
        dw += x * (a - y)
        db += a - y
    return {"dw": dw / m, "db": db / m}, cost / m
""",
}
EINSUM = {
    "propagate": """
def propagate(w, b, X, Y):
    A = sigmoid(np.einsum("nk,nm->km", w, X) + b)
    J = -(Y @ np.log(A).T + (1 - Y) @ np.log(1 - A).T).item() / Y.size
    return {"db": np.mean(A - Y, axis=1), "dw": X @ (A - Y).T / Y.size}, J
""",
    "predict": """
def predict(w, b, X):
    return w.T @ X + b > 0
""",
}
IN_PLACE = {
    "optimize": """
def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    w, costs = np.array(w), []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        if i % 100 == 0:
            costs.append(np.squeeze(cost))
        w -= learning_rate * grads["dw"]
        b -= learning_rate * grads["db"]
    return {"w": w, "b": b}, grads, costs
""",
    "flatten_images": """
def flatten_images(images):
    X = np.empty((images[0].size, len(images)))
    for i, image in enumerate(images):
        X[:, i] = image.ravel()
    return X
""",
}
CRASH = {"propagate": "def propagate(w, b, X, Y):\n    return X[99], undefined_name\n"}


def wrong(*names):
    """Answers of logistic_regression with known mistakes: wrong("sigmoid sign-lost", ...)."""
    found = {}
    for text in names:
        function, name = text.split()
        found[function] = mistaken(EXERCISES[f"logistic_regression.{function}"], name)
    return found


# student -> answers of logistic_regression that differ from ours
STUDENTS = {
    "right": {},
    "loops": LOOPS,
    "einsum": EINSUM,
    "in_place": IN_PLACE,
    "wrong_sigmoid": wrong("sigmoid sign-lost"),
    "no_mean": wrong("propagate no-mean-in-gradients"),
    "no_sigmoid": wrong("predict no-sigmoid"),
    "settings": wrong("model settings-not-passed-on"),
    "three_mistakes": wrong("flatten_images pictures-mixed", "initialize_with_zeros rank-1", "optimize climbs"),
    "exception": CRASH,
}
# Who handed in numpy_basics too, and with what; the others forgot it.
BASICS = {
    "right": {},
    "loops": ROW_BY_ROW,
    "three_mistakes": {"softmax": mistaken(EXERCISES["numpy_basics.softmax"], "columns")},
}
WRONG_IN = {
    "wrong_sigmoid": {"sigmoid": "minus in the exponent"},
    "no_mean": {"propagate": "mean over the m examples"},
    "no_sigmoid": {"predict": "You compared z with 0.5"},
    "settings": {"model": "optimize ran with its own settings"},
    "three_mistakes": {
        "flatten_images": "mixes pixels of many pictures",
        "initialize_with_zeros": "np.zeros(dim) has one axis only",
        "optimize": "w and b go uphill",
    },
    "exception": {"propagate": "IndexError"},
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A graded class in a folder of its own."""
    course = Course(tmp_path_factory.mktemp("course"), WEEKS)
    for week in WEEKS:
        shutil.copytree(course.folder / "release" / week, course.submitted("untouched", week))
        for path in (SOURCE / week).glob("*.ipynb"):
            if week != "week2" or path.stem.startswith("quiz"):
                course.submit("right", week, {path.stem: {}})
    for student, answers in STUDENTS.items():
        changed = SHORTER if student == "loops" else ()
        own = solutions("logistic_regression") | answers
        write_submission(course.submitted(student, "week2"), "week2", "logistic_regression", own, changed)
        if student in BASICS:
            course.submit(student, "week2", {"numpy_basics": BASICS[student]})
    for week in WEEKS:
        (nbgrader if week == "week2" else quick_nbgrader)("autograde", week, course=course.folder)
    quick_nbgrader("generate_feedback", "week2", course=course.folder)
    quick_nbgrader("export", "--to", "grades.csv", course=course.folder)
    return course.folder


@pytest.fixture(scope="module")
def totals(course):
    """Exported (score, highest possible score) of each student in each week."""
    with open(course / "grades.csv", newline="") as file:
        return {
            (row["student_id"], row["assignment"]): (float(row["score"]), float(row["max_score"]))
            for row in csv.DictReader(file)
        }


@pytest.fixture(scope="module")
def points(course):
    """Points of each student in each exercise: (student, notebook, function) -> (score, max score)."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'grading' / 'gradebook.db'}") as gradebook:
        return {
            (submission.student.id, notebook.name, grade.name.removeprefix("grade-").replace("-", "_")): (
                grade.score,
                grade.max_score,
            )
            for submission in gradebook.assignment_submissions("week2")
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


@pytest.mark.parametrize("week", WEEKS)
def test_solutions_get_everything_and_untouched_nothing(totals, week):
    score, most = totals["right", week]
    assert score == most > 0
    assert totals["untouched", week] == (0.0, most)


def test_right_answers_written_differently_get_everything(totals):
    full = {"loops": 200.0, "einsum": 100.0, "in_place": 100.0}
    assert {name: totals[name, "week2"][0] for name in full} == full


def test_a_missing_notebook_earns_nothing_and_costs_nothing_else(totals):
    assert totals["no_mean", "week2"][0] == pytest.approx(100 - 25 * 2 / 3, abs=0.02)


def test_a_mistake_costs_only_its_own_exercise(points):
    for student in STUDENTS:
        lost = {
            name
            for (who, notebook, name), (score, most) in points.items()
            if who == student and notebook == "logistic_regression" and score < most
        }
        assert lost == set(WRONG_IN.get(student, {})), student


def test_partial_credit_is_given_by_item(points):
    """no_mean lost dw and db, but its cost is right: a third of the points (and of the uint8 case)."""
    score, most = points["no_mean", "logistic_regression", "propagate"]
    assert score == pytest.approx(most / 3, abs=0.02)


def test_mistakes_are_named_in_the_feedback(course):
    for student, sentences in WRONG_IN.items():
        page = course / "grading" / "feedback" / student / "week2" / "logistic_regression.html"
        html = page.read_text(encoding="utf-8")
        for sentence in sentences.values():
            assert sentence in html, f"{student} isn't told: {sentence}"
    right = (course / "grading" / "feedback" / "right" / "week2" / "logistic_regression.html").read_text(
        encoding="utf-8"
    )
    assert not re.search(r"<b>wrong</b>", right)


def test_every_option_of_a_question_is_explained_after_grading(course):
    page = course / "grading" / "feedback" / "right" / "week2" / "quiz2.html"
    text = unescape(page.read_text(encoding="utf-8"))
    questions = [exercise for exercise in EXERCISES.values() if exercise.notebook == "quiz2"]
    assert len(questions) == 10
    for question in questions:
        for remark in question.remarks:
            assert remark in text, f"{question.id}: {remark}"


def test_wrong_sigmoid_is_charged_once(course):
    """Functions that use the wrong sigmoid are graded with ours, and say so."""
    page = course / "grading" / "feedback" / "wrong_sigmoid" / "week2" / "logistic_regression.html"
    assert "Graded with our sigmoid" in page.read_text(encoding="utf-8")


def outputs_of(course, student, notebook, cell_id):
    path = course / "grading" / "autograded" / student / "week2" / f"{notebook}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    return str(next(cell for cell in cells if cell.id == cell_id).outputs)


def test_training_runs_only_where_a_student_changed_it(course):
    assert "Not run when the notebook is graded" in outputs_of(course, "right", "logistic_regression", "train")
    assert "Not run when the notebook is graded" in outputs_of(course, "right", "logistic_regression", "accuracy")
    assert "50 of test" in outputs_of(course, "loops", "logistic_regression", "accuracy")


def test_what_went_wrong_is_told_at_the_top_of_the_feedback(course):
    page = course / "grading" / "feedback" / "no_mean" / "week2" / "numpy_basics.html"
    text = page.read_text(encoding="utf-8")
    assert "About this notebook" in text
    assert "numpy_basics.ipynb was not handed in; the notebook is graded as empty." in re.sub("<.*?>", "", text)


def test_everybody_gets_other_inputs(course):
    """A wrong answer is told with the numbers that were expected, and those differ from student to student."""
    expected = {
        student: re.search(
            r"expected (-?[\d.e-]+)", outputs_of(course, student, "logistic_regression", "grade-propagate")
        )
        for student in ("no_mean", "exception", "wrong_sigmoid")
    }
    assert expected["exception"] is None  # it returned nothing to compare
    seeds = [draw_seed(b"secret", student, "week2") for student in STUDENTS]
    assert len(set(seeds)) == len(seeds)
    assert seeds == [draw_seed(b"secret", student, "week2") for student in STUDENTS]
    assert len({draw_seed(b"secret", "ab", "c"), draw_seed(b"secret", "a", "bc"), draw_seed(b"other", "ab", "c")}) == 3
