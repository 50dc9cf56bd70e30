"""When a round is due, the leader gets what is ready and a button that opens the form, filled in as the last time.

Nothing is decided by the machine: it proposes, and the leader opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Ask, Due, Timer
from handlers.chat.replies import Notice, OpenForm, Replies
from handlers.context import Context
from handlers.members.settings import read_settings
from handlers.polls.opening import DEFAULT_DAYS, propose_deadline
from handlers.polls.opening_form import Filled, poll_form
from handlers.polls.rules import LEAST_CANDIDATES, opening_of
from handlers.polls.state import PAGE
from handlers.rounds.messages import open_button
from handlers.rounds.planning import list_plans
from handlers.rounds.rules import Plan, last_round, next_round
from handlers.workdays import add_working_days, is_quiet, next_bundle
from locales import join_words, local_day, long_date, plural, translate, zone
from storage.enums import PollMethod, PollStatus, WishStatus
from storage.models.polls import Poll
from storage.models.wishes import Wish
from storage.queries import members, polls, wishes

LONGEST_LATE = dt.timedelta(days=14)
"""A proposal that was missed for longer, because the bot was down, is left to the next round [choice]."""

NAMED = 5
"""Wishes that the proposal names; the others are counted."""

_HELD = (PollStatus.OPEN, PollStatus.CLOSED)


async def open_round(context: Context, ask: Ask) -> Replies:
    """The form of a round's poll: what is ready, with the method and the rule of the last poll."""
    plan = (await list_plans(context.session)).get(context.group.id)
    ready = await wishes.list_wishes(context.session, context.group.id, [WishStatus.READY])
    held = await polls.list_polls(context.session, context.group.id, _HELD)
    asked = await polls.map_asked(context.session, context.group.id)
    chosen = await _most_wanted(context, [wish for wish in ready if wish.number not in asked])
    settings = await read_settings(context.session, context.group.id)
    debate, deadline = _days(context.today, plan)
    title = translate("polls.default_title", date=long_date(context.today))
    filled = Filled(title, deadline, debate, chosen, quorum=settings.quorum or None, asked=asked)
    return [OpenForm(poll_form(ready, _as_last_time(filled, held[0], len(chosen)) if held else filled))]


def _days(today: dt.date, plan: Plan | None) -> tuple[dt.date | None, dt.datetime]:
    """The last day of the debate, `None` for no debate, and the deadline."""
    if plan is None or not plan.debate:
        return None, propose_deadline(today, plan.days if plan else DEFAULT_DAYS)
    opens = local_day(opening_of(add_working_days(today, plan.debate), zone()))
    return opens, propose_deadline(opens, plan.days)


def _as_last_time(filled: Filled, last: Poll, count: int) -> Filled:
    most = last.most if last.most is not None and last.most <= count else None
    return Filled(
        filled.title,
        filled.deadline,
        filled.debate,
        filled.chosen,
        method=last.method,
        rule=last.rule,
        visibility=last.visibility,
        most=most,
        dots=last.dots if last.method is PollMethod.POINTS else None,
        quorum=last.quorum,
        asked=filled.asked,
    )


async def _most_wanted(context: Context, ready: Sequence[Wish]) -> frozenset[int]:
    """All that one message holds; of more, those that most municipalities back, the oldest first among equals."""
    if len(ready) <= PAGE:
        return frozenset(wish.number for wish in ready)
    backing = await wishes.map_backing_units(context.session, [wish.id for wish in ready])
    wanted = sorted(ready, key=lambda wish: (-len(backing.get(wish.id, [])), wish.number))
    return frozenset(wish.number for wish in wanted[:PAGE])


async def next_proposal(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """When the next round of any group is due; what was missed in a quiet time waits for the next bundle."""
    plans = await list_plans(session)
    coming = [moment for plan in plans.values() if (moment := next_round(plan, after, zone())) is not None]
    return min([*coming, next_bundle(after, zone())]) if plans else None


async def due_proposals(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """The newest round of each group that is due: of several that were missed, one is proposed."""
    if is_quiet(now, zone()):
        return []
    found = []
    for group_id, plan in (await list_plans(session)).items():
        moment = last_round(plan, now, zone())
        if moment is not None and now - moment <= LONGEST_LATE:
            found.append(Due(group_id, moment, "round"))
    return found


async def propose(context: Context, due: Due) -> Replies:
    """A line in the leader's bundle, with the button; where too little is ready, it says that."""
    ready = await wishes.list_wishes(context.session, context.group.id, [WishStatus.READY])
    asked = await polls.map_asked(context.session, context.group.id)
    free = [wish for wish in ready if wish.number not in asked]
    told: Replies = []
    for person in await members.list_leaders(context.session, context.group.id):
        with context.speaking_to(person):
            enough = len(free) >= LEAST_CANDIDATES
            text = _proposal(free) if enough else _too_few(len(free), len(ready))
            buttons = (open_button(),) if enough else ()
        told.append(Notice(text, "round", "polls", person.id, buttons))
    return told


def _too_few(free: int, ready: int) -> str:
    """Why there is nothing to propose; wishes that people vote on or discuss now are not proposed again."""
    return translate("rounds.others_asked") if ready > free else plural("rounds.too_few", free)


def _proposal(ready: Sequence[Wish]) -> str:
    names = [translate("polls.candidate", number=wish.number, title=wish.title) for wish in ready[:NAMED]]
    if more := len(ready) - len(names):
        names.append(plural("rounds.and_more", more))
    return plural("rounds.proposal", len(ready), names=join_words(names))


TIMERS = (Timer("rounds.propose", next_proposal, due_proposals, propose),)
