"""What an XML feed says of itself as a whole: when it changes, and its hub. Pure.

Read from the text around the items and by local names, so that it does not matter which reader
the items have.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import urljoin

from crawler.dates import parse_date
from crawler.parse_xml import OPEN_ITEM
from crawler.refused import Refused
from crawler.urls import check_url
from rasid.models import Offer, Schedule
from rasid.settings import DAY, HOUR, MINUTE

_MOST: Final = 64 * 1024  # characters before the items, and after them
_LONGEST_URL: Final = 2000
_QUOTED: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[([^<]*?)\]\]>|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL
)
_LINK: Final = re.compile(r"<(?:[\w.-]+:)?link\b([^<>]*)>", re.IGNORECASE)
# every run of letters is tried once, from its beginning: a long one costs no more than its length
_ATTRIBUTE: Final = re.compile(r"(?<![\w:.-])([\w:.-]{1,50})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PERIODS: Final = {
    "hourly": HOUR,
    "daily": DAY,
    "weekly": 7 * DAY,
    "monthly": 30 * DAY,
    "yearly": 365 * DAY,
}
_SEVERAL: Final = r".{0,2000}?"  # elements
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def surroundings(text: str) -> str:
    """Return what stands before the items and after them, without comments and markup in CDATA."""
    first = OPEN_ITEM.search(text)
    head = text[: min(first.start() if first else len(text), _MOST)]
    last = max(text.rfind("item>"), text.rfind("entry>"))
    tail = text[last:][-_MOST:] if first and last >= 0 else ""
    return _QUOTED.sub(lambda found: found[1] or "", head + tail)


def schedule_of(around: str) -> Schedule:
    """Return when a feed says it changes; numbers that are none count as not said."""
    period = _PERIODS.get(_said(around, "updatePeriod").casefold(), 0)
    times = _number(_said(around, "updateFrequency"))
    base, _ = parse_date(_said(around, "updateBase"))
    hours = (_number(hour) for hour in _all(_said(around, "skipHours", _SEVERAL), "hour"))
    days = (day.casefold() for day in _all(_said(around, "skipDays", _SEVERAL), "day"))
    return Schedule(
        ttl=_number(_said(around, "ttl")) * MINUTE,
        period=period // max(1, times),
        base=base,
        skip_hours=tuple(sorted({hour % 24 for hour in hours if hour <= 24})),  # 24: midnight
        skip_days=tuple(sorted({_DAYS.index(day) for day in days if day in _DAYS})),
    )


def offer_of(around: str, url: str) -> Offer:
    """Return the first hub that a feed names, and under which topic it publishes there."""
    hub = topic = ""
    for attributes in _LINK.findall(around):
        said = {name.casefold(): unescape(a or b) for name, a, b in _ATTRIBUTE.findall(attributes)}
        relations = said.get("rel", "").casefold().split()
        hub = hub or (web_address(said.get("href", ""), url) if "hub" in relations else "")
        topic = topic or (web_address(said.get("href", ""), url) if "self" in relations else "")
    return Offer(hub, topic)


def web_address(href: str, base: str) -> str:
    """Return an address that may be fetched, "" for any other."""
    try:
        url = urljoin(base, href.strip())
        check_url(url)
    except (ValueError, Refused):
        return ""
    return url if href.strip() and len(url) <= _LONGEST_URL else ""


def _said(around: str, name: str, inside: str = r"[^<]{0,200}") -> str:
    pattern = rf"<(?:[\w.-]+:)?{name}(?:\s[^<>]*)?>({inside})</(?:[\w.-]+:)?{name}\s*>"
    found = re.search(pattern, around, re.IGNORECASE | re.DOTALL)
    return unescape(found[1]).strip() if found else ""


def _all(text: str, name: str) -> list[str]:
    return re.findall(rf"<{name}(?:\s[^<>]*)?>\s*([^<\s]{{1,20}})\s*</{name}\s*>", text, re.I)[:50]


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else 0
