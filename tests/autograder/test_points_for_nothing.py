"""What can be had without doing the work earns nothing, in every exercise of the catalogue."""

import inspect
import json
from functools import cache

import numpy as np
import pytest

from autograder import EXERCISES
from autograder.exercises.callee import LocalFunction
from autograder.exercises.exercise import EXAMPLES, Question
from tests.support.tiers import many
from utils.checks import verdict
from utils.checks.calling import numbers_in
from utils.checks.kinds import Default, Series, readings, unpacked
from utils.checks.outcomes import Returned
from utils.checks.readings import leaves
from utils.checks.values import FROZEN, thaw
from utils.checks.verdict import Call, judge_calls

IDS = [id for id, exercise in EXERCISES.items() if not isinstance(exercise, Question)]
SEEDS = many(1, 8)
ANOTHER = 10**6  # the seed of somebody else

# What earns something all the same: exercise, share of the points, answers, and why that is right. An entry that isn't
# needed any more fails, too.
ALLOWED = [
    (
        "logistic_regression.initialize_with_zeros",
        1.0,
        ["0 everywhere", "step down of the first everywhere"],
        "the start is zeros",
    ),
    (
        "logistic_regression.initialize_with_zeros",
        0.5,
        ["the majority", "the mean", "0 at place 0, None elsewhere", "0 at place 2, None elsewhere"],
        "the start is zeros, and w alone is half of it",
    ),
    (
        "numpy_basics.image2vector",
        1.0,
        [
            "identity of the first everywhere",
            "size of the first everywhere",
            "in a row of the first everywhere",
            "in a column of the first",
            "in a column of the first everywhere",
        ],
        "the numbers of a picture in a column are what is asked",
    ),
    (
        "activations.relu_prime",
        1.0,
        ["step of the first", "step of the first everywhere"],
        "the slope of ReLU is a step",
    ),
    (
        "flower.layer_sizes",
        1 / 3,
        ["shape of the first", "shape of the first everywhere"],
        "the first size of X is n_x",
    ),
]


# ---- answers: functions of `Asked`, which give what a student's function could return


class Asked:
    """One call that an answer has to be given to.

    Attributes
    ----------
    exercise : Exercise
    number : int
        Which of the exercise's calls it is.
    arguments : list
    right : object
        What our function returns: answers take its form, and nothing else, unless they say so.
    """

    def __init__(self, exercise, number, case):
        self.exercise, self.number, self.case = exercise, number, case
        self.arguments = [*case.arguments.values(), *case.options.values()]
        self.right = LocalFunction(exercise.reference).call(case).value

    def filled(self, fill):
        """A value of the right form, in which fill(path, leaf) takes the place of every array and number."""
        return _filled(self.right, fill)

    @property
    def rng(self):
        """A random generator, the same for this call every time."""
        return np.random.default_rng(self.number)

    @property
    def first(self):
        """The first argument that can be read as numbers, as an array; a number where there is none."""
        for _, value in leaves(self.arguments):
            if isinstance(value, np.ndarray | float | int):
                return np.asarray(value, dtype=float)
        return np.asarray(0.5)


def _filled(value, fill, path=()):
    if isinstance(value, dict):
        return {key: _filled(entry, fill, (*path, key)) for key, entry in value.items()}
    if isinstance(value, tuple) or (isinstance(value, list) and isinstance(value[0], tuple)):
        return tuple(_filled(entry, fill, (*path, number)) for number, entry in enumerate(value))
    return fill(path, np.asarray(value))


def _shaped(numbers, leaf):
    """Numbers in the shape of a leaf, repeated or cut where they don't fit."""
    return np.resize(numbers if np.size(numbers) else np.nan, leaf.shape)


def fills(fill):
    """An answer of the right form, filled with fill(asked, leaf)."""
    return lambda asked: asked.filled(lambda path, leaf: _shaped(fill(asked, leaf), leaf))


def of_the_first(function):
    """The answers that a function of the first argument gives: as it is, and in the right form."""

    def as_it_is(asked):
        return function(asked.first)

    return as_it_is, fills(lambda asked, leaf: function(asked.first))


def argument(number):
    """The answers that hand an argument back: as it is, and in the place of everything."""

    def as_it_is(asked):
        return asked.arguments[number % len(asked.arguments)]

    return as_it_is, lambda asked: asked.filled(lambda path, leaf: as_it_is(asked))


def arguments_by_name(asked):
    """What has the name of an argument, or of a part of one, is that; all else is the first argument."""
    given = {str(path[-1]): value for path, value in leaves(asked.case.arguments)}
    names = {output.path: output.name for output in asked.exercise.outputs}
    return asked.filled(lambda path, leaf: given.get(names.get(path, ""), asked.first))


def like_another(asked):
    """Every output is an argument of its shape."""
    candidates = [value for _, value in leaves(asked.arguments) if not isinstance(value, list | tuple | str)]

    def fill(path, leaf):
        return next((value for value in candidates if np.shape(value) == leaf.shape), None)

    return asked.filled(fill)


def one_only(place, fill):
    """One of the things that are returned is filled, and all others are None."""

    def answer(asked):
        paths = []
        asked.filled(lambda path, leaf: paths.append(path))
        wanted = paths[place % len(paths)]
        return asked.filled(lambda path, leaf: np.full(leaf.shape, fill) if path == wanted else None)

    return answer


@cache
def _given_to_another(exercise):
    """What our function gives in the calls of another student."""
    return [LocalFunction(exercise.reference).call(case).value for case in exercise.cases(ANOTHER)]


def learnt_for_each_call(asked):
    """What is right in the same call of another student."""
    return _given_to_another(asked.exercise)[asked.number]


def learnt_once(asked):
    """What is right in the first call of another student."""
    return _given_to_another(asked.exercise)[0]


def frozen(asked):
    """What the students' files say is right for the example whose inputs are most like these."""
    examples = json.loads((FROZEN / f"{asked.exercise.notebook}.json").read_text(encoding="utf-8"))
    cases = examples[asked.exercise.name]["cases"]
    nearest = min(cases, key=lambda case: _distance(asked.case.arguments, thaw(case["arguments"])))
    expected = {}
    for output, reading in zip(asked.exercise.outputs, thaw(nearest["expected"]), strict=True):
        arrays = unpacked(reading) if isinstance(output, Series) else {(): reading}
        expected |= {_place(output.path, numbers): array for numbers, array in arrays.items()}
    return asked.filled(lambda path, leaf: expected.get(path))


def _place(path, numbers):
    """A path with numbers in the place of each #."""
    numbers = list(numbers)
    steps = [step.replace("#", str(numbers.pop(0))) if "#" in str(step) else step for step in path]
    return tuple(int(step) if str(step).isdigit() else step for step in steps)


def _distance(ours, theirs):
    """How far inputs are from others: first in their shapes, then in their numbers."""
    here, there = (
        {path: np.asarray(value, float) for path, value in leaves(given) if isinstance(value, np.ndarray | float | int)}
        for given in (ours, theirs)
    )
    pairs = [(value, there.get(path, np.empty(0))) for path, value in here.items()]
    alike = [np.max(np.abs(a - b), initial=0.0) for a, b in pairs if a.shape == b.shape]
    return len(pairs) - len(alike), sum(alike)


def majority(asked, leaf):
    """What most of the right numbers are, where there are several."""
    values, counts = np.unique(leaf, return_counts=True)
    return values[np.argmax(counts)] if leaf.size > 1 else np.nan


def mean(asked, leaf):
    """The mean of the right numbers, where there are several."""
    return np.mean(leaf) if leaf.size > 1 else np.nan


def _answers():
    """All answers by name."""
    found = {
        "None": lambda asked: None,
        "Nones": lambda asked: asked.filled(lambda path, leaf: None),
        "a tuple of Nones": lambda asked: (None,) * 4,
        "empty": lambda asked: asked.filled(lambda path, leaf: np.empty(0)),
        "nothing in it": lambda asked: type(asked.right)() if isinstance(asked.right, dict | tuple) else (),
        "noise": fills(lambda asked, leaf: asked.rng.normal(size=leaf.shape)),
        "even noise": fills(lambda asked, leaf: asked.rng.uniform(size=leaf.shape)),
        "coins": fills(lambda asked, leaf: asked.rng.integers(0, 2, leaf.shape)),
        "infinity": fills(lambda asked, leaf: np.inf),
        "numbers in a row": fills(lambda asked, leaf: np.arange(leaf.size)),
        "the majority": fills(majority),
        "the mean": fills(mean),
        "arguments by name": arguments_by_name,
        "arguments by shape": like_another,
        "the frozen answers": frozen,
        "learnt for each call": learnt_for_each_call,
        "learnt once": learnt_once,
    }
    for number in (0, 1, -1, 0.5, 0.25, 4, np.nan):
        found[f"{number} everywhere"] = fills(lambda asked, leaf, number=number: number)
        found[f"a bare {number}"] = lambda asked, number=number: number
    for place in range(4):
        for number in (0, 1):
            found[f"{number} at place {place}, None elsewhere"] = one_only(place, number)
        found[f"argument {place}"], found[f"argument {place} everywhere"] = argument(place)
    for name, function in {
        "identity": lambda z: z,
        "transposed": np.transpose,
        "in a row": np.ravel,
        "in a column": lambda z: np.reshape(z, (-1, 1)),
        "step": lambda z: (z > 0) * 1.0,
        "step down": lambda z: (z < 0) * 1.0,
        "sign": np.sign,
        "size": np.abs,
        "negative": np.negative,
        "half": lambda z: z / 2,
        "line": lambda z: 0.5 + z / 4,
        "bent line": lambda z: np.clip(0.5 + z / 4, 0, 1),
        "clipped": lambda z: np.clip(z, -1, 1),
        "square": np.square,
        "mean": np.mean,
        "sum": np.sum,
        "largest": np.max,
        "shape": np.shape,
    }.items():
        found[f"{name} of the first"], found[f"{name} of the first everywhere"] = of_the_first(function)
    return found


ANSWERS = _answers()


# ---- tests


def fraction(exercise, calls, value_of):
    """What an answer earns: value_of(asked) in each call."""
    judged = []
    for asked, right in calls:
        outcome = Returned(value_of(asked), arguments=asked.case.arguments)
        got = readings(exercise.outputs, outcome, asked.case.arguments)
        judged.append(Call(asked.case.about, right, got, asked.case.arguments))
    return judge_calls(exercise.name, exercise.outputs, judged, dict).fraction


@cache
def calls_of(exercise, seed):
    """The calls that are made for a seed, and what is right in each."""
    return [
        (Asked(exercise, number, case), exercise.readings(exercise.reference, case))
        for number, case in enumerate(exercise.cases(seed))
    ]


@pytest.mark.both
@pytest.mark.parametrize("id", IDS)
def test_nothing_is_earned_by_what_can_be_had_for_nothing(id):
    exercise = EXERCISES[id]
    for seed in range(SEEDS):
        calls = calls_of(exercise, seed)
        with np.errstate(all="ignore"):
            earned = {name: fraction(exercise, calls, answer) for name, answer in ANSWERS.items()}
        allowed = {name: share for of, share, names, _ in ALLOWED for name in names if of == id}
        assert {name: share for name, share in earned.items() if share} == pytest.approx(allowed), f"seed {seed}"


def test_what_is_allowed_names_exercises_and_answers_that_are_there():
    assert all(id in IDS and set(names) <= set(ANSWERS) for id, _, names, _ in ALLOWED)


@pytest.mark.parametrize(
    ("id", "answer", "earned"),
    [
        ("logistic_regression.optimize", "None", 1.5 / 39),
        ("logistic_regression.model", "arguments by name", 10 / 35),
        ("logistic_regression.initialize_with_zeros", "0 at place 1, None elsewhere", 1 / 2),
        ("flower.initialize_parameters", "0 everywhere", 1 / 2),
        ("flower.layer_sizes", "4 everywhere", 1 / 3),
    ],
)
def test_without_the_rule_these_would_earn_points(id, answer, earned, monkeypatch):
    """The control: what the rule takes away."""
    calls = calls_of(EXERCISES[id], 0)
    assert fraction(EXERCISES[id], calls, ANSWERS[answer]) == 0
    monkeypatch.setattr(verdict, "_shows_work", lambda *_: True)
    assert fraction(EXERCISES[id], calls, ANSWERS[answer]) == pytest.approx(earned)


@pytest.mark.parametrize("id", IDS)
def test_something_takes_work(id):
    """And there is more than one ordinary call, or nobody could tell what is always the same."""
    exercise = EXERCISES[id]
    ordinary = [(asked.case.arguments, right) for asked, right in calls_of(exercise, 0) if not asked.case.about]
    arguments, rights = zip(*ordinary, strict=True)
    assert len(ordinary) > 1
    assert not all(
        output.is_free([right[o] for right in rights], arguments) for o, output in enumerate(exercise.outputs)
    )


@pytest.mark.both
@pytest.mark.parametrize("id", IDS)
def test_every_special_case_is_drawn_anew(id):
    """What is right in it is something else for nearly everybody, and other than in the files that students have."""
    exercise = EXERCISES[id]
    answers = {}
    for seed in [EXAMPLES, *range(many(4, 20))]:
        for case in exercise.cases(seed):
            if case.about:
                right = [np.asarray(reading).tolist() for reading in exercise.readings(exercise.reference, case)]
                answers.setdefault(case.about, {}).setdefault(seed, []).append(right)
    for about, given in answers.items():
        examples, *others = map(str, given.values())
        assert others.count(examples) <= 1, f"{about}: the frozen answer is right for others"
        assert len(set(others)) > len(others) / 2, f"{about}: the answers are few"


@pytest.mark.parametrize("id", IDS)
def test_no_default_goes_unseen(id):
    """A number in the signature is either left out in some call, or looked at itself."""
    exercise = EXERCISES[id]
    defaults = numbers_in({name: p.default for name, p in inspect.signature(exercise.reference).parameters.items()})
    looked_at = {output.name for output in exercise.outputs if isinstance(output, Default)}
    for name in defaults:
        left_out = any(name not in case.arguments | case.options for case in exercise.cases(0))
        assert left_out != (name in looked_at), name
