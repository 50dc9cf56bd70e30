"""The local workspace's routes: what the page and scripts send becomes interactions."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.platforms.local import render
from bot.platforms.local.bodies import (
    CallRefused,
    mark_of,
    read_body,
    read_moment,
    read_once,
    read_text,
    read_values,
)
from bot.platforms.local.platform import NAME, WORKSPACE, LocalPlatform
from bot.platforms.local.send import BOT, Line
from bot.platforms.local.show import Shows
from bot.port import Answer
from handlers.chat import messages
from handlers.chat.interactions import Command, Lookup, Place, Press, React, Sender, Submit
from handlers.chat.messages import Actions, Text, message
from storage.models.workspace import LocalMessage, LocalPerson
from storage.queries import workspace

LONGEST_TEXT = 16_000

DELIVERIES = 10
"""How often a click is told to a bot that could not store it: it stands here, and must count as it stands."""


def routes(platform: LocalPlatform) -> list[web.RouteDef]:
    """The routes of the contract, bound to one workspace."""
    calls, shows = _Calls(platform), Shows(platform, _find_person)
    return [
        web.get("/", shows.page),
        web.get("/page/{name}", shows.page_file),
        web.get("/files/{id}", shows.file),
        web.get("/api/state", shows.state),
        web.get("/api/words", shows.words),
        web.get("/api/channels/{id}/messages", shows.messages),
        web.get("/api/forms", calls.form),
        web.get("/api/forms/{id}/options", calls.options),
        web.get("/api/stream", shows.stream),
        web.post("/api/say", calls.say),
        web.post("/api/react", calls.react),
        web.post("/api/press", calls.press),
        web.post("/api/submit", calls.submit),
        web.post("/api/close", calls.close),
        web.post("/api/clock", calls.clock),
        web.post("/api/language", calls.language),
    ]


class _Calls:
    def __init__(self, platform: LocalPlatform) -> None:
        self._platform = platform

    async def say(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        person, place = await self._who_and_where(body)
        text = read_text(body, "text")
        if not text.strip():
            raise CallRefused("local.empty")
        if len(text) > LONGEST_TEXT:
            raise CallRefused("local.too_long", most=LONGEST_TEXT)
        word, _, rest = text.strip().partition(" ")
        if word.startswith("/"):
            command = Command(
                sender=_sender(person), place=place, command=word[1:], text=rest.strip(), once=read_once(body)
            )
            await self._give(person, place, await self._platform.house.answer(command))
        else:
            private = person.id if place.direct else ""
            thread = await self._thread(body, place, person)
            shown, mark = message(Text(text)), mark_of(person.id, read_once(body))
            await self._platform.write(Line(place.channel, person.id, shown, thread, private, mark))
        return await self._done()

    async def react(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        emoji = read_text(body, "emoji").strip(":")
        if not emoji or len(emoji) > 80:
            raise CallRefused("local.no_emoji")
        on = body.get("on", True)
        if not isinstance(on, bool):
            raise CallRefused("local.no_on")
        async with self._platform.storage.write() as session:
            person = await _find_person(session, read_text(body, "as"))
            row = await self._message(session, read_text(body, "message"), person)
            mark = await workspace.put_reaction(session, row.id, emoji, person.id, on=on)
        self._platform.tell(row.channel)
        click = React(
            sender=_sender(person),
            place=_place(row.channel),
            message=str(row.id),
            emoji=emoji,
            on=on,
            mark=f"{mark:012d}",
            at=self._platform.clock.now(),
        )
        for _ in range(DELIVERIES):
            if not (await self._platform.house.answer(click)).whispers:
                break
        return await self._done()

    async def press(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        token = read_text(body, "button")
        async with self._platform.storage.read() as session:
            person = await _find_person(session, read_text(body, "as"))
            row = await self._message(session, read_text(body, "message"), person)
        shown = messages.from_data(row.body)
        items = [item for block in shown.blocks if isinstance(block, Actions) for item in block.items]
        place = _place(row.channel)
        if token not in (item.token for item in items):
            press = Press(sender=_sender(person), place=place, token=token)
            answer = await self._platform.house.answer(press)
            if answer == Answer():
                raise CallRefused("local.no_button")
            await self._give(person, place, answer)
            return await self._done()
        value = read_text(body, "value") if body.get("value") is not None else ""
        press = Press(sender=_sender(person), place=place, token=token, value=value, once=read_once(body))
        await self._give(person, place, await self._platform.house.answer(press))
        return await self._done()

    async def form(self, request: web.Request) -> web.Response:
        async with self._platform.storage.read() as session:
            person = await _find_person(session, request.query.get("as", ""))
        form = self._platform.forms.get(person.id)
        return web.json_response({"form": render.form_json(form) if form else None})

    async def options(self, request: web.Request) -> web.Response:
        async with self._platform.storage.read() as session:
            person = await _find_person(session, request.query.get("as", ""))
        lookup = Lookup(
            sender=_sender(person),
            place=_place(f"dm:{person.id}"),
            token=request.match_info["id"],
            field=request.query.get("field", ""),
            query=request.query.get("q", ""),
        )
        found = (await self._platform.house.answer(lookup)).options or ()
        return web.json_response({"options": [{"value": one.value, "label": one.label} for one in found]})

    async def submit(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        async with self._platform.storage.read() as session:
            person = await _find_person(session, read_text(body, "as"))
        token, typed = read_text(body, "form"), read_values(body.get("values"))
        form = self._platform.forms.get(person.id)
        is_open = form is not None and form.token == token
        values = _prefilled(form) | typed if form is not None and is_open else typed
        submit = Submit(sender=_sender(person), place=_place(f"dm:{person.id}"), token=token, values=values)
        answer = await self._platform.house.answer(submit)
        if answer == Answer():
            raise CallRefused("local.no_form")
        if answer.errors:
            if form is not None and is_open:
                self._platform.forms[person.id] = form.with_values(typed)
            return web.json_response({"ok": False, "errors": dict(answer.errors)})
        if is_open:
            self._close(person.id)
        await self._give(person, _place(answer.channel or f"dm:{person.id}"), answer)
        return await self._done()

    async def close(self, request: web.Request) -> web.Response:
        """The person closed the form without sending it."""
        self._close(read_text(await read_body(request), "as"))
        return await self._done()

    def _close(self, person: str) -> None:
        """The form is no longer open, in any window of the person's."""
        if self._platform.forms.pop(person, None) is not None:
            self._platform.tell(f"dm:{person}")

    async def clock(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        await self._platform.house.move_clock(read_moment(body, self._platform.clock.now()))
        self._platform.tell("")
        return web.json_response({"ok": True, "now": self._platform.clock.now().isoformat()})

    async def language(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        wanted = read_text(body, "language")
        if wanted not in ("da", "en"):
            raise CallRefused("local.no_language")
        async with self._platform.storage.write() as session:
            person = await _find_person(session, read_text(body, "as"))
            person.locale = wanted
        return await self._done()

    async def _who_and_where(self, body: dict[str, Any]) -> tuple[LocalPerson, Place]:
        channel = read_text(body, "channel")
        async with self._platform.storage.read() as session:
            person = await _find_person(session, read_text(body, "as"))
            known = await workspace.find_channel(session, channel)
        if channel != f"dm:{person.id}" and known is None:
            raise CallRefused("local.no_channel", channel=channel[:80])
        return person, Place(channel, known.name if known else "", direct=known is None)

    async def _thread(self, body: dict[str, Any], place: Place, person: LocalPerson) -> str:
        if not body.get("thread"):
            return ""
        async with self._platform.storage.read() as session:
            above = await self._message(session, read_text(body, "thread"), person)
        if above.channel != place.channel:
            raise CallRefused("local.other_channel")
        return str(above.thread or above.id)

    async def _message(self, session: AsyncSession, message_id: str, person: LocalPerson) -> LocalMessage:
        row = await workspace.find_message(session, message_id)
        if row is None or (row.private_to and row.private_to != person.id):
            raise CallRefused("local.no_message", message=message_id[:80])
        return row

    async def _give(self, person: LocalPerson, place: Place, answer: Answer) -> None:
        """What the person gets at once: private lines where they are, and the form that is now open for them."""
        for shown in answer.whispers:
            await self._platform.write(Line(place.channel, BOT, shown, private_to=person.id))
        if answer.form is not None:
            self._platform.forms[person.id] = answer.form
            self._platform.tell(f"dm:{person.id}")

    async def _done(self) -> web.Response:
        await self._platform.house.settle()
        return web.json_response({"ok": True})


async def _find_person(session: AsyncSession, person: str) -> LocalPerson:
    found = await workspace.find_person(session, person)
    if found is None:
        raise CallRefused("local.nobody", person=person[:80])
    return found


def _sender(person: LocalPerson) -> Sender:
    return Sender(NAME, WORKSPACE, person.id, person.name, person.locale, guest=person.guest)


def _place(channel: str) -> Place:
    return Place(channel, direct=channel.startswith("dm:"))


def _prefilled(form: messages.Form) -> dict[str, str | list[str]]:
    return {field.name: list(field.value) if isinstance(field.value, tuple) else field.value for field in form.fields}
