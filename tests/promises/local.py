"""The local workspace as the promise suite drives it: over its real HTTP routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry

from bot.clock import MovableClock
from bot.platforms.local.bodies import guard
from bot.platforms.local.platform import House, LocalPlatform
from bot.platforms.local.receive import routes
from bot.runtime import Runtime
from bot.timetable import move_clock
from bot.web import make_web
from storage.models.workspace import LocalChannel, LocalPerson
from storage.session import Storage
from tests.conftest import make_runtime
from tests.groups import PEOPLE, Someone, make_group
from tests.promises.driver import SeenField, SeenForm, SeenMessage, Values, find_option

CHANNELS = {"group": "koordinationsgruppe", "steering": "styregruppe", "other": "sandkasse"}


class LocalDriver:
    """People in the local workspace."""

    platform = "local"

    def __init__(self, client: TestClient[Any, Any], runtime: Runtime) -> None:
        self.client = client
        self.runtime = runtime
        self._last: tuple[str, dict[str, Any]] | None = None
        self._count = 0
        self._shown: dict[str, dict[str, Any]] = {}

    async def say(self, person: str, channel: str, text: str) -> None:
        body = {"as": person, "channel": self._channel(person, channel), "text": text}
        await self._post("/api/say", body)

    def mention(self, person: str) -> str:
        return f"@{person}"

    async def messages(self, person: str, channel: str) -> list[SeenMessage]:
        if channel == "private":
            found = [one for name in ("group", "steering", "other", "dm") for one in await self.messages(person, name)]
            return sorted((one for one in found if one.private), key=lambda one: int(one.id))
        response = await self.client.get(f"/api/channels/{self._channel(person, channel)}/messages?as={person}")
        assert response.status == 200, await response.text()
        found = (await response.json())["messages"]
        self._shown |= {message["id"]: message for message in found}
        return [_seen(message) for message in found]

    async def press(self, person: str, message: SeenMessage, label: str) -> str:
        button = next(token for shown, token in message.buttons.items() if label in shown)
        await self._post("/api/press", {"as": person, "message": message.id, "button": button})
        shown = next((one for one in self._shown[message.id]["buttons"] if one["id"] == button), {"confirm": ""})
        return str(shown["confirm"])

    async def choose(self, person: str, message: SeenMessage, select: str, option: str) -> None:
        found = next(one for one in self._shown[message.id]["selects"] if select in one["label"])
        value = next(one["value"] for one in found["options"] if option in one["label"])
        await self._post("/api/press", {"as": person, "message": message.id, "button": found["id"], "value": value})

    async def open_file(self, person: str, message: SeenMessage) -> bytes:
        (file,) = self._shown[message.id]["files"]
        return await (await self.client.get(file["url"])).read()

    async def react(self, person: str, message: SeenMessage, emoji: str, *, on: bool = True) -> None:
        await self._post("/api/react", {"as": person, "message": message.id, "emoji": emoji, "on": on}, once=False)

    async def intro(self, person: str) -> str:
        """What stands above the fields of the form that is open for the person, empty for none."""
        form = await self.form(person)
        return form.intro if form else ""

    async def form(self, person: str) -> SeenForm | None:
        form = await self._open_form(person)
        if form is None:
            return None
        fields = {
            field["name"]: SeenField(
                field["name"],
                field["label"],
                field["kind"],
                field["required"],
                field["value"],
                {option["value"]: option["label"] for option in field["options"]},
            )
            for field in form["fields"]
        }
        return SeenForm(form["title"], fields, form["intro"])

    async def submit(self, person: str, values: Values) -> dict[str, str]:
        form = await self._open_form(person)
        assert form is not None, "no form is open"
        options = {field["name"]: {one["value"]: one["label"] for one in field["options"]} for field in form["fields"]}
        meant = {name: _meant(value, options.get(name, {})) for name, value in values.items()}
        answer = await self._post("/api/submit", {"as": person, "form": form["id"], "values": meant}, once=False)
        errors: dict[str, str] = answer.get("errors", {})
        return errors

    async def options(self, person: str, field: str, query: str) -> dict[str, str]:
        form = await self._open_form(person)
        assert form is not None, "no form is open"
        response = await self.client.get(
            f"/api/forms/{form['id']}/options", params={"as": person, "field": field, "q": query}
        )
        return {one["value"]: one["label"] for one in (await response.json())["options"]}

    async def open_board(self, person: str) -> None:
        """Here the page is a private line."""
        await self.say(person, "group", "/gruppe")

    async def board(self, person: str) -> SeenMessage:
        return (await self.messages(person, "private"))[-1]

    async def speak(self, person: str, language: str) -> None:
        await self._post("/api/language", {"as": person, "language": language}, once=False)

    async def repeat_last(self) -> None:
        assert self._last is not None
        path, body = self._last
        await self.client.post(path, json=body)

    async def forge_press(self, person: str, message: SeenMessage) -> None:
        response = await self.client.post(
            "/api/press", json={"as": person, "message": message.id, "button": "b.W10.AAAAAAAAAAAAAAAA"}
        )
        assert response.status == 400

    async def forward(self, hours: float) -> None:
        await self._post("/api/clock", {"forward_hours": hours}, once=False)

    async def _open_form(self, person: str) -> dict[str, Any] | None:
        response = await self.client.get(f"/api/forms?as={person}")
        form: dict[str, Any] | None = (await response.json())["form"]
        return form

    async def _post(self, path: str, body: dict[str, Any], *, once: bool = True) -> dict[str, Any]:
        self._count += 1
        if once:
            body = body | {"once": f"o{self._count}"}
        self._last = (path, body)
        response = await self.client.post(path, json=body)
        answer: dict[str, Any] = await response.json()
        assert response.status == 200, answer
        return answer

    def _channel(self, person: str, channel: str) -> str:
        return f"dm:{person}" if channel == "dm" else CHANNELS[channel]


def _meant(value: str | list[str], options: dict[str, str]) -> str | list[str]:
    return [find_option(options, one) for one in value] if isinstance(value, list) else find_option(options, value)


def _seen(message: dict[str, Any]) -> SeenMessage:
    return SeenMessage(
        id=message["id"],
        author=message["author"],
        text=message["text"],
        private=message["private"],
        thread=message["thread"] or "",
        reactions=message["reactions"],
        buttons={button["label"]: button["id"] for button in message["buttons"]},
        selects={one["label"]: tuple(option["label"] for option in one["options"]) for one in message["selects"]},
        files=tuple(file["name"] for file in message["files"]),
    )


@asynccontextmanager
async def local_world(
    storage: Storage, clock: MovableClock, people: tuple[Someone, ...] = PEOPLE, *, with_group: bool = True
) -> AsyncIterator[LocalDriver]:
    """A local workspace with the test group, served on a loopback port."""
    async with storage.write() as session:
        for position, someone in enumerate(people):
            session.add(LocalPerson(id=someone.user, position=position, name=someone.name, locale="da"))
        for position, channel in enumerate(CHANNELS.values()):
            session.add(LocalChannel(id=channel, position=position, name=channel))
    if with_group:
        await make_group(
            storage,
            platform="local",
            workspace="local",
            channel=CHANNELS["group"],
            steering=CHANNELS["steering"],
            people=people,
        )
    runtime = make_runtime(storage, clock)
    house = House(
        runtime.app.answer,
        runtime.settle,
        lambda to: move_clock(clock, runtime.timetable, runtime.settle, to),
        runtime.app.words,
    )
    platform = LocalPlatform(storage, clock, house)
    runtime.platforms.add(platform)
    app = make_web(routes(platform), storage, CollectorRegistry(), [guard("127.0.0.1")])
    async with TestClient(TestServer(app)) as client:
        yield LocalDriver(client, runtime)
        platform.stopping.set()
