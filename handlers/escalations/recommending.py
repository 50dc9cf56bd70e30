"""Putting a wish to the steering committee: the form that knows all the bot knows, and the case in its channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers.capability import Ask, Deed
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import OpenForm, Post, Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.economy.forms import amount_as_typed
from handlers.economy.ledger import read_lines, wish_subject
from handlers.economy.messages import free_sentence
from handlers.economy.rules import Balance, Excess, Room, balance_of, excess_of, room_of
from handlers.escalations import forms, messages
from handlers.escalations.rules import CaseFields, reminder_moment
from handlers.wishes.choosing import names_none, which_wish
from handlers.wishes.deeds import amount_of, get_wish, move_wish
from handlers.wishes.rules import Move, can
from locales import join_words, long_date, money, plural, translate, zone
from storage.enums import CaseStatus, WishStatus
from storage.models.escalations import Case
from storage.models.polls import Poll
from storage.models.wishes import Wish
from storage.queries import escalations, wishes


@dataclass(frozen=True, slots=True)
class Money:
    """What the committee is told of the money in this year."""

    balance: Balance
    room: Room

    def excess(self, amount: int) -> Excess:
        """By how much an amount in øre is over the ceiling, and outside the frame."""
        return excess_of(amount, self.balance.ceiling, self.room)


async def open_case_form(context: Context, ask: Ask) -> Replies:
    """`/ønske indstil 43`: opens the form, filled in beforehand."""
    if names_none(ask):
        return [which_wish("case.open_form")]
    wish = await _get_recommendable(context, ask.number())
    amount = amount_of(wish)
    assert amount is not None
    cash = await _read_money(context, wish)
    with context.speaking_to_group():
        values = await _prefilled(context, wish, amount, cash)
    intro = _intro(cash, amount)
    return [OpenForm(forms.case_form(wish.number, wish.title, values, intro))]


async def check_recommendation(context: Context, ask: Ask) -> None:
    """Refuse what can't be put to the committee."""
    await _get_recommendable(context, ask.number())
    _read_fields(context, ask)


async def recommend_wish(context: Context, ask: Ask) -> Replies:
    """The case gets its number, and stands in the committee's channel once."""
    wish = await _get_recommendable(context, ask.number())
    fields = _read_fields(context, ask)
    cash = await _read_money(context, wish)
    case = await _add_case(context, wish, fields, cash)
    facts = {
        "wish": wish.number,
        "amount": case.amount,
        "frame": case.frame,
        "free": case.free,
        "excess": case.excess,
        "recommendation": case.recommendation,
        "year": case.year,
    }
    await record(context, "case.sent", f"case:{case.number}", facts)
    moved = await move_wish(context, wish, Move.RECOMMEND)
    channel = context.group.steering_channel or context.group.channel
    with context.speaking_to_group():
        card = messages.case_message(case, context.group, None)
    told = translate("escalations.sent", number=wish.number, committee=messages.committee_of(context.group))
    return [*moved, Post(messages.card_key(case), channel, card), Whisper(message(Text(told)))]


async def _add_case(context: Context, wish: Wish, fields: CaseFields, cash: Money) -> Case:
    excess = cash.excess(fields.amount)
    case = Case(
        group_id=context.group.id,
        number=await escalations.next_number(context.session, context.group.id),
        wish_number=wish.number,
        title=wish.title,
        background=fields.background,
        need=fields.need,
        benefit=fields.benefit,
        amount=fields.amount,
        year=cash.balance.year,
        frame=cash.balance.frame,
        free=cash.balance.free,
        over_ceiling=excess.over_ceiling,
        over_room=excess.over_room,
        poll=fields.poll,
        backing=fields.backing,
        recommendation=fields.recommendation,
        status=CaseStatus.AWAITING,
        sent_by=context.me.id,
        sent_at=context.now,
        remind_at=reminder_moment(context.now, zone()),
    )
    context.session.add(case)
    await context.session.flush()
    return case


async def _get_recommendable(context: Context, number: int) -> Wish:
    """The wish, where it can be put to the committee now.

    Raises:
        Refusal: it has no amount, waits for an answer already, or its status or the committee's channel hinders it.
    """
    wish = await get_wish(context, number)
    if wish.status is WishStatus.RECOMMENDED:
        case = await escalations.find_last_case(context.session, context.group.id, number)
        since = long_date(case.sent_at if case else wish.status_since)
        raise Refusal("escalations.recommended_already", number=number, since=since)
    if not can(Move.RECOMMEND, wish.status):
        status = translate(f"wishes.status.{wish.status}")
        key = "escalations.take_up_first" if can(Move.TAKE_UP, wish.status) else "escalations.not_now"
        raise Refusal(key, number=number, status=status)
    if amount_of(wish) is None:
        raise Refusal("wishes.amount_missing", number=number)
    group = context.group
    if group.steering_channel and not group.steering_bound:
        raise Refusal("escalations.not_bound", group=group.short_name)
    return wish


def _read_fields(context: Context, ask: Ask) -> CaseFields:
    with context.speaking_to_group():
        begins = messages.begins_with(context.group)
    return CaseFields(ask, begins)


async def _read_money(context: Context, wish: Wish) -> Money:
    year = context.today.year
    lines = await read_lines(context.session, context.group.id, year)
    return Money(balance_of(lines, year), room_of(lines, year, wish_subject(wish.number)))


def _intro(cash: Money, amount: int) -> str:
    lines = [free_sentence(cash.balance)]
    if cash.balance.ceiling is not None:
        lines.append(translate("escalations.ceiling_is", amount=money(cash.balance.ceiling)))
    lines += messages.excess_sentences(cash.excess(amount), "wish")
    lines.append(translate("wishes.form.warning"))
    return "\n".join(lines)


async def _prefilled(context: Context, wish: Wish, amount: int, cash: Money) -> dict[str, str]:
    """What the bot knows, in the group's language."""
    poll = await escalations.find_last_poll(context.session, context.group.id, wish.number)
    backing = (await wishes.map_backing_units(context.session, [wish.id])).get(wish.id, [])
    units = sorted({*backing, *([wish.unit_name] if wish.unit_name else [])})
    return {
        "background": _background(wish),
        "need": wish.need,
        "benefit": _benefit(wish),
        "amount": amount_as_typed(amount),
        "poll": poll_sentence(poll, wish.number) if poll else "",
        "backing": join_words(units) if units else "",
        "recommendation": _recommendation(context, wish, amount, cash),
    }


def _background(wish: Wish) -> str:
    key = "escalations.background_from" if wish.unit_name else "escalations.background"
    submitted = translate(key, date=long_date(wish.created_at), unit=wish.unit_name)
    known = translate("escalations.is_estimate" if wish.estimate is not None else "escalations.is_guess")
    return "\n".join(part for part in (wish.description, submitted, known) if part)


def _benefit(wish: Wish) -> str:
    measure = translate("escalations.measured_by", measure=wish.benefit_measure) if wish.benefit_measure else ""
    owner = translate("escalations.owned_by", owner=wish.benefit_owner) if wish.benefit_owner else ""
    return "\n".join(part for part in (wish.benefit, measure, owner) if part)


def _recommendation(context: Context, wish: Wish, amount: int, cash: Money) -> str:
    excess = cash.excess(amount).most
    key = "escalations.sentence_beyond" if excess else "escalations.sentence"
    ending = translate(key, number=wish.number, title=wish.title, amount=money(amount), excess=money(excess))
    return f"{messages.begins_with(context.group)} {ending}"


def poll_sentence(poll: Poll, number: int) -> str:
    """How a wish did in a closed poll: its place, who wants it, and how many voted."""
    result: dict[str, Any] = poll.result or {}
    places: list[dict[str, Any]] = result.get("ranking", [])
    place = next((one["rank"] for one in places if number in one["candidates"]), None)
    if place is None:
        return ""
    return translate(
        "escalations.poll",
        poll=poll.number,
        date=long_date(poll.closed_at or poll.deadline),
        place=place,
        count=sum(len(one["candidates"]) for one in places),
        wanted=plural("escalations.poll_wanted", result.get("supporters", {}).get(str(number), 0)),
        voted=plural("escalations.poll_voted", result.get("units", 0), voted=result.get("voted", 0)),
    )


DEEDS = (
    Deed("case.open_form", open_case_form, writes=False),
    Deed("case.recommend", recommend_wish, prepared=True, check=check_recommendation),
)
WORDS = (Word("wish", "case.open_form", ("indstil", "recommend"), numbered=True),)
