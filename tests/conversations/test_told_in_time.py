"""Conversations about hearing of a vote in one's name: each time that it changes, and while something can be done."""

from __future__ import annotations

import pytest

from tests.conversations.test_polls import DEADLINE_HOURS, open_poll, poll, told, wishes
from tests.conversations.test_voting import enter, heard
from tests.promises.driver import SeenMessage
from tests.promises.local import LocalDriver

LAST_MORNING = DEADLINE_HOURS - 1.5
"""Half past ten on the day of the deadline: the morning's bundle has gone, and there is an hour and a half left."""

ON_BEHALF = "Hans Vang har stemt for Tønder i afstemning 1 på dine vegne:"
ONE, TWO = "#1 Vis mailadresse", "#2 Hurtigere søgning"
PUT_RIGHT = "Er det forkert, så stem selv; det seneste svar gælder."


async def direct(chat: LocalDriver, person: str) -> list[str]:
    return [one.text for one in await chat.messages(person, "dm")]


async def represented(chat: LocalDriver, **values: str | list[str]) -> SeenMessage:
    """A poll in which Hans votes for Bo."""
    await wishes(chat)
    shown = await open_poll(chat, **values)
    await chat.say("bo", "group", "/gruppe stedfortræder @hans")
    return shown


async def test_every_day_on_which_the_vote_changed_is_one_line(chat: LocalDriver) -> None:
    shown = await represented(chat)
    await chat.react("hans", shown, "one")
    await chat.react("hans", shown, "two")
    assert f"{ON_BEHALF} {ONE} og {TWO}. {PUT_RIGHT}" in await heard(chat, "bo")
    await chat.react("hans", shown, "one", on=False)
    changed = f"Hans Vang har ændret det svar, der er givet på dine vegne for Tønder i afstemning 1. Nu er det {TWO}."
    assert f"{changed} {PUT_RIGHT}" in await heard(chat, "bo")
    await chat.react("hans", shown, "two", on=False)
    gone = "Hans Vang har taget det svar tilbage, der var givet på dine vegne for Tønder i afstemning 1. Stem selv,"
    assert gone in await heard(chat, "bo")


async def test_what_was_told_last_is_not_told_again(chat: LocalDriver) -> None:
    shown = await represented(chat)
    await chat.react("hans", shown, "one")
    await chat.react("hans", shown, "one", on=False)
    assert await direct(chat, "bo") == []
    assert "på dine vegne" not in await heard(chat, "bo")
    await chat.react("hans", shown, "one")
    await heard(chat, "bo")
    count = len(await direct(chat, "bo"))
    await chat.react("hans", shown, "two")
    await chat.react("hans", shown, "two", on=False)
    await heard(chat, "bo")
    assert len(await direct(chat, "bo")) == count


async def test_a_change_of_a_secret_answer_is_told_without_what_it_says(chat: LocalDriver) -> None:
    await represented(chat, visibility="secret")
    for choice in ("2", "3"):
        await chat.say("hans", "group", "/afstemning stem 1")
        assert await chat.submit("hans", {"choices": [choice]}) == {}
        bo = await heard(chat, "bo")
    assert "har stemt for Tønder i den hemmelige afstemning 1 på dine vegne." in bo
    assert "Hans Vang har svaret igen for Tønder i den hemmelige afstemning 1 på dine vegne." in bo
    assert TWO not in bo


async def test_on_the_last_morning_those_concerned_hear_it_at_once_in_one_message_that_stays_true(
    chat: LocalDriver,
) -> None:
    shown = await represented(chat)
    await chat.react("anna", shown, "one")
    await chat.forward(LAST_MORNING)
    before = {person: len(await direct(chat, person)) for person in ("bo", "anna", "carla")}
    await chat.react("hans", shown, "one")
    assert (await direct(chat, "bo"))[before["bo"] :] == [f"{ON_BEHALF} {ONE}. {PUT_RIGHT}"]
    await chat.react("hans", shown, "two")
    assert (await direct(chat, "bo"))[before["bo"] :] == [f"{ON_BEHALF} {ONE} og {TWO}. {PUT_RIGHT}"]
    await chat.react("dan", shown, "two")
    (colleague,) = (await direct(chat, "anna"))[before["anna"] :]
    assert "Dan Krogh har stemt for Favrskov i afstemning 1 efter dig." in colleague
    assert await enter(chat, "Bornholm", "3") == {}
    (entered,) = (await direct(chat, "carla"))[before["carla"] :]
    assert "Anna Holm har skrevet et svar ind for Bornholm i afstemning 1" in entered
    await chat.forward(30)
    for person in ("bo", "carla", "anna"):
        later = (await direct(chat, person))[before[person] + 1 :]
        assert not [text for text in later if "stem selv" in text or "stem igen" in text or "på dine vegne" in text]


async def test_on_the_last_morning_those_who_chose_a_wish_that_leaves_hear_it_while_they_can_choose_another(
    chat: LocalDriver,
) -> None:
    await wishes(chat)
    shown = await open_poll(chat)
    await chat.react("bo", shown, "one")
    await chat.react("carla", shown, "two")
    await chat.forward(LAST_MORNING)
    before = {person: len(await direct(chat, person)) for person in ("bo", "carla")}
    await chat.say("anna", "group", "/ønske status 1 hold venter")
    (left,) = (await direct(chat, "bo"))[before["bo"] :]
    assert ONE in left
    assert (await direct(chat, "carla"))[before["carla"] :] == []
    await chat.say("anna", "group", "/ønske status 1 genoptag")
    (back,) = (await direct(chat, "bo"))[before["bo"] :]
    assert back != left


async def test_whoever_has_muted_the_bot_is_told_nothing_at_once_either(chat: LocalDriver) -> None:
    shown = await represented(chat)
    await chat.say("bo", "group", "/gruppe stille")
    await chat.forward(LAST_MORNING)
    before = await direct(chat, "bo")
    await chat.react("hans", shown, "one")
    assert await direct(chat, "bo") == before


SUNDAY = {"date": "2026-09-06", "time": "18.00"}
FRIDAY_EVENING = 3 * 24 + 8


async def test_what_can_not_be_told_in_time_is_told_afterwards_without_asking_for_a_vote(chat: LocalDriver) -> None:
    shown = await represented(chat, **SUNDAY)
    await chat.react("anna", shown, "one")
    await chat.forward(FRIDAY_EVENING)
    before = {person: len(await direct(chat, person)) for person in ("bo", "anna", "carla")}
    await chat.react("hans", shown, "one")
    await chat.react("dan", shown, "two")
    assert await enter(chat, "Bornholm", "3") == {}
    assert {person: len(await direct(chat, person)) for person in before} == before
    await chat.forward(3 * 24)
    later = {person: "\n".join((await direct(chat, person))[count:]) for person, count in before.items()}
    assert f"{ON_BEHALF} {ONE}. Afstemningen er lukket." in later["bo"]
    assert (
        "afstemning 1, som er modtaget pr. mail eller på et møde: #3 Mørk tilstand. Afstemningen er lukket."
        in (later["carla"])
    )
    assert "Dan Krogh har stemt" not in later["anna"]
    assert "stem" not in later["bo"].replace("Afstemning", "").replace("afstemning", "").replace("stemt", "")


@pytest.mark.parametrize("ends", ["luk", "annuller"])
async def test_when_the_leader_ends_the_poll_nothing_that_waits_asks_for_a_vote(chat: LocalDriver, ends: str) -> None:
    shown = await represented(chat)
    await chat.react("anna", shown, "one")
    await chat.react("dan", shown, "two")
    await chat.react("hans", shown, "one")
    await wishes(chat, "Et sent ønske")
    await chat.say("anna", "group", "/afstemning tilføj 1 4")
    assert "kommuner har stemt og får besked." in await told(chat, "anna")
    await chat.say("anna", "group", f"/afstemning {ends} 1")
    if ends == "luk":
        await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Luk nu")
    else:
        assert await chat.submit("anna", {"reason": "Et ønske manglede."}) == {}
    assert "Afstemningen" in (await poll(chat)).text
    for person in ("bo", "anna", "dan"):
        said = await heard(chat, person, 24 if person == "bo" else 0.01)
        assert "stem selv" not in said
        assert "stem igen" not in said
        assert (f"{ON_BEHALF} {ONE}. Afstemningen er lukket." in said) is (person == "bo" and ends == "luk")
