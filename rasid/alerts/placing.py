"""Which lane an alert waits in, and until when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rasid import cron
from rasid.alerts.lanes import (
    AT_ONCE,
    LIMITED,
    REPORT,
    SOON,
    URGENT,
    cooldown_lane,
    digest_lane,
    quiet_lane,
    silence_lane,
    story_lane,
)
from rasid.alerts.quiet import quiet_at
from rasid.alerts.telling import Telling
from rasid.models import Alert, Hold, Silence
from rasid.settings import CRITICAL, Pace, rank

# alerts about Rasid itself: trouble does not wait for a digest, the rest is no hurry
_OWN: Final = {"trouble": "high", "notice": "low"}


@dataclass(frozen=True, slots=True)
class Placement:
    """`reason` is None where an alert does not wait."""

    due_at: int
    lane: str
    reason: Hold | None = None


def severity_of(alert: Alert) -> str:
    """Return how grave an alert is, "" when its rule does not say."""
    own = _OWN.get(str(alert.facts.get("kind", "")))
    return own or str(alert.facts.get("severity", ""))


def is_critical(alert: Alert) -> bool:
    """Tell whether an alert passes digests and quiet hours."""
    return severity_of(alert) == CRITICAL


def placement(alert: Alert, pace: Pace, now: int) -> Placement:
    """Return where an alert waits.

    It depends on when the alert was promised, not on when this is asked: after a restart the
    digest that was missed is due, and not the next one.
    """
    at = min(alert.promised_at, now)  # later: the clock has been set back since
    if is_critical(alert):
        return update(alert, now) or Placement(at, AT_ONCE)
    return after_quiet_hours(_awake(alert, pace, at, now), pace, now)


def update(alert: Alert, now: int) -> Placement | None:
    """Return where an alert waits that repeats what was told, None for others."""
    if (due := alert.facts.get("update_at")) is None:
        return None
    # promised later than now: the clock has been set back, and the wait is as long as it was
    at = due - max(0, alert.promised_at - now)
    if alert.facts["telling"] == Telling.COOLDOWN:
        return Placement(int(at), cooldown_lane(alert.rule), Hold.COOLDOWN)
    return Placement(int(at), story_lane(str(alert.facts["story"])), Hold.STORY)


def silenced(silence: Silence) -> Placement:
    """Return where an alert waits that a silence keeps back."""
    return Placement(silence.ends_at, silence_lane(silence.id), Hold.SILENCED)


def _awake(alert: Alert, pace: Pace, at: int, now: int) -> Placement:
    if "escalated" in alert.facts:  # it has waited long enough
        return Placement(at, SOON)
    if (report := by_itself(alert, at)) is not None:
        return report
    if pace.digest and rank(severity_of(alert)) < rank(pace.digest.below):
        return _in_digest(pace, at)
    if (waiting := update(alert, now)) is not None:
        return waiting
    return Placement(at + pace.group_wait, SOON, Hold.GROUP_WAIT if pace.group_wait else None)


def by_itself(alert: Alert, at: int) -> Placement | None:
    """Return where a shift report stands: it is told at its time, and with nothing else."""
    return Placement(at, REPORT) if alert.facts.get("what") == "shift" else None


def _in_digest(pace: Pace, after: int) -> Placement:
    assert pace.digest is not None
    slot = cron.next_slot(pace.digest.at, pace.digest.zone, after)
    return Placement(slot.at, digest_lane(slot.local), Hold.DIGEST)


def after_quiet_hours(placed: Placement, pace: Pace, now: int) -> Placement:
    """Return a placement that is not in quiet hours, nor due while they last."""
    night = quiet_at(pace.quiet_hours, max(placed.due_at, now))
    if night is None:
        return placed
    if placed.reason is Hold.DIGEST:
        return Placement(night.end, placed.lane, Hold.DIGEST)
    if placed.lane == REPORT:
        return Placement(night.end, REPORT, Hold.QUIET_HOURS)
    return Placement(night.end, quiet_lane(night.evening.isoformat()), Hold.QUIET_HOURS)


def kept_back(alert: Alert, pace: Pace, free_at: int, now: int) -> Placement:
    """Return where an alert waits that the limit does not let through before `free_at`.

    With the next digest, if that comes sooner.
    """
    if is_critical(alert):
        return Placement(free_at, URGENT, Hold.LIMITED)
    if pace.digest and (digest := _in_digest(pace, now)).due_at <= free_at:
        return Placement(digest.due_at, digest.lane, Hold.LIMITED)
    return Placement(free_at, LIMITED, Hold.LIMITED)
