"""What a poll does about what happens elsewhere: a wish leaves or gets a price, a representative is confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.ballots.box import Answer, put_ballot
from handlers.ballots.electorate import Seat, confirm_ballot, may_change, seat_of
from handlers.ballots.methods import keep_clicks
from handlers.chat.replies import Notice, Refresh, Replies
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.members.happenings import RepresentativeConfirmed
from handlers.members.standing import find_standing
from handlers.polls.rules import GONE
from handlers.polls.state import PollState, is_being_counted, message_keys, read_state, subject_of, terms_of
from handlers.polls.tally import refresh_costs
from handlers.voting.casting import put_answer
from handlers.voting.reading import read_clicked
from handlers.wishes.happenings import WishEstimated, WishMoved
from locales import long_moment, translate
from storage.enums import BallotWay, PollStatus
from storage.models.ballots import Ballot
from storage.models.polls import Candidate, Poll
from storage.queries import ballots, exchange, members, polls


async def on_wish_moved(context: Context, moved: WishMoved) -> Replies:
    """A candidate that is withdrawn, rejected, merged or put on hold is marked, and everybody is told; one that comes
    back is a candidate again with the votes that it had."""
    wish = moved.wish
    left = wish.status.value if wish.status in GONE else ""
    replies: Replies = []
    for poll in await polls.list_open_with_candidate(context.session, context.group.id, wish.number):
        state = await read_state(context, poll)
        candidate = next(one for one in state.candidates if one.number == wish.number)
        if candidate.left == left:
            continue
        candidate.left = left
        await record(context, "poll.candidate_changed", subject_of(poll), {"candidate": wish.number, "left": left})
        await _recast(context, state)
        if not left:
            candidate.returned_at = context.now
            replies += await _take_waiting(context, state)
        replies += [Refresh(subject_of(poll)), *await _tell(context, await read_state(context, poll), candidate)]
    return replies


async def _recast(context: Context, state: PollState) -> None:
    """Emoji ballots with a limit have room for another click when a candidate leaves, and none when it is back."""
    if not (state.poll.most or state.poll.dots):
        return
    subject = subject_of(state.poll)
    speaking = await members.list_representatives(context.session, context.group.id)
    units = {person.id: (unit.id, confirmed) for person, unit, confirmed in speaking}
    for row in await ballots.list_ballots(context.session, context.group.id, subject):
        if row.way is not BallotWay.EMOJI:
            continue
        marks = await _marks_with_room(context, state, row, units.get(row.person_id, (None, False)))
        if marks != row.marks:
            confirmed, behind = row.confirmed_at is not None, row.on_behalf_of
            answer = Answer(row.unit_id, marks, BallotWay.EMOJI, row.changed_at, confirmed, behind)
            await put_ballot(context, subject, row.person_id, answer, row)


async def _take_waiting(context: Context, state: PollState) -> Replies:
    """Who has clicked nothing but what was away, and now is back, has answered."""
    poll, answered = state.poll, {cast.person for cast in state.box.casts}
    rows = await exchange.list_emojis(context.session, message_keys(poll).keys())
    waiting = await members.map_people(context.session, {row.person_id for row in rows} - answered)
    told: Replies = []
    for _, person in sorted(waiting.items()):
        standing = await find_standing(context.session, context.group, person)
        seat = await seat_of(context, subject_of(poll), person.id, standing)
        if seat is not None:
            told += await _take_clicks(context, poll, person.id, seat)
    return told


async def _take_clicks(context: Context, poll: Poll, person_id: str, seat: Seat) -> Replies:
    """What somebody has clicked before it could count is their answer from now on."""
    candidates = await polls.list_candidates(context.session, poll.id)
    clicked = await read_clicked(context, poll, candidates, person_id)
    if not clicked.kept.marks:
        return []
    at = clicked.at or context.now
    answer = Answer(seat.unit_id, clicked.kept.marks, BallotWay.EMOJI, at, seat.confirmed, seat.on_behalf_of)
    return await put_answer(context, poll, person_id, answer)


async def _marks_with_room(
    context: Context, state: PollState, row: Ballot, speaks_for: tuple[int | None, bool]
) -> Mapping[str, int]:
    """What a ballot by emojis says within the limit. A ballot that stands takes up no later click."""
    unit_id, confirmed = speaks_for
    if may_change(row, unit_id, confirmed=confirmed):
        return (await read_clicked(context, state.poll, state.candidates, row.person_id)).kept.marks
    gone = {str(one.number) for one in state.candidates if one.left}
    return keep_clicks(terms_of(state.poll), row.marks.items(), gone).marks


async def _tell(context: Context, state: PollState, candidate: Candidate) -> Replies:
    number = candidate.number
    about = f"poll:{state.poll.number}/candidate:{number}"
    with context.speaking_to_group():
        told = _said(state, candidate, "left" if candidate.left else "back")
    replies: Replies = [Notice(told, about, "polls")]
    votes = {cast.person: cast.marks for cast in state.box.casts if cast.person and cast.marks.get(str(number))}
    for person in (await members.map_people(context.session, votes)).values():
        with context.speaking_to(person):
            text = _said(state, candidate, _to_voter(state, candidate, votes[person.id]))
            if candidate.left:
                text = f"{text} {_what_stands(state, votes[person.id])}"
        replies.append(Notice(text, about, "polls", person.id, before=state.poll.deadline))
    return replies


def _what_stands(state: PollState, marks: Mapping[str, int]) -> str:
    """What is left of an answer when a wish has left: the other choices, or nothing to count for."""
    if any(marks.get(str(one.number)) for one in state.running):
        return translate("voting.change.others_stand")
    return translate("voting.change.none_stands", moment=long_moment(state.poll.deadline))


def _to_voter(state: PollState, candidate: Candidate, marks: Mapping[str, int]) -> str:
    """What there is to say to somebody who has voted for it: whether the wish that it was merged into can be chosen."""
    if not candidate.left:
        return "back_voter"
    into = state.taken_in.get(candidate.number)
    if into is None:
        return "left_voter"
    if into.number not in [one.number for one in state.running]:
        return "merged_elsewhere_voter"
    return "merged_chosen_voter" if marks.get(str(into.number)) else "merged_voter"


def _said(state: PollState, candidate: Candidate, what: str) -> str:
    into = state.taken_in.get(candidate.number)
    if into is not None:
        how = translate("voting.merged_into", into=into.number, title=into.title)
    else:
        how = state.how_left(candidate) if candidate.left else translate("voting.came_back")
    facts = {"wish": candidate.number, "title": candidate.title, "how": how, "number": state.poll.number}
    return translate(f"voting.change.{what}", **facts, into=into.number if into else 0)


async def on_wish_estimated(context: Context, estimated: WishEstimated) -> Replies:
    """Until the first vote, what stands in the poll follows the wish."""
    replies: Replies = []
    for poll in await polls.list_open_with_candidate(context.session, context.group.id, estimated.wish.number):
        if poll.costs_frozen_at is None:
            await refresh_costs(context, poll)
            replies.append(Refresh(subject_of(poll)))
    return replies


async def on_confirmed(context: Context, confirmed: RepresentativeConfirmed) -> Replies:
    """The ballots that a person has given already count from now on, and so do their clicks from before anybody knew
    whom they speak for. Who has answered for another unit clicked for that one."""
    replies: Replies = []
    for poll in await polls.list_polls(context.session, context.group.id, [PollStatus.OPEN]):
        subject = subject_of(poll)
        if is_being_counted(poll, context.now):
            continue
        changed = await confirm_ballot(context, subject, confirmed.person_id, confirmed.unit_id)
        taken: Replies = []
        given = await ballots.list_ballots_of_person(context.session, context.group.id, subject, confirmed.person_id)
        if not given and await ballots.find_elector(context.session, context.group.id, subject, confirmed.unit_id):
            seat = Seat(confirmed.unit_id, True, on_behalf_of=confirmed.stands_in_for)
            taken = await _take_clicks(context, poll, confirmed.person_id, seat)
        replies += taken or ([Refresh(subject)] if changed else [])
    return replies
