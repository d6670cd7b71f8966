"""What can be asked of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, Protocol

from rasid.models import (
    Alert,
    Alias,
    Gate,
    Item,
    ItemPage,
    Match,
    Membership,
    Offer,
    Overdue,
    Page,
    PageReport,
    RobotsAnswer,
    RuleMatch,
    RuleVersion,
    SourceState,
    StorySummary,
    Subscription,
    Told,
)
from rasid.protocols.people import PeopleReading

Wanted = Sequence[Set[str]]
"""All of these, any word of each; a word that ends in `*` is a prefix. Empty: every item."""


class Reading(PeopleReading, Protocol):
    """A synchronous view of the store; consistent for the length of one call to `read`."""

    def find_items(self, aliases: Iterable[Alias]) -> Mapping[Alias, str]:
        """Return the item id of each alias that is known."""

    def items_by_id(self, ids: Iterable[str]) -> Mapping[str, Item]:
        """Return stored items, newest revision."""

    def items(
        self,
        *,
        limit: int = 50,
        since: int | None = None,
        before: tuple[int, str] | None = None,
        source: str = "",
        text: str = "",
    ) -> list[Item]:
        """Return items, newest first. `text`: a part of the title or summary.

        `since` and `before` bound when they were first seen; `before` is (first_seen, id),
        that of the last item of one page brings the next.
        """

    def source_state(self, source: str) -> SourceState | None:
        """Return what is remembered of a source."""

    def source_states(self) -> Mapping[str, SourceState]:
        """Return the state of every source ever polled, by source id."""

    def sources_down(self, failures: int) -> Set[str]:
        """Return sources that are paused, gone, or have failed so many polls in a row."""

    def due_sources(self, now: int, limit: int, skip: int = 0) -> list[str]:
        """Return source ids with `next_poll_at <= now`, not paused or gone, longest due first.

        `skip`: how many of them are passed over, for the next page of one call to `read`.
        """

    def offers(self) -> Mapping[str, Offer]:
        """Return the hubs of sources that have one and are neither paused nor gone, by source."""

    def subscriptions(self) -> list[Subscription]:
        """Return every subscription, those that are being ended too."""

    def subscription(self, key: str) -> Subscription | None:
        """Return the subscription whose callback ends in `key`."""

    def alerts(
        self, *, state: str = "", limit: int = 50, ids: Sequence[str] = (), subject: str = ""
    ) -> list[Alert]:
        """Return alerts, newest first; every one named by `ids` where given."""

    def alerts_on(self, item: str) -> list[Alert]:
        """Return the alerts about an item and about its revisions, newest first."""

    def deliveries(self, notification: str) -> list[Mapping[str, Any]]:
        """Return attempts, oldest first: at, outcome, reason, detail."""

    def overdue(self, now: int) -> list[Overdue]:
        """Return by target what is pending and due by now, the longest first."""

    def last_sent(self, since: int, until: int) -> Mapping[str, int]:
        """Return when targets last accepted something, of what was after a time till another."""

    def next_attempt(self, notification: str) -> int | None:
        """Return when a notification is tried next, None when it is over."""

    def window(self, source: str) -> str:
        """Return what `save_window` stored of a source, "" when there is nothing."""

    def withdrawn(self, items: Iterable[str]) -> Mapping[str, int]:
        """Return since when items are withdrawn, of those that are."""

    def robots(self, origin: str) -> RobotsAnswer | None:
        """Return what the robots.txt of an origin last said."""

    def sources_of(self, item: str) -> set[str]:
        """Return the sources that have shown an item."""

    def seen_by(self, source: str, items: Iterable[str]) -> set[str]:
        """Return those of the items that a source has shown before."""

    def new_by_day(self, now: int, days: int) -> Mapping[str, Mapping[int, int]]:
        """Return, for each source, how many items it showed first 0, 1, 2 ... days before `now`.

        Items that a first poll found are not among them.
        """

    def content_hashes(self, items: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Return the content hashes of all revisions of each item."""

    def matches(self, item: str) -> list[Match]:
        """Return the matches of an item."""

    def captures(self, alert: str = "") -> Mapping[str, str]:
        """Return the captures that an alert rests on, or all alerts: SHA-256 by id."""

    def item_pages(self, items: Iterable[str]) -> Mapping[str, ItemPage]:
        """Return the pages of items that have one."""

    def due_item_pages(self, now: int, limit: int, busy: Set[str]) -> list[ItemPage]:
        """Return pages due by now, not those of busy hosts or paused sources, oldest first."""

    def page_reports(self) -> Mapping[str, PageReport]:
        """Return how pages went, by the source that asked for them."""

    def has_text(self, source: str, text_hash: str, but: str) -> bool:
        """Say whether the page of another item than `but` gave a source the same text."""

    def counts(self) -> Mapping[str, int]:
        """Return items, alerts by state (alerts_pending ...), oldest_pending_at, sources.

        `alerts_held`: those of the pending ones that wait for a reason.
        """

    def candidates(
        self,
        wanted: Wanted = (),
        *,
        since: int | None = None,
        before: tuple[int, str] | None = None,
        limit: int = 200,
    ) -> Page:
        """Return the next items that may be what is wanted, newest first, at most `limit`.

        None that has what is wanted is left out; some that have not may be in. A page may be
        empty and not the last.
        """

    def has_unfiled(self) -> bool:
        """Say whether some items are not filed for search yet; `file_items` does it."""

    def items_named(self, part: str) -> list[Item]:
        """Return the items whose id begins with `part`, three at most."""

    def alerts_named(self, part: str) -> list[Alert]:
        """Return the alerts whose id begins or ends with `part`, three at most."""

    def revision(self, item: str, number: int) -> Item | None:
        """Return an item in one of its revisions, None when its texts were deleted."""

    def match_counts(self, since: int, *, seeded: bool = True) -> Mapping[str, Mapping[int, int]]:
        """Return, for each rule, how many items it matched per day (of the epoch, UTC).

        `seeded` false leaves out items that a first poll found.
        """

    def rule_versions(self, rule: str = "") -> list[RuleVersion]:
        """Return the versions of a rule, or of all rules, newest first."""

    def rules_in_force(self) -> Mapping[str, str]:
        """Return the rules that were recorded last, with their hashes."""

    def memberships(self, items: Iterable[str]) -> Mapping[str, Membership]:
        """Return the place of items in stories, of those that have one."""

    def members(
        self, *, since: int = 0, story: str = "", after: tuple[int, str] = (0, ""), limit: int
    ) -> list[tuple[Item, Membership]]:
        """Return items of stories in the order in which they joined.

        `story`: of one only; `after`: (at, item) of the last one that is known.
        """

    def meanings(self, items: Iterable[str]) -> Mapping[str, bytes]:
        """Return the meanings of items, of those that have one."""

    def told(self, story: str, rules: Iterable[str]) -> Mapping[str, Told]:
        """Return what rules have told of a story, by rule."""

    def rule_matches(self, rule: str, since: int, until: int) -> list[RuleMatch]:
        """Return what a rule matched after a time and until another, oldest first.

        What a first poll found or was too old to alert is not among it.
        """

    def last_match(self, rule: str) -> RuleMatch | None:
        """Return what a rule matched last, of the same."""

    def gates(self, subject: str) -> Mapping[str, Gate]:
        """Return what gates have seen of a subject, by rule."""

    def stories(self, *, since: int, limit: int, least: int = 1) -> list[StorySummary]:
        """Return stories that something joined since, newest first, of `least` items or more."""

    def meta(self, key: str) -> str:
        """Return a remembered text, "" when there is none."""
