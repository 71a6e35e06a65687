"""A JupyterLab on a copy of the course, as a student has it, and a Chromium that looks at it: one for all tests."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from .lab import Lab

ROOT = Path(__file__).parents[2]

# Nothing pops up over the page, and the theme follows what the browser asks for, so that both can be looked at.
SETTINGS = {
    "notification": {"fetchNews": "false", "checkForUpdates": False},
    "themes": {"adaptive-theme": True},
}
# How long one step may take; a busy machine needs a multiple of the usual second.
SECONDS = 30
WINDOW = pytest.StashKey()
OFFLINE = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


@pytest.fixture(scope="package")
def chromium():
    """Path of the installed Chromium. Without one the tests are skipped, but never on a CI machine."""
    path = shutil.which("chromium")
    if path is None:
        reason = "These tests drive Chromium, but no program named chromium is on the PATH; install Debian's chromium."
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="package")
def browser(chromium):
    """A running Chromium without windows."""
    as_root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*OFFLINE, *as_root])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def course(tmp_path_factory):
    """A copy of what a student opens. `utils` isn't in it: it is installed."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("release", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for name in ("README.md", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="package")
def server(chromium, course, tmp_path_factory):
    """(address, token) of a JupyterLab on the copy of the course; it shares no settings with the person's own."""
    own = tmp_path_factory.mktemp("jupyter")
    settings = own / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    for name, values in SETTINGS.items():
        (settings / f"{name}.jupyterlab-settings").write_text(json.dumps(values), encoding="utf-8")
    token = secrets.token_hex(16)
    options = ("--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0")
    with (own / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, f"--IdentityProvider.token={token}"],
            cwd=course,
            env=_environment(own),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield _address(process, own), token
        finally:
            _end(process)


def _environment(own):
    """Environment variables of a person who has never used Jupyter before."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    places = (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "IPYTHONDIR",
    )
    return (
        kept | {name: str(own / name.lower()) for name in places} | {"JUPYTERLAB_SETTINGS_DIR": str(own / "settings")}
    )


def _address(process, own, seconds=60):
    """Where the server listens: it says so in a file when it is ready."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        for file in (own / "jupyter_runtime_dir").glob("jpserver-*.json"):
            try:
                return json.loads(file.read_text(encoding="utf-8"))["url"].rstrip("/")
            except ValueError:  # half written
                pass
        time.sleep(0.1)
    tail = (own / "log").read_text(encoding="utf-8")[-2000:]
    pytest.fail(f"JupyterLab wasn't ready after {seconds} s. The end of what it wrote:\n{tail}", pytrace=False)


def _end(process):
    """End the server. Asked politely it also ends its kernels; whatever is left of its group is killed."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=15)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=5)


@pytest.fixture(scope="module")
def lab(browser, server, request):
    """A window on the JupyterLab, one for the tests of a file."""
    expect.set_options(timeout=SECONDS * 1000)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    context.set_default_timeout(SECONDS * 1000)
    lab = Lab(context.new_page(), *server, pictures=ROOT / "build" / "screenshots")
    request.config.stash[WINDOW] = lab
    yield lab
    request.config.stash[WINDOW] = None
    lab.end_kernels()
    context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Keep a picture of what a failed test saw last."""
    report = yield
    lab = item.config.stash.get(WINDOW, None)
    if report.failed and lab:
        lab.screenshot(f"failed-{item.name}")
    return report
