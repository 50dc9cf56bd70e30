"""What the page offers while one types a command: the words that the bot knows, with the lines of its own help."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import locales
from handlers.chat.router import COMMANDS, ENGLISH, Word
from locales import MissingText, translate

DASH = " – "
"""Stands in a line of the help between what one writes and what it does."""


def offers_json(words: Iterable[Word], language: str) -> list[dict[str, Any]]:
    """One entry per word that can be written, command by command.

    `text` is what is put into the field, `after` an example of what follows it, `about` what it does, and `command` and
    `word` all the ways in which each half can be written.
    """
    known = list(words)
    with locales.speaking(language):
        return [
            _offer(word)
            for command in COMMANDS
            for word in sorted((one for one in known if one.command == command), key=lambda one: bool(one.words))
        ]


def _offer(word: Word) -> dict[str, Any]:
    text = word.written(locales.language())
    written, _, about = _help_line(word.deed).partition(DASH)
    after = written.removeprefix(text).strip() if written.startswith(text) else ""
    return {
        "text": text,
        "after": after,
        "about": about,
        "command": [*COMMANDS[word.command], ENGLISH[word.command]],
        "word": list(word.words),
    }


def _help_line(deed: str) -> str:
    try:
        return translate(f"help.{deed}")
    except MissingText:
        return ""
