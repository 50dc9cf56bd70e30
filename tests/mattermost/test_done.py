"""What is done is done: where only the telling fails, nobody has to try again; a form that can't be kept says so."""

from __future__ import annotations

import asyncio
import datetime as dt
import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.clock import MovableClock
from bot.platforms.mattermost import drafts
from bot.port import Answer, Located, PlatformError
from handlers.chat.messages import Actions, Button, Field, Form, Text, message
from storage.models.meetings import Meeting
from storage.session import Storage, StorageBusy
from tests.mattermost.forging import action, command, context_of, put_message, send
from tests.mattermost.scripted import script, sealed
from tests.promises.mattermost import MattermostDriver

WISH: dict[str, str | list[str]] = {"title": "Vis mailadresse", "need": "Vi leder efter den hver dag."}
AGAIN = "Det gik ikke igennem. Prøv igen om lidt."


async def _away(*_where: object, **_what: object) -> Located:
    raise PlatformError("the server is away")


async def test_a_form_that_was_taken_is_not_asked_for_again(
    driver: MattermostDriver, kept: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.server.state.settings.version = (9, 5, 0)
    await driver.bot.restart()
    await driver.say("anna", "group", "/møde")
    shown = driver.people["anna"].dialog
    assert shown is not None
    shown.values |= {"date": "2026-10-01", "time": "10:00", "place": "Odense"}
    driver.bot.platform.lines._kept.clear()
    monkeypatch.setattr(driver.bot.platform, "direct", _away)
    assert await driver.people["anna"].send_dialog() == {}
    async with kept.read() as session:
        assert len((await session.scalars(select(Meeting))).all()) == 1


async def test_a_press_that_was_done_is_told_without_its_buttons(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = message(Text("Vælg"), Actions((Button("Støt", "wish.support", "1"),)))
    post = await put_message(driver, shown, "1:wish:1/card")
    script(driver, Answer(whispers=(shown,)), monkeypatch)
    monkeypatch.setattr(driver.bot.platform, "direct", _away)
    _, body = await send(driver, "action", action(driver, post, context_of(driver, post, "Støt")))
    assert json.loads(body)["ephemeral_text"] == "Vælg"


@pytest.mark.parametrize("fields", [1, 6], ids=["one page", "two pages"])
async def test_a_form_that_follows_and_could_not_be_offered_is_offered_by_sending_again(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch, fields: int
) -> None:
    first = sealed(driver, Form("a", "Først", tuple(Field(f"f{number}", "X") for number in range(fields))))
    bot = script(driver, Answer(form=first), monkeypatch)
    await driver.say("bo", "group", "/ønske")
    bo = driver.people["bo"]
    if fields > 1:
        assert bo.dialog is not None
        assert await bo.send_dialog() == {}
        await driver.press("bo", (await driver.messages("bo", "dm"))[-1], "Fortsæt")
    bot.given = Answer(form=sealed(driver, Form("b", "Bagefter", (Field("y", "Y"),)), "2"))
    before = len(await driver.messages("bo", "dm"))
    driver.server.faults.refuse = [("POST /posts", 500)]
    answer = await bo.send_dialog()
    assert answer["error"].startswith("Det er modtaget, men »Bagefter«, som er det næste, kunne ikke åbnes")
    assert await bo.send_dialog() == {}
    await driver.settle("bo")
    further = (await driver.messages("bo", "dm"))[before:]
    assert ["Bagefter" in one.text for one in further] == [True]
    await driver.press("bo", further[0], "Åbn formularen")
    assert bo.dialog is not None
    assert bo.dialog.dialog["title"] == "Bagefter"


async def test_a_form_that_can_not_be_kept_says_so_at_once(
    driver: MattermostDriver, kept: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes for a long time; a person does not wait for that."""
    monkeypatch.setattr(drafts, "INTERACTIVE_PATIENCE", 0.05)
    async with kept.write():
        await asyncio.wait_for(driver.people["bo"].command(driver.channels["group"], "/ønske"), 10)
    await driver.people["bo"].up_to_date()
    assert driver.people["bo"].dialog is not None
    assert "kan ikke gemmes lige nu. Luk den, og åbn den igen om lidt." in driver.people["bo"].private[-1]["message"]


async def test_a_forms_message_that_can_not_be_changed_keeps_nobody(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await driver.say("bo", "group", "/ønske")
    bo = driver.people["bo"]
    assert bo.dialog is not None
    bo.dialog.values |= {"title": "Vis mailadresse", "need": "Vi leder."}
    assert await bo.send_dialog() == {}
    await driver.settle("bo")
    await driver.press("bo", (await driver.messages("bo", "dm"))[-1], "Fortsæt")

    async def busy(_token: str) -> None:
        raise StorageBusy

    monkeypatch.setattr(driver.bot.platform.dialogs._drafts, "finish", busy)
    assert await bo.send_dialog() == {}
    await driver.settle("bo")
    assert len([one for one in await driver.messages("anna", "group") if "Vis mailadresse" in one.text]) == 1


async def test_while_the_database_is_away_people_are_told_to_try_again(
    driver: MattermostDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("select secret", {}, Exception("server closed the connection"))

    driver.bot.platform._languages.clear()
    monkeypatch.setattr(driver.bot.platform.house.storage, "read", away)
    _, body = await send(driver, "dialog", {"type": "dialog_submission", **_dialog(driver)})
    assert json.loads(body) == {"error": AGAIN}
    _, body = await send(driver, "command", command(driver, text="liste"), form=True)
    assert "gik galt" in json.loads(body)["text"]


def _dialog(driver: MattermostDriver) -> dict[str, object]:
    form = sealed(driver, Form("a", "Kort", (Field("x", "X"),)))
    call = {"user_id": driver.people["bo"].id, "channel_id": driver.channels["group"], "submission": {}}
    return call | {"state": f"1.{form.token}"}


async def test_a_form_that_follows_another_is_kept_for_seven_days_too(
    driver: MattermostDriver, clock: MovableClock
) -> None:
    """It was opened by no command that could be given again."""
    driver.server.state.settings.version = (9, 5, 0)
    await driver.bot.restart()
    await driver.say("anna", "group", "/ønske")
    assert await driver.submit("anna", WISH) == {}
    driver.server.state.settings.version = (5, 37, 0)
    await driver.bot.restart()
    anna = driver.people["anna"]
    await driver.say("anna", "dm", "hej")
    board = next(one for one in await driver.messages("anna", "dm") if any("Mere" in label for label in one.buttons))
    await driver.press("anna", board, "Mere")
    assert anna.dialog is not None
    anna.dialog.values |= {"deed": "wish.edit_form", "words": "1"}
    assert await anna.send_dialog() == {}
    await driver.settle("anna")
    await driver.press("anna", (await driver.messages("anna", "dm"))[-1], "Fortsæt (1 af 3)")
    assert anna.dialog is not None
    anna.dialog.values |= {"need": "En lang tekst, som nogen har skrevet."}
    for page in (2, 3):
        assert await anna.send_dialog() == {}
        await driver.settle("anna")
        clock.move_to(clock.now() + dt.timedelta(days=2))
        await driver.press("anna", (await driver.messages("anna", "dm"))[-1], f"Fortsæt ({page} af 3)")
        assert anna.dialog is not None
    assert await anna.send_dialog() == {}
    await driver.settle("anna")
    assert "En lang tekst" in (await driver.messages("anna", "group"))[-1].text
