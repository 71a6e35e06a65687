"""The graded notebook as a page, made as nbgrader's formgrader and its feedback make it, and the scripts in it."""

import re
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder.grading.intake.submission import read_submission
from autograder.grading.run.plan import make_job
from autograder.grading.settings import JobSettings
from autograder.platforms.nbgrader.building import PageJob, make_page, packed
from autograder.platforms.nbgrader.notebooks import fill, to_notebook
from autograder.platforms.nbgrader.plugin import plug_into
from tests.support.classroom import released

# What could run: attributes that hold addresses, beside all that begin with "on". As data, a picture runs nothing.
ADDRESSES = {"src", "href", "data", "action", "formaction", "content", "xlink:href", "style", "background"}
RUNS = re.compile(r"(0;url=)?(javascript|vbscript|data:text|data:image/svg)|.*url\(")
BOOTSTRAP = Path(handlers.static_path, "node_modules/bootstrap/dist/css")
RESOURCES = {
    "nbgrader": {
        "assignment": "a",
        "notebook": "n",
        "student": "s",
        "submission_id": "1",
        "timestamp": None,
        "score": 0.0,
        "max_score": 100.0,
        "late_penalty": 0.0,
    },
    "assignment_id": "a",
    "notebook_id": "n",
    "submission_id": "1",
    "index": 0,
    "total": 1,
    "base_url": "",
    "student": "s",
    "last_name": "",
    "first_name": "",
    "notebook_path": "",
    "metadata": {"name": "n"},
}


def graded_notebook(folder, week, notebook, result):
    """The notebook that is written for a result, without the points that nbgrader adds."""
    wanted = {notebook: released(week)[notebook]}
    submission = read_submission(folder, wanted)
    clean = submission.notebooks[notebook]
    job = make_job(
        "student", week, clean, wanted[notebook], submission.files, submission.content, b"secret", JobSettings()
    )
    made = to_notebook(clean)
    fill(made, job, result)
    for cell in made.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.update(score=0.0, points=1.0)  # as nbgrader's GetGrades does
    return made


def page_config(template):
    """The configuration that pages are made with: "formgrade" for the formgrader's, "feedback" for students'."""
    config = Config()
    plug_into(config)
    config.HTMLExporter.template_name = template
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    config.HTMLExporter.extra_template_paths = [str(BOOTSTRAP)]
    return config


def page(notebook, template):
    """The notebook as HTML, and whether something is left out of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "n.ipynb"
        nbformat.write(notebook, path)
        # The styles of code; marks, which nbgrader puts in beside them, aren't needed.
        preprocessors = (CSSHTMLHeaderPreprocessor,) if template == "feedback" else ()
        return make_page(PageJob(str(path), RESOURCES, packed(page_config(template), preprocessors), preprocessors))


def pages(notebook):
    """The notebook as HTML, once as the formgrader shows it and once as feedback."""
    return [page(notebook, template)[0] for template in ("formgrade", "feedback")]


def scripts_in(page):
    """Places of a page where "pwned" would run, as sentences."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.inside = [], None

    def handle_starttag(self, tag, attributes):
        self.inside = tag if tag in ("script", "style") else None
        for name, value in attributes:
            value = re.sub(r"[\s\0-\x1f]", "", value or "").lower()
            runs = name.startswith("on") or (name in ADDRESSES and RUNS.match(value)) or name == "srcdoc"
            if "pwned" in value and runs:
                self.found.append(f"<{tag} {name}={value[:80]}>")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside and "pwned" in data:
            self.found.append(f"<{self.inside}>{data.strip()[:80]}")
