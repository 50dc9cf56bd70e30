"""What was not sealed by us is not opened; what was is opened by whom it is for, in its time."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seals import BadSeal, ButtonSeal, FormSeal, Seals, StaleSeal

NOW = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)
OURS = Seals(["key"])
BUTTON = ButtonSeal(7, "wish.support", "43", "7:wish:43/card")
FORM = FormSeal(
    "n1", 7, "wish.submit", "", "local/local/bo", "c", direct=False, until=2_000_000_000, carry=(("a", "æ"),)
)


def test_a_button_comes_back_as_it_went_out() -> None:
    assert OURS.open_button(OURS.button(BUTTON), "anybody", NOW) == BUTTON


def test_a_form_comes_back_as_it_went_out() -> None:
    assert OURS.open_form(OURS.form(FORM), "local/local/bo", NOW) == FORM


def test_a_form_of_somebody_else() -> None:
    with pytest.raises(StaleSeal):
        OURS.open_form(OURS.form(FORM), "local/local/anna", NOW)


def test_a_form_whose_time_is_over() -> None:
    late = dt.datetime.fromtimestamp(FORM.until + 1, dt.UTC)
    with pytest.raises(StaleSeal):
        OURS.open_form(OURS.form(FORM), "local/local/bo", late)


def test_a_button_is_no_form_and_a_form_no_button() -> None:
    with pytest.raises(BadSeal):
        OURS.open_form(OURS.button(BUTTON), "local/local/bo", NOW)
    with pytest.raises(BadSeal):
        OURS.open_button(OURS.form(FORM), "local/local/bo", NOW)


def test_a_key_is_changed_without_breaking_what_stands_in_the_chat() -> None:
    old = OURS.button(BUTTON)
    assert Seals(["new", "key"]).open_button(old, "", NOW) == BUTTON
    with pytest.raises(BadSeal):
        Seals(["new"]).open_button(old, "", NOW)


@given(st.integers(min_value=0, max_value=200), st.characters(codec="ascii", categories=["L", "N"]))
def test_a_token_with_one_letter_changed_is_not_opened(place: int, letter: str) -> None:
    token = OURS.button(BUTTON)
    at = place % len(token)
    changed = token[:at] + letter + token[at + 1 :]
    if changed == token:
        return
    try:
        opened = OURS.open_button(changed, "", NOW)
    except BadSeal:
        return
    assert opened == BUTTON  # unused bits at the end of base64: the same content


@given(st.text(max_size=60))
def test_no_text_breaks_the_opening(token: str) -> None:
    with pytest.raises(BadSeal):
        OURS.open_button(token, "", NOW)
