"""That somebody has taken up an alert: once for its story, for all who were told.

An acknowledgement is about what its rule told of the story so far. What is told later, because
it is news, wants one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rasid.alerts.gates.about_rules import HEARD
from rasid.alerts.handover.silencing import is_of_rule
from rasid.alerts.lanes import is_asked
from rasid.models import Ack, Alert, Notification
from rasid.protocols import Reading, Transaction

ESCALATED: Final = ":escalated"  # how subjects end of what went to the next receiver


@dataclass(frozen=True, slots=True)
class Acked:
    """What an alert is acknowledged by; `is_new`: it was not before."""

    alert: Alert
    ack: Ack
    is_new: bool


def can_be_acked(alert: Alert) -> bool:
    """Tell whether a rule raised an alert, and it still says of which story."""
    return is_of_rule(alert)


def wants_an_answer(alert: Alert) -> bool:
    """Tell whether somebody should take an alert up once it is told at once.

    Not what only repeats a story, nor what is over: an item withdrawn, a silence ended.
    """
    over = "withdrawn" in alert.facts or alert.facts.get("what") == HEARD
    return can_be_acked(alert) and "update_at" not in alert.facts and not over


def asks(told: Alert | Notification) -> bool:
    """Tell whether a message asks for somebody: for an alert, or for something of a list."""
    if isinstance(told, Notification):
        return is_asked(told.lane) and any(map(wants_an_answer, told.alerts))
    return wants_an_answer(told)


def about(alert: Alert) -> str:
    """Return what an alert is about: its story, else its item, else what its rule did."""
    if story := alert.facts.get("story"):
        return f"story:{story}"
    if alert.subject.startswith("item:"):
        return ":".join(alert.subject.split(":")[:2])
    return alert.subject.removesuffix(ESCALATED)


def ack_of(alert: Alert, acks: Iterable[Ack]) -> Ack | None:
    """Return the acknowledgement of an alert: the first of its rule and story after it."""
    found = [
        one
        for one in acks
        if one.rule == alert.rule and one.about == about(alert) and one.at >= alert.created_at
    ]
    return min(found, key=lambda one: one.at, default=None)


def acks_of(view: Reading, alerts: Sequence[Alert]) -> dict[str, Ack]:
    """Return by alert what they were acknowledged by, of those that were."""
    acks = view.acks({about(one) for one in alerts})
    found = {one.id: ack_of(one, acks) for one in alerts}
    return {name: ack for name, ack in found.items() if ack}


def acknowledge(
    tx: Transaction, alerts: Iterable[Alert], *, author: str, note: str = "", now: int
) -> list[Acked]:
    """Acknowledge alerts; what was acknowledged before stays as it was."""
    done = []
    for alert in alerts:
        before = acks_of(tx, [alert]).get(alert.id)
        at = max(now, alert.created_at)  # the clock may have been set back since
        ack = before or Ack(alert.rule, about(alert), at, alert.id, author, note)
        if before is None:
            tx.add_ack(ack)
        done.append(Acked(alert, ack, before is None))
    return done
