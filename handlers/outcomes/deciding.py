"""From ranking to decision: the leader prioritises what the municipalities asked for, all in one go."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.capability import Ask
from handlers.chat.messages import Option
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import OpenForm, Post, Replies
from handlers.context import Context
from handlers.economy.books import read_prospect
from handlers.outcomes import forms
from handlers.polls.result_messages import decision_message
from handlers.polls.rules import read_numbers
from handlers.polls.state import PollState, get_closed_poll, read_state
from handlers.polls.words import candidate_name, candidate_text
from handlers.wishes.deeds import move_wish
from handlers.wishes.rules import Grounds, Move, can
from locales import money, translate
from storage.enums import Basis
from storage.models.polls import Poll
from storage.models.wishes import Wish
from storage.queries import wishes


async def open_decide(context: Context, ask: Ask) -> Replies:
    """The form in which the leader chooses other wishes than those that there is money for."""
    poll = await get_closed_poll(context, ask.number())
    state = await read_state(context, poll)
    found = await _wishes_of(context, state)
    able = [one for one in state.running if can(Move.PRIORITISE, found[one.number].status)]
    if not able:
        raise Refusal("outcomes.nothing_to_prioritise", number=poll.number)
    options = [Option(str(one.number), candidate_text(one)) for one in able]
    return [OpenForm(forms.decide_form(poll, options, _chosen(poll)))]


async def prioritise(context: Context, ask: Ask) -> Replies:
    """The chosen wishes are prioritised, with the poll as basis: one decision each in the log, one message for all."""
    choice = await check_choice_of_wishes(context, ask)
    state, poll, able = choice.state, choice.state.poll, [wish.number for wish in choice.able]
    moved: Replies = []
    with context.speaking_to_group():
        basis = translate("outcomes.basis", number=poll.number)
    for wish in choice.able:
        moved += await move_wish(context, wish, Move.PRIORITISE, Grounds(basis=Basis.POLL, basis_text=basis))
    with context.speaking_to_group():
        by_number = {one.number: one for one in state.candidates}
        done = [candidate_text(by_number[number]) for number in able]
        waiting = [candidate_name(by_number[number]) for number in choice.waiting]
        shown = decision_message(poll, done, waiting, context.me.name, beyond=await _beyond(context))
    key = f"poll-decision:{poll.number}/{context.new_id()}"
    return [*moved, Post(key, context.group.channel, shown)]


async def _beyond(context: Context) -> str:
    """What is prioritised by now may be more than there is money for, as each poll counted with all of it: said at
    once, and empty where the money is enough or nobody has set a frame."""
    prospect = await read_prospect(context)
    if prospect.free is None or prospect.free >= 0:
        return ""
    return translate("outcomes.beyond", amount=money(prospect.amount), beyond=money(-prospect.free))


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be prioritised: the wishes that can be, and the numbers of those that have moved on."""

    state: PollState
    able: list[Wish]
    waiting: list[int]


async def check_choice_of_wishes(context: Context, ask: Ask) -> Choice:
    """The wishes that the leader chose in the form, or those that the poll's own rule found money for.

    Raises:
        Refusal: the poll has no result that stands, or none of the wishes can be prioritised now.
    """
    poll = await get_closed_poll(context, ask.number())
    state = await read_state(context, poll)
    numbers = read_numbers(",".join(ask.chosen("wishes")), "wishes") if ask.values else _chosen(poll)
    if not numbers:
        raise FieldRefusal("wishes", "polls.choices_missing")
    found = await _wishes_of(context, state)
    unknown = [number for number in numbers if number not in found]
    if unknown:
        raise FieldRefusal("wishes", "polls.no_such_wish", wish=unknown[0])
    able = [found[number] for number in numbers if can(Move.PRIORITISE, found[number].status)]
    if not able:
        raise Refusal("outcomes.nothing_to_prioritise", number=poll.number)
    return Choice(state, able, [number for number in numbers if found[number] not in able])


async def _wishes_of(context: Context, state: PollState) -> dict[int, Wish]:
    numbers = [one.number for one in state.candidates]
    return {one.number: one for one in await wishes.list_wishes(context.session, context.group.id, numbers=numbers)}


def _chosen(poll: Poll) -> list[int]:
    """What the poll's own rule found money for."""
    result = poll.result or {}
    winners = result.get("winners", {}).get(poll.rule, {})
    return list(winners.get("chosen", []))
