"""Outputs as they go into the graded notebook: a bounded number of a bounded size, with colours and no other codes."""

import json

import pytest

from autograder.grading.run.cell_outputs import (
    MOST_CODES,
    MOST_LINES,
    MOST_OUTPUT,
    MOST_OUTPUTS,
    MOST_VERDICTS,
    TOO_MUCH,
    clean_outputs,
    size,
    verdict_outputs,
)
from autograder.grading.run.job import Result
from utils.checks.items import Item
from utils.checks.verdict import Verdict


def printed(text):
    """What a cell gave that printed a text."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def displayed(**data):
    """What a cell gave that displayed something."""
    return {"output_type": "display_data", "data": data, "metadata": {}}


def failed(*lines):
    """What a cell gave that raised an error."""
    return {"output_type": "error", "ename": "E", "evalue": "", "traceback": list(lines)}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        ("\x1b[1;38;2;255;0;0mred\x1b[m", "\x1b[1;38;2;255;0;0mred\x1b[m"),
        ("50 %\x1b[A\x1b[2K\r60 %", "50 %\r60 %"),
        ("\x1b[" + ";" * 199_000 + "mx", "x"),
        ("\x1b[" + "1" * 199_000 + "\nx", "\nx"),
        ("\x1b" * 9 + "x", "x"),
        ("a\x1b[" * 3, "a"),
    ],
)
def test_of_codes_only_colours_are_kept(text, kept):
    for output in (printed(text), failed(text), displayed(**{"text/plain": text})):
        assert json.dumps(kept) in json.dumps(clean_outputs([output]))


def test_many_codes_are_too_many():
    [output] = clean_outputs([printed("\x1b[31mx" * 10_000)])
    assert output["text"].count("\x1b[31m") == MOST_CODES
    assert output["text"].count("x") == 10_000


@pytest.mark.parametrize(
    "output",
    [
        printed("x" * MOST_OUTPUT),
        printed("\x01" * 200_000),
        printed("\U0001f600" * 100_000),
        displayed(**{"image/png": "x" * 30_000_000}),
        displayed(**{"text/html": "x" * 600_000, "text/plain": "x" * 600_000}),
        failed(*["x" * 20_000] * 60),
    ],
    ids=["text", "escapes", "pairs", "picture", "two forms", "traceback"],
)
def test_what_is_too_large_is_left_out(output):
    assert clean_outputs([output]) == [printed(TOO_MUCH)]


def test_there_are_not_too_many():
    assert len(clean_outputs([printed("x")] * 10_000)) == MOST_OUTPUTS
    [output] = clean_outputs([failed(*["x"] * 10_000)])
    assert len(output["traceback"]) == MOST_LINES


def test_a_cell_gets_what_others_left():
    output = printed("x" * 1000)
    assert clean_outputs([output], 2000) == [output]
    assert clean_outputs([output, output], 2000) == [printed(TOO_MUCH)]


@pytest.mark.parametrize("letter", ["x", "\x01", "\U0001f600", "&"])
def test_a_verdict_is_bounded(letter):
    verdict = Verdict("f", [Item(str(n), False, letter * 10_000 + str(n), 1) for n in range(40)])
    for room in (MOST_VERDICTS, 20_000):
        outputs = verdict_outputs(verdict, 1.5, room)
        assert size(outputs) < room + 300
        assert outputs[0]["data"]["text/plain"].startswith("f\n  wrong")
        assert outputs[1]["data"] == {"text/plain": "1.5"}


def test_a_whole_result_is_bounded():
    """The worst that the bounds let through: all of the room used, and the sentence in every cell after that."""
    cells = [[printed("x" * (MOST_OUTPUT - 200))], *[[printed(TOO_MUCH)]] * 1900]
    verdicts = [verdict_outputs(Verdict("f", [Item("a", False, "&" * 10**6, 1)]), 0.0, MOST_VERDICTS // 10)] * 10
    assert len(Result(outputs=[*cells, *verdicts], remarks=["x" * 300] * 20).to_json()) < 2_000_000
