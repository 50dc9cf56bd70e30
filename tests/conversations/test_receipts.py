"""Conversations about trust: a voter gets a receipt, fetches the voting log, and counts the poll again alone."""

from __future__ import annotations

import csv
import io
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


def count_alone(content: bytes, folder: pathlib.Path) -> str:
    """Unpack the file in an empty folder and run the script there, as an auditor does."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(folder)
    command = [sys.executable, "-I", "recount.py"]
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
    assert "Her er stemmeloggen: stemmelog-os2test.zip. Der er ingen personer i den." in [
        one.text.split(" Pak")[0] for one in await chat.messages("bo", "private")
    ]
    said = count_alone(await fetch(chat, "bo"), tmp_path)
    head = re.search(r"Loggens hoved: ([0-9a-f]{8})", result.text)
    assert head is not None
    assert f"Passer: 2 af 3 kommuner, resultatet i post 6. Jeres besked viser hoved {head.group(1)}." in said
    rows = csv.reader((tmp_path / "kvitteringer.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    mine = next(row for row in rows if row[1] == found.group(1))
    assert mine[2:] == ["" if visibility == "secret" else "Tønder", "#3", "ja"]


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
