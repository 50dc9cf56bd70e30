"""A leader without a vote, or one whom nobody has confirmed yet, prepares; another municipality's representative
confirms, and then it takes effect."""

from __future__ import annotations

import dataclasses

from handlers.capability import Ask, Deed, Perform
from handlers.chat.messages import Actions, Button, Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Post, Replies, Update, Whisper
from handlers.context import Context
from locales import translate
from storage.models.members import PreparedDeed
from storage.queries import members

TRUSTING = frozenset({"members.confirm"})
"""Deeds that say who the members are, and nothing of direction, priority or money."""


def is_only_prepared(deed: Deed, context: Context) -> bool:
    """Whether this leader's deed waits for a representative: a supplier decides nothing alone [choice], and neither
    does a leader whom no other municipality has confirmed, once there is one that votes."""
    standing = context.standing
    alone_may = standing.votes and not standing.provisional
    return deed.prepared and standing.leads and not alone_may and context.confirmed_by is None


async def prepare(context: Context, deed: str, ask: Ask) -> Replies:
    """Keep the deed, and ask the municipalities in the group's channel."""
    row = PreparedDeed(group_id=context.group.id, deed=deed, ask=_pack(ask), by=context.me.id, at=context.now)
    context.session.add(row)
    await context.session.flush()
    with context.speaking_to_group():
        shown = message(
            Text(translate("members.prepared", name=context.me.name, what=_words(deed, ask))),
            Actions(
                (
                    Button(
                        translate("members.confirm_prepared"), "members.confirm_prepared", str(row.id), style="primary"
                    ),
                    Button(translate("members.drop_prepared"), "members.drop_prepared", str(row.id)),
                )
            ),
        )
    return [
        Post(f"prepared:{row.id}", context.group.channel, shown),
        Whisper(message(Text(translate("members.prepared_told")))),
    ]


async def confirm_prepared(context: Context, ask: Ask) -> Replies:
    """A representative stands behind it."""
    row = await _open_row(context, ask)
    await _check_confirmer(context, row)
    row.settled_at, row.settled_by = context.now, context.me.id
    with context.speaking_to_group():
        text = translate(
            "members.prepared_confirmed",
            what=_words(row.deed, _unpack(row.ask)),
            name=context.me.name,
            unit=context.standing.unit.name if context.standing.unit else "",
        )
    return [
        Update(f"prepared:{row.id}", message(Text(text))),
        Perform(row.deed, _unpack(row.ask), row.by),
    ]


async def drop_prepared(context: Context, ask: Ask) -> Replies:
    """Somebody who may takes it off the table again."""
    row = await _open_row(context, ask)
    row.settled_at, row.settled_by = context.now, context.me.id
    with context.speaking_to_group():
        text = translate("members.prepared_dropped", what=_words(row.deed, _unpack(row.ask)), name=context.me.name)
    return [Update(f"prepared:{row.id}", message(Text(text)))]


async def _open_row(context: Context, ask: Ask) -> PreparedDeed:
    row = await members.find_prepared_deed(context.session, context.group.id, ask.number())
    if row is None:
        raise Refusal("chat.stale")
    if row.settled_at is not None:
        raise Refusal("members.prepared_settled")
    return row


async def _check_confirmer(context: Context, row: PreparedDeed) -> None:
    """Another unit's confirmed representative confirms. Until a group has one besides the leader's own, who says to
    speak for another unit may stand behind the leader's word on who the members are: trust has to start somewhere."""
    leader_units = {one.unit_id for one in await members.list_memberships_of(context.session, context.group.id, row.by)}
    mine = context.standing.unit
    if row.by == context.me.id or (mine is not None and mine.id in leader_units):
        raise Refusal("members.another_unit_confirms")
    if context.standing.votes:
        return
    others = [
        one for one in await members.list_voting_units(context.session, context.group.id) if one.id not in leader_units
    ]
    if others or mine is None or row.deed not in TRUSTING:
        raise Refusal("members.only_confirmed_representatives")


def _words(deed: str, ask: Ask) -> str:
    """The deed in words: `Sæt ønske #43 i gang`, or with what its button or its room says of it: `Bekræft Bo Lind
    (Tønder)`; a text may also name what was typed in the fields of its form."""
    number = (ask.subject or (ask.text.split() or [""])[0]).removeprefix("#")
    typed: dict[str, object] = {name: ask.typed(name) for name in ask.values}
    return translate(f"deed.{deed}", **(typed | {"number": number, "what": ask.value}))


def _pack(ask: Ask) -> dict[str, object]:
    """Everything but clicks: those are counted at once, and never prepared."""
    packed = dataclasses.asdict(ask) | {"values": dict(ask.values), "carry": dict(ask.carry)}
    return {name: value for name, value in packed.items() if name != "clicks"}


def _unpack(packed: dict[str, object]) -> Ask:
    return Ask(**packed)  # type: ignore[arg-type] # what `_pack` made of the same class
