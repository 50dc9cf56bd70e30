"""Tæller en koordinationsgruppes afstemninger efter. / Counts a coordination group's polls again.

    python3 recount.py                      log.json, der ligger ved siden af / log.json beside it
    python3 recount.py --receipt 7KQ2M-9XWTB [--key …]     find en kvittering / find a receipt
    python3 recount.py --english

Python 3.8 eller nyere, intet andet. Skrevet uafhængigt af det program, der talte første gang: de to skal være enige.
Python 3.8 or newer, nothing else. Written apart from the program that counted first: the two must agree.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import hmac
import json
import math
import pathlib
import sys
from fractions import Fraction
from typing import Any

TEXTS = {
    "da": {
        "unreadable": "{file} kan ikke læses som en stemmelog: {why}",
        "missing": "Post {number} mangler.",
        "changed": "Post {number} ({kind}) er ændret: dens indhold passer ikke med dens hash.",
        "unlinked": "Post {number} ({kind}) følger ikke efter den før: kæden er brudt her.",
        "head": "Kædens kontrolkode er {head}, men den sidste post har {last}.",
        "chain": "Kæden er hel: {count} poster, kontrolkode {head}.",
        "old": "{count} af dem er fra før, poster kunne vises i dele; dem ses kun kædens led af.",
        "broken": "Kæden er brudt; tællingerne nedenfor kan ikke stå alene.",
        "poll": "Afstemning {number}: {title}",
        "untitled": "(titlen er lukket, fordi den nævner en person)",
        "open": "  Ikke afsluttet; der er intet resultat endnu.",
        "annulled": "  Annulleret: resultatet gælder ikke.",
        "older": "  Begyndt, før poster kunne vises i dele: kan kun tælles efter med »oenskebot verify«.",
        "sealed": "  Post {number} ({kind}): {name} er lukket, så der kan ikke tælles efter.",
        "strange": "  Kan ikke tælles efter: {why}.",
        "same": "  Passer: {voted} af {units} kommuner, resultatet i post {entry}. Kontrolkode: {head}.",
        "secret": "  Hemmelig. Kvitteringer talt med: {counted}; ikke: {others}. Hver kommune kan finde sin egen.",
        "on_behalf": "  Heraf givet af stedfortrædere: {substitutes}; indtastet efter en mail eller et møde: {mailed}.",
        "forbidden": "  IKKE TILLADT, {where}: {why}.",
        "at_entry": "post {entry}",
        "at_receipt": "kvittering {code}",
        "no_candidate": "#{wish} var ikke med i afstemningen, da svaret blev givet",
        "no_mark": "#{wish} har fået {mark}; tilladt er {allowed}",
        "no_order": "pladserne er {places}; de skal være 1, 2, 3 og så videre",
        "too_many": "der er valgt {count} ønsker, men man kunne højst vælge {most}",
        "too_much": "der er givet {given} point, men man havde kun {dots}",
        "too_late": "svaret er fra {at}, men fristen var {deadline}",
        "differs": "  PASSER IKKE i post {entry}, {name}: offentliggjort {published}; talt efter {counted}",
        "good": "Alt passer.",
        "bad": "NOGET PASSER IKKE: se ovenfor.",
        "no_receipt": "Kvitteringen {code} står ikke i denne log.",
        "receipt": "Kvittering {code}: afstemning {poll}, post {entry}: {why}.",
        "answer": "Svar: {marks}",
        "substitute": "Svaret blev givet af en stedfortræder.",
        "mailed": "Svaret blev indtastet af lederen efter en mail eller et møde.",
        "key_fits": "Nøglen passer: svaret er givet for {unit}.",
        "key_wrong": "Nøglen passer ikke til kvitteringen.",
        "key_blind": "Svarets indhold står ikke i loggen, så nøglen kan ikke prøves her.",
        "counted": "talt med",
        "replaced": "ikke talt med, fordi samme vælger svarede igen senere",
        "empty": "ikke talt med, fordi svaret blev taget tilbage",
        "waiting": "ikke talt med, fordi ingen bekræftede vælgeren før lukningen",
        "colleague": "ikke talt med, fordi et nyere svar fra samme kommune talte",
        "not_yet": "endnu ikke talt, for afstemningen er ikke lukket",
    },
    "en": {
        "unreadable": "{file} can't be read as a voting log: {why}",
        "missing": "Entry {number} is missing.",
        "changed": "Entry {number} ({kind}) was changed: what it says does not fit its hash.",
        "unlinked": "Entry {number} ({kind}) does not follow the one before it: the chain is broken here.",
        "head": "The chain's check code is {head}, but the last entry has {last}.",
        "chain": "The chain is whole: {count} entries, check code {head}.",
        "old": "{count} of them are from before entries could be shown in parts; of those, only the links can be seen.",
        "broken": "The chain is broken; the counts below can't stand alone.",
        "poll": "Poll {number}: {title}",
        "untitled": "(the title is sealed, as it names a person)",
        "open": "  Not closed; there is no result yet.",
        "annulled": "  Annulled: the result does not stand.",
        "older": "  Begun before entries could be shown in parts: only »oenskebot verify« can count it again.",
        "sealed": "  Entry {number} ({kind}): {name} is sealed, so the poll can't be counted again.",
        "strange": "  Can't be counted again: {why}.",
        "same": "  Matches: {voted} of {units} municipalities, result in entry {entry}. Check code: {head}.",
        "secret": "  Secret. Receipts counted: {counted}; not: {others}. Each municipality can find its own.",
        "on_behalf": "  Of these, given by substitutes: {substitutes}; entered after a mail or a meeting: {mailed}.",
        "forbidden": "  NOT ALLOWED, {where}: {why}.",
        "at_entry": "entry {entry}",
        "at_receipt": "receipt {code}",
        "no_candidate": "#{wish} was not in the poll when the answer was given",
        "no_mark": "#{wish} was given {mark}; {allowed} is allowed",
        "no_order": "the places are {places}; they must be 1, 2, 3 and so on",
        "too_many": "{count} wishes are chosen, but one could choose {most} at most",
        "too_much": "{given} points are given, but one had only {dots}",
        "too_late": "the answer is from {at}, but the deadline was {deadline}",
        "differs": "  DOES NOT MATCH in entry {entry}, {name}: published {published}; counted again {counted}",
        "good": "Everything matches.",
        "bad": "SOMETHING DOES NOT MATCH: see above.",
        "no_receipt": "The receipt {code} is not in this log.",
        "receipt": "Receipt {code}: poll {poll}, entry {entry}: {why}.",
        "answer": "Answer: {marks}",
        "substitute": "The answer was given by a substitute.",
        "mailed": "The answer was entered by the leader after a mail or a meeting.",
        "key_fits": "The key fits: the answer was given for {unit}.",
        "key_wrong": "The key does not fit the receipt.",
        "key_blind": "What was answered is not in the log, so the key can't be tried here.",
        "counted": "counted",
        "replaced": "not counted, as the same voter answered again later",
        "empty": "not counted, as the answer was taken back",
        "waiting": "not counted, as nobody confirmed the voter before closing",
        "colleague": "not counted, as a newer answer of the same municipality was",
        "not_yet": "not counted yet, as the poll is not closed",
    },
}
SHOWN_SIGNS = 8
ANSWER = ("voter", "unit", "marks", "at", "confirmed", "receipt", "key")
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class CannotCount(Exception):
    """A poll can't be counted from this log: (key of the text, its parameters)."""


# The chain


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def own_hash(entry: dict[str, Any]) -> str:
    """The hash that follows from what the entry shows, and from the leaves of what it does not."""
    leaves = dict(entry["sealed"])
    for name, (salt, value) in entry["shown"].items():
        leaves[name] = digest([salt, name, value])
    head = {name: entry[name] for name in ("number", "at", "kind", "decision", "before", "form")}
    return digest({**head, "parts": leaves})


def check_chain(log: dict[str, Any], say: Any) -> bool:
    entries, whole = log["entries"], True
    expected, before = 1, "0" * 64
    for entry in entries:
        about = {"number": entry["number"], "kind": entry["kind"]}
        problems = []
        if entry["number"] > expected:
            gap = (expected, entry["number"] - 1)
            problems.append(("missing", {"number": "{}–{}".format(*gap) if gap[0] < gap[1] else gap[0]}))
        if entry["form"] != 1 and own_hash(entry) != entry["hash"]:
            problems.append(("changed", about))
        if not problems and (entry["number"] != expected or entry["before"] != before):
            problems.append(("unlinked", about))
        for name, values in problems:
            say(name, **values)
            whole = False
        expected, before = entry["number"] + 1, entry["hash"]
    if log["head"] != before:
        say("head", head=log["head"][:SHOWN_SIGNS], last=before[:SHOWN_SIGNS])
        whole = False
    say("chain" if whole else "broken", count=len(entries), head=before[:SHOWN_SIGNS])
    old = sum(1 for entry in entries if entry["form"] == 1)
    if old:
        say("old", count=old)
    return whole


def fact(entry: dict[str, Any], name: str) -> Any:
    try:
        return entry["shown"]["facts." + name][1]
    except KeyError:
        raise CannotCount("sealed", {"number": entry["number"], "kind": entry["kind"], "name": name}) from None


def given_by(entry: dict[str, Any]) -> str:
    """`mailed`, `substitute`, or empty where the unit's own people answered; nobody is named."""
    if fact(entry, "way") == "leader":
        return "mailed"
    earlier = ["", "facts.on_behalf_of" in entry["sealed"]]  # older entries have this part only where there is one
    return "substitute" if entry["shown"].get("facts.substitute", earlier)[1] else ""


# A poll, as the log tells it


class Poll:
    def __init__(self, opened: dict[str, Any]) -> None:
        self.entries = [opened]
        self.opened = opened
        self.closed: dict[str, Any] | None = None
        self.annulled = False

    def add(self, entry: dict[str, Any]) -> None:
        self.entries.append(entry)
        if entry["kind"] == "poll.closed":
            self.closed = entry
        self.annulled = self.annulled or entry["kind"] == "poll.annulled"

    def before_closing(self) -> list[dict[str, Any]]:
        last = self.closed["number"] if self.closed else math.inf
        return [entry for entry in self.entries if entry["number"] < last]

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [entry for entry in self.before_closing() if entry["kind"] == kind]

    @property
    def secret(self) -> bool:
        return bool(fact(self.opened, "visibility") == "secret")

    def units(self) -> dict[str, str]:
        """Id → name of the units that may vote."""
        names = {**fact(self.opened, "units"), **fact(self.opened, "pending")}
        admitted = set(fact(self.opened, "units")) | {
            str(fact(one, "unit")) for one in self.of_kind("ballot.confirmed")
        }
        return {unit: names[unit] for unit in admitted}


def read_polls(log: dict[str, Any]) -> tuple[dict[str, Poll], list[str]]:
    """The polls by subject, and the subjects of those that began when entries could not be shown in parts."""
    polls: dict[str, Poll] = {}
    older: dict[str, bool] = {}
    for entry in log["entries"]:
        subject = "" if entry["form"] == 1 else entry["shown"].get("subject", ["", ""])[1]
        if entry["kind"] == "poll.opened" and subject:
            polls[subject] = Poll(entry)
        elif subject in polls:
            polls[subject].add(entry)
        elif entry["kind"] == "poll.closed":
            older[subject or "poll:?"] = True
    return polls, list(older)


def read_given(poll: Poll) -> list[dict[str, Any]]:
    """Every answer that was given before the poll closed, each checked against its receipt, in the log's order."""
    found: list[dict[str, Any]] = []
    last: dict[tuple[str, int], dict[str, Any]] = {}
    subject = poll.opened["shown"]["subject"][1]
    for entry in poll.before_closing():
        if entry["kind"] == "ballot.cast":
            given = {name: fact(entry, name) for name in ANSWER}
            given["order"] = (dt.datetime.fromisoformat(given["at"]), entry["number"])
            if digest(["receipt", given["key"], subject, given["unit"], given["marks"]]) != given["receipt"]:
                raise CannotCount("strange", {"why": "receipt, {}".format(entry["number"])})
            last[given["voter"], given["unit"]] = given
            found.append(given)
        elif entry["kind"] == "ballot.confirmed" and fact(entry, "ballot"):
            last[fact(entry, "voter"), fact(entry, "unit")]["confirmed"] = True
    for given in found:
        given["stands"] = last[given["voter"], given["unit"]] is given
    return found


def standing_answers(poll: Poll) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Unit → {receipt: marks} of what counts, and receipt → why of the rest, followed answer by answer."""
    given, units = read_given(poll), poll.units()
    able = [one for one in given if one["stands"] and one["confirmed"] and one["marks"] and str(one["unit"]) in units]
    counting: dict[str, list[dict[str, Any]]] = {}
    for one in able:
        counting.setdefault(str(one["unit"]), []).append(one)
    if fact(poll.opened, "ballot_rule") != "average":
        counting = {unit: [max(several, key=lambda one: one["order"])] for unit, several in counting.items()}
    counted = {unit: {one["receipt"]: one["marks"] for one in several} for unit, several in counting.items()}
    known = {receipt for of_unit in counted.values() for receipt in of_unit}
    return counted, {one["receipt"]: why_not(one, units) for one in given if one["receipt"] not in known}


def why_not(given: dict[str, Any], units: dict[str, str]) -> str:
    if not given["stands"]:
        return "replaced"
    if not given["marks"]:
        return "empty"
    return "colleague" if given["confirmed"] and str(given["unit"]) in units else "waiting"


def secret_answers(poll: Poll) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The same of a secret poll: what was published at closing, checked against all else that can be seen."""
    assert poll.closed is not None
    counted, others = fact(poll.closed, "counted"), fact(poll.closed, "uncounted")
    turnout, receipts = fact(poll.closed, "turnout"), [one for made in counted.values() for one in made] + list(others)
    lines = sorted(counted, key=lambda line: min(counted[line]))
    averages = fact(poll.opened, "ballot_rule") == "average"
    checks = {
        "turnout/lines": len(turnout) == len(set(turnout)) == len(counted),
        "turnout/units": {str(unit) for unit in turnout} <= set(poll.units()),
        "receipts/answers": len(receipts) == len(set(receipts)) == len(poll.of_kind("ballot.cast")),
        "line order": lines == [str(line) for line in range(1, len(lines) + 1)],
        "one answer a line": averages or all(len(made) == 1 for made in counted.values()),
        "empty answers": all(all(marks.values()) and marks for made in counted.values() for marks in made.values()),
    }
    for what, holds in checks.items():
        if not holds:
            raise CannotCount("strange", {"why": what})
    return counted, others


# What was allowed


class Allowed:
    """What a poll allows in an answer, as far as the log has told it."""

    def __init__(self, poll: Poll) -> None:
        opened = poll.opened
        self.method, self.most, self.dots = fact(opened, "method"), fact(opened, "most"), fact(opened, "dots")
        self.offered = {str(one["number"]) for one in fact(opened, "candidates")}
        self.left: set[str] = set()
        self.deadline = fact(opened, "deadline")

    def follow(self, entry: dict[str, Any]) -> None:
        if entry["kind"] == "poll.candidate_added":
            self.offered.add(str(fact(entry, "candidate")))
        elif entry["kind"] == "poll.extended":
            self.deadline = fact(entry, "to")
        elif entry["kind"] == "poll.candidate_changed":
            number = str(fact(entry, "candidate"))
            self.left = self.left | {number} if fact(entry, "left") else self.left - {number}

    def faults_in(self, marks: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """What is not allowed in an answer that is given now: (key of the text, its parameters)."""
        highest, allowed = {"approval": (1, "1"), "score": (5, "1–5")}.get(self.method, (math.inf, "1, 2, 3 …"))
        found = []
        for name, mark in marks.items():
            if name not in self.offered:
                found.append(("no_candidate", {"wish": name}))
            elif type(mark) is not int or not 1 <= mark <= highest:
                found.append(("no_mark", {"wish": name, "mark": mark, "allowed": allowed}))
        if self.method == "ranking" and sorted(marks.values()) != list(range(1, len(marks) + 1)):
            found.append(("no_order", {"places": ", ".join(str(place) for place in marks.values())}))
        return found + self.excess_in(marks)

    def excess_in(self, marks: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """What goes over a limit; a mark on a wish that has left uses up none of it."""
        there = [mark for name, mark in marks.items() if name not in self.left]
        if self.method == "approval" and self.most is not None and len(there) > self.most:
            return [("too_many", {"count": len(there), "most": self.most})]
        if self.method == "points" and self.dots is not None and sum(there) > self.dots:
            return [("too_much", {"given": sum(there), "dots": self.dots})]
        return []

    def lateness_of(self, at: str) -> list[tuple[str, dict[str, Any]]]:
        if dt.datetime.fromisoformat(at) <= dt.datetime.fromisoformat(self.deadline):
            return []
        return [("too_late", {"at": at, "deadline": self.deadline})]


def list_forbidden(poll: Poll) -> list[tuple[tuple[str, Any], str, dict[str, Any]]]:
    """All that can be seen and was not allowed: ((key of the place's text, its parameter), key of the text, its
    parameters). An answer that stands at the end must be within its limits then too, as a wish may have come back."""
    allowed = Allowed(poll)
    found: list[tuple[tuple[str, Any], str, dict[str, Any]]] = []
    standing: dict[tuple[str, int], tuple[tuple[str, Any], dict[str, Any]]] = {}
    secret, seen = poll.secret, poll.closed is not None or fact(poll.opened, "visibility") == "open"
    for entry in poll.before_closing():
        allowed.follow(entry)
        if entry["kind"] == "ballot.cast" and seen and not secret:
            place, marks = ("at_entry", entry["number"]), fact(entry, "marks")
            standing[fact(entry, "voter"), fact(entry, "unit")] = (place, marks)
            found += [(place, *one) for one in allowed.faults_in(marks) + allowed.lateness_of(fact(entry, "at"))]
    if poll.closed is None:
        return found
    if secret:
        made = [one for of_line in fact(poll.closed, "counted").values() for one in of_line.items()]
        return [(("at_receipt", code_of(receipt)), *one) for receipt, marks in made for one in allowed.faults_in(marks)]
    known = {(place, key) for place, key, _ in found}
    again = [(place, *one) for place, marks in standing.values() for one in allowed.excess_in(marks)]
    return found + [one for one in again if one[:2] not in known]


def say_forbidden(poll: Poll, say: Any) -> bool:
    """Whether there is any."""
    found = list_forbidden(poll)
    for (place, told), key, values in found:
        where = say.words[place].format(entry=told, code=told)
        say("forbidden", where=where, why=say.words[key].format(**values))
    return bool(found)


def mean(answers: list[dict[str, int]]) -> dict[str, Fraction]:
    names = {name for answer in answers for name in answer}
    return {name: Fraction(sum(answer.get(name, 0) for answer in answers), len(answers)) for name in names}


# Points and places


def points_given(method: str, names: list[str], answer: dict[str, Fraction]) -> dict[str, Fraction]:
    """What one answer gives each candidate: its marks, or for a ranking as many points as stand below it (Borda)."""
    marked = {name: answer[name] for name in names if answer.get(name)}
    if method != "ranking":
        return marked
    given = {}
    for name, place in marked.items():
        below = sum(1 for other in names if other != name and (other not in marked or marked[other] > place))
        if below:
            given[name] = Fraction(below)
    return given


def places(groups: list[list[str]]) -> list[dict[str, Any]]:
    found, above = [], 0
    for group in groups:
        found.append({"rank": above + 1, "candidates": [int(name) for name in group]})
        above += len(group)
    return found


def by_total(names: list[str], totals: dict[str, Fraction]) -> list[list[str]]:
    return [[one for one in names if totals[one] == total] for total in sorted(set(totals.values()), reverse=True)]


def by_schulze(names: list[str], answers: list[dict[str, Fraction]]) -> list[list[str]]:
    """Schulze's method with winning votes: who has the stronger chain of duels stands above."""

    def prefers(answer: dict[str, Fraction], one: str, other: str) -> bool:
        return bool(answer.get(one)) and (not answer.get(other) or answer[one] < answer[other])

    duels = {one: {o: sum(1 for answer in answers if prefers(answer, one, o)) for o in names} for one in names}
    path = {one: {o: duels[one][o] if duels[one][o] > duels[o][one] else 0 for o in names} for one in names}
    moved = True
    while moved:
        moved = False
        for one in names:
            for over in names:
                for other in names:
                    way = min(path[one][over], path[over][other])
                    if one != other and way > path[one][other]:
                        path[one][other], moved = way, True
    groups, left = [], list(names)
    while left:
        first = [one for one in left if not any(path[other][one] > path[one][other] for other in left)]
        groups.append(first)
        left = [one for one in left if one not in first]
    return groups


# What the money is enough for

Wish = Any  # (name, what it needs of the money in øre)


def by_places(wishes: list[Wish], ranking: list[dict[str, Any]], money: int) -> dict[str, Any]:
    """Buy from the top of the ranking what fits; of those that share a place the cheaper first."""
    rank = {str(number): place["rank"] for place in ranking for number in place["candidates"]}
    return go_down(
        [(rank[name], (name, need)) for name, need in sorted(wishes, key=lambda x: (rank[x[0]], x[1]))], money
    )


def by_krone(wishes: list[Wish], totals: dict[str, Fraction], money: int) -> dict[str, Any]:
    """Buy what fits by points per krone; of equals the one with more points first. What costs nothing comes first."""

    def worth(wish: Wish) -> tuple[int, Fraction]:
        return (0, totals[wish[0]] / wish[1]) if wish[1] else (1, totals[wish[0]])

    order = sorted((one for one in wishes if totals[one[0]]), key=lambda one: one[1])
    order.sort(key=lambda one: totals[one[0]], reverse=True)
    order.sort(key=worth, reverse=True)
    return go_down([(worth(one), one) for one in order], money)


def go_down(order: list[tuple[Any, Wish]], money: int) -> dict[str, Any]:
    """Buy what fits from the top of a list of (worth, wish); equals at the edge of the money are a tie."""
    chosen: list[str] = []
    ties: list[list[int]] = []
    place = 0
    while place < len(order):
        equals = [wish for worth, wish in order if worth == order[place][0]]
        fitting = []
        for name, need in equals:
            if need <= money:
                money -= need
                fitting.append(name)
        chosen += fitting
        if fitting and len(fitting) < len(equals):
            ties.append([int(one[0]) for one in equals])
        place += len(equals)
    return {"chosen": [int(name) for name in chosen], "ties": ties, "receipts": {}, "share": None, "completion": []}


class Shares:
    """One run of the Method of Equal Shares (Peters, Pierczyński and Skowron 2021) with `share` øre for each voter.

    Money is kept as whole numbers over `below`. A wish's price per point is found by letting its supporters pay alike,
    and taking out again and again those who can't."""

    def __init__(self, wishes: list[Wish], points: dict[str, dict[int, int]], voters: int, share: Fraction) -> None:
        self.points, self.below = points, share.denominator
        self.left = [share.numerator] * voters
        self.bought: list[str] = []
        self.paid: dict[str, dict[int, Fraction]] = {}
        self.ties: list[list[str]] = []
        self.spent = 0
        waiting = {name: need for name, need in wishes if points[name]}
        self.rank = {name: (-sum(points[name].values()), need, at) for at, (name, need) in enumerate(wishes)}
        known = {name: Fraction(0) for name in waiting}
        while waiting:
            best: Fraction | None = None
            same: list[str] = []
            for name in list(waiting):
                if best is not None and known[name] > best:
                    continue
                price = self.price(name, waiting[name])
                if price is None:
                    del waiting[name]
                    continue
                known[name] = price
                if best is None or price < best:
                    best, same = price, []
                if price == best:
                    same.append(name)
            if best is None:
                break
            same.sort(key=lambda name: self.rank[name])
            if len(same) > 1:
                self.ties.append(same)
            self.buy(same[0], waiting.pop(same[0]), best)

    def price(self, name: str, need: int) -> Fraction | None:
        owed, payers = need * self.below, dict(self.points[name])
        while payers:
            total = sum(payers.values())
            poor = [voter for voter, given in payers.items() if self.left[voter] * total < owed * given]
            if not poor:
                return Fraction(owed, total * self.below)
            owed -= sum(self.left[voter] for voter in poor)
            for voter in poor:
                del payers[voter]
        return None

    def buy(self, name: str, need: int, price: Fraction) -> None:
        scale = price.denominator // math.gcd(price.denominator, self.below)
        self.below *= scale
        self.left = [has * scale for has in self.left]
        for voter, given in self.points[name].items():
            pays = min(self.left[voter], price.numerator * (self.below // price.denominator) * given)
            self.left[voter] -= pays
            if pays:
                self.paid.setdefault(name, {})[voter] = Fraction(pays, self.below)
        self.bought.append(name)
        self.spent += need


def harmless_raises(
    wishes: list[Wish], points: dict[str, dict[int, int]], money: int, start: tuple[Fraction, Fraction]
) -> int:
    """How many raises surely are not the last, so that they need not be tried one by one.

    Only what its supporters' whole shares could pay for can be bought. While all of that fits into the money at once,
    and beside it something that can't be bought yet, a raise can't overspend, and there is something left to wish for.
    `start` is the first share and the size of a raise."""
    share, step = start
    wanted = [(Fraction(need, len(points[name])), need) for name, need in wishes if points[name]]

    def leaves_something(limit: Fraction) -> bool:
        within = sum(need for least, need in wanted if least <= limit)
        return any(least > limit and within + need <= money for least, need in wanted)

    limits = sorted({share, *(least for least, _ in wanted if least > share)})
    until = next(limit for limit in limits if not leaves_something(limit))
    return max(0, math.ceil((until - share) / step) - 1)


def equal_shares(wishes: list[Wish], given: dict[str, dict[str, Fraction]], money: int) -> dict[str, Any]:
    """Equal shares, raised by a thousandth (at least a krone) until the next raise would overspend (Add1); then what is
    left goes to what fits by points per krone."""
    voters = sorted(given, key=int)
    scale = 1
    for answer in given.values():
        for mark in answer.values():
            scale = scale * mark.denominator // math.gcd(scale, mark.denominator)
    points = {
        name: {at: int(given[v][name] * scale) for at, v in enumerate(voters) if name in given[v]} for name, _ in wishes
    }
    share, step = Fraction(money, len(voters)), max(Fraction(money, 1000 * len(voters)), Fraction(100))
    share += step * harmless_raises(wishes, points, money, (share, step))
    run = Shares(wishes, points, len(voters), share)
    while any(points[name] and name not in run.bought and need <= money - run.spent for name, need in wishes):
        share += step
        raised = Shares(wishes, points, len(voters), share)
        if raised.spent > money:
            share -= step
            break
        run = raised
    totals = {name: sum((given[v].get(name, Fraction(0)) for v in voters), Fraction(0)) for name, _ in wishes}
    rest = by_krone([one for one in wishes if one[0] not in run.bought], totals, money - run.spent)
    chosen = [int(name) for name in run.bought] + rest["chosen"]
    ties = [[int(name) for name in tie] for tie in run.ties] + rest["ties"]
    exact = {
        voter: {name: paid[at] for name, paid in run.paid.items() if at in paid} for at, voter in enumerate(voters)
    }
    ties = [tie for tie in ties if not set(tie) <= set(chosen)]
    return {"chosen": chosen, "ties": ties, "receipts": exact, "share": str(share), "completion": rest["chosen"]}


def rounded_well(exact: dict[str, dict[str, Fraction]], published: dict[str, dict[str, int]]) -> bool:
    """Whether receipts in whole øre are the exact payments, each and each municipality's sum rounded up or down to a
    whole øre, and every wish's sum exactly what was paid. Several roundings do that, and any of them is right."""

    def near(amount: Fraction, ore: int) -> bool:
        return isinstance(ore, int) and abs(amount - ore) < 1

    if {voter: set(paid) for voter, paid in exact.items()} != {voter: set(paid) for voter, paid in published.items()}:
        return False
    sums: dict[str, Fraction] = {}
    for voter, paid in exact.items():
        for name, amount in paid.items():
            sums[name] = sums.get(name, Fraction(0)) + amount - published[voter][name]
    each = all(near(amount, published[voter][name]) for voter, paid in exact.items() for name, amount in paid.items())
    both = all(near(sum(paid.values(), Fraction(0)), sum(published[voter].values())) for voter, paid in exact.items())
    return each and both and not any(sums.values())


# The count


def count(poll: Poll) -> dict[str, Any]:
    """The result as it follows from the log; what was free and set aside at closing is taken as it was published."""
    assert poll.closed is not None
    method, quorum = fact(poll.opened, "method"), fact(poll.opened, "quorum")
    counted, others = secret_answers(poll) if poll.secret else standing_answers(poll)
    answers = {key: mean(list(made.values())) for key, made in counted.items()}
    candidates = [candidate_as_logged(poll, number) for number in offered_numbers(poll)]
    running = [one for one in candidates if not one["left"]]
    names = [str(one["number"]) for one in running]
    given = {key: points_given(method, names, answer) for key, answer in answers.items()}
    totals = {name: sum((one.get(name, Fraction(0)) for one in given.values()), Fraction(0)) for name in names}
    supporters = {name: sum(1 for one in answers.values() if one.get(name)) for name in names}
    units, voted, free = poll.units(), len(answers), fact(poll.closed, "free")
    groups = by_schulze(names, list(answers.values())) if method == "ranking" else by_total(names, totals)
    found = (given, totals, places(groups), supporters)
    result = {
        "method": method,
        "units": len(units),
        "voted": voted,
        "quorum": quorum,
        "quorate": None if quorum is None else 100 * voted >= quorum * len(units),
        "rule": fact(poll.opened, "rule"),
        "free": free,
        "ranking": places(groups),
        "points": {name: str(total) for name, total in totals.items()},
        "supporters": supporters,
        "candidates": candidates,
        "winners": {} if free is None else winners(poll.closed, running, found, max(0, free)),
        "ballots": {key: {name: str(mark) for name, mark in answer.items()} for key, answer in answers.items()},
        "counted": counted,
        "uncounted": others,
    }
    if not poll.secret:
        result["turnout"] = sorted(int(unit) for unit in counted)
        ways = ways_of(poll, counted)
        told = {"mailed": ways.count("mailed"), "substituted": ways.count("substitute")}
        result |= {name: number for name, number in told.items() if "facts." + name in poll.closed["shown"]}
    return result


def ways_of(poll: Poll, counted: dict[str, dict[str, Any]]) -> list[str]:
    """How each of the answers that were counted came; older results don't say how many others gave."""
    receipts = {receipt for made in counted.values() for receipt in made}
    return [given_by(one) for one in poll.of_kind("ballot.cast") if fact(one, "receipt") in receipts]


def candidate_as_logged(poll: Poll, number: int) -> dict[str, Any]:
    """A candidate with the cost that the first vote froze, or that it came with later, and whether it had left."""
    assert poll.closed is not None
    published: dict[str, Any] = next((one for one in fact(poll.closed, "candidates") if one["number"] == number), {})
    cost, left, frozen = published.get("cost"), False, False
    for entry in poll.before_closing():
        if entry["kind"] == "poll.costs_frozen":
            cost, frozen = fact(entry, "costs").get(str(number), cost), True
        elif entry["kind"] == "poll.candidate_added" and frozen and fact(entry, "candidate") == number:
            cost = fact(entry, "cost")
        elif entry["kind"] == "poll.candidate_changed" and fact(entry, "candidate") == number:
            left = bool(fact(entry, "left"))
    money = {"own": published.get("own", 0), "beyond": published.get("beyond", False)}
    return {"number": number, "cost": cost, **money, "left": left}


def winners(closed: dict[str, Any], running: list[Any], counted: Any, money: int) -> dict[str, Any]:
    given, totals, ranking, supporters = counted
    able = sorted((one for one in running if one["cost"] is not None and not one["beyond"]), key=lambda x: x["number"])
    wishes = [(str(one["number"]), max(0, one["cost"] - one["own"])) for one in able]
    offered = {name for name, _ in wishes}
    voting = {key: {n: mark for n, mark in one.items() if n in offered} for key, one in given.items()}
    per_krone = by_krone(wishes, totals, money)
    shares = equal_shares(wishes, voting, money) if voting and money else per_krone
    published: dict[str, dict[str, int]] = fact(closed, "winners").get("equal_shares", {}).get("receipts", {})
    exact = shares["receipts"]
    if rounded_well(exact, published):
        receipts: Any = published
    else:
        receipts = {key: {name: str(amount) for name, amount in paid.items()} for key, paid in exact.items()}
    return {
        "rank_order": by_places([one for one in wishes if supporters[one[0]]], ranking, money),
        "per_krone": per_krone,
        "equal_shares": {**shares, "receipts": receipts},
    }


def offered_numbers(poll: Poll) -> list[int]:
    """The candidates, in the order of the poll."""
    numbers = [one["number"] for one in fact(poll.opened, "candidates")]
    return numbers + [fact(entry, "candidate") for entry in poll.of_kind("poll.candidate_added")]


def check_poll(poll: Poll, say: Any) -> bool:
    title = poll.opened["shown"].get("facts.title", ["", ""])[1]
    number = poll.opened["shown"]["subject"][1].partition(":")[2]
    say("poll", number=number, title=title or say.words["untitled"])
    if poll.annulled:
        say("annulled")
    try:
        forbidden = say_forbidden(poll, say)
        if poll.closed is None:
            if not poll.annulled:
                say("open")
            return not forbidden
        counted = count(poll)
        published = {name: fact(poll.closed, name) for name in counted}
    except CannotCount as problem:
        say(problem.args[0], **problem.args[1])
        return False
    except (LookupError, TypeError, ValueError, AttributeError) as why:
        say("strange", why=repr(why))
        return False
    wrong = [name for name in counted if counted[name] != published[name]]
    for name in wrong:
        mine, theirs = differing(counted[name], published[name])
        say("differs", entry=poll.closed["number"], name=name, published=theirs, counted=mine)
    if not wrong and not forbidden:
        about = {name: counted[name] for name in ("voted", "units")}
        say("same", entry=poll.closed["number"], head=poll.closed["hash"][:SHOWN_SIGNS], **about)
        if poll.secret:
            numbers = sum(len(made) for made in counted["counted"].values()), len(counted["uncounted"])
            say("secret", counted=numbers[0], others=numbers[1])
        else:
            say_on_behalf(ways_of(poll, counted["counted"]), say)
    return not wrong and not forbidden


def say_on_behalf(ways: list[str], say: Any) -> None:
    """How many of the answers that were counted somebody gave in the place of others, where there are any."""
    if any(ways):
        say("on_behalf", substitutes=ways.count("substitute"), mailed=ways.count("mailed"))


def differing(mine: Any, theirs: Any) -> tuple[str, str]:
    """The parts that are not the same, short enough to read."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        names = [name for name in {**mine, **theirs} if mine.get(name) != theirs.get(name)]
        mine, theirs = ({name: one.get(name) for name in names} for one in (mine, theirs))
    return str(mine)[:300], str(theirs)[:300]


# Receipts


def code_of(receipt: str) -> str:
    bits = bin(int(receipt, 16))[2:].zfill(256)
    signs = "".join(CODE_SIGNS[int(bits[at : at + 5], 2)] for at in range(0, 50, 5))
    return signs[:5] + "-" + signs[5:]


def list_receipts(poll: Poll) -> list[dict[str, Any]]:
    """Every answer that can be seen: its receipt and entry, why it was counted or not, its marks (`None` where they are
    not shown), and who gave it."""
    if poll.secret:
        if poll.closed is None:
            return []
        counted, others = fact(poll.closed, "counted"), fact(poll.closed, "uncounted")
        seen = [(one, "counted", marks) for made in counted.values() for one, marks in made.items()]
        seen += [(one, why, None) for one, why in others.items()]
        usual = {"entry": poll.closed["number"], "given_by": ""}
        return [{**usual, "receipt": one, "why": why, "marks": marks} for one, why, marks in seen]
    others = fact(poll.closed, "uncounted") if poll.closed else {}
    otherwise = "counted" if poll.closed else "not_yet"
    found = []
    for entry in poll.of_kind("ballot.cast"):
        if "facts.receipt" in entry["shown"]:
            receipt, marks = fact(entry, "receipt"), fact(entry, "marks")
            why = others.get(receipt, otherwise)
            about = {"receipt": receipt, "marks": marks, "entry": entry["number"], "why": why}
            found.append({**about, "given_by": given_by(entry)})
    return found


def find_receipt(polls: dict[str, Poll], typed: str, key: str, say: Any) -> bool:
    wanted = typed.upper().replace("O", "0").replace("I", "1").replace("L", "1").replace("-", "").replace(" ", "")
    for subject, poll in polls.items():
        try:
            listed = list_receipts(poll)
        except CannotCount as problem:
            say(problem.args[0], **problem.args[1])
            continue
        for one in listed:
            code, marks = code_of(one["receipt"]), one["marks"]
            if code.replace("-", "") != wanted:
                continue
            say("receipt", code=code, poll=subject.partition(":")[2], entry=one["entry"], why=say.words[one["why"]])
            if marks is not None:
                say("answer", marks=", ".join("#{}={}".format(*mark) for mark in marks.items()) or "-")
            if one["given_by"]:
                say(one["given_by"])
            return not key or try_key(poll, (one["receipt"], marks), key, say)
    say("no_receipt", code=typed)
    return False


def try_key(poll: Poll, found: tuple[str, Any], key: str, say: Any) -> bool:
    """Whether the receipt follows from the key, for one of the poll's units."""
    receipt, marks = found
    if marks is None:
        say("key_blind")
        return False
    names = {**fact(poll.opened, "units"), **fact(poll.opened, "pending")}
    for unit, name in names.items():
        made_of = ["receipt", key.strip(), poll.opened["shown"]["subject"][1], int(unit), marks]
        if hmac.compare_digest(digest(made_of), receipt):
            say("key_fits", unit=name)
            return True
    say("key_wrong")
    return False


class Say:
    def __init__(self, language: str) -> None:
        self.words = TEXTS[language]

    def __call__(self, key: str, **values: Any) -> None:
        text = self.words[key].format(**values)
        print("".join(sign if sign.isprintable() else " " for sign in text))


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("log", nargs="?", default="", help="log.json")
    wanted.add_argument("--english", action="store_true")
    wanted.add_argument("--receipt", default="", metavar="CODE", help="kvittering / receipt")
    wanted.add_argument("--key", default="", help="kvitteringens nøgle / the receipt's key")
    asked = wanted.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    say = Say("en" if asked.english else "da")
    file = pathlib.Path(asked.log) if asked.log else pathlib.Path(__file__).with_name("log.json")
    try:
        log = json.loads(file.read_text(encoding="utf-8"))
        if log["format"] != "oenskebot-public-log" or log["version"] != 1:
            raise ValueError(log["format"], log["version"])
        whole, found = check_chain(log, say), read_polls(log)
        polls, older = found
    except (OSError, ValueError, KeyError, TypeError) as why:
        say("unreadable", file=file, why=repr(why))
        return 1
    if asked.receipt:
        return 0 if find_receipt(polls, asked.receipt, asked.key, say) and whole else 1
    for subject in older:
        say("poll", number=subject.partition(":")[2], title="–")
        say("older")
    same = [check_poll(poll, say) for poll in polls.values()]
    say("good" if whole and all(same) else "bad")
    return 0 if whole and all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
