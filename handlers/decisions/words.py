"""Says in words what an entry of the decision log decided, who did it, when, and what it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from locales import join_words, long_date, money, translate
from storage.enums import Basis
from storage.models.log import LogEntry

_MONEY = frozenset({"amount", "mandate", "granted"})
_PEOPLE = frozenset({"person", "chair"})
_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Known:
    """What the words need besides the entry: people's names by our id of them, and wishes' titles by number."""

    names: Mapping[str, str]
    titles: Mapping[int, str]

    def name(self, person_id: object) -> str:
        return self.names.get(str(person_id), _NOTHING)

    def named(self, number: object) -> str:
        """`#43 Vis mailadresse`."""
        title = self.titles.get(int(str(number)), "") if str(number).isdigit() else ""
        return f"#{number} {title}".strip()


def people_of(entry: LogEntry) -> set[str]:
    """Our ids of everybody whom the words about an entry name."""
    told = {str(entry.facts[name]) for name in (*_PEOPLE, "confirmed_by") if entry.facts.get(name)}
    return told | {entry.person} - {""}


def wish_of(entry: LogEntry) -> int | None:
    """The number of the wish that an entry is about."""
    room, _, number = entry.subject.partition(":")
    about = number if room == "wish" else str(entry.facts.get("wish", ""))
    return int(about) if about.isdigit() else None


def sentence(entry: LogEntry, known: Known) -> str:
    """What was decided.

    Raises:
        MissingText: nobody has written a text for this kind of decision.
    """
    number = entry.subject.partition(":")[2]
    worded = {name: _worded(name, value, known) for name, value in entry.facts.items()}
    named = known.named(wish_of(entry)) if wish_of(entry) is not None else ""
    return _sentence_end(translate(f"decisions.kind.{entry.kind}", **(worded | {"number": number, "named": named})))


def detail(entry: LogEntry, known: Known) -> str:
    """When, who, and what it rests on: `1. september 2026, Anna Holm. Grundlag: møde, den 1. september.`"""
    who = known.name(entry.person) if entry.person else translate("decisions.the_bot")
    parts = [translate("decisions.when_and_who", date=long_date(entry.at), name=who)]
    facts = entry.facts
    if confirmer := facts.get("confirmed_by"):
        parts.append(translate("decisions.confirmed_by", name=known.name(confirmer)))
    if facts.get("decided_on"):
        parts.append(translate("decisions.decided_on", date=long_date(dt.date.fromisoformat(facts["decided_on"]))))
    if basis := _rests_on(_basis(facts.get("basis")), facts.get("basis_text") or ""):
        parts.append(translate("decisions.basis", basis=basis))
    parts += [
        translate(f"decisions.{name}", text=_sentence_end(facts[name]))
        for name in ("reason", "conditions")
        if facts.get(name)
    ]
    return " ".join(parts)


def value_in_words(name: str, value: object) -> str:
    """The value of one of the group's settings."""
    if value is None:
        return translate("members.setting.unsaid")
    if name == "round_first":
        return long_date(dt.date.fromisoformat(str(value))) if value else translate("members.setting.unsaid")
    if name in ("quorum", "least_units", "notice_minutes", "round_debate") and value == 0:
        return translate("members.setting.none")
    if name in ("ballot_rule", "language", "level", "round_every", "round_by"):
        return translate(f"members.{name}.{value}")
    return f"{value} %" if name == "quorum" else str(value)


def changes_in_words(changes: Mapping[str, Mapping[str, object]]) -> list[str]:
    """`Mindste antal møder om året: 4 → 6`, for each setting."""
    return [
        f"{translate(f'members.field.{name}')}: "
        f"{value_in_words(name, change['old'])} → {value_in_words(name, change['new'])}"
        for name, change in changes.items()
    ]


def _worded(name: str, value: object, known: Known) -> str:
    """One fact, as it stands in a sentence."""
    if name in _MONEY:
        return money(value) if isinstance(value, int) else translate("decisions.none")
    if name in _PEOPLE:
        return known.name(value)
    if name == "changes" and isinstance(value, dict):
        return join_words(changes_in_words(value)) if all("old" in one for one in value.values()) else _NOTHING
    if name in ("outcome", "duty"):
        return translate(f"decisions.{name}.{value}")
    return _NOTHING if value is None else str(value)


def _rests_on(basis: str, text: str) -> str:
    """`møde, den 1. september`; what begins with its kind (`afstemning 7`) has said it."""
    if text.casefold().startswith(basis.casefold()):
        return text
    return ", ".join(part for part in (basis, text) if part)


def _basis(value: object) -> str:
    return translate(f"decisions.basis.{value}") if value in set(Basis) else str(value or "")


def _sentence_end(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
