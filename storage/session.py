"""Opens the database and its transactions: readers never wait, writers queue fairly and hold the one lock briefly."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine import URL, Connection, ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

INTERACTIVE_PATIENCE = 1.5
"""Seconds that a person's deed waits for the writer lock before it is told to try again."""

PATIENCE = 15.0
"""Seconds that delivery and timers wait for the writer lock."""


_CHANGED = "changed groups"
_COMMITTED = "to do when committed"


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
        self.engine = (
            _sqlite_engine(self.url)
            if self.is_sqlite
            else create_async_engine(self.url, pool_size=10, hide_parameters=True)
        )
        if not self.is_sqlite:
            event.listen(self.engine.sync_engine, "handle_error", _leave_out_values)
        self._writers = self.engine.execution_options(writes=True)
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
        async with contextlib.AsyncExitStack() as stack:
            if self.is_sqlite:
                await self._take_turn(stack, patience)
            session = await stack.enter_async_context(_session(self._writers))
            try:
                await self._begin(session, patience)
                yield session
                await session.commit()
                for do in session.info.get(_COMMITTED, ()):
                    do()
                for group_id in session.info.get(_CHANGED, ()):
                    self.on_change(group_id)
            except OperationalError as error:
                await session.rollback()
                if is_lock_failure(error):
                    raise StorageBusy from error
                raise

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """One transaction that only reads; it takes no writer lock."""
        async with _session(self.engine) as session:
            yield session

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    async def _take_turn(self, stack: contextlib.AsyncExitStack, patience: float) -> None:
        try:
            await asyncio.wait_for(self._turn.acquire(), patience)
        except TimeoutError as error:
            raise StorageBusy from error
        stack.callback(self._turn.release)

    async def _begin(self, session: AsyncSession, patience: float) -> None:
        milliseconds = int(patience * 1000)
        if self.is_sqlite:
            await session.connection(execution_options={"patience": milliseconds})
        else:
            connection = await session.connection()
            await connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")


def note_change(session: AsyncSession, group_id: int) -> None:
    """This transaction changes something in the group."""
    session.info.setdefault(_CHANGED, set()).add(group_id)


def when_committed(session: AsyncSession, do: Callable[[], None]) -> None:
    """Do this as soon as the transaction is committed, before its connection is handed back."""
    session.info.setdefault(_COMMITTED, []).append(do)


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


def _sqlite_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True)  # a wish's text must not stand in a log
    event.listen(engine.sync_engine, "connect", _prepare_connection)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late and lose updates
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _be_patient(connection: Connection, milliseconds: int) -> None:
    if connection.info.get("patience") != milliseconds:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={milliseconds}")
        connection.info["patience"] = milliseconds


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writes"):
        _be_patient(connection, options.get("patience", int(PATIENCE * 1000)))
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
