"""The instant checks that students see."""

import json
import re

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from utils.checks import NotYet, load_checks
from utils.checks.outcomes import Raised
from utils.checks.readings import Missing, Reason
from utils.checks.trace import Place
from utils.checks.values import FROZEN, freeze, freeze_reading, thaw


def propagate(w, b, X, Y):
    """Right, but for the mean in dw and db."""
    A = 1 / (1 + np.exp(-(w.T @ X + b)))
    cost = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    return {"dw": X @ (A - Y).T, "db": np.sum(A - Y)}, cost


def test_a_failed_check_has_the_agreed_form():
    with pytest.raises(NotYet) as failed:
        load_checks("logistic_regression")(propagate)
    lines = str(failed.value).splitlines()
    assert lines[0] == "propagate"
    assert lines[1] == "  ok     dw has shape (3, 1)"
    assert lines[2].startswith("  wrong  dw, first at index (0, 0): expected ")
    assert lines[-2].startswith("  You seem to have left out the mean over the m examples: dw = (1/m) X dZ.T")
    assert lines[-1] == "  Hint 1, in the text above your code, is a nudge."


def test_an_untouched_exercise_is_told_what_to_do():
    def propagate(w, b, X, Y):
        raise NotImplementedError()

    with pytest.raises(NotYet) as failed:
        load_checks("logistic_regression")(propagate)
    assert str(failed.value).splitlines() == [
        "propagate: not attempted yet.",
        "Write your code in the cell above in place of the line that raises NotImplementedError; run both.",
    ]


def test_a_failed_check_shows_no_traceback():
    shell = InteractiveShell.instance()
    shell.push({"propagate": propagate, "check": load_checks("logistic_regression")})
    shown = []
    shell._showtraceback = lambda kind, value, text: shown.extend(text)
    shell.run_cell("check(propagate)")
    text = "\n".join(shown)
    assert "left out the mean" in text
    assert "Traceback" not in text
    assert "checks.py" not in text
    InteractiveShell.clear_instance()


def test_a_passed_check_is_green_and_says_so():
    def basic_sigmoid(x):
        return 1 / (1 + np.exp(-x))

    verdict = load_checks("numpy_basics")(basic_sigmoid)
    assert verdict.fraction == 1.0
    assert "All right on these examples" in str(verdict)
    assert "#006E50" in verdict._repr_html_()


def test_a_wrong_helper_is_blamed():
    namespace = {"np": np}
    exec("def sigmoid(x):\n    return np.cos(x)\n", namespace)
    exec("def sigmoid_derivative(x):\n    s = sigmoid(x)\n    return s * (1 - s)\n", namespace)
    with pytest.raises(NotYet) as failed:
        load_checks("numpy_basics")(namespace["sigmoid_derivative"])
    assert "uses sigmoid, whose own check isn't passed yet" in str(failed.value)


def hints_offered(check, functions):
    """Which hint a check offers after each of some functions, one after the other; None for none."""
    offered = []
    for function in functions:
        function.__name__ = "basic_sigmoid"
        with pytest.raises(NotYet) as failed:
            check(function)
        hints = re.findall(r"Hint (\d), in the text above", str(failed.value))
        assert len(hints) <= 1
        offered.append(int(hints[0]) if hints else None)
    return offered


def test_each_new_failure_goes_on_to_the_next_hint():
    def unwritten(x):
        raise NotImplementedError()

    def sign_lost(x):
        return 1 / (1 + np.exp(x))

    def sign_lost_again(x):
        return np.exp(-x) / (1 + np.exp(-x))

    def not_known(x):
        return np.cos(x) + 7

    def stops(x):
        return [][0]

    def stops_otherwise(x):
        return x.exponent

    check = load_checks("numpy_basics")
    tries = [unwritten, sign_lost, sign_lost_again, not_known, sign_lost, stops, stops_otherwise, not_known]
    assert hints_offered(check, tries) == [None, 1, 1, 2, 2, 3, 3, 3]
    assert hints_offered(load_checks("numpy_basics"), [not_known]) == [1]


def test_hints_are_counted_for_each_exercise_and_not_for_a_helper():
    def wrong(x):
        return np.cos(x) + 7

    def softmax(x):
        return x + 7

    check = load_checks("numpy_basics")
    assert hints_offered(check, [wrong]) == [1]
    with pytest.raises(NotYet, match="Hint 1, in the text above"):
        check(softmax)
    namespace = {"np": np}
    exec("def sigmoid(x):\n    return np.cos(x)\n", namespace)
    exec("def sigmoid_derivative(x):\n    s = sigmoid(x)\n    return s * (1 - s)\n", namespace)
    with pytest.raises(NotYet) as failed:
        check(namespace["sigmoid_derivative"])
    assert "Hint" not in str(failed.value)


def test_an_unknown_function_or_notebook_gets_a_sentence():
    with pytest.raises(ValueError, match="There is no check for sum; numpy_basics has checks for basic_sigmoid"):
        load_checks("numpy_basics")(sum)
    with pytest.raises(
        ValueError, match=r"There are no checks for 'nothing'; there are some for activations, .*first_neuron"
    ):
        load_checks("nothing")


@pytest.mark.parametrize("value", [1.5, True, None, "text", [1, [2.0]], {"a": [1]}, {"array": 1}])
def test_freeze_and_thaw(value):
    assert thaw(json.loads(json.dumps(freeze(value)))) == value


@pytest.mark.parametrize("reading", [Missing(Reason.NO_KEY, (0,), "dw", "'dx'"), Missing(Reason.NONE, ())])
def test_freeze_and_thaw_what_stands_in_the_place_of_numbers(reading):
    back = thaw(json.loads(json.dumps(freeze_reading(reading))))
    assert back.agrees(reading)
    assert str(back) == str(reading)


@pytest.mark.parametrize("place", [None, Place(operation="range"), Place(things=(("X", (2, 5)), ("b", ())))])
def test_freeze_and_thaw_what_stopped(place):
    """What tells it from other stops; not its text, which differs between versions of numpy."""
    reading = Raised("ValueError", "in the words of this numpy", place)
    back = thaw(json.loads(json.dumps(freeze_reading(reading))))
    assert back.agrees(reading)
    assert "words" not in json.dumps(freeze_reading(reading))


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64, bool, int])
def test_freeze_and_thaw_arrays(dtype):
    array = np.array([[0, 1], [1, 0]], dtype=dtype)
    back = thaw(json.loads(json.dumps(freeze(array))))
    assert back.dtype == array.dtype
    assert np.array_equal(back, array)


def test_frozen_files_hold_no_code():
    for path in FROZEN.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert "def " not in text
        assert "lambda" not in text
        assert "BEGIN" not in text
