"""The words that are stored. A word here is never renamed: rows of years ago hold it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in a group. A person may be several."""

    CONVENER = "convener"
    SUPPLIER = "supplier"
    REPRESENTATIVE = "representative"
    SECRETARIAT = "secretariat"
    STEERING = "steering"
    GUEST = "guest"


class UnitKind(StrEnum):
    """What votes: a municipality, or another member organisation."""

    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"


class ProductLevel(StrEnum):
    """How far the shared product has come in the community's own model of maturity."""

    SANDBOX = "sandbox"
    ONE = "1"
    TWO = "2"
    THREE = "3"


class BallotRule(StrEnum):
    """What a unit's ballot is where several of its representatives have voted."""

    LATEST = "latest"
    AVERAGE = "average"


class WishKind(StrEnum):
    DEVELOPMENT = "development"
    MAINTENANCE = "maintenance"


class Urgency(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class WishStatus(StrEnum):
    SUBMITTED = "submitted"
    SCREENING = "screening"
    NEEDS_ESTIMATE = "needs_estimate"
    READY = "ready"
    PRIORITISED = "prioritised"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    DECLINED = "declined"
    POSTPONED = "postponed"
    STARTED = "started"
    DELIVERED = "delivered"
    CLOSED = "closed"
    REJECTED = "rejected"
    ON_HOLD = "on_hold"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Basis(StrEnum):
    """What a decision rests on."""

    POLL = "poll"
    MEETING = "meeting"
    WRITTEN = "written"
    COMMITTEE = "committee"
    MAIL = "mail"


class PollMethod(StrEnum):
    APPROVAL = "approval"
    SCORE = "score"
    POINTS = "points"
    RANKING = "ranking"


class WinnerRule(StrEnum):
    """How the result says what fits the money."""

    RANK_ORDER = "rank_order"
    PER_KRONE = "per_krone"
    EQUAL_SHARES = "equal_shares"


class PollStatus(StrEnum):
    """Where a poll is in its life. A draft is the leader's own until it is put forward or discarded; in debate
    everybody sees the candidates, and nobody votes yet."""

    DRAFT = "draft"
    DEBATE = "debate"
    OPEN = "open"
    CLOSED = "closed"
    ANNULLED = "annulled"
    DISCARDED = "discarded"


class Cadence(StrEnum):
    """How often a group prioritises."""

    NEVER = "never"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"


class RoundDay(StrEnum):
    """What comes again in each round: the date, or the weekday of the month."""

    DATE = "date"
    WEEKDAY = "weekday"


class Visibility(StrEnum):
    """Who sees what others answer to a poll: everybody at once, everybody after closing, or nobody ever."""

    OPEN = "open"
    HIDDEN = "hidden"
    SECRET = "secret"  # noqa: S105 - a word, no password


class BallotWay(StrEnum):
    """How a ballot was given."""

    EMOJI = "emoji"
    TEXT = "text"
    FORM = "form"
    LEADER = "leader"


class MeetingStatus(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    ANNULLED = "annulled"


class Attending(StrEnum):
    COMING = "coming"
    APOLOGY = "apology"


class EntryKind(StrEnum):
    """What a line of the ledger says."""

    FRAME = "frame"
    CEILING = "ceiling"
    MANDATE = "mandate"
    SPENT = "spent"
    COMMITTED = "committed"
    GRANT = "grant"
    PLEDGE = "pledge"


class CaseStatus(StrEnum):
    """Where a recommendation to the steering committee stands."""

    AWAITING = "awaiting"
    APPROVED = "approved"
    DECLINED = "declined"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"


class OutboxState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    PARKED = "parked"


class Trouble(StrEnum):
    """What stands in the way of a message, as far as somebody can do something about it.

    `PLACE`: the bot can't write in the channel. `MESSAGE`: the message is gone. `PERSON`: the account is closed.
    `POST`: the message that it belongs to was not sent. `TOKEN`: the chat refuses the bot's token. `SCOPE`: it refuses
    the bot a permission. `CONNECTION`: it does not answer, or has too much to do."""

    PLACE = "place"
    MESSAGE = "message"
    PERSON = "person"
    POST = "post"
    TOKEN = "token"  # noqa: S105 - a word, no password
    SCOPE = "scope"
    CONNECTION = "connection"
    OTHER = "other"

    @property
    def passes(self) -> bool:
        """Whether it is over one day, by itself or by an administrator's hand: what it stops waits, and is not lost."""
        return self in (Trouble.TOKEN, Trouble.SCOPE, Trouble.CONNECTION)
