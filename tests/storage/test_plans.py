"""What every click asks of the database is found by an index, however much is stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, text

from storage.queries import exchange
from storage.session import Storage
from tests.conftest import make_storage


async def _plans(storage: Storage, asked: list[tuple[str, Any]]) -> list[str]:
    """What SQLite says it does for each statement."""
    async with storage.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        plans = []
        for statement, parameters in asked:
            cursor = await raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append("; ".join(row[3] for row in await cursor.fetchall()))
        await connection.execute(text("SELECT 1"))
    return plans


async def test_clicks_that_are_not_counted_are_found_by_their_index(sqlite_url: str) -> None:
    """Their index holds these alone, and SQLite takes it only where its condition stands in the query word for word."""
    storage = await make_storage(sqlite_url)
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.startswith("SELECT") and "emojis" in statement:
            asked.append((statement, parameters))

    event.listen(storage.engine.sync_engine, "before_cursor_execute", note)
    async with storage.read() as session:
        await exchange.list_groups_with_clicks(session)
        await exchange.list_uncounted(session, 1)
    plans = await _plans(storage, asked)
    await storage.dispose()
    assert len(plans) == 2
    assert all("USING INDEX ix_emojis_uncounted" in plan for plan in plans), plans
