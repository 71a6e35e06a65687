"""JupyterLab as the tests use it: open, type, run, look. Every wait is for something that a person would see, too."""

import re
import uuid

from playwright.sync_api import expect

_DONE = re.compile(r"^\[\d+\]:?$")

# What a cell shows when it failed or wrote to the error stream; JupyterLab draws both alike.
COMPLAINT = '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]'

# "done" when the kernel rests and each cell has its number (a folded one shows none); "stopped" when a cell has
# complained and no other waits its turn, as after an error. Anything else is neither yet.
_RUN_STATE = """complaint => {
    const notebook = document.querySelector('.jp-NotebookPanel');
    const rests = notebook.querySelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]');
    const prompts = [...notebook.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')].map(p => p.textContent.trim());
    if (!rests || !prompts.length || prompts.some(prompt => prompt.startsWith('[*]'))) return null;
    if (prompts.every(prompt => /^\\[\\d+\\]:?$/.test(prompt))) return 'done';
    return notebook.querySelector(complaint) && 'stopped';
}"""


class Lab:
    """One browser page with JupyterLab.

    Parameters
    ----------
    page : playwright.sync_api.Page
    address, token : str
        Where the server is, and its password.
    pictures : pathlib.Path
        Folder for screenshots.
    """

    def __init__(self, page, address, token, pictures):
        self.page, self.address, self.token, self.pictures = page, address, token, pictures
        # A student may be offline: what doesn't come from the server on this machine doesn't come.
        page.context.route(re.compile(r"^https?://(?!127\.0\.0\.1[:/])"), lambda route: route.abort())

    def open(self, path):
        """Open a file of the course in a JupyterLab without any other tab."""
        workspace = uuid.uuid4().hex[:8]
        self.page.goto(f"{self.address}/lab/workspaces/{workspace}/tree/{path}?reset&token={self.token}")
        self._wait_for_splash()

    def open_notebook(self, path):
        """Open a notebook and wait for its kernel: without one, running a cell does nothing."""
        self.end_kernels()
        self.open(path)
        self.page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
        expect(self.page.locator(".jp-Toolbar-kernelName")).to_have_text("Python 3 (ipykernel)")
        self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()

    def cell(self, text):
        """The only code cell whose source holds this text."""
        cell = self.page.locator(".jp-CodeCell", has=self.page.locator(".jp-InputArea", has_text=text))
        expect(cell, f"the code cell with {text!r}").to_have_count(1)
        return cell

    def write(self, cell, source):
        """Replace a cell's source, as a person does: click, select all, type."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(source)

    def run(self, cell):
        """Run one cell, wait until it is done, and return its output."""
        prompt = cell.locator(".jp-InputPrompt").first
        before = prompt.inner_text().strip()
        prompt.click()
        self.page.keyboard.press("Control+Enter")
        if _DONE.match(before):
            expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(_DONE)
        return cell.locator(".jp-OutputArea-output")

    def run_all(self, seconds):
        """Run the whole notebook; True when every cell ran, False when an error stopped it."""
        self.menu("Run", "runmenu:run-all")
        state = self.page.wait_for_function(_RUN_STATE, arg=COMPLAINT, timeout=1000 * seconds)
        return state.json_value() == "done"

    def menu(self, name, command):
        """Choose an entry of the menu bar by its command."""
        self.page.locator(".lm-MenuBar-item", has_text=name).first.click()
        self.page.locator(f'.lm-Menu-item[data-command="{command}"]').click()

    def theme(self, name):
        """Switch to the "light" or the "dark" theme."""
        self.page.emulate_media(color_scheme=name)
        light = "true" if name == "light" else "false"
        self.page.locator(f'body[data-jp-theme-light="{light}"]').wait_for(state="attached")
        self._wait_for_splash()

    def _wait_for_splash(self):
        """JupyterLab covers the page while it starts, and while it changes the theme."""
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def screenshot(self, name):
        """Keep a picture of the page for people to look at."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.pictures / f"{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}.png")

    def end_kernels(self):
        """End what this page started: kernels outlive the page."""
        request, headers = self.page.request, {"Authorization": f"token {self.token}"}
        sessions = f"{self.address}/api/sessions"
        for session in request.get(sessions, headers=headers).json():
            request.delete(f"{sessions}/{session['id']}", headers=headers)
