"""The isolation that tests grade with: what the machine has, or none where "best" refuses, as on macOS."""

import pytest

from sandbox import isolation

LEVEL = "none" if isolation.why_not_best(isolation.probe()) else "best"
# A line for nbgrader_config.py.
CONFIG = f'c.Grading.isolation = "{LEVEL}"\n'

needs_isolation = pytest.mark.skipif(LEVEL == "none", reason="nothing keeps files from student code on this machine")
