"""Stories of what is kept, on every platform: the log, the terms of reference, files in and out, and one's own data."""

from __future__ import annotations

import io
import json
import pathlib

import pytest
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from docx import Document
from pypdf import PdfReader

import bot.upkeep
from bot.clock import MovableClock
from bot.settings import Settings
from storage import schema
from storage.session import Storage
from tests.promises.driver import Driver
from tests.promises.stories.telling import NEED, newest, offered, public, set_frame, submit_wish, told


@pytest.fixture
async def office(database_url: str, storage: Storage, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The administrator's command line beside the running bot: on the same database, at the same time."""
    scripts = ScriptDirectory.from_config(schema.configuration())
    async with storage.engine.begin() as connection:
        await connection.run_sync(lambda one: MigrationContext.configure(one).stamp(scripts, "head"))
    monkeypatch.setattr(bot.upkeep, "SystemClock", lambda: clock)
    return Settings(database_url=database_url)


async def test_the_terms_of_reference_are_shown_and_the_groups_document_is_taken_home(
    driver: Driver, office: Settings, tmp_path: pathlib.Path
) -> None:
    assert await set_frame(driver) == {}
    await driver.say("hans", "group", "/gruppe kommissorium")
    shown = await offered(driver, "hans", "Hvordan går det?")
    for said in (
        "Kommissorium for koordinationsgruppen for OS2test",
        "Medlemmer: Bornholm, Favrskov og Tønder",
        "mindst 4 om året",
        "250.000\u00a0kr.",
    ):
        assert said in shown.text
    await driver.press("hans", shown, "Hvordan går det?")
    health = await told(driver, "hans")
    assert "✓ Gruppen har en leder." in health
    assert "✗ Møder bagud i år: 2. Planlæg det næste med /møde." in health
    word, paper = tmp_path / "gruppen.docx", tmp_path / "gruppen.pdf"
    for file in (word, paper):
        await bot.upkeep.export_file(office, "os2test", file)
    written = "\n".join(one.text for one in Document(io.BytesIO(word.read_bytes())).paragraphs)
    assert "Koordinationsgruppen for OS2test" in written
    assert "Rammen for 2026: 250.000\u00a0kr. – 1. september 2026, Gry Toft." in written
    printed = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.read_bytes())).pages)
    assert "OS2test" in printed


async def test_a_list_is_taken_over_with_one_message_and_comes_out_again(
    driver: Driver, office: Settings, tmp_path: pathlib.Path
) -> None:
    rows = tmp_path / "ønsker.csv"
    rows.write_text(
        "title;need;municipality;status;estimate\n"
        "Vis mailadresse;Vi leder;Tønder;Klar til prioritering;16.500\n"
        "Mørk tilstand;Øjne;Bornholm;Screening;\n"
        "=1+1;Regneark;Favrskov;Nye ændringsønsker;\n",
        encoding="utf-8",
    )
    assert await bot.upkeep.import_file(office, "os2test", rows, dry_run=False)
    await driver.forward(0.1)
    (said,) = [one.text for one in await public(driver)]
    assert "3 ønsker" in said
    await driver.say("bo", "group", "/ønske vis 1")
    assert "Status: Klar til prioritering" in await told(driver, "bo")
    await driver.say("bo", "group", "/ønske støt 2")
    out = tmp_path / "ud.csv"
    await bot.upkeep.export_file(office, "os2test", out)
    text = out.read_text(encoding="utf-8-sig")
    assert "Vis mailadresse" in text
    assert "Tønder" in text
    assert "'=1+1" in text


async def test_the_log_says_what_was_decided_by_whom_and_why(driver: Driver) -> None:
    await driver.say("bo", "group", "/gruppe beslutninger")
    assert "Der er ikke taget beslutninger endnu." in await told(driver, "bo")
    await submit_wish(driver, "Vis mailadresse")
    await driver.say("anna", "group", "/ønske status 1 afvist")
    decided = {"reason": "Det findes allerede", "basis": "Møde", "basis_text": "mødet i dag"}
    assert await driver.submit("anna", dict(decided)) == {}
    await driver.say("bo", "group", "/gruppe beslutninger")
    lines = await told(driver, "bo")
    assert (
        "#1 Vis mailadresse er afvist. 1. september 2026, Anna Holm. Grundlag: mødet i dag. "
        "Begrundelse: Det findes allerede."
    ) in lines
    assert "Loggens kontrolkode er " in lines


async def test_everything_that_is_kept_about_me_is_a_file_for_me_alone(driver: Driver) -> None:
    await submit_wish(driver, "Vis mailadresse")
    await driver.say("bo", "group", "/gruppe mine-data")
    assert [one for one in await driver.messages("bo", "private") if "Det har jeg gemt om dig" in one.text]
    (file,) = [one for one in await driver.messages("bo", "dm") if one.files]
    assert file.files == ("mine-data.json",)
    data = json.loads(await driver.open_file("bo", file))
    assert data["people"][0]["name"] == "Bo Lind"
    assert (data["wishes"][0]["title"], data["wishes"][0]["need"]) == ("Vis mailadresse", NEED)
    assert "Anna Holm" not in json.dumps(data, ensure_ascii=False)
    assert not [one for one in await driver.messages("carla", "group") if one.files]
    assert "mine-data" not in (await newest(driver)).text
