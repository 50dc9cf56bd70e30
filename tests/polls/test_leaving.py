"""Whoever no longer speaks for a municipality has voted, and changes nothing any more, by clicks or in words."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.port import Answer
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


async def group(room: PollRoom, user: str, text: str) -> Answer:
    """`/gruppe` with these words."""
    return await room.say(user, text, command="gruppe")


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


MOVED = (
    "Du taler nu for Bornholm, så det her er dit svar for Bornholm i afstemning 1: {names}. Dit svar for Tønder står."
)


async def move_to_bornholm(room: PollRoom) -> None:
    """Bo says so himself, and the leader confirms it."""
    form = (await group(room, "bo", "repræsenterer Bornholm")).form
    assert form is not None
    answer = await room.submit("bo", form.token, {"municipality": "400", "organisation": ""})
    assert not answer.errors
    await confirm(room)


async def test_who_moves_to_another_municipality_answers_for_that_one_anew(room: PollRoom) -> None:
    await room.open()
    await room.react("carla", "three")
    pass_minutes(room, 1)
    await room.say("bo", "stem 1 1")
    await move_to_bornholm(room)
    assert await room.votes() == {"Tønder": {"1"}, "Bornholm": {"3"}}
    assert "ingen endnu, men Bornholm har svaret" in await said(room, "bo", "status 1")
    pass_minutes(room, 1)
    told = await said(room, "bo", "stem 1 2")
    assert "Dit svar i afstemning 1: #2 Ønske nr. 2." in told
    assert MOVED.format(names="#2 Ønske nr. 2") in told
    assert await room.votes() == {"Tønder": {"1"}, "Bornholm": {"2"}}
    assert "Din stemme: #2 Ønske nr. 2" in await said(room, "bo", "status 1")
    told = await said(room, "bo", "kvittering 1")
    assert "Det tæller for Bornholm" in told
    assert "Dit svar for Tønder, som står: " in told
    assert "erstattet" not in told
    pass_minutes(room, 1)
    await room.say("bo", "stem 1 blank")
    assert await room.votes() == {"Tønder": {"1"}, "Bornholm": {"3"}}
    await room.close()
    assert "2 af 3 kommuner har stemt." in await room.result()
    assert recount(await room.entries())[0].matches


async def test_what_was_clicked_for_one_municipality_is_no_answer_for_the_next(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one")
    await room.react("bo", "two")
    await move_to_bornholm(room)
    pass_minutes(room, 1)
    await room.react("bo", "two", on=False)
    assert await room.votes() == {"Tønder": {"1", "2"}}
    await room.read(("bo", "one"))
    await room.react("bo", "three")
    assert await room.votes() == {"Tønder": {"1", "2"}, "Bornholm": {"1", "3"}}
    assert await room.whispers("bo") == [MOVED.format(names="#1 Ønske nr. 1 og #3 Ønske nr. 3")]
    await room.react("bo", "one", on=False)
    await room.react("bo", "three", on=False)
    assert await room.votes() == {"Tønder": {"1", "2"}}
    await claim(room, "bo", "Tønder", confirmed=True)
    pass_minutes(room, 1)
    await room.react("bo", "two")
    assert await room.votes() == {"Tønder": {"2"}}


async def test_nobody_answers_for_another_municipality_before_that_is_confirmed(room: PollRoom) -> None:
    await room.open()
    await room.say("bo", "stem 1 1")
    await claim(room, "bo", "Bornholm", confirmed=False)
    assert "tæller med, så snart det er bekræftet, at du repræsenterer Bornholm" in await said(room, "bo", "stem 1 2")
    assert await room.votes() == {"Tønder": {"1"}}
    await confirm(room)
    assert await room.votes() == {"Tønder": {"1"}, "Bornholm": {"2"}}


@pytest.mark.parametrize("visibility", ["open", "secret"])
async def test_the_leader_hears_of_a_municipality_that_nobody_speaks_for_any_more(
    room: PollRoom, visibility: str
) -> None:
    await room.open(visibility=visibility)
    await group(room, "dan", "forlad")
    assert await room.notices("poll:1/no_voice:Favrskov") == {}, "Anna still speaks for it"
    await group(room, "bo", "stedfortræder @hans")
    await group(room, "bo", "forlad")
    (told,) = (await room.notices("poll:1/no_voice:Tønder")).items()
    assert told[0] == "person-anna"
    assert told[1].startswith("Ingen taler længere for Tønder, som ikke har svaret i ")
    assert ("/afstemning modtaget 1" in told[1]) is (visibility == "open")
    await room.close()
    assert await room.notices("poll:1/no_voice:Tønder") == {}


async def test_of_a_municipality_that_has_answered_there_is_nothing_to_hear(room: PollRoom) -> None:
    await room.open()
    await room.say("bo", "stem 1 2")
    await group(room, "bo", "forlad")
    assert await room.notices("poll:1/no_voice:Tønder") == {}


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
