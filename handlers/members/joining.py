"""Somebody says for whom they speak; until the leader confirms it they may do everything but decide."""

from __future__ import annotations

from handlers.capability import Ask
from handlers.chat.messages import Actions, Form, Message, Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import DirectMessage, Notice, OpenForm, Post, Replies, Update, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.happenings import RepresentativeEnded
from handlers.members.messages import awaiting_message, confirm_leader_buttons, leader_line
from handlers.members.roles import NON_VOTERS, give_role
from handlers.members.roster import Roster, Seat, read_roster
from handlers.members.standing_in import end_substitute_of
from handlers.members.units import Claimed, enter_unit, guess_claim, read_claim, unit_fields
from handlers.workdays import bundle_moment, is_quiet
from locales import plural, translate, zone
from storage.enums import Role
from storage.models.members import Unit
from storage.queries import exchange, members, notices


async def open_join(context: Context, ask: Ask) -> Replies:
    """The form that asks for whom the person speaks, with what they wrote or have said before."""
    await _check_may_join(context)
    unit = context.standing.unit
    said = Claimed(unit.kind, unit.code, unit.name) if unit else None
    form = Form(
        deed="members.join",
        title=translate("members.join.title"),
        intro=translate("members.join.intro"),
        submit=translate("members.join.submit"),
        fields=unit_fields(await guess_claim(context, ask.text) or said),
    )
    return [OpenForm(form)]


async def join_group(context: Context, ask: Ask) -> Replies:
    """The form was sent: the claim is noted, the person hears what it means, and the leader is asked to confirm it."""
    await _check_may_join(context)
    claim = await read_claim(context, ask)
    if claim is None:
        raise FieldRefusal("municipality", "members.unit_missing")
    before = context.standing
    if before.unit is not None and before.unit.code == claim.code:
        raise FieldRefusal("municipality", "members.joined_already", unit=before.unit.name)
    unit = await enter_unit(context, claim)
    await give_role(context, context.me.id, Role.REPRESENTATIVE, unit_id=unit.id)
    await record(context, "member.joined", f"person:{context.me.id}", {"unit": unit.name, "unit_code": unit.code})
    roster = await read_roster(context.session, context.group.id)
    ended = await end_substitute_of(context, context.me.id)
    if before.unit is not None and before.confirmed:
        ended.append(RepresentativeEnded(context.me.id, before.unit.id))
    if roster.leader is not None and roster.leader.person_id == context.me.id:
        return [*_ask_for_leader(context, roster, unit), *ended]
    return [Whisper(_joined_message(roster, unit)), *await tell_leaders(context, roster), *ended]


def _ask_for_leader(context: Context, roster: Roster, unit: Unit) -> Replies:
    """The leader speaks for another unit than before: nobody confirms themselves, so the others are asked."""
    with context.speaking_to_group():
        shown = message(Text(leader_line(roster)), Actions(confirm_leader_buttons(roster)))
    return [
        Whisper(message(Text(translate("members.joined_as_leader", unit=unit.name)))),
        Post(f"role:{context.new_id()[-8:]}", context.group.channel, shown),
    ]


async def _check_may_join(context: Context) -> None:
    for role in NON_VOTERS:
        held = await members.find_membership(context.session, context.group.id, context.me.id, role)
        if held is not None and held.ended_at is None:
            raise Refusal("members.non_voter_cannot_join", role=translate(f"members.role.{role}"))


def _joined_message(roster: Roster, unit: Unit) -> Message:
    """What the newcomer hears; somebody from another unit than the leader's is asked to stand behind the leader."""
    leader = roster.leader
    key = "members.joined" if leader else "members.joined_without_leader"
    text = Text(translate(key, unit=unit.name, leader=leader.name if leader else ""))
    buttons = confirm_leader_buttons(roster) if roster.leader_unit != unit.id else ()
    if not buttons or leader is None:
        return message(text)
    return message(text, Text(translate("members.leader_needs_you", name=leader.name)), Actions(buttons))


async def tell_leaders(context: Context, roster: Roster) -> Replies:
    """Leader and deputies see who awaits confirmation: one message a day, which grows. In the quiet times, on a morning
    before the bundle, for whoever has had one today, and for whoever has muted the bot, it waits for the next bundle or
    for `/gruppe medlemmer`."""
    told: Replies = []
    leaders = dict.fromkeys(seat.person_id for seat in (roster.leader, *roster.deputies) if seat is not None)
    people = await members.map_people(context.session, [one for one in leaders if one != context.me.id])
    for person in (people[one] for one in leaders if one in people):
        with context.speaking_to(person):
            waiting = confirmable_by(roster, person.id)
            if person.muted or await _must_wait(context, person.id):
                line = plural("members.awaiting.notice", len(waiting))
                told.append(Notice(line, "awaiting", "people", person.id))
                continue
            key = awaiting_key(context, person.id)
            shown = awaiting_message(waiting, context.now, product=context.group.product)
        first = await exchange.claim(context.session, f"{context.group.id}:{key}", context.now)
        told.append(DirectMessage(person.id, shown, key) if first else Update(key, shown))
    return told


async def _must_wait(context: Context, leader_id: str) -> bool:
    """Whether a message now would come at a quiet time, or be the second of this person's day."""
    bundle = bundle_moment(context.today, zone())
    if is_quiet(context.now, zone()) or context.now < bundle:
        return True
    return await notices.has_bundled_since(context.session, leader_id, bundle)


def awaiting_key(context: Context, leader_id: str) -> str:
    """Our name for a leader's message of the day about who awaits confirmation."""
    return f"awaiting:{leader_id}/{context.today.isoformat()}"


def confirmable_by(roster: Roster, person_id: str) -> list[Seat]:
    """Whose claim this leader may confirm: everybody's but their own."""
    return [seat for seat in roster.awaiting(Role.REPRESENTATIVE) if seat.person_id != person_id]
