"""Runs a notebook's code in a process apart: no solutions, no tests, no gradebook, no network, nobody else's work.

The trusted side uses `Sandbox` and `Session` of sandbox.client. This package imports nothing of `autograder`, so that
what grades is not even in the memory of the process that student code runs in.
"""
