"""Writes the bot's messages into Slack, each in its turn, and reads back the emojis on them."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import structlog

from bot.ids import new_id
from bot.pictures import pictures_of
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.directory import Directory
from bot.platforms.slack.posts import Posts, Progress
from bot.platforms.slack.receive import is_direct, link_to
from bot.platforms.slack.render import Rendered, to_home, to_message, to_messages
from bot.platforms.slack.text import clean, escape_within
from bot.platforms.slack.twins import Twins
from bot.port import File, Located, Own, PlatformError, ThreadGone
from bot.seals import SEALED_ANEW
from handlers.chat.messages import Actions, Chart, Link, Message, Text
from locales import translate
from storage.enums import Trouble

SEED_PATIENCE = 5.0
"""Seconds that each emoji waits for its turn: ten of them stay within the time that delivery holds a row."""

GONE_PATIENCE = 5.0
"""Seconds that a direct message waits to hear whether its account is still there."""

_NOT_HERE = {"channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived"}
_UNREADABLE = {"channel_not_found", "message_not_found", "not_in_channel", "no_permission"}

T = TypeVar("T")

log = structlog.get_logger()


class SlackSender:
    """The sending half of the platform: `bot.port.Platform`, whose docstrings hold.

    Args:
        calls: calls Slack.
        directory: who is a bot.
        own: which messages the bot remembers.

    `workspace` and `address`, where it is shown, are known after the start.
    """

    def __init__(self, calls: Calls, directory: Directory, own: Own) -> None:
        self._calls = calls
        self._directory = directory
        self.workspace = self.address = ""
        self._me = ""
        self._draws = True
        self._boards: dict[str, tuple[Message, float]] = {}
        self._progress = Progress()
        self._posts = Posts(calls, self._progress)
        self.twins = Twins(calls, own, self._progress, self._send_on)

    async def post(self, channel: str, message: Message, *, mark: str, thread: str = "") -> Located:
        there = await self._directory.get_channel_id(channel)
        return await self._post(there, message, mark, thread)

    async def direct(self, user: str, message: Message, *, mark: str) -> Located:
        """Slack takes a message to a deactivated account without a word, and nobody ever reads it."""
        known = await self._directory.find_person(user, GONE_PATIENCE, fresh=True)
        if known is not None and known.gone:
            raise PlatformError("account_deactivated", Trouble.PERSON, permanent=True)
        return await self._post(user, message, mark, "")

    async def update(self, where: Located, message: Message) -> None:
        async def update(charts: bool) -> None:
            one = to_message(message, charts=charts)
            await self._calls.call(
                "chat.update", channel=where.channel, ts=where.message, text=one.text, blocks=one.blocks
            )

        await self._show(message, update)

    async def whisper(self, channel: str, user: str, message: Message, *, mark: str) -> None:
        await self.say_privately(channel, user, message, mark=mark)

    async def say_privately(self, channel: str, user: str, message: Message, *, mark: str, thread: str = "") -> None:
        """Tell one person where they are, or in their conversation with the bot where that can't be.

        Raises:
            PlatformError: neither can be.
        """
        await self.say_parts(channel, user, to_messages(message), mark=mark, thread=thread)

    async def say_parts(
        self, channel: str, user: str, parts: Sequence[Rendered], *, mark: str, thread: str = ""
    ) -> None:
        """What is left of such a message; as `say_privately`."""
        if not channel or is_direct(channel):
            await self._posts.post(user, parts, mark, "")
            return
        try:
            for number, part in self._progress.left(mark, parts):
                more: dict[str, Any] = {"thread_ts": thread} if thread else {}
                await self._calls.call(
                    "chat.postEphemeral", channel=channel, user=user, text=part.text, blocks=part.blocks, **more
                )
                self._progress.note(mark, number + 1)
        except PlatformError as error:
            if error.reason not in _NOT_HERE:
                raise
            await self._posts.post(user, parts, f"{mark}/direct", "")

    async def seed(self, where: Located, emojis: tuple[str, ...]) -> None:
        mark = f"seed:{where.channel}:{where.message}"
        for number, emoji in self._progress.left(mark, emojis):
            try:
                await self._calls.call(
                    "reactions.add", channel=where.channel, timestamp=where.message, name=emoji, patience=SEED_PATIENCE
                )
            except PlatformError as error:
                if error.reason != "already_reacted":
                    raise
            self._progress.note(mark, number + 1)

    async def attach(self, channel: str, user: str, file: File, *, mark: str, thread: str = "") -> None:
        comment = escape_within(clean(file.description), 3_000)
        await self._share(await self._place(channel, user), file, mark, thread, comment)

    async def board(self, user: str, message: Message) -> None:
        """Publish the page, unless Slack shows just this already, with buttons that are not old yet."""
        bare, (shown, since) = _unsealed(message), self._boards.get(user, (None, 0.0))
        if shown != bare or self._calls.now() - since >= SEALED_ANEW.total_seconds():
            await self._calls.call("views.publish", user_id=user, view=to_home(message))
            self._boards[user] = bare, self._calls.now()

    async def find_mark(self, channel: str, user: str, mark: str, thread: str = "") -> Located | None:
        return await self._posts.find(await self._place(channel, user), mark, thread)

    async def emojis(self, where: Located) -> dict[tuple[str, str], None] | None:
        reactions = await self._read_reactions(where)
        if reactions is None:
            return None
        users = dict.fromkeys(user for one in reactions for user in one["users"] if user != self._me)
        bots = {user for user in users if await self._is_bot(user)}
        return {
            (user, str(one["name"])): None
            for one in reactions
            for user in one["users"]
            if user in users and user not in bots
        }

    async def _read_reactions(self, where: Located) -> Sequence[Mapping[str, Any]] | None:
        """All reactions with all their people. A list that is not whole is read once more, and then not believed."""
        for _ in range(2):
            try:
                told = await self._calls.call(
                    "reactions.get", channel=where.channel, timestamp=where.message, full=True, patience=90.0
                )
            except PlatformError as error:
                if error.reason in _UNREADABLE:
                    return None
                raise
            reactions: list[dict[str, Any]] = (told.get("message") or {}).get("reactions") or []
            if all(len(one["users"]) >= one.get("count", 0) for one in reactions):
                return reactions
        log.warning("slack_reactions_not_whole", channel=where.channel, message=where.message)
        return None

    async def _is_bot(self, user: str) -> bool:
        known = await self._directory.find_person(user, 30.0)
        if known is None:
            raise PlatformError("person_unknown")
        return known.bot

    async def _post(self, channel: str, message: Message, mark: str, thread: str) -> Located:
        def post(charts: bool) -> Awaitable[Located]:
            return self._posts.post(channel, to_messages(message, charts=charts, in_thread=True), mark, thread)

        there = await self._show(message, post)
        await self.twins.posted(mark)
        if not self._draws:
            await self._post_pictures(there.channel, message, mark, thread or there.message)
        return there

    async def _post_pictures(self, channel: str, message: Message, mark: str, thread: str) -> None:
        """The message's charts as pictures in its thread: best effort, since the message says all of it in words."""
        for number, picture in enumerate(await pictures_of(message)):
            try:
                await self._share(channel, picture, f"{mark}/picture/{number}", thread)
            except PlatformError as error:
                log.warning("slack_picture_lost", reason=error.reason)

    async def _show(self, message: Message, do: Callable[[bool], Awaitable[T]]) -> T:
        """Show the message with its charts, or without them where this Slack doesn't take them yet: what it refuses
        without them as well was refused for something else."""
        if not self._draws or not any(isinstance(block, Chart) for block in message.blocks):
            return await do(False)
        try:
            return await do(True)
        except PlatformError as error:
            if error.reason != "invalid_blocks":
                raise
        shown = await do(False)
        log.warning("slack_charts_refused")
        self._draws = False
        return shown

    async def _share(self, channel: str, file: File, mark: str, thread: str, comment: str = "") -> None:
        if thread:
            await self._must_stand(Located(channel, thread))
        upload = await self._progress.once(f"{mark}/up", lambda: self._upload(file))
        more: dict[str, Any] = {"thread_ts": thread} if thread else {}
        await self._calls.call(
            "files.completeUploadExternal",
            files=[{"id": upload, "title": file.name}],
            channel_id=channel,
            initial_comment=comment or None,
            **more,
        )

    async def _must_stand(self, where: Located) -> None:
        """Slack does not say where a shared file came to stand: so it is asked before whether the message is there.

        Raises:
            ThreadGone: it has been deleted.
        """
        try:
            await self._calls.call("reactions.get", channel=where.channel, timestamp=where.message)
        except PlatformError as error:
            if error.reason == "message_not_found":
                raise ThreadGone(error.reason) from error
            raise

    async def _upload(self, file: File) -> str:
        told = await self._calls.call(
            "files.getUploadURLExternal",
            filename=file.name,
            length=len(file.content),
            alt_txt=clean(file.description)[:1000] or None,
        )
        await self._calls.upload(str(told["upload_url"]), file.content)
        return str(told["file_id"])

    async def _send_on(self, user: str, to: Located) -> None:
        """Whoever clicked on a message that stood twice, and is removed, hears where the other one is."""
        link = Link(translate("slack.stood_twice_link"), link_to(self.address, to.channel, to.message))
        shown = Message((Text(translate("slack.stood_twice")), link))
        try:
            if user != self._me:
                await self.say_privately(to.channel, user, shown, mark=new_id())
        except PlatformError as error:
            log.warning("slack_whisper_lost", reason=error.reason)

    async def _place(self, channel: str, user: str) -> str:
        """The id of a channel, or of the person's conversation with the bot where no channel is meant."""
        if channel:
            return await self._directory.get_channel_id(channel)
        told = await self._calls.call("conversations.open", users=user)
        return str(told["channel"]["id"])


def _unsealed(shown: Message) -> Message:
    """The message without what differs at every sealing."""
    blocks = tuple(
        Actions(tuple(dataclasses.replace(item, token="") for item in block.items))
        if isinstance(block, Actions)
        else block
        for block in shown.blocks
    )
    return Message(blocks)
