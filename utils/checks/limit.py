"""A limit for code that may never end: it is stopped as by the stop button, and told apart from it."""

import signal
import threading
import time
from _thread import interrupt_main

# How much longer than allowed code may wait, for a disk or because other programs keep the processor, before it counts
# as too long even though it computes nothing.
PATIENCE = 6
# How long an interrupt may be on its way, in seconds.
ARRIVES = 0.1


class TooLong(Exception):
    """It took too long, and was stopped; the traceback of its cause tells where."""


def at_most(seconds, function, *arguments):
    """Call a function, and stop it when it has computed for so many seconds.

    The time that this process computes is measured, so that a busy machine stops nobody early. Code is interrupted as
    the stop button does it, which itself goes on working. Only the main thread can be interrupted: elsewhere, and where
    interrupts are ignored, there is no limit.

    Parameters
    ----------
    seconds : float
    function : function
    *arguments : its arguments

    Returns
    -------
    value : what the function returns

    Raises
    ------
    TooLong
    """
    watch = _Watch(seconds)
    if not (_can_be_interrupted() and watch.starts()):
        return function(*arguments)
    # An interrupt may arrive between any two steps, so that all of them stand inside of `try`.
    try:
        try:
            value = function(*arguments)
        finally:
            watch.end()
        if watch.rang:  # at the last moment: the interrupt arrives here, and not in what comes next
            time.sleep(ARRIVES)
        return value
    except KeyboardInterrupt as interrupt:
        watch.end()
        if not watch.rang:
            raise
        raise TooLong from interrupt


def _can_be_interrupted():
    return threading.current_thread() is threading.main_thread() and callable(signal.getsignal(signal.SIGINT))


class _Watch:
    """A thread that interrupts the main thread when it has taken too long."""

    def __init__(self, seconds):
        self.seconds, self.rang = seconds, False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def starts(self):
        """Start watching; False where no thread is to be had."""
        self._begin = time.monotonic(), time.process_time()
        try:
            self._thread.start()
        except RuntimeError:
            return False
        return True

    def end(self):
        """Stop watching."""
        self._over.set()
        self._thread.join()

    def _run(self):
        while not self._over.wait(min(0.5, self.seconds / 10)):
            waited, computed = time.monotonic() - self._begin[0], time.process_time() - self._begin[1]
            # Several threads can compute for more seconds than pass.
            if waited > PATIENCE * self.seconds or min(waited, computed) > self.seconds:
                self.rang = True
                _interrupt()
                return


def _interrupt():
    """Interrupt the main thread, where that is possible in the middle of a sleep."""
    try:
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    except (AttributeError, OSError):  # on Windows; where a sandbox forbids it
        interrupt_main()
