"""What all tests share: two tiers, one thread for each process, the long tests first, and a tree that stays clean.

`make test` leaves out what is marked `verify`; `make verify` runs just that, and what is marked `both`, which does more
there: tests/support/tiers.py tells how much.
"""

import os
import subprocess
from collections import Counter

import pytest

from autograder.course import ROOT
from tests.support.tiers import VERIFY

# Three test workers on two cores, since many of them wait, and the kernels that they start: more threads would only
# get in each other's way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

TREE = pytest.StashKey()


def pytest_collection_modifyitems(config, items):
    """Keep the tests of this tier, and start with the long ones, so that all workers finish at about the same time."""
    kept = [item for item in items if _belongs(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _belongs(item)])
    kept.sort(key=lambda item: item.get_closest_marker("long") is None)
    items[:] = kept


def _belongs(item):
    marks = {mark.name for mark in item.iter_markers()}
    return bool(marks & {"verify", "both"}) if VERIFY else "verify" not in marks


def pytest_sessionstart(session):
    """Remember what the tree looks like."""
    if not hasattr(session.config, "workerinput"):
        session.config.stash[TREE] = _tree()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """No test writes into the tree: a file that it made newer would hide from the next run that it was stale."""
    before = session.config.stash.get(TREE, None)
    if before is not None and (changed := sorted(before ^ _tree())):
        session.exitstatus = exitstatus or pytest.ExitCode.TESTS_FAILED
        print("\n\nFAILED: the tree changed while the tests ran:", *changed, sep="\n  ")


def _tree():
    """What git sees changed, each file with a hash of what is in it; empty where there is no git."""
    listed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True).stdout
    files = [line[3:] for line in listed.splitlines() if (ROOT / line[3:]).is_file()]
    hashes = subprocess.run(["git", "hash-object", *files], cwd=ROOT, capture_output=True, text=True).stdout.split()
    return {*listed.splitlines(), *(f"{file} {code}" for file, code in zip(files, hashes, strict=False))}


def pytest_terminal_summary(terminalreporter):
    """Say in a line each what was left out, and why."""
    skipped = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    for reason, number in skipped.items():
        terminalreporter.write_line(f"Left out: {number} test{'s' * (number > 1)}. {reason}")
    if not VERIFY:
        terminalreporter.write_line("Left out: the long tests, which `make verify` runs.")


def _reason(report):
    """Why a test was skipped."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
