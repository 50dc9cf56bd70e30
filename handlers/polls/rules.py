"""The rules of a poll that need neither database nor chat: what the opening form says, and what a ballot may be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import locales
from handlers.capability import Ask
from handlers.chat.emoji import fold
from handlers.chat.messages import NUMBERED
from handlers.chat.refusals import FieldRefusal, Misfilled
from handlers.inputs import read_count, read_date, read_text, read_time
from storage.enums import WinnerRule
from storage.models.polls import Candidate

PAGE = len(NUMBERED)
"""Candidates in one message: as many as there are numbered emojis."""

LONGEST_TITLE = 200
MOST_CANDIDATES = 50
"""More than five messages of candidates are no longer a choice that people can make [choice]."""

LONGEST_REASON = 1000

NOTHING = frozenset({"ingen", "ingenting", "blank", "none", "nothing"})
"""Words for an empty ballot."""

LONGEST_TIME = dt.timedelta(days=366)

T = TypeVar("T")


def read_numbers(typed: str, field: str) -> list[int]:
    """Wish numbers as people write them: `43,12`, `#43 #12`, `43 og 12`; each once, in their order.

    Raises:
        FieldRefusal: something in it is no number.
    """
    words = [word for word in re.split(r"[\s,;]+", typed.strip()) if word and word.lower() not in ("og", "and")]
    numbers: dict[int, None] = {}
    for word in words:
        if not re.fullmatch(r"#?[0-9]{1,9}", word):
            raise FieldRefusal(field, "polls.numbers_unreadable", word=word[:40])
        numbers[int(word.removeprefix("#"))] = None
    return list(numbers)


def position_of(page: int, emoji: str) -> int | None:
    """The position in the poll that an emoji on its message number `page` (from 1) stands for; `None` for none."""
    name = fold(emoji)
    return (page - 1) * PAGE + NUMBERED.index(name) if name in NUMBERED else None


def numbers_of_clicks(clicks: Iterable[tuple[int, str]], numbers: Mapping[int, int]) -> list[int]:
    """The wish numbers that a person's emojis stand for, each once, in the order of the clicks.

    Args:
        clicks: (page, emoji) of each.
        numbers: position → wish number of those that are candidates.
    """
    positions = [position_of(page, emoji) for page, emoji in clicks]
    return list(dict.fromkeys(numbers[one] for one in positions if one is not None and one in numbers))


def check_choice(candidates: Iterable[Candidate], most: int | None, numbers: Sequence[int]) -> None:
    """Let a choice of wishes pass that is given in words or in a form.

    Args:
        most: how many may be chosen, `None` for any number.

    Raises:
        FieldRefusal: one of them is no candidate, or no longer one, or they are too many.
    """
    known = {one.number: one for one in candidates}
    for number in numbers:
        if number not in known:
            offered = ", ".join(f"#{one.number}" for one in known.values() if not one.left)
            raise FieldRefusal("choices", "polls.not_among", wish=number, offered=offered)
        if known[number].left:
            raise FieldRefusal("choices", "polls.candidate_left", wish=number, title=known[number].title)
    if most is not None and len(numbers) > most:
        raise FieldRefusal("choices", "polls.chosen_too_many", most=most, count=len(numbers), extra=len(numbers) - most)


class OpeningFields:
    """What the leader filled in to open a poll, read and checked.

    Raises:
        Misfilled: with one sentence per field that can't be used.
    """

    def __init__(self, ask: Ask, now: dt.datetime) -> None:
        self._problems: list[FieldRefusal] = []
        self.title = " ".join(
            self._read(read_text, "", ask.typed("title"), "title", LONGEST_TITLE, required=True).split()
        )
        none: list[int] = []
        chosen = self._read(read_numbers, none, ",".join(ask.chosen("wishes")), "wishes")
        typed = self._read(read_numbers, none, ask.typed("more"), "more")
        self.numbers = list(dict.fromkeys([*chosen, *typed]))
        self.most = self._count(ask, "most", 1, MOST_CANDIDATES)
        self.quorum = self._count(ask, "quorum", 1, 100)
        self.rule = self._rule(ask.typed("rule"))
        self.deadline = self._deadline(ask, now)
        self._check_candidates()
        if self._problems:
            raise Misfilled(self._problems)

    def _read(self, read: Callable[..., T], otherwise: T, *given: object, **more: object) -> T:
        try:
            return read(*given, **more)
        except FieldRefusal as problem:
            self._problems.append(problem)
            return otherwise

    def _count(self, ask: Ask, field: str, least: int, most: int) -> int | None:
        typed = ask.typed(field).removesuffix("%").strip()
        return self._read(read_count, None, typed, field, least, most) if typed else None

    def _rule(self, typed: str) -> WinnerRule:
        if typed and typed not in set(WinnerRule):
            self._problems.append(FieldRefusal("rule", "inputs.choice_unknown"))
            return WinnerRule.RANK_ORDER
        return WinnerRule(typed) if typed else WinnerRule.RANK_ORDER

    def _deadline(self, ask: Ask, now: dt.datetime) -> dt.datetime:
        known = len(self._problems)
        day = self._read(read_date, dt.date.min, ask.typed("date"), "date", locales.local_day(now))
        time = self._read(read_time, dt.time(), ask.typed("time") or "12", "time")
        if len(self._problems) > known:
            return now
        deadline = dt.datetime.combine(day, time, tzinfo=locales.zone()).astimezone(dt.UTC)
        if deadline <= now:
            self._problems.append(FieldRefusal("date", "polls.deadline_past"))
        elif deadline > now + LONGEST_TIME:
            self._problems.append(FieldRefusal("date", "polls.deadline_far"))
        return deadline

    def _check_candidates(self) -> None:
        if len(self.numbers) > MOST_CANDIDATES:
            problem = FieldRefusal("more", "polls.too_many_candidates", most=MOST_CANDIDATES, count=len(self.numbers))
            self._problems.append(problem)
        elif len(self.numbers) < 2 and not any(one.field in ("wishes", "more") for one in self._problems):
            self._problems.append(FieldRefusal("wishes", "polls.too_few_candidates"))
        elif self.most is not None and self.most > len(self.numbers):
            self._problems.append(FieldRefusal("most", "polls.most_too_many", count=len(self.numbers)))
