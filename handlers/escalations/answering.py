"""The committee's answer: one member registers it, everybody concerned hears it, and the wish and the money move."""

from __future__ import annotations

from handlers.capability import Ask, Deed
from handlers.chat.messages import Message
from handlers.chat.refusals import Refusal
from handlers.chat.replies import DirectMessage, Notice, OpenForm, Post, Replies, Update
from handlers.context import Context
from handlers.decisions.chain import record
from handlers.decisions.sealing import fingerprint
from handlers.economy.forms import amount_as_typed
from handlers.economy.ledger import Booking, book, read_balance, set_value, wish_subject
from handlers.economy.messages import free_sentence
from handlers.escalations import forms, messages
from handlers.escalations.deciding import answered_refusal, check_decider, check_unanswered, get_case
from handlers.escalations.rules import EXTRA, INSIDE, MOVE_OF, OUTCOMES, Outcome, read_outcome
from handlers.escalations.voting import end_vote, list_voters
from handlers.wishes.deeds import get_wish, list_concerned, move_wish
from handlers.wishes.rules import ENDED, Grounds
from locales import join_words, translate
from storage.enums import Basis, CaseStatus, EntryKind, WishStatus
from storage.models.economy import LedgerEntry
from storage.models.escalations import Case, CaseAnswer
from storage.models.wishes import Wish
from storage.queries import economy, escalations

STATUS_OF = {
    CaseStatus.APPROVED: WishStatus.APPROVED,
    CaseStatus.DECLINED: WishStatus.DECLINED,
    CaseStatus.POSTPONED: WishStatus.POSTPONED,
}


async def open_answer_form(context: Context, ask: Ask) -> Replies:
    """*Godkend*, *Afvis* or *Udsæt* was pressed: opens its form."""
    case = await get_case(context, ask.number())
    check_decider(context)
    await check_unanswered(context, case)
    outcome = next((one for one in OUTCOMES if one == ask.value), None)
    if outcome is None:
        raise Refusal("chat.stale")
    values = {
        "date": context.today.isoformat(),
        "basis": Basis.MEETING.value,
        "participants": join_words(await _likely_participants(context, case)),
        "granted": amount_as_typed(case.amount),
        "source": await _likely_source(context, case),
        "conditions": "",
        "reason": "",
    }
    return [OpenForm(forms.answer_form(case, outcome, values, replaces=None))]


async def open_correction_form(context: Context, ask: Ask) -> Replies:
    """*Ret* was pressed: opens the form with what was registered."""
    case = await get_case(context, ask.number())
    check_decider(context)
    answer = await escalations.find_answer(context.session, case.id)
    if answer is None:
        raise Refusal("chat.stale")
    await _get_correctable(context, case)
    values = {
        "date": answer.decided_on.isoformat(),
        "basis": answer.basis.value,
        "participants": answer.participants,
        "granted": amount_as_typed(case.amount if answer.granted is None else answer.granted),
        "source": await _likely_source(context, case) if answer.granted is None else INSIDE if answer.inside else EXTRA,
        "conditions": answer.conditions,
        "reason": answer.reason,
    }
    return [OpenForm(forms.answer_form(case, answer.status, values, replaces=answer.id))]


async def answer_case(context: Context, ask: Ask) -> Replies:
    """The form was sent: the first answer, or the correction of the one that it was opened on."""
    case = await get_case(context, ask.number())
    check_decider(context)
    before = await escalations.find_answer(context.session, case.id)
    if str(before.id if before else "") != ask.carry.get("replaces", ""):
        raise await answered_refusal(context, before)
    if before is None:
        await check_unanswered(context, case)
    outcome = read_outcome(ask, context.today)
    wish = await (get_wish(context, case.wish_number) if before is None else _get_correctable(context, case))
    moved = await _move(context, case, wish, outcome, before)
    answer = await _add_answer(context, case, outcome, before)
    return [*await _tell(context, case, wish, answer, moved), *await end_vote(context, case)]


async def _get_correctable(context: Context, case: Case) -> Wish:
    """The wish of an answered case, where its answer still decides anything."""
    wish = await get_wish(context, case.wish_number)
    newest = await escalations.find_last_case(context.session, context.group.id, case.wish_number)
    if wish.status in ENDED or (newest is not None and newest.id != case.id):
        raise Refusal("escalations.too_late", number=wish.number, status=translate(f"wishes.status.{wish.status}"))
    return wish


async def _likely_participants(context: Context, case: Case) -> list[str]:
    """Those who voted, else the member who fills in the form: that the others took part is theirs to say."""
    return await list_voters(context, case) or ([context.me.name] if context.group.steering_channel else [])


async def _likely_source(context: Context, case: Case) -> str:
    """*Inden for rammen* where there is money for it, or no frame; else it is the committee's to choose."""
    free = (await read_balance(context.session, context.group.id, context.today.year)).free
    return INSIDE if free is None or case.amount <= free else ""


async def _move(context: Context, case: Case, wish: Wish, outcome: Outcome, before: CaseAnswer | None) -> Replies:
    """The wish follows the answer. A corrected answer is first taken back: the wish waits again, and is then moved."""
    if before is not None:
        if before.status is outcome.status:
            return []
        if wish.status is not STATUS_OF[before.status]:
            raise Refusal("escalations.went_on", number=wish.number, status=translate(f"wishes.status.{wish.status}"))
        wish.status = WishStatus.RECOMMENDED
    with context.speaking_to_group():
        basis = translate("escalations.basis_of", number=case.number)
    grounds = Grounds(outcome.reason, Basis.COMMITTEE, basis, outcome.conditions)
    return await move_wish(context, wish, MOVE_OF[outcome.status], grounds)


async def _add_answer(context: Context, case: Case, outcome: Outcome, before: CaseAnswer | None) -> CaseAnswer:
    grant = await _book_grant(context, case, outcome, before)
    answer = CaseAnswer(
        case_id=case.id,
        status=outcome.status,
        decided_on=outcome.decided_on,
        basis=outcome.basis,
        participants=outcome.participants,
        granted=outcome.granted,
        inside=outcome.inside,
        conditions=outcome.conditions,
        reason=outcome.reason,
        by=context.me.id,
        at=context.now,
        replaces=before.id if before else None,
        grant_entry=grant.id if grant else None,
    )
    case.status = outcome.status
    context.session.add(answer)
    await context.session.flush()
    facts = {
        "wish": case.wish_number,
        "outcome": outcome.status,
        "decided_on": outcome.decided_on.isoformat(),
        "basis": outcome.basis,
        "granted": outcome.granted,
        "inside": outcome.inside,
        "conditions": outcome.conditions,
        "reason": outcome.reason,
        "participants_sha256": fingerprint(outcome.participants),
    }
    kind = "case.corrected" if before else "case.answered"
    await record(context, kind, f"case:{case.number}", facts, decision=True)
    return answer


async def _book_grant(context: Context, case: Case, outcome: Outcome, before: CaseAnswer | None) -> LedgerEntry | None:
    """The grant stands in the ledger, and the ceiling no longer holds for what was approved.

    A corrected grant replaces the one before; the wish may cost what was asked for, or what was granted if more."""
    subject = wish_subject(case.wish_number)
    old = None
    if before is not None and before.grant_entry is not None:
        old = next(iter(await economy.list_standing(context.session, context.group.id, [before.grant_entry])), None)
    approved = max(case.amount, outcome.granted or 0) if outcome.status is CaseStatus.APPROVED else None
    if approved is not None or old is not None:
        await set_value(context, Booking(EntryKind.CEILING, approved, year=case.year, subject=subject))
    if outcome.granted is None and old is None:
        return None
    return await book(
        context,
        Booking(
            EntryKind.GRANT,
            outcome.granted or 0,
            subject=subject,
            year=outcome.decided_on.year,
            inside=outcome.inside,
            replaces=old,
        ),
    )


async def _tell(context: Context, case: Case, wish: Wish, answer: CaseAnswer, moved: Replies) -> Replies:
    """The case shows it, the group's channel hears it, and so do submitter and backers, once each and at once."""
    corrects = answer.replaces is not None
    balance = await read_balance(context.session, context.group.id, case.year)
    with context.speaking_to_group():
        card = messages.case_message(case, context.group, answer, context.me.name)
        news = messages.group_answer(case, context.group, answer, free_sentence(balance), corrects=corrects)
    direct = await _direct_messages(context, case, wish, answer, corrects=corrects)
    told = {one.person for one in direct}
    rest = [one for one in moved if not (isinstance(one, Notice) and one.person in told)]
    key = f"case:{case.number}/answer/{answer.id}"
    return [*rest, Update(messages.card_key(case), card), Post(key, context.group.channel, news), *direct]


async def _direct_messages(
    context: Context, case: Case, wish: Wish, answer: CaseAnswer, *, corrects: bool
) -> list[DirectMessage]:
    told = []
    for person in await list_concerned(context, wish):
        if person.muted:
            continue
        with context.speaking_to(person):
            shown: Message = messages.personal_answer(case, context.group, answer, corrects=corrects)
        told.append(DirectMessage(person.id, shown))
    return told


DEEDS = (
    Deed("case.answer_form", open_answer_form, writes=False),
    Deed("case.correct_form", open_correction_form, writes=False),
    Deed("case.answer", answer_case),
)
