"""Conversations about ties that the group decides itself, in a poll of its own."""

from __future__ import annotations

from tests.conversations.test_polls import frame, open_poll, priced, told, wishes
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver

NB = "\u00a0"
WEEK = 7 * 24


async def counted(chat: LocalDriver, clicks: dict[str, tuple[str, ...]]) -> SeenMessage:
    """The result, after these emojis in the poll that was opened last."""
    shown = (await chat.messages("bo", "group"))[-1]
    for person, emojis in clicks.items():
        for emoji in emojis:
            await chat.react(person, shown, emoji)
    await chat.forward(WEEK + 2)
    return next(one for one in reversed(await chat.messages("bo", "group")) if one.text.startswith("Resultat"))


async def run_off(chat: LocalDriver, seen: SeenMessage, label: str = "Afgør stemmeligheden") -> None:
    await chat.press("anna", seen, label)
    assert await chat.submit("anna", {}) == {}


async def test_a_tie_is_decided_in_a_poll_of_its_own(chat: LocalDriver) -> None:
    await priced(chat, Mail=30_000, Mørk=20_000, Kort=20_000)
    await frame(chat, 30_000)
    await open_poll(chat)
    seen = await counted(chat, {"bo": ("two",), "carla": ("three",)})
    assert "Stemmelighed: #2 Mørk og #3 Kort står lige" in seen.text
    await chat.press("anna", seen, "Afgør stemmeligheden")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["title"].value == "Afgørende afstemning efter afstemning 1"
    assert form.fields["wishes"].value == ["2", "3"]
    assert await chat.submit("anna", {}) == {}
    assert "Afstemning 2: Afgørende afstemning efter afstemning 1" in (await chat.messages("bo", "group"))[-1].text
    found = await counted(chat, {"bo": ("two",), "carla": ("two",)})
    assert f"Der er plads til #3 Kort, i alt 20.000{NB}kr." in found.text
    assert "Stemmelighed" not in found.text


async def test_it_is_about_the_money_that_the_first_poll_left_to_them(chat: LocalDriver) -> None:
    await priced(chat, Sikker=50_000, Mørk=40_000, Kort=40_000)
    await frame(chat, 100_000)
    await open_poll(chat)
    seen = await counted(chat, {"anna": ("one", "two"), "bo": ("one", "three")})
    await run_off(chat, seen)
    found = await counted(chat, {"anna": ("one",), "bo": ("one",), "carla": ("two",)})
    left = (
        f"Der er 50.000{NB}kr. tilbage til disse, når 50.000{NB}kr. er sat af til det andet, som afstemning 1 valgte."
    )
    assert left in found.text
    assert f"Der er plads til #2 Mørk, i alt 40.000{NB}kr." in found.text


async def test_what_has_been_started_meanwhile_is_not_set_aside_twice(chat: LocalDriver) -> None:
    await priced(chat, Sikker=50_000, Mørk=40_000, Kort=40_000)
    await frame(chat, 100_000)
    await open_poll(chat)
    seen = await counted(chat, {"anna": ("one", "two"), "bo": ("one", "three")})
    await chat.say("anna", "group", "/ønske status 1 igangsat")
    assert await chat.submit("anna", {}) == {}
    await run_off(chat, seen)
    found = await counted(chat, {"anna": ("one",), "bo": ("one",), "carla": ("two",)})
    assert f"Der er 50.000{NB}kr. til rådighed." in found.text
    assert f"Der er plads til #2 Mørk, i alt 40.000{NB}kr." in found.text


async def test_each_of_two_ties_has_a_way_on(chat: LocalDriver) -> None:
    """The money is enough for one of the two dear ones, and then for one of the two cheap ones."""
    await priced(chat, Dyr=40_000, Dyrere=50_000, Lille=9_000, Mindre=8_000)
    await frame(chat, 50_000)
    await open_poll(chat)
    seen = await counted(chat, {"anna": ("one", "two", "three"), "bo": ("one", "two", "four")})
    assert seen.text.count("Stemmelighed") == 2
    assert {"Afgør #1 eller #2 i en ny afstemning", "Afgør #4 eller #3 i en ny afstemning"} <= set(seen.buttons)
    await chat.press("anna", seen, "Afgør #4 eller #3")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["wishes"].value == ["3", "4"]


async def test_without_a_frame_a_shared_place_is_a_tie_too(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat)
    seen = await counted(chat, {"anna": ("one",), "bo": ("two",)})
    shared = (
        "Stemmelighed: #1 Vis mailadresse og #2 Hurtigere søgning deler plads, og ingen af dem går forud for de andre"
    )
    assert shared in seen.text
    await run_off(chat, seen)
    found = await counted(chat, {"anna": ("one",), "bo": ("one",)})
    assert "Stemmelighed" not in found.text


async def test_a_result_without_a_tie_has_none_to_decide(chat: LocalDriver) -> None:
    await priced(chat, Mail=30_000, Mørk=20_000)
    await frame(chat, 30_000)
    await open_poll(chat)
    seen = await counted(chat, {"anna": ("one",), "bo": ("one",), "carla": ("two",)})
    assert not [label for label in seen.buttons if label.startswith("Afgør")]
    assert "Stemmelighed" not in seen.text
    await chat.press("bo", seen, "Vis andre opgørelser")
    assert "Stemmelighed" not in await told(chat, "bo")
