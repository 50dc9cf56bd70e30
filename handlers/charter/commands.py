"""The group's terms of reference as it has filled them in, and how it lives up to them."""

from __future__ import annotations

from handlers.capability import Ask, Capability, Deed
from handlers.charter.health import SILENT_POLLS, Facts, Point, examine, silent_units
from handlers.chat.messages import Actions, Button, Heading, Item, Listing, Message, Note, message
from handlers.chat.messages import Facts as FactsBlock
from handlers.chat.replies import Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from handlers.economy.ledger import read_balance
from handlers.meetings.deeds import read_year
from handlers.members.settings import GroupSettings, read_settings
from locales import join_words, long_date, money, translate
from storage.enums import PollStatus
from storage.queries import ballots, escalations, members, polls, wishes

MOST_NAMED = 8
SECTIONS = ("purpose", "ground_rules", "tasks", "secretariat", "duties", "goals", "avoid")
"""The sections whose words are the same for every group; the others are the group's own numbers."""


async def show_charter(context: Context, ask: Ask) -> Replies:
    """`/gruppe kommissorium`: its head, its sections and the group's own numbers in them."""
    settings = await read_settings(context.session, context.group.id)
    balance = await read_balance(context.session, context.group.id, context.today.year)
    units = await members.list_voting_units(context.session, context.group.id)
    leaders = await members.list_leaders(context.session, context.group.id)
    own = [
        ("product", context.group.product),
        ("members", join_words(unit.name for unit in units)),
        ("level", translate(f"members.level.{settings.level}") if settings.level else ""),
        ("since", long_date(context.group.founded_at)),
        ("leader", join_words(person.name for person in leaders)),
        ("meetings", translate("charter.meetings", minimum=settings.minimum)),
        ("quorum", _quorum(settings)),
        ("frame", money(balance.frame) if balance.frame is not None else ""),
    ]
    return [Whisper(_charter_message(context.group.product, own))]


def _quorum(settings: GroupSettings) -> str:
    return translate("charter.quorum", share=settings.quorum) if settings.quorum else translate("charter.no_quorum")


def _charter_message(product: str, own: list[tuple[str, str]]) -> Message:
    missing = translate("charter.not_said")
    sections = tuple(Item(translate(f"charter.section.{name}"), translate(f"charter.text.{name}")) for name in SECTIONS)
    return message(
        Heading(translate("charter.heading", product=product)),
        FactsBlock(tuple((translate(f"charter.label.{name}"), text or missing) for name, text in own)),
        Listing(sections),
        Note(translate("charter.source")),
        Actions(
            (
                Button(translate("charter.button.settings"), "members.open_settings"),
                Button(translate("charter.button.health"), "charter.health"),
            )
        ),
    )


async def show_health(context: Context, ask: Ask) -> Replies:
    """`/gruppe sundhed`: what the terms of reference protect, point by point."""
    points = examine(await _facts(context))
    items = tuple(_item(point) for point in points)
    well = sum(1 for point in points if not point.wrong and not point.unknown)
    note = Note(translate("charter.health.count", well=well, all=len(points)))
    return [Whisper(message(Heading(translate("charter.health.heading")), Listing(items), note))]


def _item(point: Point) -> Item:
    if point.unknown:
        return Item(f"– {translate(f'charter.unknown.{point.name}')}")
    if not point.wrong:
        return Item(f"✓ {translate(f'charter.well.{point.name}')}")
    named = [*point.wrong[:MOST_NAMED], *(["…"] if len(point.wrong) > MOST_NAMED else [])]
    return Item(f"✗ {translate(f'charter.wrong.{point.name}', named=join_words(named))}")


async def _facts(context: Context) -> Facts:
    session, group_id, today = context.session, context.group.id, context.today
    year = await read_year(context, today.year)
    reached = year.held + sum(1 for day in year.planned if day <= today)
    return Facts(
        led=bool(await members.list_leaders(session, group_id)),
        behind=max(0, year.due_by(today) - reached),
        unanswered=[case.wish_number for case in await escalations.list_open_cases(session, group_id)],
        silent=await _silent(context),
        wishes=await wishes.list_wishes(session, group_id),
        frame=(await read_balance(session, group_id, today.year)).frame is not None,
    )


async def _silent(context: Context) -> list[str] | None:
    """The units that the last two closed polls have not heard from."""
    closed = await polls.list_polls(context.session, context.group.id, (PollStatus.CLOSED,))
    names: dict[int, str] = {}
    last = []
    for poll in sorted(closed, key=lambda one: one.number)[-SILENT_POLLS:]:
        subject = f"poll:{poll.number}"
        electors = await ballots.list_electors(context.session, context.group.id, subject)
        cast = await ballots.list_ballots(context.session, context.group.id, subject)
        names |= {unit.id: unit.name for _, unit in electors}
        last.append(({unit.id for _, unit in electors}, {ballot.unit_id for ballot in cast if ballot.marks}))
    return silent_units(last, names)


CAPABILITY = Capability(
    name="charter",
    deeds=(
        Deed("charter.show", show_charter, writes=False),
        Deed("charter.health", show_health, writes=False),
    ),
    words=(
        Word("group", "charter.show", ("kommissorium", "charter")),
        Word("group", "charter.health", ("sundhed", "health")),
    ),
)
