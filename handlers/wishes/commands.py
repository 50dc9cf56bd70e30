"""Wishes: what members want developed or maintained, from the first line to its end."""

from __future__ import annotations

from handlers.capability import Ask, Capability, Deed
from handlers.chat.messages import Message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import DirectMessage, OpenForm, Post, Replies, Update, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.wishes import messages
from handlers.wishes.rules import OPEN, WishFields
from storage.enums import WishStatus
from storage.models.wishes import Backer, Wish
from storage.queries import members, wishes


async def open_form(context: Context, ask: Ask) -> Replies:
    """`/ønske`, with a title or without."""
    return [OpenForm(messages.wish_form(ask.text[:200]))]


async def submit_wish(context: Context, ask: Ask) -> Replies:
    """The form was sent: the wish gets its number and its card."""
    fields = WishFields(ask)
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
        created_at=context.now,
    )
    context.session.add(wish)
    await context.session.flush()
    await record(context, "wish.submitted", f"wish:{wish.number}", {"title": wish.title, "guess": wish.guess})
    with context.speaking_to_group():
        card = messages.wish_card(wish, context.me.name, [])
    return [
        Post(messages.card_key(wish), context.group.channel, card),
        DirectMessage(context.me.id, messages.submitted_note(wish)),
    ]


async def show_wish(context: Context, ask: Ask) -> Replies:
    """The whole wish, to the one who asks."""
    wish = await get_wish(context, ask.number())
    return [Whisper(await card_of(context, wish))]


async def support_wish(context: Context, ask: Ask) -> Replies:
    """Somebody stands behind a wish for their unit."""
    wish = await get_wish(context, ask.number())
    if wish.status not in OPEN:
        raise Refusal("wishes.ended", number=wish.number)
    unit = context.standing.unit
    if unit is None:
        raise Refusal("members.no_unit")
    if await wishes.find_backer(context.session, wish.id, context.me.id) is not None:
        raise Refusal("wishes.backed_already", number=wish.number)
    context.session.add(Backer(wish_id=wish.id, person_id=context.me.id, unit_id=unit.id, at=context.now))
    await context.session.flush()
    with context.speaking_to_group():
        card = await card_of(context, wish)
    return [Update(messages.card_key(wish), card)]


async def get_wish(context: Context, number: int) -> Wish:
    """The group's wish with this number.

    Raises:
        Refusal: there is none.
    """
    wish = await wishes.find_wish(context.session, context.group.id, number)
    if wish is None:
        raise Refusal("wishes.no_such", number=number)
    return wish


async def card_of(context: Context, wish: Wish) -> Message:
    """The card as it is now, in the language that is spoken."""
    submitter = await members.map_people(context.session, [wish.submitter_id]) if wish.submitter_id else {}
    backing = await wishes.map_backing_units(context.session, [wish.id])
    name = submitter[wish.submitter_id].name if wish.submitter_id in submitter else ""
    return messages.wish_card(wish, name, backing.get(wish.id, []))


CAPABILITY = Capability(
    name="wishes",
    deeds=(
        Deed("wish.open_form", open_form, writes=False),
        Deed("wish.submit", submit_wish),
        Deed("wish.show", show_wish, writes=False),
        Deed("wish.support", support_wish),
    ),
    words=(
        Word("wish", "wish.open_form"),
        Word("wish", "wish.show", ("vis", "show"), numbered=True),
        Word("wish", "wish.support", ("støt", "stoet", "stot", "support"), numbered=True),
    ),
)
