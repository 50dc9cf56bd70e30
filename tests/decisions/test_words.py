"""Every decision can be said in words, in both languages, with what it rests on."""

from __future__ import annotations

import ast
import datetime as dt
import pathlib
import re
from typing import Any

import pytest

import locales
from handlers.decisions.chain import Said, append, first_break
from handlers.decisions.kinds import KINDS, UnknownDecision
from handlers.decisions.words import Known, detail, people_of, sentence, wish_of
from handlers.wishes.deeds import PAST
from handlers.wishes.rules import DECISIONS
from storage.models.log import LogEntry
from storage.queries import log
from storage.session import Storage
from tests.conftest import START
from tests.members.rooms import acting, small_group

ROOT = pathlib.Path(__file__).parents[2]
KNOWN = Known({"p1": "Anna Holm", "p2": "Bo Lind"}, {43: "Vis mailadresse"})


def entry(kind: str, subject: str = "group", /, *, actor: str = "p1", **facts: Any) -> LogEntry:
    at = dt.datetime(2026, 9, 1, 8, 30, tzinfo=dt.UTC)
    return LogEntry(kind=kind, subject=subject, person=actor, facts=facts, at=at, decision=True)


WISH: dict[str, Any] = {"from": "ready", "to": "started", "reason": "", "basis": None, "basis_text": ""}
ANSWER: dict[str, Any] = {"wish": 43, "decided_on": "2026-08-28", "basis": "meeting", "reason": "", "conditions": ""}
SAID = {
    "case.answered": (
        entry("case.answered", "case:2", **ANSWER, outcome="approved", granted=100),
        "svar på indstilling 2 om #43 Vis mailadresse: godkendt.",
    ),
    "case.corrected": (
        entry("case.corrected", "case:2", **ANSWER, outcome="postponed"),
        "om #43 Vis mailadresse er rettet til: udsat.",
    ),
    "economy.ceiling_set": (
        entry("economy.ceiling_set", "economy:2026", year=2026, amount=None),
        "Loftet pr. ønske for 2026: ikke fastsat.",
    ),
    "economy.frame_set": (
        entry("economy.frame_set", "economy:2026", year=2026, amount=25_000_000),
        "Rammen for 2026: 250.000\u00a0kr.",
    ),
    "economy.mandate_set": (
        entry("economy.mandate_set", "economy:2026", year=2026, amount=1_000_000),
        "Mandatet til akutte sager for 2026: 10.000\u00a0kr.",
    ),
    "economy.mandate_used": (
        entry("economy.mandate_used", "wish:43", amount=500_000, mandate=1_000_000),
        "#43 Vis mailadresse er sat i gang som akut: 5.000\u00a0kr. inden for mandatet på 10.000\u00a0kr.",
    ),
    "group.founded": (
        entry("group.founded", product="OS2sofd", frame=None),
        "Koordinationsgruppen for OS2sofd er oprettet.",
    ),
    "group.settings_changed": (
        entry("group.settings_changed", changes={"quorum": {"old": 0, "new": 50}, "level": {"old": None, "new": "2"}}),
        "af kommunerne: ingen → 50 % og Produktets niveau: ikke angivet → Niveau 2.",
    ),
    "group.steering_bound": (
        entry("group.steering_bound", chair="p2", channel="c"),
        "bekræftet med Bo Lind som formand.",
    ),
    "group.steering_unbound": (entry("group.steering_unbound"), "Styregruppen har ingen medlemmer længere"),
    "member.appointed": (
        entry("member.appointed", "person:p2", person="p2", duty="deputy"),
        "Bo Lind er udpeget som lederens stedfortræder.",
    ),
    "member.leader_confirmed": (
        entry("member.leader_confirmed", "person:p2", person="p2", unit="Tønder"),
        "Bo Lind er bekræftet som gruppens leder af Tønder.",
    ),
    "member.took_lead": (
        entry("member.took_lead", "person:p2", person="p2"),
        "Bo Lind har overtaget rollen som gruppens leder.",
    ),
    "poll.annulled": (entry("poll.annulled", "poll:7", was="open", reason="Fejl"), "Afstemning 7 er annulleret."),
    "poll.ratified": (
        entry("poll.ratified", "poll:7", basis="meeting", basis_text="Møde 3"),
        "Resultatet af afstemning 7 er ratificeret.",
    ),
}
for _past, _words in (
    ("prioritised", "er prioriteret."),
    ("started", "er sat i gang."),
    ("closed", "er lukket."),
    ("rejected", "er afvist."),
    ("recommended", "er indstillet til styregruppen."),
    ("approved", "er godkendt af styregruppen."),
    ("declined", "er afvist af styregruppen."),
    ("postponed", "er udsat af styregruppen."),
    ("reopened", "er genåbnet."),
):
    SAID[f"wish.{_past}"] = (entry(f"wish.{_past}", "wish:43", **WISH), f"#43 Vis mailadresse {_words}")


def test_every_kind_has_an_example() -> None:
    assert SAID.keys() == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_decision_is_a_sentence_in_both_languages(kind: str) -> None:
    made, expected = SAID[kind]
    with locales.speaking("da"):
        danish = sentence(made, KNOWN)
    with locales.speaking("en"):
        english = sentence(made, KNOWN)
    assert expected in danish
    assert english != danish
    assert danish.endswith(".") and not danish.endswith("..")


def test_the_kinds_are_those_that_the_code_records() -> None:
    literal = set()
    for path in sorted((ROOT / "handlers").rglob("*.py")):
        for call in _decision_calls(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call.args[1], ast.Constant):
                literal.add(call.args[1].value)
    moves = {f"wish.{PAST[move]}" for move in DECISIONS}
    books = {"economy.frame_set", "economy.ceiling_set", "economy.mandate_set"}
    answers = {"case.answered", "case.corrected"}
    assert literal | moves | books | answers == KINDS


def test_no_kind_is_made_where_this_test_does_not_look() -> None:
    """A kind that is no literal is one of the three that stand above; a fourth has to be added there."""
    made = []
    for path in sorted((ROOT / "handlers").rglob("*.py")):
        for call in _decision_calls(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call.args[1], ast.Constant):
                made.append(f"{path.parent.name}/{path.name}")
    assert made == ["economy/ledger.py", "escalations/answering.py", "wishes/deeds.py"]


def _decision_calls(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "record"
        and any(word.arg == "decision" for word in node.keywords)
    ]


async def test_a_decision_without_words_is_never_stored(storage: Storage) -> None:
    group_id = await small_group(storage)
    with pytest.raises(UnknownDecision, match=r"wish\.eaten"):
        async with storage.write() as session:
            await append(session, group_id, Said("wish.eaten", "wish:1", "", {}, decision=True), at=START, salt="s")
    async with storage.read() as session:
        assert await log.list_entries(session, group_id) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "1. september 2026, Anna Holm."),
        ({"confirmed_by": "p2"}, "1. september 2026, Anna Holm. Bekræftet for kommunerne af Bo Lind."),
        (
            {"basis": "poll", "basis_text": "afstemning 7"},
            "1. september 2026, Anna Holm. Grundlag: afstemning 7.",
        ),
        ({"basis": "", "basis_text": ""}, "1. september 2026, Anna Holm."),
        ({"reason": "For dyrt!"}, "1. september 2026, Anna Holm. Begrundelse: For dyrt!"),
        ({"conditions": "inden jul"}, "1. september 2026, Anna Holm. Betingelser: inden jul."),
        ({"decided_on": "2026-08-28"}, "1. september 2026, Anna Holm. Besluttet den 28. august 2026."),
    ],
)
def test_who_when_and_on_what_basis(facts: dict[str, Any], expected: str) -> None:
    assert detail(entry("wish.started", "wish:43", **facts), KNOWN) == expected


def test_what_nobody_did_was_done_by_the_bot() -> None:
    assert detail(entry("group.steering_unbound", actor=""), KNOWN) == "1. september 2026, Ønskebot."


def test_what_a_person_wrote_can_not_break_the_sentence() -> None:
    assert "{number} {0}" in detail(entry("wish.started", "wish:43", reason="{number} {0}"), KNOWN)
    assert "{x}" in sentence(entry("group.founded", product="{x}"), KNOWN)


def test_whom_and_what_an_entry_names() -> None:
    made = entry("member.appointed", "person:p2", person="p2", confirmed_by="p3", duty="deputy")
    assert people_of(made) == {"p1", "p2", "p3"}
    assert wish_of(made) is None
    assert wish_of(entry("wish.started", "wish:43")) == 43
    assert wish_of(entry("case.answered", "case:2", wish=12)) == 12


async def test_a_change_in_the_log_is_seen(storage: Storage) -> None:
    group_id = await small_group(storage)
    async with acting(storage, group_id) as context:
        for number in range(3):
            said = Said("wish.started", f"wish:{number}", "p1", {"reason": "æ"}, decision=True)
            await append(context.session, group_id, said, at=START, salt=context.new_id())
    async with storage.read() as session:
        entries = await log.list_entries(session, group_id)
        assert first_break(entries) is None
        entries[1].facts = {"reason": "ø"}
        assert first_break(entries) == 2
        assert re.fullmatch(r"[0-9a-f]{64}", entries[2].hash)
        session.expire_all()
