"""Plots, gradients, honest results, and the tools of the lessons."""

import re
import subprocess
import sys
import time

import numpy as np
import pytest

import utils
from utils import lesson


def test_import_is_light():
    """import utils brings neither matplotlib nor h5py, and costs under 0.3 s of computing more than numpy alone."""
    code = "import sys, time; import numpy; t = time.process_time(); import utils; from utils import load_checks; "
    code += "print(time.process_time() - t); print([m for m in ('matplotlib', 'h5py', 'PIL', 'ipywidgets', 'tqdm') "
    code += "if m in sys.modules])"
    best = 9.0
    for _ in range(3):
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )
        best = min(best, float(out[0]))
        assert out[1] == "[]"
    assert best < 0.3


def test_every_name_of_utils_exists():
    for name in utils.__all__:
        assert getattr(utils, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        utils.nothing  # noqa: B018


def test_numerical_gradient_of_a_known_function():
    theta = np.array([[1.0, -2.0], [0.5, 3.0]])
    gradient = utils.numerical_gradient(lambda v: np.sum(v**3), theta)
    assert utils.relative_error(gradient, 3 * theta**2) < 1e-9
    assert theta[0, 0] == 1.0
    assert float(utils.numerical_gradient(lambda v: v**2, 3)) == pytest.approx(6)


def test_relative_error():
    assert utils.relative_error([0.0, 0.0], [0.0, 0.0]) == 0.0
    assert utils.relative_error([1.0, 0.0], [-1.0, 0.0]) == 1.0
    with pytest.raises(ValueError, match=r"different shapes, \(2,\) and \(3,\)"):
        utils.relative_error([1, 2], [1, 2, 3])


def test_accuracy_interval_covers_what_it_promises():
    """Of many repeated tests, about 95 % of the intervals hold the true accuracy."""
    rng = np.random.default_rng(0)
    truth = 0.7
    held = 0
    for _ in range(400):
        right = rng.random((1, 200)) < truth
        _, low, high = utils.accuracy_interval(right, np.ones((1, 200)))
        held += low <= truth <= high
    assert 0.92 <= held / 400 <= 0.98


def test_accuracy_interval_at_its_ends_and_with_bad_input():
    accuracy, low, high = utils.accuracy_interval(np.ones((1, 10)), np.ones((1, 10)))
    assert accuracy == 1.0
    assert 0.6 < low < 1
    assert high == pytest.approx(1.0)
    with pytest.raises(ValueError, match="one prediction per label, but there are 3 predictions and 4 labels"):
        utils.accuracy_interval([1, 0, 1], [1, 0, 1, 1])


def test_progress_is_quiet_when_quick_and_never_on_standard_error(capfd):
    assert list(utils.progress(range(5))) == [0, 1, 2, 3, 4]
    assert capfd.readouterr() == ("", "")
    for _ in utils.progress(range(3)):
        time.sleep(0.6)
    out, err = capfd.readouterr()
    assert "training" in out
    assert err == ""


IMAGES = np.zeros((5, 4, 6, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: utils.plot_image_grid(IMAGES, list("abcde")),
        lambda: utils.plot_image_grid(IMAGES[:, :, :, 0] / 255, columns=2),
        lambda: utils.plot_learning_curve([0.7, 0.5, 0.4]),
        lambda: utils.plot_learning_curve({"slow": [0.7, 0.6], "fast": [0.7, 0.3]}, every=1),
        lambda: utils.plot_decision_boundary(lambda P: P[0] > 0, np.eye(2), np.array([[0, 1]])),
        lambda: utils.plot_misclassified(IMAGES, [[0, 1, 0, 1, 0]], [[1, 1, 0, 0, 0]], ["other", "cat"]),
        lambda: utils.plot_misclassified(IMAGES, [0, 1, 0, 1, 0], [0, 1, 0, 1, 0], ["other", "cat"]),
        lambda: utils.plot_weights(np.arange(72.0).reshape(-1, 1), (4, 6, 3)),
        lambda: utils.plot_weights(np.zeros((72, 1)), (4, 6, 3)),
    ],
)
def test_every_plot_draws_and_has_alternative_text(draw):
    drawing = draw()
    assert drawing.png.startswith(b"\x89PNG")
    assert len(drawing.alt.split()) >= 4
    assert f'alt="{drawing.alt}"' in drawing._repr_html_()


def test_misclassified_shows_the_wrong_ones():
    drawing = utils.plot_misclassified(IMAGES, [[0, 1, 0, 1, 0]], [[1, 1, 0, 0, 0]], ["other", "cat"])
    assert [axis.get_title() for axis in drawing.figure.axes] == ["said cat", "said other"]
    assert "2 of the 2 pictures (out of 5)" in drawing.alt


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: utils.plot_image_grid(np.zeros((0, 4, 4, 3))), "Images need the shape"),
        (lambda: utils.plot_learning_curve([]), "There is no cost to draw"),
        (lambda: utils.plot_decision_boundary(None, np.zeros((3, 2)), np.zeros((1, 2))), r"X needs the shape \(2, m\)"),
        (lambda: utils.plot_misclassified(IMAGES, [1], [1, 0], ["a", "b"]), "5 pictures, 1 labels and 2 predictions"),
        (lambda: utils.plot_weights(np.zeros(5), (2, 2, 3)), "5 weights don't fill a picture"),
        (lambda: utils.drawing(None, "  "), "needs alternative text"),
    ],
)
def test_plots_say_what_is_wrong(draw, sentence):
    with pytest.raises(ValueError, match=sentence):
        draw()


@pytest.fixture(autouse=True)
def fresh_lesson(monkeypatch):
    monkeypatch.setattr(lesson, "record", {})
    monkeypatch.setattr(lesson, "_tries", {})


def test_compare_keeps_predictions():
    skipped = utils.compare("steps", None, 10)
    assert repr(skipped) == "steps: measured 10."
    assert skipped.right is None
    assert "No answers yet" in repr(utils.my_predictions())
    assert "saw that coming" in repr(utils.compare("steps", 9, 10))
    assert "Not what you predicted" in repr(utils.compare("shape", (3, 1), (1, 3)))
    assert "saw that coming" in repr(utils.compare("choice", " B", "b"))
    assert "Not what you predicted" in repr(utils.compare("odd", "many", 10))
    table = repr(utils.my_predictions())
    assert table.startswith("2 of 4 predictions came true.")
    assert table.index("✗") < table.index("✓")


def test_a_message_has_a_mark_and_a_colour_only_when_it_judges():
    right, wrong, neither = (lesson.Message("So it is.", right=right)._repr_html_() for right in (True, False, None))
    assert "✓" in right
    assert "✗" in wrong
    assert not {"✓", "✗"} & set(neither)
    colours = {re.search(r"border-left: 4px solid (#\w+)", text).group(1) for text in (right, wrong, neither)}
    assert len(colours) == 3


def double(x):
    return 2 * x


EXAMPLES = [((3.0,), 6.0), ((np.array([1.0, 2.0]),), np.array([2.0, 4.0]))]
WRONG = {"You squared it.": lambda x: x**2}


def _try(function, hints=("one", "two")):
    function.__name__ = "double"
    return utils.attempt(function, EXAMPLES, WRONG, hints)


def test_attempt_answers_every_kind_of_try():
    assert "right on all 2 examples" in repr(_try(lambda x: x + x))
    assert _try(lambda x: x + x).right is True
    assert "not attempted yet" in repr(_try(lambda x: ...))
    assert _try(lambda x: ...).right is None
    assert "stopped with ZeroDivisionError" in repr(_try(lambda x: x / 0))
    squared = _try(lambda x: x**2)
    assert "You squared it." in repr(squared)
    assert squared.right is False
    assert "For 3 it should give 6, but it gave 7" in repr(_try(lambda x: x + 4))


def test_hints_climb_and_stay_on_the_last_rung():
    shown = [repr(_try(lambda x: x + 4)).splitlines()[-1] for _ in range(3)]
    assert shown == ["Hint 1 of 2: one", "Hint 2 of 2: two", "Hint 2 of 2: two"]


def test_attempt_compares_tuples_entry_by_entry():
    def both(x):
        return np.array([x, x]), x

    examples = [((2.0,), (np.array([2.0, 2.0]), 2.0))]
    assert utils.attempt(both, examples, {}).right
    wrong = utils.attempt(lambda x: (np.array([x, x]), x + 1), examples, {})
    assert "should give ([2. 2.], 2), but it gave ([2. 2.], 3)" in repr(wrong)
    assert not utils.attempt(lambda x: np.array([x]), examples, {}).right
