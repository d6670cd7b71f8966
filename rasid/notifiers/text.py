"""The text of a notification, rendered from what its alerts remember. Pure.

    قصف على دير الزور                          title
    was: قصف على الدير                         what it was, if it is a change
    now: 12 → 17                               numbers that changed
    SANA, 2026-11-23 14:05 Damascus (11:05 UTC)
    Al Mayadin, Deir ez-Zor, Syria (الميادين), 35.0180 40.4530, centre of the town
    https://www.openstreetmap.org/...          where the place is on a map
    …أن ‹قصف› استهدف…                          matched words in context
    https://sana.example/1
    Rule strikes, alert 7ZK3M9QX1A

Alerts about one item share a block that names every rule and every id. What does not fit is
left out in a fixed order (context, then places and the end of titles); links and ids last of
all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rasid.models import Alert, Message, Notification, Target
from rasid.notifiers import safe
from rasid.notifiers.map_lines import place_lines

Render = Callable[[Notification, Target, int], Message]

_TITLE: Final = 120  # of a message, where a service has one
_SHORT_ID: Final = 10
_OUTLET: Final = 60
_NUMBER: Final = 40
_NUMBERS: Final = 4
_SECONDS: Final = 1_000_000
_COSTLY: Final = "&<>\"'"  # written as entities by services that speak HTML
_ENTITY: Final = 5
_OWN: Final = ("trouble", "notice")  # kinds of alerts about Rasid itself


@dataclass(frozen=True, slots=True)
class _Level:
    """How much is said."""

    excerpts: int
    title: int
    places: int = 0


_LEVELS: Final = (
    _Level(3, 300, 3),
    _Level(1, 300, 1),
    _Level(0, 300, 1),
    _Level(0, 120),
    _Level(0, 40),
)


def renderer(time_zone: str) -> Render:
    """Return a function that renders for a target, as its receiver wants it shown."""

    def for_target(notification: Notification, target: Target, limit: int) -> Message:
        return render(notification, time_zone=time_zone, limit=limit, show=target.show)

    return for_target


def render(notification: Notification, *, time_zone: str, limit: int, show: str) -> Message:
    """Return the message of a notification, its body worth at most `limit` characters.

    `show="discreet"` tells neither rules nor words.
    """
    groups = _by_subject(notification.alerts)
    body = ""
    for level in _LEVELS:
        body = "\n\n".join(_block(group, time_zone, level, show) for group in groups)
        if cost(body) <= limit:
            break
    else:
        body = _shortest(groups, limit)
    return Message(
        title=_title(groups),
        body=body,
        notification=notification.id,
        alerts=tuple(alert.id for alert in notification.alerts),
        thread=groups[0][0].subject if len(groups) == 1 else "",
    )


def short_id(alert: str) -> str:
    """Return the part of an alert's id that people are shown (its random end)."""
    return alert[-_SHORT_ID:]


def cost(text: str) -> int:
    """Return how much of a service's limit a text uses at worst: in UTF-16, with entities."""
    return sum(_ENTITY if letter in _COSTLY else 2 if letter > "\uffff" else 1 for letter in text)


def clock_text(at: int, time_zone: str) -> str:
    """Return a time in a zone and in UTC: "2026-11-23 14:05 Damascus (11:05 UTC)"."""
    utc = datetime.fromtimestamp(at / _SECONDS, UTC)
    if time_zone == "UTC":
        return f"{utc:%Y-%m-%d %H:%M} UTC"
    place = time_zone.rpartition("/")[2].replace("_", " ")
    return f"{utc.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M} {place} ({utc:%H:%M} UTC)"


def _by_subject(alerts: Sequence[Alert]) -> list[list[Alert]]:
    groups: dict[str, list[Alert]] = {}
    for alert in alerts:
        groups.setdefault(alert.subject, []).append(alert)
    return list(groups.values())


def _title(groups: Sequence[Sequence[Alert]]) -> str:
    facts = groups[0][0].facts
    if facts.get("kind") in _OWN:
        first = f"Rasid: {facts['kind']}"
    else:
        first = f"{_plain(facts, 'outlet', _OUTLET)}: {_plain(facts, 'title', _TITLE)}"
    more = f" (+{len(groups) - 1})" if len(groups) > 1 else ""
    return safe.isolated(safe.cut(first, _TITLE - len(more))) + more


def _block(group: Sequence[Alert], time_zone: str, level: _Level, show: str) -> str:
    if group[0].facts.get("kind") in _OWN:
        return "\n".join((*_own_lines(group[0].facts, level, show), _foot(group, "discreet")))
    return "\n".join(_item_lines(group, time_zone, level, show))


def _change_lines(facts: Mapping[str, Any], level: _Level) -> list[str]:
    """Return what a title was before, and which numbers have changed."""
    found = facts.get("changes", ())
    was = [_feed(one, "before", level.title) for one in found if one["field"] == "title"]
    numbers = dict.fromkeys(number for one in found for number in one["numbers"])
    told = ", ".join(_plain({"n": number}, "n", _NUMBER) for number in list(numbers)[:_NUMBERS])
    return [f"was: {one}" for one in was if one] + ([f"now: {told}"] if told else [])


def _own_lines(facts: Mapping[str, Any], level: _Level, show: str) -> list[str]:
    key = "discreet" if show == "discreet" and "discreet" in facts else "text"
    lines = [f"Rasid: {_feed(facts, key, level.title * 2)}"]
    for item in facts.get("titles", ())[: level.excerpts]:
        lines.append(f"{_feed(item, 'outlet', _OUTLET)}: {_feed(item, 'title', level.title)}")
        if url := safe.link(str(item.get("link", ""))):
            lines.append(url)
    return lines


def _item_lines(group: Sequence[Alert], time_zone: str, level: _Level, show: str) -> list[str]:
    facts = group[0].facts
    url = safe.link(str(facts.get("link", "")))
    return [
        _feed(facts, "title", level.title) or "(no title)",
        *_change_lines(facts, level),
        f"{_feed(facts, 'outlet', _OUTLET)}, {_when(facts, time_zone)}",
        *(() if show == "discreet" else place_lines(group, level.places)),
        *(() if show == "discreet" else _excerpts(group, level.excerpts)),
        *((url,) if url else ()),
        _foot(group, show),
    ]


def _when(facts: Mapping[str, Any], time_zone: str) -> str:
    for key, prefix in (("published", ""), ("first_seen", "seen ")):
        try:
            return prefix + clock_text(int(facts[key]), time_zone)
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            continue  # a feed may date an item in the year 50,000
    return "undated"


def _excerpts(group: Sequence[Alert], most: int) -> list[str]:
    """Return the excerpts of all rules; one that several have is shown once, all words marked."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for alert in group:
        for excerpt in alert.facts.get("excerpts", ()):
            same = told.setdefault((excerpt["field"], excerpt["text"]), {**excerpt, "spans": []})
            same["spans"] = _apart([*same["spans"], *map(tuple, excerpt["spans"])])
    lines = dict.fromkeys(safe.isolated(_marked(excerpt)) for excerpt in told.values())
    return list(lines)[:most]


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that overlap as one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _marked(excerpt: Mapping[str, Any]) -> str:
    """Return an excerpt with its words between ‹ and ›."""
    text, at, parts = excerpt["text"], 0, []
    for start, end in excerpt["spans"]:
        parts += [text[at:start], f"‹{text[start:end]}›"]
        at = end
    inside = safe.defused("".join([*parts, text[at:]]))
    return f"{'…' if excerpt['before'] else ''}{inside}{'…' if excerpt['after'] else ''}"


def _foot(group: Sequence[Alert], show: str) -> str:
    ids = ", ".join(short_id(alert.id) for alert in group)
    alerts = f"alert{'s' if len(group) > 1 else ''} {ids}"
    if show == "discreet":
        return f"A{alerts[1:]}"
    rules = ", ".join(dict.fromkeys(safe.defused(alert.rule) for alert in group))
    return f"Rule {safe.isolated(rules)}, {alerts}"


def _shortest(groups: Sequence[Sequence[Alert]], limit: int) -> str:
    """Return links and ids alone, or what of them fits: an SMS has 140 characters."""
    lines = []
    for group in groups:
        url = safe.link(str(group[0].facts.get("link", "")))
        foot = _foot(group, "discreet")
        lines.append(f"{url}\n{foot}" if url else foot)
    body = "\n".join(lines)
    if cost(body) <= limit:
        return body
    body = "\n".join(_foot(group, "discreet") for group in groups)
    return body if cost(body) <= limit else safe.cut(body, limit)


def _plain(facts: Mapping[str, Any], key: str, limit: int) -> str:
    return safe.defused(safe.cut(safe.line(str(facts.get(key, ""))), limit))


def _feed(facts: Mapping[str, Any], key: str, limit: int) -> str:
    return safe.isolated(_plain(facts, key, limit))
