"""What the use cases ask of the adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any, Protocol, TypeVar

from rasid.models import (
    Alert,
    Alias,
    DeliveryResult,
    Document,
    Exchange,
    Gate,
    HubAnswer,
    Item,
    ItemPage,
    Match,
    Membership,
    Message,
    Notification,
    Offer,
    Overdue,
    Page,
    PageReport,
    PageResult,
    ParsedFeed,
    PollResult,
    RobotsAnswer,
    RuleMatch,
    RuleVersion,
    SourceState,
    StorySummary,
    Subscription,
    Target,
    Told,
)
from rasid.people import PeopleReading, PeopleWriting
from rasid.settings import Settings, Source

T = TypeVar("T")
Clock = Callable[[], int]  # UTC microseconds
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

    def last_sent(self, since: int) -> Mapping[str, int]:
        """Return when targets last accepted something, of those where it was after a time."""

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


class Storage(Protocol):
    """A database. `fn` is synchronous, does no I/O of its own and may be run again."""

    async def read(self, fn: Callable[[Reading], T]) -> T:
        """Run `fn` on a consistent view."""

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """Run `fn` in one transaction. Raises `StorageError`, with nothing kept.

        `StorageUnavailableError` when the store fails and not what was to be written.
        """

    async def backup(self, path: str) -> None:
        """Write a verified copy."""

    async def maintain(self) -> None:
        """File for search what is not yet, shorten logs: to be called when idle."""

    async def close(self) -> None:
        """Finish what runs and close."""


class HubClient(Protocol):
    """What subscriptions need of the crawler; never raises for what a hub does."""

    async def ask_hub(self, hub: str, form: Mapping[str, str]) -> HubAnswer:
        """Post a form to a hub."""

    async def read(self, source: Source, body: bytes, content_type: str) -> ParsedFeed | None:
        """Return what was pushed for a source, None when it is nothing that can be read."""


class Crawler(HubClient, Protocol):
    """Fetches and parses one source at a time; never raises for what a server does."""

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        """Poll one source."""

    async def page(self, source: Source, link: str) -> PageResult:
        """Fetch the page of one of a source's items and extract its text."""

    def reload(self, settings: Settings) -> None:
        """Go by other settings from the next poll on."""

    async def close(self) -> None:
        """End running polls and stop."""


class Captures(Protocol):
    """Keeps what went over the wire: for a while, and with an alert as long as that."""

    @property
    def on(self) -> bool:
        """Whether responses are captured."""

    def now(self) -> int:
        """Return the time by which captures are dated."""

    async def add(self, exchanges: Sequence[Exchange]) -> str:
        """Capture one fetch, its redirects first; return the id, "" when it cannot be kept.

        It is there as a whole when this returns. Never raises: a fetch goes on without.
        """

    async def keep(self, ids: Set[str]) -> Mapping[str, str]:
        """Let captures stay until an alert's retention ends; return SHA-256 by id.

        They are on the disk when this returns; one that cannot be kept is left out.
        """


class RobotsCache(Protocol):
    """Answers of robots.txt that outlive the process."""

    def now(self) -> int:
        """Return the time by which answers are dated."""

    async def find(self, origin: str) -> RobotsAnswer | None:
        """Return what an origin (scheme://host:port) answered within a day."""

    def keep(self, answer: RobotsAnswer) -> None:
        """Take up an answer."""


class Matcher(Protocol):
    """Compiled rules: matching cannot fail."""

    version: str

    def match(self, document: Document, now: int | None = None) -> list[Match]:
        """Return every rule that the document satisfies, with evidence.

        `now`: what the age of a publication is counted from; without it age excludes nothing.
        """


class Notifier(Protocol):
    """Sends one message to one URL. Blocking; called in a thread of its own."""

    def send(self, target: Target, message: Message, *, plain: bool = False) -> DeliveryResult:
        """Send once; every outcome is a value."""

    def body_limit(self, target: Target) -> int:
        """Return how many characters a body may have."""
