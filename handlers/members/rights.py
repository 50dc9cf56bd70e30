"""Who may do what: one row per deed, one column per capacity. A deed without a row stops the start."""

from __future__ import annotations

import locales
from handlers.chat.refusals import Refusal
from handlers.context import Capacity, Standing

L = Capacity.LEADER
R = Capacity.REPRESENTATIVE
S = Capacity.SUPPLIER
K = Capacity.SECRETARIAT
C = Capacity.STEERING
G = Capacity.GUEST

EVERYBODY = frozenset(Capacity)
LEADER = frozenset({L})
_NOBODY_YET = frozenset({G})

RIGHTS: dict[str, frozenset[Capacity]] = {
    # members
    "members.choose_group": EVERYBODY,
    "members.confirm_prepared": frozenset({R}),
    "members.drop_prepared": frozenset({L, R}),
    "members.open_founding": EVERYBODY,  # but no guest of the chat: a rule of the room
    "members.found": EVERYBODY,
    "members.open_join": EVERYBODY,
    "members.join": EVERYBODY,
    "members.confirm": LEADER,
    "members.confirm_leader": frozenset({R}),  # another unit's: a rule of the room
    "members.propose_steering": EVERYBODY,  # the named group's leader: a rule of the room
    "members.bind_steering": EVERYBODY,  # in the committee's channel only: a rule of the room
    "members.sit_in_steering": EVERYBODY,
    "members.confirm_seats": frozenset({C}),  # the chair: a rule of the room
    "members.open_appoint": LEADER,
    "members.appoint": LEADER,
    "members.substitute": frozenset({R}),  # confirmed, and no substitute: a rule of the room
    "members.take_lead": frozenset({R}),  # with another unit's consent: a rule of the room
    "members.open_end_role": frozenset({L, C}),
    "members.end_role": frozenset({L, C}),  # the committee's by its chair, the others by the leader
    "members.ask_leave": EVERYBODY,
    "members.leave": EVERYBODY,
    "members.show_rights": EVERYBODY,
    "members.show_members": EVERYBODY,
    "members.open_settings": EVERYBODY,
    "members.change_settings": LEADER,
    "members.mute": EVERYBODY,
    "members.my_data": EVERYBODY,
    # economy
    "economy.show": EVERYBODY,
    "economy.report": EVERYBODY,
    "economy.frame_form": frozenset({L, C}),
    "economy.set_frame": frozenset({L, C}),  # the leader only where no committee is bound: a rule of the room
    "economy.invoice_form": frozenset({L, K}),
    "economy.book_invoice": frozenset({L, K}),
    "economy.undo_invoice": frozenset({L, K}),
    "economy.pledge": frozenset({L, R}),
    "economy.split_form": LEADER,
    "economy.split": LEADER,
    # wishes
    "wish.open_form": EVERYBODY,
    "wish.from_message": EVERYBODY,
    "wish.submit": EVERYBODY,
    "wish.show": EVERYBODY,
    "wish.list": EVERYBODY,
    "wish.mine": EVERYBODY,
    "wish.search": EVERYBODY,
    "wish.history": EVERYBODY,
    "wish.support": frozenset({R}),
    "wish.unsupport": frozenset({R}),
    "wish.edit_form": EVERYBODY,  # mine, or the leader's: a rule of the room
    "wish.edit": EVERYBODY,
    "wish.withdraw": EVERYBODY,  # mine only: a rule of the room
    "wish.estimate_form": frozenset({L, S}),
    "wish.estimate": frozenset({L, S}),
    "wish.choose": EVERYBODY,  # it goes on to another deed, which asks
    "wish.merge": LEADER,
    "wish.unmerge": LEADER,
    "wish.status": EVERYBODY,  # shows it; a move goes on to its own deed
    "wish.take_up": LEADER,
    "wish.ask_estimate": LEADER,
    "wish.make_ready": LEADER,
    "wish.prioritise_form": LEADER,
    "wish.prioritise": LEADER,
    "wish.start_form": LEADER,
    "wish.start": LEADER,
    "wish.deliver": frozenset({L, S}),
    "wish.close_form": LEADER,
    "wish.close": LEADER,
    "wish.reject_form": LEADER,
    "wish.reject": LEADER,
    "wish.hold": LEADER,
    "wish.resume": LEADER,
    "wish.reopen_form": LEADER,
    "wish.reopen": LEADER,
    # polls
    "poll.open_form": LEADER,
    "poll.open": LEADER,
    "poll.put_forward": LEADER,
    "poll.discard": LEADER,
    "poll.open_change": LEADER,
    "poll.change": LEADER,
    "poll.open_now": LEADER,
    "poll.click_early": EVERYBODY,
    "poll.click": EVERYBODY,
    "poll.vote": frozenset({R}),
    "poll.open_ballot": frozenset({R}),
    "poll.send_ballot": frozenset({R}),
    "poll.open_entry": LEADER,
    "poll.enter": LEADER,
    "poll.status": EVERYBODY,
    "poll.result": EVERYBODY,
    "poll.list": EVERYBODY,
    "poll.others": EVERYBODY,
    "poll.receipt": EVERYBODY,
    "poll.log": EVERYBODY,
    "poll.add": LEADER,
    "poll.ask_close": LEADER,
    "poll.close": LEADER,
    "poll.open_extend": LEADER,
    "poll.extend": LEADER,
    "poll.move_deadline": LEADER,
    "poll.open_ratify": LEADER,
    "poll.ratify": LEADER,
    "poll.open_run_off": LEADER,
    "poll.open_annul": LEADER,
    "poll.annul": LEADER,
    "poll.open_decide": LEADER,
    "poll.prioritise": LEADER,
    # rounds
    "round.show": EVERYBODY,
    "round.change": LEADER,
    "round.open": LEADER,
    # meetings
    "meeting.open_form": LEADER,
    "meeting.plan": LEADER,
    "meeting.change_form": LEADER,
    "meeting.change": LEADER,
    "meeting.held_form": LEADER,
    "meeting.held": LEADER,
    "meeting.cancel_form": LEADER,
    "meeting.cancel": LEADER,
    "meeting.minutes": EVERYBODY,
    "meeting.minutes_form": LEADER,
    "meeting.write_minutes": LEADER,
    "meeting.coming": EVERYBODY,
    "meeting.apology_form": EVERYBODY,
    "meeting.apology": EVERYBODY,
    "meeting.click": EVERYBODY,
    "meeting.list": EVERYBODY,
    "meeting.status": EVERYBODY,
    "meeting.agenda": EVERYBODY,
    "meeting.dates_form": LEADER,
    "meeting.ask_dates": LEADER,
    "meeting.date_click": EVERYBODY,
    "meeting.answer_dates_form": EVERYBODY,
    "meeting.answer_dates": EVERYBODY,
    "meeting.choose_date": LEADER,
    # escalations
    "case.open_form": LEADER,
    "case.recommend": LEADER,
    "case.answer_form": frozenset({C, R}),  # municipalities only where there is no committee: a rule of the room
    "case.correct_form": frozenset({C, R}),
    "case.answer": frozenset({C, R}),
    "case.open_vote": frozenset({C, R}),
    "case.vote": EVERYBODY,
    # the rest
    "charter.show": EVERYBODY,
    "charter.health": EVERYBODY,
    "decisions.list": EVERYBODY,
    "board.show": EVERYBODY,
    "board.open": EVERYBODY,
    "board.ask": EVERYBODY,
    "board.do": EVERYBODY,  # goes on to the chosen deed, whose own row decides
    "help.show": EVERYBODY,
}


def may(deed: str, standing: Standing) -> bool:
    """Whether somebody with this standing may do it."""
    return bool(RIGHTS[deed] & standing.capacities)


def authorise(deed: str, standing: Standing) -> None:
    """Let it pass, or say who may, and to somebody who has not said for whom they speak, how to.

    Raises:
        Refusal: nobody with this standing may do it.
    """
    if not may(deed, standing):
        may_become = standing.capacities == _NOBODY_YET and R in RIGHTS[deed] and C not in RIGHTS[deed]
        key = "members.say_for_whom" if may_become else "members.not_yours"
        raise Refusal(key, who=names_of(RIGHTS[deed]))


def names_of(capacities: frozenset[Capacity]) -> str:
    """The capacities in words, in the table's order."""
    return locales.join_choices(locales.translate(f"members.capacity.{one}") for one in Capacity if one in capacities)
