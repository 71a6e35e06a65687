"""How far a batch is: one line that changes in a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable
from typing import Self

from tqdm import tqdm

from autograder.grading.text import count, printable

SECONDS_BETWEEN_LINES = 30


def to_stderr(line: str) -> None:
    """Print a line for the instructor."""
    print(line, file=sys.stderr, flush=True)


class Progress:
    """Progress of a batch on stderr. Quiet when there is nothing to do.

    Parameters
    ----------
    title : str
        "grading week2"
    total : int
        Notebooks to be graded.
    log : callable of one str, or None
        Takes the lines where stderr is no terminal, and all remarks. None: stderr.
    """

    def __init__(self, title: str, total: int, log: Callable[[str], None] | None = None) -> None:
        self.title, self.total, self.done = title, total, 0
        self._log = log or to_stderr
        self._bar: tqdm | None = None
        self._started = self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        if self.total and sys.stderr.isatty():
            self._bar = tqdm(
                total=self.total,
                file=sys.stderr,
                leave=False,
                dynamic_ncols=True,
                bar_format=f"{self.title}: {{n_fmt}}/{{total_fmt}} notebooks, {{remaining}} left{{postfix}}",
            )
        elif self.total:
            self._log(f"{self.title}: {count(self.total, 'notebook')} to grade.")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
        if self.total:
            verb = "stopped after" if kind else "graded"
            took = tqdm.format_interval(time.monotonic() - self._started)
            self._log(f"{self.title}: {verb} {count(self.done, 'notebook')} in {took}.")

    def step(self) -> None:
        """One more notebook is graded."""
        self.done += 1
        if self._bar is not None:
            self._bar.update()

    def show(self, now: str) -> None:
        """Show what is being graded. Call it often: it decides itself when something is shown.

        Parameters
        ----------
        now : str
            "alice quiz2", or "" when nothing is running.
        """
        now = f"now: {printable(now)}" if now else ""
        if self._bar is not None:
            self._bar.set_postfix_str(now)
        elif self.total and time.monotonic() - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = time.monotonic()
            self._log(f"{self.title}: {self.done}/{self.total} notebooks, {self._left()}{now and ', ' + now}.")

    def say(self, sentence: str) -> None:
        """A remark between the lines."""
        if self._bar is None:
            self._log(sentence)
        else:
            with tqdm.external_write_mode(file=sys.stderr):
                self._log(sentence)

    def _left(self) -> str:
        if not self.done:
            return "time left unknown"
        seconds = (time.monotonic() - self._started) / self.done * (self.total - self.done)
        return f"{tqdm.format_interval(seconds)} left"
