"""What other rooms hear about groups and their members."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.chat.replies import Happening


@dataclass(frozen=True, slots=True)
class GroupFounded(Happening):
    """A channel has become a group.

    Args:
        year: the calendar and budget year that the figures are of.
        frame: the year's economic frame in whole øre, `None` where nobody has said.
        ceiling: the most that one wish may cost, in whole øre, `None` for no ceiling.
        spent: what the year has cost before the group was made, in whole øre.
        committed: what was ordered and not yet paid then, in whole øre.
        held: meetings held that year before the group was made; the group's settings have it too.
    """

    year: int
    frame: int | None = None
    ceiling: int | None = None
    spent: int = 0
    committed: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class RepresentativeConfirmed(Happening):
    """Somebody's claim to speak for a unit counts from now on, with the ballots that they have given already.
    `stands_in_for`: the colleague (our id) whose substitute they are, empty for nobody's."""

    person_id: str
    unit_id: int
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True)
class RepresentativeEnded(Happening):
    """Somebody no longer speaks for a unit; their role has ended already."""

    person_id: str
    unit_id: int
