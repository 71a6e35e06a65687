"""What all tests share: one thread for each process, and the long tests first."""

import os

# Two test workers on two cores, and the kernels that they start: more threads would only get in each other's way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Files by the time that they take, the longest first; all others come after them.
LONG = (
    "test_lessons_live",
    "test_lessons",
    "test_attacks",
    "test_batch",
    "test_exercises",
    "test_nbgrader",
    "test_source",
    "test_formgrader",
    "test_runner",
    "test_cluster",
)


def pytest_collection_modifyitems(items):
    """Start with the long tests, so that two workers finish at about the same time."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))
