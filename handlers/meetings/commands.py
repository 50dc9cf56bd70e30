"""Meetings: planned, answered, held and written down, and counted against the minimum that the group has set."""

from __future__ import annotations

from handlers.capability import Capability
from handlers.chat.router import Word
from handlers.meetings import attending, dates, planning, showing, timers

CAPABILITY = Capability(
    name="meetings",
    deeds=(*planning.DEEDS, *attending.DEEDS, *showing.DEEDS, *dates.DEEDS),
    words=(
        Word("meeting", "meeting.open_form", takes_text=False),
        Word("meeting", "meeting.dates_form", ("dato", "dates")),
        Word("meeting", "meeting.list", ("liste", "list")),
        Word("meeting", "meeting.coming", ("kommer", "coming"), numbered=True),
        Word("meeting", "meeting.apology", ("afbud", "apology"), numbered=True),
        Word("meeting", "meeting.held_form", ("afholdt", "held"), numbered=True),
        Word("meeting", "meeting.cancel_form", ("aflys", "cancel"), numbered=True),
        Word("meeting", "meeting.agenda", ("dagsorden", "agenda"), numbered=True),
        Word("meeting", "meeting.minutes", ("referat", "minutes"), numbered=True),
        Word("meeting", "meeting.status", ("status",)),
    ),
    ballots={"meeting": "meeting.click", "dates": "meeting.date_click"},
    timers=timers.TIMERS,
)
