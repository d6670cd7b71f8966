"""robots.txt: asked once a day and host, whoever starts anew; its errors are not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest

from crawler.fetch import Ask, fetch
from crawler.refused import Refused
from crawler.spider import PollSpider
from rasid.models import PollReason, RobotsAnswer
from rasid.protocols import RobotsCache

_DAY: Final = 86_400.0
_SOON: Final = 600.0
_MICRO: Final = 1_000_000
_MAX_BYTES: Final = 512 * 1024  # what RFC 9309 asks to read
_MAX_HOSTS: Final = 100_000
_MOST_SITEMAPS: Final = 50


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows until a time; `refusal` is why nothing is, for now."""

    until: float
    rules: Protego | None = None
    refusal: str = ""


class RobotsMiddleware:
    """Refuses requests that robots.txt disallows, unless meta has `dont_obey_robotstxt`."""

    def __init__(self, crawler: Crawler, clock: Callable[[], float] = time.monotonic) -> None:
        self._crawler = crawler
        self._clock = clock
        self._known: dict[str, Rules] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Build it, as Scrapy asks."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise `Refused` when the request may not be made."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules(request)
        if rules.refusal:
            raise Refused(PollReason.ROBOTS, rules.refusal)
        agent = (request.headers.get("User-Agent") or b"").decode("latin-1")
        name = agent.partition("/")[0].strip() or "Rasid"
        if rules.rules and not rules.rules.can_fetch(request.url, name):
            raise Refused(
                PollReason.ROBOTS,
                "robots.txt of the outlet asks not to fetch this address "
                "(`robots: false` on the source passes over it)",
            )

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of an address names; asks nobody for it."""
        known = self._known.get(_key(url))
        return tuple(known.rules.sitemaps)[:_MOST_SITEMAPS] if known and known.rules else ()

    async def _rules(self, request: Request) -> Rules:
        key = _key(request.url)
        known = self._known.get(key)
        if known is None or known.until <= self._clock():
            if len(self._known) >= _MAX_HOSTS:
                self._known.clear()
            known = await self._remembered(key) or await self._fetch(key, request)
            self._known[key] = known
        return known

    @property
    def _cache(self) -> RobotsCache | None:
        return cast("PollSpider", self._crawler.spider).robots

    async def _remembered(self, key: str) -> Rules | None:
        cache = self._cache
        found = await cache.find(key) if cache else None
        if cache is None or found is None:
            return None
        age = (cache.now() - found.at) / _MICRO
        return rules_from(found.status, found.body, self._clock() - age)

    async def _fetch(self, key: str, request: Request) -> Rules:
        meta = {
            "dont_obey_robotstxt": True,
            "download_maxsize": _MAX_BYTES,
            # a slot of its own: the feed may follow at once, they never run together
            "download_slot": f"robots {urlsplit(key).hostname}",
            "proxy": request.meta.get("proxy"),
            "tls_verify": request.meta.get("tls_verify", True),
        }
        agent = (request.headers.get("User-Agent") or b"").decode("latin-1")
        address = f"{key}/robots.txt"
        ask = Ask(address, {"User-Agent": agent}, meta=meta, captured=False)
        try:
            response = (await fetch(self._crawler, ask)).response
        except DownloadTimeoutError as error:
            detail = "robots.txt does not come in time (`robots: false` on the source passes it by)"
            raise Refused(PollReason.TIMEOUT, detail) from error
        except (DownloadCancelledError, IgnoreRequest):  # as it comes, or unpacked
            return Rules(self._clock() + _SOON, refusal="robots.txt is larger than 512 KiB")
        rules = rules_from(response.status, response.body, self._clock())
        if (cache := self._cache) and not rules.refusal:
            body = response.body if rules.rules else b""
            cache.keep(RobotsAnswer(key, cache.now(), response.status, body))
        return rules


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def rules_from(status: int, body: bytes, now: float) -> Rules:
    """Read an answer as RFC 9309 does: 4xx allows all, 5xx nothing for the time being."""
    if status >= 500:
        refusal = f"robots.txt answers {status}: not fetching until it can be read"
        return Rules(now + _SOON, refusal=refusal)
    if not 200 <= status < 300:
        return Rules(now + _DAY)
    return Rules(now + _DAY, Protego.parse(body.decode("utf-8", "replace")))
