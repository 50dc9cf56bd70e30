"""The form that makes a channel a group: what it asks, and what is read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from handlers.capability import Ask
from handlers.chat.messages import Field, FieldKind, Form, Option
from handlers.context import Context
from handlers.inputs import read_amount, read_count, read_text
from handlers.members.filling import Filling
from handlers.members.people import person_field, read_person
from handlers.members.settings import DEFAULT_MINIMUM, Value
from handlers.members.units import Claimed, read_claim, unit_fields
from locales import language, translate
from storage.enums import ProductLevel
from storage.models.members import Person

LONGEST_PRODUCT = 200
LONGEST_CHANNEL = 80
MOST_MEETINGS = 52


class Lead(StrEnum):
    """Who is to lead the new group."""

    ME = "me"
    ME_FOR_SUPPLIER = "me_for_supplier"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Founding:
    """What was filled in. Amounts are whole øre of this year ekskl. moms; `supplier` is who leads where it is neither
    the founder; `claim` is for whom the founder speaks."""

    product: str
    level: ProductLevel | None
    lead: Lead
    claim: Claimed | None
    supplier: Person | None
    steering: str
    frame: int | None
    ceiling: int | None
    spent: int
    committed: int
    minimum: int
    held: int

    def settings(self, year: int) -> dict[str, Value]:
        """The first values of the group's settings."""
        return {
            "product": self.product,
            "level": self.level,
            "minimum": self.minimum,
            "held_before": self.held,
            "held_before_year": year,
            "language": language(),
        }

    def facts(self) -> dict[str, object]:
        """What the log keeps of it."""
        names = ("product", "level", "frame", "ceiling", "spent", "committed", "minimum", "held")
        return {name: getattr(self, name) for name in names}


async def read_founding(context: Context, ask: Ask) -> Founding:
    """What the form says.

    Raises:
        Misfilled: with one sentence per field that can't be used.
    """
    form = Filling(ask)
    lead = form.word("lead", Lead, Lead.ME)
    claim = await form.awaited(read_claim(context, ask), None)
    _check_claim(form, ask, lead, claim)
    founding = Founding(
        product=form.take("product", _name_of(LONGEST_PRODUCT), ""),
        level=form.word("level", ProductLevel, ProductLevel.SANDBOX) if ask.typed("level") else None,
        lead=lead,
        claim=claim,
        supplier=await _supplier(context, form, ask, lead),
        steering=form.take("steering", _name_of(LONGEST_CHANNEL), "").lstrip("#~ "),
        frame=form.take("frame", read_amount, None),
        ceiling=form.take("ceiling", read_amount, None),
        spent=form.take("spent", read_amount, 0),
        committed=form.take("committed", read_amount, 0),
        minimum=form.take("minimum", _meetings, DEFAULT_MINIMUM),
        held=form.take("held", _meetings, 0),
    )
    if not ask.typed("product"):
        form.refuse("product", "members.product_missing")
    if founding.steering and founding.steering in (context.place.channel, ask.carry.get("channel_name")):
        form.refuse("steering", "members.steering_is_here")
    form.check()
    return founding


def _check_claim(form: Filling, ask: Ask, lead: Lead, claim: Claimed | None) -> None:
    empty = not ask.typed("municipality") and not ask.typed("organisation")
    if lead is Lead.ME and empty:
        form.refuse("municipality", "members.leader_speaks_for_whom")
    if lead is Lead.ME_FOR_SUPPLIER and claim is not None:
        form.refuse("municipality", "members.supplier_speaks_for_none")


async def _supplier(context: Context, form: Filling, ask: Ask, lead: Lead) -> Person | None:
    if lead is not Lead.SUPPLIER:
        return None
    if not ask.typed("supplier"):
        form.refuse("supplier", "members.supplier_missing")
        return None
    found = await form.awaited(read_person(context, ask.typed("supplier"), "supplier"), None)
    if found is not None and found.id == context.me.id:
        form.refuse("supplier", "members.supplier_is_me")
    return found


def _name_of(longest: int) -> Callable[[str, str], str]:
    return lambda typed, field: " ".join(read_text(typed, field, longest).split())


def _meetings(typed: str, field: str) -> int:
    return read_count(typed, field, 0, MOST_MEETINGS)


def founding_form(carry: tuple[tuple[str, str], ...]) -> Form:
    """The empty form."""
    return Form(
        deed="members.found",
        title=translate("members.founding.title"),
        intro=translate("members.founding.intro"),
        submit=translate("members.founding.submit"),
        carry=carry,
        fields=(
            Field("product", translate("members.field.product"), required=True, maximum=LONGEST_PRODUCT),
            level_field(),
            Field(
                "lead",
                translate("members.field.lead"),
                "choice",
                required=True,
                value=Lead.ME,
                options=tuple(Option(lead, translate(f"members.lead.{lead}")) for lead in Lead),
            ),
            *unit_fields(hint=translate("members.field.municipality_founding_hint")),
            person_field("supplier", translate("members.field.supplier"), translate("members.field.supplier_hint")),
            _field("steering", "channel", maximum=LONGEST_CHANNEL, hint=True),
            _field("frame", "amount", hint=True),
            _field("ceiling", "amount", hint=True),
            _field("spent", "amount"),
            _field("committed", "amount"),
            _field("minimum", "number", value=str(DEFAULT_MINIMUM), hint=True),
            _field("held", "number", value="0"),
        ),
    )


def level_field(value: ProductLevel | None = None) -> Field:
    """The field for the product's level."""
    options = tuple(Option(level, translate(f"members.level.{level}")) for level in ProductLevel)
    return Field("level", translate("members.field.level"), "choice", value=value or "", options=options)


def _field(name: str, kind: FieldKind = "text", *, value: str = "", maximum: int = 0, hint: bool = False) -> Field:
    return Field(
        name,
        translate(f"members.field.{name}"),
        kind,
        value=value,
        maximum=maximum,
        hint=translate(f"members.field.{name}_hint") if hint else "",
    )
