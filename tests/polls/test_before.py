"""What comes before a poll opens, on every kind of database; and which candidates look alike."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.clock import MovableClock
from handlers.chat.interactions import Command, Place
from handlers.polls.alike import MOST_PAIRS, list_alike
from handlers.polls.rules import opening_of
from handlers.polls.timers import TIMERS
from storage.enums import PollStatus
from storage.queries import polls, wishes
from tests.conftest import START, ZONE
from tests.polls.rooms import CHANNEL, PollRoom

OPENING = dt.datetime(2026, 9, 3, 7, tzinfo=dt.UTC)


async def test_a_debate_is_due_when_its_day_comes_and_opens_once(room: PollRoom, clock: MovableClock) -> None:
    await room.open(sent=False, debate="2026-09-03")
    timer = next(one for one in TIMERS if one.kind == "polls.open")
    async with room.storage.read() as session:
        assert await timer.next_moment(session, START) is not None
        assert await timer.due(session, OPENING - dt.timedelta(seconds=1)) == []
        (due,) = await timer.due(session, OPENING)
        assert await timer.due(session, OPENING + dt.timedelta(hours=20)) == []  # at night nobody is told of it
        for status in (PollStatus.DRAFT, PollStatus.DEBATE):
            found = await polls.list_with_candidate(session, room.group_id, 1, [status])
            assert len(found) == (status is PollStatus.DEBATE)
    clock.move_to(OPENING)
    assert await room.runtime.app.run_due(timer, due)
    assert not await room.runtime.app.run_due(timer, due)
    assert [entry.kind for entry in await room.entries()].count("poll.opened") == 1
    state = await room.state()
    assert (state.poll.status, state.poll.opened_at, len(state.box.units)) == (PollStatus.OPEN, OPENING, 3)


async def test_a_debate_that_was_moved_does_not_open_at_the_old_time(room: PollRoom, clock: MovableClock) -> None:
    await room.open(sent=False, debate="2026-09-03")
    timer = next(one for one in TIMERS if one.kind == "polls.open")
    async with room.storage.read() as session:
        (due,) = await timer.due(session, OPENING)
    async with room.storage.write() as session:
        (poll,) = await polls.list_in_debate(session)
        poll.opened_at = OPENING + dt.timedelta(days=1)
    clock.move_to(OPENING)
    await room.runtime.app.run_due(timer, due)
    assert (await room.state()).poll.status is PollStatus.DEBATE


async def test_what_a_wish_is_asked_in_where_it_was_merged_and_what_waits_for_a_meeting(room: PollRoom) -> None:
    await room.open()
    merge = Command(sender=room.sender("anna"), place=Place(CHANNEL), command="ønske", text="flet 3 i 1")
    async with room.storage.read() as session:
        assert await polls.map_asked(session, room.group_id) == {1: 1, 2: 1, 3: 1}
        assert await polls.map_asked(session, room.group_id, but=1) == {}
        assert await polls.list_unratified(session, room.group_id) == []
    await room.runtime.app.answer(merge)
    async with room.storage.read() as session:
        assert await polls.map_asked(session, room.group_id) == {1: 1, 2: 1}
        taken_in = await wishes.map_taken_in(session, room.group_id, [2, 3])
        assert {number: into.number for number, into in taken_in.items()} == {3: 1}
    await room.close()
    async with room.storage.read() as session:
        assert await polls.map_asked(session, room.group_id) == {}
        assert [poll.number for poll in await polls.list_unratified(session, room.group_id)] == [1]


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (dt.date(2026, 9, 3), dt.datetime(2026, 9, 3, 7, tzinfo=dt.UTC)),
        (dt.date(2026, 9, 5), dt.datetime(2026, 9, 7, 7, tzinfo=dt.UTC)),
        (dt.date(2026, 12, 24), dt.datetime(2026, 12, 28, 8, tzinfo=dt.UTC)),
        (dt.date(2027, 7, 2), dt.datetime(2027, 8, 2, 7, tzinfo=dt.UTC)),
    ],
)
def test_voting_opens_on_a_morning_when_people_are_at_work(day: dt.date, opens: dt.datetime) -> None:
    assert opening_of(day, ZONE) == opens


@pytest.mark.parametrize("turned", [False, True])
def test_of_each_pair_the_newer_wish_is_merged_and_all_pairs_can_be(turned: bool) -> None:
    titles = [
        (3, "Søgning på navnet på modtageren"),
        (4, "Mørk tilstand"),
        (5, "Søgning på modtagernavn"),
        (8, "Søgning på modtagerens navn"),
    ]
    pairs = list_alike(titles[::-1] if turned else titles)
    assert pairs == [(8, 3), (5, 3)]
    assert pairs == list_alike(titles)
    same = "Søgning på modtagerens navn"
    assert list_alike([(3, same), (9, same), (12, same)]) == [(9, 3), (12, 3)]
    assert list_alike(titles[1:2]) == []


def test_the_very_same_title_is_alike_however_short_it_is() -> None:
    titles = [(1, "Mørk tilstand"), (2, "Modul 1"), (3, "mørk tilstand."), (4, "Modul 2"), (5, "Mørk skærm")]
    assert list_alike(titles) == [(3, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Forbedring af modul nummer 1", "Forbedring af modul nummer 2"),
        ("Ny udgave af rapporten, del A", "Ny udgave af rapporten, del B"),
        ("Rapport for 2025 om brugen", "Rapport for 2026 om brugen"),
        ("Forslag alfa", "Forslag beta"),
        ("SOFD GUI: Udvidet overblik over tilhørsforhold", "SOFD GUI: Bloker manuelle tilhørsforhold af typen"),
        ("", ""),
    ],
)
def test_who_means_two_things_is_not_asked(one: str, other: str) -> None:
    assert list_alike([(1, one), (2, other)]) == []


def test_no_more_pairs_are_shown_than_somebody_reads() -> None:
    titles = [(number, "Søgning på modtagerens navn") for number in range(1, 20)]
    assert len(list_alike(titles)) == MOST_PAIRS
