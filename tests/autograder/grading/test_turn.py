"""One run at a time: the second waits, says for what, and goes on."""

import os
import subprocess
import sys
import threading

import pytest

from autograder.grading.turn import turn

pytest.importorskip("fcntl", reason="files are locked on Linux and macOS only")

HOLDS = """
import sys, time
from pathlib import Path
from autograder.grading.turn import turn

with turn(Path(sys.argv[1]), "week2", print):
    print("holds", flush=True)
    time.sleep(600)
"""


def waiting(folder):
    """Another run in this folder, once it has said that it waits: (its thread, what it said, whether it was let in)."""
    said, told, let_in = [], threading.Event(), threading.Event()

    def say(line):
        said.append(line)
        told.set()

    def work():
        with turn(folder, "week3", say):
            let_in.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert told.wait(60)
    return thread, said, let_in


def test_the_second_run_waits_and_says_for_what(tmp_path):
    folder = tmp_path / "grading"
    with turn(folder, "week2", pytest.fail):
        thread, said, let_in = waiting(folder)
        assert len(said) == 1
        assert said[0].startswith(f"Waiting for another run that grades in {folder}: week2, process {os.getpid()}, ")
        assert not let_in.is_set()
    thread.join(60)
    assert let_in.is_set()
    with turn(folder, "week2", pytest.fail):
        assert (folder / "lock").read_text().startswith("week2, ")


def test_a_run_that_was_killed_lets_the_next_one_in(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLDS, tmp_path], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout.readline() == "holds\n"
            thread, said, let_in = waiting(tmp_path)
            assert f"week2, process {holder.pid}, " in said[0]
            assert not let_in.is_set()
        finally:
            holder.kill()
        thread.join(60)
        assert let_in.is_set()


def test_where_files_cannot_be_locked_it_says_so_and_goes_on(tmp_path, monkeypatch):
    import errno
    import fcntl

    def flock(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    said = []
    with turn(tmp_path, "week2", said.append):
        pass
    assert said == [
        f"{tmp_path} lies where files can't be locked: see to it that nobody else grades there at this time."
    ]
