"""What counts as an answer, what as a right one, and how answers are counted."""

import numpy as np
import pytest

from utils.answers import Answer, Question, is_right, judge, read_number, summary, words


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("90", "", 90),
        (" 0.5 ", "", 0.5),
        (".5", "", 0.5),
        ("5.", "", 5),
        ("-30", "", -30),
        ("−30", "", -30),  # the minus sign of typesetters
        ("+2", "", 2),
        ("2e-3", "", 0.002),
        ("1E3", "", 1000),
        ("1/4", "", 0.25),
        ("1 / 4", "", 0.25),
        ("-1/4", "", -0.25),
        ("90 thousand", "thousand", 90),
        ("90 Thousand", "thousand", 90),
        ("76%", "%", 76),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, unit, number):
    assert read_number(typed, unit) == number


@pytest.mark.parametrize(
    "typed",
    [
        *("", "  ", "abc", "9o", "1,250", "0,5", "1 250", "12 13", "1..2", "--3", "3-", "2*3", "0x10", "1_000", "ten"),
        *("nan", "inf", "-inf", "1e999", "1/0", "1/2/3", "/2", "90 metres", "76%", "1e", "٣x", "\n", "9" * 400),
    ],
)
def test_what_is_not_one_number_without_a_doubt_is_no_answer(typed):
    assert read_number(typed, "thousand") is None


def test_long_texts_are_read_at_once():
    """A text that a slip of the keyboard (or a paste) made never keeps the kernel busy."""
    for typed in ("1" * 100_000 + "x", "1e" * 50_000, "1e999999999", "1/" * 50_000, "+" * 100_000, " " * 100_000):
        assert read_number(typed) is None


@pytest.mark.parametrize(
    ("given", "measured", "within", "right"),
    [
        (90, 90, 0, True),
        (90.0, np.int64(90), 0, True),
        (89, 90, 0, False),
        (0.1 + 0.2, 0.3, 0, True),  # rounding never makes an answer wrong
        (0, 1e-10, 0, False),
        (80, 100, 0.2, True),
        (79, 100, 0.2, False),
        (-80, -100, 0.2, True),
        (80, -100, 0.2, False),
        (0, 0, 0.2, True),
        (0.01, 0, 0.2, False),
        ("b", "b", 0, True),
        (" B", "b", 0, True),
        ("a", "b", 0, False),
        ("many", 10, 0, False),
        ((3, 1), (3, 1), 0, True),
        ((3, 1), (1, 3), 0, False),
        (float("nan"), 1, 0.5, False),
    ],
)
def test_right_is_what_agrees(given, measured, within, right):
    assert is_right(given, measured, within) is right


PREDICTION = Question("hut", "What does it cost?", options=("0", "below 0"))
SUM = Question("sum", "3 · 50 - 60?", unit="thousand", arithmetic=True)
STEPS = Question("steps", "How many?", within=0.25)


@pytest.mark.parametrize(
    ("question", "given", "measured", "sentence"),
    [
        (PREDICTION, "below 0", "below 0", "You saw that coming: below 0."),
        (PREDICTION, "0", "below 0", "Not quite: you said 0, and it is below 0."),
        (SUM, 90.0, 90, "Right: 90 thousand."),
        (SUM, 150.0, 90, "Not quite: you said 150 thousand, and it is 90 thousand."),
        (STEPS, 300.0, 302, "You saw that coming: you said 300, and it is 302."),
    ],
)
def test_a_verdict_is_one_sentence(question, given, measured, sentence):
    answer, verdict = judge(question, given, measured)
    assert verdict == sentence
    assert answer == (given, measured, not sentence.startswith("Not"), question.arithmetic)


def test_arithmetic_is_counted_apart_and_the_wrong_ones_come_first():
    answers = {
        "hut": Answer("0", "0", True),
        "steps": Answer(10.0, 302, False),
        "sum": Answer(90.0, 90, True, arithmetic=True),
    }
    assert summary(answers) == [
        "1 of 2 predictions came true.",
        "✗ steps: you said 10, it is 302",
        "✓ hut: you said 0, it is 0",
        "1 of 1 worked out right.",
        "✓ sum: you said 90, it is 90",
    ]
    assert summary({}) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(90.0, "90"), (-0.5, "-0.5"), (1 / 3, "0.3333"), (12500.0, "12500"), (1e20, "1e+20"), (float("inf"), "inf")],
)
def test_values_are_written_as_people_write_them(value, text):
    assert words(value) == text


def test_a_value_that_is_no_number_has_words_too():
    assert words(float("nan")) == "nan"
    assert words(np.int64(3)) == "3"
    assert words((3, 1)) == "(3, 1)"
