"""Before a poll opens, its candidates can be discussed: everybody sees them and when voting opens, and nobody votes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.capability import Ask, Due
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Notice, Post, Replies, Update, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.polls.before_messages import debate_message, debate_started
from handlers.polls.opening import check_openable, facts_of, open_now
from handlers.polls.rules import GONE
from handlers.polls.state import get_poll, read_state, subject_of
from handlers.polls.tally import refresh_costs
from handlers.wishes.happenings import WishEstimated, WishMoved
from handlers.workdays import is_quiet, next_bundle
from locales import long_moment, translate, zone
from storage.enums import PollStatus
from storage.models.polls import Poll
from storage.queries import exchange, members, polls


def debate_key(poll: Poll) -> str:
    """Our name for the message under which candidates are discussed; its first part is not that of a ballot, so an
    early emoji is never a vote."""
    return f"poll-debate:{poll.number}"


async def begin_debate(context: Context, poll: Poll) -> Replies:
    """Everybody sees the candidates, and when voting opens."""
    poll.status = PollStatus.DEBATE
    candidates = await polls.list_candidates(context.session, poll.id)
    facts = {"candidates": [one.number for one in candidates], "opens": poll.opened_at.isoformat()}
    await record(context, "poll.debate_begun", subject_of(poll), facts_of(poll) | facts)
    state = await read_state(context, poll)
    with context.speaking_to_group():
        shown = debate_message(state, context.now)
    return [Post(debate_key(poll), context.group.channel, shown, ballot=True), Whisper(debate_started(poll))]


async def show_debate(context: Context, poll: Poll) -> Replies:
    """The debate's message as it looks now; once the debate is over, emojis on it are no longer looked at."""
    await context.session.flush()
    state = await read_state(context, poll)
    with context.speaking_to_group():
        shown = debate_message(state, context.now)
    return [Update(debate_key(poll), shown, ends_ballot=poll.status is not PollStatus.DEBATE)]


async def open_early(context: Context, ask: Ask) -> Replies:
    """*Åbn nu*: the leader ends the debate, or opens a draft without one."""
    poll = await get_poll(context, ask.number())
    return [*await open_now(context, poll), *await show_debate(context, poll)]


async def click_early(context: Context, ask: Ask) -> Replies:
    """An emoji on the debate's message gets one friendly line per person, and is no vote."""
    poll = await get_poll(context, int(ask.key.partition(":")[2]))
    key = f"poll:{context.group.id}:{poll.number}:early:{context.me.id}"
    if not any(one.on for one in ask.clicks) or not await exchange.claim(context.session, key, context.now):
        return []
    what = "debate" if poll.status is PollStatus.DEBATE else "over"
    text = translate(f"polls.early_click.{what}", number=poll.number, moment=long_moment(poll.opened_at))
    return [Whisper(message(Text(text)))]


async def on_wish_moved(context: Context, moved: WishMoved) -> Replies:
    """A wish that is withdrawn, merged or put aside is no candidate of what opens later; one that comes back is."""
    return await _follow(context, moved.wish.number, left=moved.wish.status.value if moved.wish.status in GONE else "")


async def on_wish_estimated(context: Context, estimated: WishEstimated) -> Replies:
    """Until a poll opens, what stands in it follows the wishes."""
    return await _follow(context, estimated.wish.number)


async def _follow(context: Context, number: int, *, left: str | None = None) -> Replies:
    replies: Replies = []
    waiting = (PollStatus.DRAFT, PollStatus.DEBATE)
    for poll in await polls.list_with_candidate(context.session, context.group.id, number, waiting):
        for one in await polls.list_candidates(context.session, poll.id):
            if one.number == number and left is not None:
                one.left = left
        await refresh_costs(context, poll)
        if poll.status is PollStatus.DEBATE:
            replies += await show_debate(context, poll)
    return replies


async def next_opening(session: AsyncSession, after: dt.datetime) -> dt.datetime | None:
    """When the next debate ends; one that ended in a quiet time, while the bot was down, waits for the next bundle."""
    moments = [poll.opened_at for poll in await polls.list_in_debate(session)]
    coming = [moment for moment in moments if moment > after]
    return min([*coming, next_bundle(after, zone())]) if moments else None


async def due_openings(session: AsyncSession, now: dt.datetime) -> list[Due]:
    """The debates that are over; nothing opens in quiet hours."""
    if is_quiet(now, zone()):
        return []
    found = [poll for poll in await polls.list_in_debate(session) if poll.opened_at <= now]
    return [Due(poll.group_id, poll.opened_at, str(poll.number)) for poll in found]


async def open_due(context: Context, due: Due) -> Replies:
    """Open one of them. What can't be opened stays in debate, and the leader hears why."""
    poll = await get_poll(context, int(due.subject))
    if poll.status is not PollStatus.DEBATE or poll.opened_at > context.now:
        return []
    try:
        await check_openable(context, poll)
    except Refusal as refusal:
        return [*await _tell_leaders(context, poll, refusal), *await show_debate(context, poll)]
    return [*await open_now(context, poll), *await show_debate(context, poll)]


async def _tell_leaders(context: Context, poll: Poll, refusal: Refusal) -> Replies:
    told: Replies = []
    for person in await members.list_leaders(context.session, context.group.id):
        with context.speaking_to(person):
            why = translate(refusal.key, **refusal.parameters)
            text = translate("polls.could_not_open", number=poll.number, title=poll.title, why=why)
        told.append(Notice(text, f"poll:{poll.number}/opening", "polls", person.id))
    return told
