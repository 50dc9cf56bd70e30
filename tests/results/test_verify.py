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

from bot.__main__ import main
from bot.clock import MovableClock
from handlers.decisions.chain import START as BEFORE_ALL
from handlers.decisions.sealing import digest
from storage import schema
from storage.enums import EntryKind
from storage.models.economy import LedgerEntry
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
        frame = LedgerEntry(group_id=1, year=2026, kind=EntryKind.FRAME, amount=5_000_000, by="", at=START, note="")
        session.add(frame)
    await room.open(3, rule="equal_shares", quorum="50")
    await room.say("anna", "stem 1 1")
    await room.say("bo", "stem 1 2,3")
    await room.say("dan", "stem 1 1,2")
    await room.close()
    await storage.dispose()


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
                '; points: offentliggjort {"1": "1", "2": "2", "3": "1"}, talt efter {"1": "2", "2": "1", "3": "0"};',
                "Afstemning 1: svaret fra Tønder er #2=1, #3=1 i tabellen ballots, men #1=1 i loggen (post 4).",
            ],
        ),
        (f"UPDATE log SET facts = '{{}}' WHERE {CAST}", ["post 4 (ballot.cast, poll:1", "post 4 kan ikke læses"]),
        (f"UPDATE log SET at = '2026-09-02 08:30:00.000000' WHERE {CAST}", ["Loggen: post 4 (ballot.cast, poll:1"]),
        (f"UPDATE log SET salt = '' WHERE {CAST}", ["Loggen: post 4 (ballot.cast, poll:1"]),
        (f"DELETE FROM log WHERE {CAST}", ["Loggen: post 4 mangler; nogen har slettet den.", "Prioritering: "]),
        (
            "DELETE FROM log WHERE kind = 'poll.closed'",
            ["Afstemning 1: tabellen polls har et resultat, som ikke står i loggen."],
        ),
        (
            "UPDATE polls SET result = json_set(result, '$.voted', 3)",
            ["Afstemning 1: voted er 3 i tabellen polls, men 2 i loggen."],
        ),
        ("UPDATE polls SET result = json_set(result, '$.head', 'ffffffff')", ["Afstemning 1: head er ffffffff i"]),
        ("UPDATE polls SET result = NULL", ["resultatet står i loggen, men er væk"]),
        ("UPDATE polls SET quorum = NULL", ["Afstemning 1: quorum er None i tabellen polls, men 50 i loggen."]),
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
        before = BEFORE_ALL
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
        connection.execute("UPDATE polls SET result = json_set(result, '$.head', ?)", (before[:8],))
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
