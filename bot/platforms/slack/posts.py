"""Posts messages, each part of them once: what an earlier try brought is remembered, or looked for by its mark."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import structlog

from bot.platforms.slack.calls import Calls
from bot.platforms.slack.pieces import Element
from bot.platforms.slack.render import Rendered
from bot.port import Located, PlatformError, ThreadGone

MARKED = "oenskebot_message"
"""The type of the metadata that carries a message's idempotency mark."""

_MARK = "mark."
_REMEMBERED = 500
_NEWEST = 200
"""How many of a channel's newest messages are looked through for a mark, and how many of a thread's at once."""

_MOST_PAGES = 10

T = TypeVar("T")

log = structlog.get_logger()


class Progress:
    """How far each try has come: one that failed half-way goes on from there, unless the program was started anew."""

    def __init__(self) -> None:
        self._reached: OrderedDict[str, Any] = OrderedDict()

    async def once(self, key: str, do: Callable[[], Awaitable[T]]) -> T:
        """What `do` gives, or gave at an earlier try."""
        if key not in self._reached:
            self.note(key, await do())
        found: T = self._reached[key]
        return found

    def left(self, key: str, things: Sequence[T]) -> list[tuple[int, T]]:
        """Those of the things, with their numbers, that an earlier try did not come to."""
        return list(enumerate(things))[self._reached.get(key, 0) :]

    def note(self, key: str, what: object) -> None:
        self._reached[key] = what
        while len(self._reached) > _REMEMBERED:
            self._reached.popitem(last=False)

    def find(self, key: str) -> Any:
        return self._reached.get(key)


class Posts:
    """The bot's own messages in channels, threads and conversations.

    Args:
        calls: calls Slack.
        progress: how far earlier tries have come.
    """

    def __init__(self, calls: Calls, progress: Progress) -> None:
        self._calls = calls
        self._progress = progress

    async def post(self, channel: str, parts: Sequence[Rendered], mark: str, thread: str) -> Located:
        """Post the first part, and the others in its thread. What arrived at an earlier try is not posted again; where
        somebody has deleted the message meanwhile, its other parts are left out.

        Raises:
            ThreadGone: the message that it was to stand under has been deleted.
            PlatformError: Slack did not take all of it.
        """
        told = {"mark": mark} | ({"parts": len(parts)} if len(parts) > 1 else {})
        first = await self._progress.once(f"{mark}/first", lambda: self._post_one(channel, parts[0], told, thread))
        try:
            for number, part in self._progress.left(mark, parts[1:]):
                await self._post_one(first.channel, part, {"mark": f"{mark}/{number}"}, thread or first.message)
                self._progress.note(mark, number + 1)
        except ThreadGone:
            log.info("slack_message_was_deleted", channel=first.channel, message=first.message)
        return first

    async def find(self, channel: str, mark: str, thread: str) -> Located | None:
        """The message with this mark, `None` where Slack has none of it, or not all: the next try brings the rest.

        Raises:
            PlatformError: Slack can't be asked.
        """
        shown = await (self._list_thread(channel, thread) if thread else self._list_channel(channel))
        found = next((one for one in shown if read_mark(one) == mark), None)
        if found is None:
            return None
        first = Located(channel, str(found["ts"]))
        missing = _parts(found) - 1
        if missing > 0:
            marks = {read_mark(one) for one in await self._list_thread(channel, thread or first.message)}
            there = next((number for number in range(missing) if f"{mark}/{number}" not in marks), missing)
            self._progress.note(f"{mark}/first", first)
            self._progress.note(mark, there)
            missing -= there
        return None if missing > 0 else first

    async def _post_one(self, channel: str, part: Rendered, told: Mapping[str, Any], thread: str) -> Located:
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        try:
            answer = await self._calls.call(
                "chat.postMessage",
                channel=channel,
                text=part.text,
                blocks=_marked(part.blocks, str(told["mark"])),
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": MARKED, "event_payload": told},
                **more,
            )
        except PlatformError as error:
            if thread and error.reason == "thread_not_found":
                raise ThreadGone(error.reason) from error
            raise
        there = Located(str(answer["channel"]), str(answer["ts"]))
        if thread and not (answer.get("message") or more).get("thread_ts"):
            await self._take_back(there)
            raise ThreadGone("thread_not_found")
        return there

    async def _take_back(self, loose: Located) -> None:
        """Slack posts what was to stand under a deleted message in the channel itself, where nobody understands it."""
        try:
            await self._calls.call("chat.delete", channel=loose.channel, ts=loose.message)
        except PlatformError as error:
            log.warning("slack_loose_line_stays", channel=loose.channel, message=loose.message, reason=error.reason)

    async def _list_channel(self, channel: str) -> Sequence[Mapping[str, Any]]:
        told = await self._calls.call(
            "conversations.history", channel=channel, limit=_NEWEST, include_all_metadata=True
        )
        messages: list[Mapping[str, Any]] = told["messages"]
        return messages

    async def _list_thread(self, channel: str, thread: str) -> Sequence[Mapping[str, Any]]:
        """A thread from its first message on, since Slack begins with the oldest."""
        found: list[Mapping[str, Any]] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            told = await self._calls.call(
                "conversations.replies",
                channel=channel,
                ts=thread,
                limit=_NEWEST,
                include_all_metadata=True,
                cursor=cursor or None,
            )
            found += told["messages"]
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found


def read_mark(message: Mapping[str, Any]) -> str:
    """The idempotency mark that one of the bot's messages carries, empty for none: in its metadata, or in the id of a
    block, since not every method tells the metadata."""
    names = (str(block.get("block_id") or "") for block in message.get("blocks") or ())
    named = next((name.removeprefix(_MARK) for name in names if name.startswith(_MARK)), "")
    return str(_told(message).get("mark") or "") or named


def _marked(blocks: Sequence[Element], mark: str) -> list[Element]:
    """The blocks with the mark as the id of the first that has none of its own."""
    place = next((place for place, block in enumerate(blocks) if "block_id" not in block), None)
    return [block | {"block_id": f"{_MARK}{mark}"} if at == place else block for at, block in enumerate(blocks)]


def _parts(message: Mapping[str, Any]) -> int:
    """How many messages a long one was split into."""
    return int(_told(message).get("parts") or 1)


def _told(message: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = message.get("metadata") or {}
    payload: Mapping[str, Any] = metadata.get("event_payload") or {}
    return payload
