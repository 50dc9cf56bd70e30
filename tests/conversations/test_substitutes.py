"""Conversations about substitutes: somebody is away, and a colleague speaks for the municipality meanwhile."""

from __future__ import annotations

import pytest

from storage.models.log import LogEntry
from storage.queries import log
from tests.conversations.test_polls import open_poll, poll, told, wishes
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver


async def private(chat: LocalDriver, person: str) -> SeenMessage:
    return (await chat.messages(person, "private"))[-1]


async def heard(chat: LocalDriver, person: str) -> str:
    await chat.forward(24)
    return "\n".join(one.text for one in await chat.messages(person, "dm"))


async def entries(chat: LocalDriver, kind: str) -> list[LogEntry]:
    async with chat.runtime.storage.read() as session:
        return [one for one in await log.list_entries(session, 1) if one.kind == kind]


async def test_a_substitute_votes_and_the_colleague_hears_it_in_one_line(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.say("bo", "group", "/gruppe stedfortræder @hans til 4. september")
    assert await told(chat, "bo") == (
        "Hans Vang er nu stedfortræder for dig og taler for Tønder. Det gælder til og med den 4. september 2026. "
        "Hans Vang får besked kl. 9 næste hverdag; sig det selv, hvis det haster."
    )
    await chat.react("hans", shown, "one")
    await chat.react("hans", shown, "two")
    assert "1 af 3 kommuner har stemt. 1 svar er givet af en stedfortræder." in (await poll(chat)).text
    assert [one.facts.get("on_behalf_of") for one in await entries(chat, "ballot.cast")] == ["person-bo"] * 2
    bo = await heard(chat, "bo")
    said = "Hans Vang har stemt for Tønder i afstemning 1 på dine vegne: #1 Vis mailadresse og #2 Hurtigere søgning."
    assert bo.count("på dine vegne") == bo.count(said) == 1
    assert "Bo Lind har bedt dig tale for Tønder" in await heard(chat, "hans")
    anna = "\n".join(one.text for one in await chat.messages("anna", "dm"))
    assert "Hans Vang er stedfortræder for Bo Lind og taler for Tønder imens." in anna
    await chat.react("bo", shown, "three")
    assert "#3 Mørk tilstand 20.000\u00a0kr. · 1 kommune\n" in (await poll(chat)).text
    assert "stedfortræder" not in (await poll(chat)).text
    await chat.say("carla", "group", "/gruppe medlemmer")
    assert "Tønder Bo Lind, Hans Vang (stedfortræder til og med 04.09.2026)" in await told(chat, "carla")


async def test_a_substitute_hears_it_and_may_say_no(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/gruppe stedfortræder @hans til 4. september")
    state = await (await chat.client.get("/api/state")).json()
    hans = next(one for one in state["people"] if one["name"] == "Hans Vang")
    assert (hans["municipality"], hans["substitute"]) == ("Tønder", True)
    assert (
        "Bo Lind har bedt dig tale for Tønder til og med den 4. september 2026. "
        "Du kan stemme og støtte ønsker imens. Vil du ikke, så skriv /gruppe stedfortræder ingen."
    ) in await heard(chat, "hans")
    await chat.press("hans", (await chat.messages("hans", "dm"))[-1], "Nej tak")
    assert await told(chat, "hans") == "Du er ikke længere stedfortræder for Bo Lind, som får det at vide."
    assert "Hans Vang er ikke længere din stedfortræder for Tønder." in await heard(chat, "bo")
    state = await (await chat.client.get("/api/state")).json()
    assert next(one["substitute"] for one in state["people"] if one["name"] == "Hans Vang") is False


async def test_a_substitute_who_has_muted_the_bot_says_no_in_words(chat: LocalDriver) -> None:
    await chat.say("hans", "group", "/gruppe stille")
    await chat.say("bo", "group", "/gruppe stedfortræder @hans")
    assert (await told(chat, "bo")).endswith("Hans Vang har slået mine beskeder fra, så sig det selv.")
    await chat.say("hans", "group", "/gruppe stedfortræder ingen")
    assert "Du er ikke længere stedfortræder for Bo Lind" in await told(chat, "hans")


async def test_a_click_from_before_counts_from_when_one_is_named_and_is_marked_too(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("hans", shown, "one")
    assert "0 af 3 kommuner har stemt." in (await poll(chat)).text
    await chat.say("bo", "group", "/gruppe stedfortræder hans")
    assert "1 af 3 kommuner har stemt." in (await poll(chat)).text
    assert [one.facts.get("on_behalf_of") for one in await entries(chat, "ballot.cast")] == ["person-bo"]
    await chat.say("hans", "group", "/gruppe")
    assert "Du er stedfortræder og taler for Tønder." in await told(chat, "hans")


async def test_a_vote_that_has_room_again_is_still_the_substitutes(chat: LocalDriver) -> None:
    await wishes(chat)
    shown = await open_poll(chat, most="1")
    await chat.say("bo", "group", "/gruppe stedfortræder hans")
    await chat.react("hans", shown, "one")
    await chat.forward(0.01)
    await chat.react("hans", shown, "two")
    await chat.say("anna", "group", "/ønske status 1 afvis")
    assert await chat.submit("anna", {"reason": "Det er løst.", "basis": "meeting"}) == {}
    text = (await poll(chat)).text
    assert "#2 Hurtigere søgning 20.000\u00a0kr. · 1 kommune\n" in text
    assert "1 svar er givet af en stedfortræder." in text
    cast = await entries(chat, "ballot.cast")
    assert cast[-1].facts["marks"] == {"1": 1, "2": 1}
    assert {one.facts["on_behalf_of"] for one in cast} == {"person-bo"}


async def test_when_the_last_day_is_over_the_substitute_speaks_no_longer(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/gruppe stedfortræder hans til 2. september")
    await chat.forward(40)
    await wishes(chat)
    shown = await open_poll(chat, date="2026-09-10")
    await chat.react("hans", shown, "one")
    assert "0 af 3 kommuner har stemt." in (await poll(chat)).text
    assert "ikke længere stedfortræder for Bo Lind" in await heard(chat, "hans")
    assert "Hans Vang er ikke længere din stedfortræder for Tønder." in "\n".join(
        one.text for one in await chat.messages("bo", "dm")
    )
    assert [one.facts["for"] for one in await entries(chat, "member.substitute_ended")] == ["person-bo"]


async def test_the_form_shows_who_it_is_and_ends_it_when_it_is_emptied(chat: LocalDriver) -> None:
    await chat.say("bo", "group", "/gruppe medlemmer")
    await chat.press("bo", await private(chat, "bo"), "Stedfortræder")
    assert await chat.options("bo", "member", "han") == {"person-hans": "Hans Vang"}
    assert await chat.submit("bo", {"member": "person-hans", "until": ""}) == {}
    await chat.say("bo", "group", "/gruppe stedfortræder")
    form = await chat.form("bo")
    assert form is not None
    assert form.fields["member"].value == "person-hans"
    assert await chat.submit("bo", {"member": "person-hans", "until": "2026-09-30"}) == {}
    await chat.say("bo", "group", "/gruppe stedfortræder")
    form = await chat.form("bo")
    assert form is not None
    assert form.fields["until"].value == "2026-09-30"
    assert await chat.submit("bo", {"member": "", "until": ""}) == {}
    assert await told(chat, "bo") == "Hans Vang er ikke længere din stedfortræder."
    await chat.say("bo", "group", "/gruppe stedfortræder ingen")
    assert "Du har ingen stedfortræder" in await told(chat, "bo")


async def test_a_secret_answer_is_told_without_what_it_says(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat, visibility="secret")
    await chat.say("bo", "group", "/gruppe stedfortræder hans")
    await chat.say("hans", "group", "/afstemning stem 1")
    assert await chat.submit("hans", {"choices": ["2"]}) == {}
    bo = await heard(chat, "bo")
    assert "har stemt for Tønder i den hemmelige afstemning 1 på dine vegne." in bo
    assert "Hurtigere" not in bo


async def test_a_new_substitute_takes_the_place_of_the_old_one_and_all_end_with_the_colleague(
    chat: LocalDriver,
) -> None:
    await chat.say("bo", "group", "/gruppe stedfortræder hans")
    await chat.say("bo", "group", "/gruppe stedfortræder gry")
    await chat.say("hans", "group", "/gruppe stedfortræder carla")
    assert "Det kan kun" in await told(chat, "hans")
    await chat.say("gry", "group", "/gruppe stedfortræder hans")
    assert "Du er selv stedfortræder" in await told(chat, "gry")
    await chat.say("bo", "group", "/gruppe forlad")
    await chat.say("carla", "group", "/gruppe medlemmer")
    text = await told(chat, "carla")
    assert "Tønder" not in text
    assert "2 kommuner og organisationer kan stemme." in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("bo", "Du taler allerede for din kommune"),
        ("carla", "Carla Friis repræsenterer allerede en kommune"),
        ("eva", "Eva Sommer er leverandør"),
        ("Ulla", "Jeg kender ingen her, der hedder »Ulla«"),
        ("hans til 3. august 2025", "Dagen er allerede gået"),
        ("hans til 3. august 2029", "mere end et år"),
        ("hans til engang", "dato"),
    ],
)
async def test_who_can_not_stand_in_is_named_in_one_sentence(chat: LocalDriver, words: str, said: str) -> None:
    await chat.say("bo", "group", f"/gruppe stedfortræder {words}")
    assert said in await told(chat, "bo")
    assert not await entries(chat, "member.substitute_named")


async def test_only_who_speaks_for_a_municipality_can_lend_the_word(chat: LocalDriver) -> None:
    await chat.say("finn", "group", "/gruppe stedfortræder hans")
    assert "Det kan kun" in await told(chat, "finn")
    await chat.say("hans", "group", "/gruppe repræsenterer")
    assert await chat.submit("hans", {"municipality": "751"}) == {}
    await chat.say("hans", "group", "/gruppe stedfortræder gry")
    assert "Det er ikke bekræftet endnu, at du repræsenterer Aarhus" in await told(chat, "hans")
