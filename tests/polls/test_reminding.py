"""When the silent are reminded: near 48 and 4 hours before, in working hours, never on quiet days."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.polls.reminding import moments_of
from handlers.workdays import is_quiet

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
