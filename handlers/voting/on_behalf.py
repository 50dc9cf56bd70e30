"""A vote that a substitute gave is told to the colleague in whose place it was given."""

from __future__ import annotations

from handlers.chat.replies import Notice, Replies
from handlers.context import Context
from handlers.polls.words import answer_text
from locales import translate
from storage.enums import Visibility
from storage.models.ballots import Ballot
from storage.models.polls import Poll
from storage.queries import exchange, members, polls


async def tell_principal(context: Context, poll: Poll, ballot: Ballot, principal: str) -> Replies:
    """Once per poll and substitute, the colleague hears what was answered for them; of a secret poll, that it was.

    Args:
        principal: our id of the colleague, empty for nobody.
    """
    if not principal or principal == context.me.id or not ballot.marks:
        return []
    key = f"poll:{context.group.id}:{poll.number}:on_behalf:{ballot.person_id}"
    if not await exchange.claim(context.session, key, context.now):
        return []
    people = await members.map_people(context.session, [principal, ballot.person_id])
    unit = await members.get_unit(context.session, ballot.unit_id)
    candidates = await polls.list_candidates(context.session, poll.id)
    with context.speaking_to(people[principal]):
        parts = {"name": people[ballot.person_id].name, "unit": unit.name, "number": poll.number}
        if poll.visibility is Visibility.SECRET:
            text = translate("voting.on_behalf_secret", **parts)
        else:
            text = translate("voting.on_behalf", **parts, names=answer_text(poll, candidates, ballot.marks))
    return [Notice(text, f"poll:{poll.number}/colleague", "polls", principal)]
