"""Reading numbers, emojis and choices."""

from __future__ import annotations

import pytest

from handlers.chat.messages import NUMBERED
from handlers.chat.refusals import FieldRefusal
from handlers.polls.rules import check_choice, numbers_of_clicks, position_of, read_numbers
from storage.models.polls import Candidate


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("43,12", [43, 12]),
        ("43, 12", [43, 12]),
        ("#43 #12", [43, 12]),
        ("43 og 12", [43, 12]),
        ("43;12;43", [43, 12]),
        ("", []),
        (" , ", []),
    ],
)
def test_numbers_as_people_write_them(typed: str, numbers: list[int]) -> None:
    assert read_numbers(typed, "more") == numbers


@pytest.mark.parametrize("typed", ["hest", "4.3", "-1", "43,tolv", "1234567890", "٤٣", "#"])
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(FieldRefusal) as refused:
        read_numbers(typed, "more")
    assert (refused.value.field, refused.value.key) == ("more", "polls.numbers_unreadable")


@pytest.mark.parametrize(
    ("page", "emoji", "position"),
    [(1, "one", 0), (1, "keycap_ten", 9), (2, "one", 10), (3, "1", 20), (1, "ten", 9), (1, "one::skin-tone-2", 0)],
)
def test_the_place_that_an_emoji_stands_for(page: int, emoji: str, position: int) -> None:
    assert position_of(page, emoji) == position


@pytest.mark.parametrize("emoji", ["tada", "+1", "eleven", "", "zero"])
def test_other_emojis_stand_for_nothing(emoji: str) -> None:
    assert position_of(1, emoji) is None


def test_every_numbered_emoji_stands_for_its_own_place() -> None:
    assert [position_of(1, emoji) for emoji in NUMBERED] == list(range(10))


def test_clicks_are_wishes_in_the_order_of_the_clicks_each_once() -> None:
    numbers = {0: 43, 1: 12, 10: 7}
    clicks = [(2, "one"), (1, "two"), (1, "three"), (1, "two"), (1, "tada"), (1, "1")]
    assert numbers_of_clicks(clicks, numbers) == [7, 12, 43]


CANDIDATES = [
    Candidate(number=43, position=0, title="A", left=""),
    Candidate(number=12, position=1, title="B", left=""),
    Candidate(number=8, position=2, title="C", left="withdrawn"),
]


@pytest.mark.parametrize(
    ("most", "numbers", "key"),
    [
        (None, [99], "polls.not_among"),
        (None, [43, 8], "polls.candidate_left"),
        (1, [43, 12], "polls.chosen_too_many"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused(most: int | None, numbers: list[int], key: str) -> None:
    with pytest.raises(FieldRefusal) as refused:
        check_choice(CANDIDATES, most, numbers)
    assert refused.value.key == key


def test_a_choice_that_fits_passes() -> None:
    check_choice(CANDIDATES, 2, [43, 12])
    check_choice(CANDIDATES, None, [])
