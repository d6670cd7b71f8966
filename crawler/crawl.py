"""The crawler: one engine for the life of the daemon, one `poll` per source and turn."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar

from scrapy import Request
from scrapy.crawler import Crawler as Engine
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler import certificates, guard, outcome, response_hints
from crawler.asking import ask_for, is_known, reading
from crawler.fetch import Fetched, fetch
from crawler.following import follow, parts_of, unless_same
from crawler.host_turns import HostTurns, QuietError
from crawler.item_pages import PageReader
from crawler.posting import post
from crawler.records import ParseHints, ParseOutcome
from crawler.resolver import Resolver
from crawler.robots import RobotsMiddleware
from crawler.settings import CONCURRENCY, HOST_DELAY, POLL_SECONDS, USER_AGENT, scrapy_settings
from crawler.spider import PollSpider
from crawler.walls import wall_of
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

Parse = Callable[[bytes, ParseHints], Awaitable[ParseOutcome]]

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
        polling = partial(self._poll, source, state, unconditional)
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

    async def _poll(self, source: Source, state: SourceState, unconditional: bool) -> PollResult:
        try:
            work = partial(self._fetch_and_judge, source, state, unconditional)
            result = await self._turns.take(source.url, work)
        except QuietError as quiet:
            result = PollResult(
                PollOutcome.RATE_LIMITED,
                PollReason.RETRY_AFTER,
                str(quiet),
                retry_after=quiet.wait,
            )
        except Exception as error:  # noqa: BLE001 - one source never stops the others
            refused = outcome.refusal(error, f"polling {source.id}")
            result = PollResult(
                PollOutcome.FAILED, refused.reason, refused.detail, cause=refused.cause
            )
        return replace(result, unconditional=unconditional)

    async def _fetch_and_judge(
        self, source: Source, state: SourceState, unconditional: bool
    ) -> PollResult:
        known = is_known(source, state) and not unconditional
        ask = ask_for(source, state if known else None, self._user_agent)
        fetched = await fetch(self.engine, ask)
        response = fetched.response
        result = outcome.from_status(
            response.status, response.headers, self._clock(), conditional=ask.conditional
        )
        if result is None:
            result = await self._judge_body(source, fetched, state.body_hash if known else "")
        result = replace(
            outcome.explained(result, response),
            certificate=certificates.holds(response),
            cached=response_hints.cached(response.headers, self._clock()),
            offer=response_hints.offer(response.headers, response.url),
        )
        if result.outcome is PollOutcome.RATE_LIMITED and result.retry_after:
            self._turns.keep_quiet(response.url, result.retry_after)
        if result.outcome is PollOutcome.NOT_MODIFIED:
            kept = outcome.merged(result.validators, state.validators)
            return replace(
                result, validators=kept, body_hash=state.body_hash, moved_to=fetched.moved_to
            )
        return result

    async def _judge_body(self, source: Source, fetched: Fetched, known_hash: str) -> PollResult:
        response = fetched.response
        body, flags = response.body, set(response.flags)
        if flags & {"partial", "dataloss"} and body and not outcome.looks_complete(body):
            detail = "the connection ended before the feed did: nothing of it is used"
            return PollResult(
                PollOutcome.FAILED, PollReason.CUT_OFF, detail, status=response.status
            )
        seen = PollResult(
            PollOutcome.NOT_MODIFIED,
            PollReason.SAME_BODY,
            status=response.status,
            validators=outcome.validators(response.headers),
            body_hash=outcome.body_hash(body) + reading(source),
            moved_to=fetched.moved_to,
        )
        if seen.body_hash == known_hash:
            return seen
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        hints = ParseHints(
            response.url, kind, source.language, self._clock(), source.kind, source.select
        )
        parsed = await self._parse(body, hints)
        if parsed.look is not None and _is_walled(parsed, response):
            detail = "not a feed but a page that leads nowhere"
            return PollResult(
                PollOutcome.FAILED, PollReason.NOT_A_FEED, detail, status=response.status
            )
        if parsed.look is not None:
            look = replace(parsed.look, url=response.url, sitemaps=self._sitemaps(response.url))
            return replace(
                seen,
                outcome=PollOutcome.OK,
                reason=PollReason.PARSED,
                detail=parsed.detail,
                feed=parsed.feed,
                look=look,
            )
        if parsed.feed is None:  # its validators must not bring a 304 for what we never read
            return PollResult(
                PollOutcome.FAILED, parsed.reason, parsed.detail, status=response.status
            )
        if parsed.follow:
            parts = parts_of(source, response.url, parsed.follow)
            return unless_same(await follow(seen, parts, self._part), reading(source), known_hash)
        return replace(
            seen,
            outcome=PollOutcome.OK,
            reason=PollReason.PARSED,
            detail=parsed.detail,
            feed=_from(parsed.feed, fetched.capture),
        )

    async def _part(self, source: Source) -> PollResult:
        """Fetch and read one sitemap of an index; it has no state of its own."""
        return await self._fetch_and_judge(source, SourceState(source.id), unconditional=True)

    def _sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that robots.txt names, if it was asked for."""
        robots = self.engine.get_downloader_middleware(RobotsMiddleware)
        return robots.sitemaps(url) if robots else ()


def _from(feed: ParsedFeed, capture: str) -> ParsedFeed:
    """Return a feed whose items know the capture that they were read from."""
    if not capture:
        return feed
    items = (replace(item, captures=(*item.captures, capture)) for item in feed.items)
    return replace(feed, items=tuple(items))


def _is_walled(parsed: ParseOutcome, response: Response) -> bool:
    """Say whether a page has nothing of the outlet on it but the signs of a wall.

    Such signs alone tell nothing: some walls put them on every page that they let through.
    """
    look = parsed.look
    bare = look is not None and look.kind == "page" and not look.leads and parsed.feed is None
    return bare and bool(wall_of(response.status, response.headers, response.body))


def _stopped(unconditional: bool) -> PollResult:
    return PollResult(PollOutcome.FAILED, PollReason.INTERNAL, _STOPS, unconditional=unconditional)


def _quiet_libraries() -> None:
    for name in ("scrapy", "twisted", "filelock"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
