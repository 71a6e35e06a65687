"""Random numbers are judged by laws that don't fail by bad luck."""

import math

import numpy as np
import pytest

from autograder import EXERCISES
from utils.checks.kinds import APART, FAR_MEAN, FEW, FLAT, MANY, RandomDraw
from utils.checks.outcomes import Returned
from utils.checks.verdict import Call, judge_calls

OUTPUT = RandomDraw("W")
RARE = 1e-6


def verdict(right, got):
    readings = [OUTPUT.reading(Returned(numbers), {}) for numbers in (right, got)]
    return judge_calls("f", [OUTPUT], [Call("", [readings[0]], [readings[1]])], dict)


def normal(rng, *shape):
    return 0.01 * rng.standard_normal(shape)


@pytest.mark.parametrize("shape", [(1, 1), (3, 4), (4, 6), (2, 500), (40, 60), (1200, 1), (30, 40)])
def test_no_normal_numbers_fail(shape):
    rng = np.random.default_rng(7)
    for _ in range(200):
        assert verdict(normal(rng, *shape), normal(rng, *shape)).fraction == 1.0


OTHERS = {
    "uniform": (lambda rng, *shape: rng.uniform(-0.01, 0.01, shape), "numbers around 0.005|spread evenly"),
    "uniform, of the right size": (lambda rng, *shape: 0.01 * rng.uniform(-(3**0.5), 3**0.5, shape), "spread evenly"),
    "two numbers": (lambda rng, *shape: rng.choice([-0.01, 0.01], shape), "spread evenly|rows that are equal"),
    "positive": (lambda rng, *shape: 0.02 * rng.uniform(0, 1, shape), "its numbers lie on one side"),
    "not around zero": (lambda rng, *shape: normal(rng, *shape) + 0.005, "most of its numbers lie on one side"),
    "not small": (lambda rng, *shape: rng.standard_normal(shape), "numbers around 1 in size; expected around 0.01"),
    "zeros": (lambda rng, *shape: np.zeros(shape), "all its numbers are 0"),
    "one number": (lambda rng, *shape: rng.standard_normal() * np.ones(shape), "all its numbers are the same"),
    "one row": (lambda rng, rows, columns: np.tile(normal(rng, columns), (rows, 1)), "rows that are equal"),
    "nan": (lambda rng, *shape: normal(rng, *shape) * np.nan, "nan or infinite"),
}


@pytest.mark.parametrize("shape", [(40, 60), (30, 40)])
@pytest.mark.parametrize("what", OTHERS)
def test_other_numbers_fail_every_time(what, shape):
    draw, sentence = OTHERS[what]
    rng = np.random.default_rng(8)
    for _ in range(100):
        judged = verdict(normal(rng, *shape), draw(rng, *shape))
        assert judged.fraction == 0.0
        assert any(words in str(judged) for words in sentence.split("|")), str(judged)


def test_of_few_numbers_only_what_is_certain_is_judged():
    rng = np.random.default_rng(9)
    right = normal(rng, 3, 4)
    assert verdict(right, abs(normal(rng, 3, 4))).fraction == 1.0  # 12 numbers of one sign come once in 2,000 draws
    assert verdict(right, 4 * normal(rng, 3, 4)).fraction == 1.0
    for wrong in (np.zeros((3, 4)), np.ones((3, 4)), np.tile(normal(rng, 4), (3, 1))):
        assert verdict(right, wrong).fraction == 0.0
    assert verdict(right, normal(rng, 4, 3)).fraction == pytest.approx(0.8)


def test_equal_float32_in_a_column_are_no_equal_rows():
    column = normal(np.random.default_rng(1), 40, 1)
    column[7] = column[20]
    assert verdict(normal(np.random.default_rng(2), 40, 1), column).fraction == 1.0


def beyond(count, factor):
    """How often the standard deviations of two draws differ by more than a factor: twice the tail of F, summed up."""
    half = (count - 1) / 2
    steps = (np.arange(100_000) + 0.5) / 100_000 / (1 + factor**2)
    log_beta = 2 * math.lgamma(half) - math.lgamma(2 * half)
    return 2 * np.mean(np.exp((half - 1) * (np.log(steps) + np.log1p(-steps)) - log_beta)) / (1 + factor**2)


def kurtosis_tail(count, low):
    """How often the kurtosis of normal numbers is below `low`, by Anscombe and Glynn's approximation (1983)."""
    mean = 3 * (count - 1) / (count + 1)
    variance = 24 * count * (count - 2) * (count - 3) / ((count + 1) ** 2 * (count + 3) * (count + 5))
    root = math.sqrt(6 * (count + 3) * (count + 5) / (count * (count - 2) * (count - 3)))
    skew = 6 * (count**2 - 5 * count + 2) / ((count + 7) * (count + 9)) * root
    a = 6 + 8 / skew * (2 / skew + math.sqrt(1 + 4 / skew**2))
    ratio = (1 - 2 / a) / (1 + (low - mean) / math.sqrt(variance) * math.sqrt(2 / (a - 4)))
    return math.erfc((np.cbrt(ratio) - 1 + 2 / (9 * a)) / math.sqrt(2 / (9 * a)) / math.sqrt(2)) / 2


def test_the_limits_are_as_rare_as_it_is_said():
    one_sign = 2.0 ** (1 - FEW)
    mean = math.erfc(FAR_MEAN / math.sqrt(2))  # of a thousand numbers, Student's t is nearly normal
    assert one_sign + beyond(FEW, APART[FEW]) < RARE
    assert one_sign + beyond(MANY, APART[MANY]) + 2 * mean + kurtosis_tail(MANY, FLAT) < RARE


def test_the_distributions_that_were_used_are_those_of_a_simulation():
    """Where they can be seen: in events that come once in a hundred or a thousand draws."""
    rng = np.random.default_rng(10)
    kurtosis, spreads = [], []
    for _ in range(60):
        numbers = rng.standard_normal((1000, MANY))
        deviations = numbers - numbers.mean(axis=1, keepdims=True)
        variance = np.mean(deviations**2, axis=1)
        kurtosis.extend(np.mean(deviations**4, axis=1) / variance**2)
        spreads.extend(np.sqrt(variance))
    for share in (1e-2, 1e-3):
        assert 0.5 < kurtosis_tail(MANY, np.quantile(kurtosis, share)) / share < 2
    ratios = np.array(spreads[::2]) / np.array(spreads[1::2])
    ratios = np.maximum(ratios, 1 / ratios)
    for share in (1e-2, 1e-3):
        assert 0.5 < beyond(MANY, np.quantile(ratios, 1 - share)) / share < 2
    assert min(kurtosis) > FLAT
    assert max(ratios) < APART[MANY]


def test_our_own_draws_are_the_same_every_time_and_leave_the_students_alone():
    exercise = EXERCISES["flower.initialize_parameters"]
    case = exercise.cases(0)[0]
    np.random.seed(5)
    expected = np.random.rand(3)
    np.random.seed(5)
    first = exercise.readings(exercise.reference, case)
    assert np.array_equal(np.random.rand(3), expected)
    second = exercise.readings(exercise.reference, case)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
