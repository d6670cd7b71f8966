"""Which sources would have brought a page that is not stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from rasid.items.hosts import plain_host
from rasid.models import Item
from rasid.protocols import Reading
from rasid.settings import Source

_ITEMS: Final = 2_000  # of the newest: feeds may lie on another host than what they link to


def bringers(view: Reading, url: str, sources: Iterable[Source]) -> list[Source]:
    """Return the sources that lie on the host of a link, or whose items of late link to it."""
    host = _host(url)
    if not host:
        return []
    linking = {item.source for item in view.items(limit=_ITEMS) if _shows(host, item)}
    return [one for one in sources if one.id in linking or _is_of(host, _host(one.url), url, one)]


def _shows(host: str, item: Item) -> bool:
    return _host(item.link) == host


def _is_of(host: str, own: str, url: str, source: Source) -> bool:
    """Tell whether a source lies on a host, or one of the two inside the other.

    Channels of one service share its host: they are told apart by their names.
    """
    if host == own == "t.me":
        return _channel(url) == _channel(source.url)
    return bool(own) and (host == own or host.endswith(f".{own}") or own.endswith(f".{host}"))


def _channel(url: str) -> str:
    segments = [one for one in urlsplit(url).path.split("/") if one not in ("", "s")]
    return segments[0].lower() if segments else ""


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return plain_host((parts.hostname or "").lower(), parts.port)
    except ValueError:
        return ""
