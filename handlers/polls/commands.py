"""Polls: the municipalities say with a click what they want first."""

from __future__ import annotations

from handlers.capability import Capability, Deed
from handlers.chat.router import Word
from handlers.polls.opening import open_form, open_poll
from handlers.polls.voting import click

CAPABILITY = Capability(
    name="polls",
    deeds=(
        Deed("poll.open_form", open_form, writes=False),
        Deed("poll.open", open_poll),
        Deed("poll.click", click),
    ),
    words=(Word("poll", "poll.open_form", takes_text=False),),
    ballots={"poll": "poll.click"},
)
