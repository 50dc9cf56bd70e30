"""A group's rounds as they are stored: the newest value of each setting, of each group, on every kind of database."""

from __future__ import annotations

import datetime as dt

from handlers.rounds.planning import list_plans
from handlers.rounds.rules import Plan
from storage.enums import Cadence, RoundDay
from storage.models.members import Setting
from storage.session import Storage
from tests.conftest import START
from tests.groups import make_group


async def test_the_newest_value_counts_and_a_group_without_rounds_has_none(storage: Storage) -> None:
    group_id = await make_group(storage, platform="test", workspace="w", channel="koordinationsgruppe")
    later = START + dt.timedelta(days=1)
    async with storage.read() as session:
        assert await list_plans(session) == {}
    async with storage.write() as session:
        for name, value, at in (
            ("round_every", "month", START),
            ("round_first", "2026-10-01", START),
            ("round_every", "quarter", later),
            ("round_debate", "3", START),
            ("minimum", "6", later + dt.timedelta(days=1)),
        ):
            session.add(Setting(group_id=group_id, name=name, value=value, at=at, by="person-anna"))
            await session.flush()
    async with storage.read() as session:
        assert await list_plans(session) == {
            group_id: Plan(Cadence.QUARTER, dt.date(2026, 10, 1), RoundDay.WEEKDAY, debate=3, days=5, since=later)
        }
    async with storage.write() as session:
        session.add(Setting(group_id=group_id, name="round_every", value="never", at=later, by="person-anna"))
    async with storage.read() as session:
        assert await list_plans(session) == {}
