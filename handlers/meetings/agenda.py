"""The agenda with its standing items as they are now, and the minutes with the day's decisions."""

from __future__ import annotations

import datetime as dt

from handlers.chat.messages import Actions, Button, Facts, Heading, Item, Listing, Message, Note, Text, message
from handlers.context import Context
from handlers.decisions.chain import head
from handlers.decisions.commands import decision_items
from handlers.economy.ledger import read_balance
from handlers.meetings.deeds import read_year
from handlers.meetings.messages import pace_text
from handlers.workdays import local_moment
from locales import join_words, local_day, long_moment, money, plural, translate, zone
from storage.enums import MeetingStatus, WishStatus
from storage.models.meetings import Meeting
from storage.queries import economy, escalations, log, meetings, wishes

MOST_NAMED = 10
_ON_THE_AGENDA = (WishStatus.SUBMITTED, WishStatus.READY, WishStatus.PRIORITISED, WishStatus.STARTED)


async def agenda_message(context: Context, meeting: Meeting, *, may_change: bool = False) -> Message:
    """The agenda: the group's own points, then what always stands there [choice]."""
    points = [line.strip() for line in meeting.agenda.splitlines() if line.strip()]
    standing = [await _wishes(context), await _money(context), await _cases(context), await _pace(context)]
    items = [
        Item(f"{at}. {text}", detail) for at, (text, detail) in enumerate([*((p, "") for p in points), *standing], 1)
    ]
    change = Actions((Button(translate("meetings.button.change"), "meeting.change_form", str(meeting.number)),))
    planned = meeting.status is MeetingStatus.PLANNED
    return message(
        Heading(translate("meetings.agenda_of", number=meeting.number, title=meeting.title)),
        Facts(((translate("meetings.label.when"), long_moment(meeting.starts_at)),)),
        Listing(tuple(items)),
        change if may_change and planned else None,
    )


async def _wishes(context: Context) -> tuple[str, str]:
    found = await wishes.list_wishes(context.session, context.group.id, _ON_THE_AGENDA)
    parts = []
    for status in _ON_THE_AGENDA:
        numbers = [f"#{wish.number}" for wish in found if wish.status is status]
        if numbers:
            more = [plural("meetings.more", len(numbers) - MOST_NAMED)] if len(numbers) > MOST_NAMED else []
            parts.append(f"{translate(f'wishes.status.{status}')}: {join_words([*numbers[:MOST_NAMED], *more])}")
    return translate("meetings.point.wishes"), " · ".join(parts)


async def _money(context: Context) -> tuple[str, str]:
    balance = await read_balance(context.session, context.group.id, context.today.year)
    free = translate("meetings.free", amount=money(balance.free)) if balance.free is not None else ""
    return translate("meetings.point.money"), " · ".join(part for part in (free, await _mandate(context)) if part)


async def _mandate(context: Context) -> str:
    """Acute wishes that were started under the standing mandate are reported at the next meeting."""
    last = await meetings.find_last_held(context.session, context.group.id, context.now)
    since = last.starts_at if last else context.group.founded_at
    uses = await economy.list_mandate_uses(context.session, context.group.id, since)
    named = join_words(f"#{entry.subject.partition(':')[2]}" for entry in uses)
    return translate("meetings.mandate", named=named) if uses else ""


async def _cases(context: Context) -> tuple[str, str]:
    cases = await escalations.list_open_cases(context.session, context.group.id)
    detail = join_words(f"#{case.wish_number}" for case in cases) if cases else ""
    return translate("meetings.point.committee"), translate("meetings.unanswered", named=detail) if detail else ""


async def _pace(context: Context) -> tuple[str, str]:
    year = await read_year(context, context.today.year)
    return translate("meetings.point.meetings"), pace_text(year, context.today)


async def minutes_message(context: Context, meeting: Meeting, *, may_change: bool = False) -> Message:
    """The minutes, the decisions of that day, and the head of the log's chain."""
    day = local_day(meeting.starts_at)
    start = local_moment(day, dt.time(), zone())
    entries = await log.list_decisions_between(context.session, context.group.id, start, start + dt.timedelta(days=1))
    items = await decision_items(context, entries)
    change = Button(translate("meetings.button.change_minutes"), "meeting.minutes_form", str(meeting.number))
    return message(
        Heading(translate("meetings.minutes_of", number=meeting.number, title=meeting.title)),
        Facts(tuple(_held_facts(meeting))),
        Text(meeting.minutes),
        Note(translate("meetings.decisions_of_the_day")) if items else None,
        Listing(items) if items else None,
        Note(translate("meetings.chain_head", head=await head(context.session, context.group.id))),
        Actions((change,)) if may_change else None,
    )


def _held_facts(meeting: Meeting) -> list[tuple[str, str]]:
    facts = [(translate("meetings.label.when"), long_moment(meeting.starts_at))]
    if meeting.units_present is not None:
        facts.append((translate("meetings.label.present"), plural("meetings.units", meeting.units_present)))
    if meeting.chair:
        facts.append((translate("meetings.label.chair"), meeting.chair))
    if meeting.minute_taker:
        facts.append((translate("meetings.label.minute_taker"), meeting.minute_taker))
    return facts
