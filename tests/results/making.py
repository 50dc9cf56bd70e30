"""Writes logs of polls without a database: the same facts in the same chain, so that thousands can be counted."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from handlers.ballots.codes import receipt_of, voter_of
from handlers.decisions.chain import START, hash_of
from handlers.decisions.sealing import IN_PARTS, WHOLE, canonical
from handlers.results.auditor import recount as script
from handlers.results.lines import draw_lines
from handlers.results.public_log import Public
from handlers.results.replay import replay
from handlers.results.rules import Contender, Question, to_facts, work_out
from storage.enums import BallotRule, PollMethod, Visibility, WinnerRule
from storage.models.log import LogEntry
from tests.conftest import START as MORNING
from tests.conftest import Counter

SCRIPT = pathlib.Path(__file__).parents[2] / "handlers/results/auditor/recount.py"
DEADLINE = MORNING + dt.timedelta(days=7)
PEOPLE = ("Anna Holm", "Bo Lind", "Carla Friis")


@dataclass
class Written:
    """A group's log in the making."""

    entries: list[LogEntry] = field(default_factory=list)
    ids: Counter = field(default_factory=Counter)
    form: int = IN_PARTS

    def add(self, kind: str, subject: str, facts: Mapping[str, Any], *, person: str = "person-anna") -> LogEntry:
        number = len(self.entries) + 1
        entry = LogEntry(
            group_id=1,
            number=number,
            at=MORNING + dt.timedelta(seconds=number),
            kind=kind,
            subject=subject,
            person=person,
            decision=False,
            facts=json.loads(canonical(facts)),
            before=self.entries[-1].hash if self.entries else START,
            form=self.form,
            salt=self.ids() if self.form != WHOLE else "",
        )
        entry.hash = hash_of(entry)
        self.entries.append(entry)
        return entry

    def open(self, units: Mapping[int, str], costs: Mapping[int, int | None], number: int = 1, **facts: Any) -> None:
        usual = {"title": "Prioritering", "method": "approval", "rule": "rank_order", "visibility": "open"}
        usual |= {"most": None, "dots": None, "quorum": None, "ballot_rule": "latest", "deadline": DEADLINE.isoformat()}
        offered = [{"number": one, "cost": cost} for one, cost in costs.items()]
        titles = {str(one): f"Ønske {one}" for one in costs}
        named = {str(unit): name for unit, name in units.items()}
        opened = usual | {"units": named, "pending": {}, "candidates": offered, "titles": titles} | facts
        self.add("poll.opened", f"poll:{number}", opened)

    def cast(self, person: str, unit: int, marks: Mapping[int, int], number: int = 1, **facts: Any) -> str:
        """Returns the receipt's key."""
        subject, key = f"poll:{number}", self.ids()
        given = {str(one): mark for one, mark in marks.items()}
        at = (MORNING + dt.timedelta(seconds=len(self.entries))).isoformat()
        usual = {"person": person, "voter": voter_of(1, subject, person), "unit": unit, "marks": given, "way": "form"}
        usual |= {"key": key, "receipt": receipt_of(key, subject, unit, given), "at": at, "confirmed": True}
        usual |= {"on_behalf_of": "", "substitute": False}
        self.add("ballot.cast", subject, usual | facts, person=person or "person-anna")
        return key

    def confirm(self, person: str, unit: int, *, ballot: bool = True, number: int = 1) -> None:
        subject = f"poll:{number}"
        facts = {"person": person, "voter": voter_of(1, subject, person), "unit": unit, "ballot": ballot}
        self.add("ballot.confirmed", subject, facts)

    def close(self, candidates: Sequence[Contender], free: int | None, number: int = 1) -> None:
        """Count as closing does."""
        subject = f"poll:{number}"
        poll = replay(self.entries)[subject]
        lines, opened = draw_lines(poll), poll.opened
        question = Question(
            PollMethod(opened["method"]),
            candidates,
            lines.ballots,
            len(poll.units),
            opened["quorum"],
            WinnerRule(opened["rule"]),
            free,
        )
        self.add("poll.closed", subject, to_facts(work_out(question)) | lines.ways_to_facts() | lines.to_facts())

    def public(self, names: Sequence[str] = PEOPLE) -> dict[str, Any]:
        """What anybody may have of it."""
        made = Public("os2test", "OS2test", MORNING, self.entries, names).to_json()
        read: dict[str, Any] = json.loads(made)
        return read


def run_script(folder: pathlib.Path, log: Mapping[str, Any] | bytes, *words: str) -> tuple[int, str]:
    """The script alone with the log in a folder, as an auditor has it: its exit code, and what it said."""
    content = log if isinstance(log, bytes) else json.dumps(log, ensure_ascii=False).encode()
    (folder / "log.json").write_bytes(content)
    (folder / "recount.py").write_bytes(SCRIPT.read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "recount.py", *words], cwd=folder, capture_output=True, timeout=60, check=False
    )
    assert not done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode()


class Told(script.Say):
    """What the script says, kept instead of printed."""

    def __init__(self) -> None:
        super().__init__("da")
        self.lines: list[str] = []

    def __call__(self, key: str, **values: Any) -> None:
        self.lines.append(self.words[key].format(**values))


def check(log: dict[str, Any]) -> tuple[bool, list[str]]:
    """The script's own functions, without a process of its own."""
    say = Told()
    whole = script.check_chain(log, say)
    polls, _ = script.read_polls(log)
    same = [script.check_poll(poll, say) for poll in polls.values()]
    return whole and all(same), say.lines


UNITS = {10: "Favrskov", 11: "Tønder", 12: "Bornholm", 20: "Læsø", 7: "Aarhus"}
PENDING = {30: "Fanø"}
VOTERS = tuple((f"p{unit}{letter}", unit) for unit in (*UNITS, *PENDING) for letter in "ab")


@st.composite
def logs(draw: st.DrawFn) -> Written:
    """The log of one poll of any kind, closed."""
    method = draw(st.sampled_from(PollMethod))
    visibility = draw(st.sampled_from(Visibility))
    rules = [BallotRule.LATEST] if method is PollMethod.RANKING else list(BallotRule)
    cost = draw(st.sampled_from([st.integers(0, 60_000), st.sampled_from([20_000, 30_000]), st.integers(0, 10**9)]))
    costs = draw(st.lists(st.one_of(cost, cost, cost, st.none()), min_size=2, max_size=7))
    numbers = list(range(1, len(costs) + 1))
    late = draw(st.integers(0, max(0, len(costs) - 2)))  # candidates that came while the poll was open
    written = Written()
    written.add("wish.submitted", "wish:1", {"title": "Ønske 1", "guess": None})
    written.open(
        UNITS,
        dict(list(zip(numbers, costs, strict=True))[: len(costs) - late]),
        method=method,
        visibility=visibility,
        rule=draw(st.sampled_from(WinnerRule)),
        ballot_rule=draw(st.sampled_from(rules)),
        quorum=draw(st.sampled_from([None, 0, 40, 60, 100])),
        most=draw(st.sampled_from([None, 1, 2, 3])) if method is PollMethod.APPROVAL else None,
        dots=draw(st.sampled_from([3, 10, 20])) if method is PollMethod.POINTS else None,
        deadline=_moment(draw(st.sampled_from([8, 3600]))).isoformat(),
        pending={str(unit): name for unit, name in PENDING.items()},
    )
    coming = numbers[len(costs) - late :]
    left = _draw_events(draw, written, dict(zip(numbers, costs, strict=True)), coming)
    candidates = [
        Contender(number, cost, draw(st.sampled_from([0, 0, 0, 7_001])), draw(st.integers(0, 5)) == 5, number in left)
        for number, cost in zip(numbers, costs, strict=True)
    ]
    total = sum(one.need for one in candidates)
    part = total * draw(st.integers(1, 10)) // 10 + draw(st.sampled_from([0, 0, -1, 1]))
    written.close(candidates, draw(st.sampled_from([part, part, part, -5_000, None])))
    written.add("wish.backed", "wish:1", {"unit": "710"})
    return written


def _moment(seconds: int) -> dt.datetime:
    return MORNING + dt.timedelta(seconds=seconds)


@dataclass
class _Running:
    """A poll while it is open. `latest` is (person, unit) → the answer that stands; what an emoji poll does when a wish
    comes back, an answer over its limit is cast again with less in it."""

    written: Written
    there: list[int]
    left: set[int] = field(default_factory=set)
    latest: dict[tuple[str, int], dict[int, int]] = field(default_factory=dict)
    unconfirmed: set[str] = field(default_factory=lambda: {"p10b", *(who for who, unit in VOTERS if unit in PENDING)})
    is_extended: bool = False

    @property
    def opened(self) -> Mapping[str, Any]:
        return next(one.facts for one in self.written.entries if one.kind == "poll.opened")

    @property
    def deadline(self) -> dt.datetime:
        return _moment(7200) if self.is_extended else dt.datetime.fromisoformat(self.opened["deadline"])

    def within(self, marks: Mapping[int, int]) -> dict[int, int]:
        """As much of an answer as the limits have room for."""
        most, dots = self.opened["most"], self.opened["dots"]
        kept: dict[int, int] = {}
        for number, mark in marks.items():
            there = [*(other for one, other in kept.items() if one not in self.left), mark]
            fits = (most is None or len(there) <= most) and (dots is None or sum(there) <= dots)
            if fits or number in self.left:
                kept[number] = mark
        return kept

    def cast(self, person: str, unit: int, marks: Mapping[int, int], **facts: Any) -> None:
        self.latest[person, unit] = kept = self.within(marks)
        at = min(
            dt.datetime.fromisoformat(facts.get("at", _moment(len(self.written.entries)).isoformat())), self.deadline
        )
        facts |= {"confirmed": person not in self.unconfirmed, "at": at.isoformat()}
        self.written.cast(person, unit, kept, **facts)

    def leave_or_return(self, number: int) -> None:
        self.left ^= {number}
        facts = {"candidate": number, "left": "withdrawn" if number in self.left else ""}
        self.written.add("poll.candidate_changed", "poll:1", facts)
        for (person, unit), marks in list(self.latest.items()):
            if self.within(marks) != marks:
                self.cast(person, unit, marks)

    def come(self, costs: Mapping[int, int | None]) -> None:
        for number, cost in costs.items():
            facts = {"candidate": number, "title": f"Ønske {number}", "cost": cost, "version": 2}
            self.written.add("poll.candidate_added", "poll:1", facts)
            self.there.append(number)

    def extend(self) -> None:
        facts = {"from": self.deadline.isoformat(), "to": _moment(7200).isoformat(), "reason": "Ferie"}
        self.written.add("poll.extended", "poll:1", facts)
        self.is_extended = True


def _draw_events(draw: st.DrawFn, written: Written, costs: Mapping[int, int | None], coming: list[int]) -> set[int]:
    """What happens while the poll is open; returns the candidates that have left at the end. `coming`: those that come
    while people vote."""
    poll = _Running(written, [number for number in costs if number not in coming])
    frozen = False
    entering = draw(st.integers(0, 11)) if coming else -1
    for turn in range(draw(st.integers(max(4, entering + 1), 14))):
        if turn == entering:
            poll.come({number: costs[number] for number in coming})
        what = draw(st.sampled_from(["vote"] * 6 + ["mail", "confirm", "leave", "leave", "wish", "extend"]))
        marks = draw(_answers(PollMethod(poll.opened["method"]), poll.there))
        if what in ("vote", "mail") and marks and not frozen:
            written.add("poll.costs_frozen", "poll:1", {"costs": {str(one): costs[one] for one in poll.there}})
            frozen = True
        if what == "vote":
            poll.cast(*draw(st.sampled_from(VOTERS)), marks, **draw(_ways()))
        elif what == "mail" and marks and poll.opened["visibility"] != Visibility.SECRET:
            poll.cast("", draw(st.sampled_from(sorted(UNITS))), marks, way="leader")
        elif what == "confirm" and poll.unconfirmed:
            person = draw(st.sampled_from(sorted(poll.unconfirmed)))
            poll.unconfirmed.remove(person)
            written.confirm(person, dict(VOTERS)[person], ballot=(person, dict(VOTERS)[person]) in poll.latest)
        elif what == "leave":
            poll.leave_or_return(draw(st.sampled_from(poll.there)))
        elif what == "extend" and not poll.is_extended:
            poll.extend()
        elif what == "wish":
            written.add("member.joined", "person:p9", {"unit": "Fanø"}, person="p9")
    return poll.left


@st.composite
def _ways(draw: st.DrawFn) -> dict[str, Any]:
    """How an answer came: by a substitute or not, told late or at the same instant as others or not."""
    facts: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 3:
        facts |= {"on_behalf_of": "person-x", "substitute": True}
    if draw(st.integers(0, 2)) == 2:
        facts["at"] = (MORNING + dt.timedelta(seconds=draw(st.integers(0, 2)))).isoformat()
    return facts


def _answers(method: PollMethod, numbers: list[int]) -> st.SearchStrategy[dict[int, int]]:
    """Whole answers, some of them empty."""
    if method is PollMethod.RANKING:
        return st.lists(st.sampled_from(numbers), unique=True).map(
            lambda order: {number: place for place, number in enumerate(order, 1)}
        )
    highest = {PollMethod.APPROVAL: 1, PollMethod.SCORE: 5, PollMethod.POINTS: 10}[method]
    return st.dictionaries(st.sampled_from(numbers), st.integers(1, highest))
