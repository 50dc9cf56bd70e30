"""Rounds: groups that prioritise again and again get a proposal when it is time."""

from __future__ import annotations

from handlers.capability import Capability, Deed
from handlers.chat.router import Word
from handlers.rounds.planning import change_rounds, open_rounds
from handlers.rounds.proposing import TIMERS, open_round

CAPABILITY = Capability(
    name="rounds",
    deeds=(
        Deed("round.show", open_rounds, writes=False),
        Deed("round.change", change_rounds),
        Deed("round.open", open_round, writes=False),
    ),
    words=(
        Word("poll", "round.show", ("runder", "rounds")),
        Word("poll", "round.open", ("runde", "round")),
    ),
    timers=TIMERS,
)
