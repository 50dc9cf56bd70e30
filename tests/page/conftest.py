"""One Chromium and one workspace for all tests of the page: pages are opened once and used again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from bot.clock import MovableClock
from bot.platforms.local.platform import LocalPlatform
from tests.conftest import START, make_storage
from tests.page.chat import FLAGS, Chat, find_chromium
from tests.promises.local import LocalDriver, local_world

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 780}

expect.set_options(timeout=15_000)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = find_chromium()
    if program is None:
        pytest.skip("Chromium is not installed here")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield running
        await running.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Windows]:
    folder = tmp_path_factory.mktemp("page")
    storage = await make_storage(f"sqlite+aiosqlite:///{folder / 'page.db'}")
    async with local_world(storage, MovableClock(START)) as driver:
        opened = Windows(browser, driver)
        yield opened
        await opened.close()
    await storage.dispose()


@pytest_asyncio.fixture(loop_scope="session")
async def windows(shared: Windows) -> AsyncIterator[Windows]:
    """Pages of the test group's workspace; afterwards none of them may have complained in its console."""
    shared.begin_test()
    yield shared
    assert await shared.end_test() == []


class Windows:
    """Opens pages, each with a memory of its own, as if on a machine of its own.

    Args:
        browser: the running Chromium.
        world: the workspace, in which other people can act over HTTP.
    """

    def __init__(self, browser: Browser, world: LocalDriver) -> None:
        self._browser = browser
        self.world = world
        self._free: dict[tuple[bool, bool], list[Chat]] = {}
        self._used: list[tuple[tuple[bool, bool], Chat]] = []

    async def open(
        self, person: str = "anna", channel: str = "koordinationsgruppe", *, phone: bool = False, dark: bool = False
    ) -> Chat:
        """A page where this person is in this channel, perhaps one that an earlier test has used."""
        chat = await self.closed(phone=phone, dark=dark)
        await chat.open(person, channel)
        return chat

    async def closed(self, *, phone: bool = False, dark: bool = False) -> Chat:
        """A page that may not be at the workspace yet."""
        kind = (phone, dark)
        free = self._free.setdefault(kind, [])
        chat = free.pop(0) if free else await self._new(phone=phone, dark=dark)
        self._used.append((kind, chat))
        return chat

    async def _new(self, *, phone: bool, dark: bool) -> Chat:
        context = await self._browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type] # a plain dict is what it takes
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="da-DK",
        )
        context.set_default_timeout(
            15_000
        )  # how long a busy machine is waited for; what is fast is measured in tests/bench
        return await Chat.begin(context, str(self.world.client.make_url("/")))

    def begin_test(self) -> None:
        self._used = []

    async def end_test(self) -> list[str]:
        """What the pages complained of. A page that is left with something open is not used again."""
        complaints: list[str] = []
        local = self.world.runtime.platforms.find("local")
        assert isinstance(local, LocalPlatform)
        local.forms.clear()
        for kind, chat in self._used:
            complaints += chat.complaints
            chat.complaints.clear()
            if await chat.page.locator("dialog, .pop").count() or "as=" not in chat.page.url:
                await chat.page.context.close()
            else:
                self._free[kind].append(chat)
        return complaints

    async def close(self) -> None:
        for chats in self._free.values():
            for chat in chats:
                await chat.page.context.close()
