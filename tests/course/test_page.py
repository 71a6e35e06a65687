"""A lesson as a page: `jupyter nbconvert --to html --template lesson` folds what a notebook folds."""

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat import v4

from autograder.course import ROOT

WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


@pytest.fixture(scope="module")
def page():
    """A page with an open cell, and a folded one whose widget was kept, as `--execute` does."""
    fixed = "<details><summary>Answer</summary>It is 90.</details>"
    data = {WIDGET: {"model_id": "a1", "version_major": 2, "version_minor": 0}, "text/html": fixed}
    ask = v4.new_code_cell("# Question: what is <b>?\nmeasure = 90", outputs=[v4.new_output("display_data", data)])
    ask.metadata["jupyter"] = {"source_hidden": True}
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x = 1"), ask])
    notebook.metadata["widgets"] = {STATE: {"state": {"a1": {}}, "version_major": 2, "version_minor": 0}}
    nbformat.validate(notebook)
    exporter = HTMLExporter(template_name="lesson", extra_template_basedirs=[str(ROOT / "jupyter")])
    return exporter.from_notebook_node(notebook)[0]


def test_a_folded_cell_is_folded_and_named_by_its_first_line(page):
    start = page.index("Question: what is &lt;b&gt;?</summary>")
    end = page.index("</details>", start)
    assert page.rindex("<details>", 0, start) < start < page.index("measure", start) < end
    assert page.count("<details>") == 2


def test_an_open_cell_stays_open(page):
    assert page.index('class="n">x</span>') < page.index("<details>")


def test_the_fixed_form_stands_in_the_place_of_the_widget(page):
    assert "It is 90." in page
    assert f'<script type="{WIDGET}">' not in page
