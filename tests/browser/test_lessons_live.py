"""Every lesson, live: it runs from top to bottom, its formulas are set, its pictures have words, its sliders move."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(180)]

LESSONS = sorted(path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("week*.ipynb"))
RAW_LATEX = re.compile(r"\$\$|\\(?:frac|tfrac|sigma|partial|sum|cdot|hat|mathcal|mathrm|text|log|begin)\b")

_ERRORS = '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
_UNTYPESET = """() => {
    const texts = [...document.querySelectorAll('.jp-NotebookPanel .jp-MarkdownCell .jp-RenderedMarkdown')];
    return texts.length && !texts.some(text => /\\$\\$|\\\\frac/.test(text.innerText));
}"""


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, lab, course):
    """One lesson, open in JupyterLab, with all cells run: (lab, its notebook panel, the notebook)."""
    path = f"notebooks/{request.param}.ipynb"
    lab.open_notebook(path)
    panel = lab.page.locator(".jp-NotebookPanel")
    ran = lab.run_all(seconds=120)
    errors = panel.locator(_ERRORS).all_inner_texts()
    assert ran, f"{request.param}: a cell failed: {errors}"
    return lab, panel, nbformat.read(course / path, as_version=4)


def test_runs_without_a_complaint(lesson):
    _, panel, _ = lesson
    assert panel.locator(_ERRORS).all_inner_texts() == []
    expect(panel.get_by_text(re.compile("Error displaying widget|Loading widget"))).to_have_count(0)


def test_formulas_are_set(lesson):
    lab, panel, notebook = lesson
    lab.page.wait_for_function(_UNTYPESET)
    texts = panel.locator(".jp-MarkdownCell .jp-RenderedMarkdown")
    assert [text for text in texts.all_inner_texts() if RAW_LATEX.search(text)] == []
    expect(panel.locator("mjx-merror, [data-mjx-error]")).to_have_count(0)
    if any("$" in cell.source for cell in notebook.cells if cell.cell_type == "markdown"):
        expect(panel.locator("mjx-container").first).to_be_attached()


def test_every_picture_has_words(lesson):
    _, panel, _ = lesson
    words = panel.locator("img").evaluate_all("images => images.map(image => image.alt.trim())")
    assert words
    assert all(words)


def test_a_control_moves_its_picture_and_reset_brings_it_back(lesson, request):
    lab, panel, _ = lesson
    explorer = panel.locator(".jp-OutputArea-output", has=lab.page.locator(".widget-slider .noUi-handle")).first
    explorer.scroll_into_view_if_needed()
    handle, picture = explorer.locator(".noUi-handle").first, explorer.locator("img")
    before = picture.get_attribute("src")
    at_the_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    handle.focus()
    lab.page.keyboard.press("ArrowLeft" if at_the_end else "ArrowRight")
    expect(picture).not_to_have_attribute("src", before)
    picture.scroll_into_view_if_needed()
    lab.screenshot(f"{request.node.callspec.id}-moved")
    lab.theme("dark")
    lab.screenshot(f"{request.node.callspec.id}-dark")
    lab.theme("light")
    explorer.get_by_role("button", name="Reset").click()
    expect(picture).to_have_attribute("src", before)
