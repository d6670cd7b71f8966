"""Alerts about a rule as a whole: that it spikes, that it is silent, that it is no longer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasid.alerts.gates.notes import GATE
from rasid.alerts.promise import NewId, is_grave_enough, promised
from rasid.ids import new_id as ulid
from rasid.models import Alert, Item
from rasid.settings import Config, Rule
from rasid.world import World

SPIKES: Final = "spike"
SILENT: Final = "silent"
HEARD: Final = "heard"  # it was silent and is no longer


def gate_alerts(
    rule: Rule,
    what: str,
    since: int,
    facts: Mapping[str, Any],
    *,
    world: World,
    now: int,
    new_id: NewId = ulid,
) -> list[Alert]:
    """Return an alert for each target of a rule, about what began at `since`.

    `what`: SPIKES, SILENT or HEARD; `facts`: what is told of it, with `text` for who has no words
    of a language of its own.
    """
    told = {
        "kind": GATE,
        "what": what,
        "rule": rule.id,
        "severity": rule.severity,
        "tags": list(rule.tags),
        "since": since,
        **facts,
    }
    subject = f"{GATE}:{what}:{since}"
    return [
        promised(target, subject, told, rule.id, rule.hash, now=now, new_id=new_id)
        for target in world.targets.values()
        if target.receiver in rule.notify
        and is_grave_enough(rule, world.config.receivers.get(target.receiver))
    ]


def item_line(item: Item, config: Config) -> dict[str, str]:
    """Return what an alert says of an item that it lists."""
    outlet = config.outlets.get(item.outlet)
    name = outlet.name if outlet and outlet.name else item.outlet
    return {"item": item.id, "outlet": name, "title": item.title, "link": item.link}
