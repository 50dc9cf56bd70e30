"""Every setting, read once at the start: environment variables with the prefix OENSKEBOT_, and `.env`."""

from __future__ import annotations

import ipaddress
import os
import pathlib
import urllib.parse
import zoneinfo
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from locales import translate

PREFIX = "OENSKEBOT_"

SHORTEST_KEY = 8
"""Signs of a key that are too few to sign anything with; what `run` advises has 64."""


class SettingsWrong(Exception):
    """A setting that is wrong, unknown or half-given; the text is one line for the person who starts the bot."""


class Settings(BaseSettings):
    """The names here with the prefix are the names of the environment variables; `docs/settings.md` lists them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore")

    database_url: str = "sqlite+aiosqlite:///oenskebot.db"
    secret_key: str = ""
    locale: Literal["da", "en"] = "da"
    timezone: str = "Europe/Copenhagen"
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=1, le=65535)
    public_url: str = ""
    metrics_host: str = "127.0.0.1"
    log_format: Literal["console", "json"] = "console"
    slack_bot_token: str = ""
    slack_app_token: str = ""
    slack_signing_secret: str = ""
    slack_api_url: str = ""
    mattermost_url: str = ""
    mattermost_token: str = ""
    mattermost_command_tokens: str = ""
    mattermost_callback_host: str = ""
    mattermost_callback_port: int = Field(default=0, ge=0, le=65535)
    mattermost_callback_url: str = ""

    @field_validator("database_url")
    @classmethod
    def _address(cls, value: str) -> str:
        address = database_address(value)
        if not _is_database(address):
            raise ValueError(translate("cli.setting.database"))
        return address

    @field_validator("public_url", "slack_api_url", "mattermost_url", "mattermost_callback_url")
    @classmethod
    def _web_address(cls, value: str, info: ValidationInfo) -> str:
        if value and not _is_web_address(value):
            name = f"{PREFIX}{str(info.field_name).upper()}"
            raise ValueError(translate("cli.setting.web_address", name=name))
        return value

    @field_validator("metrics_host")
    @classmethod
    def _machine(cls, value: str) -> str:
        try:
            ipaddress.ip_address(value)
        except ValueError as error:
            name = f"{PREFIX}METRICS_HOST"
            raise ValueError(translate("cli.setting.wrong", name=name, typed=value[:40])) from error
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:  # `Europe` is a folder of zones
            raise ValueError(translate("cli.setting.zone", typed=value)) from error
        return value

    def half_given(self) -> str:
        """The sentence for a platform that lacks a part of its settings; empty where all are whole."""
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            return translate("cli.setting.slack_half")
        if (self.slack_app_token or self.slack_signing_secret) and not self.slack_bot_token:
            return translate("cli.setting.slack_token")
        return self._mattermost_half_given()

    def _mattermost_half_given(self) -> str:
        more = (self.command_tokens, self.mattermost_callback_host, self.mattermost_callback_port)
        given = any((*more, self.mattermost_callback_url, self.mattermost_url, self.mattermost_token))
        if given and not (self.mattermost_url and self.mattermost_token):
            return translate("cli.setting.mattermost_half")
        if given and not self.command_tokens:
            return translate("cli.setting.no_command_tokens")
        if self.mattermost_callback_host and not self.mattermost_callback_port:
            return translate("cli.setting.callback_port")
        return self.no_way_back() if given else ""

    def no_way_back(self) -> str:
        """The sentence for a Mattermost server that nothing tells where to call the bot; empty where something does. A
        bot that listens everywhere is reached at an address that only the administrator knows."""
        if not _is_everywhere(urllib.parse.urlsplit(self.callback_address).hostname or ""):
            return ""
        port = self.mattermost_callback_port or self.http_port
        return translate("cli.setting.callback_url", name=f"{PREFIX}{self.callback_setting}", port=port)

    @property
    def command_tokens(self) -> tuple[str, ...]:
        """Those of Mattermost's slash commands."""
        return tuple(token.strip() for token in self.mattermost_command_tokens.split(",") if token.strip())

    @property
    def callback_site(self) -> tuple[str, int] | None:
        """The host and port that Mattermost's callbacks have to themselves; `None` where they are served with the
        rest."""
        host, port = self.mattermost_callback_host or self.http_host, self.mattermost_callback_port
        return (host, port) if port else None

    @property
    def callback_address(self) -> str:
        """The bot's own address as the Mattermost server reaches it."""
        if self.mattermost_callback_url:
            return self.mattermost_callback_url
        if self.callback_site is not None:
            return _address_of(*self.callback_site)
        return self.public_url or _address_of(self.http_host, self.http_port)

    @property
    def callback_setting(self) -> str:
        """The name of the setting that says where that is."""
        apart = self.mattermost_callback_url or self.callback_site is not None
        return "MATTERMOST_CALLBACK_URL" if apart else "PUBLIC_URL"

    def swapped(self) -> str:
        """The sentence for a Slack token that stands in another's place; empty where none surely does."""
        bot_has_app, app_has_bot = self.slack_bot_token.startswith("xapp-"), self.slack_app_token.startswith("xoxb-")
        if bot_has_app and app_has_bot:
            return translate("cli.setting.tokens_swapped")
        if bot_has_app or self.slack_bot_token.startswith("xoxp-"):
            return translate("cli.setting.not_bot_token", begins=self.slack_bot_token[:5])
        if app_has_bot:
            return translate("cli.setting.not_app_token", begins=self.slack_app_token[:5])
        return ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The signing keys, the first of which signs."""
        return tuple(key.strip() for key in self.secret_key.split(",") if key.strip())

    def key_trouble(self) -> str:
        """The sentence for a key that is not there, or that anybody finds by trying; empty where all are well."""
        return self.short_key() if self.keys else translate("cli.run.no_key")

    def short_key(self) -> str:
        """The sentence for a key that anybody finds by trying; empty where none is, or none is given."""
        if any(len(key) < SHORTEST_KEY for key in self.keys):
            return translate("cli.setting.short_key", shortest=SHORTEST_KEY)
        return ""

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)


def read_settings(*, whole: bool = True) -> Settings:
    """All settings.

    Args:
        whole: no platform may lack a part of its settings; before `mattermost setup` one does.

    Raises:
        SettingsWrong: with one line that says which and what would be right.
    """
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = {name for name in (*os.environ, *_names_in_env_file()) if name.upper().startswith(PREFIX)}
    for name in sorted(given):
        if name.upper() not in known:
            raise SettingsWrong(translate("cli.setting.unknown", name=name))
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsWrong(_sentence(error)) from error
    if whole and (problem := settings.swapped() or settings.half_given()):
        raise SettingsWrong(problem)
    return settings


def database_address(typed: str) -> str:
    """The address of a database as SQLAlchemy writes it; the path of a file is a SQLite database."""
    if "://" not in typed and (os.sep in typed or pathlib.PurePath(typed).suffix):
        return URL.create("sqlite+aiosqlite", database=typed).render_as_string()
    return typed


def _is_web_address(typed: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(typed)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or half an IPv6 address
        return False


def _address_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_everywhere(host: str) -> bool:
    """Whether it says where to listen and not where one is reached."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_database(address: str) -> bool:
    try:
        return make_url(address).get_backend_name() in ("sqlite", "postgresql", "postgres")
    except (ArgumentError, ValueError):
        return False


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong; a value is only shown where it can't be a secret."""
    first = error.errors()[0]
    if first["type"] == "value_error":
        return first["msg"].removeprefix("Value error, ")
    name = f"{PREFIX}{str(first['loc'][0]).upper()}"
    return translate("cli.setting.wrong", name=name, typed=str(first["input"])[:40])


def _names_in_env_file() -> list[str]:
    path = pathlib.Path(".env")
    try:
        return [name for name in dotenv_values(path) if name] if path.is_file() else []
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsWrong(translate("cli.setting.env_unreadable")) from error
