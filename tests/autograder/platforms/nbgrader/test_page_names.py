"""Under which names a page of feedback is written."""

import json
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("Windows can't grade, so there are no pages", allow_module_level=True)

from autograder.platforms.nbgrader.feedback import page_names


@pytest.mark.parametrize(
    ("handed_in", "more"),
    [
        ("numpy_basics (1).ipynb", ["numpy_basics (1)"]),
        ("<b>.ipynb", ["<b>"]),
        ("quiz2.ipynb", []),
        ("Quiz2.ipynb", []),
        ("NUMPY_BASICS.ipynb", []),
        (".hidden.ipynb", []),
        ("week2/numpy_basics.ipynb", []),
        ("../quiz2 (1).ipynb", []),
        ("numpy_basics.ipynb.txt", []),
        (["x"], []),
    ],
)
def test_a_page_has_the_name_that_the_exchange_looks_for(tmp_path, handed_in, more):
    path = tmp_path / "numpy_basics.ipynb"
    path.write_text(json.dumps({"metadata": {"graded": {"key": "k", "path": handed_in}}}))
    assert page_names(path, {"numpy_basics", "quiz2"}) == ["numpy_basics", *more]


@pytest.mark.parametrize("text", ["", "{}", '{"metadata": {"graded": {"key": "k"}}}', "[1]"])
def test_otherwise_it_has_its_own(tmp_path, text):
    (tmp_path / "quiz2.ipynb").write_text(text)
    assert page_names(tmp_path / "quiz2.ipynb", {"quiz2"}) == ["quiz2"]
