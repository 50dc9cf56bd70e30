"""A server is made ready by one command, twice changes nothing, and the doctor says what does not work."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import datetime as dt
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.platforms.mattermost.checks import Check, check_mattermost
from bot.platforms.mattermost.reach import Reach, reach_of, resolve
from bot.platforms.mattermost.setup import Prepared, SetupFailed, Wanted, set_up
from tests.doubles.mattermost import MattermostDouble
from tests.promises.mattermost import MattermostDriver

URL = "http://127.0.0.1:9"
TOKENS = "OENSKEBOT_MATTERMOST_COMMAND_TOKENS"
WORDS = ["ønske", "onske", "oenske", "afstemning", "møde", "mode", "moede", "gruppe"]


@pytest.fixture
async def server() -> AsyncIterator[MattermostDouble]:
    double = MattermostDouble(lambda: 1_000_000)
    async with double.serve():
        yield double


def _admin(server: MattermostDouble) -> tuple[str, str]:
    user, token = server.add_person("admin", "Ada Min", admin=True)
    server.add_channel("koordinationsgruppe", {user})
    server.add_channel("styregruppe-os2", {user}, "P")
    server.add_channel("kantinen", {user})
    return user, token


def _kept(server: MattermostDouble) -> object:
    state = server.state
    things = (state.accounts, state.tokens, state.token_rows, state.team_members, state.rooms, state.commands)
    return copy.deepcopy((*things, state.posts))


async def test_everything_is_made_and_the_settings_are_told(server: MattermostDouble) -> None:
    _, token = _admin(server)
    done = await set_up(server.address, token, Wanted(URL + "/"))
    bot = server.places.user_named("oenskebot")
    assert bot.is_bot
    assert server.state.team_members[server.team][bot.id] == "team_user"
    joined = {room.name for room in server.state.rooms.values() if bot.id in room.members}
    assert joined == {"koordinationsgruppe", "styregruppe-os2"}
    rows = list(server.state.commands.values())
    assert [row["trigger"] for row in rows] == WORDS
    assert {row["url"] for row in rows} == {f"{URL}/mattermost/command"}
    assert [row["trigger"] for row in rows if row["auto_complete"]] == ["ønske", "afstemning", "møde", "gruppe"]
    assert done.settings == {
        "OENSKEBOT_MATTERMOST_URL": server.address,
        "OENSKEBOT_MATTERMOST_TOKEN": next(secret for secret, user in server.state.tokens.items() if user == bot.id),
        "OENSKEBOT_MATTERMOST_COMMAND_TOKENS": ",".join(row["token"] for row in rows),
        "OENSKEBOT_PUBLIC_URL": URL,
    }
    assert "Botkontoen @oenskebot er oprettet." in done.changed
    assert done.notes == []


async def test_twice_changes_nothing(server: MattermostDouble) -> None:
    _, token = _admin(server)
    first = await set_up(server.address, token, Wanted(URL))
    before = _kept(server)
    known = first.settings["OENSKEBOT_MATTERMOST_TOKEN"]
    again = await set_up(server.address, token, Wanted(URL, known_token=known))
    assert _kept(server) == before
    assert (again.settings, again.changed, again.notes) == (first.settings, [], [])
    forgotten = await set_up(server.address, token, Wanted(URL, known_token="gone"))
    assert _kept(server) == before
    assert "OENSKEBOT_MATTERMOST_TOKEN" not in forgotten.settings
    assert "den kan ikke vises igen" in forgotten.notes[0]


async def test_a_new_address_changes_the_commands_and_keeps_their_tokens(server: MattermostDouble) -> None:
    _, token = _admin(server)
    first = await set_up(server.address, token, Wanted("http://127.0.0.1:8"))
    again = await set_up(server.address, token, Wanted(URL))
    assert again.settings[TOKENS] == first.settings[TOKENS]
    assert "/ønske er rettet." in again.changed
    assert {row["url"] for row in server.state.commands.values()} == {f"{URL}/mattermost/command"}


async def test_english_words_are_made_where_they_are_free(server: MattermostDouble) -> None:
    _, token = _admin(server)
    server.add_command("poll", "http://127.0.0.1:7/matterpoll")
    done = await set_up(server.address, token, Wanted(URL, english=True))
    made = {row["trigger"] for row in server.state.commands.values()}
    assert {"wish", "meeting", "group"} <= made
    assert "/poll tilhører et andet program og er ikke rørt." in done.notes
    assert next(row for row in server.state.commands.values() if row["trigger"] == "poll")["url"].endswith("matterpoll")


@pytest.mark.parametrize(
    ("named", "joined", "unknown"),
    [
        (("~Kantinen",), {"kantinen"}, []),
        (("findes-ikke",), set(), ["findes-ikke"]),
        (("kantinen", "styregrupe-os2"), {"kantinen"}, ["styregrupe-os2"]),
    ],
)
async def test_the_bot_joins_the_channels_that_are_named_and_those_that_are_not_there_are_told(
    server: MattermostDouble, named: tuple[str, ...], joined: set[str], unknown: list[str]
) -> None:
    _, token = _admin(server)
    done = await set_up(server.address, token, Wanted(URL, channels=named))
    bot = server.places.user_named("oenskebot")
    assert {room.name for room in server.state.rooms.values() if bot.id in room.members} == joined
    assert done.notes == [
        f"Jeg kan ikke se en kanal, der hedder {name}. Ret navnet, eller skriv /invite @oenskebot i den."
        for name in unknown
    ]


async def test_where_no_channel_is_named_and_none_looks_like_a_groups_it_is_told(server: MattermostDouble) -> None:
    user, token = server.add_person("admin", "Ada Min", admin=True)
    server.add_channel("kantinen", {user})
    assert "/invite @oenskebot" in (await set_up(server.address, token, Wanted(URL))).notes[0]


async def test_a_channel_is_found_among_however_many(server: MattermostDouble) -> None:
    _, token = server.add_person("admin", "Ada Min", admin=True)
    for number in range(400):
        server.add_channel(f"kanal-{number}", set())
    server.add_channel("koordinationsgruppe", set())
    done = await set_up(server.address, token, Wanted(URL))
    assert "Botten er føjet til koordinationsgruppe." in done.changed


async def test_an_internal_address_that_is_not_allowed_is_told(server: MattermostDouble) -> None:
    _, token = _admin(server)
    server.state.settings.allows_internal = False
    done = await set_up(server.address, token, Wanted(URL))
    assert done.notes == [
        "Adressen er intern: skriv 127.0.0.1 i AllowedUntrustedInternalConnections "
        "(System Console → Environment → Developer)."
    ]


async def test_an_address_that_is_the_servers_own_machine_is_told_where_the_server_is_elsewhere(
    server: MattermostDouble,
) -> None:
    _, token = _admin(server)
    elsewhere = server.address.replace("127.0.0.1", "localhost")

    async def look_up(host: str) -> tuple[str, ...]:
        return {"localhost": ("10.0.0.9",)}.get(host, ())

    done = await set_up(elsewhere, token, Wanted(URL), look_up)
    assert done.notes[0].startswith(
        "127.0.0.1 er for serveren dens egen maskine. Kører botten på en anden, så skriv bottens adresse i "
        "OENSKEBOT_PUBLIC_URL, lad den lytte udad (OENSKEBOT_HTTP_HOST=0.0.0.0), og kør igen."
    )
    assert len(done.notes) == 1
    here = await set_up(server.address, token, Wanted(URL), look_up)
    assert not any("egen maskine" in note for note in here.notes)


async def test_what_can_not_be_done_is_one_clear_line(server: MattermostDouble) -> None:
    user, token = _admin(server)
    _, common = server.add_person("bodil", "Bodil Bo")
    with pytest.raises(SetupFailed, match="Brug et adgangstoken fra en systemadministrator"):
        await set_up(server.address, common, Wanted(URL))
    with pytest.raises(SetupFailed, match="Brug et adgangstoken fra en systemadministrator"):
        await set_up(server.address, "wrong", Wanted(URL))
    with pytest.raises(SetupFailed, match="svarer ikke"):
        await set_up("http://127.0.0.1:1", token, Wanted(URL))
    other = server._add_team("other")
    with pytest.raises(SetupFailed, match="Skriv --team og et af navnene: lab"):
        await set_up(server.address, token, Wanted(URL, team="nosuch"))
    server.state.team_members[other][user] = "team_admin"
    with pytest.raises(SetupFailed, match="lab, other"):
        await set_up(server.address, token, Wanted(URL))
    server.add_person("oenskebot", "Øn Skebot")
    with pytest.raises(SetupFailed, match="en person, som hedder @oenskebot"):
        await set_up(server.address, token, Wanted(URL, team="Lab"))


async def test_a_team_that_the_administrator_is_not_in_can_be_named(server: MattermostDouble) -> None:
    _, token = _admin(server)
    other = server._add_team("other")
    done: Prepared = await set_up(server.address, token, Wanted(URL, team="other"))
    assert {row["team_id"] for row in server.state.commands.values()} == {other}
    assert done.settings


async def test_a_name_that_stands_for_an_internal_address_is_told_too(server: MattermostDouble) -> None:
    _, token = _admin(server)
    server.state.settings.allows_internal = False

    async def look_up(host: str) -> tuple[str, ...]:
        assert host == "oenskebot.intern.kommune.dk"
        return ("10.0.0.5",)

    done = await set_up(server.address, token, Wanted("https://oenskebot.intern.kommune.dk"), look_up)
    assert "skriv oenskebot.intern.kommune.dk i AllowedUntrustedInternalConnections" in done.notes[0]


async def test_another_teams_tokens_are_told_beside_those_that_the_settings_have(server: MattermostDouble) -> None:
    user, token = _admin(server)
    other = server._add_team("other")
    server.state.team_members[other][user] = "team_admin"
    first = await set_up(server.address, token, Wanted(URL, team="lab"))
    known = first.settings[TOKENS].split(",")
    known_token = first.settings["OENSKEBOT_MATTERMOST_TOKEN"]
    wanted = Wanted(URL, team="other", known_token=known_token, known_command_tokens=tuple(known))
    second = await set_up(server.address, token, wanted)
    both = second.settings[TOKENS].split(",")
    assert both == [row["token"] for row in server.state.commands.values()]
    assert both[: len(known)] == known
    before = _kept(server)
    for team in ("other", "lab"):
        again = await set_up(
            server.address, token, dataclasses.replace(wanted, team=team, known_command_tokens=tuple(both))
        )
        assert (again.settings, again.changed) == (second.settings, [])
    assert _kept(server) == before


def _told(checks: list[Check]) -> dict[str, tuple[bool, str]]:
    return {check.name.removeprefix("Mattermost: "): (check.ok, check.told) for check in checks}


async def _check(driver: MattermostDriver, **changes: object) -> dict[str, tuple[bool, str]]:
    asked = {
        "address": driver.server.address,
        "token": driver.bot.token,
        "callback_url": driver.bot.address,
        "channels": [driver.channels["group"]],
        "now": dt.datetime.now(dt.UTC),
    }
    return _told(await check_mattermost(**(asked | changes)))  # type: ignore[arg-type] # a dict of what was changed


async def test_the_doctor_finds_all_well_by_a_real_round_trip(driver: MattermostDriver) -> None:
    before = len(driver.server.integrations.delivered)
    told = await _check(driver)
    assert all(ok for ok, _ in told.values()), told
    assert told["version"] == (True, "5.37.0")
    assert told["kanal"] == (True, "~koordinationsgruppe")
    assert told["kommandoer"] == (True, ", ".join(f"/{word}" for word in WORDS))
    called = [url for url, _, _ in driver.server.integrations.delivered][before:]
    assert sorted(set(called)) == [f"{driver.bot.address}/mattermost/{path}" for path in ("command", "dialog")]
    assert len(called) == len(WORDS) + 1
    assert [one for one in await driver.messages("bo", "group") if "ping" in one.text] == []


async def test_the_doctor_names_what_is_wrong_and_what_mends_it(driver: MattermostDriver) -> None:
    assert "setup" in (await _check(driver, token="wrong"))["adgangsnøgle"][1]
    assert "svarer ikke" in (await _check(driver, address="http://127.0.0.1:1"))["adgangsnøgle"][1]
    driver.server.state.settings.version = (5, 30, 1)
    driver.server.faults.refuse = [("GET /websocket", 502)]
    driver.server.state.rooms[driver.channels["group"]].members.discard(driver.bot.user)
    for row in list(driver.server.state.commands.values()):
        if row["trigger"] == "møde":
            del driver.server.state.commands[row["id"]]
    told = await _check(driver)
    assert told["version"] == (False, "5.30.1 er ældre end 5.37, som botten er prøvet på. Opgrader serveren.")
    assert "websockets" in told["hændelser"][1]
    assert told["kommandoer"] == (False, "Mangler: /møde. Kør oenskebot mattermost setup.")
    assert "/invite @oenskebot" in told["kanal"][1]
    assert told["vejen tilbage til botten"][0]


async def test_the_doctor_sees_that_the_clocks_differ(driver: MattermostDriver) -> None:
    """The server says when a click was made, and the bot when the deadline was."""
    now = dt.datetime.now(dt.UTC)
    assert (await _check(driver, now=now))["maskinens ur"][0]
    for wrong in (now - dt.timedelta(minutes=5), now + dt.timedelta(minutes=5)):
        ok, told = (await _check(driver, now=wrong))["maskinens ur"]
        assert not ok
        assert re.match(r"Uret går (29[5-9]|30[0-9]) s anderledes end serverens, så klik lige omkring en frist", told)


async def test_the_doctor_sees_that_the_server_does_not_reach_the_bot(driver: MattermostDriver) -> None:
    driver.server.state.settings.allows_internal = False
    told = (await _check(driver))["vejen tilbage til botten"]
    assert not told[0]
    assert "skriv 127.0.0.1 i AllowedUntrustedInternalConnections" in told[1]
    driver.server.state.settings.allows_internal = True
    driver.bot.platform.command_tokens = ("other",)
    assert "COMMAND_TOKENS" in (await _check(driver))["vejen tilbage til botten"][1]
    for room in driver.server.state.rooms.values():
        room.members.discard(driver.bot.user)
    assert "når botten er i en gruppes kanal" in (await _check(driver))["vejen tilbage til botten"][1]


async def test_the_doctor_looks_at_the_teams_of_groups_or_at_any_as_long_as_there_is_none(
    driver: MattermostDriver,
) -> None:
    """Another team that the bot was put in, with commands of another bot: they matter where a group is."""
    server = driver.server
    other = server._add_team("other")
    del server.state.team_members[other]
    server.state.team_members = {other: {driver.bot.user: "team_user"}} | server.state.team_members
    there = server.add_channel("deres", {driver.bot.user})
    server.state.rooms[there].team = other
    row = next(row for row in server.state.commands.values() if row["trigger"] == "gruppe")
    server.state.commands["theirs"] = row | {"id": "theirs", "team_id": other, "url": "http://127.0.0.1:9/x"}
    assert all(ok for ok, _ in (await _check(driver)).values())
    assert all(ok for ok, _ in (await _check(driver, channels=[])).values())
    told = await _check(driver, channels=[driver.channels["group"], there])
    missing = ", ".join(f"/{word}" for word in WORDS if word != "gruppe")
    elsewhere = "Fører ikke til botten: /gruppe. Kør oenskebot mattermost setup; hører en af dem"
    assert told["kommandoer"][1].startswith(f"Mangler: {missing}. Kør oenskebot mattermost setup. {elsewhere}")
    assert not told["vejen tilbage til botten"][0]


async def test_the_doctor_sees_that_something_else_answers(driver: MattermostDriver) -> None:
    """All of the commands, or some: those that another program has taken are named."""
    async with _another_program() as address:
        for row in driver.server.state.commands.values():
            if row["trigger"] in ("ønske", "møde"):
                row["url"] = f"{address}/mattermost/command"
        told = await _check(driver)
        assert told["kommandoer"][1].startswith("Fører ikke til botten: /ønske, /møde.")
        assert told["vejen tilbage til botten"][0]
        for row in driver.server.state.commands.values():
            row["url"] = f"{address}/mattermost/command"
        assert "svarede noget andet" in (await _check(driver))["vejen tilbage til botten"][1]


async def test_the_doctor_sees_that_buttons_and_forms_have_another_address_than_the_commands(
    driver: MattermostDriver,
) -> None:
    """The address in the settings has changed since the commands were registered, which still reach the bot."""
    told = await _check(driver, callback_url=URL)
    assert told["kommandoer"][0]
    assert not told["vejen tilbage til botten"][0]
    assert told["vejen tilbage til botten"][1].startswith(
        f"Kommandoerne når botten, men knapper og formularer gør ikke: dem kalder serveren på {URL} (api.post.do_action"
    )
    assert "skriv 127.0.0.1 i AllowedUntrusted" in told["vejen tilbage til botten"][1]
    async with _another_program() as address:
        told = await _check(driver, callback_url=address)
        assert told["vejen tilbage til botten"] == (
            False,
            f"{address} svarede noget andet end botten. Er OENSKEBOT_PUBLIC_URL "
            "(eller OENSKEBOT_MATTERMOST_CALLBACK_URL) den rigtige adresse?",
        )


@contextlib.asynccontextmanager
async def _another_program() -> AsyncIterator[str]:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"text": "hello"})

    app = web.Application()
    app.add_routes([web.post(path, answer) for path in ("/mattermost/command", "/mattermost/dialog")])
    async with TestServer(app) as other:
        yield str(other.make_url("")).rstrip("/")


async def test_the_doctor_misses_aliases_too(driver: MattermostDriver) -> None:
    for row in list(driver.server.state.commands.values()):
        if row["trigger"] in ("onske", "mode"):
            del driver.server.state.commands[row["id"]]
    told = (await _check(driver))["kommandoer"]
    assert told == (False, "Mangler: /onske, /mode. Kør oenskebot mattermost setup.")


async def test_the_doctor_names_the_words_whose_tokens_the_bot_does_not_have(driver: MattermostDriver) -> None:
    rows = driver.server.state.commands.values()
    driver.bot.platform.command_tokens = tuple(row["token"] for row in rows if row["trigger"] == "gruppe")
    told = await _check(driver)
    refused = ", ".join(f"/{word}" for word in WORDS if word != "gruppe")
    assert told["kommandoer"][1].startswith(f"Botten afviser {refused}, for deres nøgler står ikke i {TOKENS}.")
    assert told["vejen tilbage til botten"][0]


async def test_the_doctor_sees_an_archived_channel(driver: MattermostDriver) -> None:
    driver.server.state.rooms[driver.channels["group"]].deleted_at = 1
    told = (await _check(driver))["kanal"]
    assert not told[0]
    assert told[1].startswith("~koordinationsgruppe er arkiveret, så botten kan ikke skrive i den.")


async def test_the_doctor_names_the_bot_as_it_is_called_there(driver: MattermostDriver) -> None:
    account = driver.server.state.accounts[driver.bot.user]
    driver.server.state.accounts[driver.bot.user] = dataclasses.replace(account, username="vores-bot")
    driver.server.state.rooms[driver.channels["group"]].members.discard(driver.bot.user)
    assert "/invite @vores-bot" in (await _check(driver))["kanal"][1]


async def test_the_doctor_says_that_a_name_stands_for_an_internal_address(driver: MattermostDriver) -> None:
    async def look_up(_host: str) -> tuple[str, ...]:
        return ("10.0.0.5",)

    driver.bot.platform.command_tokens = ()
    asked = {"callback_url": "https://bot.intern.kommune.dk", "look_up": look_up}
    told = (await _check(driver, **asked))["vejen tilbage til botten"][1]
    assert "skriv bot.intern.kommune.dk i AllowedUntrustedInternalConnections" in told


async def test_the_doctor_does_not_take_a_person_for_a_bot(driver: MattermostDriver) -> None:
    account = driver.server.state.accounts[driver.bot.user]
    driver.server.state.accounts[driver.bot.user] = dataclasses.replace(account, is_bot=False)
    assert "er en person" in (await _check(driver))["adgangsnøgle"][1]


NAMES = {
    "oenskebot.kommune.dk": ("93.184.215.14",),
    "oenskebot.intern.kommune.dk": ("10.0.0.5",),
    "begge.kommune.dk": ("93.184.215.14", "fd00::5"),
    "oenskebot": ("10.0.0.5",),
}


async def _known(host: str) -> tuple[str, ...]:
    return NAMES.get(host, ())


@pytest.mark.parametrize(
    ("url", "internal"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://10.0.0.4", True),
        ("http://[::1]:8080", True),
        ("http://oenskebot:8080", True),
        ("http://ukendt:8080", True),
        ("http://bot.kommune.local", True),
        ("https://oenskebot.intern.kommune.dk", True),
        ("https://begge.kommune.dk", True),
        ("https://oenskebot.kommune.dk", False),
        ("https://ukendt.kommune.dk", False),
        ("https://8.8.8.8", False),
    ],
)
async def test_addresses_within_a_house_are_known(url: str, internal: bool) -> None:
    assert (await reach_of(url, _known)).is_internal == internal


@pytest.mark.parametrize(
    ("url", "setting", "allowed"),
    [
        ("http://10.0.0.4:8080", "", False),
        ("http://10.0.0.4:8080", "10.0.0.0/8", True),
        ("http://10.0.0.4:8080", "10.0.0.4", True),
        ("http://10.0.0.4:8080", "localhost, 10.0.0.4", True),
        ("http://10.0.0.4:8080", "192.168.0.0/16 nonsense/99", False),
        ("https://oenskebot.intern.kommune.dk", "10.0.0.0/8", True),
        ("https://oenskebot.intern.kommune.dk", "OENSKEBOT.intern.kommune.dk", True),
        ("https://oenskebot.intern.kommune.dk", "10.0.0.5", False),
        ("https://begge.kommune.dk", "10.0.0.0/8", False),
        ("http://ukendt:8080", "10.0.0.0/8", False),
    ],
)
async def test_the_servers_list_of_allowed_addresses_is_read(url: str, setting: str, allowed: bool) -> None:
    assert (await reach_of(url, _known)).is_allowed(setting) == allowed


async def test_names_are_looked_up_on_this_machine() -> None:
    assert (await reach_of("http://localhost:8080")).is_internal
    assert await resolve("x" * 300) == ()
    assert await reach_of("http://[::1]:80") == Reach("::1", ("::1",))
