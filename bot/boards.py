"""Keeps the boards that people have asked for true: when something changes in their group, they are drawn anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.app import App
from bot.outbox import Outbox
from bot.port import Platforms
from bot.seals import SEALED_ANEW
from handlers.chat.interactions import OpenBoard
from handlers.chat.messages import Message
from handlers.chat.replies import Board
from storage.models.members import Group
from storage.queries import members

DELAY = 3.0
"""Seconds from a change to the boards that show it; what changes meanwhile is shown with it."""

REST = 9.0
"""After drawing, so many times as long as it took: boards take a tenth of the program's time at most."""

ANYWAY = 60.0
"""Seconds after which they are looked at without a change heard of: another process may have made one."""

log = structlog.get_logger()


@dataclass
class _Page:
    """A board that somebody looks at until `until`. `group_id` is whose it is, 0 where that is not known yet;
    `shown_at` is when it was published last."""

    asked: OpenBoard
    until: float
    group_id: int = 0
    shown: Message | None = None
    shown_at: float = 0.0
    stale: bool = False


class Boards:
    """The boards that are looked at.

    Args:
        app: draws them.
        platforms: say how long a board is looked at.
        wake: called when a board is to be sent.
        now: seconds on a clock that only goes forward.
        sleep: waits so many seconds.

    `drawing` is held while boards are drawn.
    """

    def __init__(
        self,
        app: App,
        platforms: Platforms,
        wake: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._app = app
        self._platforms = platforms
        self._wake = wake
        self._now = now
        self._sleep = sleep
        self._pages: dict[tuple[str, str, str], _Page] = {}
        self._changed = asyncio.Event()
        self.drawing = asyncio.Lock()

    def asked(self, page: OpenBoard) -> None:
        """Somebody was shown their board, and looks at it from now on."""
        sender = page.sender
        platform = self._platforms.find(sender.platform)
        if platform is not None:
            until = self._now() + platform.traits.board_seconds
            self._pages[sender.platform, sender.workspace, sender.user] = _Page(page, until)

    def stir(self, group_id: int) -> None:
        """Something changed in this group."""
        for page in self._pages.values():
            if page.group_id in (0, group_id):
                page.stale = True
                self._changed.set()

    async def run(self) -> None:
        """Draw for ever what has changed: never at once, and never for long."""
        while True:
            await self._wait()
            began = self._now()
            await self.renew()
            await self._sleep((self._now() - began) * REST)

    async def renew(self) -> None:
        """Draw now what has changed since it was drawn last, and send what looks otherwise."""
        async with self.drawing:
            self._changed.clear()
            for key, page in list(self._pages.items()):
                if page.until < self._now():
                    self._pages.pop(key, None)
                elif page.stale:
                    page.stale = False
                    await self._renew_one(page)

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._changed.wait(), ANYWAY)
        except TimeoutError:
            for page in self._pages.values():
                page.stale = True
        else:
            await self._sleep(DELAY)

    async def _renew_one(self, page: _Page) -> None:
        try:
            group, board = await self._app.draw_board(page.asked)
            if board.message != page.shown or self._now() - page.shown_at >= SEALED_ANEW.total_seconds():
                await self._promise(group, board)
                page.shown, page.shown_at = board.message, self._now()
        except Exception:
            log.exception("board_not_drawn")
            return
        page.group_id = group.id if group else 0

    async def _promise(self, group: Group | None, board: Board) -> None:
        app = self._app
        async with app.storage.write() as session:
            person = await members.get_person(session, board.person)
            outbox = Outbox(session, group=group, person=person, now=app.clock.now(), new_id=app.new_id)
            await outbox.put(board)
        self._wake()
