"""A whole poll as a random story: clicks that come late, twice and in any order, words, readings, and restarts of the
bot; at the end every municipality's vote is what its people last wanted, and the recount agrees."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import pathlib
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.clock import MovableClock
from bot.verifying import read_tables
from handlers.audit.agreement import compare
from handlers.chat.messages import NUMBERED
from handlers.decisions.chain import first_break
from handlers.results.public_log import Public
from handlers.results.recount import recount
from handlers.results.replay import replay
from storage.queries import exchange
from tests.conftest import START, make_storage
from tests.polls.rooms import PollRoom
from tests.ready import make_ready
from tests.results.making import check

UNITS = {"anna": "Favrskov", "dan": "Favrskov", "bo": "Tønder", "carla": "Bornholm"}
PEOPLE = st.sampled_from(list(UNITS))
EMOJIS = st.sampled_from(NUMBERED[:5])
LATE = NUMBERED[4]
"""The emoji of a wish that comes to the poll while it is open."""


@dataclass(frozen=True)
class Click:
    user: str
    emoji: str
    on: bool
    at: dt.datetime
    mark: str


@dataclass
class Voter:
    """What a person has said: `emojis` in the chat, `words` where an answer in words stands, and when it changed."""

    emojis: frozenset[str] = frozenset()
    words: frozenset[str] | None = None
    at: dt.datetime = START

    @property
    def ballot(self) -> frozenset[str]:
        if self.words is not None:
            return self.words
        return frozenset(str(NUMBERED.index(emoji) + 1) for emoji in self.emojis)


class PollStory(RuleBasedStateMachine):
    """The chat's own truth beside the bot."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.clock = MovableClock(START)
        self.voters = {user: Voter() for user in UNITS}
        self.pending: list[Click] = []
        self.past: list[Click] = []
        self.is_added = False
        self.run(self._begin())

    async def _begin(self) -> None:
        storage = await make_storage(f"sqlite:///{pathlib.Path(self.folder.name) / 'story.db'}")
        self.room = PollRoom(storage, self.clock)
        await self.room.begin()
        await self.room.open(4)
        await make_ready(storage, "Et sent ønske")

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self.runner.run(work)

    def tick(self) -> dt.datetime:
        self.clock.move_to(self.clock.now() + dt.timedelta(seconds=1))
        return self.clock.now()

    def deliver(self, click: Click) -> None:
        """It is stored and acknowledged; what it means is worked out later, at the latest by the next deed."""
        self.run(self.room.react(click.user, click.emoji, on=click.on, mark=click.mark, at=click.at, counted=False))

    def flush(self, user: str, emoji: str = "") -> None:
        """The chat keeps the order of what one person does to one emoji, and words wait for clicks before them."""
        for click in [one for one in self.pending if one.user == user and emoji in ("", one.emoji)]:
            self.pending.remove(click)
            self.deliver(click)

    @rule(user=PEOPLE, emoji=EMOJIS)
    def click(self, user: str, emoji: str) -> None:
        if emoji == LATE and not self.is_added:
            return
        self.flush(user, emoji)
        at, voter = self.tick(), self.voters[user]
        on = emoji not in voter.emojis
        emojis = voter.emojis ^ {emoji}
        words = voter.words if not on else None
        self.voters[user] = Voter(emojis, words, voter.at if words is not None else at)
        click = Click(user, emoji, on, at, at.isoformat())
        self.pending.append(click)
        self.past.append(click)
        if voter.words is not None:
            self.flush(user)

    @rule(data=st.data())
    def tidy_up(self, data: st.DataObject) -> None:
        """Somebody takes an emoji off, perhaps after an answer in words."""
        there = [(user, emoji) for user, voter in self.voters.items() for emoji in sorted(voter.emojis)]
        in_words = [one for one in there if self.voters[one[0]].words is not None]
        if there:
            self.click(*data.draw(st.sampled_from(in_words or there)))

    @rule(user=PEOPLE, numbers=st.sets(st.integers(1, 4)))
    def answer_in_words(self, user: str, numbers: set[int]) -> None:
        self.flush(user)
        at = self.tick()
        words = frozenset(str(number) for number in numbers)
        self.voters[user] = Voter(self.voters[user].emojis, words, at)
        self.run(self._say(user, f"stem 1 {','.join(sorted(words)) or 'blank'}"))

    @rule(user=PEOPLE, emoji=EMOJIS, numbers=st.sets(st.integers(1, 4), min_size=1))
    def answer_in_words_and_tidy_up(self, user: str, emoji: str, numbers: set[int]) -> None:
        """Somebody clicks, answers in words instead, and takes the emoji off again: the words stand."""
        if emoji == LATE and not self.is_added:
            return
        if emoji not in self.voters[user].emojis:
            self.click(user, emoji)
        self.answer_in_words(user, numbers)
        self.click(user, emoji)
        self.everything_arrives()

    async def _say(self, user: str, text: str) -> None:
        assert (await self.room.say(user, text)).whispers

    @rule()
    def a_wish_comes_late(self) -> None:
        """A new version of the poll: what was answered stands, and there is one emoji more."""
        if not self.is_added:
            self.tick()
            self.run(self._say("anna", "tilføj 1 5"))
            self.is_added = True

    @rule(data=st.data())
    def something_arrives(self, data: st.DataObject) -> None:
        if self.pending:
            self.deliver(self.pending.pop(data.draw(st.integers(0, len(self.pending) - 1))))

    @rule(data=st.data())
    def something_arrives_again(self, data: st.DataObject) -> None:
        arrived = [one for one in self.past if one not in self.pending]
        if arrived:
            self.deliver(data.draw(st.sampled_from(arrived)))

    @rule()
    def the_bot_counts(self) -> None:
        self.run(self.room.runtime.app.counting.count_all())

    @rule()
    def the_bot_starts_again(self) -> None:
        self.room.start()

    @rule()
    def the_chat_is_read(self) -> None:
        """Everything has arrived, and the list says the same."""
        self.everything_arrives()
        self.run(self.room.read(*[(user, emoji) for user, voter in self.voters.items() for emoji in voter.emojis]))
        self.run(self._check_votes())

    @rule()
    def everything_arrives(self) -> None:
        """When no click is on its way, what counts is what people want."""
        for user in UNITS:
            self.flush(user)
        self.run(self._check_votes())

    async def _check_votes(self) -> None:
        await self.room.runtime.app.counting.count_all()
        assert await self.room.votes() == self.wanted()

    @invariant()
    def nobody_counts_twice(self) -> None:
        if hasattr(self, "room"):
            self.run(self._check_units())

    async def _check_units(self) -> None:
        assert set(await self.room.votes()) <= set(UNITS.values())

    def teardown(self) -> None:
        if not hasattr(self, "runner"):
            return
        try:
            self.everything_arrives()
            self.run(self._check_end())
        finally:
            self.run(self.room.storage.dispose())
            self.runner.close()
            self.folder.cleanup()

    async def _check_end(self) -> None:
        async with self.room.storage.read() as session:
            rows = await exchange.list_emojis(session, [self.room.key()])
        there = {(row.person_id.removeprefix("person-"), row.emoji) for row in rows if row.on}
        assert there == {(user, emoji) for user, voter in self.voters.items() for emoji in voter.emojis}
        await self.room.close()
        entries = await self.room.entries()
        assert first_break(entries) is None
        assert [one.matches for one in recount(entries)] == [True]
        async with self.room.storage.read() as session:
            tables = await read_tables(session, self.room.group_id, entries)
        assert compare(replay(entries), tables) == []
        good, lines = check(json.loads(Public("os2test", "OS2test", START, entries, ()).to_json()))
        assert good, lines

    def wanted(self) -> dict[str, set[str]]:
        """By hand: of each municipality's people, what the one with a ballot who changed it last wants."""
        found: dict[str, tuple[dt.datetime, set[str]]] = {}
        for user, voter in self.voters.items():
            unit = UNITS[user]
            if voter.ballot and (unit not in found or voter.at > found[unit][0]):
                found[unit] = (voter.at, set(voter.ballot))
        return {unit: ballot for unit, (_, ballot) in found.items()}


TestPollStory = PollStory.TestCase
TestPollStory.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
