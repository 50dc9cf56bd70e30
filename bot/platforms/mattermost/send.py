"""Sends the bot's messages to a Mattermost server, each once, and reads the emojis on them."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import structlog

import locales
from bot.clock import Clock
from bot.pictures import pictures_of
from bot.platforms.mattermost.channels import get_channel_id
from bot.platforms.mattermost.client import Client, NewPost, PostSeen, User
from bot.platforms.mattermost.connection import ServerRefused
from bot.platforms.mattermost.locks import Locks
from bot.platforms.mattermost.people import PATIENCE, People
from bot.platforms.mattermost.render import Rendered, to_post
from bot.port import File, Located, PlatformError, ThreadGone
from handlers.chat import messages
from handlers.chat.messages import Message
from storage.enums import Trouble

MARK = "oenskebot"
"""The property that says which promise a message is; each change repeats it, or a second try would not find it."""

BOARD = "board"
"""The mark of a person's board."""

MOST_MARKS = 5000
PAGES_LOOKED_THROUGH = 3
NO_ROOT = "api.post.create_post.root_id.app_error"
NO_PERMISSION = "api.context.permissions.app_error"
"""In a conversation of the bot's own, this passes: the server remembers for a quarter of an hour where the bot was
before [measured, where several were begun at once]."""

log = structlog.get_logger()


class MattermostSender:
    """The sending half of the platform.

    Args:
        client: speaks to the server.
        callback_url: the bot's own address as the server reaches it.
        language: of texts that the platform itself adds to messages for everybody.
        clock: the time.
    """

    def __init__(self, client: Client, callback_url: str, language: str, clock: Clock) -> None:
        self.client = client
        self.people = People(client, clock)
        self.locks = Locks()
        self.language = language
        self.action_url = f"{callback_url.rstrip('/')}/mattermost/action"
        self.dialog_url = dialog_address(callback_url)
        self._me: User | None = None
        self._direct: dict[str, str] = {}
        self._boards: dict[str, PostSeen] = {}
        self._marks: dict[str, str] = {}

    async def me(self) -> str:
        """The bot's own id on the server."""
        if self._me is None:
            self._me = await self.client.me()
        return self._me.id

    def is_me(self, user: str) -> bool:
        """Whether it is the bot itself; while the server has not said who that is, nobody is."""
        return self._me is not None and self._me.id == user

    async def handle(self) -> str:
        """The bot's account name, by which people invite it."""
        await self.me()
        assert self._me is not None
        return self._me.username

    async def post(self, channel: str, message: Message, *, mark: str, thread: str = "") -> Located:
        there = await get_channel_id(self.client, channel)
        made = await self._new(there, self.rendered(message), mark)
        files = await self._pictures(there, message)
        return await self._put(dataclasses.replace(made, root=thread, files=files))

    async def update(self, where: Located, message: Message) -> None:
        await self._patch(where.message, self.rendered(message))

    async def whisper(self, channel: str, user: str, message: Message, *, mark: str) -> None:
        await self.direct(user, message, mark=mark)

    async def direct(self, user: str, message: Message, *, mark: str) -> Located:
        return await self.create(await self.direct_channel(user), self.rendered(message), mark=mark)

    async def seed(self, where: Located, emojis: tuple[str, ...]) -> None:
        me = await self.me()
        for emoji in emojis:
            await self.client.add_reaction(me, where.message, emoji)

    async def attach(self, channel: str, user: str, file: File, *, mark: str, thread: str = "") -> None:
        where = channel or await self.direct_channel(user)
        made = await self._new(where, self.rendered(messages.message(messages.Note(file.description))), mark)
        made = dataclasses.replace(made, files=(await self.client.upload(where, file.name, file.content),))
        try:
            await self._put(dataclasses.replace(made, root=thread))
        except ThreadGone:
            await self._put(made)

    async def board(self, user: str, message: Message) -> None:
        """A person's own page is a pinned message in their conversation with the bot, which is kept up to date."""
        shown = self.rendered(message)
        async with self.locks.hold(f"board:{user}"):
            channel = await self.direct_channel(user)
            board = self._boards.pop(user, None) or await self._find_board(channel)
            if board is None or not await self.change(board.id, shown):
                board = await self._new_board(channel, shown, deleted=board is not None)
            if not board.pinned:
                await self.client.pin_post(board.id)
            self._boards[user] = dataclasses.replace(board, pinned=True)

    async def find_mark(self, channel: str, user: str, mark: str, thread: str = "") -> Located | None:
        where = await get_channel_id(self.client, channel) if channel else await self.direct_channel(user)
        found = await self._find(where, mark)
        return Located(where, found.id) if found else None

    async def emojis(self, where: Located) -> dict[tuple[str, str], dt.datetime] | None:
        found = await self.client.list_reactions(where.message)
        if found is None:
            return None
        bots = await self.people.list_bots({one.user for one in found}) | {await self.me()}
        return {(one.user, one.emoji): one.at for one in found if one.user not in bots}

    async def create(self, channel: str, shown: Rendered, *, mark: str) -> Located:
        """Post a message. With a mark, a second try soon after the first gives the same message."""
        return await self._put(await self._new(channel, shown, mark))

    async def change(self, post: str, shown: Rendered) -> bool:
        """Let a message of the bot look so; returns whether it was there to be changed."""
        try:
            await self._patch(post, shown)
        except ServerRefused as error:
            if error.status not in (403, 404):
                raise
            log.info("message_was_deleted", post=post)
            return False
        return True

    async def _new(self, channel: str, shown: Rendered, mark: str) -> NewPost:
        props = _props(shown.attachments, mark)
        return NewPost(channel, shown.text, props, pending=f"{await self.me()}:{mark}" if mark else "")

    async def _patch(self, post: str, shown: Rendered) -> None:
        async with self.locks.hold(f"patch:{post}"):
            await self.client.patch_post(post, shown.text, _props(shown.attachments, await self._mark_of(post)))

    async def _mark_of(self, post: str) -> str:
        if post not in self._marks:
            seen = await self.client.find_post(post)
            if seen is None:
                return ""
            self._note_mark(post, str(seen.props.get(MARK, "")))
        return self._marks[post]

    def _note_mark(self, post: str, mark: str) -> None:
        if len(self._marks) >= MOST_MARKS:
            self._marks.clear()
        self._marks[post] = mark

    async def _put(self, made: NewPost) -> Located:
        try:
            with self._conversations_are_ours(made.channel):
                post = await self.client.create_post(made)
        except ServerRefused as error:
            if made.root and error.error == NO_ROOT:
                raise ThreadGone(error.reason) from error
            raise
        self._note_mark(post, made.props.get(MARK, ""))
        return Located(made.channel, post)

    @contextlib.contextmanager
    def _conversations_are_ours(self, channel: str) -> Iterator[None]:
        """Nobody can keep the bot out of a conversation of its own: where the server says so, it does not know yet."""
        try:
            yield
        except ServerRefused as error:
            if error.error == NO_PERMISSION and channel in self._direct.values():
                raise PlatformError(error.reason, Trouble.CONNECTION) from error
            raise

    async def find_own(self, post: str) -> PostSeen | None:
        """The message, if the bot wrote it: only the server says who did. Somebody waits for the answer.

        Raises:
            PlatformError: the server took too long.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self.client.find_post(post)
                return found if found is not None and found.author == await self.me() else None
        except TimeoutError as error:
            raise PlatformError("the server is slow") from error

    async def direct_channel(self, user: str) -> str:
        """The conversation between the bot and a person."""
        if user not in self._direct:
            self._direct[user] = await self.client.direct_channel(await self.me(), user)
        return self._direct[user]

    def rendered(self, message: Message) -> Rendered:
        """The message as a post, within the limits."""
        with locales.speaking(self.language):
            return to_post(message, self.action_url)

    async def _pictures(self, channel: str, message: Message) -> tuple[str, ...]:
        """The message's charts as pictures on the server; none where it takes no files: the words say all of it."""
        try:
            pictures = await pictures_of(message)
            return tuple([await self.client.upload(channel, one.name, one.content) for one in pictures])
        except ServerRefused as error:
            if not error.permanent:
                raise
            log.warning("picture_refused", status=error.status)
            return ()

    async def _find(self, channel: str, mark: str) -> PostSeen | None:
        me = await self.me()
        for page in range(PAGES_LOOKED_THROUGH):
            with self._conversations_are_ours(channel):
                posts = await self.client.list_posts(channel, page)
            for post in posts:
                if post.author == me and post.props.get(MARK) == mark:
                    return post
            if not posts:
                break
        return None

    async def _find_board(self, channel: str) -> PostSeen | None:
        """The board, however old it is; one that could not be pinned stands among the newest messages."""
        me = await self.me()
        with self._conversations_are_ours(channel):
            pinned = await self.client.list_pinned(channel)
        found = (post for post in pinned if post.author == me and post.props.get(MARK) == BOARD)
        return next(found, None) or await self._find(channel, BOARD)

    async def _new_board(self, channel: str, shown: Rendered, *, deleted: bool) -> PostSeen:
        """`deleted`: soon after it was made, the server would give the one again that somebody deleted."""
        made = await self._new(channel, shown, BOARD)
        made = dataclasses.replace(made, pending="" if deleted else f"{made.pending}:{channel}")
        return PostSeen((await self._put(made)).message, channel, await self.me(), 0)


def dialog_address(callback_url: str) -> str:
    """Where the server reports forms that were sent."""
    return f"{callback_url.rstrip('/')}/mattermost/dialog"


def _props(attachments: list[dict[str, Any]], mark: str) -> dict[str, Any]:
    """All of a post's properties: what is not repeated in a change is lost."""
    return {"from_bot": "true"} | ({MARK: mark} if mark else {}) | ({"attachments": attachments} if attachments else {})
