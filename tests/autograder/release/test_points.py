"""Points are typed once, in the metadata of a graded cell, and told everywhere else as they stand there."""

import pytest

from autograder.course import ROOT
from autograder.release.points import graded_cell, in_words, stale, texts_with_points
from autograder.release.source import read_sources
from tests.support.copied import course_copy, edit


@pytest.fixture
def course(tmp_path):
    return course_copy(tmp_path)


def test_a_graded_cell():
    assert graded_cell("logistic_regression.propagate", 25) == (
        "# 25 points. When you submit, propagate is run on inputs that you haven't seen.\n"
        "### BEGIN HIDDEN TESTS\n"
        "from autograder import hidden_test\n"
        "\n"
        'hidden_test("logistic_regression.propagate", points=25)\n'
        "### END HIDDEN TESTS"
    )
    assert graded_cell("quiz1.question_1", 2).startswith(
        "# 2 points. When you submit, question_1 is marked, with a word on every option.\n"
    )


def test_numbers_in_words():
    assert [in_words(points) for points in (1, 2, 2.0, 0.5, 12.5, 1234567.25)] == [
        "1 point",
        "2 points",
        "2 points",
        "0.5 points",
        "12.5 points",
        "1234567.25 points",
    ]


def test_a_new_number_reaches_all_places_and_is_named_until_then(course):
    def dearer(cells):
        cells["grade-relu"].metadata.nbgrader.points = 17.5

    edit(course, "week1/first_neuron", dearer)
    assert stale(course) == [
        "source/week1/first_neuron.ipynb, title, relu-text, grade-relu: the points aren't told as the graded cells "
        "have them. Run `make release`.",
        "README.md: the points aren't told as the graded cells have them. Run `make release`.",
    ]
    write(course)
    assert stale(course) == []
    [first_neuron, *_], _ = read_sources(course)
    cells = {cell.id: cell.source for cell in first_neuron.cells}
    assert "Three short functions, 52.5 points, about forty minutes." in cells["title"]
    assert cells["relu-text"].startswith("## 3 Never below zero (17.5 points)\n")
    assert cells["neuron-text"].startswith("## 4 One neuron (15 points)\n")
    assert cells["grade-relu"] == graded_cell("first_neuron.relu", 17.5)
    table = (course / "README.md").read_text(encoding="utf-8")
    assert "[first_neuron](release/week1/first_neuron.ipynb), 52.5 points |" in table
    assert "[quiz1](release/week1/quiz1.ipynb), 20 points |" in table


def write(course):
    for path, text in texts_with_points(course).items():
        path.write_text(text, encoding="utf-8")


def test_two_graded_cells_under_one_heading_add_up(course):
    def merge_headings(cells):
        cells["neuron-text"].source = cells["neuron-text"].source.replace("## 4 One neuron (15 points)", "And now:")

    edit(course, "week1/first_neuron", merge_headings)
    write(course)
    [first_neuron, *_], _ = read_sources(course)
    relu = next(cell for cell in first_neuron.cells if cell.id == "relu-text")
    assert relu.source.startswith("## 3 Never below zero (30 points)\n")


def test_a_heading_over_nothing_graded_tells_no_points(course):
    edit(course, "week1/first_neuron", lambda cells: cells.insert(1, {**cells["relu-text"], "id": "early"}))
    write(course)
    [first_neuron, *_], _ = read_sources(course)
    assert first_neuron.cells[1].source.startswith("## 3 Never below zero\n")


def test_the_least_that_an_author_types_gives_our_notebooks(course):
    """Graded cells empty, no number anywhere but in the metadata, ids as jupytext reads them."""

    def least(cells):
        for cell in cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.source = ""
            if cell.metadata.get("nbgrader"):
                cell.id = f"{cells.index(cell):08x}"
                cell.metadata.lines_to_next_cell = 1
            elif cell.cell_type == "markdown":
                cell.metadata.id, cell.id = cell.id, f"{cells.index(cell):08x}"
                first, *rest = cell.source.split("\n")
                cell.source = "\n".join([first.split(" (")[0] if first.startswith("## ") else first, *rest])

    sources, _ = read_sources()
    for source in sources:
        edit(course, f"{source.path.parent.name}/{source.name}", least)
    write(course)
    for source in sources:
        assert (course / source.where).read_bytes() == source.path.read_bytes()
    assert (course / "README.md").read_bytes() == (ROOT / "README.md").read_bytes()
