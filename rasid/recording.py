"""The transaction of ingest: writes what was decided of each item and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from rasid.alerts.again import told_again
from rasid.alerts.gates.keeping import Passed, pass_gates, raise_spikes, shown_by_gates
from rasid.alerts.handover.escalation import expect_acks
from rasid.alerts.handover.inhibition import Inhibiting, inhibit
from rasid.alerts.promise import alerts_for, asking
from rasid.alerts.telling import Telling
from rasid.alerts.updates import StoryPlace, Waits, place_matches
from rasid.deciding import Candidate, Decided, Poll, decide_all, remember
from rasid.failpoint import reach
from rasid.ids import new_id
from rasid.items.changes import Change, changes
from rasid.items.documents import document
from rasid.models import Decision, Item, Match, Membership
from rasid.pages import pages_wanted
from rasid.protocols import Transaction
from rasid.settings import CORROBORATED, DAY, NEW, REVISED, WITHDRAWN, Config
from rasid.stories.features import Features
from rasid.storybook import Storybook


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was worked out about an item before the transaction."""

    matches: list[Match]
    words: Set[str]  # under which search files it
    features: Features | None = None  # of one that is placed in a story
    paged: bool = False  # whether it had the text of its page
    revises: str = ""  # the item that it is a revision of


class Matched(NamedTuple):
    """An item that rules match, and the captures that it rests on: SHA-256 by id."""

    item: Item
    matches: list[Match]
    captures: Mapping[str, str]
    membership: Membership | None = None  # None: in no story


@dataclass(frozen=True, slots=True)
class Report:
    """What one ingest did."""

    decisions: Mapping[Decision, int] = field(default_factory=dict)
    alerts: int = 0
    seeded: bool = False  # this poll seeded the source
    recent_matches: int = 0  # seeded items of the last 24 h that a rule matches
    first_sightings: int = 0  # items that this source had not shown before
    dropped: int = 0  # items of the feed beyond the limit
    possible_gap: bool = False
    matched: Sequence[Matched] = ()
    shown: Sequence[str] = ()  # all items of the poll, in the order of the feed


class StaleError(Exception):
    """What was analysed is not what must be written: analyse again."""


@dataclass(slots=True)
class Recorder:
    """Records one chunk of a poll in one transaction; made anew for every run of it."""

    chunk: Sequence[Candidate]
    analysed: Mapping[int, Analysis]  # by position in the chunk
    poll: Poll
    stories: Storybook
    kept: Mapping[str, str]  # captures that alerts may rest on: SHA-256 by id
    _matched: list[Matched] = field(default_factory=list)
    _recent: int = 0
    _alerts: int = 0
    _counted: Counter[str] = field(default_factory=Counter)  # first matches, by rule

    def run(self, tx: Transaction) -> Report:
        """Write the chunk. Raises `StaleError` when an item that needs it was not analysed."""
        source, seeding = self.poll.source.id, self.poll.seeding
        memory = remember(tx, self.chunk, source)
        decided = decide_all(self.chunk, memory, self.poll)
        if any(one.features for one in self.analysed.values()):
            self.stories.begin(tx)
        for position, one in enumerate(decided):
            if one.decision is not Decision.KNOWN:
                shown_before = one.after.item.id in memory.shown
                self._record(tx, position, one, shown_before=shown_before)
                continue
            item = one.after.item
            tx.add_aliases(item.id, one.candidate.aliases)
            if seeding and item.only_seeded and item.id in memory.shown:  # it was interrupted
                self._note_seeded(one, tx.matches(item.id))
        for page in pages_wanted(decided, memory.shown, self.poll):
            tx.add_item_page(page)
        sighted = [one.after.item.id for one in decided]
        before_now = tx.add_sightings(source, sighted, self.poll.now)
        self._alerts += raise_spikes(tx, self.poll, self._counted)
        return Report(
            decisions=Counter(one.decision for one in decided),
            alerts=self._alerts,
            seeded=seeding,
            recent_matches=self._recent,
            first_sightings=len(set(sighted)) - before_now,
            possible_gap=bool(sighted) and not seeding and not memory.shown,
            matched=self._matched,
            shown=sighted,
        )

    def _record(self, tx: Transaction, position: int, one: Decided, *, shown_before: bool) -> None:
        item = one.after.item
        if position not in self.analysed or self.analysed[position].paged != item.paged:
            raise StaleError
        found = self.analysed[position].matches
        revised = one.decision is Decision.REVISED
        known = {match.rule for match in tx.matches(item.id)} if revised else set[str]()
        matches = [match for match in found if match.rule not in known]
        _store(tx, one, self.analysed[position].words)
        membership = self._place(tx, one, self.analysed[position].features)
        tx.add_matches(item.id, matches, self.poll.now)
        if one.decision is Decision.SEEDED:
            self._note_seeded(one, matches)
            self._recent += bool(matches) and self._is_recent(item)
        elif one.decision is not Decision.TOO_OLD:
            matched = Matched(item, matches, self._captures(one), membership)
            # to a source that shows an item for the first time nothing of it was changed
            again = self._again(tx, item, found, known) if shown_before else []
            self._promise(tx, one, matched, again)

    def _promise(self, tx: Transaction, one: Decided, matched: Matched, again: list[Match]) -> None:
        """Promise what first matches of an item call for, and what its being changed does."""
        if not matched.matches and not again:
            return
        self._counted.update(match.rule for match in matched.matches)
        changed = changes(one.before.item, matched.item) if one.before and one.revises else []
        self._alerts += promise(tx, self.poll, matched, changed=changed)
        if changed:  # not so where the text of the item's page stands for what was changed
            matched = matched._replace(matches=again)
            self._alerts += promise(tx, self.poll, matched, REVISED, changed)

    def _again(
        self, tx: Transaction, item: Item, found: Sequence[Match], known: Set[str]
    ) -> list[Match]:
        """Return the matches of a revision that rules which matched before are told of."""
        rules = self.poll.world.config.rules
        if not any(name in rules and REVISED in rules[name].on for name in known):
            return []
        alerted = {alert.rule for alert in tx.alerts_on(item.id)} | shown_by_gates(tx, item.id)
        return told_again(found, matched=known, alerted=alerted, rules=rules)

    def _place(self, tx: Transaction, one: Decided, features: Features | None) -> Membership | None:
        """Place a new item in a story; return where an item is, None when it is in none."""
        item = one.after.item.id
        if one.decision is not Decision.NEW:
            return tx.memberships([item]).get(item) if one.before else None
        if features is None:  # when it was analysed it was no new item
            raise StaleError
        return self.stories.place(tx, item, features, self.poll.now)

    def _note_seeded(self, one: Decided, matches: list[Match]) -> None:
        if matches:
            self._matched.append(Matched(one.after.item, matches, self._captures(one)))

    def _captures(self, one: Decided) -> Mapping[str, str]:
        names = one.candidate.parsed.captures
        return {name: self.kept[name] for name in names if name in self.kept}

    def _is_recent(self, item: Item) -> bool:
        return item.published is not None and item.published >= self.poll.now - DAY


def backfill(tx: Transaction, poll: Poll, matched: Sequence[Matched]) -> int:
    """Alert on the newest seeded items that match, as many as the source asks for.

    Returns the number of alerts. Asked once a poll, in its last transaction.
    """
    newest = sorted(matched, key=lambda one: one.item.published or 0, reverse=True)
    return sum(promise(tx, poll, one) for one in newest[: backfilled(poll)])


def backfilled(poll: Poll) -> int:
    """Return how many items of a source's first poll may alert."""
    wanted = poll.source.backfill_alerts
    return poll.world.config.settings.backfill_alerts if wanted is None else wanted


def promise(
    tx: Transaction,
    poll: Poll,
    matched: Matched,
    event: str = NEW,
    changed: Sequence[Change] = (),
) -> int:
    """Store the alerts that matches of an item call for; return how many were new.

    `event` and `changed` are as `rasid.alerts.promise.alerts_for` has them.
    """
    if event != NEW:
        return _tell(tx, poll, matched, event, changed, Passed())
    passed = pass_gates(tx, poll, matched.item, matched.matches, matched.membership)
    opened = matched._replace(matches=passed.opened)
    count = passed.raised + _tell(tx, poll, opened, CORROBORATED, changed, passed)
    return count + _tell(tx, poll, matched._replace(matches=passed.told), NEW, changed, passed)


def _tell(
    tx: Transaction,
    poll: Poll,
    matched: Matched,
    event: str,
    changed: Sequence[Change],
    passed: Passed,
) -> int:
    """Store the alerts of an event; return how many were new."""
    config = poll.world.config
    matches = asking(matched.matches, config.rules, event)
    if not matches:
        return 0
    stories = _stories(tx, poll, matched._replace(matches=matches), event, changed)
    alerts = alerts_for(
        matched.item,
        document(matched.item),
        matches,
        config=config,
        targets=poll.world.targets,
        now=poll.now,
        new_id=new_id,
        event=event,
        changed=changed,
        stories=stories,
        notes=passed.notes,
    )
    if event == NEW and matched.membership and stories:
        updates, rules = config.settings.story_updates, config.rules
        new = Inhibiting(matched.item, matches, matched.membership, updates, rules)
        alerts = inhibit(tx, new, alerts, poll.now)
    added = [alert for alert in alerts if tx.add_alert(alert)]
    for alert in added:
        tx.add_captures(alert.id, matched.captures)
    expect_acks(tx, added, config.receivers)
    return len(added)


def _stories(
    tx: Transaction,
    poll: Poll,
    matched: Matched,
    event: str,
    changed: Sequence[Change],
) -> Mapping[str, StoryPlace]:
    """Return by rule how matches of an item are told; that one is gone tells nothing of a story."""
    story, matches = matched.membership, matched.matches
    if event == WITHDRAWN:
        place = StoryPlace(story.story, Telling.WITHDRAWN) if story else None
        return {match.rule: place for match in matches} if place else {}
    waits = _waits(poll.world.config, matches)
    again = changed if event == REVISED else None
    return place_matches(
        tx, matched.item, matches, story, waits, poll.now,
        changed=again, corroborates=event == CORROBORATED,
    )  # fmt: skip


def _waits(config: Config, matches: Sequence[Match]) -> Waits:
    cooldowns = {match.rule: config.rules[match.rule].cooldown for match in matches}
    return Waits(config.settings.story_updates, cooldowns)


def _store(tx: Transaction, one: Decided, words: Set[str]) -> None:
    """Store a new item, a further revision, or that a source past seeding shows an item."""
    item, aliases = one.after.item, one.candidate.aliases
    if one.before is None:
        tx.add_item(item, aliases, words=words)
        reach("after_item")
        return
    if one.before.item.only_seeded and not item.only_seeded:
        tx.mark_shown([item.id])
    if one.revises:
        tx.revise_item(item, aliases, words=words)
    else:
        tx.add_aliases(item.id, aliases)
