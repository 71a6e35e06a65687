"""nbgrader: the only place that knows how it works inside.

plugin      plug_into(c): where nbgrader asks, and what it is told
assignments generate_assignment for all at once, refused as a whole before anything is written
submissions where they lie, for its converter and for the formgrader's lists
autograde   its converter with our core in it, and what `python -m autograder grade` calls
config      c.Grading
gradebook   what was released; points, read and saved
notebooks   clean and graded notebooks with its metadata and checksums
folders     its search for folders, where names hold what searches take for a pattern
terminal    what it logs, made harmless
export      its table of grades
validate    its Validate button, in our sandbox
pages       what the instructor's browser shows: filters, which let nothing of a student's run
exporter    a notebook as a page, in a bounded time and size
building    pages made in processes apart
feedback    its generate_feedback, and
formgrader  its page of a submission, made there
command     its commands, in a process apart
"""
