"""Makes a channel a group: `/gruppe opret`, one form, and a welcome that says what to do first."""

from __future__ import annotations

import re

from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Notice, OpenForm, Post, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.founding_form import Founding, Lead, founding_form, read_founding
from handlers.members.happenings import GroupFounded
from handlers.members.messages import WELCOME, welcome_message
from handlers.members.municipalities import fold
from handlers.members.roles import give_role
from handlers.members.roster import read_roster
from handlers.members.settings import write_settings
from handlers.members.standing import find_standing
from handlers.members.steering import propose_channel
from handlers.members.units import enter_unit
from locales import translate
from storage.enums import Role
from storage.models.members import Group
from storage.queries import exchange, members

_LONGEST_SHORT_NAME = 30


async def open_founding(context: Context, ask: Ask) -> Replies:
    """`/gruppe opret`: the form, where a group can be made."""
    await _check_channel(context)
    return [OpenForm(founding_form((("channel_name", context.place.name),)))]


async def found_group(context: Context, ask: Ask) -> Replies:
    """The form was sent: the channel is a group, its leader leads it, and the other rooms hear what is theirs."""
    await _check_channel(context)
    founding = await read_founding(context, ask)
    group = await _store_group(context, founding.product, ask.carry.get("channel_name", ""))
    context.known_group = group
    await write_settings(context, founding.settings(context.today.year))
    told = await _enter_people(context, founding)
    context.standing = await find_standing(context.session, group, context.me)
    await record(context, "group.founded", "group", founding.facts(), decision=True)
    with context.speaking_to_group():
        welcome = welcome_message(group.product, await read_roster(context.session, group.id))
    return [
        Post(WELCOME, group.channel, welcome),
        Whisper(message(Text(translate("members.founded_told", product=group.product, name=group.short_name)))),
        *told,
        *await propose_channel(context, founding.steering),
        _happening(founding, context.today.year),
    ]


async def _check_channel(context: Context) -> None:
    """Whether this person can make a group here.

    Raises:
        Refusal: a guest asks, it is no channel, or it belongs to a group already.
    """
    me, channel = context.me, context.place.channel
    if context.guest:
        raise Refusal("members.guest_cannot_found")
    if context.place.direct or not channel:
        raise Refusal("members.found_in_channel")
    for group in await members.list_groups_of_channel(context.session, me.platform, me.workspace, channel):
        key = "is_group_already" if group.channel == channel else "is_steering_already"
        raise Refusal(f"members.{key}", product=group.product)


async def _store_group(context: Context, product: str, channel_name: str) -> Group:
    """The new group's row. The claim lets only one of several that make a group of a channel at once succeed."""
    me, channel = context.me, context.place.channel
    if not await exchange.claim(context.session, f"founded:{me.platform}/{me.workspace}/{channel}", context.now):
        raise Refusal("members.is_group_already", product=product)
    group = Group(
        short_name=await _short_name(context, product),
        product=product,
        platform=me.platform,
        workspace=me.workspace,
        channel=channel,
        channel_name=channel_name,
        locale=context.locale,
        founded_at=context.now,
        created_at=context.now,
    )
    context.session.add(group)
    await context.session.flush()
    return await members.lock_group(context.session, group.id)


async def _short_name(context: Context, product: str) -> str:
    """The product's name in small ASCII letters, with a number behind it where another group has it."""
    stem = re.sub(r"[^a-z0-9]+", "-", fold(product)).strip("-")[:_LONGEST_SHORT_NAME].strip("-") or "gruppe"
    name, count = stem, 1
    while await members.find_group_by_name(context.session, name) is not None or not await exchange.claim(
        context.session, f"short_name:{name}", context.now
    ):
        count += 1
        name = f"{stem}-{count}"
    return name


async def _enter_people(context: Context, founding: Founding) -> Replies:
    """The founder's seats, and the leader's. Who leads a group that they make themselves is confirmed by nobody else:
    it counts, and the group says that it is a group of one, until another unit's representative confirms it."""
    me = context.me.id
    unit = await enter_unit(context, founding.claim) if founding.claim else None
    if unit is not None:
        await give_role(
            context,
            me,
            Role.REPRESENTATIVE,
            confirmed_by=me if founding.lead is Lead.ME else "",
            unit_id=unit.id,
        )
    leader = founding.supplier.id if founding.supplier else me
    role = Role.CONVENER if founding.lead is Lead.ME else Role.SUPPLIER
    held = await give_role(context, leader, role, confirmed_by=me)
    held.leads = True
    await context.session.flush()
    if founding.supplier is None:
        return []
    with context.speaking_to(founding.supplier):
        text = translate("members.made_leader", name=context.me.name, product=founding.product)
    return [Notice(text, "leader", "people", founding.supplier.id)]


def _happening(founding: Founding, year: int) -> GroupFounded:
    return GroupFounded(
        year=year,
        frame=founding.frame,
        ceiling=founding.ceiling,
        spent=founding.spent,
        committed=founding.committed,
        held=founding.held,
    )
