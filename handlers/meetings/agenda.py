"""The agenda with its standing items as they are now, and the minutes with the day's decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.chat.messages import Actions, Button, Facts, Heading, Item, Listing, Message, Note, Text, message
from handlers.context import Context
from handlers.decisions.chain import head
from handlers.decisions.commands import decision_items
from handlers.economy.ledger import read_balance
from handlers.meetings import messages
from handlers.meetings.deeds import find_came, present_text, read_year
from handlers.meetings.messages import pace_text
from handlers.meetings.ratification import list_unratified, ratify_buttons, ratify_point
from handlers.workdays import local_moment
from locales import join_words, local_day, long_date, long_moment, money, plural, translate, zone
from storage.enums import MeetingStatus, WishStatus
from storage.models.meetings import Meeting
from storage.models.polls import Poll
from storage.models.wishes import Wish
from storage.queries import economy, escalations, log, meetings, wishes

MOST_NAMED = 10
LONGEST_TITLE = 60
"""Letters of a wish's title on the agenda."""

_ON_THE_AGENDA = (
    WishStatus.SUBMITTED,
    WishStatus.READY,
    WishStatus.APPROVED,
    WishStatus.PRIORITISED,
    WishStatus.STARTED,
    WishStatus.DELIVERED,
)


async def agenda_message(context: Context, meeting: Meeting, *, may_change: bool = False) -> Message:
    """The agenda: the group's own points, then what always stands there [choice], as it is now."""
    answers = await meetings.list_attendance(context.session, meeting.id)
    facts = [(translate("meetings.label.when"), long_moment(meeting.starts_at)), *messages.answer_facts(answers)]
    unratified = await list_unratified(context, meeting)
    planned = meeting.status is MeetingStatus.PLANNED
    past = meeting.starts_at < context.now or not planned
    return message(
        Heading(translate("meetings.agenda_of", number=meeting.number, title=meeting.title)),
        Facts(tuple((label, text) for label, text in facts if text)),
        Listing(tuple(await _points(context, meeting, unratified))),
        Note(translate("meetings.as_of", date=long_date(context.today))) if past else None,
        _leader_buttons(meeting, unratified) if may_change else None,
    )


def _leader_buttons(meeting: Meeting, unratified: Sequence[Poll]) -> Actions | None:
    change = Button(translate("meetings.button.change"), "meeting.change_form", str(meeting.number))
    planned, held = (meeting.status is one for one in (MeetingStatus.PLANNED, MeetingStatus.HELD))
    ratify = ratify_buttons(meeting, unratified) if planned or held else ()
    buttons = (*((change,) if planned else ()), *ratify)
    return Actions(buttons) if buttons else None


async def _points(context: Context, meeting: Meeting, unratified: Sequence[Poll]) -> list[Item]:
    """The points in order; the wishes stand under theirs, a line for each status."""
    own = [(line.strip(), "") for line in meeting.agenda.splitlines() if line.strip()]
    wishes_now = (translate("meetings.point.wishes"), "")
    ratify = [ratify_point(unratified)] if unratified else []
    standing = [wishes_now, *ratify, await _money(context), await _cases(context), await _pace(context)]
    items = [Item(f"{at}. {text}", detail) for at, (text, detail) in enumerate([*own, *standing], 1)]
    below = len(own) + 1
    return [*items[:below], *await _wishes(context), *items[below:]]


async def _wishes(context: Context) -> list[Item]:
    found = await wishes.list_wishes(context.session, context.group.id, _ON_THE_AGENDA)
    items = []
    for status in _ON_THE_AGENDA:
        named = [_named(wish) for wish in found if wish.status is status]
        if named:
            more = [plural("meetings.more", len(named) - MOST_NAMED)] if len(named) > MOST_NAMED else []
            items.append(Item(f"{translate(f'wishes.status.{status}')}:", "; ".join([*named[:MOST_NAMED], *more])))
    return items


def _named(wish: Wish) -> str:
    title = wish.title if len(wish.title) <= LONGEST_TITLE else f"{wish.title[: LONGEST_TITLE - 1].rstrip()}…"
    return f"#{wish.number} {title}"


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
        Facts(tuple(await _held_facts(context, meeting))),
        Text(meeting.minutes),
        Note(translate("meetings.decisions_of_the_day")) if items else None,
        Listing(items) if items else None,
        Note(translate("meetings.chain_head", head=await head(context.session, context.group.id))),
        Actions((change,)) if may_change else None,
    )


async def _held_facts(context: Context, meeting: Meeting) -> list[tuple[str, str]]:
    answers = await meetings.list_attendance(context.session, meeting.id)
    facts = [
        (translate("meetings.label.when"), long_moment(meeting.starts_at)),
        (translate("meetings.label.present"), await present_text(context, meeting, answers)),
        (
            translate("meetings.label.apology"),
            join_words(messages.apologies(answers, await find_came(context, meeting))),
        ),
        (translate("meetings.label.chair"), meeting.chair),
        (translate("meetings.label.minute_taker"), meeting.minute_taker),
    ]
    return [(label, text) for label, text in facts if text]
