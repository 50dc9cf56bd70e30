"""Finds the deed that a command's words ask for. The table of words is made from what the capabilities declare."""

from __future__ import annotations

import difflib
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
    """`words` after `command` ask for `deed`; Danish texts show the first and English ones the last, and the others are
    aliases. No words: the command alone, or with a text that begins with none of the words.

    Args:
        numbered: it is asked of one thing by its number, so that `/ønske vis mailadressen` is a title and
            `/ønske vis 43` is not.
        alone: nothing follows that number, so that `/ønske vis 3 kolonner i listen` is a title too.
        by_number: a number without any word asks for it.
        near: what people write for it, and what a title may begin with as well: it is only asked about.
    """

    command: str
    deed: str
    words: tuple[str, ...] = ()
    takes_text: bool = True
    numbered: bool = False
    alone: bool = False
    by_number: bool = False
    near: tuple[str, ...] = ()

    def written(self, language: str) -> str:
        """The command with the word for it, as texts in this language show it. The command itself is Danish in both:
        the English ones are there only where the administrator has asked for them."""
        shown = self.words[:1] if language == "da" else self.words[-1:]
        return " ".join([f"/{COMMANDS[self.command][0]}", *shown])


@dataclass(frozen=True, slots=True)
class Asked:
    """The deed that was asked for and the text left for it. `word` is what was written for it, as it was written;
    `meant` is what may have been meant instead of a text (`støt 43`), empty for no idea."""

    deed: str
    text: str
    word: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No such command, or no such word after it: `nearest` is what may have been meant, empty for no idea."""

    command: str
    word: str
    nearest: str = ""


def find_command(word: str) -> str | None:
    """The command (`wish`, `poll`, …) of the word after the slash, in any letter case and Unicode form."""
    return _BY_WORD.get(_folded(word))


def nearest_command(word: str) -> str:
    """The command's word that is most like one that is none, empty for none that is."""
    return next(iter(difflib.get_close_matches(_folded(word), _BY_WORD, 1, _LIKENESS)), "")


def find_deed(words: Iterable[Word], command: str, text: str) -> Asked | Unknown:
    """What `/command text` asks for. `command` is one of `COMMANDS`."""
    mine = [word for word in words if word.command == command]
    text = text.strip()
    first, _, rest = text.partition(" ")
    wanted, rest = _folded(first), rest.strip()
    bare = next((word for word in mine if not word.words), None)
    takes_text = bare is not None and bare.takes_text
    for word in mine:
        if word.by_number and _NUMBER.fullmatch(text):
            return Asked(word.deed, text)
        if wanted and wanted in (_folded(alias) for alias in word.words):
            if takes_text and rest and not _fits(word, rest):
                continue
            return Asked(word.deed, rest, first)
    if bare is not None and (takes_text or not wanted):
        return Asked(bare.deed, text, meant=_meant(mine, wanted, rest))
    return Unknown(COMMANDS[command][0], first, _nearest(wanted, mine))


_NUMBER = re.compile(r"#?[-−]?\d+")
_LIKENESS = 0.75
"""From which likeness on, of 1, a word is taken to be mistyped: `støtt` and `støt` have 0.89."""

_LONGEST_COMMAND = 3
"""Words in what may be a mistyped command without a number; longer texts are titles."""


def _fits(word: Word, rest: str) -> bool:
    """Whether what follows the word is what it is asked with, where it could be the rest of a title."""
    if not word.numbered:
        return True
    return _NUMBER.fullmatch(rest) is not None if word.alone else _NUMBER.match(rest) is not None


def _meant(words: list[Word], wanted: str, rest: str) -> str:
    """The command that a title may have been meant as."""
    number = _NUMBER.match(rest)
    if not wanted or (number is None and len(rest.split()) >= _LONGEST_COMMAND):
        return ""
    possible = [word for word in words if word.numbered == (number is not None)]
    asked_about = next((word for word in possible if wanted in word.near), None)
    word, shown = (asked_about, asked_about.words[0]) if asked_about else _most_like(wanted, possible)
    if word is None:
        shows = next((one for one in words if one.by_number), None)
        return f"{shows.words[0]} {rest}" if shows and _NUMBER.fullmatch(rest) else ""
    return " ".join(part for part in (shown, number[0] if number and word.alone else rest) if part)


def _most_like(wanted: str, words: list[Word]) -> tuple[Word | None, str]:
    """The word that is most like what was typed, and how it is shown: in English to who types English."""
    by_alias = {alias: word for word in words for alias in word.words}
    found = difflib.get_close_matches(wanted, by_alias, 1, _LIKENESS)
    return (by_alias[found[0]], _shown(by_alias[found[0]], found[0])) if found else (None, "")


def _shown(word: Word, alias: str) -> str:
    return alias if alias == word.words[-1] else word.words[0]


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().lstrip("/")


def _nearest(wanted: str, words: list[Word]) -> str:
    for word in words:
        for alias in word.words:
            if wanted[:3] and _folded(alias).startswith(wanted[:3]):
                return _shown(word, alias)
    return _most_like(wanted, words)[1]
