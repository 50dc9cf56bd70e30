"""The decision log: what the group has decided, newest first, with who, when and on what basis."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.capability import Ask, Capability, Deed
from handlers.chat.messages import Actions, Button, Heading, Item, Listing, Message, Note, message
from handlers.chat.replies import Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from handlers.decisions.chain import head
from handlers.decisions.words import Known, detail, people_of, sentence, wish_of
from locales import plural, translate
from storage.models.log import LogEntry
from storage.queries import log, members, wishes

PAGE = 10
"""Decisions on one page."""


async def list_decisions(context: Context, ask: Ask) -> Replies:
    """`/gruppe beslutninger`, a page at a time."""
    group_id = context.group.id
    count = await log.count_decisions(context.session, group_id)
    pages = max(1, -(-count // PAGE))
    page = min(max(ask.number() if (ask.subject or ask.text).strip() else 1, 1), pages)
    entries = await log.list_decisions(context.session, group_id, PAGE, (page - 1) * PAGE)
    lines = await decision_items(context, entries)
    shown = _Page(lines, page, pages, count, await head(context.session, group_id))
    return [Whisper(_decisions_message(context.group.product, shown))]


async def decision_items(context: Context, entries: list[LogEntry]) -> tuple[Item, ...]:
    """These decisions in words, one line each, for others' messages."""
    known = await _known(context, entries)
    return tuple(Item(sentence(entry, known), detail(entry, known)) for entry in entries)


async def _known(context: Context, entries: list[LogEntry]) -> Known:
    """The names and titles that the entries' words need: a query each."""
    ids = {one for entry in entries for one in people_of(entry)}
    numbers = {number for entry in entries if (number := wish_of(entry)) is not None}
    people = await members.map_people(context.session, ids)
    found = await wishes.list_wishes(context.session, context.group.id, numbers=numbers) if numbers else []
    return Known({one.id: one.name for one in people.values()}, {wish.number: wish.title for wish in found})


@dataclass(frozen=True, slots=True)
class _Page:
    """Some of the decisions in words, newest first; `head` is the first signs of the log's newest hash."""

    lines: tuple[Item, ...]
    number: int
    pages: int
    count: int
    head: str


def _decisions_message(product: str, page: _Page) -> Message:
    heading = Heading(translate("decisions.heading", product=product))
    if not page.lines:
        return message(heading, Note(translate("decisions.none_yet")))
    buttons = []
    if page.number < page.pages:
        buttons.append(Button(translate("decisions.button.older"), "decisions.list", str(page.number + 1)))
    if page.number > 1:
        buttons.append(Button(translate("decisions.button.newer"), "decisions.list", str(page.number - 1)))
    return message(
        heading,
        Listing(page.lines),
        Note(f"{plural('decisions.count', page.count)} {translate('decisions.head', head=page.head)}"),
        Note(translate("members.page", page=page.number, pages=page.pages)) if page.pages > 1 else None,
        Actions(tuple(buttons)) if buttons else None,
    )


CAPABILITY = Capability(
    name="decisions",
    deeds=(Deed("decisions.list", list_decisions, writes=False),),
    words=(Word("group", "decisions.list", ("beslutninger", "decisions")),),
)
