"""What a message says of the gates that its alerts passed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, Final

from rasid.alerts.gates.about_rules import HEARD, SILENT
from rasid.alerts.gates.notes import GATE
from rasid.models import Alert
from rasid.notifiers import safe
from rasid.notifiers.gate_words import gate_words
from rasid.notifiers.style import OUTLET, Style, clock_text, feed, link_of, plain

_NAMED: Final = 6  # outlets


def is_of_rule(facts: Mapping[str, Any]) -> bool:
    """Whether an alert is about a rule as a whole and not about an item."""
    return facts.get("kind") == GATE


def once(groups: Sequence[Sequence[Alert]]) -> list[Sequence[Alert]]:
    """Return groups in which "something again" does not list what another group tells anyway."""
    links = {link_of(group[0].facts) for group in groups if not is_of_rule(group[0].facts)}
    return [[_without(alert, links - {""}) for alert in group] for group in groups]


def _without(alert: Alert, links: Set[str]) -> Alert:
    if not is_of_rule(alert.facts) or alert.facts["what"] != HEARD:
        return alert
    items = [item for item in alert.facts["items"] if link_of(item) not in links]
    return replace(alert, facts={**alert.facts, "items": items})


def headline(facts: Mapping[str, Any], style: Style) -> str:
    """Return what an alert about a rule says, in one line; a discreet one names no rule."""
    text = _said(facts, style)
    if style.is_discreet:
        return text
    name = plain(facts, "rule", OUTLET)
    # its letters must not turn the line round
    return f"{safe.apart(name) if style.words.is_rtl else name}: {text}"


def lines(group: Sequence[Alert], most: int, title: int, style: Style) -> list[str]:
    """Return an alert about a rule with at most so many items that it rests on."""
    facts = group[0].facts
    words = gate_words(style.words.language)
    last = [words.last] if facts["what"] == SILENT and facts["items"] else []
    return [headline(facts, style), *last, *others(group, most, title, style)]


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


def items_of(group: Sequence[Alert]) -> list[Mapping[str, Any]]:
    """Return the items that alerts rest on beside the one that they tell."""
    found = {item["item"]: item for alert in group for item in _resting(alert.facts)["items"]}
    return list(found.values())


def others(group: Sequence[Alert], most: int, title: int, style: Style) -> list[str]:
    """Return these items as lines, at most so many, and how many more there are.

    `title`: code points of what is shown of one.
    """
    items = items_of(group)
    shown = items[:most]
    found = [line for one in shown for line in (f"• {told(one, title)}", link_of(one)) if line]
    count = max(len(items), *(_resting(alert.facts)["count"] for alert in group)) - len(shown)
    return [*found, gate_words(style.words.language).more.format(count=count)] if count else found


def _resting(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return {items, count} of what an alert rests on; not all of them are named."""
    if is_of_rule(facts):
        return {"items": facts["items"], "count": facts.get("count", 0)}
    note = facts.get(GATE, {})
    return {"items": note.get("items", ()), "count": note.get("others", 0)}


def told(item: Mapping[str, Any], most: int) -> str:
    """Return the outlet and the title of such an item."""
    return f"{feed(item, 'outlet', OUTLET)}: {feed(item, 'title', most)}"
