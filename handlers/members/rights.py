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
    "wish.submit": EVERYBODY,
    "wish.show": EVERYBODY,
    "wish.support": frozenset({R}),
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
