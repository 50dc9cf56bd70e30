"""For whom somebody speaks: one of the municipalities, or another member organisation such as a region."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.capability import Ask
from handlers.chat.messages import Field, Option
from handlers.chat.refusals import FieldRefusal
from handlers.context import Context
from handlers.inputs import read_text
from handlers.members.municipalities import (
    MOST_SHOWN,
    find_municipality,
    fold,
    nearest_municipality,
    search,
    search_municipalities,
)
from locales import translate
from storage.enums import UnitKind
from storage.models.members import Unit
from storage.queries import members

LONGEST_NAME = 200
_LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class Claimed:
    """The unit that somebody says they speak for; it may not be in the group yet."""

    kind: UnitKind
    code: str
    name: str


def unit_fields(claimed: Claimed | None = None, *, hint: str = "") -> tuple[Field, ...]:
    """The two fields that ask for whom somebody speaks, filled in with what is claimed: an organisation that has no
    code yet stands in the second."""
    known = claimed is not None and bool(claimed.code)
    return (
        Field(
            "municipality",
            translate("members.field.municipality"),
            "search",
            value=claimed.code if claimed and known else "",
            shown=claimed.name if claimed and known else "",
            placeholder=translate("members.field.municipality_placeholder"),
            hint=hint,
        ),
        Field(
            "organisation",
            translate("members.field.organisation"),
            value=claimed.name if claimed and not known else "",
            maximum=LONGEST_NAME,
            hint=translate("members.field.organisation_hint"),
        ),
    )


async def guess_claim(context: Context, typed: str) -> Claimed | None:
    """Whom somebody may mean who writes `/gruppe repræsenterer Tønder`: the form shows it before it counts."""
    name = " ".join(typed.split())[:LONGEST_NAME]
    if not name:
        return None
    units = await members.list_units(context.session, context.group.id)
    unit = next((one for one in units if fold(one.name) == fold(name)), None)
    if unit is not None:
        return Claimed(unit.kind, unit.code, unit.name)
    found = find_municipality(name) or nearest_municipality(name)
    if found is not None:
        return Claimed(UnitKind.MUNICIPALITY, found.code, found.name)
    return Claimed(UnitKind.ORGANISATION, "", name)


async def read_claim(context: Context, ask: Ask) -> Claimed | None:
    """What stands in the two fields, `None` where both are empty. A new organisation goes before what was chosen.

    Raises:
        FieldRefusal: it names nobody that could be a member.
    """
    organisation = read_text(ask.typed("organisation"), "organisation", LONGEST_NAME)
    if organisation:
        return _organisation(" ".join(organisation.split()))
    chosen = ask.typed("municipality")
    if not chosen:
        return None
    known = find_municipality(chosen)
    if known is not None:
        return Claimed(UnitKind.MUNICIPALITY, known.code, known.name)
    units = await members.list_units(context.session, context.known_group.id) if context.known_group else []
    for unit in units:
        if unit.code == chosen or fold(unit.name) == fold(chosen):
            return Claimed(unit.kind, unit.code, unit.name)
    raise FieldRefusal("municipality", "members.municipality_unknown", typed=chosen[:40])


async def look_up_units(context: Context, query: str) -> tuple[Option, ...]:
    """The municipalities that fit the letters, and the organisations that are in the group already."""
    units = await members.list_units(context.session, context.known_group.id) if context.known_group else []
    others = search((one for one in units if one.kind is UnitKind.ORGANISATION), query, lambda one: one.name)
    found = [Option(one.code, one.name) for one in others]
    found += [Option(one.code, one.name) for one in search_municipalities(query)]
    return tuple(found[:MOST_SHOWN])


async def enter_unit(context: Context, claimed: Claimed) -> Unit:
    """The group's unit of this code; a new one where nobody has spoken for it before."""
    session, group_id = context.session, context.group.id
    unit = await members.find_unit(session, group_id, claimed.code)
    if unit is None:
        unit = Unit(group_id=group_id, kind=claimed.kind, code=claimed.code, name=claimed.name, joined_at=context.now)
        session.add(unit)
        await session.flush()
    return unit


def _organisation(name: str) -> Claimed:
    """An organisation by the name that was typed; a municipality that was typed there is that municipality."""
    known = find_municipality(name)
    if known is not None:
        return Claimed(UnitKind.MUNICIPALITY, known.code, known.name)
    code = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:_LONGEST_CODE]
    if not code:
        raise FieldRefusal("organisation", "members.organisation_unreadable")
    return Claimed(UnitKind.ORGANISATION, code, name)
