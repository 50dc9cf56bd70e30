"""Sends the bot's messages to a Mattermost server, each once, and reads the emojis on them."""

from __future__ import annotations

import dataclasses
from typing import Any

import structlog

import locales
from bot.pictures import pictures_of
from bot.platforms.mattermost.channels import get_channel_id
from bot.platforms.mattermost.client import Client, NewPost, User
from bot.platforms.mattermost.connection import ServerRefused
from bot.platforms.mattermost.locks import Locks
from bot.platforms.mattermost.people import People
from bot.platforms.mattermost.render import Rendered, to_post
from bot.port import File, Located, ThreadGone
from handlers.chat import messages
from handlers.chat.messages import Message

MARK = "oenskebot"
BOARD = "oenskebot_board"
PAGES_LOOKED_THROUGH = 3
NO_ROOT = "api.post.create_post.root_id.app_error"

log = structlog.get_logger()


class MattermostSender:
    """The sending half of the platform.

    Args:
        client: speaks to the server.
        callback_url: the bot's own address as the server reaches it.
        language: of texts that the platform itself adds to messages for everybody.
    """

    def __init__(self, client: Client, callback_url: str, language: str) -> None:
        self.client = client
        self.people = People(client)
        self.locks = Locks()
        self.language = language
        self.action_url = f"{callback_url.rstrip('/')}/mattermost/action"
        self.dialog_url = f"{callback_url.rstrip('/')}/mattermost/dialog"
        self._me: User | None = None
        self._direct: dict[str, str] = {}
        self._boards: dict[str, str] = {}

    async def me(self) -> str:
        """The bot's own id on the server."""
        if self._me is None:
            self._me = await self.client.me()
        return self._me.id

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
        shown = self.rendered(message)
        async with self.locks.hold(f"patch:{where.message}"):
            await self.client.patch_post(where.message, shown.text, _props(shown.attachments))

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
        if await self._find(where, mark) is not None:
            return
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
            known = self._boards.get(user) or await self._find_board(channel)
            if known and await self._patch_board(known, shown):
                self._boards[user] = known
                return
            made = await self._put(await self._new(channel, shown, "", {BOARD: "1"}))
            await self.client.pin_post(made.message)
            self._boards[user] = made.message

    async def find_mark(self, channel: str, user: str, mark: str, thread: str = "") -> Located | None:
        where = await get_channel_id(self.client, channel) if channel else await self.direct_channel(user)
        found = await self._find(where, mark)
        return Located(where, found) if found else None

    async def emojis(self, where: Located) -> list[tuple[str, str]] | None:
        found = await self.client.list_reactions(where.message)
        if found is None:
            return None
        bots = await self.people.list_bots({one.user for one in found}) | {await self.me()}
        return [(one.user, one.emoji) for one in found if one.user not in bots]

    async def create(self, channel: str, shown: Rendered, *, mark: str) -> Located:
        """Post a message. With a mark, a second try soon after the first gives the same message."""
        return await self._put(await self._new(channel, shown, mark))

    async def _new(self, channel: str, shown: Rendered, mark: str, extra: dict[str, str] | None = None) -> NewPost:
        props = _props(shown.attachments) | ({MARK: mark} if mark else {}) | (extra or {})
        return NewPost(channel, shown.text, props, pending=f"{await self.me()}:{mark}" if mark else "")

    async def _put(self, made: NewPost) -> Located:
        try:
            return Located(made.channel, await self.client.create_post(made))
        except ServerRefused as error:
            if made.root and error.error == NO_ROOT:
                raise ThreadGone(error.reason) from error
            raise

    async def is_own(self, post: str) -> bool:
        """Whether the bot wrote this message: only the server says who did."""
        found = await self.client.find_post(post)
        return found is not None and found.author == await self.me()

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

    async def _find(self, channel: str, mark: str) -> str | None:
        me = await self.me()
        for page in range(PAGES_LOOKED_THROUGH):
            posts = await self.client.list_posts(channel, page)
            for post in posts:
                if post.author == me and post.props.get(MARK) == mark:
                    return post.id
            if not posts:
                break
        return None

    async def _find_board(self, channel: str) -> str | None:
        me = await self.me()
        pinned = await self.client.list_pinned(channel)
        return next((post.id for post in pinned if post.author == me and BOARD in post.props), None)

    async def _patch_board(self, post: str, shown: Rendered) -> bool:
        """Whether the board was there to be changed."""
        props = _props(shown.attachments) | {BOARD: "1"}
        try:
            await self.client.patch_post(post, shown.text, props)
        except ServerRefused as error:
            if error.status in (403, 404):
                log.info("board_was_deleted", post=post)
                return False
            raise
        return True


def _props(attachments: list[dict[str, Any]]) -> dict[str, Any]:
    """All of a post's properties: what is not repeated in a change is lost."""
    return {"from_bot": "true"} | ({"attachments": attachments} if attachments else {})
