"""From what a feed says to clean items, whatever its format was."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from crawler.clean import NAME_LIMIT, TEXT_LIMIT, link, one_line, plain, without_controls
from crawler.dates import clamp_date, parse_date
from crawler.records import ParseHints
from rasid.items.links import link_key
from rasid.models import Offer, ParsedFeed, ParsedItem, Schedule

MOST_ITEMS: Final = 5000  # takes 3 s to parse; a worker has 10
_MOST_TAGS: Final = 50
_LONGEST_GUID: Final = 2000
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?=$|[-_])")


@dataclass(slots=True)
class RawItem:
    """One item as the feed says it."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    text: str = ""
    author: str = ""
    tags: Sequence[str] = ()
    date: str = ""
    language: str = ""


@dataclass(slots=True)
class RawFeed:
    """A feed as it says itself; `base` is what relative links start from."""

    items: list[RawItem]
    title: str = ""
    language: str = ""
    base: str = ""
    repaired: list[str] = field(default_factory=list)
    reader: str = ""
    held_back: int = 0
    skipped: int = 0
    dropped: int = 0
    deleted: Sequence[str] = ()  # guids
    schedule: Schedule = field(default_factory=Schedule)
    offer: Offer = field(default_factory=Offer)


def clean_feed(raw: RawFeed, hints: ParseHints) -> ParsedFeed:
    """Return the feed with its items in order, the empty ones and those over the limit gone."""
    base = link(raw.base, hints.url) or hints.url
    said = [one for one in raw.items if one.title or one.summary or one.text or one.link]
    kept = _newest(said)
    language = _language(raw.language)
    around = language or _language(hints.language)
    items = [_clean(item, base, around, hints.now) for item in kept]
    full = tuple(item for item in items if item.title or item.summary or item.text or item.link)
    return ParsedFeed(
        items=full,
        title=one_line(raw.title),
        language=language,
        repaired=tuple(raw.repaired),
        reader=raw.reader,
        held_back=raw.held_back,
        skipped=raw.skipped + len(raw.items) - len(said) + len(items) - len(full),
        dropped=raw.dropped + len(said) - len(kept),
        deleted=tuple(map(_guid, raw.deleted[:MOST_ITEMS])),
        schedule=raw.schedule,
        offer=raw.offer,
    )


def left_out(feed: ParsedFeed) -> str:
    """Say what of a feed is not among its items, "" when everything is."""
    counts = (
        (feed.dropped, f"beyond the newest {MOST_ITEMS:,}, dropped"),
        (feed.held_back, "cut off, held back"),
        (feed.skipped, "with nothing in them, skipped"),
    )
    return "; ".join(f"items {what}: {count}" for count, what in counts if count)


def _newest(items: list[RawItem]) -> list[RawItem]:
    if len(items) <= MOST_ITEMS:
        return items
    kept = newest_places([item.date for item in items])
    return [items[place] for place in kept]


def newest_places(dates: Sequence[str]) -> list[int]:
    """Return which of many items to keep, in their order; undated ones count as new."""
    ranks = ((_rank(date), -place) for place, date in enumerate(dates))
    return sorted(-place for _, place in heapq.nlargest(MOST_ITEMS, ranks))


def _rank(date: str) -> float:
    micros, _ = parse_date(date)
    return float("inf") if micros is None else micros


def _clean(item: RawItem, base: str, language: str, now: int) -> ParsedItem:
    address = link(item.link, base)
    published, date_only = parse_date(item.date)
    published = clamp_date(published, now)
    summary = plain(item.summary)
    text = plain(item.text, TEXT_LIMIT) if item.text != item.summary else ""
    return ParsedItem(
        guid=_guid(item.guid),
        link=address,
        link_key=link_key(address),
        title=one_line(item.title),
        summary=summary,
        text=text if text != summary else "",
        author=one_line(item.author, NAME_LIMIT),
        tags=_tags(item.tags),
        published=published,
        date_only=date_only and published is not None,
        language=_language(item.language) or language,
    )


def _guid(guid: str) -> str:
    if len(guid) <= _LONGEST_GUID and " " not in guid and guid.isprintable():
        return guid
    guid = " ".join(without_controls(guid).split())
    if len(guid) <= _LONGEST_GUID:
        return guid
    return "sha256:" + hashlib.sha256(guid.encode()).hexdigest()


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    if not tags:
        return ()
    words = (one_line(tag, NAME_LIMIT) for tag in tags[:_MOST_TAGS])
    return tuple(dict.fromkeys(word for word in words if word))


def _language(text: str) -> str:
    """Return the primary subtag of a language tag: `ar` of `ar-SA`, "" of rubbish."""
    found = _LANGUAGE.match(text.strip().casefold()) if text else None
    return found[0] if found else ""
