"""What a group does with a poll's result: compare, decide a tie, prioritise, ratify. The poll itself stays as it is."""

from __future__ import annotations

from handlers.capability import Capability, Deed
from handlers.chat.router import Word
from handlers.outcomes.comparing import show_others
from handlers.outcomes.deciding import check_choice_of_wishes, open_decide, prioritise
from handlers.outcomes.ratifying import check_ratification, open_ratify, ratify_poll
from handlers.outcomes.run_offs import open_run_off

CAPABILITY = Capability(
    name="outcomes",
    deeds=(
        Deed("poll.others", show_others, writes=False),
        Deed("poll.open_decide", open_decide, writes=False),
        Deed("poll.open_ratify", open_ratify, writes=False),
        Deed("poll.ratify", ratify_poll, prepared=True, check=check_ratification),
        Deed("poll.open_run_off", open_run_off, writes=False),
        Deed("poll.prioritise", prioritise, prepared=True, check=check_choice_of_wishes),
    ),
    words=(Word("poll", "poll.open_ratify", ("ratificer", "ratify"), numbered=True),),
)
