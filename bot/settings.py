"""Every setting, read once at the start: environment variables with the prefix OENSKEBOT_, and `.env`."""

from __future__ import annotations

import os
import pathlib
import zoneinfo
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "OENSKEBOT_"


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

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            zoneinfo.ZoneInfo(value)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is not a time zone; write for example Europe/Copenhagen") from error
        return value

    @model_validator(mode="after")
    def _whole_platforms(self) -> Settings:
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            raise ValueError(
                f"{PREFIX}SLACK_BOT_TOKEN needs {PREFIX}SLACK_APP_TOKEN (Socket Mode) "
                f"or {PREFIX}SLACK_SIGNING_SECRET (HTTP)"
            )
        if (self.slack_app_token or self.slack_signing_secret) and not self.slack_bot_token:
            raise ValueError(f"{PREFIX}SLACK_BOT_TOKEN is missing beside the other Slack settings")
        if bool(self.mattermost_url) != bool(self.mattermost_token):
            raise ValueError(f"{PREFIX}MATTERMOST_URL and {PREFIX}MATTERMOST_TOKEN belong together; one is missing")
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """The signing keys, the first of which signs."""
        return tuple(key.strip() for key in self.secret_key.split(",") if key.strip())

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)


def read_settings() -> Settings:
    """All settings.

    Raises:
        SettingsWrong: with one line that says which and what would be right.
    """
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    given = {name for name in (*os.environ, *_names_in_env_file()) if name.upper().startswith(PREFIX)}
    for name in sorted(given):
        if name.upper() not in known:
            raise SettingsWrong(f"{name} is not a setting of Ønskebot; the settings are listed in docs/settings.md")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{PREFIX}{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise SettingsWrong(where + first["msg"].removeprefix("Value error, ")) from error


def _names_in_env_file() -> list[str]:
    path = pathlib.Path(".env")
    return [name for name in dotenv_values(path) if name] if path.is_file() else []
