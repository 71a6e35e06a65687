"""Nobody's work is lost without a word: what is plainly meant is taken in, all else is named."""

import json
import os
import shutil
import stat
import struct
import tempfile
import zipfile

import pytest

from autograder.grading.intake.places import Place, find_places, meant_for
from autograder.grading.intake.scan import ReadingLimits
from autograder.grading.intake.submission import read_submission
from autograder.grading.intake.unpack import unpack
from tests.support.released import released
from tests.support.submissions import solutions, write_submission

WEEK = "week1"
NAME = "first_neuron"
NOTEBOOKS = released(WEEK)
KNOWN = {week: list(released(week)) for week in ("week1", "week2", "week3")}


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory, monkeypatch):
    """Where zip files are unpacked; nothing stays there."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


@pytest.fixture
def root(tmp_path):
    """The folder of all submissions."""
    (tmp_path / "submitted").mkdir()
    return tmp_path / "submitted"


@pytest.fixture
def work(tmp_path):
    """A folder with both notebooks, solved, and a file beside them."""
    for name in NOTEBOOKS:
        write_submission(tmp_path / "work", WEEK, name, solutions(name))
    (tmp_path / "work" / "data.txt").write_text("one")
    return tmp_path / "work"


def pack(folder, path, below=""):
    """Zip a folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{below}{file.relative_to(folder)}")
    return path


def read(root, student="ada", week=WEEK):
    """What is taken in of a student, and what is left over."""
    places = find_places(root, week, KNOWN)
    return read_submission(places.found[student], NOTEBOOKS), places.left


def assert_all_there(submission):
    for name, clean in submission.notebooks.items():
        answers = {cell.source for cell in clean.cells if cell.released and cell.released.role == "answer"}
        assert answers == set(solutions(name).values()), (name, clean.remarks)


FOLDERS = ["week1", "Week 1", "WEEK1", "week_1", "week-1", "week1 (1)", "week1 - Copy", "ada week1", "Week 1 final"]
DEEPER = ["homework/week1", "my homework", "a/b/Week 1", "week1/week1", "week1/a/b/c", "Week 1/week1"]


@pytest.mark.parametrize("folder", FOLDERS + DEEPER)
def test_a_folder_that_is_plainly_meant(root, work, folder):
    shutil.copytree(work, root / "ada" / folder)
    submission, left = read(root)
    assert_all_there(submission)
    assert submission.files == {"data.txt": b"one"}
    assert left == submission.left == []
    first = folder.split("/")[-1] if folder.split("/")[0] != "week1" else ""
    if first:
        taken = folder if folder == "Week 1/week1" else first
        assert submission.remarks == [f"There is no folder week1; {taken.split('/')[0]} was graded in its place."]


ZIPS = ["week1.zip", "Week 1.ZIP", "week1 (1).zip", "ada_week1.zip", "homework.zip", "week1/week1.zip", "week1/ada.zip"]


@pytest.mark.parametrize(("name", "below"), [*((name, "week1/") for name in ZIPS), (ZIPS[0], ""), (ZIPS[5], "a/b/")])
def test_a_zip_file(root, work, name, below):
    path = pack(work, root / "ada" / name, below)
    before = path.read_bytes()
    submission, left = read(root)
    assert_all_there(submission)
    assert submission.files["data.txt"] == b"one"
    assert left == submission.left == []
    assert [file for file in root.rglob("*") if file.is_file()] == [path]
    assert path.read_bytes() == before


def test_notebooks_by_themselves(root, work):
    for name in NOTEBOOKS:
        (root / "ada").mkdir(exist_ok=True)
        shutil.copy(work / f"{name}.ipynb", root / "ada" / f"{name.title()} (1).ipynb")
    assert_all_there(read(root)[0])


def test_the_folder_counts_and_what_it_lacks_is_looked_for_beside_it(root, work):
    shutil.copytree(work, root / "ada" / WEEK)
    (root / "ada" / WEEK / "quiz1.ipynb").unlink()
    write_submission(root / "ada" / "week1 (1)", WEEK, NAME, {})
    pack(work, root / "ada" / "week1.zip")
    submission, left = read(root)
    assert_all_there(submission)
    assert submission.notebooks["quiz1"].remarks == [
        "There is no quiz1.ipynb; week1.zip/quiz1.ipynb was graded in its place."
    ]
    assert left == []
    assert submission.left == [
        f"{path}/{NAME}.ipynb is no notebook of this assignment and was not graded."
        for path in ("week1 (1)", "week1.zip")
    ]


def test_what_is_handed_in_twice_is_named(root, work):
    shutil.copytree(work, root / "ada" / WEEK)
    shutil.copytree(work, root / "ada" / "week1 (1)")
    pack(work, root / "ada" / WEEK / "all.zip")
    submission = read(root)[0]
    assert_all_there(submission)
    assert submission.left == [
        f"{name} was left out: no notebook is missing without it." for name in ("all.zip", "week1 (1)")
    ]


def test_two_zip_files_of_one_name(root, work):
    """One in the folder, one beside it: each counts for what it holds."""
    (work / "quiz1.ipynb").rename(work.parent / "quiz1.ipynb")
    pack(work, root / "ada" / WEEK / "week1.zip")
    (work / f"{NAME}.ipynb").unlink()
    (work.parent / "quiz1.ipynb").rename(work / "quiz1.ipynb")
    (work / "data.txt").write_text("two")
    pack(work, root / "ada" / "week1.zip")
    submission, _ = read(root)
    assert_all_there(submission)
    assert submission.files["data.txt"] == b"one"


def test_a_zip_file_in_a_zip_file_is_named(root, work):
    pack(work, work.parent / "inner" / "week1.zip")
    pack(work.parent / "inner", root / "ada" / WEEK / "all.zip")
    assert read(root)[0].left == ["all.zip/week1.zip can't be unpacked here: unpack it."]


def test_of_two_the_latest_counts(root, work):
    for name, moment in (("week1 (1)", 2), ("week1 (2)", 3), ("week1 (3)", 1)):
        shutil.copytree(work, root / "ada" / name)
        for path in (root / "ada" / name).iterdir():
            os.utime(path, (moment, moment))
    assert find_places(root, WEEK, KNOWN).found["ada"].main.name == "week1 (2)"


def test_what_is_another_assignments_stays_there(root, work):
    for name in ("week2", "Week 3", "week10", "notes"):
        shutil.copytree(work, root / "ada" / name / "deep" if name == "notes" else root / "ada" / name)
    (root / "ada" / "notes" / "deep" / f"{NAME}.ipynb").unlink()
    (root / "ada" / "notes" / "deep" / "quiz1.ipynb").unlink()
    (root / "ada" / "quiz2.ipynb").write_text("{}")
    (root / "ada" / "week2.zip").write_text("")
    places = find_places(root, WEEK, KNOWN)
    assert places.found["ada"].main.name == "week10"  # of no assignment, but it holds notebooks of this one
    assert places.left == ["submitted/ada/notes is nothing of week1: if it should be, put it into that folder."]


LEFT = {
    "ada/week1.rar": "submitted/ada/week1.rar can't be unpacked here: unpack it into the folder week1.",
    "ada/a.py": "submitted/ada/a.py is nothing of week1: if it should be, put it into that folder.",
    "ada.zip": "submitted/ada.zip lies beside the students' folders: put it into the folder of its student.",
    "week1/ada/first_neuron.ipynb": "The folder submitted/week1 stands where a student's should: put it into that one.",
    "a\nb/week1/x": "The folder submitted/a?b has a name that no student can have: rename it.",
    "class/ada/week1/x": "",
}


@pytest.mark.parametrize("path", LEFT)
def test_what_is_not_taken_in_is_named(root, path):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text("x")
    if not LEFT[path]:
        (root / "class" / "ben" / "week1").mkdir(parents=True)
    places = find_places(root, WEEK, KNOWN)
    assert places.found == {}
    assert places.left == [
        LEFT[path] or "It isn't plain which of class/ada/week1, class/ben/week1 counts: put that into week1."
    ]


@pytest.mark.parametrize("name", ["first_neuron.py", "First_Neuron.html", "first_neuron.pdf"])
def test_a_notebook_in_another_form_is_named(root, name):
    (root / "ada" / WEEK).mkdir(parents=True)
    (root / "ada" / WEEK / name).write_text("x")
    submission, _ = read(root)
    assert submission.left == [f"{name} is no notebook and was not graded: ask for first_neuron.ipynb."]


def test_too_many_files_are_not_all_looked_at(root):
    for number in range(30):
        (root / "ada" / f"{number}" / "deep").mkdir(parents=True)
        (root / "ada" / f"{number}" / "deep" / "x").touch()
    places = find_places(root, WEEK, KNOWN, limits=ReadingLimits(entries=20))
    assert places.left[-1] == "submitted/ada/ holds too many files; some weren't looked at: tidy it."
    assert len(places.left) < 20


def test_links_are_named_and_not_followed(root, work):
    (root / "ada").mkdir()
    (root / "ada" / "Week 1").symlink_to(work)
    (root / "ada" / "week1.zip").symlink_to(pack(work, work.parent / "all.zip"))
    places = find_places(root, WEEK, KNOWN)
    assert places.found == {}
    assert [sentence.partition(" is a link")[0] for sentence in places.left] == [
        "submitted/ada/Week 1",
        "submitted/ada/week1.zip",
    ]


def test_only_a_date_of_who_collected_counts(root, work):
    (work / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    for student, name in (("ada", WEEK), ("ben", "Week 1"), ("emil", f"{WEEK}/{WEEK}")):
        shutil.copytree(work, root / student / name)
    pack(work, root / "cleo" / "week1.zip")
    pack(work, root / "dora" / WEEK / "week1.zip")
    dates = {student: read(root, student)[0] for student in ("ada", "ben", "cleo", "dora", "emil")}
    assert [student for student, one in dates.items() if one.handed_in] == ["ada"]
    assert all(one.files == {"data.txt": b"one"} for who, one in dates.items() if who != "dora")
    assert "timestamp.txt" not in dates["dora"].files


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Week 2", "week2"),
        ("week2 (1)", "week2"),
        ("WEEK-2", "week2"),
        ("ada_week2_final", "week2"),
        ("week21", None),
        ("week", None),
        ("week1 and week2", None),
        ("2", None),
        ("", None),
    ],
)
def test_what_a_name_means(name, meant):
    assert meant_for(name, KNOWN) == meant
    assert meant_for("week2 extra", {**KNOWN, "week2_extra": []}) == "week2_extra"


# Zip files that mean harm


def member(archive, name, data=b"x", **changes):
    info = zipfile.ZipInfo("placeholder")
    info.filename, info.compress_type = name, zipfile.ZIP_DEFLATED
    for key, value in changes.items():
        setattr(info, key, value)
    archive.writestr(info, data)


def hostile(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            member(archive, name, data)


OUTSIDE = [
    "../evil.txt",
    "a/../../evil.txt",
    "/tmp/evil.txt",
    "..\\evil.txt",
    "C:\\evil.txt",
    "a/\x1b[2J",
    "a\nb",
    "x/" * 9,
]


def test_names_that_lead_outside(tmp_path):
    path, folder = tmp_path / "a.zip", tmp_path / "inside"
    folder.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for name in [*OUTSIDE, "n" * 300, "good.txt", "back\\slash.txt"]:
            member(archive, f"{name}x" if name.endswith("/") else name)
    with path.open("rb") as file:
        left = unpack(file, folder, 1000, 100)
    assert sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()) == [
        "a.zip",
        "inside/back/slash.txt",
        "inside/good.txt",
    ]
    assert len(left) == len(OUTSIDE) + 1


def test_links_pipes_and_what_is_encrypted_stay_packed(tmp_path):
    path, folder = tmp_path / "a.zip", tmp_path / "inside"
    folder.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
            member(archive, f"{kind}", b"/etc/passwd", external_attr=(kind | 0o777) << 16)
        member(archive, "locked.txt")
        member(archive, "plain.txt")
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # as if encrypted
        at = data.index(b"locked.txt", data.index(signature)) - (30 if offset == 6 else 46)
        while data[at : at + 4] != signature:
            at = data.index(signature, at + 1)
        data[at + offset] |= 1
    path.write_bytes(data)
    with path.open("rb") as file:
        left = unpack(file, folder, 1000, 100)
    assert [one.name for one in folder.iterdir()] == ["plain.txt"]
    assert [one.partition(": ")[2] for one in left] == ["it is a link, or no file"] * 3 + ["it is encrypted"]


def bomb(path):
    hostile(path, **{"zeros.bin": bytes(5_000_000), f"{NAME}.ipynb": b"{}"})


def many(path):
    hostile(path, **{f"{number}.txt": b"x" for number in range(300)})


def lying(path):
    """A member that says it holds nothing."""
    bomb(path)
    data = path.read_bytes().replace(struct.pack("<I", 5_000_000), struct.pack("<I", 0))
    path.write_bytes(data)


def nested(path):
    """Zip files in a zip file: they stay packed."""
    inner = path.with_name("inner")
    bomb(inner)
    hostile(path, **{f"{number}.zip": inner.read_bytes() for number in range(20)})


def cut(path):
    bomb(path)
    path.write_bytes(path.read_bytes()[:-100])


def damaged(path):
    bomb(path)
    data = bytearray(path.read_bytes())
    data[100:2000] = os.urandom(1900)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "make", [bomb, many, lying, nested, cut, damaged, lambda path: path.write_bytes(b""), lambda path: path.mkdir()]
)
def test_a_zip_file_that_means_harm(tmp_path, make):
    """Nothing raises, what it takes is bounded, and a sentence says what stayed packed."""
    folder = tmp_path / WEEK
    folder.mkdir()
    make(folder / "a.zip")
    limits = ReadingLimits(unpacked_bytes=1_000_000, entries=200)
    submission = read_submission(Place(folder), NOTEBOOKS, limits)
    assert sum(map(len, submission.files.values())) < 3_000_000
    if make not in (nested,) and (folder / "a.zip").is_file():
        assert any("a.zip wasn't unpacked whole" in sentence for sentence in submission.left), submission.left


def test_the_last_of_two_members_with_one_name(tmp_path, recwarn):
    path = tmp_path / WEEK / "a.zip"
    path.parent.mkdir()
    write_submission(tmp_path / "work", WEEK, NAME, solutions(NAME))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{NAME}.ipynb", json.dumps({"cells": []}))
        archive.write(tmp_path / "work" / f"{NAME}.ipynb", f"{NAME}.ipynb")
    submission = read_submission(Place(path.parent), {NAME: NOTEBOOKS[NAME]})
    assert_all_there(submission)
