"""The crawler: one engine for the life of the daemon, one `poll` per source and turn."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from scrapy import Request
from scrapy.crawler import Crawler as Engine
from scrapy.http.request import NO_CALLBACK

from crawler import guard, outcome
from crawler.host_turns import HostTurns
from crawler.item_pages import PageReader
from crawler.posting import post
from crawler.records import Parse, ParseHints
from crawler.resolver import Resolver
from crawler.settings import CONCURRENCY, HOST_DELAY, POLL_SECONDS, USER_AGENT, scrapy_settings
from crawler.source_reader import SourceReader
from crawler.spider import PollSpider
from rasid.errors import GuardError
from rasid.models import (
    HubAnswer,
    PageResult,
    ParsedFeed,
    PollOutcome,
    PollReason,
    PollResult,
    SourceState,
)
from rasid.protocols import Captures, Clock, RobotsCache
from rasid.settings import Settings, Source

_log = logging.getLogger("rasid.crawler")

SELF_TEST_SECONDS = 10.0
_START_SECONDS: Final = 20.0

_STOPS: Final = "the daemon stops"
T = TypeVar("T")


def _utc_now() -> int:
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """What tests shorten."""

    host_delay: float = HOST_DELAY
    poll_seconds: float = POLL_SECONDS
    concurrency: int = CONCURRENCY


class ScrapyCrawler:
    """Fetches through Scrapy and the guard; see `rasid.protocols.Crawler`.

    Made by `start`, inside the loop of `crawler.runtime.run`.
    """

    def __init__(
        self,
        engine: Engine,
        parse: tuple[Parse, Parse],
        agent: str,
        clock: Clock,
        limits: Limits,
        captures: Captures | None,
        robots: RobotsCache | None,
    ) -> None:
        self.engine = engine
        self._parse, read_page = parse
        self._user_agent = agent
        self._clock = clock
        self._captures = captures
        self._robots = robots
        self._closing = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._polls: set[asyncio.Task[Any]] = set()  # and pages
        self._turns = HostTurns(clock, limits.concurrency, limits.poll_seconds)
        self._sources = SourceReader(engine, self._turns, self._parse, clock)
        self._pages = PageReader(engine, self._turns, read_page, clock)

    @classmethod
    async def start(
        cls,
        settings: Settings,
        parse: Parse,
        *,
        read_page: Parse | None = None,
        clock: Clock = _utc_now,
        limits: Limits = Limits(),
        captures: Captures | None = None,
        robots: RobotsCache | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> ScrapyCrawler:
        """Put the guard in force, open the engine, prove the guard. Raises `GuardError`.

        `read_page` reads pages of items, `parse` unless it is given: they may take long.
        `captures`: where what goes over the wire is left; None: nowhere. `robots`: what hosts
        said before. `overrides` are Scrapy settings that a test makes smaller.
        """
        guard.install(guard.Allowed.of(settings.allow_addresses))
        guard.check_sockets()
        _quiet_libraries()
        agent = settings.user_agent or USER_AGENT
        values = {**scrapy_settings(agent, limits.host_delay), **(overrides or {})}
        parses = (parse, read_page or parse)
        made = cls(Engine(PollSpider, values), parses, agent, clock, limits, captures, robots)
        try:
            await made._open()
            await made.self_test()
        except BaseException:
            await made.close()
            raise
        return made

    async def _open(self) -> None:
        from twisted.internet import reactor

        loop = asyncio.get_running_loop()
        reactor.installNameResolver(Resolver(loop))
        opened = asyncio.Event()
        self._running = loop.create_task(
            self.engine.crawl_async(
                opened=opened,
                closing=self._closing,
                captures=self._captures,
                robots=self._robots,
            )
        )
        ready = loop.create_task(opened.wait())
        await asyncio.wait(
            {self._running, ready},
            timeout=_START_SECONDS,
            return_when=asyncio.FIRST_COMPLETED,
        )
        ready.cancel()
        if self._running.done():
            self._running.result()
        if not opened.is_set():
            raise GuardError("the crawler's engine did not open")

    async def self_test(self) -> None:
        """Fetch from a forbidden port through the engine; raises `GuardError` unless refused."""
        with guard.forbidden_address() as (listener, host, port):
            url = f"http://{host}:{port}/"
            meta = {
                "proxy": None,
                "dont_obey_robotstxt": True,
                "download_timeout": SELF_TEST_SECONDS,
            }
            request = Request(url, callback=NO_CALLBACK, meta=meta, dont_filter=True)
            assert self.engine.engine is not None
            try:
                await self.engine.engine.download_async(request)
            except Exception as error:  # noqa: BLE001 - judged here, whatever it is
                refused = outcome.from_exception(error)
            else:
                refused = None
            blocked = refused is not None and refused.reason is PollReason.BLOCKED_ADDRESS
            if not blocked or not guard.untouched(listener):
                raise GuardError(f"the guard did not keep the crawler from {host}:{port}")

    def reload(self, settings: Settings) -> None:
        """Take over changed settings: allowed addresses and user agent."""
        guard.install(guard.Allowed.of(settings.allow_addresses))
        self._user_agent = settings.user_agent or USER_AGENT

    async def poll(
        self, source: Source, state: SourceState, *, unconditional: bool = False
    ) -> PollResult:
        """Poll one source; every outcome is a value. Raises `GuardError` without a guard."""
        polling = partial(self._sources, source, state, unconditional, self._user_agent)
        return await self._until_closed(polling, _stopped(unconditional))

    async def page(self, source: Source, link: str) -> PageResult:
        """Fetch the page of one of a source's items, in turn with polls of its host.

        Every outcome is a value. Raises `GuardError` without a guard.
        """
        stopped = PageResult(PollReason.INTERNAL, _STOPS, retry_after=0)
        return await self._until_closed(
            partial(self._pages, source, link, self._user_agent), stopped
        )

    async def _until_closed(self, work: Callable[[], Coroutine[Any, Any, T]], stopped: T) -> T:
        if guard.policy() is None:
            raise GuardError("the guard is not in force")
        if self._closing.is_set():
            return stopped
        task = asyncio.get_running_loop().create_task(work())
        self._polls.add(task)
        task.add_done_callback(self._polls.discard)
        try:
            return await task
        except asyncio.CancelledError:
            me = asyncio.current_task()
            if self._closing.is_set() and me is not None and not me.cancelling():
                return stopped
            raise

    async def ask_hub(self, hub: str, form: Mapping[str, str]) -> HubAnswer:
        """Post a form to a hub; every outcome is a value."""
        try:
            asking = partial(post, self.engine, hub, form, self._user_agent)
            status = await self._turns.slot(asking)
        except Exception as error:  # noqa: BLE001 - one hub never stops the others
            refused = outcome.refusal(error, f"asking the hub {hub}")
            return HubAnswer(False, refused.detail)
        well = 200 <= status < 300
        return HubAnswer(well, "" if well else outcome.status_words(status))

    async def read(self, source: Source, body: bytes, content_type: str) -> ParsedFeed | None:
        """Return what was pushed for a source, None when it is nothing that can be read."""
        hints = ParseHints(
            source.url, content_type, source.language, self._clock(), source.kind, source.select
        )
        return (await self._parse(body, hints)).feed

    async def close(self) -> None:
        """End running polls and stop the engine; the guard stays in force."""
        self._closing.set()
        polls = list(self._polls)
        for task in polls:
            task.cancel()
        await asyncio.gather(*polls, return_exceptions=True)
        if self._running is not None:
            await self.engine.stop_async()
            await asyncio.gather(self._running, return_exceptions=True)


def _stopped(unconditional: bool) -> PollResult:
    return PollResult(PollOutcome.FAILED, PollReason.INTERNAL, _STOPS, unconditional=unconditional)


def _quiet_libraries() -> None:
    for name in ("scrapy", "twisted", "filelock"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
