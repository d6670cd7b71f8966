"""The values that travel: from a poll to an item, a match, an alert, a delivery.

Times are integer UTC microseconds, ids are ULIDs, offsets are code points into the
original text. Everything here is immutable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# --- polling -----------------------------------------------------------------------------


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
    PARSE_ERROR = "parse_error"
    PARSE_TIMEOUT = "parse_timeout"
    SECRET = "secret"  # noqa: S105
    INTERNAL = "internal"


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


@dataclass(frozen=True, slots=True)
class Validators:
    """What the server gave to ask "has it changed?" with."""

    etag: str = ""
    last_modified: str = ""


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


# --- items -------------------------------------------------------------------------------


class AliasKind(StrEnum):
    """By what an item is known again."""

    GUID = "guid"
    GUID_PATH = "guid_path"  # guid without scheme and host
    LINK = "link"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of an item; `scope` is a source id (guids) or an outlet id (links, content)."""

    kind: AliasKind
    scope: str
    value: str  # a hash


class Decision(StrEnum):
    """What ingest made of an item."""

    NEW = "new"
    REVISED = "revised"
    KNOWN = "known"
    SEEDED = "seeded"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Item:
    """An item as stored, in its newest revision."""

    id: str
    source: str  # which showed it first
    outlet: str
    guid: str
    link: str
    title: str
    summary: str
    text: str
    author: str
    tags: tuple[str, ...]
    language: str
    published: int | None
    first_seen: int
    revision: int  # 1 is the first
    content_hash: str
    decision: Decision
    only_seeded: bool  # seen by seeding polls alone


@dataclass(frozen=True, slots=True)
class Document:
    """What rules look at: an item, stored or from a file, and where it came from."""

    id: str
    title: str = ""
    summary: str = ""
    text: str = ""
    url: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    outlet: str = ""
    source: str = ""
    language: str = ""
    published: int | None = None


# --- alerts ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a rule matched: `text` stands at `start:end` of `field`."""

    kind: str  # word
    field: str  # title | summary | text
    start: int
    end: int
    text: str
    word: str  # the rule's word it came from
    form: str  # the form of it that was found


@dataclass(frozen=True, slots=True)
class Match:
    """Rule x item."""

    rule: str
    rule_hash: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """One URL of a receiver; `id` is stable while secrets rotate."""

    id: str
    receiver: str
    template: str
    show: str = "full"


class AlertState(StrEnum):
    """Where an alert is on its way."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"  # by a person


@dataclass(frozen=True, slots=True)
class Alert:
    """The promise to tell: one per (rule, target, subject). `facts` is what will be shown."""

    id: str
    rule: str
    rule_hash: str
    target: str
    receiver: str
    subject: str  # item:<id> | trouble:<what>:<since>
    created_at: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: AlertState = AlertState.PENDING
    reason: str = ""
    notification: str = ""


class DeliveryOutcome(StrEnum):
    """What one attempt to send came to."""

    SUCCESS = "success"
    RETRY = "retry"
    REJECTED = "rejected"


class DeliveryReason(StrEnum):
    """Why."""

    ACCEPTED = "accepted"
    TIMEOUT = "timeout"  # may have been delivered
    CONNECT = "connect"
    HTTP_5XX = "http_5xx"
    RATE_LIMITED = "rate_limited"
    HTTP_4XX = "http_4xx"
    REFUSED = "refused"
    BLOCKED_ADDRESS = "blocked_address"
    BAD_URL = "bad_url"
    SECRET_MISSING = "secret_missing"  # noqa: S105
    RECEIVER_REMOVED = "receiver_removed"
    EXPIRED = "expired"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """Outcome of one attempt; `retry_after` in microseconds where the receiver said."""

    outcome: DeliveryOutcome
    reason: DeliveryReason
    detail: str = ""
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """A fixed set of alerts to one target, claimed under a lease."""

    id: str
    target: str
    alerts: tuple[Alert, ...]
    created_at: int
    attempts: int  # made before this claim
    token: str
    plain: bool = False  # resend without markup after a 4xx


@dataclass(frozen=True, slots=True)
class Message:
    """What one send carries."""

    title: str
    body: str
    notification: str
    alerts: tuple[str, ...]  # alert ids
    thread: str = ""
