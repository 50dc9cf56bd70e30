"""Wishes that are about the same are found, and others are not, on real titles."""

from __future__ import annotations

import csv
import pathlib

import pytest

from handlers.wishes.similar import find_similar, likeness

SAMPLE = pathlib.Path(__file__).parents[2] / "bot" / "sample" / "os2sofd_wishes.csv"
with SAMPLE.open(encoding="utf-8") as file:
    TITLES = [(int(row["nummer"]), row["titel"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Robotflag i brugertjek", 26),
        ("Sende SMS fra vikarmodul", 34),
        ("Slette en konsulent helt i OS2ILM", 106),
        ("Vis mailadresse i listevisningen", 6),
        ("Migrere CPR-opslag til Datafordeler", 112),
    ],
)
def test_the_same_wish_in_other_words_is_found(title: str, number: int) -> None:
    assert number in [one.number for one in find_similar(title, TITLES)]


@pytest.mark.parametrize("title", ["Kaffemaskine til kantinen", "Ny", "", "Cykelparkering ved rådhuset", "!!!"])
def test_other_wishes_are_left_alone(title: str) -> None:
    assert find_similar(title, TITLES) == []


@pytest.mark.parametrize(
    "title", ["Mørk tilstand", "mørk tilstand", " Mørk  tilstand. ", "»Mørk tilstand«", "MØRK-TILSTAND"]
)
def test_the_very_same_title_is_found_however_short_it_is(title: str) -> None:
    assert [one.number for one in find_similar(title, [(7, "Mørk tilstand"), (8, "Mørk skærm")])] == [7]
    assert likeness(title, "Mørk tilstand") == 1
    assert find_similar("på a\u030aret", [(7, "På året")])


@pytest.mark.parametrize(
    ("one", "other"), [("C++", "C#"), ("Modul 1", "Modul 2"), ("", ""), ("!!!", "..."), ("Ny", "Nyt")]
)
def test_short_titles_that_differ_are_two(one: str, other: str) -> None:
    assert likeness(one, other) == 0


def test_likeness_is_the_same_both_ways() -> None:
    assert likeness("Slet konsulent", "Konsulenten slettes") == likeness("Konsulenten slettes", "Slet konsulent")
