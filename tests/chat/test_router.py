"""Words after a command find their deed, in every form that people type them in."""

from __future__ import annotations

import unicodedata

import pytest

from bot.app import CAPABILITIES
from handlers.chat.router import Asked, Unknown, Word, find_command, find_deed, nearest_command

WORDS = (
    Word("wish", "wish.open_form"),
    Word("wish", "wish.show", ("vis", "show"), numbered=True, alone=True, by_number=True),
    Word("wish", "wish.list", ("liste",)),
    Word("wish", "wish.search", ("søg", "search"), near=("find",)),
    Word("wish", "wish.support", ("støt", "stoet", "støtte", "support"), numbered=True, alone=True),
    Word("wish", "wish.withdraw", ("træk",), numbered=True, near=("slet",)),
    Word("poll", "poll.open_form", takes_text=False),
    Word("poll", "poll.vote", ("stem",), numbered=True),
)


@pytest.mark.parametrize(
    "word", ["ønske", "ØNSKE", "/ønske", "onske", "oenske", "wish", unicodedata.normalize("NFD", "ønske")]
)
def test_a_command_is_found(word: str) -> None:
    assert find_command(word) == "wish"


def test_a_decomposed_command_is_found() -> None:
    assert find_command(unicodedata.normalize("NFD", "møde")) == "meeting"
    assert find_command("pizza") is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Asked("wish.open_form", "")),
        ("En ny knap", Asked("wish.open_form", "En ny knap")),
        ("vis 43", Asked("wish.show", "43", "vis")),
        ("VIS #43", Asked("wish.show", "#43", "VIS")),
        ("vis", Asked("wish.show", "", "vis")),
        ("vis -1", Asked("wish.show", "-1", "vis")),
        ("Vis mailadressen", Asked("wish.open_form", "Vis mailadressen")),
        ("liste klar", Asked("wish.list", "klar", "liste")),
        ("stoet 7", Asked("wish.support", "7", "stoet")),
        ("støtte 113", Asked("wish.support", "113", "støtte")),
        ("113", Asked("wish.show", "113")),
        (" #113 ", Asked("wish.show", "#113")),
    ],
)
def test_the_words_after_a_command(text: str, asked: Asked) -> None:
    assert find_deed(WORDS, "wish", text) == asked


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("støtt 113", "støt 113"),
        ("lsite", "liste"),
        ("find konsulnet", "søg konsulnet"),
        ("serch mail", "search mail"),
        ("shwo 3", "show 3"),
        ("slet 3", "træk 3"),
        ("kopi 3", "vis 3"),
        ("Vis 3 kolonner i listen", "vis 3"),
        ("Støtte 4 sprog", "støt 4"),
        ("En ny knap", ""),
        ("Slet inaktive konsulenter", ""),
        ("Find sager uden en konsulent", ""),
        ("Søgning", ""),
        ("Visning af 3 kolonner", ""),
        ("", ""),
    ],
)
def test_a_title_that_may_be_meant_as_a_command_is_asked_about(text: str, meant: str) -> None:
    assert find_deed(WORDS, "wish", text) == Asked("wish.open_form", text, "", meant)


def test_a_number_after_a_command_without_a_word_for_it_is_unknown() -> None:
    assert find_deed(WORDS, "poll", "7") == Unknown("afstemning", "7")


@pytest.mark.parametrize(
    ("word", "nearest"),
    [("ønkse", "ønske"), ("Onkse", "onske"), ("grupe", "gruppe"), ("meting", "meeting"), ("pizza", "")],
)
def test_a_mistyped_command_has_a_nearest_one(word: str, nearest: str) -> None:
    assert nearest_command(word) == nearest


def test_a_word_that_nobody_declared() -> None:
    assert find_deed(WORDS, "poll", "flyv") == Unknown("afstemning", "flyv")
    assert find_deed(WORDS, "poll", "stemm 7") == Unknown("afstemning", "stemm", "stem")
    assert find_deed(WORDS, "poll", "sttem 7") == Unknown("afstemning", "sttem", "stem")
    assert find_deed(WORDS, "poll", "stem syv") == Asked("poll.vote", "syv", "stem")


CONTRACT = {
    "wish": "liste vis mine støt søg ret træk flet estimat tilsagn status indstil hjælp",
    "poll": "stem status luk annuller resultat liste",
    "meeting": "dato liste kommer afbud afholdt aflys dagsorden referat status",
    "group": "opret hvem medlemmer økonomi kommissorium sundhed beslutninger rapport indstillinger stille "
    "mine-data hjælp",
}


@pytest.mark.parametrize("command", list(CONTRACT))
def test_every_word_of_the_contract_is_declared(command: str) -> None:
    declared = {
        word for one in CAPABILITIES for declared in one.words if declared.command == command for word in declared.words
    }
    assert set(CONTRACT[command].split()) <= declared


def test_no_word_is_declared_twice() -> None:
    declared = [(one.command, word) for room in CAPABILITIES for one in room.words for word in one.words or ("",)]
    assert len(declared) == len(set(declared))
