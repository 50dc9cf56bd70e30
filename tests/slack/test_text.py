"""Words of people: made safe, cut well, and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.receive import read_moment
from bot.platforms.slack.text import (
    clean,
    cut,
    escape_within,
    list_mentioned,
    one_line,
    read_marked,
    read_typed,
    shorten,
    size,
    split,
)

texts = st.text(alphabet=st.sampled_from("a æ&<>\n😀"), max_size=300)


@given(texts, st.integers(2, 80))
def test_split_loses_nothing_and_fits(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join(pieces) == text
    assert all(size(piece) <= limit for piece in pieces)


@given(texts, st.integers(6, 80))
def test_cut_shorten_and_escape_fit(text: str, limit: int) -> None:
    assert text.startswith(cut(text, limit))
    assert size(cut(text, limit)) <= limit
    assert size(shorten(text, limit)) <= limit
    escaped = escape_within(text, limit)
    assert size(escaped) <= limit
    assert not [part for part in escaped.split("&")[1:] if not part.startswith(("amp;", "lt;", "gt;"))]


def test_clean_leaves_only_letters() -> None:
    assert clean("a\0b\ud83dc\r\nd\re") == "ab\ufffdc\nd\ne"


def test_a_no_break_space_stays() -> None:
    assert one_line("  20.000\u00a0kr.\n i  alt ") == "20.000\u00a0kr. i alt"
    assert one_line(" \u00a0\n") == ""


def test_typed_letters_have_one_form() -> None:
    assert read_typed("a\u030a\u00f8") == "å\u00f8"


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Hej <@U1>, se <#C1|drift>", "Hej @Anna Holm, se #drift"),
        ("<@U2> og <@U3|bo>", "@U2 og @bo"),
        ("<@U1|anna.holm> til 4. december", "@Anna Holm til 4. december"),
        ("43&gt;12&gt;8", "43>12>8"),
        ("<http://os2.eu|os2.eu>", "os2.eu"),
        ("<https://os2.eu|OS2> <https://os2.eu>", "OS2 (https://os2.eu) https://os2.eu"),
        ("<mailto:a@b.dk|a@b.dk>", "a@b.dk"),
        ("<!here> <!subteam^S1|@drift>", "@here @drift"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
    ],
)
def test_messages_of_people_become_plain_text(marked: str, plain: str) -> None:
    assert read_marked(marked, {"U1": "Anna Holm"}) == plain


def test_who_is_mentioned() -> None:
    assert list_mentioned("<@U1> <!here> <@U2|x> <https://a.dk>") == ["U1", "U2"]


def test_marks_order_as_text_does() -> None:
    stamps = ["999999999.999999", "1360782400.000009", "1360782400.498405", "1360782400.5", "10000000000.000001"]
    marks = [read_moment(stamp)[0] for stamp in stamps]
    assert marks == sorted(marks)
    assert read_moment("1360782400.498405")[1].isoformat() == "2013-02-13T19:06:40.498405+00:00"
