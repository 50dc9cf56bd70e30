"""A wish that leaves an open poll and comes back: what people clicked meanwhile is what they want when it is back."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.polls.rooms import PollRoom


@pytest.fixture
async def open_room(room: PollRoom) -> PollRoom:
    """Everybody has clicked wish 1, and it has left."""
    await room.open()
    for user in ("anna", "bo"):
        await room.react(user, "one")
    await leave(room)
    return room


async def leave(room: PollRoom) -> None:
    await room.say("anna", "status 1 hold venter", command="ønske")


async def come_back(room: PollRoom) -> None:
    await room.say("anna", "status 1 genoptag", command="ønske")


async def test_a_vote_that_was_taken_back_meanwhile_does_not_come_back(open_room: PollRoom) -> None:
    await open_room.react("bo", "one", on=False)
    assert "Tønder" not in await open_room.votes()
    await come_back(open_room)
    assert await open_room.votes() == {"Favrskov": {"1"}}


async def test_who_votes_by_clicks_has_chosen_what_they_click_meanwhile(open_room: PollRoom) -> None:
    await open_room.react("carla", "two")
    await open_room.react("carla", "one")
    assert ["ikke længere med" in told for told in await open_room.whispers("carla")] == [True]
    await come_back(open_room)
    assert (await open_room.votes())["Bornholm"] == {"1", "2"}


async def test_who_has_clicked_only_what_was_away_has_answered_when_it_is_back(open_room: PollRoom) -> None:
    await open_room.react("carla", "one")
    await open_room.react("hans", "one")
    assert "Bornholm" not in await open_room.votes()
    await come_back(open_room)
    assert await open_room.votes() == {unit: {"1"} for unit in ("Favrskov", "Tønder", "Bornholm")}


async def test_an_answer_in_words_stands_whatever_is_clicked_meanwhile(open_room: PollRoom) -> None:
    await open_room.say("carla", "stem 1 2")
    tick(open_room)
    await open_room.react("carla", "one", at=open_room.clock.now())
    await come_back(open_room)
    assert (await open_room.votes())["Bornholm"] == {"2"}
    tick(open_room)
    await open_room.react("carla", "one", on=False, at=open_room.clock.now())
    assert (await open_room.votes())["Bornholm"] == {"2"}


async def test_an_answer_in_words_keeps_what_was_said_before_of_a_wish_that_is_away(open_room: PollRoom) -> None:
    await open_room.say("bo", "stem 1 2")
    await come_back(open_room)
    assert (await open_room.votes())["Tønder"] == {"1", "2"}


def tick(room: PollRoom) -> None:
    room.clock.move_to(room.clock.now() + dt.timedelta(seconds=1))
