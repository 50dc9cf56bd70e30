"""The morning's bundle: one message per channel, one per person, whatever waits and whoever sends it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.office import Given
from bot.outbox import Outbox
from bot.runtime import Runtime
from handlers.chat.messages import Actions, Button, Message, from_data, plain_text
from handlers.chat.replies import Notice, Topic
from storage.enums import Role
from storage.models.exchange import NoticeRow, OutboxRow
from storage.models.members import Group, Membership, Person, Setting
from storage.queries import members
from storage.session import Storage
from tests.conftest import ZONE, make_runtime
from tests.groups import FOUNDED, make_group
from tests.roof.twin import TwinPlatform

WEDNESDAY = dt.datetime(2026, 9, 2, 9, tzinfo=ZONE)


@pytest.fixture
async def world(storage: Storage, clock: MovableClock) -> AsyncIterator[Runtime]:
    """The test group and a second one, neither owing any meeting; it is Tuesday, after the bundle."""
    await make_group(storage, platform="local", workspace="local", channel="first")
    async with storage.write() as session:
        session.add(
            Group(
                short_name="os2andet",
                product="OS2andet",
                platform="local",
                workspace="local",
                channel="second",
                locale="en",
                founded_at=FOUNDED,
                created_at=FOUNDED,
            )
        )
        await session.flush()
        for group_id in (1, 2):
            session.add(Setting(group_id=group_id, name="minimum", value="0", at=FOUNDED, by=""))
    yield make_runtime(storage, clock)


async def put(
    world: Runtime,
    text: str,
    *,
    to: str = "",
    about: str = "",
    topic: Topic = "status",
    group_id: int = 1,
    button: str = "",
    before: dt.datetime | None = None,
) -> None:
    """A room says something that nobody asked for."""
    async with world.storage.write() as session:
        group = await members.get_group(session, group_id)
        person = await members.get_person(session, "person-anna")
        outbox = Outbox(session, group=group, person=person, now=world.clock.now(), new_id=world.app.new_id)
        buttons = (Button(button, "round.open"),) if button else ()
        await outbox.put(Notice(text, about or text, topic, f"person-{to}" if to else "", buttons, before))


async def run_at(world: Runtime, moment: dt.datetime) -> None:
    assert isinstance(world.clock, MovableClock)
    world.clock.move_to(moment)
    await world.timetable.run_due()


async def sent(world: Runtime) -> list[tuple[str, str]]:
    """(channel or person, text) of everything that has been promised, in order."""
    async with world.storage.read() as session:
        rows = list(await session.scalars(select(OutboxRow).order_by(OutboxRow.id)))
    return [(row.target.get("channel") or row.target["user"], plain_text(from_data(row.body))) for row in rows]


async def test_everything_that_waits_is_one_message_with_a_heading_for_each_topic(world: Runtime) -> None:
    await put(world, "#1 er nu klar", topic="status")
    await put(world, "I er ét møde bagud", topic="meetings")
    await put(world, "#2 er nu klar", topic="status")
    await run_at(world, WEDNESDAY)
    heading = "Godmorgen! Her er nyt siden sidst."
    assert await sent(world) == [
        ("first", f"{heading}\nMøder\n• I er ét møde bagud\nØnsker\n• #1 er nu klar\n• #2 er nu klar")
    ]
    await run_at(world, WEDNESDAY + dt.timedelta(days=1))
    assert len(await sent(world)) == 1


async def test_a_person_in_two_groups_gets_one_message(world: Runtime) -> None:
    await put(world, "fra den ene", to="bo")
    await put(world, "fra den anden", to="bo", group_id=2)
    await put(world, "til Carla", to="carla", group_id=2)
    await put(world, "to everybody", group_id=2)
    await run_at(world, WEDNESDAY)
    by_reader = dict(await sent(world))
    assert len(await sent(world)) == len(by_reader) == 3
    assert by_reader["bo"].splitlines()[1:] == [
        "OS2test",
        "Ønsker",
        "• fra den ene",
        "OS2andet",
        "Ønsker",
        "• fra den anden",
    ]
    assert by_reader["carla"].splitlines()[1:] == ["Ønsker", "• til Carla"]
    assert by_reader["second"].startswith("Good morning!")


async def test_a_button_stands_below_its_line_where_the_bundle_is_of_its_own_group(world: Runtime) -> None:
    """A button is sealed for one group, and a person's bundle is sent by one of theirs."""
    await put(world, "fra den ene", to="bo", about="round", button="Gammel")
    await put(world, "fra den ene igen", to="bo", about="round", button="Åbn")
    await put(world, "fra den anden", to="bo", group_id=2, button="Open")
    await put(world, "to one", to="carla", group_id=2, button="Open")
    await run_at(world, WEDNESDAY)
    async with world.storage.read() as session:
        rows = list(await session.scalars(select(OutboxRow).order_by(OutboxRow.id)))
    assert {row.target["user"]: labels(from_data(row.body)) for row in rows} == {"bo": ["Åbn"], "carla": ["Open"]}


def labels(shown: Message) -> list[str]:
    return [one.label for block in shown.blocks if isinstance(block, Actions) for one in block.items]


async def test_two_programs_at_once_send_it_once(world: Runtime) -> None:
    for group_id in (1, 2):
        await put(world, f"a{group_id}", group_id=group_id)
        for person in ("bo", "carla", "dan"):
            await put(world, f"b{group_id}", to=person, group_id=group_id)
    assert isinstance(world.clock, MovableClock)
    world.clock.move_to(WEDNESDAY)
    twin = Runtime(world.storage, Given(world.clock, lambda: f"t{world.app.new_id()}", ZONE, "da"), ("k",))
    await asyncio.gather(world.timetable.run_due(), twin.timetable.run_due())
    assert sorted(to for to, _ in await sent(world)) == ["bo", "carla", "dan", "first", "second"]
    async with world.storage.read() as session:
        assert not list(await session.scalars(select(NoticeRow).where(NoticeRow.bundled_at.is_(None))))


async def test_who_asks_for_it_second_waits_for_the_next_day(world: Runtime) -> None:
    """A bot that was down meets a person's lines group by group: still one message a day."""
    await put(world, "fra den ene", to="bo")
    await run_at(world, WEDNESDAY)
    async with world.storage.write() as session:
        session.add(
            NoticeRow(
                group_id=2,
                person_id="person-bo",
                about="x",
                topic="status",
                text="fra den anden",
                created_at=WEDNESDAY - dt.timedelta(hours=1),
            )
        )
    await run_at(world, WEDNESDAY + dt.timedelta(hours=2))
    assert len(await sent(world)) == 1
    await run_at(world, WEDNESDAY + dt.timedelta(days=1))
    assert "fra den anden" in (await sent(world))[-1][1]


@pytest.mark.parametrize(
    ("now", "sends"),
    [
        ("2026-09-01T15:00", False),
        ("2026-09-02T08:59", False),
        ("2026-09-02T09:00", True),
        ("2026-09-02T11:30", True),
        ("2026-09-02T16:00", False),
        ("2026-09-05T09:00", False),
        ("2026-09-06T12:00", False),
        ("2026-12-24T09:00", False),
        ("2027-05-06T09:00", False),
        ("2027-07-12T09:00", False),
        ("2027-08-02T09:00", True),
    ],
)
async def test_when_a_bundle_is_sent(world: Runtime, now: str, sends: bool) -> None:
    await put(world, "til Bo", to="bo")
    await put(world, "til alle")
    assert isinstance(world.clock, MovableClock)
    world.clock.move_to(dt.datetime.fromisoformat(now).replace(tzinfo=ZONE))
    bundles = next(timer for timer in world.app.timers if timer.kind == "bundle")
    async with world.storage.read() as session:
        due = await bundles.due(session, world.clock.now())
    for one in due:
        await world.app.run_due(bundles, one)
    assert len(await sent(world)) == (2 if sends else 0)


async def test_what_another_timer_says_when_it_is_nine_goes_with_the_same_bundle(world: Runtime) -> None:
    """Nothing happens at nine sharp but in a test: the first timer of the moment runs a little after it."""
    assert isinstance(world.clock, MovableClock)
    world.clock.move_to(WEDNESDAY + dt.timedelta(seconds=2))
    await put(world, "en ny runde", to="bo")
    await put(world, "til alle")
    await run_at(world, WEDNESDAY + dt.timedelta(seconds=3))
    assert sorted(to for to, _ in await sent(world)) == ["bo", "first"]
    await put(world, "siden", to="bo")
    await run_at(world, WEDNESDAY + dt.timedelta(seconds=30))
    assert len(await sent(world)) == 2


async def test_what_comes_after_the_bundle_waits_for_the_next_one(world: Runtime) -> None:
    await put(world, "først", to="bo")
    await run_at(world, WEDNESDAY)
    await put(world, "siden", to="bo")
    await run_at(world, WEDNESDAY + dt.timedelta(hours=3))
    assert len(await sent(world)) == 1
    await run_at(world, WEDNESDAY + dt.timedelta(days=1))
    assert "siden" in (await sent(world))[-1][1]


async def test_a_later_line_about_the_same_takes_the_place_of_the_earlier(world: Runtime) -> None:
    await put(world, "#1 er i screening", to="bo", about="wish:1/status")
    await put(world, "#1 er klar", to="bo", about="wish:1/status")
    await run_at(world, WEDNESDAY)
    text = (await sent(world))[0][1]
    assert "#1 er klar" in text
    assert "screening" not in text


async def test_a_channel_that_the_bot_is_let_into_after_weeks_gets_one_bundle(world: Runtime) -> None:
    """With what was said of a thing last, and nothing that is older than a month."""
    channel = TwinPlatform(name="local")
    channel.workspace = "local"
    world.platforms.add(channel)
    channel.shut("first")
    for number in (0, 1, 14, 33, 34):
        day = WEDNESDAY + dt.timedelta(days=number)
        world.clock.move_to(day - dt.timedelta(hours=2))  # type: ignore[attr-defined] # it is a movable one
        await put(world, f"#{number} er nu klar")
        await put(world, f"I er {number} møder bagud", about="pace", topic="meetings")
        await run_at(world, day)
        await world.settle()
    assert channel.texts("first") == []
    channel.open("first")
    await world.delivery.try_parked("local")
    await world.settle()
    [said] = channel.texts("first")
    assert [line for line in said.splitlines() if "møder" in line] == ["• I er 34 møder bagud"]
    told = [line for line in said.splitlines() if "klar" in line]
    assert told == ["• #14 er nu klar", "• #33 er nu klar", "• #34 er nu klar"]
    await put(world, "#50 er nu klar")
    await run_at(world, WEDNESDAY + dt.timedelta(days=35))
    await world.settle()
    assert [line for line in channel.texts("first")[1].splitlines() if "•" in line] == ["• #50 er nu klar"]


async def test_what_can_be_acted_on_only_until_before_the_bundle_is_said_at_once(world: Runtime) -> None:
    noon = world.clock.now() + dt.timedelta(hours=2)
    await put(world, "Hans har stemt for dig: #1", to="bo", about="vote", before=noon)
    await put(world, "Hans har stemt for dig: #1 og #2", to="bo", about="vote", before=noon)
    await put(world, "Dan har stemt", to="anna", about="vote", before=WEDNESDAY + dt.timedelta(minutes=1))
    await put(world, "Noget til alle", about="all", before=noon)
    assert await sent(world) == [("bo", "Hans har stemt for dig: #1 og #2")]
    await run_at(world, WEDNESDAY)
    assert {place for place, _ in (await sent(world))[1:]} == {"anna", "first"}
    await put(world, "Hans har stemt for dig: #3", to="bo", about="vote", before=WEDNESDAY + dt.timedelta(hours=2))
    assert (await sent(world))[-1] == ("bo", "Hans har stemt for dig: #3")


async def test_who_is_in_two_groups_sees_of_which_it_is_said(world: Runtime) -> None:
    async with world.storage.write() as session:
        session.add(Membership(group_id=2, person_id="person-bo", role=Role.GUEST, since=FOUNDED))
    await put(world, "Hans har stemt for dig", to="bo", before=world.clock.now() + dt.timedelta(hours=2))
    assert await sent(world) == [("bo", "OS2test\nHans har stemt for dig")]


async def test_who_has_muted_the_bot_gets_nothing_then_or_later(world: Runtime) -> None:
    await put(world, "før", to="bo")
    async with world.storage.write() as session:
        (await members.get_person(session, "person-bo")).muted = True
    await put(world, "efter", to="bo")
    await run_at(world, WEDNESDAY)
    async with world.storage.write() as session:
        (await members.get_person(session, "person-bo")).muted = False
    await run_at(world, WEDNESDAY + dt.timedelta(days=1))
    assert await sent(world) == []


async def test_headings_are_in_the_readers_language(world: Runtime) -> None:
    async with world.storage.write() as session:
        bo: Person = await members.get_person(session, "person-bo")
        bo.locale = "en"
    await put(world, "#1 is ready", to="bo")
    await run_at(world, WEDNESDAY)
    assert (await sent(world))[0][1] == "Good morning! Here is what is new.\nWishes\n• #1 is ready"
