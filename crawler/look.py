"""What stands at an address, for somebody who looks for sources. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from crawler import parse as feeds
from crawler.parse_leads import absolute, read_leads
from crawler.parse_sitemap import read_part, read_sitemap
from crawler.parse_telegram import MESSAGE, read_telegram
from crawler.records import ParseHints, ParseOutcome
from crawler.suggest import read_suggestion
from rasid.models import Lead, Look, PollReason, Sign
from rasid.settings import Select

NEWS_SITEMAP: Final = "news sitemap"
_SITEMAP: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?[^>]*>|<!--(?:(?!-->).)*-->)*"
    rb"<(?:[\w.-]+:)?(urlset|sitemapindex)(?=[\s>])",
    re.DOTALL,
)
_NEWS: Final = b"/schemas/sitemap-news/"
_GZIP: Final = b"\x1f\x8b"


def told(body: bytes, hints: ParseHints) -> str:
    """Tell what a body is: telegram, index, news sitemap, sitemap, or feed, if it is one."""
    if urlsplit(hints.url).hostname == "t.me" and MESSAGE.encode() in body:
        return "telegram"
    root = _SITEMAP.match(body[:4096])
    if root is None:
        return "feed"
    if root[1] == b"sitemapindex":
        return "index"
    return NEWS_SITEMAP if _NEWS in body[:65536] else "sitemap"


def read_look(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Return the items of whatever it is, with a `look`; of a page, by proposed selectors."""
    kind = told(body, hints)
    if kind == "telegram":
        return _seen("telegram", read_telegram(body, hints))
    if kind != "feed" or body.startswith(_GZIP):
        return _sitemap(body, hints)
    outcome = feeds.parse(body, hints)
    return _page(body, hints, outcome) if outcome.feed is None else _seen("feed", outcome)


def _seen(kind: str, outcome: ParseOutcome) -> ParseOutcome:
    if outcome.feed is None:
        return outcome
    look = Look(kind, title=outcome.feed.title, language=outcome.feed.language)
    return replace(outcome, look=look)


def _sitemap(body: bytes, hints: ParseHints) -> ParseOutcome:
    outcome = read_sitemap(body, hints)
    if not outcome.follow:
        return _seen("sitemap", read_part(body, hints)) if outcome.feed else outcome
    urls = filter(None, (absolute(hints.url, address) for address in outcome.follow))
    leads = tuple(Lead(url, Sign.INDEXED) for url in urls)
    return ParseOutcome(None, look=Look("index", leads=leads))


def _page(body: bytes, hints: ParseHints, outcome: ParseOutcome) -> ParseOutcome:
    if outcome.reason is not PollReason.NOT_A_FEED or (look := read_leads(body, hints)) is None:
        return outcome
    proposed = read_suggestion(body, hints)
    select = Select(**json.loads(proposed.detail)) if proposed.feed else None
    return ParseOutcome(proposed.feed, look=replace(look, select=select))
