"""What a student's process leaves behind is removed, whatever it did to its folder."""

import os

import pytest

from sandbox.workdir import remove


def test_a_folder_goes_with_all_that_is_in_it(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    folder = tmp_path / "folder"
    (folder / "shut" / "inside").mkdir(parents=True)
    (folder / "shut" / "inside" / "file").write_text("text")
    (folder / "link").symlink_to(outside)
    (folder / "shut").chmod(0)
    folder.chmod(0)
    remove(folder)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["kept", "outside"]


def test_a_folder_goes_that_is_deeper_than_a_path_may_be_long(tmp_path):
    here = os.getcwd()
    (tmp_path / "folder").mkdir()
    try:
        os.chdir(tmp_path / "folder")
        for _ in range(3000):
            os.mkdir("deep")
            os.chdir("deep")
    finally:
        os.chdir(here)
    remove(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["none", "none/below"])
def test_a_folder_that_is_gone_is_no_trouble(tmp_path, name):
    remove(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
