"""Every voter gets a receipt for what they answered, and finds it in the public log."""

from __future__ import annotations

import base64
import csv
import io
import json
import pathlib
import re
import zipfile

from bot.clock import MovableClock
from handlers.chat.interactions import Place, Submit
from handlers.chat.messages import plain_text
from storage.enums import EntryKind
from storage.models.economy import LedgerEntry
from storage.models.members import Setting
from storage.session import Storage
from tests.conftest import START
from tests.groups import PEOPLE, Someone
from tests.polls.rooms import PollRoom
from tests.results.making import run_script

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}")


async def told(room: PollRoom, user: str, text: str) -> str:
    answer = await room.say(user, text)
    return "\n".join(plain_text(one) for one in answer.whispers)


async def fetch_log(room: PollRoom, user: str = "hans") -> dict[str, bytes]:
    """What is in the file that the person gets."""
    before = len(await room.outbox("attach"))
    await room.say(user, "log")
    row = (await room.outbox("attach"))[before]
    assert row.target["user"] == user
    return unpack(base64.b64decode(row.body["content"]))


def unpack(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def table(files: dict[str, bytes]) -> list[list[str]]:
    """The receipts as a spreadsheet shows them."""
    return list(csv.reader(io.StringIO(files["kvitteringer.csv"].decode("utf-8-sig")), delimiter=";"))


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found is not None, text
    return found.group()


def key_in(text: str) -> str:
    found = re.search(r"Nøgle til at regne koden efter: ([0-9a-f]{32})", text)
    assert found is not None, text
    return found.group(1)


async def give_frame(room: PollRoom) -> None:
    async with room.storage.write() as session:
        frame = LedgerEntry(group_id=1, year=2026, kind=EntryKind.FRAME, amount=9_000_000, by="", at=START, note="")
        session.add(frame)


async def submit(room: PollRoom, user: str, *choices: str) -> None:
    """The ballot's form, filled in and sent."""
    form = (await room.say(user, "stem 1")).form
    assert form is not None
    values: dict[str, str | list[str]] = {"choices": list(choices)}
    sent = Submit(sender=room.sender(user), place=Place("koordinationsgruppe"), token=form.token, values=values)
    assert not (await room.runtime.app.answer(sent)).errors


OWN = "kommunens repræsentant"


# Getting one


async def test_a_receipt_is_found_in_the_log_and_by_the_script(room: PollRoom, tmp_path: pathlib.Path) -> None:
    await room.open(3)
    await room.say("bo", "stem 1 2,3")
    said = await told(room, "bo", "kvittering 1")
    assert "Svar: #2 Ønske nr. 2 og #3 Ønske nr. 3. Det tæller for Tønder, som det står nu." in said
    assert "Find" in said or "find koden i kvitteringer.csv" in said
    files = await fetch_log(room)
    assert sorted(files) == ["LAESMIG.txt", "kvitteringer.csv", "log.json", "recount.py"]
    code = code_in(said)
    expected = ["1", code, "Tønder", "#2, #3", "endnu ikke: afstemningen er ikke lukket", OWN]
    columns = ["Afstemning", "Kvittering", "Kommune", "Svar", "Talt med", "Givet af"]
    assert table(files) == [columns, expected]
    await room.close()
    assert "Det blev talt med for Tønder." in await told(room, "bo", "kvittering 1")
    files = await fetch_log(room)
    assert table(files)[1] == [*expected[:4], "ja", OWN]
    words = ("--receipt", code.lower().replace("-", ""), "--key", key_in(said))
    exit_code, found = run_script(tmp_path, files["log.json"], *words)
    assert exit_code == 0
    assert f"Kvittering {code}: afstemning 1, post" in found
    assert "talt med.\nSvar: #2=1, #3=1\nNøglen passer: svaret er givet for Tønder." in found
    exit_code, found = run_script(tmp_path, files["log.json"], *words[:3], "0" * 32)
    assert (exit_code, "Nøglen passer ikke" in found) == (1, True)
    exit_code, found = run_script(tmp_path, files["log.json"], "--receipt", "00000-00000")
    assert (exit_code, "står ikke i denne log" in found) == (1, True)


async def test_an_answer_that_was_replaced_is_found_too(room: PollRoom, tmp_path: pathlib.Path) -> None:
    await room.open(3)
    await room.say("bo", "stem 1 2")
    first = code_in(await told(room, "bo", "kvittering 1"))
    await room.say("bo", "stem 1 3")
    said = await told(room, "bo", "kvittering 1")
    assert f"Tidligere svar, erstattet: {first}" in said
    second = code_in(said)
    assert second != first
    assert said.count(second) == 1
    await room.say("bo", "stem 1 2,3")
    said = await told(room, "bo", "kvittering 1")
    assert said.index(f"erstattet: {second}") < said.index(f"erstattet: {first}")
    await room.close()
    files = await fetch_log(room)
    assert [row[1:] for row in table(files) if row[1] == first] == [
        [first, "Tønder", "#2", "nej: samme vælger svarede igen senere", OWN]
    ]
    _, found = run_script(tmp_path, files["log.json"], "--receipt", first)
    assert "ikke talt med, fordi samme vælger svarede igen senere" in found


async def test_an_answer_that_was_taken_back(room: PollRoom) -> None:
    await room.open(3)
    await room.say("bo", "stem 1 2")
    await room.say("bo", "stem 1 ingen")
    said = await told(room, "bo", "kvittering 1")
    assert "Svaret blev taget tilbage, så der er intet at tælle." in said


async def test_of_two_colleagues_each_hears_what_counts(room: PollRoom) -> None:
    await room.open(3)
    await room.say("anna", "stem 1 1")
    await room.say("dan", "stem 1 2")
    mine = await told(room, "anna", "kvittering 1")
    theirs = await told(room, "dan", "kvittering 1")
    assert "Svar: #1 Ønske nr. 1. Det tæller ikke: et nyere svar fra Favrskov tæller." in mine
    assert f"Tæller for Favrskov: {code_in(theirs)}" in mine
    assert "Det tæller for Favrskov, som det står nu." in theirs
    assert "Tæller for Favrskov:" not in theirs


async def test_where_the_mean_counts_both_do(room: PollRoom) -> None:
    async with room.storage.write() as session:
        session.add(Setting(group_id=1, name="ballot_rule", value="average", at=START, by="person-anna"))
    await room.open(3)
    await room.say("anna", "stem 1 1")
    await room.say("dan", "stem 1 2")
    assert "Det tæller for Favrskov sammen med kollegernes svar" in await told(room, "anna", "kvittering 1")


async def test_what_came_by_mail_is_shown_to_the_municipality(room: PollRoom) -> None:
    await room.open(3)
    form = (await room.say("anna", "modtaget 1")).form
    assert form is not None
    unit = next(value for field in form.fields for value, label in _options(field) if label == "Tønder")
    values: dict[str, str | list[str]] = {"unit": unit, "choices": ["2"]}
    sent = Submit(sender=room.sender("anna"), place=Place("koordinationsgruppe"), token=form.token, values=values)
    assert not (await room.runtime.app.answer(sent)).errors
    assert re.search(r"Tæller for Tønder: \S+ Svar: #2 Ønske nr\. 2\.", await told(room, "bo", "kvittering 1"))


def _options(field: object) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in field.options]  # type: ignore[attr-defined]


async def test_somebody_whom_nobody_has_confirmed_hears_that_it_does_not_count_yet(
    storage: Storage, clock: MovableClock
) -> None:
    new = tuple(
        Someone(one.user, one.name, one.roles, one.municipality, one.leads, confirmed=one.user != "dan")
        for one in PEOPLE
    )
    room = PollRoom(storage, clock)
    await room.begin(new)
    await room.open(3)
    await room.say("dan", "stem 1 2")
    said = await told(room, "dan", "kvittering 1")
    assert "Det tæller ikke for Favrskov, så længe ingen har bekræftet, at du taler for kommunen." in said


async def test_who_has_not_answered_gets_one_sentence(room: PollRoom) -> None:
    await room.open(3)
    assert "Hverken du eller din kommune har svaret på afstemning 1." in await told(room, "bo", "kvittering 1")
    assert "Der er ingen afstemning 9" in await told(room, "bo", "kvittering 9")


# Hidden and secret


async def test_a_hidden_polls_answers_are_shown_when_it_has_closed(room: PollRoom) -> None:
    await room.open(3, sent=False, visibility="hidden")
    await room.say("bo", "stem 1 2")
    said = await told(room, "bo", "kvittering 1")
    assert "Koden står i stemmeloggen, når afstemningen er lukket." in said
    files = await fetch_log(room)
    assert len(table(files)) == 1
    assert not [one for one in json.loads(files["log.json"])["entries"] if "facts.marks" in one["shown"]]
    await room.close()
    files = await fetch_log(room)
    assert table(files)[1] == ["1", code_in(said), "Tønder", "#2", "ja", OWN]


async def test_a_secret_poll_shows_answers_without_municipalities(room: PollRoom, tmp_path: pathlib.Path) -> None:
    await give_frame(room)
    await room.open(3, sent=False, visibility="secret", rule="equal_shares")
    await submit(room, "bo", "1")
    old = code_in(await told(room, "bo", "kvittering 1"))
    await submit(room, "bo", "2")
    await submit(room, "carla", "3")
    await submit(room, "dan", "3")
    mine = await told(room, "bo", "kvittering 1")
    assert "Koden viser dit svar til den, der kender koden, så hold den for dig selv." in mine
    assert "Tæller for" not in await told(room, "anna", "kvittering 1")
    await room.close()
    said = (await told(room, "bo", "kvittering 1")).replace("\N{NO-BREAK SPACE}", " ")
    assert "Andelen for Tønder gik til #2 (20.000 kr.)." in said
    files = await fetch_log(room)
    entries = json.loads(files["log.json"])["entries"]
    cast = [one for one in entries if one["kind"] == "ballot.cast"]
    assert [sorted(one["shown"]) for one in cast] == [["subject"]] * 4
    rows = table(files)[1:]
    assert [row[2] for row in rows] == [""] * 4
    assert rows == sorted(rows, key=lambda row: row[1])
    assert [row[3:] for row in rows if row[1] == code_in(mine)] == [["#2", "ja", ""]]
    assert [row[3:] for row in rows if row[1] == old] == [["", "nej: samme vælger svarede igen senere", ""]]
    (closed,) = [one for one in entries if one["kind"] == "poll.closed"]
    assert list(closed["shown"]["facts.ballots"][1]) == ["1", "2", "3"]
    exit_code, found = run_script(tmp_path, files["log.json"])
    assert exit_code == 0, found
    assert "Hemmelig. Kvitteringer talt med: 3; ikke: 1." in found
    words = ("--receipt", code_in(mine), "--key", key_in(mine))
    exit_code, found = run_script(tmp_path, files["log.json"], *words)
    assert (exit_code, "Nøglen passer: svaret er givet for Tønder." in found) == (0, True)


# What is not in the log


async def test_no_person_is_in_any_of_the_files(room: PollRoom) -> None:
    await room.open(3, title="Prioritering efter Annas oplæg")
    for user in ("anna", "bo", "carla", "dan"):
        await room.say(user, "stem 1 1,2")
    await room.close()
    files = await fetch_log(room)
    told_of = b"".join(files.values()).decode("utf-8", errors="replace")
    for someone in PEOPLE:
        assert f"person-{someone.user}" not in told_of
        assert not re.search(rf"\b(?:{'|'.join(someone.name.split())})s?\b", told_of)
    opened = next(one for one in json.loads(files["log.json"])["entries"] if one["kind"] == "poll.opened")
    assert "facts.title" in opened["sealed"]
    assert "facts.titles" in opened["shown"]


async def test_the_readme_says_it_in_both_languages_with_the_head(room: PollRoom) -> None:
    await room.open(3)
    await room.close()
    files = await fetch_log(room)
    head = (await room.entries())[-1].hash[:8]
    text = files["LAESMIG.txt"].decode()
    assert text.count(f"{head}\r\n") == 2
    assert "STEMMELOG FOR OS2test\r\nHentet" in text
    assert "VOTING LOG OF OS2test\r\nFetched" in text
