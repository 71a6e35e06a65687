# ruff: noqa: E501 (cells as students write them)
"""Attacks that use up something: memory, disk, descriptors, threads, time, or the patience of whoever reads outputs."""

import json

from tests.attacks.corpus import answer_names, attack

ALL_WRONG = tuple(name for name in answer_names("numpy_basics") if name not in ("basic_sigmoid", "L1"))


def uses_up(name, tries, naive, cell, **parts):
    """An attack by one cell."""
    attack(name, tries, naive, cells=cell, **{"wrong": ALL_WRONG, "needs": ("limits",), **parts})


def _small(megabytes):
    def effect(world, result):
        size = len(json.dumps(result.outputs))
        assert size < megabytes * 1e6, f"outputs of {size / 1e6:.0f} MB are kept"

    return effect


uses_up(
    "memory-bomb",
    "bytearray and many arrays, up to 6 GB",
    "the machine swaps, and the system kills somebody",
    """
import numpy as np
kept = []
try:
    for _ in range(60):
        kept.append(np.ones(12_500_000, dtype=np.int8))
        kept.append(np.empty(12_500_000))
except MemoryError:
    print("no more", "memory")
kept.clear()
try:
    bytearray(6 * 10**9)
except MemoryError:
    print("no more", "memory")
""",
    says="no more memory",
    settings={"memory_mb": 1024, "cell_seconds": 4},
)
uses_up(
    "memory-in-small-pieces",
    "a list that grows in C, and strings that double",
    "a MemoryError in the middle of the harness",
    """
try:
    list(range(10**9))
except MemoryError:
    print("no more", "memory")
text = "x"
try:
    while len(text) < 8e9:
        text += text
except MemoryError:
    print("no more", "memory")
del text
""",
    says="no more memory",
    settings={"memory_mb": 1024, "cell_seconds": 8},
    seconds=16,
)
uses_up(
    "disk-bomb-large",
    "writes files of 100 MB until nothing is left (2 GB at most)",
    "the disk that the gradebook is on is full",
    """
try:
    for number in range(20):
        with open(f"large{number}", "wb") as file:
            file.write(bytes(100_000_000))
except OSError as error:
    print("stopped", "by:", error)
""",
    says="stopped by:",
    needs=("limits", "mount"),
)
uses_up(
    "disk-bomb-small",
    "20 000 empty files and folders in folders, 1 000 deep",
    "inodes run out, and removing them takes for ever",
    """
import os
try:
    for number in range(20_000):
        open(f"small{number}", "w").close()
except OSError as error:
    print("stopped", "by:", error)
try:
    for _ in range(1_000):
        os.mkdir("deep")
        os.chdir("deep")
except OSError as error:
    print("stopped", "by:", error)
""",
    says="stopped by:",
    needs=("mount",),
)
uses_up(
    "all-descriptors",
    "opens files and pipes until nothing is left, and keeps them",
    "the harness can't open its own",
    """
import os
kept = []
try:
    while True:
        kept += os.pipe()
except OSError as error:
    print("stopped", "by:", error)
""",
    says="stopped by:",
)
uses_up(
    "many-threads",
    "starts threads until nothing is left (1 000 at most)",
    "the machine's threads are used up",
    """
import threading
import time
started = 0
try:
    for _ in range(1_000):
        threading.Thread(target=time.sleep, args=(2,), daemon=True).start()
        started += 1
except RuntimeError as error:
    print("stopped", "by:", error)
""",
)
uses_up(
    "many-lines",
    "prints 300 000 lines",
    "the notebook can't be opened any more",
    "for number in range(300_000):\n    print(number)",
    says="more was printed",
    effect=_small(2),
    settings={"cell_seconds": 6},
)
uses_up(
    "one-long-line",
    "prints 60 MB at once, to stdout, stderr and as a value",
    "the grader holds it all, more than once",
    """
import sys
text = "x" * 60_000_000
sys.stderr.write(text)
print(text)
text
""",
    says="more was printed",
    effect=_small(3),
    settings={"cell_seconds": 4},
)
uses_up(
    "many-displays",
    "displays 6 000 values",
    "each is an output of its own",
    "from IPython.display import display\nfor number in range(6_000):\n    display(number)",
    effect=_small(2),
    settings={"cell_seconds": 6},
)
uses_up(
    "giant-picture",
    "displays a picture of 60 MB",
    "pictures are kept as they are",
    "import os\nfrom IPython.display import Image, display\ndisplay(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + os.urandom(60_000_000), format='png'))",
    effect=_small(9),
)
uses_up(
    "pictures-in-every-cell",
    "twelve cells that display 5 MB each",
    "every cell is within its bound, the notebook isn't",
    "big = 'x' * 5_000_000",
    edit=lambda notebook: _add(notebook, ["from IPython.display import HTML\nHTML(big)"] * 12),
    effect=_small(30),
)
uses_up(
    "outputs-without-the-bounds",
    "takes the bounds off the shell's outputs and prints 12 MB in each of four cells",
    "the bounds are kept by the student's own process",
    "outputs = get_ipython().outputs\nfrom sandbox import shell\nshell.MOST_TEXT = shell.MOST_DATA = shell.MOST_OUTPUTS = 10**12",
    edit=lambda notebook: _add(notebook, ["print('x' * 12_000_000)"] * 4),
    effect=_small(20),
)
uses_up(
    "errors-without-end",
    "an exception with a text of 200 MB, a chain of 3 000 causes, and a deep traceback",
    "tracebacks are formatted in full",
    """
error = ValueError("x" * 100_000_000)
for number in range(3_000):
    other = ValueError(number)
    other.__cause__ = error
    error = other
raise error
""",
    effect=_small(5),
    seconds=14,
)
uses_up(
    "one-cell-after-the-other-dies",
    "ten cells that end the process, before all answers",
    "each new start costs time, and the rest is never reached",
    "1",
    edit=lambda notebook: _add(notebook, [f"import os\nos._exit({number})" for number in range(10)], first=True),
    keeps=False,
    says="left out|wasn't reached",
)


def _add(notebook, sources, first=False):
    import nbformat

    cells = [nbformat.v4.new_code_cell(source, id=f"more-{number}") for number, source in enumerate(sources)]
    at = 3 if first else len(notebook.cells)
    notebook.cells[at:at] = cells
