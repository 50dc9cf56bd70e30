"""The recount finds the published result again from the log alone, and every difference."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import pytest

from handlers.polls.result_messages import turnout_text
from handlers.results.lines import PUBLISHED
from handlers.results.recount import recount
from storage.enums import EntryKind
from storage.models.economy import LedgerEntry
from tests.conftest import START
from tests.polls.rooms import PollRoom


async def closed(room: PollRoom) -> list[SimpleNamespace]:
    """The log of a poll with colleagues, words, and a mailed answer, as plain data."""
    async with room.storage.write() as session:
        frame = LedgerEntry(
            group_id=room.group_id, year=2026, kind=EntryKind.FRAME, amount=5_000_000, by="", at=START, note=""
        )
        session.add(frame)
    await room.open(4, rule="equal_shares", quorum="50")
    await room.react("anna", "one")
    await room.react("dan", "two")
    await room.react("dan", "two", on=False)
    await room.react("bo", "one")
    await room.say("bo", "stem 1 2,3")
    await room.react("carla", "four")
    await room.close()
    return [
        SimpleNamespace(number=one.number, kind=one.kind, subject=one.subject, facts=copy.deepcopy(one.facts))
        for one in await room.entries()
    ]


async def test_the_published_result_is_found_again(room: PollRoom) -> None:
    found = recount(await closed(room))
    assert [(one.poll, one.title, one.matches) for one in found] == [(1, "Prioritering", True)]


@pytest.mark.parametrize(
    ("kind", "change", "what"),
    [
        ("ballot.cast", lambda facts: facts["marks"].update({"4": 1}), "ranking"),
        ("poll.closed", lambda facts: facts.update(voted=9), "voted"),
        ("poll.closed", lambda facts: facts.update(mailed=1), "mailed"),
        ("poll.closed", lambda facts: facts.update(substituted=1), "substituted"),
        ("poll.closed", lambda facts: facts["winners"]["equal_shares"].update(chosen=[]), "winners"),
        ("poll.closed", lambda facts: facts.update(rule="rank_order"), "rule"),
        ("poll.costs_frozen", lambda facts: facts["costs"].update({"1": 9_000_000}), "candidates"),
        ("poll.opened", lambda facts: facts["units"].update({"99": "Ingensteds"}), "units"),
        ("poll.opened", lambda facts: facts.update(quorum=None), "quorum"),
    ],
)
async def test_whatever_is_changed_is_found(room: PollRoom, kind: str, change: object, what: str) -> None:
    entries = await closed(room)
    change(next(one for one in entries if one.kind == kind).facts)  # type: ignore[operator]
    (found,) = recount(entries)
    assert what in [name for name, _, _ in found.differences]


async def test_a_result_of_before_does_not_say_how_many_answers_others_gave(room: PollRoom) -> None:
    entries = await closed(room)
    published = next(one for one in entries if one.kind == "poll.closed").facts
    assert (published.pop("mailed"), published.pop("substituted")) == (0, 0)
    assert recount(entries)[0].matches
    result = {name: value for name, value in published.items() if name not in PUBLISHED}
    assert turnout_text(result).startswith("3 af 3 kommuner har stemt.")


async def test_an_empty_log_has_no_results() -> None:
    assert recount([]) == []
