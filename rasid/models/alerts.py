"""From a match to an alert and its delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rasid.settings import Pace


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a rule matched: `text` stands at `start:end` of `field`.

    `place` has, of a place, {id, name, kind, lat, lon, country, within, confidence, others}:
    `within` are the names of what contains it, the nearest first, `others` who else the
    mention may mean; `km` is its distance where the rule asks for one, `words` how many stand
    between it and the nearest word. A gate stands nowhere in the text: it has `why` alone.
    """

    kind: str  # word | place | gate
    field: str  # title | summary | text
    start: int
    end: int
    text: str
    word: str = ""  # the rule's word it came from
    form: str = ""  # the form of it that was found
    place: Mapping[str, Any] | None = None
    why: str = ""  # this place and no other of its name


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
    pace: Pace = field(default_factory=Pace)
    language: str = ""  # of the words around an item
    layout: str = ""  # the template of an item, "" for the usual text


class AlertState(StrEnum):
    """Where an alert is on its way."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"  # by a person


class Hold(StrEnum):
    """Why a pending alert waits; it is its `reason` meanwhile."""

    GROUP_WAIT = "group_wait"
    DIGEST = "digest"
    QUIET_HOURS = "quiet_hours"
    LIMITED = "limited"
    STORY = "story"  # with others that repeat what was told
    COOLDOWN = "cooldown"  # with others of its rule
    SILENCED = "silenced"  # by a person


def item_subject(item: str, what: str = "") -> str:
    """Return the subject of alerts about an item, or about what became of it.

    `what`: `r2` for what its second revision changed, `corroborated`, `withdrawn`.
    """
    return f"item:{item}:{what}" if what else f"item:{item}"


@dataclass(frozen=True, slots=True)
class Alert:
    """The promise to tell: one per (rule, target, subject). `facts` is what will be shown."""

    id: str
    rule: str
    rule_hash: str
    target: str
    receiver: str
    subject: str  # as `item_subject` has it | trouble:<what>:<since> | notice:<what>:<since>
    created_at: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: AlertState = AlertState.PENDING
    reason: str = ""
    notification: str = ""
    retried_at: int | None = None  # when a person last asked for it again
    due_at: int | None = None  # None: nobody has said yet that it is to wait
    lane: str = ""  # those of one lane go out together: `rasid.alerts.lanes`
    held_until: int | None = None  # as it was placed before, if it is placed anew

    @property
    def promised_at(self) -> int:
        """When its time to be delivered began."""
        return self.created_at if self.retried_at is None else self.retried_at

    @property
    def awaited_since(self) -> int:
        """When it should have gone out: the time that it was held does not make it too old."""
        return max(self.promised_at, self.due_at or 0, self.held_until or 0)


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
    lane: str = ""  # of which it is a list; "": its alerts are told in full


@dataclass(frozen=True, slots=True)
class Message:
    """What one send carries."""

    title: str
    body: str
    notification: str
    alerts: tuple[str, ...]  # alert ids
    thread: str = ""
    html: str = ""  # the same for mail, where it has more to show
