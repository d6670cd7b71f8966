"""The text of an XML feed before it is parsed: is it one, is it whole, how much of it."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Final

from crawler.parse_items import MOST_ITEMS, newest_places

_PROLOGUE: Final = re.compile(r"\s+|<\?[^>]*>|<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_ROOT: Final = re.compile(r"<((?:[\w.-]+:)?(rss|rdf|feed|channel))(?=[\s>/])", re.IGNORECASE)
_TAG: Final = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
OPEN_ITEM: Final = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_CLOSE: Final = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_CHANNEL: Final = re.compile(r"</?((?:[\w.-]+:)?channel)(?=[\s>])", re.IGNORECASE)
_CDATA: Final = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_AMPERSAND: Final = re.compile(r"&(?!#?[\w.:-]+;)")  # one that begins no reference
_DATE: Final = re.compile(
    r"<(?:pubDate|dc:date|published|updated|issued)\b[^<>]*>(?:<!\[CDATA\[)?([^<\]]{4,100})", re.I
)
_EMPTY: Final = re.compile(r"<[^<>]*>\s*</")
_LONG_AGO: Final = "1970-01-01"  # the first to go
_JUNK: Final = 5000  # warnings of a server's program before the feed


@dataclass(frozen=True, slots=True)
class Feed:
    """The text of a feed that can be parsed."""

    text: str
    repaired: tuple[str, ...] = ()
    held_back: int = 0
    dropped: int = 0


def prepare(text: str) -> Feed | None:
    """Return the feed with only whole items in it and not too many, None when it is none."""
    start, root = _root(text)
    if root is None:
        return None
    repaired: tuple[str, ...] = ()
    if text[:start].strip() and _junk(text, start):
        text, repaired = text[start:], ("junk_before",)
    if (mended := escaped(text)) != text:
        text, repaired = mended, (*repaired, "ampersands")
    name = root[1]
    whole = _end(text, name)
    feed = Feed(text, repaired) if whole else _uncut(text, name, repaired)
    return _fewer(feed)


def _root(text: str) -> tuple[int, re.Match[str] | None]:
    place = _after_prologue(text)
    first = _ROOT.match(text, place)
    if first:
        return 0, first
    tag = _TAG.match(text, place)
    if tag and tag[1].casefold() in ("html", "head", "body"):
        return 0, None
    if re.match(r"<!doctype\s+html", text[:place].strip(), re.IGNORECASE):
        return 0, None
    later = _ROOT.search(text, place, place + _JUNK)
    return (later.start(), later) if later else (0, None)


def _junk(text: str, start: int) -> bool:
    return _after_prologue(text) < start


def _after_prologue(text: str) -> int:
    place = 0
    while True:
        if text.startswith("<!--", place):
            end = text.find("-->", place)
            if end < 0:
                return place
            place = end + 3
            continue
        found = _PROLOGUE.match(text, place)
        if not found:
            return place
        place = found.end()


def escaped(text: str) -> str:
    """Return text with bare ampersands escaped: left to the loose parser `R&D` is `R&D;`.

    In CDATA they are right as they are.
    """
    if not _AMPERSAND.search(text):
        return text
    kept: list[str] = []
    place = 0
    while (start := text.find("<![CDATA[", place)) >= 0:
        end = text.find("]]>", start)
        end = len(text) if end < 0 else end + 3
        kept += (_AMPERSAND.sub("&amp;", text[place:start]), text[start:end])
        place = end
    return "".join([*kept, _AMPERSAND.sub("&amp;", text[place:])])


def _end(text: str, name: str) -> bool:
    """Say whether the root is closed, be it with something after it."""
    tail = text[-2000:].casefold()
    return f"</{name.casefold()}" in tail and tail.rindex(">") > tail.rindex(f"</{name.casefold()}")


def _uncut(text: str, name: str, repaired: tuple[str, ...]) -> Feed:
    """Return a cut feed with its last, partial item held back: it would be a ghost."""
    tags = _CDATA.sub(lambda found: " " * len(found[0]), text)
    end = _last(_CLOSE, tags)
    opened = OPEN_ITEM.search(tags, end.end() if end else 0)
    cut = end.end() if end else opened.start() if opened else len(text)
    partial = int(opened is not None)
    return Feed(text[:cut] + _closing(text[:cut], name), (*repaired, "cut_off"), partial)


def _closing(text: str, name: str) -> str:
    channel = _last(_CHANNEL, text)
    if channel is None or channel[0].startswith("</") or channel[1] == name:
        return f"</{name}>"
    return f"</{channel[1]}></{name}>"


def _last(pattern: re.Pattern[str], text: str, start: int = 0) -> re.Match[str] | None:
    found = deque(pattern.finditer(text, start), maxlen=1)
    return found[0] if found else None


def _fewer(feed: Feed) -> Feed:
    """Return a feed of the newest items: 50,000 would take a minute to parse."""
    text = feed.text
    if text.count("<") <= MOST_ITEMS:  # far faster than to look for items
        return feed
    starts = [found.start() for found in OPEN_ITEM.finditer(text)]
    if len(starts) <= MOST_ITEMS:
        return feed
    last = _last(_CLOSE, text, starts[-1])
    if last is None:
        return feed
    items = [text[a:b] for a, b in zip(starts, [*starts[1:], last.end()], strict=True)]
    kept = newest_places([_date(item) for item in items])
    middle = "".join(items[place] for place in kept)
    text = text[: starts[0]] + middle + text[last.end() :]
    return Feed(text, feed.repaired, feed.held_back, len(items) - len(kept))


def _date(item: str) -> str:
    if _EMPTY.match(item):
        return _LONG_AGO
    found = _DATE.search(item)
    return found[1] if found else ""
