"""Runs a notebook's code in a process apart: no solutions, no tests, no gradebook, no network, nobody else's work.

The trusted side uses `Sandbox` and `Session` of sandbox.client. This package imports nothing of `autograder`, so that
what grades is not even in the memory of the process that student code runs in. Helpers of ours that student code may
call run in another such process, which knows nothing of a student but the arguments of each call.
"""

# numpy would start a thread for every core in every process. It reads these variables when it is loaded.
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
