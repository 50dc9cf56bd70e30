"""Clicks in any order, twice, at once, before the bot saw the message: one right result, the same as the chat's own."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import random

from bot.port import PlatformError
from handlers.chat.messages import NUMBERED, plain_text
from handlers.decisions.chain import first_break
from handlers.results.allowed import list_breaches
from handlers.results.recount import recount
from storage.enums import Role, UnitKind
from storage.models.members import Membership, Unit
from storage.queries import members
from tests.conftest import START
from tests.polls.rooms import DEADLINE, PollRoom

VOTERS = {"anna": "Favrskov", "dan": "Favrskov", "bo": "Tønder", "carla": "Bornholm"}


@dataclasses.dataclass(frozen=True)
class Event:
    user: str
    emoji: str
    on: bool
    at: dt.datetime
    mark: str


def story(chance: random.Random, count: int) -> list[Event]:
    """So many clicks as they happened: each changes one emoji of one person."""
    there: set[tuple[str, str]] = set()
    events = []
    for number in range(count):
        one = (chance.choice(list(VOTERS)), chance.choice(NUMBERED))
        there ^= {one}
        at = START + dt.timedelta(seconds=number)
        events.append(Event(*one, on=one in there, at=at, mark=f"{number:06d}"))
    return events


def told_by_the_chat(events: list[Event]) -> dict[str, set[str]]:
    """The chat's own list after all of it."""
    there: dict[str, set[str]] = {user: set() for user in VOTERS}
    for event in events:
        (there[event.user].add if event.on else there[event.user].discard)(event.emoji)
    return there


def votes_by_hand(events: list[Event]) -> dict[str, set[str]]:
    """Municipality → wish numbers: the colleague's ballot whose last click came last, unless it is empty."""
    there = told_by_the_chat(events)
    latest: dict[str, Event] = {}
    for event in events:
        if there[event.user]:
            latest[VOTERS[event.user]] = event
    return {unit: {str(NUMBERED.index(emoji) + 1) for emoji in there[event.user]} for unit, event in latest.items()}


async def test_a_thousand_shuffled_and_repeated_clicks_end_in_the_chats_own_set(room: PollRoom) -> None:
    chance = random.Random(20260901)
    await room.open(10)
    events = story(chance, 700)
    arriving = [*events, *chance.choices(events, k=300)]
    chance.shuffle(arriving)
    room.clock.move_to(START + dt.timedelta(hours=1))
    for event in arriving:
        await room.react(event.user, event.emoji, on=event.on, mark=event.mark, at=event.at)
    assert {user: await room.emojis(user) for user in VOTERS} == told_by_the_chat(events)
    assert await room.votes() == votes_by_hand(events)
    assert first_break(await room.entries()) is None
    await room.close()
    assert [one.matches for one in recount(await room.entries())] == [True]


async def test_clicks_at_the_same_instant_all_count(room: PollRoom) -> None:
    await room.open(10)
    clicks = [(user, emoji) for user in VOTERS for emoji in NUMBERED[:5]]
    await asyncio.gather(*(room.react(user, emoji) for user, emoji in clicks))
    everything = {"1", "2", "3", "4", "5"}
    assert await room.votes() == {"Favrskov": everything, "Tønder": everything, "Bornholm": everything}
    assert first_break(await room.entries()) is None


async def test_two_representatives_at_the_same_instant_are_one_vote(room: PollRoom) -> None:
    await room.open()
    await asyncio.gather(room.react("anna", "one"), room.react("dan", "two"))
    assert await room.votes() in ({"Favrskov": {"1"}}, {"Favrskov": {"2"}})
    told = [*await room.whispers("anna"), *await room.whispers("dan")]
    assert len([line for line in told if "det seneste svar gælder: nu dit" in line]) == 1


async def test_clicks_before_the_bot_knew_its_own_message(room: PollRoom) -> None:
    await room.open(sent=False)
    await room.react("bo", "one")
    assert await room.votes() == {}
    await room.deliver()
    await room.read(("bo", "one"), ("hans", "one"))
    assert await room.votes() == {"Tønder": {"1"}}


async def test_a_removal_without_an_event_is_believed_at_the_second_read(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one")
    await room.react("bo", "two")
    await room.read(("bo", "one"))
    assert await room.votes() == {"Tønder": {"1", "2"}}
    await room.read(("bo", "one"))
    assert await room.votes() == {"Tønder": {"1"}}


async def test_seeds_and_bots_never_count(room: PollRoom) -> None:
    await room.open()
    await room.react("oenskebot", "one", bot=True)
    assert await room.votes() == {}
    assert not [entry for entry in await room.entries() if entry.kind == "ballot.cast"]


async def test_a_click_at_the_deadline_counts_and_one_after_it_does_not(room: PollRoom) -> None:
    await room.open()
    second = dt.timedelta(seconds=1)
    room.clock.move_to(DEADLINE + 3 * second)
    await room.react("bo", "one", at=DEADLINE)
    await room.react("carla", "one", at=DEADLINE + second)
    await room.react("carla", "two", at=DEADLINE + 2 * second)
    assert await room.votes() == {"Tønder": {"1"}}
    assert [line for line in await room.whispers("carla") if "Fristen for afstemning 1 var" in line] != []
    assert len(await room.whispers("carla")) == 1


async def test_what_is_changed_between_deadline_and_count_is_as_if_it_had_not_been(room: PollRoom) -> None:
    await room.open()
    second = dt.timedelta(seconds=1)
    await room.react("bo", "one", at=room.clock.now())
    room.clock.move_to(DEADLINE + 3 * second)
    await room.react("bo", "one", on=False, at=DEADLINE + second)
    await room.react("bo", "two", at=DEADLINE + 2 * second)
    await room.react("bo", "three", at=DEADLINE - second)
    assert await room.votes() == {"Tønder": {"1", "3"}}
    await room.read(("bo", "two"), ("bo", "three"))
    await room.close(DEADLINE + 4 * second)
    assert await room.votes() == {"Tønder": {"1", "3"}}


async def test_clicks_back_and_forth_after_the_deadline_leave_the_vote_as_it_was(room: PollRoom) -> None:
    await room.open()
    second = dt.timedelta(seconds=1)
    await room.react("bo", "one", at=START, mark="1")
    room.clock.move_to(DEADLINE + 9 * second)
    for late, on in enumerate((False, True, False, True), 1):
        await room.react("bo", "one", on=on, at=DEADLINE + late * second, mark=f"2.{late}")
        await room.react("carla", "two", on=not on, at=DEADLINE + late * second, mark=f"2.{late}")
        assert await room.votes() == {"Tønder": {"1"}}
    await room.read(("bo", "one"))
    await room.read(("bo", "one"))
    await room.close(DEADLINE + 10 * second)
    assert await room.votes() == {"Tønder": {"1"}}
    assert "1 af 3 kommuner har stemt." in await room.result()
    assert [one.matches for one in recount(await room.entries())] == [True]


async def test_an_answer_in_words_is_replaced_in_whatever_order_the_chat_tells(room: PollRoom) -> None:
    """They have clicked, answer in words, and click back and forth, the last times when the time is up."""
    await room.open()
    orders = {"bo": (1, 0, 3, 2), "carla": (3, 2, 1, 0), "anna": (2, 3, 1, 0)}
    for user in orders:
        await room.react(user, "two", at=START, mark="0")
    room.clock.move_to(START + dt.timedelta(minutes=1))
    for user in orders:
        await room.say(user, "stem 1 3")
    room.clock.move_to(DEADLINE + dt.timedelta(seconds=9))
    minute, late = START + dt.timedelta(minutes=2), DEADLINE + dt.timedelta(seconds=2)
    told = [(True, minute), (False, minute), (True, late), (False, late)]
    for user, order in orders.items():
        for place in (*order, *order):
            on, at = told[place]
            at += dt.timedelta(seconds=place)
            await room.react(user, "one", on=on, at=at, mark=f"{place + 1}", counted=user != "carla")
        assert await room.emojis(user) == {"two"}
    await room.runtime.app.counting.count_all()
    assert await room.votes() == {"Tønder": {"2"}, "Bornholm": {"2"}, "Favrskov": {"2"}}


async def test_between_deadline_and_count_the_poll_says_that_it_is_being_counted(room: PollRoom) -> None:
    await room.open()
    room.clock.move_to(DEADLINE + dt.timedelta(seconds=1))
    for words in ("stem 1 2", "tilføj 1 2", "forlæng 1"):
        (told,) = (await room.say("anna", words)).whispers
        assert "stemmerne tælles op lige nu" in plain_text(told)
    (told,) = (await room.say("bo", "liste")).whispers
    assert "fristen er gået, der tælles op" in plain_text(told)
    assert await room.votes() == {}


async def test_a_late_click_that_the_chat_still_lists_is_not_read_into_the_count(room: PollRoom) -> None:
    await room.open()
    room.clock.move_to(DEADLINE + dt.timedelta(seconds=2))
    await room.react("carla", "one", at=DEADLINE + dt.timedelta(seconds=1))
    await room.read(("carla", "one"))
    assert await room.votes() == {}


async def test_closing_twice_and_at_once_publishes_one_result(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one")
    asked = await room.say("anna", "luk 1")
    token = asked.whispers[0].blocks[-1].items[0].token  # type: ignore[union-attr]
    room.clock.move_to(DEADLINE)
    await asyncio.gather(room.press("anna", token), room.close(), room.close(), room.press("anna", token))
    assert [entry.kind for entry in await room.entries()].count("poll.closed") == 1


async def test_an_earlier_click_that_arrives_late_does_not_replace_an_answer_in_words(room: PollRoom) -> None:
    await room.open()
    room.clock.move_to(START + dt.timedelta(minutes=5))
    await room.say("bo", "stem 1 3")
    await room.react("bo", "one", at=START + dt.timedelta(minutes=4))
    assert await room.votes() == {"Tønder": {"3"}}
    room.clock.move_to(START + dt.timedelta(minutes=7))
    await room.react("bo", "two", at=START + dt.timedelta(minutes=6))
    assert await room.votes() == {"Tønder": {"1", "2"}}


async def test_whoever_leaves_has_voted(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one")
    async with room.storage.write() as session:
        for held in await members.list_memberships_of(session, room.group_id, "person-bo"):
            held.ended_at = room.clock.now()
    assert await room.votes() == {"Tønder": {"1"}}
    await room.close()
    assert "1 af 3 kommuner har stemt." in await room.result()


async def test_a_municipality_that_joins_later_is_told_that_it_does_not_vote(room: PollRoom) -> None:
    await room.open()
    async with room.storage.write() as session:
        unit = Unit(group_id=room.group_id, kind=UnitKind.MUNICIPALITY, code="101", name="København", joined_at=START)
        session.add(unit)
        await session.flush()
        held = Membership(
            group_id=room.group_id, person_id="person-hans", role=Role.REPRESENTATIVE, unit_id=unit.id, since=START
        )
        held.confirmed_at = START
        session.add(held)
    await room.react("hans", "one")
    assert await room.votes() == {}
    assert ["København kom først med" in line for line in await room.whispers("hans")] == [True]


async def test_a_message_that_can_no_longer_be_read_removes_no_ballot_and_the_leader_is_told(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one")
    await room.close(unreadable=(room.key(),))
    assert "1 af 3 kommuner har stemt." in await room.result()
    told = await room.notices("poll:1/unreadable")
    assert list(told) == ["person-anna"]
    assert "Jeg kunne ikke læse alle beskeder i afstemning 1" in told["person-anna"]


async def test_a_count_long_after_the_deadline_says_so(room: PollRoom) -> None:
    await room.open()
    room.clock.move_to(DEADLINE + dt.timedelta(hours=30))
    await room.read(("bo", "one"))
    await room.close(room.clock.now())
    assert "1 af 3 kommuner har stemt." in await room.result()
    assert "Der blev først talt op onsdag 9. september 2026 kl.\u00a018.00." in await room.result()


async def test_what_the_chat_tells_of_after_the_deadline_is_dated_as_what_it_is_counted_as(room: PollRoom) -> None:
    """Nobody knows when the emoji was put on; it is counted as in time, and the log says no other moment."""
    await room.open()
    await room.react("bo", "two")
    room.clock.move_to(DEADLINE + dt.timedelta(hours=30))
    for _ in range(2):  # what is missing is believed at the second look
        await room.read(("carla", "one"))
    await room.close(room.clock.now())
    entries = await room.entries()
    given = [one.facts["at"] for one in entries if one.kind == "ballot.cast"]
    assert given == [START.isoformat(), DEADLINE.isoformat(), DEADLINE.isoformat()]
    assert list_breaches(entries) == []
    assert "1 af 3 kommuner har stemt." in await room.result()


async def test_the_leaders_count_reads_the_chat_first(room: PollRoom) -> None:
    await room.open()
    chat = room.join_chat()
    chat.listed["m1"] = [("carla", "two")]
    await room.press_close()
    assert "1 af 3 kommuner har stemt." in await room.result()
    assert await room.votes() == {"Bornholm": {"2"}}


async def test_from_the_leaders_press_on_nothing_more_counts(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one", at=START)
    told = await room.press_close(waits=False)
    assert [plain_text(one) for one in told.whispers] == [
        "Afstemning 1 tager ikke imod flere svar. Jeg tæller op; resultatet kommer om lidt."
    ]
    room.clock.move_to(START + dt.timedelta(seconds=2))
    await room.react("bo", "one", on=False, at=START + dt.timedelta(seconds=1))
    await room.react("carla", "two", at=START + dt.timedelta(seconds=1))
    (told_late,) = (await room.say("carla", "stem 1 2")).whispers
    assert "stemmerne tælles op lige nu" in plain_text(told_late)
    assert "lukket, der tælles op" in plain_text((await room.say("carla", "liste")).whispers[0])
    await room.runtime.alarm.answer()
    assert await room.votes() == {"Tønder": {"1"}}
    assert "1 af 3 kommuner har stemt." in await room.result()
    assert ["Afstemning 1 er lukket" in line for line in await room.whispers("carla")] == [True]


async def test_a_kill_between_the_leaders_press_and_the_count_loses_nothing(room: PollRoom) -> None:
    await room.open()
    await room.react("bo", "one")
    await room.press_close(waits=False)
    room.start()
    await room.runtime.timetable.run_due()
    (closed,) = [entry for entry in await room.entries() if entry.kind == "poll.closed"]
    assert closed.person == "person-anna", "it was she who closed it"
    assert "1 af 3 kommuner har stemt." in await room.result()
    assert [one.matches for one in recount(await room.entries())] == [True]


async def test_a_poll_without_emojis_is_closed_at_once(room: PollRoom) -> None:
    await room.open(visibility="hidden")
    await room.press_close(waits=False)
    assert "0 af 3 kommuner har stemt." in await room.result()


async def test_a_vote_that_was_taken_back_unseen_is_not_in_the_leaders_count(room: PollRoom) -> None:
    await room.open()
    chat = room.join_chat()
    await room.react("bo", "one")
    await room.react("carla", "one")
    chat.listed["m1"] = [("carla", "one")]
    await room.press_close()
    assert "1 af 3 kommuner har stemt." in await room.result()
    assert await room.votes() == {"Bornholm": {"1"}}


async def test_a_click_after_the_deadline_is_known_by_its_event_although_the_list_came_first(room: PollRoom) -> None:
    await room.open()
    chat = room.join_chat()
    await room.react("carla", "one", at=START)
    chat.listed["m1"] = [("bo", "one")]
    late = DEADLINE + dt.timedelta(seconds=1)
    room.slept = [
        lambda: room.react("bo", "one", at=late, counted=False),
        lambda: room.react("carla", "one", on=False, at=late, counted=False),
    ]
    room.clock.move_to(DEADLINE + dt.timedelta(seconds=2))
    await room.runtime.timetable.run_due()
    assert await room.votes() == {"Bornholm": {"1"}}
    assert "1 af 3 kommuner har stemt." in await room.result()


async def test_a_chat_that_can_not_be_read_for_a_moment_is_read_once_more_before_the_count(room: PollRoom) -> None:
    await room.open()
    chat = room.join_chat()
    chat.listed["m1"] = [("bo", "one")]
    chat.unreadable = [PlatformError("down")]
    room.clock.move_to(DEADLINE)
    await room.runtime.timetable.run_due()
    assert "1 af 3 kommuner har stemt." in await room.result()
    assert await room.notices("poll:1/unreadable") == {}


async def test_what_was_taken_back_unseen_is_out_of_the_tally_a_moment_after_the_first_look(room: PollRoom) -> None:
    await room.open()
    chat = room.join_chat()
    await room.react("bo", "one")
    chat.listed["m1"] = []
    await room.runtime.reconcile()
    assert await room.votes() == {"Tønder": {"1"}}
    looking = asyncio.create_task(room.runtime.ballots.run())
    await _until(room, {})
    looking.cancel()


async def test_a_chat_that_stays_away_is_asked_less_and_less_often(room: PollRoom) -> None:
    await room.open()
    chat = room.join_chat()
    chat.unreadable = [PlatformError("down")] * 4
    chat.listed["m1"] = [("bo", "one")]
    await room.runtime.reconcile()
    looking = asyncio.create_task(room.runtime.ballots.run())
    await _until(room, {"Tønder": {"1"}})
    looking.cancel()
    assert room.waits[:4] == [3, 6, 12, 24]


async def test_for_a_reminder_that_was_given_the_chat_is_not_read_again(room: PollRoom) -> None:
    await room.open()
    chat = room.join_chat()
    chat.listed["m1"] = []
    room.clock.move_to(DEADLINE - dt.timedelta(hours=20))
    for _ in range(10):
        await room.runtime.timetable.run_due()
    assert chat.read == 1


async def _until(room: PollRoom, votes: dict[str, set[str]]) -> None:
    for _ in range(1000):
        if await room.votes() == votes:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")
