"""A throw-away PostgreSQL server for tests, in a folder of its own, reached by a unix socket only."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import pytest


def programs():
    """The folder of initdb and pg_ctl, the newest version; None when there is no PostgreSQL.

    Debian keeps them off the PATH.
    """
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    on_path = shutil.which("pg_ctl")
    return Path(on_path).resolve().parent if on_path else None


def user():
    """Whom the server runs as: it refuses to be root. None when that is us."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def missing():
    """Why there can be no server here, or nothing."""
    if programs() is None:
        return "PostgreSQL isn't installed (apt-get install postgresql)"
    if importlib.util.find_spec("psycopg") is None:
        return "the extra 'postgresql' isn't installed"
    if os.geteuid() == 0 and user() is None:
        return "PostgreSQL doesn't run as root, and there is no other user"
    return ""


@pytest.fixture(scope="session")
def postgresql_server():
    """A running server: the folder of its socket. Skipped where there is no PostgreSQL, but in CI on Linux it fails."""
    if missing():
        if os.environ.get("CI") and sys.platform == "linux":
            pytest.fail(missing())
        pytest.skip(missing())
    # Not in pytest's folder, which other users may not enter; and the path of a socket has to be short.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        if user() is not None:
            os.chown(folder, user().pw_uid, user().pw_gid)
        data = folder / "data"
        _run(
            folder,
            "initdb",
            "--pgdata",
            data,
            "--username",
            "course",
            "--auth",
            "trust",
            "--no-sync",
            "--encoding",
            "UTF8",
        )
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        _run(folder, "pg_ctl", "start", "--wait", "--pgdata", data, "--log", folder / "log", "--options", options)
        try:
            yield folder
        finally:
            _run(folder, "pg_ctl", "stop", "--pgdata", data, "--mode", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(postgresql_server):
    """A new, empty database: its address as nbgrader's db_url wants it."""
    return new_database(postgresql_server)


def new_database(server):
    """A new, empty database on the server: its address as nbgrader's db_url wants it."""
    import psycopg

    name = f"course_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(f"host={server} user=course dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql+psycopg://course@/{name}?host={server}"


def _run(folder, program, *arguments):
    who = user()
    as_whom = {} if who is None else {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {
        "LC_ALL": "C.UTF-8"
    }
    # The server would keep a pipe open for ever.
    with open(folder / f"{program}.log", "w+") as log:
        done = subprocess.run(
            [programs() / program, *arguments],
            cwd=folder,
            env=environment | {"LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=240,
            **as_whom,
        )
        log.seek(0)
        if done.returncode:
            pytest.fail(f"{program} failed:\n{log.read()}")
