"""Gathers what stands in the group's document: economy, wishes, results, meetings and decisions, as of now."""

from __future__ import annotations

from handlers.ballots.box import read_boxes
from handlers.chat.messages import Block, Heading, Listing, Note, Quote, Table, Text
from handlers.context import Context
from handlers.decisions.chain import head
from handlers.decisions.commands import decision_items
from handlers.economy.books import map_titles
from handlers.economy.ledger import read_lines
from handlers.economy.messages import balance_message
from handlers.economy.rules import balance_of, commitments_of
from handlers.polls.result_messages import result_message
from handlers.polls.state import PollState, map_taken_in, subject_of
from handlers.reports.document import Document, all_writable
from locales import join_words, language, long_date, long_moment, money, short_date, translate
from storage.enums import PollStatus
from storage.models.meetings import Meeting
from storage.models.wishes import Wish
from storage.queries import log, meetings, polls, wishes


async def gather(context: Context) -> Document:
    """The document as it stands now, in the language that is spoken; its first page has the head of the log's chain."""
    product = context.group.product
    chain = translate("decisions.head", head=await head(context.session, context.group.id))
    blocks: list[Block] = [Note(translate("reports.as_of", date=long_date(context.today))), Note(chain)]
    blocks += await _economy(context)
    blocks += await _wishes(context)
    blocks += await _results(context)
    blocks += await _meetings(context)
    blocks += await _decisions(context)
    title = translate("reports.title", product=product)
    return all_writable(Document(title, language(), tuple(blocks)))


async def _economy(context: Context) -> list[Block]:
    year = context.today.year
    lines = await read_lines(context.session, context.group.id, year)
    commitments = commitments_of(lines, year)
    titles = await map_titles(context, [subject for subject, _, _ in commitments])
    return list(balance_message(balance_of(lines, year), commitments, titles).blocks)


async def _wishes(context: Context) -> list[Block]:
    found = await wishes.list_wishes(context.session, context.group.id)
    heading = Heading(translate("reports.wishes"))
    if not found:
        return [heading, Note(translate("reports.no_wishes"))]
    backing = await wishes.map_backing_units(context.session, [wish.id for wish in found])
    columns = ("short_number", "title", "municipality", "status", "amount", "backers")
    rows = tuple(_wish_row(wish, backing.get(wish.id, [])) for wish in found)
    return [heading, Table(tuple(translate(f"reports.column.{name}") for name in columns), rows)]


def _wish_row(wish: Wish, backers: list[str]) -> tuple[str, ...]:
    return (
        f"#{wish.number}",
        wish.title,
        wish.unit_name or "–",
        translate(f"wishes.status.{wish.status}"),
        _amount(wish),
        join_words(backers) or "–",
    )


def _amount(wish: Wish) -> str:
    """The estimate, or the submitter's guess that says what it is."""
    if wish.estimate is not None:
        return money(wish.estimate)
    return translate("reports.guess", amount=money(wish.guess)) if wish.guess is not None else "–"


async def _results(context: Context) -> list[Block]:
    """The results that were published, oldest first, with those that did not vote: for the leader's file, never the
    channel."""
    ended = await polls.list_polls(context.session, context.group.id, (PollStatus.CLOSED, PollStatus.ANNULLED))
    counted = sorted((poll for poll in ended if poll.result is not None), key=lambda poll: poll.number)
    candidates = await polls.list_candidates_of(context.session, [poll.id for poll in counted])
    boxes = await read_boxes(context.session, context.group.id) if counted else {}
    taken_in = await map_taken_in(context, candidates)
    blocks: list[Block] = []
    for poll in counted:
        its = [one for one in candidates if one.poll_id == poll.id]
        state = PollState(poll, its, boxes[subject_of(poll)], taken_in)
        blocks += result_message(state).blocks
        if silent := [unit.name for unit in state.silent]:
            blocks.append(Note(translate("reports.silent", units=join_words(silent))))
    return blocks


async def _meetings(context: Context) -> list[Block]:
    found = await meetings.list_all_meetings(context.session, context.group.id)
    if not found:
        return []
    header = tuple(translate(f"reports.column.{name}") for name in ("date", "meeting", "place", "status"))
    rows = tuple(
        (
            short_date(meeting.starts_at),
            translate("meetings.named", number=meeting.number, title=meeting.title),
            meeting.place or "–",
            translate(f"meetings.status.{meeting.status}"),
        )
        for meeting in found
    )
    blocks: list[Block] = [Heading(translate("reports.meetings")), Table(header, rows)]
    for meeting in found:
        blocks += _minutes(meeting)
    return blocks


def _minutes(meeting: Meeting) -> list[Block]:
    if not meeting.minutes:
        return []
    said = translate(
        "reports.minutes", number=meeting.number, title=meeting.title, moment=long_moment(meeting.starts_at)
    )
    return [Text(said), Quote(meeting.minutes)]


async def _decisions(context: Context) -> list[Block]:
    count = await log.count_decisions(context.session, context.group.id)
    if not count:
        return []
    entries = await log.list_decisions(context.session, context.group.id, count)
    lines = await decision_items(context, entries)
    return [Heading(translate("reports.decisions")), Listing(lines)]
