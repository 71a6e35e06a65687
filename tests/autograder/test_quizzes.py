"""The quizzes: fair options, true arithmetic, explanations for all, and checks that never give an answer away."""

import json
import re
from collections import Counter
from itertools import pairwise

import nbformat
import numpy as np
import pytest

from autograder import EXERCISES, judge
from autograder.course import notebook_path
from autograder.exercises import reference
from autograder.exercises.exercise import Question
from autograder.release.freeze import frozen
from utils import accuracy_interval, make_flower, numerical_gradient
from utils.checks import NotYet, load_checks

IDS = [id for id, exercise in EXERCISES.items() if isinstance(exercise, Question)]
QUIZZES = list(dict.fromkeys(EXERCISES[id].notebook for id in IDS))
LETTERS = "abcd"


def text_of(id):
    """The markdown of a question."""
    quiz, name = id.split(".")
    cells = nbformat.read(notebook_path(quiz), as_version=4).cells
    return next(cell.source for cell in cells if cell.id == f"{name.replace('_', '-')}-text")


def options_of(id):
    """Its options as they are read: a list of (letter, text)."""
    return re.findall(r"^- \*\*(\w)\*\*: (.+)$", text_of(id), flags=re.M)


def right(id):
    """The text of the option that the reference answers."""
    return dict(options_of(id))[EXERCISES[id].reference()]


def wrong(id):
    """The texts of the other options."""
    return {text for letter, text in options_of(id) if letter != EXERCISES[id].reference()}


def says(id, *pieces):
    """Hold that a question gives these numbers, so that text and arithmetic can't part."""
    for piece in pieces:
        assert piece in text_of(id), f"{id} doesn't say {piece!r}"


def code_of(id):
    """The pieces of code in a question, before its options."""
    return re.findall(r"`([^`]+)`", text_of(id).split("\n- **a**")[0])


def answering(id, answer):
    """A student's function for a question."""

    def function():
        return answer

    function.__name__ = id.split(".")[1]
    return function


# ---- form


def test_quizzes_of_ten_questions_in_order():
    assert QUIZZES[:4] == ["quiz1", "quiz2", "quiz3", "quiz4"]
    assert [f"{quiz}.question_{k}" for quiz in QUIZZES for k in range(1, 11)] == IDS


@pytest.mark.parametrize("id", IDS)
def test_options_are_in_the_text_and_in_the_catalogue(id):
    options = options_of(id)
    assert [letter for letter, _ in options] == list(LETTERS) == list(EXERCISES[id].options)
    assert len({text for _, text in options}) == 4
    assert text_of(id).startswith(f"## Question {id.split('_')[1]} (2 points)\n\n")


@pytest.mark.parametrize("id", IDS)
def test_every_option_has_an_explanation_of_its_own(id):
    remarks = list(EXERCISES[id].options.values())
    assert len(set(remarks)) == 4
    for remark in remarks:
        assert 20 <= len(remark) <= 250, f"{len(remark)} characters: {remark}"
        assert remark[0].isupper()
        assert remark[-1] == "."


@pytest.mark.parametrize("quiz", QUIZZES)
def test_neither_letter_nor_length_gives_the_answer_away(quiz):
    ids = [id for id in IDS if id.startswith(f"{quiz}.")]
    spread = Counter(EXERCISES[id].reference() for id in ids)
    assert set(spread) == set(LETTERS)
    assert set(spread.values()) <= {2, 3}
    assert sum(len(right(id)) > max(map(len, wrong(id))) for id in ids) <= 3
    assert sum(len(right(id)) < min(map(len, wrong(id))) for id in ids) <= 3
    for id in ids:
        lengths = [len(text) for _, text in options_of(id)]
        # Options of a few characters are numbers.
        assert max(lengths) <= 1.3 * min(lengths) or max(lengths) < 10, f"{id}: {lengths}"


# ---- marking


@pytest.mark.parametrize("id", IDS)
def test_right_letter_earns_all_and_wrong_ones_their_own_sentence(id):
    question = EXERCISES[id]
    for letter, remark in question.options.items():
        verdict = judge(id, answering(id, letter))
        is_right = letter == question.reference()
        assert verdict.fraction == (1.0 if is_right else 0.0)
        assert verdict.mistake == (None if is_right else f"answers-{letter}")
        assert verdict.says == ("" if is_right else remark)
        assert len(verdict.remarks) == 4
        for other, text in question.options.items():
            mark = " (right)" if other == question.reference() else ""
            assert f"{other}{mark}: {text}" in str(verdict)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("form", ["{L}", " {l} ", "{l})", "{l}.", "{L}) "])
def test_letters_may_be_written_in_many_ways(id, form):
    for letter in LETTERS:
        written = form.format(l=letter, L=letter.upper())
        assert judge(id, answering(id, written)).fraction == judge(id, answering(id, letter)).fraction
        assert load_checks(id.split(".")[0])(answering(id, written)).fraction == 1.0


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("answer", [7, None, "e", "", "ab", True, ["a"]])
def test_what_is_no_option_earns_nothing_and_gets_a_sentence(id, answer):
    verdict = judge(id, answering(id, answer))
    assert verdict.attempted
    assert verdict.fraction == 0.0
    assert len(verdict.items[0].message) > 15
    assert "return" not in str(verdict).split("\n  a")[0]  # it isn't the function that is to be mended
    with pytest.raises(NotYet) as failed:
        load_checks(id.split(".")[0])(answering(id, answer))
    assert "in the cell above" in str(failed.value)
    assert ("there is no option e" if answer == "e" else repr(answer)) in str(failed.value)


@pytest.mark.parametrize("id", IDS)
def test_unanswered_and_unquoted(id):
    """A fresh question is no attempt; a letter without quotes is one, and the error is shown."""

    def untouched():
        raise NotImplementedError()

    def unquoted():
        return letter_without_quotes  # noqa: F821

    for function, attempted, told in ((untouched, False, "not attempted yet"), (unquoted, True, "NameError")):
        function.__name__ = id.split(".")[1]
        verdict = judge(id, function)
        assert verdict.fraction == 0.0
        assert verdict.attempted == attempted
        with pytest.raises(NotYet, match=told):
            load_checks(id.split(".")[0])(function)


@pytest.mark.parametrize("id", IDS)
def test_check_treats_all_letters_alike(id):
    """Until it is graded, right and wrong look the same: the text differs in the letter only."""
    verdicts = {letter: load_checks(id.split(".")[0])(answering(id, letter)) for letter in LETTERS}
    assert {verdict.fraction for verdict in verdicts.values()} == {1.0}
    for text in (str, lambda verdict: verdict._repr_html_()):
        assert len({text(v).replace(f"answer is {letter}.", "answer is ?.") for letter, v in verdicts.items()}) == 1
    assert all(f"Your answer is {letter}." in str(verdict) for letter, verdict in verdicts.items())


@pytest.mark.parametrize("quiz", QUIZZES)
def test_checks_hold_no_answers(quiz):
    entries = json.loads(frozen(quiz))
    assert entries == {f"question_{k}": {"choices": list(LETTERS)} for k in range(1, 11)}


# ---- arithmetic of quiz 1


def relu(z):
    return np.maximum(0, z)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_neuron_by_hand():
    id = "quiz1.question_1"
    says(id, "inputs are 2 and 3, their weights 1 and -2, and the bias is 3")
    sum_, bias = 2 * 1 + 3 * -2, 3
    assert right(id) == str(relu(sum_ + bias))
    assert wrong(id) == {str(v) for v in (sum_ + bias, abs(sum_ + bias), relu(sum_) + bias)}


def test_difference_of_two_relus():
    id = "quiz1.question_2"
    x = np.array([-3.0, 0.0, 1.0, 2.0, 3.0, 9.0])
    assert eval(code_of(id)[0].removeprefix("y = "), {"relu": relu, "x": x}).tolist() == [0, 0, 1, 2, 2, 2]
    assert right(id) == "Flat at 0, then up to 2 at $x = 2$, then flat again."


def test_one_weight_serves_all_houses():
    id = "quiz1.question_3"
    says(id, "`w = 2` and `b = 10`", "one house of size 50 and price 130", "of size 20")
    slope = numerical_gradient(lambda w: (relu(w * 50 + 10) - 130) ** 2, 2.0)
    w = 2 - 0.0001 * float(slope)
    assert abs(relu(w * 50 + 10) - 130) < abs(relu(2 * 50 + 10) - 130)
    assert w > 2
    assert relu(w * 20 + 10) > relu(2 * 20 + 10)
    assert right(id) == "`w` grows; the guess for size 20 rises."


def test_ranges_of_the_two_networks():
    id = "quiz1.question_8"
    rows = re.findall(r"^\| ([\d,]+) \| (\d+) ± (\d+) \| (\d+) ± (\d+) \|$", text_of(id), flags=re.M)
    apart = {examples: int(large) - int(q) > int(small) + int(p) for examples, small, p, large, q in rows}
    overlap = {examples: abs(int(large) - int(small)) <= int(p) + int(q) for examples, small, p, large, q in rows}
    assert apart == {"1,000": False, "100,000": True}
    assert overlap == {"1,000": True, "100,000": False}
    assert right(id) == "At 1,000 the order is open; at 100,000 the large one leads."


def test_runs_in_eight_hours():
    id = "quiz1.question_9"
    says(id, "took 8 hours", "in 10 minutes")
    assert f"up to {8 * 60 // 10} ideas" in right(id)


def test_slopes_around_six():
    id = "quiz1.question_10"
    says(id, "| sigmoid | 0.99727 | 0.99776 |", "| ReLU | 5.9 | 6.1 |")
    assert [f"{sigmoid(z):.5f}" for z in (5.9, 6.1)] == ["0.99727", "0.99776"]
    for low, high in ((0.99727, 0.99776), (sigmoid(5.9), sigmoid(6.1))):
        assert round((6.1 - 5.9) / (high - low), -2) == 400
    assert right(id) == "About a 400th of that with ReLU."


# ---- arithmetic of quiz 2


def test_reshape_mixes_the_pictures():
    id = "quiz2.question_1"
    says(id, "the first holds the numbers 1, 2, 3, the second 4, 5, 6", "shape (2, 1, 1, 3)")
    images = np.arange(1, 7).reshape(2, 1, 1, 3)
    line = next(code for code in code_of(id) if code.startswith("X = "))
    X = eval(line.removeprefix("X = "), {"images": images})
    assert right(id) == ", ".join(map(str, X[:, 0]))
    assert ", ".join(map(str, images.reshape(2, -1).T[:, 0])) in wrong(id)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_loss_of_a_saturated_sigmoid():
    id = "quiz2.question_2"
    says(id, "$y = 1$", "$z = 900$", "`a = 1.0`")
    names = {"np": np, "y": 1, "a": sigmoid(900.0)}
    assert names["a"] == 1.0
    for line in code_of(id):
        if line.startswith(("loss", "dz")):
            exec(line, names)
    assert right(id) == f"`loss` is `{names['loss']}`, and `dz` is `{names['dz']}`"


def test_slopes_of_two_losses():
    id = "quiz2.question_3"
    says(id, "$z = 4$, so $a = 0.982$", "$z = 8$, so $a = 0.99966$")
    a = sigmoid(np.array([4.0, 8.0]))
    assert [f"{a[0]:.3f}", f"{a[1]:.5f}"] == ["0.982", "0.99966"]
    log_loss = numerical_gradient(lambda z: -np.log(1 - sigmoid(z)).sum(), np.array([4.0, 8.0]))
    squared = numerical_gradient(lambda z: 0.5 * (sigmoid(z) ** 2).sum(), np.array([4.0, 8.0]))
    np.testing.assert_allclose(log_loss, a, rtol=1e-6)
    np.testing.assert_allclose(squared, a * a * (1 - a), rtol=1e-5)
    assert log_loss[1] / log_loss[0] < 1.02
    assert 45 < squared[0] / squared[1] < 55
    assert right(id) == "Log loss: it hardly changes. Squared error: it shrinks to a 50th."


def logistic_costs(learning_rate):
    """The costs of seven states on four examples, two of which contradict each other."""
    X, Y, w, b = np.array([[4.0, -4.0, 4.0, -4.0]]), np.array([[0, 1, 0, 0]]), np.zeros((1, 1)), 0.0
    costs = []
    for _ in range(7):
        A = sigmoid(w.T @ X + b)
        costs.append(-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A)))
        w, b = w - learning_rate * X @ (A - Y).T / 4, b - learning_rate * np.mean(A - Y)
    return np.array(costs)


def test_costs_of_a_large_learning_rate():
    """The costs in the question are real ones. A quarter of the rate cures them; the other sign would only climb."""
    id = "quiz2.question_4"
    says(id, ", ".join(f"{cost:.2f}" for cost in logistic_costs(2.0)))
    assert (np.diff(logistic_costs(0.5)) < 0).all()
    assert (np.diff(logistic_costs(-0.2)) > 0).all()
    assert right(id) == "It jumps across the valley and back: lower the learning rate."


def test_one_gradient_step():
    id = "quiz2.question_5"
    says(id, "$w = 0$ and $b = 0$", "$x = 3$ with the label $y = 1$", "learning rate 0.2")
    loss = lambda v: -np.log(sigmoid(v[0] * 3 + v[1]))  # noqa: E731
    dw, db = numerical_gradient(loss, np.zeros(2))
    assert right(id) == f"$w = {-0.2 * dw:.1f}$ and $b = {-0.2 * db:.1f}$"
    slips = [(0.2 * dw, 0.2 * db), (-0.2 * db, -0.2 * db), (-dw, -db)]
    assert wrong(id) == {f"$w = {w:.1f}$ and $b = {b:.1f}$" for w, b in slips}


def test_nudge_through_two_boxes():
    id = "quiz2.question_6"
    says(id, "$u = 2w + 1$", "$J = u^2$", "nudged from 1 to 1.001")
    growth = (2 * 1.001 + 1) ** 2 - (2 * 1 + 1) ** 2
    assert right(id) == f"by {growth:.3f}"
    assert wrong(id) == {f"by {slope * 0.001:.3f}" for slope in (2, 6, 2 + 6)}


def test_column_minus_flat_array():
    id = "quiz2.question_8"
    says(id, "shape (2, 1): 0.9 and 0.2", "labels 1 and 0", "shape (2,)")
    A, Y = np.array([[0.9], [0.2]]), np.array([1, 0])
    assert right(id) == f"{eval(code_of(id)[-1], {'np': np, 'A': A, 'Y': Y}):.3f}"
    assert wrong(id) == {f"{np.mean((A.ravel() - Y) ** 2):.3f}", f"{np.sum((A - Y) ** 2) / 2:.2f}", "an error"}


def test_division_by_flat_sums():
    id = "quiz2.question_9"
    says(id, "the rows (1, 3) and (4, 6)")
    T = np.array([[1, 3], [4, 6]])
    divided = eval(code_of(id)[-1], {"T": T})
    values = {text: np.divide(*map(int, text.split("/"))) for _, text in options_of(id) if text != "an error"}
    assert values.pop(right(id)) == divided[0, 1]
    assert set(values.values()) == {(T / T.sum(axis=1, keepdims=True))[0, 1], (T / T.sum(axis=0))[0, 1]}


def test_pictures_for_half_the_interval():
    id = "quiz2.question_10"
    says(id, "40 of 50", "80 %", "from about 67 % to 89 %")
    widths = {}
    for m in (50, *(int(text.replace(",", "")) for _, text in options_of(id))):
        _, low, high = accuracy_interval(np.arange(m) < 0.8 * m, np.ones(m))
        widths[m] = high - low
        assert m != 50 or [f"{low:.0%}", f"{high:.0%}"] == ["67%", "89%"]
    best = min(widths, key=lambda m: abs(widths[m] - widths[50] / 2))
    assert right(id) == str(best)
    assert abs(widths[best] / widths[50] - 0.5) < 0.02


# ---- arithmetic of quiz 3


def backward(X, Y, W1, W2, b1, b2, prime=lambda A1: 1 - A1**2, g=np.tanh):
    """Gradients (dW1, dW2, db1, db2) of one hidden layer, averaged over the columns of X; leading axes are networks."""
    A1 = g(W1 @ X + b1)
    dZ2 = sigmoid(W2 @ A1 + b2) - Y
    dZ1 = W2.swapaxes(-1, -2) @ dZ2 * prime(A1)
    m = X.shape[-1]
    sums = [dZ.sum(axis=-1, keepdims=True) / m for dZ in (dZ1, dZ2)]
    return dZ1 @ X.swapaxes(-1, -2) / m, dZ2 @ A1.swapaxes(-1, -2) / m, *sums


def train(X, Y, W1, W2, steps, learning_rate=1.2, **activation):
    """Parameters (W1, W2, b1, b2) after training from zero biases."""
    state = [W1, W2, np.zeros((*W1.shape[:-1], 1)), np.zeros((*W2.shape[:-1], 1))]
    for _ in range(steps):
        state = [v - learning_rate * dv for v, dv in zip(state, backward(X, Y, *state, **activation), strict=True)]
    return state


def test_number_of_parameters():
    id = "quiz3.question_1"
    says(id, "3 inputs, 4 hidden units and 1 output", "200 examples", "to 400")
    weights, biases = 4 * 3 + 1 * 4, 4 + 1
    assert right(id) == f"{weights + biases} before, {weights + biases} after"
    slips = [(weights, weights), (21, 2 * 21), (weights + biases + 3, weights + biases + 3)]
    assert wrong(id) == {f"{before} before, {after} after" for before, after in slips}


def test_rows_of_W1():
    id = "quiz3.question_2"
    says(id, "entries 3 and 4", "Unit 1 has the weights 1 and 0, unit 2 has 2 and -1")
    x, W1 = np.array([[3], [4]]), np.array([[1, 0], [2, -1]])
    written = [", ".join(map(str, z.ravel())) for z in (W1 @ x, W1.T @ x, (W1 * x).sum(axis=1), abs(W1) @ x)]
    assert right(id) == written[0]
    assert wrong(id) == set(written[1:])


def test_linear_layers_are_one():
    id = "quiz3.question_3"
    says(id, "z_1 = x_1 + 2 x_2 + 1", "z_2 = 3 x_1 - x_2", "z = 2 z_1 + z_2 + 3")
    W1, b1, W2, b2 = np.array([[1, 2], [3, -1]]), np.array([[1], [0]]), np.array([[2, 1]]), 3
    (first, second), bias = (W2 @ W1).ravel(), (W2 @ b1).item() + b2
    assert right(id) == f"the one with $z = {first} x_1 + {second} x_2 + {bias}$"
    assert f"the one with $z = {first} x_1 + {second} x_2 + {b2}$" in wrong(id)


def test_table_of_slopes():
    id = "quiz3.question_4"
    rows = dict(re.findall(r"^\| ([ABC]) \| (.+) \|$", text_of(id), flags=re.M))
    z = np.array([-5.0, 0.1, 5.0])
    functions = {"ReLU": relu, "tanh": np.tanh, "sigmoid": sigmoid}
    slopes = {name: [float(numerical_gradient(g, v)) for v in z] for name, g in functions.items()}
    names = dict(re.findall(r"([ABC]) is (\w+)", right(id)))
    for row, name in names.items():
        for stated, slope in zip(rows[row].split(" | "), slopes[name], strict=True):
            decimals = len(stated.partition(".")[2])
            assert float(stated) == round(slope, decimals), f"{name}: stated {stated}, is {slope}"


def test_large_weights_learn_slowly():
    id = "quiz3.question_5"
    says(id, "np.random.randn(4, 2) * 50")
    X, Y = make_flower()
    rng = np.random.default_rng(0)
    W1, W2 = rng.normal(size=(3, 4, 2)), 0.01 * rng.normal(size=(3, 1, 4))
    assert np.mean(1 - np.tanh(50 * W1 @ X) ** 2 < 0.01) > 0.8
    moved = {scale: np.abs(train(X, Y, scale * W1, W2, 100)[0] - scale * W1).mean() for scale in (0.01, 50)}
    assert moved[50] < moved[0.01] / 3
    assert "learns slowly" in right(id)


def test_dead_relu_stays():
    X, Y = make_flower(m=60)
    W1, b1, W2, b2 = (
        np.array([[1.0, 0.5], [0.1, 0.1]]),
        np.array([[0.2], [-9.0]]),
        np.array([[0.4, 0.7]]),
        np.zeros((1, 1)),
    )
    assert (W1 @ X + b1)[1].max() < 0
    dW1, _, db1, _ = backward(X, Y, W1, W2, b1, b2, prime=lambda A1: A1 > 0, g=relu)
    assert not dW1[1].any()
    assert not db1[1].any()
    assert dW1[0].all()
    assert right("quiz3.question_6") == "Its weights and bias stay as they are: it has stopped learning."


def test_what_breaks_symmetry():
    """Of the four changes only the right one makes the rows of W1 part."""
    id = "quiz3.question_7"
    says(id, "every weight of `W1` and `W2` at 0.5 and every bias at 0")
    X, Y = make_flower(m=60)
    half, zeros, random = np.full((4, 2), 0.5), np.zeros((4, 2)), 0.01 * np.random.default_rng(1).normal(size=(4, 2))
    out = np.full((1, 4), 0.5)

    def spread(W1, W2, learning_rate=1.2, bias=0.0):
        # A bias at the start is the weight of an input that is always 1: equal for all units, like b1 itself.
        X1 = np.vstack([X, np.ones((1, X.shape[1]))])
        W1 = np.hstack([W1, np.full((4, 1), bias)])
        return np.ptp(train(X1, Y, W1, W2, 50, learning_rate)[0], axis=0).max()

    assert max(spread(half, out), spread(half, out, bias=0.5), spread(zeros, 0 * out), spread(half, out, 20)) < 1e-9
    assert spread(random, out) > 0.1
    assert right(id) == "Start `W1` with small random numbers; all the biases may stay at 0."


def test_blame_of_two_hidden_units():
    id = "quiz3.question_8"
    says(id, "`dZ2`, a single 0.5", "`W2` are 2 and -1", "`A1` are 0 and 0.5")
    W2, dZ2, A1 = np.array([[2.0, -1.0]]), 0.5, np.array([[0.0], [0.5]])
    slips = [1 - A1**2, 1, A1 * (1 - A1), 1 - A1]
    written = [" and ".join(f"{v:g}" for v in (W2.T * dZ2 * slope).ravel()) for slope in slips]
    assert right(id) == written[0]
    assert wrong(id) == set(written[1:])


def test_bias_without_keepdims():
    id = "quiz3.question_9"
    says(id, "`dZ1` has shape (4, 400)", "`b1` has shape (4, 1)")
    rng = np.random.default_rng(0)
    names = {"np": np, "m": 400, "learning_rate": 0.1, "dZ1": rng.normal(size=(4, 400)), "b1": np.zeros((4, 1))}
    names |= {"W1": rng.normal(size=(4, 2)), "X": rng.normal(size=(2, 400))}
    for line in code_of(id):
        if line.startswith(("db1 =", "b1 =")):
            exec(line, names)
    assert names["b1"].shape == (4, 4)
    with pytest.raises(ValueError, match="broadcast"):
        eval("W1 @ X + b1", names)
    assert right(id).startswith("`b1` silently becomes (4, 4)")


@pytest.mark.verify
def test_accuracy_on_flowers():
    """The table is measured, all eight flowers at once. A median, as now and then a network gets stuck."""
    id = "quiz3.question_10"
    sizes, stated = (
        re.search(rf"^\| {row} \|(.+)\|$", text_of(id), flags=re.M).group(1).split("|")
        for row in ("hidden units", "accuracy")
    )
    X, Y = (np.stack(parts) for parts in zip(*(make_flower(seed=seed) for seed in range(1, 9)), strict=True))
    accuracies = []
    for size, accuracy in zip(map(int, sizes), map(float, stated), strict=True):
        rng = np.random.default_rng(size)
        W1, W2 = 0.01 * rng.normal(size=(8, size, 2)), 0.01 * rng.normal(size=(8, 1, size))
        W1, W2, b1, b2 = train(X, Y, W1, W2, 3000)
        right_answers = (W2 @ np.tanh(W1 @ X + b1) + b2 > 0) == (Y == 1)
        accuracies.append(100 * np.median(right_answers.mean(axis=(1, 2))))
        assert abs(accuracies[-1] - accuracy) < 1.5, f"{size} units: stated {accuracy}, measured {accuracies[-1]}"
    _, two, three, *_, most = accuracies
    assert three - two > 20
    assert most - three < 3
    assert right(id) == "Three units do here what two can't; beyond that little is gained."


# ---- quiz 4


def test_shapes_of_layer_3():
    id = "quiz4.question_1"
    says(id, "`layer_dims = [6, 4, 4, 3, 1]`", "50 examples", "`W3` and of `dA2`")
    n = [6, 4, 4, 3, 1]
    slips = [((n[2], n[3]), (n[2], 50)), ((n[2], n[1]), (n[2], 50)), ((n[3], n[2]), (50, n[2]))]
    written = [f"`W3` {W3}, `dA2` {dA2}" for W3, dA2 in [((n[3], n[2]), (n[2], 50)), *slips]]
    assert right(id) == written[0]
    assert wrong(id) == set(written[1:])


def test_parameters_of_one_more_layer():
    id = "quiz4.question_2"
    says(id, "`layer_dims = [10, 8, 8, 1]`", "one more hidden layer of 8 units")

    def parameters(dims):
        return sum(n * n_prev + n for n_prev, n in pairwise(dims))

    assert right(id) == str(parameters([10, 8, 8, 8, 1]) - parameters([10, 8, 8, 1]))
    assert wrong(id) == {"8", str(8 * 8), str(10 * 8 + 8)}


def test_products_on_the_way_back():
    """Counted in the reference's own backward step."""
    id = "quiz4.question_3"
    says(id, "a network of 5 layers", "nobody asks for the slopes of the inputs")

    class Counting(np.ndarray):
        products = 0

        def __array_function__(self, function, types, arguments, options):
            Counting.products += function is np.dot
            return super().__array_function__(function, types, arguments, options)

    rng = np.random.default_rng(0)
    A = rng.normal(size=(3, 7)).view(Counting)
    layers = [rng.normal(size=(3, 3)).view(Counting) for _ in range(5)]
    for W in layers:
        A = np.dot(W, A)
    assert Counting.products == 5
    backward_step = reference.function("deep_network", "linear_backward")
    Counting.products, dZ = 0, A
    for W in reversed(layers):
        dZ, _, _ = backward_step(dZ, (A, W, np.zeros((3, 1))))
    assert Counting.products == 2 * 5
    assert right(id) == str(Counting.products - 1)
    assert wrong(id) == {"4", "5", "25"}


def test_the_slip_that_two_layers_forgive():
    id = "quiz4.question_4"
    says(id, "4 layers", "6 units", "the `dA` that the last layer handed on")
    forward, cost, backward_layer = (
        reference.function("deep_network", name)
        for name in ("L_model_forward", "compute_cost", "linear_activation_backward")
    )
    rng, dims = np.random.default_rng(3), [3, 6, 6, 6, 1]
    parameters = {f"W{k}": rng.normal(size=(dims[k], dims[k - 1])) for k in range(1, 5)}
    parameters |= {f"b{k}": 0.1 * rng.normal(size=(dims[k], 1)) for k in range(1, 5)}
    X, Y = rng.normal(size=(3, 9)), rng.integers(0, 2, size=(1, 9))
    AL, caches = forward(X, parameters)
    dA, dW, _ = backward_layer(-Y / AL + (1 - Y) / (1 - AL), caches[3], "sigmoid")
    found = {4: dW} | {k: backward_layer(dA, caches[k - 1], "relu")[1] for k in (1, 2, 3)}

    def fits(k):
        by_differences = numerical_gradient(
            lambda W: cost(forward(X, parameters | {f"W{k}": W})[0], Y), parameters[f"W{k}"]
        )
        return np.allclose(found[k], by_differences, rtol=1e-4, atol=1e-6)

    assert {k: fits(k) for k in found} == {4: True, 3: True, 2: False, 1: False}
    assert right(id) == "right: layers 3, 4; wrong: layers 1, 2"


def test_the_way_back_needs_no_bias():
    id = "quiz4.question_5"
    backward_layer = reference.function("deep_network", "linear_activation_backward")
    rng = np.random.default_rng(0)
    kept = {"A_prev": rng.normal(size=(3, 5)), "W": rng.normal(size=(2, 3)), "b": rng.normal(size=(2, 1))}
    kept["Z"], dA = kept["W"] @ kept["A_prev"] + kept["b"], rng.normal(size=(2, 5))

    def back(values):
        linear = values["A_prev"], values["W"], values["b"]
        return np.concatenate([part.ravel() for part in backward_layer(dA, (linear, values["Z"]), "relu")])

    unused = [name for name in kept if np.allclose(back(kept), back(kept | {name: kept[name] - 2}))]
    assert [right(id)] == [f"`{name}`" for name in unused]
    assert wrong(id) == {f"`{name}`" for name in kept if name not in unused}


def test_where_blame_begins():
    id = "quiz4.question_6"
    says(id, "$a = 0.8$", "$y = 0$")
    a, y = 0.8, 0
    dAL = -y / a + (1 - y) / (1 - a)
    slope = a * (1 - a)
    written = [
        f"`dAL` {x:g}, `dZ` {z:g}" for x, z in ((dAL, dAL * slope), (a, a), (-dAL, -dAL * slope), (1 / a, slope / a))
    ]
    assert right(id) == written[0]
    assert wrong(id) == set(written[1:])


def test_blame_passes_where_a_unit_is_on():
    id = "quiz4.question_7"
    says(id, "`Z` = 1, 5 and -2", "`dA` = 3, -2 and 4")
    Z, dA = np.array([1, 5, -2]), np.array([3, -2, 4])
    found = reference.function("deep_network", "relu_backward")(dA, Z)
    written = [", ".join(f"{v:g}" for v in values) for values in (found, dA * (dA > 0), dA * relu(Z), relu(Z))]
    assert right(id) == written[0]
    assert wrong(id) == set(written[1:])


def test_a_tree_of_gates():
    id = "quiz4.question_8"
    says(id, "among 64 inputs", "in pairs by XOR gates")
    bits, rows, gates = np.random.default_rng(0).integers(0, 2, size=(64, 200)), 0, 0
    values = bits
    while len(values) > 1:
        values = values[::2] ^ values[1::2]
        rows, gates = rows + 1, gates + len(values)
    assert np.array_equal(values[0], bits.sum(axis=0) % 2)
    assert right(id) == f"{rows} rows, {gates} gates"
    assert wrong(id) == {"8 rows, 64 gates", f"{gates} rows, {gates} gates", f"{rows} rows, {64 * rows} gates"}


def test_what_is_learned():
    id = "quiz4.question_9"
    learned = reference.function("deep_network", "update_parameters")(
        {f"{kind}{layer}": np.ones((1, 1)) for kind in "Wb" for layer in (1, 2)},
        {f"d{kind}{layer}": np.ones((1, 1)) for kind in "Wb" for layer in (1, 2)},
        0.5,
    )
    assert learned["b2"] == 0.5
    assert right(id) == "the biases of layer 2"


def test_the_best_of_ten():
    id = "quiz4.question_10"
    says(id, "Ten networks", "each gets 80 % right", "500 new pictures of its own")
    best = np.random.default_rng(0).binomial(500, 0.8, size=(4000, 10)).max(axis=1) / 5
    offered = [int(re.search(r"\d+", text).group()) for _, text in options_of(id)]
    nearest = Counter(min(offered, key=lambda percent: abs(percent - one)) for one in best)
    assert right(id) == f"about {nearest.most_common(1)[0][0]} %"
    assert nearest.most_common(1)[0][1] > 0.85 * len(best)
