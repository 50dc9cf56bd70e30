"""Finds the deed that a command's words ask for. The table of words is made from what the capabilities declare."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

COMMANDS: dict[str, tuple[str, ...]] = {
    "wish": ("ønske", "onske", "oenske"),
    "poll": ("afstemning",),
    "meeting": ("møde", "mode", "moede"),
    "group": ("gruppe",),
}
"""The four commands and the words for each in Danish, the first being the one that texts show."""

ENGLISH = {"wish": "wish", "poll": "poll", "meeting": "meeting", "group": "group"}
"""Offered only where the administrator asks for them: `/poll` or `/group` may be another app's."""

_BY_WORD = {word: command for command, words in COMMANDS.items() for word in words} | {
    word: command for command, word in ENGLISH.items()
}


@dataclass(frozen=True, slots=True)
class Word:
    """`words` after `command` ask for `deed`; the first is the one that help shows, the others are aliases (ASCII and
    English). No words: the command alone, or with a text that begins with none of the words. `numbered`: it is asked of
    one thing by its number, so that `/ønske vis mailadressen` is a title and `/ønske vis 43` is not."""

    command: str
    deed: str
    words: tuple[str, ...] = ()
    takes_text: bool = True
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The deed that was asked for and the text left for it."""

    deed: str
    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No such command, or no such word after it: `nearest` is what may have been meant, empty for no idea."""

    command: str
    word: str
    nearest: str = ""


def find_command(word: str) -> str | None:
    """The command (`wish`, `poll`, …) of the word after the slash, in any letter case and Unicode form."""
    return _BY_WORD.get(_folded(word))


def find_deed(words: Iterable[Word], command: str, text: str) -> Asked | Unknown:
    """What `/command text` asks for. `command` is one of `COMMANDS`."""
    mine = [word for word in words if word.command == command]
    first, _, rest = text.strip().partition(" ")
    wanted, rest = _folded(first), rest.strip()
    bare = next((word for word in mine if not word.words), None)
    takes_text = bare is not None and bare.takes_text
    for word in mine:
        if wanted and wanted in (_folded(alias) for alias in word.words):
            if takes_text and word.numbered and rest and not _BEGINS_WITH_NUMBER.match(rest):
                continue
            return Asked(word.deed, rest)
    if bare is not None and (takes_text or not wanted):
        return Asked(bare.deed, text.strip())
    return Unknown(COMMANDS[command][0], first, _nearest(wanted, mine))


_BEGINS_WITH_NUMBER = re.compile(r"#?[-−]?\d")


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().lstrip("/")


def _nearest(wanted: str, words: list[Word]) -> str:
    for word in words:
        for alias in word.words:
            if wanted[:3] and _folded(alias).startswith(wanted[:3]):
                return word.words[0]
    return ""
