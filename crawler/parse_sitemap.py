"""Sitemaps (https://www.sitemaps.org/protocol.html), those of Google News, and their indexes.

A plain sitemap gives no titles. The words of a link are no title, so such an item has its link
and the time of its last change alone; rules that look at titles do not match it.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from crawler.dates import parse_date
from crawler.parse_bytes import allowed, decode
from crawler.parse_items import RawFeed, RawItem, clean_feed, left_out, newest_places
from crawler.parse_xml import escaped
from crawler.records import ParseHints, ParseOutcome
from crawler.settings import MAX_BODY
from rasid.models import ParsedFeed, PollReason

MOST_LINKS: Final = 50_000  # the protocol's own limit
MOST_PARTS: Final = 5  # sitemaps of an index that one poll fetches, of `MAX_BODY` at most each
_ENTRIES: Final = {"urlset": "url", "sitemapindex": "sitemap"}
_GZIP: Final = b"\x1f\x8b"
_SAFE: Final = {"resolve_entities": False, "no_network": True, "load_dtd": False}


@dataclass(slots=True)
class _Found:
    """What was read: the root's name and its whole entries, each by the names of its parts."""

    root: str = ""
    entries: list[dict[str, str]] = field(default_factory=list)
    beyond: int = 0  # entries over the limit
    whole: bool = False  # the root's end was seen
    broken: str = ""  # what is not well-formed


def read_sitemap(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Return the items of a sitemap, or the sitemaps that an index says to follow."""
    if (found := _found(body, hints)) is None:
        return ParseOutcome(None, PollReason.TOO_LARGE, "unpacked, the sitemap is too large")
    if found.root == "sitemapindex":
        return _index(found)
    return _items(found, hints)


def read_part(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Return the items of a sitemap that an index named; a further index is refused."""
    if (found := _found(body, hints)) is None:
        return ParseOutcome(None, PollReason.TOO_LARGE, "unpacked, the sitemap is too large")
    if found.root == "sitemapindex":
        return ParseOutcome(None, PollReason.NOT_A_FEED, "an index inside an index is not followed")
    return _items(found, hints)


def _found(body: bytes, hints: ParseHints) -> _Found | None:
    """Return what a body holds, None when it is too large unpacked."""
    unpacked = _unpacked(body) if body.startswith(_GZIP) else body
    if unpacked is None:
        return None
    text = decode(unpacked, hints.content_type, hints.language).text
    return _scan(escaped(allowed(text.lstrip("\ufeff\0 \t\r\n"))))


def _unpacked(body: bytes) -> bytes | None:
    """Return what gzip packed, in one piece or several, None beyond `MAX_BODY`."""
    parts = b""
    while body.startswith(_GZIP):
        unpack = zlib.decompressobj(wbits=31)
        parts += unpack.decompress(body, MAX_BODY - len(parts) + 1)
        if len(parts) > MAX_BODY:
            return None
        body = unpack.unused_data
    return parts


def _scan(text: str) -> _Found:
    found = _Found()
    try:
        for fields in _entries(text, found):
            if len(found.entries) < MOST_LINKS:
                found.entries.append(fields)
            else:
                found.beyond += 1
    except etree.XMLSyntaxError as error:
        found.broken = str(error)[:200]
    return found


def _entries(text: str, found: _Found) -> Iterator[dict[str, str]]:
    """Yield whole entries as they end, and free them. Raises `XMLSyntaxError`."""
    source = io.BytesIO(text.encode("utf-8", "replace"))
    for event, element in etree.iterparse(source, ("start", "end"), encoding="utf-8", **_SAFE):
        name = _name(element)
        if event == "start":
            found.root = found.root or name
            if found.root not in _ENTRIES:
                return
        elif element.getparent() is None:
            found.whole = True
        elif name == _ENTRIES[found.root]:
            yield _fields(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _fields(entry: Any) -> dict[str, str]:
    """Return `loc` and `lastmod`, and what a part called `news` holds as `news title` and so on.

    Images and videos have titles and addresses of their own, which are not the article's.
    """
    fields = {_name(part): _text(part) for part in entry}
    for news in entry:
        if _name(news) == "news":
            fields |= {f"news {_name(part)}": _text(part) for part in news.iter()}
    return fields


def _name(element: Any) -> str:
    """Return a name without its namespace, or without a prefix that is not declared."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip() if isinstance(element.tag, str) else ""


def _index(found: _Found) -> ParseOutcome:
    if addresses := tuple(_newest(found.entries)):
        return ParseOutcome(ParsedFeed(), follow=addresses)
    return ParseOutcome(None, PollReason.NOTHING_FOUND, found.broken or "an index of no sitemaps")


def _items(found: _Found, hints: ParseHints) -> ParseOutcome:
    if found.root not in _ENTRIES:
        root = f" but <{found.root[:40]}>" if found.root else f": {found.broken}"
        return ParseOutcome(None, PollReason.NOT_A_FEED, f"not a sitemap{root}")
    if found.broken and not found.entries:
        return ParseOutcome(None, PollReason.PARSE_ERROR, found.broken)
    dates = [_date(entry) for entry in found.entries]
    kept = newest_places(dates)
    raw = RawFeed(
        items=[_item(found.entries[place]) for place in kept],
        title=next((e["news name"] for e in found.entries if e.get("news name")), ""),
        repaired=["not_well_formed" if found.whole else "cut_off"] if found.broken else [],
        held_back=int(bool(found.broken) and not found.whole),
        dropped=_missed(dates, kept) + found.beyond,
    )
    feed = clean_feed(raw, hints)
    return ParseOutcome(feed, detail=left_out(feed))


def _missed(dates: Sequence[str], kept: Sequence[int]) -> int:
    """Return how many of those left out may be new: as new as one that was kept, or undated.

    Others are old, and no gap. Many sitemaps give a day only, or all their links one time.
    """
    if len(kept) == len(dates):
        return 0
    times = [parse_date(date)[0] for date in dates]
    oldest = min((times[place] or 0 for place in kept if times[place] is not None), default=None)
    taken = set(kept)
    return sum(
        time is None or (oldest is not None and time >= oldest)
        for place, time in enumerate(times)
        if place not in taken
    )


def _item(entry: dict[str, str]) -> RawItem:
    return RawItem(
        link=entry.get("loc", ""),
        title=entry.get("news title", ""),
        tags=[word for word in entry.get("news keywords", "").split(",") if word.strip()],
        date=_date(entry),
        language=entry.get("news language", ""),
    )


def _date(entry: dict[str, str]) -> str:
    return entry.get("news publication_date", "") or entry.get("lastmod", "")


def _newest(entries: list[dict[str, str]]) -> Iterator[str]:
    """Yield the sitemaps of an index, changed last first; those without a date come last."""
    for entry in sorted(entries, key=lambda e: -(parse_date(e.get("lastmod", ""))[0] or 0)):
        if address := entry.get("loc", ""):
            yield address
