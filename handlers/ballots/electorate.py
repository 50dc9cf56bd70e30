"""Who may answer: the units are frozen at opening, their people are not."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.ballots.codes import voter_of
from handlers.context import Context, Standing
from handlers.decisions.chain import record
from storage.models.ballots import Ballot, Elector
from storage.models.members import Unit
from storage.queries import ballots, members


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place in an electorate.

    Args:
        unit_id: the unit that their ballot is of.
        confirmed: whether their word counts for it.
        ballot: what they have answered already.
        on_behalf_of: the colleague (our id) in whose place a substitute sits there, empty for nobody's.
        stands: whether that answer stands as it is, since they don't surely speak for its unit any more.
        before: the id of the unit that they have answered for before they came to speak for this one, if any.
    """

    unit_id: int
    confirmed: bool
    ballot: Ballot | None = None
    on_behalf_of: str = ""
    stands: bool = False
    before: int | None = None


async def freeze_electorate(context: Context, subject: str) -> list[Unit]:
    """The units that may vote on the subject from now on: those that somebody confirmed speaks for. Those that only
    unconfirmed people speak for are remembered, and count from when one of these is confirmed [choice]."""
    session, group_id = context.session, context.group.id
    voting = await members.list_voting_units(session, group_id)
    claimed = {unit.id for _, unit, _ in await members.list_representatives(session, group_id)}
    for unit in voting:
        session.add(Elector(group_id=group_id, subject=subject, unit_id=unit.id, admitted_at=context.now))
    for unit_id in sorted(claimed - {unit.id for unit in voting}):
        session.add(Elector(group_id=group_id, subject=subject, unit_id=unit_id, admitted_at=None))
    await session.flush()
    return voting


async def find_seat(context: Context, subject: str) -> Seat | None:
    """Where the acting person votes, `None` for nowhere."""
    return await seat_of(context, subject, context.me.id, context.standing)


async def seat_of(context: Context, subject: str, person_id: str, standing: Standing) -> Seat | None:
    """Where this person votes, `None` for nowhere. It is judged when a ballot is first seen: an answer stays the unit's
    that it was given for, and its giver changes it only while they speak for that unit. Who comes to speak for another
    unit of the electorate answers for that one anew (`docs/decisions/0012-who-moves-answers-anew.md`)."""
    session, group_id = context.session, context.group.id
    given = await ballots.list_ballots_of_person(session, group_id, subject, person_id)
    unit = standing.unit
    if unit is None or await ballots.find_elector(session, group_id, subject, unit.id) is None:
        return _standing_seat(given[0]) if given else None
    ballot = next((one for one in given if one.unit_id == unit.id), None)
    if ballot is None:
        before = given[0].unit_id if given else None
        return Seat(unit.id, standing.confirmed, on_behalf_of=standing.stands_in_for, before=before)
    if not may_change(ballot, unit.id, confirmed=standing.confirmed):
        return _standing_seat(ballot)
    confirmed = ballot.confirmed_at is not None or standing.confirmed
    return Seat(unit.id, confirmed, ballot, standing.stands_in_for)


def _standing_seat(ballot: Ballot) -> Seat:
    return Seat(ballot.unit_id, ballot.confirmed_at is not None, ballot, ballot.on_behalf_of, stands=True)


def may_change(ballot: Ballot, unit_id: int | None, *, confirmed: bool) -> bool:
    """Whether the one who gave a ballot may change it now.

    Args:
        unit_id: the unit that they speak for now, `None` for none.
        confirmed: whether their claim to it is; an answer that counts is not changed by somebody who only claims to.
    """
    return unit_id == ballot.unit_id and (confirmed or ballot.confirmed_at is None)


async def confirm_ballot(context: Context, subject: str, person_id: str, unit_id: int) -> bool:
    """A person's claim to speak for a unit was confirmed: the unit and their ballot count from now on. Returns whether
    that changes anything here."""
    session, group_id = context.session, context.group.id
    elector = await ballots.find_elector(session, group_id, subject, unit_id)
    if elector is None:
        return False
    given = await ballots.list_ballots_of_person(session, group_id, subject, person_id)
    ballot = next((one for one in given if one.unit_id == unit_id), None)
    counts = ballot is not None and ballot.confirmed_at is None
    if elector.admitted_at is not None and not counts:
        return False
    elector.admitted_at = elector.admitted_at or context.now
    if counts and ballot is not None:
        ballot.confirmed_at = context.now
    voter = voter_of(group_id, subject, person_id)
    facts = {"person": person_id, "voter": voter, "unit": unit_id, "ballot": counts}
    await record(context, "ballot.confirmed", subject, facts)
    await session.flush()
    return True
