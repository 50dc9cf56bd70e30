"""Conversations about rounds: a group that prioritises each quarter gets a proposal, and the leader opens the poll."""

from __future__ import annotations

import pathlib

from bot.clock import MovableClock
from tests.conftest import make_storage
from tests.conversations.test_polls import open_poll, told, wishes
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver, local_world

DAY = 24


async def plan(chat: LocalDriver, **values: str) -> dict[str, str]:
    await chat.say("anna", "group", "/afstemning runder")
    return await chat.submit("anna", {"every": "quarter", "first": "2026-10-01", "by": "date", **values})


async def proposals(chat: LocalDriver, person: str = "anna") -> list[SeenMessage]:
    return [one for one in await chat.messages(person, "dm") if "Det er tid til en ny runde" in one.text]


async def in_group(chat: LocalDriver) -> list[str]:
    return [one.text for one in await chat.messages("bo", "group") if not one.private]


async def test_the_leader_plans_rounds_and_everybody_hears_it(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/afstemning runder")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["every"].options["quarter"] == "hvert kvartal"
    assert (form.fields["every"].value, form.fields["days"].value) == ("never", "5")
    assert "Gruppen har ingen faste runder." in await told(chat, "anna")
    assert await plan(chat, debate="3") == {}
    text = (await in_group(chat))[-1]
    assert "Anna Holm har lagt faste runder for gruppen" in text
    assert "Gruppen prioriterer: hvert kvartal" in text
    assert "Næste forslag: torsdag 1. oktober 2026 kl.\u00a009.00" in text
    assert "Debat: 3 arbejdsdage" in text
    assert "Ingen afstemning åbner, før lederen åbner den" in text
    await chat.say("bo", "group", "/afstemning runder")
    assert await chat.form("bo") is None
    assert "Gruppens leder kan ændre det" in await told(chat, "bo")
    assert await plan(chat, debate="3") == {}
    assert await told(chat, "anna") == "Der er ikke ændret noget."
    await chat.say("anna", "group", "/gruppe beslutninger")
    assert "Gruppen prioriterer: ikke af sig selv → hvert kvartal" in await told(chat, "anna")
    assert await plan(chat, every="never") == {}
    assert "Anna Holm har stoppet gruppens faste runder." in (await in_group(chat))[-1]


async def test_when_it_is_time_the_leader_gets_what_is_ready_and_opens_it_as_the_last_time(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat, method="score", rule="equal_shares", quorum="40")
    await plan(chat, debate="2", days="7")
    await chat.forward(31 * DAY)
    (proposal,) = await proposals(chat)
    assert "3 ønsker er klar til prioritering, #1 Vis mailadresse, #2 Hurtigere søgning og #3" in proposal.text
    assert not await proposals(chat, "bo")
    assert not [text for text in await in_group(chat) if text.startswith("Afstemning 2")]
    await chat.press("anna", proposal, "Åbn afstemningen")
    form = await chat.form("anna")
    assert form is not None
    kept = {name: form.fields[name].value for name in ("method", "rule", "quorum", "debate", "date", "wishes")}
    assert kept == {
        "method": "score",
        "rule": "equal_shares",
        "quorum": "40",
        "debate": "2026-10-06",
        "date": "2026-10-15",
        "wishes": ["1", "2", "3"],
    }
    assert await chat.submit("anna", {"title": "Prioritering af vinteren", "debate": ""}) == {}
    assert [text for text in await in_group(chat) if text.startswith("Afstemning 2: Prioritering af vinteren")]


async def test_nothing_ready_is_said_instead(chat: LocalDriver) -> None:
    await plan(chat)
    await chat.forward(31 * DAY)
    (proposal,) = await proposals(chat)
    assert "men 0 ønsker er klar til prioritering" in proposal.text
    assert not proposal.buttons


async def test_what_is_in_a_poll_already_is_not_proposed_again(chat: LocalDriver) -> None:
    await wishes(chat)
    await open_poll(chat, wishes=["1", "2"], date="2026-10-20")
    await chat.say("anna", "group", "/afstemning runde")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["wishes"].value == ["3"]
    assert form.fields["wishes"].options["2"].startswith("#2 (er med i afstemning 1) Hurtigere søgning")
    await plan(chat)
    await chat.forward(31 * DAY)
    (proposal,) = await proposals(chat)
    assert "der er for få nye ønsker" in proposal.text
    assert not proposal.buttons
    await chat.forward(30 * DAY)
    await plan(chat, first="2026-11-02")
    await chat.forward(2 * DAY)
    assert "3 ønsker er klar til prioritering" in (await proposals(chat))[-1].text


async def test_of_many_wishes_those_that_most_municipalities_back_are_ticked(chat: LocalDriver) -> None:
    await wishes(chat, *(f"Ønske nr. {number}" for number in range(1, 13)))
    for number in (11, 12):
        await chat.say("bo", "group", f"/ønske støt {number}")
    await chat.say("anna", "group", "/afstemning runde")
    form = await chat.form("anna")
    assert form is not None
    assert form.fields["wishes"].value == ["1", "2", "3", "4", "5", "6", "7", "8", "11", "12"]


async def test_a_bot_that_was_down_proposes_once_when_it_is_back(tmp_path: pathlib.Path, clock: MovableClock) -> None:
    storage = await make_storage(f"sqlite+aiosqlite:///{tmp_path / 'down.db'}")
    async with local_world(storage, clock) as chat:
        await wishes(chat)
        assert await plan(chat, every="month", first="2026-09-07") == {}
        clock.move_to(clock.now().replace(month=11, day=10))
        await chat.forward(2 * DAY)
        assert len(await proposals(chat)) == 1
        await chat.forward(20 * DAY)
        assert len(await proposals(chat)) == 1
    await storage.dispose()


async def test_what_was_missed_for_weeks_is_left_to_the_next_round(tmp_path: pathlib.Path, clock: MovableClock) -> None:
    storage = await make_storage(f"sqlite+aiosqlite:///{tmp_path / 'down.db'}")
    async with local_world(storage, clock) as chat:
        await wishes(chat)
        assert await plan(chat) == {}
        clock.move_to(clock.now().replace(month=10, day=20))
        await chat.forward(5 * DAY)
        assert not await proposals(chat)
        clock.move_to(clock.now().replace(year=2027, month=1, day=2))
        await chat.forward(5 * DAY)
        assert len(await proposals(chat)) == 1
    await storage.dispose()


async def test_a_wrong_plan_gets_one_sentence_per_field(chat: LocalDriver) -> None:
    assert list(await plan(chat, first="")) == ["first"]
    assert "allerede gået" in (await plan(chat, first="2026-08-01"))["first"]
    assert "mere end et år" in (await plan(chat, first="2029-08-01"))["first"]
    assert list(await plan(chat, debate="hest", days="0")) == ["debate", "days"]
    await chat.say("bo", "group", "/afstemning runde")
    assert "Det kan kun gruppens leder gøre" in await told(chat, "bo")
