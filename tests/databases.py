"""Databases for tests: an SQLite file each, and one real PostgreSQL server per run with a database each."""

from __future__ import annotations

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


def find_postgres() -> pathlib.Path | None:
    """The folder of PostgreSQL's programs, `None` where it is not installed."""
    found = shutil.which("postgres")
    if found:
        return pathlib.Path(found).resolve().parent
    candidates = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return candidates[-1].parent if candidates else None


@contextmanager
def postgres_server() -> Iterator[str]:
    """A server of our own on a socket in a folder of its own; yields the start of its address. The folder is not
    pytest's: that one is shut to other users, and PostgreSQL runs as one where the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="oenskebot-pg-", ignore_cleanup_errors=True) as folder:
        yield from _serve(pathlib.Path(folder) / "server")


def _serve(folder: pathlib.Path) -> Iterator[str]:
    programs = find_postgres()
    assert programs is not None
    folder.parent.chmod(0o755)
    data, sockets = folder / "data", folder / "s"
    data.mkdir(parents=True)
    sockets.mkdir()
    user: str | None = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "postgres"
        account = pwd.getpwnam(user)
        for path in (folder, data, sockets):
            os.chown(path, account.pw_uid, account.pw_gid)
    common = {"user": user, "cwd": str(folder), "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ],
        check=True,
        **common,  # type: ignore[call-overload]
    )
    settings = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "listen_addresses="]
    server = subprocess.Popen([programs / "postgres", "-D", data, "-k", sockets, *settings], **common)  # type: ignore[call-overload]
    try:
        _wait_for(sockets)
        yield f"postgresql+psycopg://postgres@/{{name}}?host={sockets}"
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(sockets: pathlib.Path) -> None:
    for _ in range(200):
        try:
            psycopg.connect(f"host={sockets} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("PostgreSQL did not start")


def new_database(address: str) -> str:
    """A new, empty database on the server; returns its address."""
    name = f"t{uuid.uuid4().hex[:12]}"
    host = address.partition("host=")[2]
    with psycopg.connect(f"host={host} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return address.format(name=name)
