"""Questions that answer at once, and explorers: what shows before, after, and where no kernel runs."""

import asyncio
import re

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import utils
from utils import lesson, live


@pytest.fixture(autouse=True)
def fresh_lesson(monkeypatch):
    monkeypatch.setattr(live, "record", {})
    monkeypatch.setattr(lesson, "record", live.record)


@pytest.fixture
def outputs(monkeypatch):
    """Shows a thing as a cell does; the bundles that go out."""
    shown = []
    monkeypatch.setattr(live, "display", lambda bundle, raw: shown.append(bundle))

    def show(thing):
        shown.clear()
        thing._ipython_display_()
        return list(shown)

    return show


def all_texts(widget):
    """All that a widget shows, its children's too: what a reader and a screen reader can meet."""
    own = [getattr(widget, name, "") for name in ("value", "description", "tooltip", "placeholder")]
    return " ".join([str(text) for text in own if text] + [all_texts(w) for w in getattr(widget, "children", ())])


class Sketch:
    """A drawing that costs nothing to draw."""

    def __init__(self, caption):
        self.caption = caption

    def _repr_html_(self):
        return f"<img> {self.caption}"

    def __repr__(self):
        return f"[Picture: {self.caption}]"


def the_hut(**changes):
    asked = {"measure": lambda: ("below 0", "For the hut it says `-30`.", Sketch("It falls."))} | changes
    return utils.ask("price of the hut", "What does a hut cost?", options=("0", "below 0"), **asked)


def the_sum(**changes):
    asked = {"unit": "thousand", "arithmetic": True} | changes
    return utils.ask("weighted sum", "What is 3 · 50 - 60?", lambda: (90, "150 less 60."), **asked)


def buttons(question):
    return {button.description: button for button in question.widget.children[1].children if hasattr(button, "click")}


def type_in(question, text):
    """Type into the field, and press Enter; the field tells of Enter first."""
    field = question.widget.children[1].children[0]
    field._handle_custom_msg({"event": "submit"}, [])
    field.value = text


def test_nothing_gives_the_answer_away_before():
    before = all_texts(the_hut().widget)
    assert "What does a hut cost?" in before
    assert before.count("below 0") == 1  # the button
    assert not re.search(r"-30|It falls|<img|✓|✗|alert", before)
    assert "90" not in all_texts(the_sum().widget)


def test_a_click_is_answered_with_verdict_reason_and_picture():
    question = the_hut()
    buttons(question)["0"].click()
    after = all_texts(question.widget)
    assert re.search(r'role="alert">.*✗.*Not quite:</b> you said 0, and it is below 0\.', after)
    assert "<code>-30</code>" in after
    assert "It falls." in after
    assert {"✗ 0", "✓ below 0"} == set(buttons(question))
    assert "0 of 1 predictions came true." in repr(utils.my_predictions())


def test_a_right_click_is_right_by_mark_word_and_colour():
    question = the_hut()
    buttons(question)["below 0"].click()
    assert {"0", "✓ below 0"} == set(buttons(question))
    assert re.search(r"<b>.*✓ </span>You saw that coming:</b> below 0\.", all_texts(question.widget))
    assert buttons(question)["✓ below 0"].layout.border_top.endswith(lesson.LOOKS[True][1])


def test_the_first_answer_counts():
    question = the_hut()
    buttons(question)["0"].click()
    once = all_texts(question.widget)
    buttons(question)["✓ below 0"].click()
    assert all_texts(question.widget) == once
    assert live.record["price of the hut"].given == "0"


def test_it_is_measured_when_it_is_answered():
    seen = []
    question = the_hut(measure=lambda: seen.append(1) or ("below 0", "Measured."))
    before = len(seen)
    buttons(question)["0"].click()
    assert len(seen) == before + 1


def test_a_typo_waits_and_a_number_is_answered():
    question = the_sum()
    for typo in ("9o", "1,000", " "):
        type_in(question, typo)
        assert "No number yet" in all_texts(question.widget)
        assert not live.record
    type_in(question, "90 thousand")
    assert "Right:</b> 90 thousand." in all_texts(question.widget)
    assert "1 of 1 worked out right." in repr(utils.my_predictions())
    type_in(question, "x")
    assert "Right:</b> 90 thousand." in all_texts(question.widget)


def test_leaving_the_field_is_no_answer_and_the_button_is():
    question = the_sum()
    buttons(question)["Answer"].click()
    assert "No number yet" in all_texts(question.widget)
    type_in(question, "15o")
    question.widget.children[1].children[0].value = "150"
    assert not live.record
    buttons(question)["Answer"].click()
    assert "Not quite:</b> you said 150 thousand, and it is 90 thousand." in all_texts(question.widget)


def test_a_field_is_labelled_with_its_unit():
    assert the_sum().widget.children[1].children[0].description == "Your number (thousand):"
    assert the_sum(unit="").widget.children[1].children[0].description == "Your number:"


def test_an_unanswered_question_costs_nothing():
    the_hut()
    assert "No answers yet" in repr(utils.my_predictions())


def test_asked_again_it_is_open_again():
    buttons(the_hut())["0"].click()
    the_hut()
    assert "No answers yet" in repr(utils.my_predictions())


def test_when_measuring_stops_the_question_says_so_and_waits():
    fine = [True]
    question = the_hut(measure=lambda: ("0" if fine[0] else [][0], "Measured."))
    fine[0] = False
    buttons(question)["0"].click()
    assert "Measuring stopped (IndexError: list index out of range)" in all_texts(question.widget)
    fine[0] = True
    buttons(question)["0"].click()
    assert "You saw that coming:</b> 0." in all_texts(question.widget)


def test_an_answer_that_cannot_be_chosen_is_the_authors_mistake():
    with pytest.raises(ValueError, match="was measured as 'above', which is none of its options"):
        the_hut(measure=lambda: ("above", "Measured."))


def test_texts_are_escaped():
    question = utils.ask("q", "Is a < b?", lambda: ("<i>yes</i>", "It < is."), options=("<i>yes</i>", "no"))
    buttons(question)["no"].click()
    assert "Is a &lt; b?" in all_texts(question.widget)
    assert "it is &lt;i&gt;yes&lt;/i&gt;." in all_texts(question.widget)
    assert "<i>" not in question.fixed


def test_without_a_kernel_the_question_stands_there_and_its_answer_is_folded(outputs):
    bundle, spare = outputs(the_hut())
    fixed = bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    open_part, folded = fixed.split("<details><summary>Answer</summary>")
    assert "What does a hut cost?" in open_part
    assert "0 · below 0" in open_part
    assert "-30" not in open_part
    assert re.match(r".*below 0\. For the hut it says <code>-30</code>.*<img.*It falls\..*</details>", folded)
    assert "application/vnd.jupyter.widget-view+json" not in spare
    assert folded in spare["text/html"]
    assert bundle["text/plain"] == "What does a hut cost?"


def test_a_number_has_its_unit_without_a_kernel_too(outputs):
    assert "90 thousand. 150 less 60." in outputs(the_sum())[0]["text/html"]


def draw(k, name="a", tick=False, ghost=None):
    return Sketch(f"k {k}, {name}, {tick}, before {ghost}")


def test_explore_draws_moves_and_resets():
    explorer = utils.explore(
        draw, k=("size", 1, [1, 2, 3]), name=("which", "a", ["a", "b"]), tick=("on", False, [False, True])
    )
    slider, menu, tick, row, shown = explorer.widget.children
    first = shown.value
    slider.value, menu.value, tick.value = 3, "b", True
    assert "k 3, b, True" in shown.value
    row.children[-1].click()
    assert shown.value == first
    with pytest.raises(ValueError, match="start of the control 'size' is 9"):
        utils.explore(draw, k=("size", 9, [1, 2]))


def test_a_ghost_is_the_setting_before_this_one():
    explorer = utils.explore(draw, k=("size", 1, [1, 2, 3]))
    slider, row, shown = explorer.widget.children
    assert "before None" in shown.value
    slider.value = 3
    assert "before {'k': 1}" in shown.value
    slider.value = 2
    assert "before {'k': 3}" in shown.value
    row.children[-1].click()
    assert "before None" in shown.value


def test_a_drawing_without_ghost_gets_none():
    explorer = utils.explore(lambda k: draw(k), k=("size", 1, [1, 2]))
    explorer.widget.children[0].value = 2
    assert "k 2" in explorer.widget.children[-1].value


def test_without_a_kernel_the_first_picture_stands_there(outputs):
    bundle, spare = outputs(utils.explore(draw, k=("size", 2, [1, 2, 3])))
    assert "k 2, a" in bundle["text/html"]
    assert "k 2, a" in spare["text/html"]
    assert bundle["text/plain"].startswith("[Picture:")


def player(start=1):
    """An explorer with a Play button that doesn't dawdle: (slider, Play, Reset)."""
    explorer = utils.explore(draw, play="k", k=("size", start, [1, 2, 3]))
    slider, row, _ = explorer.widget.children
    return slider, *row.children


@pytest.fixture
def quick(monkeypatch):
    """Playing waits for its turn only; the stops that were seen."""
    turn = asyncio.sleep
    monkeypatch.setattr(live.asyncio, "sleep", lambda seconds: turn(0))
    return turn


def test_play_goes_through_the_stops_and_starts_again_at_the_end(quick):
    async def play():
        slider, button, _ = player()
        seen = []
        slider.observe(lambda change: seen.append(change["new"]), names="value")
        for _ in range(2):
            button.click()
            await quick(0)
            assert button.description == "Pause"
            while button.description == "Pause":
                await quick(0)
        assert button.description == "Play"
        return seen

    assert asyncio.run(play()) == [2, 3, 1, 2, 3]


def test_play_pauses_and_reset_ends_it(quick):
    async def play():
        slider, button, reset = player()
        for stop in (button, reset):
            button.click()
            await quick(0)
            stop.click()
            await quick(0)
            await quick(0)
            assert button.description == "Play"
            before = slider.value
            await quick(0)
            assert slider.value == before
        assert slider.value == 1

    asyncio.run(play())


def test_a_double_click_on_play_pauses_and_it_plays_again(quick):
    async def play():
        slider, button, _ = player()
        button.click()
        button.click()
        await quick(0)
        await quick(0)
        assert (button.description, slider.value) == ("Play", 1)
        button.click()
        while button.description == "Pause":
            await quick(0)
        assert slider.value == 3

    asyncio.run(play())


def test_a_slider_that_is_moved_to_its_end_meanwhile_ends_the_play(quick):
    async def play():
        slider, button, _ = player(start=2)
        button.click()
        await quick(0)
        slider.value = 3
        await quick(0)
        await quick(0)
        await quick(0)
        assert (button.description, slider.value) == ("Play", 3)

    asyncio.run(play())


def test_a_cell_shows_it_in_two_outputs():
    """IPython takes what we give it: the live one, and the spare copy."""
    shell = InteractiveShell.instance()
    try:
        with capture_output() as captured:
            assert shell.display_formatter.format(the_hut()) == ({}, {})  # it shows itself
        assert ["application/vnd.jupyter.widget-view+json" in o.data for o in captured.outputs] == [True, False]
    finally:
        InteractiveShell.clear_instance()
