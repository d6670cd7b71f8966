"""Addresses at which many sites have a feed or a sitemap, the likeliest first. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin, urlsplit

FEEDS: Final = (
    "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/all.atom.xml",
)  # fmt: skip
SITEMAPS: Final = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")
_NEWS: Final = "news"


def feeds_of(page: str) -> list[str]:
    """Return where a feed of a page may be: of its section, where it is one, then of the site."""
    path = urlsplit(page).path.strip("/")
    section = path and "." not in path.rpartition("/")[2]
    own = [urljoin(page, f"/{path}/feed/")] if section else []
    return list(dict.fromkeys([*own, *(urljoin(page, path) for path in FEEDS)]))


def sitemaps_of(page: str) -> list[str]:
    """Return where a site may have its sitemaps."""
    return [urljoin(page, path) for path in SITEMAPS]


def is_news(sitemap: str) -> bool:
    """Say whether the address of a sitemap promises news."""
    return _NEWS in urlsplit(sitemap).path.lower()
