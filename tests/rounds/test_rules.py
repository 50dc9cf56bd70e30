"""The days of rounds: the same date or weekday again, past holidays and July, each once."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rounds.rules import MONTHS, Plan, day_of, last_round, moment_of, next_round
from handlers.workdays import is_quiet
from storage.enums import Cadence, RoundDay
from tests.conftest import ZONE

EVER = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
DAY = dt.date


def plan(
    first: dt.date, every: Cadence = Cadence.QUARTER, by: RoundDay = RoundDay.DATE, since: dt.datetime = EVER
) -> Plan:
    return Plan(every, first, by, debate=0, days=5, since=since)


def nine(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, 9, tzinfo=ZONE).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("first", "every", "by", "index", "day"),
    [
        (DAY(2026, 1, 15), Cadence.QUARTER, RoundDay.DATE, 0, DAY(2026, 1, 15)),
        (DAY(2026, 1, 15), Cadence.QUARTER, RoundDay.DATE, 3, DAY(2026, 10, 15)),
        (DAY(2026, 11, 15), Cadence.QUARTER, RoundDay.DATE, 1, DAY(2027, 2, 15)),
        (DAY(2026, 8, 31), Cadence.HALF_YEAR, RoundDay.DATE, 1, DAY(2027, 2, 28)),
        (DAY(2026, 8, 31), Cadence.HALF_YEAR, RoundDay.DATE, 2, DAY(2027, 8, 31)),
        (DAY(2026, 9, 8), Cadence.MONTH, RoundDay.WEEKDAY, 1, DAY(2026, 10, 13)),
        (DAY(2026, 9, 8), Cadence.MONTH, RoundDay.WEEKDAY, 3, DAY(2026, 12, 8)),
        (DAY(2026, 9, 14), Cadence.MONTH, RoundDay.WEEKDAY, 1, DAY(2026, 10, 12)),
        (DAY(2026, 9, 30), Cadence.MONTH, RoundDay.WEEKDAY, 0, DAY(2026, 9, 30)),
        (DAY(2026, 9, 30), Cadence.MONTH, RoundDay.WEEKDAY, 1, DAY(2026, 10, 28)),
        (DAY(2026, 9, 30), Cadence.MONTH, RoundDay.WEEKDAY, 3, DAY(2026, 12, 30)),
    ],
)
def test_the_same_day_comes_again(first: dt.date, every: Cadence, by: RoundDay, index: int, day: dt.date) -> None:
    assert day_of(plan(first, every, by), index) == day


@pytest.mark.parametrize(
    ("first", "every", "moment"),
    [
        (DAY(2026, 9, 7), Cadence.QUARTER, nine(2026, 9, 7)),
        (DAY(2026, 9, 5), Cadence.QUARTER, nine(2026, 9, 7)),
        (DAY(2026, 12, 24), Cadence.QUARTER, nine(2026, 12, 28)),
        (DAY(2026, 7, 1), Cadence.QUARTER, nine(2026, 8, 3)),
        (DAY(2026, 7, 1), Cadence.MONTH, None),
    ],
)
def test_a_quiet_day_is_passed_over(first: dt.date, every: Cadence, moment: dt.datetime | None) -> None:
    assert moment_of(plan(first, every), 0, ZONE) == moment


def test_of_several_missed_rounds_the_newest_is_due() -> None:
    chosen = plan(DAY(2026, 1, 5), Cadence.MONTH)
    assert last_round(chosen, nine(2026, 4, 1), ZONE) == nine(2026, 3, 5)
    assert next_round(chosen, nine(2026, 4, 1), ZONE) == nine(2026, 4, 7)  # Easter is passed over
    assert last_round(chosen, nine(2026, 7, 20), ZONE) == nine(2026, 6, 8)
    assert next_round(chosen, nine(2026, 7, 20), ZONE) == nine(2026, 8, 5)


def test_a_round_is_due_from_its_moment_on_and_asked_for_once() -> None:
    chosen = plan(DAY(2026, 1, 5), Cadence.MONTH)
    assert last_round(chosen, nine(2026, 3, 5), ZONE) == nine(2026, 3, 5)
    assert next_round(chosen, nine(2026, 3, 5), ZONE) == nine(2026, 4, 7)
    asked_for = plan(DAY(2026, 1, 5), Cadence.MONTH, since=nine(2026, 3, 5))
    assert last_round(asked_for, nine(2026, 4, 1), ZONE) is None


def test_the_morning_of_a_round_is_that_of_the_group() -> None:
    far = zoneinfo.ZoneInfo("Pacific/Kiritimati")
    assert moment_of(plan(DAY(2026, 9, 7)), 0, far) == dt.datetime(2026, 9, 7, 9, tzinfo=far)


def test_what_was_due_before_the_plan_was_made_is_not_asked_for() -> None:
    chosen = plan(DAY(2026, 1, 5), Cadence.MONTH, since=nine(2026, 3, 20))
    assert last_round(chosen, nine(2026, 4, 1), ZONE) is None
    assert next_round(chosen, nine(2026, 1, 1), ZONE) == nine(2026, 4, 7)
    never = plan(DAY(2026, 1, 5), Cadence.NEVER)
    assert last_round(never, nine(2026, 4, 1), ZONE) is None
    assert next_round(never, nine(2026, 4, 1), ZONE) is None


plans = st.builds(
    plan,
    st.dates(DAY(2024, 1, 1), DAY(2027, 12, 31)),
    st.sampled_from(list(MONTHS)),
    st.sampled_from(list(RoundDay)),
)
moments = st.datetimes(
    dt.datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    dt.datetime(2029, 12, 31),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)


@given(plans, moments)
def test_every_round_is_found_once_and_never_in_a_quiet_time(chosen: Plan, now: dt.datetime) -> None:
    """Against the whole list of rounds, made one by one."""
    months = (now.year - chosen.first.year + 2) * 12 // MONTHS[chosen.every]
    rounds = [moment for index in range(max(2, months)) if (moment := moment_of(chosen, index, ZONE)) is not None]
    assert last_round(chosen, now, ZONE) == max((one for one in rounds if one <= now), default=None)
    assert next_round(chosen, now, ZONE) == min((one for one in rounds if one > now), default=None)
    assert not any(is_quiet(moment, ZONE) for moment in rounds)
    assert rounds == sorted(rounds)
