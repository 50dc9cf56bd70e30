"""Invoices: booked on the wish that they are for, so that what is committed goes down as it is paid."""

from __future__ import annotations

from handlers.capability import Ask, Deed
from handlers.chat.messages import Actions, Button, Note, Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import OpenForm, Replies, Whisper
from handlers.context import Context
from handlers.economy import forms, messages
from handlers.economy.books import map_titles
from handlers.economy.ledger import EARLIER, annul, commit, invoice, read_balance, read_lines, release, wish_subject
from handlers.economy.rules import rests_of
from handlers.inputs import read_amount, read_text
from handlers.members.filling import Filling
from locales import money, translate
from storage.enums import WishStatus
from storage.models.economy import LedgerEntry
from storage.queries import economy, wishes

MOST_OPTIONS = 90
"""A choice in a form holds a hundred at most on any chat."""

ENDED = frozenset({WishStatus.CLOSED, WishStatus.REJECTED, WishStatus.WITHDRAWN, WishStatus.MERGED})


async def open_invoice_form(context: Context, ask: Ask) -> Replies:
    """Opens the form for an invoice, with what is committed to choose from."""
    lines = await read_lines(context.session, context.group.id, context.today.year)
    subjects = sorted({line.subject for line in lines if line.subject})
    rests = [(subject, sum(rest for _, rest in rests_of(lines, subject)), 0) for subject in subjects]
    open_ones = sorted((one for one in rests if one[1]), key=lambda one: (-one[1], one[0]))[:MOST_OPTIONS]
    titles = await map_titles(context, [subject for subject, _, _ in open_ones])
    return [OpenForm(forms.invoice_form(open_ones, titles))]


class _InvoiceFields:
    """What was filled in, read and checked."""

    def __init__(self, ask: Ask) -> None:
        form = Filling(ask)
        chosen = ask.typed("wish")
        self.subject = "" if chosen == forms.NO_SUBJECT else chosen
        if not chosen:
            form.refuse("wish", "economy.subject_missing")
        elif self.subject and self.subject != EARLIER and not messages.wish_number(self.subject):
            form.refuse("wish", "inputs.choice_unknown")
        self.amount = form.take("amount", read_amount_above_zero, 0)
        if not ask.typed("amount"):
            form.refuse("amount", "economy.amount_missing")
        self.note = form.take("note", lambda typed, name: read_text(typed, name, forms.LONGEST_NOTE), "")
        self.last = bool(self.subject) and ask.switched(forms.LAST_INVOICE)
        form.check()


def read_amount_above_zero(typed: str, field: str) -> int:
    """An amount that is more than nothing, in øre.

    Raises:
        FieldRefusal: it is none, or 0.
    """
    amount = read_amount(typed, field)
    if not amount:
        raise FieldRefusal(field, "economy.amount_zero")
    return amount


async def check_invoice(context: Context, ask: Ask) -> None:
    """Refuse what can't be booked."""
    _InvoiceFields(ask)


async def book_invoice(context: Context, ask: Ask) -> Replies:
    """The invoice is booked; what was committed goes down, and the rest of it goes back after the last one."""
    fields = _InvoiceFields(ask)
    booked = await invoice(context, fields.amount, subject=fields.subject, note=fields.note)
    undo = list(booked.entries)
    if fields.last:
        undo += await commit(context, fields.subject, 0)
    titles = await map_titles(context, [fields.subject])
    named = messages.subject_name(fields.subject, titles)
    text = translate("economy.invoiced", amount=money(fields.amount), name=named)
    beyond = bool(fields.subject) and booked.beyond > 0
    balance = await read_balance(context.session, context.group.id, context.today.year)
    shown = message(
        Text(text),
        Note(translate("economy.invoice_beyond", amount=money(booked.beyond))) if beyond else None,
        Note(messages.free_sentence(balance)),
        Actions((_undo_button(undo),)),
    )
    return [Whisper(shown)]


def _undo_button(entries: list[LedgerEntry]) -> Button:
    ids = ",".join(str(entry.id) for entry in entries)
    question = translate("economy.undo_question")
    return Button(translate("economy.button.undo"), "economy.undo_invoice", value=ids, confirm=question)


async def undo_invoice(context: Context, ask: Ask) -> Replies:
    """An invoice that was booked wrongly no longer stands."""
    ids = [int(part) for part in ask.value.split(",")]
    entries = await economy.list_standing(context.session, context.group.id, ids)
    if len(entries) != len(ids):
        raise Refusal("economy.undone_already")
    await annul(context, entries)
    await _release_if_ended(context, entries[0].subject)
    balance = await read_balance(context.session, context.group.id, context.today.year)
    return [Whisper(message(Text(translate("economy.undone")), Note(messages.free_sentence(balance))))]


async def _release_if_ended(context: Context, subject: str) -> None:
    """What was paid is committed again, but not to a wish that has ended since."""
    number = messages.wish_number(subject)
    wish = await wishes.find_wish(context.session, context.group.id, number) if number else None
    if wish is not None and wish.status in ENDED:
        await release(context, wish_subject(number))


DEEDS = (
    Deed("economy.invoice_form", open_invoice_form, writes=False),
    Deed("economy.book_invoice", book_invoice, prepared=True, check=check_invoice),
    Deed("economy.undo_invoice", undo_invoice, prepared=True),
)
