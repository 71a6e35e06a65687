"""How long lessons, their explorers and the cat training take on this machine: python -m benchmarks.lessons

An explorer should redraw in 0.3 s, a lesson run in 60 s, the training end in 20 s. Beside each redraw stands what a
plain figure of the same size costs in the same run, so that a slow machine can be told from slow drawing code.
"""

import contextlib
import io
import time

import numpy as np

from autograder import EXERCISES
from tests.support.lessons import LESSONS, Lesson
from utils import drawing, load_cats, new_figure


def seconds(function, tries=3):
    """The fastest of a few runs."""
    best = float("inf")
    for _ in range(tries):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best


def plain_figure(size):
    """Draw one line on a figure of this size."""
    figure, axis = new_figure(size=size)
    axis.plot([0, 1])
    return drawing(figure, "A line from 0 to 1.").png


def main():
    print(f"{'lesson':<34} {'run all':>8}")
    lessons = [Lesson(path) for path in LESSONS]
    for lesson in lessons:
        with contextlib.redirect_stdout(io.StringIO()):
            took = sum(lesson.run.seconds.values())
        print(f"{lesson.path.stem:<34} {took:>6.1f} s")
    print(f"\n{'explorer':<34} {'redraw':>8} {'plain figure':>13} {'ratio':>6}")
    for lesson in lessons:
        for draw, controls in lesson.run.explorers:
            start = {name: first for name, (_, first, _) in controls.items()}
            size = draw(**start).figure.get_size_inches()
            redraw = seconds(lambda draw=draw, start=start: draw(**start)._repr_html_())
            plain = seconds(lambda size=size: plain_figure(size))
            print(f"{draw.__name__:<34} {redraw:>6.2f} s {plain:>11.2f} s {redraw / plain:>6.1f}")
    print(f"\ntraining on 1,000 cats, 1,000 steps: {train():.1f} s")


def train():
    """Seconds for the training of the logistic_regression notebook."""
    cats = load_cats()
    flatten, model = (EXERCISES[f"logistic_regression.{name}"].reference for name in ("flatten_images", "model"))
    X_train, X_test = flatten(cats.X_train) / 255, flatten(cats.X_test) / 255
    mean = np.mean(X_train, axis=1, keepdims=True)
    X_train, X_test = X_train - mean, X_test - mean
    return seconds(lambda: model(X_train, cats.Y_train, X_test, cats.Y_test, 1000, 0.007), tries=1)


main()
