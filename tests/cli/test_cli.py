"""The command line as an administrator uses it: what it says, what it leaves behind, and how it exits."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import pathlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
import structlog
from click.testing import CliRunner, Result

from bot.__main__ import main
from storage import schema
from storage.session import Storage
from tests.groups import make_group

ROWS = "nummer;titel;status;estimat\n5;=SUM(A1);Klar til prioritering;16.500\n6;;Screening;\n7;Vis mail;Flyver;\n"


@pytest.fixture(autouse=True)
def place(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pathlib.Path]:
    """A folder of its own, with no settings but the database."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("OENSKEBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OENSKEBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    yield tmp_path
    structlog.reset_defaults()  # the command line sets up the logs of the whole process


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), prog_name="oenskebot")


@pytest.fixture
def group(place: pathlib.Path) -> None:
    async def make() -> None:
        storage = Storage(os.environ["OENSKEBOT_DATABASE_URL"])
        await schema.upgrade(storage)
        await make_group(storage, platform="local", workspace="local", channel="c1")
        await storage.dispose()

    asyncio.run(make())


def test_help_is_danish_and_english(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Prøv botten i en lokal chat" in run("--help").output
    monkeypatch.setenv("OENSKEBOT_LOCALE", "en")
    assert "Try the bot in a local chat" in run("--help").output


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("demo",),
        ("run",),
        ("db",),
        ("db", "upgrade"),
        ("import",),
        ("export",),
        ("doctor",),
        ("verify",),
        ("manifest",),
        ("mattermost", "setup"),
    ],
)
def test_every_command_has_its_help(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SLAK_BOT_TOKEN", "x", "OENSKEBOT_SLAK_BOT_TOKEN er ikke en indstilling"),
        ("HTTP_PORT", "mange", "OENSKEBOT_HTTP_PORT kan ikke være »mange«"),
        ("LOCALE", "kl", "OENSKEBOT_LOCALE kan ikke være »kl«"),
        ("TIMEZONE", "Mars/Nord", "er ikke en tidszone"),
        ("SLACK_BOT_TOKEN", "xoxb-1", "kræver også OENSKEBOT_SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-1", "OENSKEBOT_SLACK_BOT_TOKEN mangler"),
        ("MATTERMOST_URL", "http://localhost", "hører sammen; den ene mangler"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"OENSKEBOT_{name}", value)
    result = run("db", "status")
    assert result.exit_code == 2
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert "xoxb-1" not in result.output


def test_a_setting_in_the_file_is_checked_too(place: pathlib.Path) -> None:
    (place / ".env").write_text("OENSKEBOT_PORT=1\n", encoding="utf-8")
    assert "OENSKEBOT_PORT er ikke en indstilling" in run("db", "status").output


def test_nothing_to_run_on() -> None:
    result = run("run")
    assert result.exit_code == 1
    assert "Ingen chatplatform er sat op." in result.output


def test_the_schema_is_looked_at_and_upgraded() -> None:
    before = run("db", "status")
    assert (before.exit_code, "Kør: oenskebot db upgrade" in before.output) == (1, True)
    assert run("db", "upgrade").exit_code == 0
    after = run("db", "status")
    assert (after.exit_code, "Skemaet er som det skal være" in after.output) == (0, True)


@pytest.mark.usefixtures("group")
def test_an_import_reports_every_row_refused(place: pathlib.Path) -> None:
    (place / "a.csv").write_text(ROWS, encoding="utf-8")
    tried = run("import", "os2test", "a.csv", "--dry-run")
    assert tried.exit_code == 1
    assert "Række 3: Titlen mangler." in tried.output
    assert "Række 4: Jeg kender ikke status »Flyver«." in tried.output
    assert "Ét ønske ville blive taget over, 2 rækker afvist." in tried.output
    assert "Ét ønske er taget over" in run("import", "os2test", "a.csv").output
    again = run("import", "os2test", "a.csv").output
    assert "Nummer 5 er optaget." in again
    assert "0 ønsker er taget over, 3 rækker er afvist." in again
    (place / "b.csv").write_text("Titel;Hvem\nNy;Bo\n;Bo\n", encoding="utf-8")
    other = run("import", "os2test", "b.csv").output
    assert "Kolonnen »Hvem« kender jeg ikke; den er ikke taget med." in other
    assert "Ét ønske er taget over, 1 række er afvist." in other


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("spoken", ["da", "en"])
def test_what_was_exported_is_taken_over_again(
    place: pathlib.Path, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "a.csv").write_text(ROWS, encoding="utf-8")
    run("import", "os2test", "a.csv")
    monkeypatch.setenv("OENSKEBOT_LOCALE", spoken)
    run("export", "os2test", "ud.csv")
    file = (place / "ud.csv").read_text(encoding="utf-8-sig")
    (place / "ind.csv").write_text(file.replace("5;'=", "6;'=-", 1), encoding="utf-8")
    assert run("import", "os2test", "ind.csv").exit_code == 0
    run("export", "os2test", "igen.csv")
    rows = (place / "igen.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[2] == rows[1].replace("5;'=", "6;'=-", 1)


@pytest.mark.usefixtures("group")
def test_what_was_imported_is_exported_and_no_cell_is_a_formula(place: pathlib.Path) -> None:
    (place / "a.csv").write_text(ROWS, encoding="utf-8")
    run("import", "OS2TEST", "a.csv")
    assert run("export", "os2test", "ud.csv").exit_code == 0
    rows = list(csv.DictReader(io.StringIO((place / "ud.csv").read_text(encoding="utf-8-sig")), delimiter=";"))
    assert [(row["Nummer"], row["Titel"], row["Estimat (kr.)"]) for row in rows] == [("5", "'=SUM(A1)", "16500")]
    assert run("export", "os2test", "ud.json").exit_code == 0
    content = json.loads((place / "ud.json").read_text(encoding="utf-8"))
    assert content["wishes"][0]["estimate_ore"] == 1_650_000
    assert content["log"][-1]["kind"] == "wish.imported"
    assert content["log"][-1]["hash"].startswith(content["chain_head"])


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "nope", "a.csv"), "Der er ingen gruppe med navnet nope. Grupper her: os2test"),
        (("import", "os2test", "a.txt"), "kan ikke importeres. Brug .csv, .xlsx eller .json."),
        (("export", "os2test", "ud.exe"), "Filens endelse skal være en af disse"),
        (("db", "restore", "a.txt"), "er ikke en kopi af en Ønskebot-database"),
        (("db", "backup", "bot.db"), "er selve databasen"),
        (("db", "restore", "bot.db"), "er selve databasen"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(place: pathlib.Path, words: tuple[str, ...], sentence: str) -> None:
    (place / "a.csv").write_text(ROWS, encoding="utf-8")
    (place / "a.txt").write_text("hej", encoding="utf-8")
    result = run(*words)
    assert result.exit_code == 1
    assert sentence in result.output


@pytest.mark.usefixtures("group")
def test_a_copy_is_taken_and_put_back(place: pathlib.Path) -> None:
    (place / "a.csv").write_text(ROWS, encoding="utf-8")
    assert run("db", "backup", "kopi.db").exit_code == 0
    run("import", "os2test", "a.csv")
    assert run("db", "restore", "kopi.db").exit_code == 0
    run("export", "os2test", "ud.json")
    assert json.loads((place / "ud.json").read_text(encoding="utf-8"))["wishes"] == []


@pytest.mark.parametrize("words", [("verify", "os2test"), ("export", "os2test", "ud.csv"), ("db", "status"), ("run",)])
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("vrøvl", "Databasens adresse kan ikke læses."),
        ("mysql://a:hemmelig@b/c", "Databasens adresse kan ikke læses."),
        ("postgresql://a:hemmelig@127.0.0.1:1/c", "Databasen kan ikke bruges: connection failed"),
        ("sqlite:///vrøvl.db", "Databasen kan ikke bruges: file is not a database."),
    ],
)
def test_a_database_that_can_not_be_used_is_told_in_one_line(
    place: pathlib.Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], address: str, sentence: str
) -> None:
    (place / "vrøvl.db").write_bytes(b"vr" * 5000)
    monkeypatch.setenv("OENSKEBOT_DATABASE_URL", address)
    monkeypatch.setenv("OENSKEBOT_SECRET_KEY", "k")
    monkeypatch.setenv("OENSKEBOT_MATTERMOST_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("OENSKEBOT_MATTERMOST_TOKEN", "t")
    result = run(*words)
    assert result.exit_code == 1
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert "hemmelig" not in result.output


def test_a_database_that_is_not_there_is_not_made_by_looking_for_it(place: pathlib.Path) -> None:
    result = run("verify", "os2test")
    assert result.exit_code == 1
    assert "Der er ingen database i" in result.output
    assert not (place / "bot.db").exists()


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("words", [("db", "status"), ("db", "upgrade"), ("verify", "os2test"), ("doctor",)])
def test_a_newer_versions_database_is_left_alone(place: pathlib.Path, words: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(place / "bot.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    result = run(*words)
    assert result.exit_code == 1
    assert "Databasen er lavet af en nyere udgave af Ønskebot." in result.output


def test_words_that_are_no_command() -> None:
    assert run("flyv").exit_code == 2
