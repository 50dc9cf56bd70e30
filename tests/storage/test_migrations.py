"""A migration keeps what was there, and what it makes of it is true."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Boolean, Connection, DateTime, String, column, insert, select, table, text

from storage import schema
from storage.changes import unpack
from storage.enums import Basis, CaseStatus
from storage.models.escalations import Case, CaseAnswer
from storage.models.exchange import Emoji
from storage.models.members import Group
from storage.session import Storage

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
EMOJIS_BEFORE = table(
    "emojis",
    *(column(name, String) for name in ("key", "person_id", "emoji", "mark")),
    *(column(name, Boolean) for name in ("on", "dated")),
    *(column(name, DateTime(timezone=True)) for name in ("changed_at", "put_on_at")),
)
OLD_CASES = ((85, 212, 35), (60, 20, 40), (85, None, 35), (85, 60, 35), (10, 20, 0))
"""Amount, free, and the one excess that was kept of each."""


async def test_an_old_recommendation_says_what_it_was_over(database_url: str) -> None:
    storage = Storage(database_url)
    await schema.upgrade(storage)
    async with storage.write() as session:
        session.add(_group())
        await session.flush()
        session.add_all(_case(number, *figures) for number, figures in enumerate(OLD_CASES, 1))
        await session.flush()
        session.add(_answer(case_id=1))
    async with schema.migrating(storage) as connection:
        await connection.run_sync(_migrate, command.downgrade, "0008")
        await connection.run_sync(_migrate, command.upgrade, "0009")
    async with storage.read() as session:
        cases = (await session.scalars(select(Case).order_by(Case.number))).all()
        assert [(one.over_ceiling, one.over_room) for one in cases] == [(35, 0), (0, 40), (35, 0), (35, 0), (0, 0)]
        assert (await session.scalars(select(CaseAnswer.case_id))).all() == [1]
    await storage.dispose()


async def test_a_migration_that_leaves_rows_without_their_owner_changes_nothing(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    await schema.upgrade(storage)
    async with storage.write() as session:
        session.add(_group())
    with pytest.raises(schema.BrokenReferences, match="cases"):
        async with schema.migrating(storage) as connection:
            await connection.exec_driver_sql("UPDATE groups SET product = 'x'")
            await connection.execute(insert(Case).values(_columns(_case(1, 85, 60, 35)) | {"group_id": 99}))
    async with storage.write() as session:
        assert (await session.scalars(select(Group.product))).all() == ["OS2test"]
        assert (await session.execute(text("PRAGMA foreign_keys"))).scalar() == 1
    await storage.dispose()


async def test_two_that_upgrade_one_database_at_once_both_find_it_ready(database_url: str) -> None:
    """As two replicas do that are started together."""
    both = Storage(database_url), Storage(database_url)
    await asyncio.gather(*(schema.upgrade(one) for one in both))
    assert [len(set(await schema.status(one))) for one in both] == [1, 1]
    for one in both:
        await one.dispose()


def _columns(case: Case) -> dict[str, object]:
    return {name: value for name, value in vars(case).items() if name in Case.__table__.columns}


def _answer(case_id: int) -> CaseAnswer:
    return CaseAnswer(
        case_id=case_id,
        status=CaseStatus.DECLINED,
        decided_on=NOW.date(),
        basis=Basis.MEETING,
        by="person-anna",
        at=NOW,
    )


def _migrate(connection: Connection, move: Callable[[Config, str], None], to: str) -> None:
    config = schema.configuration()
    config.attributes["connection"] = connection
    move(config, to)


def _group() -> Group:
    return Group(
        id=1,
        short_name="os2test",
        product="OS2test",
        platform="local",
        workspace="local",
        channel="group",
        locale="da",
        founded_at=NOW,
        created_at=NOW,
    )


def _case(number: int, amount: int, free: int | None, excess: int) -> Case:
    return Case(
        group_id=1,
        number=number,
        wish_number=number,
        title="Vis mailadresse",
        amount=amount,
        year=2026,
        free=free,
        over_ceiling=excess,
        recommendation="Det indstilles, at styregruppen godkender, at …",
        status=CaseStatus.AWAITING,
        sent_by="person-anna",
        sent_at=NOW,
        remind_at=NOW,
    )


async def test_an_old_emoji_keeps_what_was_known_of_it(database_url: str) -> None:
    storage = Storage(database_url)
    await schema.upgrade(storage)
    known = [
        ("one", True, NOW, True, None, "+2026-09-01T00:00:00+00:00|7;"),
        ("two", False, NOW, True, NOW - MINUTE, "+2026-08-31T23:59:00+00:00|;-2026-09-01T00:00:00+00:00|7;"),
        ("three", False, NOW, False, None, "-2026-09-01T00:00:00+00:00?|7;"),
    ]
    async with schema.migrating(storage) as connection:
        await connection.run_sync(_migrate, command.downgrade, "0014")
        for emoji, on, at, dated, put_on_at, _ in known:
            row = {"key": "1:poll:1/1", "person_id": "p", "emoji": emoji, "on": on, "mark": "7", "changed_at": at}
            await connection.execute(insert(EMOJIS_BEFORE), row | {"dated": dated, "put_on_at": put_on_at})
        await connection.run_sync(_migrate, command.upgrade, "0015")
    async with storage.read() as session:
        rows = {row.emoji: row for row in await session.scalars(select(Emoji))}
        assert {emoji: row.changes for emoji, row in rows.items()} == {one[0]: one[-1] for one in known}
        assert [change.at for change in unpack(rows["two"].changes)] == [NOW - MINUTE, NOW]
    await storage.dispose()
