"""What counts as right: the comparison that checks and hidden tests share."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.checks.calling import call
from utils.checks.items import Aspect
from utils.checks.kinds import KINDS, AnyNumber, Array, Default, Labels, Layout, Number, NumberList, Untouched, readings
from utils.checks.outcomes import Raised, Returned, Unwritten
from utils.checks.readings import Missing, Reason
from utils.checks.verdict import Call, find_mistake, judge_calls


def verdict(outputs, expected, value, before=None, arguments=None):
    """The verdict on one returned value."""
    outcome = Returned(value, arguments=arguments or {})
    return judge_calls("f", outputs, [Call("", expected, readings(outputs, outcome, before or {}))], dict)


COLUMN = np.array([[1.0], [2.0], [3.0]])


@pytest.mark.parametrize(
    "value",
    [COLUMN, COLUMN.astype(np.float32), COLUMN.astype(int), COLUMN + 1e-9],
    ids=["same", "float32", "int", "rounding"],
)
def test_right_arrays(value):
    assert verdict([Array("w")], [COLUMN], value).fraction == 1.0


@pytest.mark.parametrize("value", [[[1.0], [2.0], [3.0]], ((1,), (2,), (3,)), [np.array([1]), [2.0], (3,)]])
def test_right_numbers_in_lists_are_an_array(value):
    assert verdict([Array("w")], [COLUMN], value).fraction == 1.0


def test_a_list_of_another_shape_loses_what_an_array_would():
    assert verdict([Array("w")], [COLUMN], [1, 2, 3]).fraction == pytest.approx(0.8)
    assert verdict([Array("w")], [COLUMN], [[1], [2], [4]]).fraction == 0.0


@pytest.mark.parametrize("kind", ["array", "number", "any number", "labels", "list"])
@pytest.mark.parametrize(
    "value", ["1", b"1", ["1"], np.array("1"), np.array(["1"]), [b"1"], np.array(["1"], dtype=object)]
)
def test_texts_are_no_numbers(kind, value):
    right = np.array([1.0]) if kind == "list" else np.array(1.0)
    judged = verdict([KINDS[kind]("cost")], [right], value)
    assert judged.fraction == 0.0
    assert "should" in str(judged)


def test_a_view_of_a_billion_numbers_is_not_copied():
    judged = verdict([Array("w")], [COLUMN], np.broadcast_to(1.0, (50_000, 25_000)))
    assert "w: is too large to be looked at: it holds 1,250,000,000 numbers" in str(judged)


def test_a_number_as_text_is_told_what_to_leave_out():
    judged = verdict([Number("cost")], [np.array(0.5)], str(0.5))
    assert "cost: should be a number, but it is text: leave out the quotes, or str()" in str(judged)


@pytest.mark.parametrize(
    "value", [True, np.True_, 1, np.uint8(1), np.float32(1), Fraction(1), Decimal(1), np.array(1, object)]
)
def test_numbers_of_all_kinds(value):
    assert verdict([Number("cost")], [np.array(1.0)], value).fraction == 1.0


def test_wrong_shape_costs_that_item_only():
    judged = verdict([Array("w")], [COLUMN], COLUMN.ravel())
    assert judged.fraction == pytest.approx(0.8)
    assert [(item.name, item.passed) for item in judged.items] == [("shape of w", False), ("value of w", True)]
    assert "w should have shape (3, 1), but it has (3,)" in str(judged)


def test_right_shape_around_wrong_numbers_earns_nothing():
    judged = verdict([Array("w")], [COLUMN], COLUMN * 2)
    assert judged.fraction == 0.0
    assert "w, first at index (0, 0): expected 1, got 2" in str(judged)


def test_where_the_shape_is_the_lesson_right_numbers_in_another_earn_nothing():
    outputs, flat = [Layout("v")], COLUMN.ravel()
    judged = verdict(outputs, [COLUMN], flat)
    assert judged.fraction == 0.0
    assert "v should have shape (3, 1), but it has (3,)" in str(judged)
    assert verdict(outputs, [COLUMN], COLUMN).fraction == 1.0
    assert verdict(outputs, [COLUMN], COLUMN * 2).fraction == 0.0
    for got in ((COLUMN, flat), (flat, COLUMN)):
        assert judge_calls("f", outputs, [Call("", [COLUMN], [value]) for value in got], dict).fraction == 0.0


@pytest.mark.parametrize("value", [0.5, np.float64(0.5), np.float32(0.5), np.array(0.5)])
def test_a_number_may_be_any_scalar(value):
    assert verdict([Number("cost")], [np.array(0.5)], value).fraction == 1.0


@pytest.mark.parametrize("value", [0.5, np.array([0.5]), np.array([[0.5]])])
def test_any_number_may_have_any_shape(value):
    assert verdict([AnyNumber("db")], [np.array(0.5)], value).fraction == 1.0


def test_a_number_in_an_array_loses_its_shape_item():
    assert verdict([Number("cost")], [np.array(0.5)], np.array([[0.5]])).fraction == pytest.approx(0.8)


@pytest.mark.parametrize("dtype", [bool, int, float, np.uint8])
def test_labels_of_any_type(dtype):
    labels = np.array([[0, 1, 1]])
    assert verdict([Labels("Y")], [labels.astype(float)], labels.astype(dtype)).fraction == 1.0


@pytest.mark.parametrize("value", [[1.0, 2.0], (1, 2), np.array([1.0, 2.0]), [np.array([[1.0]]), np.array([[2.0]])]])
def test_lists_of_numbers(value):
    assert verdict([NumberList("costs")], [np.array([1.0, 2.0])], value).fraction == 1.0


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "does your function end with `return`?"),
        ("text", "should be a list of numbers, but it is a str"),
        ([1, "a"], "should hold numbers"),
        ([], "should hold 2 numbers, but it holds 0"),
        (7.0, "should be a list of numbers, but it is a float"),
    ],
)
def test_odd_lists_get_a_sentence(value, sentence):
    judged = verdict([NumberList("costs")], [np.array([1.0, 2.0])], value)
    assert judged.fraction == 0.0
    assert sentence in str(judged)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "the result is None"),
        ({"dw": COLUMN}, "the result should hold at least 1 values, but it is one dict"),
        (({"dx": COLUMN}, 0.1), "the key 'dw' is missing in the result[0]; it has 'dx'"),
        ((COLUMN, 0.1), "the result[0] should be a dictionary with the key 'dw', but it is a numpy array"),
    ],
)
def test_another_form_gets_a_sentence(value, sentence):
    judged = verdict([Array("dw", (0, "dw"))], [COLUMN], value)
    assert judged.fraction == 0.0
    assert sentence in str(judged)


def test_nan_and_infinity_are_wrong_but_harmless():
    for bad in (np.nan, np.inf, -np.inf):
        assert verdict([Array("w")], [COLUMN], np.full((3, 1), bad)).fraction == 0.0


def test_an_argument_that_should_stay_as_it_was():
    output = [Untouched("w")]
    before = {"w": COLUMN}
    assert verdict(output, [np.array(True)], None, before, {"w": COLUMN.copy()}).fraction == 1.0
    judged = verdict(output, [np.array(True)], None, before, {"w": COLUMN - 1})
    assert judged.fraction == 0.0
    assert "work on a copy" in str(judged)


def test_special_calls_weigh_less_and_say_what_they_are_about():
    right, wrong = [np.array(1.0)], [np.array(9.0)]
    calls = [Call("", right, right), Call("on large inputs", right, wrong)]
    judged = judge_calls("f", [Number("y")], calls, dict)
    assert judged.fraction == pytest.approx(0.8)
    assert "on large inputs: y: expected 1, got 9" in str(judged)


def test_special_calls_count_once_ordinary_ones_are_right():
    """A step is right at -1000 and 1000, and is no sigmoid."""
    right, wrong = [np.array(0.7)], [np.array(1.0)]
    judged = judge_calls("f", [Number("y")], [Call("", right, wrong), Call("at 1000", wrong, wrong)], dict)
    assert judged.fraction == 0.0
    assert [item.passed for item in judged.items if item.about] == [True, True]
    assert "  ok     at 1000: right (counts once the rest is right)" in str(judged)


def test_special_calls_of_one_output_do_not_wait_for_another():
    right = [np.array(0.7), np.array(0.2)]
    half = [np.array(0.7), np.array(9.0)]
    judged = judge_calls("f", [Number("y", (0,)), Number("z", (1,))], [Call("", right, half)] * 2, dict)
    assert judged.fraction == 0.5
    special = Call("at the edge", right, right)
    judged = judge_calls("f", [Number("y", (0,)), Number("z", (1,))], [Call("", right, half), special], dict)
    assert judged.fraction == pytest.approx(0.5)
    assert [item.counts for item in judged.items if item.about] == [True, True, False, False]


X = np.array([[1.0, 2.0]])
FREE = {
    "an argument": (Array("y"), [X, 3 * X], {}),
    "an argument in another shape": (Array("y"), [X.T, 3 * X.T], {}),
    "a part of one": (Array("y"), [2 * X, 6 * X], {"cache": [5, {"A": 2}]}),
    "a setting": (Number("rate"), [np.array(0.1), np.array(0.3)], {"rate": 0.1}),
    "the same": (Array("y"), [X + 1, X + 1], {}),
    "one number": (Number("y"), [np.array(4.0), np.array(4.0)], {}),
    "zeros of any shape": (Array("y"), [np.zeros((2, 1)), np.zeros((3, 1))], {}),
    "untouched": (Untouched("X"), [np.array(True), np.array(True)], {}),
}
EARNED = {
    "other numbers": (Array("y"), [X + 1, X + 2], {}),
    "an argument once": (Array("y"), [X, 2 * X], {}),
    "one argument, then another": (Array("y"), [X, 6 * X], {"cache": [5, {"A": 2}]}),
    "zeros whose shape is the lesson": (Layout("y"), [np.zeros((2, 1)), np.zeros((3, 1))], {}),
    "an argument whose shape is the lesson": (Layout("y"), [X.T, 3 * X.T], {}),
}


def _given(factor, more):
    """Arguments, all of them so many times what they are in the first call."""
    parts = {name: value * factor for name, value in more.items() if not isinstance(value, list)}
    if "cache" in more:
        parts["cache"] = [5, {"A": 2 * X * factor}]
    return {"X": X * factor, **parts}


@pytest.mark.parametrize("name", [*FREE, *EARNED])
def test_what_is_free_counts_beside_what_is_not(name):
    output, rights, more = (FREE | EARNED)[name]
    given = [_given(1, more), _given(3, more)]
    other, hard = Number("z"), [np.array(0.3), np.array(0.8)]

    def earned(z):
        calls = [Call("", [*pair], [pair[0], got], at) for *pair, got, at in zip(rights, hard, z, given, strict=True)]
        return judge_calls("f", [output, other], calls, dict)

    alone, both = earned([np.array(7.0)] * 2), earned(hard)
    assert both.fraction == 1.0
    assert "counts once" not in str(both)
    assert (alone.fraction > 0) == (name in EARNED)
    assert ("(counts once the rest is right)" in str(alone)) == (name in FREE)


def test_where_all_is_free_it_is_all_there_is():
    zero = np.array(0.0)
    calls = [Call("", [zero, zero], [zero, np.array(1.0)])] * 2
    assert judge_calls("f", [Number("y", (0,)), Number("z", (1,))], calls, dict).fraction == 0.5


def test_one_call_does_not_tell_what_is_free():
    calls = [Call("", [X, np.array(4.0)], [X, np.array(9.0)], {"X": X})]
    assert judge_calls("f", [Array("y", (0,)), Number("z", (1,))], calls, dict).fraction == 0.5


def default_verdict(function, right=10_000.0):
    """The verdict on the default of a function that gives 1, and its item about it."""
    outcome = call(function, {})
    outputs = [Number("y"), Default("steps")]
    calls = [
        Call(about, [np.array(1.0), np.array(right)], readings(outputs, outcome, {})) for about in ("", "printing")
    ]
    judged = judge_calls("f", outputs, calls, dict)
    [item] = [item for item in judged.items if item.output == "steps"]
    return judged, item


def test_a_wrong_default_costs_a_little_and_is_told_once():
    judged, item = default_verdict(lambda steps=100: 1)
    assert judged.fraction == pytest.approx(6.25 / 7.25)
    assert item.message == "steps is 100 by default; it should be 10000"
    assert item.name == "default of steps"
    assert str(judged).count("by default") == 1


@pytest.mark.parametrize("steps", [10_000, 1e4, np.int64(10_000)])
def test_a_right_default_earns_nothing_more(steps):
    judged, item = default_verdict(lambda steps=steps: 1)
    assert (judged.fraction, item.weight) == (1.0, 0)
    assert item.message == "steps is 10000 by default"


@pytest.mark.parametrize("rate", [1e-8, 0.0075, 1.2])
def test_defaults_are_compared_to_the_last_digit(rate):
    assert default_verdict(lambda steps=rate: 1, rate)[0].fraction == 1.0
    assert default_verdict(lambda steps=rate * (1 + 1e-12): 1, rate)[0].fraction < 1.0


@pytest.mark.parametrize(
    "function",
    [
        lambda n=7: 1,
        lambda *steps: 1,
        lambda **steps: 1,
        lambda steps=None: 1,
        lambda steps=True: 1,
        lambda steps="7": 1,
        lambda steps=float("nan"): 1,
        lambda steps=10**400: 1,
        lambda steps=[7]: 1,
        7,
    ],
)
def test_a_default_that_can_not_be_read_passes(function):
    _, item = default_verdict(function)
    assert item.passed
    assert item.message == "steps: its default can't be read, so it isn't looked at"


def test_a_wrong_default_is_named_only_where_all_else_is_right():
    """Its sentence begins with "Right"."""
    outputs, right = [Number("y"), Default("steps")], [np.array(1.0), np.array(1e4)]
    mistakes = {"other-default": [[np.array(1.0), np.array(1e3)]]}
    for y, named in ((1.0, "other-default"), (2.0, None)):
        assert find_mistake(outputs, [Call("", right, [np.array(y), np.array(1e3)])], mistakes) == named


def test_a_failure_in_one_call_fails_the_item():
    right, wrong = [np.array(1.0)], [np.array(9.0)]
    judged = judge_calls("f", [Number("y")], [Call("", right, right), Call("", right, wrong)], dict)
    assert judged.fraction == 0.0


def test_call_copies_arguments_and_swallows_noise(capfd):
    def noisy(x):
        print("a lot")
        np.log(np.array([-1.0]))
        x[:] = 0
        return x

    given_array = np.ones(3)
    outcome = call(noisy, {"x": given_array})
    assert given_array.tolist() == [1, 1, 1]
    assert outcome.arguments["x"].tolist() == [0, 0, 0]
    assert capfd.readouterr() == ("", "")


def test_spare_arguments_are_given_only_to_who_asks_for_them():
    spare = {"p": 10, "q": 20, "r": 30}

    def none(a, b):
        return a + b

    def one(a, b, p):
        return a + b + p

    def any_number(*arguments):
        return len(arguments)

    for function, expected in ((none, 3), (one, 13), (any_number, 2), (lambda a, b, p=0: p, 0)):
        assert call(function, {"a": 1, "b": 2}, spare=spare).value == expected


def test_call_reports_errors_in_a_line():
    assert str(call(lambda x: x / 0, {"x": 1})) == "your code stopped with ZeroDivisionError: division by zero"
    assert "ended the program" in call(lambda: exit(3), {}).text


def test_not_attempted_is_only_said_of_the_function_itself():
    def helper():
        raise NotImplementedError()

    def own():
        raise NotImplementedError()

    def uses_helper():
        return helper()

    assert isinstance(call(own, {}), Unwritten)
    outcome = call(uses_helper, {})
    assert isinstance(outcome, Raised)
    assert (outcome.kind, outcome.text) == ("NotImplementedError", "helper isn't written yet")


def test_one_array_filled_at_every_call_is_read_at_once():
    buffer = np.zeros(2)

    def fills(x):
        buffer[:] = x
        return buffer

    outputs = [Array("y")]
    first = readings(outputs, call(fills, {"x": 1}), {})
    readings(outputs, call(fills, {"x": 2}), {})
    assert first[0].tolist() == [1, 1]


def test_the_mistake_that_explains_most_is_named():
    mistakes = {
        "first": [[np.array(10.0), np.array(2.0)]],
        "both": [[np.array(10.0), np.array(20.0)]],
        "other": [[np.array(5.0), np.array(5.0)]],
    }
    outputs = [Number("a"), Number("b")]

    def named(a, b):
        call = Call("", [np.array(1.0), np.array(2.0)], [np.array(a), np.array(b)])
        return find_mistake(outputs, [call], mistakes)

    assert named(10.0, 20.0) == "both"
    assert named(10.0, 7.0) == "first"
    assert named(0.0, 0.0) is None


def test_right_but_is_only_said_when_the_ordinary_calls_are_right():
    one, two, nine = np.array(1.0), np.array(2.0), np.array(9.0)
    mistakes = {"at the edge": [[one], [nine]]}

    def named(ordinary, special):
        calls = [Call("", [one], [ordinary]), Call("at the edge", [two], [special])]
        return find_mistake([Number("a")], calls, mistakes)

    assert named(one, nine) == "at the edge"
    assert named(two, nine) is None
    assert named(Missing(Reason.NONE), nine) is None


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.floats(), max_size=4),
    st.lists(st.lists(st.integers(), max_size=3), max_size=3),
    st.dictionaries(st.sampled_from(["dw", "db", "x"]), st.floats()),
    st.tuples(st.dictionaries(st.just("dw"), st.floats()), st.floats()),
    st.just(object()),
    st.just(np.array([["a"]])),
    st.just(np.zeros((0, 3))),
    st.just(np.zeros((3, 0))),
    st.just(np.full((3, 1), np.nan)),
    st.just(np.array([1 + 2j])),
)


RIGHT = {"number": np.array(1.0), "choice": np.array(1), "random": np.array([3.0, 1.0, -4.0, 1.0, 1.0])}


@given(values, st.sampled_from(["array", "number", "any number", "labels", "list", "random", "choice"]))
def test_nothing_that_is_returned_breaks_the_verdict(value, kind):
    for path in ((), (0, "dw"), (1,), ("dw",)):
        judged = verdict([KINDS[kind]("y", path)], [RIGHT.get(kind, COLUMN)], value)
        assert 0.0 <= judged.fraction <= 1.0
        assert str(judged)
        assert judged._repr_html_()


def test_html_escapes_what_a_student_returns():
    judged = verdict([Array("y", ("<script>",))], [COLUMN], {"<b>": 1})
    assert "<script>" not in judged._repr_html_()


def test_an_output_gives_two_items():
    missing = Missing(Reason.NONE)
    items = [item for got in (COLUMN, missing) for item in Array("a").items([(COLUMN, got)])]
    assert [item.passed for item in items] == [True, True, False, False]
    assert [item.aspect for item in items] == [Aspect.SHAPE, Aspect.VALUE] * 2
    assert [item.name for item in items] == ["shape of a", "value of a"] * 2


def test_a_value_that_fails_in_one_call_takes_the_weight_of_the_shape():
    items = Array("a").items([(COLUMN, COLUMN), (COLUMN, 2 * COLUMN), (COLUMN, COLUMN)])
    assert [(item.passed, item.weight) for item in items] == [(True, 0), (False, 5)]
    assert items[1].message == "a, first at index (0, 0): expected 1, got 2"


def test_two_outputs_of_one_name_are_judged_apart():
    outputs = [Array("A2", (0,)), Array("A2", (1, "A2"))]
    assert verdict(outputs, [COLUMN, COLUMN], (COLUMN, {})).fraction == 0.5
