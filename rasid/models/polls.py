"""From a poll to what a feed gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rasid.models.causes import Cause
from rasid.models.looks import Look


class PollOutcome(StrEnum):
    """What a poll came to."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    RATE_LIMITED = "rate_limited"
    GONE = "gone"
    FAILED = "failed"


class PollReason(StrEnum):
    """Why a poll came to its outcome."""

    PARSED = "parsed"
    STATUS_304 = "status_304"
    UNASKED_304 = "unasked_304"
    SAME_BODY = "same_body"
    RETRY_AFTER = "retry_after"
    STATUS_410 = "status_410"
    HTTP_STATUS = "http_status"
    BLOCKED_ADDRESS = "blocked_address"
    BAD_URL = "bad_url"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    CUT_OFF = "cut_off"
    REDIRECTS = "redirects"
    ROBOTS = "robots"
    EMPTY_RESPONSE = "empty_response"
    NOT_A_FEED = "not_a_feed"
    NOTHING_FOUND = "nothing_found"  # a page, but not what was to be read of it
    PARSE_ERROR = "parse_error"
    PARSE_TIMEOUT = "parse_timeout"
    SECRET = "secret"  # noqa: S105
    INTERNAL = "internal"


class DueBy(StrEnum):
    """What decided when a source is polled next."""

    EVERY = "every"
    TURNOVER = "turnover"  # items would be lost
    HABIT = "habit"  # it publishes little at that hour
    CACHE_CONTROL = "cache_control"
    EXPIRES = "expires"
    TTL = "ttl"
    UPDATE_PERIOD = "update_period"
    SKIP_HOURS = "skip_hours"
    SKIP_DAYS = "skip_days"
    PUSHED = "pushed"  # its hub sends what is new
    RETRY_AFTER = "retry_after"
    BACK_OFF = "back_off"


@dataclass(frozen=True, slots=True)
class Pause:
    """How long somebody says to wait, in microseconds."""

    by: DueBy
    micros: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a feed says it changes, as it says it; durations in microseconds, 0: not said."""

    ttl: int = 0
    period: int = 0  # between two updates
    base: int | None = None  # when one of them was or will be
    skip_hours: tuple[int, ...] = ()  # 0 to 23, UTC
    skip_days: tuple[int, ...] = ()  # 0 to 6 from Monday, UTC


@dataclass(frozen=True, slots=True)
class Offer:
    """A hub that sends what is new under a topic; empty where there is none."""

    hub: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """One publication as a feed gave it, cleaned: no markup, no control characters."""

    guid: str = ""
    link: str = ""  # http(s) only
    link_key: str = ""
    title: str = ""
    summary: str = ""
    text: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    published: int | None = None
    date_only: bool = False
    language: str = ""
    captures: tuple[str, ...] = field(default=(), compare=False)  # ids: what it was read from


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The items of one feed, newest first where the feed says so."""

    items: tuple[ParsedItem, ...] = ()
    title: str = ""
    language: str = ""
    repaired: tuple[str, ...] = ()  # what had to be mended to read it
    held_back: int = 0  # partial last item of a cut feed
    skipped: int = 0  # items with nothing in them
    dropped: int = 0  # items beyond the limit
    deleted: tuple[str, ...] = ()  # guids of items that it says are deleted
    reader: str = field(default="", compare=False)  # strict, feedparser or json: how it was read
    schedule: Schedule = Schedule()
    offer: Offer = Offer()


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server gave to ask "has it changed?" with."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """From when until when a server's certificate holds; both 0 where there is none."""

    since: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between polls."""

    source: str
    url: str = ""  # the address the rest belongs to; another one starts afresh
    validators: Validators = Validators()
    body_hash: str = ""
    seeded: bool = False
    paused: bool = False
    gone: bool = False
    next_poll_at: int = 0
    last_poll_at: int | None = None
    last_success_at: int | None = None
    last_full_at: int | None = None  # last whole body, whether asked for or not
    failures: int = 0  # in a row
    outcome: str = ""
    reason: str = ""
    detail: str = ""  # for people
    moved_to: str = ""
    items_seen: int = 0
    possible_gaps: int = 0
    last_new_at: int | None = None  # last poll that brought something new
    longest_pause: int = 0  # between two such polls; fades
    news: int = 0  # such polls
    empty: int = 0  # polls in a row whose feed had no items
    interval: int = 0  # microseconds between polls, as learnt; 0: as configured
    told: str = ""  # what the ops receiver knows of it: a value of `rasid.health.Health`
    due_by: str = ""  # what decided `next_poll_at`: a value of `DueBy`
    due_pause: int = 0  # how long that asked for, which may be more than it got; 0: not said
    schedule: Schedule = Schedule()  # of the last feed that was read
    hours: str = ""  # how much it publishes by the hour of the week, see `rasid.habit`
    offer: Offer = Offer()  # of the last answer that could have one
    pushed_at: int | None = None  # last push of its hub, None when it does not push (any more)
    cause: str = ""  # why the last poll failed: a value of `Cause`, "" when it went well
    certificate: Certificate = Certificate()  # of the last answer
    moves: int = 0  # polls in a row that went well and said that it moved to `moved_to`


@dataclass(frozen=True, slots=True)
class PollResult:
    """What the crawler brings back."""

    outcome: PollOutcome
    reason: PollReason
    detail: str = ""
    status: int = 0
    feed: ParsedFeed | None = None
    validators: Validators = Validators()
    body_hash: str = ""
    retry_after: int | None = None  # microseconds
    moved_to: str = ""
    unconditional: bool = False
    cached: Pause | None = None  # how long the server says that this answer holds
    offer: Offer = Offer()  # of its headers
    look: Look | None = None  # where sources were looked for
    cause: Cause | None = None  # where more is known than `reason` says
    certificate: Certificate = Certificate()
