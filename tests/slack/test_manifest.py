"""The manifest is what Slack takes: its own limits, and no scope without a reason."""

from __future__ import annotations

import itertools
import json
import pathlib
import re
from typing import Any

import jsonschema
import pytest
import yaml

from bot.platforms.slack.manifest import EVENTS, HISTORY_SCOPES, SCOPES, manifest
from locales import LANGUAGES, speaking, translate


def _commands(made: dict[str, Any]) -> list[str]:
    return [one["command"] for one in made["features"]["slash_commands"]]


README = pathlib.Path(__file__).parent.parent.parent / "README.md"

SCHEMA = json.loads((pathlib.Path(__file__).parent.parent / "data" / "slack-manifest.schema.json").read_text())
"""Slack's own (github.com/slackapi/manifest-schema, version 2.0.0, under the MIT licence that lies beside it)."""

MODES = [
    dict(zip(("ascii_only", "english", "history", "http"), chosen, strict=True))
    for chosen in itertools.product((False, True), (False, True), (False, True), ("", "https://bot.example.dk"))
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", MODES, ids=str)
def test_slacks_own_schema_takes_it_in_every_mode(language: str, mode: dict[str, Any]) -> None:
    with speaking(language):
        made = manifest(**mode)
    jsonschema.Draft7Validator(SCHEMA).validate(made)
    assert jsonschema.Draft7Validator(SCHEMA).is_valid(yaml.safe_load(yaml.safe_dump(made, allow_unicode=True)))


def test_the_schema_refuses_what_slack_refuses() -> None:
    made = manifest()
    made["features"]["slash_commands"][0]["command"] = "ønske"
    made["display_information"]["long_description"] = "Kort"
    made["settings"]["unknown"] = True
    found = {".".join(map(str, one.path)) for one in jsonschema.Draft7Validator(SCHEMA).iter_errors(made)}
    assert {"features.slash_commands.0.command", "display_information.long_description", "settings"} <= found


@pytest.mark.parametrize(
    "given", ["https://x.dk", "https://x.dk/", "https://x.dk/slack/events", "https://x.dk/slack/events/"]
)
def test_the_address_may_be_given_with_its_path(given: str) -> None:
    made = manifest(http=given)
    assert made["settings"]["interactivity"]["request_url"] == "https://x.dk/slack/events"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_as_long_as_slack_allows(language: str) -> None:
    with speaking(language):
        made = manifest(english=True)
    shown, features = made["display_information"], made["features"]
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in features["shortcuts"])
    assert len(features["slash_commands"]) <= 50
    for one in features["slash_commands"]:
        assert 2 <= len(one["command"]) <= 32
        assert 1 <= len(one["description"]) <= 2000
        assert 1 <= len(one["usage_hint"]) <= 1000


def test_the_danish_commands_and_their_ascii_aliases() -> None:
    assert _commands(manifest()) == [
        "/ønske",
        "/onske",
        "/oenske",
        "/afstemning",
        "/møde",
        "/mode",
        "/moede",
        "/gruppe",
    ]
    assert all(command.isascii() for command in _commands(manifest(ascii_only=True)))
    assert {"/wish", "/poll", "/meeting", "/group"} <= set(_commands(manifest(english=True)))


def test_socket_mode_has_no_addresses_and_http_has_one_everywhere() -> None:
    through_socket = manifest()
    assert through_socket["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(through_socket)
    over_http = manifest(http="https://bot.example.dk/")
    address = "https://bot.example.dk/slack/events"
    settings = over_http["settings"]
    assert settings["socket_mode_enabled"] is False
    assert settings["event_subscriptions"]["request_url"] == address
    assert settings["interactivity"]["request_url"] == address
    assert settings["interactivity"]["message_menu_options_url"] == address
    assert {one["url"] for one in over_http["features"]["slash_commands"]} == {address}


def test_scopes_are_few_and_each_has_its_reason() -> None:
    scopes = manifest()["oauth_config"]["scopes"]["bot"]
    assert set(scopes) == set(SCOPES)
    assert not [scope for scope in scopes if scope.endswith(":history") or "admin" in scope]
    assert set(manifest(history=True)["oauth_config"]["scopes"]["bot"]) == {*SCOPES, *HISTORY_SCOPES}
    assert all(translate(reason) for reason in (SCOPES | HISTORY_SCOPES).values())


def test_the_readme_gives_a_reason_for_each_scope_and_for_no_other() -> None:
    slack = README.read_text(encoding="utf-8").partition("### Slack")[2].partition("### Mattermost")[0]
    rows = re.findall(r"^\| (`.+`) \| (.+) \|$", slack, re.MULTILINE)
    told = [scope for scopes, _ in rows for scope in re.findall(r"`([a-z:_]+)`", scopes)]
    assert sorted(told) == sorted([*SCOPES, *HISTORY_SCOPES])
    optional = [scope for scopes, reason in rows if "--history" in reason for scope in re.findall(r"`(.+?)`", scopes)]
    assert sorted(optional) == sorted(HISTORY_SCOPES)


def test_the_events_that_are_listened_to_are_subscribed_to() -> None:
    made = manifest()
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert made["settings"]["interactivity"]["is_enabled"]
    assert made["features"]["app_home"]["messages_tab_enabled"]
