"""The command line's own manners: help in the administrator's language, from the catalogs."""

from __future__ import annotations

import os

import click

_SHARED = {"_click_default_help": "cli.option.help", "help": "cli.option.help", "version": "cli.option.version"}
"""The options that click itself adds → their help."""


def spoken_language() -> str:
    """The language that the command line speaks: the setting's, Danish where it is not given."""
    return "en" if os.environ.get("OENSKEBOT_LOCALE", "").strip().lower() == "en" else "da"


class Spoken(click.Command):
    """A command whose help, and its options' help, stand in the catalogs under `cli.<path>`."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        speak(self, _path(ctx), ctx)
        super().format_help(ctx, formatter)


class SpokenGroup(click.Group):
    """A group of such commands."""

    command_class = Spoken
    group_class = type

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


def _path(ctx: click.Context) -> str:
    names = []
    here: click.Context | None = ctx
    while here is not None and here.parent is not None:
        names.append(here.info_name or "")
        here = here.parent
    return ".".join(reversed(names))
