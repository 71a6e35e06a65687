"""Attacks with what a function returns: objects that lie, explode, never end, or are larger than they look."""

from tests.attacks.corpus import attack


def returns(name, tries, naive, body, **parts):
    """An attack in which softmax(x) does what `body` says; indented by four."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    attack(name, tries, naive, functions={"softmax": f"def softmax(x):\n{lines}\n"}, **parts)


returns(
    "always-equal",
    "an object whose __eq__ and comparisons are always true",
    "assert softmax(x) == expected",
    """
class Equal:
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = __contains__ = lambda *a: True
    __hash__ = None
return Equal()
""",
    says="should be a numpy array, but it is a Equal",
)
returns(
    "ndarray-subclass",
    "a subclass of ndarray whose ufuncs and functions are its own",
    "np.allclose(answer, expected) asks the answer's __array_function__",
    """
class Mine(np.ndarray):
    def __array_function__(self, *a, **k):
        return True
    def __array_ufunc__(self, *a, **k):
        return np.True_
    def __eq__(self, other):
        return True
return np.zeros(x.shape).view(Mine)
""",
)
returns(
    "hostile-array-method",
    "__array__ that changes at each call, runs code, and raises KeyboardInterrupt the third time",
    "np.asarray(answer) runs the student's code in the grader",
    """
class Lazy:
    calls = 0
    def __array__(self, dtype=None, copy=None):
        Lazy.calls += 1
        if Lazy.calls > 2:
            raise KeyboardInterrupt
        return np.zeros((Lazy.calls, 3))
return Lazy()
""",
)
returns(
    "hostile-float-method",
    "__float__, __int__, __index__ and __complex__ that run code",
    "float(answer) runs the student's code in the grader",
    """
class Number:
    def __float__(self):
        raise SystemExit
    __int__ = __index__ = __complex__ = __float__
return Number()
""",
)
returns(
    "class-lies",
    "__class__ says ndarray, and isinstance believes it",
    "isinstance(answer, np.ndarray) is no proof",
    """
class Liar:
    __class__ = np.ndarray
    shape, dtype, ndim, size = x.shape, x.dtype, x.ndim, x.size
    def __getattr__(self, name):
        return lambda *a, **k: True
return Liar()
""",
)
returns(
    "generator",
    "a generator in place of an array",
    "list(answer) runs the student's code later",
    "return (row for row in x)",
    says="should be a numpy array, but it is a generator",
)
returns(
    "infinite-iterator",
    "an iterator and a sequence without an end",
    "np.array(list(answer)) never comes back",
    """
class Endless(list):
    def __iter__(self):
        while True:
            yield 1.0
    def __len__(self):
        return 10**9
    def __getitem__(self, i):
        return 1.0
return Endless()
""",
    seconds=14,
)
returns(
    "object-array",
    "an object array with functions and hostile objects in it",
    "np.save needs pickle for it, and unpickling runs code",
    """
class Bomb:
    def __reduce__(self):
        import os
        return os.system, ("touch " + @drop@ + "/pickled",)
return np.array([[Bomb()] * 3] * 2, dtype=object)
""",
)
returns(
    "ten-gigabytes-by-strides",
    "np.broadcast_to: an array of 10 GB that takes 8 bytes",
    "whoever copies it has 10 GB",
    "return np.broadcast_to(1.0, (50_000, 25_000))",
    says="too large|MemoryError|allocate",
)
returns(
    "nan-everywhere",
    "nan in every place",
    "abs(answer - expected) > tolerance is False for nan",
    "return np.full(x.shape, np.nan)",
)
returns(
    "infinity-everywhere",
    "infinity in every place",
    "relative errors of infinity are nan, and nan isn't greater than the tolerance",
    "return np.full(x.shape, np.inf)",
)
returns(
    "negative-strides",
    "an array with negative strides over memory that isn't its own",
    "the bytes behind a view are not those that it shows",
    "return np.lib.stride_tricks.as_strided(np.zeros(100)[50:], x.shape, (-8, 8))",
)
returns(
    "structured-dtype",
    "a structured array with fields called credit and points",
    "a field can be read as an attribute of a record array",
    'return np.zeros(x.shape, dtype=[("credit", "f8"), ("points", "O")])',
)
returns(
    "huge-integer",
    "an integer of a million digits, and one of 2**2000",
    "writing it as text takes minutes, reading it raises",
    "return 1 << 4_000_000",
    says="should be a numpy array, but it is a int|Infinity|should",
)
returns(
    "deep-list",
    "lists nested 100 000 deep",
    "the json module and pickle end in a RecursionError, the C parser in a crash",
    """
deep = []
for _ in range(100_000):
    deep = [deep]
return deep
""",
)
returns(
    "list-within-itself",
    "a list, a dict and an array that hold themselves",
    "a recursive comparison never ends",
    """
ring = [1.0]
ring.append({"ring": ring, "again": (ring, ring)})
box = np.empty(1, dtype=object)
box[0] = [box, ring]
return [ring, box]
""",
    seconds=14,
)
returns(
    "wide-tree",
    "a list of ten lists of ten lists ..., which shares its branches: small here, 10**18 entries on the wire",
    "json writes every branch as often as it is met",
    """
branch = [1.0]
for _ in range(18):
    branch = [branch] * 10
return branch
""",
    seconds=16,
)
returns(
    "recursion",
    "calls itself without end, with the recursion limit taken away",
    "the C stack overflows and the process that grades is gone",
    """
import sys
sys.setrecursionlimit(10**9)
return softmax([x])
""",
)
returns(
    "repr-explodes",
    "repr raises a BaseException of its own",
    "an error message with {answer!r} in it ends the grader",
    """
class Loud:
    def __repr__(self):
        raise GeneratorExit("boo")
    __str__ = __format__ = __repr__
return Loud()
""",
)
returns(
    "repr-without-end",
    "repr that never comes back",
    "an error message with {answer!r} in it hangs the grader",
    """
class Slow:
    def __repr__(self):
        while True:
            pass
return Slow()
""",
    seconds=16,
)
returns(
    "error-without-end",
    "raises an exception whose text never ends, and whose class lies about its name",
    "f'{error}' hangs the grader",
    """
class Slow(Exception):
    def __str__(self):
        while True:
            pass
raise Slow()
""",
    seconds=16,
)
returns(
    "claims-not-attempted",
    "raises NotImplementedError from within a helper, and then as its own",
    "not attempted could count as excused",
    """
error = NotImplementedError("later")
error.attempted, error.credit = True, 20
raise error
""",
)
returns(
    "base-exception",
    "raises a BaseException of its own",
    "except Exception doesn't catch it",
    """
class Out(BaseException):
    pass
raise Out("out of here")
""",
    says="Out: out of here",
)
returns(
    "another-each-call",
    "returns something else at each call: an array, its id, a string, a growing list",
    "a value that is read twice is two values",
    """
import itertools
softmax.count = getattr(softmax, "count", -1) + 1
return [id(x), "10.0", np.zeros(x.shape), [x] * softmax.count, None][softmax.count % 5]
""",
)
returns(
    "text-that-reads-as-credit",
    "returns and prints the text 20.0",
    "stock nbgrader reads a last line that is a number as the credit",
    'print(20.0)\nreturn "20.0"',
)
returns(
    "dict-subclass",
    "a dict subclass that has every key, and str subclasses as keys that equal everything",
    "answer['dw'] gives what the test wants to see",
    """
class Key(str):
    __eq__ = lambda *a: True
    __hash__ = lambda self: 0
class All(dict):
    __contains__ = lambda *a: True
    __missing__ = __getitem__ = lambda self, key: 1.0
return All({Key("credit"): 20.0})
""",
)
returns(
    "odd-dtypes",
    "float128, float16 with the other byte order, and complex numbers without imaginary part",
    "a dtype that the comparison doesn't know raises in the grader",
    "return np.zeros(x.shape, dtype=np.clongdouble)",
)
returns(
    "empty-with-a-giant-shape",
    "an array without entries whose other axes are 10**15 long",
    "what is made with its shape but one is too large",
    "return np.empty((0, 10**15))",
)
returns(
    "sixty-axes",
    "an array with 60 axes",
    "code that loops over axes, or prints them",
    "return np.zeros((1,) * 60)",
)
returns(
    "masked-and-matrix",
    "a masked array with everything masked",
    "comparisons with masked entries are masked, and masked is not False",
    "return np.ma.masked_all(x.shape)",
)
returns(
    "dies-in-the-call",
    "os._exit(0) in the judged function",
    "an exit code of 0 looks like success",
    "import os\nos._exit(0)",
    says="ended by itself",
)
returns(
    "exits-in-the-call",
    "sys.exit(0) in the judged function",
    "SystemExit goes through except Exception",
    "import sys\nsys.exit(0)",
    says="SystemExit",
)
returns(
    "segfault-in-the-call",
    "reads address 0 in the judged function",
    "the grader's process crashes with it",
    "import ctypes\nctypes.string_at(0)",
    says="a crash|ended",
)
returns(
    "loop-in-the-call",
    "an endless loop that swallows KeyboardInterrupt",
    "an interrupt is only a request",
    """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
    says="couldn't be interrupted|too long",
    seconds=16,
)
attack(
    "callable-object",
    "an object with __call__, and with __globals__, __code__ and __signature__ that lie",
    "what inspects a function trusts its attributes",
    cells="""
class Globals(dict):
    def update(self, other=()):
        print("the helpers are", other)
    def __contains__(self, name):
        return True
    def __getitem__(self, name):
        return lambda *a: 1.0
class Callable:
    __globals__ = Globals()
    __code__ = (lambda: 0).__code__
    @property
    def __signature__(self):
        raise KeyboardInterrupt
    def __call__(self, *arguments):
        raise NotImplementedError
""",
    functions={"softmax": "def softmax(x):\n    return x\nsoftmax = Callable()\n"},
)
attack(
    "class-in-place-of-a-function",
    "softmax is a class, L2 a module, sigmoid a number",
    "calling what isn't callable raises in the grader",
    functions={
        "softmax": "def softmax(x):\n    pass\nclass softmax(float):\n    pass\n",
        "L2": "def L2(a, b):\n    pass\nimport math as L2\n",
        "sigmoid": "def sigmoid(x):\n    pass\nsigmoid = 1.0\n",
    },
)

# ---- points for nothing


FROZEN = """
import json
import pathlib
import utils.checks
from utils.checks.values import thaw
files = pathlib.Path(utils.checks.__file__).parent / "frozen"
def distance(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return np.abs(a - b).sum() if a.shape == b.shape else 1e9 + abs(a.size - b.size)
def looked_up(notebook, name, *arguments):
    cases = json.loads((files / f"{notebook}.json").read_text())[name]["cases"]
    far = [sum(map(distance, arguments, thaw(case["arguments"]).values())) for case in cases]
    found = thaw(cases[int(np.argmin(far))]["expected"])
    return found[0] if len(found) == 1 else found
"""


def looks_up(notebook, **arguments):
    """Functions that look up what is right for the nearest example of their check."""
    return {
        name: f"def {name}({given}):\n    return looked_up({notebook!r}, {name!r}, {given})\n"
        for name, given in arguments.items()
    }


attack(
    "frozen-answers",
    "gives what stands in utils/checks/frozen beside the inputs that are nearest",
    "special cases were the same numbers for everybody, and every student has their answers: 4 of 20 points",
    cells=FROZEN,
    functions=looks_up("numpy_basics", softmax="x", sigmoid="x", L1="yhat, y", percent_of_column="A"),
    right=("basic_sigmoid",),
    says="first at index",
)
attack(
    "frozen-predictions",
    "predict and initialize_with_zeros out of utils/checks/frozen",
    "few predictions are possible, and the signs of two numbers told which it is",
    cells=FROZEN,
    functions=looks_up("logistic_regression", predict="w, b, X", initialize_with_zeros="dim"),
    right=("sigmoid",),
    notebook="logistic_regression",
    says="first at index",
)
attack(
    "nothing-done",
    "returns None, its settings, labels as they came or turned round, None and 0.0",
    "what is left as it was, handed back or always the same was paid for: 14.7 points",
    functions={
        "optimize": "def optimize(w, b, X, Y, *settings, **named):\n    return None\n",
        "initialize_with_zeros": "def initialize_with_zeros(dim):\n    return None, 0.0\n",
        "model": """
def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
    settings = {"learning_rate": learning_rate, "num_iterations": num_iterations}
    return {"Y_prediction_train": Y_train, "Y_prediction_test": 1 - Y_test, "costs": [np.log(2)], **settings}
""",
    },
    right=("sigmoid",),
    notebook="logistic_regression",
    says="counts once the rest is right",
)
attack(
    "signature-lies",
    "functions whose signatures claim 200,000 defaults, huge ones, and some with names of a million letters",
    "the defaults of a function are what its process says",
    cells="""
import inspect
def claims(function, defaults):
    only = inspect.Parameter.KEYWORD_ONLY
    claimed = [inspect.Parameter(name, only, default=value) for name, value in defaults.items()]
    function.__signature__ = inspect.Signature(claimed)
""",
    functions={
        "softmax": """
def softmax(x):
    return 0 * x
claims(softmax, {f"p{number}": float(number) for number in range(200_000)})
""",
        "L2": """
def L2(yhat, y):
    return -1.0
claims(L2, {"steps": 10 ** 4000, "rate": float("nan"), "n" * 10**6: 1.0})
""",
    },
)
