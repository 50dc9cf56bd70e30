"""The rules of a poll once more, in plain Python and by hand: what every municipality's vote is, after what happened.

It knows nothing of our code. It hears of everything at the moment when people do it, however late, often and in
whatever order the chat tells the bot of it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

EMOJIS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten")
Emoji = tuple[int, str]
"""The page of the poll's messages that it is on, from 1, and its name."""

Marks = dict[int, int]
"""Wish → mark."""


@dataclass(frozen=True)
class Asked:
    """What the poll asks: `method` and its limits, whether people click, and whether colleagues' answers are a mean."""

    method: str
    most: int | None = None
    dots: int | None = None
    by_emoji: bool = True
    averages: bool = False


@dataclass
class Voter:
    """A person. `unit` is whom they answer for, and `speaks` whether they do now; `there` is the emojis that they have
    on the poll's messages in time and since when, `put_on` and `touched` when they last put on, or put on or took off,
    each; `way` is how their answer was given, empty for none; `moved` whether they have answered for another before."""

    unit: str = ""
    speaks: bool = False
    confirmed: bool = False
    there: dict[Emoji, dt.datetime] = field(default_factory=dict)
    put_on: dict[Emoji, dt.datetime] = field(default_factory=dict)
    touched: dict[Emoji, dt.datetime] = field(default_factory=dict)
    answer: Marks = field(default_factory=dict)
    way: str = ""
    moved: bool = False
    at: tuple[dt.datetime, int] = (dt.datetime.max.replace(tzinfo=dt.UTC), 0)
    """When their answer last changed, and the order of what is counted as done in one moment."""


@dataclass
class Rules:
    """A poll by hand.

    Args:
        wishes: those to choose between, in the order of the poll; `away` are those that have left.
        units: the municipalities that count; those that nobody confirmed speaks for come later.
        deadline: when the time is up; what was told of later and is counted all the same is as old as that.
        entered: municipality → the answer that the leader entered for it, and when.
    """

    asked: Asked
    wishes: list[int]
    voters: dict[str, Voter]
    units: set[str]
    deadline: dt.datetime
    away: set[int] = field(default_factory=set)
    entered: dict[str, tuple[tuple[dt.datetime, int], Marks]] = field(default_factory=dict)
    turn: int = 0

    # What happens

    def click(self, user: str, emoji: Emoji, at: dt.datetime, *, on: bool) -> None:
        """Clicks are an answer, unless the person speaks for nobody or the emoji says nothing. A click on a wish that
        is away is no first answer, and replaces no answer in words; nor does an emoji that is taken off and was put on
        before."""
        voter = self.voters[user]
        voter.touched[emoji] = at
        if on:
            voter.there[emoji] = voter.put_on[emoji] = at
        else:
            voter.there.pop(emoji, None)
        meant = self.meaning(emoji)
        if not voter.speaks or meant is None or (meant[0] in self.away and voter.way != "clicks"):
            return
        if not voter.way and voter.moved and not on:
            return
        was_put_on = voter.put_on.get(emoji)
        if voter.way == "words" and not on and (was_put_on is None or was_put_on <= voter.at[0]):
            return
        voter.answer, voter.way, voter.at = self.clicked(voter), "clicks", self.moment(min(at, self.deadline))

    def say(self, user: str, marks: Marks, at: dt.datetime) -> bool:
        """An answer in words or in a form replaces what was there. Returns whether it is taken."""
        voter = self.voters[user]
        if not voter.speaks or not self.may_say(marks):
            return False
        voter.answer, voter.way, voter.at = self.with_away(marks, voter.answer), "words", self.moment(at)
        return True

    def enter(self, unit: str, marks: Marks, at: dt.datetime) -> bool:
        """The leader enters what came by mail, or takes it back by an empty answer. Returns whether it is taken."""
        known = self.entered[unit][1] if unit in self.entered else {}
        if unit not in self.units or not (marks or known) or not self.may_say(marks):
            return False
        self.entered[unit] = (self.moment(at), self.with_away(marks, known))
        return True

    def leave_or_return(self, wish: int, at: dt.datetime) -> None:
        """A wish leaves, or is back: what people have clicked is read once more, also of those who clicked only what
        was away. Of those who speak for nobody any more, what there is room for stands, in the order of the numbers as
        they are written."""
        self.away ^= {wish}
        for user, voter in sorted(self.voters.items()):
            if voter.way == "words" and wish not in self.away:
                voter.put_on = {one: at for one, at in voter.put_on.items() if (self.meaning(one) or (0,))[0] != wish}
            if not voter.way and not voter.moved and voter.speaks and wish not in self.away:
                self.take_clicks(user, at)
            if voter.way == "clicks":
                in_order = sorted(voter.answer.items(), key=lambda one: str(one[0]))
                voter.answer = self.clicked(voter) if voter.speaks else self.within(in_order)

    def confirm(self, user: str, at: dt.datetime, unit: str = "") -> None:
        """Somebody's word counts from now on, and so do the clicks of whom nobody knew to speak for anybody."""
        voter = self.voters[user]
        voter.unit, voter.speaks, voter.confirmed = unit or voter.unit, True, True
        self.units.add(voter.unit)
        if not voter.way and not voter.moved:
            self.take_clicks(user, at)

    def move(self, user: str, unit: str, at: dt.datetime) -> None:
        """Somebody speaks for another municipality from now on. What they have answered stands where it was given; for
        the next they answer anew."""
        before = self.voters[user]
        if before.way:
            emojis = {"there": dict(before.there), "put_on": dict(before.put_on), "touched": dict(before.touched)}
            self.voters[f"{user} before"] = dataclasses.replace(before, speaks=False)
            self.voters[user] = Voter(moved=True, **emojis)
        self.confirm(user, at, unit)

    def take_clicks(self, user: str, at: dt.datetime) -> None:
        """What somebody has clicked before it could count is their answer from now on."""
        voter = self.voters[user]
        if marks := self.clicked(voter):
            moments = [moment for emoji, moment in voter.touched.items() if self.meaning(emoji)]
            voter.answer, voter.way, voter.at = marks, "clicks", self.moment(max(moments, default=at))

    def end(self, user: str) -> None:
        """Somebody speaks for nobody any more: what they have answered stands."""
        self.voters[user].speaks = False

    def moment(self, at: dt.datetime) -> tuple[dt.datetime, int]:
        self.turn += 1
        return at, self.turn

    # What follows

    def standing(self) -> dict[str, dict[int, Fraction]]:
        """The one answer of each municipality that has voted: the newest that says something, or the mean of all."""
        given: dict[str, list[tuple[tuple[dt.datetime, int], Marks]]] = {}
        for voter in self.voters.values():
            if voter.confirmed and voter.answer:
                given.setdefault(voter.unit, []).append((voter.at, voter.answer))
        for unit, entered in self.entered.items():
            if entered[1]:
                given.setdefault(unit, []).append(entered)
        return {unit: self._of_one(answers) for unit, answers in given.items() if unit in self.units}

    def _of_one(self, answers: list[tuple[tuple[dt.datetime, int], Marks]]) -> dict[int, Fraction]:
        if not self.asked.averages:
            newest = max(answers, key=lambda one: one[0])[1]
            return {wish: Fraction(mark) for wish, mark in newest.items()}
        wishes = {wish for _, marks in answers for wish in marks}
        return {wish: Fraction(sum(marks.get(wish, 0) for _, marks in answers), len(answers)) for wish in wishes}

    def meaning(self, emoji: Emoji) -> tuple[int, int] | None:
        """The wish and the mark that an emoji stands for."""
        page, place = emoji[0], EMOJIS.index(emoji[1]) if emoji[1] in EMOJIS else None
        if not self.asked.by_emoji or place is None:
            return None
        if self.asked.method == "approval":
            return (self.wishes[place], 1) if place < len(self.wishes) else None
        highest = {"score": 5, "points": min(10, self.asked.dots or 10)}[self.asked.method]
        return (self.wishes[page - 1], place + 1) if place < highest else None

    def clicked(self, voter: Voter) -> Marks:
        """What somebody's emojis say: of several on one wish the last, and of all the first that there is room for."""
        last: dict[int, tuple[dt.datetime, int]] = {}
        for emoji, at in voter.there.items():
            meant = self.meaning(emoji)
            if meant is not None and (meant[0] not in last or at > last[meant[0]][0]):
                last[meant[0]] = (at, meant[1])
        return self.within([(wish, mark) for wish, (_, mark) in sorted(last.items(), key=lambda one: one[1][0])])

    def within(self, in_order: list[tuple[int, int]]) -> Marks:
        """The first that there is room for."""
        marks: Marks = {}
        for wish, mark in in_order:
            if wish in self.away or self.has_room({**marks, wish: mark}):
                marks[wish] = mark
        return marks

    def with_away(self, marks: Marks, before: Marks) -> Marks:
        """An answer in words or in a form can't name wishes that are away: what was said of them before is kept, at its
        place in a ranking, else where there is room; but nothing by an empty answer."""
        kept = {wish: mark for wish, mark in before.items() if wish in self.away} if marks else {}
        if self.asked.method == "ranking":
            order = sorted(marks, key=lambda wish: marks[wish])
            for wish in sorted(kept, key=lambda wish: kept[wish]):
                order.insert(kept[wish] - 1, wish)
            return {wish: place for place, wish in enumerate(order, 1)}
        whole = dict(marks)
        for wish, mark in sorted(kept.items()):
            most, dots = self.asked.most or len(whole) + 1, self.asked.dots or sum(whole.values()) + mark
            if len(whole) < most and sum(whole.values()) + mark <= dots:
                whole[wish] = mark
        return whole

    def has_room(self, marks: Mapping[int, int]) -> bool:
        """Whether an answer is within the limits; wishes that are away use up none of them."""
        here = [mark for wish, mark in marks.items() if wish not in self.away]
        return (self.asked.most is None or len(here) <= self.asked.most) and (
            self.asked.dots is None or sum(here) <= self.asked.dots
        )

    def may_say(self, marks: Marks) -> bool:
        """Whether an answer in words or in a form is taken."""
        fits = all(wish in self.wishes and wish not in self.away for wish in marks) and self.has_room(marks)
        return fits and (self.asked.method != "score" or all(mark <= 5 for mark in marks.values()))
