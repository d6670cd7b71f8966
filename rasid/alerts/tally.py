"""What became of deliveries, counted and logged."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from rasid.alerts.backoff import Step
from rasid.counted import counted
from rasid.models import DeliveryOutcome, DeliveryResult, Notification, Target

log = logging.getLogger("rasid.alerts")


@dataclass(slots=True)
class Counts:
    """What a round came to, in alerts; `errors` counts failures of the store."""

    sent: int = 0
    retried: int = 0
    dead: int = 0
    errors: int = 0


def is_dead(result: DeliveryResult, step: Step) -> bool:
    """Tell whether an attempt was the last one and failed."""
    return result.outcome is not DeliveryOutcome.SUCCESS and step.retry_at is None


def reason_text(result: DeliveryResult) -> str:
    """Return the reason of a result for people."""
    return f"{result.reason} ({result.detail})" if result.detail else str(result.reason)


def count(counts: Counts, alerts: int, result: DeliveryResult, step: Step) -> None:
    """Add an attempt at so many alerts."""
    if result.outcome is DeliveryOutcome.SUCCESS:
        counts.sent += alerts
    elif step.retry_at is None:
        counts.dead += alerts
    else:
        counts.retried += alerts


def report(target: Target, claimed: Notification, result: DeliveryResult, step: Step) -> None:
    """Log an attempt: an error when it was the last and failed."""
    level = logging.ERROR if is_dead(result, step) else logging.INFO
    text = "delivery %s of %s to %s: %s, %s"
    alerts, why = counted(len(claimed.alerts), "alert"), reason_text(result)
    log.log(level, text, claimed.id, alerts, target.id, result.outcome, why)
