"""What the ops receiver is told of Rasid itself: once per episode, through the outbox."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from rasid.alerts.broken import Change, breaks, broken_text, changes, foreseen_text, mended_text
from rasid.alerts.outage import Standing, answer_text, outage_text, standing
from rasid.alerts.promise import NewId, notice, trouble
from rasid.alerts.summaries import seeding, seeding_text, with_first_poll
from rasid.counted import counted
from rasid.errors import StorageError
from rasid.foreseen import foreseen, news
from rasid.ids import new_id as ulid
from rasid.models import Alert, SourceState
from rasid.protocols import Clock, Storage, Transaction
from rasid.settings import HOUR, MINUTE, SECOND
from rasid.world import World

log = logging.getLogger("rasid.alerts")

STEADY: Final = 2 * MINUTE  # without a failure: an episode is over
SEEDING: Final = "seeding"  # in the store's meta: first polls not told of yet
OUTAGE: Final = "outage"  # in the store's meta: since when all sources fail, once it was told
FORESEEN: Final = "foreseen"  # in the store's meta: what sources need soon, once it was told
BROKEN: Final = "broken"  # in the store's meta: sources that fail, once it was told
ANSWERED: Final = "answered"  # in the store's meta: when the last such outage was over
_TRY_AGAIN: Final = MINUTE
_LONGEST_WHY: Final = 200


@dataclass(frozen=True, slots=True)
class Episode:
    """The store failing, from `since` until it last did."""

    since: int
    last: int
    why: str
    tried_at: int = 0
    told: bool = False


class Capturing(Protocol):
    """How captures fare."""

    @property
    def error(self) -> str:
        """Return why one failed last, "" when none did."""

    @property
    def failed_at(self) -> int:
        """Return when that was."""

    @property
    def missed(self) -> int:
        """Return how many failed."""


class Ops:
    """Tells the ops receiver, if there is one."""

    def __init__(
        self,
        storage: Storage,
        world: Callable[[], World],
        clock: Clock,
        *,
        new_id: NewId = ulid,
    ) -> None:
        self._storage = storage
        self._world = world
        self._clock = clock
        self._new_id = new_id
        self._refused_since: int | None = None
        self._failing: Episode | None = None
        self._untold: list[Callable[[Transaction], int]] = []
        self._uncaptured_since: int | None = None
        self.uncaptured = ""
        """Why responses are not captured, "" when they are or need not be."""
        self.standing = Standing()
        """How the sources stood at the last look."""

    def refused(self, why: str) -> None:
        """Note that rules.yaml was refused; those that follow are the same episode."""
        if self._refused_since is not None:
            return
        since = self._refused_since = self._clock()
        text = f"rules.yaml was refused, the old rules stay: {why} (`rasid check` tells all)"
        self._untold.append(lambda tx: self._trouble(tx, "rules", since, text))

    def accepted(self) -> None:
        """Note that rules.yaml was taken over."""
        self._refused_since = None

    def note_captures(self, captures: Capturing) -> None:
        """Note whether captures fail: told once, and once when none has for a while."""
        now, failed_at = self._clock(), captures.failed_at
        fails = bool(captures.error) and failed_at <= now < failed_at + STEADY
        since, self.uncaptured = self._uncaptured_since, captures.error if fails else ""
        if fails and since is None:
            self._uncaptured_since = now
            text = f"responses are not captured, polling goes on: {_short(captures.error)}"
            self._untold.append(lambda tx: self._trouble(tx, "captures", now, text))
        elif not fails and since is not None:
            self._uncaptured_since = None
            lost = counted(captures.missed, "capture")
            text = f"responses are captured again; {lost} failed since the start"
            self._untold.append(lambda tx: self._notice(tx, "captures", since, text))

    async def look(self, storage_error: str = "", *, at_once: bool = False) -> int:
        """Tell what is to be told; return how many alerts were recorded.

        `storage_error`: why the store failed last, "" when it works. `at_once`: first polls
        are told of without waiting for more. What the store does not take is told later.
        """
        self._note(storage_error)
        if storage_error:
            return await self._tell_failing()
        try:
            count = await self._tell_waiting()
            seen = await self._storage.read(lambda view: view.source_states())
            count += await self._tell_outage(seen)
            count += await self._tell_sources(seen) + await self._tell_foreseen(seen)
            return count + await self._tell_seeding(at_once=at_once)
        except StorageError as error:
            log.error("the ops receiver is told later: %s", error)
            return 0

    def _note(self, error: str) -> None:
        now, before = self._clock(), self._failing
        if error:
            begun = before or Episode(now, now, error)
            self._failing = replace(begun, last=now, why=error)
        elif before is not None and not before.last <= now < before.last + STEADY:
            self._failing = None
            text = recovery_text(before)
            self._untold.append(lambda tx: self._notice(tx, "storage", before.since, text))

    async def _tell_failing(self) -> int:
        episode, now = self._failing, self._clock()
        if episode is None or episode.told or now < episode.tried_at + _TRY_AGAIN:
            return 0
        self._failing = replace(episode, tried_at=now)
        text = f"the database cannot be written, polling pauses: {_short(episode.why)}"
        try:
            count = await self._storage.write(
                lambda tx: self._trouble(tx, "storage", episode.since, text)
            )
        except StorageError as error:  # nothing can be written: the log has to do
            log.error("the ops receiver cannot be told of it: %s", error)
            return 0
        self._failing = replace(self._failing, told=True)
        return count

    async def _tell_waiting(self) -> int:
        waiting = list(self._untold)
        if not waiting:
            return 0
        count = await self._storage.write(lambda tx: sum(tell(tx) for tell in waiting))
        self._untold = [one for one in self._untold if one not in waiting]
        return count

    async def _tell_outage(self, seen: Mapping[str, SourceState]) -> int:
        """Tell once that all sources fail, and once that one answers again.

        Remembered in the store: neither a restart nor a round of cron begins another episode.
        """
        told = await self._storage.read(lambda view: view.meta(OUTAGE))
        now, at = standing(self._world().config.sources.values(), seen), self._clock()
        self.standing = now
        if now.dead and not told:
            return await self._storage.write(lambda tx: self._outage(tx, outage_text(now), at))
        if told and now.answering:
            text = answer_text(now, _span(at - int(told)))
            return await self._storage.write(lambda tx: self._answers(tx, text, int(told)))
        return 0

    def _outage(self, tx: Transaction, text: str, since: int) -> int:
        log.error("%s", text)
        tx.set_meta(OUTAGE, str(since))
        return self._trouble(tx, OUTAGE, since, text)

    def _answers(self, tx: Transaction, text: str, since: int) -> int:
        log.warning("%s", text)
        tx.set_meta(OUTAGE, "")
        tx.set_meta(ANSWERED, str(self._clock()))
        return self._notice(tx, OUTAGE, since, text)

    async def _tell_sources(self, seen: Mapping[str, SourceState]) -> int:
        """Tell of sources that broke or are well again; in an outage that was told for all.

        After one, a source is told of when it has been asked again.
        """
        if self.standing.dead:
            return 0
        config, now = self._world().config, self._clock()
        answered = await self._storage.read(lambda view: int(view.meta(ANSWERED) or 0))
        asked = {n: one for n, one in seen.items() if (one.last_poll_at or 0) > answered}
        after = config.settings.failing_after
        found = changes(config.sources.values(), asked, now, after)
        return await self._storage.write(lambda tx: self._sources(tx, found, now)) if found else 0

    def _sources(self, tx: Transaction, found: Sequence[Change], now: int) -> int:
        for one in found:
            state = tx.source_state(one.state.source) or one.state
            tx.save_source(replace(state, told=one.now.value))
        tx.set_meta(BROKEN, breaks(before := tx.meta(BROKEN), found))
        broken, mended = ([one for one in found if bool(one.now) is bad] for bad in (True, False))
        count = 0
        if broken:
            log.warning("%s", text := broken_text(broken))
            count += self._trouble(tx, "sources", now, text)
        if mended:
            log.info("%s", text := mended_text(mended, before, now))
            count += self._notice(tx, "sources", now, text)
        return count

    async def _tell_foreseen(self, seen: Mapping[str, SourceState]) -> int:
        """Tell once of certificates that expire soon and of sources that moved for good."""
        config, now = self._world().config, self._clock()
        told = await self._storage.read(lambda view: view.meta(FORESEEN))
        found = foreseen(config.sources.values(), seen, now)
        fresh, remembered = news(found, told)
        if remembered == told:
            return 0

        def write(tx: Transaction) -> int:
            tx.set_meta(FORESEEN, remembered)
            if not fresh:
                return 0
            log.warning("%s", text := foreseen_text(fresh))
            return self._notice(tx, FORESEEN, now, text)

        return await self._storage.write(write)

    async def _tell_seeding(self, *, at_once: bool) -> int:
        def tell(tx: Transaction) -> int:
            seeded = seeding(tx.meta(SEEDING))
            if seeded is None:
                return 0
            tx.set_meta(SEEDING, "")
            text = seeding_text(seeded)
            log.info("%s", text)
            return self._notice(tx, "seeding", seeded.since, text)

        seeded = seeding(await self._storage.read(lambda view: view.meta(SEEDING)))
        if seeded is None or not (at_once or seeded.is_over(self._clock())):
            return 0
        return await self._storage.write(tell)

    def _trouble(self, tx: Transaction, what: str, since: int, text: str) -> int:
        return _add(tx, trouble(what, str(since), text, **self._whom()))

    def _notice(self, tx: Transaction, what: str, since: int, text: str) -> int:
        return _add(tx, notice(what, str(since), {"text": text}, **self._whom()))

    def _whom(self) -> dict[str, Any]:
        world = self._world()
        return {
            "receiver": world.config.settings.ops_receiver,
            "targets": world.targets,
            "now": self._clock(),
            "new_id": self._new_id,
        }


def note_first_poll(tx: Transaction, source: str, *, now: int, **counts: int) -> None:
    """Remember a first poll, its items, matches or alerts, in the transaction that stores it."""
    tx.set_meta(SEEDING, with_first_poll(tx.meta(SEEDING), source, now=now, **counts))


def recovery_text(episode: Episode) -> str:
    """Return what is told when the store works again."""
    span = _span(episode.last - episode.since)
    return (
        f"the database can be written again and polling goes on; it could not for {span}: "
        f"{_short(episode.why)}"
    )


def _span(micros: int) -> str:
    units: Mapping[str, int] = {"h": HOUR, "min": MINUTE}
    for name, size in units.items():
        if micros >= 2 * size:
            return f"{micros // size} {name}"
    return f"{max(1, micros // SECOND)} s"


def _short(why: str) -> str:
    return why if len(why) <= _LONGEST_WHY else f"{why[:_LONGEST_WHY]}…"


def _add(tx: Transaction, alerts: list[Alert]) -> int:
    return sum(tx.add_alert(alert) for alert in alerts)
