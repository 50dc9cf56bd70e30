"""Puts into a sentence what stands otherwise in a table of money, cases, wishes or units than in the log."""

from __future__ import annotations

import datetime as dt

from handlers.audit.logged import Difference, Said
from locales import MissingText, join_words, long_moment, money, plural, translate

LONGEST_VALUE = 300
"""Letters of a value that are told."""

MOST_NUMBERS = 20
"""Wishes that are named where there may be hundreds."""

TABLES = {"ledger": "ledger_entries", "case": "cases", "answer": "case_answers", "wish": "wishes", "unit": "units"}

_AMOUNTS = frozenset({"amount", "frame", "free", "granted", "guess", "estimate"})
_CHOICES = frozenset({"status", "kind", "basis", "urgency"})


def tell(one: Difference) -> str:
    """What stands in the table, what the log says, and since when."""
    place = one.place
    about = {"what": translate(f"cli.row.{place.what}", number=place.number), "table": TABLES[place.what]}
    if one.said is None:
        return translate(f"cli.row_{one.how}", **about)
    about |= _since(one.said)
    if one.how == "missing":
        return translate("cli.row_missing", **about)
    name = translate(f"cli.column.{one.name}")
    values = {"stored": _shown(one.name, one.stored), "logged": _shown(one.name, one.said.value)}
    key = "cli.row_changed_unseen" if one.name == "participants_sha256" else "cli.row_changed"
    return translate(key, name=name, **values, **about)


def tell_unchecked(numbers: list[int]) -> str:
    """The wishes that can't be checked yet, and from when on they can."""
    shown = [f"#{number}" for number in numbers[:MOST_NUMBERS]]
    named = join_words(shown) if len(shown) == len(numbers) else f"{', '.join(shown)} …"
    return plural("cli.unchecked_wishes", len(numbers), numbers=named)


def word(key: str, otherwise: str) -> str:
    """What people call it; as it stands where a forger wrote something that nobody has a word for."""
    try:
        return translate(key)
    except MissingText:
        return otherwise


def _since(said: Said) -> dict[str, str]:
    return {"moment": long_moment(said.at), "entry": str(said.entry)}


def _shown(name: str, value: object) -> str:
    if value is None or value == "":
        return translate("cli.value.empty")
    if isinstance(value, bool):
        return translate("cli.value.yes" if value else "cli.value.no")
    if name in _AMOUNTS and isinstance(value, int):
        return money(value)
    if name == "at":
        return long_moment(dt.datetime.fromisoformat(str(value)))
    if name in _CHOICES:
        return word(f"cli.word.{value}", str(value))
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"
