"""The auditor's script finds every published result again, without any of our code, and whatever was changed."""

from __future__ import annotations

import ast
import copy
import pathlib
import tempfile
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.results.allowed import list_breaches
from handlers.results.auditor import recount as script
from handlers.results.recount import recount
from handlers.results.rules import Contender
from tests.results.making import SCRIPT, UNITS, Told, Written, check, logs, run_script


@given(logs())
@settings(max_examples=400, deadline=None)
def test_two_programs_agree_on_every_poll(written: Written) -> None:
    good, lines = check(written.public())
    assert good, lines
    assert [one.matches for one in recount(written.entries)] == [True]
    assert list_breaches(written.entries) == []


@given(logs())
@settings(max_examples=15, deadline=None)
def test_the_script_needs_nothing_but_the_log(written: Written) -> None:
    with tempfile.TemporaryDirectory() as folder:
        code, said = run_script(pathlib.Path(folder), written.public())
    assert (code, said.splitlines()[-1]) == (0, "Alt passer.")


@given(logs(), st.data())
@settings(max_examples=200, deadline=None)
def test_whatever_is_changed_in_a_public_log_is_found(written: Written, data: st.DataObject) -> None:
    log = written.public()
    place = data.draw(st.integers(0, len(log["entries"]) - 1))
    entry = log["entries"][place]
    part = data.draw(st.sampled_from(["shown", "sealed", "at", "kind", "decision", "delete", "hash", "swap"]))
    if part == "shown":
        name = data.draw(st.sampled_from(sorted(entry["shown"]))) if entry["shown"] else ""
        entry["shown"][name] = [entry["shown"].get(name, [""])[0], "changed"]
    elif part == "sealed":
        entry["sealed"][data.draw(st.sampled_from(sorted(entry["sealed"])))] = "0" * 64
    elif part == "delete":
        del log["entries"][place]
    elif part == "swap":
        other = (place + 1) % len(log["entries"])
        log["entries"][place], log["entries"][other] = log["entries"][other], entry
    else:
        entry[part] = {"at": "2026-01-01T00:00:00.000000+00:00", "kind": "x.y", "decision": True, "hash": "0" * 64}[
            part
        ]
    say = Told()
    assert not script.check_chain(log, say)
    if part not in ("delete", "swap"):
        assert any(f"Post {entry['number']} " in line for line in say.lines)


def small(**facts: Any) -> Written:
    written = Written()
    written.open(UNITS, {1: 20_000, 2: 30_000}, **facts)
    written.add("poll.costs_frozen", "poll:1", {"costs": {"1": 20_000, "2": 30_000}})
    written.cast("p1", 10, {1: 1})
    written.cast("p2", 11, {1: 1, 2: 1})
    written.cast("p1", 10, {2: 1})
    written.close([Contender(1, 20_000), Contender(2, 30_000)], 40_000)
    return written


def rehash(log: dict[str, Any]) -> dict[str, Any]:
    """The chain made whole again by somebody who knows how, after a change."""
    before = "0" * 64
    for number, entry in enumerate(log["entries"], 1):
        entry["number"], entry["before"] = number, before
        entry["hash"] = before = script.own_hash(entry)
    return {**log, "head": before}


def change_marks(log: dict[str, Any]) -> None:
    log["entries"][2]["shown"]["facts.marks"][1] = {"2": 1}


def change_cost(log: dict[str, Any]) -> None:
    log["entries"][1]["shown"]["facts.costs"][1]["2"] = 10


def change_voted(log: dict[str, Any]) -> None:
    log["entries"][5]["shown"]["facts.voted"][1] = 3


def change_mailed(log: dict[str, Any]) -> None:
    log["entries"][5]["shown"]["facts.mailed"][1] = 1


def change_winner(log: dict[str, Any]) -> None:
    log["entries"][5]["shown"]["facts.winners"][1]["rank_order"]["chosen"] = [1]


def drop_candidate(log: dict[str, Any]) -> None:
    log["entries"][0]["shown"]["facts.candidates"][1].append({"number": 3, "cost": 5})


def drop_ballot(log: dict[str, Any]) -> None:
    del log["entries"][4]


def seal_marks(log: dict[str, Any]) -> None:
    entry = log["entries"][3]
    salt, value = entry["shown"].pop("facts.marks")
    entry["sealed"]["facts.marks"] = script.digest([salt, "facts.marks", value])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_marks, "receipt, 3"),
        (change_cost, "PASSER IKKE i post 6, candidates"),
        (change_voted, "PASSER IKKE i post 6, voted: offentliggjort 3; talt efter 2"),
        (change_mailed, "PASSER IKKE i post 6, mailed: offentliggjort 1; talt efter 0"),
        (change_winner, "PASSER IKKE i post 6, winners"),
        (drop_candidate, "PASSER IKKE i post 6, candidates"),
        (drop_ballot, "PASSER IKKE i post 5, ranking"),
        (seal_marks, "Post 4 (ballot.cast): marks er lukket"),
    ],
)
def test_a_forger_who_mends_the_chain_is_found_by_the_count(tmp_path: pathlib.Path, change: Any, said: str) -> None:
    log = small().public()
    change(log)
    code, told = run_script(tmp_path, rehash(log))
    assert code == 1
    assert said in told
    assert "Kæden er hel" in told
    assert told.splitlines()[-1] == "NOGET PASSER IKKE: se ovenfor."


def secret_lines(log: dict[str, Any]) -> Any:
    return log["entries"][5]["shown"]["facts.counted"][1]


def stuff(log: dict[str, Any]) -> None:
    log["entries"][5]["shown"]["facts.counted"][1]["3"] = {"f" * 64: {"2": 1}}


def repeat_receipt(log: dict[str, Any]) -> None:
    lines = secret_lines(log)
    lines["2"] = copy.deepcopy(lines["1"])


def swap_lines(log: dict[str, Any]) -> None:
    lines = secret_lines(log)
    lines["1"], lines["2"] = lines["2"], lines["1"]


def stranger_votes(log: dict[str, Any]) -> None:
    log["entries"][5]["shown"]["facts.turnout"][1][0] = 99


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (stuff, "turnout/lines"),
        (repeat_receipt, "receipts/answers"),
        (swap_lines, "line order"),
        (stranger_votes, "turnout/units"),
    ],
)
def test_a_secret_poll_can_not_be_stuffed(tmp_path: pathlib.Path, change: Any, said: str) -> None:
    log = small(visibility="secret").public()
    change(log)
    code, told = run_script(tmp_path, rehash(log))
    assert (code, said in told) == (1, True), told


def test_what_it_says_of_a_good_log(tmp_path: pathlib.Path) -> None:
    log = small().public()
    head = log["entries"][5]["hash"][:8]
    code, said = run_script(tmp_path, log)
    assert code == 0
    assert said.splitlines() == [
        f"Kæden er hel: 6 poster, kontrolkode {head}.",
        "Afstemning 1: Prioritering",
        f"  Passer: 2 af 5 kommuner, resultatet i post 6. Kontrolkode: {head}.",
        "Alt passer.",
    ]
    code, said = run_script(tmp_path, log, "--english")
    assert said.splitlines()[-1] == "Everything matches."


def test_a_poll_that_runs_has_no_result_yet_and_an_annulled_one_none_that_stands() -> None:
    written = small()
    written.open(UNITS, {1: None, 2: None}, 2)
    written.open(UNITS, {1: None, 2: None}, 3)
    written.add("poll.annulled", "poll:3", {"was": "open", "reason": "Der manglede et ønske"})
    written.add("poll.annulled", "poll:1", {"was": "closed", "reason": "Anna Holm tog fejl"})
    good, lines = check(written.public())
    assert good
    assert lines.count("  Ikke afsluttet; der er intet resultat endnu.") == 1
    assert lines.count("  Annulleret: resultatet gælder ikke.") == 2


def test_what_was_written_before_there_were_parts_is_told_apart(tmp_path: pathlib.Path) -> None:
    written = Written(form=1)
    written.add("group.founded", "group", {"product": "OS2test"})
    written.open(UNITS, {1: 20_000, 2: 30_000})
    written.form = 2
    given = {"person": "p1", "unit": 10, "marks": {"1": 1}, "way": "form", "confirmed": True}
    written.add("ballot.cast", "poll:1", given | {"at": "2026-09-01T08:30:00+00:00"})
    written.close([Contender(1, 20_000), Contender(2, 30_000)], None)
    code, said = run_script(tmp_path, written.public())
    assert code == 0
    assert "2 af dem er fra før" in said
    assert "kan kun tælles efter med »oenskebot verify«" in said
    log = written.public()
    log["entries"][0]["hash"] = "0" * 64
    code, said = run_script(tmp_path, log)
    assert code == 1
    assert "Post 2 (poll.opened) følger ikke efter den før" in said


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format":"other","version":1}', b"\xff", b'{"format":1'])
def test_what_is_no_log_is_said_so(tmp_path: pathlib.Path, content: bytes) -> None:
    code, said = run_script(tmp_path, content)
    assert code == 1
    assert "kan ikke læses som en stemmelog" in said


def test_a_log_that_is_not_there(tmp_path: pathlib.Path) -> None:
    code, said = run_script(tmp_path, small().public(), "another.json")
    assert code == 1
    assert "another.json kan ikke læses" in said


def test_signs_that_move_the_cursor_are_not_printed(tmp_path: pathlib.Path) -> None:
    _, said = run_script(tmp_path, small(title="\x1b[2J\rPænt").public())
    assert "Afstemning 1:  [2J Pænt" in said


def test_the_script_is_one_old_enough_file_of_the_standard_library() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    used = {"__future__", "argparse", "datetime", "fractions", "hashlib", "hmac", "json", "math", "pathlib", "sys"}
    assert imported == used | {"typing"}
    for newer in ("removeprefix", "removesuffix", "math.lcm", "strict=", "bit_count", "zoneinfo", "match "):
        assert newer not in text


def test_both_languages_say_the_same_things() -> None:
    danish, english = script.TEXTS["da"], script.TEXTS["en"]
    assert danish.keys() == english.keys()


def test_a_raise_that_spends_exactly_all_of_the_money_is_taken() -> None:
    written = Written()
    written.open({10: "Favrskov", 11: "Tønder"}, {1: 2_000_000, 2: 1_000_000}, rule="equal_shares")
    written.add("poll.costs_frozen", "poll:1", {"costs": {"1": 2_000_000, "2": 1_000_000}})
    written.cast("p1", 10, {1: 1})
    written.cast("p2", 11, {2: 1})
    written.close([Contender(1, 2_000_000), Contender(2, 1_000_000)], 3_000_000)
    paid = written.entries[-1].facts["winners"]["equal_shares"]["receipts"]
    assert paid == {"10": {"1": 2_000_000}, "11": {"2": 1_000_000}}
    good, lines = check(written.public())
    assert good, lines


def elections() -> st.SearchStrategy[tuple[Any, dict[str, Any], int]]:
    """Wishes, what each municipality gives them, and the money: dear wishes of few beside cheap ones of many."""
    needs = st.lists(st.one_of(st.integers(0, 3_000), st.integers(0, 60_000)), min_size=1, max_size=5)

    def given(needs: list[int]) -> st.SearchStrategy[tuple[Any, dict[str, Any], int]]:
        wishes = [(str(number), need) for number, need in enumerate(needs)]
        marks = st.dictionaries(st.sampled_from([name for name, _ in wishes]), st.integers(1, 5).map(Fraction))
        voters = st.lists(marks, min_size=1, max_size=5)
        answers = voters.map(lambda all_marks: {str(number): marks for number, marks in enumerate(all_marks)})
        return st.tuples(st.just(wishes), answers, st.integers(1, 2 * sum(needs) + 1))

    return needs.flatmap(given)


@given(elections())
@settings(max_examples=300, deadline=None)
def test_raises_that_are_passed_over_would_not_have_been_the_last(election: tuple[Any, dict[str, Any], int]) -> None:
    found = script.equal_shares(*election)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(script, "harmless_raises", lambda *_: 0)
        assert script.equal_shares(*election) == found


def test_the_raise_at_which_two_wishes_are_paid_at_once_is_tried() -> None:
    wishes = [("1", 150_000), ("2", 150_000)]
    found = script.equal_shares(wishes, {"1": {"1": Fraction(1)}, "2": {"2": Fraction(1)}}, 200_000)
    no_purchase: dict[str, object] = {"receipts": {"1": {}, "2": {}}, "share": "149900", "completion": [1]}
    assert found == {"chosen": [1], "ties": [[1, 2]], **no_purchase}


def test_one_dear_wish_is_reached_without_trying_every_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """An auditor would otherwise wait for minutes."""
    runs = []
    made = script.Shares.__init__
    monkeypatch.setattr(script.Shares, "__init__", lambda self, *given: runs.append(made(self, *given)))
    wishes = [("1", 100_000_000), *((str(number), 2_000_000) for number in range(2, 52))]
    names = [name for name, _ in wishes]
    answers = {str(voter): {names[1 + voter % 50]: Fraction(1)} for voter in range(97)} | {"97": {"1": Fraction(5)}}
    found = script.equal_shares(wishes, answers, 200_000_000)
    assert sorted(found["chosen"]) == sorted(int(name) for name in names)
    assert len(runs) < 10


THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("exact", "published", "well"),
    [
        ({"1": {"5": THIRD}, "2": {"5": 2 * THIRD}}, {"1": {"5": 0}, "2": {"5": 1}}, True),
        ({"1": {"5": THIRD}, "2": {"5": 2 * THIRD}}, {"1": {"5": 1}, "2": {"5": 0}}, True),
        ({"1": {"5": THIRD}, "2": {"5": 2 * THIRD}}, {"1": {"5": 1}, "2": {"5": 1}}, False),
        (
            {"1": {"5": THIRD, "6": THIRD}, "2": {"5": 2 * THIRD, "6": 2 * THIRD}},
            {"1": {"5": 2, "6": -1}, "2": {"5": -1, "6": 2}},
            False,
        ),
        ({"1": {"5": THIRD}, "2": {"5": 2 * THIRD}}, {"1": {}, "2": {"5": 1}}, False),
        (
            {voter: dict.fromkeys("567", THIRD) for voter in "123"},
            {"1": {"5": 1, "6": 0, "7": 0}, "2": {"5": 0, "6": 1, "7": 0}, "3": {"5": 0, "6": 0, "7": 1}},
            True,
        ),
        (
            {voter: dict.fromkeys("567", THIRD) for voter in "123"},
            {voter: dict.fromkeys("567", int(voter == "1")) for voter in "123"},
            False,
        ),
    ],
)
def test_receipts_in_whole_ore_are_the_exact_ones_rounded(exact: Any, published: Any, well: bool) -> None:
    """Each, each municipality's sum and each wish's sum; any rounding that does so is right."""
    assert script.rounded_well(exact, published) is well
