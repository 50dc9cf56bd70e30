"""Finds a date: times that people say yes to by emoji, and the leader chooses one."""

from __future__ import annotations

import datetime as dt

from handlers.capability import Ask, Deed
from handlers.chat.emoji import fold
from handlers.chat.messages import (
    NUMBERED,
    Actions,
    Button,
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
from handlers.meetings import forms
from handlers.meetings.deeds import announce, store_meeting, told_of
from handlers.meetings.reading import LONGEST_MEETING, LONGEST_TITLE, MeetingFields, read_times
from locales import join_words, long_moment, plural, translate
from storage.models.meetings import DateAnswer, DateSearch
from storage.queries import exchange, meetings, members


def search_key(search: DateSearch) -> str:
    return f"dates:{search.number}"


async def open_form(context: Context, ask: Ask) -> Replies:
    return [OpenForm(forms.dates_form())]


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
        shown = _shown(search, [""] * len(times))
    key = search_key(search)
    return [Post(key, context.group.channel, shown, ballot=True), Seed(key, NUMBERED[: len(times)])]


async def click(context: Context, ask: Ask) -> Replies:
    """Somebody can, or no longer can: from now on their emojis are their answer."""
    search = await _find(context, ask.key)
    if search is None or search.meeting_number is not None or not any(one.renewed for one in ask.clicks):
        return []
    answer = await meetings.find_date_answer(context.session, search.id, context.me.id)
    if answer is not None:
        await context.session.delete(answer)
        await context.session.flush()
    return [Update(ask.key, await _message(context, search), tally=True)]


async def open_answer_form(context: Context, ask: Ask) -> Replies:
    """The same without emojis."""
    search = await _get_open(context, ask.number())
    mine = [at for at, people in (await _read_answers(context, search)).items() if context.me.id in people]
    return [OpenForm(forms.date_answer_form(search, _times(search), mine))]


async def answer_dates(context: Context, ask: Ask) -> Replies:
    """The form's answer takes the place of the person's emojis."""
    search = await _get_open(context, ask.number())
    can = sorted(int(at) for at in ask.chosen("times") if at.isdigit() and int(at) < len(search.times))
    answer = await meetings.find_date_answer(context.session, search.id, context.me.id)
    if answer is None:
        answer = DateAnswer(search_id=search.id, person_id=context.me.id, can=can, at=context.now)
        context.session.add(answer)
    answer.can, answer.at = can, context.now
    await context.session.flush()
    told = Whisper(message(Text(translate("meetings.dates_answered"))))
    return [told, Update(search_key(search), await _message(context, search), tally=True)]


async def _get_open(context: Context, number: int) -> DateSearch:
    search = await meetings.find_search(context.session, context.group.id, number)
    if search is None:
        raise Refusal("chat.stale")
    if search.meeting_number is not None:
        raise Refusal("meetings.dates_chosen", number=search.meeting_number)
    return search


async def choose(context: Context, ask: Ask) -> Replies:
    """The leader chooses a time: a meeting is planned from it."""
    search = await _get_open(context, ask.number())
    if not ask.value.isdigit() or int(ask.value) >= len(search.times):
        raise Refusal("chat.stale")
    starts_at = dt.datetime.fromisoformat(search.times[int(ask.value)])
    if starts_at <= context.now:
        raise Refusal("meetings.dates_passed")
    fields = MeetingFields(
        search.title, starts_at, search.minutes_long, "", "", context.me.name, "", held=False, units=None
    )
    meeting = await store_meeting(context, fields)
    search.meeting_number = meeting.number
    key = search_key(search)
    return [
        told_of("meetings.stored", meeting),
        Update(key, await _message(context, search), ends_ballot=True),
        *await announce(context, meeting),
    ]


async def _find(context: Context, key: str) -> DateSearch | None:
    number = key.removeprefix("dates:")
    return await meetings.find_search(context.session, context.group.id, int(number)) if number.isdigit() else None


async def _read_answers(context: Context, search: DateSearch) -> dict[int, set[str]]:
    """Which people can at which of the times, by its position: what a person said last counts, in whatever way."""
    rows = await exchange.list_emojis(context.session, [f"{context.group.id}:{search_key(search)}"])
    in_words = {answer.person_id: answer.can for answer in await meetings.list_date_answers(context.session, search.id)}
    can: dict[int, set[str]] = {at: set() for at in range(len(search.times))}
    for row in rows:
        at = NUMBERED.index(name) if (name := fold(row.emoji)) in NUMBERED else len(search.times)
        if row.on and at in can and row.person_id not in in_words:
            can[at].add(row.person_id)
    for person_id, positions in in_words.items():
        for at in positions:
            can[at].add(person_id)
    return can


async def _message(context: Context, search: DateSearch) -> Message:
    can = await _read_answers(context, search)
    people = await members.map_people(context.session, set().union(*can.values()))
    representatives = await members.list_representatives(context.session, context.group.id)
    unit_of = {person.id: unit.id for person, unit, _ in representatives}
    with context.speaking_to_group():
        lines = [
            _people([people[one].name for one in ids], {unit_of[one] for one in ids & unit_of.keys()})
            for ids in can.values()
        ]
        return _shown(search, lines)


def _people(names: list[str], units: set[int]) -> str:
    """Who can, and how many units that is."""
    if not names:
        return ""
    said = f"{plural('meetings.can', len(names))}: {join_words(sorted(names))}"
    return f"{said} · {plural('meetings.units', len(units))}" if units else said


def _times(search: DateSearch) -> list[str]:
    return [long_moment(dt.datetime.fromisoformat(text)) for text in search.times]


def _shown(search: DateSearch, lines: list[str]) -> Message:
    """The times with who can, one line each."""
    times = _times(search)
    items = tuple(Item(time, line, NUMBERED[at]) for at, (time, line) in enumerate(zip(times, lines, strict=True)))
    chosen = search.meeting_number
    return message(
        Heading(translate("meetings.dates_of", title=search.title)),
        Listing(items),
        Note(translate("meetings.dates_how") if chosen is None else translate("meetings.dates_done", number=chosen)),
        _search_buttons(search, times) if chosen is None else None,
    )


def _search_buttons(search: DateSearch, times: list[str]) -> Actions:
    number = str(search.number)
    options = tuple(Option(str(at), time) for at, time in enumerate(times))
    return Actions(
        (
            Button(translate("meetings.button.answer_dates"), "meeting.answer_dates_form", number),
            Select(translate("meetings.button.choose"), "meeting.choose_date", options, number),
        )
    )


DEEDS = (
    Deed("meeting.dates_form", open_form, writes=False),
    Deed("meeting.ask_dates", ask_dates),
    Deed("meeting.date_click", click),
    Deed("meeting.answer_dates_form", open_answer_form, writes=False),
    Deed("meeting.answer_dates", answer_dates),
    Deed("meeting.choose_date", choose),
)
