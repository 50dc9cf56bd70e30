"""Boards: whoever looks at theirs sees what changed in their group, once, and nobody else is troubled."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator

import pytest

from bot import boards
from bot.clock import MovableClock
from bot.port import PlatformError
from bot.runtime import Runtime
from handlers.chat.interactions import OpenBoard, Place, Sender
from handlers.chat.messages import Message, plain_text
from storage.queries import members, outbox
from storage.session import Storage
from tests.conftest import make_runtime
from tests.groups import make_group
from tests.roof.twin import TwinPlatform


class Screens(TwinPlatform):
    """A chat that keeps what is published for each person."""

    def __init__(self) -> None:
        super().__init__()
        self.published: list[tuple[str, str]] = []

    async def board(self, user: str, message: Message) -> None:
        await super().board(user, message)
        self.published.append((user, plain_text(message)))


class Office:
    """A bot with a group, one of whose members looks at their board."""

    def __init__(self, runtime: Runtime, screens: Screens, group_id: int) -> None:
        self.runtime = runtime
        self.screens = screens
        self.group_id = group_id
        self.seconds = 0.0
        self.slept: list[float] = []
        runtime.boards = boards.Boards(runtime.app, runtime.platforms, lambda: None, lambda: self.seconds, self._sleep)
        runtime.app.on_board, runtime.storage.on_change = runtime.boards.asked, runtime.boards.stir

    async def open(self, person: str) -> None:
        sender = Sender("twin", "w", person, "", "da")
        await self.runtime.app.answer(OpenBoard(sender=sender, place=Place(f"dm-{person}", direct=True)))
        await self.runtime.settle()

    async def rename(self, product: str) -> None:
        async with self.runtime.storage.write() as session:
            (await members.lock_group(session, self.group_id)).product = product

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


@pytest.fixture
async def office(storage: Storage, clock: MovableClock) -> AsyncIterator[Office]:
    group_id = await make_group(storage, platform="twin", workspace="w", channel="c1")
    runtime, screens = make_runtime(storage, clock), Screens()
    runtime.platforms.add(screens)
    yield Office(runtime, screens, group_id)


async def test_a_change_is_shown_to_who_looks_and_only_once(office: Office) -> None:
    await office.open("bo")
    await office.rename("Nyt navn")
    await office.runtime.settle()
    await office.runtime.settle()
    assert [user for user, _ in office.screens.published] == ["bo", "bo"]
    assert "Nyt navn" in office.screens.published[-1][1]
    assert "Nyt navn" not in office.screens.published[0][1]


async def test_a_change_that_a_board_does_not_show_publishes_nothing(office: Office) -> None:
    await office.open("bo")
    await office.rename("Nyt navn")
    await office.runtime.settle()
    await office.rename("Nyt navn")
    await office.runtime.settle()
    assert len(office.screens.published) == 2


async def test_a_board_that_looks_the_same_for_a_month_is_sealed_anew(office: Office) -> None:
    office.screens.traits = dataclasses.replace(office.screens.traits, board_seconds=1e9)
    await office.open("bo")
    await office.rename("Nyt navn")
    await office.runtime.settle()
    published = len(office.screens.published)
    for days, more in ((29, 0), (2, 1), (1, 1)):
        office.seconds += days * 86_400
        office.runtime.boards.stir(office.group_id)
        await office.runtime.settle()
        assert len(office.screens.published) == published + more


async def test_many_changes_are_one_board(office: Office) -> None:
    await office.open("bo")
    for number in range(20):
        await office.rename(f"Navn {number}")
    await office.runtime.settle()
    assert len(office.screens.published) == 2
    assert "Navn 19" in office.screens.published[-1][1]


async def test_a_board_that_waits_takes_the_newest_look(office: Office) -> None:
    await office.open("bo")
    office.screens.failures = [PlatformError("down")]
    for name in ("Første", "Andet", "Tredje"):
        await office.rename(name)
        await office.runtime.settle()
    async with office.runtime.storage.read() as session:
        waiting = await outbox.find_waiting_in(session, "twin/w/board:person-bo")
    assert waiting is not None
    assert "Tredje" in str(waiting.body)
    assert len(office.screens.published) == 1


async def test_another_group_and_who_looks_no_more_are_left_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.open("bo")
    await office.rename("Nyt navn")
    await office.runtime.settle()
    drawn = []

    async def draw(page: OpenBoard) -> None:
        drawn.append(page.sender.user)

    monkeypatch.setattr(office.runtime.app, "draw_board", draw)
    office.runtime.boards.stir(office.group_id + 1)
    await office.runtime.boards.renew()
    office.seconds += office.screens.traits.board_seconds + 1
    office.runtime.boards.stir(office.group_id)
    await office.runtime.boards.renew()
    assert drawn == []


async def test_what_can_not_be_drawn_is_tried_at_the_next_change(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.open("bo")
    draw = office.runtime.app.draw_board

    async def fail(page: OpenBoard) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(office.runtime.app, "draw_board", fail)
    await office.rename("Nyt navn")
    await office.runtime.settle()
    monkeypatch.setattr(office.runtime.app, "draw_board", draw)
    await office.rename("Nyere navn")
    await office.runtime.settle()
    assert "Nyere navn" in office.screens.published[-1][1]


async def test_boards_wait_a_moment_and_rest_after_drawing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.open("bo")
    renewed = asyncio.Event()
    renew = office.runtime.boards.renew

    async def slow() -> None:
        office.seconds += 2
        await renew()
        renewed.set()

    monkeypatch.setattr(office.runtime.boards, "renew", slow)
    task = asyncio.create_task(office.runtime.boards.run())
    await office.rename("Nyt navn")
    await asyncio.wait_for(renewed.wait(), 10)
    await asyncio.sleep(0.01)
    task.cancel()
    assert office.slept == [boards.DELAY, 2 * boards.REST]


async def test_what_another_process_changed_is_shown_soon(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.open("bo")
    monkeypatch.setattr(boards, "ANYWAY", 0.05)
    office.runtime.storage.on_change = lambda group_id: None
    await office.rename("Nyt navn")
    promised = asyncio.Event()
    office.runtime.boards._wake = promised.set
    task = asyncio.create_task(office.runtime.boards.run())
    await asyncio.wait_for(promised.wait(), 10)
    task.cancel()
    await office.runtime.delivery.drain()
    assert "Nyt navn" in office.screens.published[-1][1]
