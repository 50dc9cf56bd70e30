"""What the group's money looks like: the year's books, the forms, and what is told when something is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.chat.messages import (
    Actions,
    Button,
    Facts,
    Heading,
    Message,
    Note,
    Table,
    Text,
    message,
)
from handlers.economy.ledger import EARLIER
from handlers.economy.rules import Balance, Prospect
from locales import join_words, money, number, plural, translate

MOST_ROWS = 30
"""Commitments that the books show before they only say how many more there are."""

Commitment = tuple[str, int, int]
"""Subject, still committed, invoiced; in øre."""


def wish_number(subject: str) -> int:
    """The wish's number in a subject of the ledger, 0 for none."""
    kind, _, digits = subject.partition(":")
    return int(digits) if kind == "wish" and digits.isascii() and digits.isdigit() else 0


def subject_name(subject: str, titles: Mapping[int, str]) -> str:
    """What a line of the ledger is about: `#43 Titel`."""
    if subject == EARLIER:
        return translate("economy.earlier")
    if not wish_number(subject):
        return translate("economy.no_wish")
    title = titles.get(wish_number(subject), "")
    return translate("economy.wish_named", number=wish_number(subject), title=title).strip()


def free_sentence(balance: Balance) -> str:
    """What is til rådighed, or that nobody has set a frame."""
    if balance.free is None:
        return translate("economy.no_frame", year=str(balance.year))
    return translate("economy.free", amount=money(balance.free), year=str(balance.year))


def balance_message(
    balance: Balance,
    commitments: Sequence[Commitment],
    titles: Mapping[int, str],
    buttons: Sequence[Button] = (),
    prospect: Prospect | None = None,
) -> Message:
    """A year's books, with the buttons of the one who reads them.

    Args:
        prospect: what is prioritised and not yet started, where the year is this one.
    """
    hidden = len(commitments) - MOST_ROWS
    return message(
        Heading(translate("economy.heading", year=str(balance.year))),
        Text(free_sentence(balance)),
        Facts((*balance_facts(balance), *(prospect_facts(prospect) if prospect else ()))),
        commitment_table(commitments[:MOST_ROWS], titles),
        Note(translate("economy.more_rows", count=number(hidden))) if hidden > 0 else None,
        Note(translate("economy.without_vat")),
        Actions(tuple(buttons)) if buttons else None,
    )


def balance_facts(balance: Balance) -> list[tuple[str, str]]:
    """The year's figures, in the order that they are taken from the frame."""
    facts = [
        ("frame", _or_none(balance.frame, "economy.not_set")),
        ("ceiling", _or_none(balance.ceiling, "economy.none")),
        ("mandate", _or_none(balance.mandate, "economy.none")),
        ("spent", money(balance.spent)),
        ("committed", money(balance.committed)),
    ]
    if balance.granted:
        facts.append(("granted", money(balance.granted)))
    if balance.earmarked:
        facts.append(("earmarked", money(balance.earmarked)))
    if balance.pledged:
        facts.append(("pledged", money(balance.pledged)))
    if balance.covered:
        facts.append(("covered", money(balance.covered)))
    facts.append(("free", _or_none(balance.free, "economy.not_known")))
    return [(translate(f"economy.label.{name}"), text) for name, text in facts]


def prospect_facts(prospect: Prospect) -> list[tuple[str, str]]:
    """What is prioritised and not started, and what is til rådighed when it is; what has no estimate is not zero."""
    parts = []
    if prospect.amount:
        key = "economy.prospect_unframed" if prospect.free is None else "economy.prospect"
        parts.append(translate(key, amount=money(prospect.amount), free=money(prospect.free or 0)))
    if prospect.unknown:
        parts.append(plural("economy.prospect_unknown", prospect.unknown))
    return [(translate("economy.label.prospect"), join_words(parts))] if parts else []


def commitment_table(commitments: Sequence[Commitment], titles: Mapping[int, str]) -> Table | Note:
    """What is committed and not yet invoiced, wish by wish."""
    if not commitments:
        return Note(translate("economy.nothing_committed"))
    header = ("wish", "committed", "spent")
    return Table(
        tuple(translate(f"economy.column.{name}") for name in header),
        tuple((subject_name(subject, titles), money(rest), money(paid)) for subject, rest, paid in commitments),
    )


def changes(parts: Sequence[tuple[str, str]], note: str) -> Facts:
    """What is different now, and what it rests on."""
    return Facts((*parts, *(((translate("economy.field.note"), note),) if note else ())))


def _or_none(amount: int | None, otherwise: str) -> str:
    return translate(otherwise) if amount is None else money(amount)


def pledges_table(pledges: Sequence[tuple[str, int]]) -> Table:
    """Who gives how much to a wish."""
    total = sum(amount for _, amount in pledges)
    rows = [*pledges, (translate("economy.total"), total)]
    return Table(
        (translate("economy.column.unit"), translate("economy.column.pledge")),
        tuple((name, money(amount)) for name, amount in rows),
    )
