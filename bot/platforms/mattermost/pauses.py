"""How long to wait before something that failed is tried again."""

from __future__ import annotations

_MOST_DOUBLINGS = 30


def doubled(first: float, failures: int, longest: float) -> float:
    """Seconds before the next try: `first` after the first failure, after each further one twice as long, at most
    `longest`, however often it fails."""
    return min(longest, first * 2.0 ** min(failures - 1, _MOST_DOUBLINGS))
