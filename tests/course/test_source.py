"""The source notebooks keep the house style: points agree, hints, short prose, docstrings that tell true shapes."""

import ast
import html
import itertools
import re
import textwrap

import nbclient
import nbformat
import numpy as np
import pytest

from autograder import EXERCISES
from autograder.exercises.exercise import Question
from autograder.grading.intake.released import read_hidden_test
from autograder.release.points import stale
from tests.support.lessons import LESSONS, ROOT, words

SOURCES = sorted((ROOT / "source").glob("week*/*.ipynb"))
NOTEBOOKS = SOURCES + LESSONS


@pytest.fixture(params=SOURCES, ids=lambda path: path.stem)
def source(request):
    return nbformat.read(request.param, as_version=4), request.param


def graded_cells(notebook):
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def test_points_agree_everywhere(source):
    """In the call of hidden_test, the metadata, the visible comment, the heading, the first cell and the README."""
    notebook, path = source
    total = 0
    for cell in graded_cells(notebook):
        points = cell.metadata.nbgrader.points
        hidden = read_hidden_test(cell.source, points, cell.id)
        assert hidden.exercise == f"{path.stem}.{hidden.function}"
        assert hidden.max_points == points
        asked = isinstance(EXERCISES[hidden.exercise], Question)
        what = "is marked" if asked else "is run on inputs that you haven't seen."
        assert cell.source.startswith(f"# {points} points. When you submit, {hidden.function} {what}")
        heading = heading_above(notebook, cell)
        assert f"({points} points)" in heading, f"{heading!r} should say ({points} points)"
        total += points
    assert f"{total} points" in notebook.cells[0].source
    link = f"(release/{path.parent.name}/{path.name}), {total} points"
    assert link in (ROOT / "README.md").read_text(encoding="utf-8")


def test_points_are_told_as_make_release_writes_them():
    assert stale() == []


def heading_above(notebook, cell):
    heading = ""
    for other in notebook.cells:
        if other.cell_type == "markdown":
            heading = next((line for line in other.source.splitlines() if line.startswith("## ")), heading)
        if other is cell:
            return heading
    raise LookupError(cell.id)


def test_every_exercise_is_in_its_notebook(source):
    notebook, path = source
    graded = [re.search(r'hidden_test\("([\w.]+)"', cell.source).group(1) for cell in graded_cells(notebook)]
    assert graded == [id for id in EXERCISES if id.startswith(f"{path.stem}.")]


def test_an_exercise_is_text_answer_check_and_graded_cell(source):
    notebook, path = source
    cells = notebook.cells
    for place, cell in enumerate(cells):
        if cell.metadata.get("nbgrader", {}).get("solution"):
            name = next(n.name for n in ast.parse(cell.source).body if isinstance(n, ast.FunctionDef))
            text, check, graded = cells[place - 1], cells[place + 1], cells[place + 2]
            assert text.cell_type == "markdown"
            assert check.source == f"check({name})"
            assert check.metadata.nbgrader.locked
            assert not check.metadata.nbgrader.grade
            assert graded.metadata.nbgrader.grade
            assert [cell.id, check.id, graded.id] == [f"{p}{name.replace('_', '-')}" for p in ("", "check-", "grade-")]
            asked = isinstance(EXERCISES[f"{path.stem}.{name}"], Question)
            assert re.findall(r"<summary>(Hint \d)</summary>", text.source) == ([] if asked else HINTS)


HINTS = ["Hint 1", "Hint 2", "Hint 3"]


def test_the_third_hint_holds_no_line_of_the_solution(source):
    """It shows the same idea in another function."""
    notebook, _ = source
    for text, cell in itertools.pairwise(notebook.cells):
        hint = re.search(r"<summary>Hint 3</summary>(.*?)</details>", text.source, flags=re.S)
        if hint and cell.metadata.get("nbgrader", {}).get("solution"):
            told = plain(html.unescape(re.sub(r"</?(?:pre|code|em)>", " ", hint[1])))
            for line in solution_lines(cell.source):
                assert line not in told, f"cell {text.id}: hint 3 holds {line}"


@pytest.mark.parametrize("hint", ["so dw  = np.dot( X, dZ.T)/m", 'take grads[ "dw" ] now', "np.dot(X, dZ.T)/m"])
def test_a_hint_that_holds_a_line_is_seen(hint):
    solution = "dw = np.dot(X, dZ.T) / m\nif m:\n    w = grads['dw']\n    b = 0.0\nfor i in range(m): step(i)"
    lines = solution_lines(f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION\n")
    assert sorted(lines) == sorted(["np.dot(X,dZ.T)/m", "grads['dw']", "step(i)"])
    assert any(line in plain(hint) for line in lines)


def solution_lines(source):
    """What each line of a solution computes, plain; no heads of loops and conditions, no bare names and numbers."""
    solution = source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
    values = [
        node.value
        for node in ast.walk(ast.parse(textwrap.dedent(solution)))
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr)
    ]
    return [plain(ast.unparse(value)) for value in values if not isinstance(value, ast.Name | ast.Constant)]


def plain(code):
    """Code without spaces, and with one kind of quotes."""
    return re.sub(r"\s", "", code).replace('"', "'")


def test_every_exercise_is_explained_after_the_pass(source):
    """Between a graded cell and the next exercise, or the end, stands a word on what to see, and why."""
    notebook, path = source
    if path.stem.startswith("quiz"):
        return  # a quiz explains every option in the feedback
    kinds = []
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            kinds.append(f"grade {cell.id}")
        elif cell.cell_type == "markdown" and re.match(r"\*\*(What you should see|Why)", cell.source):
            kinds.append("explained")
    for kind, following in zip(kinds, [*kinds[1:], ""], strict=True):
        assert not (kind.startswith("grade") and following != "explained"), f"nothing explains {kind}"


def test_solutions_are_short_and_leave_the_return_outside(source):
    notebook, _ = source
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            assert cell.source.count("### BEGIN SOLUTION") == 1
            inside, after = cell.source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")
            assert len(inside.strip().splitlines()) <= 10
            assert "return" in after
            assert "return" not in inside


def test_prose_is_short(source):
    notebook, _ = source
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert words(cell.source) <= 120, f"cell {cell.id} has {words(cell.source)} words"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_clean(path):
    """No outputs, no counts, ids in plain words, and exactly the bytes that nbformat writes."""
    notebook = nbformat.read(path, as_version=4)
    assert notebook.nbformat_minor == 5
    for cell in notebook.cells:
        assert re.fullmatch(r"[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*", cell.id), cell.id
        assert not re.fullmatch(r"[0-9a-f]{6,}", cell.id), f"{cell.id} isn't a word"
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert path.read_bytes() == (nbformat.writes(notebook) + "\n").encode()


@pytest.mark.parametrize("id", [id for id, exercise in EXERCISES.items() if not isinstance(exercise, Question)])
def test_docstring_shapes_are_true(id):
    """Every `name : array, shape (...)` of a docstring holds for what is given and returned."""
    exercise = EXERCISES[id]
    text = exercise.reference.__doc__
    parameters, returns = text.split("Returns\n")
    stated = dict(re.findall(r"^ *(\w+) : array, shape (\([^)]*\))", parameters, flags=re.M))
    gives = re.findall(r'(?:^ *(\w+) : array|"(\w+)"(?:, shape)?) ?,? ?(?:shape )?(\([^)]*\))', returns, flags=re.M)
    for case in exercise.cases(5):
        sizes = dict(case.arguments)
        for name, shape in stated.items():
            bind(shape, np.shape(case.arguments[name]), sizes, f"{id}: argument {name}")
        if case.fixed:  # an initialiser without chance stands in for the real one; its shapes are tested there
            continue
        result = exercise.reference(**case.arguments, **case.options)
        for output in exercise.outputs:
            shape = next((s for a, b, s in gives if output.name in (a, b)), None)
            if shape and output.kind in ("array", "layout", "labels", "random"):
                value = result
                for step in output.path:
                    value = value[step]
                bind(shape, np.shape(value), sizes, f"{id}: result {output.name}")


def bind(stated, shape, sizes, where):
    """Hold a stated shape such as (h * w * c, m) against a real one; letters get their size where first met."""
    parts = [part.strip() for part in stated.strip("()").split(",") if part.strip()]
    assert len(parts) == len(shape), f"{where}: stated {stated}, is {shape}"
    for part, size in zip(parts, shape, strict=True):
        if part.isidentifier() and part not in sizes:
            sizes[part] = size
        assert eval(part, {}, sizes) == size, f"{where}: stated {stated}, is {shape}"


def test_assignments_and_lessons_lead_to_each_other(source):
    """An assignment links to a lesson of its week, and some lesson of its week links to it.

    Where a week has no lessons yet, the assignment links to one of the week before.
    """
    notebook, path = source
    week = path.parent.name
    text = "\n".join(cell.source for cell in notebook.cells)
    lessons = [file for file in LESSONS if file.stem.startswith(f"{week}_")]
    near = lessons or [file for file in LESSONS if file.stem.startswith(f"week{int(week.removeprefix('week')) - 1}_")]
    assert any(f"../../notebooks/{lesson.name}" in text for lesson in near)
    linked = [f"../release/{week}/{path.name}" in lesson.read_text(encoding="utf-8") for lesson in lessons]
    assert any(linked) or not lessons


def long_ones_later(path):
    """A notebook that trains takes long."""
    trains = '"training"' in path.read_text(encoding="utf-8")
    return pytest.param(path, id=path.stem, marks=[pytest.mark.verify, pytest.mark.long] if trains else [])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", [long_ones_later(path) for path in SOURCES])
def test_solved_assignments_run_clean(path):
    """Top to bottom; nothing on standard error; every graded cell gives its full points."""
    notebook = nbformat.read(path, as_version=4)
    executed = nbclient.NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", f"cell {cell.id}: {output.text}"
        if cell.metadata.get("nbgrader", {}).get("grade"):
            earned = next(o.data["text/plain"] for o in cell.outputs if o.output_type == "execute_result")
            assert float(earned) == cell.metadata.nbgrader.points
    if path.stem == "logistic_regression":
        report = next(cell for cell in executed.cells if cell.id == "accuracy").outputs[0].text
        numbers = re.search(r" test: ([\d.]+)% right.* ([\d.]+)% to ([\d.]+)% \(2000 pictures\)", report).groups()
        share, low, high = map(float, numbers)
        assert 60 <= share <= 72
        assert low < share < high
        _, of_2000, of_200, of_50 = map(float, re.findall(r"([\d.]+) points wide", report))
        assert 0.45 < of_200 / of_50 < 0.55  # the text says: about half
        assert 5.5 < of_50 / of_2000 < 6.5  # and about a sixth
