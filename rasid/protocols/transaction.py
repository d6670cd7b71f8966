"""What can be written to the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, Protocol

from rasid.models import (
    Alert,
    Alias,
    DeliveryResult,
    Gate,
    Item,
    ItemPage,
    Match,
    Membership,
    Notification,
    RobotsAnswer,
    SourceState,
    Subscription,
    Told,
)
from rasid.protocols.people import PeopleWriting
from rasid.protocols.reading import Reading


class Transaction(Reading, PeopleWriting, Protocol):
    """One write transaction; everything or nothing of it is kept."""

    def add_item(
        self, item: Item, aliases: Iterable[Alias], *, words: Set[str] | None = None
    ) -> None:
        """Store a new item with its first revision and aliases.

        `words`: those under which search files it; worked out here unless they are given.
        """

    def revise_item(
        self, item: Item, aliases: Iterable[Alias], *, words: Set[str] | None = None
    ) -> None:
        """Store a further revision (`item.revision`) and aliases not yet known."""

    def add_item_page(self, page: ItemPage) -> None:
        """Store that a page is due, unless its item has one."""

    def save_item_page(self, page: ItemPage) -> None:
        """Write the state of a page that is stored."""

    def put_page_text(self, item: Item, *, words: Set[str] | None = None) -> None:
        """Take over text, a missing title and a missing date of an item's page.

        They are given to all its revisions: its outlet has changed nothing.
        """

    def add_aliases(self, item: str, aliases: Iterable[Alias]) -> None:
        """Add names of a known item; names that belong to another item stay there."""

    def save_robots(self, answers: Iterable[RobotsAnswer], *, since: int) -> None:
        """Remember answers; forget those from before a time."""

    def save_window(self, source: str, shown: str) -> None:
        """Remember what a source showed."""

    def mark_withdrawn(self, items: Iterable[str], at: int | None) -> None:
        """Remember since when items are withdrawn; None: they no longer are."""

    def mark_shown(self, items: Iterable[str]) -> None:
        """Clear `only_seeded`: a source past seeding showed these items."""

    def add_sightings(self, source: str, items: Iterable[str], at: int) -> int:
        """Remember that a source shows items now; return how many it had shown before."""

    def save_source(self, state: SourceState) -> None:
        """Write the state of a source."""

    def join_story(self, membership: Membership) -> None:
        """Write an item's place in a story, in place of an earlier one."""

    def save_meaning(self, item: str, meaning: bytes, at: int, *, since: int) -> None:
        """Remember what an item means; forget meanings from before a time."""

    def save_told(self, told: Told) -> None:
        """Write what a rule has told of a story."""

    def save_gate(self, gate: Gate) -> None:
        """Write what a gate has seen, by its rule and subject."""

    def save_subscription(self, subscription: Subscription) -> None:
        """Write a subscription, by its key."""

    def drop_subscription(self, key: str) -> None:
        """Forget a subscription."""

    def add_matches(self, item: str, matches: Iterable[Match], at: int) -> None:
        """Store matches, once per (rule, item)."""

    def add_alert(self, alert: Alert) -> bool:
        """Store an alert unless its (rule, target, subject) exists; say whether it was new."""

    def add_captures(self, alert: str, captures: Mapping[str, str]) -> None:
        """Note what an alert rests on: SHA-256 of captures by id."""

    def unplaced(self, target: str, limit: int) -> list[Alert]:
        """Return alerts of a target that wait in no lane yet, oldest first."""

    def due_alerts(
        self,
        target: str,
        limit: int,
        *,
        lanes: Sequence[str] | None = None,
        but: Sequence[str] = (),
    ) -> list[Alert]:
        """Return alerts of a target that are in no notification and due, oldest first.

        Of some lanes where given, of none in `but`.
        """

    def next_lane(self, target: str) -> tuple[str, int]:
        """Return the first lane by name that has something due, and how many wait in it.

        ("", 0) when there is none.
        """

    def hold(self, ids: Iterable[str], due_at: int, *, lane: str, reason: str) -> None:
        """Let pending alerts that are in no notification wait in a lane; "" is no reason."""

    def place_anew(self, targets: Iterable[str]) -> int:
        """Take waiting alerts of targets out of their lanes; return how many."""

    def attempts(self, target: str, *, since: int, limit: int) -> list[int]:
        """Return when something was sent to a target after a time, newest first."""

    def claim(
        self, target: str, *, limit: int, ttl: int, lane: str = "", as_list: bool = False
    ) -> Notification | None:
        """Lease the oldest due notification of a target for `ttl` microseconds.

        One whose retry is due comes first; else pending alerts of a lane (at most `limit`,
        oldest first, and those about the same subjects, 100 in all) become a new one, whose
        members never change. Alerts of a lane go together: those that are not due yet as well.
        What a silence keeps back goes with nothing else.
        """

    def due_targets(self) -> list[str]:
        """Return ids of targets for which `claim` would return something now."""

    def finish(
        self,
        notification: Notification,
        result: DeliveryResult,
        *,
        retry_at: int | None,
        plain: bool = False,
        split: bool = False,
    ) -> bool:
        """Record an attempt under its lease token; False when the lease was lost.

        SUCCESS: alerts become SENT. RETRY or REJECTED with `retry_at`: due again then; with
        `split` in notifications of their own, one for each subject (for each alert, when all
        are about one).
        REJECTED or RETRY without `retry_at`: alerts become DEAD with the result's reason.
        """

    def extend_lease(self, notification: Notification, ttl: int) -> bool:
        """Keep a lease; False when it was lost."""

    def release_leases(self) -> int:
        """Free every lease (at start-up, when this process alone may deliver)."""

    def hasten(self, latest: int) -> int:
        """Make open notifications that are due after `latest` due now; return how many."""

    def bury(self, targets: Iterable[str], reason: str) -> list[str]:
        """Dead-letter the pending alerts of targets that no longer exist; return alert ids."""

    def expire(self, before: int) -> list[str]:
        """Dead-letter pending alerts promised before a time (not leased); return alert ids.

        An alert is promised when it is created, and again by `retry_alerts`.
        """

    def retry_alerts(self, ids: Iterable[str]) -> int:
        """Make dead alerts pending again (in notifications of their own), as if promised now.

        One whose texts were pruned stays dead: there is nothing left to tell.
        """

    def drop_alerts(self, ids: Iterable[str]) -> int:
        """Give pending or dead alerts up, by a person's word."""

    def erase_alerts(self, rule: str) -> int:
        """Take every alert of a rule away as if it had never been; return how many.

        Its notifications and deliveries go too, but for those that it shares with others.
        """

    def prune(self, before: int) -> int:
        """Delete the texts of items not seen since, and return how many they were.

        Of alerts raised before that are sent, dead or dropped, the facts go too, with their
        captures, notifications and deliveries. Names of items and rows of alerts stay, so that none
        comes back.
        """

    def file_items(self) -> int:
        """File some items for search that are not yet; return how many."""

    def note_rules(self, hashes: Mapping[str, str], at: int) -> list[str]:
        """Remember which rules are in force; return those never seen in this version."""

    def define_rule(self, rule: str, digest: str, definition: Mapping[str, Any]) -> None:
        """Keep what a version of a rule says."""

    def set_meta(self, key: str, value: str) -> None:
        """Remember a text."""

    def now(self) -> int:
        """Return the time by which leases are judged."""
