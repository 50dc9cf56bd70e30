"""Escalations: wishes outside the frame are put to the steering committee, and its answer comes back."""

from __future__ import annotations

from handlers.capability import Capability
from handlers.escalations import answering, following, recommending, reminders, voting
from handlers.wishes.happenings import WishEstimated, WishMoved

CAPABILITY = Capability(
    name="escalations",
    deeds=(*recommending.DEEDS, *answering.DEEDS, *voting.DEEDS),
    words=recommending.WORDS,
    ballots=voting.BALLOTS,
    listens={WishMoved: following.follow_wish, WishEstimated: following.follow_estimate},
    timers=reminders.TIMERS,
)
