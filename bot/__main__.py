"""The command line `oenskebot`: try it, run it, look after its database, and take wishes in and out."""

from __future__ import annotations

import asyncio
import pathlib
import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.cli import SpokenGroup, spoken_language

if TYPE_CHECKING:
    from bot.settings import Settings

FAILED, MISUSED = 1, 2
T = TypeVar("T")


@click.group(cls=SpokenGroup, context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100})
@click.version_option(package_name="oenskebot", message="%(version)s")
def main() -> None:
    pass


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8765, show_default=True, type=click.IntRange(1, 65535))
@click.option("--database", default="")
@click.option("--empty", is_flag=True)
@click.option("--no-browser", is_flag=True)
@click.option("--group", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
def demo(  # one argument for each option
    host: str, port: int, database: str, empty: bool, no_browser: bool, group: pathlib.Path | None
) -> None:
    settings = _settings()
    from bot.demo import DemoOptions, run_demo
    from bot.settings import database_address

    shows_pages = sys.stdout.isatty() and not no_browser
    options = DemoOptions(host, port, database_address(database), empty, shows_pages, group)
    _run(run_demo(options, settings))


@main.command()
def run() -> None:
    settings = _settings()
    from bot.serve import serve

    _run(serve(settings))


@main.group()
def db() -> None:
    pass


@db.command()
def upgrade() -> None:
    settings = _settings()
    from bot.upkeep import upgrade_database

    _run(upgrade_database(settings))


@db.command()
def status() -> None:
    settings = _settings()
    from bot.upkeep import show_status

    if not _run(show_status(settings)):
        raise SystemExit(FAILED)


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=pathlib.Path))
def backup(file: pathlib.Path) -> None:
    settings = _settings()
    from bot.backups import back_up

    _run(back_up(settings, file))


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
def restore(file: pathlib.Path) -> None:
    settings = _settings()
    from bot.backups import put_back

    _run(put_back(settings, file))


@main.command("import")
@click.argument("group")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@click.option("--dry-run", is_flag=True)
def import_wishes(group: str, file: pathlib.Path, dry_run: bool) -> None:
    settings = _settings()
    from bot.upkeep import import_file

    if not _run(import_file(settings, group, file, dry_run=dry_run)):
        raise SystemExit(FAILED)


@main.command()
@click.argument("group")
@click.argument("file", type=click.Path(dir_okay=False, path_type=pathlib.Path))
@click.option("--public", is_flag=True)
def export(group: str, file: pathlib.Path, public: bool) -> None:
    settings = _settings()
    from bot.upkeep import export_file

    _run(export_file(settings, group, file, public=public))


@main.command()
@click.argument("group")
def verify(group: str) -> None:
    settings = _settings()
    from bot.verifying import verify as recount

    if not _run(recount(settings, group)):
        raise SystemExit(FAILED)


@main.command()
def doctor() -> None:
    settings = _settings()
    from bot.doctor import examine

    if not _run(examine(settings)):
        raise SystemExit(FAILED)


@main.command()
@click.option("--ascii", "ascii_only", is_flag=True)
@click.option("--english", is_flag=True)
@click.option("--history", is_flag=True)
@click.option("--http", default="", metavar="URL")
def manifest(ascii_only: bool, english: bool, history: bool, http: str) -> None:
    import urllib.parse

    import yaml

    from bot.platforms.slack.manifest import manifest as make
    from locales import speaking, translate

    address = urllib.parse.urlsplit(http)
    with speaking(spoken_language()):
        if http and not (address.scheme == "https" and address.hostname):
            raise _misused(translate("cli.manifest.not_https"))
        made = make(ascii_only=ascii_only, english=english, history=history, http=http)
    click.echo(yaml.safe_dump(made, allow_unicode=True, sort_keys=False), nl=False)


@main.group()
def mattermost() -> None:
    pass


@mattermost.command()
@click.option("--admin-token", required=True)
@click.option("--team", default="")
@click.option("--channel", "channels", multiple=True)
@click.option("--english", is_flag=True)
def setup(admin_token: str, team: str, channels: tuple[str, ...], english: bool) -> None:
    settings = _settings(whole=False)
    from bot.doctor import set_up_mattermost

    _run(set_up_mattermost(settings, admin_token, team=team, channels=channels, english=english))


def _settings(*, whole: bool = True) -> Settings:
    from bot.logs import set_up_logs
    from bot.settings import SettingsWrong, read_settings
    from locales import speaking

    try:
        with speaking(spoken_language()):
            settings = read_settings(whole=whole)
    except SettingsWrong as error:
        raise _misused(str(error)) from error
    set_up_logs(settings.log_format)
    return settings


def _misused(told: str) -> SystemExit:
    click.echo(told, err=True)
    return SystemExit(MISUSED)


def _run(work: Coroutine[Any, Any, T]) -> T:
    from bot.troubles import told
    from locales import speaking

    with speaking(spoken_language()):
        try:
            return asyncio.run(work)
        except KeyboardInterrupt:
            raise SystemExit(0) from None
        except Exception as error:
            line = told(error)
            if line is None:
                raise
            click.echo(line, err=True)
            raise SystemExit(FAILED) from error


if __name__ == "__main__":
    main(prog_name="oenskebot")
