"""Conversations about trust: a voter gets a receipt, fetches the voting log, and counts the poll again alone."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import zipfile

import pytest

from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver
from tests.ready import make_ready

CODE = re.compile(r"Din kvittering er ([0-9A-Z]{5}-[0-9A-Z]{5})\.")


async def told(chat: LocalDriver, person: str) -> SeenMessage:
    return (await chat.messages(person, "private"))[-1]


async def fetch(chat: LocalDriver, person: str) -> bytes:
    """The last file that the person got privately."""
    response = await chat.client.get(f"/api/channels/dm:{person}/messages?as={person}")
    files = [file for one in (await response.json())["messages"] for file in one["files"]]
    assert files[-1]["name"] == "stemmelog-os2test.zip"
    return await (await chat.client.get(files[-1]["url"])).read()


def count_alone(content: bytes, folder: pathlib.Path, *words: str) -> str:
    """Unpack the file in an empty folder and run the script there, as an auditor does."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(folder)
    command = [sys.executable, "-I", "recount.py", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


async def open_poll(chat: LocalDriver, **values: str | list[str]) -> None:
    await make_ready(chat.runtime.storage, "Vis mailadresse", "Hurtigere søgning", "Mørk tilstand")
    await chat.say("anna", "group", "/afstemning")
    given: dict[str, str | list[str]] = {"title": "Prioritering af efteråret", "wishes": ["1", "2", "3"]}
    assert await chat.submit("anna", given | values) == {}


@pytest.mark.parametrize("visibility", ["open", "hidden", "secret"])
async def test_a_voter_counts_the_poll_again_alone(chat: LocalDriver, tmp_path: pathlib.Path, visibility: str) -> None:
    await open_poll(chat, visibility=visibility)
    for person, choices in (("bo", ["2"]), ("carla", ["1", "2"]), ("bo", ["3"])):
        await chat.say(person, "group", "/afstemning stem 1")
        assert await chat.submit(person, {"choices": choices}) == {}
    await chat.forward(7 * 24 + 2)
    result = next(one for one in await chat.messages("bo", "group") if "Resultat" in one.text)
    await chat.press("bo", result, "Min kvittering")
    receipt = await told(chat, "bo")
    assert "Svar: #3 Mørk tilstand. Det blev talt med for Tønder." in receipt.text
    found = CODE.search(receipt.text)
    assert found is not None
    await chat.press("bo", receipt, "Hent stemmelog")
    sent = "Jeg har sendt dig stemmeloggen, stemmelog-os2test.zip, i en privat besked. Der er ingen personer i den."
    assert sent in [one.text.split(" Pak")[0] for one in await chat.messages("bo", "private")]
    said = count_alone(await fetch(chat, "bo"), tmp_path)
    head = re.search(r"Loggens kontrolkode: ([0-9a-f]{8})", result.text)
    assert head is not None
    assert f"Passer: 2 af 3 kommuner, resultatet i post 6. Kontrolkode: {head.group(1)}." in said
    rows = csv.reader((tmp_path / "kvitteringer.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    mine = next(row for row in rows if row[1] == found.group(1))
    is_secret = visibility == "secret"
    assert mine[2:] == ["" if is_secret else "Tønder", "#3", "ja", "" if is_secret else "kommunens repræsentant"]


def rows_of(folder: pathlib.Path) -> list[dict[str, str]]:
    text = (folder / "kvitteringer.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


async def test_the_public_log_says_how_an_answer_came_and_names_nobody(
    chat: LocalDriver, tmp_path: pathlib.Path
) -> None:
    await open_poll(chat)
    await chat.say("bo", "group", "/gruppe stedfortræder hans")
    await chat.say("hans", "group", "/afstemning stem 1 1")
    await chat.say("carla", "group", "/afstemning stem 1 2")
    await chat.say("anna", "group", "/afstemning modtaget 1")
    assert await chat.submit("anna", {"unit": "1", "choices": ["3"]}) == {}
    await chat.forward(7 * 24 + 2)
    await chat.say("carla", "group", "/afstemning log")
    content = await fetch(chat, "carla")
    assert "  Heraf givet af stedfortrædere: 1; indtastet efter en mail eller et møde: 1." in count_alone(
        content, tmp_path
    )
    assert "person-" not in (tmp_path / "log.json").read_text(encoding="utf-8")
    rows = {row["Kommune"]: row for row in rows_of(tmp_path)}
    assert {unit: row["Givet af"] for unit, row in rows.items()} == {
        "Tønder": "stedfortræder",
        "Bornholm": "kommunens repræsentant",
        "Favrskov": "indtastet af lederen efter en mail eller et møde",
    }

    def last_line(unit: str, *words: str) -> str:
        return count_alone(content, tmp_path, "--receipt", rows[unit]["Kvittering"], *words).splitlines()[-1]

    assert last_line("Tønder") == "Svaret blev givet af en stedfortræder."
    assert last_line("Bornholm") == "Svar: #2=1"
    assert last_line("Favrskov", "--english") == "The answer was entered by the leader after a mail or a meeting."


async def test_the_public_log_of_a_secret_poll_does_not_say_who_sent_a_substitute(
    chat: LocalDriver, tmp_path: pathlib.Path
) -> None:
    await open_poll(chat, visibility="secret")
    await chat.say("bo", "group", "/gruppe stedfortræder hans")
    for person in ("hans", "carla"):
        await chat.say(person, "group", "/afstemning stem 1")
        assert await chat.submit(person, {"choices": ["2"]}) == {}
    await chat.forward(7 * 24 + 2)
    await chat.say("carla", "group", "/afstemning log")
    assert "stedfortræder" not in count_alone(await fetch(chat, "carla"), tmp_path)
    assert [row["Givet af"] for row in rows_of(tmp_path)] == ["", ""]
    entries = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))["entries"]
    by_hans, by_carla = (one for one in entries if one["kind"] == "ballot.cast")
    assert (by_hans["shown"].keys(), by_hans["sealed"].keys()) == (by_carla["shown"].keys(), by_carla["sealed"].keys())
    assert "facts.substitute" in by_hans["sealed"]


async def test_the_log_is_fetched_from_the_board_too(chat: LocalDriver) -> None:
    await open_poll(chat)
    await chat.say("hans", "group", "/gruppe")
    await chat.press("hans", await told(chat, "hans"), "Hent stemmelog")
    assert zipfile.is_zipfile(io.BytesIO(await fetch(chat, "hans")))


async def test_a_receipt_is_asked_for_by_number(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/afstemning kvittering")
    assert "Skriv nummeret" in (await told(chat, "bo")).text
    await chat.say("bo", "group", "/afstemning kvittering 4")
    assert "Der er ingen afstemning 4" in (await told(chat, "bo")).text


async def test_a_poll_that_has_not_opened_has_no_receipts(chat: LocalDriver) -> None:
    await open_poll(chat, debate="2026-09-04")
    await chat.say("bo", "group", "/afstemning kvittering 1")
    assert "Afstemning 1 er ikke åbnet endnu, så der er ingen kvitteringer." in (await told(chat, "bo")).text
