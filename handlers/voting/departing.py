"""When nobody speaks any more for a municipality that has not answered, the leader hears it while it can be mended."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.chat.messages import Text, message
from handlers.chat.replies import Notice, Replies, Whisper
from handlers.context import Context
from handlers.members.happenings import RepresentativeEnded
from handlers.polls.state import is_being_counted, read_state
from locales import long_moment, translate
from storage.enums import PollStatus, Visibility
from storage.models.members import Person
from storage.models.polls import Poll
from storage.queries import members, polls


async def on_ended(context: Context, ended: RepresentativeEnded) -> Replies:
    """Somebody no longer speaks for a unit: where they were the last one, it is silent in every open poll that it has
    not answered, and counts in the turnout all the same."""
    speaking = await members.list_representatives(context.session, context.group.id)
    if any(unit.id == ended.unit_id and confirmed for _, unit, confirmed in speaking):
        return []
    told: Replies = []
    leaders = await members.list_leaders(context.session, context.group.id)
    for poll in await polls.list_polls(context.session, context.group.id, [PollStatus.OPEN]):
        if is_being_counted(poll, context.now):
            continue
        box = (await read_state(context, poll)).box
        if ended.unit_id in box.units and not box.of_unit(ended.unit_id):
            told += _tell(leaders, context, poll, box.units[ended.unit_id].name)
    return told


def _tell(leaders: Iterable[Person], context: Context, poll: Poll, unit: str) -> Replies:
    key = "voting.no_voice.secret" if poll.visibility is Visibility.SECRET else "voting.no_voice.open"
    told: Replies = []
    for person in leaders:
        with context.speaking_to(person):
            text = translate(key, unit=unit, number=poll.number, moment=long_moment(poll.deadline))
        if person.id == context.me.id:
            told.append(Whisper(message(Text(text))))
        else:
            about = f"poll:{poll.number}/no_voice:{unit}"
            told.append(Notice(text, about, "polls", person.id, before=poll.deadline))
    return told
