"""The text of the page that an item links to. The only module that knows trafilatura.

Dates are those that the page declares: what can only be guessed from its words would keep
items from alerting as too old. Runs in a worker with limits, since both libraries take the tree
of whatever a server sent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Final

from scrapy.http import Headers
from trafilatura import bare_extraction

from crawler.canonical import other_name
from crawler.clean import TEXT_LIMIT, link, one_line, without_controls
from crawler.dates import clamp_date, parse_date
from crawler.parse_html import Element, first, read_html, select, text_of
from crawler.records import ParseHints, ParseOutcome
from crawler.walls import wall_of, wall_words
from rasid.models import PageReason, PageResult, PageText

_FEWEST: Final = 25  # characters that make a text and not a button
_MOST_ELEMENTS: Final = 50_000  # takes 3 s; a worker has 10
_DATED: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "date",
)
_JSON_DATE: Final = re.compile(r'"datePublished"\s*:\s*"([^"\\]{4,60})"')
_LINE_ENDS: Final = re.compile(r"\s*\n\s*")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_text(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Return text, title, date and canonical link of a page, or why there is no text."""
    if body.startswith((b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")):
        return _nothing(PageReason.NOT_HTML, "a file and no web page stands there")
    page = read_html(body, hints)
    if page is None:
        return _nothing(PageReason.NO_TEXT, "the page is empty")
    if sum(1 for _ in page.iter()) > _MOST_ELEMENTS:
        return _nothing(PageReason.NO_TEXT, f"the page has over {_MOST_ELEMENTS:,} elements")
    title, dates = _title(page), list(_dates(page))
    canonical = _canonical(page, hints.url)
    text = _extracted(page, hints.url)
    if len(text) < _FEWEST or text == title:
        if wall := wall_of(200, Headers(), body):
            return _nothing(PageReason.BOT_WALL, wall_words(wall, 200))
        detail = "the page has no text; if scripts fill it in the browser, it has none for us"
        return _nothing(PageReason.NO_TEXT, detail)
    published, date_only = _published(dates, hints.now)
    canonical = other_name(hints.link or hints.url, hints.url, canonical)
    found = PageText(text, title, published, date_only, canonical)
    return ParseOutcome(None, page=PageResult(PageReason.READ, page=found))


def _nothing(reason: PageReason, detail: str) -> ParseOutcome:
    return ParseOutcome(None, page=PageResult(reason, detail))


def _extracted(page: Element, url: str) -> str:
    """Return the main text; the tree is not to be used after that."""
    found = bare_extraction(
        page, url=url or None, include_comments=False, include_tables=True, with_metadata=False
    )
    text = "" if found is None or isinstance(found, dict) else found.text or ""
    lines = _LINE_ENDS.sub("\n", without_controls(text)).strip()
    return lines[:TEXT_LIMIT].rstrip()


def _title(page: Element) -> str:
    """Return the title as the outlet gives it to others, else its heading, else the window's."""
    shared = first(page, 'meta[property="og:title"][content]')
    if shared is not None:
        return one_line(shared.get("content"))
    heading = first(page, "h1")
    return one_line(text_of(heading if heading is not None else first(page, "title")))


def _canonical(page: Element, url: str) -> str:
    found = first(page, 'link[rel~="canonical"][href]')
    return link(found.get("href"), url) if found is not None else ""


def _dates(page: Element) -> Iterator[str]:
    """Yield the dates that a page declares, the surest first."""
    declared = {
        (one.get("property") or one.get("name") or one.get("itemprop") or "").casefold(): one
        for one in reversed(select(page, "meta[content]"))
    }
    yield from (declared[name].get("content") for name in _DATED if name in declared)
    for script in select(page, 'script[type="application/ld+json"]'):
        yield from _JSON_DATE.findall(script.text or "")[:1]
    for time in select(page, "time[itemprop~=datePublished], time[pubdate], article time"):
        yield time.get("datetime") or ""


def _published(dates: list[str], now: int) -> tuple[int | None, bool]:
    """Return the first date with a time, else the first day."""
    days: list[int] = []
    for date in dates[:20]:
        found, date_only = parse_date(date)
        micros = clamp_date(found, now)
        if micros is not None and not date_only:
            return micros, False
        days += [micros] if micros is not None else []
    return (days[0], True) if days else (None, False)
