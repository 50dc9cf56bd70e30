"""The database keeps what was committed, whoever writes at the same time."""

from __future__ import annotations

import asyncio
import datetime as dt
import multiprocessing
import pathlib
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.engine import Connection

from storage import schema
from storage.models.exchange import Claim, Installation
from storage.queries.exchange import claim
from storage.session import Storage, StorageBusy
from storage.tables import metadata
from tests.conftest import make_storage

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
PROCESSES, ROUNDS = 3, 30


async def _count_up(url: str) -> None:
    storage = Storage(url)
    for _ in range(ROUNDS):
        async with storage.write() as session:
            row = await session.get_one(Installation, "count", with_for_update=True)
            row.value = str(int(row.value) + 1)
    await storage.dispose()


def _run_count_up(url: str) -> None:
    asyncio.run(_count_up(url))


async def test_three_processes_lose_nothing(storage: Storage) -> None:
    async with storage.write() as session:
        session.add(Installation(name="count", value="0"))
    address = storage.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_run_count_up, args=(address,)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join, 60)
    async with storage.read() as session:
        assert (await session.get_one(Installation, "count")).value == str(PROCESSES * ROUNDS)
    assert [process.exitcode for process in processes] == [0] * PROCESSES


async def test_an_error_keeps_nothing(storage: Storage) -> None:
    with pytest.raises(RuntimeError):
        async with storage.write() as session:
            session.add(Claim(key="a", at=NOW))
            await session.flush()
            raise RuntimeError
    async with storage.read() as session:
        assert (await session.scalars(select(Claim))).all() == []


async def test_of_many_claims_at_once_one_is_taken(storage: Storage) -> None:
    async def try_it() -> bool:
        async with storage.write() as session:
            return await claim(session, "timer:1", NOW)

    assert sorted(await asyncio.gather(*(try_it() for _ in range(10)))) == [False] * 9 + [True]


async def test_a_reader_does_not_wait_for_a_writer(storage: Storage) -> None:
    async with storage.write() as writing:
        writing.add(Claim(key="a", at=NOW))
        await writing.flush()
        async with storage.read() as reading:
            assert (await reading.scalars(select(Claim))).all() == []


async def test_a_writer_gives_up_after_its_patience(tmp_path: pathlib.Path) -> None:
    first = await make_storage(f"sqlite:///{tmp_path / 'a.db'}")
    second = Storage(f"sqlite:///{tmp_path / 'a.db'}")
    async with first.write():
        with pytest.raises(StorageBusy):
            async with first.write(patience=0.05):
                pass
        with pytest.raises(StorageBusy):
            async with second.write(patience=0.05):
                pass
    await first.dispose()
    await second.dispose()


async def test_a_writer_of_rows_gives_up_after_its_patience(tmp_path: pathlib.Path) -> None:
    first = await make_storage(f"sqlite:///{tmp_path / 'a.db'}")
    second = Storage(f"sqlite:///{tmp_path / 'a.db'}")
    async with first.write():
        for storage in (first, second):
            with pytest.raises(StorageBusy):
                await storage.write_rows(_claim("a"), 0.05)
    await second.write_rows(_claim("a"), 0.05)
    assert await _claimed(first) == ["a"]
    await first.dispose()
    await second.dispose()


async def test_rows_wait_for_a_row_that_another_one_holds_no_longer_than_they_may(storage: Storage) -> None:
    async with storage.write() as session:
        session.add(Claim(key="a", at=NOW))
        await session.flush()
        with pytest.raises(StorageBusy):
            await storage.write_rows(_claim("a"), 0.05)
    assert await _claimed(storage) == ["a"]


async def test_rows_are_committed_together_or_not_at_all(storage: Storage) -> None:
    def failing(connection: Connection) -> None:
        _claim("b")(connection)
        raise RuntimeError

    await storage.write_rows(_claim("a"))
    with pytest.raises(RuntimeError):
        await storage.write_rows(failing)
    await storage.write_rows(_claim("c"))
    assert await _claimed(storage) == ["a", "c"]


async def test_rows_that_nobody_waits_for_any_longer_are_written_whole(storage: Storage) -> None:
    began, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow(connection: Connection) -> None:
        _claim("a")(connection)
        loop.call_soon_threadsafe(began.set)
        go_on.wait(20)
        _claim("b")(connection)

    writing = asyncio.create_task(storage.write_rows(slow))
    await began.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    go_on.set()
    await storage.write_rows(_claim("c"))
    assert await _claimed(storage) == ["a", "b", "c"]


def _claim(key: str) -> Callable[[Connection], None]:
    def write(connection: Connection) -> None:
        connection.execute(insert(Claim), [{"key": key, "at": NOW}])

    return write


async def _claimed(storage: Storage) -> list[str]:
    async with storage.read() as session:
        return list(await session.scalars(select(Claim.key).order_by(Claim.key)))


async def test_sqlite_keeps_its_promises(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with storage.read() as session:
        found = [
            (await session.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]
    await storage.dispose()


async def test_a_moment_without_a_zone_is_not_stored(storage: Storage) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        async with storage.write() as session:
            session.add(Claim(key="a", at=dt.datetime(2026, 9, 1)))  # noqa: DTZ001 - that is the point


async def test_the_migrations_make_the_tables_of_the_models(database_url: str) -> None:
    storage = Storage(database_url)
    assert (await schema.status(storage))[0] == ""
    await schema.upgrade(storage)
    current, needed = await schema.status(storage)
    assert current == needed
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    async with storage.engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), metadata)
        )
    assert difference == []
    await schema.upgrade(storage)
    await storage.dispose()
