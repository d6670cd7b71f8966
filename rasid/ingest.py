"""From a parsed feed to stored items and recorded alerts.

Everything that costs CPU (identity, matching) happens before the transaction; inside it
(`rasid.recording`) the same is decided again, and if another writer was faster, or the rules
changed, the work is done anew.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace

from rasid.alerts.ops import note_first_poll
from rasid.alerts.promise import asking
from rasid.archive.words import words_of
from rasid.deciding import Candidate, Memory, Poll, decide_all, remember
from rasid.failpoint import reach
from rasid.habit import observed
from rasid.health import noticed
from rasid.items.documents import from_parsed
from rasid.items.identity import content_hash, identities
from rasid.models import Decision, Document, ParsedFeed, SourceState
from rasid.polling import keeping, learnt, sooner
from rasid.protocols import Reading, Storage, Transaction
from rasid.pushes import pushed, unpushed
from rasid.recording import Analysis, Recorder, Report, StaleError, backfill, backfilled
from rasid.settings import REVISED, Source
from rasid.stories.boilerplate import boilerplate
from rasid.stories.meaning import described, model
from rasid.storybook import Storybook
from rasid.withdrawing import Said, settle
from rasid.world import World

CHUNK = 1_000  # items a transaction
TRIES = 10  # of a chunk that somebody else changes meanwhile

Keep = Callable[[Set[str]], Awaitable[Mapping[str, str]]]
"""See `rasid.protocols.Captures.keep`."""


async def keep_none(ids: Set[str]) -> Mapping[str, str]:
    """Keep no capture."""
    return {}


@dataclass(frozen=True, slots=True)
class _End:
    """What the last transaction of a poll needs to know of the whole of it."""

    state: SourceState
    dropped: int
    items: int  # of the feed
    earlier: Sequence[Report]
    said: Said
    pushed: bool  # by a hub: only what is new, and says nothing of a poll

    def settled(self, stored: SourceState | None, source: Source, now: int) -> SourceState:
        """Return the state to write, with what others decided meanwhile."""
        if self.pushed:
            return pushed(stored or self.state, source, now)
        return keeping(self.state, stored)


@dataclass(frozen=True, slots=True)
class Ingest:
    """Where polls are stored, and by which rules. `world` gives those in force.

    `keep` keeps the captures that alerts rest on.
    """

    storage: Storage
    world: Callable[[], World]
    stories: Storybook = field(default_factory=Storybook)
    keep: Keep = keep_none

    async def push(
        self, feed: ParsedFeed, source: Source, state: SourceState, *, now: int
    ) -> Report:
        """Store what a hub pushed for a source past seeding, as a poll would be; see there."""
        return await self._store(feed, source, state, seeding=False, now=now, pushed=True)

    async def __call__(
        self, feed: ParsedFeed, source: Source, state: SourceState, *, seeding: bool, now: int
    ) -> Report:
        """Store what a poll brought, its alerts, and `state`: the source's after the poll.

        A feed longer than `CHUNK` takes several transactions; the state, and with it the
        validators, is written in the last one only. Raises `StorageError` with the
        validators unwritten, so that the next poll brings the same items again; so does
        `StaleError`, when others change the items faster than they can be analysed.
        """
        return await self._store(feed, source, state, seeding=seeding, now=now, pushed=False)

    async def _store(
        self,
        feed: ParsedFeed,
        source: Source,
        state: SourceState,
        *,
        seeding: bool,
        now: int,
        pushed: bool,
    ) -> Report:
        outlet = self.world().config.outlet_of(source).id
        found = await asyncio.to_thread(candidates, feed, source.id, outlet)
        chunks = [found[at : at + CHUNK] for at in range(0, len(found), CHUNK)] or [[]]

        def poll() -> Poll:
            return Poll(source, seeding, self.world(), now)

        earlier = [await self._record(chunk, poll, None) for chunk in chunks[:-1]]
        end = _End(state, feed.dropped, len(found), earlier, Said.of(feed, pushed=pushed), pushed)
        return await self._record(chunks[-1], poll, end)

    async def _record(
        self, chunk: Sequence[Candidate], poll: Callable[[], Poll], end: _End | None
    ) -> Report:
        for _ in range(TRIES):
            with suppress(StaleError):
                return await self._try(chunk, poll(), end)
        raise StaleError(f"items or rules changed under each of {TRIES} tries to store a poll")

    async def _try(self, chunk: Sequence[Candidate], poll: Poll, end: _End | None) -> Report:
        memory = await self.storage.read(lambda view: remember(view, chunk, poll.source.id))
        analysed = await asyncio.to_thread(_analyse, chunk, memory, poll)
        if any(one.features for one in analysed.values()):
            await self.stories.open(self.storage, poll.now)
        told = await self._told(analysed, poll)
        kept = await self.keep(_rested_on(chunk, told, poll))  # on the disk before it is told

        def write(tx: Transaction) -> Report:
            if self.world().matcher.version != poll.world.matcher.version:
                raise StaleError
            report = Recorder(chunk, analysed, poll, self.stories, kept).run(tx)
            if poll.seeding:
                _note_first_poll(tx, poll, report)
            return report if end is None else _finish(tx, poll, report, end)

        return await self.storage.write(write)

    async def _told(self, analysed: Mapping[int, Analysis], poll: Poll) -> list[int]:
        """Return the positions of what may be told.

        That is what matches, and revisions that no longer do: `rasid.alerts.again`.
        """
        matching = {at for at, one in analysed.items() if one.matches}
        revisions = {at: one.revises for at, one in analysed.items() if one.revises}
        if revisions.keys() <= matching:
            return sorted(matching)

        def look(view: Reading) -> set[int]:
            rules = poll.world.config.rules
            return {
                at
                for at, item in revisions.items()
                if at not in matching and asking(view.matches(item), rules, REVISED)
            }

        return sorted(matching | await self.storage.read(look))


def _note_first_poll(tx: Transaction, poll: Poll, report: Report) -> None:
    kept, matches = report.decisions.get(Decision.SEEDED, 0), report.recent_matches
    note_first_poll(tx, poll.source.id, items=kept, matches=matches, now=poll.now)


def _finish(tx: Transaction, poll: Poll, last: Report, end: _End) -> Report:
    """Write what a poll as a whole leads to: backfilled alerts and the state of its source."""
    stored = tx.source_state(end.state.source)
    state = end.settled(stored, poll.source, poll.now)
    report = _sum([*end.earlier, last])
    # a source that was empty hid nothing
    unseen = report.possible_gap and state.items_seen > 0 and not end.pushed
    raised = backfill(tx, poll, report.matched)
    if raised:
        note_first_poll(tx, poll.source.id, alerts=raised, now=poll.now)
    report = replace(
        report,
        alerts=report.alerts + raised + settle(tx, poll, end.said, report.shown),
        dropped=end.dropped,
        possible_gap=unseen or end.dropped > 0,
        matched=(),  # have served
        shown=(),
    )
    reach("before_validators")
    new = 0 if poll.seeding else report.first_sightings
    if not end.pushed:
        state = _paced(state, stored, poll, end.items, new)
    tx.save_source(
        replace(
            noticed(state, items=end.items, new=new, now=poll.now),
            items_seen=state.items_seen + report.first_sightings,
            possible_gaps=state.possible_gaps + report.possible_gap,
            hours=observed(state.hours, new=new, now=poll.now),
        )
    )
    return report


def _paced(
    state: SourceState, stored: SourceState | None, poll: Poll, items: int, new: int
) -> SourceState:
    """Return a state after a poll with what its new items say of how often to poll."""
    if new:  # what a hub should have pushed
        state = unpushed(state, poll.source, poll.now)
    interval = learnt(poll.source, stored, items=items, new=new, now=poll.now)
    return sooner(state, poll.source, interval, poll.now) if interval else state


def candidates(feed: ParsedFeed, source: str, outlet: str) -> list[Candidate]:
    """Return the items of a poll with their identity."""
    found = identities(feed.items, source=source, outlet=outlet)
    return [
        Candidate(item, one.given, content_hash(item), one.sought)
        for item, one in zip(feed.items, found, strict=True)
    ]


def _analyse(chunk: Sequence[Candidate], memory: Memory, poll: Poll) -> dict[int, Analysis]:
    """Match what looks unknown or changed, and find the words that it is filed under."""
    outlet = poll.world.config.outlet_of(poll.source).id
    analysed, new = {}, dict[int, Document]()
    for position, one in enumerate(decide_all(chunk, memory, poll)):
        if one.decision is not Decision.KNOWN:
            document = from_parsed(
                one.candidate.parsed, id=str(position), source=poll.source.id, outlet=outlet
            )
            if (item := one.after.item).paged:  # a revision keeps what its page gave
                document = replace(
                    document, title=item.title, text=item.text, published=item.published
                )
            matches = poll.world.matcher.match(document, poll.now)
            if one.decision is Decision.NEW:
                new[position] = document
            revises = item.id if one.decision is Decision.REVISED else ""
            words = words_of(document)
            analysed[position] = Analysis(matches, words, None, item.paged, revises)
    those = described(_trimmed(new, chunk, poll), model()) if new else []
    for position, found in zip(new, those, strict=True):
        analysed[position] = replace(analysed[position], features=found)
    return analysed


def _trimmed(new: Mapping[int, Document], chunk: Sequence[Candidate], poll: Poll) -> list[Document]:
    """Return new items without what the items of their feed begin or end with."""
    source, outlet = poll.source.id, poll.world.config.outlet_of(poll.source).id
    shown = [from_parsed(one.parsed, id="", source=source, outlet=outlet) for one in chunk]
    common = boilerplate(shown)
    return [common.trimmed(document) for document in new.values()]


def _rested_on(chunk: Sequence[Candidate], told: Iterable[int], poll: Poll) -> frozenset[str]:
    """Return the captures that alerts of a chunk may rest on."""
    if poll.seeding and not backfilled(poll):
        return frozenset()
    return frozenset(name for at in told for name in chunk[at].parsed.captures)


def _sum(reports: Sequence[Report]) -> Report:
    decisions: Counter[Decision] = Counter()
    for report in reports:
        decisions.update(report.decisions)
    return Report(
        decisions=decisions,
        alerts=sum(report.alerts for report in reports),
        seeded=any(report.seeded for report in reports),
        recent_matches=sum(report.recent_matches for report in reports),
        first_sightings=sum(report.first_sightings for report in reports),
        possible_gap=all(report.possible_gap for report in reports),
        matched=[entry for report in reports for entry in report.matched],
        shown=[item for report in reports for item in report.shown],
    )
