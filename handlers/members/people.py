"""Finds people whom the bot has met in a workspace, for the fields where one of them is chosen."""

from __future__ import annotations

from handlers.chat.messages import Field, Option
from handlers.chat.refusals import FieldRefusal
from handlers.context import Context
from handlers.members.municipalities import MOST_SHOWN, fold, search
from locales import translate
from storage.models.members import Person
from storage.queries import members


def person_field(name: str, label: str, hint: str, *, required: bool = False) -> Field:
    """A field that one of the people known here is chosen in."""
    return Field(
        name,
        label,
        "search",
        required=required,
        hint=hint,
        placeholder=translate("members.field.person_placeholder"),
    )


async def look_up_people(context: Context, query: str) -> tuple[Option, ...]:
    """The people known here whose name fits the letters."""
    me = context.me
    known = await members.list_people_of(context.session, me.platform, me.workspace)
    return tuple(Option(one.id, one.name) for one in search(known, query, lambda one: one.name)[:MOST_SHOWN])


async def read_person(context: Context, chosen: str, field: str) -> Person:
    """The person that was chosen, or typed by their full name where there is only one of that name; an @ before it
    is no part of it.

    Raises:
        FieldRefusal: nobody here, or several.
    """
    me = context.me
    known = await members.list_people_of(context.session, me.platform, me.workspace)
    name = fold(chosen.removeprefix("@"))
    named = [one for one in known if name in (fold(one.name), fold(one.user))]
    found = [one for one in known if one.id == chosen] or named
    if not found:
        raise FieldRefusal(field, "members.person_unknown", typed=chosen[:40])
    if len(found) > 1:
        raise FieldRefusal(field, "members.person_ambiguous", typed=chosen[:40])
    return found[0]
