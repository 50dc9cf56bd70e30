"""Receipts and the public log: every voter finds their own answer, and anybody can count a poll again."""

from __future__ import annotations

from handlers.capability import Ask, Capability, Deed
from handlers.chat.messages import Text, message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import Attach, Replies, Whisper
from handlers.chat.router import Word
from handlers.context import Context
from handlers.polls.state import get_poll, subject_of
from handlers.receipts.messages import Slip, receipt_message
from handlers.receipts.rules import find_receipts
from handlers.results.publishing import bundle
from handlers.results.replay import Replay, replay
from locales import number, translate
from storage.enums import BallotRule
from storage.queries import log, members, polls

LARGEST_LOG = 10_000
"""Entries that are packed while somebody waits; a longer log is fetched by whoever runs the bot."""


async def show_receipt(context: Context, ask: Ask) -> Replies:
    """`/afstemning kvittering 7`, to the one who asks."""
    poll = await get_poll(context, ask.number())
    subject, standing = subject_of(poll), context.standing
    told = replay(await log.list_about(context.session, context.group.id, subject)).get(subject)
    if told is None:
        raise Refusal("receipts.not_open", number=poll.number)
    found = find_receipts(told, context.me.id, standing.unit.id if standing.unit and standing.votes else None)
    if found.mine is None and not found.of_unit:
        raise Refusal(_why_none(context, told), number=poll.number)
    names = {one.id: one.name for one in await members.list_units(context.session, context.group.id)}
    given_for = found.mine.cast.unit if found.mine else found.of_unit[0].cast.unit
    candidates = await polls.list_candidates(context.session, poll.id)
    averages = poll.ballot_rule is BallotRule.AVERAGE and bool(found.of_unit)
    return [Whisper(receipt_message(Slip(poll, candidates, found, names[given_for], names, averages)))]


def _why_none(context: Context, told: Replay) -> str:
    """Why there is nothing to show; whoever only says to speak for a municipality does not hear whether it answered."""
    if any(one.cast.person == context.me.id for one in told.given):
        return "receipts.older"
    claims = context.standing.unit is not None and not context.standing.confirmed
    return "receipts.none_unconfirmed" if claims else "receipts.none"


async def send_log(context: Context, ask: Ask) -> Replies:
    """`/afstemning log`: the public log with all that is needed to count it again, as a file to the one who asks."""
    last = await log.find_last(context.session, context.group.id)
    if last is not None and last.number > LARGEST_LOG:
        raise Refusal("receipts.log_long", count=number(last.number), group=context.group.short_name)
    name = f"stemmelog-{context.group.short_name}.zip"
    content = await bundle(context)
    file = Attach(name, "application/zip", content, translate("receipts.log_file"), person=context.me.id)
    return [Whisper(message(Text(translate("receipts.log_sent", file=name)))), file]


CAPABILITY = Capability(
    name="receipts",
    deeds=(Deed("poll.receipt", show_receipt, writes=False), Deed("poll.log", send_log)),
    words=(
        Word("poll", "poll.receipt", ("kvittering", "receipt"), numbered=True),
        Word("poll", "poll.log", ("log",)),
    ),
)
