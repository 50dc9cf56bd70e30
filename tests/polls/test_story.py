"""A whole poll as a random story, by every method and visibility: clicks that come late, twice and in any order, words,
forms and letters, wishes that leave, return and come late, people who are confirmed or stand in, more time, and a bot
that starts again or dies in the middle. What is stored is at every quiet moment what the rules by hand say, the tables
agree with the log, and two recounts find the published result."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import pathlib
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import MovableClock
from bot.verifying import read_tables
from handlers.audit.agreement import compare
from handlers.chat.interactions import Place, React
from handlers.chat.messages import Actions, Message
from handlers.decisions.chain import first_break
from handlers.results.allowed import list_breaches
from handlers.results.public_log import Public
from handlers.results.recount import recount
from handlers.results.replay import replay
from storage.enums import EntryKind, PollMethod, Role, Visibility, WinnerRule
from storage.models.economy import LedgerEntry
from storage.models.members import Setting
from storage.queries import exchange
from storage.session import PATIENCE, Storage
from tests.conftest import START
from tests.databases import make_tables, new_database
from tests.groups import CODES, PEOPLE, Someone
from tests.polls.rooms import CHANNEL, DEADLINE, PollRoom
from tests.polls.story import EMOJIS, Asked, Emoji, Marks, Rules, Voter
from tests.ready import make_ready
from tests.results.making import check

IDA = Someone("ida", "Ida Krag", (Role.REPRESENTATIVE,), "Bornholm", confirmed=False)
"""A colleague whom nobody has confirmed; Jens is the only one of his municipality."""
JENS = Someone("jens", "Jens Dahl", (Role.REPRESENTATIVE,), "Læsø", confirmed=False)
UNITS = {"anna": "Favrskov", "dan": "Favrskov", "bo": "Tønder", "carla": "Bornholm", "ida": "Bornholm", "jens": "Læsø"}
UNCONFIRMED = {"ida": "Ida Krag", "jens": "Jens Dahl"}
SUBSTITUTE = "hans"
USERS = st.sampled_from([*UNITS, SUBSTITUTE])
WISHES, LATE = (1, 2, 3, 4), 5
"""The poll's wishes, and one that comes while it is open."""

LATER = dt.datetime(2026, 9, 15, 10, tzinfo=dt.UTC)
"""The deadline when there is more time."""

T = TypeVar("T")


@dataclass(frozen=True)
class Kind:
    """How a poll is answered, and what may be seen of it."""

    method: PollMethod
    visibilities: tuple[Visibility, ...] = (Visibility.OPEN, Visibility.OPEN, Visibility.HIDDEN, Visibility.SECRET)
    most: int | None = None
    dots: int | None = None


KINDS = {
    "approval": Kind(PollMethod.APPROVAL),
    "approval of two": Kind(PollMethod.APPROVAL, most=2),
    "score": Kind(PollMethod.SCORE),
    "points": Kind(PollMethod.POINTS, dots=7),
    "ranking": Kind(PollMethod.RANKING),
}


class Died(Exception):
    """The bot's process ended before it could commit."""


class Mortal(Storage):
    """A database whose bot can die just before a commit."""

    dies = False

    @contextlib.asynccontextmanager
    async def write(self, patience: float = PATIENCE) -> AsyncIterator[AsyncSession]:
        async with super().write(patience) as session:
            yield session
            if self.dies:
                raise Died

    async def write_rows(self, write: Callable[[Connection], None], patience: float = PATIENCE) -> None:
        def mortal(connection: Connection) -> None:
            write(connection)
            if self.dies:
                raise Died

        await super().write_rows(mortal, patience)


@dataclass(frozen=True)
class Click:
    user: str
    emoji: Emoji
    on: bool
    at: dt.datetime
    mark: str


class PollStory(RuleBasedStateMachine):
    """The chat's own truth and the rules by hand, beside the bot.

    Args:
        kind: what is asked.
        make_database: from a folder to the address of a new, empty database.
    """

    def __init__(self, kind: Kind, make_database: Callable[[pathlib.Path], str]) -> None:
        super().__init__()
        self.kind, self.make_database = kind, make_database
        self.is_open = False

    @initialize(data=st.data(), rule=st.sampled_from(WinnerRule), averages=st.booleans())
    def begin(self, data: st.DataObject, rule: WinnerRule, averages: bool) -> None:
        kind, self.rule_of_money = self.kind, rule
        self.visibility = data.draw(st.sampled_from(kind.visibilities))
        by_emoji = self.visibility is Visibility.OPEN and kind.method is not PollMethod.RANKING
        averages = averages and kind.method is not PollMethod.RANKING
        asked = Asked(kind.method, kind.most, kind.dots, by_emoji, averages)
        voters = {user: Voter(unit, True, user not in UNCONFIRMED) for user, unit in UNITS.items()} | {
            SUBSTITUTE: Voter()
        }
        self.rules = Rules(asked, list(WISHES), voters, {"Favrskov", "Tønder", "Bornholm"}, DEADLINE)
        self.emojis: dict[str, set[Emoji]] = {user: set() for user in voters}
        self.pending: list[Click] = []
        self.past: list[Click] = []
        self.unconfirmed = dict(UNCONFIRMED)
        self.has_substitute = self.has_left = self.has_moved = self.is_extended = self.is_over = False
        self.folder = tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
        self.runner = asyncio.Runner()
        self.clock = MovableClock(START)
        self.storage = Mortal(self.make_database(pathlib.Path(self.folder.name)))
        self.run(self._begin())
        self.is_open = True

    async def _begin(self) -> None:
        await make_tables(self.storage)
        self.room = PollRoom(self.storage, self.clock)
        await self.room.begin((*PEOPLE, IDA, JENS))
        asked = self.rules.asked
        async with self.storage.write() as session:
            frame = LedgerEntry(group_id=1, year=2026, kind=EntryKind.FRAME, amount=5_000_000, by="", at=START, note="")
            session.add(frame)
            if asked.averages:
                session.add(Setting(group_id=1, name="ballot_rule", value="average", at=START, by="person-anna"))
        limits = {name: str(limit) for name, limit in (("most", asked.most), ("dots", asked.dots)) if limit}
        words = {"method": asked.method, "visibility": self.visibility, "rule": self.rule_of_money}
        await self.room.open(len(WISHES), **words, **limits)
        await make_ready(self.storage, "Et sent ønske", estimates=[9_000])

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def tick(self) -> dt.datetime:
        self.clock.move_to(self.clock.now() + dt.timedelta(seconds=1))
        return self.clock.now()

    @property
    def is_by_emoji(self) -> bool:
        return self.rules.asked.by_emoji

    @property
    def pages(self) -> int:
        return len(self.rules.wishes) if self.is_by_emoji and self.kind.method is not PollMethod.APPROVAL else 1

    def all_emojis(self) -> list[Emoji]:
        """Those that stand for something, and some that don't: but none that will stand for something later."""
        if self.kind.method is PollMethod.APPROVAL:
            return [(1, emoji) for emoji in (*EMOJIS[: len(self.rules.wishes)], "tada")]
        return [(page, emoji) for page in range(1, self.pages + 1) for emoji in EMOJIS[:6]]

    def draw_emoji(self, data: st.DataObject) -> Emoji:
        return data.draw(st.sampled_from(self.all_emojis()))

    def draw_answer(self, data: st.DataObject) -> Marks:
        """Whole answers: empty ones, some over the limits, some with a wish that is away."""
        if self.kind.method is PollMethod.RANKING:
            order = data.draw(st.lists(st.sampled_from(self.rules.wishes), unique=True))
            return {wish: place for place, wish in enumerate(order, 1)}
        highest = {PollMethod.APPROVAL: 1, PollMethod.SCORE: 5, PollMethod.POINTS: 4}[self.kind.method]
        return data.draw(st.dictionaries(st.sampled_from(self.rules.wishes), st.integers(1, highest), max_size=4))

    # Clicks, and how the chat tells of them

    def react(self, click: Click) -> React:
        sender, place = self.room.sender(click.user), Place(CHANNEL)
        message, emoji = f"m{click.emoji[0]}", click.emoji[1]
        return React(
            sender=sender, place=place, message=message, emoji=emoji, on=click.on, mark=click.mark, at=click.at
        )

    def deliver(self, click: Click) -> None:
        """It is stored and acknowledged; what it means is worked out later, at the latest by the next deed."""
        self.run(self.room.runtime.app.answer(self.react(click)))

    def flush(self, user: str = "") -> None:
        """What somebody has clicked arrives, or what everybody has."""
        for click in [one for one in self.pending if user in ("", one.user)]:
            self.pending.remove(click)
            self.deliver(click)

    def click(self, user: str, emoji: Emoji) -> Click:
        at, on = self.tick(), emoji not in self.emojis[user]
        self.emojis[user] ^= {emoji}
        if not self.is_over:
            self.rules.click(user, emoji, at, on=on)
        click = Click(user, emoji, on, at, at.isoformat())
        self.pending.append(click)
        self.past.append(click)
        return click

    @rule(user=USERS, data=st.data())
    def somebody_clicks(self, user: str, data: st.DataObject) -> None:
        emoji = self.draw_emoji(data)
        if not self.is_over:
            self.click(user, emoji)

    @rule(data=st.data())
    def somebody_tidies_up(self, data: st.DataObject) -> None:
        """An emoji is taken off, perhaps after an answer in words."""
        there = [(user, emoji) for user, emojis in self.emojis.items() for emoji in sorted(emojis)]
        in_words = [one for one in there if self.rules.voters[one[0]].way == "words"]
        if there and not self.is_over:
            self.click(*data.draw(st.sampled_from(in_words or there)))

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

    # Answers in words, in forms and by letter

    def say(self, user: str, text: str, command: str = "afstemning") -> Any:
        return self.run(self.room.say(user, text, command=command))

    def fill(self, user: str, text: str, values: dict[str, str | list[str]], command: str = "afstemning") -> bool:
        """Open a form by a command and send it; returns whether it was taken."""
        form = self.say(user, text, command).form
        return form is not None and not self.run(self.room.submit(user, form.token, values)).errors

    def values_of(self, marks: Marks) -> dict[str, str | list[str]]:
        if self.kind.method is PollMethod.APPROVAL:
            return {"choices": [str(wish) for wish in marks]}
        if self.kind.method is PollMethod.RANKING:
            return {f"place_{place}": str(wish) for wish, place in marks.items()}
        return {f"mark_{wish}": str(mark) for wish, mark in marks.items()}

    def words_of(self, marks: Marks) -> str:
        if self.kind.method in (PollMethod.APPROVAL, PollMethod.RANKING):
            between = "," if self.kind.method is PollMethod.APPROVAL else " > "
            return between.join(f"#{wish}" for wish in marks) or "blank"
        return ", ".join(f"{wish}={mark}" for wish, mark in marks.items()) or "blank"

    def answer(self, user: str, marks: Marks, *, in_words: bool) -> None:
        """What somebody has clicked arrives before what they write."""
        self.flush(user)
        at = self.tick()
        if not self.is_over:
            self.rules.say(user, marks, at)
        if in_words and self.visibility is not Visibility.SECRET:
            assert self.say(user, f"stem 1 {self.words_of(marks)}").whispers
        else:
            self.fill(user, "stem 1", self.values_of(marks))

    @rule(user=USERS, data=st.data(), in_words=st.booleans())
    def somebody_answers(self, user: str, data: st.DataObject, in_words: bool) -> None:
        self.answer(user, self.draw_answer(data), in_words=in_words)

    @precondition(lambda self: self.is_open and self.is_by_emoji and not self.is_over)
    @rule(user=USERS, data=st.data())
    def somebody_answers_in_words_and_tidies_up(self, user: str, data: st.DataObject) -> None:
        """They click, answer in words instead, and take the emoji off again: the words stand."""
        emoji, marks = self.draw_emoji(data), self.draw_answer(data)
        if emoji not in self.emojis[user]:
            self.click(user, emoji)
        self.answer(user, marks, in_words=True)
        self.click(user, emoji)
        self.everything_arrives()

    @rule(unit=st.sampled_from(sorted(set(UNITS.values()))), data=st.data())
    def a_letter_comes(self, unit: str, data: st.DataObject) -> None:
        marks = self.draw_answer(data)
        at = self.tick()
        if self.visibility is Visibility.SECRET or self.is_over:
            assert self.say("anna", "modtaget 1").form is None
            return
        form = self.say("anna", "modtaget 1").form
        found = {option.label.partition(" (")[0]: option.value for option in form.fields[0].options}
        taken = self.rules.enter(unit, marks, at)
        sent = self.run(self.room.submit("anna", form.token, {"unit": found.get(unit, "99"), **self.values_of(marks)}))
        assert taken is not bool(sent.errors)

    # What the leader and others do meanwhile

    @precondition(lambda self: self.is_open and not self.is_over and LATE not in self.rules.wishes)
    @rule()
    def a_wish_comes_late(self) -> None:
        """A new version of the poll: what was answered stands, and there is something more to choose."""
        self.everything_arrives()
        self.tick()
        pages = self.pages
        assert self.say("anna", f"tilføj 1 {LATE}").whispers
        self.rules.wishes.append(LATE)
        if self.pages > pages:
            self.run(self.room.deliver(self.pages))

    @precondition(lambda self: self.is_open and not self.is_over)
    @rule(wish=st.sampled_from((*WISHES, LATE)))
    def a_wish_leaves_or_returns(self, wish: int) -> None:
        """What is on its way then was clicked while the wish was what it had been."""
        if wish not in self.rules.wishes:
            return
        self.everything_arrives()
        at = self.tick()
        self.say("anna", f"status {wish} {'genoptag' if wish in self.rules.away else 'hold venter'}", "ønske")
        self.rules.leave_or_return(wish, at)
        self.everything_arrives()

    @precondition(lambda self: self.is_open and not self.is_over and self.is_by_emoji)
    @rule(wish=st.sampled_from(WISHES), data=st.data(), users=st.lists(USERS, max_size=3))
    def people_click_while_a_wish_is_away(self, wish: int, data: st.DataObject, users: list[str]) -> None:
        """They put its emoji on and take it off all the same, and answer otherwise."""
        if wish not in self.rules.away:
            self.a_wish_leaves_or_returns(wish)
        for user in users:
            emojis = [emoji for emoji in self.all_emojis() if (self.rules.meaning(emoji) or (0,))[0] == wish]
            self.click(user, data.draw(st.sampled_from(emojis)))
        self.a_wish_leaves_or_returns(wish)

    @precondition(lambda self: self.is_open and not self.is_over and self.unconfirmed)
    @rule(data=st.data())
    def somebody_is_confirmed(self, data: st.DataObject) -> None:
        user = data.draw(st.sampled_from(sorted(self.unconfirmed)))
        self.everything_arrives()
        at = self.tick()
        shown = self.say("anna", "medlemmer", "gruppe").whispers[0]
        self.run(self.room.press("anna", token_of(shown, self.unconfirmed.pop(user))))
        self.rules.confirm(user, at)
        self.everything_arrives()

    @precondition(lambda self: self.is_open and not self.is_over and not self.has_substitute)
    @rule()
    def somebody_names_a_substitute(self) -> None:
        self.everything_arrives()
        at = self.tick()
        assert self.say("bo", "stedfortræder @hans", "gruppe").whispers
        self.rules.confirm(SUBSTITUTE, at, "Tønder")
        self.has_substitute = True
        self.everything_arrives()

    @precondition(lambda self: self.is_open and not self.is_over and self.has_substitute)
    @rule()
    def the_substitute_is_not_needed_any_more(self) -> None:
        self.everything_arrives()
        assert self.say("bo", "stedfortræder ingen", "gruppe").whispers
        self.rules.end(SUBSTITUTE)
        self.has_substitute = False
        self.everything_arrives()

    @precondition(lambda self: self.is_open and not self.is_over and not self.has_left)
    @rule()
    def somebody_leaves_the_group(self) -> None:
        self.everything_arrives()
        assert self.say("dan", "forlad", "gruppe").whispers
        self.rules.end("dan")
        self.has_left = True
        self.everything_arrives()

    @precondition(lambda self: self.is_open and not self.is_over and not self.has_moved)
    @rule()
    def somebody_moves_to_another_municipality(self) -> None:
        self.everything_arrives()
        at = self.tick()
        assert self.fill("carla", "repræsenterer Tønder", {"municipality": CODES["Tønder"]}, "gruppe")
        shown = self.say("anna", "medlemmer", "gruppe").whispers[0]
        self.run(self.room.press("anna", token_of(shown, "Carla Friis")))
        self.rules.move("carla", "Tønder", at)
        self.has_moved = True
        self.everything_arrives()

    @precondition(lambda self: self.is_open and not self.is_over and not self.is_extended)
    @rule()
    def there_is_more_time(self) -> None:
        assert self.fill("anna", "forlæng 1", {"date": "15.9.2026", "time": "12", "reason": "Ferie"})
        self.is_extended, self.rules.deadline = True, LATER

    # The end

    @precondition(lambda self: self.is_open and not self.is_over)
    @rule()
    def the_deadline_passes(self) -> None:
        """Some clicks are still on their way; what is done from now on is too late."""
        self.clock.move_to(self.rules.deadline + dt.timedelta(seconds=1))
        self.is_over = True

    @precondition(lambda self: self.is_open and self.is_over)
    @rule(user=USERS, data=st.data())
    def somebody_clicks_too_late(self, user: str, data: st.DataObject) -> None:
        self.click(user, self.draw_emoji(data))

    # The bot

    @rule()
    def the_bot_starts_again(self) -> None:
        self.room.start()

    @rule(what=st.sampled_from(["click", "count", "answer"]), user=USERS, data=st.data())
    def the_bot_dies_before_it_commits(self, what: str, user: str, data: st.DataObject) -> None:
        """Nothing of what it was doing is kept; a click that was not acknowledged is told again later."""
        if what == "answer":
            marks = self.draw_answer(data)
            self.flush(user)
        self.storage.dies = True
        with contextlib.suppress(Died):
            if what == "click" and self.pending:
                self.deliver(data.draw(st.sampled_from(self.pending)))
            elif what == "count":
                self.run(self.room.runtime.app.counting.count_all())
            elif what == "answer":
                self.say(user, f"stem 1 {self.words_of(marks)}")
        self.storage.dies = False
        self.room.start()

    @rule()
    def the_chat_is_read(self) -> None:
        """Everything has arrived, and the lists say the same."""
        self.everything_arrives()
        self.read()
        self.everything_arrives()

    def read(self) -> None:
        for page in range(1, self.pages + 1):
            there = [(user, name) for user, emojis in self.emojis.items() for on, name in sorted(emojis) if on == page]
            self.run(self.room.read(*there, page=page))

    @precondition(lambda self: self.is_open)
    @rule(user=USERS, data=st.data())
    def a_click_is_told_by_the_list_alone(self, user: str, data: st.DataObject) -> None:
        """Its event was lost. Nobody knows when it was: it is as new as the list, and in time while the poll runs. An
        emoji that is missing is believed to be so at the second look."""
        emoji = self.draw_emoji(data)
        self.everything_arrives()
        at, on = self.tick(), emoji not in self.emojis[user]
        self.emojis[user] ^= {emoji}
        self.rules.click(user, emoji, at, on=on)
        for _ in range(1 if on else 2):
            self.read()
        self.everything_arrives()

    # What always holds

    @rule()
    def everything_arrives(self) -> None:
        """When no click is on its way, what counts is what people want."""
        self.flush()
        self.run(self._check())

    async def _check(self) -> None:
        await self.room.runtime.app.counting.count_all()
        state = await self.room.state()
        names = {unit.id: unit.name for unit in state.box.units.values()}
        found = {
            names[unit]: {int(wish): mark for wish, mark in marks.items()} for unit, marks in state.standing.items()
        }
        assert found == self.rules.standing()
        assert set(names.values()) == self.rules.units
        entries = await self.room.entries()
        assert first_break(entries) is None
        assert list_breaches(entries) == []
        async with self.storage.read() as session:
            tables = await read_tables(session, self.room.group_id, entries)
        assert compare(replay(entries), tables) == []

    @invariant()
    def nobody_counts_twice(self) -> None:
        if self.is_open:
            assert set(self.run(self.room.votes())) <= self.rules.units

    def teardown(self) -> None:
        if not self.is_open:
            return
        try:
            self.everything_arrives()
            self.run(self._check_end())
        finally:
            self.run(self.storage.dispose())
            self.runner.close()
            self.folder.cleanup()

    async def _check_end(self) -> None:
        async with self.storage.read() as session:
            rows = await exchange.list_emojis(session, [self.room.key(page) for page in range(1, self.pages + 1)])
        there = {(row.person_id.removeprefix("person-"), row.key[-1], row.emoji) for row in rows if row.on}
        assert there == {(user, str(page), name) for user, emojis in self.emojis.items() for page, name in emojis}
        await self.room.close(max(self.rules.deadline, self.clock.now()))
        await self._check()
        entries = await self.room.entries()
        assert [one.matches for one in recount(entries)] == [True]
        good, lines = check(json.loads(Public("os2test", "OS2test", START, entries, ()).to_json()))
        assert good, lines
        published = next(one.facts for one in entries if one.kind == "poll.closed")
        given = sorted(sorted((int(wish), mark) for wish, mark in one.items()) for one in published["ballots"].values())
        wanted = self.rules.standing().values()
        assert given == sorted(sorted((wish, str(mark)) for wish, mark in one.items()) for one in wanted)


def token_of(shown: Message, name: str) -> str:
    """The token of the button that names somebody."""
    buttons = [one for block in shown.blocks if isinstance(block, Actions) for one in block.items]
    return next(button.token for button in buttons if button.label == f"Bekræft {name}")  # type: ignore[union-attr]


def on_sqlite(folder: pathlib.Path) -> str:
    return f"sqlite:///{folder / 'story.db'}"


OFTEN = settings(max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
SELDOM = settings(OFTEN, max_examples=2, stateful_step_count=20)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_in_a_poll(kind: str) -> None:
    run_state_machine_as_test(lambda: PollStory(KINDS[kind], on_sqlite), settings=OFTEN)


@pytest.mark.parametrize("kind", ["approval of two", "points"])
def test_whatever_happens_in_a_poll_on_postgresql(kind: str, postgres_address: str) -> None:
    run_state_machine_as_test(lambda: PollStory(KINDS[kind], lambda _: new_database(postgres_address)), settings=SELDOM)
