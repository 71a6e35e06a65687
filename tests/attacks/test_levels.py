"""The attacks on the machine where it lacks layers of isolation: what is lost there is what docs/grading.md says."""

import contextlib
import platform
import re

import pytest

import sandbox.client
from autograder.course import ROOT
from autograder.grading.run import worker
from autograder.grading.settings import CannotGrade
from sandbox import isolation
from tests.attacks.levels import LEVELS, LOST, warm_process
from tests.attacks.test_attacks import ATTACKS, QUICK, gains_nothing, pytestmark, world  # noqa: F401 (a fixture)
from tests.support.classroom import grade_folder
from tests.support.submissions import write_submission

# A part of the corpus that stands for it: what reads, writes, signals, starts, talks and uses up.
CHOSEN = [
    "reads-the-gradebook",
    "reads-environments",
    "reads-by-descriptors",
    "reads-the-graders-memory",
    "writes-the-gradebook",
    "changes-modes-and-times",
    "calls-home",
    "kills-its-parent",
    "starts-programs",
    "signals-by-descriptors",
    "leases-and-watches",
    "locks-on-what-all-read",
    "meets-at-a-word",
    "counts-of-its-memory",
    "how-the-machine-is",
    "uses-up-what-all-share",
    "disk-bomb-small",
]


@pytest.fixture(scope="module", autouse=True)
def all_layers():
    """A level is simulated by taking away, so all has to be there."""
    missing = [layer for layer, reason in isolation.probe().items() if reason]
    if missing:
        pytest.skip(f"this machine lacks {', '.join(missing)} itself")


@pytest.fixture(scope="module", params=LOST)
def level(request):
    return request.param


@pytest.fixture(scope="module")
def warm(level):
    with warm_process(level) as process, pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "_warm", process)
        patch.setattr(sandbox.client, "GRACE_SECONDS", 0.6)
        yield process


@pytest.mark.verify
@pytest.mark.parametrize("name", CHOSEN)
def test_what_is_lost_at_a_level(name, level, tmp_path, world, warm, monkeypatch):  # noqa: F811
    lost = LOST[level].get(name)
    with pytest.raises(AssertionError, match=re.escape(lost)) if lost else contextlib.nullcontext():
        gains_nothing(ATTACKS[name], tmp_path, world, warm, monkeypatch)


def test_with_neither_nothing_runs():
    with warm_process("neither") as process, pytest.raises(sandbox.client.SandboxError, match="grade all the same"):
        process.open(QUICK)


def test_a_worker_that_cannot_isolate_stops_the_batch(tmp_path, monkeypatch):
    """Every other notebook would be refused as well."""
    write_submission(tmp_path, "week2", "quiz2", {})
    with warm_process("neither") as process:
        monkeypatch.setattr(worker, "_warm", process)
        with pytest.raises(CannotGrade, match=f"^On {re.escape(platform.node())}: .* grade all the same"):
            grade_folder(tmp_path, "week2", "quiz2", settings=QUICK)


def test_each_level_is_in_the_table():
    text = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    for level in LEVELS:
        assert any(line.startswith(f"| {level} |") for line in rows), level
