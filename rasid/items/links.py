"""One key for all addresses of one page.

The key is for comparing, not for opening: the scheme, `www.`, mobile and AMP hosts and paths,
tracking parameters, the order of parameters and plain fragments are taken away; whatever may
choose what is shown (`id=`, `p=`, `lang=`, `#!/story/1`, letter case of the path) stays.

In doubt two pages keep two keys. A page with two keys is told twice; two pages with one key
are one item, and one of them is never told.

A changed key makes stored items unknown: keys are made here, and what was stored under former
ones is found by `rasid.items.former_links`.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from rasid.items.addresses import Address, address_of, fragment_of
from rasid.items.sites import by_site
from rasid.items.tracking import is_tracking
from rasid.items.views import is_view, plain_path, tells
from rasid.items.wrappers import wrapped

_MOST_WRAPPERS: Final = 8
_ESCAPED_FRAGMENT: Final = "_escaped_fragment_"  # how crawlers were to ask for `#!`


def link_key(url: str) -> str:
    """Return the key of an http(s) address, "" for anything else."""
    address = address_of(url)
    if address is None:
        return ""
    address = by_site(_unwrapped(address))
    address.pairs.sort(key=_name)  # of one name the order may matter
    return str(address)


def _unwrapped(address: Address) -> Address:
    """Return the plain address within the wrappers; a plain one may turn out to be a wrapper."""
    for _ in range(_MOST_WRAPPERS):
        inner = wrapped(address)
        found = _plain(address) if inner is None else address_of(inner)
        if found is None:
            break
        before, address = address, found
        if inner is None and address.segments == before.segments:
            break
    return address


def _plain(address: Address) -> Address:
    """Return an address without what only says how a reader came, or which view is shown."""
    segments = plain_path(address.segments)
    if not address.pairs:
        return Address(address.host, segments, [], address.fragment)
    told = tells(segments)
    fragment, pairs = address.fragment, list[tuple[str, str]]()
    for name, value in address.pairs:
        if name == _ESCAPED_FRAGMENT:
            fragment = fragment_of(f"!{unquote(value)}")
        elif not is_tracking(name, value, told=told) and not is_view(name, value, told=told):
            pairs.append((name, value))
    return Address(address.host, segments, pairs, fragment)


def _name(pair: tuple[str, str]) -> str:
    return pair[0]
