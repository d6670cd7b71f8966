"""How one receiver wants things shown, and the small parts that every text is made of. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rasid.models import Alert, Notification
from rasid.notifiers import safe
from rasid.notifiers.frame import ENGLISH, Frame
from rasid.zones import place_of

OUTLET: Final = 60  # code points of an outlet's name
OWN: Final = ("trouble", "notice")  # kinds of alerts about Rasid itself
_SHORT_ID: Final = 10
_SECONDS: Final = 1_000_000
_COSTLY: Final = "&<>\"'"  # written as entities by services that speak HTML
_ENTITY: Final = 5


AckLink = Callable[[Alert | Notification], str]


def no_link(_told: Alert | Notification) -> str:
    """Say that an alert or a list has no link to acknowledge it."""
    return ""


@dataclass(frozen=True, slots=True)
class Style:
    """`show="discreet"` tells neither rules nor words; `layout` is the template of an item.

    `ack_link` returns where an alert, or all of a list, is acknowledged, "" for nowhere.
    """

    time_zone: str = "UTC"
    show: str = "full"
    words: Frame = ENGLISH
    layout: str = ""
    ack_link: AckLink = no_link

    @property
    def is_discreet(self) -> bool:
        """Whether rules and words are not told."""
        return self.show == "discreet"


def short_id(alert: str) -> str:
    """Return the part of an alert's id that people are shown (its random end)."""
    return alert[-_SHORT_ID:]


def cost(text: str) -> int:
    """Return how much of a service's limit a text uses at worst: in UTF-16, with entities."""
    return sum(_ENTITY if letter in _COSTLY else 2 if letter > "\uffff" else 1 for letter in text)


def clock_text(at: int, time_zone: str) -> str:
    """Return a time in a zone and in UTC: "2026-11-23 14:05 Damascus (11:05 UTC)"."""
    utc = datetime.fromtimestamp(at / _SECONDS, UTC)
    place = place_of(time_zone)
    if place == "UTC":  # also as Etc/UTC
        return f"{utc:%Y-%m-%d %H:%M} UTC"
    return f"{utc.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M} {place} ({utc:%H:%M} UTC)"


def when(facts: Mapping[str, Any], style: Style) -> str:
    """Return when an item was published, else when it was seen."""
    for key, prefix in (("published", ""), ("first_seen", style.words.seen)):
        try:
            return prefix + clock_text(int(facts[key]), style.time_zone)
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            continue  # a feed may date an item in the year 50,000
    return style.words.undated


def plain(facts: Mapping[str, Any], key: str, limit: int) -> str:
    """Return what a stranger wrote, harmless and on one line."""
    return safe.defused(safe.cut(safe.line(str(facts.get(key, ""))), limit))


def feed(facts: Mapping[str, Any], key: str, limit: int) -> str:
    """Return what a stranger wrote, harmless and between isolates where it needs them."""
    return safe.isolated(plain(facts, key, limit))


def title_of(facts: Mapping[str, Any], most: int, style: Style) -> str:
    """Return the title of an item: of one that is withdrawn, that it is, before all else."""
    title = feed(facts, "title", most) or style.words.no_title
    return f"{style.words.withdrawn}{title}" if facts.get("withdrawn") else title


def own_text(facts: Mapping[str, Any], most: int, style: Style) -> str:
    """Return what is said of Rasid itself; to a discreet receiver without names."""
    key = "discreet" if style.is_discreet and "discreet" in facts else "text"
    return f"Rasid: {feed(facts, key, most)}"


def link_of(facts: Mapping[str, Any]) -> str:
    """Return the address of an item, "" where it has none that is safe."""
    return safe.link(str(facts.get("link", "")))


def rules_of(group: Sequence[Alert]) -> str:
    """Return the rules of alerts about one subject."""
    return ", ".join(dict.fromkeys(safe.defused(alert.rule) for alert in group))


def foot(group: Sequence[Alert], style: Style) -> str:
    """Return the line that names rules and alerts."""
    words, ids = style.words, ", ".join(short_id(alert.id) for alert in group)
    if style.is_discreet or group[0].facts.get("kind") in OWN:
        return f"{words.only_alerts if len(group) > 1 else words.only_alert} {ids}"
    name = words.alerts if len(group) > 1 else words.alert
    return f"{words.rule} {safe.isolated(rules_of(group))}{words.comma}{name} {ids}"


def escalated(group: Sequence[Alert], style: Style) -> str:
    """Return since when nobody has acknowledged what is told here, "" where nobody was asked."""
    told = [one.facts["escalated"]["since"] for one in group if "escalated" in one.facts]
    if not told:
        return ""
    return style.words.escalated.format(since=clock_text(int(min(told)), style.time_zone))


def by_subject(alerts: Sequence[Alert]) -> list[list[Alert]]:
    """Return alerts about one subject together, in the order in which subjects come."""
    groups: dict[str, list[Alert]] = {}
    for alert in alerts:
        groups.setdefault(alert.subject, []).append(alert)
    return list(groups.values())
