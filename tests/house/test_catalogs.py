"""The catalogs: every text exists in both languages with the same names in it, and every text is used."""

from __future__ import annotations

import pathlib
import re
import string

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = pathlib.Path(__file__).parents[2]
LOCALES = ROOT / "locales"
ROOMS = sorted({path.stem for path in LOCALES.glob("*/LC_MESSAGES/*.po")})
_KEY = re.compile(r"""["']((?:[a-z_]+)(?:\.[a-z0-9_-]+)+)["']""")
_FORMATTED = re.compile(r"""f["']([a-z_]+(?:\.[a-z0-9_{}.\[\]!-]+)+)["']""")


def read(language: str, room: str) -> dict[str, tuple[str, ...]]:
    path = LOCALES / language / "LC_MESSAGES" / f"{room}.po"
    with path.open("rb") as file:
        catalog: Catalog = read_po(file, locale=language)
    found: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            found[key] = tuple(str(text) for text in texts)
    return found


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_have_the_same_texts(room: str) -> None:
    danish, english = read("da", room), read("en", room)
    assert danish.keys() == english.keys()
    for key, texts in danish.items():
        assert all(texts) and all(english[key]), key
        assert len(texts) == len(english[key]), key
        allowed = set().union(*(names(text) for text in texts))
        assert set().union(*(names(text) for text in english[key])) == allowed, key


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_key_stands_twice(language: str) -> None:
    seen: dict[str, str] = {}
    for room in ROOMS:
        path = LOCALES / language / "LC_MESSAGES" / f"{room}.po"
        for key in re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE):
            assert key not in seen, f"{key} in {seen[key]} and {room}"
            seen[key] = room


def _code() -> str:
    rooms = ("bot", "handlers", "storage", "locales")
    return "\n".join(
        path.read_text(encoding="utf-8")
        for room in rooms
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in (".py", ".js", ".html")
    )


def test_every_text_that_is_asked_for_exists() -> None:
    known = {key for room in ROOMS for key in read("da", room)}
    asked = set(
        re.findall(
            r"""(?:translate|plural|Refusal|FieldRefusal)\(\s*(?:"[a-z_]*",\s*)?"([a-z_.0-9]+\.[a-z_.0-9]+)\"""",
            _code(),
        )
    )
    assert sorted(key for key in asked if key not in known) == []


def test_every_text_is_used() -> None:
    code = _code()
    literal = set(_KEY.findall(code))
    patterns = [
        re.compile(re.sub(r"\\\{.*?\\\}", r"[A-Za-z0-9_.-]+", re.escape(found)) + "$")
        for found in _FORMATTED.findall(code)
    ]
    unused = [
        key
        for room in ROOMS
        for key in read("da", room)
        if key not in literal and not any(pattern.match(key) for pattern in patterns)
    ]
    assert unused == []
