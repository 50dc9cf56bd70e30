"""The help names every command, and names it as it is written."""

from __future__ import annotations

import pathlib
import re

import pytest

import locales
from bot.app import CAPABILITIES
from handlers.chat.router import COMMANDS, Word
from handlers.help import LINES

WORDS = [word for capability in CAPABILITIES for word in capability.words]

CONTRACT = {
    "wish": "liste vis mine støt søg ret træk flet estimat tilsagn status indstil hjælp",
    "poll": "stem status luk annuller resultat liste",
    "meeting": "dato liste kommer afbud afholdt aflys dagsorden referat status",
    "group": "opret hvem medlemmer økonomi beslutninger rapport indstillinger stille mine-data hjælp",
}
"""The words after each command that the contract promises."""


def test_every_word_has_a_line_under_its_command() -> None:
    lines = {(command, deed) for command, deeds in LINES.items() for deed in deeds}
    assert {(word.command, word.deed) for word in WORDS if word.deed != "help.show"} | {("group", "help.show")} == lines


@pytest.mark.parametrize("word", [word for word in WORDS if word.deed != "help.show"], ids=lambda word: word.deed)
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_line_begins_with_what_one_writes(word: Word, language: str) -> None:
    with locales.speaking(language):
        line = locales.translate(f"help.{word.deed}")
    assert line.startswith(f"{word.written(language)} ")
    assert " – " in line


def test_a_command_is_written_in_the_readers_words() -> None:
    [word] = [word for word in WORDS if word.deed == "wish.list"]
    assert (word.written("da"), word.written("en")) == ("/ønske liste", "/ønske list")


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_command_that_a_text_names_is_named_in_its_language(language: str) -> None:
    commands = {words[0]: command for command, words in COMMANDS.items()}
    known = {word.written(language) for word in WORDS} | {f"/{name}" for name in commands}
    folder = pathlib.Path(locales.__file__).parent / language / "LC_MESSAGES"
    for path in folder.glob("*.po"):
        for name, word in re.findall(rf"/({'|'.join(commands)})(?: ([a-zæøå-]+))?", path.read_text("utf-8")):
            others = {alias for one in WORDS if one.command == commands[name] for alias in one.words}
            if word in others:
                assert f"/{name} {word}" in known, path.name


@pytest.mark.parametrize("command", list(COMMANDS))
def test_what_the_contract_promises_is_there(command: str) -> None:
    known = {word.words[0] for word in WORDS if word.command == command and word.words}
    assert set(CONTRACT[command].split()) <= known
    assert any(word.command == command and not word.words for word in WORDS)


@pytest.mark.parametrize("command", list(COMMANDS))
def test_no_word_means_two_things(command: str) -> None:
    spelt = [alias for word in WORDS if word.command == command for alias in word.words]
    assert len(spelt) == len(set(spelt))


@pytest.mark.parametrize("word", [word for word in WORDS if word.words], ids=lambda word: f"{word.command}-{word.deed}")
def test_every_word_can_be_written_without_danish_letters(word: Word) -> None:
    assert any(alias.isascii() for alias in word.words)
