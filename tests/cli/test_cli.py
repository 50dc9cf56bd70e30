"""The command line as an administrator uses it: what it says, what it leaves behind, and how it exits."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import socket
import sqlite3
from contextlib import closing

import pytest
from openpyxl import load_workbook

from bot.demo import DemoOptions, serving
from bot.settings import read_settings
from tests.cli.line import run
from tests.demonstration import free_port

ROWS = "nummer;titel;status;estimat\n5;=SUM(A1);Klar til prioritering;16.500\n6;;Screening;\n7;Vis mail;Flyver;\n"


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
        ("TIMEZONE", "Europe", "»Europe« er ikke en tidszone"),
        ("SLACK_BOT_TOKEN", "xoxb-1", "kræver også OENSKEBOT_SLACK_APP_TOKEN"),
        ("SLACK_APP_TOKEN", "xapp-1", "OENSKEBOT_SLACK_BOT_TOKEN mangler"),
        ("MATTERMOST_URL", "http://localhost", "skal begge være sat"),
        ("MATTERMOST_COMMAND_TOKENS", "a,b", "skal begge være sat"),
        ("SLACK_BOT_TOKEN", "xapp-1", "OENSKEBOT_SLACK_BOT_TOKEN begynder med xapp- og er ikke bottens nøgle."),
        ("SLACK_APP_TOKEN", "xoxb-1", "OENSKEBOT_SLACK_APP_TOKEN begynder med xoxb- og er ikke appens nøgle."),
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


MATTERMOST = {"MATTERMOST_URL": "http://10.0.0.9", "MATTERMOST_TOKEN": "hemmelig"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "OENSKEBOT_MATTERMOST_COMMAND_TOKENS mangler"),
        ({"COMMAND_TOKENS": " , "}, "OENSKEBOT_MATTERMOST_COMMAND_TOKENS mangler"),
        ({"COMMAND_TOKENS": "c", "CALLBACK_HOST": "10.0.0.5"}, "OENSKEBOT_MATTERMOST_CALLBACK_PORT mangler"),
        (
            {"COMMAND_TOKENS": "c", "CALLBACK_HOST": "0.0.0.0", "CALLBACK_PORT": "8081"},
            "OENSKEBOT_MATTERMOST_CALLBACK_URL mangler",
        ),
        (
            {"COMMAND_TOKENS": "c", "CALLBACK_HOST": "::", "CALLBACK_PORT": "8081"},
            "OENSKEBOT_MATTERMOST_CALLBACK_URL mangler: skriv den adresse, hvor Mattermost når botten, "
            "for eksempel http://10.0.0.5:8081.",
        ),
        ({"COMMAND_TOKENS": "c", "CALLBACK_PORT": "x"}, "OENSKEBOT_MATTERMOST_CALLBACK_PORT kan ikke være »x«"),
        ({"COMMAND_TOKENS": "c", "CALLBACK_URL": "bot:8081"}, "OENSKEBOT_MATTERMOST_CALLBACK_URL skal være en hel"),
        ({"URL": "", "TOKEN": "", "CALLBACK_PORT": "8081"}, "skal begge være sat"),
    ],
)
def test_half_a_mattermost_stops_the_start_with_one_line(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], sentence: str
) -> None:
    given = MATTERMOST | {f"MATTERMOST_{name}": value for name, value in settings.items()}
    for name, value in given.items():
        monkeypatch.setenv(f"OENSKEBOT_{name}", value)
    for command in ("run", "doctor"):
        result = run(command)
        assert (result.exit_code, len(result.output.strip().splitlines())) == (2, 1)
        assert sentence in result.output
        assert "hemmelig" not in result.output


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_bot_that_listens_everywhere_needs_an_address_where_mattermost_reaches_it(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Before anything is registered with an address that leads nowhere, and at each start after that."""
    for name, value in (MATTERMOST | {"MATTERMOST_COMMAND_TOKENS": "c", "HTTP_HOST": host}).items():
        monkeypatch.setenv(f"OENSKEBOT_{name}", value)
    sentence = "OENSKEBOT_PUBLIC_URL mangler: skriv den adresse, hvor Mattermost når botten, for eksempel"
    for command in (("run",), ("doctor",), ("mattermost", "setup", "--admin-token", "t")):
        result = run(*command)
        assert (result.exit_code, len(result.output.strip().splitlines())) == (1 if len(command) > 1 else 2, 1)
        assert f"{sentence} http://10.0.0.5:8080." in result.output


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"PUBLIC_URL": "https://bot.dk"}, "https://bot.dk"),
        ({"HTTP_HOST": "::1"}, "http://[::1]:8080"),
        ({"PUBLIC_URL": "https://bot.dk", "HTTP_HOST": "0.0.0.0"}, "https://bot.dk"),
        ({"MATTERMOST_CALLBACK_PORT": "8081"}, "http://127.0.0.1:8081"),
        ({"MATTERMOST_CALLBACK_PORT": "8081", "MATTERMOST_CALLBACK_HOST": "10.0.0.5"}, "http://10.0.0.5:8081"),
        ({"PUBLIC_URL": "https://bot.dk", "MATTERMOST_CALLBACK_PORT": "8081"}, "http://127.0.0.1:8081"),
        ({"PUBLIC_URL": "https://bot.dk", "MATTERMOST_CALLBACK_URL": "http://bot:8081"}, "http://bot:8081"),
    ],
)
def test_where_mattermost_reaches_the_bot(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], address: str
) -> None:
    for name, value in (MATTERMOST | {"MATTERMOST_COMMAND_TOKENS": "c"} | settings).items():
        monkeypatch.setenv(f"OENSKEBOT_{name}", value)
    assert read_settings().callback_address == address


def test_a_setting_in_the_file_is_checked_too(place: pathlib.Path) -> None:
    (place / ".env").write_text("OENSKEBOT_PORT=1\n", encoding="utf-8")
    assert "OENSKEBOT_PORT er ikke en indstilling" in run("db", "status").output


def test_a_file_of_settings_that_is_no_text_stops_the_start_with_one_line(place: pathlib.Path) -> None:
    """As an editor saves it that knows nothing of UTF-8."""
    (place / ".env").write_text("# nøgle\nOENSKEBOT_SECRET_KEY=abcdefgh\n", encoding="latin-1")
    result = run("db", "status")
    assert (result.exit_code, result.output) == (2, "Filen .env kan ikke læses. Gem den som tekst i UTF-8.\n")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PUBLIC_URL", "bot.kommune.dk", "OENSKEBOT_PUBLIC_URL skal være en hel adresse"),
        ("PUBLIC_URL", "http://", "OENSKEBOT_PUBLIC_URL skal være en hel adresse"),
        ("SLACK_API_URL", "ftp://slack.com", "OENSKEBOT_SLACK_API_URL skal være en hel adresse"),
        ("MATTERMOST_URL", "https://chat:port", "OENSKEBOT_MATTERMOST_URL skal være en hel adresse"),
        ("METRICS_HOST", "zz", "OENSKEBOT_METRICS_HOST kan ikke være »zz«"),
        ("DATABASE_URL", "mysql://bo:hemmelig@vært/navn", "OENSKEBOT_DATABASE_URL: Databasens adresse kan ikke læses"),
        ("DATABASE_URL", "", "OENSKEBOT_DATABASE_URL: Databasens adresse kan ikke læses"),
        ("SECRET_KEY", "kort", "OENSKEBOT_SECRET_KEY er for kort"),
    ],
)
def test_a_wrong_setting_is_said_before_that_no_platform_is_set_up(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"OENSKEBOT_{name}", value)
    result = run("run")
    assert result.exit_code != 0
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert "hemmelig" not in result.output


@pytest.mark.parametrize("value", ["https://bot.kommune.dk", "http://10.0.0.5:8080/", "http://[::1]:8080"])
def test_a_whole_address_passes(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OENSKEBOT_PUBLIC_URL", value)
    assert "Ingen chatplatform er sat op." in run("run").output


def test_nothing_to_run_on() -> None:
    result = run("run")
    assert result.exit_code == 1
    assert "Ingen chatplatform er sat op." in result.output


def test_the_schema_is_looked_at_and_upgraded(place: pathlib.Path) -> None:
    (place / "bot.db").touch()
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


async def test_the_demonstration_says_what_it_did_not_take(
    place: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "a.csv").write_text("Titel;Kommune\nA;Favskov\nB;Tønder\n", encoding="utf-8")
    url = f"sqlite+aiosqlite:///{place / 'demo.db'}"
    options = DemoOptions("127.0.0.1", 0, url, browser=False, file=place / "a.csv")
    async with serving(options, read_settings(), url):
        pass
    said = capsys.readouterr().out
    assert "Række 2: Jeg kender ingen kommune, der hedder »Favskov«. Mente du Favrskov?" in said
    assert "Ét ønske er taget over, 1 række er afvist." in said


def test_a_demonstration_of_a_file_that_is_no_list_is_refused_in_one_line(place: pathlib.Path) -> None:
    (place / "a.pdf").write_bytes(b"%PDF")
    result = run("demo", "--no-browser", "--port", str(free_port()), "--group", "a.pdf")
    assert (result.exit_code, result.output) == (1, "Filen a.pdf kan ikke importeres. Brug .csv, .xlsx eller .json.\n")


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
def test_a_workbook_is_exported_with_numbers_and_is_taken_over_again(place: pathlib.Path) -> None:
    (place / "a.csv").write_text(ROWS, encoding="utf-8")
    run("import", "os2test", "a.csv")
    assert run("export", "os2test", "ud.xlsx").exit_code == 0
    sheet = load_workbook(place / "ud.xlsx").worksheets[0]
    assert sheet.title == "Ønsker"
    heading, row = sheet.iter_rows(values_only=True)
    shown = dict(zip(heading, row, strict=True))
    assert (shown["Nummer"], shown["Titel"], shown["Estimat (kr.)"]) == (5, "'=SUM(A1)", 16500)
    result = run("import", "os2test", "ud.xlsx", "--dry-run")
    assert "Nummer 5 er optaget." in result.output


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
        (("db", "backup", "findes/ikke/x.db"), "Mappen findes/ikke findes ikke."),
        (("export", "os2test", "findes/ikke/ud.csv"), "Mappen findes/ikke findes ikke."),
        (("demo", "--database", "findes/ikke/x.db"), "Mappen findes/ikke findes ikke."),
        (("demo", "--database", "mysql://a/b"), "Databasens adresse kan ikke læses. Skriv en fil"),
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


@pytest.mark.usefixtures("group")
def test_no_copy_is_put_back_under_a_bot_that_runs(place: pathlib.Path) -> None:
    assert run("db", "backup", "kopi.db").exit_code == 0
    with closing(sqlite3.connect(place / "bot.db")) as running:
        running.execute("PRAGMA journal_mode=WAL")
        running.execute("SELECT 1 FROM installation").fetchall()
        refused = run("db", "restore", "kopi.db")
    assert refused.exit_code == 1
    assert "bot.db er i brug. Stop botten, og prøv igen." in refused.output
    assert run("db", "restore", "kopi.db").exit_code == 0


@pytest.mark.parametrize("words", [("verify", "os2test"), ("export", "os2test", "ud.csv"), ("db", "status"), ("run",)])
@pytest.mark.parametrize(
    ("address", "code", "sentence"),
    [
        ("vrøvl", 2, "OENSKEBOT_DATABASE_URL: Databasens adresse kan ikke læses."),
        ("mysql://a:hemmelig@b/c", 2, "OENSKEBOT_DATABASE_URL: Databasens adresse kan ikke læses."),
        ("postgresql://a:hemmelig@127.0.0.1:1/c", 1, "Databasen kan ikke bruges: connection failed"),
        ("sqlite:///vrøvl.db", 1, "Databasen kan ikke bruges: file is not a database."),
    ],
)
def test_a_database_that_can_not_be_used_is_told_in_one_line(
    place: pathlib.Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], address: str, code: int, sentence: str
) -> None:
    (place / "vrøvl.db").write_bytes(b"vr" * 5000)
    monkeypatch.setenv("OENSKEBOT_DATABASE_URL", address)
    monkeypatch.setenv("OENSKEBOT_SECRET_KEY", "k" * 32)
    monkeypatch.setenv("OENSKEBOT_MATTERMOST_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("OENSKEBOT_MATTERMOST_TOKEN", "t")
    monkeypatch.setenv("OENSKEBOT_MATTERMOST_COMMAND_TOKENS", "c")
    result = run(*words)
    assert result.exit_code == code
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert "hemmelig" not in result.output


@pytest.mark.parametrize("words", [("verify", "os2test"), ("db", "status"), ("doctor",)])
def test_a_database_that_is_not_there_is_not_made_by_looking_for_it(
    place: pathlib.Path, words: tuple[str, ...]
) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert f"Der er ingen database i {place / 'bot.db'}. Ret" in result.output
    assert "lav en ny med: oenskebot db upgrade" in result.output
    assert not (place / "bot.db").exists()


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("words", [("db", "status"), ("db", "upgrade"), ("verify", "os2test"), ("doctor",)])
def test_a_newer_versions_database_is_left_alone(place: pathlib.Path, words: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(place / "bot.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    result = run(*words)
    assert result.exit_code == 1
    assert "Databasen er lavet af en nyere udgave af Ønskebot." in result.output


def test_a_database_may_be_named_by_its_file(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OENSKEBOT_DATABASE_URL", str(place / "ny.db"))
    assert run("db", "upgrade").exit_code == 0
    assert (place / "ny.db").is_file()
    monkeypatch.setenv("OENSKEBOT_DATABASE_URL", str(place / "væk" / "ny.db"))
    assert f"Mappen {place / 'væk'} findes ikke." in run("db", "status").output


def test_swapped_tokens_are_told_before_slack_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OENSKEBOT_SLACK_BOT_TOKEN", "xapp-1")
    monkeypatch.setenv("OENSKEBOT_SLACK_APP_TOKEN", "xoxb-1")
    for command in ("doctor", "run"):
        result = run(command)
        assert result.exit_code == 2
        assert "er byttet om: bottens begynder med xoxb-, appens med xapp-." in result.output


@pytest.mark.usefixtures("group")
def test_without_a_network_the_token_is_not_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OENSKEBOT_SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("OENSKEBOT_SLACK_SIGNING_SECRET", "s")
    monkeypatch.setenv("OENSKEBOT_SLACK_API_URL", "http://127.0.0.1:1/")
    result = run("doctor")
    assert result.exit_code == 1
    assert "Slack svarer ikke (ClientConnectorError). Tjek netforbindelsen og en eventuel proxy." in result.output


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("x", "✗ Nøgle: OENSKEBOT_SECRET_KEY er for kort: hver nøgle skal have mindst 8 tegn. Lav en med: python3"),
        (f"{'k' * 32},x", "✗ Nøgle: OENSKEBOT_SECRET_KEY er for kort"),
        ("kort-nøgle", "✓ Nøgle: kort; en ny på mindst 32 tegn laves med: python3"),
        ("k" * 32, "✓ Nøgle: én"),
    ],
)
def test_a_key_that_is_not_long_is_told(monkeypatch: pytest.MonkeyPatch, key: str, told: str) -> None:
    monkeypatch.setenv("OENSKEBOT_SECRET_KEY", key)
    assert told in run("doctor").output


def test_a_key_that_anybody_guesses_is_not_run_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OENSKEBOT_SECRET_KEY", "x")
    monkeypatch.setenv("OENSKEBOT_MATTERMOST_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("OENSKEBOT_MATTERMOST_TOKEN", "t")
    monkeypatch.setenv("OENSKEBOT_MATTERMOST_COMMAND_TOKENS", "c")
    result = run("run")
    assert result.exit_code == 1
    assert "OENSKEBOT_SECRET_KEY er for kort" in result.output


@pytest.mark.parametrize("address", ["localhost", "http://bot.example.dk", "https://"])
def test_slack_is_only_given_an_address_that_it_takes(address: str) -> None:
    result = run("manifest", "--http", address)
    assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
    assert "--http skal være en adresse, der begynder med https://" in result.output


def test_a_port_that_is_taken_is_said_with_another_and_no_database_made(place: pathlib.Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("demo", "--no-browser", "--empty", "--database", "ny.db", "--port", str(port))
    assert result.exit_code == 1
    assert not (place / "ny.db").exists()
    assert result.output.splitlines()[-1].startswith(
        f"Port {port} er optaget. Måske kører en prøve allerede: åbn http://127.0.0.1:{port}/. Ellers: oenskebot demo"
    )


@pytest.mark.usefixtures("group")
def test_nothing_to_count_again_is_not_a_result_that_agrees() -> None:
    result = run("verify", "os2test")
    told = "Der er ingen resultater at tælle efter endnu; loggens kæde er hel.\n"
    assert (result.exit_code, result.output) == (0, told)


@pytest.mark.usefixtures("group")
def test_a_row_that_nobody_can_have_written_is_told_in_one_line(place: pathlib.Path) -> None:
    (place / "a.csv").write_text(ROWS, encoding="utf-8")
    run("import", "os2test", "a.csv")
    with closing(sqlite3.connect(place / "bot.db")) as connection, connection:
        connection.execute("UPDATE log SET facts = 'vrøvl'")
    result = run("verify", "os2test")
    assert result.exit_code == 1
    assert result.output.startswith("I loggen eller afstemningernes tabeller står noget")
    assert len(result.output.strip().splitlines()) == 1


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("title", ["+1", "-1", "@A1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201"])
def test_no_beginning_of_a_formula_is_run(place: pathlib.Path, title: str) -> None:
    (place / "a.csv").write_text(f"nummer;titel;status\n5;{title};Screening\n", encoding="utf-8")
    run("import", "os2test", "a.csv")
    run("export", "os2test", "ud.csv")
    (row,) = csv.DictReader(io.StringIO((place / "ud.csv").read_text(encoding="utf-8-sig")), delimiter=";")
    assert row["Titel"] == f"'{title}"


def test_words_that_are_no_command() -> None:
    assert run("flyv").exit_code == 2
