"""Clicks are stored before they are acknowledged, many in one commit, and counted afterwards, each once."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import event

from bot.counting import MOST_AT_ONCE
from bot.port import Answer
from handlers.capability import Ask, Reading
from handlers.chat.interactions import Place, React
from handlers.context import Context
from handlers.voting import commands as voting_room
from storage.queries import exchange
from tests.conftest import START
from tests.polls.rooms import CHANNEL, DEADLINE, PollRoom


def _react(room: PollRoom, user: str, emoji: str, *, on: bool = True) -> React:
    return React(sender=room.sender(user), place=Place(CHANNEL), message="m1", emoji=emoji, on=on)


async def test_a_click_is_kept_before_it_is_counted_and_counts_after_a_restart(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one", counted=False)
    assert await room.emojis("bo") == {"one"}
    assert await room.votes() == {}
    room.start()
    await room.runtime.app.counting.count_all()
    assert await room.votes() == {"Tønder": {"1"}}


async def test_whatever_is_decided_is_decided_on_all_clicks_that_were_acknowledged_before(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one", counted=False)
    await room.close()
    assert "1 af 3 kommuner har stemt." in await room.result()


async def test_clicks_that_come_at_once_share_a_commit(room: PollRoom) -> None:
    await room.open()
    for user in ("anna", "bo", "carla", "dan"):
        await room.react(user, "three")
    commits: list[int] = []
    event.listen(room.storage.engine.sync_engine, "commit", lambda connection: commits.append(1))
    clicks = [_react(room, user, emoji) for user in ("anna", "bo", "carla", "dan") for emoji in ("one", "two")]
    assert await asyncio.gather(*(room.runtime.app.answer(click) for click in clicks)) == [Answer()] * 8
    assert len(commits) <= 2
    await room.runtime.app.counting.count_all()
    assert await room.votes() == {unit: {"1", "2", "3"} for unit in ("Favrskov", "Tønder", "Bornholm")}


async def test_the_poll_is_drawn_once_for_all_that_was_counted_together(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.open()
    shows = room.runtime.app._contents.shows
    draw, drawn = shows["poll"], []

    async def counting(context: Context, subject: str) -> Any:
        drawn.append(subject)
        return await draw(context, subject)

    monkeypatch.setitem(shows, "poll", counting)
    for user in ("anna", "bo", "carla"):
        await room.react(user, "one", counted=False)
    await room.runtime.app.counting.count_all()
    assert drawn == ["poll:1"]
    assert len(await room.votes()) == 3


async def test_a_click_that_can_not_be_counted_takes_no_other_with_it_and_is_tried_again(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.open()
    deeds = room.runtime.app._contents.deeds
    whole = deeds["poll.click"]

    async def failing(context: Context, ask: Ask) -> Any:
        if context.me.name.startswith("Bo"):
            await whole.do(context, ask)
            raise RuntimeError("in the middle")
        return await whole.do(context, ask)

    broken = next(deed for deed in voting_room.CAPABILITY.deeds if deed.name == "poll.click")
    monkeypatch.setitem(deeds, "poll.click", type(broken)("poll.click", failing))
    for user in ("bo", "carla"):
        await room.react(user, "one", counted=False)
    await room.runtime.app.counting.count_all()
    assert await room.votes() == {"Bornholm": {"1"}}
    monkeypatch.undo()
    await room.runtime.app.counting.count_all()
    assert await room.votes() == {"Bornholm": {"1"}, "Tønder": {"1"}}


async def test_a_flood_is_counted_in_pieces(room: PollRoom) -> None:
    await room.open()
    many = MOST_AT_ONCE + 30
    await asyncio.gather(*(room.runtime.app.answer(_react(room, f"g{number}", "one")) for number in range(many)))
    async with room.storage.read() as session:
        assert len(await exchange.list_uncounted(session, room.group_id)) == many
    await room.runtime.app.counting.count_all()
    async with room.storage.read() as session:
        assert await exchange.list_uncounted(session, room.group_id) == []


async def test_a_list_that_was_asked_for_before_a_click_does_not_undo_it(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one")
    asked_at = room.clock.now()
    room.clock.move_to(asked_at + dt.timedelta(seconds=1))
    await room.react("bo", "one", on=False)
    await room.react("carla", "two")
    old = Reading(room.key(), {("bo", "one"): None}, asked_at)
    await room.runtime.app.counting.take_reading(old)
    assert await room.votes() == {"Bornholm": {"2"}}


async def test_a_click_that_the_list_dates_after_the_deadline_does_not_count(room: PollRoom) -> None:
    """The bot was away over the deadline, and the chat says when each emoji was put on."""
    await room.open()
    room.clock.move_to(DEADLINE + dt.timedelta(hours=2))
    await room.read(("bo", "one"), at=DEADLINE - dt.timedelta(minutes=1))
    await room.read(("bo", "one"), ("carla", "two"), at=DEADLINE + dt.timedelta(minutes=1))
    assert await room.votes() == {"Tønder": {"1"}}
    assert any(said.startswith("Fristen for afstemning 1 var") for said in await room.whispers("carla"))


async def test_a_time_in_the_list_that_is_older_than_what_is_known_says_nothing(room: PollRoom) -> None:
    """Put on, taken off and put on again: the list tells the first time, and the last one is nobody's to know."""
    await room.open()
    first = room.clock.now()
    await room.react("bo", "one", at=first)
    await room.react("bo", "one", on=False)
    room.clock.move_to(first + dt.timedelta(hours=1))
    await room.read(("bo", "one"), at=first)
    async with room.storage.read() as session:
        [row] = await exchange.list_emojis(session, [room.key()])
    assert (row.on, row.dated, row.changed_at) == (True, False, room.clock.now())


async def test_an_event_that_is_told_again_undoes_nothing_that_a_list_has_told_since(room: PollRoom) -> None:
    """The event of taking it off was lost, and the chat tells once more of its being put on."""
    await room.open()
    await room.react("bo", "one", mark="1")
    await room.read()
    await room.read()
    assert await room.votes() == {}
    await room.react("bo", "one", mark="1")
    assert await room.votes() == {}
    await room.react("bo", "one", mark="2")
    assert await room.votes() == {"Tønder": {"1"}}


async def test_a_click_on_any_other_message_is_nothing_to_us(room: PollRoom) -> None:
    await room.open()
    other = React(sender=room.sender("bo"), place=Place(CHANNEL), message="m9", emoji="one", on=True)
    assert await room.runtime.app.answer(other) == Answer()
    assert await room.emojis("bo") == set()


async def test_what_is_changed_after_the_deadline_is_as_if_it_had_not_been(room: PollRoom) -> None:
    """Also where an earlier click arrives after it."""
    await room.open()
    late = dt.datetime(2026, 9, 8, 10, 0, 1, tzinfo=dt.UTC)
    await room.react("bo", "one", at=START, mark="1")
    await room.react("bo", "one", on=False, at=late, mark="4")
    await room.react("bo", "two", at=late, mark="3")
    await room.react("bo", "three", at=late - dt.timedelta(seconds=2), mark="2")
    assert await room.votes() == {"Tønder": {"1", "3"}}


async def test_somebody_new_is_stored_with_their_first_click(room: PollRoom) -> None:
    await room.open()
    await room.react("stranger", "one", counted=False)
    async with room.storage.read() as session:
        rows = await exchange.list_emojis(session, [room.key()])
    assert [row.uncounted for row in rows] == [True]
