"""Small parts that stand in the place of nbgrader's: its search for folders, its log, Ctrl-C."""

import logging

import pytest
from nbgrader.apps import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.grading.intake.places import Place
from autograder.grading.text import STOPPED
from autograder.platforms.nbgrader.autograde import SandboxAutograde
from autograder.platforms.nbgrader.folders import Search
from autograder.platforms.nbgrader.submissions import submissions_of
from autograder.platforms.nbgrader.terminal import plain


def test_a_name_with_a_bracket_is_no_pattern(tmp_path):
    root = tmp_path / "we[i]rd *"
    others = tmp_path / "weird x"
    for course in (root, others):
        for student in ("e[v]", "ev", "ada"):
            (course / "submitted" / student / "week1").mkdir(parents=True)
    found = Search(str(root)).glob
    assert len(found(f"{root}/submitted/*/week1")) == 3
    assert found(f"{root}/submitted/e[v]/week1") == [f"{root}/submitted/e[v]/week1"]
    assert sorted(found(f"{root}/submitted/[ae]*/week1")) == sorted(found(f"{root}/submitted/*/week1"))
    assert found(f"{root}/submitted/*/week2") == []
    assert len(found(f"{tmp_path}/weird*/submitted/*")) == 3


def test_a_course_with_a_structure_of_its_own(tmp_path):
    root = tmp_path / "we[i]rd"
    for student in ("ada", "ben"):
        (root / "submitted" / "week1" / student).mkdir(parents=True)
    course = CourseDirectory(
        root=str(root),
        directory_structure="{nbgrader_step}/{assignment_id}/{student_id}",
        assignment_id="week1",
        student_id_exclude="ben",
    )
    assert submissions_of(course).found == {"ada": Place(root / "submitted" / "week1" / "ada")}


def test_the_log_moves_no_cursor():
    record = logging.LogRecord("app", logging.INFO, "", 0, "%s is late\n%d\r", ("e\x1b[31mv\nil", 7), None)
    assert plain(record)
    assert record.getMessage() == "e?[31mv\nil is late\n7?"


def test_ctrl_c_ends_in_a_sentence(monkeypatch, capsys):
    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Autograde, "start", interrupted)
    with pytest.raises(SystemExit) as ended:
        SandboxAutograde(parent=AutogradeApp()).start()
    assert ended.value.code == 130
    assert capsys.readouterr().err == f"{STOPPED}\n"
    with pytest.raises(KeyboardInterrupt):  # a server's own business
        SandboxAutograde().start()
