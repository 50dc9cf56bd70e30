"""Conversations about what a result says: when nobody voted, when all rules agree, and before anything is decided."""

from __future__ import annotations

from tests.conversations.test_polls import closed, frame, open_poll, priced, told, wishes
from tests.promises.local import CHANNELS, LocalDriver

NB = "\u00a0"
WEEK = 7 * 24


async def test_a_poll_in_which_nobody_voted_ranks_nothing_and_offers_nothing(chat: LocalDriver) -> None:
    await wishes(chat)
    await frame(chat, 50_000)
    await open_poll(chat)
    await chat.forward(WEEK + 2)
    shown = (await chat.messages("bo", "group"))[-1]
    assert "0 af 3 kommuner har stemt." in shown.text
    assert "Ingen har stemt, så der er ikke noget resultat." in shown.text
    assert "#1" not in shown.text
    assert "plads" not in shown.text
    assert "Loggens kontrolkode: " in shown.text
    assert set(shown.buttons) == {"Hent stemmelog"}
    await chat.say("anna", "group", "/afstemning annuller 1")
    assert await chat.submit("anna", {"reason": "Åbnet for tidligt"}) == {}
    assert "annulleret: Åbnet for tidligt" in await poll_result(chat)


async def poll_result(chat: LocalDriver) -> str:
    return next(one.text for one in await chat.messages("bo", "group") if one.text.startswith("Resultat"))


async def test_before_what_fits_is_prioritised_the_leader_is_asked_with_the_sum(chat: LocalDriver) -> None:
    await closed(chat)
    response = await chat.client.get(f"/api/channels/{CHANNELS['group']}/messages?as=anna")
    blocks = [block for one in (await response.json())["messages"] for block in one["blocks"]]
    asked = [item["confirm"] for block in blocks for item in block.get("items", ()) if item.get("confirm")]
    assert asked == [f"Prioritér 2 ønsker for i alt 40.000{NB}kr.? Alle får det at vide som din beslutning."]


async def test_when_all_rules_choose_the_same_that_is_said_first(chat: LocalDriver) -> None:
    shown = await closed(chat, kroner=100_000)
    await chat.press("bo", shown, "Vis andre opgørelser")
    assert "Alle tre regler giver det samme." in await told(chat, "bo")


async def test_when_they_differ_it_is_not(chat: LocalDriver) -> None:
    """Two municipalities want what takes all the money, one wants what is cheap."""
    await priced(chat, Dyrt=60_000, Billigt=20_000)
    await frame(chat, 60_000)
    shown = await open_poll(chat)
    for person, emoji in (("anna", "one"), ("bo", "one"), ("carla", "two")):
        await chat.react(person, shown, emoji)
    await chat.forward(WEEK + 2)
    await chat.press("bo", (await chat.messages("bo", "group"))[-1], "Vis andre opgørelser")
    seen = await told(chat, "bo")
    assert "Mest opbakning først" in seen
    assert "Alle tre regler" not in seen
