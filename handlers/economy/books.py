"""The year's books: shows what there is to spend, sets frame, ceiling and mandate, and takes over what was there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.capability import Ask, Deed
from handlers.chat.messages import Button, Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import OpenForm, Post, Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Capacity, Context
from handlers.economy import forms, messages
from handlers.economy.ledger import EARLIER, Booking, book, commit, read_balance, read_lines, set_value, wish_subject
from handlers.economy.rules import Line, Prospect, balance_of, commitments_of, prospect_of
from handlers.inputs import read_amount, read_text
from handlers.members.filling import Filling
from handlers.members.happenings import GroupFounded
from handlers.members.rights import may, names_of
from locales import money, translate
from storage.enums import EntryKind, WishStatus
from storage.queries import wishes

EARLIEST_YEAR = 2000


async def show_books(context: Context, ask: Ask) -> Replies:
    """`/gruppe økonomi`, for this year or the one that is asked for."""
    year = read_year(context, ask.text)
    lines = await read_lines(context.session, context.group.id, year)
    commitments = commitments_of(lines, year)
    titles = await map_titles(context, [subject for subject, _, _ in commitments])
    if year != context.today.year:
        return [Whisper(messages.balance_message(balance_of(lines, year), commitments, titles))]
    prospect = await read_prospect(context, lines)
    shown = messages.balance_message(balance_of(lines, year), commitments, titles, _buttons(context), prospect)
    return [Whisper(shown)]


async def read_prospect(context: Context, lines: Sequence[Line] | None = None) -> Prospect:
    """What is prioritised and not yet started, and this year's money when it is. `lines` are the group's books of this
    year, where they are read already."""
    year = context.today.year
    books = lines if lines is not None else await read_lines(context.session, context.group.id, year)
    decided = await wishes.list_wishes(context.session, context.group.id, (WishStatus.PRIORITISED,))
    return prospect_of(books, year, {wish_subject(wish.number): wish.estimate for wish in decided})


def read_year(context: Context, text: str) -> int:
    """The budget year that a command asks for, this one where it names none.

    Raises:
        Refusal: it is no year that there are books for.
    """
    typed = text.strip()
    if not typed:
        return context.today.year
    if not re.fullmatch(r"[0-9]{4}", typed) or not EARLIEST_YEAR <= int(typed) <= context.today.year + 1:
        raise Refusal("economy.no_such_year", typed=typed[:40], year=str(context.today.year))
    return int(typed)


async def map_titles(context: Context, subjects: list[str]) -> dict[int, str]:
    """The titles of the wishes that ledger lines are about, by number."""
    numbers = [number for subject in subjects if (number := messages.wish_number(subject))]
    if not numbers:
        return {}
    found = await wishes.list_wishes(context.session, context.group.id, numbers=numbers)
    return {wish.number: wish.title for wish in found}


def _buttons(context: Context) -> list[Button]:
    buttons = []
    if may("economy.book_invoice", context.standing):
        buttons.append(Button(translate("economy.button.invoice"), "economy.invoice_form"))
    if may("economy.set_frame", context.standing) and _may_set_frame(context):
        buttons.append(Button(translate("economy.button.frame"), "economy.frame_form"))
    buttons.append(Button(translate("economy.button.report"), "economy.report"))
    return buttons


def _may_set_frame(context: Context) -> bool:
    """The committee sets it; where none is bound, the leader registers what was decided elsewhere."""
    return Capacity.STEERING in context.standing.capacities or not context.group.steering_bound


async def open_frame_form(context: Context, ask: Ask) -> Replies:
    """Opens the form for frame, ceiling and mandate."""
    _check_setter(context)
    return [OpenForm(forms.frame_form(await read_balance(context.session, context.group.id, context.today.year)))]


def _check_setter(context: Context) -> None:
    if not _may_set_frame(context):
        raise Refusal("economy.committee_sets_frame", who=names_of(frozenset({Capacity.STEERING})))


class _FrameFields:
    """What was filled in, read and checked."""

    def __init__(self, ask: Ask, this_year: int) -> None:
        form = Filling(ask)
        self.year = form.take("year", lambda typed, name: _read_choice_of_year(typed, name, this_year), this_year)
        self.frame: int | None = form.take("frame", read_amount, None)
        self.ceiling: int | None = form.take("ceiling", read_amount, None)
        self.mandate: int | None = form.take("mandate", read_amount, None)
        self.note = form.take("note", lambda typed, name: read_text(typed, name, forms.LONGEST_NOTE), "")
        if not ask.typed("frame"):
            form.refuse("frame", "economy.frame_missing")
        form.check()


def _read_choice_of_year(typed: str, field: str, this_year: int) -> int:
    if typed not in (str(this_year), str(this_year + 1)):
        raise FieldRefusal(field, "inputs.choice_unknown")
    return int(typed)


async def check_frame(context: Context, ask: Ask) -> None:
    """Refuse what can't be set."""
    _check_setter(context)
    _FrameFields(ask, context.today.year)


async def set_frame(context: Context, ask: Ask) -> Replies:
    """The year's frame, ceiling and mandate are as filled in; the group's channel hears what is different."""
    _check_setter(context)
    fields = _FrameFields(ask, context.today.year)
    before = await read_balance(context.session, context.group.id, fields.year)
    values = ((EntryKind.FRAME, fields.frame), (EntryKind.CEILING, fields.ceiling), (EntryKind.MANDATE, fields.mandate))
    known = {EntryKind.FRAME: before.frame, EntryKind.CEILING: before.ceiling, EntryKind.MANDATE: before.mandate}
    changed = [(kind, amount) for kind, amount in values if known[kind] != amount]
    if not changed:
        raise Refusal("economy.nothing_changed", year=str(fields.year))
    made = [
        await set_value(context, Booking(kind, amount, year=fields.year, note=fields.note)) for kind, amount in changed
    ]
    with context.speaking_to_group():
        parts = [_said(kind, amount) for kind, amount in changed]
        as_told = Capacity.STEERING not in context.standing.capacities
        key = "economy.frame_told" if as_told else "economy.frame_set"
        text = translate(key, name=context.me.name, year=str(fields.year))
        shown = message(Text(text), messages.changes(parts, fields.note))
    newest = next(entry.id for entry in made if entry is not None)
    return [Post(f"economy:{newest}", context.group.channel, shown)]


def _said(kind: EntryKind, amount: int | None) -> tuple[str, str]:
    return translate(f"economy.label.{kind}"), money(amount) if amount is not None else translate("economy.none")


async def take_over(context: Context, founded: GroupFounded) -> Replies:
    """What was there when the group was made: its frame, and what the year has cost already."""
    if founded.frame is not None:
        await set_value(context, Booking(EntryKind.FRAME, founded.frame, year=founded.year))
    if founded.ceiling is not None:
        await set_value(context, Booking(EntryKind.CEILING, founded.ceiling, year=founded.year))
    if founded.spent:
        await book(context, Booking(EntryKind.SPENT, founded.spent, year=founded.year))
    if founded.committed:
        await commit(context, EARLIER, founded.committed)
    return []


DEEDS = (
    Deed("economy.show", show_books, writes=False),
    Deed("economy.frame_form", open_frame_form, writes=False),
    Deed("economy.set_frame", set_frame, prepared=True, check=check_frame),
)
WORDS = (Word("group", "economy.show", ("økonomi", "oekonomi", "okonomi", "economy")),)
