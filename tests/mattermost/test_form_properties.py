"""Whatever form it is, its dialogs stay within every server's limits, and what is typed in them is never lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.mattermost.drafts import filled
from bot.platforms.mattermost.elements import boxes, numbers_of, within
from bot.platforms.mattermost.forms import ELEMENTS_PER_STEP, WHOLE_FORM_SINCE, split, to_dialog
from bot.platforms.mattermost.submission import read_fields, read_numbers
from handlers.chat.messages import Field, Form, Option
from tests.doubles.mattermost_reader import as_seen

OLD = (5, 37, 0)
VERSIONS = st.sampled_from([(), OLD, (7, 8, 1), WHOLE_FORM_SINCE, (11, 10, 0)])

PLAIN = "abcæøå #?.,:12"


def _words(letters: str, longest: int) -> st.SearchStrategy[str]:
    """Short texts, and long ones too, which are seldom made by themselves."""
    long = st.builds(lambda part, times: (part * times)[:longest], st.text(letters, min_size=1), st.integers(5, 200))
    return st.text(letters, max_size=40) | long


LABELS = _words(PLAIN, 200).filter(str.strip)
TYPED = _words(PLAIN + "*_`<&\n\"'\\\u200b👍", 4000)
HINTS = _words(PLAIN, 250)


@st.composite
def _fields(draw: st.DrawFn, name: str) -> Field:
    kind = draw(st.sampled_from(["text", "long", "amount", "number", "date", "time", "choice", "multi", "switch"]))
    values = [f"v{number}" for number in range(draw(st.integers(1, 9)))]
    options = tuple(Option(value, draw(LABELS)) for value in values) if kind in ("choice", "multi") else ()
    standing: Any = {
        "choice": st.sampled_from(["", *values, "gone"]),
        "multi": st.lists(st.sampled_from(values), unique=True).map(lambda chosen: tuple(sorted(chosen))),
        "switch": st.sampled_from(["", "true"]),
    }.get(kind, TYPED)
    maximum = draw(st.sampled_from([0, 40, 200, 300, 500, 3000, 9000]))
    return Field(
        name, draw(LABELS), kind, draw(st.booleans()), draw(standing), options, draw(HINTS), draw(HINTS), maximum
    )  # type: ignore[arg-type] # the kinds are those of a field


@st.composite
def _forms(draw: st.DrawFn) -> Form:
    number = draw(st.integers(0, 12))
    fields = tuple(draw(_fields(f"f{at}")) for at in range(number))
    return Form("wish.submit", draw(LABELS), fields, intro=draw(HINTS))


def _faults(dialog: dict[str, Any], typed: set[str]) -> list[str]:
    """What a new server would write a warning about. What somebody has typed may be too long: it is never cut."""
    elements = dialog["elements"]
    wrong = ["title"] if not 0 < len(dialog["title"].encode()) <= 24 else []
    wrong += ["names"] if len({one["name"] for one in elements}) < len(elements) else []
    for one in elements:
        longest = {"text": 150, "textarea": 3000, "select": 3000, "bool": 150}[one["type"]]
        wrong += ["label"] if not 0 < len(one["display_name"].encode()) <= 24 else []
        wrong += ["name"] if not 0 < len(one["name"].encode()) <= 300 else []
        wrong += ["help"] if len(one["help_text"].encode()) > 150 else []
        wrong += ["placeholder"] if len(one["placeholder"].encode()) > longest else []
        wrong += (
            ["default"]
            if len(one["default"].encode()) > longest and not (one["type"] == "textarea" and one["default"] in typed)
            else []
        )
        wrong += ["no room"] if len(one["default"]) > one.get("max_length", 3000) else []
        values = [option["value"] for option in one.get("options", ())]
        wrong += ["option"] if one["type"] == "select" and one["default"] not in ("", *values) else []
        wrong += ["option"] if not all(option["text"] and option["value"] for option in one.get("options", ())) else []
        wrong += ["truth"] if one["type"] == "bool" and one["default"] not in ("true", "false") else []
    return wrong


@given(_forms(), VERSIONS)
def test_no_form_goes_beyond_what_any_server_takes(form: Form, version: tuple[int, ...]) -> None:
    steps = split(form, version)
    shown = [to_dialog(form, steps, step, f"{step}.token") for step in range(1, len(steps) + 1)]
    typed = {field.value for field in form.fields if isinstance(field.value, str)}
    assert [_faults(one, typed) for one in shown] == [[]] * len(steps)
    assert [field for some in steps.fields for field in some] == list(form.fields)
    most = 100 if version >= WHOLE_FORM_SINCE else ELEMENTS_PER_STEP
    assert all(len(one["elements"]) <= most for one in shown)
    assert [one["state"] for one in shown] == [f"{step}.token" for step in range(1, len(steps) + 1)]


def _all_said(dialog: dict[str, Any]) -> str:
    """All words of a dialog, as they are read."""
    said = [dialog["title"], as_seen(dialog["introduction_text"])]
    for one in dialog["elements"]:
        said += [one["display_name"], one["help_text"], one["placeholder"]]
        said += [option["text"] for option in one.get("options", ())]
    return "".join("".join(said).replace("\u200b", "").split())


@given(_forms())
def test_what_is_cut_in_one_place_stands_whole_in_another(form: Form) -> None:
    steps = split(form, OLD)
    for number, fields in enumerate(steps.fields, 1):
        said = _all_said(to_dialog(form, steps, number, "s"))
        wanted = [form.title, *(words for one in fields for words in (one.label, one.hint))]
        wanted += [option.label for one in fields for option in one.options]
        assert [words for words in wanted if "".join(words.split()) not in said] == []


Answers = dict[str, Any]


def _client_opens(dialog: dict[str, Any]) -> Answers:
    """What a client has in the fields when it opens the dialog."""
    return {
        one["name"]: one["default"] == "true" if one["type"] == "bool" else one["default"] or None
        for one in dialog["elements"]
    }


def _type(draw: st.DrawFn, field: Field, answers: Answers) -> str | list[str]:
    """Somebody fills in one field; returns what they mean by it."""
    if field.kind == "switch":
        answers[field.name] = draw(st.booleans())
        return "true" if answers[field.name] else ""
    if field.kind == "choice":
        answers[field.name] = draw(st.sampled_from([option.value for option in field.options]))
        return str(answers[field.name])
    if field.kind != "multi":
        typed = draw(TYPED)
        answers[field.name] = typed or None
        return typed
    chosen = [at for at, _ in enumerate(field.options) if draw(st.booleans())]
    if boxes(field):
        answers.update({f"{field.name}.{at}": at in chosen for at, _ in enumerate(field.options)})
    else:
        answers[field.name] = ", ".join(list(numbers_of(field))[at] for at in chosen)
    return [field.options[at].value for at in chosen]


@st.composite
def _stories(draw: st.DrawFn) -> tuple[Form, Form, dict[str, str | list[str]]]:
    """A form, as it stands after its steps were sent in any order and again, and what was meant last in each field."""
    form = opened = draw(_forms())
    meant: dict[str, str | list[str]] = {}
    steps = len(split(form, OLD))
    for step in draw(st.lists(st.integers(1, steps), max_size=6)):
        fields = split(form, OLD).fields[step - 1]
        answers = _client_opens(to_dialog(form, split(form, OLD), step, "s"))
        for field in fields:
            if draw(st.booleans()):
                meant[field.name] = _type(draw, field, answers)
        typed = read_fields(fields, answers)
        numbers = {one.name: one for one in fields if one.kind == "multi" and not boxes(one)}
        typed |= {name: read_numbers(one, str(typed.get(name, ""))) for name, one in numbers.items()}
        form = filled(form, typed, {})
    return opened, form, meant


@given(_stories())
def test_what_was_typed_stands_whatever_the_order_of_steps(
    story: tuple[Form, Form, dict[str, str | list[str]]],
) -> None:
    opened, form, meant = story
    found = {one.name: list(one.value) if isinstance(one.value, tuple) else one.value for one in form.fields}
    assert {name: found[name] for name in meant} == meant
    before = {one.name: one for one in opened.fields if one.name not in meant}
    for one in form.fields:
        if one.name in before and one.kind in ("text", "long"):
            assert one.value == before[one.name].value


@pytest.mark.parametrize(
    ("text", "longest", "cut"),
    [
        ("Kort", 24, "Kort"),
        ("Interessenter, og hvornår de skal inddrages", 24, "Interessenter, og…"),
        ("Dit skøn over prisen (kr. ekskl. moms)", 24, "Dit skøn over prisen…"),
        ("æ" * 12, 24, "æ" * 12),
        ("æ" * 13, 24, "æ" * 10 + "…"),
        ("Beslutningsdygtighedsgrænsen", 24, "Beslutningsdygtigheds…"),
        ("Ønsker, der er klar til at", 24, "Ønsker, der er klar…"),
    ],
)
def test_a_text_is_cut_after_a_word_and_says_so(text: str, longest: int, cut: str) -> None:
    assert within(text, longest) == cut
