"""Who stands behind whom: the leader confirms those who speak for a unit, and another unit confirms the leader."""

from __future__ import annotations

import datetime as dt

from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Notice, Post, Replies, Update, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.happenings import RepresentativeConfirmed
from handlers.members.joining import confirmable_by
from handlers.members.messages import WELCOME, awaiting_message, welcome_message
from handlers.members.roles import confirm
from handlers.members.roster import Roster, Seat, read_roster
from locales import join_words, translate
from storage.enums import Role
from storage.models.members import Membership
from storage.queries import members


async def confirm_representatives(context: Context, ask: Ask) -> Replies:
    """*Bekræft* for one and *Bekræft alle* for those whom the list showed: from now on their votes count."""
    roster = await read_roster(context.session, context.group.id)
    chosen = _chosen(roster, ask.subject, context.me.id)
    for seat in chosen:
        held = await context.session.get_one(Membership, seat.id)
        confirm(context, held, context.confirmed_by.id if context.confirmed_by else context.me.id)
        facts = {"unit": seat.unit_name, "person": seat.person_id}
        await record(context, "member.confirmed", f"person:{seat.person_id}", facts)
    await context.session.flush()
    said = translate("members.confirmed", names=join_words(seat.label for seat in chosen))
    return [
        Whisper(message(Text(said))),
        *await _refreshed(context, ask.key),
        *await _tell_confirmed(context, chosen),
        *(RepresentativeConfirmed(seat.person_id, seat.unit_id) for seat in chosen if seat.unit_id is not None),
    ]


async def check_awaiting(context: Context, ask: Ask) -> None:
    """Whether there is somebody to confirm, before others are asked to stand behind it.

    Raises:
        Refusal: there is nobody.
    """
    _chosen(await read_roster(context.session, context.group.id), ask.subject, context.me.id)


def _chosen(roster: Roster, subject: str, leader_id: str) -> list[Seat]:
    """Whose claims are meant. A claim that came, or changed, after the list was shown is not among them.

    Raises:
        Refusal: it is the leader's own, or nobody awaits it any more.
    """
    first, _, second = subject.partition(":")
    if first == "all":
        shown_at = dt.datetime.fromisoformat(second)
        found = [seat for seat in confirmable_by(roster, leader_id) if seat.since <= shown_at]
    else:
        found = [seat for seat in roster.awaiting(Role.REPRESENTATIVE) if subject == f"{seat.id}:{seat.unit_id}"]
        if any(seat.person_id == leader_id for seat in found):
            raise Refusal("members.not_yourself")
    if not found:
        raise Refusal("members.nobody_awaits")
    return found


async def _refreshed(context: Context, key: str) -> Replies:
    """The leader's message of the day as it now is, where the button stood on it."""
    if not key.startswith("awaiting:"):
        return []
    waiting = confirmable_by(await read_roster(context.session, context.group.id), context.me.id)
    with context.speaking_to(context.me):
        return [Update(key, awaiting_message(waiting, context.now, product=context.group.product))]


async def _tell_confirmed(context: Context, chosen: list[Seat]) -> Replies:
    told: Replies = []
    people = await members.map_people(context.session, [seat.person_id for seat in chosen])
    for seat in chosen:
        with context.speaking_to(people[seat.person_id]):
            text = translate("members.you_are_confirmed", unit=seat.unit_name, product=context.group.product)
        told.append(Notice(text, "confirmed", "people", seat.person_id))
    return told


async def confirm_leader(context: Context, ask: Ask) -> Replies:
    """A representative of another unit stands behind the leader, who made the group or took the lead alone."""
    roster = await read_roster(context.session, context.group.id)
    leader = roster.leader
    if leader is None or not roster.leader_awaits or str(leader.id) != ask.subject:
        raise Refusal("members.leader_confirmed_already")
    _check_speaks(context, roster)
    for seat in roster.seats_of(leader.person_id):
        if seat.by_themselves or (seat.role is Role.REPRESENTATIVE and not seat.confirmed):
            confirm(context, await context.session.get_one(Membership, seat.id), context.me.id)
    await context.session.flush()
    unit = context.standing.unit
    facts = {"person": leader.person_id, "unit": unit.name if unit else ""}
    await record(context, "member.leader_confirmed", f"person:{leader.person_id}", facts, decision=True)
    with context.speaking_to_group():
        told = translate(
            "members.leader_confirmed", by=context.me.name, unit=unit.name if unit else "", leader=leader.name
        )
        welcome = welcome_message(context.group.product, await read_roster(context.session, context.group.id))
    return [
        Post(f"leader:{leader.id}/{context.new_id()[-8:]}", context.group.channel, message(Text(told))),
        Update(WELCOME, welcome),
    ]


def _check_speaks(context: Context, roster: Roster) -> None:
    """Another unit's representative, and a confirmed one as soon as there is such a one.

    Raises:
        Refusal: the person is none.
    """
    unit, leader = context.standing.unit, roster.leader
    leads = leader is not None and leader.person_id == context.me.id
    if unit is None or leads or unit.id == roster.leader_unit:
        raise Refusal("members.another_unit_confirms")
    if not context.standing.votes and roster.other_voting_units:
        raise Refusal("members.only_confirmed_representatives")
