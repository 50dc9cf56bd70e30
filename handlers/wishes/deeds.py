"""What rooms above do to wishes: find one, show its card, and move it along its life with everybody told once."""

from __future__ import annotations

from handlers.chat.messages import Message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Notice, Post, Replies, Update
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.economy.ledger import Fit, fits, wish_subject
from handlers.wishes import messages
from handlers.wishes.happenings import WishMoved
from handlers.wishes.rules import DECISIONS, MOVES, NO_GROUNDS, Grounds, Move, can, may_be_recommended
from locales import translate
from storage.enums import Urgency, WishStatus
from storage.models.members import Person
from storage.models.wishes import Wish
from storage.queries import members, wishes

PAST = {
    Move.TAKE_UP: "taken_up",
    Move.ASK_ESTIMATE: "estimate_asked",
    Move.MAKE_READY: "made_ready",
    Move.PRIORITISE: "prioritised",
    Move.START: "started",
    Move.DELIVER: "delivered",
    Move.CLOSE: "closed",
    Move.REJECT: "rejected",
    Move.HOLD: "held",
    Move.RESUME: "resumed",
    Move.WITHDRAW: "withdrawn",
    Move.MERGE: "merged",
    Move.UNMERGE: "unmerged",
    Move.RECOMMEND: "recommended",
    Move.APPROVE: "approved",
    Move.DECLINE: "declined",
    Move.POSTPONE: "postponed",
    Move.REOPEN: "reopened",
}
"""Move → what the log calls it once it is done (`wish.started`)."""


async def get_wish(context: Context, number: int) -> Wish:
    """The group's wish with this number.

    Raises:
        Refusal: there is none.
    """
    wish = await wishes.find_wish(context.session, context.group.id, number)
    if wish is None:
        raise Refusal("wishes.no_such", number=number)
    return wish


async def move_wish(context: Context, wish: Wish, move: Move, grounds: Grounds = NO_GROUNDS) -> Replies:
    """Move a wish along its life: status, log, card, a line in its thread, and one to submitter and backers in the next
    bundle.

    Raises:
        Refusal: a wish with this status can't be moved so, or lacks what it needs.
    """
    _check(wish, move)
    before = wish.status
    target = MOVES[move][1] or wish.resume_to or WishStatus.SCREENING
    wish.resume_to = before if move in (Move.HOLD, Move.MERGE) else None
    wish.status, wish.status_since = target, context.now
    why = {"reason": grounds.reason, "basis": grounds.basis, "basis_text": grounds.basis_text}
    facts = {"from": before, "to": target, **why}
    if grounds.conditions:
        facts["conditions"] = grounds.conditions
    await record(context, f"wish.{PAST[move]}", f"wish:{wish.number}", facts, decision=move in DECISIONS)
    return [
        *await update_card(context, wish),
        _news(context, wish, move, grounds.reason),
        *await _tell(context, wish, grounds.reason),
        WishMoved(wish, move, before),
    ]


def _check(wish: Wish, move: Move) -> None:
    if not can(move, wish.status):
        raise Refusal(
            "wishes.cannot_move",
            number=wish.number,
            status=translate(f"wishes.status.{wish.status}"),
            move=translate(f"wishes.move.{move}"),
        )
    if move in (Move.MAKE_READY, Move.START) and wish.estimate is None:
        raise Refusal("wishes.estimate_missing", number=wish.number)
    if move is Move.RECOMMEND and amount_of(wish) is None:
        raise Refusal("wishes.amount_missing", number=wish.number)


def amount_of(wish: Wish) -> int | None:
    """The estimate, else the submitter's guess; in whole øre, `None` for neither."""
    return wish.estimate if wish.estimate is not None else wish.guess


async def is_beyond_frame(context: Context, wish: Wish) -> bool:
    """Whether the wish's amount is above the ceiling or above its room this year; unknown amounts are not."""
    fit = await fit_of(context, wish)
    return fit is not None and not fit.may_start


async def fit_of(context: Context, wish: Wish) -> Fit | None:
    """What the money says to the wish's amount, `None` where it has none. What is critical may use the mandate."""
    amount = amount_of(wish)
    acute = wish.urgency is Urgency.CRITICAL
    return None if amount is None else await fits(context, wish_subject(wish.number), amount, acute=acute)


async def update_card(context: Context, wish: Wish) -> Replies:
    """The wish's card as it now is, for everybody."""
    with context.speaking_to_group():
        return [Update(messages.card_key(wish), await card_of(context, wish))]


async def card_of(context: Context, wish: Wish, *, whole: bool = False) -> Message:
    """The card as it is now, in the language that is spoken; `whole`: however long its text is."""
    name = await submitter_name(context, wish)
    backing = await wishes.map_backing_units(context.session, [wish.id])
    offer = may_be_recommended(wish.status) and await is_beyond_frame(context, wish)
    return messages.wish_card(wish, name, backing.get(wish.id, []), offers_recommendation=offer, whole=whole)


async def submitter_name(context: Context, wish: Wish) -> str:
    """The submitter's name, empty where nobody is known."""
    if not wish.submitter_id:
        return ""
    people = await members.map_people(context.session, [wish.submitter_id])
    return people[wish.submitter_id].name if wish.submitter_id in people else ""


async def list_concerned(context: Context, wish: Wish) -> list[Person]:
    """The submitter and the backers, each once, without the one who acts."""
    ids = {backer.person_id for backer in await wishes.list_backers(context.session, wish.id)}
    if wish.submitter_id:
        ids.add(wish.submitter_id)
    people = await members.map_people(context.session, ids - {context.me.id})
    return [people[key] for key in sorted(people)]


def _news(context: Context, wish: Wish, move: Move, reason: str) -> Post:
    """What happened, under the wish's card; nothing where the card was never posted, as after an import."""
    with context.speaking_to_group():
        confirmer = context.confirmed_by.name if context.confirmed_by else ""
        said = messages.moved_message(wish, move, context.me.name, "" if move is Move.MERGE else reason, confirmer)
    key = f"wish:{wish.number}/news/{context.new_id()[:12]}"
    return Post(key, context.group.channel, said, thread=messages.card_key(wish), only_there=True)


async def _tell(context: Context, wish: Wish, reason: str) -> Replies:
    told: Replies = []
    for person in await list_concerned(context, wish):
        with context.speaking_to(person):
            status = translate(f"wishes.status.{wish.status}")
            key = "wishes.status_told_because" if reason else "wishes.status_told"
            text = translate(key, number=wish.number, title=wish.title, status=status, reason=reason)
        told.append(Notice(text, f"wish:{wish.number}/status", "status", person.id))
    return told
