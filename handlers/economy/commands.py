"""Economy: the group's frame, what is spent and committed, grants and pledges, and what is left to decide on."""

from __future__ import annotations

from handlers.capability import Capability
from handlers.economy import books, invoices, pledges, report
from handlers.members.happenings import GroupFounded

CAPABILITY = Capability(
    name="economy",
    deeds=(*books.DEEDS, *invoices.DEEDS, *pledges.DEEDS, *report.DEEDS),
    words=(*books.WORDS, *pledges.WORDS, *report.WORDS),
    listens={GroupFounded: books.take_over},
    timers=report.TIMERS,
)
