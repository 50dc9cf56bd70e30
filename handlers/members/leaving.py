"""Ends roles: the leader ends somebody's, the chair one in the committee, and everybody may leave."""

from __future__ import annotations

from handlers.capability import Ask
from handlers.chat.messages import Actions, Button, Field, Form, Option, Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import Notice, OpenForm, Post, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.happenings import RepresentativeEnded
from handlers.members.municipalities import MOST_SHOWN, search
from handlers.members.roles import end_role
from handlers.members.roster import Roster, Seat, read_roster
from handlers.members.standing_in import end_substitute_of
from handlers.members.steering import pass_on_chair
from locales import translate
from storage.enums import Role
from storage.models.members import Membership
from storage.queries import members


async def open_end_role(context: Context, ask: Ask) -> Replies:
    """The form: whose role ends."""
    field = Field(
        "seat",
        translate("members.field.seat"),
        "search",
        required=True,
        placeholder=translate("members.field.person_placeholder"),
    )
    form = Form(
        deed="members.end_role",
        title=translate("members.end.title"),
        intro=translate("members.end.intro"),
        submit=translate("members.end.submit"),
        fields=(field,),
    )
    return [OpenForm(form)]


async def look_up_seats(context: Context, query: str) -> tuple[Option, ...]:
    """The roles that the asking person may end, by their holders' names."""
    roster = await read_roster(context.session, context.group.id)
    found = search((seat for seat in roster.seats if _may_end(context, seat)), query, lambda seat: seat.label)
    return tuple(Option(str(seat.id), _named(seat)) for seat in found[:MOST_SHOWN])


def _may_end(context: Context, seat: Seat) -> bool:
    """The committee's roles are its chair's to end, all others the leader's; a leader's own is handed over or left."""
    if seat.role is Role.STEERING:
        return context.standing.chair and seat.person_id != context.me.id
    return context.standing.leads and not seat.leads


def _named(seat: Seat) -> str:
    return f"{seat.label}: {translate(f'members.role.{seat.role}')}"


async def end_seat(context: Context, ask: Ask) -> Replies:
    """The form was sent: the role has ended, and its holder hears it."""
    roster = await read_roster(context.session, context.group.id)
    chosen = ask.typed("seat")
    seat = roster.seat(int(chosen)) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
    if seat is None or not _may_end(context, seat):
        raise FieldRefusal("seat", "members.seat_unknown")
    ended = await _end(context, seat)
    person = await members.get_person(context.session, seat.person_id)
    with context.speaking_to(person):
        role = translate(f"members.role.{seat.role}")
        text = translate("members.your_role_ended", role=role, product=context.group.product, name=context.me.name)
    told: Replies = [] if person.id == context.me.id else [Notice(text, f"ended:{seat.id}", "people", person.id)]
    return [Whisper(message(Text(translate("members.ended", what=_named(seat))))), *told, *ended]


async def ask_leave(context: Context, ask: Ask) -> Replies:
    """`/gruppe forlad`: a leader is asked once more, for the group stands without one from then on."""
    if not context.standing.leads:
        return await leave_group(context, ask)
    question = translate("members.leave_leader_question", product=context.group.product)
    button = Button(translate("members.button.leave"), "members.leave", style="danger")
    return [Whisper(message(Text(question), Actions((button,))))]


async def leave_group(context: Context, ask: Ask) -> Replies:
    """*Forlad gruppen*: all of the person's roles end. What they voted and wrote stands."""
    roster = await read_roster(context.session, context.group.id)
    mine = roster.seats_of(context.me.id)
    if not mine:
        raise Refusal("members.not_a_member")
    replies: Replies = [Whisper(message(Text(translate("members.left", product=context.group.product))))]
    for seat in mine:
        replies += await _end(context, seat)
    if any(seat.leads and seat.confirmed for seat in mine):
        replies.append(_without_leader(context, roster))
    return replies


async def _end(context: Context, seat: Seat) -> Replies:
    await end_role(context, await context.session.get_one(Membership, seat.id))
    facts = {"person": seat.person_id, "role": seat.role, "unit": seat.unit_name}
    await record(context, "member.ended", f"person:{seat.person_id}", facts)
    if seat.role is Role.REPRESENTATIVE and seat.confirmed and seat.unit_id is not None:
        ended = await end_substitute_of(context, seat.person_id)
        return [RepresentativeEnded(seat.person_id, seat.unit_id), *ended]
    return await pass_on_chair(context) if seat.chair else []


def _without_leader(context: Context, roster: Roster) -> Post:
    """Everybody hears that the leader has gone, and who wants to can take over."""
    with context.speaking_to_group():
        deputies = [seat.name for seat in roster.deputies if seat.person_id != context.me.id]
        key = "members.leader_left_deputy" if deputies else "members.leader_left"
        text = translate(key, name=context.me.name, deputy=deputies[0] if deputies else "")
        shown = message(Text(text), Actions((Button(translate("members.button.take_lead"), "members.take_lead"),)))
    return Post(f"role:{context.new_id()[-8:]}", context.group.channel, shown)
