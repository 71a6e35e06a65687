"""Old and new marks side by side, and what the instructor reads at the end."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.intake.released import ReleasedCell, ReleasedNotebook
from autograder.grading.pool.store import StoredResults, safe_name, write_whole
from autograder.grading.run.job import HiddenTest, Result
from autograder.report.changes import (
    ROWS_SHOWN,
    OldPoints,
    changes,
    changes_text,
    max_points,
    new_points,
    write_changes,
)
from autograder.report.summary import (
    UNKNOWN,
    Recorded,
    as_recorded,
    closing,
    kept_isolation,
    left_over,
    summarise,
    write_summary,
)
from autograder.report.tables import to_csv


def cell(function, points, notebook="flower"):
    return ReleasedCell(
        f"grade-{function}", "graded", "code", "", hidden_test=HiddenTest(f"{notebook}.{function}", function, points)
    )


RELEASED = {
    "flower": ReleasedNotebook(
        "flower",
        (
            ReleasedCell("title", "plain", "markdown", "# Flower"),
            cell("sigmoid", 10.0),
            cell("propagate", 20.0),
            ReleasedCell("grade-essay", "graded", "markdown", ""),
        ),
    ),
    "quiz2": ReleasedNotebook("quiz2", (cell("q1", 1.0, "quiz2"),)),
}


def table_of(old, *results):
    """Changes between old marks and results given as (student, notebook, points)."""
    results = {(student, notebook): Result(points=points) for student, notebook, points in results}
    return changes(old, new_points(results, RELEASED), max_points(RELEASED))


def old(student, sigmoid, propagate, by_hand=None):
    marks = {
        "grade-sigmoid": OldPoints(sigmoid, None, 10.0),
        "grade-propagate": OldPoints(propagate, None, 20.0),
        "grade-essay": OldPoints(None, by_hand, 5.0),
    }
    return {(student, "flower", name): mark for name, mark in marks.items()}


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_points_of_exercises_become_those_of_cells_and_what_is_missing_is_zero():
    results = {("ann", "flower"): Result(points={"flower.sigmoid": 7.5, "flower.unknown": 99})}
    assert new_points(results, RELEASED) == {
        ("ann", "flower", "grade-sigmoid"): 7.5,
        ("ann", "flower", "grade-propagate"): 0.0,
    }


def test_a_change_names_the_cells_that_changed():
    (change,) = table_of(
        old("ann", 10.0, 20.0), ("ann", "flower", {"flower.sigmoid": 10.0, "flower.propagate": 20 / 3})
    )
    assert change.cells == (("grade-propagate", 20.0, 20 / 3),)
    assert (change.old, change.new, change.max_points) == (30.0, pytest.approx(16.667, abs=1e-3), 30.0)
    assert change.differs


def test_noise_of_floats_is_no_change():
    (change,) = table_of(old("ann", 0.1 + 0.2, 0.0), ("ann", "flower", {"flower.sigmoid": 0.3}))
    assert change.cells == ()
    assert not change.differs


def test_a_first_mark_is_told_apart_from_a_changed_one():
    never, zero = table_of(
        old("zero", 0.0, 0.0), ("never", "quiz2", {"quiz2.q1": 1.0}), ("zero", "flower", {"flower.sigmoid": 1.0})
    )
    assert (never.old, never.differs) == (None, False)
    assert (zero.old, zero.differs) == (0.0, True)


def test_marks_given_by_hand_are_named(tmp_path):
    table = table_of(old("ann", 10.0, 20.0, by_hand=4.0), ("ann", "flower", {"flower.sigmoid": 10.0}))
    assert table[0].note == "grade-essay has a mark given by hand; check it"
    assert "grade-essay has a mark given by hand; check it" in changes_text(table)
    assert rows(write_changes(tmp_path, "week2", table))[0]["note"] == table[0].note


def test_the_file_has_all_rows_and_the_terminal_those_that_differ(tmp_path):
    table = table_of(
        old("ann", 10.0, 20.0) | old("ben", 5.0, 5.0),
        ("ann", "flower", {"flower.sigmoid": 10.0, "flower.propagate": 20.0}),
        ("ben", "flower", {"flower.sigmoid": 10.0, "flower.propagate": 5.0}),
        ("cem", "quiz2", {"quiz2.q1": 1.0}),
    )
    found = rows(write_changes(tmp_path, "week2", table))
    assert [(row["student"], row["old"], row["new"], row["out of"]) for row in found] == [
        ("ann", "30.0", "30.0", "30.0"),
        ("ben", "10.0", "15.0", "30.0"),
        ("cem", "", "1.0", "1.0"),
    ]
    assert [row["changed"] for row in found] == ["", "grade-sigmoid 5 -> 10", "grade-q1 none -> 1"]
    text = changes_text(table)
    assert text.splitlines() == ["student  notebook  old  new  out of", "ben      flower    10   15   30"]
    assert changes_text([change for change in table if change.student != "ben"]) == ""


def test_a_long_table_is_cut_for_the_terminal():
    before = {key: mark for number in range(60) for key, mark in old(f"s{number:02}", 0.0, 0.0).items()}
    table = table_of(before, *((f"s{number:02}", "flower", {"flower.sigmoid": 1.0}) for number in range(60)))
    lines = changes_text(table).splitlines()
    assert len(lines) == ROWS_SHOWN + 2
    assert lines[-1] == f"... and {60 - ROWS_SHOWN} more; all are in the file."


def test_no_table_of_changes_is_ever_written_over(tmp_path):
    table = table_of({}, ("ann", "quiz2", {}))
    paths = [write_changes(tmp_path, "week2", table) for _ in range(3)]
    assert len({path.read_text() for path in paths}) == 1
    assert len(set(paths)) == 3


def test_numbers_stay_numbers_and_formulas_become_text():
    text = to_csv(("a",), [["=1+1"], ["+1"], ["-1"], ["@x"], ["\t=1"], [" =1"], ["plain"], [-1.5]])
    assert text.splitlines() == ["a", "'=1+1", "'+1", "'-1", "'@x", "'\t'=1", "' =1", "plain", "-1.5"]


TEXTS = st.text(st.one_of(st.sampled_from("=+-@;,|\t\r\n\"' a"), st.characters(codec="utf-8", exclude_characters="\0")))


@given(st.lists(TEXTS, min_size=2, max_size=2))
def test_any_text_comes_back_from_a_file_and_none_is_a_formula(cells):
    text = to_csv(("x", "y"), [cells])
    _, back = csv.reader(io.StringIO(text, newline=""))
    assert [cell.replace("'", "") for cell in back] == [cell.replace("'", "") for cell in cells]
    assert all(len(new) >= len(old) for new, old in zip(back, cells, strict=True))
    # However a spreadsheet cuts it, and whether or not quotes count there.
    for delimiter in ",;|\t":
        assert not any(map(is_formula, cells_of(text, delimiter)))
    for delimiter in ";|\t":
        assert not any(map(is_formula, re.split(rf"[{delimiter}\r\n]", text)))


def test_a_long_name_takes_no_time():
    for name in (" " * 100_000, "\n" * 100_000, ";=" * 50_000, '"' * 100_000):
        assert len(to_csv(("x",), [[name]])) >= 100_000


def cells_of(text, delimiter):
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row]


def is_formula(cell):
    return cell.lstrip(' \t\r\n"').startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("separator", [";", "\t", "\r", "\n", "|", "; ", ';"', '\t "'])
@pytest.mark.parametrize("sign", "=+-@＝")
def test_a_formula_behind_a_separator_becomes_text(separator, sign):
    cell = f"a{separator}{sign}1+1"
    assert to_csv(("x",), [[cell]]).count("'") == 1
    assert to_csv(("x",), [["a, -1, x = 1; b - 1"]]) == 'x\r\n"a, -1, x = 1; b - 1"\r\n'


RESULTS = {
    ("ann", "flower"): Result(points={"flower.sigmoid": 10.0, "flower.propagate": 20 / 3}, isolation="isolation: all"),
    ("ann", "quiz2"): Result(points={"quiz2.q1": 1.0}, isolation="isolation: all"),
    ("ben\x1b[2J", "flower"): Result(remarks=["It took too long.", "=cmd()"], isolation="isolation: best"),
    ("ben\x1b[2J", "quiz2"): Result(remarks=["It took too long."], isolation=""),
}


def test_the_summary_adds_up_and_says_each_sentence_once(tmp_path):
    standings, isolation = summarise(RESULTS, RELEASED)
    ann, ben = standings
    assert (ann.student, ann.points, ann.max_points, ann.remarks) == ("ann", pytest.approx(17.667, abs=1e-3), 31.0, ())
    assert (ben.points, ben.remarks) == (0, ("flower, quiz2: It took too long.", "flower: =cmd()"))
    assert isolation == {"isolation: all": 2, "isolation: best": 1, UNKNOWN: 1}
    folder = write_summary(tmp_path, "week2", standings, isolation=isolation)
    found = rows(folder / "summary.csv")
    assert [(row["student"], row["points"], row["out of"]) for row in found] == [
        ("ann", "17.66666667", "31.0"),
        ("ben\x1b[2J", "0.0", "31.0"),
    ]
    text = (folder / "summary.txt").read_text(encoding="utf-8")
    told = ["isolation: all (2 notebooks)", "isolation: best (1 notebook)", f"{UNKNOWN} (1 notebook)"]
    assert text.splitlines()[:4] == ["week2, 2 students", *told]
    assert "ann: 17.67 out of 31\n" in text
    assert "ben?[2J: 0 out of 31\n    flower, quiz2: It took too long.\n" in text


def test_remarks_can_come_from_elsewhere():
    standings, _ = summarise(RESULTS, RELEASED, lambda student, notebook: [f"About {notebook}."])
    assert standings[0].remarks == ("flower: About flower.", "quiz2: About quiz2.")


def test_the_summary_shows_what_the_gradebook_does():
    standings, _ = summarise(RESULTS, RELEASED)
    kept = {"ann": Recorded(20.0, 36.0, 5.0, "1:00:00", {"flower grade-essay": 5.0})}
    ann, ben = as_recorded(standings, kept)
    assert (ann.points, ann.max_points) == (15.0, 36.0)
    assert ann.remarks == (
        "20 earned, 5 taken off: handed in 1:00:00 late.",
        "5 of these points wait for a mark by hand: flower grade-essay.",
    )
    assert ben == standings[1]  # the gradebook doesn't know him yet


def test_what_was_not_taken_in_is_named(tmp_path):
    left = ["a\x1b[2J.rar can't be unpacked here.", *(f"file {number}" for number in range(60))]
    lines = left_over(left)
    assert lines[:2] == ["Not taken in:", "    a?[2J.rar can't be unpacked here."]
    assert len(lines) == ROWS_SHOWN + 2
    assert lines[-1] == f"    ... and {61 - ROWS_SHOWN} more; summary.txt has all."
    assert left_over([]) == []
    text = (write_summary(tmp_path, "week2", [], left) / "summary.txt").read_text(encoding="utf-8")
    assert text.count("    file ") == 60
    assert "Not taken in" not in (write_summary(tmp_path, "week2", []) / "summary.txt").read_text(encoding="utf-8")


def test_the_isolation_of_what_is_kept_can_be_told_when_a_run_died(tmp_path):
    for (student, notebook), result in RESULTS.items():
        write_whole(tmp_path / "week2" / safe_name(student) / f"{notebook}.json", f"{{}}\n{result.to_json()}")
    write_whole(tmp_path / "week2" / "eve" / "flower.json", "{}\nnot")
    assert kept_isolation(tmp_path, "week2") == {"isolation: all": 2, "isolation: best": 1, UNKNOWN: 1}
    assert kept_isolation(tmp_path, "week3") == {}


def test_the_last_words():
    table = table_of(
        old("ann", 0.0, 0.0), ("ann", "flower", {"flower.sigmoid": 10.0}), ("ben", "flower", {}), ("ann", "quiz2", {})
    )
    standings, isolation = summarise(RESULTS, RELEASED)
    results = StoredResults(dict.fromkeys(RESULTS), {("ann", "flower")})
    assert closing("week2", results, table, standings, isolation, ["reports/week2"]).splitlines() == [
        "week2: 1 notebook graded now, 3 kept from before, of 2 students.",
        "Marks: 1 changed, 0 unchanged, 2 for the first time. 1 student with remarks.",
        "isolation: all (2 notebooks)",
        "isolation: best (1 notebook)",
        f"{UNKNOWN} (1 notebook)",
        "See reports/week2",
    ]
