"""The transaction of ingest: decides each item of a poll and writes what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from rasid.alerts.promise import alerts_for
from rasid.failpoint import reach
from rasid.ids import new_id
from rasid.items.documents import document
from rasid.models import Alias, Decision, Item, Match, ParsedItem
from rasid.protocols import Reading, Transaction
from rasid.settings import DAY, Source
from rasid.world import World


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item of a poll with all that identifies it."""

    parsed: ParsedItem
    aliases: tuple[Alias, ...]
    content_hash: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was worked out about an item before the transaction."""

    matches: list[Match]
    words: Set[str]  # under which search files it


@dataclass(frozen=True, slots=True)
class Known:
    """A stored item and the content hashes of all its revisions.

    Two feeds of an outlet may show one item with summaries of different length: a content
    that was there before is no revision, or the two would revise each other for ever.
    """

    item: Item
    hashes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What one ingest did."""

    decisions: Mapping[Decision, int] = field(default_factory=dict)
    alerts: int = 0
    seeded: bool = False  # this poll seeded the source
    recent_matches: int = 0  # seeded items of the last 24 h that a rule matches
    first_sightings: int = 0  # items that this source had not shown before
    possible_gap: bool = False


class StaleError(Exception):
    """What was analysed is not what must be written: analyse again."""


def decide(
    candidate: Candidate,
    known: Known | None,
    *,
    seeding: bool,
    shown_before: bool,
    now: int,
    too_old: int,
) -> Decision:
    """Say what an item of a poll is.

    `shown_before`: this source has shown it in an earlier poll. An item that only seeding
    polls have seen is NEW to a source past seeding that shows it for the first time.
    """
    if known is not None:
        swallowed = known.item.only_seeded and not seeding and not shown_before
        if not swallowed:
            changed = candidate.content_hash not in known.hashes
            return Decision.REVISED if changed else Decision.KNOWN
    if seeding:
        return Decision.SEEDED
    published = candidate.parsed.published
    if published is not None and not candidate.parsed.date_only and published < now - too_old:
        return Decision.TOO_OLD
    return Decision.NEW


def known_items(view: Reading, candidates: Iterable[Candidate]) -> dict[Alias, Known]:
    """Return the stored items that the candidates' aliases name."""
    names = [alias for candidate in candidates for alias in candidate.aliases]
    ids = view.find_items(names)
    items = view.items_by_id(set(ids.values()))
    hashes = view.content_hashes(items)
    return {
        alias: Known(items[item], hashes.get(item, frozenset()))
        for alias, item in ids.items()
        if item in items
    }


def first_known(candidate: Candidate, known: Mapping[Alias, Known]) -> Known | None:
    """Return the stored item that a candidate is, by its strongest alias."""
    return next((known[alias] for alias in candidate.aliases if alias in known), None)


@dataclass(slots=True)
class Recorder:
    """Records one chunk of a poll in one transaction; made anew for every run of it."""

    chunk: Sequence[Candidate]
    analysed: Mapping[int, Analysis]  # by position in the chunk
    source: Source
    seeding: bool
    world: World
    now: int
    _seeded: list[tuple[Item, list[Match]]] = field(default_factory=list)
    _alerts: int = 0

    def run(self, tx: Transaction) -> Report:
        """Write the chunk. Raises `StaleError` when an item that needs it was not analysed."""
        known = known_items(tx, self.chunk)
        shown = tx.seen_by(self.source.id, {entry.item.id for entry in known.values()})
        overlap = bool(shown)
        decisions: Counter[Decision] = Counter()
        sighted: list[str] = []
        for position, candidate in enumerate(self.chunk):
            before = first_known(candidate, known)
            decision = self._decide(candidate, before, shown)
            decisions[decision] += 1
            after = self._record(tx, position, before, decision)
            known.update(dict.fromkeys(candidate.aliases, after))
            shown.add(after.item.id)
            sighted.append(after.item.id)
        self._backfill(tx)
        before_now = tx.add_sightings(self.source.id, sighted, self.now)
        return Report(
            decisions=decisions,
            alerts=self._alerts,
            seeded=self.seeding,
            recent_matches=sum(self._is_recent(item) for item, found in self._seeded if found),
            first_sightings=len(set(sighted)) - before_now,
            possible_gap=bool(sighted) and not self.seeding and not overlap,
        )

    def _decide(self, candidate: Candidate, known: Known | None, shown: set[str]) -> Decision:
        return decide(
            candidate,
            known,
            seeding=self.seeding,
            shown_before=known is not None and known.item.id in shown,
            now=self.now,
            too_old=self.world.config.settings.too_old,
        )

    def _record(
        self, tx: Transaction, position: int, known: Known | None, decision: Decision
    ) -> Known:
        candidate = self.chunk[position]
        if decision is Decision.KNOWN:
            assert known is not None
            tx.add_aliases(known.item.id, candidate.aliases)
            return known
        if position not in self.analysed:
            raise StaleError
        matches, words = self.analysed[position].matches, self.analysed[position].words
        if known is None:
            after = self._add(tx, candidate, decision, words)
        else:
            if decision is Decision.REVISED:
                told = {match.rule for match in tx.matches(known.item.id)}
                matches = [match for match in matches if match.rule not in told]
            after = self._change(tx, candidate, known, decision, words)
        tx.add_matches(after.item.id, matches, self.now)
        if decision is Decision.SEEDED:
            self._seeded.append((after.item, matches))
        elif decision is not Decision.TOO_OLD:
            self._promise(tx, after.item, matches)
        return after

    def _add(
        self, tx: Transaction, candidate: Candidate, decision: Decision, words: Set[str]
    ) -> Known:
        item = self._item(candidate, decision)
        tx.add_item(item, candidate.aliases, words=words)
        reach("after_item")
        return Known(item, frozenset([candidate.content_hash]))

    def _change(
        self,
        tx: Transaction,
        candidate: Candidate,
        known: Known,
        decision: Decision,
        words: Set[str],
    ) -> Known:
        """Store a further revision, or that a source past seeding shows the item."""
        if decision is Decision.REVISED:
            item = self._item(candidate, known.item.decision, known.item)
            tx.revise_item(item, candidate.aliases, words=words)
            return Known(item, known.hashes | {candidate.content_hash})
        tx.mark_shown([known.item.id])
        shown = Known(replace(known.item, only_seeded=False), known.hashes)
        if candidate.content_hash not in known.hashes:
            return self._change(tx, candidate, shown, Decision.REVISED, words)
        tx.add_aliases(known.item.id, candidate.aliases)
        return shown

    def _item(self, candidate: Candidate, decision: Decision, first: Item | None = None) -> Item:
        parsed = candidate.parsed
        return Item(
            id=first.id if first else new_id(self.now),
            source=first.source if first else self.source.id,
            outlet=first.outlet if first else self.world.config.outlet_of(self.source).id,
            guid=parsed.guid,
            link=parsed.link,
            title=parsed.title,
            summary=parsed.summary,
            text=parsed.text,
            author=parsed.author,
            tags=parsed.tags,
            language=parsed.language or self.source.language,
            published=parsed.published,
            first_seen=first.first_seen if first else self.now,
            revision=first.revision + 1 if first else 1,
            content_hash=candidate.content_hash,
            decision=decision,
            only_seeded=first.only_seeded if first else decision is Decision.SEEDED,
        )

    def _promise(self, tx: Transaction, item: Item, matches: Sequence[Match]) -> None:
        if matches:
            alerts = alerts_for(
                item,
                document(item),
                matches,
                config=self.world.config,
                targets=self.world.targets,
                now=self.now,
                new_id=new_id,
            )
            self._alerts += sum(tx.add_alert(alert) for alert in alerts)

    def _backfill(self, tx: Transaction) -> None:
        """Alert on the newest seeded items that match, as many as the source asks for."""
        wanted = self.source.backfill_alerts
        if wanted is None:
            wanted = self.world.config.settings.backfill_alerts
        matching = [entry for entry in self._seeded if entry[1]]
        matching.sort(key=lambda entry: entry[0].published or 0, reverse=True)
        for item, matches in matching[:wanted]:
            self._promise(tx, item, matches)

    def _is_recent(self, item: Item) -> bool:
        return item.published is not None and item.published >= self.now - DAY
