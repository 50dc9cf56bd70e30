"""The forms about money: the year's frame, an invoice, a pledge, and how a cost is shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.chat.messages import Field, Form, Option
from handlers.economy.messages import Commitment, subject_name
from handlers.economy.rules import Balance
from locales import money, translate
from storage.models.members import Unit

LONGEST_NOTE = 200
NO_SUBJECT = "none"
LAST_INVOICE = "last"


def amount_as_typed(ore: int | None) -> str:
    """An amount as `inputs.read_amount` takes it, for a field that is filled in beforehand: `16.500` or `16.500,50`."""
    if ore is None:
        return ""
    kroner, rest = divmod(ore, 100)
    return f"{kroner:,}".replace(",", ".") + (f",{rest:02}" if rest else "")


def frame_form(balance: Balance) -> Form:
    """The year's frame, the ceiling for one wish, and the mandate for acute ones."""
    years = (balance.year, balance.year + 1)
    return Form(
        deed="economy.set_frame",
        title=translate("economy.frame_form.title"),
        intro=_with_warning(translate("economy.frame_form.intro")),
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
        Option(subject, translate("economy.on_wish", name=subject_name(subject, titles)[:40], rest=money(rest)))
        for subject, rest, _ in commitments
    ]
    return Form(
        deed="economy.book_invoice",
        title=translate("economy.invoice_form.title"),
        intro=_with_warning(translate("economy.without_vat")),
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
        intro=_with_warning(translate("economy.pledge_form.intro", number=number_of_wish, title=title)),
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
        intro=_with_warning(translate("economy.split_form.intro", number=number_of_wish, title=title)),
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


def _with_warning(intro: str) -> str:
    return "\n".join((intro, translate("wishes.form.warning")))
