"""A poll on a real database without a chat: what people do comes in as interactions, and what is stored is read."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from bot.clock import MovableClock
from bot.port import Answer
from bot.runtime import Runtime
from handlers.capability import Due, Reading
from handlers.chat.interactions import Command, Place, Press, React, Sender, Submit
from handlers.chat.messages import from_data, plain_text
from handlers.context import Context
from handlers.polls.state import PollState, read_state
from handlers.polls.timers import TIMERS
from storage.models.exchange import NoticeRow, OutboxRow, SentMessage
from storage.models.log import LogEntry
from storage.queries import exchange, log, members, polls
from storage.session import Storage
from tests.conftest import Counter, make_runtime
from tests.groups import PEOPLE, Someone, make_group
from tests.ready import make_ready
from tests.roof.twin import TwinPlatform

CHANNEL = "koordinationsgruppe"
DEADLINE = dt.datetime(2026, 9, 8, 10, tzinfo=dt.UTC)


@dataclass
class PollRoom:
    """The test group, and polls in it that nobody needs to deliver. `waits` are the seconds that the bot has waited for
    something; all of `slept` happens at its next wait."""

    storage: Storage
    clock: MovableClock
    runtime: Runtime = field(init=False)
    group_id: int = 0
    ids: Counter = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    slept: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def begin(self, people: tuple[Someone, ...] = PEOPLE) -> None:
        self.start()
        self.group_id = await make_group(self.storage, platform="test", workspace="w", channel=CHANNEL, people=people)

    def start(self) -> None:
        """The bot starts, or starts again."""
        self.runtime = make_runtime(self.storage, self.clock, self.ids, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        happening, self.slept = self.slept, []
        for one in happening:
            await one()
        await asyncio.sleep(0)

    def join_chat(self) -> TwinPlatform:
        """The chat can be read: nobody has put an emoji on anything until the test says so."""
        chat = TwinPlatform(name="test")
        self.runtime.platforms.add(chat)
        return chat

    async def open(self, count: int = 3, *, sent: bool = True, **values: str | list[str]) -> None:
        """Poll 1 on so many wishes; `sent`: its messages are in the chat, as `m1`, `m2`, …"""
        numbers = await make_ready(self.storage, *(f"Ønske nr. {number}" for number in range(1, count + 1)))
        form = (await self.say("anna", "")).form
        assert form is not None
        given = {"title": "Prioritering", "wishes": [str(number) for number in numbers], "date": "2026-09-08"}
        answer = await self.submit("anna", form.token, given | values)
        assert not answer.errors, answer.errors
        if sent:
            await self.deliver()

    async def deliver(self, since: int = 1) -> None:
        """The poll's messages, from this one on, have reached the chat."""
        async with self.storage.write() as session:
            poll = (await polls.list_open(session))[0]
            for page in range(since, poll.pages + 1):
                now = self.clock.now()
                session.add(
                    SentMessage(
                        key=self.key(page),
                        group_id=self.group_id,
                        platform="test",
                        workspace="w",
                        channel=CHANNEL,
                        message=f"m{page}",
                        ballot=True,
                        counting=True,
                        sent_at=now,
                        updated_at=now,
                    )
                )

    def key(self, page: int = 1) -> str:
        return f"{self.group_id}:poll:1/{page}"

    def sender(self, user: str, *, bot: bool = False) -> Sender:
        return Sender("test", "w", user, bot=bot)

    async def say(self, user: str, text: str, *, command: str = "afstemning") -> Answer:
        """A command with these words."""
        said = Command(sender=self.sender(user), place=Place(CHANNEL), command=command, text=text)
        return await self.runtime.app.answer(said)

    async def submit(self, user: str, token: str, values: Mapping[str, str | list[str]]) -> Answer:
        """A form is filled in and sent."""
        sent = Submit(sender=self.sender(user), place=Place(CHANNEL), token=token, values=values)
        return await self.runtime.app.answer(sent)

    async def press(self, user: str, token: str, *, waits: bool = True) -> Answer:
        """A button; `waits`: until what the press left to a timer has been done."""
        answer = await self.runtime.app.answer(Press(sender=self.sender(user), place=Place(CHANNEL), token=token))
        if waits:
            await self.runtime.alarm.answer()
        return answer

    async def press_close(self, *, waits: bool = True) -> Answer:
        """The leader asks to close poll 1, and says yes when asked once more."""
        asked = await self.say("anna", "luk 1")
        return await self.press("anna", asked.whispers[0].blocks[-1].items[0].token, waits=waits)  # type: ignore[union-attr]

    async def react(
        self,
        user: str,
        emoji: str,
        *,
        on: bool = True,
        mark: str = "",
        at: dt.datetime | None = None,
        page: int = 1,
        bot: bool = False,
        counted: bool = True,
    ) -> None:
        """An emoji is put on or taken off; `counted`: and what it means is worked out."""
        click = React(
            sender=self.sender(user, bot=bot),
            place=Place(CHANNEL),
            message=f"m{page}",
            emoji=emoji,
            on=on,
            mark=mark,
            at=at,
        )
        assert await self.runtime.app.answer(click) == Answer()
        if counted:
            await self.runtime.app.counting.count_all()

    async def read(self, *emojis: tuple[str, str], page: int = 1, at: dt.datetime | None = None) -> None:
        """The chat lists these (user, emoji) on the message, and says, or does not, when they were put on."""
        reading = Reading(self.key(page), dict.fromkeys(emojis, at), self.clock.now())
        await self.runtime.app.counting.take_reading(reading)

    async def close(self, at: dt.datetime = DEADLINE, *, unreadable: tuple[str, ...] = ()) -> None:
        """The deadline comes, and the timer runs."""
        self.clock.move_to(at)
        await self.runtime.app.run_due(TIMERS[0], Due(self.group_id, DEADLINE, "1", unreadable))

    async def state(self) -> PollState:
        async with self.storage.read() as session:
            group = await members.get_group(session, self.group_id)
            context = Context(
                session=session,
                now=self.clock.now(),
                new_id=Counter(),
                locale="da",
                me=await members.get_person(session, "person-anna"),
                known_group=group,
            )
            poll = await polls.find_poll(session, self.group_id, 1)
            assert poll is not None
            return await read_state(context, poll)

    async def votes(self) -> dict[str, set[str]]:
        """Municipality → the wish numbers that it stands for now."""
        state = await self.state()
        return {state.box.units[unit].name: set(marks) for unit, marks in state.standing.items()}

    async def emojis(self, user: str) -> set[str]:
        """What we know of a person's emojis on the first message."""
        async with self.storage.read() as session:
            rows = await exchange.list_emojis(session, [self.key()], f"person-{user}")
        return {row.emoji for row in rows if row.on}

    async def entries(self) -> list[LogEntry]:
        async with self.storage.read() as session:
            return await log.list_entries(session, self.group_id)

    async def whispers(self, user: str) -> list[str]:
        """What the person was told privately about their clicks."""
        rows = await self.outbox("whisper")
        return [block["text"] for row in rows if row.target["user"] == user for block in row.body["blocks"]]

    async def result(self) -> str:
        """What the published result says."""
        rows = await self.outbox("post", f"{self.group_id}:poll-result:1")
        return "\n".join(plain_text(from_data(row.body)) for row in rows)

    async def outbox(self, kind: str, key: str = "") -> list[OutboxRow]:
        async with self.storage.read() as session:
            rows = await session.scalars(select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id))
            return [row for row in rows if not key or row.key == key]

    async def notices(self, about: str) -> dict[str, str]:
        """Person (empty for the channel) → the line about it that waits for the next bundle."""
        async with self.storage.read() as session:
            rows = await session.scalars(select(NoticeRow).where(NoticeRow.about == about))
            return {row.person_id or "": row.text for row in rows}
