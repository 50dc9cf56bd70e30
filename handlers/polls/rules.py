"""What the form that opens a poll says, read and checked: pure.

```mermaid
stateDiagram-v2
    [*] --> draft: kept as a draft
    [*] --> debate: sent with a day of debate
    [*] --> open: sent
    draft --> draft: change
    draft --> debate: put forward
    draft --> open: put forward
    draft --> discarded: discard
    debate --> debate: change
    debate --> open: the day comes, or the leader opens now
    open --> open: extend once, add a candidate
    open --> closed: the deadline is counted, or the leader closes
    closed --> closed: ratify
    debate --> annulled: annul
    open --> annulled: annul
    closed --> annulled: annul
```

Between its deadline and the count an open poll says that it is being counted; nothing is ever opened again."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import locales
from handlers.capability import Ask
from handlers.chat.refusals import FieldRefusal, Misfilled
from handlers.inputs import read_count, read_date, read_text, read_time
from handlers.wishes.rules import ENDED
from handlers.workdays import local_moment, next_bundle
from storage.enums import PollMethod, Visibility, WinnerRule, WishStatus

LONGEST_TITLE = 200
MOST_CANDIDATES = 50
"""More than five messages of candidates are no longer a choice that people can make [choice]."""

LEAST_CANDIDATES = 2

LONGEST_REASON = 1000

MOST_BY_EMOJI = 10
"""Candidates that can be scored by emoji, with a message each [choice]."""

MOST_DOTS = 100
USUAL_DOTS = 10

LONGEST_TIME = dt.timedelta(days=366)

GONE = ENDED | {WishStatus.ON_HOLD}
"""A wish with such a status is no candidate as long as it has it."""

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)


def check_room(method: PollMethod, count: int, field: str, *, by_emoji: bool) -> None:
    """Let so many candidates pass.

    Raises:
        FieldRefusal: they are too many for a poll, or for one where each is a message with its own emojis.
    """
    if count > MOST_CANDIDATES:
        raise FieldRefusal(field, "polls.too_many_candidates", most=MOST_CANDIDATES, count=count)
    if by_emoji and method in (PollMethod.SCORE, PollMethod.POINTS) and count > MOST_BY_EMOJI:
        raise FieldRefusal(field, "polls.too_many_for_emojis", most=MOST_BY_EMOJI)


def opening_of(day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """When a debate that lasts until this day ends: at 09:00 that day, or of the first day after it that is not quiet;
    in UTC."""
    return next_bundle(local_moment(day, dt.time(), zone), zone)


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
        self.opens = self._opens(ask, now)
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

    def _opens(self, ask: Ask, now: dt.datetime) -> dt.datetime:
        """When voting opens: now, or in the morning of the first day from the given one on that is not quiet."""
        if not (typed := ask.typed("debate")):
            return now
        day = self._read(read_date, dt.date.max, typed, "debate", locales.local_day(now))
        if day == dt.date.max:
            return now
        if day > locales.local_day(now + LONGEST_TIME):
            self._problems.append(FieldRefusal("debate", "polls.deadline_far"))
            return now
        opens = opening_of(day, locales.zone())
        if opens <= now:
            self._problems.append(FieldRefusal("debate", "polls.debate_past"))
        elif opens >= self.deadline and not any(one.field in ("date", "time") for one in self._problems):
            moment = locales.long_moment(opens)
            self._problems.append(FieldRefusal("debate", "polls.debate_too_long", moment=moment))
        return opens

    def _check_candidates(self) -> None:
        field = "more" if len(self.numbers) > MOST_CANDIDATES else "method"
        by_emoji = self.visibility is Visibility.OPEN
        self._read(check_room, None, self.method, len(self.numbers), field, by_emoji=by_emoji)
        if len(self.numbers) < LEAST_CANDIDATES and not any(one.field in ("wishes", "more") for one in self._problems):
            self._problems.append(FieldRefusal("wishes", "polls.too_few_candidates"))
        elif self.most is not None and LEAST_CANDIDATES <= len(self.numbers) < self.most:
            self._problems.append(FieldRefusal("most", "polls.most_too_many", count=len(self.numbers)))

    def _check_method(self) -> None:
        if self.method is PollMethod.POINTS:
            self.dots = self.dots or USUAL_DOTS
        elif self.dots is not None:
            self._problems.append(FieldRefusal("dots", "polls.dots_only_points"))
        if self.most is not None and self.method is not PollMethod.APPROVAL:
            self._problems.append(FieldRefusal("most", "polls.most_only_approval"))
