"""What a result looks like: turnout, ranking, what the money is enough for, and how it can be checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from handlers.chat.messages import Actions, Button, Chart, Heading, Item, Listing, Message, Note, Text, message
from handlers.polls.state import PollState
from handlers.polls.words import candidate_name, cost_text, named, support_text
from locales import join_words, long_moment, money, plural, translate
from storage.enums import PollMethod, PollStatus, Visibility, WinnerRule
from storage.models.polls import Poll

Frozen = dict[str, Any]
"""A result as `to_facts` made it."""


MOST_BARS = 12
"""Candidates in the drawing of a result; all of them stand in its list."""

LATE = dt.timedelta(minutes=10)
"""So long after the deadline a count is told to be late."""


def result_message(state: PollState) -> Message:
    """The published result, as it was frozen at closing."""
    poll, result = state.poll, state.poll.result
    assert result is not None
    if not result["voted"]:
        return _empty_message(poll, result)
    return message(
        Heading(translate("polls.result", number=poll.number, title=poll.title)),
        Text(translate("polls.is_annulled", reason=poll.reason)) if poll.status is PollStatus.ANNULLED else None,
        Text(turnout_text(result)),
        Listing(tuple(_ranked(state, result))),
        _chart(state, result),
        Note(translate("polls.schulze_explained")) if poll.method is PollMethod.RANKING else None,
        Text(_left_text(state)) if _left_text(state) else None,
        *_money_blocks(state, result, WinnerRule(result["rule"])),
        _late_note(poll),
        _ratified_note(poll),
        Note(translate("polls.head", head=result["head"])),
        _decision_buttons(poll, result) if poll.status is PollStatus.CLOSED else None,
    )


def _empty_message(poll: Poll, result: Frozen) -> Message:
    """A poll in which nobody voted ranks nothing and proposes nothing."""
    return message(
        Heading(translate("polls.result", number=poll.number, title=poll.title)),
        Text(translate("polls.is_annulled", reason=poll.reason)) if poll.status is PollStatus.ANNULLED else None,
        Text(turnout_text(result)),
        Text(translate("polls.nobody_voted")),
        _late_note(poll),
        _ratified_note(poll),
        Note(translate("polls.head", head=result["head"])),
        Actions((_log_button(poll),)) if poll.status is PollStatus.CLOSED else None,
    )


def _log_button(poll: Poll) -> Button:
    return Button(translate("polls.button.log"), "poll.log", str(poll.number))


def _late_note(poll: Poll) -> Note | None:
    """Says so when the bot was down at the deadline: clicks from the time between can't be told apart."""
    if poll.closed_at is None or poll.closed_at < poll.deadline + LATE:
        return None
    return Note(translate("polls.counted_late", moment=long_moment(poll.closed_at)))


def _ratified_note(poll: Poll) -> Note | None:
    return Note(translate("polls.is_ratified", meeting=poll.ratified_in)) if poll.ratified_at else None


def open_ties(poll: Poll) -> list[list[int]]:
    """The ties that decide what the money is enough for, by the poll's own rule."""
    winners = (poll.result or {}).get("winners", {}).get(poll.rule, {})
    return list(winners.get("ties", []))


def turnout_text(result: Frozen) -> str:
    """`9 af 14 kommuner har stemt. Afstemningen er beslutningsdygtig.`"""
    said = translate("polls.turnout", voted=result["voted"], units=result["units"])
    if result["quorate"] is None:
        return said
    key = "polls.quorate" if result["quorate"] else "polls.not_quorate"
    return f"{said} {translate(key, percent=result['quorum'])}"


def _ranked(state: PollState, result: Frozen) -> list[Item]:
    by_number = {one.number: one for one in state.candidates}
    items = []
    for place in result["ranking"]:
        is_shared = len(place["candidates"]) > 1
        for number in place["candidates"]:
            one = by_number[number]
            points = Fraction(result["points"][str(number)])
            support = support_text(state.poll, points, result["supporters"][str(number)])
            name = candidate_name(one)
            text = translate("polls.place_shared", name=name) if is_shared else name
            items.append(Item(text, f"{support} · {cost_text(one.cost)}", mark=f"{place['rank']}."))
    return items


def _chart(state: PollState, result: Frozen) -> Chart | None:
    """The best candidates side by side, in the order of the ranking; nothing where nobody got anything."""
    by_number = {one.number: one for one in state.candidates}
    ranked = [number for place in result["ranking"] for number in place["candidates"]]
    points = {number: Fraction(result["points"][str(number)]) for number in ranked}
    if len(ranked) < 2 or not any(points.values()):
        return None
    poll, approval = state.poll, state.poll.method is PollMethod.APPROVAL
    bars = tuple(
        (
            candidate_name(by_number[number]),
            float(points[number]),
            support_text(poll, points[number], result["supporters"][str(number)]),
        )
        for number in ranked[:MOST_BARS]
    )
    key = "polls.chart_of_best" if len(ranked) > MOST_BARS else "polls.chart"
    measure = translate("polls.chart_units" if approval else "polls.chart_points")
    return Chart(translate(key, number=poll.number, count=MOST_BARS), bars, measure)


def _left_text(state: PollState) -> str:
    gone = [f"{candidate_name(one)} ({translate(f'polls.left.{one.left}')})" for one in state.candidates if one.left]
    return translate("polls.have_left", names=join_words(gone)) if gone else ""


def _money_blocks(state: PollState, result: Frozen, rule: WinnerRule) -> list[Text | Note]:
    """What the money is enough for by one rule, and what stands outside it."""
    if result["free"] is None:
        return [Note(translate("polls.no_frame"))]
    winners = result["winners"][rule]
    cost = sum(need for number, need in _needs(result).items() if number in winners["chosen"])
    label = translate("polls.fits", rule=translate(f"polls.rule.{rule}"), free=money(max(0, result["free"])))
    chosen = _names(state, winners["chosen"]) if winners["chosen"] else translate("polls.nothing_fits")
    said = translate("polls.fits_these", names=chosen, cost=money(cost)) if winners["chosen"] else chosen
    blocks: list[Text | Note] = [Text(f"{label} {said}")]
    blocks += [Note(translate("polls.tied", names=_names(state, tie))) for tie in winners["ties"]]
    for key, numbers in (("polls.unpriced", _unpriced(result)), ("polls.beyond", _beyond(result))):
        if numbers:
            blocks.append(Note(translate(key, names=_names(state, numbers))))
    return blocks


def _needs(result: Frozen) -> dict[int, int]:
    return {one["number"]: max(0, (one["cost"] or 0) - one["own"]) for one in result["candidates"]}


def _unpriced(result: Frozen) -> list[int]:
    return [one["number"] for one in result["candidates"] if one["cost"] is None and not one["left"]]


def _beyond(result: Frozen) -> list[int]:
    return [one["number"] for one in result["candidates"] if one["beyond"] and not one["left"]]


def _names(state: PollState, numbers: Sequence[int]) -> str:
    by_number = {one.number: one for one in state.candidates}
    return join_words(candidate_name(by_number[number]) for number in numbers)


def _decision_buttons(poll: Poll, result: Frozen) -> Actions:
    number = str(poll.number)
    fits = result["free"] is not None and result["winners"][result["rule"]]["chosen"]
    buttons = [
        Button(translate("polls.button.choose"), "poll.open_decide", number),
        Button(translate("polls.button.others"), "poll.others", number),
        Button(translate("polls.button.receipt"), "poll.receipt", number),
        _log_button(poll),
    ]
    if open_ties(poll):
        buttons.insert(0, Button(translate("polls.button.run_off"), "poll.open_run_off", number))
    if fits and result["quorate"] is not False:
        buttons.insert(0, _prioritise_button(poll, result))
    return Actions(tuple(buttons))


def _prioritise_button(poll: Poll, result: Frozen) -> Button:
    chosen = result["winners"][result["rule"]]["chosen"]
    cost = sum(need for number, need in _needs(result).items() if number in chosen)
    asked = plural("polls.prioritise_asked", len(chosen), cost=money(cost))
    label = translate("polls.button.prioritise")
    return Button(label, "poll.prioritise", str(poll.number), style="primary", confirm=asked)


def others_message(state: PollState, units: dict[int, str]) -> Message:
    """What every rule would choose, what each municipality gets of its own wishes under it, and the receipts."""
    result = state.poll.result
    assert result is not None
    if result["free"] is None:
        return message(Heading(named(state.poll)), Note(translate("polls.no_frame")))
    blocks: list[Heading | Text | Note | Listing] = [Heading(named(state.poll))]
    if len({frozenset(one["chosen"]) for one in result["winners"].values()}) == 1:
        blocks.append(Text(translate("polls.all_rules_agree")))
    for rule in WinnerRule:
        blocks += _money_blocks(state, result, rule)[:1]
        if state.poll.visibility is not Visibility.SECRET:
            blocks.append(Listing(tuple(_shares(state, result, rule, units))))
    return message(*blocks, Note(translate("polls.equal_shares_explained")))


def _shares(state: PollState, result: Frozen, rule: WinnerRule, units: dict[int, str]) -> list[Item]:
    chosen = {str(number) for number in result["winners"][rule]["chosen"]}
    receipts = result["winners"][rule]["receipts"]
    items = []
    for unit_id, marks in state.standing.items():
        wanted = [name for name, mark in marks.items() if mark]
        got = [name for name in wanted if name in chosen]
        said = translate("polls.got", got=len(got), wanted=len(wanted))
        paid = receipts.get(str(unit_id), {})
        spent = join_words(translate("polls.paid", wish=number, amount=money(ore)) for number, ore in paid.items())
        detail = f"{said} {translate('polls.receipt', spent=spent)}" if spent else said
        items.append(Item(units[unit_id], detail))
    return items


def annulled_message(poll: Poll, name: str) -> Message:
    return message(
        Text(translate("polls.was_annulled", number=poll.number, title=poll.title, name=name)), Note(poll.reason)
    )


def decision_message(poll: Poll, done: Sequence[str], waiting: Sequence[str], name: str) -> Message:
    """All that was decided together, in one message."""
    return message(
        Heading(translate("polls.decided", number=poll.number)),
        Listing(tuple(Item(one) for one in done)),
        Note(translate("polls.not_decided", names=join_words(waiting))) if waiting else None,
        Note(translate("polls.decided_by", name=name)),
    )
