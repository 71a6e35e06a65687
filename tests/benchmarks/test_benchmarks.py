"""The pieces of benchmarks/grading.py; the benchmark itself takes minutes and is run by hand."""

import ast
import json
import os
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from autograder import EXERCISES, judge
from autograder.course import ROOT
from autograder.exercises.reference import functions
from benchmarks import courses, grading
from benchmarks.memory import Watch
from benchmarks.timed_autograde import Clock
from tests.support import honest_class
from tests.support.level import LEVEL

CLASS = honest_class.make_class(40, 10)
NOTEBOOKS = sorted({notebook for case in grading.CASES.values() for notebook in case.notebooks})


def test_the_class_is_mixed_and_every_chunk_of_ten_is_alike():
    chunks = [[student.kind for student in CLASS if student.name[0] == letter] for letter in "abcd"]
    assert chunks == [list(honest_class.KINDS)] * 4
    assert len({student.name for student in CLASS}) == 40


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_students_hand_in_what_their_kind_says(notebook):
    names = [exercise.name for exercise in EXERCISES.values() if exercise.notebook == notebook]
    ours = honest_class.solutions(notebook)
    for student in CLASS:
        found = honest_class.answers(student, notebook)
        for name, source in found.items():
            assert name in {getattr(node, "name", None) for node in ast.parse(source).body}, student.name
        changed = [name for name in names if found.get(name) != ours[name]]
        wanted = {"right": 0, "mistake": 1, "half": len(names) - len(names) // 2, "untouched": len(names)}
        if student.kind in wanted:
            assert len(changed) == wanted[student.kind], student.name


def test_two_students_with_a_mistake_have_different_ones():
    found = [
        json.dumps(honest_class.answers(student, "flower"), sort_keys=True)
        for student in CLASS
        if student.kind == "mistake"
    ]
    assert len(set(found)) == len(found) == 12


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_variants_are_right_as_cells_too(notebook):
    for exercise in EXERCISES.values():
        for variant in honest_class.VARIANTS.get(exercise.id, ()) if exercise.notebook == notebook else ():
            if "<locals>" not in variant.__qualname__:
                definition = ast.parse(honest_class.variant_source(variant, exercise)).body[0]
                function = functions(notebook, changed=definition)[exercise.name]
                assert judge(exercise.id, function, seed=3).fraction == 1, f"{exercise.id}: {variant.__name__}"


def test_stock_is_the_course_without_our_plug():
    config = courses.stock_config()
    assert courses.SWITCH not in config
    branch = next(node for node in ast.parse(config).body if isinstance(node, ast.If))
    assert ast.unparse(branch.test) == "False"
    assert "plug_into" in ast.unparse(branch.body)
    assert "ExecutePreprocessor.timeout" in ast.unparse(branch.orelse)


def test_differing_marks_are_told():
    stock = {("ann", "flower", "grade-predict"): 5.0, ("bob", "flower", "grade-predict"): 0.0}
    assert courses.differences(stock, dict(stock)) == []
    ours = {("ann", "flower", "grade-predict"): 4.0}
    assert courses.differences(stock, ours) == [
        "ann flower grade-predict: stock gives 5, ours gives 4",
        "bob flower grade-predict: stock gives 0, ours gives no mark",
    ]
    with pytest.raises(SystemExit, match="stock gives 5, ours gives 4"):
        grading._compare(grading.CASES["flower"], stock, ours, "a")


def test_stock_pays_its_start_once_for_the_class():
    found = grading.Measured(grading.CASES["flower"], 40, stock=[23.0, 23.0], ours=[9.0, 6.0, 4.0], graded=20)
    found.stock_start = 3.0
    assert found.stock_seconds == pytest.approx(3 + 40 * 2)
    assert found.our_seconds == 6
    assert found.ratio == pytest.approx(83 / 6)


def test_parts_sum_to_the_whole_run(tmp_path):
    (tmp_path / "main.json").write_text(json.dumps({"start": 2, "reading": 1, "grading": 5, "writing": 2}))
    (tmp_path / "worker-1.json").write_text(json.dumps({"worker start": 1, "cells": 3, "waiting": 1}))
    (tmp_path / "worker-2.json").write_text(json.dumps({"worker start": 1, "cells": 1, "judging": 2}))
    parts = grading.parts(tmp_path, 10.5)
    assert sum(parts.values()) == pytest.approx(10.5)
    assert (parts["cells"], parts["judging"], parts["worker start"], parts["writing"]) == (2, 1, 1, 2)
    assert parts["idle"] == pytest.approx(10.5 - 2 - 1 - 2 - 1 - 2 - 1)
    assert set(parts) == set(grading.PARTS)


def test_the_clock_counts_what_is_done_inside_for_itself_only():
    class Work:
        def inner(self):
            time.sleep(0.05)

        def outer(self):
            time.sleep(0.02)
            self.inner()

    clock = Clock("before")
    clock.watch(Work, "inner", "inner")
    clock.watch(Work, "outer", "outer")
    clock.then("rest")
    Work().outer()
    clock.change()
    assert clock.spent["inner"] >= 0.05
    assert 0.02 <= clock.spent["outer"] < clock.spent["inner"] + 0.02
    assert clock.spent["before"] > clock.spent["rest"]


GRADE_ONE = """
import runpy, sys, tempfile
from pathlib import Path
program = sys.argv[1]
runpy.run_path(program, run_name="__mp_main__")  # as a spawned process does
from autograder.grading.pool import runner
from autograder.grading.run.job import HiddenTest, Job, Step
from autograder.grading.run.worker import grade_notebook
from autograder.grading.settings import JobSettings
steps = (
    Step("def L1(yhat, y):\\n    return abs(y - yhat).sum()", "run"),
    Step("", "judge", hidden_test=HiddenTest("numpy_basics.L1", "L1", 5)),
)
runner.graded(grade_notebook, Job("ann", "week2", "numpy_basics", (), steps, {}, 1, JobSettings(sys.argv[2])))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the sandbox needs fork")
def test_clocks_are_where_the_worker_works(tmp_path):
    command = [sys.executable, "-c", GRADE_ONE, str(ROOT / "benchmarks" / "timed_autograde.py"), LEVEL]
    subprocess.run(command, check=True, env={**os.environ, "GRADING_TIMES": str(tmp_path)})
    [path] = tmp_path.glob("worker-*.json")
    spent = json.loads(path.read_text())
    doing = {"worker start", "cells", "calls", "judging", "sandboxes", "worker rest", "waiting"}
    assert set(spent) == doing
    assert min(spent[name] for name in doing - {"waiting"}) > 0


SPAWN = """
import multiprocessing, time
if __name__ == "__main__":
    worker = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(60,), daemon=True)
    worker.start()
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="PSS is known on Linux only")
def test_memory_is_that_of_main_process_and_worker(tmp_path):
    program = tmp_path / "spawn.py"
    program.write_text(SPAWN)
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "ready\n"
            with Watch(process.pid) as watch:
                until = time.monotonic() + 180
                while not watch.worker and time.monotonic() < until:
                    time.sleep(0.05)
        finally:
            for child in watch.root.children(recursive=True):
                child.kill()
            process.kill()
    assert not watch.unseen
    assert 1 < watch.main < 200
    assert 1 < watch.worker < 200


def test_help_says_how_it_is_counted():
    shown = CliRunner().invoke(grading.main, ["--help"])
    assert shown.exit_code == 0
    assert "--growth" in shown.output
    assert "median" in shown.output
