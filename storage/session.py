"""Opens the database and its transactions: readers never wait, writers queue fairly and hold the one lock briefly."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

INTERACTIVE_PATIENCE = 1.5
"""Seconds that a person's deed waits for the writer lock before it is told to try again."""

PATIENCE = 15.0
"""Seconds that delivery and timers wait for the writer lock."""

_CHANGED = "changed groups"


class StorageBusy(Exception):
    """The writer lock was not to be had in time."""


class UnknownDatabase(Exception):
    """An address of a database that is neither SQLite nor PostgreSQL."""


class Storage:
    """One database. `url` is SQLite (the embedded default) or PostgreSQL, as SQLAlchemy writes addresses.

    `on_change` is called with a group's id when something in it was committed: see `note_change`."""

    def __init__(self, url: str) -> None:
        self.url: URL = _async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # A wish's text must not stand in a log.
        self.engine = create_async_engine(self.url, pool_size=10, hide_parameters=True)
        _prepare_engine(self.engine.sync_engine)
        self._rows = create_engine(_sync_url(self.url), pool_size=1, max_overflow=0, hide_parameters=True)
        _prepare_engine(self._rows)
        self._rows_thread = ThreadPoolExecutor(1, thread_name_prefix="rows")
        self._turn = asyncio.Lock()
        self.on_change: Callable[[int], None] = _do_nothing

    @contextlib.asynccontextmanager
    async def write(self, patience: float = PATIENCE) -> AsyncIterator[AsyncSession]:
        """One transaction that may write, committed at the end and rolled back on any error.

        On SQLite there is one writer at a time: writers of this process queue here, in order, because the database's
        own waiting is unfair; those of other processes are waited for in `BEGIN IMMEDIATE`.

        Args:
            patience: seconds to wait for the writer lock.

        Raises:
            StorageBusy: the lock was not to be had in time.
        """
        async with self._writing(patience), _session(self.engine.execution_options(**_patient(patience))) as session:
            await session.connection()
            yield session
            await session.commit()
            for group_id in session.info.get(_CHANGED, ()):
                self.on_change(group_id)

    async def write_rows(self, write: Callable[[Connection], None], patience: float = PATIENCE) -> None:
        """One short transaction of rows, without objects; when this returns it is committed.

        It is one trip to a thread of its own, where `write` makes one for every statement, and for beginning, ending
        and tidying up: less than half of the work, for what comes in rushes.

        Args:
            write: writes them; it runs in that thread.
            patience: seconds to wait for the writer lock.

        Raises:
            StorageBusy: the lock was not to be had in time.
        """
        async with self._writing(patience):
            engine = self._rows.execution_options(**_patient(patience))
            await asyncio.get_running_loop().run_in_executor(self._rows_thread, _write_rows, engine, write)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """One transaction that only reads; it takes no writer lock."""
        async with _session(self.engine) as session:
            yield session

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await asyncio.get_running_loop().run_in_executor(self._rows_thread, self._rows.dispose)

    @contextlib.asynccontextmanager
    async def _writing(self, patience: float) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            if self.is_sqlite:
                await self._take_turn(stack, patience)
            try:
                yield
            except OperationalError as error:
                if is_lock_failure(error):
                    raise StorageBusy from error
                raise

    async def _take_turn(self, stack: contextlib.AsyncExitStack, patience: float) -> None:
        try:
            await asyncio.wait_for(self._turn.acquire(), patience)
        except TimeoutError as error:
            raise StorageBusy from error
        stack.callback(self._turn.release)


def note_change(session: AsyncSession, group_id: int) -> None:
    """This transaction changes something in the group."""
    session.info.setdefault(_CHANGED, set()).add(group_id)


def _do_nothing(group_id: int) -> None:
    """What follows a change where nobody watches."""


def is_lock_failure(error: OperationalError) -> bool:
    """Whether the database gave up waiting for a lock that another writer holds."""
    words = str(error.orig).lower()
    return "locked" in words or "lock timeout" in words or "deadlock" in words


def _session(engine: AsyncEngine) -> AsyncSession:
    return AsyncSession(engine, expire_on_commit=False, autoflush=True)


def _async_url(url: str) -> URL:
    parsed = make_url(url)
    if parsed.drivername == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite+aiosqlite", "postgresql+psycopg"):
        raise UnknownDatabase
    return parsed


def _leave_out_values(context: ExceptionContext) -> None:
    """PostgreSQL tells the values of the row that it refused (`DETAIL: Key (title)=(…)`), and of text that it can't
    read in the first line too; a wish's text must not stand in a log."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    state = getattr(error, "sqlstate", None)
    if not state:  # not the server's words
        return
    whole = str(error)
    told = f"SQLSTATE {state}" if state.startswith("22") else whole.partition("\n")[0]
    error.args = (told,)
    if wrapped is not None:
        wrapped.args = tuple(str(one).replace(whole, told) for one in wrapped.args)


def _sync_url(url: URL) -> URL:
    """The same database for a thread; psycopg serves both under one name."""
    return url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url


def _prepare_engine(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_connection)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgres)
        event.listen(engine, "handle_error", _leave_out_values)


def _prepare_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late and lose updates
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _patient(patience: float) -> dict[str, int | bool]:
    """What a connection that writes is told."""
    return {"writes": True, "patience": int(patience * 1000)}


def _write_rows(engine: Engine, write: Callable[[Connection], None]) -> None:
    with engine.begin() as connection:
        write(connection)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writes"):
        _be_patient(connection, options.get("patience", int(PATIENCE * 1000)))
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def _be_patient(connection: Connection, milliseconds: int) -> None:
    if connection.info.get("patience") != milliseconds:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={milliseconds}")
        connection.info["patience"] = milliseconds


def _begin_postgres(connection: Connection) -> None:
    if "patience" in (options := connection.get_execution_options()):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {options['patience']}")
