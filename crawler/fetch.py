"""One fetch: hop by hop through redirects, each judged, credentials to their origin alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.download import Abort
from crawler.refused import Refused
from crawler.settings import MAX_REDIRECTS
from crawler.spider import PollSpider
from crawler.urls import check_url, host_of, origin, redirected
from crawler.wire import Wire, exchange
from rasid.models import Exchange, PollReason
from rasid.protocols import Captures

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Ask:
    """What to fetch. `own` headers go to the origin of `url` only, `headers` everywhere."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    stay: bool = False  # on the host of `url`, whatever redirects say
    captured: bool = True  # where captures are on; an item may rest on what comes

    @property
    def conditional(self) -> bool:
        """Whether it asks for the feed only if it has changed."""
        names = {name.casefold() for name in (*self.headers, *self.own)}
        return not names.isdisjoint(("if-none-match", "if-modified-since"))


@dataclass(frozen=True, slots=True)
class Fetched:
    """The response at the end of the redirects."""

    response: Response
    hops: tuple[int, ...] = ()
    capture: str = ""  # the id under which all of it was captured; "" when it was not

    @property
    def moved_to(self) -> str:
        """Return where it moved for good; "" unless every hop says so."""
        moved = bool(self.hops) and _PERMANENT.issuperset(self.hops)
        return self.response.url if moved else ""


async def fetch(crawler: Crawler, ask: Ask) -> Fetched:
    """Fetch, following at most `MAX_REDIRECTS` redirects. Raises `Refused` and Scrapy's own.

    What came is captured with its redirects, but for a 304: it says nothing of any item.
    """
    check_url(ask.url)
    captures = _captures(crawler) if ask.captured else None
    url, seen, hops, exchanges = ask.url, {ask.url}, list[int](), list[Exchange]()
    while True:
        response, noted = await _hop(crawler, request_for(ask, url), captures)
        exchanges += noted
        location = response.headers.get("Location")
        if response.status not in _REDIRECTS or not location:
            wanted = captures and response.status != 304 and len(exchanges) == len(hops) + 1
            capture = await captures.add(exchanges) if captures and wanted else ""
            return Fetched(response, tuple(hops), capture)
        url = redirected(url, location)
        hops.append(response.status)
        if ask.stay and host_of(url) != host_of(ask.url):
            raise Refused(PollReason.REDIRECTS, f"it redirects to another host: {url[:200]}")
        if url in seen:
            raise Refused(PollReason.REDIRECTS, f"redirects go round in a loop at {url[:200]}")
        if len(hops) > MAX_REDIRECTS:
            raise Refused(PollReason.REDIRECTS, f"more than {MAX_REDIRECTS} redirects")
        seen.add(url)


def _captures(crawler: Crawler) -> Captures | None:
    captures = cast("PollSpider", crawler.spider).captures
    return captures if captures is not None and captures.on else None


async def _hop(
    crawler: Crawler, request: Request, captures: Captures | None
) -> tuple[Response, list[Exchange]]:
    """Make one request; return its response, and what went over the wire where that is noted."""
    assert crawler.engine is not None
    abort = request.meta["abort"] = Abort()
    wire = request.meta["wire"] = Wire(captures.now) if captures else None
    try:
        response = await crawler.engine.download_async(request)
    except asyncio.CancelledError:
        abort()
        raise
    if wire is None or not wire.whole:
        return response, []
    private, proxied = request.meta.get("private", ()), bool(request.meta.get("proxy"))
    return response, [exchange(wire, response, private=private, proxied=proxied)]


def request_for(ask: Ask, url: str) -> Request:
    """Build the request of one hop."""
    try:
        own = ask.own if origin(url) == origin(ask.url) else {}
        # a proxy of None keeps the environment's proxies out: the guard would see only them
        return Request(
            url,
            callback=NO_CALLBACK,
            headers={**ask.headers, **own},
            meta={"proxy": None, **ask.meta, "private": tuple(own)},
            dont_filter=True,
        )
    except (ValueError, UnicodeError) as error:
        raise Refused(PollReason.BAD_URL, f"the address cannot be fetched: {error}") from error
