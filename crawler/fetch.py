"""One fetch: hop by hop through redirects, each judged, credentials to their origin alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.download import Abort
from crawler.refused import Refused
from crawler.settings import MAX_REDIRECTS
from crawler.urls import check_url, host_of, origin, redirected
from rasid.models import PollReason

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

    @property
    def moved_to(self) -> str:
        """Return where it moved for good; "" unless every hop says so."""
        moved = bool(self.hops) and _PERMANENT.issuperset(self.hops)
        return self.response.url if moved else ""


async def fetch(crawler: Crawler, ask: Ask) -> Fetched:
    """Fetch, following at most `MAX_REDIRECTS` redirects. Raises `Refused` and Scrapy's own."""
    check_url(ask.url)
    url, seen, hops = ask.url, {ask.url}, list[int]()
    while True:
        assert crawler.engine is not None
        request = request_for(ask, url)
        abort = request.meta["abort"] = Abort()
        try:
            response = await crawler.engine.download_async(request)
        except asyncio.CancelledError:
            abort()
            raise
        location = response.headers.get("Location")
        if response.status not in _REDIRECTS or not location:
            return Fetched(response, tuple(hops))
        url = redirected(url, location)
        hops.append(response.status)
        if ask.stay and host_of(url) != host_of(ask.url):
            raise Refused(PollReason.REDIRECTS, f"it redirects to another host: {url[:200]}")
        if url in seen:
            raise Refused(PollReason.REDIRECTS, f"redirects go round in a loop at {url[:200]}")
        if len(hops) > MAX_REDIRECTS:
            raise Refused(PollReason.REDIRECTS, f"more than {MAX_REDIRECTS} redirects")
        seen.add(url)


def request_for(ask: Ask, url: str) -> Request:
    """Build the request of one hop."""
    try:
        own = ask.own if origin(url) == origin(ask.url) else {}
        # a proxy of None keeps the environment's proxies out: the guard would see only them
        return Request(
            url,
            callback=NO_CALLBACK,
            headers={**ask.headers, **own},
            meta={"proxy": None, **ask.meta},
            dont_filter=True,
        )
    except (ValueError, UnicodeError) as error:
        raise Refused(PollReason.BAD_URL, f"the address cannot be fetched: {error}") from error
