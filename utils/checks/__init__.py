"""What decides right and wrong, for the instant checks and the hidden tests alike.

check     the checks in a notebook, on examples that were frozen when the assignment was released
calling   calling a function that somebody wrote
limit     what takes too long is stopped
outcomes  how such a call ended
trace     where it stopped, and what stood there
readings  what came, read as numbers, or why that can't be
kinds     the kinds of output: how each is read, when it is right, what it earns
items     the lines of a verdict
verdict   comparing calls with what is right, and naming the mistake
values    arrays in JSON
frozen/   the examples: inputs, what is right, what known mistakes would give. Never code
"""

from utils.checks.check import NotYet, load_checks

__all__ = ["NotYet", "load_checks"]
