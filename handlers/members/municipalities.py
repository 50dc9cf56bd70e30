"""The 98 Danish municipalities, found by a few letters however they are typed.

`municipalities.csv` has codes, names and official names as Danmarks Statistik's classification of municipalities (NUTS
and regions, 2007 onwards) has them.
"""

from __future__ import annotations

import csv
import difflib
import functools
import pathlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

_FILE = pathlib.Path(__file__).parent / "municipalities.csv"
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ö": "oe", "ä": "ae", "ü": "u"})
_BARE = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ö": "o", "ä": "a", "ü": "u"})
_SUFFIX = re.compile(r" (regions)?kommune$", re.IGNORECASE)

MOST_SHOWN = 200
"""Of what fits some letters; every municipality is among them. A chat that shows fewer says so itself."""

_LIKENESS = 0.75
"""From which likeness on, of 1, a name is taken to be mistyped: `Favskov` and `Favrskov` have 0.93."""

_LEAST_PART = 4
"""Letters of a name that say more than chance."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Municipality:
    """`code` is the three digits of the public register, `name` what people call it."""

    code: str
    name: str
    official_name: str


@functools.cache
def all_municipalities() -> tuple[Municipality, ...]:
    """All of them, in alphabetical order as people read it: æ, ø and å last."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [Municipality(row["kode"], row["navn"], row["officielt_navn"]) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda one: _reading_order(one.name)))


def find_municipality(typed: str) -> Municipality | None:
    """The municipality with this code, or with exactly this name however it is spelt (`Tønder`, `toender kommune`)."""
    wanted = _spellings(_bare_name(typed.strip()))
    for one in all_municipalities():
        names = _spellings(one.name) | _spellings(_bare_name(one.official_name))
        if typed.strip() == one.code or wanted & names:
            return one
    return None


def nearest_municipality(typed: str) -> Municipality | None:
    """The one that a mistyped name is most like, or the only one that it is a part of; `None` for no idea."""
    by_name = {fold(one.name): one for one in all_municipalities()}
    alike = difflib.get_close_matches(fold(_bare_name(typed.strip())), by_name, 1, _LIKENESS)
    if alike:
        return by_name[alike[0]]
    found = search_municipalities(typed, 2) if len(typed.strip()) >= _LEAST_PART else []
    return found[0] if len(found) == 1 else None


def search_municipalities(query: str, most: int = MOST_SHOWN) -> list[Municipality]:
    """Those whose name begins with the letters, then those with them at the start of a word, then anywhere."""
    return search(all_municipalities(), query, lambda one: _bare_name(one.official_name))[:most]


def fold(text: str) -> str:
    """Letters as a keyboard without æ, ø and å writes them: `Tønder` → `toender`, `Århus` → `aarhus`."""
    return _plain(text).translate(_LETTERS)


def search(things: Iterable[T], query: str, name_of: Callable[[T], str]) -> list[T]:
    """The things whose name has the letters: at its start first, then at the start of a word, then anywhere."""
    wanted = _spellings(_bare_name(query))
    ranked = [(rank, thing) for thing in things if (rank := _rank(name_of(thing), wanted)) is not None]
    return [thing for _, thing in sorted(ranked, key=lambda pair: pair[0])]


def _rank(name: str, wanted: set[str]) -> int | None:
    ranks = []
    for spelling in _spellings(name):
        for letters in wanted:
            if spelling.startswith(letters):
                ranks.append(0)
            elif f" {letters}" in spelling:
                ranks.append(1)
            elif letters in spelling:
                ranks.append(2)
    return min(ranks, default=None)


def _spellings(text: str) -> set[str]:
    """The ways to write it without æ, ø and å: with two letters each, and with the bare one. A hyphen is a space."""
    plain = _plain(text).replace("-", " ")
    return {plain.translate(_LETTERS), plain.translate(_BARE)}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _bare_name(text: str) -> str:
    return _SUFFIX.sub("", " ".join(text.split()))  # many blanks take the pattern long


def _reading_order(name: str) -> str:
    return _plain(name).replace("aa", "å").replace("å", "\u07ff").replace("ø", "\u07fe").replace("æ", "\u07fd")
