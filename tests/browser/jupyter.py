"""A JupyterLab server in a folder, with settings of its own."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

# Nothing pops up over the page, and the theme follows what the browser asks for, so that both can be looked at.
SETTINGS = {
    "notification": {"fetchNews": "false", "checkForUpdates": False},
    "themes": {"adaptive-theme": True},
}
OPTIONS = ("--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0")


@dataclass
class Running:
    """A server that runs."""

    process: subprocess.Popen
    address: str
    token: str


@contextlib.contextmanager
def jupyterlab(folder, own, meanwhile=lambda: None):
    """A JupyterLab in a folder; it shares no settings with the person's own.

    Parameters
    ----------
    folder : Path
        What it shows.
    own : Path
        An empty folder for its settings and its log.
    meanwhile : function without arguments
        What to do while it starts.

    Yields
    ------
    Running
    """
    settings = own / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    for name, values in SETTINGS.items():
        (settings / f"{name}.jupyterlab-settings").write_text(json.dumps(values), encoding="utf-8")
    token = secrets.token_hex(16)
    with (own / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *OPTIONS, f"--IdentityProvider.token={token}"],
            cwd=folder,
            env=_environment(own),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            meanwhile()
            yield Running(process, _address(process, own), token)
        finally:
            _end(process)


def _environment(own):
    """Environment variables of a person who has never used Jupyter before."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    places = (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "IPYTHONDIR",
    )
    return (
        kept | {name: str(own / name.lower()) for name in places} | {"JUPYTERLAB_SETTINGS_DIR": str(own / "settings")}
    )


def _address(process, own, seconds=60):
    """Where the server listens: it says so in a file when it is ready."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        for file in (own / "jupyter_runtime_dir").glob("jpserver-*.json"):
            try:
                return json.loads(file.read_text(encoding="utf-8"))["url"].rstrip("/")
            except ValueError:  # half written
                pass
        time.sleep(0.1)
    tail = (own / "log").read_text(encoding="utf-8")[-2000:]
    pytest.fail(f"JupyterLab wasn't ready after {seconds} s. The end of what it wrote:\n{tail}", pytrace=False)


def _end(process):
    """End the server. Asked politely it also ends its kernels; whatever is left of its group is killed."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=15)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=5)
