"""From matches to alerts: the promise to tell, with all that will be shown.

An alert outlives the configuration that raised it, so `facts` holds everything its text
needs: what was matched is told as it was, whatever the rules say when it goes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final

from rasid.alerts.excerpts import excerpts
from rasid.alerts.gates.notes import with_note
from rasid.alerts.pins import pins
from rasid.alerts.updates import StoryPlace
from rasid.items.changes import Change
from rasid.models import Alert, Document, Item, Match, Target, item_subject
from rasid.settings import NEW, REVISED, WITHDRAWN, Config, Receiver, Rule, rank

_MOST_CHANGES: Final = 5  # of an item that are remembered with an alert
NewId = Callable[[int], str]


def alerts_for(
    item: Item,
    document: Document,
    matches: Sequence[Match],
    *,
    config: Config,
    targets: Mapping[str, Target],
    now: int,
    new_id: NewId,
    event: str = NEW,
    changed: Sequence[Change] = (),
    stories: Mapping[str, StoryPlace] = MappingProxyType({}),
    notes: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> list[Alert]:
    """Return one alert per (rule that alerts on the event, target it notifies) about an item.

    `event`: NEW, the rule matches the item for the first time, REVISED, what it matched was
    changed, CORROBORATED, it opened the rule's gate, or WITHDRAWN. `changed`: what the item's
    last revision changed. `stories`: by rule, where its match stands in the telling of the item's
    story; `notes`: what its gate says.
    """
    what = {NEW: "", REVISED: f"r{item.revision}"}
    subject = item_subject(item.id, what.get(event, event))
    changes = [one._asdict() for one in changed[:_MOST_CHANGES]]
    common: dict[str, Any] = {"changes": changes} if changes else {}
    if event == WITHDRAWN:
        common = {"withdrawn": True}
    return [
        promised(target, subject, facts, match.rule, match.rule_hash, now=now, new_id=new_id)
        for match in asking(matches, config.rules, event)
        for rule in (config.rules[match.rule],)
        for told in (stories[match.rule].facts() if match.rule in stories else {},)
        for plain in ({**_facts(item, document, match, rule, config), **common, **told},)
        for facts in (with_note(plain, notes.get(match.rule)),)
        for target in _of(rule.notify, targets)
        if is_grave_enough(rule, config.receivers.get(target.receiver))
    ]


def asking(matches: Iterable[Match], rules: Mapping[str, Rule], event: str) -> list[Match]:
    """Return the matches of rules in force that alert on an event."""
    return [one for one in matches if one.rule in rules and event in rules[one.rule].on]


def is_grave_enough(rule: Rule, receiver: Receiver | None) -> bool:
    """Tell whether a receiver wants alerts of a rule's severity."""
    return receiver is None or rank(rule.severity) >= rank(receiver.min_severity)


def trouble(
    kind: str,
    subject: str,
    text: str,
    *,
    receiver: str,
    targets: Mapping[str, Target],
    now: int,
    new_id: NewId,
    without: str = "",
    details: Mapping[str, Any] | None = None,
) -> list[Alert]:
    """Return one alert per target of a receiver about trouble of Rasid itself.

    `subject` tells one episode from the next (the same one is stored once); the target
    `without` is left out: trouble with it cannot be told through it.
    """
    facts = {"kind": "trouble", "what": kind, "text": text, "since": now, **(details or {})}
    return [
        promised(target, f"trouble:{kind}:{subject}", facts, now=now, new_id=new_id)
        for target in _of((receiver,), targets)
        if target.id != without
    ]


def notice(
    kind: str,
    subject: str,
    facts: Mapping[str, Any],
    *,
    receiver: str,
    targets: Mapping[str, Target],
    now: int,
    new_id: NewId,
    rule: Rule | None = None,
) -> list[Alert]:
    """Return one alert per target of a receiver about Rasid itself, where all is well.

    `facts`: `text`, and optionally `discreet`, a text without rules and words, and `titles`,
    a list of {outlet, title, link}.
    """
    facts = {"kind": "notice", "what": kind, **facts}
    of = (rule.id, rule.hash) if rule else ()
    return [
        promised(target, f"notice:{kind}:{subject}", facts, *of, now=now, new_id=new_id)
        for target in _of((receiver,), targets)
    ]


def promised(
    target: Target,
    subject: str,
    facts: Mapping[str, Any],
    rule: str = "",
    rule_hash: str = "",
    *,
    now: int,
    new_id: NewId,
) -> Alert:
    """Return the promise to tell a target something, of no rule where it is about Rasid itself."""
    return Alert(
        id=new_id(now),
        rule=rule,
        rule_hash=rule_hash,
        target=target.id,
        receiver=target.receiver,
        subject=subject,
        created_at=now,
        facts=facts,
    )


def _of(receivers: Sequence[str], targets: Mapping[str, Target]) -> list[Target]:
    return [target for target in targets.values() if target.receiver in receivers]


def _facts(
    item: Item, document: Document, match: Match, rule: Rule, config: Config
) -> dict[str, Any]:
    outlet = config.outlets.get(item.outlet)
    found = pins(match.evidence)
    return {
        "kind": "item",
        "item": item.id,
        "revision": item.revision,
        "outlet_id": item.outlet,
        "outlet": outlet.name if outlet and outlet.name else item.outlet,
        "source": item.source,
        "title": item.title,
        "link": item.link,
        "published": item.published,
        "first_seen": item.first_seen,
        "language": item.language,
        "rule": match.rule,
        "severity": rule.severity,
        "tags": list(rule.tags),
        "evidence": [asdict(evidence) for evidence in match.evidence],
        "excerpts": excerpts(document, match.evidence),
        **({"places": found, "map_link": config.settings.map_link} if found else {}),
    }
