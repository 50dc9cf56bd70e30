"""Texts are kept as people can see and mean them."""

from __future__ import annotations

import pytest

from bot.intake import know_person
from handlers.chat.interactions import Sender
from handlers.chat.letters import is_seen, storable
from storage.session import Storage
from tests.conftest import START, Counter, make_storage


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ha\u030andtering", "Håndtering"),
        ("a\0b\x0b\x1bc\x7f\x85", "abc"),
        ("half \ud83d", "half "),
        ("\ufeffx\ufffe\uffff", "\ufeffx"),
        ("Bedre søgning \u202e", "Bedre søgning "),
        ("\u2066a\u2067b\u2068c\u2069\u202ad\u202be\u202cf\u202d", "abcdef"),
        ("one\r\ntwo\rthree\u2028four\u2029five\tsix", "one\ntwo\nthree\nfour\nfive\tsix"),
        ("👩\u200d💻 مرحبا", "👩\u200d💻 مرحبا"),
    ],
)
def test_what_nobody_sees_and_what_turns_the_rest_is_left_out(typed: str, kept: str) -> None:
    assert storable(typed) == kept
    assert storable(kept) == kept


@pytest.mark.parametrize(
    ("text", "seen"), [("\u200b", False), (" \u00a0\u2060\n", False), ("", False), ("👍", True), ("-", True)]
)
def test_what_shows_nothing_is_no_text(text: str, seen: bool) -> None:
    assert is_seen(text) is seen


async def test_a_name_turns_nothing_either(sqlite_url: str) -> None:
    storage: Storage = await make_storage(sqlite_url)
    new_id = Counter()
    async with storage.write() as session:
        for name, kept in (
            ("Ivan \u202e", "Ivan"),
            ("Ivan\r \u202eMikkelsen", "Ivan Mikkelsen"),
            ("\u202e", "Ivan Mikkelsen"),
        ):
            sender = Sender("local", "local", "ivan", name)
            assert (await know_person(session, sender, START, new_id, keep=True)).name == kept
    await storage.dispose()
