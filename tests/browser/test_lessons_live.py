"""Every lesson, live: it runs from top to bottom, its formulas are set, its pictures have words, its sliders move."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from .lab import COMPLAINT

pytestmark = [pytest.mark.browser, pytest.mark.verify, pytest.mark.long]

LESSONS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("week*.ipynb"))
RAW_LATEX = r"\$\$|\$[^$\n]+\$|\\(?:[dt]?frac|sigma|partial|sum|cdot|hat|mathcal|mathrm|text|log|begin)\b"

# All of a cell's text: `innerText`, the obvious choice, is empty for what isn't scrolled into view.
_RAW_TEXTS = """raw => [...document.querySelectorAll('.jp-NotebookPanel .jp-MarkdownCell .jp-RenderedMarkdown')]
    .map(text => text.textContent).filter(text => new RegExp(raw).test(text))"""
_CONTROL = ".widget-slider .noUi-handle, .widget-dropdown select"


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, lab, course):
    """One lesson, open in JupyterLab, with all cells run: (lab, its notebook panel, the notebook)."""
    path = f"notebooks/{request.param}.ipynb"
    lab.open_notebook(path)
    panel = lab.page.locator(".jp-NotebookPanel")
    ran = lab.run_all(seconds=120)
    assert ran, f"a cell failed: {panel.locator(COMPLAINT).all_text_contents()}"
    return lab, panel, nbformat.read(course / path, as_version=4)


def test_runs_without_a_complaint(lesson):
    _, panel, _ = lesson
    assert panel.locator(COMPLAINT).all_text_contents() == []
    expect(panel.get_by_text(re.compile("Error displaying widget|Loading widget"))).to_have_count(0)


def test_formulas_are_set(lesson):
    lab, panel, notebook = lesson
    formulas = [c.source for c in notebook.cells if c.cell_type == "markdown" and re.search(RAW_LATEX, c.source)]
    cells_with_formulas = panel.locator(".jp-MarkdownCell", has=lab.page.locator("mjx-container"))
    expect(cells_with_formulas).to_have_count(len(formulas))
    assert lab.page.evaluate(_RAW_TEXTS, RAW_LATEX) == []
    expect(panel.locator("mjx-merror")).to_have_count(0)


def test_every_picture_has_words(lesson):
    _, panel, _ = lesson
    words = panel.locator("img").evaluate_all("images => images.map(image => image.alt.trim())")
    assert words
    # JupyterLab itself writes "Image" where a picture has none.
    assert not {"", "Image"} & set(words)


def step(control):
    """Move a slider by keyboard, a menu by choosing: one stop on (from the last one elsewhere)."""
    if control.evaluate("control => control.tagName") == "SELECT":
        control.select_option(index=control.evaluate("menu => (menu.selectedIndex + 1) % menu.length"))
        return
    at_the_end = control.get_attribute("aria-valuenow") == control.get_attribute("aria-valuemax")
    control.press("ArrowLeft" if at_the_end else "ArrowRight")


def test_a_control_moves_its_picture_and_reset_brings_it_back(lesson, request):
    lab, panel, _ = lesson
    explorer = panel.locator(".jp-OutputArea-output", has=lab.page.locator(_CONTROL)).first
    picture = explorer.locator("img").first
    before = picture.get_attribute("src")
    step(explorer.locator(_CONTROL).first)
    expect(picture).not_to_have_attribute("src", before)
    picture.scroll_into_view_if_needed()
    lab.screenshot(f"{request.node.callspec.id}-moved")
    explorer.get_by_role("button", name="Reset").click()
    expect(picture).to_have_attribute("src", before)
