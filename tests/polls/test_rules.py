"""Reading numbers, emojis, words and forms."""

from __future__ import annotations

import pytest

from handlers.ballots.methods import Terms
from handlers.capability import Ask
from handlers.chat.refusals import FieldRefusal
from handlers.polls.rules import read_numbers
from handlers.voting.marks import CHOICES, check_answer, named_marks, read_click, read_clicks, read_form, read_words
from storage.enums import PollMethod
from storage.models.polls import Candidate


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("43,12", [43, 12]),
        ("43, 12", [43, 12]),
        ("#43 #12", [43, 12]),
        ("43 og 12", [43, 12]),
        ("43 And 12", [43, 12]),
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
    assert refused.value.parameters == {"word": typed.rsplit(",", maxsplit=1)[-1]}


def test_a_long_word_is_not_told_in_full() -> None:
    with pytest.raises(FieldRefusal) as refused:
        read_numbers("x" * 41, "more")
    assert refused.value.parameters == {"word": "x" * 40}


APPROVAL, SCORE = Terms(PollMethod.APPROVAL), Terms(PollMethod.SCORE)
POINTS, RANKING = Terms(PollMethod.POINTS, dots=7), Terms(PollMethod.RANKING)


@pytest.mark.parametrize(
    ("terms", "page", "emoji", "clicked"),
    [
        (APPROVAL, 1, "one", (0, 1)),
        (APPROVAL, 1, "keycap_ten", (9, 1)),
        (APPROVAL, 2, "one", (10, 1)),
        (APPROVAL, 3, "1", (20, 1)),
        (APPROVAL, 1, "ten", (9, 1)),
        (APPROVAL, 1, "one::skin-tone-2", (0, 1)),
        (SCORE, 2, "five", (1, 5)),
        (SCORE, 2, "six", None),
        (POINTS, 3, "seven", (2, 7)),
        (POINTS, 3, "eight", None),
        (RANKING, 1, "one", None),
        (APPROVAL, 1, "tada", None),
        (APPROVAL, 1, "+1", None),
        (APPROVAL, 1, "", None),
    ],
)
def test_what_an_emoji_stands_for(terms: Terms, page: int, emoji: str, clicked: tuple[int, int] | None) -> None:
    assert read_click(terms, page, emoji) == clicked


def candidate(number: int, position: int, left: str = "") -> Candidate:
    return Candidate(number=number, position=position, title=f"Ønske {number}", left=left)


CANDIDATES = [candidate(43, 0), candidate(12, 1), candidate(8, 2, "withdrawn")]


def test_clicks_are_wishes_in_the_order_of_the_clicks() -> None:
    emojis = [(1, "two"), (1, "tada"), (2, "one"), (1, "1")]
    assert read_clicks(APPROVAL, emojis, CANDIDATES) == [("12", 1), ("43", 1)]
    assert read_clicks(SCORE, [(1, "two"), (1, "five"), (2, "one")], CANDIDATES) == [("43", 2), ("43", 5), ("12", 1)]


@pytest.mark.parametrize(
    ("method", "typed", "marks"),
    [
        (PollMethod.APPROVAL, "43,12", {43: 1, 12: 1}),
        (PollMethod.APPROVAL, "43, 43", {43: 1}),
        (PollMethod.APPROVAL, "Ingen", {}),
        (PollMethod.RANKING, "43 > #12>8", {43: 1, 12: 2, 8: 3}),
        (PollMethod.RANKING, "43,12", {43: 1, 12: 2}),
        (PollMethod.RANKING, "43 og 12", {43: 1, 12: 2}),
        (PollMethod.SCORE, "43=5, 12:3 #8 = 1", {43: 5, 12: 3, 8: 1}),
        (PollMethod.POINTS, "43=6;12=0", {43: 6}),
        (PollMethod.POINTS, "blank", {}),
    ],
)
def test_answers_in_words(method: PollMethod, typed: str, marks: dict[int, int]) -> None:
    assert read_words(method, typed) == marks


def test_a_ballot_keeps_marks_under_names_that_json_has() -> None:
    assert named_marks({12: 3, 7: 1}) == {"12": 3, "7": 1}


@pytest.mark.parametrize(
    ("method", "typed", "key", "word"),
    [
        (PollMethod.SCORE, "43", "voting.pairs_unreadable", "43"),
        (PollMethod.SCORE, "12=1, 43=fem", "voting.pairs_unreadable", "43=fem"),
        (PollMethod.SCORE, f"43={'x' * 41}", "voting.pairs_unreadable", f"43={'x' * 37}"),
        (PollMethod.POINTS, "43=-1", "voting.pairs_unreadable", "43=-1"),
        (PollMethod.RANKING, "a>b", "polls.numbers_unreadable", "a"),
        (PollMethod.APPROVAL, "43, b", "polls.numbers_unreadable", "b"),
    ],
)
def test_words_that_say_something_else_are_refused(method: PollMethod, typed: str, key: str, word: str) -> None:
    with pytest.raises(FieldRefusal) as refused:
        read_words(method, typed)
    assert (refused.value.field, refused.value.key) == (CHOICES, key)
    assert refused.value.parameters == {"word": word}


@pytest.mark.parametrize(
    ("method", "typed", "key"),
    [
        (PollMethod.SCORE, "43=5, 43=3", "voting.marked_twice"),
        (PollMethod.SCORE, "43=0 12=1 #43:5", "voting.marked_twice"),
        (PollMethod.POINTS, "43=5;43=5", "voting.marked_twice"),
        (PollMethod.RANKING, "43>12>43", "voting.ordered_twice"),
        (PollMethod.RANKING, "43, 43", "voting.ordered_twice"),
    ],
)
def test_a_wish_that_is_named_twice_is_not_guessed_at(method: PollMethod, typed: str, key: str) -> None:
    with pytest.raises(FieldRefusal) as refused:
        read_words(method, typed)
    assert (refused.value.field, refused.value.key, refused.value.parameters) == (CHOICES, key, {"wish": 43})


@pytest.mark.parametrize(
    ("terms", "marks", "key", "told"),
    [
        (APPROVAL, {99: 1}, "voting.not_among", {"wish": 99, "offered": "#43, #12"}),
        (APPROVAL, {43: 1, 8: 1}, "voting.candidate_left", {"wish": 8, "title": "Ønske 8"}),
        (
            Terms(PollMethod.APPROVAL, most=1),
            {43: 1, 12: 1},
            "voting.chosen_too_many",
            {"most": 1, "count": 2, "extra": 1},
        ),
        (SCORE, {43: 6}, "voting.score_wrong", {"wish": 43, "mark": 6, "highest": 5}),
        (POINTS, {43: 5, 12: 3}, "voting.dots_too_many", {"dots": 7, "given": 8, "extra": 1}),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    terms: Terms, marks: dict[int, int], key: str, told: dict[str, object]
) -> None:
    with pytest.raises(FieldRefusal) as refused:
        check_answer(terms, CANDIDATES, marks, "there")
    assert (refused.value.key, refused.value.field, refused.value.parameters) == (key, "there", told)


@pytest.mark.parametrize(
    ("terms", "marks"),
    [
        (Terms(PollMethod.APPROVAL, most=2), {43: 1, 12: 1}),
        (APPROVAL, {}),
        (SCORE, {43: 5}),
        (POINTS, {43: 4, 12: 3}),
        (RANKING, {12: 1, 43: 2}),
    ],
)
def test_an_answer_that_fits_passes(terms: Terms, marks: dict[int, int]) -> None:
    check_answer(terms, CANDIDATES, marks)


def test_the_form_of_a_ranking_closes_gaps_and_refuses_a_wish_twice() -> None:
    assert read_form(RANKING, Ask(values={"place_2": "12", "place_4": "43"}), CANDIDATES) == {12: 1, 43: 2}
    with pytest.raises(FieldRefusal) as refused:
        read_form(RANKING, Ask(values={"place_2": "12", "place_4": "12"}), CANDIDATES)
    assert (refused.value.field, refused.value.key) == ("place_4", "voting.ranked_twice")
    assert refused.value.parameters == {"wish": 12, "place": 2}
    with pytest.raises(FieldRefusal) as refused:
        read_form(RANKING, Ask(values={"place_3": "hest"}), CANDIDATES)
    assert refused.value.field == "place_3"


def test_the_form_of_a_ranking_has_ten_places() -> None:
    values = {f"place_{place}": str(place + 20) for place in range(1, 12)}
    assert read_form(RANKING, Ask(values=values), CANDIDATES) == {place + 20: place for place in range(1, 11)}


def test_the_form_of_choices_reads_each_wish_once() -> None:
    assert read_form(APPROVAL, Ask(values={"choices": ["43", "12", "43"]}), CANDIDATES) == {43: 1, 12: 1}
    with pytest.raises(FieldRefusal) as refused:
        read_form(APPROVAL, Ask(values={"choices": ["hest"]}), CANDIDATES)
    assert refused.value.field == "choices"


def test_the_form_of_marks_reads_numbers_within_bounds() -> None:
    assert read_form(SCORE, Ask(values={"mark_43": "5", "mark_12": "", "mark_8": "0"}), CANDIDATES) == {43: 5}
    assert read_form(POINTS, Ask(values={"mark_12": "7"}), CANDIDATES) == {12: 7}
    with pytest.raises(FieldRefusal) as refused:
        read_form(SCORE, Ask(values={"mark_12": "6"}), CANDIDATES)
    assert refused.value.field == "mark_12"
    with pytest.raises(FieldRefusal) as refused:
        read_form(POINTS, Ask(values={"mark_12": "8"}), CANDIDATES)
    assert refused.value.field == "mark_12"
