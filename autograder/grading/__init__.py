"""Grading a class: repair what was handed in, run it in a sandbox, judge it out of its reach, write the marks.

In the order in which a submission meets them (docs/grading.md tells the story):

nbgrader_plugin   where nbgrader asks, and what it is told
batch             all submissions of an assignment, and the settings c.Grading
released          what was released: the cells that a submission is held against
submission        what was handed in, made clean; folder, salvage and repair do the work
plan              from a clean notebook to a Job: the inputs' seed, what to run and what to judge
runner            jobs on all cores or a cluster; places, progress and results help
worker            one job: cells run in the sandbox, functions are judged; remote, training and outputs help
marks             old and new marks, the summary; tables prints them
pages             what the instructor's browser shows
"""
