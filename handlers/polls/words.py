"""The words that all of a poll's messages and forms share: names, ballots, support and limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from locales import join_words, money, plural, translate
from storage.enums import PollMethod, Visibility
from storage.models.polls import Candidate, Poll


def named(poll: Poll) -> str:
    """`Afstemning 7: Prioritering af efteråret`."""
    return translate("polls.named", number=poll.number, title=poll.title)


def candidate_text(one: Candidate) -> str:
    """`#43 Vis mailadresse · 20.000 kr.`."""
    return f"{candidate_name(one)} · {cost_text(one.cost)}"


def candidate_name(one: Candidate) -> str:
    return translate("polls.candidate", number=one.number, title=one.title)


def cost_text(cost: int | None) -> str:
    return money(cost) if cost is not None else translate("polls.no_estimate")


def names_of(candidates: Iterable[Candidate], numbers: Sequence[int]) -> str:
    """`#43 Vis mailadresse og #12 Hurtigere søgning`, in the order of `numbers`."""
    by_number = {one.number: one for one in candidates}
    return join_words(candidate_name(by_number[number]) for number in numbers)


def answer_text(poll: Poll, candidates: Iterable[Candidate], marks: Mapping[str, Any]) -> str:
    """What a ballot says: `#43 Vis mailadresse og #12 Hurtigere søgning`, with marks or places where there are any."""
    by_number = {str(one.number): candidate_name(one) for one in candidates}
    if poll.method is PollMethod.APPROVAL:
        return join_words(by_number[number] for number in sorted(marks, key=int) if number in by_number)
    key = "polls.place" if poll.method is PollMethod.RANKING else "polls.with_mark"
    return join_words(
        translate(key, rank=mark, mark=mark, name=by_number[number])
        for number, mark in sorted(marks.items(), key=lambda one: (_shown_order(poll, one[1]), int(one[0])))
        if number in by_number
    )


def _shown_order(poll: Poll, mark: int) -> int:
    return mark if poll.method is PollMethod.RANKING else -mark


def limits_text(poll: Poll) -> str:
    """How many may be chosen or how much may be given, where there is a limit."""
    if poll.method is PollMethod.POINTS:
        return translate("polls.limit.points", dots=poll.dots)
    if poll.method is PollMethod.APPROVAL:
        return plural("polls.limit.approval", poll.most) if poll.most else ""
    return translate(f"polls.limit.{poll.method}")


def visibility_text(poll: Poll) -> str:
    """Who sees what people answer, where not everybody does; honest about the operator."""
    return "" if poll.visibility is Visibility.OPEN else translate(f"polls.visible.{poll.visibility}")


def support_text(poll: Poll, points: Fraction, supporters: int) -> str:
    """How many municipalities want it, and with how much."""
    if poll.method is PollMethod.RANKING:
        return translate("polls.borda", points=decimal(points))
    units = plural("polls.units", supporters)
    if poll.method is PollMethod.APPROVAL:
        return units if points == supporters else translate("polls.units_and_sum", units=units, sum=decimal(points))
    return translate("polls.units_and_points", units=units, points=decimal(points))


def decimal(exact: Fraction) -> str:
    """A number of points with two decimals at most."""
    whole, rest = divmod(round(exact * 100), 100)
    mark = translate("polls.decimal_mark")
    return f"{whole}{mark}{rest:02d}".rstrip("0") if rest else str(whole)
