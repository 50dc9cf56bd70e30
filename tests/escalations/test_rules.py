"""What a recommendation and its answer must hold, and when the committee is reminded."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.capability import Ask
from handlers.chat.refusals import Misfilled
from handlers.economy.rules import Excess
from handlers.escalations.messages import excess_sentences
from handlers.escalations.rules import PATIENCE, CaseFields, read_outcome, reminder_moment
from handlers.workdays import is_quiet
from storage.enums import Basis, CaseStatus
from tests.conftest import ZONE

NB = "\u00a0"
TODAY = dt.date(2026, 9, 1)
BEGINS = "Det indstilles, at styregruppen godkender, at"


def _ask(carried: str = "approved", /, **values: str) -> Ask:
    filled = {"date": "2026-09-01", "basis": "meeting", "granted": "80.000", "source": "inside"}
    return Ask(values={**filled, **values}, carry={"outcome": carried})


@pytest.mark.parametrize(
    ("sent", "reminded"),
    [
        (dt.datetime(2026, 9, 1, 8, 30, tzinfo=dt.UTC), dt.datetime(2026, 9, 16, 7, tzinfo=dt.UTC)),
        (dt.datetime(2026, 9, 1, 5, 0, tzinfo=dt.UTC), dt.datetime(2026, 9, 15, 7, tzinfo=dt.UTC)),
        (dt.datetime(2026, 9, 4, 12, 0, tzinfo=dt.UTC), dt.datetime(2026, 9, 21, 7, tzinfo=dt.UTC)),
        (dt.datetime(2026, 6, 22, 12, 0, tzinfo=dt.UTC), dt.datetime(2026, 8, 3, 7, tzinfo=dt.UTC)),
        (dt.datetime(2026, 12, 11, 12, 0, tzinfo=dt.UTC), dt.datetime(2026, 12, 28, 8, tzinfo=dt.UTC)),
    ],
)
def test_when_the_committee_is_reminded(sent: dt.datetime, reminded: dt.datetime) -> None:
    assert reminder_moment(sent, ZONE) == reminded


@given(st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC)))  # noqa: DTZ001
def test_a_reminder_is_never_quiet_nor_too_early(sent: dt.datetime) -> None:
    moment = reminder_moment(sent, ZONE)
    assert moment > sent + PATIENCE
    assert not is_quiet(moment, ZONE)


def test_an_approval_holds_what_was_granted() -> None:
    outcome = read_outcome(_ask(source="extra", conditions="Kun i år"), TODAY)
    assert (outcome.status, outcome.granted, outcome.inside) == (CaseStatus.APPROVED, 80_000_00, False)
    assert (outcome.decided_on, outcome.basis, outcome.conditions) == (TODAY, Basis.MEETING, "Kun i år")


@pytest.mark.parametrize("outcome", ["declined", "postponed"])
def test_where_nothing_was_approved_nothing_is_granted(outcome: str) -> None:
    read = read_outcome(_ask(outcome, reason="Senere"), TODAY)
    assert (read.status, read.granted, read.reason) == (CaseStatus(outcome), None, "Senere")


def test_a_chosen_outcome_goes_before_the_one_carried() -> None:
    assert read_outcome(_ask("approved", outcome="declined", reason="x"), TODAY).status is CaseStatus.DECLINED


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1. september", dt.date(2026, 9, 1)),
        ("31/8", dt.date(2026, 8, 31)),
        ("15.3.", dt.date(2026, 3, 15)),
        ("3.12.2024", dt.date(2024, 12, 3)),
    ],
)
def test_a_day_that_has_been(typed: str, day: dt.date) -> None:
    assert read_outcome(_ask(date=typed), TODAY).decided_on == day


@pytest.mark.parametrize(
    ("ask", "fields"),
    [
        (_ask("heaven"), ["outcome"]),
        (_ask("awaiting"), ["outcome"]),
        (_ask(date="2.9."), ["date"]),
        (_ask(date="", granted=""), ["date", "granted"]),
        (_ask("declined"), ["reason"]),
        (_ask("postponed", reason="  "), ["reason"]),
        (_ask(basis="committee"), ["basis"]),
        (_ask(basis="x", source="y", granted="mange"), ["basis", "granted", "source"]),
    ],
)
def test_every_wrong_field_is_told_at_once(ask: Ask, fields: list[str]) -> None:
    with pytest.raises(Misfilled) as raised:
        read_outcome(ask, TODAY)
    assert [refusal.field for refusal in raised.value.refusals] == fields


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (f"{BEGINS} ønsket sættes i gang.", True),
        (f"  {BEGINS.upper()}\n ønsket sættes i gang.", True),
        ("Styregruppen bedes godkende", False),
        ("", False),
    ],
)
def test_the_sentence_begins_as_it_should(text: str, taken: bool) -> None:
    ask = Ask(values={"amount": "80.000", "recommendation": text})
    if taken:
        assert CaseFields(ask, BEGINS).recommendation == text.strip()
        return
    with pytest.raises(Misfilled):
        CaseFields(ask, BEGINS)


@given(st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2))
def test_an_amount_comes_back_as_it_was_typed(amount: Decimal) -> None:
    ore = int(amount * 100)
    typed = f"{ore // 100},{ore % 100:02}"
    assert CaseFields(Ask(values={"amount": typed, "recommendation": BEGINS}), BEGINS).amount == ore


@pytest.mark.parametrize(
    ("excess", "said"),
    [
        (Excess(), []),
        (
            Excess(over_ceiling=35_000_00),
            [f"Ønsket er 35.000{NB}kr. over loftet for, hvad koordinationsgruppen selv kan"],
        ),
        (Excess(over_room=5_000_00), [f"Ønsket koster 5.000{NB}kr. mere, end rammen rækker til."]),
        (Excess(1_00, 2_00), [f"Ønsket er 1{NB}kr. over loftet", f"Ønsket koster 2{NB}kr. mere"]),
    ],
)
def test_the_leader_is_told_what_the_wish_is_over(excess: Excess, said: list[str]) -> None:
    found = excess_sentences(excess, "wish")
    assert len(found) == len(said)
    assert all(sentence.startswith(begins) for sentence, begins in zip(found, said, strict=True))
