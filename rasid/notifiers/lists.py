"""Lists: what a digest, quiet hours or a limit kept together, every item of it. Pure.

    Digest of 2026-11-27 07:00 (items: 23)

    strikes
    • قصف على دير الزور
    SANA, 2026-11-23 14:05 Damascus (11:05 UTC), 7ZK3M9QX1A
    https://sana.example/1

    Acknowledge all of these: https://...      where the list is asked, and the desk has a page

The gravest rules come first. What does not fit is left out in a fixed order (long links, then
links, then the end of titles), never an item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rasid.alerts.lanes import held_by, slot_of, story_of
from rasid.alerts.placing import severity_of
from rasid.models import Alert, Hold, Message, Notification
from rasid.notifiers import changed, gates, html, safe
from rasid.notifiers.style import (
    OUTLET,
    OWN,
    Style,
    by_subject,
    cost,
    escalated,
    feed,
    foot,
    link_of,
    own_text,
    plain,
    rules_of,
    short_id,
    title_of,
    when,
)
from rasid.settings import rank

Group = Sequence[Alert]  # about one subject


@dataclass(frozen=True, slots=True)
class _Level:
    """How much is said of one item."""

    title: int
    link: int  # no longer one is shown
    about: bool = True  # the outlet and the time
    others: int = 0  # items that an alert on several lists


_SUBJECT: Final = 80  # code points of an item's title in that of a message
_LEVELS: Final = (
    _Level(160, 2_000, others=50),
    _Level(120, 160, others=20),
    _Level(80, 0, others=5),
    _Level(40, 0, about=False),
)


def render(notification: Notification, style: Style, limit: int) -> Message:
    """Return the message of a list: text that fits, and the whole for mail."""
    groups = gates.once(by_subject(notification.alerts))
    sections = _sections(groups, style)
    head = heading(notification.lane, len(groups), style)
    ack = style.ack_link(notification)
    return Message(
        title=_subject(head, groups, notification.lane, style),
        body=_body(head, sections, ack, style, limit),
        notification=notification.id,
        alerts=tuple(alert.id for alert in notification.alerts),
        thread=f"story:{story}" if (story := story_of(notification.lane)) else "",
        html=html.page(
            head, [_html(name, found, style) for name, found in sections], style.words, ack=ack
        ),
    )


def _subject(head: str, groups: Sequence[Group], lane: str, style: Style) -> str:
    """Return the title of a list: that of a story says which."""
    if not story_of(lane):
        return head
    title = plain(groups[0][0].facts, "title", _SUBJECT) or style.words.no_title
    return f"{head}: {safe.isolated(title)}"


def heading(lane: str, count: int, style: Style) -> str:
    """Return what a list is, in one line."""
    words = style.words
    held = held_by(lane) or Hold.LIMITED
    head = words.heads[held].format(slot=slot_of(lane).replace("T", " "))
    return f"{head} ({words.items.format(count=count)})"


def shortest(groups: Sequence[Group], style: Style, limit: int) -> str:
    """Return links and ids alone, or what of them fits: an SMS has 140 characters."""
    discreet = Style(style.time_zone, "discreet", style.words)
    feet = [(link_of(group[0].facts), foot(group, discreet)) for group in groups]
    body = "\n".join(f"{url}\n{ids}" if url else ids for url, ids in feet)
    if cost(body) <= limit:
        return body
    body = "\n".join(ids for _, ids in feet)
    return body if cost(body) <= limit else safe.cut(body, limit)


def _sections(groups: Sequence[Group], style: Style) -> list[tuple[str, list[Group]]]:
    """Return the groups under the rules that they matched, the gravest first."""
    found: dict[str, list[Group]] = {}
    for group in sorted(groups, key=_gravity, reverse=True):
        found.setdefault("" if style.is_discreet else rules_of(group), []).append(group)
    return list(found.items())


def _gravity(group: Group) -> int:
    return max(rank(severity_of(alert)) for alert in group)


def _body(
    head: str, sections: Sequence[tuple[str, list[Group]]], ack: str, style: Style, limit: int
) -> str:
    last = [f"{style.words.acknowledge_all}{ack}"] if ack else []
    for level in _LEVELS:
        told = (_section(name, found, level, style) for name, found in sections)
        parts = [head, *told, *last]
        if cost(body := "\n\n".join(parts)) <= limit:
            return body
    return shortest([group for _, found in sections for group in found], style, limit)


def _section(name: str, groups: Sequence[Group], level: _Level, style: Style) -> str:
    lines = [safe.isolated(name)] if name else []
    for group in groups:
        lines += _lines(group, level, style)
    return "\n".join(lines)


def _lines(group: Group, level: _Level, style: Style) -> list[str]:
    title, about, url = _told(group, level.title, style)
    ids = ", ".join(short_id(alert.id) for alert in group)
    changes = changed.lines(group[0].facts, level.title, style) if level.link else []
    lines = [f"• {title}", *changes, style.words.comma.join([*about, ids])]
    if not level.about:
        return [f"• {title}{style.words.comma}{ids}"]
    lines += [url] if url and len(url) <= level.link else []
    return lines + [f"  {line}" for line in gates.others(group, level.others, level.title, style)]


def _told(group: Group, most: int, style: Style) -> tuple[str, list[str], str]:
    """Return the title, what is said about it, and the link of an item, or news of Rasid."""
    facts = group[0].facts
    if facts.get("kind") in OWN:
        return own_text(facts, most * 2, style), [], ""
    if gates.is_of_rule(facts):
        return safe.isolated(gates.headline(facts, style)), [], ""
    title = title_of(facts, most, style)
    raised, labels = escalated(group, style), gates.labels(group, style)
    about = [*labels, feed(facts, "outlet", OUTLET), when(facts, style)]
    about += [raised] if raised else []
    return title, about, link_of(facts)


def _html(name: str, groups: Sequence[Group], style: Style) -> html.Section:
    entries = []
    for group in groups:
        title, about, url = _told(group, 300, style)
        about += changed.lines(group[0].facts, 300, style)
        ids = ", ".join(short_id(alert.id) for alert in group)
        entries.append(html.Entry(title, style.words.comma.join(about), url, ids))
        others = gates.items_of(group)
        entries += [html.Entry(gates.told(one, 300), "", link_of(one), "") for one in others]
    return html.Section(name, entries)
