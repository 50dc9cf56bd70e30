"""Delivery: in order, once, tried again, and never lost without a word."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Collection

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from bot import delivery, settling
from bot.clock import MovableClock
from bot.delivery import LEASE
from bot.outbox import Outbox
from bot.port import PlatformError
from bot.runtime import KEPT, Runtime
from bot.settling import MOST_TRIES
from handlers.chat.messages import Text, message
from handlers.chat.replies import Attach, DirectMessage, Post, Reply, Seed, Update
from storage.enums import OutboxState, Trouble
from storage.models.exchange import NoticeRow, OutboxRow
from storage.queries import exchange, members, outbox
from storage.session import Storage
from tests.conftest import make_runtime
from tests.groups import make_group
from tests.roof.twin import TwinPlatform

CHANNEL = "c1"


class World:
    """A bot with a chat in memory and one group."""

    def __init__(self, runtime: Runtime, platform: TwinPlatform, clock: MovableClock, group_id: int) -> None:
        self.runtime = runtime
        self.platform = platform
        self.clock = clock
        self.group_id = group_id

    async def put(self, *replies: Reply) -> None:
        async with self.runtime.storage.write() as session:
            group = await members.get_group(session, self.group_id)
            person = await members.get_person(session, "person-anna")
            outbox = Outbox(session, group=group, person=person, now=self.clock.now(), new_id=self.runtime.app.new_id)
            for reply in replies:
                await outbox.put(reply)  # type: ignore[arg-type] # the tests only put what is sent
                await session.flush()

    async def drain(self, seconds: float = 0) -> None:
        self.clock.move_to(self.clock.now() + dt.timedelta(seconds=seconds))
        await self.runtime.delivery.drain()

    async def told(self) -> list[str]:
        """The lines that wait for the leader's next bundle."""
        async with self.runtime.storage.read() as session:
            return list(await session.scalars(select(NoticeRow.text).order_by(NoticeRow.id)))

    async def rows(self, state: OutboxState) -> list[str]:
        async with self.runtime.storage.read() as session:
            found = await session.scalars(
                OutboxRow.__table__.select()
                .with_only_columns(OutboxRow.kind)
                .where(OutboxRow.state == state)
                .order_by(OutboxRow.id)
            )
            return list(found)


@pytest.fixture
async def world(storage: Storage, clock: MovableClock) -> AsyncIterator[World]:
    group_id = await make_group(storage, platform="twin", workspace="w", channel=CHANNEL)
    runtime = make_runtime(storage, clock)
    platform = TwinPlatform()
    runtime.platforms.add(platform)
    yield World(runtime, platform, clock, group_id)


def post(text: str, key: str = "", **more: object) -> Post:
    return Post(key or f"k:{text}", CHANNEL, message(Text(text)), **more)  # type: ignore[arg-type]


async def test_messages_of_a_channel_arrive_in_order(world: World) -> None:
    await world.put(*(post(f"{number}") for number in range(30)))
    await world.drain()
    assert world.platform.texts(CHANNEL) == [f"{number}" for number in range(30)]


async def test_what_failed_is_tried_again_and_what_follows_waits_for_it(world: World) -> None:
    world.platform.failures = [PlatformError("down"), PlatformError("down")]
    await world.put(post("first"), post("second"))
    await world.drain()
    assert world.platform.texts(CHANNEL) == []
    await world.drain(1)
    assert world.platform.texts(CHANNEL) == []
    await world.drain(2)
    assert world.platform.texts(CHANNEL) == ["first", "second"]


async def test_the_chat_says_when_to_try_again(world: World) -> None:
    world.platform.failures = [PlatformError("rate limited", retry_after=30)]
    await world.put(post("first"))
    await world.drain()
    await world.drain(29)
    assert world.platform.texts(CHANNEL) == []
    await world.drain(1)
    assert world.platform.texts(CHANNEL) == ["first"]


async def test_other_lanes_do_not_wait(world: World) -> None:
    world.platform.failures = [PlatformError("down")]
    await world.put(post("first"))
    await world.drain()
    await world.put(DirectMessage("person-bo", message(Text("hej"))))
    await world.drain()
    assert world.platform.texts("@bo") == ["hej"]


async def test_a_post_whose_answer_was_lost_is_not_posted_twice(world: World) -> None:
    world.platform.lost_answers = [PlatformError("no answer", arrived=True)]
    await world.put(post("first", key="a"))
    await world.drain()
    await world.put(Update("a", message(Text("newer"))))
    await world.drain(5)
    assert world.platform.texts(CHANNEL) == ["newer"]


async def test_a_process_that_died_while_sending_leaves_its_row_to_another(world: World) -> None:
    await world.put(post("first"))
    async with world.runtime.storage.write() as session:
        row = await session.get_one(OutboxRow, 1)
        row.lease_until, row.attempts = world.clock.now() + LEASE, 1
    await world.platform.post(CHANNEL, message(Text("first")), mark=row.mark)
    await world.drain(LEASE.total_seconds() - 1)
    assert await world.rows(OutboxState.PENDING) == ["post"]
    await world.drain(1)
    assert world.platform.texts(CHANNEL) == ["first"]
    assert await world.rows(OutboxState.SENT) == ["post"]


async def test_an_update_takes_the_place_of_a_post_that_has_not_been_sent(world: World) -> None:
    await world.put(post("old", key="a"), Update("a", message(Text("new"))))
    await world.drain()
    assert world.platform.texts(CHANNEL) == ["new"]
    assert world.platform.sent[0].updates == 0


async def test_a_seed_waits_for_its_message(world: World) -> None:
    world.platform.failures = [PlatformError("down")]
    await world.put(post("poll", key="p"), Seed("p", ("one", "two")))
    await world.drain()
    await world.drain(5)
    await world.drain(5)
    assert world.platform.sent[0].emojis == ["one", "two"]


async def test_what_can_never_be_sent_is_parked_with_all_that_belongs_to_it_and_the_leader_is_told(
    world: World,
) -> None:
    world.platform.failures = [PlatformError("msg_too_long", permanent=True)]
    await world.put(post("poll", key="p"), Seed("p", ("one",)), post("next"))
    await world.drain()
    await world.drain(5)
    assert await world.rows(OutboxState.PARKED) == ["post", "seed"]
    assert world.platform.texts(CHANNEL) == ["next"]
    assert await world.told() == [
        "En besked kunne ikke sendes og er lagt til side. Jeres administrator kan se hvorfor med »oenskebot doctor«."
    ]


async def test_what_a_channel_did_not_take_comes_when_it_takes_messages_again_and_in_order(world: World) -> None:
    world.platform.shut(CHANNEL)
    await world.put(post("card", key="a"), Seed("a", ("one",)), post("reply", key="b", thread="a"))
    await world.drain()
    await world.drain(5)
    assert await world.rows(OutboxState.PARKED) == ["post", "seed", "post"]
    assert [line[:38] for line in await world.told()] == ["Jeg kan ikke skrive i gruppens kanal. "]
    world.platform.open(CHANNEL)
    await world.runtime.delivery.try_parked("twin")
    await world.drain()
    assert world.platform.texts(CHANNEL) == ["card", "reply"]
    assert world.platform.sent[0].emojis == ["one"]
    assert world.platform.sent[1].thread == world.platform.sent[0].id
    assert await world.rows(OutboxState.PARKED) == []


async def test_the_next_message_to_a_channel_lets_those_before_it_try_first(world: World) -> None:
    """No chat has to tell that the bot was let in again."""
    world.platform.shut(CHANNEL)
    await world.put(post("card", key="a"), post("news", key="b", thread="a"))
    await world.drain()
    world.platform.open(CHANNEL)
    await world.put(post("later", key="c", thread="a"))
    await world.drain()
    assert world.platform.texts(CHANNEL) == ["card", "news", "later"]
    assert {one.thread for one in world.platform.sent[1:]} == {world.platform.sent[0].id}


async def test_a_channel_that_still_takes_nothing_costs_one_more_try_and_is_told_of_no_more(world: World) -> None:
    world.platform.shut(CHANNEL)
    await world.put(*(post(f"{number}") for number in range(5)))
    await world.drain()
    tries = world.platform.tries
    await world.put(post("5"))
    await world.drain()
    assert world.platform.tries == tries + 2, "the oldest and the new one"
    assert len(await world.rows(OutboxState.PARKED)) == 6
    assert len(await world.told()) == 1


async def test_what_waits_behind_a_parked_message_comes_after_it(world: World) -> None:
    world.platform.shut(CHANNEL)
    await world.put(post("1"))
    await world.drain()
    world.platform.open(CHANNEL)
    world.platform.failures = [PlatformError("down", Trouble.CONNECTION)]
    await world.put(post("2"))
    await world.drain()
    await world.drain(5)
    assert world.platform.texts(CHANNEL) == ["1", "2"]


async def test_a_card_that_comes_late_looks_as_it_should_now(world: World) -> None:
    world.platform.shut(CHANNEL)
    await world.put(post("new", key="a"))
    await world.drain()
    await world.put(Update("a", message(Text("supported"))))
    await world.drain()
    world.platform.open(CHANNEL)
    await world.put(Update("a", message(Text("supported by two"))))
    await world.drain()
    assert world.platform.texts(CHANNEL) == ["supported by two"]
    assert world.platform.sent[0].updates == 0


async def test_an_update_that_could_not_be_made_is_made_when_the_bot_is_back(world: World) -> None:
    await world.put(post("old", key="a"))
    await world.drain()
    world.platform.shut(CHANNEL)
    await world.put(Update("a", message(Text("new"))))
    await world.drain()
    assert await world.rows(OutboxState.PARKED) == ["update"]
    world.platform.open(CHANNEL)
    await world.put(post("something else"))
    await world.drain()
    assert world.platform.texts(CHANNEL) == ["new", "something else"]
    assert await world.rows(OutboxState.PARKED) == []


async def test_what_stands_only_under_a_message_comes_with_it(world: World) -> None:
    world.platform.shut(CHANNEL)
    await world.put(post("card", key="a"))
    await world.drain()
    await world.put(post("note", key="b", thread="a", only_there=True))
    await world.drain()
    assert await world.rows(OutboxState.PARKED) == ["post", "post"]
    world.platform.open(CHANNEL)
    await world.runtime.delivery.try_parked("twin")
    await world.drain()
    assert world.platform.texts(CHANNEL) == ["card", "note"]


async def test_other_channels_and_workspaces_are_left_alone(world: World) -> None:
    world.platform.shut(CHANNEL)
    world.platform.shut("c2")
    await world.put(post("1"), Post("k:2", "c2", message(Text("2"))))
    await world.drain()
    world.platform.open(CHANNEL)
    await world.put(post("3"))
    tries = world.platform.tries
    await world.drain()
    assert world.platform.tries == tries + 2
    async with world.runtime.storage.write() as session:
        await outbox.retry_parked(session, ("twin", "elsewhere"), world.clock.now())
    assert await world.rows(OutboxState.PARKED) == ["post"]


@pytest.mark.parametrize(
    "error",
    [
        PlatformError("invalid_auth", Trouble.TOKEN),
        PlatformError("missing_scope", Trouble.SCOPE, permanent=True),
        PlatformError("TimeoutError", Trouble.CONNECTION, arrived=True),
    ],
    ids=lambda error: error.reason,
)
async def test_over_a_weekend_nothing_is_lost_and_the_leader_hears_once_why_it_took_so_long(
    world: World, error: PlatformError
) -> None:
    world.platform.refuses = error
    await world.put(post("1"), post("2"))
    await world.put(DirectMessage("person-bo", message(Text("hej"))))
    for _ in range(3 * 24):
        await world.drain(3600)
    assert await world.rows(OutboxState.PARKED) == []
    async with world.runtime.storage.read() as session:
        held = await outbox.list_held(session)
    assert [row.reason for row in held] == [error.reason] * 2, "the second of the channel waits behind the first"
    assert max(row.attempts for row in held) > MOST_TRIES
    told = await world.told()
    assert len(told) == 1
    assert ("mangler en tilladelse" in told[0]) == (error.trouble is Trouble.SCOPE)
    world.platform.refuses = None
    await world.drain(300)
    await world.drain(300)
    assert world.platform.texts(CHANNEL) == ["1", "2"]
    assert world.platform.texts("@bo") == ["hej"]


async def test_tries_that_fail_for_no_known_reason_are_counted_over_an_outage(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST_TRIES", 3)
    unknown, outage = PlatformError("internal_error"), PlatformError("http_503", Trouble.CONNECTION)
    world.platform.failures = [unknown, outage, outage, unknown, outage, unknown]
    await world.put(post("broken"), post("next"))
    for _ in range(6):
        await world.drain(300)
    assert world.platform.texts(CHANNEL) == ["next"]
    assert await world.rows(OutboxState.PARKED) == ["post"]


async def test_a_file_that_lacks_its_permission_holds_no_message_up(world: World) -> None:
    world.platform.failures = [PlatformError("missing_scope", Trouble.SCOPE, permanent=True)]
    await world.put(Attach("a.csv", "text/csv", b"1", "Ønsker", CHANNEL), post("after"))
    await world.drain()
    assert world.platform.texts(CHANNEL) == ["after"]
    await world.drain(300)
    assert await world.rows(OutboxState.SENT) == ["attach", "post"]


async def test_with_the_token_of_another_workspace_nothing_of_this_one_is_sent(world: World) -> None:
    await world.put(post("1"))
    world.platform.workspace = "another"
    await world.drain()
    assert world.platform.sent == []
    async with world.runtime.storage.read() as session:
        assert [row.reason for row in await outbox.list_held(session)] == ["another_workspace"]
    world.platform.workspace = "w"
    await world.drain(300)
    assert world.platform.texts(CHANNEL) == ["1"]


async def test_what_nobody_could_send_is_forgotten_after_a_month_with_a_line_in_the_log(world: World) -> None:
    world.platform.failures = [PlatformError("account_deactivated", Trouble.PERSON, permanent=True)]
    await world.put(DirectMessage("person-bo", message(Text("hej"))))
    await world.drain()
    for days, left in ((29, 1), (2, 0)):
        world.clock.move_to(world.clock.now() + dt.timedelta(days=days))
        with capture_logs() as logs:
            await world.runtime.forget()
        assert len(await world.rows(OutboxState.PARKED)) == left
    assert [(one["event"], one["reasons"]) for one in logs] == [
        ("parked_messages_forgotten", {"account_deactivated": 1})
    ]


async def test_an_update_takes_the_place_of_one_that_waits_and_follows_one_that_is_on_its_way(world: World) -> None:
    await world.put(post("0", key="a"))
    await world.drain()
    await world.put(Update("a", message(Text("1"))), Update("a", message(Text("2"))))
    assert await world.rows(OutboxState.PENDING) == ["update"]
    async with world.runtime.storage.write() as session:
        (held,) = await outbox.list_ready(session, ["twin"], world.clock.now())
        held.lease_until = world.clock.now() + LEASE
    await world.put(Update("a", message(Text("3"))), Update("a", message(Text("4"))))
    assert await world.rows(OutboxState.PENDING) == ["update", "update"]
    await world.drain(LEASE.total_seconds())
    assert world.platform.texts(CHANNEL) == ["4"]
    assert world.platform.sent[0].updates == 2


async def test_what_waits_is_not_sent_while_it_is_being_written_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL a process may look for what is due between another's finding a row and its writing it anew; on
    SQLite it waits for the other's transaction."""
    await world.put(post("0", key="a"))
    await world.drain()
    await world.put(Update("a", message(Text("1"))))
    find, sending = outbox.find_waiting, []

    async def find_while_another_looks(session: AsyncSession, key: str, kinds: Collection[str]) -> OutboxRow | None:
        found = await find(session, key, kinds)
        sending.append(asyncio.create_task(world.runtime.delivery.drain()))
        await asyncio.wait(sending, timeout=0.5)
        return found

    monkeypatch.setattr(outbox, "find_waiting", find_while_another_looks)
    await world.put(Update("a", message(Text("2"))))
    await asyncio.gather(*sending)
    await world.drain()
    assert world.platform.texts(CHANNEL) == ["2"]


async def test_a_tally_is_shown_at_most_once_in_its_interval(storage: Storage, clock: MovableClock) -> None:
    group_id = await make_group(storage, platform="twin", workspace="w", channel=CHANNEL)
    runtime, platform = make_runtime(storage, clock), TwinPlatform(tally_seconds=3.0)
    runtime.platforms.add(platform)
    world = World(runtime, platform, clock, group_id)
    await world.put(post("0", key="p"))
    await world.drain()
    for number in range(1, 7):
        await world.put(Update("p", message(Text(str(number))), tally=True))
        await world.drain(0.5)
    assert platform.texts(CHANNEL) == ["6"]
    assert platform.sent[0].updates == 1
    await world.drain(3)
    assert platform.sent[0].updates == 1


async def test_a_thread_stands_under_its_message(world: World) -> None:
    await world.put(post("card", key="a"), post("reply", key="b", thread="a"))
    await world.drain()
    assert world.platform.sent[1].thread == world.platform.sent[0].id


async def test_what_was_sent_is_forgotten_after_a_month_and_what_waits_is_kept(world: World) -> None:
    await world.put(post("sent"))
    await world.drain()
    world.platform.failures = [PlatformError("down")]
    await world.put(post("waiting"))
    await world.drain()
    world.clock.move_to(world.clock.now() + dt.timedelta(days=31))
    async with world.runtime.storage.write() as session:
        await exchange.prune(session, world.clock.now() - KEPT)
    assert await world.rows(OutboxState.SENT) == []
    assert await world.rows(OutboxState.PENDING) == ["post"]


async def test_a_message_that_takes_its_time_holds_up_its_own_channel_only(world: World) -> None:
    world.platform.held["slow"] = asyncio.Event()
    await world.put(Post("k:a", "slow", message(Text("a"))), Post("k:b", "slow", message(Text("b"))), post("1"))
    sending = asyncio.create_task(world.runtime.delivery.run())
    await _until(lambda: world.platform.texts(CHANNEL) == ["1"])
    await world.put(post("2"), post("3"))
    world.runtime.delivery.wake()
    await _until(lambda: world.platform.texts(CHANNEL) == ["1", "2", "3"])
    assert world.platform.texts("slow") == []
    world.platform.held["slow"].set()
    await _until(lambda: world.platform.texts("slow") == ["a", "b"])
    await world.runtime.delivery.stop()
    await sending


async def test_what_is_on_its_way_arrives_before_the_bot_stops(world: World) -> None:
    world.platform.held[CHANNEL] = asyncio.Event()
    await world.put(post("1"), post("2"))
    sending = asyncio.create_task(world.runtime.delivery.run())
    await _until(lambda: bool(world.runtime.delivery.on_their_way))
    stopping = asyncio.create_task(world.runtime.delivery.stop())
    await asyncio.sleep(0)
    world.platform.held[CHANNEL].set()
    await stopping
    await sending
    assert world.platform.texts(CHANNEL) == ["1"]
    assert await world.rows(OutboxState.SENT) == ["post"]


async def test_what_takes_too_long_is_sent_after_the_next_start(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "LAST_MOMENT", 0.01)
    world.platform.held[CHANNEL] = asyncio.Event()
    await world.put(post("1"))
    sending = asyncio.create_task(world.runtime.delivery.run())
    await _until(lambda: bool(world.runtime.delivery.on_their_way))
    await world.runtime.delivery.stop()
    await sending
    assert not world.runtime.delivery.on_their_way
    world.platform.held.clear()
    await world.drain(LEASE.total_seconds() + 1)
    assert world.platform.texts(CHANNEL) == ["1"]


async def test_what_takes_longer_than_its_lease_is_not_sent_a_second_time_beside_itself(world: World) -> None:
    world.platform.held[CHANNEL] = asyncio.Event()
    await world.put(post("1"))
    first = asyncio.create_task(world.runtime.delivery.drain())
    await _until(lambda: bool(world.runtime.delivery.on_their_way))
    world.clock.move_to(world.clock.now() + 2 * LEASE)
    second = asyncio.create_task(world.runtime.delivery.drain())
    await asyncio.sleep(0.05)
    assert len(world.runtime.delivery.on_their_way) == 1
    world.platform.held[CHANNEL].set()
    await asyncio.gather(first, second)
    assert world.platform.texts(CHANNEL) == ["1"]


async def test_a_message_that_is_a_defect_is_parked_at_last_and_lets_the_next_one_through(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST_TRIES", 2)
    world.platform.defects = [KeyError("a defect"), KeyError("a defect")]
    await world.put(post("broken"), post("next"))
    for wait in (0, 1):
        with pytest.raises(KeyError):
            await world.drain(wait)
        assert world.platform.texts(CHANNEL) == []
    await world.drain()
    assert world.platform.texts(CHANNEL) == ["next"]
    assert await world.rows(OutboxState.PARKED) == ["post"]


async def _until(there: Callable[[], bool]) -> None:
    for _ in range(500):
        if there():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")


async def test_what_waits_behind_a_blocked_row_is_not_asked_for_until_that_one_is_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait is as long as the chat said, and no longer: a handful of questions, not five a second."""
    world.platform.failures = [PlatformError("rate limited", retry_after=25)]
    await world.put(post("first"))
    await world.drain()
    await world.put(post("second"), Seed("k:first", ("👍",)))
    began, asked = world.clock.now(), []
    sending = world.runtime.delivery

    async def rest(seconds: float) -> None:
        """The clock goes on by itself where nothing is on its way."""
        if sending.on_their_way:
            await asyncio.wait(sending.on_their_way)
        else:
            world.clock.move_to(world.clock.now() + dt.timedelta(seconds=seconds))
        if world.platform.texts(CHANNEL) == ["first", "second"]:
            await sending.stop()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT") and "outbox" in statement:
            asked.append(statement)

    monkeypatch.setattr(sending, "_rest", rest)
    engine = world.runtime.storage.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await asyncio.wait_for(sending.run(), 20)
    assert (world.clock.now() - began).total_seconds() == 25
    assert len(asked) < 25, len(asked)


async def test_a_row_in_another_process_hands_is_looked_at_when_its_lease_is_over(world: World) -> None:
    await world.put(post("first"), post("second"))
    now = world.clock.now()
    async with world.runtime.storage.write() as session:
        held = (await outbox.list_ready(session, ["twin"], now))[0]
        held.lease_until = now + LEASE
    async with world.runtime.storage.read() as session:
        assert await outbox.next_outbox_moment(session, ["twin"]) == now + LEASE
        assert await outbox.next_outbox_moment(session, ["twin"], [held.id]) is None
        assert await outbox.next_outbox_moment(session, []) is None


async def test_what_ends_while_it_is_looked_for_what_is_due_lets_the_next_one_go_before_all_is_said_to_be_sent(
    world: World,
) -> None:
    world.platform.held[CHANNEL] = asyncio.Event()
    sending, looked, begin = world.runtime.delivery, 0, world.runtime.delivery._begin_ready

    async def begin_and_end() -> None:
        nonlocal looked
        await begin()
        looked += 1
        if looked == 2:
            world.platform.held[CHANNEL].set()
            await asyncio.wait(sending.on_their_way)

    sending._begin_ready = begin_and_end  # type: ignore[method-assign] # the moment that is looked for
    await world.put(*(Post("", channel, message(Text(text))) for channel, text in ((CHANNEL, "1"), ("c2", "-"))))
    await world.put(Post("", CHANNEL, message(Text("2"))))
    await sending.drain()
    assert world.platform.texts(CHANNEL) == ["1", "2"]
