"""The help names every command, and names it as it is written."""

from __future__ import annotations

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
    written = f"/{COMMANDS[word.command][0]}" + (f" {word.words[0]}" if word.words else "")
    assert line.startswith(f"{written} ")
    assert " – " in line


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
