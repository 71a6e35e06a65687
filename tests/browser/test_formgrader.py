"""An instructor in the formgrader: buttons grade in the sandbox, and no page runs what a student wrote."""

import contextlib
import re
import shutil
import threading
import time

import nbformat
import psutil
import pytest
from nbformat import v4
from playwright.sync_api import expect

from autograder import EXERCISES
from tests.attacks.heavy_pages import write_heavy
from tests.support.quick_nbgrader import nbgrader
from tests.support.submissions import mistaken, solutions, write_submission

from .conftest import ROOT
from .jupyter import jupyterlab
from .test_student import GREEN, RED, is_drawn_in

pytestmark = [pytest.mark.browser, pytest.mark.nbgrader, pytest.mark.verify, pytest.mark.long]

WEEK, NOTEBOOK = "week1", "first_neuron"

# RUN stands for a script that leaves a trace in the window, also from a frame.
MARKDOWN = {
    "script": "<script>RUN</script>",
    "onerror": '<img src="x" onerror="RUN">',
    "svg": '<svg onload="RUN"><script>RUN</script></svg>',
    "frame": '<iframe srcdoc="<script>RUN</script>"></iframe>',
    "details": '<details open ontoggle="RUN"><summary>look</summary>here</details>',
    "link": '[press me](javascript:RUN)\n\n<a href=" java&#10;script:RUN">press me</a>',
    "own page": '[press me](evil.html)\n\n<iframe src="evil.html"></iframe>',
    "files": '<a href="files/javascript:RUN">press me</a>',
    "picture": "![pasted](attachment:pasted.svg)",
    "gone": "![pasted](attachment:gone.png)",
    "mathematics": '$\\href{javascript:RUN}{x}$ <math><mglyph><style><img src=x onerror="RUN"></style></mglyph></math>',
    "code": "```html\n<script>RUN</script>\n```\n\n`<img src=x onerror=RUN>`",
    "style": '<style>.container { display: none }</style><p style="position: fixed; top: 0">covers</p>',
}
OUTPUTS = """
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

class Both:
    def _repr_html_(self):
        return "<b>bold</b><script>RUN</script><img src=x onerror=\\"RUN\\"><a href=\\"javascript:RUN\\">press me</a>"
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self._repr_html_(), "application/javascript": "RUN"}, {"text/html": {"isolated": True}}

picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="RUN"><script>RUN</script></svg>'
display(HTML(Both()._repr_html_()), SVG(picture), Javascript("RUN"), Both())
display(Markdown("<script>RUN</script> [press me](javascript:RUN)"), Latex("<script>RUN</script>"))
display({"text/html": picture, "image/png": '"><script>RUN</script>'}, raw=True)
display({"image/png": '"><script>RUN</script>'}, raw=True)
print("<script>RUN</script>")
raise ValueError("<img src=x onerror=\\"RUN\\">")
"""


def armed(text, name):
    """A text whose script, if it runs, says which one it was."""
    return text.replace("RUN", f"top.stolen_{name.replace(' ', '_')}=1")


def write_hostile(folder):
    """A right notebook, with tricks around it."""
    write_submission(folder, WEEK, NOTEBOOK, solutions(NOTEBOOK))
    path = folder / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for name, text in MARKDOWN.items():
        cell = v4.new_markdown_cell(armed(text, name), metadata={"tags": ['"><script>top.stolen_metadata=1</script>']})
        cell.attachments = {"pasted.svg": {"image/svg+xml": "PHN2Zy8+"}}
        notebook.cells.insert(4, cell)
    notebook.cells.insert(4, v4.new_raw_cell(armed(MARKDOWN["onerror"], "raw"), metadata={"raw_mimetype": "text/html"}))
    notebook.cells.insert(4, v4.new_code_cell(armed(OUTPUTS, "output")))
    notebook.metadata.title = notebook.metadata.language_info.name = '"><script>top.stolen_metadata=1</script>'
    nbformat.write(notebook, path)
    (folder / "evil.html").write_text("<script>top.stolen_own_page=1</script>")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """An instructor's course folder, with its source only."""
    course = tmp_path_factory.mktemp("instructor")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    (course / "source" / WEEK).mkdir(parents=True)
    shutil.copy(ROOT / "source" / WEEK / f"{NOTEBOOK}.ipynb", course / "source" / WEEK)
    return course


def fill(course):
    """Release the assignment, and let five students hand in."""
    nbgrader("generate_assignment", WEEK, "--create", course=course)
    hand_in(course, "ada", {})
    hand_in(course, "bob", {"relu": wrong_relu()})
    path = hand_in(course, "carol", {})
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index('"id": "grade-neuron"')], encoding="utf-8")
    write_hostile(course / "grading" / "submitted" / "eve" / WEEK)
    write_heavy(course / "grading" / "submitted" / "mallory" / WEEK, WEEK, NOTEBOOK)


def wrong_relu():
    """An answer to relu with a known mistake."""
    return mistaken(EXERCISES[f"{NOTEBOOK}.relu"], "one-at-a-time")


def hand_in(course, student, answers):
    """Hand in the solutions, some of them replaced; the notebook's path."""
    folder = course / "grading" / "submitted" / student / WEEK
    write_submission(folder, WEEK, NOTEBOOK, solutions(NOTEBOOK) | answers)
    return folder / f"{NOTEBOOK}.ipynb"


@pytest.fixture(scope="module")
def jupyter(chromium, course, tmp_path_factory):
    """(process, address, token) of a JupyterLab in the course folder."""
    with jupyterlab(course, tmp_path_factory.mktemp("jupyter"), meanwhile=lambda: fill(course)) as running:
        yield running.process, running.address, running.token


@pytest.fixture(scope="module")
def server(jupyter):
    """(address, token), for the window that all browser tests share."""
    return jupyter[1:]


@pytest.fixture(scope="module", autouse=True)
def logged_in(lab):
    """The formgrader's pages ask for a cookie; JupyterLab gives one."""
    lab.page.goto(f"{lab.address}/lab?token={lab.token}", wait_until="commit")


def visit(lab, path):
    """Open a page of the formgrader."""
    lab.page.goto(f"{lab.address}/formgrader/{path}")


def row(lab, student):
    """A student's row in the table of submissions."""
    return lab.page.locator("#main-table tr", has=lab.page.locator(f'.student-id:text-is("{student}")'))


def press(lab, student, button="autograde"):
    """Press a button in a student's row; what the window says that opens then."""
    visit(lab, f"manage_submissions/{WEEK}")
    row(lab, student).locator(f".{button} a").click()
    window = lab.page.locator(".modal.in")
    expect(window.locator(".modal-title")).to_have_text(re.compile("Success|Error"))
    said = window.locator(".modal-title").inner_text() + "\n" + window.locator(".modal-body").inner_text()
    window.get_by_role("button", name="OK").click()
    expect(lab.page.locator(".modal, .modal-backdrop")).to_have_count(0)
    return said


def grade(lab, student):
    """Have a student's submission graded, unless it is."""
    visit(lab, f"manage_submissions/{WEEK}")
    if row(lab, student).locator(".status").inner_text() != "graded":
        assert press(lab, student).startswith("Success")


def view(lab, student):
    """Open a graded notebook as the formgrader shows it."""
    grade(lab, student)
    visit(lab, f"manage_students/{student}/{WEEK}")
    lab.page.locator("#main-table .name a", has_text=NOTEBOOK).click()
    expect(lab.page.locator("main .cell").first).to_be_visible()
    lab.page.wait_for_load_state()


def open_feedback(lab, course, student):
    """Make a student's feedback with the formgrader's button, and open the file."""
    grade(lab, student)
    assert press(lab, student, "generate-feedback").startswith("Success")
    page = course / "grading" / "feedback" / student / WEEK / f"{NOTEBOOK}.html"
    lab.page.goto(page.as_uri())


def shown(kind, lab, course, student):
    """Open a graded notebook, in the formgrader or as feedback: where it is on the page."""
    if kind == "formgrader":
        view(lab, student)
    else:
        open_feedback(lab, course, student)
    return lab.page.locator("main #notebook-container")


class Watched:
    """The processes under the server while a button is pressed: command line -> seconds seen."""

    def __init__(self, process):
        self.server, self.over = psutil.Process(process.pid), threading.Event()
        self.before = {child.pid for child in self.server.children(recursive=True)}
        self.seen = {}
        self.thread = threading.Thread(target=self._watch)

    def _watch(self):
        while not self.over.wait(0.03):
            for child in self.server.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    self.seen.setdefault((child.pid, " ".join(child.cmdline())), []).append(time.monotonic())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def left_over(watched, seconds=30):
    """What was started under the server and still runs, or lies there dead; one tracker of Python's own may stay."""
    until = time.monotonic() + seconds
    while True:
        children = watched.server.children(recursive=True)
        words = [describe(child) for child in children if child.pid not in watched.before]
        left = [text for text in words if text and "resource_tracker" not in text]
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.1)


def describe(process):
    """Its command line; "zombie" when it is dead and nobody has asked how it ended; "" when it is gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.ZombieProcess:
        return "zombie"
    except psutil.NoSuchProcess:
        return ""


def test_the_button_grades_one_student_in_the_sandbox(lab, course, jupyter):
    process, address, token = jupyter
    with Watched(process) as watched:
        said = press(lab, "ada")
    assert said.startswith("Success"), said
    expect(row(lab, "ada").locator(".status")).to_have_text("graded")
    expect(row(lab, "ada").locator(".score")).to_have_text("50 / 50")
    expect(row(lab, "bob").locator(".status")).to_have_text("needs autograding")

    assert (course / "grading" / "results" / WEEK / "ada" / f"{NOTEBOOK}.json").exists()
    graded = nbformat.read(course / "grading" / "autograded" / "ada" / WEEK / f"{NOTEBOOK}.ipynb", as_version=4)
    assert set(graded.metadata["graded"]) == {"key", "isolation"}

    own = " ".join(psutil.Process(process.pid).cmdline())
    words = {text for _, text in watched.seen}
    assert any("-m sandbox" in text for text in words)
    assert any("spawn_main" in text for text in words)
    assert not [text for text in words if "ipykernel" in text]
    forked = [times for (_, text), times in watched.seen.items() if text == own and times[-1] - times[0] > 0.1]
    assert not forked, "a server with threads was forked"
    assert not left_over(watched)
    assert lab.page.request.get(f"{address}/api/status?token={token}", timeout=30_000).ok


def test_a_new_submission_gets_a_new_mark(lab, course, jupyter):
    with Watched(jupyter[0]) as watched:
        for answers, score in (({}, "50 / 50"), ({"relu": wrong_relu()}, "35 / 50")):
            hand_in(course, "bob", answers)
            assert press(lab, "bob").startswith("Success")
            expect(row(lab, "bob").locator(".score")).to_have_text(score)
    assert not left_over(watched)


def test_a_broken_file_gets_a_mark_and_no_error(lab, course):
    said = press(lab, "carol")
    assert said.startswith("Success"), said
    expect(row(lab, "carol").locator(".score")).to_have_text("30 / 50")
    lab.screenshot("formgrader-submissions")
    view(lab, "carol")
    expect(lab.page.locator("main #notebook-container")).to_contain_text("About this notebook")
    lab.screenshot("formgrader-broken")


@pytest.mark.parametrize("kind", ["formgrader", "feedback"])
def test_verdicts_and_figures_look_as_they_were_made(lab, course, kind):
    notebook = shown(kind, lab, course, "bob")
    expect(notebook.get_by_text("wrong", exact=True).first).to_be_visible()
    assert is_drawn_in(RED, notebook, "wrong")
    assert is_drawn_in(GREEN, notebook, "ok")
    sizes = notebook.locator("figure img").evaluate_all("images => images.map(image => image.naturalWidth)")
    assert len(sizes) >= 2
    assert min(sizes) > 100
    assert not re.search(r"<(?:div|figure|b|details|img)\b", notebook.inner_text())
    hint = notebook.locator("details").first
    hint.locator("summary").click()
    expect(hint).to_have_attribute("open", "")
    hint.scroll_into_view_if_needed()
    lab.screenshot(f"{kind}-hints")
    notebook.get_by_text("wrong", exact=True).first.scroll_into_view_if_needed()
    lab.screenshot(f"{kind}-verdict")


@pytest.mark.parametrize("kind", ["formgrader", "feedback"])
def test_nothing_of_a_students_runs_in_the_instructors_browser(lab, course, kind):
    grade(lab, "eve")
    expect(row(lab, "eve").locator(".score")).to_have_text("50 / 50")
    notebook, page = shown(kind, lab, course, "eve"), lab.page
    for name in ("bold", "look", "covers"):  # they are there, and harmless
        expect(notebook.get_by_text(name, exact=True).first).to_be_visible()
    where = page.url
    links = notebook.get_by_text("press me", exact=True)
    assert links.count() >= 5
    for link in links.all():
        link.click()
    assert page.url == where
    lab.screenshot(f"{kind}-hostile")
    assert page.evaluate("Object.keys(window).filter(name => name.startsWith('stolen'))") == []
    assert page.title() == NOTEBOOK
    loads = notebook.locator("script, iframe, object, embed, svg, style, link, form, base, meta")
    assert loads.evaluate_all("found => found.map(element => element.outerHTML)") == []
    attributes = notebook.evaluate(
        "root => [...root.querySelectorAll('*')].flatMap(element => [...element.attributes].map("
        "each => each.name + '=' + each.value)).filter(text => /^on|javascript:|position|url\\(/i.test(text))"
    )
    own = {"onclick"}  # the formgrader's
    assert [text for text in attributes if text.partition("=")[0] not in own] == []


@pytest.mark.parametrize("kind", ["formgrader", "feedback"])
def test_a_heavy_page_is_shown(lab, course, kind):
    notebook = shown(kind, lab, course, "mallory")
    expect(notebook.get_by_text("Left out").first).to_be_attached()
    assert is_drawn_in(GREEN, notebook, "ok")
    lab.screenshot(f"{kind}-heavy")


def test_validate_runs_in_the_sandbox(lab, course, jupyter):
    notebook = nbformat.read(course / "source" / WEEK / f"{NOTEBOOK}.ipynb", as_version=4)
    notebook.cells.append(v4.new_code_cell("raise LookupError(type(get_ipython()).__module__)"))
    nbformat.write(notebook, course / "mine.ipynb")
    with Watched(jupyter[0]) as watched:
        answer = lab.page.request.post(
            f"{lab.address}/assignments/validate",
            data={"path": "mine.ipynb"},
            headers={"Authorization": f"token {lab.token}"},
        ).json()
    assert answer["success"], answer["value"]
    assert [cell["raw_error"].splitlines()[-1] for cell in answer["value"]["failed"]] == ["LookupError: sandbox.shell"]
    assert not [text for _, text in watched.seen if "ipykernel" in text]
