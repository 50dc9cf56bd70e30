"""Charts as pictures: whatever stands in them, a picture comes of it, and longer values have longer bars."""

from __future__ import annotations

import struct

import pytest

from bot.pictures import draw_chart, pictures_of
from handlers.chat.messages import Chart, Text, from_data, message, plain_text, to_data

BARS = (("#43 Vis mailadresse", 12.0, "12 kommuner"), ("#7 Ål på menuen", 5.5, "5,5 kommuner"))


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height as the PNG says them."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_each_bar_has_its_place() -> None:
    few, many = size_of(draw_chart(Chart("Resultat", BARS))), size_of(draw_chart(Chart("Resultat", BARS * 6)))
    assert few[0] == many[0]
    assert many[1] > 3 * few[1]


@pytest.mark.parametrize(
    "words", ["#let x = 1", "$a^2$ *b* _c_ `d`", "\\ \" ' ] )", "😀 ÆØÅ æøå", "x" * 400, "", '#read("/etc/passwd")']
)
def test_what_people_typed_is_only_shown(words: str) -> None:
    plain = size_of(draw_chart(Chart("Resultat", (("Et", 1.0, "1"),))))
    drawn = size_of(draw_chart(Chart(words, ((words, 1.0, "1"), (words, 0.0, "0")))))
    assert drawn[0] == plain[0]


@pytest.mark.parametrize("bars", [(), (("Et", 0.0, "0"),), (("Et", -2.0, "-2"), ("To", 3.0, "3"))])
def test_charts_without_height_are_drawn_too(bars: tuple[tuple[str, float, str], ...]) -> None:
    assert size_of(draw_chart(Chart("Resultat", bars)))


async def test_a_message_with_a_chart_gives_a_file_that_is_described() -> None:
    shown = message(Text("Sådan gik det"), Chart("Resultat af afstemning 7: åååh!", BARS))
    (file,) = await pictures_of(shown)
    assert file.name == "resultat-af-afstemning-7-aaaaaah.png"
    assert file.description in plain_text(shown)
    assert "#43 Vis mailadresse (12 kommuner), #7 Ål på menuen (5,5 kommuner)" in file.description


def test_a_chart_survives_the_outbox() -> None:
    shown = message(Chart("Resultat", BARS, "Kommuner"))
    assert from_data(to_data(shown)) == shown
