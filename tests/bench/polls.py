"""How fast votes are counted: equal shares as large as all Danish municipalities, and a vote among many stored ones."""

from __future__ import annotations

import itertools
import pathlib
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from fractions import Fraction

from sqlalchemy import insert

from bot.clock import MovableClock
from handlers.ballots.budget import Candidate
from handlers.ballots.equal_shares import Election, completed, equal_shares, product_unit
from storage.enums import BallotWay
from storage.models.ballots import Ballot
from storage.models.exchange import Emoji
from storage.models.log import LogEntry
from tests.bench.report import Aim, Report, median
from tests.conftest import START, make_storage
from tests.polls.rooms import PollRoom

MUNICIPALITIES = 98
STORED = (1_000, 100_000)
ROUNDS = 300


def an_election(count: int, points: str) -> Election:
    """So many wishes of 5,000 to 120,000 kr., and money for half of them; `points`: dense, approval or sparse."""
    chance = random.Random(1)
    costs = [chance.randrange(5_000, 120_000) * 100 for _ in range(count)]

    def score() -> int:
        if points == "dense":
            return chance.randrange(6)
        return int(chance.random() < 0.3) if points == "approval" else int(chance.random() < 0.1) * chance.randrange(6)

    scores = {
        voter: {str(wish): Fraction(given) for wish in range(count) if (given := score())}
        for voter in range(MUNICIPALITIES)
    }
    return Election(sum(costs) // 2, [Candidate(str(wish), cost) for wish, cost in enumerate(costs)], scores)


async def run(report: Report) -> None:
    report.heading("Equal shares, 98 municipalities: seconds against the aim")
    for points in ("dense", "approval", "sparse"):
        large, small = an_election(200, points), an_election(50, points)
        report.ratio(f"200 wishes, {points}", _seconds(equal_shares, large), 0.5, "s", aim=Aim(at_most=1))
        unit = product_unit(small.frame, MUNICIPALITIES)
        report.ratio(f"50, completed, {points}", _seconds(completed, small, unit), 2.0, "s", aim=Aim(at_most=1))
    report.heading("A vote, and a result, among 100,000 stored votes against among 1,000")
    with tempfile.TemporaryDirectory() as folder:
        rooms = [await _room(pathlib.Path(folder) / f"{stored}.db", stored) for stored in STORED]
        await _compare(report, "cast by emoji", [_clicks(room) for room in rooms])
        await _compare(report, "cast in words", [_answers(room) for room in rooms])
        await _compare(report, "show as it stands", [_says(room, "status 1") for room in rooms])
        for room in rooms:
            await room.close()
        await _compare(report, "show the result", [_says(room, "resultat 1") for room in rooms])
        for room in rooms:
            await room.storage.dispose()


def _seconds(work: Callable[..., object], *given: object) -> float:
    """Seconds of this process's own time, so that a busy machine does not matter."""
    began = time.process_time()
    work(*given)
    return time.process_time() - began


async def _room(path: pathlib.Path, stored: int) -> PollRoom:
    """An open poll in a database with so many ballots of earlier ones."""
    room = PollRoom(await make_storage(f"sqlite:///{path}"), MovableClock(START))
    await room.begin()
    await room.open(10)
    await _store(room, stored)
    return room


Work = Callable[[], Awaitable[object]]


def _says(room: PollRoom, text: str) -> Work:
    return lambda: room.say("bo", text)


def _answers(room: PollRoom) -> Work:
    """Another answer in words each time."""
    numbers = itertools.cycle(range(1, 11))
    return lambda: room.say("carla", f"stem 1 {next(numbers)}")


def _clicks(room: PollRoom) -> Work:
    numbers = itertools.count()

    async def click() -> None:
        number = next(numbers)
        await room.react("bo", "one", on=number % 2 == 0, mark=f"{number:06d}")

    return click


async def _compare(report: Report, what: str, work: list[Work]) -> None:
    """Median milliseconds among few and among many, done in turn so that a busy moment meets both."""
    times: list[list[float]] = [[] for _ in work]
    for number in range(ROUNDS):
        for place in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            await work[place]()
            times[place].append((time.perf_counter() - began) * 1000)
    few, many = (median(measured) for measured in times)
    report.ratio(what, many, few, "ms", aim=Aim(at_most=1.2))


async def _store(room: PollRoom, count: int) -> None:
    """Ballots of earlier polls, the emojis that said them, and their entries in the log."""
    async with room.storage.write() as session:
        unit = next(iter((await room.state()).box.units))
        last = len(await room.entries())
        rows = [
            {
                "group_id": room.group_id,
                "subject": f"poll:{100 + number // 100}",
                "person_id": f"p{number}",
                "unit_id": unit,
                "entered_by": "",
                "way": BallotWay.EMOJI,
                "marks": {"1": 1},
                "changed_at": START,
                "turn": number,
            }
            for number in range(count)
        ]
        entries = [
            {
                "group_id": room.group_id,
                "number": last + 1 + number,
                "at": START,
                "kind": "ballot.cast",
                "subject": f"poll:{100 + number // 100}",
                "person": f"p{number}",
                "decision": False,
                "facts": {"marks": {"1": 1}},
                "before": "",
                "hash": f"{number:064x}",
            }
            for number in range(count)
        ]
        emojis = [
            {
                "key": f"{room.group_id}:poll:{100 + number // 100}/1",
                "person_id": f"p{number}",
                "emoji": "one",
                "on": True,
                "mark": "",
                "changed_at": START,
            }
            for number in range(count)
        ]
        await session.execute(insert(Ballot), rows)
        await session.execute(insert(Emoji), emojis)
        await session.execute(insert(LogEntry), entries)
    async with room.storage.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # loading is over; votes don't pay for it
