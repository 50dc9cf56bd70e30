"""The local workspace's routes: what the page and scripts send becomes interactions."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.platforms.local import render
from bot.platforms.local.platform import BOT, NAME, WORKSPACE, LocalPlatform
from bot.platforms.local.show import Shows
from bot.port import Answer
from handlers.chat import messages
from handlers.chat.interactions import Command, Lookup, Place, Press, React, Sender, Submit
from handlers.chat.messages import Actions, Text, message
from storage.models.workspace import LocalMessage, LocalPerson
from storage.queries import workspace

LONGEST_TEXT = 16_000


class _Refused(Exception):
    """A call that is not of the contract's form; the sentence goes back with a 4xx."""


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


@web.middleware
async def answer_refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    """A refused call answers 4xx with `{ok: false, error}`; a foreign page's call is refused before it is read."""
    if request.method == "POST" and not _is_own_page(request):
        return web.json_response({"ok": False, "error": "this call comes from another page"}, status=403)
    try:
        response: web.StreamResponse = await handler(request)
    except _Refused as error:
        return web.json_response({"ok": False, "error": str(error)}, status=400)
    return response


def _is_own_page(request: web.Request) -> bool:
    """Whether a browser's page of another address did not send it: scripts send no `Origin`."""
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        return False
    return request.content_type == "application/json"


class _Calls:
    def __init__(self, platform: LocalPlatform) -> None:
        self._platform = platform

    async def say(self, request: web.Request) -> web.Response:
        body = await _body(request)
        person, place = await self._who_and_where(body)
        text = _text(body, "text")
        if not text.strip():
            raise _Refused("text is empty")
        if len(text) > LONGEST_TEXT:
            raise _Refused(f"text is longer than {LONGEST_TEXT} letters")
        word, _, rest = text.strip().partition(" ")
        if word.startswith("/"):
            command = Command(
                sender=_sender(person), place=place, command=word[1:], text=rest.strip(), once=_once(body)
            )
            await self._give(person, place, await self._platform.answer(command))
        else:
            private = person.id if place.direct else ""
            thread = await self._thread(body, place, person)
            shown, mark = message(Text(text)), _mark(person, _once(body))
            await self._platform.say(place.channel, person.id, shown, thread=thread, private_to=private, mark=mark)
        return await self._done()

    async def react(self, request: web.Request) -> web.Response:
        body = await _body(request)
        emoji = _text(body, "emoji").strip(":")
        if not emoji or len(emoji) > 80:
            raise _Refused("emoji is a short name such as one or +1")
        on = body.get("on", True)
        if not isinstance(on, bool):
            raise _Refused("on is true or false")
        async with self._platform.storage.write() as session:
            person = await _find_person(session, _text(body, "as"))
            row = await self._message(session, _text(body, "message"), person)
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
        await self._platform.answer(click)
        return await self._done()

    async def press(self, request: web.Request) -> web.Response:
        body = await _body(request)
        token = _text(body, "button")
        async with self._platform.storage.read() as session:
            person = await _find_person(session, _text(body, "as"))
            row = await self._message(session, _text(body, "message"), person)
        shown = messages.from_data(row.body)
        items = [item for block in shown.blocks if isinstance(block, Actions) for item in block.items]
        place = _place(row.channel)
        if token not in (item.token for item in items):
            press = Press(sender=_sender(person), place=place, token=token)
            answer = await self._platform.answer(press)
            if answer == Answer():
                raise _Refused("no such button")
            await self._give(person, place, answer)
            return await self._done()
        value = _text(body, "value") if body.get("value") is not None else ""
        press = Press(sender=_sender(person), place=place, token=token, value=value, once=_once(body))
        await self._give(person, place, await self._platform.answer(press))
        return await self._done()

    async def form(self, request: web.Request) -> web.Response:
        form = self._platform.forms.get(request.query.get("as", ""))
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
        found = (await self._platform.answer(lookup)).options or ()
        return web.json_response({"options": [{"value": one.value, "label": one.label} for one in found]})

    async def submit(self, request: web.Request) -> web.Response:
        body = await _body(request)
        async with self._platform.storage.read() as session:
            person = await _find_person(session, _text(body, "as"))
        token, typed = _text(body, "form"), _values(body.get("values"))
        form = self._platform.forms.get(person.id)
        is_open = form is not None and form.token == token
        values = _prefilled(form) | typed if form is not None and is_open else typed
        submit = Submit(sender=_sender(person), place=_place(f"dm:{person.id}"), token=token, values=values)
        answer = await self._platform.answer(submit)
        if answer == Answer():
            raise _Refused("no such form")
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
        self._close(_text(await _body(request), "as"))
        return await self._done()

    def _close(self, person: str) -> None:
        """The form is no longer open, in any window of the person's."""
        if self._platform.forms.pop(person, None) is not None:
            self._platform.tell(f"dm:{person}")

    async def clock(self, request: web.Request) -> web.Response:
        body = await _body(request)
        await self._platform.move_clock(_moment(body, self._platform.clock.now()))
        self._platform.tell("")
        return web.json_response({"ok": True, "now": self._platform.clock.now().isoformat()})

    async def language(self, request: web.Request) -> web.Response:
        body = await _body(request)
        wanted = _text(body, "language")
        if wanted not in ("da", "en"):
            raise _Refused("language is da or en")
        async with self._platform.storage.write() as session:
            person = await _find_person(session, _text(body, "as"))
            person.locale = wanted
        return await self._done()

    async def _who_and_where(self, body: dict[str, Any]) -> tuple[LocalPerson, Place]:
        channel = _text(body, "channel")
        async with self._platform.storage.read() as session:
            person = await _find_person(session, _text(body, "as"))
            known = await workspace.find_channel(session, channel)
        if channel != f"dm:{person.id}" and known is None:
            raise _Refused(f"no channel {channel!r}")
        return person, Place(channel, known.name if known else "", direct=known is None)

    async def _thread(self, body: dict[str, Any], place: Place, person: LocalPerson) -> str:
        if not body.get("thread"):
            return ""
        async with self._platform.storage.read() as session:
            above = await self._message(session, _text(body, "thread"), person)
        if above.channel != place.channel:
            raise _Refused("thread is a message of another channel")
        return str(above.thread or above.id)

    async def _message(self, session: AsyncSession, message_id: str, person: LocalPerson) -> LocalMessage:
        row = await workspace.find_message(session, message_id)
        if row is None or (row.private_to and row.private_to != person.id):
            raise _Refused(f"no message {message_id!r}")
        return row

    async def _give(self, person: LocalPerson, place: Place, answer: Answer) -> None:
        """What the person gets at once: private lines where they are, and the form that is now open for them."""
        for shown in answer.whispers:
            await self._platform.say(place.channel, BOT, shown, private_to=person.id)
        if answer.form is not None:
            self._platform.forms[person.id] = answer.form
            self._platform.tell(f"dm:{person.id}")

    async def _done(self) -> web.Response:
        await self._platform.settle()
        return web.json_response({"ok": True})


async def _find_person(session: AsyncSession, person: str) -> LocalPerson:
    found = await workspace.find_person(session, person)
    if found is None:
        raise _Refused(f"nobody has the id {person!r}")
    return found


def _sender(person: LocalPerson) -> Sender:
    return Sender(NAME, WORKSPACE, person.id, person.name, person.locale, guest=person.guest)


def _place(channel: str) -> Place:
    return Place(channel, direct=channel.startswith("dm:"))


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _Refused("the body is not JSON") from error
    if not isinstance(body, dict):
        raise _Refused("the body is not an object")
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise _Refused(f"{name} is missing or not a text")
    return value


def _once(body: dict[str, Any]) -> str:
    """The once-key of a call that may be repeated; the page gives every press one."""
    return f"local:{_text(body, 'once')}" if body.get("once") else ""


def _mark(person: LocalPerson, once: str) -> str | None:
    """The mark of a person's own message: sent again with the same once-key, it changes nothing."""
    return hashlib.sha256(f"{person.id} {once}".encode()).hexdigest()[:40] if once else None


def _values(given: object) -> dict[str, str | list[str]]:
    if not isinstance(given, dict):
        raise _Refused("values is an object with a text, or a list of texts, per field")
    return {
        str(name): [str(one) for one in value] if isinstance(value, list) else _plain(value)
        for name, value in given.items()
    }


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)


def _prefilled(form: messages.Form) -> dict[str, str | list[str]]:
    return {field.name: list(field.value) if isinstance(field.value, tuple) else field.value for field in form.fields}


def _moment(body: dict[str, Any], now: dt.datetime) -> dt.datetime:
    if isinstance(hours := body.get("forward_hours"), int | float) and 0 <= hours <= 24 * 800:
        return now + dt.timedelta(hours=hours)
    if isinstance(to := body.get("to"), str):
        try:
            moment = dt.datetime.fromisoformat(to)
        except ValueError as error:
            raise _Refused("to is a moment such as 2026-08-03T09:00:00+02:00") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    raise _Refused("give to (a moment) or forward_hours (0 to 19200)")
