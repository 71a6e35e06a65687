"""What a page has room for, and what stands in the place of that which has none."""

import re
import signal
import time

import pytest

if not hasattr(signal, "setitimer"):
    pytest.skip("Windows can't grade, so there are no pages", allow_module_level=True)

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import v4

from autograder.course import notebook_path
from autograder.platforms.nbgrader import exporter
from autograder.platforms.nbgrader.exporter import LEFT_OUT, Budget, PageExporter, TooLong, at_most, shorten
from tests.attacks.pages import RESOURCES, page_config


def endless():
    """Parse for ever, and swallow every exception."""
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


@pytest.mark.parametrize("clock", exporter.CLOCKS)
@pytest.mark.parametrize("busy", [endless, lambda: re.match(r"(a+)+$", "a" * 60 + "b")], ids=["python", "re"])
def test_a_clock_stops_what_takes_long(clock, busy):
    before = signal.getsignal(exporter.CLOCKS[clock])
    with pytest.raises(TooLong), at_most(0.1, clock):
        busy()
    assert signal.getitimer(clock) == (0, 0)
    assert signal.getsignal(exporter.CLOCKS[clock]) is before


def test_waiting_takes_nothing():
    """Only what this process computes counts: the machine may be busy."""
    with at_most(0.2):
        time.sleep(0.3)


def test_texts_share_what_there_is():
    budget = Budget(seconds=0.3, characters=1000, signs=20)
    assert budget.spend(lambda: "<b>well</b>", lambda: "plain") == "<b>well</b>"
    assert not budget.exceeded
    assert budget.spend(endless, lambda: "plain") == "plain"
    assert budget.seconds <= 0
    assert budget.spend(lambda: "<b>well</b>", lambda: "plain") == "plain", "no time is left"
    assert budget.exceeded
    assert budget.spend(endless, lambda: "x" * 1000) == LEFT_OUT
    assert budget.spend(endless, lambda: "&" * 21) == LEFT_OUT
    assert budget.spend(endless, lambda: "plain") == "plain", "room is left"


def test_no_text_swallows_the_clock_of_its_page():
    budget = Budget(seconds=9, characters=1000, signs=10)
    with pytest.raises(TooLong), at_most(0.1, signal.ITIMER_VIRTUAL):
        budget.spend(endless, lambda: "plain")


def test_what_no_parser_can_read_is_shown():
    def parse():
        raise ValueError

    assert Budget(1, 1000, 10).spend(parse, lambda: "plain") == "plain"


def notebook(own, graded):
    """A notebook with a cell of a student's, and a verdict, each with some outputs of one text."""
    cells = [
        v4.new_code_cell("x = 1", outputs=[v4.new_output("stream", text=text) for text in texts], metadata=metadata)
        for texts, metadata in ((own, {}), (graded, {"nbgrader": {"grade": True, "solution": False, "points": 1}}))
    ]
    return v4.new_notebook(cells=[v4.new_markdown_cell("a *b*"), *cells])


def made(notebook, monkeypatch, plain=False, **bounds):
    """The page of a notebook, with bounds of its own, and whether something is left out."""
    for name, value in bounds.items():
        monkeypatch.setattr(exporter, name, value)
    maker = PageExporter(config=page_config("formgrade"), plain=plain)
    page, _ = maker.from_notebook_node(notebook, resources=dict(RESOURCES))
    return page, maker.left_out


def test_an_honest_page_lacks_nothing(monkeypatch):
    page, left_out = made(notebook(["\x1b[31mred\x1b[0m"], ["a verdict"]), monkeypatch)
    assert not left_out
    assert '<span class="ansi-red-fg">red</span>' in page
    assert "a <em>b</em>" in page
    assert '<span class="n">x</span>' in page


def test_an_honest_notebook_looks_as_nbconvert_makes_it(monkeypatch):
    whole = nbformat.read(notebook_path("numpy_basics"), as_version=4)
    whole.cells += notebook(["x " * 999, "\x1b[1;31mred\x1b[0m"], ["a verdict"]).cells
    for cell in whole.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.update(score=0.0, points=1.0)
    stock, _ = HTMLExporter(config=page_config("formgrade")).from_notebook_node(whole, resources=dict(RESOURCES))
    assert made(whole, monkeypatch) == (stock, False)


def test_verdicts_are_shown_whatever_the_students_texts_take(monkeypatch):
    page, left_out = made(notebook(["long" * 99] * 20, ["a verdict"]), monkeypatch, MOST_CHARACTERS=1000)
    assert left_out
    assert LEFT_OUT in page
    assert "a verdict" in page


def test_a_plain_page_parses_nothing(monkeypatch):
    book = notebook(["\x1b[31m<red>\x1b[0m"], ["a verdict"])
    book.cells[1].outputs.append(v4.new_output("display_data", data={"text/html": "<b>h</b>", "text/plain": "plain"}))
    book.cells[1].outputs.append(v4.new_output("display_data", data={"image/png": "PNG"}))
    page, left_out = made(book, monkeypatch, plain=True)
    assert left_out
    assert "**Left out**" in page
    for text in ("a *b*", "&lt;red&gt;", "a verdict", "plain", LEFT_OUT):
        assert text in page
    assert "<b>h</b>" not in page
    assert "PNG" not in page


def test_a_page_has_room_for_so_many_cells_and_outputs(monkeypatch):
    monkeypatch.setattr(exporter, "MOST_CELLS", 1)
    monkeypatch.setattr(exporter, "MOST_OUTPUTS", 3)
    book = notebook(["x"], ["x"] * 9)
    assert shorten(book, plain=False)
    assert book.cells[0].source == "**Left out**: 1 cells and 0 outputs, for which a page has no room."
    assert [len(cell.get("outputs", [])) for cell in book.cells] == [0, 0, 9]
    book = notebook(["x"] * 9, ["x"] * 9)
    monkeypatch.setattr(exporter, "MOST_CELLS", 9)
    assert shorten(book, plain=False)
    assert [len(cell.get("outputs", [])) for cell in book.cells] == [0, 0, 3, 9]
