"""Polls: the municipalities say with a click what they want first.

The room is larger than others (about 2,800 lines) because it is one poll's whole life: draft, debate, opening, late
candidates, extension, reminders, closing, each a file of its own around one state and one form. What is counted
(`results`), how people answer (`voting`), what the group does with the result (`outcomes`) and when it all begins
again (`rounds`) are rooms of their own. What comes before the opening is not: a draft, a debate and an open poll are
annulled, moved off a day when people are off work, and told of a wish that leaves by the same deeds, so such a cut
would go through these deeds.
"""

from __future__ import annotations

from handlers.capability import Capability, Deed
from handlers.chat.router import Word
from handlers.polls.adding import add_candidates
from handlers.polls.closing import annul_poll, ask_close, check_annulment, check_closing, close_by_leader, open_annul
from handlers.polls.debating import click_early, on_wish_estimated, on_wish_moved, open_early
from handlers.polls.drafting import change_poll, discard_draft, open_change, open_poll, put_forward
from handlers.polls.extending import extend_poll, move_deadline, open_extend
from handlers.polls.opening import open_form
from handlers.polls.showing import list_polls, show_result, show_status
from handlers.polls.tally import show_poll
from handlers.polls.timers import TIMERS
from handlers.wishes.happenings import WishEstimated, WishMoved

CAPABILITY = Capability(
    name="polls",
    deeds=(
        Deed("poll.open_form", open_form, writes=False),
        Deed("poll.open", open_poll),
        Deed("poll.put_forward", put_forward),
        Deed("poll.discard", discard_draft),
        Deed("poll.open_change", open_change, writes=False),
        Deed("poll.change", change_poll),
        Deed("poll.open_now", open_early),
        Deed("poll.click_early", click_early),
        Deed("poll.status", show_status, writes=False),
        Deed("poll.result", show_result, writes=False),
        Deed("poll.list", list_polls, writes=False),
        Deed("poll.ask_close", ask_close, writes=False),
        Deed("poll.close", close_by_leader, prepared=True, check=check_closing, wakes=True),
        Deed("poll.add", add_candidates),
        Deed("poll.open_extend", open_extend, writes=False),
        Deed("poll.extend", extend_poll),
        Deed("poll.move_deadline", move_deadline),
        Deed("poll.open_annul", open_annul, writes=False),
        Deed("poll.annul", annul_poll, prepared=True, check=check_annulment),
    ),
    words=(
        Word("poll", "poll.open_form", takes_text=False),
        Word("poll", "poll.open_change", ("ret", "change"), numbered=True),
        Word("poll", "poll.status", ("status",), numbered=True),
        Word("poll", "poll.add", ("tilføj", "tilfoej", "tilfoj", "add"), numbered=True),
        Word("poll", "poll.ask_close", ("luk", "close"), numbered=True),
        Word("poll", "poll.open_extend", ("forlæng", "forlaeng", "forlang", "extend"), numbered=True),
        Word("poll", "poll.open_annul", ("annuller", "annul"), numbered=True),
        Word("poll", "poll.result", ("resultat", "result"), numbered=True),
        Word("poll", "poll.list", ("liste", "list")),
    ),
    ballots={"poll-debate": "poll.click_early"},
    listens={WishEstimated: on_wish_estimated, WishMoved: on_wish_moved},
    timers=TIMERS,
    shows={"poll": show_poll},
)
