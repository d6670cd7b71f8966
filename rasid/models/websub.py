"""Subscriptions at the hubs of sources (W3C WebSub)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SubscriptionState(StrEnum):
    """How far a subscription is; the values are kept in the database."""

    ASKED = "asked"  # the hub has not confirmed it, or not in time
    ACTIVE = "active"
    DENIED = "denied"
    LEAVING = "leaving"


class PushOutcome(StrEnum):
    """What became of a push."""

    STORED = "stored"
    HURRIED = "hurried"  # nothing in it that can be read: its source is polled soon
    UNSIGNED = "unsigned"  # or signed with another secret: dropped
    UNKNOWN = "unknown"  # no such subscription
    GONE = "gone"  # there was one
    NOT_STORED = "not_stored"  # the database failed


@dataclass(frozen=True, slots=True)
class Subscription:
    """What was asked of one hub for one source; times in UTC microseconds."""

    key: str  # the unguessable end of its callback
    source: str
    hub: str
    topic: str
    callback: str  # the whole address
    secret: str
    state: SubscriptionState = SubscriptionState.ASKED
    asked: bool = False  # a request is out, the hub may ask whether it is ours
    due_at: int = 0  # next request
    lease_until: int = 0
    failures: int = 0  # requests since the hub last confirmed
    detail: str = ""  # for people

    def __repr__(self) -> str:
        return f"Subscription({self.source!r}, {self.hub!r}, {self.state})"


@dataclass(frozen=True, slots=True)
class HubAnswer:
    """What a hub said to a request: whether it will look into it, and why not."""

    accepted: bool
    detail: str = ""
