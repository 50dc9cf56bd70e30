"""Keeps the ballots: puts an answer in, and takes out what counts now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.ballots.codes import receipt_of, voter_of
from handlers.ballots.rules import Cast, Marks, countable, standing_ballots, standing_cast, waiting_units
from handlers.context import Context
from handlers.decisions.chain import record
from storage.enums import BallotWay
from storage.models.ballots import Ballot, Elector
from storage.models.members import Unit
from storage.queries import ballots, members


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person, or a letter from a unit, says. `way` is how it came, `on_behalf_of` the colleague (our id) in
    whose place a substitute says it."""

    unit_id: int
    marks: Mapping[str, int]
    way: BallotWay
    at: dt.datetime
    confirmed: bool = True
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """All that is in for one subject. `units` are those that count, by id; `pending` those that nobody confirmed
    speaks for yet."""

    units: dict[int, Unit]
    pending: dict[int, Unit]
    casts: tuple[Cast, ...]

    def standing(self, *, averages: bool) -> dict[int, Marks]:
        """The one answer of each unit that has voted."""
        return standing_ballots(self.casts, self.units.keys(), averages=averages)

    def counting(self, *, averages: bool) -> list[Cast]:
        """The answers that count now: one of each unit, or with `averages` all that could."""
        by_unit = countable(self.casts, self.units.keys()).values()
        return [cast for casts in by_unit for cast in (casts if averages else [standing_cast(casts)])]

    def of_unit(self, unit: int) -> list[Cast]:
        """A unit's ballots that could count."""
        return countable(self.casts, [unit]).get(unit, [])

    def waiting(self) -> set[int]:
        """The units whose only answers come from people who are not confirmed."""
        return waiting_units(self.casts, self.units.keys() | self.pending.keys())


async def read_box(session: AsyncSession, group_id: int, subject: str) -> Box:
    """Everything that is in."""
    electors = await ballots.list_electors(session, group_id, subject)
    return _box(electors, await ballots.list_ballots(session, group_id, subject))


async def read_boxes(session: AsyncSession, group_id: int) -> dict[str, Box]:
    """Subject → everything that is in, for all that the group has voted on."""
    units = {unit.id: unit for unit in await members.list_units(session, group_id)}
    electors: dict[str, list[tuple[Elector, Unit]]] = {}
    for elector in await ballots.list_all_electors(session, group_id):
        electors.setdefault(elector.subject, []).append((elector, units[elector.unit_id]))
    cast: dict[str, list[Ballot]] = {}
    for ballot in await ballots.list_all_ballots(session, group_id):
        cast.setdefault(ballot.subject, []).append(ballot)
    return {
        subject: _box(sorted(those, key=lambda one: one[1].name), cast.get(subject, []))
        for subject, those in electors.items()
    }


def _box(electors: Sequence[tuple[Elector, Unit]], rows: Sequence[Ballot]) -> Box:
    return Box(
        units={unit.id: unit for elector, unit in electors if elector.admitted_at is not None},
        pending={unit.id: unit for elector, unit in electors if elector.admitted_at is None},
        casts=tuple(to_cast(row) for row in rows),
    )


def to_cast(row: Ballot) -> Cast:
    return Cast(
        person=row.person_id,
        unit=row.unit_id,
        marks=row.marks,
        at=row.changed_at,
        turn=row.turn,
        confirmed=row.confirmed_at is not None,
        mailed=row.way is BallotWay.LEADER,
        substitute=bool(row.on_behalf_of),
    )


async def put_ballot(
    context: Context, subject: str, person_id: str, answer: Answer, known: Ballot | None = None
) -> Ballot:
    """Put a person's whole answer in, in place of their last one; a letter's has no person.

    Args:
        known: the ballot that is there, if any; its unit stays the one that it was first given for.
    """
    marks = {option: mark for option, mark in sorted(answer.marks.items()) if mark}
    confirmed_at = known.confirmed_at if known else None
    if answer.confirmed and confirmed_at is None:
        confirmed_at = context.now
    unit_id, key = known.unit_id if known else answer.unit_id, context.new_id()
    facts = {
        "person": person_id,
        "voter": voter_of(context.group.id, subject, person_id),
        "key": key,
        "receipt": receipt_of(key, subject, unit_id, marks),
        "unit": unit_id,
        "marks": marks,
        "way": answer.way,
        "at": answer.at.astimezone(dt.UTC).isoformat(),
        "confirmed": confirmed_at is not None,
        "on_behalf_of": answer.on_behalf_of,
        "substitute": bool(answer.on_behalf_of),
    }
    entry = await record(context, "ballot.cast", subject, facts)
    ballot = known or Ballot(group_id=context.group.id, subject=subject, person_id=person_id, unit_id=unit_id)
    ballot.marks, ballot.way, ballot.changed_at = marks, answer.way, answer.at
    ballot.entered_by = context.me.id if answer.way is BallotWay.LEADER else ""
    ballot.on_behalf_of = answer.on_behalf_of
    ballot.confirmed_at, ballot.turn = confirmed_at, entry.number
    context.session.add(ballot)
    await context.session.flush()
    return ballot
