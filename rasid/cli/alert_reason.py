"""Why an alert is in the state that it is in, for people."""

from __future__ import annotations

from rasid.alerts.lanes import held_by, slot_of
from rasid.alerts.telling import Telling
from rasid.cli.output import rfc3339
from rasid.models import Alert, AlertState, Hold

_MINUTE = len("2026-11-26T16:04")
_TELLINGS = {
    Telling.FIRST: "the first item of it",
    Telling.NEW_PLACE: "a new place",
    Telling.NEW_WORD: "another thing of the rule",
    Telling.AGAIN: "it happened anew",
    Telling.TOLL: "the toll jumped",
    Telling.LATER: "long after it was last told",
    Telling.CORROBORATED: "enough independent outlets tell it",
    Telling.REVISED: "the item has another title or other numbers",
    Telling.WITHDRAWN: "what was told is gone",
    Telling.UPDATE: "repeats what was told, and waits for more",
    Telling.INHIBITED: "a sharper alert of the story was told; waits for its update",
    Telling.COOLDOWN: "waits, since its rule told another just now",
}


def reason_of(alert: Alert) -> str:
    """Return for what a pending alert waits, `limited: goes into the digest of 2026-11-27 07:00`.

    Of others the reason of their last delivery.
    """
    if alert.state is not AlertState.PENDING or not alert.reason:
        return alert.reason
    if held_by(alert.lane) is Hold.DIGEST:
        digest = f"digest of {slot_of(alert.lane).replace('T', ' ')}"
        return digest if alert.reason == Hold.DIGEST else f"{alert.reason}: goes into the {digest}"
    until = (rfc3339(alert.due_at) or "")[:_MINUTE].replace("T", " ")
    return f"{alert.reason}: held until {until} UTC"


def telling_of(alert: Alert) -> str:
    """Return how an alert is told in its story, "" of one that is in none."""
    telling = alert.facts.get("telling")
    return _TELLINGS[Telling(telling)] if telling else ""
