"""What counts of an emoji follows from what was done with it, not from when the bot heard of it."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from handlers.voting.settling import in_order, settle
from storage.changes import Change, pack, unpack
from tests.conftest import START

END = START + dt.timedelta(seconds=10)


def change(second: float, *, on: bool, dated: bool = True, mark: str = "") -> Change:
    return Change(on, START + dt.timedelta(seconds=second), dated, mark)


def changes(*seconds: float) -> list[Change]:
    """Put on and taken off by turns at these seconds."""
    return [change(second, on=place % 2 == 0, mark=f"{place}") for place, second in enumerate(seconds)]


@given(seconds=st.lists(st.integers(0, 20), max_size=5, unique=True), data=st.data())
def test_it_is_what_it_was_when_the_time_was_up_in_whatever_order_it_was_told(
    seconds: list[int], data: st.DataObject
) -> None:
    done = changes(*sorted(seconds)) or changes(1)
    told = data.draw(st.permutations(done))
    said = settle(done[-1], told, END)
    timely = [one for one in done if one.at <= END]
    assert said.on == (bool(timely) and timely[-1].on)
    assert said.late == (len(timely) < len(done))
    assert said.put_on_at == max((one.at for one in timely if one.on), default=None)
    assert said.at == (timely[-1].at if timely else None)


@given(seconds=st.lists(st.integers(0, 20), min_size=1, max_size=4, unique=True), again=st.integers(0, 3))
def test_what_is_told_twice_changes_nothing(seconds: list[int], again: int) -> None:
    done = changes(*sorted(seconds))
    assert settle(done[-1], [*done, done[min(again, len(done) - 1)]], END) == settle(done[-1], done, END)


def test_of_one_instant_the_marks_tell_the_order() -> None:
    done = [change(1, on=True, mark="1"), change(1, on=False, mark="2"), change(1, on=True, mark="3")]
    for told in itertools.permutations(done):
        assert in_order(told) == done


def test_a_list_that_still_shows_it_after_it_was_taken_off_too_late_makes_no_vote() -> None:
    told = [change(11, on=True), change(12, on=False), change(13, on=True, dated=False)]
    assert settle(told[-1], told, END) == settle(told[1], told[:2], END)
    assert not settle(told[-1], told, END).on


def test_what_a_list_told_first_is_as_old_as_its_event_says() -> None:
    told = [change(9, on=True, dated=False), change(8, on=True)]
    assert settle(told[1], told, END).at == told[1].at
    late = [change(9, on=True, dated=False), change(11, on=True)]
    assert settle(late[1], late[:1], END).on
    assert settle(change(8, on=True), [change(13, on=True, dated=False), change(11, on=True)], END).at is None


def test_what_has_no_time_came_after_what_was_known() -> None:
    """The chat's clock is ahead of ours."""
    told = [change(5, on=True), change(3, on=False, dated=False)]
    assert not settle(told[-1], told, END).on
    assert in_order(told) == told


def test_where_only_late_changes_are_known_it_was_the_other_way_before() -> None:
    taken_off = change(11, on=False)
    assert settle(taken_off, [taken_off], END).on
    assert settle(taken_off, [], END).at is None


def test_whether_the_chat_said_when_is_said_of_what_counts() -> None:
    told, heard = change(5, on=True), change(6, on=False, dated=False)
    assert settle(told, [told], END).dated is True
    assert settle(heard, [told, heard], END).dated is False
    late = change(11, on=True)
    assert settle(late, [late], END).dated is False


def test_an_event_that_came_after_a_list_says_how_it_is_now() -> None:
    """The list was asked for in between, or our clock is ahead: the event that follows will say it better."""
    list_, event = change(9, on=True, dated=False), change(8, on=False)
    said = settle(event, [list_, event], END)
    assert (said.on, said.at) == (False, event.at)


def test_a_click_in_between_that_was_told_last_says_when_the_next_one_was() -> None:
    told = [change(5, on=True, mark="1"), change(7, on=True, mark="3"), change(6, on=False, mark="2")]
    now = change(5, on=True, mark="3")  # the second time said nothing new when it came
    assert settle(now, told, END).at == told[1].at


def test_what_was_only_taken_off_was_put_on_nobody_knows_when() -> None:
    taken_off = change(5, on=False)
    assert settle(taken_off, [taken_off], END).put_on_at is None


def test_of_two_lists_at_one_instant_the_one_that_was_read_last_holds() -> None:
    told = [change(5, on=True), change(6, on=True, dated=False), change(6, on=False, dated=False)]
    assert in_order(told) == [told[0], told[2]]
    assert in_order([told[0], told[2], told[1]]) == [told[0], told[2], told[1]]


@given(
    told=st.lists(
        st.builds(
            Change,
            st.booleans(),
            st.datetimes(timezones=st.just(dt.UTC)),
            st.booleans(),
            st.sampled_from(["", "1756713600.000100", "000000000012", "2026-09-01T08:00:00+00:00"]),
        )
    )
)
def test_changes_are_kept_whole(told: list[Change]) -> None:
    assert unpack("".join(pack(one) for one in told)) == told
