"""From a parsed feed to stored items and recorded alerts.

Everything that costs CPU (identity, matching) happens before the transaction; inside it
(`rasid.recording`) what was assumed is checked again, and if another writer was faster, or
the rules changed, the work is done anew.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rasid.alerts.ops import note_first_poll
from rasid.archive.words import words_of
from rasid.failpoint import reach
from rasid.items.documents import from_parsed
from rasid.items.identity import aliases, content_hash
from rasid.models import Alias, Decision, ParsedFeed, SourceState
from rasid.protocols import Storage, Transaction
from rasid.recording import (
    Analysis,
    Candidate,
    Known,
    Recorder,
    Report,
    StaleError,
    first_known,
    known_items,
)
from rasid.settings import Source
from rasid.world import World

CHUNK = 1_000  # items a transaction


@dataclass(frozen=True, slots=True)
class Ingest:
    """Where polls are stored, and by which rules. `world` gives those in force."""

    storage: Storage
    world: Callable[[], World]

    async def __call__(
        self, feed: ParsedFeed, source: Source, state: SourceState, *, seeding: bool, now: int
    ) -> Report:
        """Store what a poll brought, its alerts, and `state`: the source's after the poll.

        A feed longer than `CHUNK` takes several transactions; the state, and with it the
        validators, is written in the last one only. Raises `StorageError` with the
        validators unwritten, so that the next poll brings the same items again.
        """
        outlet = self.world().config.outlet_of(source).id
        found = await asyncio.to_thread(candidates, feed, source.id, outlet)
        chunks = [found[at : at + CHUNK] for at in range(0, len(found), CHUNK)] or [[]]
        reports = [
            await self._record(chunk, source, None, seeding=seeding, now=now)
            for chunk in chunks[:-1]
        ]
        reports.append(await self._record(chunks[-1], source, state, seeding=seeding, now=now))
        return _sum(reports)

    async def _record(
        self,
        chunk: Sequence[Candidate],
        source: Source,
        state: SourceState | None,
        *,
        seeding: bool,
        now: int,
    ) -> Report:
        while True:
            world = self.world()
            known = await self.storage.read(lambda view: known_items(view, chunk))
            analysed = await asyncio.to_thread(_analyse, chunk, known, source, world, now)

            def write(
                tx: Transaction,
                world: World = world,
                analysed: Mapping[int, Analysis] = analysed,
            ) -> Report:
                if self.world().matcher.version != world.matcher.version:
                    raise StaleError
                report = Recorder(chunk, analysed, source, seeding, world, now).run(tx)
                if seeding:
                    _note_first_poll(tx, source, report, now)
                if state is None:
                    return report
                reach("before_validators")
                tx.save_source(_counted(state, report))
                return replace(report, possible_gap=_is_gap(state, report))

            try:
                return await self.storage.write(write)
            except StaleError:
                continue


def _note_first_poll(tx: Transaction, source: Source, report: Report, now: int) -> None:
    kept, matches = report.decisions.get(Decision.SEEDED, 0), report.recent_matches
    note_first_poll(tx, source.id, items=kept, matches=matches, now=now)


def _is_gap(state: SourceState, report: Report) -> bool:
    """Say whether items may have come and gone unseen: a source that was empty hid none."""
    return report.possible_gap and state.items_seen > 0


def _counted(state: SourceState, report: Report) -> SourceState:
    return replace(
        state,
        items_seen=state.items_seen + report.first_sightings,
        possible_gaps=state.possible_gaps + _is_gap(state, report),
    )


def candidates(feed: ParsedFeed, source: str, outlet: str) -> list[Candidate]:
    """Return the items of a poll with their identity."""
    names = aliases(feed.items, source=source, outlet=outlet)
    return [
        Candidate(item, own, content_hash(item))
        for item, own in zip(feed.items, names, strict=True)
    ]


def _analyse(
    chunk: Sequence[Candidate],
    known: Mapping[Alias, Known],
    source: Source,
    world: World,
    now: int,
) -> dict[int, Analysis]:
    """Match what looks unknown or changed, and find the words that it is filed under."""
    outlet = world.config.outlet_of(source).id
    analysed = {}
    for position, candidate in enumerate(chunk):
        stored = first_known(candidate, known)
        if stored is None or stored.item.only_seeded or candidate.content_hash not in stored.hashes:
            document = from_parsed(
                candidate.parsed, id=str(position), source=source.id, outlet=outlet
            )
            analysed[position] = Analysis(world.matcher.match(document, now), words_of(document))
    return analysed


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
    )
