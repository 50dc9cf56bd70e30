"""What the form that opens a poll says, read and checked: pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import locales
from handlers.capability import Ask
from handlers.chat.refusals import FieldRefusal, Misfilled
from handlers.inputs import read_count, read_date, read_text, read_time
from storage.enums import PollMethod, Visibility, WinnerRule

LONGEST_TITLE = 200
MOST_CANDIDATES = 50
"""More than five messages of candidates are no longer a choice that people can make [choice]."""

LONGEST_REASON = 1000

MOST_BY_EMOJI = 10
"""Candidates that can be scored by emoji, with a message each [choice]."""

MOST_DOTS = 100
USUAL_DOTS = 10

LONGEST_TIME = dt.timedelta(days=366)

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)


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
        self.rule = self._word(ask.typed("rule"), "rule", WinnerRule.RANK_ORDER)
        self.method = self._word(ask.typed("method"), "method", PollMethod.APPROVAL)
        self.visibility = self._word(ask.typed("visibility"), "visibility", Visibility.OPEN)
        self.dots = self._count(ask, "dots", 2, MOST_DOTS)
        self.deadline = self._deadline(ask, now)
        self._check_candidates()
        self._check_method()
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

    def _word(self, typed: str, field: str, otherwise: W) -> W:
        words = type(otherwise)
        if typed and typed not in set(words):
            self._problems.append(FieldRefusal(field, "inputs.choice_unknown"))
            return otherwise
        return words(typed) if typed else otherwise

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

    def _check_method(self) -> None:
        if self.method is PollMethod.POINTS:
            self.dots = self.dots or USUAL_DOTS
        elif self.dots is not None:
            self._problems.append(FieldRefusal("dots", "polls.dots_only_points"))
        if self.most is not None and self.method is not PollMethod.APPROVAL:
            self._problems.append(FieldRefusal("most", "polls.most_only_approval"))
        needs_messages = self.visibility is Visibility.OPEN and self.method in (PollMethod.SCORE, PollMethod.POINTS)
        if needs_messages and len(self.numbers) > MOST_BY_EMOJI:
            self._problems.append(FieldRefusal("method", "polls.too_many_for_emojis", most=MOST_BY_EMOJI))
