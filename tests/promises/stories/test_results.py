"""Stories of a poll's end on every platform: closed by the clock, prioritised, fetched as a log and counted again."""

from __future__ import annotations

import io
import pathlib
import re
import subprocess
import sys
import zipfile

from storage.session import Storage
from tests.promises.driver import Driver, SeenMessage
from tests.promises.stories.telling import (
    NB,
    TO_DEADLINE,
    direct,
    newest,
    offered,
    open_poll,
    poll,
    posted,
    press_offered,
    public,
    result,
    set_frame,
    told,
)

CODE = re.compile(r"Din kvittering er ([0-9A-Z]{5}-[0-9A-Z]{5})\.")


async def closed(driver: Driver, storage: Storage) -> SeenMessage:
    """The result of a poll on three wishes; there is money for the two that most want."""
    assert await set_frame(driver, "50.000", "") == {}
    shown = await open_poll(driver, storage, quorum="60")
    for person, emojis in {"anna": ("one", "two"), "bo": ("one", "three")}.items():
        for emoji in emojis:
            await driver.react(person, shown, emoji)
    await driver.say("carla", "group", "/afstemning stem 1 1,2")
    await driver.forward(TO_DEADLINE)
    return await result(driver)


async def test_it_closes_by_the_clock_and_the_leader_prioritises_what_there_is_money_for(
    driver: Driver, storage: Storage
) -> None:
    shown = await closed(driver, storage)
    assert shown.text.startswith("Resultat af afstemning 1: Prioritering af efteråret")
    assert "3 af 3 kommuner har stemt. Afstemningen er beslutningsdygtig (mindst 60 procent)." in shown.text
    assert f"1. #1 Vis mailadresse 3 kommuner · 20.000{NB}kr." in shown.text
    assert f"2. #2 Hurtigere søgning 2 kommuner · 20.000{NB}kr." in shown.text
    assert f"3. #3 Mørk tilstand 1 kommune · 20.000{NB}kr." in shown.text
    assert f"Der er plads til #1 Vis mailadresse og #2 Hurtigere søgning, i alt 40.000{NB}kr." in shown.text
    assert "Opbakning i afstemning 1" in shown.text
    assert re.search(r"Loggens kontrolkode: [0-9a-f]{8}", shown.text)
    assert f"Afstemningen lukkede torsdag 3. september 2026 kl.{NB}12.00." in (await poll(driver)).text
    await driver.press("bo", shown, "Prioritér dem")
    assert "Det kan kun gruppens leder gøre" in await told(driver, "bo")
    asked = await driver.press("anna", shown, "Prioritér dem")
    assert asked == f"Prioritér 2 ønsker for i alt 40.000{NB}kr.? Alle får det at vide som din beslutning."
    decided = await posted(driver, "Prioriteret efter afstemning 1")
    assert "#1 Vis mailadresse" in decided.text
    assert "#2 Hurtigere søgning" in decided.text
    assert "#3" not in decided.text
    await driver.say("bo", "group", "/ønske vis 2")
    assert "Status: Prioriteret" in await told(driver, "bo")
    await driver.say("bo", "group", "/gruppe beslutninger")
    assert "#1 Vis mailadresse" in await told(driver, "bo")


async def test_the_leader_may_choose_otherwise(driver: Driver, storage: Storage) -> None:
    shown = await open_poll(driver, storage)
    await driver.react("bo", shown, "one")
    await driver.forward(TO_DEADLINE)
    await driver.press("anna", await result(driver), "Vælg selv")
    form = await driver.form("anna")
    assert form is not None
    assert [one.partition(" ")[0] for one in form.fields["wishes"].options.values()] == ["#1", "#2", "#3"]
    assert "mindst ét" in (await driver.submit("anna", {"wishes": []}))["wishes"]
    assert await driver.submit("anna", {"wishes": ["#3"]}) == {}
    decided = await newest(driver)
    assert "#3 Mørk tilstand" in decided.text
    assert "#1" not in decided.text


async def test_only_the_silent_are_reminded_and_only_the_leader_hears_their_names(
    driver: Driver, storage: Storage
) -> None:
    shown = await open_poll(driver, storage, quorum="100")
    await driver.react("bo", shown, "one")
    await driver.forward(TO_DEADLINE - 1)
    reminded = await direct(driver, "carla", "Bornholm har ikke stemt endnu i afstemning 1: Prioritering af efteråret.")
    assert len(reminded) == 2
    assert not await direct(driver, "bo", "har ikke stemt")
    assert await direct(driver, "anna", "Der mangler 2 kommuner, før den er beslutningsdygtig")
    await driver.forward(1 + 24)
    seen = await result(driver)
    assert "1 af 3 kommuner har stemt. Afstemningen er ikke beslutningsdygtig: mindst 100 procent" in seen.text
    assert not [label for label in seen.buttons if "Prioritér dem" in label]
    assert await direct(driver, "anna", "I afstemning 1 stemte Bornholm og Favrskov ikke.")
    assert not [one for one in await public(driver) if "Bornholm" in one.text]
    await driver.say("bo", "group", "/afstemning stem 1 2")
    assert "Afstemning 1 er lukket." in await told(driver, "bo")


async def test_the_leader_closes_early_and_a_meeting_ratifies(driver: Driver, storage: Storage) -> None:
    shown = await open_poll(driver, storage)
    await driver.react("bo", shown, "one")
    await driver.say("anna", "group", "/afstemning luk 1")
    assert "1 af 3 kommuner har stemt." in (await offered(driver, "anna", "Luk nu")).text
    await press_offered(driver, "anna", "Luk nu")
    assert "1. #1 Vis mailadresse 1 kommune" in (await result(driver)).text
    await driver.say("anna", "group", "/afstemning ratificer 1")
    assert await driver.submit("anna", {"meeting": "Møde 3, 15. september 2026"}) == {}
    assert "Ratificeret: Møde 3, 15. september 2026." in (await result(driver)).text


async def test_a_tie_over_the_last_money_is_decided_in_a_poll_of_its_own(driver: Driver, storage: Storage) -> None:
    assert await set_frame(driver, "30.000", "") == {}
    shown = await open_poll(driver, storage, "Mail", "Mørk", "Kort", estimates=(30_000, 20_000, 20_000))
    await driver.react("bo", shown, "two")
    await driver.react("carla", shown, "three")
    await driver.forward(TO_DEADLINE)
    seen = await result(driver)
    assert "Stemmelighed: #2 Mørk og #3 Kort står lige" in seen.text
    await driver.press("anna", seen, "Afgør stemmeligheden")
    assert await driver.submit("anna", {}) == {}
    again = await poll(driver, 2)
    assert "Afstemning 2: Afgørende afstemning efter afstemning 1" in again.text
    assert "#2 Mørk" in again.text
    assert "#1 Mail" not in again.text


async def test_a_voter_gets_a_receipt_and_counts_the_poll_again_alone(
    driver: Driver, storage: Storage, tmp_path: pathlib.Path
) -> None:
    shown = await closed(driver, storage)
    await driver.press("bo", shown, "Vis andre opgørelser")
    seen = await told(driver, "bo")
    assert "Alle tre regler giver det samme." in seen
    assert "Opbakning pr. krone: #1 og #2, i alt" in seen
    assert "Favrskov" in seen
    assert "Hver andel blev på" in seen
    await driver.press("bo", shown, "Min kvittering")
    receipt = await offered(driver, "bo", "Hent stemmelog")
    assert "Svar: #1 Vis mailadresse og #3 Mørk tilstand. Det blev talt med for Tønder." in receipt.text
    assert CODE.search(receipt.text)
    await driver.press("bo", receipt, "Hent stemmelog")
    (log,) = [one for one in await driver.messages("bo", "dm") if one.files]
    assert log.files == ("stemmelog-os2test.zip",)
    said = count_alone(await driver.open_file("bo", log), tmp_path / "alone")
    head = re.search(r"Loggens kontrolkode: ([0-9a-f]{8})", shown.text)
    assert head is not None
    assert "Passer: 3 af 3 kommuner" in said
    assert f"Kontrolkode: {head.group(1)}." in said
    assert "Bo Lind" not in (tmp_path / "alone" / "log.json").read_text(encoding="utf-8")


def count_alone(content: bytes, folder: pathlib.Path) -> str:
    """Unpack the file in an empty folder and run the script there, as an auditor does."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(folder)
    command = [sys.executable, "-I", "recount.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
