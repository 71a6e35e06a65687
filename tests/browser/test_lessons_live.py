"""Every lesson, live: it runs from top to bottom, its formulas are set, its pictures have words, its sliders move."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.support.lessons import Lesson

from .lab import COMPLAINT

pytestmark = [pytest.mark.browser, pytest.mark.verify, pytest.mark.long]

PATHS = sorted((Path(__file__).parents[2] / "notebooks").glob("week*.ipynb"))
LESSONS = [path.stem for path in PATHS]
RENEWED = [path.stem for path in PATHS if Lesson(path).renewed]
renewed = pytest.mark.parametrize("lesson", RENEWED, indirect=True, scope="module")
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


def questions(lesson, control):
    """The cards of the questions with a "field" for a number, or with buttons for a "choice"."""
    lab, panel, _ = lesson
    buttons = {"field": "button:text-is('Answer')", "choice": "button:not(:text-is('Answer'))"}
    cards = panel.locator(".lesson-live", has=lab.page.locator(buttons[control]))
    return cards.filter(has_not=lab.page.locator(_CONTROL))


@renewed
def test_a_choice_is_answered_by_mouse(lesson):
    """Before: the question and its buttons, nothing else. After: the verdict, with a mark and a word."""
    card = questions(lesson, "choice").first
    assert re.fullmatch(r'- paragraph: .+(\n- button ".+")+', card.aria_snapshot())
    card.get_by_role("button").first.click()
    expect(card.get_by_role("alert")).to_have_text(re.compile(r"^[✓✗] (You saw that coming|Not quite|Right): .+\.$"))
    expect(card.get_by_role("button", name="✓ ")).to_have_count(1)


@renewed
@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_choice_is_answered_by_keyboard(lesson, key):
    """Tab leads from button to button, and the notebook doesn't take the key for itself."""
    card = questions(lesson, "choice").nth(1 if key == "Enter" else 2)
    card.get_by_role("button").first.focus()
    card.page.keyboard.press("Tab")
    expect(card.get_by_role("button").nth(1)).to_be_focused()
    card.page.keyboard.press(key)
    expect(card.get_by_role("alert")).to_have_text(re.compile("^[✓✗] "))
    expect(card.get_by_role("button").nth(1)).to_be_focused()


@renewed
def test_a_number_is_answered_by_keyboard_and_a_typo_waits(lesson):
    card = questions(lesson, "field").first
    field = card.get_by_label("Your number")
    field.focus()
    for typed, verdict in (("9o", "^No number yet"), ("1e6", "^✗ Not quite: you said 1000000")):
        field.fill("")
        card.page.keyboard.type(typed)  # quicker than anyone, so that nothing of it may get lost
        card.page.keyboard.press("Enter")
        expect(card.get_by_role("alert")).to_have_text(re.compile(verdict))


@renewed
def test_play_shows_one_stop_after_the_other(lesson, request):
    lab, panel, _ = lesson
    explorer = panel.locator(".lesson-live", has=lab.page.locator("button", has_text=re.compile("Play|Pause"))).first
    last = explorer.locator("img").get_attribute("src")
    explorer.get_by_role("button", name="Play").click()
    expect(explorer.locator("img")).not_to_have_attribute("src", last)
    expect(explorer.get_by_role("button", name="Pause")).to_be_visible()
    expect(explorer.get_by_role("button", name="Play")).to_be_visible()
    expect(explorer.locator("img")).to_have_attribute("src", last)
    lab.screenshot(f"{request.node.callspec.id}-played")


@renewed
def test_saved_and_opened_again_it_shows_its_fixed_form(lesson, request):
    """No kernel knows the widgets any more: the question stands there, its answer folded, and no error."""
    lab, panel, _ = lesson
    expect(panel.locator(".lesson-spare:visible")).to_have_count(0)
    lab.menu("File", "docmanager:save")
    expect(lab.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)
    lab.end_kernels()
    lab.open(f"notebooks/{request.node.callspec.params['lesson']}.ipynb")
    panel = lab.page.locator(".jp-NotebookPanel")
    card = panel.locator(".lesson-spare").first
    expect(card).to_be_visible()
    expect(card.locator("summary")).to_have_text("Answer")
    expect(card.locator("details")).not_to_have_attribute("open", "")
    expect(panel.locator(".jp-OutputArea-child:visible", has_text="Error displaying widget")).to_have_count(0)
    lab.screenshot(f"{request.node.callspec.id}-opened-again")
