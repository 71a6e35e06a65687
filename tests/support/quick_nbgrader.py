"""nbgrader's commands, and ours, without their start: importing nbgrader takes seconds, and tests run many commands.

A process that has it imported forks for each command, so every command still has a process, a working folder and a
configuration of its own. tests/autograder/platforms/nbgrader/test_class.py runs the plain command.
"""

import atexit
import json
import os
import runpy
import subprocess
import sys
import tempfile

from autograder.platforms.nbgrader.command import nbgrader_environment


def nbgrader(*arguments, course):
    """As `autograder.platforms.nbgrader.command.nbgrader`.

    Parameters
    ----------
    *arguments : str
    course : Path

    Returns
    -------
    output : str

    Raises
    ------
    SystemExit
        With nbgrader's own words, when it failed.
    """
    failed, output = run("nbgrader", *arguments, course=course)
    if failed:
        raise SystemExit(f"nbgrader {' '.join(arguments)} failed:\n{output}")
    return output


def run(module, *arguments, course):
    """Run python -m `module` in a course folder: its exit code, and what it printed."""
    with tempfile.NamedTemporaryFile("r", suffix=".log", errors="replace") as log:
        server = _server()
        print(json.dumps([module, list(arguments), str(course), log.name]), file=server.stdin, flush=True)
        return int(server.stdout.readline()), log.read()


_running = None


def _server():
    global _running
    if _running is None or _running.poll() is not None:
        _running = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=nbgrader_environment(),
        )
        atexit.register(_running.kill)
    return _running


def _serve():
    import nbgrader.apps.nbgraderapp  # noqa: F401

    import autograder.platforms.nbgrader.plugin  # noqa: F401 (so that a command needn't import it)

    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _run(module, arguments, course, log):
    code = 1
    try:
        os.chdir(course)
        sys.path.insert(0, "")
        nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND)
        for number, descriptor in enumerate((nothing, output, output)):
            os.dup2(descriptor, number)
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
