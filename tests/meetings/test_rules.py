"""When meetings are told of, and what a click means: tables by hand, and what must hold for every meeting."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.meetings.rules import DAILY, NoticeKind, answer_after_click, notice_moment, soon_moment
from handlers.workdays import is_quiet
from storage.enums import Attending

ZONE = zoneinfo.ZoneInfo("Europe/Copenhagen")
C, A = Attending.COMING, Attending.APOLOGY
LONG_AGO = "2026-01-05T12:00"

moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2029, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("kind", "starts", "planned", "told"),
    [
        # Thursday 24 September: a week before, and the day before
        ("agenda", "2026-09-24T13:00", LONG_AGO, "2026-09-17T09:00"),
        ("reminder", "2026-09-24T13:00", LONG_AGO, "2026-09-23T08:55"),
        ("marking", "2026-09-24T13:00", LONG_AGO, "2026-09-25T08:55"),
        # a Monday: asked on Friday; a Friday: asked about on Monday
        ("reminder", "2026-09-28T08:30", LONG_AGO, "2026-09-25T08:55"),
        ("marking", "2026-09-25T13:00", LONG_AGO, "2026-09-28T08:55"),
        # a Saturday: a week before is a Saturday too
        ("agenda", "2026-09-26T13:00", LONG_AGO, "2026-09-18T09:00"),
        # after Christmas, and just after July
        ("agenda", "2027-01-04T10:00", LONG_AGO, "2026-12-28T09:00"),
        ("agenda", "2027-01-01T10:00", LONG_AGO, "2026-12-23T09:00"),
        ("reminder", "2026-08-03T10:00", LONG_AGO, "2026-06-30T08:55"),
        ("marking", "2026-06-30T10:00", LONG_AGO, "2026-08-03T08:55"),
        # planned within the week: the agenda comes with the next bundle
        ("agenda", "2026-09-24T13:00", "2026-09-20T20:00", "2026-09-21T09:00"),
        ("agenda", "2026-09-24T13:00", "2026-09-17T09:00", "2026-09-18T09:00"),
        ("agenda", "2026-09-24T13:00", "2026-09-17T08:59", "2026-09-17T09:00"),
        # too late to help
        ("agenda", "2026-09-24T13:00", "2026-09-23T09:00", None),
        ("reminder", "2026-09-24T13:00", "2026-09-23T08:55", None),
        ("reminder", "2026-09-24T13:00", "2026-09-23T08:54", "2026-09-23T08:55"),
    ],
)
def test_when_it_is_told(kind: str, starts: str, planned: str, told: str | None) -> None:
    moment = notice_moment(NoticeKind(kind), local(starts), local(planned), ZONE)
    assert moment == (local(told) if told else None)


@pytest.mark.parametrize(
    ("starts", "minutes", "told"),
    [
        ("2026-09-24T13:00", 60, "2026-09-24T12:00"),
        ("2026-09-24T13:00", 0, None),
        ("2026-09-24T08:30", 60, None),
        ("2026-09-24T09:00", 60, "2026-09-24T08:00"),
        ("2026-09-26T13:00", 60, None),
        ("2026-07-01T13:00", 15, None),
    ],
)
def test_shortly_before_it_begins(starts: str, minutes: int, told: str | None) -> None:
    moment = soon_moment(local(starts), local(LONG_AGO), minutes, ZONE)
    assert moment == (local(told) if told else None)
    assert soon_moment(local(starts), local(starts) - dt.timedelta(minutes=30), 60, ZONE) is None


@given(moments, st.integers(0, 200), st.integers(0, 23))
def test_nothing_is_told_at_a_quiet_time_or_for_nothing(planned: dt.datetime, days: int, hours: int) -> None:
    starts = planned + dt.timedelta(days=days, hours=hours)
    for kind in DAILY:
        moment = notice_moment(kind, starts, planned, ZONE)
        if moment is None:
            continue
        assert not is_quiet(moment, ZONE)
        before = moment.astimezone(ZONE).date() < starts.astimezone(ZONE).date()
        assert before is (kind is not NoticeKind.MARKING)
        assert kind is NoticeKind.MARKING or moment > planned


@given(moments, st.integers(0, 23), st.integers(0, 23))
def test_another_hour_of_the_same_day_repeats_nothing(planned: dt.datetime, first: int, second: int) -> None:
    day = planned.astimezone(ZONE).date() + dt.timedelta(days=30)
    one, other = (dt.datetime.combine(day, dt.time(hour), ZONE) for hour in (first, second))
    for kind in DAILY:
        assert notice_moment(kind, one, planned, ZONE) == notice_moment(kind, other, planned, ZONE)


@pytest.mark.parametrize(
    ("known", "clicked", "on", "others", "after"),
    [
        (None, C, True, (), C),
        (C, A, True, (C,), A),
        (A, A, False, (C,), C),
        (C, C, False, (), None),
        (A, C, False, (), A),
        (None, C, False, (), None),
        (A, C, True, (), C),
    ],
)
def test_what_a_click_means(
    known: Attending | None, clicked: Attending, on: bool, others: tuple[Attending, ...], after: Attending | None
) -> None:
    assert answer_after_click(known, clicked, on=on, others_on=others) is after
