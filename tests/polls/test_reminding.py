"""When the silent are reminded: near 48 and 4 hours before, in working hours, never on quiet days."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.polls.reminding import moments_of
from handlers.workdays import is_quiet
from tests.polls.rooms import PollRoom

ZONE = zoneinfo.ZoneInfo("Europe/Copenhagen")


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("opened", "deadline", "reminded"),
    [
        ("2026-09-01T10:30", "2026-09-08T12:00", ["2026-09-07T08:55", "2026-09-08T08:55"]),
        ("2026-09-01T10:30", "2026-09-10T12:00", ["2026-09-09T08:55", "2026-09-10T08:55"]),
        ("2026-09-01T10:30", "2026-09-07T10:00", ["2026-09-04T08:55", "2026-09-07T08:55"]),
        ("2026-09-01T10:30", "2026-09-08T08:30", ["2026-09-04T08:55", "2026-09-07T08:55"]),
        ("2026-09-09T08:00", "2026-09-10T12:00", ["2026-09-10T08:55"]),
        ("2026-09-10T08:00", "2026-09-10T12:00", []),
        ("2026-06-20T08:00", "2026-07-20T12:00", []),
        ("2026-12-01T08:00", "2026-12-28T12:00", ["2026-12-23T08:55", "2026-12-28T08:55"]),
    ],
)
def test_when_the_silent_are_reminded(opened: str, deadline: str, reminded: list[str]) -> None:
    assert moments_of(local(opened), local(deadline), ZONE) == [local(one) for one in reminded]


@given(st.integers(0, 2 * 365 * 24 * 4), st.integers(1, 60 * 24))
def test_never_on_quiet_days_and_always_before_the_deadline(quarters: int, hours: int) -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=15 * quarters)
    deadline = start + dt.timedelta(hours=hours)
    moments = moments_of(start, deadline, ZONE)
    assert len(moments) <= 2
    for moment in moments:
        assert start < moment < deadline - dt.timedelta(minutes=4)
        assert not is_quiet(moment, ZONE)


async def directs(room: PollRoom) -> dict[str, str]:
    """Person → what they got as a direct message."""
    return {row.target["user"]: str(row.body) for row in await room.outbox("direct")}


@pytest.mark.parametrize(("hour", "reminded"), [("08:56", False), ("09:30", True), ("11:59", True), ("12:00", False)])
async def test_a_bot_that_was_down_at_the_last_bundle_reminds_when_it_is_back(
    room: PollRoom, hour: str, reminded: bool
) -> None:
    await room.open(quorum="100")
    await room.react("bo", "one")
    room.clock.move_to(local(f"2026-09-08T{hour}"))
    await room.runtime.timetable.run_due()
    told = await directs(room)
    assert ("carla" in told) is reminded
    assert "bo" not in told
    if reminded:
        assert "Bornholm" in told["carla"]
        assert "1 af 3 kommuner" in told["anna"]
        count = len(await room.outbox("direct"))
        await room.runtime.timetable.run_due()
        assert len(await room.outbox("direct")) == count
