"""What a message says of the gates that its alerts passed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rasid.alerts.gate_notes import GATE
from rasid.models import Alert
from rasid.notifiers import safe
from rasid.notifiers.gate_words import gate_words
from rasid.notifiers.style import OUTLET, Style, feed, link_of, plain

_NAMED: Final = 6  # outlets


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
    lines = [
        line
        for item in list(items.values())[:most]
        for line in (
            f"• {feed(item, 'outlet', OUTLET)}: {feed(item, 'title', title)}",
            link_of(item),
        )
        if line
    ]
    if (more := len(items) - most) > 0:
        lines.append(gate_words(style.words.language).more.format(count=more))
    return lines


def _told(item: Mapping[str, Any], most: int) -> str:
    return f"• {feed(item, 'outlet', OUTLET)}: {feed(item, 'title', most)}"
