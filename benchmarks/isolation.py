"""What the isolation of one notebook costs on this machine, beside none: python -m benchmarks.isolation

A process is opened, runs one cell and is closed, by turns with all isolation that the machine has and with limits only.
"""

import statistics
import time
from types import SimpleNamespace

from sandbox.client import Sandbox
from sandbox.isolation import describe

ROUNDS = 30


def main():
    """Print the medians and their ratio."""
    seconds, layers = {"best": [], "none": []}, {}
    with Sandbox() as sandbox:
        for number in range(ROUNDS + 1):
            for level, taken in seconds.items():
                begin = time.perf_counter()
                settings = SimpleNamespace(isolation=level, memory_mb=4096, notebook_seconds=60)
                with sandbox.open(settings) as session:
                    session.run("1 + 1", 10)
                    layers[level] = session.layers
                if number:  # the first one finds out what the machine has
                    taken.append(time.perf_counter() - begin)
    best, none = (statistics.median(seconds[level]) for level in ("best", "none"))
    print(describe(layers["best"]))
    print(f"open, run a cell, close: {1000 * best:.1f} ms; with limits only {1000 * none:.1f} ms")
    print(f"ratio {best / none:.2f}")


if __name__ == "__main__":
    main()
