"""Reads what clicks, words and forms say of the candidates, and whether that is a ballot: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from handlers.ballots.methods import HIGHEST_SCORE, Terms
from handlers.capability import Ask
from handlers.chat.emoji import fold
from handlers.chat.messages import NUMBERED
from handlers.chat.refusals import FieldRefusal
from handlers.inputs import read_count
from handlers.polls.rules import read_numbers
from handlers.polls.state import PAGE
from storage.enums import PollMethod
from storage.models.polls import Candidate

MOST_PLACES = 10
"""Places that the form of a ranking asks for; in words there is no limit."""

NOTHING = frozenset({"ingen", "ingenting", "blank", "none", "nothing"})
"""Words for an empty ballot."""

CHOICES = "choices"
"""The field of an approval ballot, and where a refusal of an answer in words belongs."""

_PAIR = re.compile(r"#?([0-9]{1,9})\s*[=:]\s*([0-9]{1,9})")


def read_click(terms: Terms, page: int, emoji: str) -> tuple[int, int] | None:
    """The (position, mark) that an emoji on the poll's message number `page` (from 1) stands for; `None` for nothing.

    By approval a message holds ten candidates and an emoji is one of them; by score and points a message is one
    candidate, and the emoji its mark."""
    name = fold(emoji)
    if name not in NUMBERED:
        return None
    place = NUMBERED.index(name)
    if terms.method is PollMethod.APPROVAL:
        return (page - 1) * PAGE + place, 1
    return (page - 1, place + 1) if place < terms.highest else None


def read_clicks(
    terms: Terms, emojis: Iterable[tuple[int, str]], candidates: Sequence[Candidate]
) -> list[tuple[str, int]]:
    """The (wish number, mark) of each emoji that stands for a candidate, in their order.

    Args:
        emojis: (page, emoji).
    """
    by_position = {one.position: str(one.number) for one in candidates}
    clicks = [read_click(terms, page, emoji) for page, emoji in emojis]
    return [(by_position[one[0]], one[1]) for one in clicks if one is not None and one[0] in by_position]


def read_words(method: PollMethod, typed: str) -> dict[int, int]:
    """Wish number → mark: `43,12` by approval, `43=5, 12=3` by score and points, `43 > 12 > 8` by ranking.

    Raises:
        FieldRefusal: it says something else, or gives a wish two marks or two places.
    """
    if typed.strip().casefold() in NOTHING:
        return {}
    if method is PollMethod.APPROVAL:
        return dict.fromkeys(read_numbers(typed, CHOICES), 1)
    if method is PollMethod.RANKING:
        return _read_order(typed)
    if left := re.search(r"[^\s,;]\S*", _PAIR.sub(" ", typed)):
        raise FieldRefusal(CHOICES, "voting.pairs_unreadable", word=left[0][:40])
    return _read_pairs(typed)


def _read_order(typed: str) -> dict[int, int]:
    """`43 > 12 > 8` as wish number → place."""
    places: dict[int, int] = {}
    for word in re.split(r"[\s,;>]+", typed):
        for number in read_numbers(word, CHOICES):
            if number in places:
                raise FieldRefusal(CHOICES, "voting.ordered_twice", wish=number)
            places[number] = len(places) + 1
    return places


def _read_pairs(typed: str) -> dict[int, int]:
    """`43=5, 12=3` as wish number → mark above zero."""
    marks: dict[int, int] = {}
    for number, mark in ((int(number), int(mark)) for number, mark in _PAIR.findall(typed)):
        if number in marks:
            raise FieldRefusal(CHOICES, "voting.marked_twice", wish=number)
        marks[number] = mark
    return {number: mark for number, mark in marks.items() if mark}


def read_form(terms: Terms, ask: Ask, candidates: Iterable[Candidate]) -> dict[int, int]:
    """Wish number → mark, as it was filled in.

    Raises:
        FieldRefusal: a mark is no number, or a wish has two places.
    """
    if terms.method is PollMethod.APPROVAL:
        return dict.fromkeys(read_numbers(",".join(ask.chosen(CHOICES)), CHOICES), 1)
    if terms.method is PollMethod.RANKING:
        return _read_places(ask)
    most = HIGHEST_SCORE if terms.method is PollMethod.SCORE else terms.dots or 0
    typed = {one.number: ask.typed(mark_field(one.number)) for one in candidates}
    marks = {number: read_count(text, mark_field(number), 0, most) for number, text in typed.items() if text}
    return {number: mark for number, mark in marks.items() if mark}


def _read_places(ask: Ask) -> dict[int, int]:
    """The form's places without the gaps between them."""
    at: dict[int, int] = {}
    for place in range(1, MOST_PLACES + 1):
        for number in read_numbers(ask.typed(place_field(place)), place_field(place)):
            if number in at:
                raise FieldRefusal(place_field(place), "voting.ranked_twice", wish=number, place=at[number])
            at[number] = place
    return {number: place for place, number in enumerate(at, 1)}


def named_marks(marks: Mapping[int, int]) -> dict[str, int]:
    """Marks as a ballot keeps them."""
    return {str(number): mark for number, mark in marks.items()}


def mark_field(number: int) -> str:
    """The form's field for the mark of a wish."""
    return f"mark_{number}"


def place_field(place: int) -> str:
    """The form's field for a place in a ranking."""
    return f"place_{place}"


def check_answer(terms: Terms, candidates: Sequence[Candidate], marks: Mapping[int, int], field: str = CHOICES) -> None:
    """Let an answer pass that is given in words or in a form.

    Args:
        field: where in the form a refusal of the whole is shown.

    Raises:
        FieldRefusal: one of them is no candidate, or no longer one, or they are too many, or the marks don't fit.
    """
    known = {one.number: one for one in candidates}
    for number, mark in marks.items():
        if number not in known:
            offered = ", ".join(f"#{one.number}" for one in candidates if not one.left)
            raise FieldRefusal(field, "voting.not_among", wish=number, offered=offered)
        if known[number].left:
            raise FieldRefusal(field, "voting.candidate_left", wish=number, title=known[number].title)
        if terms.method is PollMethod.SCORE and mark > HIGHEST_SCORE:
            raise FieldRefusal(field, "voting.score_wrong", wish=number, mark=mark, highest=HIGHEST_SCORE)
    given = sum(marks.values())
    if terms.method is PollMethod.POINTS and terms.dots is not None and given > terms.dots:
        raise FieldRefusal(field, "voting.dots_too_many", dots=terms.dots, given=given, extra=given - terms.dots)
    if terms.method is PollMethod.APPROVAL and terms.most is not None and len(marks) > terms.most:
        extra = len(marks) - terms.most
        raise FieldRefusal(field, "voting.chosen_too_many", most=terms.most, count=len(marks), extra=extra)
