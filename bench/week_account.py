"""What a week came to for each person, and whether anything of it was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bench.week_people import Received
from bench.week_press import Publication
from rasid.alerts.gates.notes import GATE
from rasid.items.documents import from_parsed
from rasid.models import Alert, AlertState
from rasid.settings import DAY, SECOND, rank
from rasid.world import World

Told = tuple[str, str, str]  # rule, receiver, link


class Kind(StrEnum):
    """What a message is."""

    AT_ONCE = "at once"
    LIST = "lists"
    ESCALATED = "escalated"
    RULE = "of a rule"  # a spike, a silence
    REPORT = "shift reports"
    OWN = "of Rasid"


@dataclass(frozen=True)
class Week:
    """All that was published, and all that was told."""

    world: World
    published: Sequence[Publication]
    served: Set[Publication]  # the others had left their feeds before these were polled again
    gaps: int  # polls that say so
    received: Sequence[Received]
    alerts: Mapping[str, Alert]
    start: int
    zone: ZoneInfo

    def local(self, at: int) -> datetime:
        """Return a time as the clocks of the desk show it."""
        return datetime.fromtimestamp(at / SECOND, UTC).astimezone(self.zone)

    def kind(self, one: Received) -> Kind:
        """Return what a message is."""
        facts = self.alerts[one.message.alerts[0]].facts
        if facts.get("what") == "shift":
            return Kind.REPORT
        if facts["kind"] not in ("item", GATE):
            return Kind.OWN
        if one.message.html:
            return Kind.LIST
        if facts["kind"] == GATE:
            return Kind.RULE
        return Kind.ESCALATED if "escalated" in facts else Kind.AT_ONCE


def table(week: Week) -> str:
    """Return a Markdown table: messages a day for each of the three, and alerts in them."""
    days = [week.start + number * DAY for number in range(8)]
    names = [f"{week.local(at):%a %d}" for at in days]
    lines = [f"| | | {' | '.join(names)} | alerts |", f"|---|---|{'--:|' * (len(names) + 1)}"]
    for receiver in week.world.config.receivers:
        for kind in Kind:
            those = [o for o in week.received if o.receiver == receiver and week.kind(o) is kind]
            if those:
                per_day = Counter((one.at - week.start) // DAY for one in those)
                counts = " | ".join(str(per_day[day] or "") for day in range(len(days)))
                alerts = sum(len(one.message.alerts) for one in those)
                lines.append(f"| {receiver} | {kind} | {counts} | {alerts} |")
    return "\n".join(lines)


def printed(week: Week, receiver: str) -> Iterator[str]:
    """Yield every message of a receiver, or of all, in order and as it was shown."""
    for who in week.world.config.receivers:
        if receiver in ("", who):
            for one in week.received:
                if one.receiver == who:
                    yield f"──── {who} {week.local(one.at):%a %H:%M} {week.kind(one)}"
                    yield from [f"[{one.message.title}]"] if one.titled else []
                    yield f"{one.message.body}\n"


def lost(week: Week) -> list[str]:
    """Return what rules match of what was published, and nobody was told or kept waiting for."""
    reached = set(_told(week)) | set(_waiting(week))
    return [
        f"{rule} to {receiver}: {link}"
        for rule, receiver, link in sorted(_expected(week))
        if (rule, receiver, link) not in reached
    ]


def _expected(week: Week) -> set[Told]:
    """Return what is to be told: matched anew here, whatever the store says of it."""
    config, found = week.world.config, set()
    for one in week.served:
        parsed = from_parsed(one.item(), id=one.guid, source=one.outlet, outlet=one.outlet)
        for match in week.world.matcher.match(parsed, one.at):
            rule = config.rules[match.rule]
            if rule.gates.spike:
                continue  # counted; told of when there are many
            found |= {
                (rule.id, name, one.link)
                for name in rule.notify
                if rank(rule.severity) >= rank(config.receivers[name].min_severity)
            }
    return found


def _told(week: Week) -> Iterator[Told]:
    for one in week.received:
        for name in one.message.alerts:
            yield from _links(week.alerts[name])


def _waiting(week: Week) -> Iterator[Told]:
    """Yield what waits for a reason that `rasid alerts` shows."""
    for one in week.alerts.values():
        if one.state is AlertState.PENDING and one.reason:
            yield from _links(one)


def _links(alert: Alert) -> Iterator[Told]:
    gate = alert.facts.get(GATE)
    items = gate.get("items", ()) if isinstance(gate, Mapping) else ()
    for facts in (alert.facts, *items, *alert.facts.get("items", ())):
        if link := facts.get("link"):
            yield alert.rule, alert.receiver, str(link)
