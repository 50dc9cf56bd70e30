"""The committee may vote on a case if it likes: one emoji each, and then one member registers what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.capability import Ask, Deed
from handlers.chat.emoji import fold
from handlers.chat.messages import Actions, Item, Listing, Message, Note, Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Post, Replies, Seed, Update, Whisper
from handlers.context import Context
from handlers.escalations.deciding import check_decider, check_unanswered, get_case, is_decider
from handlers.escalations.messages import SIGNS, answer_buttons, committee_of, vote_key
from handlers.escalations.rules import OUTCOMES
from locales import join_words, translate
from storage.enums import CaseStatus, Role
from storage.models.escalations import Case
from storage.models.members import Membership
from storage.queries import escalations, exchange, members

_OUTCOME_OF = {emoji: outcome for outcome, emoji in SIGNS.items()}

Tally = Mapping[CaseStatus, Sequence[str]]
"""Outcome → the names of those who are for it."""


async def open_vote(context: Context, ask: Ask) -> Replies:
    """*Stem om det* was pressed: the emojis are put up, once."""
    case = await get_case(context, ask.number())
    check_decider(context)
    await check_unanswered(context, case)
    if not await exchange.claim(context.session, _claim_of(case), context.now):
        raise Refusal("escalations.vote_open_already", number=case.wish_number)
    channel = context.group.steering_channel or context.group.channel
    with context.speaking_to_group():
        shown = _vote_message(context, case, {}, open_=True)
    emojis = tuple(SIGNS[outcome] for outcome in OUTCOMES)
    return [Post(vote_key(case), channel, shown, ballot=True), Seed(vote_key(case), emojis)]


async def cast_vote(context: Context, ask: Ask) -> Replies:
    """An emoji was put on or taken off."""
    number = int(ask.key.partition(":")[2])
    case = await escalations.find_case(context.session, context.group.id, number)
    if (
        case is None
        or case.status is not CaseStatus.AWAITING
        or not any(one.emoji in _OUTCOME_OF for one in ask.clicks)
    ):
        return []
    if not is_decider(context):
        key = f"{_claim_of(case)}:told:{context.me.id}"
        if not await exchange.claim(context.session, key, context.now):
            return []
        told = translate("escalations.vote_not_yours", committee=committee_of(context.group))
        return [Whisper(message(Text(told)))]
    with context.speaking_to_group():
        shown = _vote_message(context, case, await count_votes(context, case), open_=True)
    return [Update(vote_key(case), shown, tally=True)]


async def end_vote(context: Context, case: Case) -> Replies:
    """The case is answered, and no further click counts."""
    if not await exchange.list_claimed(context.session, [_claim_of(case)]):
        return []
    with context.speaking_to_group():
        shown = _vote_message(context, case, await count_votes(context, case), open_=False)
    return [Update(vote_key(case), shown, ends_ballot=True)]


async def list_voters(context: Context, case: Case) -> list[str]:
    """The names of those who have voted."""
    tally = await count_votes(context, case)
    return sorted({name for names in tally.values() for name in names})


async def count_votes(context: Context, case: Case) -> dict[CaseStatus, list[str]]:
    """Who is for what. Each member has one vote, the emoji that they put on last; where the group decides itself, each
    municipality has one."""
    rows = await exchange.list_emojis(context.session, [f"{context.group.id}:{vote_key(case)}"])
    chosen = {row.person_id: _OUTCOME_OF[fold(row.emoji)] for row in rows if row.on and fold(row.emoji) in _OUTCOME_OF}
    held = [
        one for one in await members.list_memberships(context.session, context.group.id) if one.confirmed_at is not None
    ]
    named = await _name_voters(context, held, list(chosen))
    by_name = {named[person]: outcome for person, outcome in chosen.items() if person in named}
    return {outcome: sorted(name for name, one in by_name.items() if one is outcome) for outcome in OUTCOMES}


async def _name_voters(context: Context, held: Sequence[Membership], voters: Sequence[str]) -> dict[str, str]:
    """Voter → the name that their vote stands under, in the order that they clicked."""
    if context.group.steering_channel:
        sitting = {one.person_id for one in held if one.role is Role.STEERING}
        people = await members.map_people(context.session, sitting)
        return {person: people[person].name for person in voters if person in people}
    units = {unit.id: unit.name for unit in await members.list_units(context.session, context.group.id)}
    speaking = {one.person_id: units[one.unit_id] for one in held if one.role is Role.REPRESENTATIVE and one.unit_id}
    return {person: speaking[person] for person in voters if person in speaking}


def _vote_message(context: Context, case: Case, tally: Tally, *, open_: bool) -> Message:
    items = tuple(
        Item(
            translate(f"escalations.outcome.{outcome}"),
            join_words(tally[outcome]) if tally.get(outcome) else translate("wishes.nobody_yet"),
            SIGNS[outcome],
        )
        for outcome in OUTCOMES
    )
    key = "escalations.vote" if open_ else "escalations.vote_ended"
    text = translate(key, number=case.wish_number, title=case.title, committee=committee_of(context.group))
    return message(
        Text(text),
        Listing(items),
        Note(translate("escalations.vote_note")) if open_ else None,
        Actions(answer_buttons(case)) if open_ else None,
    )


def _claim_of(case: Case) -> str:
    return f"casevote:{case.group_id}:{case.number}"


DEEDS = (Deed("case.open_vote", open_vote), Deed("case.vote", cast_vote))
BALLOTS = {"casevote": "case.vote"}
