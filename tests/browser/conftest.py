"""A JupyterLab on a copy of the course, as a student has it, and a Chromium that looks at it: one for all tests."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from .jupyter import jupyterlab
from .lab import Lab

ROOT = Path(__file__).parents[2]

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
    """(address, token) of a JupyterLab on the copy of the course."""
    with jupyterlab(course, tmp_path_factory.mktemp("jupyter")) as running:
        yield running.address, running.token


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
