"""What came in: whose it is, whether it came before, and what the chat says of the emojis on a ballot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.port import Answer
from handlers.chat import emoji, messages
from handlers.chat.interactions import React, Sender
from storage.models.exchange import Emoji, OnceKey
from storage.models.members import Person
from storage.queries import exchange, members


@dataclass(frozen=True, slots=True)
class Click:
    """One emoji of one person on one of our messages, as the chat tells it."""

    key: str
    emoji: str
    on: bool
    mark: str = ""


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
    if person is None:
        person = Person(
            id=new_id(),
            platform=sender.platform,
            workspace=sender.workspace,
            user=sender.user,
            name=sender.name or sender.user,
            locale=sender.locale,
            muted=False,
            created_at=now,
        )
        return await members.add_person(session, person) if keep else person
    if keep and sender.name and person.name != sender.name:
        person.name = sender.name
    if keep and sender.locale and person.locale != sender.locale:
        person.locale = sender.locale
    return person


async def find_click(session: AsyncSession, interaction: React) -> Click | None:
    """The click on one of our ballots that this is, `None` for an emoji on anything else."""
    sender = interaction.sender
    sent = await exchange.find_sent_message(
        session, sender.platform, sender.workspace, interaction.place.channel, interaction.message
    )
    if sent is None or not sent.ballot:
        return None
    return Click(sent.key, interaction.emoji.strip(":"), interaction.on, interaction.mark)


async def take_click(session: AsyncSession, click: Click, person: Person, now: dt.datetime) -> bool:
    """Store what the chat told; returns whether anything changed. An event that is older than the last one known for
    the same emoji changes nothing."""
    known = await session.get(Emoji, (click.key, person.id, click.emoji))
    if known is None:
        session.add(
            Emoji(
                key=click.key,
                person_id=person.id,
                emoji=click.emoji,
                on=click.on,
                mark=click.mark,
                changed_at=now,
            )
        )
        await session.flush()
        return True
    if known.mark and click.mark and click.mark < known.mark:
        return False
    changed = known.on != click.on
    known.on, known.mark, known.doubted_at = click.on, click.mark or known.mark, None
    if changed:
        known.changed_at = now
    await session.flush()
    return changed


async def compare_emojis(
    session: AsyncSession, key: str, told: set[tuple[str, str]], now: dt.datetime, *, certain: bool
) -> list[tuple[str, Click]]:
    """What differs between the chat's list for a message and what we know, as (person id, click).

    Args:
        told: (person id, emoji) that the chat lists now.
        certain: an emoji that is missing counts as taken off at once. Otherwise the first read that misses it only
            doubts it, and the second believes it: a list read while events are on their way is not the whole truth.
    """
    known = {(row.person_id, row.emoji): row for row in await exchange.list_emojis(session, [key]) if row.on}
    found = [(person, Click(key, name, on=True)) for person, name in sorted(told - known.keys())]
    for (person, name), row in known.items():
        if (person, name) in told:
            row.doubted_at = None
        elif certain or row.doubted_at is not None:
            found.append((person, Click(key, name, on=False)))
        else:
            row.doubted_at = now
    return found


def folded(rows: list[Emoji]) -> set[str]:
    """The emojis that are on, by the one name of each."""
    return {emoji.fold(row.emoji) for row in rows if row.on}


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
