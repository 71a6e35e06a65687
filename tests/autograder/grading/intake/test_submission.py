"""Submissions, broken and hostile: each gives clean notebooks and sentences, and nothing outside is read."""

import copy
import json
import os
import random
import sys
import time

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum

from autograder.grading.intake import salvage as salvaging
from autograder.grading.intake.repair import repair
from autograder.grading.intake.salvage import RawCell, salvage
from autograder.grading.intake.scan import ReadingLimits, shadows
from autograder.grading.intake.submission import read_submission
from autograder.platforms.nbgrader.notebooks import to_notebook
from tests.support.damage import answers, damage
from tests.support.released import WEEKS, released
from tests.support.submissions import solutions, write_submission

WEEK = "week1"
NAME = "first_neuron"
NOTEBOOKS = released(WEEK)
RELEASED = {cell.id: cell for cell in NOTEBOOKS[NAME].cells}


@pytest.fixture
def solved(tmp_path):
    """A solved notebook as a dict, fresh for every test."""
    write_submission(tmp_path / "solved", WEEK, NAME, solutions(NAME))
    notebook = json.loads((tmp_path / "solved" / f"{NAME}.ipynb").read_text())
    for one in notebook["cells"]:
        one["source"] = "".join(one["source"])
    return notebook


@pytest.fixture
def folder(tmp_path):
    """An empty folder to hand in."""
    path = tmp_path / "submitted"
    path.mkdir()
    return path


@pytest.fixture
def hand_in(folder):
    """Hand in one notebook, a dict, text or bytes, and get it clean."""

    def hand_in(content, limits=None):
        data = content if isinstance(content, bytes | str) else json.dumps(content)
        (folder / f"{NAME}.ipynb").write_bytes(data.encode() if isinstance(data, str) else data)
        return read_submission(folder, {NAME: NOTEBOOKS[NAME]}, limits).notebooks[NAME]

    return hand_in


def cell(notebook, name):
    """A cell of a notebook as a dict."""
    return next(one for one in notebook["cells"] if one["id"] == name)


def by_id(clean):
    """A clean notebook's cells by their ids."""
    return {one.id: one for one in clean.cells}


def problems(clean, plan, kept=()):
    """What is wrong with a clean notebook: tests that aren't as released, answers in `kept` that are lost or late."""
    found, at = [], {one.released.id: i for i, one in enumerate(clean.cells) if one.released is not None}
    for one in plan.cells:
        same = [c for c in clean.cells if c.released is one]
        if one.role != "plain" and len(same) != 1:
            found.append(f"{one.id} is there {len(same)} times")
        elif one.role in ("graded", "locked") and (same[0].source, same[0].metadata) != (one.source, one.metadata):
            found.append(f"{one.id} isn't as released")
        elif one.role == "graded" and (name := one.hidden_test.function) in kept:
            answer = next(c for c in plan.cells if c.role == "answer" and f"def {name}(" in c.source)
            mine = clean.cells[at[answer.id]]
            if (mine.source, mine.cell_type) != (solutions(plan.name)[name], "code"):
                found.append(f"the answer {answer.id} is lost")
            if at[answer.id] > at[one.id]:
                found.append(f"{one.id} stands before its answer")
    if any("ask your instructor" in remark for remark in clean.remarks):
        found.append("it couldn't be repaired")
    return found


def assert_whole(clean):
    """All answers are there, and nothing is wrong."""
    assert problems(clean, NOTEBOOKS[NAME], kept=solutions(NAME)) == []


def assert_valid(clean):
    """nbformat and nbgrader accept it."""
    notebook = to_notebook(clean)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert len({one.id for one in notebook.cells}) == len(notebook.cells)


# What is as it should be


@pytest.mark.parametrize("week", WEEKS)
def test_solved_notebooks_pass_unchanged(week, folder):
    for name in released(week):
        write_submission(folder, week, name, solutions(name))
    submission = read_submission(folder, released(week))
    assert submission.remarks == []
    for name, clean in submission.notebooks.items():
        assert clean.remarks == []
        assert problems(clean, released(week)[name], kept=solutions(name)) == []
        assert [one.id for one in clean.cells] == [one.id for one in released(week)[name].cells]
        assert {one.released.role for one in clean.cells if one.changed} == {"answer"}
        assert_valid(clean)


def test_nbgrader_finds_what_it_needs(hand_in, solved):
    cell(solved, "relu")["source"] = RELEASED["relu"].source
    notebook = {one.id: one for one in to_notebook(hand_in(solved)).cells}
    about = notebook["grade-relu"].metadata.nbgrader
    assert about.points == 15
    assert about.checksum == compute_checksum(notebook["grade-relu"])
    assert "hidden_test(" in notebook["grade-relu"].source
    # An untouched answer has its released checksum, so nbgrader says "No response."
    assert notebook["relu"].metadata.nbgrader.checksum == compute_checksum(notebook["relu"])
    assert notebook["neuron"].metadata.nbgrader.checksum != compute_checksum(notebook["neuron"])


# Cells


def test_missing_cells_come_back_where_they_were(hand_in, solved):
    gone = ("relu", "check-neuron", "grade-neuron", "imports", "relu-after")
    solved["cells"] = [one for one in solved["cells"] if one["id"] not in gone]
    clean = hand_in(solved)
    assert [one.id for one in clean.cells if one.released.role != "plain"] == [
        one.id for one in RELEASED.values() if one.role != "plain"
    ]
    assert not by_id(clean)["relu"].changed
    assert not {"imports", "relu-after"} & by_id(clean).keys()
    words = "the answer cell of relu, the check of neuron and the cell that grades neuron"
    assert clean.remarks == [f"Missing, and put back as released: {words}."]
    assert_valid(clean)


def test_the_last_copy_is_the_answer(hand_in, solved):
    first = cell(solved, "relu")
    last = copy.deepcopy(first) | {"id": "copied"}
    first["source"] = "def relu(z):\n    return z"
    solved["cells"].append(last)
    clean = hand_in(solved)
    assert_whole(clean)
    assert [one.source for one in clean.cells if one.released is None] == ["def relu(z):\n    return z"]
    assert len(clean.remarks) == 2
    assert "answer cell of relu" in clean.remarks[0]
    assert_valid(clean)


def test_an_empty_copy_is_no_answer(hand_in, solved):
    stub = copy.deepcopy(cell(solved, "relu")) | {"source": RELEASED["relu"].source, "id": "stub"}
    solved["cells"].insert(8, stub)
    clean = hand_in(solved)
    assert_whole(clean)
    assert len(clean.cells) == len(RELEASED)


def test_split_answer_keeps_its_name_on_the_half_with_the_head(hand_in, solved):
    at = solved["cells"].index(cell(solved, "relu"))
    second = copy.deepcopy(solved["cells"][at]) | {"id": "second", "source": "    return 1"}
    solved["cells"][at]["source"] = "def relu(z):\n"
    solved["cells"].insert(at + 1, second)
    clean = hand_in(solved)
    halves = [(one.id, one.source) for one in clean.cells[at : at + 2]]
    assert halves == [("relu", "def relu(z):\n"), ("second", "    return 1")]


def test_two_answers_in_one_cell_both_count(hand_in, solved):
    cell(solved, "relu")["source"] += "\n\n" + cell(solved, "neuron")["source"]
    solved["cells"].remove(cell(solved, "neuron"))
    clean = hand_in(solved)
    assert by_id(clean)["neuron"].source == "# neuron: see the cell above."
    order = [one.id for one in clean.cells]
    assert order.index("relu") < order.index("neuron") < order.index("grade-neuron")


@pytest.mark.parametrize("kind", ["markdown", "raw", "movie", None, 3, ["code"]])
def test_a_retyped_answer_is_code_again(hand_in, solved, kind):
    cell(solved, "relu")["cell_type"] = kind
    assert_whole(hand_in(solved))


def test_names_may_be_swapped_lost_or_invented(hand_in, solved):
    names = [one["metadata"]["nbgrader"] for one in solved["cells"] if "nbgrader" in one["metadata"]]
    for about, other in zip(names, reversed([about["grade_id"] for about in names]), strict=True):
        about["grade_id"] = other
    assert_whole(hand_in(solved))
    for one in solved["cells"]:
        one.pop("id")
    assert_whole(hand_in(solved))
    for number, one in enumerate(solved["cells"]):
        one["metadata"] = {"nbgrader": {"grade_id": f"invented-{number}"}}
    clean = hand_in(solved)
    assert_whole(clean)
    assert len(clean.cells) == len(RELEASED)
    assert_valid(clean)


@pytest.mark.parametrize(
    "about", [[], "x", None, 5, {}, {"grade_id": ["relu"]}, {"schema_version": 0}, {"points": "many"}]
)
def test_metadata_may_be_anything(hand_in, solved, about):
    for one in solved["cells"]:
        one["metadata"]["nbgrader"] = about
    clean = hand_in(solved)
    assert_whole(clean)
    assert clean.remarks == []
    assert_valid(clean)


def test_nothing_of_the_student_survives_on_tests(hand_in, solved):
    for one in solved["cells"]:
        one["metadata"]["tags"] = ["skip-execution"]
        if "nbgrader" in one["metadata"]:
            one["metadata"]["nbgrader"] |= {"points": 1000, "grade": True, "solution": True, "schema_version": 0}
    own = {"cell_type": "code", "id": "mine", "source": "1", "outputs": [], "execution_count": None}
    solved["cells"].append(own | {"metadata": {"tags": ["skip-execution"], "nbgrader": {"grade": True, "points": 9}}})
    clean = hand_in(solved)
    assert all(one.metadata == (one.released.metadata if one.released else {}) for one in clean.cells)
    assert clean.cells[-1].source == "1"
    assert_whole(clean)
    assert_valid(clean)


def test_what_was_written_into_a_locked_cell_is_kept_apart(hand_in, solved):
    cell(solved, "grade-relu")["source"] = "hidden_test = print\nrelu = None"
    cell(solved, "check-relu")["source"] = "# check(relu)"
    clean = hand_in(solved)
    at = [one.id for one in clean.cells].index("grade-relu")
    assert clean.cells[at - 1].source == "hidden_test = print\nrelu = None"
    assert clean.cells[at - 1].released is None
    assert clean.remarks == [
        "Locked cells were put back as released: the cell that grades relu. "
        "What you had written in them stands in cells of their own before them."
    ]
    assert_whole(clean)
    assert_valid(clean)


def test_tests_before_their_answer_are_moved_behind_it(hand_in, solved):
    answer = cell(solved, "relu")
    solved["cells"].remove(answer)
    solved["cells"].append(answer)
    clean = hand_in(solved)
    assert [one.id for one in clean.cells[-3:]] == ["relu", "check-relu", "grade-relu"]
    assert clean.remarks == ["Before the answer, and moved behind it: the check of relu and the cell that grades relu."]


@pytest.mark.parametrize("source", [None, 5, True, {}, [1, 2], ["a", None]])
def test_a_source_may_be_anything(hand_in, solved, source):
    solved["cells"].append({"cell_type": "code", "metadata": {}, "source": source})
    solved["cells"].append({"cell_type": "code"})
    solved["cells"] += [None, 5, [], "cell"]
    clean = hand_in(solved)
    assert_whole(clean)
    assert len(clean.cells) == len(RELEASED) + 2
    assert_valid(clean)


def test_characters_that_no_file_can_hold(hand_in, solved):
    solved["cells"].append({"cell_type": "code", "metadata": {}, "source": "x = '\ud800'  # \0"})
    clean = hand_in(solved)
    assert clean.cells[-1].source == "x = '?'  # \ufffd"
    assert_valid(clean)


def test_ids_become_valid_and_unique(hand_in, solved):
    for name in ("two words", "", "x" * 900, "x" * 900, "relu", "relu", "ü", None, 7):
        solved["cells"].append({"cell_type": "code", "metadata": {}, "source": "1", "id": name})
    clean = hand_in(solved)
    assert len({one.id for one in clean.cells}) == len(clean.cells)
    assert_whole(clean)
    assert_valid(clean)


def test_long_texts_are_cut_and_cost_no_answer(hand_in, solved):
    answers = [cell["source"] for cell in solved["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    texts = [{"cell_type": kind, "metadata": {}, "source": "word " * 20_000} for kind in ("markdown", "raw")]
    solved["cells"] = [*(texts * 300), *solved["cells"]]
    clean = hand_in(solved)
    own = [one for one in clean.cells if one.released is None]
    assert {len(one.source) for one in own[:100]} == {20_000}
    assert {len(one.source) for one in own[100:]} == {0}
    kept = [one.source for one in clean.cells if one.released is not None and one.released.role == "answer"]
    assert kept == ["".join(source) for source in answers]
    assert clean.remarks == ["Text cells may hold 20,000 characters, and 2,000,000 in all; more was cut."]


def test_too_many_and_too_long_cells(hand_in, solved):
    solved["cells"].append({"cell_type": "code", "metadata": {}, "source": "x" * 1_000_001})
    solved["cells"] += [{"cell_type": "code", "metadata": {}, "source": "1"}] * 5000
    clean = hand_in(solved)
    assert len(clean.cells) == salvaging.MOST_CELLS
    assert clean.remarks == [
        "A cell of more than 1,000,000 characters was emptied.",
        "The notebook is too long; only its first 2,000 cells were read.",
    ]
    assert_whole(clean)


# Files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings(hand_in, solved, encoding):
    clean = hand_in(json.dumps(solved, ensure_ascii=False).encode(encoding))
    assert_whole(clean)
    assert clean.remarks == []


def test_other_encodings_lose_only_their_letters(hand_in, solved):
    solved["cells"].append({"cell_type": "code", "metadata": {}, "source": "x = 'é'"})
    clean = hand_in(json.dumps(solved, ensure_ascii=False).encode("latin-1", "replace"))
    assert clean.cells[-1].source == "x = '\ufffd'"
    assert "replaced by" in clean.remarks[0]


def test_old_formats(hand_in, solved):
    cells = [{key: value for key, value in one.items() if key != "id"} for one in solved["cells"]]
    assert_whole(hand_in({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}))
    for one in cells:
        if one["cell_type"] == "code":
            one["input"] = one.pop("source").splitlines(keepends=True)
            one["language"] = "python"
    cells.insert(0, {"cell_type": "heading", "level": 1, "metadata": {}, "source": "Title"})
    clean = hand_in({"worksheets": [{"cells": cells}, None, {}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0})
    assert_whole(clean)
    assert clean.cells[0].cell_type == "markdown"


def test_a_cut_file_keeps_its_whole_cells(hand_in, solved):
    text = json.dumps(solved, indent=1)
    clean = hand_in(text[: text.index('"id": "neuron"')])
    assert problems(clean, NOTEBOOKS[NAME], kept={"relu"}) == []
    assert "cut off" in clean.remarks[0]
    assert not by_id(clean)["neuron"].changed


def test_merge_conflicts(hand_in, solved):
    text = json.dumps(solved, indent=1)
    line = next(line for line in text.splitlines() if "def relu" in line)
    both = f'<<<<<<< HEAD\n{line}\n||||||| base\n=======\n   "source": "def relu(): \'theirs\'"\n>>>>>>> other branch'
    clean = hand_in(text.replace(line, both))
    assert_whole(clean)
    assert clean.remarks == ["Git left a merge conflict in the notebook file; the first version was used."]
    clean = hand_in(text.replace(line, both.replace(line, line + '"')))
    assert by_id(clean)["relu"].source == "def relu(): 'theirs'"
    assert "second" in clean.remarks[0]


def test_cells_in_an_output_are_no_cells(hand_in, solved):
    shown = {"application/json": {"cell_type": "code", "source": "from an output"}}
    cell(solved, "relu")["outputs"] = [{"output_type": "display_data", "data": shown, "metadata": {}}]
    clean = hand_in(json.dumps(solved)[:-200])
    assert "cut off" in clean.remarks[0]
    assert "from an output" not in [one.source for one in clean.cells]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04 a zip file", "no notebook"),
        (b"<!doctype html>", "no notebook"),
        (b"\0" * 5000, "no notebook"),
        (bytes(range(256)) * 100, "no notebook"),
        (b"[" * 1_000_000, "no notebook"),
        (b'{"cells":' * 300_000, "no notebook"),
        (b'{"a":[' * 800_000, "no notebook"),
        (b'{"cells": 5}', "no notebook"),
        (b'{"cells": []}', "no notebook"),
        (b"null", "no notebook"),
        (b"9" * 4_000_000, "no notebook"),
        (b'{"cells": [' + b"9" * 4_000_000 + b"]}", "no notebook"),
        (b'"' * 4_000_000, "no notebook"),
        (b'{"' * 2_000_000, "no notebook"),
        (b"\\" * 4_000_000, "no notebook"),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else value.replace(" ", "-"),
)
def test_what_is_no_notebook(hand_in, data, sentence):
    clean = hand_in(data)
    assert len(clean.remarks) == 1
    assert sentence in clean.remarks[0]
    assert not clean.missing
    assert not any(one.changed for one in clean.cells)
    assert problems(clean, NOTEBOOKS[NAME]) == []


def test_what_is_beside_the_cells_may_be_anything(hand_in, solved):
    text = json.dumps(solved)
    for odd in ("NaN", "-Infinity", "1" * 10_000, "1e" + "9" * 999, "[" * 500 + "]" * 500):
        clean = hand_in('{"odd": ' + odd + ", " + text[1:])
        assert_whole(clean)
        assert clean.remarks == []
    assert hand_in(text + "}}}").remarks == ["What stood behind the end of the notebook was ignored."]
    deep = "[" * 100_000 + "]" * 100_000
    assert_whole(hand_in('{"odd": ' + deep + ", " + text[1:]))


def test_deeply_nested_files_take_little_time():
    for data in (b'{"id":[{"id":[' * 300_000, (b'{"id":[' + b"1," * 2500) * 900):
        started = time.process_time()  # of this process alone: the machine may be busy
        assert salvage(data + b'"cell_type"', seconds=1)[0] == []
        assert time.process_time() - started < 10


def test_a_large_notebook_is_read_apart(hand_in, solved):
    cell(solved, "relu-picture")["outputs"] = [{"output_type": "stream", "text": ["a million lines\n"] * 1_000_000}]
    clean = hand_in(solved)
    assert_whole(clean)
    assert clean.remarks == []
    clean = hand_in(json.dumps(solved)[:15_000_000])
    assert problems(clean, NOTEBOOKS[NAME], kept={"relu"}) == []
    assert "damaged or cut off" in clean.remarks[0]


@pytest.mark.parametrize(
    "limits",
    [
        ReadingLimits(notebook_bytes=19_000_000),
        ReadingLimits(parse_seconds=0.001),
        pytest.param(
            ReadingLimits(parse_bytes=40_000_000),
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory"),
        ),
    ],
    ids=["size", "time", "memory"],
)
def test_a_notebook_that_is_too_large(hand_in, solved, limits):
    solved["metadata"]["long"] = "x" * 20_000_000
    clean = hand_in(solved, limits)
    assert clean.remarks == [salvaging.TOO_LARGE]
    assert problems(clean, NOTEBOOKS[NAME]) == []


# Folders


def test_an_empty_folder_has_every_notebook(folder):
    submission = read_submission(folder, NOTEBOOKS)
    assert submission.notebooks.keys() == NOTEBOOKS.keys()
    for name, clean in submission.notebooks.items():
        assert clean.missing
        assert clean.remarks == [f"{name}.ipynb was not handed in; the notebook is graded as empty."]
        assert [one.id for one in clean.cells] == [one.id for one in NOTEBOOKS[name].cells]
        assert_valid(clean)


@pytest.mark.parametrize(
    "path",
    [
        "first_neuron (1).ipynb",
        "First_Neuron.IPYNB",
        "first_neuron-Copy1.ipynb",
        "first neuron final.ipynb",
        "smith_first-neuron_v2.ipynb",
        "first_neuron.ipynb.txt",
        "first_neuron.ipynb.json",
        "first_neuron.json",
        "first_neuron.txt",
        "my homework.ipynb",
        "week1/first_neuron.ipynb",
        "week1/week1/first_neuron.ipynb",
    ],
)
def test_other_names_and_places(folder, solved, path):
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(json.dumps(solved))
    submission = read_submission(folder, NOTEBOOKS)
    assert_whole(submission.notebooks[NAME])
    assert submission.notebooks[NAME].remarks == [f"There is no {NAME}.ipynb; {path} was graded in its place."]
    assert submission.notebooks["quiz1"].missing
    assert submission.files == {}
    assert submission.remarks == []


def test_the_exact_name_wins_then_the_latest(folder, solved):
    names = ["first_neuron (1).ipynb", "first_neuron (2).ipynb", "first_neuron (3).ipynb"]
    for age, name in enumerate(names):
        solved["metadata"]["title"] = name
        cell(solved, "imports")["source"] = f"# {name}"
        (folder / name).write_text(json.dumps(solved))
        os.utime(folder / name, (1000 - age, 1000 - age))
    submission = read_submission(folder, NOTEBOOKS)
    assert by_id(submission.notebooks[NAME])["imports"].source == f"# {names[0]}"
    assert len(submission.remarks) == 2
    write_submission(folder, WEEK, NAME, {})
    submission = read_submission(folder, NOTEBOOKS)
    assert not by_id(submission.notebooks[NAME])["relu"].changed
    assert submission.remarks == [f"{name} is no notebook of this assignment and was not graded." for name in names]
    # An empty file of the exact name gives way.
    (folder / f"{NAME}.ipynb").write_text("")
    assert_whole(read_submission(folder, NOTEBOOKS).notebooks[NAME])


def test_another_weeks_quiz_is_not_taken(folder):
    write_submission(folder, "week1", "quiz1", solutions("quiz1"))
    submission = read_submission(folder, released("week2"))
    assert submission.notebooks["quiz2"].missing
    assert submission.remarks == ["quiz1.ipynb is no notebook of this assignment and was not graded."]


def test_links_are_not_followed(folder, tmp_path, solved):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "secret.txt").write_text("secret")
    (secret / f"{NAME}.ipynb").write_text(json.dumps(solved))
    (folder / f"{NAME}.ipynb").symlink_to(secret / f"{NAME}.ipynb")
    (folder / "secret.txt").symlink_to(secret / "secret.txt")
    (folder / "folder").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere").symlink_to(tmp_path / "nowhere")
    submission = read_submission(folder, NOTEBOOKS)
    assert submission.files == {}
    assert submission.notebooks[NAME].missing
    assert "links aren't followed" in submission.notebooks[NAME].remarks[0]
    assert submission.remarks == [
        f"{name} is a link and was not followed." for name in ("folder", "loop", "nowhere", "secret.txt")
    ]


def test_the_folder_may_be_a_link_a_file_or_nothing(folder, tmp_path, solved):
    (folder / f"{NAME}.ipynb").write_text(json.dumps(solved))
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "file").write_text("")
    for name, word in (("link", "link"), ("file", "no submission folder"), ("nothing", "no submission folder")):
        submission = read_submission(tmp_path / name, NOTEBOOKS)
        assert all(clean.missing for clean in submission.notebooks.values())
        assert word in submission.remarks[0]


def test_pipes_and_folders_in_the_place_of_files(folder):
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / f"{NAME}.ipynb")
    (folder / "quiz1.ipynb").mkdir()
    (folder / "quiz1.ipynb" / "inside.txt").write_text("x")
    (folder / "timestamp.txt").mkdir()
    (folder / "timestamp.txt" / "inside.txt").write_text("x")
    submission = read_submission(folder, NOTEBOOKS)
    assert submission.files == {}
    assert all(clean.missing for clean in submission.notebooks.values())
    assert len(submission.remarks) == 4


def test_files_come_along(folder):
    (folder / "data" / "deep").mkdir(parents=True)
    (folder / "data" / "deep" / "a.csv").write_text("1,2")
    (folder / "helper.py").write_text("x = 1")
    (folder / "Bildschirm\u202ffoto.png").write_bytes(b"png")
    for ignored in (".ipynb_checkpoints/first_neuron-checkpoint.ipynb", "__MACOSX/x", "._helper.py", ".DS_Store"):
        (folder / ignored).parent.mkdir(exist_ok=True)
        (folder / ignored).write_text("x")
    submission = read_submission(folder, NOTEBOOKS)
    assert submission.files == {
        "Bildschirm\u202ffoto.png": b"png",
        "data/deep/a.csv": b"1,2",
        "helper.py": b"x = 1",
    }
    assert submission.remarks == []


def changes(folder):
    """Whatever can be changed about a submission, one thing at a time."""
    notebook = folder / f"{NAME}.ipynb"
    text = notebook.read_text()
    yield "an answer", lambda: notebook.write_text(text.replace("def relu(z)", "def relu( z)"))
    yield "only a text", lambda: notebook.write_text(text.replace("# ", "#  ", 1))
    yield "only its bytes", lambda: notebook.write_text(text + " ")
    yield "another notebook", lambda: (folder / "quiz1.ipynb").write_text(text)
    yield "a notebook of nobody", lambda: (folder / "mine.ipynb").write_text("{}")
    yield "the same size", lambda: (folder / "mine.ipynb").write_text("[]")
    yield "a file", lambda: (folder / "data.txt").write_text("one")
    yield "its bytes", lambda: (folder / "data.txt").write_text("two")
    yield "its name", lambda: (folder / "data.txt").rename(folder / "date.txt")
    yield "its folder", lambda: ((folder / "deep").mkdir(), (folder / "date.txt").rename(folder / "deep" / "date.txt"))
    yield "a file that is left out", lambda: (folder / "numpy.py").write_text("one")
    yield "its bytes, too", lambda: (folder / "numpy.py").write_text("two")
    yield "a large one", lambda: (folder / "large").write_bytes(bytes(30_000_000))
    yield "its size", lambda: (folder / "large").write_bytes(bytes(30_000_001))
    yield "two names", lambda: ((folder / "a").write_text("bc"), (folder / "ab").write_text("c"))
    yield "bytes from one to the other", lambda: ((folder / "a").write_text("b"), (folder / "ab").write_text("cc"))


def test_whatever_changes_it_is_another_submission(folder):
    """Its inputs are drawn anew, so that the feedback on the last one is of no use."""
    write_submission(folder, WEEK, NAME, solutions(NAME))
    seen = {read_submission(folder, NOTEBOOKS).content: "as it was"}
    for what, change in changes(folder):
        change()
        content = read_submission(folder, NOTEBOOKS).content
        assert content not in seen, f"{what} makes it as it was with {seen.get(content)}"
        seen[content] = what
        assert read_submission(folder, NOTEBOOKS).content == content


def test_which_of_two_copies_counts_makes_another_submission(folder):
    write_submission(folder, WEEK, NAME, solutions(NAME))
    (folder / f"{NAME}.ipynb").rename(folder / f"{NAME} (1).ipynb")
    write_submission(folder, WEEK, NAME, {})
    (folder / f"{NAME}.ipynb").rename(folder / f"{NAME} (2).ipynb")
    contents = set()
    for newer in (1, 2):
        for number in (1, 2):
            os.utime(folder / f"{NAME} ({number}).ipynb", (number == newer, number == newer))
        contents.add(read_submission(folder, NOTEBOOKS).content)
    assert len(contents) == 2


def test_when_it_was_handed_in_makes_no_other_submission(folder):
    write_submission(folder, WEEK, NAME, solutions(NAME))
    before = read_submission(folder, NOTEBOOKS).content
    os.utime(folder / f"{NAME}.ipynb", (1, 1))
    (folder / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    assert read_submission(folder, NOTEBOOKS).content == before


def test_files_that_hide_modules_are_left_out(folder):
    for path in (
        "h5py.py",
        "random.py",
        "utils/__init__.py",
        "utils/data.txt",
        "numpy.pyc",
        "sitecustomize.py",
        "my.py",
    ):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text("x")
    submission = read_submission(folder, NOTEBOOKS)
    assert set(submission.files) == {"my.py", "utils/data.txt"}
    assert "h5py.py has the name of a module that the notebook needs; it was left out." in submission.remarks
    assert "utils/ has the name of a module that the notebook needs; it was left out." in submission.remarks


def test_only_what_hides_a_module_counts():
    assert shadows("IPython/core/x.py") == "IPython/"
    assert shadows("matplotlib.py") == "matplotlib.py"
    assert shadows("numpy.csv") is None
    assert shadows("lib/numpy.py") is None
    assert shadows("datasets/mine.py") is None
    assert shadows("no such.py") is None
    assert shadows("a.b.py") is None


def test_too_much_is_left_out(folder):
    for number in range(30):
        (folder / f"{number:02}.txt").write_text("x" * 100)
    limits = ReadingLimits(files=10, file_bytes=10_000)
    submission = read_submission(folder, NOTEBOOKS, limits)
    assert len(submission.files) == 10
    assert submission.remarks == ["There are more than 10 files beside the notebooks; the rest was left out."]
    submission = read_submission(folder, NOTEBOOKS, ReadingLimits(file_bytes=550))
    assert sum(map(len, submission.files.values())) == 500
    assert submission.remarks[0] == "05.txt was left out: the files beside the notebooks may hold 0.00055 MB in all."
    assert len(read_submission(folder, NOTEBOOKS, ReadingLimits(entries=7)).files) == 7
    deep = folder / "/".join("deep" for _ in range(12))
    deep.mkdir(parents=True)
    (deep / "x.txt").write_text("x")
    assert "nested too deeply" in read_submission(folder, NOTEBOOKS).remarks[0]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse to make such names")
def test_names_that_not_all_systems_can_read(folder):
    for name in (b"back\\slash.txt", b"new\nline.txt", b"\xff\xfe.txt", b"good.txt"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"x")
    submission = read_submission(folder, NOTEBOOKS)
    assert set(submission.files) == {"good.txt"}
    assert len(submission.remarks) == 3
    assert all(remark.isprintable() for remark in submission.remarks)


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b"2026-11-20 10:00:00 UTC\n", True),
        (b"soon", False),
        (b"\xff\xfe", False),
        (b"2026 " * 1000, False),
        (b"9" * 900, False),
    ],
)
def test_a_timestamp_is_kept_when_it_is_one(folder, data, kept):
    (folder / "timestamp.txt").write_bytes(data)
    submission = read_submission(folder, NOTEBOOKS)
    assert (submission.handed_in is not None) == kept
    assert submission.files == {}
    assert len(submission.remarks) == (not kept)


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_what_may_not_be_read(folder, solved):
    (folder / f"{NAME}.ipynb").write_text(json.dumps(solved))
    (folder / f"{NAME}.ipynb").chmod(0)
    (folder / "locked").mkdir(mode=0)
    submission = read_submission(folder, NOTEBOOKS)
    assert submission.notebooks[NAME].remarks == [f"{NAME}.ipynb couldn't be opened."]
    assert submission.remarks == ["The folder locked couldn't be opened."]


def test_remarks_stay_few(folder):
    for number in range(500):
        (folder / f"{number}").symlink_to("nowhere")
    remarks = read_submission(folder, NOTEBOOKS).remarks
    assert len(remarks) == 20
    assert remarks[-1] == "481 more remarks like these were left out."


# Damage by chance


def test_repair_needs_no_more_than_cells():
    """Cells of any kind, without a file."""
    clean = repair([RawCell("code", "def relu(z):\n    return 1")] * 3, NOTEBOOKS[NAME])
    assert problems(clean, NOTEBOOKS[NAME]) == []
    assert by_id(clean)["relu"].changed


def test_damaged_notebooks(folder):
    plans = [(name, plan) for week in WEEKS for name, plan in released(week).items()]
    whole = {}
    for week in WEEKS:
        for name in released(week):
            write_submission(folder, week, name, solutions(name))
            whole[name] = (folder / f"{name}.ipynb").read_text()
            (folder / f"{name}.ipynb").unlink()
    touched_in_all = 0
    for seed in range(1000):
        rng = random.Random(seed)
        name, plan = rng.choice(plans)
        text, touched = damage(whole[name], rng)
        touched_in_all += len(touched)
        (folder / f"{name}.ipynb").write_text(text)
        clean = read_submission(folder, {name: plan}).notebooks[name]
        kept = answers(json.loads(whole[name])["cells"]).keys() - touched
        assert problems(clean, plan, kept) == [], f"seed {seed}, {name}: {clean.remarks}"
        if seed % 10 == 0:
            assert_valid(clean)
        (folder / f"{name}.ipynb").unlink()
    assert touched_in_all > 100
