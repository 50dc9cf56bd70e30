"""Changes a wish: its words, its estimate, its withdrawal, and merging two that are the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.capability import Ask, Deed
from handlers.chat.messages import Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import Notice, OpenForm, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.inputs import read_amount, read_count, read_text
from handlers.wishes import status_messages as messages
from handlers.wishes.choosing import FIELD, names_none, read_wish, which_wish
from handlers.wishes.deeds import (
    amount_of,
    card_of,
    get_wish,
    is_beyond_frame,
    list_concerned,
    move_wish,
    update_card,
)
from handlers.wishes.happenings import WishEstimated
from handlers.wishes.rules import LONGEST_TEXT, OPEN, Grounds, Move, WishFields, may_be_recommended
from locales import money, translate
from storage.models.wishes import Backer, Wish
from storage.queries import log, wishes

MOST_HOURS = 100_000
EDITED = ("title", "need", "description", "benefit", "kind", "urgency", "urgency_reason", "stakeholders", "guess")
_HOURS = re.compile(r"(?P<hours>\d{1,6})\s*(?:timer|time|t|hours|h)\s*(?:á|à|a|x|at)\s*(?P<rate>.+)", re.IGNORECASE)
_ONLY_HOURS = re.compile(r"\d{1,6}\s*(?:timer|time|t|hours|h)", re.IGNORECASE)


async def open_edit_form(context: Context, ask: Ask) -> Replies:
    """The wish's own form, filled in with what stands there."""
    if names_none(ask):
        return [which_wish("wish.edit_form")]
    wish = await get_wish(context, ask.number())
    _check_editor(context, wish)
    return [OpenForm(messages.edit_form(wish))]


async def edit_wish(context: Context, ask: Ask) -> Replies:
    """Take over what was changed; the log keeps what stood before."""
    wish = await get_wish(context, ask.number())
    _check_editor(context, wish)
    texts = ("title", "need", "description", "benefit", "stakeholders")
    fields = WishFields(ask, {name: getattr(wish, name) for name in texts} | {"reason": wish.urgency_reason})
    after = {name: getattr(fields, name) for name in EDITED if name != "urgency_reason"}
    after["urgency_reason"] = fields.reason
    changes = {name: [getattr(wish, name), new] for name, new in after.items() if getattr(wish, name) != new}
    owner = {name: read_text(ask.typed(name), name, LONGEST_TEXT) for name in ("benefit_measure", "benefit_owner")}
    changes |= {name: [getattr(wish, name), new] for name, new in owner.items() if getattr(wish, name) != new}
    if not changes:
        return [Whisper(message(Text(translate("wishes.nothing_changed", number=wish.number))))]
    for name, (_, new) in changes.items():
        setattr(wish, name, new)
    await record(context, "wish.edited", f"wish:{wish.number}", {"changes": changes})
    told = Whisper(message(Text(translate("wishes.edited", number=wish.number))))
    return [told, *await update_card(context, wish)]


def _check_editor(context: Context, wish: Wish) -> None:
    if wish.status not in OPEN:
        raise Refusal("wishes.ended", number=wish.number)
    if wish.submitter_id != context.me.id and not context.standing.leads:
        raise Refusal("wishes.not_yours_to_edit", number=wish.number)


async def withdraw_wish(context: Context, ask: Ask) -> Replies:
    """The submitter takes the wish back."""
    wish = await get_wish(context, ask.number())
    if wish.submitter_id != context.me.id:
        raise Refusal("wishes.not_yours_to_withdraw", number=wish.number)
    replies = await move_wish(context, wish, Move.WITHDRAW, Grounds(ask.rest()[:LONGEST_TEXT]))
    return [Whisper(message(Text(translate("wishes.withdrawn_told", number=wish.number)))), *replies]


async def open_estimate_form(context: Context, ask: Ask) -> Replies:
    wish = await get_wish(context, ask.number())
    return [OpenForm(messages.estimate_form(wish))]


async def estimate_wish(context: Context, ask: Ask) -> Replies:
    """`/ønske estimat 43 16.500`, `/ønske estimat 43 40 timer á 850`, or the form."""
    if names_none(ask):
        return [which_wish("wish.estimate")]
    wish = await get_wish(context, ask.number())
    if wish.status not in OPEN:
        raise Refusal("wishes.ended", number=wish.number)
    if not ask.values and not ask.rest():
        return [OpenForm(messages.estimate_form(wish))]
    amount, hours = _read_form(ask) if ask.values else _read_words(ask.rest())
    before = wish.estimate
    wish.estimate, wish.estimate_hours, wish.estimate_is_example = amount, hours, False
    facts = {"before": before, "after": amount, "hours": hours}
    await record(context, "wish.estimated", f"wish:{wish.number}", facts)
    beyond = may_be_recommended(wish.status) and await is_beyond_frame(context, wish)
    return [
        Whisper(messages.estimated_message(wish, context.standing, beyond=beyond)),
        *await update_card(context, wish),
        *await _tell_estimate(context, wish, amount),
        WishEstimated(wish, amount),
    ]


def _read_form(ask: Ask) -> tuple[int, int | None]:
    if ask.typed("estimate"):
        return read_amount(ask.typed("estimate"), "estimate"), None
    if not ask.typed("hours"):
        raise FieldRefusal("estimate", "wishes.estimate_empty")
    hours = read_count(ask.typed("hours"), "hours", 1, MOST_HOURS)
    if not ask.typed("rate"):
        raise FieldRefusal("rate", "wishes.rate_missing")
    return hours * read_amount(ask.typed("rate"), "rate"), hours


def _read_words(text: str) -> tuple[int, int | None]:
    if found := _HOURS.fullmatch(text.strip()):
        hours = int(found["hours"])
        return hours * read_amount(found["rate"], "rate"), hours
    if _ONLY_HOURS.fullmatch(text.strip()):
        raise FieldRefusal("rate", "wishes.rate_missing")
    return read_amount(text, "estimate"), None


async def _tell_estimate(context: Context, wish: Wish, amount: int) -> Replies:
    told: Replies = []
    for person in await list_concerned(context, wish):
        with context.speaking_to(person):
            text = translate("wishes.estimated_told", number=wish.number, title=wish.title, amount=money(amount))
        told.append(Notice(text, f"wish:{wish.number}/estimate", "status", person.id))
    return told


async def merge_wish(context: Context, ask: Ask) -> Replies:
    """`/ønske flet 43 i 12`: 43 goes into 12, its backers with it, and both submitters hear of it. With one number or
    none, the form."""
    numbers = [int(word) for word in re.findall(r"\d{1,9}", f"{ask.subject} {ask.text}")]
    if len(numbers) < 2 and not ask.values:
        return [OpenForm(messages.merge_form(await get_wish(context, numbers[0]) if numbers else None))]
    wish, into = await _read_two(context, ask, numbers)
    if into.status not in OPEN:
        raise Refusal("wishes.ended", number=into.number)
    carried = await _carry_backers(context, wish, into)
    wish.merged_into = into.number
    replies = await move_wish(context, wish, Move.MERGE, Grounds(translate("wishes.merged_into", number=into.number)))
    await record(context, "wish.took_in", f"wish:{into.number}", {"merged": wish.number, "backers": carried})
    told = messages.merged_message(wish, into)
    return [Whisper(told), *replies, *await update_card(context, into), *await _tell_merge(context, wish, into)]


async def _read_two(context: Context, ask: Ask, numbers: Sequence[int]) -> tuple[Wish, Wish]:
    if ask.values:
        wish = await get_wish(context, numbers[0]) if numbers else await read_wish(context, ask, FIELD)
        into = await read_wish(context, ask, "into")
        if into.number == wish.number:
            raise FieldRefusal("into", "wishes.merge_into_itself")
        return wish, into
    if len(numbers) != 2 or numbers[0] == numbers[1]:
        raise Refusal("wishes.merge_usage")
    return await get_wish(context, numbers[0]), await get_wish(context, numbers[1])


async def _carry_backers(context: Context, wish: Wish, into: Wish) -> list[str]:
    there = {backer.person_id for backer in await wishes.list_backers(context.session, into.id)}
    carried = []
    for backer in await wishes.list_backers(context.session, wish.id):
        if backer.person_id not in there:
            carried.append(backer.person_id)
            context.session.add(
                Backer(
                    wish_id=into.id,
                    person_id=backer.person_id,
                    unit_id=backer.unit_id,
                    carried_from=wish.number,
                    at=context.now,
                )
            )
    await context.session.flush()
    return carried


async def _tell_merge(context: Context, wish: Wish, into: Wish) -> Replies:
    told: Replies = []
    for person in await list_concerned(context, into):
        with context.speaking_to(person):
            text = translate("wishes.took_in_told", number=wish.number, title=wish.title, into=into.number)
        told.append(Notice(text, f"wish:{into.number}/took-in/{wish.number}", "status", person.id))
    return told


async def unmerge_wish(context: Context, ask: Ask) -> Replies:
    """Undo a merge: the wish is where it was, and the backers it carried along are its own again."""
    wish = await get_wish(context, ask.number())
    if wish.merged_into is None:
        raise Refusal("wishes.not_merged", number=wish.number)
    into = await get_wish(context, wish.merged_into)
    for backer in await wishes.list_backers(context.session, into.id):
        if backer.carried_from == wish.number:
            await context.session.delete(backer)
    replies = await move_wish(context, wish, Move.UNMERGE)
    wish.merged_into = None
    await context.session.flush()
    told = Whisper(message(Text(translate("wishes.unmerged_told", number=wish.number))))
    return [told, *replies, *await update_card(context, into)]


async def show_history(context: Context, ask: Ask) -> Replies:
    """What happened to a wish, from the log; its money stands in the ledger."""
    wish = await get_wish(context, ask.number())
    entries = await log.list_about(context.session, context.group.id, f"wish:{wish.number}")
    own = [entry for entry in entries if entry.kind.startswith("wish.")]
    return [Whisper(messages.history_message(wish, own))]


async def show_whole(context: Context, ask: Ask) -> Replies:
    """The whole wish to the one who asks, with what they may do to it."""
    wish = await get_wish(context, ask.number())
    card = await card_of(context, wish, whole=True)
    mine = wish.submitter_id == context.me.id
    return [Whisper(messages.whole_wish(wish, card, context.standing, mine=mine, amount=amount_of(wish)))]


DEEDS = (
    Deed("wish.edit_form", open_edit_form, writes=False),
    Deed("wish.edit", edit_wish),
    Deed("wish.withdraw", withdraw_wish),
    Deed("wish.estimate_form", open_estimate_form, writes=False),
    Deed("wish.estimate", estimate_wish),
    Deed("wish.merge", merge_wish),
    Deed("wish.unmerge", unmerge_wish),
    Deed("wish.history", show_history, writes=False),
    Deed("wish.show", show_whole, writes=False),
)
