"""What the group's money looks like: the year's books, the forms, and what is told when something is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.chat.messages import (
    Actions,
    Button,
    Facts,
    Field,
    Form,
    Heading,
    Message,
    Note,
    Option,
    Table,
    Text,
    message,
)
from handlers.economy.ledger import EARLIER
from handlers.economy.rules import Balance
from locales import money, number, translate
from storage.models.members import Unit

LONGEST_NOTE = 200
MOST_ROWS = 30
"""Commitments that the books show before they only say how many more there are."""

NO_SUBJECT = "none"
LAST_INVOICE = "last"

Commitment = tuple[str, int, int]
"""Subject, still committed, invoiced; in øre."""


def amount_as_typed(ore: int | None) -> str:
    """An amount as `inputs.read_amount` takes it, for a field that is filled in beforehand: `16.500` or `16.500,50`."""
    if ore is None:
        return ""
    kroner, rest = divmod(ore, 100)
    return f"{kroner:,}".replace(",", ".") + (f",{rest:02}" if rest else "")


def wish_number(subject: str) -> int:
    """The wish's number in a subject of the ledger, 0 for none."""
    kind, _, digits = subject.partition(":")
    return int(digits) if kind == "wish" and digits.isascii() and digits.isdigit() else 0


def subject_name(subject: str, titles: Mapping[int, str]) -> str:
    """What a line of the ledger is about: `#43 Titel`."""
    if subject == EARLIER:
        return translate("economy.earlier")
    if not wish_number(subject):
        return translate("economy.no_wish")
    title = titles.get(wish_number(subject), "")
    return translate("economy.wish_named", number=wish_number(subject), title=title).strip()


def free_sentence(balance: Balance) -> str:
    """What is til rådighed, or that nobody has set a frame."""
    if balance.free is None:
        return translate("economy.no_frame", year=str(balance.year))
    return translate("economy.free", amount=money(balance.free), year=str(balance.year))


def balance_message(
    balance: Balance, commitments: Sequence[Commitment], titles: Mapping[int, str], buttons: Sequence[Button]
) -> Message:
    """A year's books, with the buttons of the one who reads them."""
    hidden = len(commitments) - MOST_ROWS
    return message(
        Heading(translate("economy.heading", year=str(balance.year))),
        Text(free_sentence(balance)),
        Facts(tuple(balance_facts(balance))),
        commitment_table(commitments[:MOST_ROWS], titles),
        Note(translate("economy.more_rows", count=number(hidden))) if hidden > 0 else None,
        Note(translate("economy.without_vat")),
        Actions(tuple(buttons)) if buttons else None,
    )


def balance_facts(balance: Balance) -> list[tuple[str, str]]:
    """The year's figures, in the order that they are taken from the frame."""
    facts = [
        ("frame", _or_none(balance.frame, "economy.not_set")),
        ("ceiling", _or_none(balance.ceiling, "economy.none")),
        ("mandate", _or_none(balance.mandate, "economy.none")),
        ("spent", money(balance.spent)),
        ("committed", money(balance.committed)),
    ]
    if balance.granted:
        facts.append(("granted", money(balance.granted)))
    if balance.earmarked:
        facts.append(("earmarked", money(balance.earmarked)))
    if balance.pledged:
        facts.append(("pledged", money(balance.pledged)))
    if balance.covered:
        facts.append(("covered", money(balance.covered)))
    facts.append(("free", _or_none(balance.free, "economy.not_known")))
    return [(translate(f"economy.label.{name}"), text) for name, text in facts]


def commitment_table(commitments: Sequence[Commitment], titles: Mapping[int, str]) -> Table | Note:
    """What is committed and not yet invoiced, wish by wish."""
    if not commitments:
        return Note(translate("economy.nothing_committed"))
    header = ("wish", "committed", "spent")
    return Table(
        tuple(translate(f"economy.column.{name}") for name in header),
        tuple((subject_name(subject, titles), money(rest), money(paid)) for subject, rest, paid in commitments),
    )


def changes(parts: Sequence[tuple[str, str]], note: str) -> Facts:
    """What is different now, and what it rests on."""
    return Facts((*parts, *(((translate("economy.field.note"), note),) if note else ())))


def _or_none(amount: int | None, otherwise: str) -> str:
    return translate(otherwise) if amount is None else money(amount)


def frame_form(balance: Balance) -> Form:
    """The year's frame, the ceiling for one wish, and the mandate for acute ones."""
    years = (balance.year, balance.year + 1)
    return Form(
        deed="economy.set_frame",
        title=translate("economy.frame_form.title"),
        intro=translate("economy.frame_form.intro"),
        submit=translate("economy.frame_form.submit"),
        fields=(
            Field(
                "year",
                translate("economy.field.year"),
                "choice",
                required=True,
                value=str(balance.year),
                options=tuple(Option(str(year), str(year)) for year in years),
            ),
            _amount_field("frame", balance.frame, required=True),
            _amount_field("ceiling", balance.ceiling),
            _amount_field("mandate", balance.mandate),
            Field(
                "note",
                translate("economy.field.note"),
                hint=translate("economy.field.note_hint"),
                maximum=LONGEST_NOTE,
            ),
        ),
    )


def invoice_form(commitments: Sequence[Commitment], titles: Mapping[int, str]) -> Form:
    """An invoice, on one of the wishes that something is committed to, or on none."""
    options = [
        Option(subject, translate("economy.on_wish", name=subject_name(subject, titles)[:60], rest=money(rest)))
        for subject, rest, _ in commitments
    ]
    return Form(
        deed="economy.book_invoice",
        title=translate("economy.invoice_form.title"),
        intro=translate("economy.without_vat"),
        submit=translate("economy.invoice_form.submit"),
        fields=(
            Field(
                "wish",
                translate("economy.field.invoice_of"),
                "choice",
                required=True,
                options=(*options, Option(NO_SUBJECT, translate("economy.no_wish"))),
            ),
            _amount_field("amount", None, required=True),
            Field(
                "note",
                translate("economy.field.invoice_note"),
                hint=translate("economy.field.invoice_note_hint"),
                maximum=LONGEST_NOTE,
            ),
            Field(LAST_INVOICE, translate("economy.field.last_invoice"), "switch"),
        ),
    )


def pledge_form(number_of_wish: int, title: str, pledged: int | None) -> Form:
    """What a representative's own municipality gives to a wish."""
    return Form(
        deed="economy.pledge",
        subject=str(number_of_wish),
        title=translate("economy.pledge_form.title"),
        intro=translate("economy.pledge_form.intro", number=number_of_wish, title=title),
        submit=translate("economy.pledge_form.submit"),
        fields=(_amount_field("amount", pledged, required=True),),
    )


def split_form(number_of_wish: int, title: str, amount: int | None, units: Sequence[Unit], backing: set[int]) -> Form:
    """How a wish's cost is shared between municipalities."""
    ways = ("equal", "citizens", "by_hand")
    return Form(
        deed="economy.split",
        subject=str(number_of_wish),
        title=translate("economy.split_form.title"),
        intro=translate("economy.split_form.intro", number=number_of_wish, title=title),
        submit=translate("economy.split_form.submit"),
        fields=(
            Field(
                "way",
                translate("economy.field.way"),
                "choice",
                required=True,
                value="equal",
                options=tuple(Option(way, translate(f"economy.way.{way}")) for way in ways),
            ),
            _amount_field("amount", amount, hint="economy.field.split_amount_hint"),
            Field(
                "units",
                translate("economy.field.units"),
                "multi",
                value=tuple(str(unit.id) for unit in units if unit.id in backing),
                options=tuple(Option(str(unit.id), unit.name) for unit in units),
                hint=translate("economy.field.units_hint"),
            ),
            Field("lines", translate("economy.field.lines"), "long", hint=translate("economy.field.lines_hint")),
        ),
    )


def _amount_field(name: str, amount: int | None, *, required: bool = False, hint: str = "") -> Field:
    return Field(
        name,
        translate(f"economy.field.{name}"),
        "amount",
        required=required,
        value=amount_as_typed(amount),
        hint=translate(hint or "economy.field.amount_hint"),
    )


def pledges_table(pledges: Sequence[tuple[str, int]]) -> Table:
    """Who gives how much to a wish."""
    total = sum(amount for _, amount in pledges)
    rows = [*pledges, (translate("economy.total"), total)]
    return Table(
        (translate("economy.column.unit"), translate("economy.column.pledge")),
        tuple((name, money(amount)) for name, amount in rows),
    )
