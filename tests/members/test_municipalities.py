"""The municipalities are found however people write them."""

from __future__ import annotations

import pytest

from handlers.members.municipalities import all_municipalities, find_municipality, search_municipalities


def test_there_are_98_with_codes_of_their_own() -> None:
    found = all_municipalities()
    assert len(found) == 98
    assert len({one.code for one in found}) == 98
    assert all(len(one.code) == 3 and one.code.isdigit() for one in found)


def test_they_stand_in_the_order_that_people_read() -> None:
    names = [one.name for one in all_municipalities()]
    assert names[0] == "Albertslund"
    assert names[-3:] == ["Aabenraa", "Aalborg", "Aarhus"]
    assert names.index("Vordingborg") < names.index("Ærø") < names.index("Aabenraa")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("tøn", "Tønder"),
        ("ton", "Tønder"),
        ("TOEN", "Tønder"),
        ("aarh", "Aarhus"),
        ("århus", "Aarhus"),
        ("aero", "Ærø"),
        ("aeroe", "Ærø"),
        ("tårn", "Tårnby"),
        ("taarn", "Tårnby"),
        ("tarn", "Tårnby"),
        ("nykø", None),
        ("taastrup", "Høje-Taastrup"),
        ("Høje Tåstrup", "Høje-Taastrup"),
        ("lyngby t", "Lyngby-Taarbæk"),
        ("Københavns Kommune", "København"),
        ("Bornholms Regionskommune", "Bornholm"),
        ("mølle", None),
        ("  favr ", "Favrskov"),
        ("<script>", None),
    ],
)
def test_a_few_letters_are_enough(query: str, first: str | None) -> None:
    found = search_municipalities(query)
    assert (found[0].name if found else None) == first


def test_a_name_that_begins_so_stands_before_one_that_contains_it() -> None:
    names = [one.name for one in search_municipalities("hol")]
    assert names[:2] == ["Holbæk", "Holstebro"]
    assert "Bornholm" in names[2:]


def test_never_more_than_twenty_are_offered() -> None:
    assert len(search_municipalities("")) == len(all_municipalities()) == 98
    assert len(search_municipalities("", 20)) == 20


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("550", "550"),
        ("Tønder", "550"),
        ("toender kommune", "550"),
        ("tonder", "550"),
        ("Københavns Kommune", "101"),
        ("Region Syddanmark", None),
        ("Tøn", None),
        ("", None),
        ("999", None),
    ],
)
def test_a_whole_name_or_a_code_names_one(typed: str, code: str | None) -> None:
    found = find_municipality(typed)
    assert (found.code if found else None) == code
