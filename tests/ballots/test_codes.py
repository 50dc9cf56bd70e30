"""The codes of receipts: what they are made of, and how they are read as they were meant."""

from __future__ import annotations

import pytest

from handlers.ballots.codes import SIGNS, code_of, read_code, receipt_of, voter_of
from handlers.decisions.sealing import digest


def test_a_code_has_ten_signs_that_nobody_mistakes() -> None:
    code = code_of("00443214c74254b635cf" + "0" * 44)
    assert code == "01234-56789"
    assert set("ILOU") & set(SIGNS) == set()
    assert len(set(SIGNS)) == 32


@pytest.mark.parametrize("typed", ["7kq2m-9xwtb", "7KQ2M9XWTB", " 7kq2m 9xwtb "])
def test_a_code_is_read_as_it_was_meant(typed: str) -> None:
    assert read_code(typed) == "7KQ2M-9XWTB"


def test_letters_that_are_no_signs_are_read_as_numbers() -> None:
    assert read_code("iIlLo-Oabcd") == "11110-0ABCD"


def test_a_receipt_is_made_of_key_poll_municipality_and_answer() -> None:
    made = receipt_of("k", "poll:7", 3, {"43": 1})
    others = [("j", "poll:7", 3, {"43": 1}), ("k", "poll:8", 3, {"43": 1}), ("k", "poll:7", 4, {"43": 1})]
    assert made not in {receipt_of(*other) for other in [*others, ("k", "poll:7", 3, {"43": 2})]}
    assert made == receipt_of("k", "poll:7", 3, {"43": 1})


def test_a_voter_has_another_name_in_every_poll() -> None:
    names = {voter_of(group, subject, person) for group in (1, 2) for subject in ("a", "b") for person in ("p", "q")}
    assert len(names) == 8
    assert voter_of(1, "a", "") == ""


def test_what_stands_in_the_log_can_be_worked_out_by_anybody() -> None:
    """The recount script, and a voter with their key, make the same."""
    assert receipt_of("k", "poll:7", 3, {"43": 1}) == digest(["receipt", "k", "poll:7", 3, {"43": 1}])
    assert voter_of(1, "poll:7", "p") == digest(["voter", 1, "poll:7", "p"])[:12]
