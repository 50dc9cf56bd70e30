"""Whatever the bot has to say, Slack takes it and nothing of it is lost, whatever its shape and size."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.slack.controls import read_choice, read_token
from bot.platforms.slack.forms import errors_answer, read_values, to_view
from bot.platforms.slack.render import Rendered, to_home, to_message, to_messages
from bot.platforms.slack.text import clean
from handlers.chat.messages import (
    Actions,
    Button,
    Chart,
    Divider,
    Facts,
    Field,
    Form,
    Heading,
    Item,
    Link,
    Listing,
    Message,
    Note,
    Option,
    Quote,
    Select,
    Table,
    Text,
    message,
    plain_text,
)
from tests.doubles.slack_limits import check_message, check_view
from tests.doubles.slack_reading import list_controls, read_message

letters = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab æøå<>&*_~`!|@#\n😀́\x00", max_size=400),
    st.sampled_from(
        ["<!channel>", "<!here|hey>", "<@U123>", "&amp;", "@channel", "https://a.dk/x?y=1&z=2", ":tada:", " "]
    ),
    st.integers(1, 9000).map(lambda count: ("ord & <b> " * count)[:count]),
    st.integers(1, 7000).map(lambda count: "x" * count),
    st.integers(1, 4000).map(lambda count: "😀" * count),
    st.integers(1, 700).map(lambda count: "http://a.b " * count),
    st.integers(1, 700).map(lambda count: "http://a.b\n" * count),
)
short = st.text(alphabet="ab æøå<&>\n", max_size=220)
tokens = st.integers(0, 700).map(lambda count: "b." + "A" * count)
emojis = st.sampled_from(["", "one", "keycap_ten", "+1", "white_check_mark"])
options = st.lists(st.builds(Option, st.text(alphabet="abc123:", max_size=160), short), max_size=350).map(tuple)
buttons = st.builds(
    Button,
    short,
    st.just("x.do"),
    style=st.sampled_from(["plain", "primary", "danger"]),
    confirm=short,
    token=tokens | st.integers(1900, 2600).map(lambda count: "b." + "A" * count),
)
selects = st.builds(Select, short, st.just("x.do"), options, token=tokens)
blocks = st.one_of(
    st.builds(Heading, letters),
    st.builds(Text, letters),
    st.builds(Quote, letters),
    st.builds(Note, letters),
    st.just(Divider()),
    st.builds(Facts, st.lists(st.tuples(short, letters), max_size=12).map(tuple)),
    st.builds(
        Listing,
        st.lists(st.builds(Item, letters, short, emojis, st.sampled_from(("", "1.", "12."))), max_size=40).map(tuple),
    ),
    st.builds(
        Table,
        st.lists(short, max_size=6).map(tuple),
        st.lists(st.lists(short, max_size=6).map(tuple), max_size=30).map(tuple),
    ),
    st.builds(
        Link,
        letters,
        st.sampled_from(["https://os2.eu/x", "not a link", "", "https://a.dk/" + "y" * 4000, "javascript:alert(1)"]),
    ),
    st.builds(Actions, st.lists(buttons | selects, max_size=70).map(tuple)),
)
messages = st.lists(blocks, max_size=12).map(lambda several: Message(tuple(several)))


def _bare(text: str) -> str:
    """The letters alone: what lists, quotes and tables put between them differs."""
    return "".join(letter for letter in text if not letter.isspace() and letter not in "•>|")


@settings(max_examples=250, deadline=None)
@given(messages, st.booleans())
def test_slack_takes_every_message_and_it_says_everything(shown: Message, in_thread: bool) -> None:
    parts = to_messages(shown, in_thread=in_thread)
    for part in parts:
        assert check_message({"text": part.text, "blocks": part.blocks}) == []
    said = "\n".join(read_message({"text": "", "blocks": part.blocks}) for part in parts)
    whole = _bare(said)
    for line in clean(plain_text(shown)).split("\n"):
        bare = _bare(line)
        assert all(bare[start : start + 40] in whole for start in range(0, len(bare), 40))


charts = st.builds(
    Chart,
    letters,
    st.lists(st.tuples(short, st.floats(allow_nan=True, allow_infinity=True), short), max_size=24).map(tuple),
    short,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(charts | blocks, max_size=6).map(lambda several: Message(tuple(several))))
def test_slack_takes_every_chart_and_it_is_said_in_words_too(shown: Message) -> None:
    parts = to_messages(shown, charts=True)
    for part in parts:
        assert check_message({"text": part.text, "blocks": part.blocks}) == []
    drawn = [block for part in parts for block in part.blocks if block["type"] == "data_visualization"]
    asked = [block for block in shown.blocks if isinstance(block, Chart)]
    assert len(drawn) <= 2
    if not drawn:
        assert to_messages(shown) == parts
    if len(asked) == 1 and drawn:
        points = drawn[0]["chart"]["series"][0]["data"]
        assert [point["value"] for point in points] == [value for _, value, _ in asked[0].bars]


def test_a_chart_is_slacks_own() -> None:
    bars = (("#43 Vis mailadresse i listen", 3.0, "3 kommuner"), ("#4 Vis mailadresse i listen", 1.0, "1 kommune"))
    (part,) = to_messages(message(Chart("Resultat", bars, "Kommuner")), charts=True)
    assert part.text == "Resultat: #43 Vis mailadresse i listen (3 kommuner), #4 Vis mailadresse i listen (1 kommune)"
    (block,) = part.blocks
    assert block == {
        "type": "data_visualization",
        "title": "Resultat",
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": "Kommuner",
                    "data": [
                        {"label": "#43 Vis mailadresse…", "value": 3.0},
                        {"label": "#4 Vis mailadresse…", "value": 1.0},
                    ],
                }
            ],
            "axis_config": {"categories": ["#43 Vis mailadresse…", "#4 Vis mailadresse…"], "y_label": "Kommuner"},
        },
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks | charts, max_size=40).map(lambda several: Message(tuple(several))))
def test_slack_takes_every_home_page(shown: Message) -> None:
    assert check_view(to_home(shown)) == []


def test_a_home_page_of_very_many_foreign_letters_is_taken() -> None:
    assert check_view(to_home(message(*(Text("😀" * 1_400) for _ in range(90))))) == []


fields = st.builds(
    Field,
    st.text(alphabet="abcdef", min_size=1, max_size=12),
    short,
    st.sampled_from(
        ["text", "long", "amount", "number", "date", "time", "choice", "multi", "search", "switch", "channel"]
    ),
    st.booleans(),
    letters
    | st.sampled_from(["2026-08-03", "3. august", "13.05", "9:05", "true"])
    | st.lists(st.sampled_from("abc")).map(tuple),
    st.lists(st.builds(Option, st.text(alphabet="abc123", max_size=160), short), max_size=120).map(tuple),
    letters,
    letters,
    st.sampled_from([0, 10, 200, 3000, 9000]),
    short,
)
forms = st.builds(
    Form,
    st.just("x.do"),
    letters,
    st.lists(fields, max_size=8, unique_by=lambda field: field.name).map(tuple),
    intro=letters,
    submit=letters,
    token=st.integers(0, 3000).map("f".__mul__),
)


@settings(max_examples=200, deadline=None)
@given(forms)
def test_slack_takes_every_form(form: Form) -> None:
    view = to_view(form)
    assert check_view(view) == []
    assert view["private_metadata"] == form.token


@given(
    forms,
    st.lists(st.tuples(st.sampled_from(["", "a", "zz"]), letters.filter(lambda said: clean(said).strip())), min_size=1),
)
@settings(max_examples=60, deadline=None)
def test_a_sentence_about_a_form_always_finds_a_place(form: Form, errors: list[tuple[str, str]]) -> None:
    view = to_view(form)
    answer = errors_answer(view, errors)
    places = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if places:
        assert set(answer["errors"]) <= places
        assert answer["errors"]
    else:
        assert check_view(answer["view"]) == []


typed = st.lists(
    st.sampled_from(["ord", "\n", "\n\n", " ", "  ", "😀", "x" * 700, "æøå " * 900, "\n" * 40]), max_size=14
).map("".join)


@settings(max_examples=60, deadline=None)
@given(typed, st.sampled_from(["text", "long", "amount", "channel"]), st.sampled_from([0, 10, 200, 3000, 9000]))
def test_a_form_that_is_sent_unchanged_says_what_it_was_filled_in_with(typed: str, kind: str, maximum: int) -> None:
    view = to_view(Form("x.do", "X", (Field("need", "Behov", kind, value=typed, maximum=maximum), Field("b", "B"))))  # type: ignore[arg-type]
    assert check_view(view) == []
    state = {
        block["block_id"]: {
            block["element"]["action_id"]: {
                "type": "plain_text_input",
                "value": block["element"].get("initial_value", "").strip() or None,
            }
        }
        for block in view["blocks"]
    }
    assert read_values({"state": {"values": state}}) == {"need": typed.strip(), "b": ""}


def test_what_goes_on_in_another_field_can_be_changed_there() -> None:
    words = " ".join(f"ord{number}" for number in range(1_500))
    view = to_view(Form("x.do", "X", (Field("need", "Behov", "long", required=True, value=words, maximum=3_000),)))
    labels = [block["label"]["text"] for block in view["blocks"]]
    assert labels == ["Behov", "Behov (fortsat)", "Behov (fortsat)", "Behov (fortsat)"]
    assert [block["optional"] for block in view["blocks"]] == [False, True, True, True]
    state = {block["block_id"]: {"long": {"value": f"del {place}"}} for place, block in enumerate(view["blocks"])}
    assert read_values({"state": {"values": state}}) == {"need": "del 0 del 1 del 2 del 3"}
    answer = errors_answer(view, [("need", "For langt")])
    assert answer["errors"] == {"need": "For langt"}


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks | charts, max_size=12).map(lambda several: Message(tuple(several))))
def test_slack_takes_every_update(shown: Message) -> None:
    for draws in (False, True):
        one = to_message(shown, charts=draws)
        assert check_message({"text": one.text, "blocks": one.blocks}) == []


def test_an_update_of_a_message_with_a_long_text_keeps_its_facts_and_buttons() -> None:
    shown = message(
        Heading("#43 Vis mailadresse"),
        Quote("ord " * 5_000),
        Facts((("Status", "Screening"),)),
        Actions((Button("Støt", "wish.support", "43", token="b.x"),)),
    )
    one = to_message(shown)
    assert [label for label, _ in list_controls({"blocks": one.blocks})] == ["Støt"]
    assert "Status: Screening" in read_message({"blocks": one.blocks})


def test_a_long_message_is_split_and_a_very_long_one_stays_in_order() -> None:
    shown = message(*(Text(f"linje {number} " + "ord " * 200) for number in range(80)))
    parts = to_messages(shown)
    assert len(parts) > 3
    said = "\n".join(read_message({"blocks": part.blocks}) for part in parts)
    assert said.count("linje") == 80
    assert said.index("linje 3 ") < said.index("linje 40 ") < said.index("linje 79 ")


def _labels(part: Rendered) -> list[str]:
    return [label for label, _ in list_controls({"blocks": part.blocks})]


LONG_TO_PRESS = message(
    *(Text(f"linje {number} " + "ord " * 200) for number in range(60)),
    Actions((Button("Støt", "wish.support", token="b.x"), Button("Vis", "wish.show", token="b.y"))),
)


def test_the_buttons_of_a_message_that_goes_on_in_its_thread_stand_on_the_message_itself() -> None:
    first, *rest = to_messages(LONG_TO_PRESS, in_thread=True)
    assert _labels(first) == ["Støt", "Vis"]
    assert read_message({"blocks": first.blocks}).endswith("…"), "it says that it goes on"
    assert rest
    assert [_labels(part) for part in rest] == [[]] * len(rest)
    said = "\n".join(read_message({"blocks": part.blocks}) for part in (first, *rest))
    assert said.count("linje") == 60


def test_the_buttons_of_what_one_person_reads_in_pieces_stand_at_the_end() -> None:
    assert [_labels(part) for part in to_messages(LONG_TO_PRESS)][-1] == ["Støt", "Vis"]


def test_an_update_of_a_message_that_went_on_in_its_thread_changes_all_its_buttons() -> None:
    assert _labels(to_message(LONG_TO_PRESS)) == ["Støt", "Vis"]


@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_list_of_very_many_links_is_taken(between: str) -> None:
    links = between.join(["http://a.b"] * 250)
    shown = message(Text(links), Facts((("Links", links),)), Listing((Item(links), Item(links, "x", mark="1."))))
    for part in to_messages(shown):
        assert check_message({"text": part.text, "blocks": part.blocks}) == []


def test_sixty_short_lines_are_one_message() -> None:
    shown = message(Heading("Ønsker"), *(Text(f"#{number} kort") for number in range(60)))
    assert len(to_messages(shown)) == 1


def test_what_a_button_and_a_select_carry_comes_back() -> None:
    token = "b." + "A" * 400 + "." + "B" * 16
    items = (
        Button("Støt", "wish.support", token=token),
        Select("Vælg", "wish.status", (Option("4", "Fire"), Option("", "Ingen")), token=token),
        Select("Vælg", "wish.status", (Option("4", "Fire"),), token="b.kort.x"),
    )
    (part,) = to_messages(message(Actions(items)))
    (_, button), (_, select), (_, other) = list_controls({"blocks": part.blocks})
    assert read_token(button) == token
    assert read_token(select) == token
    assert read_token(other) == "b.kort.x"
    assert read_choice(select | {"selected_option": select["options"][0]}) == "4"
    assert read_choice(select | {"selected_option": select["options"][1]}) == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("<!channel> @channel", "&lt;!channel&gt; @channel"), ("a & b", "a &amp; b"), ("&lt;", "&amp;lt;")],
)
def test_a_notification_can_call_nobody(typed: str, shown: str) -> None:
    (part,) = to_messages(message(Text(typed)))
    assert part.text == shown


def test_texts_in_blocks_are_literal() -> None:
    (part,) = to_messages(message(Heading("*a* <!here>"), Text("_b_ <@U1>"), Quote("`c` &amp;"), Note("~d~ <#C1>")))
    assert "mrkdwn" not in json.dumps(part.blocks)


def test_a_form_reads_back_what_stood_in_it() -> None:
    choices = (Option("low", "Lav"), Option("high", "Høj"))
    state = {
        "title": {"text": {"type": "plain_text_input", "value": "a\u030a"}},
        "empty": {"long": {"type": "plain_text_input", "value": None}},
        "day": {"date": {"type": "datepicker", "selected_date": "2026-08-03"}},
        "at": {"time": {"type": "timepicker", "selected_time": None}},
        "urgency": {"choice": {"type": "static_select", "selected_option": {"value": "–"}}},
        "kind": {"choice": {"type": "static_select", "selected_option": {"value": "low"}}},
        "wishes": {"multi": {"type": "checkboxes", "selected_options": [{"value": "low"}, {"value": "high"}]}},
        "hidden": {"switch": {"type": "checkboxes", "selected_options": []}},
        "sure": {"switch": {"type": "checkboxes", "selected_options": [{"value": "true"}]}},
        "town": {"search": {"type": "external_select", "selected_option": None}},
    }
    assert read_values({"state": {"values": state}}) == {
        "title": "å",
        "empty": "",
        "day": "2026-08-03",
        "at": "",
        "urgency": "",
        "kind": "low",
        "wishes": ["low", "high"],
        "hidden": "",
        "sure": "true",
        "town": "",
    }
    shown = to_view(Form("x.do", "X", (Field("kind", "Slags", "choice", value="low", options=choices),), token="f"))
    assert shown["blocks"][0]["element"]["initial_option"]["value"] == "low"
