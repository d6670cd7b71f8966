"""How a source is polled: asked for as politeness allows, and what came judged."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from scrapy.crawler import Crawler as Engine
from scrapy.http import Response

from crawler import certificates, outcome, response_hints
from crawler.asking import ask_for, is_known, reading
from crawler.fetch import Fetched, fetch
from crawler.following import follow, parts_of, unless_same
from crawler.host_turns import HostTurns, QuietError
from crawler.records import Parse, ParseHints, ParseOutcome
from crawler.robots import RobotsMiddleware
from crawler.walls import wall_of
from rasid.models import ParsedFeed, PollOutcome, PollReason, PollResult, SourceState
from rasid.protocols import Clock
from rasid.settings import Source


class SourceReader:
    """Fetches and reads what a source shows."""

    def __init__(self, engine: Engine, turns: HostTurns, parse: Parse, clock: Clock) -> None:
        self._engine = engine
        self._turns = turns
        self._parse = parse
        self._clock = clock

    async def __call__(
        self, source: Source, state: SourceState, unconditional: bool, user_agent: str
    ) -> PollResult:
        """Poll one source in its host's turn; every outcome is a value."""
        try:
            work = partial(self._fetch_and_judge, source, state, unconditional, user_agent)
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
        self, source: Source, state: SourceState, unconditional: bool, user_agent: str
    ) -> PollResult:
        known = is_known(source, state) and not unconditional
        ask = ask_for(source, state if known else None, user_agent)
        fetched = await fetch(self._engine, ask)
        response = fetched.response
        result = outcome.from_status(
            response.status, response.headers, self._clock(), conditional=ask.conditional
        )
        if result is None:
            known_hash = state.body_hash if known else ""
            result = await self._judge_body(source, fetched, known_hash, user_agent)
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

    async def _judge_body(
        self, source: Source, fetched: Fetched, known_hash: str, user_agent: str
    ) -> PollResult:
        response = fetched.response
        if _is_cut_off(response):
            detail = "the connection ended before the feed did: nothing of it is used"
            return _failed(response, PollReason.CUT_OFF, detail)
        seen = PollResult(
            PollOutcome.NOT_MODIFIED,
            PollReason.SAME_BODY,
            status=response.status,
            validators=outcome.validators(response.headers),
            body_hash=outcome.body_hash(response.body) + reading(source),
            moved_to=fetched.moved_to,
        )
        if seen.body_hash == known_hash:
            return seen
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        hints = ParseHints(
            response.url, kind, source.language, self._clock(), source.kind, source.select
        )
        parsed = await self._parse(response.body, hints)
        if not parsed.follow or parsed.look is not None or parsed.feed is None:
            return self._told(seen, parsed, fetched)
        part = partial(self._part, user_agent)
        whole = await follow(seen, parts_of(source, response.url, parsed.follow), part)
        return unless_same(whole, reading(source), known_hash)

    def _told(self, seen: PollResult, parsed: ParseOutcome, fetched: Fetched) -> PollResult:
        """Return what a body that is not known came to."""
        response, look = fetched.response, parsed.look
        if look is not None and _is_walled(parsed, response):
            detail = "not a feed but a page that leads nowhere"
            return _failed(response, PollReason.NOT_A_FEED, detail)
        if look is None and parsed.feed is None:
            # its validators must not bring a 304 for what we never read
            return _failed(response, parsed.reason, parsed.detail)
        if look is not None:
            look = replace(look, url=response.url, sitemaps=self._sitemaps(response.url))
        return replace(
            seen,
            outcome=PollOutcome.OK,
            reason=PollReason.PARSED,
            detail=parsed.detail,
            feed=parsed.feed if look is not None else _from(parsed.feed, fetched.capture),
            look=look,
        )

    async def _part(self, user_agent: str, source: Source) -> PollResult:
        """Fetch and read one sitemap of an index; it has no state of its own."""
        return await self._fetch_and_judge(source, SourceState(source.id), True, user_agent)

    def _sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that robots.txt names, if it was asked for."""
        robots = self._engine.get_downloader_middleware(RobotsMiddleware)
        return robots.sitemaps(url) if robots else ()


def _failed(response: Response, reason: PollReason, detail: str) -> PollResult:
    return PollResult(PollOutcome.FAILED, reason, detail, status=response.status)


def _is_cut_off(response: Response) -> bool:
    cut = {"partial", "dataloss"}.intersection(response.flags)
    return bool(cut and response.body) and not outcome.looks_complete(response.body)


def _from(feed: ParsedFeed | None, capture: str) -> ParsedFeed | None:
    """Return a feed whose items know the capture that they were read from."""
    if feed is None or not capture:
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
