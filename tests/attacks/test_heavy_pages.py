"""No page takes over five seconds or five megabytes, whatever is in its notebook, and the rest of it is still there."""

import itertools
import sys
import time

import pytest
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import ansi2html

from autograder.platforms.nbgrader.exporter import LEFT_OUT, TooLong, at_most
from autograder.platforms.nbgrader.pages import safe_html
from tests.attacks.heavy_pages import DIFFERENT, HEAVY, notebook_of, text
from tests.attacks.pages import RESOURCES, page, page_config
from tests.support.tiers import many

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows can't grade, so there are no pages"),
    pytest.mark.filterwarnings("ignore"),  # of what isn't valid, on purpose
]

FEW = ["different-formatting-and-paragraphs"]
TEMPLATES = dict(zip(HEAVY, itertools.cycle(["feedback", "formgrade"]), strict=False))


@pytest.mark.both
@pytest.mark.parametrize("name", many(FEW, HEAVY))
def test_a_page_is_bounded(name):
    notebook = notebook_of([text("The first **words**."), *HEAVY[name]])
    begin = time.process_time()
    made, _ = page(notebook, TEMPLATES[name])
    assert time.process_time() - begin < 5
    assert len(made.encode()) < 5_000_000
    assert "The first <strong>words</strong>." in made
    assert "</html>" in made


def test_what_is_left_out_is_said():
    made, left_out = page(notebook_of(HEAVY["environments"]), "feedback")
    assert left_out
    assert LEFT_OUT in made
    assert "500 cells and 0 outputs, for which a page has no room" in made


STOCK = {
    "formatting": lambda: safe_html(DIFFERENT + "<p>x" * 2400),
    "colours": lambda: ansi2html("\x1b[31mx" * 160_000),
    "one code": lambda: ansi2html("\x1b[" + ";" * 199_000 + "m"),
    "environments": lambda: stock_page(["\\begin{a}" * 2200] * 20),
    "brackets": lambda: stock_page(["[" * 19_000] * 2),
    "links to files": lambda: stock_page(["x " + "[" * 19_000 + "\n"] * 2),
}


def stock_page(texts):
    """A page of Markdown cells as nbconvert makes it."""
    exporter = HTMLExporter(config=page_config("formgrade"))
    return exporter.from_notebook_node(notebook_of(map(text, texts)), resources=dict(RESOURCES))


@pytest.mark.verify
@pytest.mark.parametrize("name", STOCK)
def test_without_bounds_it_takes_long(name):
    """Otherwise the tests above would prove nothing. Honest texts take a hundredth of this time."""
    with pytest.raises(TooLong), at_most(1):
        STOCK[name]()
