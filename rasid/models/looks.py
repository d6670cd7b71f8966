"""What somebody who looks for sources sees at an address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rasid.settings import Select


class Sign(StrEnum):
    """By what an address was found that may be a source."""

    GIVEN = "given"  # somebody named it
    DECLARED = "declared"  # <link rel="alternate"> of a page
    LINKED = "linked"  # a link of a page that looks like one to a feed
    CHANNEL = "channel"  # a link of a page to a channel of Telegram
    ROBOTS = "robots"  # Sitemap: in robots.txt
    INDEXED = "indexed"  # in an index of sitemaps
    GUESSED = "guessed"  # a path that many sites use
    REPEATED = "repeated"  # what the page itself repeats


@dataclass(frozen=True, slots=True)
class Lead:
    """An address that may be a source, not yet asked for."""

    url: str
    sign: Sign
    title: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What stands at an address, and where it leads.

    `kind` is that of a source; `index` is one of sitemaps, which its leads are.
    """

    kind: str  # feed, sitemap, index, telegram, page
    url: str = ""  # after redirects
    title: str = ""
    language: str = ""
    leads: tuple[Lead, ...] = ()
    refresh: str = ""  # where a page sends browsers at once
    select: Select | None = None  # of a page that repeats something
    sitemaps: tuple[str, ...] = ()  # that robots.txt of its host names
