"""An answer that its poll does not allow is named by both programs, whoever made the count and the chain fit it."""

from __future__ import annotations

import datetime as dt
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from handlers.results.allowed import Wrong, list_breaches
from handlers.results.recount import recount
from handlers.results.replay import Unreadable, replay
from handlers.results.rules import Contender
from tests.results.making import DEADLINE, UNITS, Written, check, run_script

COSTS = {1: 20_000, 2: 30_000, 3: None}
CHRISTMAS = dt.datetime(2026, 12, 24, 17, tzinfo=dt.UTC).isoformat()
NEW_YEAR = dt.datetime(2027, 1, 1, tzinfo=dt.UTC).isoformat()
END = DEADLINE.isoformat()


def held(happens: Callable[[Written], None], **facts: Any) -> Written:
    """A poll on wishes 1, 2 and 3, in which one municipality answers as it may and this happens; counted honestly."""
    written = Written()
    written.open(UNITS, COSTS, **facts)
    written.cast("p1", 10, {1: 1})
    happens(written)
    poll = replay(written.entries)["poll:1"]
    written.close([Contender(one, COSTS.get(one), left=one in poll.left) for one in poll.offered], 40_000)
    return written


def answers(marks: dict[Any, Any], **facts: Any) -> Callable[[Written], None]:
    def happens(written: Written) -> None:
        written.cast("p2", 11, marks, **facts)

    return happens


def leaves_and_returns(written: Written) -> None:
    """The answer was within the limit while wish 1 was away."""
    written.add("poll.candidate_changed", "poll:1", {"candidate": 1, "left": "on_hold"})
    written.cast("p2", 11, {1: 1, 2: 1, 3: 1})
    written.add("poll.candidate_changed", "poll:1", {"candidate": 1, "left": ""})


def comes_after(written: Written) -> None:
    """Wish 4 was chosen before it came to the poll."""
    written.cast("p2", 11, {4: 1})
    written.add("poll.candidate_added", "poll:1", {"candidate": 4, "title": "Ønske 4", "cost": None, "version": 2})


def extended_afterwards(written: Written) -> None:
    written.cast("p2", 11, {2: 1}, at=CHRISTMAS)
    written.add("poll.extended", "poll:1", {"from": END, "to": NEW_YEAR, "reason": "Jul"})


FORBIDDEN = [
    pytest.param(
        answers({1: 1, 2: 1}), {"most": 1}, Wrong.MOST, "der er valgt 2 ønsker, men man kunne højst vælge 1", id="most"
    ),
    pytest.param(
        leaves_and_returns, {"most": 2}, Wrong.MOST, "der er valgt 3 ønsker, men man kunne højst vælge 2", id="returned"
    ),
    pytest.param(
        answers({1: 6, 2: 5}),
        {"method": "points", "dots": 10},
        Wrong.DOTS,
        "der er givet 11 point, men man havde kun 10",
        id="dots",
    ),
    pytest.param(
        answers({2: 7}), {"method": "score"}, Wrong.MARK, "#2 har fået 7; tilladt er 1–5", id="score too high"
    ),
    pytest.param(answers({2: 0}), {"method": "score"}, Wrong.MARK, "#2 har fået 0; tilladt er 1–5", id="score of none"),
    pytest.param(answers({2: 2}), {}, Wrong.MARK, "#2 har fået 2; tilladt er 1", id="approved twice"),
    pytest.param(
        answers({2: -3}),
        {"method": "points", "dots": 10},
        Wrong.MARK,
        "#2 har fået -3; tilladt er 1, 2, 3 …",
        id="points taken",
    ),
    pytest.param(answers({2: True}), {}, Wrong.MARK, "#2 har fået True; tilladt er 1", id="no number"),
    pytest.param(
        answers({1: 1, 2: 1}),
        {"method": "ranking"},
        Wrong.PLACES,
        "pladserne er 1, 1; de skal være 1, 2, 3 og så videre",
        id="one place twice",
    ),
    pytest.param(
        answers({1: 1, 2: 3}),
        {"method": "ranking"},
        Wrong.PLACES,
        "pladserne er 1, 3; de skal være 1, 2, 3 og så videre",
        id="a gap",
    ),
    pytest.param(answers({99: 1}), {}, Wrong.CANDIDATE, "#99 var ikke med i afstemningen", id="unknown wish"),
    pytest.param(comes_after, {}, Wrong.CANDIDATE, "#4 var ikke med i afstemningen", id="before it came"),
    pytest.param(answers({2: 1}, at=CHRISTMAS), {}, Wrong.LATE, f"{CHRISTMAS}, men fristen var {END}", id="late"),
    pytest.param(answers({}, at=CHRISTMAS), {}, Wrong.LATE, f"er fra {CHRISTMAS}", id="taken back late"),
    pytest.param(answers({2: 1}, at=CHRISTMAS, way="leader"), {}, Wrong.LATE, f"er fra {CHRISTMAS}", id="a late mail"),
    pytest.param(extended_afterwards, {}, Wrong.LATE, f"men fristen var {END}", id="before more time"),
]


@pytest.mark.parametrize(("happens", "facts", "wrong", "said"), FORBIDDEN)
def test_what_was_not_allowed_is_named_once(
    happens: Callable[[Written], None], facts: dict[str, Any], wrong: Wrong, said: str
) -> None:
    written = held(happens, **facts)
    given = next(one for one in reversed(written.entries) if one.kind == "ballot.cast")
    assert [one.matches for one in recount(written.entries)] == [True]
    assert [(one.poll, one.entry, one.wrong) for one in list_breaches(written.entries)] == [(1, given.number, wrong)]
    good, lines = check(written.public())
    forbidden = [line for line in lines if "IKKE TILLADT" in line]
    assert not good
    assert len(forbidden) == 1
    assert forbidden[0].startswith(f"  IKKE TILLADT, post {given.number}: ")
    assert said in forbidden[0]
    assert not [line for line in lines if "Passer:" in line]


@pytest.mark.parametrize(
    ("marks", "facts", "told"),
    [
        ({1: 1, 2: 1}, {"most": 1}, [(Wrong.MOST, {"count": 2, "most": 1})]),
        ({1: 6, 2: 5}, {"method": "points", "dots": 10}, [(Wrong.DOTS, {"given": 11, "dots": 10})]),
        ({2: 7}, {"method": "score"}, [(Wrong.MARK, {"wish": "2", "mark": 7, "allowed": "1–5"})]),
        ({2: 2}, {}, [(Wrong.MARK, {"wish": "2", "mark": 2, "allowed": "1"})]),
        ({2: -3}, {"method": "points"}, [(Wrong.MARK, {"wish": "2", "mark": -3, "allowed": "1, 2, 3 …"})]),
        ({1: 1, 2: 3}, {"method": "ranking"}, [(Wrong.PLACES, {"places": "1, 3"})]),
        ({98: 1, 99: 1}, {}, [(Wrong.CANDIDATE, {"wish": "98"}), (Wrong.CANDIDATE, {"wish": "99"})]),
    ],
)
def test_every_breach_says_what_it_is_about(
    marks: dict[int, int], facts: dict[str, Any], told: list[tuple[Wrong, dict[str, Any]]]
) -> None:
    written = held(answers(marks), **facts)
    assert [(one.wrong, one.told) for one in list_breaches(written.entries)] == told


def test_a_late_answer_says_from_when_it_is() -> None:
    (found,) = list_breaches(held(answers({2: 1}, at=CHRISTMAS)).entries)
    assert found.told == {"at": dt.datetime.fromisoformat(CHRISTMAS), "deadline": DEADLINE}


def test_it_ends_the_script_with_an_error(tmp_path: pathlib.Path) -> None:
    code, said = run_script(tmp_path, held(answers({1: 1, 2: 1, 99: 1}, at=CHRISTMAS), most=1).public())
    assert code == 1
    assert said.count("IKKE TILLADT, post 3: ") == 3
    assert said.splitlines()[-1] == "NOGET PASSER IKKE: se ovenfor."
    code, said = run_script(tmp_path, held(answers({2: 7}), method="score").public(), "--english")
    assert code == 1
    assert "  NOT ALLOWED, entry 3: #2 was given 7; 1–5 is allowed." in said


def used_up(written: Written) -> None:
    """An emoji answer keeps the mark on a wish that has left, and has room for another."""
    leaves_and_returns(written)
    written.cast("p2", 11, {2: 1, 3: 1})


def extended_before(written: Written) -> None:
    written.add("poll.extended", "poll:1", {"from": END, "to": NEW_YEAR, "reason": "Jul"})
    written.cast("p2", 11, {2: 1}, at=CHRISTMAS)


def chooses_the_new_one(written: Written) -> None:
    written.add("poll.candidate_added", "poll:1", {"candidate": 4, "title": "Ønske 4", "cost": None, "version": 2})
    written.cast("p2", 11, {4: 1})


@pytest.mark.parametrize(
    ("happens", "facts"),
    [
        (answers({1: 1, 2: 1}), {"most": 2}),
        (answers({1: 5, 2: 5}), {"method": "points", "dots": 10}),
        (answers({1: 5, 2: 1}), {"method": "score"}),
        (answers({3: 1, 1: 2, 2: 3}), {"method": "ranking"}),
        (answers({2: 1}, at=END), {}),
        (answers({}), {"method": "ranking"}),
        (used_up, {"most": 2}),
        (extended_before, {}),
        (chooses_the_new_one, {}),
    ],
)
def test_what_was_allowed_passes(happens: Callable[[Written], None], facts: dict[str, Any]) -> None:
    written = held(happens, **facts)
    assert list_breaches(written.entries) == []
    good, lines = check(written.public())
    assert good, lines


# Secret and open ones


@pytest.mark.parametrize(
    ("marks", "facts", "said"),
    [
        ({1: 1, 2: 1}, {"most": 1}, "der er valgt 2 ønsker"),
        ({2: 7}, {"method": "score"}, "#2 har fået 7"),
        ({99: 1}, {}, "#99 var ikke med"),
        ({1: 6, 2: 6}, {"method": "points", "dots": 10}, "der er givet 12 point"),
        ({1: 2}, {"method": "ranking"}, "pladserne er 2"),
    ],
)
def test_of_a_secret_poll_the_counted_marks_are_checked(
    marks: dict[int, int], facts: dict[str, Any], said: str
) -> None:
    written = held(answers(marks), visibility="secret", **facts)
    assert len(list_breaches(written.entries)) == 1
    good, lines = check(written.public())
    assert not good
    (line,) = [line for line in lines if "IKKE TILLADT" in line]
    assert line.startswith("  IKKE TILLADT, kvittering ")
    assert said in line


def test_when_a_secret_answer_was_given_only_verify_can_see() -> None:
    written = held(answers({2: 1}, at=CHRISTMAS), visibility="secret")
    assert [one.wrong for one in list_breaches(written.entries)] == [Wrong.LATE]
    assert CHRISTMAS not in str(written.public())
    assert check(written.public())[0]


@pytest.mark.parametrize(("visibility", "is_seen"), [("open", True), ("hidden", False), ("secret", False)])
def test_a_poll_that_is_still_open_is_checked_as_far_as_it_is_shown(visibility: str, is_seen: bool) -> None:
    written = Written()
    written.open(UNITS, {1: None, 2: None}, most=1, visibility=visibility)
    written.cast("p1", 10, {1: 1, 2: 1})
    assert [one.wrong for one in list_breaches(written.entries)] == [Wrong.MOST]
    good, lines = check(written.public())
    assert good is not is_seen
    assert ("  IKKE TILLADT, post 2: der er valgt 2 ønsker, men man kunne højst vælge 1." in lines) is is_seen
    assert "  Ikke afsluttet; der er intet resultat endnu." in lines


def test_an_answer_that_makes_no_sense_is_said_to_be_unreadable() -> None:
    written = Written()
    written.open(UNITS, COSTS, method="points", dots=10)
    written.cast("p1", 10, {1: 1})
    written.cast("p2", 11, {1: "x", 2: 1})  # type: ignore[dict-item]
    with pytest.raises(Unreadable) as found:
        list_breaches(written.entries)
    assert found.value.number == 3
