"""What it costs to ask a helper of ours from another process: python -m benchmarks.helpers

The model of week 3 trains in a student's process with all helpers of ours, by turns with helpers in a process of their
own, as when grading, and with helpers that are called here.
"""

import statistics
import time
from dataclasses import replace
from functools import partial

from autograder import EXERCISES
from autograder.exercises import reference
from autograder.grading.run.helpers import Helpers
from autograder.grading.run.remote import RemoteFunction
from autograder.grading.settings import JobSettings
from sandbox.client import Sandbox
from sandbox.wire import frame_of

NOTEBOOK, NAME = "flower", "nn_model"
ROUNDS, STEPS = 10, 100
CALLS = 4 * STEPS  # forward, cost, backward, update


class Here:
    """Answers in this process."""

    def answer(self, message, frame, **_):
        """The reply of the helper itself."""
        function = reference.function(NOTEBOOK, message["helper"])
        return frame_of({"value": function(*message["arguments"], **message["options"])})


def main():
    """Print the medians."""
    exercise = EXERCISES[f"{NOTEBOOK}.{NAME}"]
    case = exercise.cases(0)[0]
    case = replace(case, arguments=case.arguments | {"num_iterations": STEPS})
    ours = {name: reference.function(NOTEBOOK, name) for name in exercise.uses}
    taken = {"in a process of their own": [], "called here": []}
    with Sandbox() as sandbox, sandbox.open(JobSettings()) as session:
        session.run(reference.source(NOTEBOOK), 10)
        session.hold(NAME, NAME, 10)
        with Helpers(partial(sandbox.open_helpers, JobSettings())) as helpers:
            for _ in range(ROUNDS):
                for who, seconds in zip((helpers, Here()), taken.values(), strict=True):
                    begin = time.perf_counter()
                    RemoteFunction(session, NAME, 100, who, NOTEBOOK).call(case, ours)
                    seconds.append((time.perf_counter() - begin) / CALLS)
    for where, seconds in taken.items():
        print(f"helpers {where}: {1e6 * statistics.median(seconds):.0f} microseconds a call")


if __name__ == "__main__":
    main()
