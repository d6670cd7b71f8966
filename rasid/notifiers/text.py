"""The text of a notification, rendered from what its alerts remember. Pure.

    Escalated: not acknowledged since ...      if nobody has
    قصف على دير الزور                          title
    was: قصف على الدير                         what it was, if it is a change
    now: 12 → 17                               numbers that changed
    SANA, 2026-11-23 14:05 Damascus (11:05 UTC)
    Al Mayadin, Deir ez-Zor, Syria (الميادين), 35.0180 40.4530, centre of the town
    https://www.openstreetmap.org/...          where the place is on a map
    …أن ‹قصف› استهدف…                          matched words in context
    https://sana.example/1
    Rule strikes, alert 7ZK3M9QX1A
    Acknowledge: https://...                   where the desk has a page

Alerts about one item share a block that names every rule and every id. What does not fit is
left out in a fixed order (context, then places and the end of titles); links and ids last of
all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rasid.models import Alert, Message, Notification, Target
from rasid.notifiers import changed, gates, lists, safe
from rasid.notifiers.frame import frame
from rasid.notifiers.map_lines import place_lines, place_names
from rasid.notifiers.style import (
    OUTLET,
    OWN,
    AckLink,
    Style,
    by_subject,
    clock_text,
    cost,
    escalated,
    feed,
    foot,
    link_of,
    no_link,
    own_text,
    plain,
    rules_of,
    short_id,
    title_of,
    when,
)

__all__ = ["Render", "clock_text", "cost", "render", "renderer", "short_id"]

Render = Callable[[Notification, Target, int], Message]

_TITLE: Final = 120  # of a message, where a service has one


@dataclass(frozen=True, slots=True)
class _Level:
    """How much is said."""

    excerpts: int
    title: int
    places: int = 0
    others: int = 0  # items beside the one that is told, lines of a report


_LEVELS: Final = (
    _Level(3, 300, 3, 50),
    _Level(1, 300, 1, 50),
    _Level(0, 300, 1, 20),
    _Level(0, 120, 0, 10),
    _Level(0, 40, 0, 3),
)


def renderer(time_zone: str, ack_link: AckLink = no_link) -> Render:
    """Return a function that renders for a target, as its receiver wants it shown."""

    def for_target(notification: Notification, target: Target, limit: int) -> Message:
        return render(
            notification,
            time_zone=time_zone,
            limit=limit,
            show=target.show,
            language=target.language,
            layout=target.layout,
            ack_link=ack_link,
        )

    return for_target


def render(
    notification: Notification,
    *,
    time_zone: str,
    limit: int,
    show: str,
    language: str = "en",
    layout: str = "",
    ack_link: AckLink = no_link,
) -> Message:
    """Return the message of a notification, its body worth at most `limit` characters.

    `show="discreet"` tells neither rules nor words; `language` is that of the words around an
    item, `layout` the template of one.
    """
    style = Style(time_zone, show, frame(language), layout, ack_link)
    if notification.lane:
        return lists.render(notification, style, limit)
    groups = gates.once(by_subject(notification.alerts))
    return Message(
        title=_title(groups, style),
        body=_body(groups, style, limit),
        notification=notification.id,
        alerts=tuple(alert.id for alert in notification.alerts),
        thread=_thread(groups[0][0]) if len(groups) == 1 else "",
    )


def _thread(alert: Alert) -> str:
    """Return what messages are threaded by: what is told of one story is one thread."""
    story = alert.facts.get("story")
    return f"story:{story}" if story else alert.subject


def _body(groups: Sequence[Sequence[Alert]], style: Style, limit: int) -> str:
    for level in _LEVELS:
        body = "\n\n".join(_block(group, level, style) for group in groups)
        if cost(body) <= limit:
            return body
    return lists.shortest(groups, style, limit)


def _title(groups: Sequence[Sequence[Alert]], style: Style) -> str:
    facts = groups[0][0].facts
    if facts.get("kind") in OWN:
        first = own_text(facts, _TITLE, style)
    elif gates.is_of_rule(facts):
        first = gates.headline(facts, style)
    else:
        gone = style.words.withdrawn if facts.get("withdrawn") else ""
        first = f"{gone}{plain(facts, 'outlet', OUTLET)}: {plain(facts, 'title', _TITLE)}"
    more = f" (+{len(groups) - 1})" if len(groups) > 1 else ""
    return safe.isolated(safe.cut(first, _TITLE - len(more))) + more


def _block(group: Sequence[Alert], level: _Level, style: Style) -> str:
    if group[0].facts.get("kind") in OWN:
        return "\n".join((*_own_lines(group[0].facts, level, style), foot(group, style)))
    if gates.is_of_rule(group[0].facts):
        said = gates.lines(group, level.others, level.title, style)
        return "\n".join((*_raised(group, style), *said, foot(group, style), *_ack(group, style)))
    # a template has no words for what is gone: it would look like news
    if style.layout and not group[0].facts.get("withdrawn"):
        return _laid_out(group, level, style)
    return "\n".join(_item_lines(group, level, style))


def _laid_out(group: Sequence[Alert], level: _Level, style: Style) -> str:
    from rasid.layouts import render  # few receivers bring a template

    told = render(style.layout, _values(group, level, style)).strip()
    more = gates.others(group, level.others, level.title, style)
    return "\n".join((*gates.labels(group, style), told, *more))


def _values(group: Sequence[Alert], level: _Level, style: Style) -> dict[str, Any]:
    """Return what a template is given; a discreet one is told neither rules nor words."""
    facts, hidden = group[0].facts, style.is_discreet
    return {
        "title": feed(facts, "title", level.title) or style.words.no_title,
        "outlet": feed(facts, "outlet", OUTLET),
        "source": plain(facts, "source", OUTLET),
        "link": link_of(facts),
        "published": when(facts, style),
        "language": plain(facts, "language", OUTLET),
        "rule": "" if hidden else safe.isolated(rules_of(group)),
        "rules": [] if hidden else list(dict.fromkeys(safe.defused(a.rule) for a in group)),
        "severity": "" if hidden else plain(facts, "severity", OUTLET),
        "tags": [] if hidden else [safe.defused(str(tag)) for tag in facts.get("tags", ())],
        "places": [] if hidden else place_names(group, level.places),
        "excerpts": [] if hidden else _excerpts(group, level.excerpts),
        "changes": changed.numbers(facts),
        "alert": ", ".join(short_id(alert.id) for alert in group),
        "ack": style.ack_link(group[0]),
        "escalated": escalated(group, style),
    }


def _own_lines(facts: Mapping[str, Any], level: _Level, style: Style) -> list[str]:
    lines = [own_text(facts, level.title * 2, style)]
    if not style.is_discreet:
        told = facts.get("lines", ())[: level.others]
        lines += [feed({"line": one}, "line", level.title) for one in told]
    for item in facts.get("titles", ())[: level.excerpts]:
        lines.append(f"{feed(item, 'outlet', OUTLET)}: {feed(item, 'title', level.title)}")
        if url := link_of(item):
            lines.append(url)
    return lines


def _item_lines(group: Sequence[Alert], level: _Level, style: Style) -> list[str]:
    facts, words = group[0].facts, style.words
    url = link_of(facts)
    return [
        *_raised(group, style),
        title_of(facts, level.title, style),
        *gates.labels(group, style),
        *changed.lines(facts, level.title, style),
        f"{feed(facts, 'outlet', OUTLET)}{words.comma}{when(facts, style)}",
        *(() if style.is_discreet else place_lines(group, level.places, words)),
        *(() if style.is_discreet else _excerpts(group, level.excerpts)),
        *((url,) if url else ()),
        *gates.others(group, level.others, level.title, style),
        foot(group, style),
        *_ack(group, style),
    ]


def _raised(group: Sequence[Alert], style: Style) -> list[str]:
    text = escalated(group, style)
    return [text] if text else []


def _ack(group: Sequence[Alert], style: Style) -> list[str]:
    url = style.ack_link(group[0])
    return [f"{style.words.acknowledge}{url}"] if url else []


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
