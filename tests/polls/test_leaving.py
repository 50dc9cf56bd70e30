"""Whoever no longer speaks for a municipality has voted, and changes nothing any more, by clicks or in words."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.chat.interactions import Command, Place
from handlers.chat.messages import plain_text
from handlers.results.recount import recount
from storage.enums import BallotWay, Role
from storage.models.members import Membership, Setting
from storage.queries import ballots, members
from tests.conftest import START
from tests.polls.rooms import CHANNEL, PollRoom

STANDS = (
    "Dit svar for Tønder i afstemning 1 står, men du taler ikke længere for kommunen, så nye klik og svar tæller ikke."
)


async def group(room: PollRoom, user: str, text: str) -> None:
    """`/gruppe` with these words."""
    command = Command(sender=room.sender(user), place=Place(CHANNEL), command="gruppe", text=text)
    await room.runtime.app.answer(command)


async def claim(room: PollRoom, user: str, municipality: str, *, confirmed: bool) -> None:
    """Somebody speaks for a municipality, or says so."""
    async with room.storage.write() as session:
        unit = next(one for one in await members.list_units(session, room.group_id) if one.name == municipality)
        held = await members.find_membership(session, room.group_id, f"person-{user}", Role.REPRESENTATIVE)
        if held is None:
            held = Membership(group_id=room.group_id, person_id=f"person-{user}", role=Role.REPRESENTATIVE, since=START)
            session.add(held)
        held.unit_id, held.ended_at = unit.id, None
        held.confirmed_at = room.clock.now() if confirmed else None


async def confirm(room: PollRoom) -> None:
    """The leader stands behind the one who waits."""
    command = Command(sender=room.sender("anna"), place=Place(CHANNEL), command="gruppe", text="medlemmer")
    shown = (await room.runtime.app.answer(command)).whispers[-1]
    buttons = [one for block in shown.blocks for one in getattr(block, "items", ()) if getattr(one, "token", "")]
    await room.press("anna", next(one.token for one in buttons if one.label.startswith("Bekræft ")))


def pass_minutes(room: PollRoom, minutes: int) -> None:
    room.clock.move_to(room.clock.now() + dt.timedelta(minutes=minutes))


async def said(room: PollRoom, user: str, text: str) -> str:
    return "\n".join(plain_text(one) for one in (await room.say(user, text)).whispers)


async def test_what_is_clicked_after_leaving_changes_nothing_and_is_explained_once(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one")
    await group(room, "bo", "forlad")
    pass_minutes(room, 5)
    await room.react("bo", "three")
    await room.react("bo", "one", on=False)
    await room.react("bo", "three", on=False)
    assert await room.votes() == {"Tønder": {"1"}}
    assert await room.whispers("bo") == [STANDS]
    pass_minutes(room, 5)
    await room.read(("bo", "two"))
    await room.read(("bo", "two"))
    assert await room.votes() == {"Tønder": {"1"}}
    await room.close()
    assert "1. #1 Ønske nr. 1 1 kommune" in await room.result()
    assert recount(await room.entries())[0].matches
    assert await room.whispers("bo") == [STANDS]


async def test_an_answer_goes_on_counting_in_the_mean(room: PollRoom) -> None:
    async with room.storage.write() as session:
        session.add(Setting(group_id=1, name="ballot_rule", value="average", at=START, by="person-anna"))
    await room.open()
    await room.react("anna", "one")
    await room.react("dan", "two")
    await group(room, "dan", "forlad")
    await room.react("dan", "two", on=False)
    await room.read(("anna", "one"), ("dan", "three"))
    assert await room.votes() == {"Favrskov": {"1", "2"}}
    await room.react("anna", "three")
    assert await room.votes() == {"Favrskov": {"1", "2", "3"}}


async def test_a_substitutes_answer_stands_marked_when_their_time_is_over(room: PollRoom) -> None:
    await room.open()
    await group(room, "bo", "stedfortræder @hans")
    await room.react("hans", "one")
    await group(room, "bo", "stedfortræder ingen")
    await room.react("hans", "two")
    await room.react("hans", "one", on=False)
    assert await room.votes() == {"Tønder": {"1"}}
    assert await room.whispers("hans") == [STANDS]
    assert [cast.substitute for cast in (await room.state()).counting] == [True]
    await room.react("bo", "three")
    assert await room.votes() == {"Tønder": {"3"}}
    await group(room, "bo", "stedfortræder @hans")
    await room.react("hans", "one")
    assert await room.votes() == {"Tønder": {"1", "2"}}


async def test_who_comes_back_may_change_it_once_confirmed_again(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one")
    await group(room, "bo", "forlad")
    await claim(room, "bo", "Tønder", confirmed=False)
    await room.react("bo", "two")
    assert await room.votes() == {"Tønder": {"1"}}
    waits = (
        "Dit svar for Tønder i afstemning 1 står. Du kan ændre det, når det er bekræftet, "
        "at du taler for kommunen igen."
    )
    assert await room.whispers("bo") == [waits]
    assert await said(room, "bo", "stem 1 3") == waits
    await confirm(room)
    assert await room.votes() == {"Tønder": {"1"}}
    await room.react("bo", "three")
    assert await room.votes() == {"Tønder": {"1", "2", "3"}}
    await room.say("bo", "stem 1 2")
    assert await room.votes() == {"Tønder": {"2"}}


async def test_who_speaks_for_another_municipality_now_changes_neithers_answer(room: PollRoom) -> None:
    await room.open()
    await room.say("bo", "stem 1 1")
    await claim(room, "bo", "Bornholm", confirmed=True)
    assert await said(room, "bo", "stem 1 2") == STANDS
    assert await said(room, "bo", "stem 1") == STANDS
    await room.react("bo", "two")
    assert await room.votes() == {"Tønder": {"1"}}


async def test_an_unconfirmed_answer_can_be_changed_before_and_after_it_is_confirmed(room: PollRoom) -> None:
    await claim(room, "hans", "Tønder", confirmed=False)
    await room.open()
    await room.react("hans", "one")
    await room.react("hans", "two")
    assert await room.votes() == {}
    await confirm(room)
    assert await room.votes() == {"Tønder": {"1", "2"}}
    await room.react("hans", "one", on=False)
    assert await room.votes() == {"Tønder": {"2"}}


@pytest.mark.parametrize("leaves", [True, False])
async def test_room_for_another_click_is_only_for_those_who_may_still_click(room: PollRoom, leaves: bool) -> None:
    await room.open(most="1")
    await room.react("bo", "one")
    pass_minutes(room, 1)
    await room.react("bo", "two")
    if leaves:
        await group(room, "bo", "forlad")
    await move(room, "1 hold venter")
    assert await room.votes() == {"Tønder": {"1"} if leaves else {"1", "2"}}
    await move(room, "1 genoptag")
    assert await room.votes() == {"Tønder": {"1"}}
    async with room.storage.read() as session:
        (row,) = await ballots.list_ballots(session, room.group_id, "poll:1")
    assert row.way is BallotWay.EMOJI


async def test_what_came_in_with_the_room_goes_out_with_it_also_when_its_giver_has_left(room: PollRoom) -> None:
    await room.open(most="1")
    await room.react("bo", "one")
    pass_minutes(room, 1)
    await room.react("bo", "two")
    await move(room, "1 hold venter")
    await group(room, "bo", "forlad")
    await move(room, "1 genoptag")
    assert await room.votes() == {"Tønder": {"1"}}


async def move(room: PollRoom, words: str) -> None:
    """`/ønske status` with these words, by the leader."""
    command = Command(sender=room.sender("anna"), place=Place(CHANNEL), command="ønske", text=f"status {words}")
    assert not (await room.runtime.app.answer(command)).errors
