"""From the form to the poll: it opens, is discussed first, or is kept as the leader's draft; and until it opens the
leader may change everything."""

from __future__ import annotations

from handlers.capability import Ask
from handlers.chat.messages import Message, Text, message
from handlers.chat.refusals import FieldRefusal, Refusal
from handlers.chat.replies import OpenForm, Replies, Whisper
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.settings import read_settings
from handlers.polls.alike import list_alike
from handlers.polls.before_messages import draft_message
from handlers.polls.debating import begin_debate, show_debate
from handlers.polls.opening import check_openable, facts_of, open_now, set_candidates, tell_free_day
from handlers.polls.opening_form import alike_text, filled_of, poll_form
from handlers.polls.rules import OpeningFields
from handlers.polls.state import check_begun, get_poll, subject_of
from handlers.wishes.rules import OPEN
from locales import translate
from storage.enums import BallotRule, PollMethod, PollStatus, WishStatus
from storage.models.polls import Poll
from storage.models.wishes import Wish
from storage.queries import polls, wishes


async def open_poll(context: Context, ask: Ask) -> Replies:
    """The form was sent: the poll opens, or is discussed first, or is kept as a draft. Nothing holds it back but the
    leader's own wish: the form has said which candidates look alike, and the leader hears it once more."""
    fields = OpeningFields(ask, context.now)
    chosen = await _find_wishes(context, fields.numbers)
    poll = Poll(
        group_id=context.group.id,
        number=await polls.next_number(context.session, context.group.id),
        status=PollStatus.DRAFT,
        opened_by=context.me.id,
        run_off_of=int(ask.carry["run_off_of"]) if "run_off_of" in ask.carry else None,
    )
    await _fill(context, poll, fields)
    context.session.add(poll)
    await context.session.flush()
    await set_candidates(context, poll, chosen)
    if not ask.switched("draft"):
        return [*await _go_on(context, poll), *_tell_alike(chosen), *tell_free_day(poll)]
    await record(context, "poll.drafted", subject_of(poll), {"title": poll.title, "candidates": fields.numbers})
    return [*tell_free_day(poll), Whisper(await draft_of(context, poll))]


def _tell_alike(chosen: list[Wish]) -> Replies:
    said = alike_text(chosen)
    return [Whisper(message(Text(said)))] if said else []


async def _fill(context: Context, poll: Poll, fields: OpeningFields) -> None:
    poll.title, poll.method, poll.rule, poll.visibility = fields.title, fields.method, fields.rule, fields.visibility
    poll.most, poll.dots, poll.quorum = fields.most, fields.dots, fields.quorum
    poll.ballot_rule = await _ballot_rule(context, fields.method)
    poll.deadline, poll.opened_at = fields.deadline, fields.opens


async def _ballot_rule(context: Context, method: PollMethod) -> BallotRule:
    """The group's own, but rankings have no mean: there the latest counts [choice]."""
    if method is PollMethod.RANKING:
        return BallotRule.LATEST
    return (await read_settings(context.session, context.group.id)).ballot_rule


async def _find_wishes(context: Context, numbers: list[int]) -> list[Wish]:
    found = await wishes.list_wishes(context.session, context.group.id, numbers=numbers)
    by_number = {wish.number: wish for wish in found}
    for number in numbers:
        if number not in by_number:
            raise FieldRefusal("more", "polls.no_such_wish", wish=number)
        if by_number[number].status not in OPEN:
            raise FieldRefusal("more", "polls.wish_ended", wish=number)
    return [by_number[number] for number in numbers]


async def draft_of(context: Context, poll: Poll) -> Message:
    """What the leader sees of a draft: the pairs that look alike, and the ways to go on."""
    candidates = [one for one in await polls.list_candidates(context.session, poll.id) if not one.left]
    alike = list_alike([(one.number, one.title) for one in candidates])
    return draft_message(poll, candidates, alike, debates=poll.opened_at > context.now)


async def _go_on(context: Context, poll: Poll) -> Replies:
    """The poll is discussed, or opens at once."""
    return await begin_debate(context, poll) if poll.opened_at > context.now else await open_now(context, poll)


async def put_forward(context: Context, ask: Ask) -> Replies:
    """The leader goes on with a draft as it is."""
    poll = await get_poll(context, ask.number())
    if poll.status is not PollStatus.DRAFT:
        raise Refusal("polls.opened_already", number=poll.number)
    await check_openable(context, poll)
    return await _go_on(context, poll)


async def open_change(context: Context, ask: Ask) -> Replies:
    """`/afstemning ret 7`: the same form as at first, with what stands there now."""
    poll = await _get_changeable(context, ask)
    candidates = [one for one in await polls.list_candidates(context.session, poll.id) if not one.left]
    mine = [one.number for one in candidates]
    chosen = await wishes.list_wishes(context.session, context.group.id, numbers=mine)
    ready = await wishes.list_wishes(context.session, context.group.id, [WishStatus.READY])
    offered = {wish.number: wish for wish in [*chosen, *ready]}
    asked = await polls.map_asked(context.session, context.group.id, but=poll.number)
    return [OpenForm(poll_form(list(offered.values()), filled_of(poll, candidates, asked, context.now)))]


async def change_poll(context: Context, ask: Ask) -> Replies:
    """The form was sent again: what is new counts. A draft stays one; a debate stays one too, and everybody who
    discusses it sees what is new, unless its day was taken away: then it is over."""
    poll = await _get_changeable(context, ask)
    fields = OpeningFields(ask, context.now)
    chosen = await _find_wishes(context, fields.numbers)
    await _fill(context, poll, fields)
    await set_candidates(context, poll, chosen)
    if poll.status is PollStatus.DEBATE and fields.opens <= context.now:
        return [*await open_now(context, poll), *tell_free_day(poll), *await show_debate(context, poll)]
    facts = {"candidates": fields.numbers, "opens": poll.opened_at.isoformat()}
    await record(context, "poll.changed", subject_of(poll), facts_of(poll) | facts)
    if poll.status is PollStatus.DRAFT:
        return [*tell_free_day(poll), Whisper(await draft_of(context, poll))]
    told = Whisper(message(Text(translate("polls.changed", number=poll.number))))
    return [told, *tell_free_day(poll), *await show_debate(context, poll)]


async def _get_changeable(context: Context, ask: Ask) -> Poll:
    poll = await get_poll(context, ask.number())
    if poll.status not in (PollStatus.DRAFT, PollStatus.DEBATE):
        raise Refusal("polls.changed_too_late", number=poll.number)
    return poll


async def discard_draft(context: Context, ask: Ask) -> Replies:
    """The leader throws a draft away; nobody else has seen it."""
    poll = await get_poll(context, ask.number())
    if poll.status is not PollStatus.DRAFT:
        check_begun(poll)
        raise Refusal("polls.opened_already", number=poll.number)
    poll.status = PollStatus.DISCARDED
    await record(context, "poll.discarded", subject_of(poll), {})
    return [Whisper(message(Text(translate("polls.draft_discarded", number=poll.number))))]
