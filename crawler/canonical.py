"""Whether the canonical link of a page is another name of its item. Pure.

A name that is wrong would make one item of two and lose the second: many pages say that the
front page, a section or the newest of all is their canonical address. So something has to
vouch for it: the server that led there, or a number or the words of the address that both have.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from rasid.items.links import link_key

if TYPE_CHECKING:
    from tldextract import TLDExtract

_NUMBER: Final = re.compile(r"\d{5,}")
_DAY: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?")
_SLUG: Final = 12  # characters that do not come twice by chance
_FRONT: Final = re.compile(r"/?(?:[a-z]{2,3}(?:-[a-z]{2,4})?/?|home/?)?", re.IGNORECASE)


def other_name(link: str, final: str, canonical: str) -> str:
    """Return the canonical link of the page at `final`, to which an item's link led, or "".

    "" also where it is the item's link.
    """
    key = link_key(canonical)
    if not key or key == link_key(link) or is_front(canonical):
        return ""
    if key == link_key(final):
        return canonical
    vouched = _domain(canonical) == _domain(final) and _tells(link) & _tells(canonical)
    return canonical if vouched else ""


def is_front(url: str) -> bool:
    """Say whether an address is a front page, of one language perhaps."""
    parts = urlsplit(url)
    return bool(_FRONT.fullmatch(parts.path)) and not (parts.query or parts.fragment)


def _tells(url: str) -> set[str]:
    """Return what of an address tells one item from others: long numbers and long words."""
    parts = urlsplit(url)
    numbers = {
        number
        for number in _NUMBER.findall(f"{parts.path}?{parts.query}")
        if not _DAY.fullmatch(number)
    }
    last = unquote(parts.path.rstrip("/").rpartition("/")[2]).casefold()
    slug = re.sub(r"\.[a-z]{3,5}$", "", last)
    return numbers | ({slug} if len(slug) >= _SLUG and not slug.isdecimal() else set())


def _domain(url: str) -> str:
    """Return what of a host was registered: `bbc.co.uk` of `www.bbc.co.uk`."""
    found = _suffixes()(url)
    return found.top_domain_under_public_suffix or found.fqdn or (urlsplit(url).hostname or "")


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    """Return the list of public suffixes inside the library: nothing is fetched or cached."""
    from tldextract import TLDExtract  # with what it fetches by: only pages ask for it

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
