"""The polling use case: which sources are due, poll them, keep what they brought."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from rasid.errors import StorageError, StorageUnavailableError
from rasid.gathered import Gathered
from rasid.ingest import Ingest, Keep, keep_none
from rasid.models import Cause, PollOutcome, PollResult, SourceState
from rasid.pacing import jitter_of
from rasid.polled import Polled, internal_error, log_report, log_unread
from rasid.polling import PARKED, advance, keeping, must_be_unconditional
from rasid.protocols import Clock, Crawler, Storage, Transaction
from rasid.settings import MINUTE, SECOND, Config, Source
from rasid.starting import starting
from rasid.stories.features import warm_up
from rasid.stories.meaning import model
from rasid.turns import Turn, by_host, due_turns
from rasid.world import World

log = logging.getLogger("rasid.watch")

IN_FLIGHT = 64  # polls at once, each of another host
SPREAD = 20 * SECOND  # a start's overdue polls are spread over at most this long
SPREAD_EACH = SECOND // 20  # and this long for each source
PAUSE = MINUTE  # after a write that failed: no outlet is asked more often than `every` allows


class Watch:
    """Polls sources; at most `IN_FLIGHT` hosts at once, each host one source at a time."""

    def __init__(
        self,
        storage: Storage,
        crawler: Crawler,
        world: Callable[[], World],
        clock: Clock,
        *,
        on_alerts: Callable[[], None] = lambda: None,
        keep: Keep = keep_none,
    ) -> None:
        self.storage = storage
        self.crawler = crawler
        self.world = world
        self.clock = clock
        self.on_alerts = on_alerts
        self.last_progress_at = clock()
        self.storage_error = ""
        """Why the store failed last, "" when it works; polling then pauses."""
        self._failed_at = 0
        self._looked_at = clock()
        self._stopping = False
        self._synced: Config | None = None
        self.ingest = Ingest(storage, world, keep=keep)
        self._states = Gathered[str, SourceState | None](
            storage, lambda view, name: view.source_state(name)
        )
        self._running: dict[str, asyncio.Task[None]] = {}  # by host
        self._more = False  # due than there were places for
        self._going_on: asyncio.Task[None] | None = None

    async def warm_up(self) -> None:
        """Read the stories of the last days, so that the first item does not wait for them.

        Raises `StorageError`; then that item does.
        """
        await asyncio.to_thread(warm_up)
        await asyncio.to_thread(model)
        await self.ingest.stories.open(self.storage, self.clock())

    async def sync(self, *, at_once: bool = False) -> None:
        """Give every enabled source a state and a due time, and park the others.

        What is overdue is spread over some seconds, and so is, at a start and after a reload,
        what failed for its configuration. `at_once`, for one round: neither, or cron would
        undo every long wait. Raises `StorageError`; it is then done when the pause that
        follows is over.
        """
        config, now = self.world().config, self.clock()
        sources, mended = config.sources, not at_once and config is not self._synced
        spread = 0 if at_once else min(SPREAD, SPREAD_EACH * max(0, len(sources) - 1))

        def write(tx: Transaction) -> None:
            states = tx.source_states()
            for name in sources.keys() | states.keys():
                before = states.get(name)
                after = _placed(sources.get(name), before, now, spread, mended=mended)
                if after is not None and after != before:
                    tx.save_source(after)
            tx.set_meta("synced_at", str(now))  # something is written: a full disk shows

        try:
            await self.storage.write(write)
        except StorageError as error:
            self._failed(error)
            raise
        self._synced = config
        self._works()

    async def start_due(self) -> int:
        """Start the turns of hosts with due sources; return how many sources they have.

        A host whose turn is not over is passed over: what waits takes up no place. Where more is
        due than there are places, it goes on by itself when half of them are free.
        After a write that failed none is started for `PAUSE`: what cannot be kept need not be
        asked for. Raises `StorageError`.
        """
        now = self.clock()
        await self._notice_the_clock(now)
        room = IN_FLIGHT - len(self._running)
        if room <= 0:
            return 0
        if self._pauses(now):
            self.last_progress_at = now
            return 0
        turns = await self._due(now, room)
        if self._stopping:  # while it was being read what is due
            return 0
        self._more = len(turns) == room
        free = [host for host in turns if host not in self._running]
        room = IN_FLIGHT - len(self._running)  # by now
        started = [self._start(host, turns[host]) for host in free[:room]]
        self.last_progress_at = now
        return sum(started)

    async def _notice_the_clock(self, now: int) -> None:
        """Place every source anew when the clock was set back: due times lie beyond reach."""
        back, self._looked_at = self._looked_at - now, now
        if back > MINUTE:  # less is what keeps clocks right
            log.warning("the clock was set back by %d s, due times are set anew", back // SECOND)
            await self.sync()

    async def _due(self, now: int, room: int) -> dict[str, Turn]:
        if self.storage_error:
            await self.sync()  # also places what a reload brought meanwhile
        known, busy = self.world().config.sources, frozenset(self._running)
        try:
            return await self.storage.read(
                lambda view: due_turns(view, now, known, busy=busy, room=room)
            )
        except StorageError as error:
            self._failed(error)
            raise

    async def poll_all(self, sources: Iterable[Source]) -> list[Polled]:
        """Poll these now, within the same limits, and wait for all of them."""
        places, wanted = asyncio.Semaphore(IN_FLIGHT), list(sources)
        polled: dict[str, Polled] = {}

        async def poll(turn: Turn) -> None:
            for source in turn:
                async with places:
                    polled[source.id] = await self._guarded(source)

        await asyncio.gather(*(poll(turn) for turn in by_host(wanted).values()))
        return [polled[source.id] for source in wanted]

    def busy(self) -> frozenset[str]:
        """Return the hosts whose sources are polled now."""
        return frozenset(self._running)

    async def drain(self, deadline: float) -> None:
        """Start no more polls; wait at most `deadline` seconds for running ones, then cancel."""
        self._stopping = True
        if self._going_on:
            self._going_on.cancel()
        tasks = list(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=deadline)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def poll(self, source: Source) -> Polled:
        """Poll one source and store everything that follows. Raises only `StorageError`."""
        state = await self._state(source)
        result = await self.crawler.poll(
            source, state, unconditional=must_be_unconditional(state, self.clock())
        )
        now = self.clock()
        after = advance(state, source, result, now=now, jitter=jitter_of(source.id))
        self.last_progress_at = now
        if result.outcome is not PollOutcome.OK or result.feed is None:
            await self._keep(after)
            polled = Polled(source.id, result)
            log_unread(polled)
            return polled
        report = await self.ingest(
            result.feed, source, replace(after, seeded=True), seeding=not state.seeded, now=now
        )
        if report.alerts:
            self.on_alerts()
        log_report(source.id, report)
        return Polled(source.id, result, report)

    async def _state(self, source: Source) -> SourceState:
        state = await self._states(source.id)
        return starting(source, state, now=self.clock(), spread=0)

    async def _keep(self, after: SourceState) -> None:
        await self.storage.write(
            lambda tx: tx.save_source(keeping(after, tx.source_state(after.source)))
        )

    def _start(self, host: str, turn: Turn) -> int:
        task = asyncio.create_task(self._take(turn), name=f"poll {host}")
        self._running[host] = task
        task.add_done_callback(lambda _: self._ended(host))
        return len(turn)

    def _ended(self, host: str) -> None:
        self._running.pop(host, None)
        if self._more and not self._stopping and len(self._running) <= IN_FLIGHT // 2:
            self._more = False
            self._going_on = asyncio.create_task(self._go_on(), name="go on")

    async def _go_on(self) -> None:
        with suppress(StorageError):  # the next tick meets it too, and says so
            await self.start_due()

    async def _take(self, turn: Turn) -> None:
        for source in turn:
            now_configured = self.world().config.sources.get(source.id)
            if self._stopping or self._pauses(self.clock()):
                return
            if now_configured is not None and now_configured.enabled:
                await self._guarded(now_configured)

    async def _guarded(self, source: Source) -> Polled:
        """Poll; whatever happens costs this source alone, and it is polled again."""
        try:
            polled = await self.poll(source)
        except StorageUnavailableError as error:
            self._not_stored(source, error)
            return Polled(source.id, internal_error(error))
        except Exception as error:
            log.exception("poll %s: internal error", source.id)
            return Polled(source.id, await self._postpone(source, error))
        self._works()
        return polled

    def _not_stored(self, source: Source, error: StorageError) -> None:
        log.error("poll %s: not stored, will be polled again: %s", source.id, error)
        self._failed(error)

    def _failed(self, error: StorageError) -> None:
        self.storage_error = str(error)
        self._failed_at = self.last_progress_at = self.clock()  # it failed, it does not hang

    def _works(self) -> None:
        if self.storage_error:
            log.warning("the database can be written again")
        self.storage_error = ""

    def _pauses(self, now: int) -> bool:
        return bool(self.storage_error) and self._failed_at <= now < self._failed_at + PAUSE

    async def _postpone(self, source: Source, error: Exception) -> PollResult:
        """Keep that a poll met a bug; where not even that can be kept, polling pauses."""
        result = internal_error(error)
        try:
            state = await self._state(source)
            after = replace(
                state,
                next_poll_at=self.clock() + max(source.every, 5 * MINUTE),
                failures=state.failures + 1,
                outcome=result.outcome,
                reason=result.reason,
                detail=result.detail,
                cause=Cause.INTERNAL,
            )
            await self._keep(after)
        except StorageError as failure:
            self._not_stored(source, failure)
        return result


def _placed(
    source: Source | None, state: SourceState | None, now: int, spread: int, *, mended: bool
) -> SourceState | None:
    """Return the state of a source as configured now; None for one without either."""
    if source is None or not source.enabled:
        return state and replace(state, next_poll_at=PARKED)
    if state is not None and state.next_poll_at == PARKED:
        state = replace(state, next_poll_at=now)
    return starting(source, state, now=now, spread=spread, mended=mended)
