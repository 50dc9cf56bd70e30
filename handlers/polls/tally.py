"""A poll's messages kept true: how it stands, and until the first vote what the wishes cost."""

from __future__ import annotations

from handlers.chat.replies import Replies, Update
from handlers.context import Context
from handlers.polls import messages
from handlers.polls.state import PollState, get_poll, page_key, page_size, read_state
from storage.models.polls import Poll
from storage.queries import polls, wishes


async def refresh_costs(context: Context, poll: Poll) -> None:
    """Until the first vote, titles and costs follow the wishes."""
    candidates = await polls.list_candidates(context.session, poll.id)
    numbers = [one.number for one in candidates]
    found = {one.number: one for one in await wishes.list_wishes(context.session, poll.group_id, numbers=numbers)}
    for one in candidates:
        one.title, one.cost = found[one.number].title, found[one.number].estimate
    await context.session.flush()


def set_pages(poll: Poll, count: int) -> None:
    """How many messages so many candidates fill."""
    poll.pages = -(-count // page_size(poll, count)) if count else 1


async def show_poll(context: Context, subject: str) -> Replies:
    """The messages of `poll:7` as they look now."""
    poll = await get_poll(context, int(subject.partition(":")[2]))
    return show_tally(context, await read_state(context, poll))


def show_tally(context: Context, state: PollState, *, ends: bool = False) -> Replies:
    """The poll's messages as they look now. `ends`: their emojis no longer count."""
    with context.speaking_to_group():
        return [
            Update(page_key(state.poll, page), messages.page_message(state, page), tally=not ends, ends_ballot=ends)
            for page in range(1, state.poll.pages + 1)
        ]
