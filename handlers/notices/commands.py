"""What nobody asked for just now waits for the morning: one message to a group's channel, one to each person.

Source: *Quiet* in the domain page [choice]: at most one unprompted channel message per working day and group, and one
direct message per person and day, at 09:00, never on quiet days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Capability, Due, Timer
from handlers.chat.messages import Block, Heading, Item, Listing, Message, Note, from_data
from handlers.chat.replies import DirectMessage, Post, Replies
from handlers.context import Context
from handlers.workdays import bundle_moment, is_quiet, is_quiet_day, next_bundle
from locales import local_day, translate, zone
from storage.models.exchange import NoticeRow
from storage.models.members import Person
from storage.queries import exchange, members, notices, outbox

TOPICS = ("cases", "meetings", "polls", "money", "status", "people", "stale")
"""The order that topics stand in within a bundle: what calls for something first."""


BUNDLE = "bundle"
"""What the key of a channel's bundle begins with."""

OLDEST = dt.timedelta(days=30)
"""So old is a line at most that is told once more: what could not be sent is forgotten after that time."""

SAME_MOMENT = dt.timedelta(minutes=1)
"""What other timers say at 09:00 is written a little after it, and goes with the same day's bundle."""


async def next_moment(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    return next_bundle(after, zone())


async def list_due(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """One bundle per channel and per person that something waits for. A bot that was down at 09:00 catches up later
    the same day, within working hours; lines that came since 09:00 wait for the next day."""
    today = local_day(now)
    moment = bundle_moment(today, zone())
    if is_quiet_day(today) or now < moment or is_quiet(now, zone()):
        return []
    due: dict[str, Due] = {}
    for row in await notices.list_waiting(session, moment + SAME_MOMENT):
        subject = row.person_id or f"group:{row.group_id}"
        due.setdefault(subject, Due(row.group_id, moment, subject))
    return list(due.values())


async def send_bundle(context: Context, due: Due) -> Replies:
    """Everything that waits for this channel or person, as one message."""
    if due.subject.startswith("group:"):
        return await _bundle_channel(context, due.moment)
    return await _bundle_person(context, await members.get_person(context.session, due.subject), due.moment)


async def _bundle_channel(context: Context, moment: dt.datetime) -> Replies:
    rows = await notices.list_waiting_for_channel(context.session, context.group.id, moment + SAME_MOMENT)
    if not rows:
        return []
    rows = await _with_unheard(context, rows)
    _mark(rows, context.now)
    with context.speaking_to_group():
        shown = _bundle({"": rows}, context.group.id)
    return [Post(f"{BUNDLE}/{local_day(moment).isoformat()}", context.group.channel, shown)]


async def _with_unheard(context: Context, rows: list[NoticeRow]) -> list[NoticeRow]:
    """What waits, and before it what an earlier bundle said that the bot could not write in the channel: whoever lets
    it in again after weeks gets one bundle and not one for each day. The newest line about a thing is enough."""
    since = await outbox.take_back_parked(context.session, context.group.id, f"{BUNDLE}/")
    if since is None:
        return rows
    unheard = await notices.list_bundled_for_channel(context.session, context.group.id, since)
    fresh = [row for row in unheard if row.created_at > context.now - OLDEST]
    return list({row.about: row for row in (*fresh, *rows)}.values())


async def _bundle_person(context: Context, person: Person, moment: dt.datetime) -> Replies:
    """One message from all of the person's groups. Any of them may be the one that asks for it, so the day itself is
    claimed; who has muted the bot meanwhile gets nothing, nor later what waited."""
    if not await exchange.claim(context.session, f"bundle:{person.id}:{local_day(moment)}", context.now):
        return []
    rows = await notices.list_waiting_for_person(context.session, person.id, moment + SAME_MOMENT)
    _mark(rows, context.now)
    if person.muted or not rows:
        return []
    with context.speaking_to(person):
        return [DirectMessage(person.id, _bundle(await _by_group(context, rows), context.group.id))]


def _mark(rows: list[NoticeRow], now: dt.datetime) -> None:
    for row in rows:
        row.bundled_at = now


async def _by_group(context: Context, rows: list[NoticeRow]) -> dict[str, list[NoticeRow]]:
    """The rows under their group's product; one group alone needs no name."""
    ids = list(dict.fromkeys(row.group_id for row in rows))
    if len(ids) == 1:
        return {"": rows}
    names = {group.id: group.product for group in await members.list_groups(context.session)}
    return {names[group_id]: [row for row in rows if row.group_id == group_id] for group_id in ids}


def _below(rows: list[NoticeRow], group_id: int) -> Iterator[Block]:
    """What stands under the lines of the group whose bundle it is: a button works in one group alone."""
    for row in rows:
        if row.below is not None and row.group_id == group_id:
            yield from from_data(row.below).blocks


def _bundle(by_group: dict[str, list[NoticeRow]], group_id: int) -> Message:
    blocks: list[Block] = [Heading(translate("notices.heading"))]
    for product, rows in by_group.items():
        if product:
            blocks.append(Heading(product))
        for topic in TOPICS:
            told = [row for row in rows if row.topic == topic]
            if told:
                items = tuple(Item(row.text) for row in told)
                blocks += [Note(translate(f"notices.topic.{topic}")), Listing(items), *_below(told, group_id)]
    return Message(tuple(blocks))


CAPABILITY = Capability(name="notices", timers=(Timer("bundle", next_moment, list_due, send_bundle),))
