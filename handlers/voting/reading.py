"""Reads what a person's emojis on a poll's messages say now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.ballots.methods import Kept, keep_clicks
from handlers.context import Context
from handlers.polls.state import ends_at, message_keys, terms_of
from handlers.voting.marks import read_click, read_clicks
from handlers.voting.settling import Settled, settle
from storage.changes import Change, unpack
from storage.models.exchange import Emoji
from storage.models.polls import Candidate, Poll
from storage.queries import exchange

CLOCKS_APART = dt.timedelta(minutes=1)
"""So far a chat's clock may be from ours: nobody clicks on a stray emoji in the minute before it gets a meaning."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a person's emojis say: what of them counts, and when they last changed one that stands for a candidate.

    Both follow from what is there, so the order in which the chat tells of it changes nothing."""

    kept: Kept
    at: dt.datetime | None


async def read_clicked(context: Context, poll: Poll, candidates: Sequence[Candidate], person_id: str) -> Read:
    """What a person's emojis on all the poll's messages say now."""
    terms, keys = terms_of(poll), message_keys(poll)
    there = {one.position: one for one in candidates}
    found: list[tuple[dt.datetime | None, str, Emoji, bool]] = []
    for row in await exchange.list_emojis(context.session, keys.keys(), person_id):
        clicked = read_click(terms, keys[row.key], row.emoji)
        said = settle(Change(row.on, row.changed_at, row.dated, row.mark), unpack(row.changes), ends_at(poll))
        if clicked is not None and clicked[0] in there and not _is_older(said, there[clicked[0]]):
            found.append((said.at, row.mark, row, said.on))
    on = sorted((one for one in found if one[3]), key=lambda one: (one[0] or poll.opened_at, one[1]))
    clicks = read_clicks(terms, [(keys[row.key], row.emoji) for _, _, row, _ in on], candidates)
    kept = keep_clicks(terms, clicks, {str(one.number) for one in candidates if one.left})
    return Read(kept, max((at for at, *_ in found if at is not None), default=None))


def _is_older(said: Settled, one: Candidate) -> bool:
    """Whether the emoji was there before it stood for this candidate: nobody has chosen it by that."""
    return one.added_at is not None and said.at is not None and said.at < one.added_at - CLOCKS_APART
