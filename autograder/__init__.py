"""The instructors' package: exercises, known mistakes, hidden tests and the release. Never given to students.

from autograder import EXERCISES, judge
verdict = judge("logistic_regression.propagate", my_propagate, seed=0)
verdict.fraction, verdict.items, verdict.mistake
"""

from autograder.catalogue import EXERCISES
from autograder.hidden import hidden_test
from autograder.judge import judge

__all__ = ["EXERCISES", "hidden_test", "judge"]
