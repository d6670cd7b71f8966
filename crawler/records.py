"""What passes between the fetching and the parsing half of the crawler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from rasid.models import Look, PageResult, ParsedFeed, PollReason
from rasid.settings import Select

# kinds that no source can be given
SITEMAP_PART: Final = "sitemap of an index"
SUGGESTION: Final = "suggestion"  # of selectors
LOOK: Final = "look"  # whatever it is, and where it leads
PAGE_TEXT: Final = "text of a page"  # that an item links to


@dataclass(frozen=True, slots=True)
class ParseHints:
    """What is known of a body from outside it."""

    url: str
    content_type: str = ""
    language: str = ""
    now: int = 0
    kind: str = "auto"  # a key of `crawler.kinds.KINDS`
    select: Select | None = None
    link: str = ""  # of PAGE_TEXT: the item's, which may have led elsewhere


@dataclass(frozen=True, slots=True)
class ParseOutcome:
    """A feed, or no feed and the reason: NOT_A_FEED, EMPTY_RESPONSE, PARSE_ERROR, PARSE_TIMEOUT."""

    feed: ParsedFeed | None
    reason: PollReason = PollReason.PARSED
    detail: str = ""
    follow: tuple[str, ...] = ()  # of an index: addresses of sitemaps as written, newest first
    look: Look | None = None  # of the kind LOOK alone
    page: PageResult | None = None  # of PAGE_TEXT, unless the worker did not survive it


Parse = Callable[[bytes, ParseHints], Awaitable[ParseOutcome]]
"""Reads a body in a process of its own."""
