"""`oenskebot mattermost setup` as an administrator types it: what it prints can be put into `.env` as it is."""

from __future__ import annotations

import asyncio
import copy
import os
import pathlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import structlog

from tests.cli.line import run
from tests.doubles.mattermost import MattermostDouble

PUBLIC = "http://127.0.0.1:8080"


@dataclass
class Said:
    """What the command wrote: settings on the one way, sentences on the other."""

    code: int
    settings: dict[str, str]
    sentences: list[str]


@dataclass
class Place:
    """A folder with an `.env`, and a server with two teams that the administrator is in."""

    folder: pathlib.Path
    server: MattermostDouble
    token: str
    other: str

    async def setup(self, *words: str) -> Said:
        """Type the command."""
        result = await asyncio.to_thread(run, "mattermost", "setup", "--admin-token", self.token, *words)
        lines = result.stdout.splitlines()
        assert all(re.fullmatch(r"OENSKEBOT_[A-Z_]+=\S+", line) for line in lines), result.output
        return Said(result.exit_code, dict(line.split("=", 1) for line in lines), result.stderr.splitlines())

    def write(self, settings: dict[str, str]) -> None:
        (self.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))

    def words(self, team: str) -> set[str]:
        return {row["trigger"] for row in self.server.state.commands.values() if row["team_id"] == team}


@pytest.fixture
async def place(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("OENSKEBOT_")]:
        monkeypatch.delenv(name)
    server = MattermostDouble(lambda: 1_000_000)
    async with server.serve():
        user, token = server.add_person("admin", "Ada Min", admin=True)
        other = server._add_team("other")
        server.state.team_members[other][user] = "team_admin"
        server.add_channel("koordinationsgruppe", {user})
        made = Place(tmp_path, server, token, other)
        made.write({"OENSKEBOT_MATTERMOST_URL": server.address, "OENSKEBOT_PUBLIC_URL": PUBLIC})
        yield made
    structlog.reset_defaults()  # the command line sets up the logs of the whole process


async def test_what_it_prints_is_put_in_and_typing_it_again_changes_nothing(place: Place) -> None:
    first = await place.setup("--team", "lab")
    assert first.code == 0
    tokens = [row["token"] for row in place.server.state.commands.values()]
    assert first.settings == {
        "OENSKEBOT_MATTERMOST_URL": place.server.address,
        "OENSKEBOT_MATTERMOST_TOKEN": next(iter(place.server.state.tokens.keys() - {place.token})),
        "OENSKEBOT_MATTERMOST_COMMAND_TOKENS": ",".join(tokens),
        "OENSKEBOT_PUBLIC_URL": PUBLIC,
    }
    assert "Botten er føjet til koordinationsgruppe." in first.sentences
    place.write(first.settings)
    before = copy.deepcopy((place.server.state.commands, place.server.state.rooms, place.server.state.tokens))
    again = await place.setup("--team", "Lab")
    assert (again.code, again.settings, again.sentences) == (0, first.settings, [])
    assert (place.server.state.commands, place.server.state.rooms, place.server.state.tokens) == before


async def test_a_second_team_in_english_is_added_to_the_first(place: Place) -> None:
    first = await place.setup("--team", "lab")
    place.write(first.settings)
    second = await place.setup("--team", "other", "--english", "--channel", "findes-ikke")
    assert place.words(place.server.team) == place.words(place.other) - {"wish", "poll", "meeting", "group"}
    assert {"wish", "poll", "meeting", "group"} <= place.words(place.other)
    tokens = second.settings["OENSKEBOT_MATTERMOST_COMMAND_TOKENS"].split(",")
    assert tokens == [row["token"] for row in place.server.state.commands.values()]
    assert any("findes-ikke" in sentence for sentence in second.sentences)
    place.write(second.settings)
    assert (await place.setup("--team", "lab")).settings == second.settings


async def test_an_address_of_its_own_is_registered_and_printed(place: Place) -> None:
    own = "http://127.0.0.1:8081"
    given = {"OENSKEBOT_MATTERMOST_URL": place.server.address, "OENSKEBOT_PUBLIC_URL": PUBLIC}
    place.write(given | {"OENSKEBOT_MATTERMOST_CALLBACK_PORT": "8081"})
    said = await place.setup("--team", "lab")
    assert said.settings["OENSKEBOT_MATTERMOST_CALLBACK_URL"] == own
    assert "OENSKEBOT_PUBLIC_URL" not in said.settings
    assert {row["url"] for row in place.server.state.commands.values()} == {f"{own}/mattermost/command"}


async def test_what_is_unclear_is_one_line_and_prints_no_setting(place: Place) -> None:
    said = await place.setup()
    assert (said.code, said.settings) == (1, {})
    assert said.sentences == ["Hvilket team? Skriv --team og et af navnene: lab, other."]
