"""The sitemaps of an index: which are fetched, and what a poll of them comes to. Pure but `part`.

An index is asked for as a whole each time: that it has not changed says nothing of its sitemaps,
since many give no date or an old one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin

from crawler import outcome
from crawler.parse_items import MOST_ITEMS, left_out
from crawler.parse_sitemap import MOST_PARTS
from crawler.records import SITEMAP_PART
from crawler.refused import Refused
from crawler.urls import check_url, host_of, origin
from rasid.models import ParsedFeed, ParsedItem, PollOutcome, PollReason, PollResult, Validators
from rasid.settings import Source

Part = Callable[[Source], Awaitable[PollResult]]
_READ: Final = PollOutcome.OK


async def follow(index: PollResult, parts: Sequence[Source], part: Part) -> PollResult:
    """Return what the sitemaps of an index give together; `part` polls one.

    One that fails takes only its own items away; then nothing is remembered of the bodies, so
    that the next poll reads all of them. All that fail are a failure of the source.
    """
    if not parts:
        detail = "the index names no sitemap on its own host"
        return PollResult(PollOutcome.FAILED, PollReason.NOTHING_FOUND, detail, index.status)
    results = await _all(parts, part)
    read = [result for result in results if result.outcome is _READ]
    if not read:
        return replace(results[0], detail=f"{parts[0].url}: {results[0].detail}")
    bodies = [index.body_hash, *(result.body_hash for result in read)]
    feed = _together([result.feed for result in read if result.feed])
    return replace(
        index,
        outcome=PollOutcome.OK,
        reason=PollReason.PARSED,
        detail="; ".join(filter(None, (left_out(feed), _unread(parts, results)))),
        feed=feed,
        validators=Validators(),
        body_hash=outcome.body_hash("".join(bodies).encode()) if len(read) == len(parts) else "",
    )


async def _all(parts: Sequence[Source], part: Part) -> list[PollResult]:
    results: list[PollResult] = []
    for source in parts:
        results.append(await _one(source, part))
        if results[-1].outcome is PollOutcome.RATE_LIMITED:
            break
    return results


async def _one(source: Source, part: Part) -> PollResult:
    try:
        return await part(source)
    except Exception as error:
        if (refused := outcome.from_exception(error)) is None:
            raise
        return PollResult(PollOutcome.FAILED, refused.reason, refused.detail)


def _unread(parts: Sequence[Source], results: Sequence[PollResult]) -> str:
    failed = [
        f"{source.url} could not be read: {result.detail}"
        for source, result in zip(parts, results, strict=False)  # none after "slow down"
        if result.outcome is not _READ
    ]
    return "; ".join(failed)


def parts_of(source: Source, index: str, addresses: Iterable[str]) -> list[Source]:
    """Return the first sitemaps of an index on a host that is the source's own, as sources."""
    hosts = {host_of(source.url), host_of(index)}
    found: dict[str, Source] = {}
    for address in addresses:
        url = _absolute(index, address)
        if len(found) < MOST_PARTS and url and host_of(url) in hosts:
            found[url] = _part(source, url)
    return list(found.values())


def _absolute(index: str, address: str) -> str:
    try:
        url = urljoin(index, address)
        check_url(url)
    except (ValueError, Refused):
        return ""
    return url


def _part(source: Source, url: str) -> Source:
    """Return a source like another at an address; its secrets are for its own origin alone."""
    part = replace(source, url=url, kind=SITEMAP_PART)
    return part if origin(url) == origin(source.url) else replace(part, auth=None, headers={})


def _together(feeds: Sequence[ParsedFeed]) -> ParsedFeed:
    items = sorted((item for feed in feeds for item in feed.items), key=_age)
    undated = sum(item.published is None for item in items[MOST_ITEMS:])
    return ParsedFeed(
        items=tuple(items[:MOST_ITEMS]),
        title=next((feed.title for feed in feeds if feed.title), ""),
        repaired=tuple(dict.fromkeys(name for feed in feeds for name in feed.repaired)),
        held_back=sum(feed.held_back for feed in feeds),
        skipped=sum(feed.skipped for feed in feeds),
        dropped=sum(feed.dropped for feed in feeds) + undated,
    )


def _age(item: ParsedItem) -> float:
    return float("-inf") if item.published is None else -item.published


def unless_same(result: PollResult, how: str, known_hash: str) -> PollResult:
    """Return what the sitemaps of an index came to, as not modified when all are the same."""
    result = replace(result, body_hash=result.body_hash and result.body_hash + how)
    if not known_hash or result.body_hash != known_hash:
        return result
    return replace(result, outcome=PollOutcome.NOT_MODIFIED, reason=PollReason.SAME_BODY, feed=None)
