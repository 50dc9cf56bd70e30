"""What a result looks like: turnout, ranking, what the money is enough for, and how it can be checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from handlers.chat.messages import Actions, Button, Chart, Heading, Item, Listing, Message, Note, Text, message
from handlers.polls.state import PollState
from handlers.polls.words import candidate_name, cost_text, support_text
from handlers.results.lines import WAYS
from locales import join_choices, join_words, long_moment, money, plural, translate
from storage.enums import PollMethod, PollStatus, WinnerRule
from storage.models.polls import Poll

Frozen = dict[str, Any]
"""A result as `to_facts` made it."""


MOST_BARS = 12
"""Candidates in the drawing of a result; all of them stand in its list."""

MOST_RUN_OFFS = 3
"""Ties that have a button each; the rest wait until these are decided."""

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


def deciding_ties(poll: Poll) -> list[list[int]]:
    """The ties that the group may want to decide: those that settle what the money is enough for by the poll's own
    rule; where there is no money to go by, the shared places of what anybody wants."""
    result = poll.result or {}
    if result.get("free") is not None:
        return list(result["winners"].get(poll.rule, {}).get("ties", []))
    shared = [place["candidates"] for place in result.get("ranking", ()) if len(place["candidates"]) > 1]
    return [tie for tie in shared if any(result["supporters"][str(number)] for number in tie)]


def turnout_text(result: Frozen) -> str:
    """`9 af 14 kommuner har stemt. Afstemningen er beslutningsdygtig.`, and how many answers others gave, which
    older results don't say."""
    parts = [translate("polls.turnout", voted=result["voted"], units=result["units"])]
    parts += [plural(f"polls.turnout_{way}", result[way]) for way in WAYS if result.get(way)]
    if result["quorate"] is not None:
        key = "polls.quorate" if result["quorate"] else "polls.not_quorate"
        parts.append(translate(key, percent=result["quorum"]))
    return " ".join(parts)


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
    gone = [f"{candidate_name(one)} ({state.how_left(one)})" for one in state.candidates if one.left]
    return translate("polls.have_left", names=join_words(gone)) if gone else ""


def _money_blocks(state: PollState, result: Frozen, rule: WinnerRule) -> list[Text | Note]:
    """What the money is enough for by one rule, and what stands outside it."""
    if result["free"] is None:
        ties = deciding_ties(state.poll)
        return [
            Note(translate("polls.no_frame")),
            *(Note(translate("polls.tied_places", names=_names(state, tie))) for tie in ties[:MOST_RUN_OFFS]),
        ]
    winners = result["winners"][rule]
    said = _chosen_text(state, result, winners["chosen"])
    blocks: list[Text | Note] = [Text(f"{_free_text(state.poll, result, rule)} {said}")]
    if (prioritised := result.get("prioritised", 0)) and not result.get("spoken_for"):
        blocks.append(Note(translate("polls.prioritised_before", amount=money(prioritised))))
    blocks += tie_notes(state, result, rule)
    for key, numbers in (("polls.unpriced", _unpriced(result)), ("polls.beyond", _beyond(result))):
        if numbers:
            blocks.append(Note(translate(key, names=_names(state, numbers))))
    return blocks


def _chosen_text(state: PollState, result: Frozen, chosen: Sequence[int]) -> str:
    if not chosen:
        return translate("polls.nothing_fits")
    return translate("polls.fits_these", names=_names(state, chosen), cost=money(cost_of(result, chosen)))


def _free_text(poll: Poll, result: Frozen, rule: WinnerRule) -> str:
    """By which rule, and how much there is: for a run-off, what the poll before it leaves."""
    named_rule, free = translate(f"polls.rule.{rule}"), money(max(0, result["free"]))
    if spoken_for := result.get("spoken_for", 0):
        amount = money(spoken_for)
        return translate("polls.fits_after", rule=named_rule, free=free, spoken_for=amount, poll=poll.run_off_of)
    return translate("polls.fits", rule=named_rule, free=free)


def tie_notes(state: PollState, result: Frozen, rule: WinnerRule) -> list[Note]:
    """Each tie with what broke it here: never silently."""
    ties = result["winners"][rule]["ties"]
    return [Note(translate(f"polls.tied.{rule}", names=_names(state, tie))) for tie in ties]


def cost_of(result: Frozen, numbers: Sequence[int]) -> int:
    """What these wishes need of the money that is free to all, in øre."""
    needs = _needs(result)
    return sum(needs[number] for number in numbers)


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
    buttons[:0] = _run_off_buttons(poll)
    if fits and result["quorate"] is not False:
        buttons.insert(0, _prioritise_button(poll, result))
    return Actions(tuple(buttons))


def _run_off_buttons(poll: Poll) -> list[Button]:
    """One for each tie; where there are several, each says which."""
    ties = deciding_ties(poll)[:MOST_RUN_OFFS]
    if len(ties) == 1:
        return [Button(translate("polls.button.run_off"), "poll.open_run_off", str(poll.number))]
    return [
        Button(
            translate("polls.button.run_off_of", names=join_choices(f"#{number}" for number in tie)),
            "poll.open_run_off",
            str(poll.number),
            value=str(place),
        )
        for place, tie in enumerate(ties)
    ]


def _prioritise_button(poll: Poll, result: Frozen) -> Button:
    chosen = result["winners"][result["rule"]]["chosen"]
    asked = plural("polls.prioritise_asked", len(chosen), cost=money(cost_of(result, chosen)))
    label = translate("polls.button.prioritise")
    return Button(label, "poll.prioritise", str(poll.number), style="primary", confirm=asked)


def annulled_message(poll: Poll, name: str) -> Message:
    return message(
        Text(translate("polls.was_annulled", number=poll.number, title=poll.title, name=name)), Note(poll.reason)
    )


def decision_message(poll: Poll, done: Sequence[str], waiting: Sequence[str], name: str, beyond: str = "") -> Message:
    """All that was decided together, in one message; `beyond` says that it is more than there is money for."""
    return message(
        Heading(translate("polls.decided", number=poll.number)),
        Listing(tuple(Item(one) for one in done)),
        Note(translate("polls.not_decided", names=join_words(waiting))) if waiting else None,
        Note(beyond) if beyond else None,
        Note(translate("polls.decided_by", name=name)),
    )
