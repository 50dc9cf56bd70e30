"""What a recommendation looks like: its form, the case in the committee's channel, the answer and who hears of it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.chat.messages import (
    Actions,
    Block,
    Button,
    Facts,
    Heading,
    Message,
    Note,
    Quote,
    Text,
    message,
)
from handlers.economy.rules import Excess
from handlers.escalations.rules import EXTRA, INSIDE, OUTCOMES
from locales import long_date, money, translate
from storage.enums import CaseStatus
from storage.models.escalations import Case, CaseAnswer
from storage.models.members import Group

PROSE = ("background", "need", "benefit")
SIGNS = {
    CaseStatus.APPROVED: "white_check_mark",
    CaseStatus.DECLINED: "x",
    CaseStatus.POSTPONED: "question",
}
"""The emoji that a member votes with, where the committee votes."""

_STYLES = {CaseStatus.APPROVED: "primary", CaseStatus.DECLINED: "danger", CaseStatus.POSTPONED: "plain"}


def card_key(case: Case) -> str:
    """Our name for the case's message in the committee's channel."""
    return f"case:{case.number}/card"


def vote_key(case: Case) -> str:
    """Our name for the message that the committee votes on."""
    return f"casevote:{case.number}"


def committee_of(group: Group) -> str:
    """Who decides: the steering committee, or the group itself where there is none."""
    return translate("escalations.committee" if group.steering_channel else "escalations.group_itself")


def begins_with(group: Group) -> str:
    """What the recommended sentence begins with."""
    return translate("escalations.begins", committee=committee_of(group))


def case_message(case: Case, group: Group, answer: CaseAnswer | None, name: str = "") -> Message:
    """The case as the committee sees it: with its buttons, or with what was answered.

    Args:
        name: who registered the answer.
    """
    prose: list[Block] = []
    for field in PROSE:
        if text := getattr(case, field):
            prose += [Note(translate(f"escalations.field.{field}")), Quote(text)]
    return message(
        Heading(translate("escalations.heading", number=case.number, product=group.product)),
        Text(translate("wishes.named", number=case.wish_number, title=case.title)),
        Text(case.recommendation),
        Text(_money_sentence(case)),
        Facts(tuple(case_facts(case))),
        *prose,
        *_ending(case, group, answer, name),
    )


def _money_sentence(case: Case) -> str:
    year = str(case.year)
    if case.free is None:
        there_is = translate("escalations.money_unknown", amount=money(case.amount), year=year)
    else:
        there_is = translate("escalations.money", amount=money(case.amount), free=money(case.free), year=year)
    return " ".join((there_is, *excess_sentences(Excess(case.over_ceiling, case.over_room), "amount")))


def excess_sentences(excess: Excess, about: str) -> list[str]:
    """That it is too dear for the group alone, and that there is not money enough: what of the two is so.

    Args:
        about: what it is said of: `amount` in a case, `wish` in the leader's form.
    """
    found = (("over_ceiling", excess.over_ceiling), ("over_room", excess.over_room))
    return [translate(f"escalations.{name}.{about}", amount=money(by)) for name, by in found if by]


def case_facts(case: Case) -> list[tuple[str, str]]:
    """The figures, and who stands behind it."""
    facts = [("amount", money(case.amount))]
    if case.frame is not None:
        facts.append(("frame", money(case.frame)))
    if case.free is not None:
        facts.append(("free", money(case.free)))
    if case.over_ceiling:
        facts.append(("over_ceiling", money(case.over_ceiling)))
    if case.over_room:
        facts.append(("over_room", money(case.over_room)))
    facts.append(("backing", case.backing or translate("wishes.nobody_yet")))
    facts.append(("poll", case.poll or translate("escalations.no_poll")))
    return [(translate(f"escalations.label.{label}"), text) for label, text in facts]


def _ending(case: Case, group: Group, answer: CaseAnswer | None, name: str) -> list[Block]:
    if case.status is CaseStatus.WITHDRAWN:
        return [Note(translate("escalations.withdrawn", number=case.wish_number))]
    if answer is None:
        vote = Button(translate("escalations.button.vote"), "case.open_vote", str(case.number))
        return [Actions((*answer_buttons(case), vote))]
    correct = Button(translate("escalations.button.correct"), "case.correct_form", str(case.number))
    registered = translate("escalations.registered", name=name, date=long_date(answer.at))
    return [
        Text(answered_sentence(case, group, answer)),
        Facts(tuple(answer_facts(answer))),
        Note(registered),
        Actions((correct,)),
    ]


def answer_buttons(case: Case, *, named: bool = False) -> tuple[Button, ...]:
    """*Godkend*, *Afvis* and *Udsæt*, with the wish's number where several cases stand in one message."""
    return tuple(
        Button(
            translate(f"escalations.button.{outcome}") + (f" #{case.wish_number}" if named else ""),
            "case.answer_form",
            str(case.number),
            value=outcome,
            style=_STYLES[outcome],  # type: ignore[arg-type] # the table holds the three styles that there are
        )
        for outcome in OUTCOMES
    )


def answered_sentence(case: Case, group: Group, answer: CaseAnswer) -> str:
    """`Styregruppen har godkendt #43 Titel.`"""
    text = translate(f"escalations.answered.{answer.status}", number=case.wish_number, title=case.title)
    who = committee_of(group)
    return translate("escalations.has", committee=who[0].upper() + who[1:], what=text)


def answer_facts(answer: CaseAnswer, *, with_participants: bool = True) -> list[tuple[str, str]]:
    """When, on what basis, with how much and on which conditions."""
    basis = translate(f"escalations.basis.{answer.basis}")
    facts = []
    if answer.granted is not None:
        source = INSIDE if answer.inside else EXTRA
        facts.append(("granted", f"{money(answer.granted)} ({translate(f'escalations.source.{source}')})"))
    facts += [
        ("conditions", answer.conditions),
        ("reason", answer.reason),
        ("decided", f"{long_date(answer.decided_on)} ({basis})"),
        ("participants", answer.participants if with_participants else ""),
    ]
    return [(translate(f"escalations.label.{label}"), text) for label, text in facts if text]


def group_answer(case: Case, group: Group, answer: CaseAnswer, free: str, *, corrects: bool) -> Message:
    """The answer in the group's own channel.

    Args:
        free: the sentence about what is til rådighed now.
        corrects: an earlier answer is replaced by it.
    """
    approved = answer.status is CaseStatus.APPROVED
    start = Button(translate("escalations.button.start"), "wish.start_form", str(case.wish_number))
    return message(
        Note(translate("escalations.corrected")) if corrects else None,
        Text(answered_sentence(case, group, answer)),
        Facts(tuple(answer_facts(answer, with_participants=False))),
        Note(free) if approved else None,
        Actions((start,)) if approved else None,
    )


def personal_answer(case: Case, group: Group, answer: CaseAnswer, *, corrects: bool) -> Message:
    """The answer to the submitter and to each backer."""
    return message(
        Note(translate("escalations.corrected")) if corrects else None,
        Text(answered_sentence(case, group, answer)),
        Facts(tuple(answer_facts(answer, with_participants=False))),
    )


def reminder_message(cases: Sequence[Case]) -> Message:
    """Cases that still wait for the committee, each with its buttons."""
    blocks: list[Block] = [Heading(translate("escalations.reminder_heading"))]
    for case in cases:
        since = long_date(case.sent_at)
        text = translate("escalations.reminder", number=case.wish_number, title=case.title, since=since)
        blocks += [Text(f"{text} {case.recommendation}"), Actions(answer_buttons(case, named=len(cases) > 1))]
    return message(*blocks)
