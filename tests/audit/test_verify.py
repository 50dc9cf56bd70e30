"""What the operator sees who changed a row by hand: every change is found and named, in the log and in the tables."""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest
import structlog
from click.testing import CliRunner, Result
from sqlalchemy.ext.asyncio import AsyncSession

from bot.__main__ import main
from bot.clock import MovableClock
from handlers.decisions.chain import START as BEFORE_ALL
from handlers.decisions.chain import Said, append
from handlers.decisions.sealing import digest, fingerprint
from handlers.wishes.importing import facts_of
from storage import schema
from storage.enums import Basis, CaseStatus, EntryKind
from storage.models.economy import LedgerEntry
from storage.models.escalations import Case, CaseAnswer
from storage.queries import wishes
from storage.session import Storage
from tests.conftest import START
from tests.polls.rooms import PollRoom


@pytest.fixture
def place(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pathlib.Path]:
    """A folder with a database in which a poll has been held."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("OENSKEBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OENSKEBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    asyncio.run(hold_poll(os.environ["OENSKEBOT_DATABASE_URL"]))
    yield tmp_path
    structlog.reset_defaults()  # the command line sets up the logs of the whole process


async def hold_poll(url: str) -> None:
    storage = Storage(url)
    await schema.upgrade(storage)
    room = PollRoom(storage, MovableClock(START))
    await room.begin()
    async with storage.write() as session:
        session.add(frame_of(5_000_000))
    await room.open(3, rule="equal_shares", quorum="50")
    await room.say("anna", "stem 1 1")
    await room.say("bo", "stem 1 2,3")
    await room.say("dan", "stem 1 1,2")
    await room.close()
    async with storage.write() as session:
        await write_down(session)
    await storage.dispose()


def frame_of(amount: int) -> LedgerEntry:
    return LedgerEntry(group_id=1, year=2026, kind=EntryKind.FRAME, amount=amount, by="", at=START, note="")


async def write_down(session: AsyncSession) -> None:
    """What was put into the tables without a chat stands in the log as if it had come in by one."""
    frame = {"entry": 1, "year": 2026, "amount": 5_000_000, "inside": True}
    await append(session, 1, Said("economy.frame_set", "economy:2026", "", frame), at=START, salt="s1")
    stored = [facts_of(wish) for wish in await wishes.list_wishes(session, 1)]
    await append(session, 1, Said("wish.imported", "wishes", "", {"wishes": stored}), at=START, salt="s2")
    sent = {"wish": 1, "amount": 2_000_000, "frame": None, "free": None, "recommendation": "Godkend", "year": 2026}
    await append(session, 1, Said("case.sent", "case:1", "person-anna", sent), at=START, salt="s3")
    answer = {"wish": 1, "outcome": "approved", "decided_on": "2026-09-01", "basis": "meeting", "granted": 2_000_000}
    answer |= {"inside": True, "conditions": "", "reason": "", "participants_sha256": fingerprint("Gry Toft")}
    await append(session, 1, Said("case.answered", "case:1", "person-anna", answer), at=START, salt="s4")
    case = Case(
        group_id=1,
        number=1,
        wish_number=1,
        title="Ønske nr. 1",
        amount=2_000_000,
        year=2026,
        recommendation="Godkend",
        status=CaseStatus.APPROVED,
        sent_by="person-anna",
        sent_at=START,
        remind_at=START,
    )
    session.add(case)
    await session.flush()
    session.add(
        CaseAnswer(
            case_id=case.id,
            status=CaseStatus.APPROVED,
            decided_on=START.date(),
            basis=Basis.MEETING,
            participants="Gry Toft",
            granted=2_000_000,
            by="person-anna",
            at=START,
        )
    )


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), prog_name="oenskebot")


def said(*words: str) -> str:
    """What a command that fails says."""
    result = run(*words)
    assert result.exit_code == 1, result.output
    return result.output.replace("\N{NO-BREAK SPACE}", " ")


def change(place: pathlib.Path, *statements: str) -> None:
    """By hand, as somebody with access to the machine could."""
    with sqlite3.connect(place / "bot.db") as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount == 1, statement
    connection.close()


def test_what_nobody_changed_is_whole(place: pathlib.Path) -> None:
    result = run("verify", "os2test")
    assert result.exit_code == 0, result.output
    assert "Det ene resultat passer med loggen, og loggens kæde er hel (kontrolkode " in result.output
    exported = run("export", "os2test", "log.json", "--public")
    assert exported.exit_code == 0, exported.output


BO = "person_id = 'person-bo'"
OPENED = "kind = 'poll.opened'"
CAST = "kind = 'ballot.cast' AND json_extract(facts, '$.person') = 'person-bo'"


@pytest.mark.parametrize(
    ("statement", "sentences"),
    [
        (
            f"UPDATE ballots SET marks = '{{\"1\": 1}}' WHERE {BO}",
            ["Afstemning 1: svaret fra Tønder er #1=1 i tabellen ballots, men #2=1, #3=1 i loggen (post 4)."],
        ),
        (
            f"UPDATE ballots SET confirmed_at = NULL WHERE {BO}",
            ["Tønder er confirmed=False i tabellen ballots, men confirmed=True i loggen (post 4)."],
        ),
        (
            f"UPDATE ballots SET on_behalf_of = 'person-x' WHERE {BO}",
            ["Tønder er substitute=True i tabellen ballots, men substitute=False i loggen (post 4)."],
        ),
        (
            f"DELETE FROM ballots WHERE {BO}",
            ["Afstemning 1: svaret fra Tønder står i loggen (post 4), men er væk i tabellen ballots."],
        ),
        (
            f"UPDATE ballots SET person_id = 'person-x' WHERE {BO}",
            ["står i loggen (post 4), men er væk", "Afstemning 1: tabellen ballots har et svar fra Tønder, som ikke"],
        ),
        (
            f"UPDATE log SET facts = json_set(facts, '$.marks', json('{{\"1\": 1}}')) WHERE {CAST}",
            [
                "Loggen: post 4 (ballot.cast, poll:1, tirsdag 1. september 2026 kl. 10.30) er ændret",
                '; pointene: offentliggjort {"1": "1", "2": "2", "3": "1"}, talt efter {"1": "2", "2": "1", "3": "0"};',
                "Afstemning 1: svaret fra Tønder er #2=1, #3=1 i tabellen ballots, men #1=1 i loggen (post 4).",
            ],
        ),
        (
            f"UPDATE log SET facts = json_set(facts, '$.marks', json('{{\"99\": 1}}')) WHERE {CAST}",
            ["Afstemning 1: svaret i post 4 nævner #99, som ikke var med i afstemningen, da det blev givet."],
        ),
        (
            f"UPDATE log SET facts = json_set(facts, '$.marks', json('{{\"1\": 7}}')) WHERE {CAST}",
            ["Afstemning 1: svaret i post 4 giver #1 7; tilladt er 1."],
        ),
        (
            f"UPDATE log SET facts = json_set(facts, '$.at', '2026-12-24T17:00:00+00:00') WHERE {CAST}",
            [
                "Afstemning 1: svaret i post 4 er fra torsdag 24. december 2026 kl. 18.00, men fristen var tirsdag"
                " 8. september 2026 kl. 12.00."
            ],
        ),
        (
            f"UPDATE log SET facts = json_set(facts, '$.most', 1) WHERE {OPENED}",
            ["Afstemning 1: svaret i post 4 vælger 2 ønsker, men man kunne højst vælge 1."],
        ),
        (
            f"UPDATE log SET facts = json_set(facts, '$.method', 'points', '$.dots', 1) WHERE {OPENED}",
            ["Afstemning 1: svaret i post 4 giver 2 point, men man havde kun 1."],
        ),
        (
            f"UPDATE log SET facts = json_set(facts, '$.method', 'ranking') WHERE {OPENED}",
            ["Afstemning 1: pladserne i svaret i post 4 er 1, 1; de skal være 1, 2, 3 og så videre."],
        ),
        (f"UPDATE log SET facts = '{{}}' WHERE {CAST}", ["post 4 (ballot.cast, poll:1", "post 4 kan ikke læses"]),
        (f"UPDATE log SET at = '2026-09-02 08:30:00.000000' WHERE {CAST}", ["Loggen: post 4 (ballot.cast, poll:1"]),
        (f"UPDATE log SET salt = '' WHERE {CAST}", ["Loggen: post 4 (ballot.cast, poll:1"]),
        (
            f"DELETE FROM log WHERE {CAST}",
            [
                "Loggen: post 4 mangler; nogen har slettet den.",
                "antallet af stemmer: offentliggjort 2, talt efter 1; kravet til",
            ],
        ),
        (
            "DELETE FROM log WHERE kind = 'poll.closed'",
            ["Afstemning 1: tabellen polls har et resultat, som ikke står i loggen."],
        ),
        (
            "UPDATE polls SET result = json_set(result, '$.voted', 3)",
            ["Afstemning 1: antallet af stemmer er 3 i tabellen polls, men 2 i loggen."],
        ),
        (
            "UPDATE polls SET result = json_set(result, '$.head', 'ffffffff')",
            ["Afstemning 1: kontrolkoden er ffffffff i"],
        ),
        ("UPDATE polls SET result = json_set(result, '$.made_up', 1)", ["Afstemning 1: made_up er 1 i tabellen polls"]),
        ("UPDATE polls SET result = NULL", ["resultatet står i loggen, men er væk"]),
        (
            "UPDATE polls SET quorum = NULL",
            ["Afstemning 1: kravet til deltagelse er None i tabellen polls, men 50 i loggen."],
        ),
        ("UPDATE polls SET status = 'annulled'", ["Afstemning 1 er annulled i tabellen polls; det siger loggen ikke."]),
        (
            "UPDATE polls SET number = 2",
            ["Afstemning 2 står i tabellen polls, men ikke", "men er væk i tabellen polls"],
        ),
        (
            "UPDATE electors SET admitted_at = NULL WHERE unit_id = 2",
            ["Afstemning 1: Tønder må stemme efter loggen, men er væk i tabellen electors."],
        ),
        (
            "UPDATE candidates SET cost = 5 WHERE number = 2",
            ["Afstemning 1: #2 er cost=5 i tabellen candidates, men cost=2000000 i loggen."],
        ),
        (
            "UPDATE polls SET deadline = '2026-09-07 10:00:00.000000'",
            ["Afstemning 1: fristen er 2026-09-07T10:00:00+00:00 i tabellen polls, men 2026-09-08T"],
        ),
        (
            "UPDATE ledger_entries SET amount = 9000000",
            ["Regnskabets post 1: beløbet er 90.000 kr. i tabellen ledger_entries, men 50.000 kr. i loggen siden"],
        ),
        ("UPDATE ledger_entries SET subject = 'wish:2'", ["det, pengene hører til, er wish:2 i", "men tom i loggen"]),
        (
            "DELETE FROM ledger_entries",
            ["Regnskabets post 1 står i loggen siden", "men er væk i tabellen ledger_entries"],
        ),
        (
            "INSERT INTO ledger_entries (group_id, year, kind, amount, subject, inside, note, by, at) VALUES"
            " (1, 2026, 'spent', 5, '', 1, '', '', '2026-09-01 08:30:00.000000')",
            ["Regnskabets post 2 står i tabellen ledger_entries, men ikke i loggen."],
        ),
        (
            "UPDATE cases SET status = 'declined'",
            ["Sag 1 til styregruppen: status er afvist i tabellen cases, men godkendt i loggen siden tirsdag"],
        ),
        (
            "UPDATE cases SET sent_by = 'person-bo'",
            ["den, der skrev det, er person-bo i tabellen cases, men person-anna"],
        ),
        (
            "UPDATE case_answers SET granted = 9000000",
            ["(sag/svar 1/1): bevillingen er 90.000 kr. i tabellen case_answers, men 20.000 kr. i loggen siden"],
        ),
        ("UPDATE case_answers SET decided_on = '2026-08-01'", ["beslutningens dato er 2026-08-01 i"]),
        ("UPDATE case_answers SET participants = 'X'", ["deltagerne i tabellen case_answers er ændret, siden loggen"]),
        ("UPDATE case_answers SET by = 'person-bo'", ["den, der skrev det, er person-bo i tabellen case_answers"]),
        ("DELETE FROM case_answers", ["er væk i tabellen case_answers"]),
        (
            "UPDATE wishes SET estimate = 100 WHERE number = 2",
            ["Ønske #2: estimatet er 1 kr. i tabellen wishes, men 20.000 kr. i loggen siden tirsdag 1. september"],
        ),
        (
            "UPDATE wishes SET status = 'approved' WHERE number = 2",
            ["Ønske #2: status er godkendt i tabellen wishes, men klar i loggen siden"],
        ),
        ("UPDATE units SET name = 'Aarhus' WHERE id = 2", ["Enhed 2: navnet er Aarhus i tabellen units, men Tønder i"]),
        ("DELETE FROM candidates WHERE number = 2", ["#2 er kandidat i loggen, men væk i tabellen candidates."]),
    ],
)
def test_a_row_that_was_changed_by_hand_is_named(place: pathlib.Path, statement: str, sentences: list[str]) -> None:
    change(place, statement)
    output = said("verify", "os2test")
    for sentence in sentences:
        assert sentence in output, output


def test_a_forger_who_mends_the_hash_breaks_the_link(place: pathlib.Path) -> None:
    change(place, f"UPDATE log SET hash = '{'0' * 64}' WHERE number = 3")
    output = said("verify", "os2test")
    assert "Loggen: post 3 (ballot.cast" in output
    assert "Loggen: post 4 (ballot.cast, poll:1, tirsdag 1. september 2026 kl. 10.30) følger ikke efter" in output


def test_a_log_from_before_is_still_verified(place: pathlib.Path) -> None:
    """Entries keep the form that they were written in: all of these are made whole again as they were hashed then."""
    with sqlite3.connect(place / "bot.db") as connection:
        rows = connection.execute("SELECT id, number, at, kind, subject, person, decision, facts FROM log").fetchall()
        before, closed = BEFORE_ALL, ""
        for id_, number, at, kind, subject, person, decision, facts in rows:
            told = json.loads(facts)
            for name in ("key", "receipt", "voter", "counted", "uncounted", "turnout"):
                told.pop(name, None)
            content = {"number": number, "at": f"{at.replace(' ', 'T')}+00:00", "kind": kind, "subject": subject}
            content |= {"person": person, "decision": bool(decision), "facts": told, "before": before}
            made = digest(content)
            connection.execute(
                "UPDATE log SET form = 1, salt = '', facts = ?, before = ?, hash = ? WHERE id = ?",
                (json.dumps(told), before, made, id_),
            )
            before = made
            closed = made if kind == "poll.closed" else closed
        connection.execute("UPDATE polls SET result = json_set(result, '$.head', ?)", (closed[:8],))
    connection.close()
    result = run("verify", "os2test")
    assert result.exit_code == 0, result.output
    change(place, "UPDATE log SET person = 'person-x' WHERE number = 4")
    assert "Loggen: post 4 (ballot.cast" in said("verify", "os2test")


def test_the_package_counts_again_in_an_empty_folder(place: pathlib.Path) -> None:
    assert run("export", "os2test", "stemmelog.zip").exit_code == 0
    empty = place / "tom"
    with zipfile.ZipFile(place / "stemmelog.zip") as packed:
        packed.extractall(empty)
    command = [sys.executable, "-I", "recount.py"]
    done = subprocess.run(command, cwd=empty, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Alt passer."
    log = json.loads((empty / "log.json").read_text(encoding="utf-8"))
    log["entries"][3]["shown"]["facts.marks"][1] = {"1": 1}
    (empty / "log.json").write_text(json.dumps(log), encoding="utf-8")
    done = subprocess.run(command, cwd=empty, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "Post 4 (ballot.cast) er ændret" in done.stdout


def test_a_public_log_has_an_ending_of_its_own(place: pathlib.Path) -> None:
    assert "--public skriver loggen som .json" in said("export", "os2test", "ud.csv", "--public")


def test_what_the_log_did_not_say_before_is_told_and_no_fault(place: pathlib.Path) -> None:
    """A log from before named no wish that was imported: they can't be checked, and nobody is accused."""
    with sqlite3.connect(place / "bot.db") as connection:
        connection.execute("DELETE FROM log WHERE kind NOT LIKE 'poll.%' AND kind NOT LIKE 'ballot.%'")
        connection.execute("DELETE FROM ledger_entries")
        connection.execute("DELETE FROM case_answers")
        connection.execute("DELETE FROM cases")
    connection.close()
    asyncio.run(import_silently(os.environ["OENSKEBOT_DATABASE_URL"]))
    result = run("verify", "os2test")
    assert result.exit_code == 0, result.output
    assert "3 ønsker kom ind, før loggen skrev alt ned" in result.output
    assert "ikke efterprøves, før de ændres næste gang: #1, #2 og #3." in result.output


async def import_silently(url: str) -> None:
    storage = Storage(url)
    async with storage.write() as session:
        await append(session, 1, Said("wish.imported", "wishes", "", {"source": "før"}), at=START, salt="s")
    await storage.dispose()


def test_a_wish_that_nobody_submitted_is_named(place: pathlib.Path) -> None:
    change(place, "UPDATE wishes SET number = 77 WHERE number = 3")
    output = said("verify", "os2test")
    assert "Ønske #77 står i tabellen wishes, men ikke i loggen." in output
    assert "Ønske #3 står i loggen siden tirsdag 1. september 2026" in output


def test_a_row_that_was_changed_is_named_in_english_too(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OENSKEBOT_LOCALE", "en")
    change(
        place,
        "UPDATE wishes SET status = 'approved', estimate = NULL WHERE number = 2",
        f"DELETE FROM log WHERE {CAST}",
    )
    output = said("verify", "os2test")
    assert "Wish #2: the status is approved in the table wishes, but ready in the log since" in output
    assert "Wish #2: the estimate is empty in the table wishes, but DKK" in output
    assert "the number that voted: published 2, counted again 1" in output
