"""Damaged notebooks, run and judged: none stops the grader, untouched exercises keep their points, nothing is gained.

A thousand take minutes, so that many are for `make verify`.
"""

import random
from functools import cache

import pytest

from autograder import EXERCISES
from autograder.grading.settings import JobSettings
from tests.support.classroom import grade_folder
from tests.support.damage import damage
from tests.support.level import LEVEL
from tests.support.submissions import mistaken, solutions, write_submission
from tests.support.tiers import many

CHUNK = 20
CHUNKS = many(1, 50)
pytestmark = [pytest.mark.both, pytest.mark.long]

# Some answers are wrong and some are left out, so that there is something to gain.
WRONG = {
    "numpy_basics": {"softmax": "columns", "L2": "returns-nothing"},
    "activations": {"tanh": "returns-nothing"},
    "quiz2": {},
}
LEFT_OUT = {"numpy_basics": ["normalize_rows"], "activations": ["leaky_relu"], "quiz2": ["question_3", "question_7"]}
WEEKS = {"numpy_basics": "week2", "activations": "week3", "quiz2": "week2"}
SETTINGS = JobSettings(isolation=LEVEL, cell_seconds=5, judge_seconds=5, notebook_seconds=60, memory_mb=2048)


def answers(notebook):
    wrong = {name: mistaken(EXERCISES[f"{notebook}.{name}"], mistake) for name, mistake in WRONG[notebook].items()}
    kept = {name: text for name, text in solutions(notebook).items() if name not in LEFT_OUT[notebook]}
    return kept | wrong


def without_drawings(text):
    """The cells that draw take most of the time, and nothing is graded there."""
    return text.replace("draw_sigmoid()", "None").replace("draw_products()", "None").replace("draw_all(", "str(")


@cache
def whole(notebook, folder):
    """The undamaged notebook and what it earns."""
    write_submission(folder, WEEKS[notebook], notebook, answers(notebook))
    path = folder / f"{notebook}.ipynb"
    text = without_drawings(path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    result, remarks = grade_folder(folder, WEEKS[notebook], notebook, settings=SETTINGS)
    assert remarks == []
    assert sum(result.points.values()) > 0
    assert 0.0 in result.points.values()
    return text, result.points


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("whole")


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_damage_costs_only_what_it_hurts(chunk, place, tmp_path):
    for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        rng = random.Random(number)
        notebook = rng.choice(list(WEEKS))
        text, earned = whole(notebook, place / notebook)
        damaged, touched = damage(text, rng)
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / f"{notebook}.ipynb").write_text(damaged, encoding="utf-8", errors="surrogatepass")
        result, remarks = grade_folder(folder, WEEKS[notebook], notebook, settings=SETTINGS)
        assert result.points.keys() == earned.keys(), number
        for exercise, before in earned.items():
            now = result.points[exercise]
            assert now <= before, f"{number}: {exercise} gained; {remarks}"
            if exercise.split(".")[1] not in touched:
                assert now == before, f"{number}: {exercise} lost {before - now}; {remarks}"
