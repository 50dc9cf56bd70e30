"""Several people at the same instant, on real databases: one of them is first, and the others get a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.clock import MovableClock
from storage.queries import members
from storage.session import Storage
from tests.promises.local import LocalDriver, local_world

FOUNDING: dict[str, str | list[str]] = {"product": "OS2sofd", "municipality": "710"}


@pytest.fixture
async def empty(storage: Storage, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    async with local_world(storage, clock, with_group=False) as driver:
        yield driver


@pytest.fixture
async def chat(storage: Storage, clock: MovableClock) -> AsyncIterator[LocalDriver]:
    async with local_world(storage, clock) as driver:
        yield driver


async def test_two_make_a_group_of_one_channel(empty: LocalDriver, storage: Storage) -> None:
    people = ("anna", "bo", "carla", "dan")
    for person in people:
        await empty.say(person, "group", "/gruppe opret")
    answers = await asyncio.gather(*(empty.submit(person, FOUNDING) for person in people))
    assert sorted(bool(errors) for errors in answers) == [False, True, True, True]
    for errors in answers:
        assert not errors or "allerede koordinationsgruppe" in errors[""] or "travlt" in errors[""]
    async with storage.read() as session:
        assert len(await members.list_groups(session)) == 1


async def test_two_groups_of_one_product_at_once_get_two_names(empty: LocalDriver, storage: Storage) -> None:
    channels = {"anna": "group", "bo": "other", "carla": "steering"}
    for person, channel in channels.items():
        await empty.say(person, channel, "/gruppe opret")
    answers = await asyncio.gather(*(empty.submit(person, FOUNDING) for person in channels))
    for person, errors in zip(channels, answers, strict=True):
        # A slow disk may keep one waiting past the 1.5 s that a person waits for the lock: they do as they are told.
        if errors:
            assert "Prøv igen om lidt" in errors[""]
            assert await empty.submit(person, FOUNDING) == {}
    async with storage.read() as session:
        names = sorted(group.short_name for group in await members.list_groups(session))
    assert names == ["os2sofd", "os2sofd-2", "os2sofd-3"]


async def test_two_confirm_what_was_prepared(chat: LocalDriver) -> None:
    await chat.say("anna", "group", "/gruppe forlad")
    await chat.press("anna", (await chat.messages("anna", "private"))[-1], "Forlad gruppen")
    left = next(one for one in await chat.messages("bo", "group") if "leder ikke længere" in one.text)
    await chat.press("bo", left, "Jeg tager over som leder")
    asked = next(one for one in await chat.messages("bo", "group") if "har forberedt" in one.text)
    await asyncio.gather(
        chat.press("carla", asked, "Bekræft for kommunerne"), chat.press("dan", asked, "Bekræft for kommunerne")
    )
    told = [one.text for person in ("carla", "dan") for one in await chat.messages(person, "private")]
    assert len([text for text in told if "allerede afgjort" in text or "travlt" in text]) == 1
    said = [one.text for one in await chat.messages("bo", "group") if one.text == "Bo Lind leder nu gruppen."]
    assert len(said) == 1
