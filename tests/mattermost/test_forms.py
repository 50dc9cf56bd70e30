"""A form becomes dialogs that an old server shows, and what comes back is read as the form's fields."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.mattermost.forms import needs_memory, split, to_dialog
from bot.platforms.mattermost.submission import Unclear, plain_values, read_fields, read_numbers, read_search
from handlers.chat.messages import Field, Form, Option
from handlers.members.municipalities import all_municipalities, fold, search_municipalities

OLD, NEW = (5, 37, 0), (8, 1, 0)
THREE = tuple(Option(str(number), f"Tema {number}") for number in range(3))
MANY = tuple(Option(f"w{number}", f"#{40 + number} Ønske") for number in range(12))
TOWNS = (
    Option("710", "Favrskov"),
    Option("550", "Tønder"),
    Option("400", "Bornholm"),
    Option("630", "Vejle"),
    Option("575", "Vejen"),
)


def _form(*fields: Field) -> Form:
    return Form("wish.submit", "Nyt ønske", fields, intro="Skriv ingen *følsomme* oplysninger.", submit="Send ønsket")


def _elements(*fields: Field, version: tuple[int, ...] = OLD) -> list[dict[str, Any]]:
    form = _form(*fields)
    elements: list[dict[str, Any]] = to_dialog(form, split(form, version), 1, "s")["elements"]
    return elements


@pytest.mark.parametrize(
    ("fields", "version", "steps"),
    [
        (5, OLD, [5]),
        (6, OLD, [5, 1]),
        (9, OLD, [5, 4]),
        (11, OLD, [5, 5, 1]),
        (9, NEW, [9]),
        (9, (), [5, 4]),
        (9, (11, 10, 1), [9]),
    ],
)
def test_an_old_server_gets_at_most_five_fields_at_a_time(
    fields: int, version: tuple[int, ...], steps: list[int]
) -> None:
    form = _form(*(Field(f"f{number}", "Felt") for number in range(fields)))
    assert [len(step) for step in split(form, version).fields] == steps
    assert needs_memory(form, split(form, version)) == (len(steps) > 1)


def test_boxes_to_tick_stay_together_in_one_step() -> None:
    form = _form(Field("a", "A"), Field("b", "B"), Field("c", "C"), Field("themes", "Temaer", "multi", options=THREE))
    steps = split(form, OLD)
    assert [[field.name for field in step] for step in steps.fields] == [["a", "b", "c"], ["themes"]]
    assert steps.of("themes") == 2
    assert steps.of("nothing") == 1


def test_the_step_is_told_and_the_last_one_sends() -> None:
    form = _form(*(Field(f"f{number}", "Felt") for number in range(6)))
    steps = split(form, OLD)
    first, last = to_dialog(form, steps, 1, "1.t"), to_dialog(form, steps, 2, "2.t")
    assert first["introduction_text"] == "Side 1 af 2.\n\nSkriv ingen \\*følsomme\\* oplysninger."
    assert last["introduction_text"] == "Side 2 af 2."
    assert [first["submit_label"], last["submit_label"]] == ["Næste", "Send ønsket"]
    assert [first["title"], last["title"]] == ["Nyt ønske", "Nyt ønske"]
    assert [first["state"], last["state"]] == ["1.t", "2.t"]


@pytest.mark.parametrize(
    ("field", "element"),
    [
        (Field("t", "T", maximum=200), {"type": "text", "max_length": 200, "optional": True}),
        (Field("t", "T", required=True), {"type": "text", "max_length": 150, "optional": False}),
        (Field("t", "T", maximum=3000), {"type": "textarea", "max_length": 3000}),
        (Field("t", "T", "long"), {"type": "textarea", "max_length": 3000}),
        (Field("t", "T", "amount", value="16.500"), {"type": "text", "default": "16.500"}),
        (Field("t", "T", "date", value="2026-09-03"), {"type": "text", "default": "3.9.2026"}),
        (Field("t", "T", "date", value="om lidt"), {"type": "text", "default": "om lidt"}),
        (Field("t", "T", "switch", value="true"), {"type": "bool", "default": "true", "placeholder": "Ja"}),
        (Field("t", "T", "switch"), {"type": "bool", "default": "false", "optional": True}),
        (Field("t", "T", "search", value="710", shown="Favrskov"), {"type": "text", "default": "Favrskov"}),
        (Field("t", "T", "multi", options=MANY, value=("w0", "w3")), {"type": "text", "default": "40, 43"}),
        (
            Field("t", "T", "choice", options=THREE[:1], value="0"),
            {"type": "select", "default": "0", "options": [{"text": "Tema 0", "value": "0"}]},
        ),
    ],
)
def test_every_kind_of_field_is_an_element_that_old_servers_know(field: Field, element: dict[str, Any]) -> None:
    [shown] = _elements(field)
    assert {name: shown[name] for name in element} == element
    assert shown["name"] == "t"


def test_a_short_choice_of_several_is_boxes_and_a_long_one_a_numbered_list() -> None:
    boxes = _elements(Field("themes", "Temaer", "multi", options=THREE, value=("1",)))
    assert [(one["name"], one["display_name"], one["placeholder"], one["default"]) for one in boxes] == [
        ("themes.0", "Temaer", "Tema 0", "false"),
        ("themes.1", "Temaer", "Tema 1", "true"),
        ("themes.2", "Temaer", "Tema 2", "false"),
    ]
    form = _form(Field("wishes", "Ønsker", "multi", options=MANY))
    shown = to_dialog(form, split(form, OLD), 1, "s")
    assert "**Ønsker**\n- \\#40 Ønske\n- \\#41 Ønske" in shown["introduction_text"]
    assert shown["elements"][0]["help_text"] == "Skriv numrene med komma imellem, for eksempel 40, 41."


def test_options_without_numbers_of_their_own_get_their_places() -> None:
    form = _form(Field("towns", "Kommuner", "multi", options=(*TOWNS, Option("1", "Ribe"))))
    shown = to_dialog(form, split(form, OLD), 1, "s")
    assert "- 1: Favrskov\n- 2: Tønder" in shown["introduction_text"]


def test_whatever_types_a_client_sends_are_texts_in_the_end() -> None:
    sent = {"a": 250, "b": 2.0, "c": True, "d": False, "e": None, "f": "x", "g": {"h": 1}, "i": 1.5}
    expected = {"a": "250", "b": "2", "c": "true", "d": "", "e": "", "f": "x", "g": "", "i": "1.5"}
    assert plain_values(sent) == expected


def test_what_was_not_sent_is_left_out_and_boxes_are_a_list() -> None:
    fields = (Field("a", "A"), Field("b", "B"), Field("themes", "Temaer", "multi", options=THREE))
    assert read_fields(fields, {"a": "x", "themes.0": True, "themes.2": "true", "evil": "1"}) == {
        "a": "x",
        "themes": ["0", "2"],
    }
    assert read_fields(fields, {}) == {}


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("40, 43", ["w0", "w3"]),
        ("#40 #43", ["w0", "w3"]),
        ("43;40,43", ["w3", "w0"]),
        ("", []),
        ("#41 ønske", ["w1"]),
    ],
)
def test_numbers_mean_options(typed: str, values: list[str]) -> None:
    assert read_numbers(Field("wishes", "Ønsker", "multi", options=MANY), typed) == values


@pytest.mark.parametrize("typed", ["99", "40, x", "to"])
def test_what_is_not_on_the_list_gets_a_sentence_with_an_example(typed: str) -> None:
    with pytest.raises(Unclear, match="står ikke på listen") as caught:
        read_numbers(Field("wishes", "Ønsker", "multi", options=MANY), typed)
    assert caught.value.sentence.endswith("Skriv numre derfra, for eksempel 40, 41.")


async def _look(query: str) -> tuple[Option, ...]:
    """Two at most, and æøå however they are written."""
    wanted = query.casefold().replace("oe", "ø")
    return tuple(town for town in TOWNS if wanted in town.label.casefold())[:2]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Favrskov", "710"),
        ("favr", "710"),
        ("  tønder ", "550"),
        ("toender", "550"),
        ("Vejle", "630"),
        ("", ""),
        ("Esbjerg", "561"),
        ("561", "561"),
    ],
)
async def test_a_search_takes_a_name_or_its_clear_beginning(typed: str, value: str) -> None:
    field = Field("town", "Kommune", "search", value="561", shown="Esbjerg")
    assert await read_search(field, typed, _look) == value


@pytest.mark.parametrize("number", range(98))
async def test_each_municipality_is_taken_by_its_name_with_and_without_danish_letters(number: int) -> None:
    municipality = all_municipalities()[number]

    async def look(query: str) -> tuple[Option, ...]:
        return tuple(Option(one.code, one.name) for one in search_municipalities(query))

    for typed in (municipality.name, municipality.official_name, fold(municipality.name)):
        assert await read_search(Field("town", "Kommune", "search"), typed, look) == municipality.code


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("vej", "»vej« passer på flere: »Vejle« og »Vejen«. Skriv hele navnet på den, du mener."),
        ("Faverskov", "Jeg kender ikke »Faverskov«. Mener du »Favrskov«?"),
        ("Vejlle", "Jeg kender ikke »Vejlle«. Mener du »Vejle« og »Vejen«?"),
        ("xyzzy", "Jeg kender ikke »xyzzy«. Skriv hele navnet."),
    ],
)
async def test_a_search_that_is_unclear_gets_one_sentence_with_the_nearest(typed: str, sentence: str) -> None:
    with pytest.raises(Unclear) as caught:
        await read_search(Field("town", "Kommune", "search"), typed, _look)
    assert caught.value.sentence == sentence
