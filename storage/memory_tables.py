"""What the in-memory store keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasid.models import (
    Ack,
    Alert,
    Alias,
    Gate,
    Item,
    ItemPage,
    Match,
    Membership,
    RobotsAnswer,
    RuleVersion,
    Silence,
    SourceState,
    Subscription,
    Told,
)


@dataclass(frozen=True, slots=True)
class Sending:
    """A notification as stored."""

    id: str
    target: str
    created_at: int
    due_at: int
    token: str = ""
    leased_until: int = 0
    plain: bool = False
    open: bool = True
    lane: str = ""

    def is_leased(self, now: int) -> bool:
        """Say whether somebody holds it."""
        return bool(self.token) and self.leased_until > now


class Table(dict[Any, Any]):
    """Rows by their key; they are immutable, so that a copy of the table is a snapshot."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Table:
        return Table(self)


@dataclass(slots=True)
class Tables:
    """Everything that is kept."""

    items: dict[str, Item] = field(default_factory=Table)
    revisions: dict[tuple[str, int], Item] = field(default_factory=Table)
    aliases: dict[Alias, str] = field(default_factory=Table)
    sightings: dict[tuple[str, str], int] = field(default_factory=Table)  # (item, source)
    sighted_at: dict[tuple[str, str], int] = field(default_factory=Table)  # first
    sources: dict[str, SourceState] = field(default_factory=Table)
    matches: dict[tuple[str, str], Match] = field(default_factory=Table)  # (item, rule)
    matched_at: dict[tuple[str, str], int] = field(default_factory=Table)
    rules: dict[tuple[str, str], RuleVersion] = field(default_factory=Table)  # (rule, hash)
    in_force: dict[str, str] = field(default_factory=Table)
    item_pages: dict[str, ItemPage] = field(default_factory=Table)
    alerts: dict[str, Alert] = field(default_factory=Table)
    captures: dict[tuple[str, str], str] = field(default_factory=Table)  # (alert, capture)
    sendings: dict[str, Sending] = field(default_factory=Table)
    deliveries: dict[tuple[str, int], Mapping[str, Any]] = field(default_factory=Table)
    memberships: dict[str, Membership] = field(default_factory=Table)  # by item
    subscriptions: dict[str, Subscription] = field(default_factory=Table)
    told: dict[tuple[str, str], Told] = field(default_factory=Table)  # (story, rule)
    gates: dict[tuple[str, str], Gate] = field(default_factory=Table)  # (subject, rule)
    windows: dict[str, str] = field(default_factory=Table)  # by source
    withdrawn: dict[str, int] = field(default_factory=Table)  # by item
    robots: dict[str, RobotsAnswer] = field(default_factory=Table)  # by origin
    meanings: dict[str, tuple[int, bytes]] = field(default_factory=Table)  # by item, with when
    silences: dict[str, Silence] = field(default_factory=Table)
    acks: dict[tuple[str, str, int], Ack] = field(default_factory=Table)  # (about, rule, at)
    escalations: dict[str, int] = field(default_factory=Table)  # by alert
    meta: dict[str, str] = field(default_factory=Table)
