"""What the page and scripts read of the local workspace: people, channels, messages, files, and what changes."""

from __future__ import annotations

import asyncio
import json
import pathlib
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

import locales
from bot.platforms.local import render
from bot.platforms.local.bodies import CallRefused
from bot.platforms.local.offers import offers_json
from bot.platforms.local.platform import NAME, WORKSPACE, LocalPlatform
from bot.platforms.local.send import BOT
from storage.models.workspace import LocalMessage, LocalPerson
from storage.queries import members, workspace

PAGE = pathlib.Path(__file__).parent / "page"
PAGE_FILE_NAMES = frozenset(path.name for path in PAGE.iterdir())
PAGE_FILES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEARTBEAT = 15.0
"""Seconds between two signs of life in the stream: so that a page that went away is noticed."""

FindPerson = Callable[[AsyncSession, str], Awaitable[LocalPerson]]


class Shows:
    """The routes that change nothing.

    Args:
        platform: the workspace.
        find_person: the person with an id, or a refused call.
    """

    def __init__(self, platform: LocalPlatform, find_person: FindPerson) -> None:
        self._platform = platform
        self._find_person = find_person

    async def page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def page_file(self, request: web.Request) -> web.StreamResponse:
        path = PAGE / request.match_info["name"]
        if path.name not in PAGE_FILE_NAMES or path.parent != PAGE or path.suffix not in PAGE_FILES:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "no-cache", "Content-Type": f"{PAGE_FILES[path.suffix]}; charset=utf-8"}
        return web.FileResponse(path, headers=headers)

    async def file(self, request: web.Request) -> web.StreamResponse:
        async with self._platform.storage.read() as session:
            found = await workspace.find_file(session, request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"}
        return web.Response(body=found.content, content_type=found.media_type, headers=headers)

    async def state(self, request: web.Request) -> web.Response:
        async with self._platform.storage.read() as session:
            people = await workspace.list_people(session)
            channels = await workspace.list_channels(session)
            roles = await members.map_roles(session, NAME, WORKSPACE)
            newest = await workspace.find_newest_message(session)
        return web.json_response(
            {
                "people": [_person_json(person, roles) for person in people],
                "channels": [{"id": channel.id, "name": channel.name} for channel in channels],
                "now": self._platform.clock.now().isoformat(),
                "zone": self._platform.house.zone,
                "newest": newest,
            }
        )

    async def words(self, request: web.Request) -> web.Response:
        """What can be written after a slash, for the page to offer while one types."""
        language = locales.known_language(request.query.get("language", ""))
        return web.json_response({"words": offers_json(self._platform.house.words, language)})

    async def messages(self, request: web.Request) -> web.Response:
        """A channel's messages; `limit` asks for the newest only, and `more` then says whether there are older ones."""
        channel, limit = request.match_info["id"], request.query.get("limit", "")
        wanted = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 6 else 0
        async with self._platform.storage.read() as session:
            person = await self._find_person(session, request.query.get("as", ""))
            if channel.startswith("dm:"):
                if channel != f"dm:{person.id}":
                    raise CallRefused("local.not_your_messages", status=403)
            elif await workspace.find_channel(session, channel) is None:
                raise CallRefused("local.no_channel", status=404, channel=channel[:80])
            rows, more = await _newest(session, channel, person.id, wanted)
            reactions = await workspace.map_reactions(session, [row.id for row in rows])
            names = {one.id: one.name for one in await workspace.list_people(session)} | {BOT: render.BOT_NAME}
        shown = [render.message_json(row, names.get(row.author, row.author), reactions.get(row.id, {})) for row in rows]
        return web.json_response({"messages": shown, "more": more})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        with self._platform.listening() as queue:
            try:
                await response.write(b": ready\n\n")
                while (channel := await self._next_change(queue)) is not None:
                    said = f"data: {json.dumps({'channel': channel})}" if channel != _ALIVE else ": alive"
                    await response.write(f"{said}\n\n".encode())
            except ConnectionResetError:
                return response
        return response

    async def _next_change(self, queue: asyncio.Queue[str]) -> str | None:
        """The next channel that changed, a sign of life after a quiet time, or `None` when the workspace closes."""
        change = asyncio.ensure_future(queue.get())
        closing = asyncio.ensure_future(self._platform.stopping.wait())
        try:
            await asyncio.wait({change, closing}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            if closing.done():
                return None
            return change.result() if change.done() else _ALIVE
        finally:
            change.cancel()
            closing.cancel()


_ALIVE = "\0"


async def _newest(session: AsyncSession, channel: str, person: str, limit: int) -> tuple[list[LocalMessage], bool]:
    """The newest messages, 0 for all, with the messages that they stand under; and whether there are older ones."""
    rows = await workspace.list_messages(session, channel, person, limit + 1 if limit else 0)
    more = bool(limit) and len(rows) > limit
    rows = rows[-limit:] if more else rows
    known = {row.id for row in rows}
    above = {row.thread for row in rows if row.thread and row.thread not in known}
    return [*await workspace.list_messages_by_id(session, above, person), *rows], more


def _person_json(person: LocalPerson, roles: dict[str, members.Held]) -> dict[str, Any]:
    held = roles.get(person.id, members.Held())
    return {
        "id": person.id,
        "name": person.name,
        "roles": held.roles,
        "municipality": held.unit or None,
        "substitute": held.substitute,
        "language": person.locale,
    }
