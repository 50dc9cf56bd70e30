"""Amounts, dates and times as people write them, and the sentences for what can't be read."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import locales
from handlers.chat.refusals import FieldRefusal
from handlers.inputs import read_amount, read_count, read_date, read_guess, read_time

TODAY = dt.date(2026, 9, 1)


@pytest.mark.parametrize(
    ("typed", "ore"),
    [
        ("16.500kr", 1_650_000),
        ("16.500 DKK", 1_650_000),
        ("16 500 kr", 1_650_000),
        ("16\u00a0500 kr.", 1_650_000),
        ("16500", 1_650_000),
        ("16.500", 1_650_000),
        ("16.500,50", 1_650_050),
        ("16.500,5", 1_650_050),
        ("kr. 16.500", 1_650_000),
        ("1,2 mio.", 120_000_000),
        ("1,2 mio. kr.", 120_000_000),
        ("3 mio", 300_000_000),
        ("25 t.kr.", 2_500_000),
        ("16.500,-", 1_650_000),
        ("0", 0),
        ("0,05", 5),
        ("1.234.567", 123_456_700),
    ],
)
def test_an_amount_is_read(typed: str, ore: int) -> None:
    assert read_amount(typed, "estimate") == ore


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("16.5", "inputs.amount_ambiguous"),
        ("16.50", "inputs.amount_ambiguous"),
        ("-1", "inputs.amount_negative"),
        ("−16.500 kr", "inputs.amount_negative"),
        ("mange", "inputs.amount_unreadable"),
        ("", "inputs.amount_unreadable"),
        ("16.500.5", "inputs.amount_unreadable"),
        ("1 2", "inputs.amount_unreadable"),
        ("٣٣", "inputs.amount_unreadable"),
        ("99999999999", "inputs.amount_too_large"),
        ("0,001 mio. og lidt", "inputs.amount_unreadable"),
    ],
)
def test_an_amount_that_can_not_be_read_is_never_guessed(typed: str, key: str) -> None:
    with pytest.raises(FieldRefusal) as refused:
        read_amount(typed, "estimate")
    assert (refused.value.field, refused.value.key) == ("estimate", key)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("250.00", "»250.00« kan betyde to ting. Skriv 250.000 eller 250,00."),
        ("16.5", "»16.5« kan betyde to ting. Skriv 16.500 eller 16,50."),
        ("16,500", "»16,500« kan betyde to ting. Skriv 16.500 eller 16,50."),
        ("1.250 mio", "»1.250 mio« kan betyde to ting. Skriv 1.250.000.000 eller 1.250.000."),
        ("1,250 mio.", "»1,250 mio.« kan betyde to ting. Skriv 1.250.000.000 eller 1.250.000."),
        ("1.2 mio", "»1.2 mio« kan misforstås. Skriv 1,2 mio."),
        ("1.2 mio. kr.", "»1.2 mio. kr.« kan misforstås. Skriv 1,2 mio. kr."),
        ("1,234", "»1,234« kan misforstås. Skriv 1.234."),
        ("1234.5", "»1234.5« kan misforstås. Skriv 1.234,50."),
        ("16.5000", "»16.5000« kan misforstås. Skriv 165.000."),
        ("1234.500", "»1234.500« kan betyde to ting. Skriv 1.234.500 eller 1.234,50."),
        ("0.5", "»0.5« kan misforstås. Skriv 0,50."),
        ("1,200,000", "»1,200,000« kan misforstås. Skriv 1.200.000."),
        ("16,500.50 kr", "»16,500.50 kr« kan misforstås. Skriv 16.500,50."),
        ("16t", "»16t« kan være 16 timer eller 16.000 kr. Skriv 16.000, hvis det er kroner."),
        ("1,5 t.", "»1,5 t.« kan være 1,5 timer eller 1.500 kr. Skriv 1.500, hvis det er kroner."),
        ("ca. 20.000", "»ca. 20.000« er ikke et beløb. Skriv for eksempel 16.500 eller 1,2 mio."),
    ],
)
def test_a_refusal_has_the_persons_own_number_as_it_can_be_read(typed: str, sentence: str) -> None:
    with pytest.raises(FieldRefusal) as refused:
        read_amount(typed, "estimate")
    with locales.speaking("da"):
        assert locales.translate(refused.value.key, **refused.value.parameters) == sentence


@given(st.from_regex(r"[0-9]{1,7}[.,][0-9]{1,6}( mio| t\.kr\.)?", fullmatch=True))
def test_what_a_refusal_proposes_can_be_read(typed: str) -> None:
    try:
        read_amount(typed, "estimate")
    except FieldRefusal as refusal:
        for proposed in ("one", "other", "right", "kroner"):
            if proposed in refusal.parameters:
                with contextlib.suppress(_TooLarge):
                    read_again(str(refusal.parameters[proposed]))


class _TooLarge(Exception):
    """More money than there is."""


def read_again(typed: str) -> int:
    try:
        return read_amount(typed, "estimate")
    except FieldRefusal as refusal:
        if refusal.key == "inputs.amount_too_large":
            raise _TooLarge from refusal
        raise


@pytest.mark.parametrize(
    "typed", ["ca. 20.000", "ca 20.000 kr.", "Cirka 20.000", "omkring 20000", "about 20.000", "20.000"]
)
def test_a_guess_may_say_that_it_is_one(typed: str) -> None:
    assert read_guess(typed, "estimate") == 2_000_000


@given(st.integers(min_value=0, max_value=10**12))
def test_what_is_shown_can_be_typed_again(ore: int) -> None:
    with locales.speaking("da"):
        assert read_amount(locales.money(ore), "estimate") == ore


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(typed: str) -> None:
    with contextlib.suppress(FieldRefusal):
        assert read_amount(typed, "estimate") >= 0


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-10-03", dt.date(2026, 10, 3)),
        ("3.10.2026", dt.date(2026, 10, 3)),
        ("3/10", dt.date(2026, 10, 3)),
        ("3. oktober", dt.date(2026, 10, 3)),
        ("3. august", dt.date(2027, 8, 3)),
        ("3. august 2026", dt.date(2026, 8, 3)),
        ("1.9", dt.date(2026, 9, 1)),
    ],
)
def test_a_date_is_read(typed: str, day: dt.date) -> None:
    assert read_date(typed, "day", TODAY) == day


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("31. februar", "inputs.no_such_day"),
        ("2026-02-31", "inputs.no_such_day"),
        ("31/2", "inputs.no_such_day"),
        ("3. blomst", "inputs.no_such_day"),
        ("i morgen", "inputs.date_unreadable"),
        ("", "inputs.date_unreadable"),
    ],
)
def test_a_date_that_is_none(typed: str, key: str) -> None:
    with pytest.raises(FieldRefusal) as refused:
        read_date(typed, "day", TODAY)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("typed", "time"),
    [("13.05", dt.time(13, 5)), ("13:05", dt.time(13, 5)), ("kl. 9", dt.time(9)), ("0", dt.time(0))],
)
def test_a_time_is_read(typed: str, time: dt.time) -> None:
    assert read_time(typed, "time") == time


@pytest.mark.parametrize("typed", ["24", "25.00", "9.60", "ni", ""])
def test_a_time_that_is_none(typed: str) -> None:
    with pytest.raises(FieldRefusal):
        read_time(typed, "time")


@pytest.mark.parametrize("typed", ["", "0", "11", "to", "1.5", "-3"])
def test_a_count_outside_its_bounds(typed: str) -> None:
    with pytest.raises(FieldRefusal):
        read_count(typed, "count", 1, 10)
