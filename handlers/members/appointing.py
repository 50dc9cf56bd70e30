"""The leader appoints supplier and secretariat, names a deputy, and hands over; a group without a leader gets one."""

from __future__ import annotations

from enum import StrEnum

from handlers.capability import Ask
from handlers.chat.messages import Field, Form, Option, Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import Notice, OpenForm, Post, Replies
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.filling import Filling
from handlers.members.people import person_field, read_person
from handlers.members.prepared import prepare
from handlers.members.roles import end_role, give_role
from handlers.members.roster import Roster, Seat, read_roster
from locales import translate
from storage.enums import Role
from storage.models.members import Membership, Person


class Duty(StrEnum):
    """What somebody can be appointed to."""

    SUPPLIER = "supplier"
    SECRETARIAT = "secretariat"
    DEPUTY = "deputy"
    LEADER = "leader"


async def open_appoint(context: Context, ask: Ask) -> Replies:
    """The form: whom, and to what."""
    duty = Field(
        "duty",
        translate("members.field.duty"),
        "choice",
        required=True,
        options=tuple(Option(duty, translate(f"members.duty.{duty}")) for duty in Duty),
    )
    person = person_field(
        "member", translate("members.field.member"), translate("members.field.member_hint"), required=True
    )
    form = Form(
        deed="members.appoint",
        title=translate("members.appoint.title"),
        intro=translate("members.appoint.intro"),
        submit=translate("members.appoint.submit"),
        fields=(duty, person),
    )
    return [OpenForm(form)]


async def appoint(context: Context, ask: Ask) -> Replies:
    """The form was sent: it counts at once, and everybody sees it."""
    form = Filling(ask)
    duty = form.word("duty", Duty, Duty.SUPPLIER)
    if not ask.typed("duty"):
        form.refuse("duty", "members.duty_missing")
    if not ask.typed("member"):
        form.refuse("member", "members.person_missing")
    form.check()
    person = await read_person(context, ask.typed("member"), "member")
    roster = await read_roster(context.session, context.group.id)
    if duty in (Duty.SUPPLIER, Duty.SECRETARIAT):
        await _appoint_non_voter(context, roster, Role(duty.value), person)
    elif duty is Duty.DEPUTY:
        (await _leading_seat(context, roster, person)).deputy = True
    else:
        await hand_over(context, roster, person)
    await context.session.flush()
    facts = {"person": person.id, "duty": duty}
    await record(context, "member.appointed", f"person:{person.id}", facts, decision=duty is not Duty.SECRETARIAT)
    return [*_announce(context, person, f"members.appointed.{duty}"), *_tell(context, person, duty)]


async def _appoint_non_voter(context: Context, roster: Roster, role: Role, person: Person) -> None:
    held = {seat.role for seat in roster.seats_of(person.id)}
    if role in held:
        raise FieldRefusal("member", "members.has_role_already", name=person.name)
    if Role.REPRESENTATIVE in held:
        raise FieldRefusal("member", "members.voter_cannot_be", name=person.name)
    await give_role(context, person.id, role, confirmed_by=context.me.id)


async def _leading_seat(context: Context, roster: Roster, person: Person) -> Membership:
    """The seat that somebody can lead from: a confirmed representative's or a supplier's.

    Raises:
        FieldRefusal: the person has none, or leads already.
    """
    seats = [seat for seat in roster.seats_of(person.id) if seat.confirmed]
    if any(seat.leads or seat.deputy for seat in seats):
        raise FieldRefusal("member", "members.has_role_already", name=person.name)
    found = next((seat for seat in seats if seat.role in (Role.REPRESENTATIVE, Role.SUPPLIER)), None)
    if found is None:
        raise FieldRefusal("member", "members.cannot_lead", name=person.name)
    return await context.session.get_one(Membership, found.id)


async def hand_over(context: Context, roster: Roster, person: Person, *, confirmed_by: str = "") -> None:
    """Somebody else leads from now on. A supplier leads as what they are, a representative as convener.

    Args:
        confirmed_by: our id of who stands behind it; empty: the one who hands over.

    Raises:
        FieldRefusal: the person can't lead, or does.
    """
    if roster.leader is not None and roster.leader.person_id == person.id:
        raise FieldRefusal("member", "members.has_role_already", name=person.name)
    if any(seat.deputy for seat in roster.seats_of(person.id)):
        (await _deputy_seat(context, roster, person)).deputy = False
        await context.session.flush()
        roster = await read_roster(context.session, context.group.id)
    held = await _leading_seat(context, roster, person)
    await end_lead(context, roster.leader)
    if held.role is Role.REPRESENTATIVE:
        held = await give_role(context, person.id, Role.CONVENER, confirmed_by=confirmed_by or context.me.id)
    held.leads = True
    await context.session.flush()


async def _deputy_seat(context: Context, roster: Roster, person: Person) -> Membership:
    seat = next(seat for seat in roster.seats_of(person.id) if seat.deputy)
    return await context.session.get_one(Membership, seat.id)


async def end_lead(context: Context, leader: Seat | None) -> None:
    """The leader leads no more, and stays what else they are."""
    if leader is None:
        return
    held = await context.session.get_one(Membership, leader.id)
    held.leads = False
    if held.role is Role.CONVENER:
        await end_role(context, held)


async def take_lead(context: Context, ask: Ask) -> Replies:
    """A representative takes the lead: of a group that nobody leads, or where the leader is no longer there. As soon as
    other units vote, one of them has to confirm it."""
    roster = await read_roster(context.session, context.group.id)
    me = context.me
    if roster.leader is not None and roster.leader.person_id == me.id:
        raise Refusal("members.leads_already")
    if not context.standing.votes:
        raise Refusal("members.only_confirmed_representatives")
    unit = context.standing.unit
    others = roster.voting_units - {unit.id if unit else None}
    if context.confirmed_by is None and (others or roster.leader is not None):
        return await prepare(context, "members.take_lead", Ask(value=me.name))
    await hand_over(context, roster, me, confirmed_by=context.confirmed_by.id if context.confirmed_by else me.id)
    await record(context, "member.took_lead", f"person:{me.id}", {"person": me.id}, decision=True)
    return _announce(context, me, "members.appointed.leader")


def _announce(context: Context, person: Person, key: str) -> Replies:
    with context.speaking_to_group():
        text = translate(key, name=person.name)
    return [Post(f"role:{context.new_id()[-8:]}", context.group.channel, message(Text(text)))]


def _tell(context: Context, person: Person, duty: Duty) -> Replies:
    if person.id == context.me.id:
        return []
    with context.speaking_to(person):
        duty_name = translate(f"members.duty.{duty}")
        text = translate("members.you_are_appointed", duty=duty_name, product=context.group.product)
    return [Notice(text, f"duty:{duty}", "people", person.id)]
