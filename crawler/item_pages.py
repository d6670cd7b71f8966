"""Fetching the page that an item links to, and what the answer comes to."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http.client import responses
from typing import Final

from scrapy.crawler import Crawler as Engine
from scrapy.http import Response

from crawler import outcome
from crawler.asking import ask_for
from crawler.canonical import is_front
from crawler.fetch import Ask, fetch
from crawler.host_turns import HostTurns, QuietError
from crawler.records import PAGE_TEXT, Parse, ParseHints
from crawler.urls import origin
from crawler.walls import wall_of, wall_words
from rasid.models import PageReason, PageResult, PollReason
from rasid.protocols import Clock
from rasid.settings import Source

_ACCEPT: Final = "text/html, application/xhtml+xml, */*;q=0.1"
_HTML: Final = frozenset({"", "text/html", "application/xhtml+xml", "text/plain", "text/xml"})
_REFUSING: Final = frozenset({401, 403, 405, 406, 429, 503})


class PageReader:
    """Fetches pages in turn with the polls of their hosts; `parse` extracts their text."""

    def __init__(self, engine: Engine, turns: HostTurns, parse: Parse, clock: Clock) -> None:
        self._engine = engine
        self._turns = turns
        self._parse = parse
        self._clock = clock

    async def __call__(self, source: Source, link: str, user_agent: str) -> PageResult:
        """Return what the page at a link comes to; every outcome is a value."""
        try:
            return await self._turns.take(link, partial(self._fetch, source, link, user_agent))
        except QuietError as quiet:
            return PageResult(PollReason.RETRY_AFTER, str(quiet), retry_after=quiet.wait)
        except Exception as error:  # noqa: BLE001 - one page never stops the others
            refused = outcome.refusal(error, f"fetching a page of {source.id}")
            return PageResult(refused.reason, refused.detail)

    async def _fetch(self, source: Source, link: str, user_agent: str) -> PageResult:
        fetched = await fetch(self._engine, ask_for_page(source, link, user_agent))
        result = await page_result(fetched.response, source, link, self._clock(), self._parse)
        if result.retry_after:
            self._turns.keep_quiet(fetched.response.url, result.retry_after)
        return replace(result, capture=fetched.capture)


def ask_for_page(source: Source, link: str, user_agent: str) -> Ask:
    """Return how the page of one of a source's items is asked for.

    What is the source's own (credentials, headers, a certificate that is not looked at) is for
    its own origin alone. Raises `Refused` for secrets.
    """
    if origin(link) == origin(source.url):
        source = replace(source, url=link)
    else:
        source = replace(source, url=link, auth=None, headers={}, tls_verify=True)
    ask = ask_for(source, None, user_agent)
    return replace(ask, headers={**ask.headers, "Accept": _ACCEPT})


async def page_result(
    response: Response, source: Source, link: str, now: int, parse: Parse
) -> PageResult:
    """Return what a response gives of an item's page."""
    refused = _refused(response, link, now)
    if refused is not None:
        return refused
    kind = _header(response, "Content-Type")
    hints = ParseHints(response.url, kind, source.language, now, PAGE_TEXT, link=link)
    parsed = await parse(response.body, hints)
    result = parsed.page or PageResult(parsed.reason, parsed.detail)
    return replace(result, status=response.status)


def _refused(response: Response, link: str, now: int) -> PageResult | None:
    """Return why a response has no page to read, None for one that has."""
    status = response.status
    if status in _REFUSING and (wall := wall_of(status, response.headers, response.body)):
        return PageResult(PageReason.BOT_WALL, wall_words(wall, status), status=status)
    bad = outcome.from_status(status, response.headers, now, conditional=False)
    if bad is not None:
        detail = f"the server answers {status} {responses.get(status, '')}".rstrip()
        return PageResult(bad.reason, detail, status=status, retry_after=bad.retry_after)
    kind = _header(response, "Content-Type").partition(";")[0].strip().casefold()
    if kind not in _HTML:
        detail = f"the link leads to {kind[:80]}, not to a web page"
        return PageResult(PageReason.NOT_HTML, detail, status=status)
    if is_front(response.url) and not is_front(link):
        detail = f"the link leads to a front page now: {response.url[:200]}"
        return PageResult(PageReason.HOME_PAGE, detail, status=status)
    flags = set(response.flags)
    if flags & {"partial", "dataloss"} and not outcome.looks_complete(response.body):
        return PageResult(
            PollReason.CUT_OFF, "the connection ended before the page did", status=status
        )
    return None


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
