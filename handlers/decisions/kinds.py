"""Every kind of decision that the log may hold; each has a sentence in the catalogs, so that all can read it."""

from __future__ import annotations

KINDS = frozenset(
    {
        "case.answered",
        "case.corrected",
        "economy.ceiling_set",
        "economy.frame_set",
        "economy.mandate_set",
        "economy.mandate_used",
        "group.founded",
        "group.settings_changed",
        "group.steering_bound",
        "group.steering_unbound",
        "member.appointed",
        "member.leader_confirmed",
        "member.took_lead",
        "poll.annulled",
        "poll.ratified",
        "wish.approved",
        "wish.closed",
        "wish.declined",
        "wish.postponed",
        "wish.prioritised",
        "wish.recommended",
        "wish.rejected",
        "wish.reopened",
        "wish.started",
    }
)


class UnknownDecision(Exception):
    """A decision of a kind that has no words: add it to `KINDS`, and `decisions.kind.<kind>` to the catalogs."""
