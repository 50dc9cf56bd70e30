"""A leader without a vote prepares; a municipality's representative confirms, and then it takes effect."""

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


def is_only_prepared(deed: Deed, context: Context) -> bool:
    """Whether this leader's deed waits for a representative: a supplier decides nothing alone [choice]."""
    return deed.prepared and context.standing.leads and not context.standing.votes and context.confirmed_by is None


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
    if not context.standing.votes:
        raise Refusal("members.only_confirmed_representatives")
    row = await _open_row(context, ask)
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
    with context.speaking_to_group():
        text = translate("members.prepared_dropped", what=_words(row.deed, _unpack(row.ask)), name=context.me.name)
    return [Update(f"prepared:{row.id}", message(Text(text)))]


async def _open_row(context: Context, ask: Ask) -> PreparedDeed:
    row = await members.find_prepared_deed(context.session, context.group.id, ask.number())
    if row is None:
        raise Refusal("chat.stale")
    if row.settled_at is not None:
        raise Refusal("members.prepared_settled")
    row.settled_at, row.settled_by = context.now, context.me.id
    return row


def _words(deed: str, ask: Ask) -> str:
    """The deed in words: `Sæt ønske #43 i gang`."""
    number = (ask.subject or (ask.text.split() or [""])[0]).removeprefix("#")
    return translate(f"deed.{deed}", number=number)


def _pack(ask: Ask) -> dict[str, object]:
    return dataclasses.asdict(ask) | {"values": dict(ask.values), "carry": dict(ask.carry)}


def _unpack(packed: dict[str, object]) -> Ask:
    return Ask(**packed)  # type: ignore[arg-type] # what `_pack` made of the same class
