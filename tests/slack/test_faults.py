"""A storm of clicks with everything going wrong on the way: at the end the bot knows exactly what Slack shows.

Six hundred clicks at every run of the tests; `make storm` makes ten thousand, which takes some minutes."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterator

from bot.clock import MovableClock
from bot.platforms.slack.calls import TIMEOUT
from storage.enums import Role
from storage.session import Storage
from tests.clicks import list_clicks
from tests.doubles.slack import Fault
from tests.doubles.slack_state import Thing
from tests.groups import PEOPLE, Someone
from tests.promises.slack import CHANNELS, SlackDriver, slack_world, user_id
from tests.ready import make_ready

CLICKS = int(os.environ.get("OENSKEBOT_TEST_CLICKS", "600"))
AT_ONCE = 24
EMOJIS = ("one", "two", "three", "four", "five", "+1", "thumbsup::skin-tone-3")
METHODS = ("chat.update", "reactions.get", "users.info")
FAULTS = (Fault(429, 1), Fault(500), Fault(503), Fault(lost=True), Fault(hangs=True))
VOTERS = tuple(Someone(f"v{number}", f"Vera {number}", (Role.GUEST,)) for number in range(40))


class Storm:
    """Clicks by a fixed seed, delivered late, twice, out of order, or never."""

    def __init__(self, slack: SlackDriver, seed: int) -> None:
        self.random = random.Random(seed)
        self.slack = slack
        self.post = slack.double.workspace.posts[0]
        self.never = self.met = 0

    async def blow(self) -> None:
        held: list[Thing] = []
        under_way: set[asyncio.Task[None]] = set()
        for number, event in enumerate(self._events()):
            held.append(event)
            if len(held) < 30:
                continue
            one = held.pop(self.random.randrange(len(held)))
            under_way.add(asyncio.create_task(self._deliver(one, self._times())))
            if len(under_way) >= AT_ONCE:
                _, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            await self._trouble(number)
        for one in held:
            await self._deliver(one, self._times())
        await asyncio.gather(*under_way)

    def _events(self) -> Iterator[Thing]:
        people = [user_id(one.user) for one in (*VOTERS, *PEOPLE)]
        for _ in range(CLICKS):
            user, emoji = self.random.choice(people), self.random.choice(EMOJIS)
            on = user not in self.post.reactions.get(emoji, [])
            event = self.slack.double.people.change_reaction(user, self.post, emoji, on=on)
            assert event is not None
            yield event

    def _times(self) -> int:
        """How often the next click is delivered; drawn here, so that a busy machine draws the same."""
        drawn = self.random.random()
        self.never += drawn < 0.01
        return 0 if drawn < 0.01 else 2 if drawn < 0.1 else 1

    async def _deliver(self, event: Thing, times: int) -> None:
        for _ in range(times):
            await self.slack.double.people.deliver_event(event)

    async def _trouble(self, number: int) -> None:
        double = self.slack.double
        if number % 20 == 0:
            self._fail_next(self.random.choice(METHODS))
        if number % 10 == 0:
            self.slack.slack._directory._people.pop(user_id(self.random.choice(VOTERS).user), None)
        if number % (CLICKS // 4) == CLICKS // 8:
            await (double.sockets.disconnect() if number < CLICKS // 2 else double.sockets.cut())
        if number % 200 == 50:
            await self.slack.forward(0.02)
        if number % 400 == 100:
            await self.slack.runtime.reconcile("slack")

    def _fail_next(self, method: str) -> None:
        """The next call fails, unless the last fault is still to be met."""
        fault, waiting = self.random.choice(FAULTS), self.slack.double.faults[method]
        if not waiting:
            waiting.append(fault)
            self.met += 1


async def test_after_a_storm_of_clicks_the_votes_are_exactly_slacks(kept: Storage, clock: MovableClock) -> None:
    async with slack_world(kept, clock, (*PEOPLE, *VOTERS), call=1.0) as slack:
        await make_ready(kept, *(f"Ønske {number}" for number in range(5)))
        await slack.say("anna", "group", "/afstemning")
        assert await slack.submit("anna", {"title": "Efteråret"}) == {}
        slack.double.people.event_seconds = 1.0
        slack.double.people.may_lose = True  # four tries may meet four faults; what is lost so is found by comparing
        storm = Storm(slack, seed=7)
        await storm.blow()
        storm.met -= sum(len(waiting) for waiting in slack.double.faults.values())
        assert storm.never > CLICKS / 300
        assert storm.met > CLICKS / 100
        slack.double.faults.clear()
        slack.slack._calls._seconds = TIMEOUT  # what is read now is to be believed, however busy the machine is
        for _ in range(2):
            await slack.runtime.reconcile("slack")
        assert await list_clicks(kept) == _shown(slack, storm)
        assert slack.double.sockets.opened >= 4


def _shown(slack: SlackDriver, storm: Storm) -> set[tuple[str, str]]:
    workspace = slack.double.workspace
    return {
        (user, name) for name, users in storm.post.reactions.items() for user in users if not workspace.people[user].bot
    }


async def test_forms_open_in_time_while_votes_pour_in(kept: Storage, clock: MovableClock) -> None:
    """What Slack would answer too late fails the double: an expired trigger, or three seconds without a word."""
    async with slack_world(kept, clock, (*PEOPLE, *VOTERS)) as slack:
        await make_ready(kept, *(f"Ønske {number}" for number in range(5)))
        await slack.say("anna", "group", "/afstemning")
        assert await slack.submit("anna", {"title": "Efteråret"}) == {}
        people, post = slack.double.people, slack.double.workspace.posts[0]
        events = [
            people.change_reaction(user_id(voter.user), post, emoji) for emoji in EMOJIS[:4] for voter in VOTERS[:15]
        ]
        votes = [asyncio.create_task(people.deliver_event(event)) for event in events if event]
        asked = VOTERS[:5]
        await asyncio.gather(*(people.command(user_id(one.user), CHANNELS["group"], "/ønske") for one in asked))
        await slack.slack.settled()
        assert all([await slack.form(one.user) for one in asked])
        await asyncio.gather(*votes)
        assert people.lost == []
        await slack.settle()
        assert len(await list_clicks(kept)) == 60
