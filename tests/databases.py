"""Databases for tests: an SQLite file each, and one real PostgreSQL server per run with a database each."""

from __future__ import annotations

import contextlib
import functools
import os
import pathlib
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import create_mock_engine, make_url
from sqlalchemy.schema import ExecutableDDLElement

from storage.session import Storage
from storage.tables import metadata


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
    where = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    with tempfile.TemporaryDirectory(prefix="oenskebot-pg-", dir=where, ignore_cleanup_errors=True) as folder:
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
    made = address.format(name=f"t{uuid.uuid4().hex[:12]}")
    _administer(made, "CREATE DATABASE {}")
    return made


def drop_database(address: str) -> None:
    """Remove a database, whoever is still connected to it."""
    _administer(address, "DROP DATABASE {} WITH (FORCE)")


def _administer(address: str, statement: LiteralString) -> None:
    url = make_url(address)
    with psycopg.connect(host=str(url.query["host"]), user="postgres", dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(str(url.database))))


async def make_tables(storage: Storage) -> None:
    """Make every table in one go: SQLAlchemy would ask for each, which takes longer than many a test."""
    script = _script(storage.url.get_backend_name())
    if storage.is_sqlite:
        with contextlib.closing(sqlite3.connect(str(storage.url.database))) as database:
            database.executescript(f"PRAGMA journal_mode=WAL; BEGIN; {script}; COMMIT")
        return
    async with storage.engine.begin() as connection:
        await connection.exec_driver_sql(script)


@functools.cache
def _script(backend: str) -> str:
    statements: list[str] = []

    def note(statement: ExecutableDDLElement, *_parameters: object, **_more: object) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine(f"{backend}://" if backend == "sqlite" else f"{backend}+psycopg://", note)
    metadata.create_all(engine, checkfirst=False)
    return ";".join(statements)
