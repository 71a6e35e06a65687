"""Watches the memory of a grading run: that of its main process, and of each worker with all that runs under it."""

import threading
import time
from pathlib import Path

import psutil


class Watch(threading.Thread):
    """Looks at a process and its descendants until it is left. Use as a context manager.

    Memory is PSS: pages that processes share, as forked ones do, count once in all.

    Parameters
    ----------
    pid : int
        The main process.
    every : float
        Seconds between two looks.
    workers : bool
        Whether to look at the workers, too: processes that the main process spawned to grade.

    Attributes
    ----------
    main, worker : float
        The peaks in MB; the worker's is that of the largest worker together with its descendants.
    unseen : bool
        Whether the memory of a process couldn't be read, so that the peaks are too small.
    """

    def __init__(self, pid, every=0.02, workers=True):
        super().__init__(daemon=True)
        self.root, self.every, self.workers = psutil.Process(pid), every, workers
        self.main = self.worker = 0.0
        self.unseen = not Path("/proc/self/smaps_rollup").exists()
        self._over = threading.Event()
        self._is_worker = {}

    def run(self):
        while not self.unseen and not self._over.is_set():
            begin = time.monotonic()
            try:
                self._look()
            except psutil.NoSuchProcess:
                return
            # Looking may not take more than a quarter of the time.
            self._over.wait(max(self.every, 3 * (time.monotonic() - begin)))

    def _look(self):
        self.main = max(self.main, self._size(self.root.pid))
        if not self.workers:
            return
        for child in self.root.children():
            if self._grades(child):
                family = [child.pid, *(process.pid for process in _descendants(child))]
                self.worker = max(self.worker, sum(map(self._size, family)))

    def _grades(self, process):
        if process.pid not in self._is_worker:
            try:
                self._is_worker[process.pid] = any("spawn_main" in word for word in process.cmdline())
            except psutil.Error:
                return False
        return self._is_worker[process.pid]

    def _size(self, pid):
        """PSS of a process in MB; 0 when it is over."""
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except PermissionError:
            self.unseen = True
            return 0.0
        except OSError:
            return 0.0
        return next((int(line.split()[1]) / 1000 for line in text.splitlines() if line.startswith("Pss:")), 0.0)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.join()


def _descendants(process):
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
