"""Who people are: believed for a while, asked for afresh where it matters, and forgotten one by one."""

from __future__ import annotations

import pytest

from bot.platforms.slack.calls import Calls
from bot.platforms.slack.directory import LIFE, Directory
from tests.doubles.slack_state import Someone
from tests.promises.slack import SlackDriver, user_id


class Now:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def directory(slack: SlackDriver, now: Now) -> Directory:
    calls: Calls = slack.slack._calls
    return Directory(calls, now)


async def test_what_is_old_is_believed_at_once_and_asked_for_afresh_by_who_cannot_err(
    slack: SlackDriver, directory: Directory, now: Now
) -> None:
    bo = user_id("bo")
    assert await directory.find_person(bo) is not None
    slack.double.workspace.people[bo].deleted = True
    now.at += LIFE + 1
    slack.double.slow["users.info"] = 0.2
    for fresh in (False, True):
        known = await directory.find_person(bo, fresh=fresh)
        assert known is not None
        assert known.gone is fresh


async def test_where_slack_says_nothing_the_old_is_believed(slack: SlackDriver, directory: Directory, now: Now) -> None:
    assert await directory.find_person(user_id("bo")) is not None
    now.at += LIFE + 1
    slack.double.slow["users.info"] = 1.0
    known = await directory.find_person(user_id("bo"), 0.1, fresh=True)
    assert known is not None
    assert known.name == "Bo Lind"
    await directory.stop()


async def test_of_too_many_the_oldest_is_forgotten(
    slack: SlackDriver, directory: Directory, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.directory.MOST_KNOWN", 3)
    people = [f"U0N{number}" for number in range(4)]
    for user in people:
        slack.double.workspace.people[user] = Someone(user, f"Nina {user}")
    for user in (*people[:3], people[0]):
        now.at += LIFE + 1
        await directory.find_person(user, fresh=True)
    await directory.find_person(people[3])
    assert list(directory._people) == [people[2], people[0], people[3]]
