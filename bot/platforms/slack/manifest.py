"""The manifest that an administrator pastes into Slack: commands, shortcut, home page, and as few scopes as will do."""

from __future__ import annotations

from typing import Any

from bot.platforms.slack.receive import SHORTCUT
from handlers.chat.router import COMMANDS, ENGLISH
from locales import translate

SCOPES = {
    "commands": "slack.scope.commands",
    "chat:write": "slack.scope.chat_write",
    "reactions:read": "slack.scope.reactions_read",
    "reactions:write": "slack.scope.reactions_write",
    "channels:read": "slack.scope.channels_read",
    "groups:read": "slack.scope.groups_read",
    "users:read": "slack.scope.users_read",
    "files:write": "slack.scope.files_write",
    "im:write": "slack.scope.im_write",
}
"""Scope → the text that says why it is needed."""

HISTORY_SCOPES = {
    "channels:history": "slack.scope.channels_history",
    "groups:history": "slack.scope.groups_history",
    "im:history": "slack.scope.im_history",
}
"""Optional: with them the bot can look whether a message arrived before it sends it once more."""

LET_IN = ("channel_unarchive", "group_unarchive", "member_joined_channel")
"""What tells that the bot may be able to write where it could not."""

EVENTS = ("app_home_opened", *LET_IN, "reaction_added", "reaction_removed")

PATH = "/slack/events"
"""Where everything arrives in HTTP mode."""

NAME = "Ønskebot"
COLOUR = "#1d3557"


def manifest(
    *, ascii_only: bool = False, english: bool = False, history: bool = False, http: str = ""
) -> dict[str, Any]:
    """The manifest, in the language that is spoken.

    Args:
        ascii_only: only commands without `ø`: for a workspace whose Slack refuses the letter.
        english: the English commands as well.
        history: the optional scopes.
        http: the bot's public address for HTTP mode, with or without the path; empty for Socket Mode.
    """
    events = f"{http.rstrip('/').removesuffix(PATH)}{PATH}" if http else ""
    where = {"request_url": events} if http else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": translate("slack.manifest.description"),
            "long_description": translate("slack.manifest.long_description"),
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [
                {
                    "name": translate("slack.shortcut.name"),
                    "type": "message",
                    "callback_id": SHORTCUT,
                    "description": translate("slack.shortcut.description"),
                }
            ],
            "slash_commands": [_command(command, word, events) for command, word in _words(ascii_only, english)],
        },
        "oauth_config": {"scopes": {"bot": sorted([*SCOPES, *(HISTORY_SCOPES if history else ())])}},
        "settings": {
            "event_subscriptions": where | {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True}
            | ({"request_url": events, "message_menu_options_url": events} if http else {}),
            "org_deploy_enabled": False,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }


def _words(ascii_only: bool, english: bool) -> list[tuple[str, str]]:
    """(command, word) of every slash command that is registered."""
    words = []
    for command, aliases in COMMANDS.items():
        fitting = [word for word in aliases if word.isascii() or not ascii_only]
        words += [(command, word) for word in fitting]
        if english:
            words.append((command, ENGLISH[command]))
    return words


def _command(command: str, word: str, url: str) -> dict[str, Any]:
    shown = {
        "command": f"/{word}",
        "description": translate(f"slack.command.{command}"),
        "usage_hint": translate(f"slack.usage.{command}"),
        "should_escape": True,
    }
    return shown | ({"url": url} if url else {})
