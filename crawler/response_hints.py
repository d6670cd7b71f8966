"""What the headers of a response say of when to come again, and of a hub. Pure."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from scrapy.http import Headers

from crawler.parse_rhythm import web_address
from rasid.models import DueBy, Offer, Pause
from rasid.settings import SECOND

_DIRECTIVE: Final = re.compile(r"([\w-]+)\s*(?:=\s*\"?([0-9]{1,12})\"?)?")
_LINK: Final = re.compile(r"<([^<>]{1,2000})>\s*((?:;[^;,<>\"]*(?:\"[^\"]*\"[^;,<>\"]*)?){1,10})")
_REL: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)
_MOST_LINKS: Final = 16 * 1024


def cached(headers: Headers, now: int) -> Pause | None:
    """Return how long the answer holds from now on, None when its headers do not say.

    `max-age` goes before `s-maxage`, which is for the server's own caches, and both before
    `Expires`, which counts from the server's `Date`: its clock may be wrong.
    """
    said = dict(_DIRECTIVE.findall(_text(headers, "Cache-Control").casefold()))
    if "no-cache" in said or "no-store" in said:
        return None
    age = _text(headers, "Age")
    spent = int(age[:12]) * SECOND if age.isascii() and age.isdecimal() else 0
    for name in ("max-age", "s-maxage"):
        if said.get(name):
            return _pause(DueBy.CACHE_CONTROL, int(said[name]) * SECOND - spent)
    expires, date = _time(headers, "Expires"), _time(headers, "Date")
    if expires is None:
        return None
    return _pause(DueBy.EXPIRES, expires - (now if date is None else date) - spent)


def offer(headers: Headers, url: str) -> Offer:
    """Return the first hub that `Link` headers name, and its topic."""
    hub = topic = ""
    whole = ", ".join(value.decode("latin-1") for value in headers.getlist("Link"))[:_MOST_LINKS]
    for href, parameters in _LINK.findall(whole):
        found = _REL.search(parameters)
        relations = (found[1] or found[2] or "").casefold().split() if found else []
        hub = hub or (web_address(href, url) if "hub" in relations else "")
        topic = topic or (web_address(href, url) if "self" in relations else "")
    return Offer(hub, topic)


def _pause(by: DueBy, micros: int) -> Pause | None:
    return Pause(by, micros) if micros > 0 else None


def _text(headers: Headers, name: str) -> str:
    return (headers.get(name) or b"").decode("latin-1").strip()


def _time(headers: Headers, name: str) -> int | None:
    try:
        at = parsedate_to_datetime(_text(headers, name))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        return int(at.timestamp() * SECOND)
    except (ValueError, OverflowError, IndexError):
        return None
