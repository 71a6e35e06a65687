"""For every exercise: right answers get full marks, untouched ones none, and each known mistake is named."""

import copy
import functools
import types

import numpy as np
import pytest

from autograder import EXERCISES, judge
from autograder.exercises.callee import LocalFunction
from autograder.exercises.exercise import Question
from tests.support.tiers import many
from tests.variants import VARIANTS
from tests.variants.slips import SLIPS
from utils import make_flower, numerical_gradient, relative_error
from utils.checks import NotYet, load_checks

pytestmark = pytest.mark.long

# Nothing that is marked depends on luck: the same verdict on every draw.
SEEDS = many(3, 50)
# Questions have no inputs and no check that tells right from wrong; test_quizzes.py is about them.
IDS = [id for id, exercise in EXERCISES.items() if not isinstance(exercise, Question)]
MISTAKES = [(id, mistake.name) for id in IDS for mistake in EXERCISES[id].mistakes]


@pytest.mark.both
@pytest.mark.parametrize("id", IDS)
def test_reference_is_right(id):
    for seed in range(SEEDS):
        verdict = judge(id, EXERCISES[id].reference, seed)
        assert verdict.fraction == 1.0, f"seed {seed}\n{verdict}"
        assert verdict.mistake is None
    assert check(id)(EXERCISES[id].reference).fraction == 1.0


@pytest.mark.parametrize("id", IDS)
def test_untouched_earns_nothing(id):
    def untouched(*arguments, **options):
        raise NotImplementedError()

    untouched.__name__ = id.split(".")[1]
    verdict = judge(id, untouched)
    assert verdict.fraction == 0.0
    assert not verdict.attempted
    with pytest.raises(NotYet, match="not attempted yet"):
        check(id)(untouched)


@pytest.mark.parametrize("id", IDS)
def test_right_shapes_around_wrong_numbers_earn_nothing(id):
    """Returning sevens of the right shape is no partial credit; test_points_for_nothing.py tries much more."""
    exercise = EXERCISES[id]

    def wrong(*arguments, **options):
        return _scaled(exercise.reference(*arguments, **options))

    wrong.__name__ = exercise.name
    assert judge(id, wrong).fraction == 0.0


def _scaled(value):
    if isinstance(value, dict):
        return {key: _scaled(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_scaled(entry) for entry in value)
    return value * 0 + 7


@pytest.mark.both
@pytest.mark.parametrize(("id", "name"), MISTAKES)
def test_mistake_is_named_and_costs_the_same_points_on_every_seed(id, name):
    exercise = EXERCISES[id]
    mistaken = exercise.mistaken[name]
    fractions = set()
    for seed in range(SEEDS):
        verdict = judge(id, mistaken, seed)
        assert verdict.fraction < 1.0, f"seed {seed}"
        assert verdict.mistake == name, f"seed {seed}: named {verdict.mistake}"
        fractions.add(round(verdict.fraction, 9))
    assert len(fractions) == 1, f"luck decides: {sorted(fractions)}"
    says = next(mistake.says for mistake in exercise.mistakes if mistake.name == name)
    assert says in str(verdict)
    with pytest.raises(NotYet) as failed:
        check(id)(mistaken)
    assert failed.value.verdict.mistake == name
    assert says in str(failed.value)


@pytest.mark.parametrize(
    ("id", "wrong"),
    [
        ("logistic_regression.predict", lambda w, b, X: np.ones((1, X.shape[1]))),
        ("logistic_regression.predict", lambda w, b, X: 1 / (1 + np.exp(-(w.T @ X + b))) > 0.25),
        ("flower.predict", lambda parameters, X: np.ones((1, X.shape[1]))),
        ("numpy_basics.softmax", lambda x: x * np.nan),
    ],
)
def test_right_but_is_not_said_of_what_is_wrong(id, wrong):
    for seed in range(8):
        assert "Right, " not in str(judge(id, wrong, seed))
    with pytest.raises(NotYet) as failed:
        check(id)(wrong)
    assert "Right, " not in str(failed.value)


@pytest.mark.parametrize("id", IDS)
def test_right_numbers_in_lists_pass(id):
    """A list of lists has rows and columns, too."""
    exercise = EXERCISES[id]
    # Beside the others, so that an initialiser which is replaced during the call is replaced for all of them.
    names = dict(exercise.reference.__globals__, in_lists=_in_lists)
    names["reference"] = types.FunctionType(exercise.reference.__code__, names, argdefs=exercise.reference.__defaults__)
    exec(f"def {exercise.name}(*arguments, **options): return in_lists(reference(*arguments, **options))", names)
    lists = names[exercise.name]
    assert judge(id, lists).fraction == 1.0
    assert load_checks(exercise.notebook)(lists).fraction == 1.0


def _in_lists(value):
    if isinstance(value, dict):
        return {key: _in_lists(entry) for key, entry in value.items()}
    if isinstance(value, tuple):
        return tuple(_in_lists(entry) for entry in value)
    return value.tolist() if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize("id", ["numpy_basics.L1", "flower.compute_cost", "first_neuron.neuron"])
def test_a_number_as_text_earns_nothing(id):
    exercise = EXERCISES[id]

    def text(*arguments, **options):
        return str(exercise.reference(*arguments, **options))

    text.__name__ = exercise.name
    assert judge(id, text).fraction == 0.0
    with pytest.raises(NotYet, match=r"should be a number, but it is text: leave out the quotes, or str\(\)"):
        load_checks(exercise.notebook)(text)


@pytest.mark.parametrize("id", IDS)
def test_every_exercise_knows_enough_mistakes(id):
    assert len(EXERCISES[id].mistakes) >= 4
    sentences = [mistake.says for mistake in EXERCISES[id].mistakes]
    assert all(20 <= len(sentence) <= 250 and sentence[-1] in ".?" for sentence in sentences)


@pytest.mark.both
@pytest.mark.parametrize(("id", "number"), [(id, k) for id in IDS for k in range(len(VARIANTS[id]))])
def test_right_variants_get_full_marks(id, number):
    variant = VARIANTS[id][number]
    for seed in range(SEEDS):
        verdict = judge(id, variant, seed)
        assert verdict.fraction == 1.0, f"seed {seed}\n{verdict}"
        assert verdict.mistake is None


@pytest.mark.both
@pytest.mark.parametrize("number", range(len(SLIPS)), ids=[f"{id}-{function.__name__}" for id, function, _ in SLIPS])
def test_slips_cost_their_part_on_every_seed(number):
    id, function, earns = SLIPS[number]
    for seed in range(SEEDS):
        verdict = judge(id, function, seed)
        assert verdict.fraction == pytest.approx(earns), f"seed {seed}\n{verdict}"


@pytest.mark.both
@pytest.mark.parametrize("id", IDS)
def test_arguments_may_be_changed_after_use(id):
    """Who scribbles over the inputs loses nothing but what the text asks to leave as it was."""

    class Scribbling(LocalFunction):
        def call(self, case, replaced=None):
            outcome = super().call(case, replaced)
            outcome.value = copy.deepcopy(outcome.value)
            _scribble(outcome.arguments)
            return outcome

    for seed in range(SEEDS):
        verdict = judge(id, Scribbling(EXERCISES[id].reference), seed)
        wrong = {item.name for item in verdict.items if not item.passed}
        assert all("left untouched" in name for name in wrong), f"seed {seed}\n{verdict}"
        assert bool(wrong) == any(output.kind == "untouched" for output in EXERCISES[id].outputs)


def _scribble(arguments):
    for value in arguments.values():
        if isinstance(value, dict):
            _scribble(value)
            value.clear()
        elif isinstance(value, np.ndarray):
            value[...] = 7


USES = [(id, helper) for id in IDS for helper in EXERCISES[id].uses]


@pytest.mark.both
@pytest.mark.parametrize(("id", "helper"), many([pair for pair in USES if pair[1] == "linear_forward"], USES))
def test_a_wrong_helper_is_charged_once(id, helper):
    """Whatever is wrong with a helper costs nothing where it is used, and the verdict says why."""
    exercise = EXERCISES[id]
    wrong = EXERCISES[f"{exercise.notebook}.{helper}"]
    for mistake in wrong.mistakes:
        beside = wrong.mistaken[mistake.name].__globals__  # the other functions, which call the mistaken one
        verdict = judge(id, beside[exercise.name])
        assert verdict.fraction == 1.0, f"{mistake.name}\n{verdict}"
        assert verdict.note == "" or verdict.note.startswith("Graded with our ")


def test_at_least_three_variants_each():
    assert set(VARIANTS) == set(IDS)
    assert min(len(functions) for functions in VARIANTS.values()) >= 3


def check(id):
    """The students' check of an exercise, for a function of any name."""
    notebook, name = id.split(".")
    own = load_checks(notebook)

    def named(function):
        @functools.wraps(function)
        def renamed(*arguments, **options):
            return function(*arguments, **options)

        renamed.__name__ = name
        return own(function if function.__name__ == name else renamed)

    return named


# ---- mathematics of the reference, twice


@pytest.mark.parametrize("id", ["numpy_basics.sigmoid", "numpy_basics.softmax", "logistic_regression.sigmoid"])
def test_large_inputs_stay_finite_and_silent(id):
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        result = EXERCISES[id].reference(np.array([[-1000.0, 0.0, 1000.0], [1000.0, 1000.0, -1000.0]]))
    assert np.isfinite(result).all()
    assert ((result >= 0) & (result <= 1)).all()


def test_gradients_of_the_reference_equal_finite_differences():
    propagate = EXERCISES["logistic_regression.propagate"].reference
    rng = np.random.default_rng(3)
    w, b, X, Y = rng.normal(size=(4, 1)), 0.3, rng.normal(size=(4, 7)), rng.integers(0, 2, (1, 7))
    grads, _ = propagate(w, b, X, Y)
    assert relative_error(grads["dw"], numerical_gradient(lambda v: propagate(v, b, X, Y)[1], w)) < 1e-8
    assert relative_error(grads["db"], numerical_gradient(lambda v: propagate(w, v, X, Y)[1], b)) < 1e-8


def test_sigmoid_derivative_equals_finite_differences():
    sigmoid, slope = (EXERCISES[f"numpy_basics.{name}"].reference for name in ("sigmoid", "sigmoid_derivative"))
    x = np.linspace(-5, 5, 21)
    measured = [numerical_gradient(sigmoid, value) for value in x]
    assert relative_error(slope(x), np.array(measured)) < 1e-8


def flower(name):
    """A function of the flower notebook."""
    return EXERCISES[f"flower.{name}"].reference


def test_backpropagation_of_the_flower_equals_finite_differences():
    rng = np.random.default_rng(4)
    X, Y = rng.normal(size=(3, 6)), rng.integers(0, 2, (1, 6))
    parameters = {"W1": (4, 3), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}
    parameters = {name: rng.normal(size=shape) for name, shape in parameters.items()}
    grads = flower("backward_propagation")(parameters, flower("forward_propagation")(X, parameters)[1], X, Y)

    def cost_with(name, value):
        return flower("compute_cost")(flower("forward_propagation")(X, {**parameters, name: value})[0], Y)

    for name, value in parameters.items():
        by_nudging = numerical_gradient(lambda v, name=name: cost_with(name, v), value)
        assert relative_error(grads[f"d{name}"], by_nudging) < 1e-8


def deep(name):
    """A function of the notebook on deep networks."""
    return EXERCISES[f"deep_network.{name}"].reference


@pytest.mark.parametrize("hidden", [(), (4,), (4, 3), (4, 3, 5), (4, 3, 5, 2)], ids=len)
def test_backpropagation_of_deep_networks_equals_finite_differences(hidden):
    rng = np.random.default_rng(len(hidden))
    X, Y = rng.normal(size=(3, 12)), rng.integers(0, 2, (1, 12))
    # Biases that aren't zero keep the weighted sums away from the kinks of ReLU.
    start = deep("initialize_parameters_deep")([3, *hidden, 1])
    parameters = {name: rng.normal(size=value.shape, scale=0.8) for name, value in start.items()}
    AL, caches = deep("L_model_forward")(X, parameters)
    grads = deep("L_model_backward")(AL, Y, caches)
    assert len(caches) == len(hidden) + 1

    def cost_with(name, value):
        return deep("compute_cost")(deep("L_model_forward")(X, {**parameters, name: value})[0], Y)

    for name, value in parameters.items():
        by_nudging = numerical_gradient(lambda v, name=name: cost_with(name, v), value)
        assert relative_error(grads[f"d{name}"], by_nudging) < 1e-6, name
        assert np.any(grads[f"d{name}"])


def test_backpropagation_of_a_linear_output_equals_finite_differences():
    rng = np.random.default_rng(5)
    A_prev, Y = rng.normal(size=(3, 7)), rng.normal(size=(1, 7))
    W, b = rng.normal(size=(1, 3)), rng.normal(size=(1, 1))

    def cost(A_prev, W, b):
        return np.mean((W @ A_prev + b - Y) ** 2)

    found = deep("linear_output_backward")(W @ A_prev + b, Y, (A_prev, W, b))
    for grad, by_nudging in zip(
        # What goes back is for each example; the mean comes with the weights.
        (found[0] / 7, *found[1:]),
        (
            numerical_gradient(lambda v: cost(v, W, b), A_prev),
            numerical_gradient(lambda v: cost(A_prev, v, b), W),
            numerical_gradient(lambda v: cost(A_prev, W, v), b),
        ),
        strict=True,
    ):
        assert relative_error(grad, by_nudging) < 1e-8


@pytest.mark.parametrize("name", ["the-last-da-for-all", "dal-for-all", "upwards"])
def test_right_for_two_layers_only_fails(name):
    """What two layers forgive is seen with three."""
    exercise = EXERCISES["deep_network.L_model_backward"]
    verdict = judge(exercise.id, exercise.mistaken[name])
    two = [item.passed for item in verdict.items if item.about == "with two layers"]
    assert all(two) == (name != "dal-for-all")
    assert verdict.fraction == 0.0
    ordinary = {item.name: item.passed for item in verdict.items if not item.about}
    assert ordinary["value of dW5"]
    assert not ordinary["value of dW1"]


@pytest.mark.verify
@pytest.mark.parametrize(("n_h", "low", "high"), [(1, 0.6, 0.75), (2, 0.6, 0.75), (4, 0.9, 1.0)])
def test_how_many_units_the_flower_takes(n_h, low, high):
    """Over eight starts: one or two hidden units stay below 75 %, four reach 90 % and more."""
    X, Y = make_flower()
    for seed in range(8):
        np.random.seed(seed)
        trained = flower("nn_model")(X, Y, n_h, num_iterations=3000)
        share = np.mean(flower("predict")(trained, X) == Y)
        assert low <= share <= high, f"seed {seed}: {share:.1%}"


@pytest.mark.verify
@pytest.mark.parametrize(
    ("layer_dims", "median", "worst"),
    [([2, 1], (0.45, 0.6), 0.45), ([2, 20, 1], (0.86, 0.93), 0.84), ([2, 8, 6, 1], (0.9, 0.97), 0.0)],
    ids=["one", "two", "three"],
)
def test_how_deep_networks_do_on_the_flower(layer_dims, median, worst):
    """What the notebook says: a coin, nine in ten from every start, a little more from most."""
    X, Y = make_flower()
    shares = []
    for seed in range(9):
        np.random.seed(seed)
        parameters = deep("initialize_parameters_deep")(layer_dims)
        for _ in range(3000):
            AL, caches = deep("L_model_forward")(X, parameters)
            parameters = deep("update_parameters")(parameters, deep("L_model_backward")(AL, Y, caches), 0.1)
        shares.append(np.mean((deep("L_model_forward")(X, parameters)[0] > 0.5) == Y))
    assert median[0] <= np.median(shares) <= median[1]
    assert min(shares) >= worst
