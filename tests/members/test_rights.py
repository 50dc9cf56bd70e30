"""The table of rights, cell by cell: this is what the domain page says, written by hand and not read from the code."""

from __future__ import annotations

import pytest

from bot.app import CAPABILITIES
from handlers.chat.refusals import Refusal
from handlers.context import Capacity, Standing
from handlers.members.rights import RIGHTS, authorise, may
from handlers.members.standing import standing_of
from storage.enums import Role, UnitKind
from storage.models.members import Membership, Unit
from tests.conftest import START

COLUMNS = (
    Capacity.LEADER,
    Capacity.REPRESENTATIVE,
    Capacity.SUPPLIER,
    Capacity.SECRETARIAT,
    Capacity.STEERING,
    Capacity.GUEST,
)

TABLE = """
# deed                     L R S K C G
members.choose_group       x x x x x x
members.confirm_prepared   . x . . . .
members.drop_prepared      x x . . . .
members.open_founding      x x x x x x
members.found              x x x x x x
members.open_join          x x x x x x
members.join               x x x x x x
members.confirm            x . . . . .
members.confirm_leader     . x . . . .
members.propose_steering   x x x x x x
members.bind_steering      x x x x x x
members.sit_in_steering    x x x x x x
members.confirm_seats      . . . . x .
members.open_appoint       x . . . . .
members.appoint            x . . . . .
members.substitute         . x . . . .
members.take_lead          . x . . . .
members.open_end_role      x . . . x .
members.end_role           x . . . x .
members.ask_leave          x x x x x x
members.leave              x x x x x x
members.show_rights        x x x x x x
members.show_members       x x x x x x
members.open_settings      x x x x x x
members.change_settings    x . . . . .
members.mute               x x x x x x
members.my_data            x x x x x x
economy.show               x x x x x x
economy.report             x x x x x x
economy.frame_form         x . . . x .
economy.set_frame          x . . . x .
economy.invoice_form       x . . x . .
economy.book_invoice       x . . x . .
economy.undo_invoice       x . . x . .
economy.pledge             x x . . . .
economy.split_form         x . . . . .
economy.split              x . . . . .
wish.open_form             x x x x x x
wish.from_message          x x x x x x
wish.submit                x x x x x x
wish.show                  x x x x x x
wish.list                  x x x x x x
wish.mine                  x x x x x x
wish.search                x x x x x x
wish.history               x x x x x x
wish.support               . x . . . .
wish.unsupport             . x . . . .
wish.edit_form             x x x x x x
wish.edit                  x x x x x x
wish.withdraw              x x x x x x
wish.estimate_form         x . x . . .
wish.estimate              x . x . . .
wish.choose                x x x x x x
wish.merge                 x . . . . .
wish.unmerge               x . . . . .
wish.status                x x x x x x
wish.take_up               x . . . . .
wish.ask_estimate          x . . . . .
wish.make_ready            x . . . . .
wish.prioritise_form       x . . . . .
wish.prioritise            x . . . . .
wish.start_form            x . . . . .
wish.start                 x . . . . .
wish.deliver               x . x . . .
wish.close_form            x . . . . .
wish.close                 x . . . . .
wish.reject_form           x . . . . .
wish.reject                x . . . . .
wish.hold                  x . . . . .
wish.resume                x . . . . .
wish.reopen_form           x . . . . .
wish.reopen                x . . . . .
poll.open_form             x . . . . .
poll.open                  x . . . . .
poll.put_forward           x . . . . .
poll.discard               x . . . . .
poll.open_change           x . . . . .
poll.change                x . . . . .
poll.open_now              x . . . . .
poll.click_early           x x x x x x
poll.add                   x . . . . .
poll.receipt               x x x x x x
poll.log                   x x x x x x
round.show                 x x x x x x
round.change               x . . . . .
round.open                 x . . . . .
poll.click                 x x x x x x
poll.vote                  . x . . . .
poll.open_ballot           . x . . . .
poll.send_ballot           . x . . . .
poll.open_entry            x . . . . .
poll.open_extend           x . . . . .
poll.extend                x . . . . .
poll.move_deadline         x . . . . .
poll.open_ratify           x . . . . .
poll.ratify                x . . . . .
poll.open_run_off          x . . . . .
poll.enter                 x . . . . .
poll.status                x x x x x x
poll.result                x x x x x x
poll.list                  x x x x x x
poll.others                x x x x x x
poll.ask_close             x . . . . .
poll.close                 x . . . . .
poll.open_annul            x . . . . .
poll.annul                 x . . . . .
poll.open_decide           x . . . . .
poll.prioritise            x . . . . .
meeting.open_form          x . . . . .
meeting.plan               x . . . . .
meeting.change_form        x . . . . .
meeting.change             x . . . . .
meeting.held_form          x . . . . .
meeting.held               x . . . . .
meeting.cancel_form        x . . . . .
meeting.cancel             x . . . . .
meeting.minutes            x x x x x x
meeting.minutes_form       x . . . . .
meeting.write_minutes      x . . . . .
meeting.coming             x x x x x x
meeting.apology_form       x x x x x x
meeting.apology            x x x x x x
meeting.click              x x x x x x
meeting.list               x x x x x x
meeting.status             x x x x x x
meeting.agenda             x x x x x x
meeting.dates_form         x . . . . .
meeting.ask_dates          x . . . . .
meeting.date_click         x x x x x x
meeting.answer_dates_form  x x x x x x
meeting.answer_dates       x x x x x x
meeting.choose_date        x . . . . .
case.open_form             x . . . . .
case.recommend             x . . . . .
case.answer_form           . x . . x .
case.correct_form          . x . . x .
case.answer                . x . . x .
case.open_vote             . x . . x .
case.vote                  x x x x x x
decisions.list             x x x x x x
charter.show               x x x x x x
charter.health             x x x x x x
board.show                 x x x x x x
board.open                 x x x x x x
board.ask                  x x x x x x
board.do                   x x x x x x
help.show                  x x x x x x
"""

PREPARED = {
    "members.confirm",
    "poll.ratify",
    "wish.prioritise",
    "wish.start",
    "wish.reject",
    "economy.set_frame",
    "economy.book_invoice",
    "economy.undo_invoice",
    "economy.split",
    "case.recommend",
    "poll.prioritise",
    "poll.annul",
    "poll.close",
    "poll.enter",
}
"""What a leader without a vote only prepares."""

WITHOUT_GROUP = {
    "board.open",
    "board.show",
    "help.show",
    "members.choose_group",
    "members.found",
    "members.mute",
    "members.my_data",
    "members.open_founding",
    "members.propose_steering",
}
"""What needs no group: everything else is refused outside one."""


def expected() -> dict[str, dict[Capacity, bool]]:
    rows = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
    return {
        deed: {capacity: cell == "x" for capacity, cell in zip(COLUMNS, cells, strict=True)} for deed, *cells in rows
    }


REPRESENTATIVE = Standing(frozenset({Capacity.REPRESENTATIVE}))
COMMITTEE = Standing(frozenset({Capacity.STEERING}))

CELLS = [(deed, capacity, may_do) for deed, row in expected().items() for capacity, may_do in row.items()]


@pytest.mark.parametrize(("deed", "capacity", "may_do"), CELLS)
def test_each_cell(deed: str, capacity: Capacity, may_do: bool) -> None:
    standing = Standing(frozenset({capacity}))
    assert may(deed, standing) is may_do
    if may_do:
        authorise(deed, standing)
    else:
        with pytest.raises(Refusal) as refused:
            authorise(deed, standing)
        says_how = capacity is Capacity.GUEST and may(deed, REPRESENTATIVE) and not may(deed, COMMITTEE)
        assert refused.value.key == ("members.say_for_whom" if says_how else "members.not_yours")
        assert refused.value.parameters["who"]


def test_every_row_is_here_and_every_deed_has_one() -> None:
    deeds = {deed.name for capability in CAPABILITIES for deed in capability.deeds}
    assert expected().keys() == RIGHTS.keys() == deeds


def test_what_a_leader_without_a_vote_only_prepares() -> None:
    assert {deed.name for one in CAPABILITIES for deed in one.deeds if deed.prepared} == PREPARED


def test_what_needs_no_group() -> None:
    assert {deed.name for one in CAPABILITIES for deed in one.deeds if deed.anywhere} == WITHOUT_GROUP


def test_several_capacities_may_what_each_of_them_may() -> None:
    both = Standing(frozenset({Capacity.LEADER, Capacity.REPRESENTATIVE}))
    assert may("wish.start", both)
    assert may("wish.support", both)
    assert not may("members.confirm_seats", both)


def test_a_refusal_names_all_who_may() -> None:
    with pytest.raises(Refusal) as refused:
        authorise("wish.estimate", Standing())
    assert refused.value.parameters["who"] == "gruppens leder eller leverandørens repræsentant"


def held(
    role: Role, *, confirmed: bool = True, leads: bool = False, deputy: bool = False, chair: bool = False
) -> Membership:
    return Membership(
        group_id=1,
        person_id="p",
        role=role,
        leads=leads,
        deputy=deputy,
        chair=chair,
        since=START,
        confirmed_at=START if confirmed else None,
    )


UNIT = Unit(group_id=1, kind=UnitKind.MUNICIPALITY, code="550", name="Tønder", joined_at=START)
L, R, S, K, C, G = COLUMNS


@pytest.mark.parametrize(
    ("memberships", "capacities", "votes", "chair"),
    [
        ([], {G}, False, False),
        ([held(Role.GUEST)], {G}, False, False),
        ([held(Role.REPRESENTATIVE)], {R}, True, False),
        ([held(Role.REPRESENTATIVE, confirmed=False)], {R}, False, False),
        ([held(Role.CONVENER, leads=True), held(Role.REPRESENTATIVE)], {L, R}, True, False),
        ([held(Role.CONVENER, leads=True, confirmed=False), held(Role.REPRESENTATIVE)], {R}, True, False),
        ([held(Role.CONVENER), held(Role.REPRESENTATIVE)], {R}, True, False),
        ([held(Role.REPRESENTATIVE, deputy=True)], {L, R}, True, False),
        ([held(Role.REPRESENTATIVE, deputy=True, confirmed=False)], {R}, False, False),
        ([held(Role.SUPPLIER)], {S}, False, False),
        ([held(Role.SUPPLIER, leads=True)], {L, S}, False, False),
        ([held(Role.SECRETARIAT)], {K}, False, False),
        ([held(Role.STEERING)], {C}, False, False),
        ([held(Role.STEERING, chair=True)], {C}, False, True),
        ([held(Role.STEERING, confirmed=False, chair=True)], {G}, False, False),
        ([held(Role.STEERING), held(Role.REPRESENTATIVE)], {C, R}, True, False),
    ],
)
def test_what_stored_roles_make_of_a_person(
    memberships: list[Membership], capacities: set[Capacity], votes: bool, chair: bool
) -> None:
    unit = UNIT if any(one.role is Role.REPRESENTATIVE for one in memberships) else None
    standing = standing_of(memberships, unit)
    assert standing.capacities == capacities
    assert standing.votes is votes
    assert standing.chair is chair
