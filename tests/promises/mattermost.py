"""The Mattermost double as the promise suite drives it: every person a client of their own, the bot a real server."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp

from bot.clock import MovableClock
from bot.runtime import Runtime
from bot.timetable import move_clock
from storage.queries import outbox
from storage.session import Storage
from tests.doubles.mattermost import MattermostDouble
from tests.doubles.mattermost_person import Person
from tests.doubles.mattermost_reader import everything_in
from tests.doubles.mattermost_state import Json
from tests.groups import PEOPLE, Someone, make_group
from tests.mattermost.bot import Bot
from tests.promises.driver import SeenField, SeenForm, SeenMessage, Values
from tests.promises.mattermost_forms import Typing, add_box, intro_of, read_errors, read_field

CHANNELS = {"group": "koordinationsgruppe", "steering": "styregruppe", "other": "sandkasse"}
GOES_ON = re.compile(r"(Fortsæt|Continue) \(|Åbn formularen|Open the form")
FOLLOWS = {"Åbn formularen", "Open the form"}
MEND = re.compile(r"skal rettes|needs mending")
SHORT_WAIT = dt.timedelta(seconds=10)


class MattermostPeople:
    """People on a Mattermost server, whichever it is."""

    platform = "mattermost"

    def __init__(
        self,
        bot: Bot,
        *,
        people: dict[str, Person],
        channels: dict[str, str],
        clock: MovableClock,
    ) -> None:
        self.bot = bot
        self.people = people
        self.channels = channels
        self._clock = clock
        self._typing = Typing()
        self._names = {person.id: name for name, person in people.items()} | {bot.user: "bot"}

    @property
    def runtime(self) -> Runtime:
        return self.bot.runtime

    async def say(self, person: str, channel: str, text: str) -> None:
        where = await self._where(person, channel)
        if text.startswith("/"):
            await self.people[person].command(where, text)
        else:
            await self.people[person].write(where, text)
        await self.settle(person)

    def mention(self, person: str) -> str:
        return f"@{self.people[person].account}"

    async def messages(self, person: str, channel: str) -> list[SeenMessage]:
        me = self.people[person]
        await me.up_to_date()
        direct = await self._where(person, "dm")
        if channel == "private":
            posts = [*(await me.read(direct)), *(one for one in me.private if one["channel_id"] != direct)]
            posts = sorted(posts, key=lambda post: post["create_at"])
        else:
            posts = await me.read(await self._where(person, channel))
        return [self._seen(post, direct) for post in posts if not _is_system(post)]

    async def press(self, person: str, message: SeenMessage, label: str) -> str:
        action, _, option = _find_button(message, label).partition("|")
        await self._click(person, message, action, option)
        me = self.people[person]
        if me.dialog is None or me.dialog.dialog["callback_id"] != "confirm":
            return ""
        question = intro_of(me.dialog)
        await me.send_dialog()
        await self.settle(person)
        return question

    async def press_unasked(self, person: str, message: SeenMessage, label: str) -> None:
        """Press, and leave open what is asked first."""
        action, _, option = _find_button(message, label).partition("|")
        await self._click(person, message, action, option)

    async def choose(self, person: str, message: SeenMessage, select: str, option: str) -> None:
        post = await self._post(person, message.id)
        found = next(one for one in _actions(post) if select in one["name"] and one.get("options"))
        value = next(one["value"] for one in found["options"] if option in one["text"])
        await self._click(person, message, found["id"], value)

    async def open_file(self, person: str, message: SeenMessage) -> bytes:
        post = await self._post(person, message.id)
        (file,) = post["metadata"]["files"]
        return await self.people[person].download(file["id"])

    async def react(self, person: str, message: SeenMessage, emoji: str, *, on: bool = True) -> None:
        await self.people[person].react(message.id, emoji, on=on)
        await self.settle(person)

    async def form(self, person: str) -> SeenForm | None:
        await self.people[person].up_to_date()
        shown = self.people[person].dialog
        if shown is None:
            return None
        fields: dict[str, SeenField] = {}
        for element in shown.elements:
            name, _, position = element["name"].partition(".")
            if position:
                add_box(fields, name, position, element, ticked=shown.values[element["name"]] is True)
            else:
                fields[name] = read_field(element, shown.values[element["name"]], intro_of(shown))
        return SeenForm(shown.dialog["title"], fields, intro_of(shown))

    async def submit(self, person: str, values: Values) -> dict[str, str]:
        me = self.people[person]
        await me.up_to_date()
        values = self._typing.wanted(me) | values
        while True:
            before = await self._goes_on(person)
            left = self._typing.fill(me, values)
            answer = await me.send_dialog()
            await self.settle(person)
            if errors := read_errors(answer):
                return errors
            further = [post for post in await self._goes_on(person) if post not in before]
            if not further:
                assert not left, f"no such field: {left}"
                return {}
            newest = self._seen(further[-1], "")
            await self.press(person, newest, next(label for label in newest.buttons if GOES_ON.search(label)))
            if MEND.search(newest.text):
                return self._typing.read_mends(newest.text)
            if FOLLOWS & set(newest.buttons):
                assert not left, f"no such field: {left}"
                return {}

    async def options(self, person: str, field: str, query: str) -> dict[str, str]:
        """Nothing is offered while typing: what is typed is looked up when the form is sent."""
        return {query: query}

    async def open_board(self, person: str) -> None:
        """Whoever writes to the bot gets theirs."""
        await self.say(person, "dm", "hej")

    async def board(self, person: str) -> SeenMessage:
        direct = await self._where(person, "dm")
        pinned = await self.people[person].call("GET", f"/channels/{direct}/pinned")
        (board,) = pinned["order"]
        return self._seen(pinned["posts"][board], direct)

    async def speak(self, person: str, language: str) -> None:
        """The server offers no Danish, so that what is chosen there says nothing to the bot."""

    async def repeat_last(self) -> None:
        await self.bot.call_again()
        await self.settle()

    async def forge_press(self, person: str, message: SeenMessage) -> None:
        """A button made up from nothing, and one that carries what a real one does, on somebody else's message."""
        real = self.bot.buttons[message.id][0]["integration"]
        made_up = {"url": real["url"], "context": {"t": "b.W10.AAAAAAAAAAAAAAAA"}}
        actions = [
            {"id": "one", "type": "button", "name": "👍 Støt", "integration": made_up},
            {"id": "two", "type": "button", "name": "👍 Støt", "integration": real},
        ]
        props = {"attachments": [{"text": "Tryk her", "actions": actions}], "from_bot": "true"}
        spoof = await self.people["hans"].write(self.channels["other"], "", props)
        for action in ("one", "two"):
            await self.people[person].click(spoof, action)
        await self.settle(person)

    async def forward(self, hours: float) -> None:
        to = self._clock.now() + dt.timedelta(hours=hours)
        await move_clock(self._clock, self.runtime.timetable, self.settle, to)

    async def administer(self, method: str, path: str) -> None:
        """A call of the server's administrator."""
        raise NotImplementedError

    async def settle(self, person: str = "") -> None:
        """Everything that was caused has been decided, sent and shown; a tally that waits for its time gets it."""
        while True:
            await self.runtime.settle()
            await self.bot.caught_up()
            await self.runtime.settle()
            async with self.runtime.storage.read() as session:
                due = await outbox.next_outbox_moment(session, ["mattermost"])
            if due is None or due > self._clock.now() + SHORT_WAIT:
                break
            self._clock.move_to(due)
        if person:
            await self.people[person].up_to_date()

    async def _click(self, person: str, message: SeenMessage, action: str, option: str) -> None:
        self.people[person].dialog = None
        await self.people[person].click(await self._post(person, message.id), action, option)
        await self.settle(person)

    async def _where(self, person: str, channel: str) -> str:
        if channel != "dm":
            return self.channels[channel]
        me = self.people[person]
        found = await me.call("POST", "/channels/direct", [me.id, self.bot.user])
        return str(found["id"])

    async def _post(self, person: str, message: str) -> Json:
        for post in self.people[person].private:
            if post["id"] == message:
                return post
        found: Json = await self.people[person].call("GET", f"/posts/{message}")
        return found

    async def _goes_on(self, person: str) -> list[Json]:
        """The private messages whose button goes on with a form, with when they last changed."""
        posts = await self.people[person].read(await self._where(person, "dm"))
        found = [post for post in posts if any(GOES_ON.search(one["name"]) for one in _actions(post))]
        return sorted(found, key=lambda post: post["update_at"])

    def _seen(self, post: Json, direct: str) -> SeenMessage:
        private = post["channel_id"] == direct or post["type"] == "system_ephemeral"
        is_bots = post["type"] == "system_ephemeral" or post["user_id"] == self.bot.user
        reactions: dict[str, list[str]] = {}
        for one in post["metadata"].get("reactions", ()):
            reactions.setdefault(one["emoji_name"], []).append(self._names[one["user_id"]])
        return SeenMessage(
            id=post["id"],
            author="Ønskebot" if is_bots else self.people[self._names[post["user_id"]]].name,
            text=everything_in(post),
            private=private,
            thread=post["root_id"],
            reactions=reactions,
            buttons=_buttons(post),
            selects={
                one["name"]: tuple(option["text"] for option in one["options"])
                for one in _actions(post)
                if one.get("options")
            },
            files=tuple(file["name"] for file in post["metadata"].get("files", ())),
        )


class MattermostDriver(MattermostPeople):
    """People on the double. `server` is the double itself, for tests that look behind it or break it."""

    def __init__(self, server: MattermostDouble, bot: Bot, **more: Any) -> None:
        super().__init__(bot, **more)
        self.server = server

    async def administer(self, method: str, path: str) -> None:
        user, token = self.server.add_person("admin", "Ada Min", admin=True)
        async with aiohttp.ClientSession() as session:
            await Person(session, self.server.address, user, token, self.server.team).call(method, path)


def _actions(post: Json) -> list[Json]:
    return [action for one in post["props"].get("attachments") or () for action in one.get("actions") or ()]


def _buttons(post: Json) -> dict[str, str]:
    found = {one["name"]: one["id"] for one in _actions(post)}
    for one in _actions(post):
        found |= {option["text"]: f"{one['id']}|{option['value']}" for option in one.get("options") or ()}
    return found


def _is_system(post: Json) -> bool:
    return post["type"].startswith("system_") and post["type"] != "system_ephemeral"


def _find_button(message: SeenMessage, label: str) -> str:
    return next(found for shown, found in message.buttons.items() if label in shown)


@asynccontextmanager
async def mattermost_world(
    storage: Storage, clock: MovableClock, people: tuple[Someone, ...] = PEOPLE, *, with_group: bool = True
) -> AsyncIterator[MattermostDriver]:
    """A Mattermost server with the test group, and the bot beside it."""
    server = MattermostDouble(lambda: int(clock.now().timestamp() * 1000))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server.serve())
        bot = Bot(server.address, storage, clock)
        stack.callback(bot.hang_up)
        bot.belong_to(server)
        members = {someone.user: server.add_person(someone.user, someone.name) for someone in people}
        everybody = {bot.user, *(user for user, _ in members.values())}
        channels = {name: server.add_channel(title, everybody) for name, title in CHANNELS.items()}
        if with_group:
            await put_group(storage, channels, {name: user for name, (user, _) in members.items()}, people)
        await bot.start()
        stack.push_async_callback(bot.stop)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        clients = {}
        for someone in people:
            person = Person(session, server.address, *members[someone.user], server.team)
            person.name, person.account = someone.name, someone.user
            clients[someone.user] = await stack.enter_async_context(person.online())
        yield MattermostDriver(server, bot, people=clients, channels=channels, clock=clock)


async def put_group(
    storage: Storage, channels: dict[str, str], users: dict[str, str], people: tuple[Someone, ...]
) -> None:
    """The test group is in these channels; `users` are the people's ids on the server."""
    where = {"channel": channels["group"], "steering": channels["steering"]}
    await make_group(storage, platform="mattermost", workspace="server", users=users, people=people, **where)
