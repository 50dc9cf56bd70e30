"""The checks of what the kommissorium protects: each is well or says what is wrong."""

from __future__ import annotations

import dataclasses

import pytest

from handlers.charter.health import Facts, examine, silent_units
from storage.enums import WishStatus
from storage.models.wishes import Wish

WELL = Facts(led=True, behind=0, unanswered=[], silent=[], wishes=[], frame=True)


def wish(number: int, status: WishStatus, owner: str = "", stakeholders: str = "") -> Wish:
    return Wish(number=number, status=status, benefit_owner=owner, stakeholders=stakeholders)


def wrong(facts: Facts) -> dict[str, tuple[str, ...]]:
    return {point.name: point.wrong for point in examine(facts) if point.wrong}


def test_a_group_that_does_as_it_should() -> None:
    assert wrong(WELL) == {}


@pytest.mark.parametrize(
    ("change", "point", "named"),
    [
        ({"led": False}, "leader", ("–",)),
        ({"frame": False}, "frame", ("–",)),
        ({"behind": 2}, "meetings", ("2",)),
        ({"unanswered": [43]}, "unanswered", ("#43",)),
        ({"silent": ["Tønder"]}, "silent", ("Tønder",)),
        ({"wishes": [wish(7, WishStatus.STARTED, stakeholders="HR")]}, "owners", ("#7",)),
        ({"wishes": [wish(7, WishStatus.PRIORITISED)]}, "stakeholders", ("#7",)),
    ],
)
def test_each_thing_that_is_wrong_is_found_alone(change: dict[str, object], point: str, named: tuple[str, ...]) -> None:
    assert wrong(dataclasses.replace(WELL, **change)) == {point: named}  # type: ignore[arg-type]


def test_wishes_that_are_not_near_need_no_stakeholders_yet() -> None:
    far = [wish(1, WishStatus.SUBMITTED), wish(2, WishStatus.REJECTED), wish(3, WishStatus.STARTED, "HR", "HR")]
    assert wrong(dataclasses.replace(WELL, wishes=far)) == {}


def test_whether_a_unit_is_silent_is_unknown_before_two_polls() -> None:
    [point] = [one for one in examine(dataclasses.replace(WELL, silent=None)) if one.name == "silent"]
    assert (point.wrong, point.unknown) == ((), True)
    assert not any(one.unknown for one in examine(WELL))


def test_a_unit_is_silent_after_two_polls_in_a_row() -> None:
    names = {1: "Favrskov", 2: "Tønder", 3: "Bornholm"}
    assert silent_units([({1, 2}, {1})], names) is None
    assert silent_units([({1, 2, 3}, {1}), ({1, 2}, {1, 3})], names) == ["Tønder"]
    assert silent_units([({1, 2}, {2}), ({1, 2}, {1})], names) == []
