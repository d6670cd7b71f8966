"""Which addresses are one source. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from rasid.items.links import link_key

# a key of links leaves out how a page is shown, which of a search is what is searched for
_SEARCHES: Final = ("news.google.com",)


def source_key(url: str) -> str:
    """Return the same for all spellings of an address, http and https, with and without `www.`."""
    parts = urlsplit(url)
    if parts.hostname in _SEARCHES:
        return url.partition("://")[2]
    return link_key(url) or url
