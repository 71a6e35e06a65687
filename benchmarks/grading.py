"""Stock nbgrader and ours grade the same class, by turns, on this machine: python -m benchmarks.grading --help

How it is counted. A class is cut into chunks. Stock grades one chunk, then ours grades the whole class in a fresh
course folder, and so on, so that a machine that gets slower or faster meets both. Seconds are wall clock, from the
start of `nbgrader autograde` to its end. Ours is the median of its runs. Stock's is what one run over the whole class
would take: start-up once, and for each submission the mean of those that it graded (its start-up, measured by a run
that finds nothing to do, is taken off every chunk but one). The ratio is that of these two. Where stock doesn't get
through the class in its time, it grades as many chunks as fit, and the table says so.
"""

import json
import math
import os
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from autograder.course import ROOT
from benchmarks.courses import differences, make_course
from benchmarks.memory import Watch
from tests.support.honest_class import make_class

CHUNKS = 4
MOST_MEMORY = 250  # MB for each worker
GROWTH, MORE_GROWTH = (10, 30, 100), (300, 1000)
UNSEEN = "not measured (needs Linux, and the right to look at all processes of the run)"


@dataclass(frozen=True)
class Case:
    """What is graded, and how many times as fast as stock it should be."""

    name: str
    week: str
    notebooks: tuple
    target: int


def _week(week):
    return tuple(sorted(path.stem for path in (ROOT / "source" / week).glob("*.ipynb")))


CASES = {
    case.name: case
    for case in (
        Case("numpy_basics", "week2", ("numpy_basics",), 6),
        Case("week2", "week2", _week("week2"), 20),
        Case("flower", "week3", ("flower",), 20),
    )
}
# What is done, in which order it is shown, and how it is called.
PARTS = {
    "cells": "(a) students' cells",
    "calls": "(a) students' functions, called by the judge",
    "judging": "(b) judging",
    "sandboxes": "(c) opening and closing sandboxes",
    "reading": "(d) reading, repairing, reporting",
    "writing": "(d) nbgrader's conversion and database",
    "start": "(e) start of nbgrader",
    "worker start": "(e) start of the workers",
    "worker rest": "    the rest inside the workers",
    "idle": "    workers that wait",
}


@dataclass
class Measured:
    """What was measured for one case.

    Attributes
    ----------
    case : Case
    size : int
        Students in the class.
    stock, ours : list of float
        Seconds: of stock for each chunk, of ours for each run over the class.
    graded : int
        How many submissions stock graded.
    stock_start : float
        Seconds of a run of stock that finds nothing to do.
    parts : dict from what was done to its share of ours in seconds; they sum to `timed`
    timed : float
        Seconds of the run of ours that had clocks inside.
    watch : memory.Watch
    """

    case: Case
    size: int
    stock: list = field(default_factory=list)
    ours: list = field(default_factory=list)
    graded: int = 0
    stock_start: float = 0.0
    parts: dict = field(default_factory=dict)
    timed: float = 0.0
    watch: Watch = None

    @property
    def stock_seconds(self):
        """Seconds of stock for the whole class in one run."""
        each = (sum(self.stock) - len(self.stock) * self.stock_start) / self.graded
        return self.stock_start + self.size * each

    @property
    def our_seconds(self):
        """Seconds of ours for the whole class."""
        return statistics.median(self.ours)

    @property
    def ratio(self):
        """How many times as fast ours is."""
        return self.stock_seconds / self.our_seconds


def measure(case, size, most_seconds, folder):
    """Let both grade a class.

    Parameters
    ----------
    case : Case
    size : int
        Students.
    most_seconds : float
        Stock starts no further chunk when it is likely to take longer than this in all.
    folder : Path
        Exists, and is empty.

    Returns
    -------
    Measured

    Raises
    ------
    SystemExit
        When a mark differs, with a line for each that does.
    """
    found = Measured(case, size)
    chunk = max(2, math.ceil(size / CHUNKS))
    students = make_class(size, chunk)
    released = make_course(folder / "released", case.week, case.notebooks)
    stock = released.copy(folder / "stock", stock=True)
    for letter in sorted({student.name[0] for student in students}):
        if found.stock and sum(found.stock) * (1 + 1 / len(found.stock)) > most_seconds:
            break
        part = [student for student in students if student.name[0] == letter]
        stock.hand_in(part)
        _say(f"{case.name}: stock grades {len(part)}, then ours {size}")
        found.stock.append(stock.autograde(f"{letter}-*"))
        found.graded += len(part)
        ours = released.copy(folder / f"ours-{letter}")
        ours.hand_in(students)
        found.ours.append(ours.autograde())
        _compare(case, stock.marks(), ours.marks(), letter)
    found.stock_start = stock.autograde("a-*")
    _look_inside(found, released, students, folder)
    return found


def _compare(case, stock, ours, letter):
    """Both gave the same marks to the students of the last chunk, or there is no point in going on."""
    here = [{key: score for key, score in marks.items() if key[0].startswith(letter)} for marks in (stock, ours)]
    if not here[0]:
        raise SystemExit(f"{case.name}: stock gave no marks at all, so there is nothing to compare.")
    different = differences(*here)
    if different:
        lines = "\n".join(different)
        raise SystemExit(
            f"{case.name}: stock and ours give different marks, so their speed can't be compared:\n{lines}"
        )


def _look_inside(found, released, students, folder):
    """Two more runs of ours, one with clocks inside, one watched: neither should slow the others down."""
    _say(f"{found.case.name}: where the time goes, and memory")
    times = folder / "times"
    times.mkdir()
    timed = released.copy(folder / "timed")
    timed.hand_in(students)
    found.timed = timed.autograde(times=times)
    found.parts = parts(times, found.timed)
    watched = released.copy(folder / "watched")
    watched.hand_in(students)
    watched.autograde(watch=partial(_remember, found))


def _remember(found, pid):
    found.watch = Watch(pid)
    return found.watch


def parts(times, seconds):
    """What the wall clock of a timed run went to.

    Workers run at the same time, so what they do counts for a share: two workers that take two seconds each for
    something make the run two seconds longer.

    Parameters
    ----------
    times : Path
        The folder that timed_autograde.py wrote.
    seconds : float
        Of the whole run.

    Returns
    -------
    dict from a key of PARTS to seconds; they sum to `seconds`
    """
    main = json.loads((times / "main.json").read_text(encoding="utf-8"))
    files = list(times.glob("worker-*.json"))
    spent = Counter()
    for path in files:
        spent.update(json.loads(path.read_text(encoding="utf-8")))
    shares = {name: spent[name] / max(1, len(files)) for name in PARTS if name not in main}
    shares |= {name: main.get(name, 0.0) for name in ("start", "reading", "writing")}
    shares["idle"] = 0.0
    # Waiting of the workers, and the end of the processes.
    shares["idle"] = seconds - sum(shares.values())
    return shares


def grow(sizes, folder):
    """Ours on classes that grow.

    Parameters
    ----------
    sizes : sequence of int
    folder : Path
        Exists, and is empty.

    Yields
    ------
    size : int
    seconds : float
        Of the whole run.
    watch : Watch
    """
    case = CASES["numpy_basics"]
    released = make_course(folder / "released", case.week, case.notebooks)
    for size in sizes:
        _say(f"growth: {size} submissions")
        course = released.copy(folder / str(size))
        course.hand_in(make_class(size, size))
        found = Measured(case, size)
        seconds = course.autograde(watch=lambda pid, found=found: _main_only(found, pid))
        yield size, seconds, found.watch


def _main_only(found, pid):
    found.watch = Watch(pid, every=0.2, workers=False)
    return found.watch


def show(measured):
    """Print the tables of all cases."""
    print(f"\n{'case':<14}{'class':>6}{'stock graded':>14}{'stock':>12}{'ours':>12}{'ratio':>8}   target")
    for found in measured:
        reached = "reached" if found.ratio >= found.case.target else "MISSED"
        print(
            f"{found.case.name:<14}{found.size:>6}{found.graded:>14}{found.stock_seconds / found.size:>10.2f} s"
            f"{found.our_seconds / found.size:>10.2f} s{found.ratio:>8.1f}   at least {found.case.target}: {reached}"
        )
    print("Seconds for each submission, start-up included once for the class. Marks are the same, all of them.")
    print("\nstart-up, of a run")
    for found in measured:
        ours = found.parts["start"] + found.parts["worker start"]
        print(
            f"{found.case.name:<14}stock {found.stock_start:.1f} s, ours {ours:.1f} s; without it the ratio is "
            f"{(found.stock_seconds - found.stock_start) / (found.our_seconds - ours):.1f}"
        )
    print("\nruns, in seconds")
    for found in measured:
        print(f"{found.case.name:<14}stock, by chunk: {_list(found.stock)}; ours, the class: {_list(found.ours)}")
    print("\nmemory at the peak (PSS)")
    for found in measured:
        print(f"{found.case.name:<14}{_memory(found.watch)}")
    _show_parts(measured)


def _show_parts(measured):
    print("\nwhere the time of ours goes: milliseconds of wall clock for each submission, and share")
    print(" " * 48 + "".join(f"{found.case.name:>20}" for found in measured))
    for name, words in PARTS.items():
        cells = (
            f"{1000 * found.parts[name] / found.size:>9.0f} ms {found.parts[name] / found.timed:>7.0%}"
            for found in measured
        )
        print(f"{words:<48}" + "".join(cells))
    whole = (f"{1000 * found.timed / found.size:>9.0f} ms {1:>7.0%}" for found in measured)
    print(f"{'in all':<48}" + "".join(whole))
    print("What workers do at the same time counts for a share of each. The pipe to the student counts for (a).")


def _memory(watch):
    if watch.unseen:
        return UNSEEN
    reached = "reached" if watch.worker <= MOST_MEMORY else "MISSED"
    return (
        f"each worker with its sandboxes {watch.worker:.0f} MB, at most {MOST_MEMORY}: {reached}; "
        f"nbgrader's own process {watch.main:.0f} MB"
    )


def _list(seconds):
    return " ".join(f"{value:.1f}" for value in seconds)


def _say(words):
    print(words, file=sys.stderr, flush=True)


@click.command(help=__doc__)
@click.option("--class-size", default=40, show_default=True, type=click.IntRange(2, 100), help="Students in the class.")
@click.option(
    "--case",
    "names",
    multiple=True,
    type=click.Choice(list(CASES)),
    help="Only this case (may be given again), no growth.",
)
@click.option("--minutes", default=10.0, show_default=True, help="How long stock may take for one case.")
@click.option(
    "--growth", "long", is_flag=True, help="Growth up to 1,000 submissions, which takes minutes; else to 100."
)
@click.option("--quick", is_flag=True, help="Four students, one case, no growth: only whether all of it works.")
def main(class_size, names, minutes, long, quick):
    print(f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores")
    grows = long or not (names or quick)
    names = names or (("numpy_basics",) if quick else tuple(CASES))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measured = []
        for name in names:
            place = Path(folder, name)
            place.mkdir()
            measured.append(measure(CASES[name], 4 if quick else class_size, 60 * minutes, place))
        show(measured)
        if grows:
            _show_growth(GROWTH + MORE_GROWTH if long else GROWTH, Path(folder, "growth"))


def _show_growth(sizes, folder):
    more = "" if MORE_GROWTH[-1] in sizes else "; --growth goes on to 300 and 1,000"
    print(f"\ngrowth: ours on numpy_basics{more}")
    print(f"{'submissions':>12}{'seconds':>10}{'each':>12}{'main process':>15}")
    folder.mkdir()
    for size, seconds, watch in grow(sizes, folder):
        memory = "not measured" if watch.unseen else f"{watch.main:.0f} MB"
        print(f"{size:>12}{seconds:>10.1f}{1000 * seconds / size:>9.0f} ms{memory:>15}", flush=True)


if __name__ == "__main__":
    main()
