"""Wishes: what members want developed or maintained, from the first line to its end."""

from __future__ import annotations

from handlers.capability import Ask, Capability, Deed
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import DirectMessage, OpenForm, Post, Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.rights import may
from handlers.wishes import choosing, editing, lists, messages, statuses, timers
from handlers.wishes.deeds import card_of, get_wish, update_card
from handlers.wishes.rules import LONGEST_TEXT, LONGEST_TITLE, OPEN, WishFields
from handlers.wishes.similar import find_similar
from locales import translate
from storage.enums import WishStatus
from storage.models.wishes import Backer, Wish
from storage.queries import wishes


async def open_form(context: Context, ask: Ask) -> Replies:
    """`/ønske`, with a title or without; wishes that may be the same are shown at once."""
    title = " ".join(ask.text.split())
    similar = await _similar(context, title)
    form = OpenForm(messages.wish_form(title, similar, meant=ask.meant))
    return [form, _show_similar(context, similar)] if similar else [form]


async def open_form_from_message(context: Context, ask: Ask) -> Replies:
    """A message in the chat is made a wish: its first line is the title, all of it the need, with a link back."""
    text = ask.text.strip()
    title = (text.splitlines() or [""])[0][:LONGEST_TITLE]
    form = messages.wish_form(title, await _similar(context, title), text[:LONGEST_TEXT], link=ask.value)
    return [OpenForm(form)]


async def _similar(context: Context, title: str) -> list[Wish]:
    if not title:
        return []
    open_ones = await wishes.list_wishes(context.session, context.group.id, OPEN)
    by_number = {wish.number: wish for wish in open_ones}
    return [by_number[one.number] for one in find_similar(title, ((wish.number, wish.title) for wish in open_ones))]


async def submit_wish(context: Context, ask: Ask) -> Replies:
    """The form was sent: the wish gets its number and its card. Similar wishes that the form has not shown are shown
    now, to be supported instead."""
    fields = WishFields(ask)
    shown = ask.carry.get("shown", "").split(",")
    similar = [one for one in await _similar(context, fields.title) if str(one.number) not in shown]
    wish = await _store(context, fields, ask.carry.get("link", ""))
    await record(context, "wish.submitted", f"wish:{wish.number}", {"title": wish.title, "guess": wish.guess})
    with context.speaking_to_group():
        card = await card_of(context, wish)
    return [
        Post(messages.card_key(wish), context.group.channel, card),
        DirectMessage(context.me.id, messages.submitted_note(wish)),
        *([_show_similar(context, similar, wish)] if similar else []),
    ]


def _show_similar(context: Context, similar: list[Wish], mine: Wish | None = None) -> Whisper:
    can_support = may("wish.support", context.standing)
    return Whisper(messages.similar_message(similar, can_support=can_support, mine=mine))


async def _store(context: Context, fields: WishFields, link: str) -> Wish:
    wish = Wish(
        group_id=context.group.id,
        number=await wishes.next_number(context.session, context.group.id),
        title=fields.title,
        need=fields.need,
        description=fields.description,
        benefit=fields.benefit,
        kind=fields.kind,
        urgency=fields.urgency,
        urgency_reason=fields.reason,
        stakeholders=fields.stakeholders,
        guess=fields.guess,
        submitter_id=context.me.id,
        unit_name=context.standing.unit.name if context.standing.unit else "",
        status=WishStatus.SUBMITTED,
        status_since=context.now,
        source=link[:200],
        created_at=context.now,
    )
    context.session.add(wish)
    await context.session.flush()
    return wish


async def support_wish(context: Context, ask: Ask) -> Replies:
    """Somebody stands behind a wish for their unit; who does already can take it back."""
    wish = await _open_wish(context, ask)
    unit = context.standing.unit
    if unit is None:
        raise Refusal("members.no_unit")
    if await wishes.find_backer(context.session, wish.id, context.me.id) is not None:
        return [Whisper(messages.backed_already(wish))]
    context.session.add(Backer(wish_id=wish.id, person_id=context.me.id, unit_id=unit.id, at=context.now))
    await context.session.flush()
    await record(context, "wish.backed", f"wish:{wish.number}", {"unit": unit.code})
    told = translate("wishes.backed_told", number=wish.number)
    return [Whisper(message(Text(told))), *await update_card(context, wish)]


async def unsupport_wish(context: Context, ask: Ask) -> Replies:
    """Somebody no longer stands behind a wish."""
    wish = await _open_wish(context, ask)
    backer = await wishes.find_backer(context.session, wish.id, context.me.id)
    if backer is None:
        raise Refusal("wishes.not_backed", number=wish.number)
    await context.session.delete(backer)
    await context.session.flush()
    await record(context, "wish.unbacked", f"wish:{wish.number}", {})
    told = translate("wishes.unbacked_told", number=wish.number)
    return [Whisper(message(Text(told))), *await update_card(context, wish)]


async def _open_wish(context: Context, ask: Ask) -> Wish:
    wish = await get_wish(context, ask.number())
    if wish.status not in OPEN:
        raise Refusal("wishes.ended", number=wish.number)
    return wish


CAPABILITY = Capability(
    name="wishes",
    deeds=(
        Deed("wish.open_form", open_form, writes=False),
        Deed("wish.from_message", open_form_from_message, writes=False),
        Deed("wish.submit", submit_wish),
        Deed("wish.support", support_wish),
        Deed("wish.unsupport", unsupport_wish),
        *lists.DEEDS,
        *editing.DEEDS,
        *statuses.DEEDS,
        *choosing.DEEDS,
    ),
    words=(
        Word("wish", "wish.open_form"),
        Word("wish", "wish.list", ("liste", "list")),
        Word("wish", "wish.show", ("vis", "se", "view", "show"), numbered=True, alone=True, by_number=True),
        Word("wish", "wish.mine", ("mine",)),
        Word(
            "wish",
            "wish.support",
            ("støt", "stoet", "stot", "støtte", "stoette", "stotte", "support"),
            numbered=True,
            alone=True,
        ),
        Word("wish", "wish.search", ("søg", "soeg", "sog", "search"), near=("find", "led")),
        Word("wish", "wish.edit_form", ("ret", "rediger", "edit"), numbered=True, alone=True),
        Word("wish", "wish.withdraw", ("træk", "traek", "withdraw"), numbered=True, near=("slet", "fjern", "delete")),
        Word("wish", "wish.merge", ("flet", "merge"), numbered=True),
        Word("wish", "wish.estimate", ("estimat", "estimér", "estimer", "estimate"), numbered=True),
        Word("wish", "wish.status", ("status",), numbered=True),
    ),
    lookups=dict.fromkeys((choosing.FIELD, "into", "more"), choosing.look_up_wishes),
    timers=timers.TIMERS,
)
