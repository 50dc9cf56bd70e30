"""What stands in the public log, and what must never stand there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.decisions.sealing import leaf_of, leaves_of, parts_of, salt_of
from handlers.results.lines import Why, draw_lines
from handlers.results.public_log import SHOWN, answer_in_signs
from handlers.results.replay import replay
from handlers.results.rules import Contender
from tests.results.making import PENDING, UNITS, Written, logs


def shown(written: Written, names: tuple[str, ...] = ("Anna Holm", "Bo Lind", "Eva Sommer")) -> list[dict[str, Any]]:
    """The values that are shown of each entry, without their salts."""
    return [{name: part[1] for name, part in one["shown"].items()} for one in written.public(names)["entries"]]


# What is sealed


@pytest.mark.parametrize(
    ("reason", "is_shown"),
    [
        ("Et møde blev flyttet.", True),
        ("Anna var syg.", False),
        ("På Annas ønske.", False),
        ("Efter aftale med Holm", False),
        ("anna er ikke et navn her", True),
        ("Vi venter til efter sommer og ferie", True),
        ("Vi venter på Sommer", False),
        ("Skriv til ah@kommune.dk", False),
        ("Ring 12 34 56 78", False),
        ("Se 010190-1234", False),
        ("Beløbet er 1.200.000 kr. i 2026", True),
        ("Bogen er god", True),
    ],
)
def test_a_text_that_names_somebody_is_sealed(reason: str, is_shown: bool) -> None:
    written = Written()
    written.add("poll.extended", "poll:1", {"from": "2026-09-01", "to": "2026-09-08", "reason": reason})
    (entry,) = shown(written)
    assert ("facts.reason" in entry) is is_shown
    assert entry["facts.to"] == "2026-09-08"


@given(logs())
@settings(max_examples=100, deadline=None)
def test_no_id_of_a_person_is_ever_shown(written: Written) -> None:
    written.add("member.appointed", "person:p9", {"person": "p9", "duty": "deputy"}, person="p9")
    written.add("group.steering_bound", "group", {"chair": "p9", "channel": "c"}, person="p9")
    text = json.dumps(written.public(), ensure_ascii=False)
    ids = {f'"p{unit}{letter}"' for unit in (*UNITS, *PENDING) for letter in "ab"} | {
        '"p9"',
        "person:p9",
        "person-anna",
    }
    assert not [one for one in ids if one in text]


def test_what_no_list_names_is_sealed() -> None:
    written = Written()
    written.add("something.new", "new:1", {"anything": "Anna"})
    (entry,) = shown(written)
    assert entry == {"subject": "new:1"}
    assert "person" not in {name for names in SHOWN.values() for name in names}


# Secret polls


def secret(answers: list[dict[int, int]], method: str = "approval") -> Written:
    """A secret poll in which the units answered so, in the order of the units."""
    written = Written()
    written.open(UNITS, {1: 20_000, 2: 30_000, 3: None}, visibility="secret", method=method)
    for unit, marks in zip(UNITS, answers, strict=False):
        written.cast(f"p{unit}", unit, marks)
    written.close([Contender(1, 20_000), Contender(2, 30_000), Contender(3, None)], None)
    return written


def without_receipts(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same with the receipts, which are random, left out, and the lines sorted by what they say."""
    for entry in entries:
        for name in ("facts.counted", "facts.ballots"):
            if name in entry:
                lines = [list(one.values()) if "counted" in name else one for one in entry[name].values()]
                entry[name] = sorted(lines, key=str)
        entry.pop("facts.uncounted", None)
    return entries


@given(
    st.lists(st.dictionaries(st.integers(1, 3), st.just(1), min_size=1), min_size=2, max_size=5),
    st.randoms(use_true_random=False),
)
@settings(max_examples=100, deadline=None)
def test_who_answered_what_changes_nothing_that_is_shown(answers: list[dict[int, int]], chance: Any) -> None:
    """Had the municipalities answered the other way round, the public log of a secret poll would say the same."""
    others = list(answers)
    chance.shuffle(others)
    assert without_receipts(shown(secret(answers))) == without_receipts(shown(secret(others)))


def test_the_lines_of_a_secret_poll_are_in_the_order_of_their_receipts() -> None:
    written = secret([{3: 1}, {1: 1, 2: 1}, {1: 1}, {2: 1}, {2: 1, 3: 1}])
    lines = replay(written.entries)["poll:1"].closed
    assert lines is not None
    receipts = [next(iter(made)) for made in lines["counted"].values()]
    assert receipts == sorted(receipts)
    drawn = draw_lines(replay(written.entries)["poll:1"])
    assert list(drawn.counted) == list(drawn.ballots) == [1, 2, 3, 4, 5]
    given_in_order = [one.receipt for one in replay(written.entries)["poll:1"].given]
    assert receipts != given_in_order


# What is published of the answers


def test_every_answer_is_counted_or_it_is_said_why_not() -> None:
    written = Written()
    written.open(UNITS, {1: None, 2: None}, pending={"30": "Fanø"})
    written.cast("p1", 10, {1: 1})
    written.cast("p1", 10, {2: 1})
    written.cast("p2", 10, {1: 1})
    written.cast("p3", 11, {1: 1})
    written.cast("p3", 11, {})
    written.cast("p4", 30, {1: 1}, confirmed=False)
    written.cast("", 12, {2: 1}, way="leader")
    written.cast("p5", 11, {1: 1}, confirmed=False)
    written.cast("p6", 30, {1: 1})
    lines = draw_lines(replay(written.entries)["poll:1"])
    cast = [one.facts["receipt"] for one in written.entries if one.kind == "ballot.cast"]
    told = [lines.uncounted.get(receipt) for receipt in cast]
    assert told == [
        Why.REPLACED,
        Why.COLLEAGUE,
        None,
        Why.REPLACED,
        Why.EMPTY,
        Why.WAITING,
        None,
        Why.WAITING,
        Why.WAITING,
    ]
    assert lines.ways_to_facts() == {"mailed": 1, "substituted": 0}
    assert lines.turnout == (10, 12)
    assert {key: list(made) for key, made in lines.counted.items()} == {10: [cast[2]], 12: [cast[6]]}


def test_the_mean_is_of_all_that_count() -> None:
    written = Written()
    written.open(UNITS, {1: None, 2: None}, ballot_rule="average")
    written.cast("p1", 10, {1: 1})
    written.cast("p2", 10, {1: 1, 2: 1})
    facts = draw_lines(replay(written.entries)["poll:1"]).to_facts()
    assert facts["ballots"] == {"10": {"1": "1", "2": "1/2"}}
    assert len(facts["counted"]["10"]) == 2


def test_without_receipts_only_the_answers_are_published() -> None:
    written = Written()
    written.open(UNITS, {1: None, 2: None}, visibility="secret")
    written.cast("p1", 10, {1: 1})
    written.entries[-1].facts.pop("receipt")
    assert draw_lines(replay(written.entries)["poll:1"]).to_facts() == {"ballots": {"10": {"1": "1"}}}


@pytest.mark.parametrize(
    ("method", "marks", "expected"),
    [
        ("approval", {"12": 1, "43": 1, "8": 1}, "#8, #12, #43"),
        ("score", {"43": 5, "8": 3}, "#8=3, #43=5"),
        ("points", {"43": 7}, "#43=7"),
        ("ranking", {"43": 2, "12": 1}, "#12 > #43"),
        ("approval", {}, ""),
    ],
)
def test_an_answer_in_signs(method: str, marks: dict[str, int], expected: str) -> None:
    assert answer_in_signs(method, marks) == expected


# Leaves


def test_a_leaf_is_of_its_name_value_and_salt() -> None:
    parts = parts_of("poll:1", "p1", {"marks": {"1": 1}, "unit": 3})
    leaves = leaves_of("salt", parts)
    assert list(leaves) == ["subject", "person", "facts.marks", "facts.unit"]
    assert leaves["facts.unit"] == leaf_of(salt_of("salt", "facts.unit"), "facts.unit", 3)
    others = leaves_of("another", parts)
    assert not set(leaves.values()) & set(others.values())
    assert len({salt_of("salt", name) for name in parts}) == 4
    assert leaf_of("s", "a", 1) != leaf_of("s", "a", "1")
