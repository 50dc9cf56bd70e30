"""Slack as the promise suite drives it: people in a double of it, spoken to over its websocket or over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp.test_utils import TestServer
from prometheus_client import CollectorRegistry

from bot.clock import MovableClock
from bot.originals import Originals
from bot.platforms.slack.manifest import manifest
from bot.platforms.slack.pace import Pace
from bot.platforms.slack.platform import Access, House, SlackPlatform, Tempo
from bot.port import Outage
from bot.runtime import Runtime
from bot.timetable import move_clock
from bot.web import make_web
from storage.session import Storage
from tests.conftest import make_runtime
from tests.doubles.slack import APP_TOKEN, BOT_TOKEN, SECRET, SlackDouble
from tests.doubles.slack_reading import list_controls, read_message
from tests.doubles.slack_state import BOT, BOT_NAME, TEAM, Channel, Posted, Thing
from tests.doubles.slack_state import Someone as SlackPerson
from tests.groups import PEOPLE, Someone, make_group
from tests.promises.driver import SeenForm, SeenMessage, Values, find_option
from tests.promises.slack_forms import list_missing, options_in, read_field, standing_in, state_of

CHANNELS = {"group": "C0GROUP", "steering": "C0STEERING", "other": "C0OTHER"}
NAMES = {"group": "koordinationsgruppe", "steering": "styregruppe", "other": "sandkasse"}
HOME = "home"
FORGED = "b.W10.AAAAAAAAAAAAAAAA"


class FastTime:
    """A clock that goes forward when somebody sleeps, and with the test's: what would take a minute takes none."""

    def __init__(self, clock: MovableClock) -> None:
        self._slept = 0.0
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp() + time.monotonic() + self._slept

    async def sleep(self, seconds: float) -> None:
        until = self.now() + seconds
        await asyncio.sleep(0)
        self._slept += max(0.0, until - self.now())


def user_id(person: str) -> str:
    return f"U0{person.upper()}"


class SlackDriver:
    """People in Slack."""

    platform = "slack"

    def __init__(self, double: SlackDouble, runtime: Runtime, platform: SlackPlatform, clock: MovableClock) -> None:
        self.double = double
        self.runtime = runtime
        self.slack = platform
        self.reconciled = asyncio.Event()
        self.outages: asyncio.Queue[Outage] = asyncio.Queue()
        self._clock = clock

    async def reconcile(self) -> None:
        """What the bot does when its websocket was gone for a moment."""
        await self.runtime.reconcile("slack")
        self.reconciled.set()

    async def tell_outage(self, outage: Outage) -> None:
        """What the bot does when it was cut off for longer."""
        await self.runtime.tell_outage(outage)
        self.outages.put_nowait(outage)

    async def say(self, person: str, channel: str, text: str) -> None:
        there = self._channel(person, channel)
        if text.startswith("/"):
            await self.double.people.command(user_id(person), there, text)
        else:
            self.double.methods.put(there, user_id(person), {"text": text})
        await self.settle()

    def mention(self, person: str) -> str:
        return f"@{self.double.workspace.people[user_id(person)].shown()['name']}"

    async def messages(self, person: str, channel: str) -> list[SeenMessage]:
        workspace, user = self.double.workspace, user_id(person)
        if channel == "private":
            found = [post for name in (*CHANNELS, "dm") for post in self._posts(person, name)]
            private = [
                post for post in found if post.ephemeral_to == user or workspace.channels[post.channel].direct_with
            ]
            return [self._seen(post) for post in sorted(private, key=lambda post: float(post.ts))]
        return [self._seen(post) for post in self._posts(person, channel)]

    async def press(self, person: str, message: SeenMessage, label: str) -> str:
        element = json.loads(next(one for shown, one in message.buttons.items() if label in shown))
        await self._use(person, message, element, "")
        return str(element["confirm"]["text"]["text"]) if "confirm" in element else ""

    async def choose(self, person: str, message: SeenMessage, select: str, option: str) -> None:
        controls = list_controls(self._find(message).shown())
        element = next(one for label, one in controls if select in label and one["type"] != "button")
        value = next(one["value"] for one in options_in(element) if option in one["text"]["text"])
        await self._use(person, message, element, value)

    async def open_file(self, person: str, message: SeenMessage) -> bytes:
        (file,) = self._find(message).uploads
        content: bytes = self.double.workspace.uploads[file]["content"]
        return content

    async def react(self, person: str, message: SeenMessage, emoji: str, *, on: bool = True) -> None:
        await self.double.people.react(user_id(person), self._find(message), emoji, on=on)
        await self.settle()

    async def form(self, person: str) -> SeenForm | None:
        stack = self.double.workspace.views.get(user_id(person)) or []
        if not stack:
            return None
        view = stack[-1].view
        header = next((block["text"]["text"] for block in view["blocks"] if block["type"] == "header"), "")
        fields = {
            block["block_id"]: read_field(block, stack[-1]) for block in view["blocks"] if block["type"] == "input"
        }
        intro = "\n".join(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")
        return SeenForm(header or view["title"]["text"], fields, intro)

    async def submit(self, person: str, values: Values) -> dict[str, str]:
        top = self.double.workspace.views[user_id(person)][-1]
        inputs = {block["block_id"]: block for block in top.view["blocks"] if block["type"] == "input"}
        assert set(values) <= set(inputs), f"no such field: {set(values) - set(inputs)}"
        for name, value in values.items():
            top.typed[name] = await self._meant(person, inputs[name], value)
        standing = {name: standing_in(block["element"], top.typed.get(name)) for name, block in inputs.items()}
        if missing := list_missing(inputs, standing):
            return missing
        state = {
            name: {block["element"]["action_id"]: state_of(block["element"], standing[name])}
            for name, block in inputs.items()
        }
        errors = await self.double.people.submit(user_id(person), state)
        await self.settle()
        return errors

    async def options(self, person: str, field: str, query: str) -> dict[str, str]:
        found = await self.double.people.options(user_id(person), field, query)
        return {one["value"]: one["text"]["text"] for one in found}

    async def open_board(self, person: str) -> None:
        await self.double.people.open_home(user_id(person))
        await self.settle()

    async def board(self, person: str) -> SeenMessage:
        shown = self.double.workspace.homes[user_id(person)]
        return SeenMessage(HOME, BOT_NAME, read_message(shown), private=True, buttons=_buttons(shown))

    async def speak(self, person: str, language: str) -> None:
        """Slack's own menus speak no Danish, so that what is chosen there says nothing to the bot."""

    async def shortcut(self, person: str, message: SeenMessage) -> None:
        """Choose the bot's entry in a message's own menu."""
        await self.double.people.shortcut(user_id(person), self._find(message), "make_wish")
        await self.settle()

    async def repeat_last(self) -> None:
        await self.double.people.repeat_last()
        await self.settle()

    async def forge_press(self, person: str, message: SeenMessage) -> None:
        element = {"type": "button", "action_id": "b0", "text": {"type": "plain_text", "text": "Støt"}, "value": FORGED}
        await self.double.people.press(user_id(person), self._find(message), element)
        await self.settle()

    async def forward(self, hours: float) -> None:
        to = self._clock.now() + dt.timedelta(hours=hours)
        await move_clock(self._clock, self.runtime.timetable, self.settle, to)

    async def settle(self) -> None:
        """Wait until all that was caused has been given and delivered."""
        await self.slack.settled()
        await self.runtime.settle()

    async def _meant(self, person: str, block: Thing, value: str | list[str]) -> str | list[str]:
        """What the choice carries that somebody means; what is searched for is offered first."""
        options = {one["value"]: one["text"]["text"] for one in options_in(block["element"])}
        if block["element"]["type"] == "external_select" and isinstance(value, str) and value:
            options = await self.options(person, block["block_id"], value)
        return [find_option(options, one) for one in value] if isinstance(value, list) else find_option(options, value)

    async def _use(self, person: str, message: SeenMessage, element: Thing, value: str) -> None:
        if message.id == HOME:
            await self.double.people.press_home(user_id(person), element, value)
        else:
            await self.double.people.press(user_id(person), self._find(message), element, value)
        await self.settle()

    def _posts(self, person: str, channel: str) -> list[Posted]:
        return list(self.double.workspace.seen_by(user_id(person), self._channel(person, channel)))

    def _channel(self, person: str, channel: str) -> str:
        return self.double.workspace.direct(user_id(person)).id if channel == "dm" else CHANNELS[channel]

    def _find(self, message: SeenMessage) -> Posted:
        return next(post for post in self.double.workspace.posts if post.ts == message.id)

    def _seen(self, post: Posted) -> SeenMessage:
        direct = self.double.workspace.channels[post.channel].direct_with
        shown = post.shown()
        selects = ((label, one) for label, one in list_controls(shown) if one["type"] != "button")
        return SeenMessage(
            id=post.ts,
            author=self.double.workspace.people[post.author].name,
            text=read_message(shown),
            private=bool(post.ephemeral_to or direct),
            thread=post.thread,
            reactions={name: [_person(user) for user in users] for name, users in post.reactions.items()},
            buttons=_buttons(shown),
            selects={label: tuple(option["text"]["text"] for option in options_in(one)) for label, one in selects},
            files=tuple(post.files),
        )


def _person(user: str) -> str:
    return "bot" if user == BOT else user.removeprefix("U0").lower()


def _buttons(shown: Thing) -> dict[str, str]:
    return {label: json.dumps(one) for label, one in list_controls(shown) if one["type"] == "button"}


@asynccontextmanager
async def slack_world(
    storage: Storage,
    clock: MovableClock,
    people: tuple[Someone, ...] = PEOPLE,
    *,
    with_group: bool = True,
    http: bool = False,
    history: bool = False,
    ping: float = 5.0,
    call: float = 10.0,
) -> AsyncIterator[SlackDriver]:
    """A Slack with the test group and the bot in its channels."""
    wanted = manifest(http="https://bot.example.dk" if http else "", history=history)
    fast = FastTime(clock)
    double = SlackDouble(lambda: clock.now().timestamp(), wanted, fast.now)
    _fill(double, people)
    if with_group:
        users = {someone.user: user_id(someone.user) for someone in people}
        places = {"channel": CHANNELS["group"], "steering": CHANNELS["steering"]}
        await make_group(storage, platform="slack", workspace=TEAM, users=users, people=people, **places)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(double.running())
        runtime = make_runtime(storage, clock)
        access = Access(
            BOT_TOKEN, app_token="" if http else APP_TOKEN, signing_secret=SECRET if http else "", api=double.api
        )
        drivers: list[SlackDriver] = []
        house = House(
            runtime.app.answer,
            resync=lambda: drivers[0].reconcile(),  # noqa: PLW0108 - made below
            let_in=lambda: runtime.delivery.try_parked("slack"),
            outage=lambda outage: drivers[0].tell_outage(outage),  # noqa: PLW0108 - made below
            own=Originals(storage, "slack"),
        )
        platform = SlackPlatform(access, house, Tempo(tally=0, ping=ping, call=call, pace=Pace(fast.now, fast.sleep)))
        await platform.start()
        stack.push_async_callback(platform.stop)
        runtime.platforms.add(platform)
        if http:
            server = TestServer(make_web(platform.routes(), storage, CollectorRegistry()))
            await server.start_server()
            stack.push_async_callback(server.close)
            double.requests.url = str(server.make_url("/slack/events"))
        drivers.append(SlackDriver(double, runtime, platform, clock))
        yield drivers[0]


def _fill(double: SlackDouble, people: tuple[Someone, ...]) -> None:
    """People and channels, the bot among their members."""
    workspace = double.workspace
    for someone in people:
        user = user_id(someone.user)
        workspace.people[user] = SlackPerson(user, someone.name, guest=someone.user == "carla")
        workspace.direct(user)
    members = {BOT, *(user_id(someone.user) for someone in people)}
    for name, channel in CHANNELS.items():
        workspace.channels[channel] = Channel(channel, NAMES[name], set(members), private=name != "other")
