"""A student in JupyterLab: a right answer turns green, a wrong one gets the sentence that names the mistake."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser]

NOTEBOOK = "release/week2/numpy_basics.ipynb"
RIGHT = "def basic_sigmoid(x):\n    return 1 / (1 + math.exp(-x))"
SIGN_LOST = "def basic_sigmoid(x):\n    return 1 / (1 + math.exp(x))"
RED, GREEN = 0, 1

# Each piece of text under an element: what it says, its colour, and that of the ground under it (a ground may let
# the one below shine through), as [red, green, blue].
_TEXTS = """output => {
    const numbers = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
    const ground = element => {
        const [red, green, blue, share = 1] = numbers(getComputedStyle(element).backgroundColor);
        if (share === 1 || !element.parentElement) return [red, green, blue];
        const below = ground(element.parentElement);
        return [red, green, blue].map((part, i) => share * part + (1 - share) * below[i]);
    };
    const own = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    return [...output.querySelectorAll('*')].filter(own).map(
        element => [element.innerText.trim(), numbers(getComputedStyle(element).color).slice(0, 3), ground(element)]
    );
}"""


@pytest.fixture(scope="module")
def assignment(lab):
    """The released notebook, open, with its imports run."""
    lab.open_notebook(NOTEBOOK)
    expect(lab.run(lab.cell("load_checks("))).to_have_count(0)
    return lab


def answer(lab, source):
    """Write and run an answer to the first exercise; the output of its check."""
    cell = lab.cell("def basic_sigmoid(")
    lab.write(cell, source)
    expect(lab.run(cell)).to_have_count(0)
    return lab.run(lab.cell("check(basic_sigmoid)"))


def is_drawn_in(hue, output, word):
    """True when a word of an output stands out in a hue, be it as text or as a badge behind the text."""
    found = [colours for text, *colours in output.evaluate(_TEXTS) if text == word]
    return any(colour[hue] > 1.25 * max(colour[:hue] + colour[hue + 1 :]) for colours in found for colour in colours)


def contrast(colour, ground):
    """Contrast of two colours as WCAG defines it, from 1 to 21."""
    lights = []
    for rgb in (colour, ground):
        shares = [part / 255 for part in rgb]
        red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def faint_texts(lab, output, name):
    """Texts of an output with less than WCAG's contrast of 4.5 in one of the themes; keeps a picture of each theme."""
    faint = []
    for theme in ("dark", "light"):
        lab.theme(theme)
        lab.screenshot(f"{name}-{theme}")
        for text, *colours in output.evaluate(_TEXTS):
            if contrast(*colours) < 4.5:
                faint.append(f"{theme}: {text.splitlines()[0]!r} has {contrast(*colours):.1f}")
    return faint


def test_right_answer_turns_green(assignment):
    output = answer(assignment, RIGHT)
    expect(output).to_contain_text("All right on these examples")
    assert not re.search(r"\bwrong\b", output.inner_text())
    assert is_drawn_in(GREEN, output, "ok")


def test_wrong_answer_names_the_mistake(assignment):
    expect(answer(assignment, RIGHT)).to_contain_text("All right")
    output = answer(assignment, SIGN_LOST)
    expect(output).to_contain_text("minus in the exponent is missing")
    assert not re.search(r"All right|Traceback|NotYet|utils[/\\]|<ipython", output.inner_text())
    assert is_drawn_in(RED, output, "wrong")


@pytest.mark.parametrize("name", ["right", "wrong"])
def test_check_is_readable_in_both_themes(assignment, name):
    output = answer(assignment, {"right": RIGHT, "wrong": SIGN_LOST}[name])
    faint = faint_texts(assignment, output, f"check-{name}")
    assert not faint, f"hard to read, the contrast is below 4.5: {'; '.join(faint)}"


def test_untouched_exercise_is_no_mistake(assignment):
    expect(assignment.run(assignment.cell("def sigmoid("))).to_have_count(0)
    output = assignment.run(assignment.cell("check(sigmoid)"))
    expect(output).to_contain_text("sigmoid: not attempted yet")
    assert not re.search(r"\bwrong\b|Traceback|NotYet", output.inner_text())
    assignment.screenshot("check-untouched")


def test_check_cells_cannot_be_edited(assignment):
    cell = assignment.cell("check(basic_sigmoid)")
    assignment.write(cell, "print('all right')")
    editor = cell.locator(".cm-content")
    expect(editor).to_have_attribute("aria-readonly", "true")
    expect(editor).to_have_text("check(basic_sigmoid)")


def test_validate_says_which_check_fails(assignment):
    answer(assignment, SIGN_LOST)
    assignment.page.get_by_role("button", name="Validate").first.click()
    dialog = assignment.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("Validation Results")
    assignment.screenshot("validate")
    expect(dialog).to_contain_text("check(basic_sigmoid)")
    expect(dialog).to_contain_text("minus in the exponent is missing")
    dialog.locator("button.jp-mod-accept").click()
    expect(dialog).to_have_count(0)
