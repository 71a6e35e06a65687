"""Grading a class: repair what was handed in, run it in a sandbox, judge it out of its reach, keep the results.

from autograder.grading import Settings, grade
results = grade(released, {"ada": Path("submitted/ada/week2")}, Settings(), "week2")
results["ada", "quiz2"].points

In the order in which a submission meets them (docs/grading.md tells the story):

core       grade: all of the below
settings   how; and the refusal where it can't be done

intake/    what was handed in, made clean
  released      what was released: the cells that a submission is held against
  places        where a class's submissions lie, and what is left over; unpack opens zip files
  submission    one of them in, clean notebooks and sentences out; scan, salvage, repair, content, timestamp help

run/       one notebook
  plan          from a clean notebook to a Job: the inputs' seed, what to run and what to judge
  worker        takes one look at a notebook, in a warm process
  looks         cells run in the sandbox, functions are judged; remote, helpers, training and cell_outputs help
  rounds        when a function may be judged again with helpers of ours
  grader        what decides a result, and its hash

pool/      many at once
  runner        jobs on all cores or a cluster, round after round; backends, progress and store help

It knows no nbgrader: autograder.platforms brings submissions here and carries points away, autograder.report reads
what is kept.
"""

from autograder.grading.core import Results, grade
from autograder.grading.settings import CannotGrade, Settings

__all__ = ["CannotGrade", "Results", "Settings", "grade"]
