"""Pages are made in processes apart; whatever happens to one of these, there is a page, or a reason why not."""

import pickle
import sys

import nbformat
import pytest
from nbformat import v4
from traitlets.config import Config

if sys.platform == "win32":
    pytest.skip("Windows can't grade, so there are no pages", allow_module_level=True)

from autograder.grading.pool.backends import Processes
from autograder.platforms.nbgrader import building
from autograder.platforms.nbgrader.building import NO_PAGE, Builder, PageJob, make_page, packed
from autograder.platforms.nbgrader.exporter import at_most
from tests.attacks.pages import RESOURCES, page_config
from tests.support import fake_pages


@pytest.fixture
def builder():
    made = Builder(2)
    made._backend = Processes(fake_pages.hostile, 2)
    yield made
    made.stop()


@pytest.mark.verify
def test_pages_come_in_order_whatever_happens(builder):
    names = ["slow", "dies", "a", "fails", "dies while it is made well", *"bcdefghijk"]
    futures = list(builder.pages(fake_pages.Job(name) for name in names))
    assert str(futures[3].exception()) == "a fault"
    found = [future.result() for number, future in enumerate(futures) if number != 3]
    assert [(page.html, page.left_out) for page in found] == [
        ("slow, plain: False", False),
        (NO_PAGE, True),
        ("a, plain: False", False),
        ("dies while it is made well, plain: True", True),
        *((f"{name}, plain: False", False) for name in "bcdefghijk"),
    ]


def job(folder, cells, **options):
    """A job for a notebook of these cells."""
    nbformat.write(v4.new_notebook(cells=cells), folder / "n.ipynb")
    return PageJob(str(folder / "n.ipynb"), RESOURCES, packed(page_config("formgrade")), **options)


PICTURE = v4.new_output("display_data", data={"image/png": "A" * 30_000, "text/plain": "a picture"})


@pytest.mark.parametrize("bound", [{"PAGE_SECONDS": 0.01}, {"LARGEST_PAGE": 50_000}], ids=str)
def test_a_page_that_does_not_fit_is_made_plain(tmp_path, monkeypatch, bound):
    whole = job(tmp_path, [v4.new_markdown_cell("a *b* " * 100), v4.new_code_cell("x", outputs=[PICTURE] * 2)])
    page, left_out = make_page(whole)
    assert not left_out
    assert "<em>b</em>" in page
    assert "A" * 30_000 in page
    exporter = building._exporter(whole.config, ())
    # The plain one has time enough.
    monkeypatch.setattr(building, "at_most", lambda seconds, clock: at_most(1 if exporter.plain else seconds, clock))
    for name, value in bound.items():
        monkeypatch.setattr(building, name, value)
    page, left_out = make_page(whole)
    assert left_out
    assert "a *b*" in page
    assert "a picture" in page
    monkeypatch.setattr(building, "LARGEST_PAGE", 1000)
    assert make_page(whole) == (NO_PAGE, True)


def test_a_fault_of_ours_is_told(tmp_path):
    with pytest.raises(RuntimeError, match="No such file"):
        make_page(PageJob(str(tmp_path / "none.ipynb"), RESOURCES, packed(page_config("formgrade"))))


def test_only_what_pages_are_made_with_crosses():
    config = Config()
    config.HTMLExporter.template_name = "feedback"
    config.Grading.executor = lambda: None  # which can't be pickled
    config.GenerateFeedback.post_convert_hook = lambda: None
    assert pickle.loads(packed(config)) == {"HTMLExporter": {"template_name": "feedback"}}
