"""What a message says of the gates that its alerts passed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rasid.alerts.gate_alerts import HEARD, SILENT
from rasid.alerts.gate_notes import GATE
from rasid.models import Alert
from rasid.notifiers import safe
from rasid.notifiers.gate_words import gate_words
from rasid.notifiers.style import OUTLET, Style, clock_text, feed, link_of, plain

_NAMED: Final = 6  # outlets


def is_of_rule(facts: Mapping[str, Any]) -> bool:
    """Whether an alert is about a rule as a whole and not about an item."""
    return facts.get("kind") == GATE


def headline(facts: Mapping[str, Any], style: Style) -> str:
    """Return what an alert about a rule says, in one line; a discreet one names no rule."""
    text = _said(facts, style)
    return text if style.is_discreet else f"{plain(facts, 'rule', OUTLET)}: {text}"


def lines(facts: Mapping[str, Any], most: int, title: int, style: Style) -> list[str]:
    """Return an alert about a rule with at most so many items that it rests on."""
    words, items = gate_words(style.words.language), facts.get("items", ())
    last = [words.last] if facts["what"] == SILENT and items else []
    return [
        headline(facts, style),
        *last,
        *_listed(items, facts.get("count", 0), most, title, style),
    ]


def _said(facts: Mapping[str, Any], style: Style) -> str:
    words, comma = gate_words(style.words.language), style.words.comma
    since = clock_text(facts["since"], style.time_zone)
    if facts["what"] == HEARD:
        return words.heard.format(since=since)
    if facts["what"] == SILENT:
        blind = words.blind.format(**facts) if facts["down"] else ""
        return comma.join(filter(None, (words.silent.format(since=since), blind)))
    usual = facts["usual"]
    compared = words.unknown if usual is None else words.usual.format(usual=f"{usual:g}")
    return comma.join((words.spike.format(**facts), compared))


def labels(group: Sequence[Alert], style: Style) -> list[str]:
    """Return how well what is told is confirmed, a line for each rule that says so differently.

    An update says nothing of it: what was true when its items came may be no longer.
    """
    notes = {
        alert.rule: _label(alert.facts[GATE], style)
        for alert in group
        if GATE in alert.facts and "update_at" not in alert.facts
    }
    if len(set(notes.values())) == 1 or style.is_discreet:
        return list(dict.fromkeys(notes.values()))
    return [f"{safe.isolated(safe.defused(rule))}: {text}" for rule, text in notes.items()]


def _label(note: Mapping[str, Any], style: Style) -> str:
    words = gate_words(style.words.language)
    if note["state"] != "open":
        return words.unconfirmed.format(count=note["count"], needed=note["needed"])
    parts = [words.corroborated.format(count=note["count"])]
    if note.get("languages", 0) > 1:
        parts.append(words.languages.format(count=note["languages"]))
    text = style.words.comma.join(parts)
    names = [plain({"n": name}, "n", OUTLET) for name in note.get("outlets", ())[:_NAMED]]
    return f"{text} ({safe.isolated(style.words.comma.join(names))})" if names else text


def others(group: Sequence[Alert], most: int, title: int, style: Style) -> list[str]:
    """Return the other items that an opened gate rests on, at most so many, as lines.

    `title`: code points of what is shown of one.
    """
    items = {
        item["item"]: item for alert in group for item in alert.facts.get(GATE, {}).get("items", ())
    }
    return _listed(list(items.values()), len(items), most, title, style)


def _listed(
    items: Sequence[Mapping[str, Any]], count: int, most: int, title: int, style: Style
) -> list[str]:
    """Return items as lines, at most so many of `count`."""
    shown = items[:most]
    found = [line for item in shown for line in (_told(item, title), link_of(item)) if line]
    more = gate_words(style.words.language).more.format(count=count - len(shown))
    return [*found, more] if count > len(shown) else found


def _told(item: Mapping[str, Any], most: int) -> str:
    return f"• {feed(item, 'outlet', OUTLET)}: {feed(item, 'title', most)}"
