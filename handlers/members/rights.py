"""Who may do what: one row per deed, one column per capacity. A deed without a row stops the start."""

from __future__ import annotations

import locales
from handlers.chat.refusals import Refusal
from handlers.context import Capacity, Standing

L = Capacity.LEADER
R = Capacity.REPRESENTATIVE
S = Capacity.SUPPLIER
K = Capacity.SECRETARIAT
C = Capacity.STEERING
G = Capacity.GUEST

EVERYBODY = frozenset(Capacity)
LEADER = frozenset({L})

RIGHTS: dict[str, frozenset[Capacity]] = {
    # members
    "members.choose_group": EVERYBODY,
    "members.confirm_prepared": frozenset({R}),
    "members.drop_prepared": frozenset({L, R}),
    # economy
    # wishes
    "wish.open_form": EVERYBODY,
    "wish.from_message": EVERYBODY,
    "wish.submit": EVERYBODY,
    "wish.show": EVERYBODY,
    "wish.list": EVERYBODY,
    "wish.mine": EVERYBODY,
    "wish.search": EVERYBODY,
    "wish.history": EVERYBODY,
    "wish.support": frozenset({R}),
    "wish.unsupport": frozenset({R}),
    "wish.edit_form": EVERYBODY,  # mine, or the leader's: a rule of the room
    "wish.edit": EVERYBODY,
    "wish.withdraw": EVERYBODY,  # mine only: a rule of the room
    "wish.estimate_form": frozenset({L, S}),
    "wish.estimate": frozenset({L, S}),
    "wish.merge": LEADER,
    "wish.unmerge": LEADER,
    "wish.status": EVERYBODY,  # shows it; a move goes on to its own deed
    "wish.take_up": LEADER,
    "wish.ask_estimate": LEADER,
    "wish.make_ready": LEADER,
    "wish.prioritise_form": LEADER,
    "wish.prioritise": LEADER,
    "wish.start_form": LEADER,
    "wish.start": LEADER,
    "wish.deliver": frozenset({L, S}),
    "wish.close_form": LEADER,
    "wish.close": LEADER,
    "wish.reject_form": LEADER,
    "wish.reject": LEADER,
    "wish.hold": LEADER,
    "wish.resume": LEADER,
    "wish.reopen_form": LEADER,
    "wish.reopen": LEADER,
    # polls
    "poll.open_form": LEADER,
    "poll.open": LEADER,
    "poll.click": EVERYBODY,
    # meetings
    # escalations
    # the rest
}


def may(deed: str, standing: Standing) -> bool:
    """Whether somebody with this standing may do it."""
    return bool(RIGHTS[deed] & standing.capacities)


def authorise(deed: str, standing: Standing) -> None:
    """Let it pass, or say who may.

    Raises:
        Refusal: nobody with this standing may do it.
    """
    if not may(deed, standing):
        raise Refusal("members.not_yours", who=names_of(RIGHTS[deed]))


def names_of(capacities: frozenset[Capacity]) -> str:
    """The capacities in words, in the table's order."""
    return locales.join_words(locales.translate(f"members.capacity.{one}") for one in Capacity if one in capacities)
