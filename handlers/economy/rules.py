"""What the group has to spend, worked out from its ledger: nothing here knows a database, a clock or a chat.

Money for one wish is used in this order: what comes on top of the frame (pledges, extra grants, grants of earlier
years), then its grant inside the frame, then what is free to everybody. So a wish that is started within its room never
takes anything from the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.enums import EntryKind as K


@dataclass(frozen=True, slots=True)
class Line:
    """A sum of the ledger, in øre: what stands for a year, a kind, a subject, inside the frame or on top of it."""

    year: int
    kind: K
    amount: int | None
    subject: str = ""
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """One wish's money as a year's books have it, in øre.

    Args:
        used: spent and committed in the year.
        covered: of that, what is paid from on top of the frame.
        earmarked: what is left of its grant inside this year's frame.
        outside: what is left of what comes on top of the frame.
        pledged: what municipalities have promised it, used or not.
        granted: what the committee has granted it, used or not.
        ceiling: what the committee has approved that it may cost, `None` where it was never asked.
    """

    used: int = 0
    covered: int = 0
    earmarked: int = 0
    outside: int = 0
    pledged: int = 0
    granted: int = 0
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """A group's money in one budget year, in øre ekskl. moms; `None` where something was not set.

    Args:
        spent: invoices.
        committed: promised to what was started and not yet invoiced.
        granted: what the committee has granted to single wishes this year.
        pledged: what municipalities have promised to single wishes this year.
        earmarked: of the grants inside the frame, what is not yet used: set aside for its wish.
        covered: of spent and committed, what is paid from on top of the frame.
    """

    year: int
    frame: int | None = None
    ceiling: int | None = None
    mandate: int | None = None
    spent: int = 0
    committed: int = 0
    granted: int = 0
    pledged: int = 0
    earmarked: int = 0
    covered: int = 0

    @property
    def free(self) -> int | None:
        """What is *til rådighed*: the frame without what is spent, committed outside grants, or earmarked."""
        if self.frame is None:
            return None
        return self.frame - self.spent - self.committed - self.earmarked + self.covered


@dataclass(frozen=True, slots=True)
class Room:
    """What one wish may cost, in øre: free + its unused grant + its pledges. `approved` is what the committee has
    approved that it may cost, whatever the ceiling."""

    free: int | None
    unused: int = 0
    approved: int | None = None

    @property
    def amount(self) -> int | None:
        """The room, `None` where there is no frame. What is earmarked stays the wish's own when the rest is used up."""
        return None if self.free is None else max(self.free, 0) + self.unused


def is_outside(amount: int, ceiling: int | None, room: Room) -> bool:
    """Whether an amount exceeds the ceiling or its room. Where no frame is set, nothing is outside it.

    Args:
        amount: the wish's estimate or guess, in øre.
        ceiling: what a wish may cost before the committee is asked, in øre; `None` for no ceiling.
        room: the wish's own.
    """
    return exceeds_ceiling(amount, ceiling, room) or (room.amount is not None and amount > room.amount)


def exceeds_ceiling(amount: int, ceiling: int | None, room: Room) -> bool:
    """Whether it is too dear for the group to decide alone, and not approved by the committee."""
    return ceiling is not None and amount > max(ceiling, room.approved or 0)


@dataclass(frozen=True, slots=True)
class Excess:
    """By how much an amount is outside, in øre: too dear for the group alone, and more than there is money for."""

    over_ceiling: int = 0
    over_room: int = 0

    @property
    def most(self) -> int:
        """What would have to go before the group may decide alone; 0 where it may."""
        return max(self.over_ceiling, self.over_room)


def excess_of(amount: int, ceiling: int | None, room: Room) -> Excess:
    """By how much an amount is outside, and of what."""
    over_ceiling = amount - max(ceiling, room.approved or 0) if ceiling is not None else 0
    over_room = amount - room.amount if room.amount is not None else 0
    return Excess(max(over_ceiling, 0), max(over_room, 0))


def balance_of(lines: Sequence[Line], year: int) -> Balance:
    """The books of one year. `lines` are those up to and with that year."""
    accounts = [account_of(mine, year, subject) for subject, mine in _by_subject(lines).items()]
    return Balance(
        year=year,
        frame=_value(lines, K.FRAME, (year,)),
        ceiling=_value(lines, K.CEILING, _years(lines)),
        mandate=_value(lines, K.MANDATE, _years(lines)),
        spent=_sum(lines, year, K.SPENT),
        committed=_sum(lines, year, K.COMMITTED),
        granted=_sum(lines, year, K.GRANT),
        pledged=_sum(lines, year, K.PLEDGE),
        earmarked=sum(account.earmarked for account in accounts),
        covered=sum(account.covered for account in accounts),
    )


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is decided to be done and not yet started, in øre.

    Args:
        amount: what it costs.
        free: what is til rådighed when it is started, `None` where there is no frame.
        unknown: how many of them have no estimate, and are not in it.
    """

    amount: int
    free: int | None
    unknown: int = 0


def prospect_of(lines: Sequence[Line], year: int, amounts: Mapping[str, int | None]) -> Prospect:
    """What a year's books are like when these are started; each uses its own money first.

    Args:
        amounts: subject → its estimate in øre, `None` for none.
    """
    known = {subject: amount for subject, amount in amounts.items() if amount is not None}
    started = [Line(year, K.COMMITTED, amount, subject) for subject, amount in known.items()]
    free = balance_of([*lines, *started], year).free
    return Prospect(sum(known.values()), free, len(amounts) - len(known))


def room_of(lines: Sequence[Line], year: int, subject: str) -> Room:
    """What a subject may cost in a year."""
    account = account_of(lines, year, subject)
    return Room(balance_of(lines, year).free, account.earmarked + account.outside, account.ceiling)


def account_of(lines: Iterable[Line], year: int, subject: str) -> Account:
    """One subject's money as a year's books have it. What was granted or pledged and not used goes on to the next
    year, where it comes on top of that year's frame [choice]."""
    mine = [line for line in lines if line.subject == subject]
    outside = used = covered = earmarked = 0
    for current in sorted({line.year for line in mine if line.year <= year} | {year}):
        outside += earmarked
        outside += _sum(mine, current, K.PLEDGE) + _sum(mine, current, K.GRANT, inside=False)
        used = _sum(mine, current, K.SPENT) + _sum(mine, current, K.COMMITTED)
        covered = min(max(used, 0), outside)
        outside -= covered
        earmarked = max(0, _sum(mine, current, K.GRANT, inside=True) - max(0, used - covered)) if subject else 0
    return Account(
        used=used,
        covered=covered,
        earmarked=earmarked,
        outside=outside,
        pledged=_sum(mine, None, K.PLEDGE),
        granted=_sum(mine, None, K.GRANT),
        ceiling=_value(mine, K.CEILING, _years(mine), subject),
    )


def rests_of(lines: Iterable[Line], subject: str) -> list[tuple[int, int]]:
    """The years in which something is still committed to a subject, each with how much, the oldest first."""
    mine = [line for line in lines if line.subject == subject and line.kind is K.COMMITTED]
    years = sorted({line.year for line in mine})
    return [(year, rest) for year in years if (rest := _sum(mine, year, K.COMMITTED)) > 0]


def spent_on(lines: Iterable[Line], subject: str) -> int:
    """All invoices of a subject, in øre, whatever the year."""
    return _sum((line for line in lines if line.subject == subject), None, K.SPENT)


def unused_grants_of(lines: Sequence[Line], year: int, subject: str) -> list[tuple[int, bool, int]]:
    """What is left of a subject's grants, as (year, inside, øre): given back when it ends, the newest first and what
    is inside the frame before what is on top."""
    account = account_of(lines, year, subject)
    left = account.earmarked + account.outside
    mine = [line for line in lines if line.subject == subject]
    found = []
    for inside in (True, False):
        for current in reversed(_years(mine)):
            part = min(left, max(0, _sum(mine, current, K.GRANT, inside=inside)))
            if part:
                found.append((current, inside, part))
                left -= part
    return found


def commitments_of(lines: Sequence[Line], year: int) -> list[tuple[str, int, int]]:
    """What is committed in a year, as (subject, still committed, spent), the largest first."""
    found = [
        (subject, _sum(mine, year, K.COMMITTED), _sum(mine, year, K.SPENT))
        for subject, mine in _by_subject(lines).items()
    ]
    return sorted((one for one in found if one[1]), key=lambda one: (-one[1], one[0]))


def share_equally(amount: int, count: int) -> list[int]:
    """An amount in øre as `count` shares that differ by one øre at most and add up to it."""
    return share_by_weight(amount, [1] * count)


def share_by_weight(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount in øre shared after weights (such as citizens), by largest remainder, adding up to it exactly."""
    total = sum(weights)
    if total <= 0:
        return [0] * len(weights)
    shares = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(amount * weights[place] % total), place))
    for place in by_remainder[: amount - sum(shares)]:
        shares[place] += 1
    return shares


def _by_subject(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.subject, []).append(line)
    return found


def _sum(lines: Iterable[Line], year: int | None, kind: K, *, inside: bool | None = None) -> int:
    return sum(
        line.amount or 0
        for line in lines
        if line.kind is kind and year in (None, line.year) and inside in (None, line.inside)
    )


def _years(lines: Iterable[Line]) -> tuple[int, ...]:
    return tuple(sorted({line.year for line in lines}))


def _value(lines: Iterable[Line], kind: K, years: tuple[int, ...], subject: str = "") -> int | None:
    """The newest of the values; a ceiling and a mandate stand until they are changed, a frame is of its year."""
    found = [line for line in lines if line.kind is kind and line.subject == subject and line.year in years]
    return max(found, key=lambda line: line.year).amount if found else None
