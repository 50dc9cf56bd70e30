"""Ways to answer a person where they are: addresses that the server gave for a command, good for half an hour."""

from __future__ import annotations

import datetime as dt

from bot.clock import Clock

LIFE = dt.timedelta(minutes=29)
"""The server takes answers for thirty minutes, and five of them."""

MOST_KEPT = 2000


class Lines:
    """Which address belongs to which form; a restart forgets them, and a direct message takes their place."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[str, dt.datetime]] = {}

    def keep(self, token: str, url: str) -> None:
        """What comes of the form with this token is told at this address."""
        if not url:
            return
        if len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[token] = (url, self._clock.now() + LIFE)

    def take(self, token: str) -> str:
        """The address, empty for none; it is given out once."""
        url, until = self._kept.pop(token, ("", self._clock.now()))
        return url if until > self._clock.now() else ""
