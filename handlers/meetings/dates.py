"""Finds a date: times that people say yes to by emoji, and the leader chooses one."""

from __future__ import annotations

import datetime as dt

from handlers.capability import Ask, Deed
from handlers.chat.emoji import fold
from handlers.chat.messages import (
    NUMBERED,
    Actions,
    Heading,
    Item,
    Listing,
    Message,
    Note,
    Option,
    Select,
    Text,
    message,
)
from handlers.chat.refusals import Refusal
from handlers.chat.replies import OpenForm, Post, Replies, Seed, Update, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.inputs import read_count, read_text
from handlers.meetings import messages
from handlers.meetings.deeds import announce, store_meeting
from handlers.meetings.reading import LONGEST_MEETING, LONGEST_TITLE, MeetingFields, read_times
from locales import join_words, long_moment, plural, translate
from storage.models.meetings import DateSearch
from storage.queries import exchange, meetings, members


def search_key(search: DateSearch) -> str:
    return f"dates:{search.number}"


async def open_form(context: Context, ask: Ask) -> Replies:
    return [OpenForm(messages.dates_form())]


async def ask_dates(context: Context, ask: Ask) -> Replies:
    """The times for everybody, with their emojis there to click."""
    title = read_text(ask.typed("title"), "title", LONGEST_TITLE, required=True)
    times = read_times(ask.typed("times"), context.now, context.today)
    length = read_count(ask.typed("minutes_long") or "90", "minutes_long", 5, LONGEST_MEETING)
    search = DateSearch(
        group_id=context.group.id,
        number=await meetings.next_search_number(context.session, context.group.id),
        title=title,
        times=[moment.isoformat() for moment in times],
        minutes_long=length,
        created_at=context.now,
    )
    context.session.add(search)
    await context.session.flush()
    await record(context, "meeting.dates_asked", search_key(search), {"times": search.times})
    with context.speaking_to_group():
        shown = _shown(search, {})
    key = search_key(search)
    return [Post(key, context.group.channel, shown, ballot=True), Seed(key, NUMBERED[: len(times)])]


async def click(context: Context, ask: Ask) -> Replies:
    """Somebody can, or no longer can."""
    search = await _find(context, ask.key)
    if search is None or search.meeting_number is not None:
        return []
    return [Update(ask.key, await _message(context, search), tally=True)]


async def choose(context: Context, ask: Ask) -> Replies:
    """The leader chooses a time: a meeting is planned from it."""
    search = await meetings.find_search(context.session, context.group.id, ask.number())
    if search is None or not ask.value.isdigit() or int(ask.value) >= len(search.times):
        raise Refusal("chat.stale")
    if search.meeting_number is not None:
        raise Refusal("meetings.dates_chosen", number=search.meeting_number)
    starts_at = dt.datetime.fromisoformat(search.times[int(ask.value)])
    if starts_at <= context.now:
        raise Refusal("meetings.dates_passed")
    fields = MeetingFields(
        search.title, starts_at, search.minutes_long, "", "", context.me.name, "", held=False, units=None
    )
    meeting = await store_meeting(context, fields)
    search.meeting_number = meeting.number
    key = search_key(search)
    told = Whisper(message(Text(translate("meetings.stored", number=meeting.number))))
    return [told, Update(key, await _message(context, search), ends_ballot=True), *await announce(context, meeting)]


async def _find(context: Context, key: str) -> DateSearch | None:
    number = key.removeprefix("dates:")
    return await meetings.find_search(context.session, context.group.id, int(number)) if number.isdigit() else None


async def _message(context: Context, search: DateSearch) -> Message:
    rows = await exchange.list_emojis(context.session, [f"{context.group.id}:{search_key(search)}"])
    people = await members.map_people(context.session, [row.person_id for row in rows])
    can: dict[int, list[str]] = {}
    for row in rows:
        if row.on and fold(row.emoji) in NUMBERED:
            can.setdefault(NUMBERED.index(fold(row.emoji)), []).append(people[row.person_id].name)
    with context.speaking_to_group():
        return _shown(search, can)


def _shown(search: DateSearch, can: dict[int, list[str]]) -> Message:
    times = [long_moment(dt.datetime.fromisoformat(text)) for text in search.times]
    items = tuple(Item(time, _people(sorted(set(can.get(at, [])))), NUMBERED[at]) for at, time in enumerate(times))
    chosen = search.meeting_number
    options = tuple(Option(str(at), time) for at, time in enumerate(times))
    return message(
        Heading(translate("meetings.dates_of", title=search.title)),
        Listing(items),
        Note(translate("meetings.dates_how") if chosen is None else translate("meetings.dates_done", number=chosen)),
        Actions((Select(translate("meetings.button.choose"), "meeting.choose_date", options, str(search.number)),))
        if chosen is None
        else None,
    )


def _people(names: list[str]) -> str:
    return f"{plural('meetings.can', len(names))}: {join_words(names)}" if names else ""


DEEDS = (
    Deed("meeting.dates_form", open_form, writes=False),
    Deed("meeting.ask_dates", ask_dates),
    Deed("meeting.date_click", click),
    Deed("meeting.choose_date", choose),
)
