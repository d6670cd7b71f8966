"""Fetching the pages of items that are due, and what follows from their text.

A host's pages are fetched one after the other, while no feed of the host is polled. An item is
matched anew with its page: a rule that matches only then alerts then, as `new`, once for each
rule and item as ever; that the page came is no revision.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial
from typing import Final

from rasid.arriving import Arrivals
from rasid.errors import StorageError
from rasid.failpoint import reach
from rasid.ingest import Keep, keep_none
from rasid.models import ItemPage, PageReason, PageResult, PollReason
from rasid.pages import is_wanted
from rasid.protocols import Clock, Crawler, Reading, Storage
from rasid.settings import MINUTE
from rasid.world import World

log = logging.getLogger("rasid.pages")

IN_FLIGHT: Final = 16  # hosts at once: most places are for feeds
LONGEST: Final = 8  # pages of a turn
PAUSE: Final = MINUTE  # after a write that failed
ROUND: Final = 2 * MINUTE  # of `rasid once`: the next must not find it still at work
_PAGE: Final = 256  # due pages looked at


class Pages:
    """Fetches due pages. `busy` gives the hosts whose feeds are polled now: they go first."""

    def __init__(
        self,
        storage: Storage,
        crawler: Crawler,
        world: Callable[[], World],
        clock: Clock,
        *,
        busy: Callable[[], Set[str]] = frozenset,
        on_alerts: Callable[[], None] = lambda: None,
        keep: Keep = keep_none,
    ) -> None:
        self._storage = storage
        self._crawler = crawler
        self._world = world
        self._clock = clock
        self._busy = busy
        self._on_alerts = on_alerts
        self._arrivals = Arrivals(storage, world, keep)
        self._stopping = False
        self._failed_at: int | None = None
        self._running: dict[str, asyncio.Task[None]] = {}  # by host

    async def start_due(self) -> int:
        """Start the turns of hosts with due pages; return how many pages. Raises `StorageError`."""
        room = IN_FLIGHT - len(self._running)
        if room <= 0 or self._stopping or self._pauses():
            return 0
        turns = await self._due(room)
        for host, turn in turns.items():
            task = asyncio.create_task(self._take(host, turn), name=f"pages of {host}")
            self._running[host] = task
            task.add_done_callback(partial(self._ended, host))
        return sum(map(len, turns.values()))

    async def read_due(self, *, until: int | None = None) -> int:
        """Fetch what is due and wait for it; return how many pages were asked for.

        No turn is started from `until` on; what is left stays due. Raises `StorageError`.
        """
        count = 0
        while True:
            if until is None or self._clock() < until:
                count += await self.start_due()
            if not self._running:
                return count
            await asyncio.wait(list(self._running.values()))

    async def drain(self) -> None:
        """Start no more and end what runs: its pages stay due."""
        self._stopping = True
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, host: str, _: asyncio.Task[None]) -> None:
        self._running.pop(host, None)

    def _pauses(self) -> bool:
        """Say whether a write failed just now: what cannot be kept need not be asked for."""
        failed = self._failed_at
        return failed is not None and failed <= self._clock() < failed + PAUSE

    async def _due(self, room: int) -> Mapping[str, Sequence[ItemPage]]:
        taken = frozenset(self._running) | self._busy()
        now = self._clock()
        turns: dict[str, list[ItemPage]] = {}
        while len(turns) < room:
            passed = taken | turns.keys()
            found = await self._storage.read(partial(_look, now=now, passed=passed))
            _add(turns, found, room)
            if len(found) < _PAGE:
                break
        return turns

    async def _take(self, host: str, turn: Sequence[ItemPage]) -> None:
        for page in turn:
            if self._stopping or host in self._busy():
                return
            try:
                await self._read(page)
            except StorageError as error:
                log.error("page %s: not stored, will be fetched again: %s", page.url, error)
                self._failed_at = self._clock()
                return
            except Exception as error:
                log.exception("page %s: internal error", page.url)
                await self._failed(page, error)

    async def _failed(self, page: ItemPage, error: Exception) -> None:
        """Keep that a page met a bug, or it would be fetched every second."""
        result = PageResult(PollReason.INTERNAL, f"internal error: {type(error).__name__}")
        try:
            await self._arrivals.failed(page, result, self._clock())
        except StorageError as failure:
            log.error("page %s: not stored, will be fetched again: %s", page.url, failure)
            self._failed_at = self._clock()

    async def _read(self, page: ItemPage) -> None:
        """Fetch one page and store what came of it."""
        source = self._world().config.sources.get(page.source)
        if source is None or not is_wanted(page, source):
            result = PageResult(PageReason.NOT_WANTED, "the source does not ask for pages any more")
            await self._arrivals.failed(page, result, self._clock())
            return
        result = await self._crawler.page(source, page.url)
        reach("after_page")
        alerts = await self._arrivals(page, source, result, self._clock())
        if alerts:
            self._on_alerts()


def _look(view: Reading, *, now: int, passed: Set[str]) -> list[ItemPage]:
    return view.due_item_pages(now, _PAGE, passed)


def _add(turns: dict[str, list[ItemPage]], due: Iterable[ItemPage], room: int) -> None:
    for page in due:
        if page.host not in turns and len(turns) < room:
            turns[page.host] = []
        if page.host in turns and len(turns[page.host]) < LONGEST:
            turns[page.host].append(page)
