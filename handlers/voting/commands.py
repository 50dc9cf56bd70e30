"""Voting: a municipality answers a poll with emojis, in words, in a form or by mail."""

from __future__ import annotations

from handlers.capability import Capability, Deed
from handlers.chat.router import Word
from handlers.members.happenings import RepresentativeConfirmed, RepresentativeEnded
from handlers.polls.happenings import PollEnded
from handlers.voting.afterwards import on_ended
from handlers.voting.answering import open_ballot, send_ballot, vote
from handlers.voting.clicking import click
from handlers.voting.departing import on_ended as on_representative_ended
from handlers.voting.entering import check_entry, enter_ballot, entry_in_words, open_entry
from handlers.voting.listening import on_confirmed, on_wish_estimated, on_wish_moved
from handlers.wishes.happenings import WishEstimated, WishMoved

CAPABILITY = Capability(
    name="voting",
    deeds=(
        Deed("poll.click", click),
        Deed("poll.vote", vote),
        Deed("poll.open_ballot", open_ballot, writes=False),
        Deed("poll.send_ballot", send_ballot),
        Deed("poll.open_entry", open_entry, writes=False),
        Deed("poll.enter", enter_ballot, prepared=True, check=check_entry, what=entry_in_words),
    ),
    words=(
        Word("poll", "poll.vote", ("stem", "vote"), numbered=True),
        Word("poll", "poll.open_entry", ("modtaget", "received"), numbered=True),
    ),
    ballots={"poll": "poll.click"},
    listens={
        PollEnded: on_ended,
        RepresentativeConfirmed: on_confirmed,
        RepresentativeEnded: on_representative_ended,
        WishEstimated: on_wish_estimated,
        WishMoved: on_wish_moved,
    },
)
