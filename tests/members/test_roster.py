"""Who is what in a group, worked out from seats alone."""

from __future__ import annotations

import dataclasses

from handlers.members.roster import Roster, Seat
from storage.enums import Role

LEADER = Seat(1, "anna", "Anna Holm", Role.CONVENER, leads=True)
ANNA = Seat(2, "anna", "Anna Holm", Role.REPRESENTATIVE, 71, "Favrskov")
DAN = Seat(3, "dan", "Dan Krogh", Role.REPRESENTATIVE, 71, "Favrskov", confirmed=False)
BO = Seat(4, "bo", "Bo Lind", Role.REPRESENTATIVE, 55, "Tønder")
GRY = Seat(5, "gry", "Gry Toft", Role.STEERING)
FINN = Seat(6, "finn", "Finn Bech", Role.STEERING, chair=True)
EVA = Seat(7, "eva", "Eva Sommer", Role.SUPPLIER)


def by_themselves(seat: Seat) -> Seat:
    return dataclasses.replace(seat, by_themselves=True)


def test_an_empty_group_has_nobody() -> None:
    roster = Roster(())
    assert roster.leader is None
    assert roster.chair is None
    assert roster.leader_unit is None
    assert roster.voting_units == frozenset()
    assert not roster.is_group_of_one


def test_the_leader_speaks_for_their_unit() -> None:
    roster = Roster((LEADER, ANNA, DAN, BO))
    assert roster.leader is LEADER
    assert roster.leader_unit == 71
    assert roster.label_of(LEADER) == "Anna Holm (Favrskov)"
    assert roster.voting_units == {71, 55}
    assert roster.other_voting_units == {55}


def test_a_leader_who_awaits_confirmation_does_not_lead() -> None:
    assert Roster((dataclasses.replace(LEADER, confirmed=False),)).leader is None


def test_a_group_of_one_is_one_whose_leader_nobody_else_could_confirm() -> None:
    assert Roster((by_themselves(LEADER), ANNA)).is_group_of_one
    assert Roster((by_themselves(LEADER), ANNA, DAN)).is_group_of_one
    assert not Roster((by_themselves(LEADER), ANNA, BO)).is_group_of_one
    assert not Roster((LEADER, ANNA)).is_group_of_one


def test_who_awaits_confirmation() -> None:
    roster = Roster((LEADER, ANNA, DAN, BO, dataclasses.replace(GRY, confirmed=False)))
    assert roster.awaiting(Role.REPRESENTATIVE) == [DAN]
    assert [seat.person_id for seat in roster.awaiting(Role.STEERING)] == ["gry"]
    assert roster.committee == []


def test_representatives_stand_by_their_units() -> None:
    assert [seat.id for seat in Roster((BO, LEADER, DAN, ANNA)).representatives] == [2, 3, 4]


def test_the_committee_and_its_chair() -> None:
    roster = Roster((GRY, FINN))
    assert roster.committee == [GRY, FINN]
    assert roster.chair is FINN


def test_deputies_are_not_the_leader() -> None:
    deputy = dataclasses.replace(BO, deputy=True)
    roster = Roster((dataclasses.replace(LEADER, deputy=True), deputy, dataclasses.replace(DAN, deputy=True)))
    assert roster.deputies == [deputy]


def test_a_supplier_has_no_unit() -> None:
    leader = dataclasses.replace(EVA, leads=True)
    roster = Roster((leader, BO))
    assert roster.leader_unit is None
    assert roster.other_voting_units == {55}
    assert roster.label_of(leader) == "Eva Sommer"
    assert roster.seat(7) is leader
    assert roster.seat(99) is None
