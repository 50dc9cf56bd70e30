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
    assert "Rangfølge (afstemningens egen regel): #1, i alt 60.000\u00a0kr. af 60.000\u00a0kr." in seen
    assert "Alle tre regler" not in seen


async def test_a_share_is_added_up_and_what_no_share_paid_for_is_named(chat: LocalDriver) -> None:
    """Anna and Bo share what they both want; nobody alone can pay for the third, which what is left is enough for."""
    await priced(chat, Fælles=30_000, Småt=10_000, Stort=35_000)
    await frame(chat, 75_000)
    shown = await open_poll(chat, rule="equal_shares")
    for person, emoji in (("anna", "one"), ("bo", "one"), ("bo", "two"), ("carla", "three")):
        await chat.react(person, shown, emoji)
    await chat.forward(WEEK + 2)
    await chat.press("bo", (await chat.messages("bo", "group"))[-1], "Vis andre opgørelser")
    seen = await told(chat, "bo")
    assert f"Lige andele (afstemningens egen regel): #2, #1 og #3, i alt 75.000{NB}kr. af 75.000{NB}kr." in seen
    share = next(line for line in seen.split("\n") if line.startswith("Hver andel blev på "))
    assert "35.000" in share
    assert f"Favrskov Andelen gik til #1 (15.000{NB}kr.). Tilbage: 20.000{NB}kr." in seen
    assert f"Tønder Andelen gik til #2 (10.000{NB}kr.) og #1 (15.000{NB}kr.). Tilbage: 10.000{NB}kr." in seen


async def test_in_a_secret_poll_one_sees_only_what_ones_own_answer_got(chat: LocalDriver) -> None:
    await priced(chat, Dyrt=60_000, Billigt=20_000)
    await frame(chat, 60_000)
    await open_poll(chat, visibility="secret")
    for person, wish in (("anna", "1"), ("bo", "1"), ("carla", "2")):
        await chat.say(person, "group", "/afstemning stem 1")
        assert await chat.submit(person, {"choices": [wish]}) == {}
    await chat.forward(WEEK + 2)
    shown = (await chat.messages("bo", "group"))[-1]
    await chat.press("carla", shown, "Vis andre opgørelser")
    seen = await told(chat, "carla")
    assert "Bornholm | #2 | ingen | #2 | #2" in seen
    assert "Tønder" not in seen
    assert "Andelen gik til" not in seen
    await chat.press("gry", shown, "Vis andre opgørelser")
    assert "Bornholm" not in await told(chat, "gry")


async def test_by_points_per_krone_the_tie_says_what_broke_it(chat: LocalDriver) -> None:
    """Four kroner for four voters, two for two: the same per krone, and the dearer has more behind it."""
    await priced(chat, Dyr=40_000, Billig=20_000)
    await frame(chat, 40_000)
    shown = await open_poll(chat, rule="per_krone")
    for person, emoji in (("anna", "one"), ("bo", "one"), ("carla", "two")):
        await chat.react(person, shown, emoji)
    await chat.forward(WEEK + 2)
    text = await poll_result(chat)
    assert "#1 Dyr og #2 Billig har lige meget opbakning pr. krone" in text
    assert "Jeg har taget det med mest opbakning først" in text
    assert "Der er plads til #1 Dyr, i alt" in text
