"""*Vis andre opgørelser*: what each rule would choose, what each municipality gets by it, and who pays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from handlers.ballots.rules import standing_cast
from handlers.capability import Ask
from handlers.chat.messages import Block, Heading, Item, Listing, Message, Note, Table, Text, message
from handlers.chat.replies import Replies, Whisper
from handlers.context import Context
from handlers.polls.result_messages import Frozen, cost_of, tie_notes
from handlers.polls.state import PollState, get_closed_poll, read_state
from handlers.polls.words import named
from locales import join_words, money, translate
from storage.enums import Visibility, WinnerRule


async def show_others(context: Context, ask: Ask) -> Replies:
    """What the other rules would have chosen, to the one who asks."""
    state = await read_state(context, await get_closed_poll(context, ask.number()))
    return [Whisper(others_message(state, _seen_units(context, state)))]


def _seen_units(context: Context, state: PollState) -> list[int]:
    """The units whose answers this person may see: in a secret poll only their own, where it is their own answer."""
    if state.poll.visibility is not Visibility.SECRET:
        return list(state.standing)
    unit = context.standing.unit
    if unit is None or unit.id not in state.standing:
        return []
    return [unit.id] if standing_cast(state.box.of_unit(unit.id)).person == context.me.id else []


def others_message(state: PollState, seen: Sequence[int]) -> Message:
    """Each rule's choice, what each of the units that may be seen gets by it, and the receipts of equal shares."""
    result = state.poll.result
    assert result is not None
    if result["free"] is None:
        return message(Heading(named(state.poll)), Note(translate("polls.no_frame")))
    blocks: list[Block] = [Heading(named(state.poll))]
    if len({frozenset(one["chosen"]) for one in result["winners"].values()}) == 1:
        blocks.append(Text(translate("outcomes.all_rules_agree")))
    for rule in WinnerRule:
        blocks += [Text(_choice_text(state, result, rule)), *tie_notes(state, result, rule)]
    if seen:
        blocks.append(_shares_table(state, result, seen))
    return message(*blocks, *_equal_shares_blocks(state, result, seen))


def _choice_text(state: PollState, result: Frozen, rule: WinnerRule) -> str:
    """`Lige andele (afstemningens egen regel): #43 og #12, i alt 40.000 kr. af 50.000 kr.`."""
    chosen = result["winners"][rule]["chosen"]
    own = translate("outcomes.own_rule") if rule == state.poll.rule else ""
    if not chosen:
        return translate("outcomes.rule_chooses_none", rule=translate(f"outcomes.rule_name.{rule}"), own=own)
    return translate(
        "outcomes.rule_chooses",
        rule=translate(f"outcomes.rule_name.{rule}"),
        own=own,
        names=join_words(f"#{number}" for number in chosen),
        cost=money(cost_of(result, chosen)),
        free=money(max(0, result["free"])),
    )


def _shares_table(state: PollState, result: Frozen, seen: Sequence[int]) -> Table:
    """A row for each unit: what it wants, and which of that each rule would choose."""
    header = (
        translate("outcomes.column.unit"),
        translate("outcomes.column.wanted"),
        *(translate(f"outcomes.rule_name.{rule}") for rule in WinnerRule),
    )
    rows = []
    for unit in seen:
        wanted = sorted(int(number) for number, mark in state.standing[unit].items() if mark)
        gets = [_numbers(wanted, result["winners"][rule]["chosen"]) for rule in WinnerRule]
        rows.append((state.box.units[unit].name, _numbers(wanted, wanted), *gets))
    return Table(header, tuple(rows))


def _numbers(wanted: Sequence[int], chosen: Collection[int]) -> str:
    return ", ".join(f"#{number}" for number in wanted if number in chosen) or translate("outcomes.none_of_them")


def _equal_shares_blocks(state: PollState, result: Frozen, seen: Sequence[int]) -> list[Block]:
    """How equal shares came to its choice: what a share was, where each went, and what no share paid for."""
    winners = result["winners"][WinnerRule.EQUAL_SHARES]
    blocks: list[Block] = [Note(translate("outcomes.equal_shares_explained"))]
    if winners["share"] is None:
        return blocks
    share = int(Fraction(winners["share"]))
    blocks.append(Text(translate("outcomes.share", share=money(share))))
    if state.poll.visibility is not Visibility.SECRET:
        blocks.append(Listing(tuple(_receipt(state, winners["receipts"], share, unit) for unit in seen)))
    if winners["completion"]:
        names = join_words(f"#{number}" for number in winners["completion"])
        blocks.append(Note(translate("outcomes.completion", names=names)))
    return blocks


def _receipt(state: PollState, receipts: Mapping[str, Mapping[str, int]], share: int, unit: int) -> Item:
    """What one unit's share went to and what is left of it, in whole øre."""
    paid = receipts.get(str(unit), {})
    left = money(max(0, share - sum(paid.values())))
    if not paid:
        return Item(state.box.units[unit].name, translate("outcomes.receipt_unused", left=left))
    spent = join_words(translate("outcomes.paid", wish=number, amount=money(ore)) for number, ore in paid.items())
    return Item(state.box.units[unit].name, translate("outcomes.receipt", spent=spent, left=left))
