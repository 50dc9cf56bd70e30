"""The page keeps step with the rest: its words in both languages, commands, emojis, blocks, kinds of fields."""

from __future__ import annotations

import pathlib
import re
from typing import Any, get_args

import pytest

import locales
from bot.app import CAPABILITIES
from bot.platforms.local.offers import offers_json
from bot.platforms.local.render import form_json
from bot.platforms.local.show import PAGE
from handlers.chat.messages import SIGNS, Block, Field, FieldKind, Form
from handlers.chat.router import Asked, find_command, find_deed
from storage.enums import Role
from tests.page.conftest import Windows

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("page")]

SCRIPTS = sorted(PAGE.glob("*.js"))


async def _read(windows: Windows, module: str, name: str) -> Any:
    """What a module of the page exports."""
    chat = await windows.open("anna")
    return await chat.page.evaluate(
        """async ([module, name]) => {
            const plain = (value) => typeof value === 'function' ? `function/${value.length}`
                : value && typeof value === 'object' && !Array.isArray(value)
                    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)])) : value;
            return plain((await import(`/page/${module}.js`))[name]);
        }""",
        [module, name],
    )


async def test_both_languages_have_every_word(windows: Windows) -> None:
    words = await _read(windows, "words", "WORDS")
    assert list(words["da"]) == list(words["en"])
    for key, danish in words["da"].items():
        english = words["en"][key]
        assert danish
        assert english
        assert ("function/" in danish) == ("function/" in english), key
    used = set(re.findall(r"""say\(\s*"([a-z_.]+)\"""", _all_scripts()))
    used |= set(re.findall(r"""data-word(?:-label)?="([a-z_.]+)\"""", (PAGE / "index.html").read_text("utf-8")))
    assert used <= set(words["da"])
    spoken = _all_scripts() + (PAGE / "index.html").read_text("utf-8")
    unused = [key for key in words["da"] if spoken.count(f'"{key}"') == 2 and not key.startswith("role.")]
    assert unused == [], "words that the page never says"
    assert {f"role.{role}" for role in Role} <= set(words["da"])


@pytest.mark.parametrize("language", locales.LANGUAGES)
async def test_every_word_that_the_bot_knows_is_offered_with_what_it_does(language: str) -> None:
    words = tuple(word for one in CAPABILITIES for word in one.words)
    offers = offers_json(words, language)
    assert len(offers) == len(words)
    assert [one["text"] for one in offers if not one["about"]] == [], "give the deeds a line in the help"
    by_text = {one["text"]: one for one in offers}
    support, merge, example = ("støt", "flet", "43 i 12") if language == "da" else ("support", "merge", "43 into 12")
    assert by_text[f"/ønske {support}"]["after"] == "43"
    assert by_text[f"/ønske {merge}"]["after"] == example
    assert "oenske" in by_text["/ønske"]["command"]
    for one in offers:
        assert isinstance(
            find_deed(words, find_command(one["text"].split()[0]) or "", one["text"].partition(" ")[2]), Asked
        )


async def test_the_bots_emojis_can_be_chosen(windows: Windows) -> None:
    names = await _read(windows, "emojis", "NAMES")
    assert set(SIGNS) <= set(names)
    source = (PAGE / "emojis.js").read_text("utf-8")
    for name, sign in SIGNS.items():
        assert f'["{name}", "{sign}"' in source


async def test_the_page_shows_every_block_and_every_kind_of_field() -> None:
    blocks = (PAGE / "blocks.js").read_text("utf-8") + (PAGE / "message.js").read_text("utf-8")
    for kind in get_args(Block):
        assert re.search(rf'^  {kind.__name__}[:,]|"{kind.__name__}"', blocks, re.MULTILINE), kind
    fields = (PAGE / "fields.js").read_text("utf-8")
    form = Form("wish.submit", "Ønske", tuple(Field(kind, kind, kind) for kind in get_args(FieldKind)))
    for shown in form_json(form)["fields"]:
        assert re.search(rf"^  {shown['kind']}[:,]", fields, re.MULTILINE), shown


async def test_nothing_on_the_page_is_fetched_from_elsewhere_or_made_from_markup() -> None:
    for path in [*SCRIPTS, PAGE / "index.html", *PAGE.glob("*.css")]:
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 700
        found = [one for one in re.findall(r"https?://[\w.]+", text) if one != "http://www.w3.org"]
        assert found == [], path.name
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 300, path.name
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|setAttribute\(\"style", text
        )
    index = (PAGE / "index.html").read_text("utf-8")
    assert not re.search(r"style=|<style|\son\w+=|<script(?![^>]*src=)", index)
    assert _preloaded(index) == {path.name for path in SCRIPTS} - {"main.js", "theme.js"}


def _preloaded(index: str) -> set[str]:
    return set(re.findall(r'modulepreload" href="/page/([\w.]+)"', index))


def _all_scripts() -> str:
    return "\n".join(pathlib.Path(path).read_text("utf-8") for path in SCRIPTS)
