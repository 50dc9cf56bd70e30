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
from storage.queries import exchange
from storage.session import Storage
from tests.doubles.mattermost import MattermostDouble
from tests.doubles.mattermost_person import OpenDialog, Person
from tests.doubles.mattermost_reader import as_seen, everything_in
from tests.doubles.mattermost_state import Json
from tests.groups import PEOPLE, Someone, make_group
from tests.mattermost.bot import Bot
from tests.promises.driver import SeenField, SeenForm, SeenMessage, Values, find_option

CHANNELS = {"group": "koordinationsgruppe", "steering": "styregruppe", "other": "sandkasse"}
GOES_ON = re.compile(r"Fortsæt \(|Åbn formularen")
TO_MEND = re.compile(r"^• (?P<label>.+?): (?P<said>.+)$", re.MULTILINE)
LISTED = re.compile(r"^• (?P<label>#?(?P<number>\d+)\b:? ?(?P<rest>.+))$", re.MULTILINE)
SHORT_WAIT = dt.timedelta(seconds=10)
KINDS = {"textarea": "long", "select": "choice", "bool": "switch"}


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
        self._typed: dict[str, Values] = {}
        self._labels: dict[str, str] = {}
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
        return f"@{person}"

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
        button = next(found for shown, found in message.buttons.items() if label in shown)
        action, _, option = button.partition("|")
        return await self._use(person, message, action, option)

    async def choose(self, person: str, message: SeenMessage, select: str, option: str) -> None:
        post = await self._post(person, message.id)
        found = next(one for one in _actions(post) if select in one["name"] and one.get("options"))
        value = next(one["value"] for one in found["options"] if option in one["text"])
        await self._use(person, message, found["id"], value)

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
                _add_box(fields, name, position, element, ticked=shown.values[element["name"]] is True)
            else:
                fields[name] = _field(element, shown.values[element["name"]], _intro(shown))
        return SeenForm(shown.dialog["title"], fields, _intro(shown))

    async def submit(self, person: str, values: Values) -> dict[str, str]:
        me = self.people[person]
        await me.up_to_date()
        values = self._typed.pop(_token(me), {}) | values  # what was meant for a step that has not been shown yet
        left = set(values)
        while True:
            before = await self._goes_on(person)
            token = _token(me)
            left -= self._fill(me, values)
            self._typed[token] = {name: value for name, value in values.items() if name in left}
            answer = await me.send_dialog()
            await self.settle(person)
            if errors := _errors(answer):
                return errors
            further = [post for post in await self._goes_on(person) if post not in before]
            if not further:
                assert not left, f"no such field: {left}"
                return {}
            newest = self._seen(further[-1], "")
            await self.press(person, newest, next(label for label in newest.buttons if GOES_ON.search(label)))
            if "skal rettes" in newest.text:
                return self._to_mend(newest.text)
            if "Åbn formularen" in newest.buttons:
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

    async def settle(self, person: str = "") -> None:
        """Everything that was caused has been decided, sent and shown; a tally that waits for its time gets it."""
        while True:
            await self.runtime.settle()
            await self.bot.caught_up()
            await self.runtime.settle()
            async with self.runtime.storage.read() as session:
                due = await exchange.next_outbox_moment(session, ["mattermost"])
            if due is None or due > self._clock.now() + SHORT_WAIT:
                break
            self._clock.move_to(due)
        if person:
            await self.people[person].up_to_date()

    async def _use(self, person: str, message: SeenMessage, action: str, option: str) -> str:
        """Press, and say yes to what is asked first; returns the question, empty for none."""
        me = self.people[person]
        me.dialog = None
        await me.click(await self._post(person, message.id), action, option)
        await self.settle(person)
        if me.dialog is None or me.dialog.dialog["callback_id"] != "confirm":
            return ""
        question = _intro(me.dialog)
        await me.send_dialog()
        await self.settle(person)
        return question

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

    def _fill(self, me: Person, values: Values) -> set[str]:
        """Fill in the step that is open; returns the fields that it has."""
        assert me.dialog is not None, "no form is open"
        for element in me.dialog.elements:
            name, _, position = element["name"].partition(".")
            if name not in values:
                continue
            value = values[name]
            if position:
                box = {position: element["placeholder"]}
                me.dialog.values[element["name"]] = position in [find_option(box, one) for one in value]
            elif element["type"] == "bool":
                me.dialog.values[name] = value in ("true", "on", "1")
            else:
                options = _options(element, _intro(me.dialog))
                meant = [find_option(options, one) for one in ([value] if isinstance(value, str) else value)]
                me.dialog.values[name] = ", ".join(meant) or None
        names = {one["display_name"].removesuffix("…"): one["name"].partition(".")[0] for one in me.dialog.elements}
        self._labels |= names
        return set(names.values())

    def _to_mend(self, text: str) -> dict[str, str]:
        """The sentences at fields, which may be of any step, by the fields' names."""
        return {
            next((name for label, name in self._labels.items() if found["label"].startswith(label)), found["label"]): (
                found["said"]
            )
            for found in TO_MEND.finditer(text)
        }

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


def _actions(post: Json) -> list[Json]:
    return [action for one in post["props"].get("attachments") or () for action in one.get("actions") or ()]


def _buttons(post: Json) -> dict[str, str]:
    found = {one["name"]: one["id"] for one in _actions(post)}
    for one in _actions(post):
        found |= {option["text"]: f"{one['id']}|{option['value']}" for option in one.get("options") or ()}
    return found


def _is_system(post: Json) -> bool:
    return post["type"].startswith("system_") and post["type"] != "system_ephemeral"


def _errors(answer: Json) -> dict[str, str]:
    errors = {name.partition(".")[0]: said for name, said in (answer.get("errors") or {}).items()}
    return errors | ({"": answer["error"]} if answer.get("error") else {})


def _token(me: Person) -> str:
    """What all steps of the person's open form carry, and no other form."""
    assert me.dialog is not None, "no form is open"
    return str(me.dialog.dialog["state"]).partition(".")[2]


def _intro(shown: OpenDialog) -> str:
    return as_seen(shown.dialog.get("introduction_text", ""))


def _options(element: Json, intro: str) -> dict[str, str]:
    """What can be chosen in an element; of a long choice of several, what is listed above the fields under its name."""
    if "numrene" not in element.get("help_text", ""):
        return {one["value"]: one["text"] for one in element.get("options") or ()}
    label = element["display_name"].removesuffix("…")
    parts = [part for part in intro.split("\n\n") if part.startswith(label)] or [intro]
    return {
        one["number"]: one["label"] if one["label"].startswith("#") else one["rest"]
        for one in LISTED.finditer(parts[0])
    }


def _field(element: Json, value: str | bool | None, intro: str) -> SeenField:
    shown = ("true" if value else "") if isinstance(value, bool) else value or ""
    kind = KINDS.get(element["type"], "text")
    options = _options(element, intro)
    return SeenField(element["name"], element["display_name"], kind, not element["optional"], shown, options)


def _add_box(fields: dict[str, SeenField], name: str, position: str, element: Json, *, ticked: bool) -> None:
    label = element["display_name"]
    known = fields.get(name) or SeenField(name, label, "multi", required=False, value=[], options={})
    value = [*known.value, position] if ticked else list(known.value)
    fields[name] = SeenField(name, label, "multi", False, value, known.options | {position: element["placeholder"]})


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
            person.name = someone.name
            clients[someone.user] = await stack.enter_async_context(person.online())
        yield MattermostDriver(server, bot, people=clients, channels=channels, clock=clock)


async def put_group(
    storage: Storage, channels: dict[str, str], users: dict[str, str], people: tuple[Someone, ...]
) -> None:
    """The test group is in these channels; `users` are the people's ids on the server."""
    where = {"channel": channels["group"], "steering": channels["steering"]}
    await make_group(storage, platform="mattermost", workspace="server", users=users, people=people, **where)
