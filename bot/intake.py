"""What came in: whose it is, whether it came before, and what the chat says of the emojis on a ballot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.port import Answer
from handlers.chat import messages
from handlers.chat.interactions import Sender
from handlers.chat.letters import storable
from storage.changes import Change, pack
from storage.models.exchange import Emoji, OnceKey
from storage.models.members import Group, Person
from storage.queries import exchange, members


def identity(sender: Sender) -> str:
    """What seals are bound to: the person as the chat knows them."""
    return f"{sender.platform}/{sender.workspace}/{sender.user}"


async def take_once(session: AsyncSession, once: str, now: dt.datetime) -> Answer | None:
    """Use the once-key up: `None` at its first arrival, else the answer that the first one got."""
    found = await exchange.take_once(session, once, now)
    return None if found is None else _unpack(found.answer)


async def remember_answer(session: AsyncSession, once: str, answer: Answer) -> None:
    """Keep the answer that a repetition gets."""
    (await session.get_one(OnceKey, once)).answer = _pack(answer)


async def know_person(
    session: AsyncSession, sender: Sender, now: dt.datetime, new_id: Callable[[], str], *, keep: bool
) -> Person:
    """The person who acts; a new one is stored where `keep`, else only made."""
    person = await members.find_person(session, sender.platform, sender.workspace, sender.user)
    name = " ".join(storable(sender.name).split())
    if person is None:
        person = Person(
            id=new_id(),
            platform=sender.platform,
            workspace=sender.workspace,
            user=sender.user,
            name=name or sender.user,
            locale=sender.locale,
            muted=False,
            created_at=now,
        )
        return await members.add_person(session, person) if keep else person
    if keep and name and person.name != name:
        person.name = name
    if keep and sender.locale and person.locale != sender.locale:
        person.locale = sender.locale
    return person


async def know_people(
    session: AsyncSession, home: Group, users: Collection[str], now: dt.datetime, new_id: Callable[[], str]
) -> dict[str, Person]:
    """The people of a group's chat with these ids there, by those; new ones are stored."""
    found = await members.map_users(session, home.platform, home.workspace, users)
    for user in sorted(set(users) - found.keys()):
        found[user] = await know_person(session, Sender(home.platform, home.workspace, user), now, new_id, keep=True)
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """What the chat lists of a message's emojis.

    Args:
        key: the message.
        told: (person id, emoji) that are there, with when they were put on where the chat says that.
        asked_at: when the chat was asked. What was heard of since then is newer than the list, and stays.
    """

    key: str
    told: Mapping[tuple[str, str], dt.datetime | None]
    asked_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """How many emojis the list told otherwise than they were known, and how many it left out for the first time."""

    differences: int
    doubts: int


async def compare_emojis(session: AsyncSession, listed: Listed, now: dt.datetime) -> Compared:
    """Bring what we know of a message's emojis in line with the chat's own list; what differs is counted like clicks.

    The first list that leaves an emoji out only makes it doubtful, and the second is believed: a list that was made
    while events are on their way is not the whole truth."""
    key, told = listed.key, listed.told
    rows = {(row.person_id, row.emoji): row for row in await exchange.list_emojis(session, [key])}
    newer = {pair for pair, row in rows.items() if row.heard_at is not None and row.heard_at > listed.asked_at}
    differing = {pair: True for pair in sorted(told.keys() - newer) if pair not in rows or not rows[pair].on}
    doubts = 0
    for pair, row in rows.items():
        if not row.on or pair in newer:
            continue
        if pair in told:
            row.doubted_at = None
        elif row.doubted_at is not None:
            differing[pair] = False
        else:
            row.doubted_at = now
            doubts += 1
    await session.flush()
    if differing:
        put_on = {pair: _put_on(told.get(pair), rows.get(pair), now) for pair, on in differing.items() if on}
        found = [_read_row(listed, pair, now, put_on.get(pair), on=on) for pair, on in sorted(differing.items())]
        await (await session.connection()).run_sync(exchange.store_clicks, found)
    return Compared(len(differing), doubts)


def _put_on(told: dt.datetime | None, known: Emoji | None, now: dt.datetime) -> dt.datetime | None:
    """When an emoji was put on that the list shows, `None` where nobody says: a time before the last change that is
    known belongs to an earlier click."""
    if told is None or (known is not None and told <= known.changed_at):
        return None
    return min(told, now)


def _read_row(
    listed: Listed, pair: tuple[str, str], now: dt.datetime, put_on: dt.datetime | None, *, on: bool
) -> dict[str, Any]:
    person_id, name = pair
    found = Change(on, put_on or now, dated=put_on is not None)
    return {
        "key": listed.key,
        "person_id": person_id,
        "emoji": name,
        "on": on,
        "mark": "",
        "changed_at": found.at,
        "dated": found.dated,
        "changes": pack(found),
        "heard_at": listed.asked_at,
        "uncounted": True,
        "renewed": True,
    }


def _pack(answer: Answer) -> list[Any]:
    return [
        [messages.to_data(shown) for shown in answer.whispers],
        [list(pair) for pair in answer.errors],
        answer.channel,
    ]


def _unpack(packed: list[Any]) -> Answer:
    whispers, errors, channel = packed or ([], [], "")
    return Answer(
        whispers=tuple(messages.from_data(data) for data in whispers),
        errors=tuple((name, sentence) for name, sentence in errors),
        channel=channel,
    )
