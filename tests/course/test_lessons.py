"""Every lesson keeps the rules that a script can check: short stretches, predictions, twins, keys, readable figures.

Running one takes up to a quarter of a minute, so that `make test` runs the first and `make verify` all of them.
"""

import ast
import inspect
import re

import pytest

import utils.lesson
from notebooks.pictures.draw import FIRST
from tests.support.lessons import LESSONS, ROOT, Lesson, calls, declared_symbols, symbols, words
from tests.support.tiers import many
from utils.answers import is_right, read_number

pytestmark = [pytest.mark.long]


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def lesson(request):
    return Lesson(request.param)


# Lessons whose questions answer at once, and those that still wait to be renewed.
RENEWED = [path for path in LESSONS if Lesson(path).renewed]
OLDER = [path for path in LESSONS if path not in RENEWED]


def of(lessons):
    """What marks a test that reads these lessons only."""
    return pytest.mark.parametrize("lesson", lessons, indirect=True, ids=lambda path: path.stem, scope="module")


def runs(lessons):
    """What marks a test that runs these lessons, of which `make test` takes the first."""
    return lambda test: pytest.mark.both(of(many(lessons[:1], lessons))(test))


def test_the_table_of_the_course_has_every_lesson_in_order():
    listed = re.findall(r"\]\((notebooks/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.relative_to(ROOT).as_posix() for path in LESSONS]


def test_action_comes_early(lesson):
    """A first prediction within 150 words, a first thing to work out within 450."""
    read, first_predict, first_try = 0, None, None
    for cell in lesson.cells:
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown":
            read += words(cell.source)
        if tags & {"predict", "ask"} and first_predict is None:
            first_predict = read
        if tags & {"faded", "alone"} and first_try is None:
            first_try = read
    assert first_predict is not None
    assert first_predict <= 150
    assert first_try is not None
    assert first_try <= 450


def test_short_stretches(lesson):
    """At most 120 words between two things to do or look at, 350 in a section, 2,500 in the lesson."""
    stretch = section = total = 0
    for cell in lesson.cells:
        if cell.cell_type == "code":
            stretch = 0
            continue
        if re.search(r"^## ", cell.source, flags=re.M):
            section = 0
        count = words(cell.source)
        # A question whose key is folded is itself a thing to do.
        stretch = count if "<details>" in cell.source else stretch + count
        section += count
        total += words(cell.source, with_keys=True)
        assert stretch <= 120, f"{stretch} words without anything to do, up to cell {cell.id}"
        assert section <= 350, f"section of {section} words, up to cell {cell.id}"
    assert total <= 2500


@of(OLDER)
def test_every_result_was_predicted(lesson):
    predicted = {}
    for position, cell in lesson.tagged("predict"):
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.Assign):
                assert isinstance(node.value, ast.Constant), f"cell {cell.id}: a prediction starts as None"
                assert node.value.value is None
                predicted[node.targets[0].id] = position
    results = lesson.tagged("result")
    assert len(results) >= 4
    compared = set()
    for position, cell in results:
        guesses = [call.args[1].id for call in calls(cell.source, "compare")]
        assert guesses, f"cell {cell.id} compares nothing"
        for guess in guesses:
            assert predicted.get(guess, position) < position, f"cell {cell.id}: {guess} was not predicted above it"
        compared |= set(guesses)
    assert set(predicted) <= compared, f"never compared: {set(predicted) - compared}"


def test_every_key_idea_is_predicted(lesson):
    """A section with something to play with has a prediction before it."""
    asked = False
    for cell in lesson.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown" and re.search(r"^## ", cell.source, flags=re.M):
            asked = False
        asked |= bool({"predict", "ask"} & set(tags))
        if "interaction" in tags:
            assert asked, f"cell {cell.id}: nothing was predicted before it in its section"


def test_worked_then_faded_then_alone(lesson):
    first = {tag: lesson.tagged(tag)[0][0] for tag in ("worked", "faded", "alone") if lesson.tagged(tag)}
    assert list(first) == ["worked", "faded", "alone"], "a lesson needs a worked, a faded and an own example"
    assert first["worked"] < first["faded"] < first["alone"]


def test_symbols_are_explained_before_use(lesson):
    known = set()
    for cell in lesson.cells:
        if "symbols" in cell.metadata.get("tags", []):
            header = next(line for line in cell.source.splitlines() if line.strip().startswith("|"))
            assert "meaning" in header
            assert "shape" in header
            known |= declared_symbols(cell)
        if cell.cell_type == "markdown":
            unknown = symbols(cell.source) - known
            assert not unknown, f"cell {cell.id} uses {sorted(unknown)} before a table of symbols explains it"


@of(OLDER)
def test_every_interaction_has_a_static_twin(lesson):
    interactions = lesson.tagged("interaction")
    assert interactions
    for position, cell in interactions:
        names = {call.args[0].id for call in calls(cell.source, "explore")}
        assert names, f"cell {cell.id} explores nothing"
        for name in names:
            twins = [c for i, c in lesson.tagged("twin") if i < position and calls(c.source, name)]
            assert twins, f"cell {cell.id}: no cell tagged twin draws {name} before it"


@of(RENEWED)
def test_the_first_screen_invites(lesson):
    """A picture that a command draws, how long it takes, what one can do afterwards; a question within 100 words."""
    title = lesson.cells[0].source
    source, alt = re.search(r'<img src="([^"]+)"[^>]* alt="([^"]+)"', title).groups()
    assert source == f"pictures/{lesson.path.stem}.png"
    assert (lesson.path.parent / source).exists()
    assert lesson.path.stem in FIRST
    assert len(alt.split()) >= 8
    assert re.search(r"About \d+ minutes\.\s+Afterwards you can ", title)
    first = lesson.tagged("ask")[0][0]
    assert sum(words(cell.source) for cell in lesson.cells[:first] if cell.cell_type == "markdown") <= 100


@of(RENEWED)
def test_a_question_is_one_folded_cell(lesson):
    """It asks, waits and answers, and ends with what it asks; no other cell predicts, judges or draws a twin."""
    for _, cell in lesson.tagged("ask"):
        assert cell.metadata.get("jupyter", {}).get("source_hidden"), f"cell {cell.id} shows the answer in its source"
        assert cell.source.startswith("# Question: "), f"cell {cell.id}: its first line stands on the fold"
        last = ast.parse(cell.source).body[-1]
        assert len(calls(cell.source, "ask")) == 1, cell.id
        assert calls(ast.unparse(last), "ask"), f"cell {cell.id} doesn't end with its question"
    assert not lesson.tagged("predict", "result", "twin")


@of(RENEWED)
def test_a_folded_cell_says_what_it_holds(lesson):
    for _, cell in lesson.code():
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            assert re.match(r"# [A-Z][^:]+: .+", cell.source), f"cell {cell.id}: its first line stands on the fold"


@runs(RENEWED)
def test_questions_are_predictions_and_can_be_answered(lesson):
    """Eight to twelve predictions; a right answer is taken as right, also when the whole lesson has run."""
    asked = lesson.run.asked
    assert len(asked) == len(lesson.tagged("ask")) == len({question.name for question in asked})
    assert 8 <= sum(not question.arithmetic for question in asked) <= 12
    for question in asked:
        measured, because, *_ = question.measure()
        assert (measured, because) == question.measured[:2], f"{question.name}: a later cell changed what is measured"
        assert len(because.split()) >= 2, question.name
        given = measured if question.options else read_number(f"{measured} {question.unit}", question.unit)
        assert is_right(given, measured), question.name
        assert bool(question.options) == isinstance(measured, str), question.name
        assert len(question.options) != 1, question.name


@runs(RENEWED)
def test_no_picture_stands_twice(lesson):
    """What an explorer draws isn't drawn beside it: its first picture is what readers without a kernel see."""
    assert lesson.tagged("interaction")
    explored = {draw.__name__ for draw, _ in lesson.run.explorers}
    for _, cell in lesson.code():
        shown = [ast.unparse(node.value.func) for node in ast.parse(cell.source).body if _is_a_call(node)]
        assert not explored & set(shown), f"cell {cell.id} draws what is explored"


def _is_a_call(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def test_misconceptions_meet_evidence(lesson):
    cells = lesson.tagged("misconception")
    assert len(cells) >= 2
    for position, cell in cells:
        following = lesson.cells[position + 1 : position + 5]
        assert any(c.cell_type == "code" for c in following), f"cell {cell.id}: no evidence follows"


def test_recall_and_explain_have_keys(lesson):
    keys = {
        tag: sum(c.source.count("<details>") for _, c in lesson.tagged(tag))
        for tag in ("recall", "explain", "transfer")
    }
    assert keys["recall"] >= 3
    assert keys["explain"] >= 2
    assert keys["transfer"] >= 1
    recall, explain = lesson.tagged("recall")[0][0], lesson.tagged("explain")[0][0]
    assert recall < len(lesson.cells) / 4
    assert explain > len(lesson.cells) / 2


def test_nothing_is_claimed_that_was_not_measured(lesson):
    """No print of fixed text: what a cell says, it computed."""
    for _, cell in lesson.code():
        for call in calls(cell.source, "print"):
            fixed = all(isinstance(argument, ast.Constant) for argument in call.args)
            assert not (call.args and fixed), f"cell {cell.id} prints a fixed text"


def test_long_drawing_cells_are_folded(lesson):
    """A learner meets short cells; code that only draws waits behind three dots, and the lesson says so."""
    for _, cell in lesson.code():
        if "new_figure(" in cell.source and len(cell.source.splitlines()) > 15:
            assert cell.metadata.get("jupyter", {}).get("source_hidden"), f"cell {cell.id} is long and not folded"
    assert any("folded" in cell.source for cell in lesson.cells if cell.cell_type == "markdown")


def test_links_lead_somewhere(lesson):
    for cell in lesson.cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\(([^)#]+)\)", cell.source):
                if "://" not in target:
                    assert (lesson.path.parent / target).resolve().exists(), f"cell {cell.id} links to {target}"


@runs(LESSONS)
def test_figures_are_readable(lesson):
    """Text of 10 points or more, lines of 1.5 or more, and alternative text that is a sentence."""
    assert len(lesson.run.drawings) >= 3
    for drawing in lesson.run.drawings:
        assert len(drawing.alt.split()) >= 8, drawing.alt
        assert drawing.figure.get_figwidth() <= 9
        drawing.figure.draw_without_rendering()
        for text in drawing.figure.findobj(lambda a: hasattr(a, "get_fontsize")):
            if text.get_text().strip() and text.get_visible():
                assert text.get_fontsize() >= 10, f"{text.get_text()!r} in {drawing.alt!r}"
        for axis in drawing.figure.axes:
            for line in axis.get_lines():
                assert line.get_linewidth() >= 1.5 or line.get_linestyle() == "None", drawing.alt


@runs(LESSONS)
def test_explorers_draw_from_end_to_end(lesson):
    """At five stops of each control, the ends among them: all of them would take minutes."""
    for draw, controls in lesson.run.explorers:
        start = {name: first for name, (_, first, _) in controls.items()}
        ghost = {"ghost": start} if "ghost" in inspect.signature(draw).parameters else {}
        for name, (_, _, stops) in controls.items():
            stops = list(stops)
            for stop in {stops[round(part * (len(stops) - 1) / 4)] for part in range(5)}:
                assert draw(**{**start, name: stop}, **ghost)._repr_html_()


@runs(LESSONS)
def test_tries_cannot_lie(lesson, monkeypatch):
    """An untouched try is no answer, the folded solution is right, and each known mistake is named."""
    monkeypatch.setattr(utils.lesson, "_tries", {})
    assert lesson.run.attempts
    solutions = {}
    for _, cell in lesson.tagged("solution"):
        for block in re.findall(r"```python\n(.*?)```", cell.source, flags=re.S):
            namespace = dict(lesson.run.namespace)
            exec(block, namespace)
            solutions |= {node.name: namespace[node.name] for node in ast.parse(block).body if hasattr(node, "name")}
    for arguments in lesson.run.attempts:
        function, examples, wrong, hints = (arguments[name] for name in ("function", "examples", "wrong", "hints"))
        assert len(hints) == 3
        assert len(wrong) >= 3
        assert "not attempted" in repr(utils.lesson.attempt(function, examples, wrong, hints))
        right = solutions[function.__name__]
        assert "right on all" in repr(utils.lesson.attempt(right, examples, wrong, hints))
        for sentence, mistaken in wrong.items():
            assert sentence in repr(utils.lesson.attempt(_renamed(mistaken, function.__name__), examples, wrong, hints))


def _renamed(function, name):
    def renamed(*args):
        return function(*args)

    renamed.__name__ = name
    return renamed


@runs(LESSONS)
def test_runs_clean(lesson):
    """From top to bottom: no error, nothing on standard error, and pictures."""
    for cell_id, outputs in lesson.run.outputs.items():
        for output in outputs:
            assert output["output_type"] != "error", f"cell {cell_id}: {output['ename']}: {output['evalue']}"
            assert output.get("name") != "stderr", f"cell {cell_id} wrote to standard error: {output['text']}"
    shown = [o["data"] for outputs in lesson.run.outputs.values() for o in outputs if "data" in o]
    assert sum("<img" in data.get("text/html", "") for data in shown) >= 3
