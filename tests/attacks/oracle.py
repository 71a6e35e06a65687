# ruff: noqa: E501 (cells as students write them)
"""Attacks on the helpers of ours that student code is offered while it is judged a second time."""

from textwrap import indent

from tests.attacks.corpus import answer_cells, attack, cell_of

LOGISTIC = {"week": "week2", "notebook": "logistic_regression"}

attack(
    "helper-kept",
    "keeps our sigmoid, offered while sigmoid_derivative is judged, and answers sigmoid with it",
    "what was offered once can be called again",
    cells="kept = []",
    functions={
        "sigmoid": "def sigmoid(x):\n    return kept[0](x) if kept else 0 * x\n",
        "sigmoid_derivative": """
def sigmoid_derivative(x):
    offered = globals()["sigmoid"]
    if offered.__name__ == "ask":
        kept.append(offered)
    return 0 * x
""",
    },
)


def asks(name, tries, naive, body, **parts):
    """An attack in which sigmoid_derivative uses our sigmoid as `body` says, with `ours` for it."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    source = f"""
def sigmoid_derivative(x):
    ours = globals()["sigmoid"]
    if getattr(ours, "__name__", "") != "ask":
        return 0 * x
{lines}
    return 0 * x
"""
    functions = {"sigmoid": "def sigmoid(x):\n    return 0 * x\n", "sigmoid_derivative": source}
    attack(name, tries, naive, functions=functions, **parts)


CHANNEL = """
cell = dict(zip(ours.__code__.co_freevars, ours.__closure__))
channel = cell["self"].cell_contents.channel
def ask(name, *arguments, **options):
    channel.send({"helper": name, "arguments": arguments, "options": options})
    return channel.receive()
"""

asks(
    "helpers-by-other-names",
    "asks for helpers that aren't offered: softmax, reference, __import__, eval, a list, a number",
    "a helper is looked up with getattr",
    CHANNEL
    + """
for name in ("sigmoid_derivative", "numpy_basics.sigmoid_derivative", "reference", "__import__", "eval", ["sigmoid"], 7, None):
    answer = ask(name, x)
    if isinstance(answer.get("value"), np.ndarray):
        return answer["value"]
""",
)
asks(
    "helper-asked-for-gigabytes",
    "asks our sigmoid for four million entries, again and again, and for a view that stands for a billion",
    "it is computed in the process that grades, or refused there by a rule that some helper escapes",
    """
while True:
    for large in (np.zeros(4_000_000), np.broadcast_to(0.0, 10**9)):
        try:
            ours(large)
        except Exception:
            pass
""",
)
asks(
    "helper-asked-in-depth",
    "asks our sigmoid for lists and dicts within each other, and for objects that can't cross",
    "what is harmless to read is not to compute with, or to send on",
    """
deep = wide = x
for _ in range(60):
    deep = {"a": [deep]}
for _ in range(8):
    wide = [wide] * 4
for odd in (deep, wide, [object()] * 900, {n: object() for n in range(900)}, "x" * 1_900_000, 10**900, [10**900] * 900):
    try:
        ours(odd)
    except Exception:
        pass
""",
)
asks(
    "helpers-process-sought",
    "has our helpers' process started, then reads and kills whatever other process there is",
    "our solutions are in that process",
    """
import os
import signal
ours(x)
for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
    if pid != os.getpid():
        for file in ("mem", "maps", "environ", "fd/3"):
            try:
                open(f"/proc/{pid}/{file}", "rb").close()
                return ours(x) * (1 - ours(x))
            except OSError:
                pass
for pid in range(1, 400):
    try:
        if pid != os.getpid():
            os.kill(pid, signal.SIGKILL)
            return ours(x) * (1 - ours(x))
    except OSError:
        pass
""",
    needs=("pid", "seccomp"),
)
asks(
    "helper-asked-without-end",
    "calls our helper as often as it can",
    "the grader serves for ever",
    """
while True:
    try:
        ours(1.0)
    except Exception:
        pass
""",
)
asks(
    "helper-asked-slowly",
    "ignores interrupts and calls our helper once a while, for ever",
    "every answer of the grader begins a new wait",
    """
import signal
import time
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        ours(1.0)
    except Exception:
        time.sleep(0.2)
""",
    seconds=2,
)
asks(
    "helper-with-odd-arguments",
    "calls our helper with foreign objects, dicts, texts, nothing, and options of odd names",
    "an error inside the grader",
    """
class Odd:
    pass
for arguments, options in (((), {}), ((Odd(),), {}), (({},), {"x": 1}), (("a",), {"": 2}), ((None, None, [[]]), {"self": 3})):
    try:
        ours(*arguments, **options)
    except Exception:
        pass
""",
)
asks(
    "helper-with-a-forged-message",
    "sends helper requests whose arguments are no list, and options whose keys are numbers",
    "an error inside the grader",
    """
cell = dict(zip(ours.__code__.co_freevars, ours.__closure__))
channel = cell["self"].cell_contents.channel
for message in (
    {"helper": "sigmoid"},
    {"helper": "sigmoid", "arguments": 7, "options": 7},
    {"helper": "sigmoid", "arguments": [1.0], "options": {1: 2.0, None: 3.0}},
    {"helper": None, "arguments": None, "options": None},
):
    channel.send(message)
    channel.receive()
""",
)

# propagate and optimize are wrong, model is right: our optimize is offered when model is judged again.
OPTIMIZE = """
def optimize(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):
    {body}
"""
MODEL = """
def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5, print_cost=False):
    global asked
    ours = globals().get("optimize")
    if getattr(ours, "__name__", "") == "ask" and "asked" not in globals():
        asked = True
        {body}
    raise ValueError("no")
"""


def through_model(name, tries, naive, body, **parts):
    """An attack in which `model` uses our optimize, `ours`, as `body` says."""
    lines = indent(body.strip(), 8 * " ").lstrip()
    functions = {"model": MODEL.format(body=lines), "optimize": OPTIMIZE.format(body="return {}, {}, []")}
    parts = {"right": ("sigmoid",), **LOGISTIC, **parts}
    attack(name, tries, naive, functions=functions, **parts)


through_model(
    "helper-asked-for-a-billion-steps",
    "asks our optimize for 10**9 steps",
    "the grader is busy for days",
    "ours(np.zeros((2, 1)), 0.0, np.ones((2, 3)), np.ones((1, 3)), 10**9, 0.1)",
    says="ValueError",  # what the first look found
)
through_model(
    "helper-asked-for-steps-in-an-array",
    "asks our optimize for 10**9 steps, the number wrapped into an array without axes",
    "steps are counted before they are made, where they are whole numbers",
    "ours(np.zeros((2, 1)), 0.0, np.ones((2, 3)), np.ones((1, 3)), np.array(10**9), 0.1)",
    seconds=2,
)
through_model(
    "helper-asked-for-many-large-steps",
    "asks our optimize for 99 999 steps on 150 000 numbers, each of them within its bound",
    "the bounds are for each, not for the product",
    "ours(np.zeros((150, 1)), 0.0, np.ones((150, 1000)), np.ones((1, 1000)), 99_999, 0.1)",
    seconds=2,
)
through_model(
    "helper-asked-for-an-outer-product",
    "asks our optimize for the outer product of two long vectors",
    "small arguments, a large result: n x m numbers",
    "ours(np.zeros((1, 6_000)), 0.0, np.ones((1, 6_000)), np.ones((1, 1)), 1, 0.1)",
)
through_model(
    "helper-asked-for-a-matrix-by-sizes",
    "asks our initialize_with_zeros for 10**9 zeros, the number wrapped into an array",
    "sizes are counted before they are made, where they are whole numbers",
    'globals()["initialize_with_zeros"](np.array(60_000_000))',
)


def _model_first(notebook):
    """model's answer and test before all others."""
    first = [answer_cells(notebook)["model"], cell_of(notebook, "grade-model")]
    rest = [cell for cell in notebook.cells if not any(cell is one for one in first)]
    notebook.cells = rest[:3] + first + rest[3:]


REMEMBER = """
seen, table = {{"optimize": [], "predict": [], "propagate": []}}, {{}}
def key(*arguments):
    return str([np.asarray(argument).tolist() for argument in arguments])
"""
TABLED = """
def {name}(*arguments, **options):
    if key(*arguments) in table:
        return table[key(*arguments)]
    seen["{name}"].append((arguments, options))
    return {wrong}
"""
attack(
    "table-of-our-answers",
    "puts model first, notes the inputs of optimize, predict and propagate when they are judged, asks our own for them "
    "when model is judged again, and answers from the table when they are",
    "a second look in the order of the student's notebook teaches answers that are still to be judged",
    cells=REMEMBER.format(),
    functions={
        "model": """
def model(*arguments, **options):
    for name in ("optimize", "predict", "propagate"):
        ours = globals()[name]
        if getattr(ours, "__name__", "") == "ask":
            for given, named in list(seen[name]):
                try:
                    table[key(*given)] = ours(*given, **named)
                except Exception:
                    pass
    return {}
""",
        "optimize": TABLED.format(name="optimize", wrong="{}, {}, []"),
        "propagate": TABLED.format(name="propagate", wrong="{}, 0.0"),
        "predict": TABLED.format(name="predict", wrong="0 * arguments[2]"),
    },
    edit=_model_first,
    right=("flatten_images",),
    **LOGISTIC,
)
