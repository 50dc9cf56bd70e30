"""A representative who is away names a substitute, who speaks for the unit meanwhile: votes, backs, confirms.

Whoever is confirmed may lend their own word, so nobody else has to confirm the substitute; the leader is told, all see
it in the list of members, and a substitute can't lend the word on.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from handlers.capability import Ask
from handlers.chat.messages import Button, Field, Form, Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import Notice, OpenForm, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.inputs import read_date
from handlers.members.happenings import RepresentativeConfirmed
from handlers.members.people import person_field, read_person
from handlers.members.roles import NON_VOTERS, give_role
from handlers.members.standing_in import end_substitute, last_day
from handlers.workdays import local_moment
from locales import local_day, long_date, translate, zone
from storage.enums import Role
from storage.models.members import Membership, Person, Unit
from storage.queries import members

FIELD = "member"
LONGEST = dt.timedelta(days=366)
"""Who is away for longer than a year is better replaced [choice]."""

NOBODY = frozenset({"ingen", "nobody", "none"})
"""Words that end it."""

DECLINE = "ingen"
"""What a substitute's own button says."""

_WORDS = re.compile(r"(?P<name>.+?)(?:\s+(?:til|until|to)\s+(?:og med\s+)?(?P<until>.+))?", re.IGNORECASE)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whom somebody wants as their substitute (empty for nobody), and the last day of it, if it has one."""

    name: str
    until: str


async def name_substitute(context: Context, ask: Ask) -> Replies:
    """`/gruppe stedfortræder @navn til 4. december`, or the form; a substitute says no with `ingen`."""
    if context.standing.stands_in_for and _says_nobody(ask):
        return await _decline(context)
    unit = _check_may_name(context)
    current = await members.find_substitute(context.session, context.group.id, context.me.id)
    if not ask.values and not ask.text.strip():
        return [OpenForm(await _form(context, current))]
    wanted = _read(ask)
    if not wanted.name:
        return await _end_own(context, current)
    person = await read_person(context, wanted.name, FIELD)
    until = _read_until(context, wanted.until)
    await _check_can_stand_in(context, person, current)
    ended = await end_substitute(context, current) if current is not None and current.person_id != person.id else []
    held = await give_role(context, person.id, Role.REPRESENTATIVE, confirmed_by=context.me.id, unit_id=unit.id)
    held.stands_in_for, held.until = context.me.id, until
    await context.session.flush()
    facts = {"person": person.id, "unit": unit.name, "for": context.me.id, "until": until and until.isoformat()}
    await record(context, "member.substitute_named", f"person:{person.id}", facts)
    confirmed = RepresentativeConfirmed(person.id, unit.id, context.me.id)
    return [*await _tell(context, person, unit, until), *ended, confirmed]


def _check_may_name(context: Context) -> Unit:
    """The unit whose word the acting person may lend.

    Raises:
        Refusal: they don't speak for one themselves.
    """
    standing = context.standing
    if standing.unit is None:
        raise Refusal("members.no_unit")
    if standing.stands_in_for:
        raise Refusal("members.substitute_of_substitute")
    if not standing.confirmed:
        raise Refusal("members.substitute_unconfirmed", unit=standing.unit.name)
    return standing.unit


def _says_nobody(ask: Ask) -> bool:
    return (ask.text.strip() or ask.value).casefold() in NOBODY


async def _decline(context: Context) -> Replies:
    """The substitute does not want to, or no longer, and the colleague hears it."""
    principal = await members.get_person(context.session, context.standing.stands_in_for)
    held = await members.find_substitute(context.session, context.group.id, principal.id)
    assert held is not None
    said = translate("members.substitute_declined", principal=principal.name)
    return [Whisper(message(Text(said))), *await end_substitute(context, held)]


async def _form(context: Context, current: Membership | None) -> Form:
    there = await members.get_person(context.session, current.person_id) if current is not None else None
    last = last_day(current.until) if current is not None else None
    who = person_field(FIELD, translate("members.field.substitute"), translate("members.field.substitute_hint"))
    shown = Field(
        who.name,
        who.label,
        who.kind,
        hint=who.hint,
        placeholder=who.placeholder,
        value=there.id if there else "",
        shown=there.name if there else "",
    )
    until = Field(
        "until",
        translate("members.field.substitute_until"),
        "date",
        value=last.isoformat() if last else "",
        hint=translate("members.field.substitute_until_hint"),
    )
    return Form(
        deed="members.substitute",
        title=translate("members.substitute.title"),
        intro=translate("members.substitute.intro"),
        submit=translate("members.substitute.submit"),
        fields=(shown, until),
    )


def _read(ask: Ask) -> _Wanted:
    if ask.values:
        return _Wanted(ask.typed(FIELD), ask.typed("until"))
    found = _WORDS.fullmatch(" ".join(ask.text.split()))  # many blanks take the pattern long
    name = found["name"].strip() if found else ""
    return _Wanted("" if name.casefold() in NOBODY else name, (found and found["until"]) or "")


def _read_until(context: Context, typed: str) -> dt.datetime | None:
    """The end of the last day, in UTC."""
    if not typed:
        return None
    day = read_date(typed, "until", context.today)
    if day < context.today:
        raise FieldRefusal("until", "members.substitute_past")
    if day > local_day(context.now + LONGEST):
        raise FieldRefusal("until", "members.substitute_long")
    return local_moment(day + _DAY, dt.time(), zone())


async def _check_can_stand_in(context: Context, person: Person, current: Membership | None) -> None:
    """Let somebody pass who speaks for nobody yet, and takes part in decisions.

    Raises:
        FieldRefusal: it is the acting person, or somebody who speaks for a unit already, or who may not vote.
    """
    if person.id == context.me.id:
        raise FieldRefusal(FIELD, "members.substitute_yourself")
    if current is not None and current.person_id == person.id:
        return
    for one in await members.list_memberships_of(context.session, context.group.id, person.id):
        if one.role in NON_VOTERS:
            role = translate(f"members.role.{one.role}")
            raise FieldRefusal(FIELD, "members.substitute_no_voter", name=person.name, role=role)
        if one.role is Role.REPRESENTATIVE:
            raise FieldRefusal(FIELD, "members.substitute_represents", name=person.name)


async def _end_own(context: Context, current: Membership | None) -> Replies:
    if current is None:
        raise Refusal("members.substitute_none")
    person = await members.get_person(context.session, current.person_id)
    said = translate("members.substitute_ended", name=person.name)
    return [Whisper(message(Text(said))), *await end_substitute(context, current)]


async def _tell(context: Context, person: Person, unit: Unit, until: dt.datetime | None) -> Replies:
    """The acting person hears it at once, the substitute and the leader in their next bundle."""
    hears = translate("members.substitute_muted" if person.muted else "members.substitute_hears", name=person.name)
    said = f"{_said(context, 'members.substitute_named', person, unit, until)} {hears}"
    told: Replies = [Whisper(message(Text(said))), _tell_substitute(context, person, unit, until)]
    for leader in await members.list_leaders(context.session, context.group.id):
        if leader.id not in (context.me.id, person.id):
            with context.speaking_to(leader):
                text = _said(context, "members.substitute_for_leader", person, unit, until)
            told.append(Notice(text, f"substitute:{person.id}", "people", leader.id))
    return told


def _tell_substitute(context: Context, person: Person, unit: Unit, until: dt.datetime | None) -> Notice:
    last = last_day(until)
    key = "members.you_are_substitute_until" if last else "members.you_are_substitute"
    with context.speaking_to(person):
        day = long_date(last) if last else ""
        text = translate(key, principal=context.me.name, unit=unit.name, date=day)
        button = Button(translate("members.button.no_substitute"), "members.substitute", value=DECLINE)
    return Notice(text, f"substitute:{person.id}", "people", person.id, buttons=(button,))


def _said(context: Context, key: str, person: Person, unit: Unit, until: dt.datetime | None) -> str:
    said = translate(key, name=person.name, unit=unit.name, principal=context.me.name)
    last = last_day(until)
    return f"{said} {translate('members.substitute_until', date=long_date(last))}" if last else said
