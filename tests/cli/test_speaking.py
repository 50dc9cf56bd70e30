"""The command line speaks one language, also where click speaks by itself."""

from __future__ import annotations

import ast
import pathlib

import click
import pytest
from babel.messages.pofile import read_po

from locales import FOLDER
from tests.cli.line import run

CLICK = pathlib.Path(click.__file__).parent
HEARD = ("core", "exceptions", "formatting", "parser", "types")
"""Click's modules whose sentences our command line can come to say."""

PROGRAMMERS = ("declar", "defined", "(dynamic)", "eprecat", "must be an iterable", "Boolean option", "start character")
UNUSED = ("UUID", "match the format", "Choice(", "values are required")
"""Words in the sentences that only who writes the program hears, and of kinds of words that it does not take."""


def said_by_click() -> set[str]:
    return {
        ast.literal_eval(word)
        for name in HEARD
        for call in ast.walk(ast.parse((CLICK / f"{name}.py").read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext")
        for word in call.args[:1]
        if isinstance(word, ast.Constant)
    }


def test_all_that_click_says_is_in_the_catalog() -> None:
    with (FOLDER / "click/da/LC_MESSAGES/click.po").open("rb") as file:
        known = {one.id if isinstance(one.id, str) else one.id[0] for one in read_po(file) if one.id}
    wanted = {text for text in said_by_click() if not any(word in text for word in (*PROGRAMMERS, *UNUSED))}
    assert known - {"required"} == wanted - {"required"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--help",), ["Brug: oenskebot [VALG] KOMMANDO …", "Tilvalg:", "Kommandoer:"]),
        (("demo", "--help"), ["--host TEKST", "[standard: 127.0.0.1]", "--port TAL"]),
        (("export", "--help"), ["Brug: oenskebot export [VALG] GRUPPE FIL", "(.md, .docx, .pdf)", "(.zip)"]),
        (("export", "g"), ["Fejl: Der mangler 'FIL'.", "Skriv »oenskebot export --help« for at få hjælp."]),
        (("import", "g", "væk.csv"), ["Fejl: 'FIL' kan ikke bruges: Fil 'væk.csv' findes ikke."]),
        (("demo", "--port", "abc"), ["Fejl: '--port' kan ikke bruges: 'abc' er ikke et gyldigt tal."]),
        (("demo", "--port"), ["Fejl: Efter '--port' mangler værdien."]),
        (("flyv",), ["Fejl: Der er ikke nogen kommando 'flyv'."]),
        (("verify", "a", "b"), ["Fejl: Der står ét ord for meget (b)"]),
    ],
)
def test_click_speaks_danish(words: tuple[str, ...], said: list[str]) -> None:
    output = run(*words).output
    assert [one for one in said if one not in output] == []
    assert not any(word in output for word in ("Usage", "Options", "Error", "[OPTIONS]", "Try "))


def test_and_english_where_that_is_chosen(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "da")
    (place / ".env").write_text("OENSKEBOT_LOCALE=en\n", encoding="utf-8")
    assert "Error: Missing argument 'FILE'." in run("export", "g").output
    assert "Usage: oenskebot export [OPTIONS] GROUP FILE" in run("export", "--help").output
