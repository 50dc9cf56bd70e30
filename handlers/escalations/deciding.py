"""Who decides a case, and whether it is still to be decided."""

from __future__ import annotations

from handlers.chat.refusals import Refusal
from handlers.context import Capacity, Context
from handlers.members.rights import names_of
from locales import short_date, translate
from storage.enums import CaseStatus
from storage.models.escalations import Case, CaseAnswer
from storage.queries import escalations, members


async def get_case(context: Context, number: int) -> Case:
    """The group's case with this number.

    Raises:
        Refusal: there is none.
    """
    case = await escalations.find_case(context.session, context.group.id, number)
    if case is None:
        raise Refusal("chat.stale")
    return case


def is_decider(context: Context) -> bool:
    """Whether the person sits in the committee; where there is none, whether they speak for a municipality."""
    if context.group.steering_channel:
        return Capacity.STEERING in context.standing.capacities
    return context.standing.votes


def check_decider(context: Context) -> None:
    """Let only those pass who decide.

    Raises:
        Refusal: somebody else.
    """
    if is_decider(context):
        return
    if context.group.steering_channel:
        raise Refusal("members.not_yours", who=names_of(frozenset({Capacity.STEERING})))
    raise Refusal("members.only_confirmed_representatives")


async def check_unanswered(context: Context, case: Case) -> None:
    """Let only a case pass that waits for its answer.

    Raises:
        Refusal: it is answered, or was withdrawn with its wish.
    """
    if case.status is CaseStatus.WITHDRAWN:
        raise Refusal("escalations.withdrawn", number=case.wish_number)
    if case.status is not CaseStatus.AWAITING:
        raise await answered_refusal(context, await escalations.find_answer(context.session, case.id))


async def answered_refusal(context: Context, answer: CaseAnswer | None) -> Refusal:
    """The sentence for whoever came second: who registered what, and when."""
    if answer is None:
        return Refusal("chat.stale")
    people = await members.map_people(context.session, [answer.by])
    name = people[answer.by].name if answer.by in people else "–"
    outcome = translate(f"escalations.outcome.{answer.status}")
    return Refusal("escalations.answered_already", name=name, outcome=outcome, date=short_date(answer.at))
