"""What people typed shows letter by letter, and calls nobody."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.mattermost.markdown import LONGEST_TEXT, literal, markdown, shortened
from handlers.chat.messages import Chart, Divider, Facts, Heading, Item, Link, Listing, Note, Quote, Table, Text
from tests.doubles.mattermost_props import mentioned
from tests.doubles.mattermost_reader import as_seen
from tests.doubles.mattermost_state import Account, State

TYPED = st.text(alphabet="ab1 .,:;-+*_~`#>|[]()!\\@&<=\n\tæ/", max_size=40)
INVISIBLE = re.compile("[\u200b\u200d\u2060]")


def _bare(text: str) -> str:
    """Without what can't be seen; blanks at the ends of lines and their kind don't count."""
    lines = INVISIBLE.sub("", text).replace("\u00a0", " ").replace("\t", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines)


@given(TYPED)
def test_any_text_shows_as_it_was_typed(typed: str) -> None:
    assert _bare(as_seen(literal(typed))) == _bare(typed)


@given(TYPED)
def test_any_text_shows_as_it_was_typed_in_a_heading_a_quote_and_a_list(typed: str) -> None:
    one_line = " ".join(typed.split("\n")).strip()
    assert _bare(as_seen(markdown([Heading(typed)]))) == _bare(one_line)
    with_detail = " ".join(part for part in ("•", one_line, "om lidt") if part)
    assert _bare(as_seen(markdown([Listing((Item(typed, emoji="x"),))]))) == _bare(f"❌ {one_line}")
    assert _bare(as_seen(markdown([Listing((Item(typed, detail="om lidt"),))]))) == _bare(with_detail)
    quoted = as_seen(markdown([Quote(typed)])).split("\n") if typed.strip() else []
    assert all(line.startswith("> ") or line == ">" for line in quoted)


@given(st.text(alphabet="@alhernco.:-_ æ1\n", max_size=30))
def test_no_text_calls_anybody(typed: str) -> None:
    state = State(lambda: 0, accounts={"u1": Account("u1", "all1"), "u2": Account("u2", "anna")})
    assert mentioned(literal(typed), state, {"u1", "u2"}) == []


@pytest.mark.parametrize("typed", ["@all", "@channel @here", "hej (@anna)", "se.@all", "å@all", ":@all"])
def test_these_would_call_somebody_if_they_stood_as_typed(typed: str) -> None:
    state = State(lambda: 0, accounts={"u2": Account("u2", "anna")})
    assert mentioned(typed, state, {"u2"}) or typed == "å@all"
    assert mentioned(literal(typed), state, {"u2"}) == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Vis mailadresse (ny)", "Vis mailadresse (ny)"),
        ("skriv til anna@kommune.dk", "skriv til anna@kommune.dk"),
        ("se https://os2.eu/a_b?c=1&d=2.", "se https://os2.eu/a_b?c=1&d=2."),
        ("#43 er bedst", "\\#43 er bedst"),
        ("kl. 10:30:15", "kl. 10:30:15"),
        ("godt :smile:", "godt :\u200bsmile:"),
        ("1. maj", "1\\. maj"),
        ("- nej", "\\- nej"),
        ("    fire", "\u00a0\u00a0\u00a0\u00a0fire"),
        ("a &lt; b", "a &\u200blt; b"),
        ("====", "\u200b===="),
    ],
)
def test_plain_words_stay_plain_and_marks_are_taken_apart(typed: str, written: str) -> None:
    assert literal(typed) == written


def test_every_block_is_written() -> None:
    shown = markdown(
        [
            Heading("#43 Vis C#"),
            Text("Hej"),
            Quote("en\nto"),
            Note("lille"),
            Divider(),
            Facts((("Fra", "Bo"),)),
            Listing((Item("Et", emoji="one"), Item("To"), Item("Tre", mark="2."))),
            Table(("a", "b"), (("1|2", "3\n4"),)),
            Chart("Svar", (("#1 Vis *", 2, "2 kommuner"), ("#2", 1, "1 kommune"))),
            Link("Siden", "https://os2.eu/a b)"),
            Link("Ikke", "javascript:alert(1)"),
        ]
    )
    assert shown == (
        "#### \\#43 Vis C#\u200b\n\nHej\n\n> en\n> to\n\nlille\n\n---\n\n**Fra:** Bo\n\n1️⃣ Et\n- To\n2\\. Tre\n\n"
        "| a | b |\n| --- | --- |\n| 1\\|2 | 3 4 |\n\n"
        "Svar: #1 Vis \\* (2 kommuner), #2 (1 kommune)\n\n[Siden](https://os2.eu/a%20b%29)\n\nIkke: javascript:alert(1)"
    )


@given(st.lists(st.text(alphabet="a\\ b", min_size=1, max_size=50), max_size=60), st.integers(50, 300))
def test_a_long_text_is_cut_after_a_line_and_says_so(lines: list[str], longest: int) -> None:
    text = "\n".join(lines)
    cut = shortened(text, longest)
    assert len(cut) <= max(longest, 2)
    assert cut == text or cut.endswith("\n…")


def test_a_text_of_one_endless_line_is_cut() -> None:
    assert len(shortened("a" * 20_000)) <= LONGEST_TEXT
