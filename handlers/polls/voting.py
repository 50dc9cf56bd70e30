"""Giving a ballot: by clicking on emojis, or in words."""

from __future__ import annotations

from handlers.ballots.box import Answer, put_ballot
from handlers.capability import Ask
from handlers.chat.messages import Text, message
from handlers.chat.replies import Replies, Update, Whisper
from handlers.context import Context
from handlers.polls import messages
from handlers.polls.rules import marks_of_clicks
from handlers.polls.state import PollState, get_poll, page_key, read_state, subject_of
from locales import translate
from storage.enums import BallotWay
from storage.models.polls import Poll
from storage.queries import exchange


async def click(context: Context, ask: Ask) -> Replies:
    """An emoji was put on a poll's message, or taken off: the person's emojis are their answer."""
    poll = await get_poll(context, int(ask.key.partition(":")[2].partition("/")[0]))
    unit = context.standing.unit
    if unit is None:
        return await _tell_non_voter(context, poll)
    state = await read_state(context, poll)
    chosen = marks_of_clicks(await _emojis_of(context, poll), state.numbers())
    answer = Answer(
        unit.id,
        {str(number): 1 for number in chosen},
        BallotWay.EMOJI,
        context.happened_at,
        confirmed=context.standing.confirmed,
    )
    await put_ballot(context, subject_of(poll), context.me.id, answer)
    return show_tally(context, await read_state(context, poll))


def show_tally(context: Context, state: PollState) -> Replies:
    """The poll's messages as they look now."""
    with context.speaking_to_group():
        return [
            Update(page_key(state.poll, page), messages.page_message(state, page), tally=True)
            for page in range(1, state.poll.pages + 1)
        ]


async def _emojis_of(context: Context, poll: Poll) -> dict[int, list[str]]:
    keys = {f"{context.group.id}:{page_key(poll, page)}": page for page in range(1, poll.pages + 1)}
    pages: dict[int, list[str]] = {page: [] for page in keys.values()}
    for row in await exchange.list_emojis(context.session, keys.keys(), context.me.id):
        if row.on:
            pages[keys[row.key]].append(row.emoji)
    return pages


async def _tell_non_voter(context: Context, poll: Poll) -> Replies:
    key = f"poll:{context.group.id}:{poll.number}:non_voter:{context.me.id}"
    if not await exchange.claim(context.session, key, context.now):
        return []
    return [Whisper(message(Text(translate("polls.non_voter"))))]
