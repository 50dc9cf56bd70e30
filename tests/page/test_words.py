"""The page keeps step with the rest: its words in both languages, the commands, emojis, blocks and kinds of fields."""

from __future__ import annotations

import pathlib
import re
from typing import Any, get_args

import pytest

from bot.app import CAPABILITIES
from bot.platforms.local.show import PAGE
from handlers.chat.messages import SIGNS, Block, FieldKind
from handlers.chat.router import COMMANDS
from storage.enums import Role
from tests.page.conftest import Windows

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("page")]

CONTRACT = {
    "ønske": "liste vis mine støt søg ret træk flet estimat tilsagn status indstil hjælp",
    "afstemning": "stem status luk annuller resultat liste",
    "møde": "dato liste kommer afbud afholdt aflys dagsorden referat status",
    "gruppe": "opret hvem medlemmer økonomi kommissorium sundhed beslutninger rapport indstillinger stille mine-data "
    "hjælp",
}
"""The words after each command, as `docs/architecture.md` has them."""

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


async def test_the_commands_that_are_offered_are_those_of_the_contract_and_of_the_bot(windows: Windows) -> None:
    offered = {(command, word) for command, word, *_ in await _read(windows, "commands", "COMMANDS")}
    contract = {(command, word) for command, words in CONTRACT.items() for word in ["", *words.split()]}
    assert contract <= offered
    declared = {
        (COMMANDS[word.command][0], word.words[0] if word.words else "") for one in CAPABILITIES for word in one.words
    }
    assert declared <= offered, "give the new words a line in page/commands.js"
    assert offered - contract <= declared, "offered, but nothing answers to it"


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
    for kind in get_args(FieldKind):
        assert re.search(rf"^  {kind}[:,]", fields, re.MULTILINE), kind


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
