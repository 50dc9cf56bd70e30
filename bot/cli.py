"""The command line's own manners: help and refusals in the administrator's language, from the catalogs."""

from __future__ import annotations

import contextlib
import gettext
import os
from collections.abc import Iterator, Sequence
from typing import Any

import click

_SHARED = {"_click_default_help": "cli.option.help", "help": "cli.option.help", "version": "cli.option.version"}
"""The options that click itself adds → their help."""

_LOCALE = "OENSKEBOT_LOCALE"

_CLICK = "click"
"""The domain of what click says by itself; it asks gettext."""


def spoken_language() -> str:
    """The language that the command line speaks: the setting's, Danish where it is not given."""
    from dotenv import dotenv_values  # noqa: PLC0415 - as the settings, but before they are checked

    given = os.environ.get(_LOCALE) or ""
    with contextlib.suppress(UnicodeDecodeError, OSError):  # who reads the settings says that the file can't be read
        given = given or dotenv_values(".env").get(_LOCALE) or ""
    return "en" if given.strip().lower() == "en" else "da"


@contextlib.contextmanager
def click_speaking(language: str) -> Iterator[None]:
    """Within, click speaks this language, whatever the machine's is. gettext knows no other way to say it."""
    from locales import FOLDER  # noqa: PLC0415 - babel is slow to import, and only the catalogs need it

    domain, machine = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(_CLICK, FOLDER / _CLICK)
    gettext.textdomain(_CLICK)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE")
        if machine is not None:
            os.environ["LANGUAGE"] = machine


class Spoken(click.Command):
    """A command whose help, and its options' help, stand in the catalogs under `cli.<path>`."""

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        speak_names(self)
        return super().make_context(*arguments, **named)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        speak(self, _path(ctx), ctx)
        super().format_help(ctx, formatter)


class SpokenGroup(click.Group):
    """A group of such commands."""

    command_class = Spoken
    group_class = type

    def main(self, args: Sequence[str] | None = None, *arguments: Any, **named: Any) -> Any:
        with click_speaking(spoken_language()):
            return super().main(args, *arguments, **named)

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        speak_names(self)
        return super().make_context(*arguments, **named)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        path = _path(ctx)
        speak(self, path, ctx)
        for name, command in self.commands.items():
            speak(command, ".".join(part for part in (path, name) if part), ctx)
        super().format_help(ctx, formatter)


def speak(command: click.Command, path: str, ctx: click.Context) -> None:
    """Give the command and its options their help in the language that is spoken."""
    from locales import speaking, translate  # noqa: PLC0415 - the catalogs are only needed for help

    with speaking(spoken_language()):
        command.help = translate(f"cli.{path}" if path else "cli.oenskebot")
        for parameter in command.get_params(ctx):
            if isinstance(parameter, click.Option):
                shared = _SHARED.get(parameter.name or "")
                parameter.help = translate(shared or f"cli.{path}.{parameter.name}")


def speak_names(command: click.Command) -> None:
    """Call what stands in usage, help and refusals by its name in the language that is spoken."""
    from locales import speaking, translate  # noqa: PLC0415 - as above

    with speaking(spoken_language()):
        command.options_metavar = f"[{translate('cli.metavar.options')}]"
        if isinstance(command, click.Group):
            command.subcommand_metavar = translate("cli.metavar.command")
        for parameter in command.params:
            if isinstance(parameter.type, click.Path | click.IntRange):
                kind = "file" if isinstance(parameter.type, click.Path) else "number"
                parameter.type.name = translate(f"cli.kind.{kind}")
            if isinstance(parameter, click.Argument):
                parameter.metavar = translate(f"cli.metavar.{parameter.name}")
            elif parameter.type is click.STRING and parameter.metavar != "URL":
                parameter.metavar = translate("cli.metavar.text")


def _path(ctx: click.Context) -> str:
    names = []
    here: click.Context | None = ctx
    while here is not None and here.parent is not None:
        names.append(here.info_name or "")
        here = here.parent
    return ".".join(reversed(names))
