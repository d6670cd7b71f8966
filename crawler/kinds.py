"""The kinds of source: what turns a fetched body into items. Pure, and never raises.

A kind is an entry of `KINDS`, under the name that `kind:` of a source has. Fetching, limits,
validators and identity are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crawler import parse as feeds
from crawler.look import NEWS_SITEMAP, read_look, told
from crawler.parse_page import read_page
from crawler.parse_sitemap import read_part, read_sitemap
from crawler.parse_telegram import read_telegram
from crawler.records import LOOK, PAGE_TEXT, SITEMAP_PART, SUGGESTION, ParseHints, ParseOutcome
from crawler.suggest import read_suggestion
from rasid.models import PollReason

Read = Callable[[bytes, ParseHints], ParseOutcome]


def parse(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Return the items of a body of any kind, or why there are none."""
    if not body.strip(b"\0 \t\r\n"):
        return ParseOutcome(None, PollReason.EMPTY_RESPONSE, "the answer has no content")
    try:
        return KINDS[hints.kind](body, hints)
    except Exception as error:  # noqa: BLE001 - whatever a hostile page breaks is its own fault
        return ParseOutcome(None, PollReason.PARSE_ERROR, f"{type(error).__name__}: {error}"[:300])


def _auto(body: bytes, hints: ParseHints) -> ParseOutcome:
    """Read a feed, a news sitemap or a channel; name the kind of what else it may be."""
    kind = told(body, hints)
    if kind in ("index", "sitemap"):
        detail = "a sitemap without titles, or an index of sitemaps"
        detail += ": if it is meant, say kind: sitemap"
        return ParseOutcome(None, PollReason.NOT_A_FEED, detail)
    return {"telegram": read_telegram, NEWS_SITEMAP: read_part}.get(kind, feeds.parse)(body, hints)


def _text(body: bytes, hints: ParseHints) -> ParseOutcome:
    from crawler.parse_text import read_text  # 0.3 s and 40 MB, in the workers of pages only

    return read_text(body, hints)


KINDS: Final[Mapping[str, Read]] = {
    "auto": _auto,
    "feed": feeds.parse,
    "sitemap": read_sitemap,
    "telegram": read_telegram,
    "page": read_page,
    PAGE_TEXT: _text,
    SITEMAP_PART: read_part,
    SUGGESTION: read_suggestion,
    LOOK: read_look,
}
