"""The steering committee: its channel is bound by somebody who is there, and its members are confirmed by its chair."""

from __future__ import annotations

import datetime as dt

from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Notice, Post, Replies, Update, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.roles import confirm, give_role
from handlers.members.roster import Roster, Seat, read_roster
from handlers.members.steering_messages import ask_message, committee_message
from locales import translate
from storage.enums import Role
from storage.models.members import Membership
from storage.queries import members

KEY = "steering:"
"""What our names for the messages in the committee's channel begin with."""


async def propose_channel(context: Context, channel: str, *, named: bool = True) -> Replies:
    """Ask in a channel whether it is the committee's. Nothing is bound before somebody there says so.

    Args:
        channel: its id or its name; empty for none.
        named: whether the acting person has just named it.
    """
    context.group.steering_channel, context.group.steering_bound = channel, False
    await context.session.flush()
    if not channel:
        return []
    with context.speaking_to_group():
        shown = ask_message(context.group.product, context.me.name)
    return [
        Post(f"{KEY}{context.new_id()[-8:]}", channel, shown, named_by=context.me.id if named else ""),
        Whisper(message(Text(translate("members.steering.asked", channel=channel)))),
    ]


async def propose_here(context: Context, ask: Ask) -> Replies:
    """`/gruppe styregruppe os2sofd`, written by the group's leader in the committee's own channel."""
    me, place = context.me, context.place
    group = await members.find_group_by_name(context.session, ask.text.strip()) if ask.text.strip() else None
    if group is None or (group.platform, group.workspace) != (me.platform, me.workspace):
        raise Refusal("members.steering.which_group")
    leaders = await members.list_leaders(context.session, group.id)
    if me.id not in (one.id for one in leaders):
        raise Refusal("members.not_yours", who=translate("members.capacity.leader"))
    if place.direct or place.channel == group.channel:
        raise Refusal("members.steering.not_here")
    context.known_group = await members.lock_group(context.session, group.id)
    _check_unbound(context)
    return await propose_channel(context, place.channel)


def _check_unbound(context: Context) -> None:
    if context.group.steering_bound:
        raise Refusal("members.steering.bound_already", product=context.group.product)


async def bind_channel(context: Context, ask: Ask) -> Replies:
    """*Bekræft* in the committee's channel: it is bound, and who pressed is its chair."""
    group = context.group
    _check_unbound(context)
    if not ask.key.startswith(KEY) or context.place.direct or context.place.channel == group.channel:
        raise Refusal("members.steering.not_here")
    # what was typed may be a name; the channel where the button is pressed is what the chat itself calls it
    group.steering_channel, group.steering_bound = context.place.channel, True
    held = await give_role(context, context.me.id, Role.STEERING, confirmed_by=context.me.id)
    held.chair = True
    await context.session.flush()
    facts = {"chair": context.me.id, "channel": group.steering_channel}
    await record(context, "group.steering_bound", "group", facts, decision=True)
    with context.speaking_to_group():
        told = translate("members.steering.bound_told", name=context.me.name)
    return [
        await _committee_update(context, ask.key),
        Post(f"steering_told:{context.new_id()[-8:]}", group.channel, message(Text(told))),
    ]


async def sit_in_committee(context: Context, ask: Ask) -> Replies:
    """*Jeg sidder i styregruppen*, pressed in its channel."""
    if context.place.channel != context.group.steering_channel or not context.group.steering_bound:
        raise Refusal("members.steering.not_here")
    held = await members.find_membership(context.session, context.group.id, context.me.id, Role.STEERING)
    if held is not None and held.ended_at is None:
        raise Refusal("members.steering.sits_already")
    roster = await read_roster(context.session, context.group.id)
    await give_role(context, context.me.id, Role.STEERING)
    await record(context, "member.steering_claimed", f"person:{context.me.id}", {})
    chair = roster.chair
    said = translate("members.steering.seat_noted", chair=chair.name if chair else "–")
    return [Whisper(message(Text(said))), await _committee_update(context, ask.key), *await _tell_chair(context, chair)]


async def _tell_chair(context: Context, chair: Seat | None) -> Replies:
    if chair is None:
        return []
    with context.speaking_to(await members.get_person(context.session, chair.person_id)):
        text = translate("members.steering.seat_notice", name=context.me.name)
    return [Notice(text, f"seat:{context.me.id}", "people", chair.person_id)]


async def confirm_seats(context: Context, ask: Ask) -> Replies:
    """The chair confirms who sits in the committee: one, or all whom the list showed."""
    roster = await read_roster(context.session, context.group.id)
    if roster.chair is not None and not context.standing.chair:
        raise Refusal("members.steering.only_chair", chair=roster.chair.name)
    chosen = _chosen(roster, ask.subject)
    for seat in chosen:
        confirm(context, await context.session.get_one(Membership, seat.id), context.me.id)
        await record(context, "member.steering_confirmed", f"person:{seat.person_id}", {"person": seat.person_id})
    await context.session.flush()
    return [await _committee_update(context, ask.key)]


def _chosen(roster: Roster, subject: str) -> list[Seat]:
    first, _, second = subject.partition(":")
    waiting = roster.awaiting(Role.STEERING)
    if first == "all":
        found = [seat for seat in waiting if seat.since <= dt.datetime.fromisoformat(second)]
    else:
        found = [seat for seat in waiting if str(seat.id) == first]
    if not found:
        raise Refusal("members.nobody_awaits")
    return found


async def _committee_update(context: Context, key: str) -> Update:
    roster = await read_roster(context.session, context.group.id)
    with context.speaking_to_group():
        return Update(key, committee_message(context.group.product, roster, context.now))


async def pass_on_chair(context: Context) -> Replies:
    """The chair has left: the member who has sat longest takes over [choice]; where nobody is left, the channel is
    asked again."""
    roster = await read_roster(context.session, context.group.id)
    if roster.chair is not None or not context.group.steering_bound:
        return []
    if roster.committee:
        next_chair = min(roster.committee, key=lambda seat: (seat.since, seat.id))
        (await context.session.get_one(Membership, next_chair.id)).chair = True
        await context.session.flush()
        await record(
            context, "member.chair_passed_on", f"person:{next_chair.person_id}", {"person": next_chair.person_id}
        )
        roster = await read_roster(context.session, context.group.id)
        with context.speaking_to_group():
            told = Text(translate("members.steering.chair_passed_on", name=next_chair.name))
            shown = message(told, *committee_message(context.group.product, roster, context.now).blocks)
        return [Post(f"{KEY}{context.new_id()[-8:]}", context.group.steering_channel, shown)]
    await record(context, "group.steering_unbound", "group", {}, decision=True)
    return await propose_channel(context, context.group.steering_channel, named=False)
