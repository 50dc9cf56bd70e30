"""A wish that is longer than Slack's fields and messages: nothing of it is lost, and its card stays whole."""

from __future__ import annotations

from sqlalchemy import select

from storage.models.wishes import Wish
from storage.session import Storage
from tests.promises.slack import SlackDriver

LONG = "\n\n".join(
    f"Afsnit {number}. " + "Det tager for lang tid hver eneste dag. " * 12 for number in range(20)
).strip()


async def _long_wish(slack: SlackDriver, kept: Storage) -> None:
    """A wish such as an older import brought it."""
    await slack.say("bo", "group", "/ønske")
    assert await slack.submit("bo", {"title": "Vis mailadresse", "need": "Kort"}) == {}
    async with kept.write() as session:
        wish = await session.scalar(select(Wish))
        assert wish is not None
        wish.need = LONG


async def _need(kept: Storage) -> str:
    async with kept.read() as session:
        wish = await session.scalar(select(Wish))
    assert wish is not None
    return wish.need


async def test_changing_the_title_leaves_the_need_as_it_was(slack: SlackDriver, kept: Storage) -> None:
    assert len(LONG) > 9_000
    await _long_wish(slack, kept)
    await slack.say("bo", "group", "/ønske ret 1")
    assert await slack.submit("bo", {"title": "Vis mailadressen"}) == {}
    assert await _need(kept) == LONG
    (card,) = await slack.messages("anna", "group")
    assert card.text.splitlines()[0] == "#1 Vis mailadressen"
    assert "Afsnit 19" not in card.text
    assert "Tryk »Vis«" in card.text


async def test_a_need_that_is_changed_must_fit(slack: SlackDriver, kept: Storage) -> None:
    await _long_wish(slack, kept)
    await slack.say("bo", "group", "/ønske ret 1")
    form = await slack.form("bo")
    assert form is not None
    names = [name for name in form.fields if name.startswith("need")]
    assert len(names) > 3
    errors = await slack.submit("bo", {names[1]: "Noget andet."})
    assert list(errors) == ["need"]
    assert "Der er plads til 3000" in errors["need"]
    assert await slack.submit("bo", {"need": "Kort igen.", **dict.fromkeys(names[1:], "")}) == {}
    assert await _need(kept) == "Kort igen."


async def test_its_card_keeps_its_status_and_its_buttons(slack: SlackDriver, kept: Storage) -> None:
    await _long_wish(slack, kept)
    await slack.say("anna", "group", "/ønske status 1 screening")
    card = (await slack.messages("anna", "group"))[0]
    assert "Status: I screening" in card.text
    await slack.press("carla", card, "Støt")
    card = (await slack.messages("anna", "group"))[0]
    assert "Bornholm" in card.text
    await slack.press("carla", card, "Vis")
    told = "\n".join(one.text for one in await slack.messages("carla", "private"))
    assert "Afsnit 19" in told
    assert "Tryk »Vis«" not in told
