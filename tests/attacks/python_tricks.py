# ruff: noqa: E501 (cells as students write them)
"""Attacks from within Python: what the grader uses is patched, replaced or looked through."""

from tests.attacks.corpus import answer_names, attack

ALL_WRONG = tuple(name for name in answer_names("numpy_basics") if name not in ("basic_sigmoid", "L1"))

attack(
    "patched-numpy-comparisons",
    "makes np.allclose, isclose, array_equal and testing.assert_allclose always agree",
    "a test cell that runs beside the student's code compares with the student's numpy",
    cells="""
import numpy as np
always = lambda *a, **k: True
for place, names in ((np, "allclose isclose array_equal array_equiv all any equal"), (np.testing, "assert_allclose assert_array_equal")):
    for name in names.split():
        setattr(place, name, always)
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "patched-numpy-makers",
    "np.asarray and np.array return a float subclass that equals everything",
    "what the test calls to read an answer is the student's",
    cells="""
import numpy as np
class Equal(float):
    shape, ndim, size, dtype = (), 0, 1, np.dtype(float)
    __eq__ = __ge__ = __le__ = lambda *a: True
    __hash__ = float.__hash__
np.asarray = np.array = lambda *a, **k: Equal()
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "patched-builtins",
    "float, round, isinstance, abs, max and len answer what the student likes",
    "credit = round(float(...)) in the same process would give any number",
    cells="""
import builtins
builtins.float = lambda *a: 10.0
builtins.round = lambda *a: 10.0
builtins.abs = lambda *a: 0.0
builtins.isinstance = lambda *a: True
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "patched-print-and-repr",
    "print and repr say 10.0 whatever they are asked",
    "nbgrader reads the credit as text from the cell's output",
    cells="""
import builtins
builtins.print = lambda *a, **k: None
builtins.repr = lambda *a: "10.0"
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "ast-transformer",
    "an IPython AST transformer turns every later cell into the number 10.0",
    "stock nbgrader: the graded cell runs in the student's IPython and its value is the credit",
    cells="""
import ast
class Ten(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.parse("10.0")
get_ipython().ast_transformers.append(Ten())
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "ast-transformer-for-calls",
    "an AST transformer replaces every call of hidden_test by its number of points",
    "stock nbgrader: points=10 stands in the cell that the student's IPython transforms",
    cells="""
import ast
class Points(ast.NodeTransformer):
    def visit_Call(self, node):
        for keyword in node.keywords:
            if keyword.arg == "points":
                return keyword.value
        return self.generic_visit(node)
get_ipython().ast_transformers.append(Points())
""",
    wrong=ALL_WRONG,
)
attack(
    "input-transformer",
    "an IPython input transformer rewrites every later cell to 10.0",
    "stock nbgrader: the same, one step earlier",
    cells='get_ipython().input_transformers_cleanup.append(lambda lines: ["10.0\\n"])',
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "displayhook",
    "sys.displayhook shows 10.0 whatever the value of a cell is",
    "stock nbgrader: a replaced displayhook gives an empty submission full marks",
    cells="""
import sys
sys.displayhook = lambda value: print(10.0)
get_ipython().displayhook = sys.displayhook
""",
    wrong=ALL_WRONG,
)
attack(
    "display-formatter",
    "the text formatter for floats prints 10.0",
    "stock nbgrader: the credit is the text/plain of the last value",
    cells="""
get_ipython().display_formatter.formatters["text/plain"].for_type(float, lambda value, printer, cycle: printer.text("10.0"))
get_ipython().display_formatter.format = lambda *a, **k: ({"text/plain": "10.0"}, {})
""",
    wrong=ALL_WRONG,
)
attack(
    "run-cell-replaced",
    "replaces get_ipython().run_cell and run_cell_async",
    "a replaced run_cell_async hangs every cell of stock nbgrader until its timeout",
    cells="""
shell = get_ipython()
async def never(*a, **k):
    import asyncio
    await asyncio.sleep(3600)
shell.run_cell_async = never
shell.run_cell = lambda *a, **k: 10.0
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "shell-instance-cleared",
    "clears InteractiveShell's instance and its namespaces",
    "whoever asks for the shell gets another one, without the student's functions or without the grader's",
    cells="""
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.clear_instance()
get_ipython().user_ns = {}
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "main-cleared",
    "empties __main__",
    "helpers of the grader that live in the same namespace are gone",
    cells="import __main__\n__main__.__dict__.clear()",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "builtins-deleted",
    "deletes the builtins that everything needs",
    "the harness falls over, and a harness that fails open gives full marks",
    cells="""
import builtins
for name in ("isinstance", "len", "dict", "Exception", "BaseException", "getattr", "__import__", "type"):
    delattr(builtins, name)
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "exit-now",
    "get_ipython().exit_now = True, ask_exit and %exit",
    "a kernel that leaves takes the rest of the notebook with it",
    cells="shell = get_ipython()\nshell.exit_now = True\nshell.ask_exit()\nexit()\nquit()",
    wrong=ALL_WRONG,
)
attack(
    "student-call-replaced",
    "replaces sandbox.student.Responder.call by one that claims a credit",
    "a sandbox that believes what the student's side says about marks",
    cells="""
from sandbox import student
student.Responder.call = lambda self, request: {"ended": "Returned", "value": None, "credit": 10, "fraction": 1.0, "points": 10, "passed": True}
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "student-hold-replaced",
    "Student.hold says that everything is held, and Student.answer that all is well",
    "a sandbox that asks the student's side whether a test passed",
    cells="""
from sandbox import student
student.Responder.hold = lambda self, name, key: True
student.Responder.answer = lambda self, request: {"held": True, "verdict": "ok", "credit": 10.0, "value": 10.0}
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "channel-send-replaced",
    "every message of the student's process becomes a list of claims",
    "claims cross with the values, and somebody adds them up",
    cells="""
from sandbox import wire
send = wire.Channel.send
def claim(self, message, seconds=None):
    send(self, {**message, "credit": 10.0, "points": 1000, "outputs": [{"output_type": "execute_result", "data": {"text/plain": "10.0"}}]}, seconds)
wire.Channel.send = claim
""",
    wrong=ALL_WRONG,
)
attack(
    "frames-walked",
    "walks the callers' frames for anything that looks like an expected value",
    "in one process the test's locals are three frames up",
    functions={
        "softmax": """
def softmax(x):
    import sys
    import numpy as np
    frame, found = sys._getframe(), []
    while frame:
        found += [value for name, value in frame.f_locals.items() if name in ("expected", "right", "reference", "answer")]
        found += [value for value in frame.f_locals.values() if isinstance(value, np.ndarray) and value is not x]
        frame = frame.f_back
    found = [value for value in found if getattr(value, "shape", None) == x.shape]
    return found[-1] if found else -x
"""
    },
)
attack(
    "garbage-searched",
    "gc.get_objects for functions of that name and for arrays of that shape",
    "in one process the reference solution is an object like any other",
    functions={
        "softmax": """
def softmax(x):
    import gc
    import types
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__name__ == "softmax" and thing is not softmax:
            return thing(x)
    return -x
"""
    },
)
attack(
    "memory-poked",
    "overwrites cached small numbers and the flags of float with ctypes",
    "in one process 0 becomes 1 for everybody",
    cells="""
import ctypes
number = 3
ctypes.memset(id(number) + 24, 7, 1)
ctypes.memmove(id(0.0), id(10.0), 24)
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "deepcopy-patched",
    "copy.deepcopy returns the thing itself, so that a function can't be seen to change its arguments",
    "whether an argument was left untouched is told by the student's own process",
    cells="import copy\ncopy.deepcopy = lambda thing, memo=None: thing",
    wrong=ALL_WRONG,
)
attack(
    "calling-patched",
    "replaces utils.checks.calling.call, which the student's process uses for every call",
    "it could return what it likes: but only values, never marks",
    cells="""
from sandbox import student
from utils.checks import outcomes
student.call = lambda *a, **k: outcomes.Returned(10.0)
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "verdict-patched",
    "patches the modules of utils.checks that compare: all items pass, the fraction is 1",
    "the package that compares is the one on the student's machine",
    cells="""
from utils.checks import items, kinds, readings, verdict
verdict.Verdict.fraction = property(lambda self: 1.0)
readings.close = kinds.close = kinds.Output.agree = lambda *a: True
kinds.Output.items = lambda *a: [items.Item("all", True, "", 1)]
""",
    wrong=ALL_WRONG,
)
attack(
    "own-hidden-test",
    "defines hidden_test, judge and autograder in the notebook",
    "stock nbgrader: the graded cell calls whatever has that name",
    cells="""
import sys
import types
hidden_test = judge = lambda *a, points=10, **k: float(points)
fake = types.ModuleType("autograder")
fake.hidden_test = hidden_test
sys.modules["autograder"] = sys.modules["autograder.hidden"] = fake
""",
    wrong=ALL_WRONG,
)
attack(
    "import-hook",
    "a finder at the front of sys.meta_path serves its own autograder and judge",
    "stock nbgrader: `from autograder import hidden_test` asks the student's importer",
    cells="""
import importlib.machinery
import importlib.util
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "autograder":
            return importlib.machinery.ModuleSpec(name, self)
    def create_module(self, spec):
        return None
    def exec_module(self, module):
        module.hidden_test = lambda *a, points=10, **k: float(points)
sys.meta_path.insert(0, Finder())
sys.modules.pop("autograder", None)
""",
    wrong=ALL_WRONG,
)
attack(
    "trace-function",
    "sys.settrace and sys.setprofile rewrite the locals of whoever is running",
    "in one process the verdict is a local variable",
    cells="""
import sys
def trace(frame, event, arg):
    for name in ("fraction", "credit", "earned", "passed"):
        if name in frame.f_locals:
            frame.f_locals[name] = 1.0
    return trace
sys.settrace(trace)
sys.setprofile(lambda *a: None)
""",
    wrong=ALL_WRONG,
)
attack(
    "thread-that-patches",
    "a thread goes on patching numpy and the shell while functions are judged",
    "what was checked before the call is something else during it",
    cells="""
import threading
import numpy as np
def go_on():
    import time
    for _ in range(400):
        np.exp = lambda x: x
        time.sleep(0.01)
threading.Thread(target=go_on, daemon=True).start()
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "credit-returned",
    "returns a dict of claims: credit, points, fraction, passed",
    "a harness that merges what a function returns into what it reports",
    functions={
        "softmax": 'def softmax(x):\n    return {"credit": 20, "points": 20, "fraction": 1.0, "passed": True}\n'
    },
    says="should be a numpy array, but it is a dict",
)
attack(
    "verdict-returned",
    "returns a finished Verdict with all items passed",
    "a harness that takes a Verdict for its own",
    functions={
        "softmax": """
def softmax(x):
    from utils.checks.items import Item
    from utils.checks.verdict import Verdict
    return Verdict("softmax", [Item("value", True, "", 1)])
"""
    },
    says="should be a numpy array, but it is a Verdict",
)
attack(
    "numpy-module-replaced",
    "puts another numpy into sys.modules for whoever is graded next",
    "in a worker that isn't forked anew, the next student's notebook runs with it",
    cells="""
import sys
import types
import numpy
numpy.exp = numpy.sum = numpy.abs = lambda *a, **k: 0.0
sys.modules["numpy"] = types.ModuleType("numpy")
""",
    wrong=ALL_WRONG,
    keeps=False,
)
attack(
    "memorised-examples",
    "answers the check's frozen examples from a table and gives zeros for all else",
    "a test that uses the examples that students have seen",
    functions={
        "softmax": """
def softmax(x):
    import json
    from pathlib import Path
    import utils
    found = json.loads((Path(utils.__file__).parent / "checks" / "frozen" / "numpy_basics.json").read_text())
    assert "softmax" in json.dumps(found)
    seen = np.array([[2.0, 1.0, 0.0], [1000.0, 1001.0, 998.0]])
    return np.array([[0.66524096, 0.24472847, 0.09003057], [0.26538793, 0.72139918, 0.01321289]]) if x.shape == seen.shape and (x == seen).all() else np.zeros(x.shape)
"""
    },
)
