"""Grading a class: repair what was handed in, run it in a sandbox, judge it out of its reach, write the marks."""
