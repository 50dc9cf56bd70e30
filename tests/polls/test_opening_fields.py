"""What the leader fills in to open a poll: every bound, and one sentence at each field that can't be used."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from handlers.capability import Ask
from handlers.chat.refusals import FieldRefusal, Misfilled
from handlers.polls.rules import MOST_CANDIDATES, OpeningFields, check_room, opening_of
from storage.enums import PollMethod, Visibility, WinnerRule
from tests.conftest import START, ZONE

DAY = {"date": "8.9.2026"}
MANY = ",".join(str(number) for number in range(1, 51))


def fill(now: dt.datetime = START, **values: str | list[str]) -> OpeningFields:
    """The form with a title, two wishes and a date, and with these values."""
    return OpeningFields(Ask(values={"title": "Prioritering", "wishes": ["43", "12"], **DAY, **values}), now)


def problems(now: dt.datetime = START, **values: str | list[str]) -> list[tuple[str, str, dict[str, object]]]:
    """(field, key, parameters) of what can't be used."""
    with pytest.raises(Misfilled) as found:
        fill(now, **values)
    return [(one.field, one.key, one.parameters) for one in found.value.refusals]


def local(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=ZONE)  # type: ignore[arg-type,misc]


def test_what_is_left_empty_is_as_usual() -> None:
    found = fill()
    assert (found.title, found.numbers) == ("Prioritering", [43, 12])
    assert (found.method, found.rule, found.visibility) == (
        PollMethod.APPROVAL,
        WinnerRule.RANK_ORDER,
        Visibility.OPEN,
    )
    assert (found.most, found.dots, found.quorum) == (None, None, None)
    assert found.deadline == local(2026, 9, 8, 12)
    assert found.deadline.tzinfo is dt.UTC
    assert found.opens == START


def test_everything_that_can_be_filled_in() -> None:
    found = fill(
        title=" Efterårets \n prioritering ",
        wishes=["43", "12"],
        more="#7 og 43",
        method="points",
        rule="per_krone",
        visibility="hidden",
        dots="20",
        quorum=" 60 % ",
        time="15.30",
        debate="3.9.2026",
    )
    assert (found.title, found.numbers) == ("Efterårets prioritering", [43, 12, 7])
    assert (found.method, found.rule, found.visibility) == (
        PollMethod.POINTS,
        WinnerRule.PER_KRONE,
        Visibility.HIDDEN,
    )
    assert (found.dots, found.quorum) == (20, 60)
    assert found.deadline == local(2026, 9, 8, 15, 30)
    assert found.opens == local(2026, 9, 3, 9)
    assert fill(most="2").most == 2
    assert fill(date="8.9.", debate="3.9.").opens == local(2026, 9, 3, 9)


@pytest.mark.parametrize(
    ("values", "field", "key"),
    [
        ({"title": ""}, "title", "inputs.text_missing"),
        ({"title": "x" * 201}, "title", "inputs.text_too_long"),
        ({"wishes": ["hest"]}, "wishes", "polls.numbers_unreadable"),
        ({"more": "4.3"}, "more", "polls.numbers_unreadable"),
        ({"wishes": ["43"]}, "wishes", "polls.too_few_candidates"),
        ({"wishes": [], "more": "43"}, "wishes", "polls.too_few_candidates"),
        ({"most": "0"}, "most", "inputs.count_wrong"),
        ({"most": "51"}, "most", "inputs.count_wrong"),
        ({"quorum": "0"}, "quorum", "inputs.count_wrong"),
        ({"quorum": "101"}, "quorum", "inputs.count_wrong"),
        ({"method": "points", "dots": "1"}, "dots", "inputs.count_wrong"),
        ({"method": "points", "dots": "101"}, "dots", "inputs.count_wrong"),
        ({"dots": "10"}, "dots", "polls.dots_only_points"),
        ({"method": "score", "most": "1"}, "most", "polls.most_only_approval"),
        ({"method": "hat"}, "method", "inputs.choice_unknown"),
        ({"rule": "hat"}, "rule", "inputs.choice_unknown"),
        ({"visibility": "hat"}, "visibility", "inputs.choice_unknown"),
        ({"date": "32.9."}, "date", "inputs.no_such_day"),
        ({"time": "25"}, "time", "inputs.time_unreadable"),
        ({"date": "31.8.2026"}, "date", "polls.deadline_past"),
        ({"date": "1.9.2026", "time": "10.30"}, "date", "polls.deadline_past"),
        ({"date": "3.9.2027"}, "date", "polls.deadline_far"),
        ({"debate": "hest"}, "debate", "inputs.date_unreadable"),
        ({"debate": "1.9.2026"}, "debate", "polls.debate_past"),
        ({"debate": "8.9.2026", "time": "9"}, "debate", "polls.debate_too_long"),
        ({"wishes": [], "more": "hest"}, "more", "polls.numbers_unreadable"),
        ({"wishes": ["1"], "more": "hest", "most": "3"}, "more", "polls.numbers_unreadable"),
        ({"debate": "3.9.2027"}, "debate", "polls.deadline_far"),
    ],
)
def test_what_can_not_be_used_is_said_at_its_field(values: dict[str, str], field: str, key: str) -> None:
    assert [one[:2] for one in problems(**values)] == [(field, key)]


def test_a_refusal_says_what_would_be_right() -> None:
    assert problems(most="3") == [("most", "polls.most_too_many", {"count": 2})]
    late = {"debate": "8.9.2026", "time": "8"}
    assert [one[:2] for one in problems(**late)] == [("debate", "polls.debate_too_long")]
    assert "8. september 2026" in str(problems(**late)[0][2]["moment"])
    assert problems(more=f"{MANY},51") == [
        ("more", "polls.too_many_candidates", {"most": MOST_CANDIDATES, "count": 51})
    ]
    assert problems(method="score", more=MANY) == [("method", "polls.too_many_for_emojis", {"most": 10})]


def test_several_problems_are_said_at_once_and_each_once() -> None:
    found = problems(title="", wishes=[], more="", quorum="x", date="x", time="x", method="hat", debate="31.8.2026")
    assert [one[0] for one in found] == ["title", "quorum", "method", "date", "time", "debate", "wishes"]


@pytest.mark.parametrize(
    ("values", "now"),
    [
        ({"most": "2"}, START),
        ({"more": MANY, "most": "50", "wishes": []}, START),
        ({"quorum": "1"}, START),
        ({"quorum": "100%"}, START),
        ({"method": "points", "dots": "2"}, START),
        ({"method": "points", "dots": "100"}, START),
        ({"method": "score", "wishes": [], "more": "1,2,3,4,5,6,7,8,9,10"}, START),
        ({"method": "score", "wishes": [], "more": MANY, "visibility": "hidden"}, START),
        ({"date": "1.9.2026", "time": "10.31"}, START),
        ({"date": "2.9.2027", "time": "10.30"}, START),
        ({"title": "x" * 200}, START),
        ({"debate": "8.9.2026", "time": "9.01"}, START),
        ({"debate": "2.9.2027", "date": "2.9.2027", "time": "10.30"}, START),
        ({"debate": "3.9.2026"}, local(2026, 9, 3, 8, 59)),
    ],
)
def test_what_lies_just_within_its_bounds_passes(values: dict[str, str], now: dt.datetime) -> None:
    fill(now, **values)


def test_a_debate_can_not_end_in_the_moment_in_which_it_is_opened() -> None:
    now = local(2026, 9, 3, 9)
    assert problems(now, debate="3.9.2026") == [("debate", "polls.debate_past", {})]


def test_points_are_ten_where_nobody_says_how_many() -> None:
    assert fill(method="points").dots == 10
    assert fill(method="score").dots is None


def test_a_debate_of_unreadable_days_says_nothing_more() -> None:
    """Where the deadline can't be read, it is not said that the debate is too long for it."""
    assert [one[0] for one in problems(date="x", debate="1.12.2026")] == ["date"]
    assert [one[0] for one in problems(time="x", debate="1.12.2026")] == ["time"]


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (dt.date(2026, 9, 3), local(2026, 9, 3, 9)),
        (dt.date(2026, 9, 5), local(2026, 9, 7, 9)),
        (dt.date(2026, 7, 1), local(2026, 8, 3, 9)),
    ],
)
def test_a_debate_ends_in_the_morning_of_a_day_that_is_not_quiet(day: dt.date, opens: dt.datetime) -> None:
    assert opening_of(day, ZONE) == opens
    assert opening_of(day, ZONE).tzinfo is dt.UTC


def test_the_morning_is_that_of_the_group() -> None:
    far = zoneinfo.ZoneInfo("Pacific/Kiritimati")
    assert opening_of(dt.date(2026, 9, 3), far) == dt.datetime(2026, 9, 3, 9, tzinfo=far)


@pytest.mark.parametrize("method", [PollMethod.SCORE, PollMethod.POINTS])
def test_each_candidate_that_is_a_message_needs_room(method: PollMethod) -> None:
    check_room(method, 10, "more", by_emoji=True)
    check_room(method, 50, "more", by_emoji=False)
    with pytest.raises(FieldRefusal) as refused:
        check_room(method, 11, "here", by_emoji=True)
    assert (refused.value.field, refused.value.key) == ("here", "polls.too_many_for_emojis")
    assert refused.value.parameters == {"most": 10}


def test_more_than_fifty_are_no_choice() -> None:
    check_room(PollMethod.APPROVAL, 50, "more", by_emoji=True)
    with pytest.raises(FieldRefusal) as refused:
        check_room(PollMethod.APPROVAL, 51, "here", by_emoji=True)
    assert (refused.value.field, refused.value.key) == ("here", "polls.too_many_candidates")
    assert refused.value.parameters == {"most": 50, "count": 51}
