"""Somebody who does not know a wish's number chooses it in a form, and goes on from there."""

from __future__ import annotations

import pytest

from tests.promises.local import LocalDriver


async def _submit(chat: LocalDriver, title: str, **more: str) -> None:
    await chat.say("bo", "group", "/ønske")
    assert await chat.submit("bo", {"title": title, "need": "Hver dag.", **more}) == {}


async def _told(chat: LocalDriver, person: str) -> str:
    return (await chat.messages(person, "private"))[-1].text


@pytest.mark.parametrize(
    ("person", "command", "follows"),
    [
        ("bo", "/ønske ret", "Ret ønske #1"),
        ("eva", "/ønske estimat", "Estimat på #1"),
        ("anna", "/ønske indstil", "Indstil"),
    ],
)
async def test_the_form_of_the_wish_that_was_chosen_follows(
    chat: LocalDriver, person: str, command: str, follows: str
) -> None:
    await _submit(chat, "Vis mailadresse i listen", estimate="20.000")
    await chat.say(person, "group", command)
    form = await chat.form(person)
    assert form is not None
    assert form.title == "Hvilket ønske?"
    assert await chat.options(person, "wish", "vis mail") == {"1": "#1 Vis mailadresse i listen"}
    for typed in ("hest", "99"):
        assert typed in (await chat.submit(person, {"wish": typed}))["wish"]
    assert await chat.submit(person, {"wish": "1"}) == {}
    form = await chat.form(person)
    assert form is not None
    assert form.title.startswith(follows)


async def test_the_leader_merges_from_the_wish_itself(chat: LocalDriver) -> None:
    await _submit(chat, "Vis mailadresse i listen")
    await _submit(chat, "Mail i oversigten")
    await chat.say("anna", "group", "/ønske vis 2")
    await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Flet …")
    assert await chat.submit("anna", {"into": "2"}) == {
        "into": "Et ønske kan ikke flettes ind i sig selv. Vælg et andet."
    }
    assert await chat.submit("anna", {"into": "1"}) == {}
    assert "Ønske #2 er flettet ind i #1" in await _told(chat, "anna")


async def test_who_may_not_do_it_hears_so_after_the_choice(chat: LocalDriver) -> None:
    await _submit(chat, "Vis mailadresse i listen")
    await chat.say("carla", "group", "/ønske ret")
    refused = await chat.submit("carla", {"wish": "1"})
    assert "Ønske #1 er ikke dit." in refused[""]
    await chat.say("carla", "group", "/ønske flet")
    assert "leder" in await _told(chat, "carla")


async def test_a_wish_that_is_not_ready_comes_to_an_open_poll_by_its_title(chat: LocalDriver) -> None:
    await _submit(chat, "Vis mailadresse i listen", estimate="20.000")
    await _submit(chat, "Slet en konsulent", estimate="10.000")
    await _submit(chat, "Mail i oversigten")
    await chat.say("anna", "group", "/afstemning")
    assert await chat.submit("anna", {"title": "Prioritering", "more": "1,2"}) == {}
    await chat.say("anna", "group", "/afstemning tilføj 1")
    assert await chat.options("anna", "more", "oversigt") == {"3": "#3 Mail i oversigten"}
    assert await chat.submit("anna", {"more": "3"}) == {}
    assert "#3" in await _told(chat, "anna")
