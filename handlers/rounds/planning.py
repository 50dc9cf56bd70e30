"""`/afstemning runder`: how often the group prioritises, for how long it discusses and votes, and what is next."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.refusals import FieldRefusal
from handlers.chat.replies import OpenForm, Post, Replies, Whisper
from handlers.context import Context
from handlers.inputs import read_count, read_date
from handlers.members.filling import Filling
from handlers.members.settings import GroupSettings, change_settings, read_settings, stored_value
from handlers.rounds import messages
from handlers.rounds.rules import Plan
from locales import local_day, translate
from storage.enums import Cadence, RoundDay
from storage.models.members import Setting
from storage.queries import rounds

NAMES = ("round_every", "round_first", "round_by", "round_debate", "round_days")
MOST_DEBATE = 30
MOST_DAYS = 60
FARTHEST = dt.timedelta(days=366)


async def list_plans(session: AsyncSession) -> dict[int, Plan]:
    """Group id → how it prioritises again and again; groups that don't are left out."""
    by_group: dict[int, list[Setting]] = {}
    for row in await rounds.list_newest(session, NAMES):
        by_group.setdefault(row.group_id, []).append(row)
    found = {group_id: plan_of(_chosen(rows), max(row.at for row in rows)) for group_id, rows in by_group.items()}
    return {group_id: plan for group_id, plan in found.items() if plan is not None}


def _chosen(rows: list[Setting]) -> GroupSettings:
    return GroupSettings(**{row.name: stored_value(row.name, row.value) for row in rows})  # type: ignore[arg-type] # each value is made for its name


def plan_of(chosen: GroupSettings, since: dt.datetime) -> Plan | None:
    """The group's plan, `None` where it has none."""
    if chosen.round_every is Cadence.NEVER or not chosen.round_first:
        return None
    return Plan(
        every=chosen.round_every,
        first=dt.date.fromisoformat(chosen.round_first),
        by=chosen.round_by,
        debate=chosen.round_debate,
        days=chosen.round_days,
        since=since,
    )


async def open_rounds(context: Context, ask: Ask) -> Replies:
    """What holds now, for everybody; and the form, for the leader."""
    now = await read_settings(context.session, context.group.id)
    plan = (await list_plans(context.session)).get(context.group.id)
    shown = Whisper(messages.rounds_message(plan, context.now, leads=context.standing.leads))
    return [OpenForm(messages.rounds_form(now, context.today)), shown] if context.standing.leads else [shown]


async def change_rounds(context: Context, ask: Ask) -> Replies:
    """The form was sent: everybody hears how it is from now on."""
    before = await read_settings(context.session, context.group.id)
    form = Filling(ask)
    every = form.word("every", Cadence, before.round_every)
    first = form.take("first", lambda typed, name: _read_first(context, typed, name, before), "")
    by = form.word("by", RoundDay, before.round_by)
    debate = form.take("debate", lambda typed, name: read_count(typed, name, 0, MOST_DEBATE), 0)
    days = form.take("days", lambda typed, name: read_count(typed, name, 1, MOST_DAYS), before.round_days)
    if every is not Cadence.NEVER and not ask.typed("first"):
        form.refuse("first", "rounds.first_missing")
    form.check()
    changes = await change_settings(
        context, round_every=every, round_first=first, round_by=by, round_debate=debate, round_days=days
    )
    if not changes:
        return [Whisper(message(Text(translate("rounds.unchanged"))))]
    plan = (await list_plans(context.session)).get(context.group.id)
    with context.speaking_to_group():
        shown = messages.announcement(plan, context.now, context.me.name)
    key = f"rounds:{context.new_id()[-8:]}"
    return [Whisper(message(Text(translate("rounds.saved")))), Post(key, context.group.channel, shown)]


def _read_first(context: Context, typed: str, field: str, before: GroupSettings) -> str:
    """The day of the first round as it is stored; one that stands there already may be past."""
    day = read_date(typed, field, context.today)
    if day.isoformat() != before.round_first and day < context.today:
        raise FieldRefusal(field, "rounds.first_past")
    if day > local_day(context.now + FARTHEST):
        raise FieldRefusal(field, "rounds.first_far")
    return day.isoformat()
