"""Writes what was decided into the outbox, in the transaction that decided it: the row is the promise to send."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chat import messages
from handlers.chat.messages import Actions, Heading, Message, Text
from handlers.chat.replies import Attach, Board, DirectMessage, Notice, Post, Seed, Sent, Update
from handlers.workdays import goes_at_once
from locales import local_day, zone
from storage.models.exchange import NoticeRow, OutboxRow
from storage.models.members import Group, Person
from storage.queries import exchange, members, outbox


def qualified(group: Group | None, key: str) -> str:
    """Our key of a message, made unique among all groups; an empty key stays empty."""
    return f"{group.id if group else 0}:{key}" if key else ""


def unqualified(key: str) -> str:
    return key.partition(":")[2]


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is to be sent: how, after what else (the lane within a chat), where and what. `key` is our name for it."""

    kind: str
    lane: str
    target: dict[str, Any]
    body: dict[str, Any]
    key: str = ""


class Outbox:
    """The way into the outbox for one transaction.

    Args:
        session: the transaction that decides.
        group: the group that it is about, `None` for none.
        person: who acted, for what goes to them alone.
        now: the moment.
        new_id: makes idempotency marks.
    """

    def __init__(
        self,
        session: AsyncSession,
        *,
        group: Group | None,
        person: Person,
        now: dt.datetime,
        new_id: Callable[[], str],
    ) -> None:
        self._session = session
        self._group = group
        self._person = person
        self._now = now
        self._new_id = new_id

    async def put(self, reply: Sent) -> None:
        """Promise one reply."""
        match reply:
            case Post():
                await self._put_post(reply)
            case Update():
                await self._put_update(reply)
            case DirectMessage():
                await self._put_direct(reply)
            case Attach():
                await self._put_file(reply)
            case Seed(key, emojis):
                await self._put_seed(key, emojis)
            case Board(person_id, shown):
                await self._put_board(await self._get_person(person_id), shown)
            case Notice():
                await self._put_notice(reply)

    async def whisper(self, channel: str, shown: Message) -> None:
        """A line to the acting person where the chat gives no way to answer at once."""
        target = {"channel": channel, "user": self._person.user}
        await self._add(self._person, _Letter("whisper", f"user:{self._person.user}", target, messages.to_data(shown)))

    async def _put_post(self, reply: Post) -> None:
        assert self._group is not None
        thread = qualified(self._group, reply.thread)
        if reply.only_there and not await self._is_posted(thread):
            return
        target = {
            "channel": reply.channel,
            "thread": thread,
            "ballot": reply.ballot,
            "only_there": reply.only_there,
            "named_by": reply.named_by,
        }
        key = qualified(self._group, reply.key)
        await self._add(
            self._group, _Letter("post", f"channel:{reply.channel}", target, messages.to_data(reply.message), key)
        )

    async def _put_update(self, reply: Update) -> None:
        """The newest look is enough: it takes the place of a post or an update that has not been sent yet, be it parked
        until the bot can write there again."""
        assert self._group is not None
        key = qualified(self._group, reply.key)
        sent = await exchange.find_sent(self._session, key)
        if sent is not None and reply.ends_ballot:
            sent.counting = False
        waiting = await outbox.find_waiting(self._session, key, ("post", "direct", "update"))
        if waiting is not None:
            waiting.body = messages.to_data(reply.message)
            await self._try_parked(self._group, waiting.lane)
            return
        if not await self._is_posted(key):
            return
        target = {"tally": reply.tally}
        await self._add(self._group, _Letter("update", f"message:{key}", target, messages.to_data(reply.message), key))

    async def _put_direct(self, reply: DirectMessage) -> None:
        person = await self._get_person(reply.person)
        key = qualified(self._group, reply.key)
        body = messages.to_data(reply.message)
        await self._add(person, _Letter("direct", f"user:{person.user}", {"user": person.user}, body, key))

    async def _put_file(self, reply: Attach) -> None:
        body = {
            "name": reply.name,
            "media_type": reply.media_type,
            "content": base64.b64encode(reply.content).decode(),
            "description": reply.description,
        }
        if reply.person:
            person = await self._get_person(reply.person)
            alone = {"user": person.user, "channel": ""}
            await self._add(person, _Letter("attach", f"user:{person.user}", alone, body))
            return
        assert self._group is not None
        thread = qualified(self._group, reply.thread)
        target = {"channel": reply.channel, "user": "", "thread": thread}
        await self._add(self._group, _Letter("attach", f"channel:{reply.channel}", target, body))

    async def _put_seed(self, key: str, emojis: tuple[str, ...]) -> None:
        assert self._group is not None
        full = qualified(self._group, key)
        await self._add(self._group, _Letter("seed", f"seed:{full}", {}, {"emojis": list(emojis)}, full))

    async def _put_board(self, person: Person, shown: Message) -> None:
        """The newest look is enough here too."""
        lane = f"board:{person.id}"
        waiting = await outbox.find_waiting_in(self._session, f"{person.platform}/{person.workspace}/{lane}")
        if waiting is not None:
            waiting.body, waiting.group_id = messages.to_data(shown), self._group.id if self._group else None
            return
        await self._add(person, _Letter("board", lane, {"user": person.user}, messages.to_data(shown)))

    async def _put_notice(self, reply: Notice) -> None:
        """It waits for the next bundle, or is said now where it can be acted on until before that."""
        assert self._group is not None
        person = reply.person or None
        if person is not None and (await self._get_person(person)).muted:
            return
        at_once = reply.before is not None and goes_at_once(self._now, reply.before, zone())
        row = await exchange.find_waiting_notice(self._session, self._group.id, person, reply.about)
        if row is None:
            row = NoticeRow(group_id=self._group.id, person_id=person, about=reply.about, topic=reply.topic)
            row.created_at = self._now
            self._session.add(row)
        row.text = reply.text
        row.below = messages.to_data(Message((Actions(reply.buttons),))) if reply.buttons else None
        if at_once and person is not None:
            row.bundled_at = self._now
            await self._say_now(reply)

    async def _say_now(self, reply: Notice) -> None:
        """One message a day about the same thing: what is said of it later stands there instead."""
        key = f"notice:{reply.about}/{reply.person}/{local_day(self._now).isoformat()}"
        groups = await members.list_groups_of_person(self._session, reply.person)
        shown = messages.message(
            Heading(self._group.product) if self._group is not None and len(groups) > 1 else None,
            Text(reply.text),
            Actions(reply.buttons) if reply.buttons else None,
        )
        if await exchange.claim(self._session, qualified(self._group, key), self._now):
            await self._put_direct(DirectMessage(reply.person, shown, key))
        else:
            await self._put_update(Update(key, shown))

    async def _is_posted(self, key: str) -> bool:
        """Whether the chat has the message, or will."""
        found = await exchange.find_sent(self._session, key)
        return found is not None or await outbox.has_promised_post(self._session, key)

    async def _get_person(self, person_id: str) -> Person:
        return self._person if person_id == self._person.id else await members.get_person(self._session, person_id)

    async def _try_parked(self, home: Group | Person, lane: str) -> None:
        """Who wants to write in a place lets the oldest message that was parked for it try first: where it arrives, all
        that was parked comes out in its order, before what is new."""
        await outbox.retry_parked(self._session, (home.platform, home.workspace), self._now, lane)

    async def _add(self, home: Group | Person, letter: _Letter) -> None:
        lane = f"{home.platform}/{home.workspace}/{letter.lane}"
        await self._try_parked(home, lane)
        self._session.add(
            OutboxRow(
                group_id=self._group.id if self._group else None,
                platform=home.platform,
                workspace=home.workspace,
                lane=lane,
                kind=letter.kind,
                key=letter.key,
                target=letter.target,
                body=letter.body,
                mark=self._new_id(),
                created_at=self._now,
                due_at=self._now,
            )
        )
