"""What follows when a wish moves: the ledger keeps step with it, and a case without its wish is taken off the table."""

from __future__ import annotations

from handlers.chat.replies import Replies, Update
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.economy.ledger import Verdict, commit, fits, read_lines, release, restore_grants, wish_subject
from handlers.economy.rules import spent_on
from handlers.escalations import messages
from handlers.escalations.voting import end_vote
from handlers.wishes.happenings import WishEstimated, WishMoved
from handlers.wishes.rules import ENDED, Move
from storage.enums import CaseStatus, WishStatus
from storage.models.wishes import Wish
from storage.queries import escalations

_RUNNING = frozenset({WishStatus.STARTED, WishStatus.DELIVERED})


async def follow_wish(context: Context, moved: WishMoved) -> Replies:
    """A started wish is committed at its estimate, one that ends gives back what is left; its case follows it."""
    wish = moved.wish
    subject = wish_subject(wish.number)
    if moved.move is Move.START:
        await _commit_start(context, wish)
    elif moved.move is Move.UNMERGE:
        await restore_grants(context, subject)
    elif wish.status in ENDED:
        await release(context, subject)
    return await _follow_with_case(context, wish)


async def _commit_start(context: Context, wish: Wish) -> None:
    subject, amount = wish_subject(wish.number), wish.estimate or 0
    fit = await fits(context, subject, amount, acute=True)
    if fit.verdict is Verdict.MANDATE:  # the next meeting is told
        await record(context, "economy.mandate_used", subject, {"amount": amount, "mandate": fit.limit}, decision=True)
    await commit(context, subject, amount)


async def follow_estimate(context: Context, estimated: WishEstimated) -> Replies:
    """A running wish that costs something else now is committed at what is left of that."""
    wish = estimated.wish
    if wish.status in _RUNNING or wish.resume_to in _RUNNING:
        subject = wish_subject(wish.number)
        lines = await read_lines(context.session, context.group.id, context.today.year)
        await commit(context, subject, max(0, estimated.amount - spent_on(lines, subject)))
    return []


async def _follow_with_case(context: Context, wish: Wish) -> Replies:
    """A case waits for its answer just as long as its wish is recommended."""
    case = await escalations.find_last_case(context.session, context.group.id, wish.number)
    recommended = wish.status is WishStatus.RECOMMENDED
    if case is None or case.status is not (CaseStatus.WITHDRAWN if recommended else CaseStatus.AWAITING):
        return []
    case.status = CaseStatus.AWAITING if recommended else CaseStatus.WITHDRAWN
    kind = "case.restored" if recommended else "case.withdrawn"
    await record(context, kind, f"case:{case.number}", {"wish": wish.number, "status": wish.status})
    with context.speaking_to_group():
        card = messages.case_message(case, context.group, None)
    ended = [] if recommended else await end_vote(context, case)
    return [Update(messages.card_key(case), card), *ended]
