"""Receivers that do not take what is due, and a delivery that reaches nobody. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rasid.counted import counted
from rasid.health import span
from rasid.models import Alert, DeliveryReason, Overdue

QUIET: Final = 2  # times as long as a receiver may fail: its failure was told meanwhile, or not


def failing(
    overdue: Iterable[Overdue], sent: Mapping[str, int], now: int, after: int
) -> list[Overdue]:
    """Return the targets that have taken nothing for as long as `after` though something waited.

    `sent`: when each last took something. One message that is refused while others go out is
    no failure of its receiver.
    """
    return [
        one
        for one in overdue
        if now - one.since >= after and sent.get(one.target, 0) <= max(one.since, now - after)
    ]


def unheard_since(
    overdue: Iterable[Overdue], dead: Iterable[Alert], sent: Mapping[str, int]
) -> int | None:
    """Return since when whatever was due has reached nobody at all, None when something has.

    `dead`: alerts that were given up; that they were told of elsewhere would have been heard.
    What was for a receiver that somebody has removed since is nobody's failure.
    """
    last = max(sent.values(), default=0)
    lost = [one for one in dead if one.reason != DeliveryReason.RECEIVER_REMOVED]
    due = [one.since for one in overdue] + [one.awaited_since for one in lost]
    return min((at for at in due if at > last), default=None)


def episodes(text: str) -> dict[str, int]:
    """Return since when targets fail whose failure was told, by target."""
    return dict(json.loads(text)) if text else {}


def noted(found: Mapping[str, int]) -> str:
    """Return them as they are remembered."""
    return json.dumps(found, sort_keys=True) if found else ""


def failing_text(one: Overdue, now: int) -> str:
    """Return what is told of a receiver that fails."""
    why = one.detail or one.reason or "no attempt has ended"
    return (
        f"receiver {one.receiver} ({one.target}) takes nothing: {why}. "
        f"{counted(one.alerts, 'alert')} {_waits(one.alerts)}, the first for "
        f"{span(now - one.since)}; what waits is tried again until settings.dead_letter_after"
    )


def works_text(target: str, since: int, waiting: int, now: int) -> str:
    """Return what is told of a receiver that works again."""
    left = f"{counted(waiting, 'alert')} still {_waits(waiting)}" if waiting else "nothing waits"
    receiver = target.partition("/")[0]
    return f"receiver {receiver} ({target}) works again, after {span(now - since)}; {left}"


def quiet_text(overdue: Sequence[Overdue], since: int, now: int) -> str:
    """Return what is told when nothing reaches anybody."""
    waiting = sum(one.alerts for one in overdue)
    return (
        f"nothing was delivered to anybody for {span(now - since)} though alerts were due: "
        f"{counted(waiting, 'alert')} {_waits(waiting)}"
    )


def _waits(count: int) -> str:
    return "waits" if count == 1 else "wait"
