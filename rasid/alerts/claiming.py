"""The next notification of a target, if its pace lets one through: one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rasid.alerts.backoff import group_limit, list_limit
from rasid.alerts.handover.silencing import silenced_by
from rasid.alerts.lanes import CRITICAL_ONLY, IN_FULL, listed
from rasid.alerts.limits import free_at
from rasid.alerts.placing import (
    Placement,
    after_quiet_hours,
    by_itself,
    kept_back,
    placement,
    silenced,
    update,
)
from rasid.alerts.quiet import quiet_at
from rasid.models import Alert, Hold, Notification, Target
from rasid.protocols import Transaction
from rasid.settings import Pace

CHUNK: Final = 500  # alerts placed at once


@dataclass(frozen=True, slots=True)
class Claim:
    """What is sent now; else when to look again, and until when nothing at all may go."""

    notification: Notification | None = None
    wake_at: int | None = None
    free_at: int | None = None


def claim_next(tx: Transaction, target: Target, *, body_limit: int, ttl: int) -> Claim:
    """Place what is new, keep back what may not go now, and claim the rest's first part."""
    full = group_limit(body_limit)
    now, pace = tx.now(), target.pace
    if pace == Pace():
        wake_at = _place_updates(tx, target, now)
        return Claim(_claim(tx, target, full, list_limit(body_limit), ttl), wake_at)
    wake_at = _place_new(tx, target, now)
    if pace.limit:
        sent = tx.attempts(target.id, since=now - pace.limit.per, limit=pace.limit.messages)
        if (free := free_at(pace.limit, sent, now)) is not None:
            _keep_back(tx, target, free, now)
            return Claim(wake_at=wake_at, free_at=free)
    if quiet_at(pace.quiet_hours, now):
        _hush(tx, target, now)
    return Claim(_claim(tx, target, full, list_limit(body_limit), ttl), wake_at)


def _claim(tx: Transaction, target: Target, full: int, most: int, ttl: int) -> Notification | None:
    lane, waiting = tx.next_lane(target.id)
    as_list = listed(lane, waiting, full)
    limit = most if as_list else full
    return tx.claim(target.id, limit=limit, ttl=ttl, lane=lane, as_list=as_list)


def _place_new(tx: Transaction, target: Target, now: int) -> int | None:
    """Place alerts that nobody has placed; return when the first of them that waits is due."""
    later: list[int] = []
    while new := tx.unplaced(target.id, CHUNK):
        kept = _silenced(tx, new, now)
        placed = [(one, kept.get(one.id) or placement(one, target.pace, now)) for one in new]
        _hold(tx, placed)
        later += [at.due_at for _, at in placed if at.due_at > now]
    return min(later, default=None)


def _place_updates(tx: Transaction, target: Target, now: int) -> int | None:
    """Place what a silence keeps back, what waits for an update, and what goes by itself.

    Others stay as they are, so that this costs them no write; what is claimed next is among
    the first that are looked at.
    """
    later: list[int] = []
    while new := tx.unplaced(target.id, CHUNK):
        kept = _silenced(tx, new, now)
        waiting = [
            (one, kept.get(one.id) or update(one, now) or by_itself(one, now)) for one in new
        ]
        placed = [(one, at) for one, at in waiting if at is not None]
        _hold(tx, placed)
        later += [at.due_at for _, at in placed if at.due_at > now]
        if not placed or len(new) < CHUNK:
            break
    return min(later, default=None)


def _silenced(tx: Transaction, new: Sequence[Alert], now: int) -> Mapping[str, Placement]:
    """Return where alerts wait that silences keep back, by their ids."""
    oldest = min((min(one.promised_at, now) for one in new), default=now)
    silences = tx.silences(ending_after=oldest)
    found = {one.id: silenced_by(one, silences, now) for one in new} if silences else {}
    return {name: silenced(silence) for name, silence in found.items() if silence}


def _keep_back(tx: Transaction, target: Target, free: int, now: int) -> None:
    """Let what is due wait until the limit lets it through."""
    while due := tx.due_alerts(target.id, CHUNK, lanes=IN_FULL):
        _hold(tx, [(one, kept_back(one, target.pace, free, now)) for one in due])


def _hush(tx: Transaction, target: Target, now: int) -> None:
    """Hold what was due before quiet hours began and could not go then."""
    while due := tx.due_alerts(target.id, CHUNK, but=CRITICAL_ONLY):
        waiting = [(one, Placement(now, one.lane, _reason(one))) for one in due]
        _hold(tx, [(one, after_quiet_hours(at, target.pace, now)) for one, at in waiting])


def _reason(alert: Alert) -> Hold | None:
    return Hold(alert.reason) if alert.reason else None


def _hold(tx: Transaction, placed: Iterable[tuple[Alert, Placement]]) -> None:
    places: dict[Placement, list[str]] = {}
    for alert, place in placed:
        places.setdefault(place, []).append(alert.id)
    for place, ids in places.items():
        tx.hold(ids, place.due_at, lane=place.lane, reason=place.reason or "")
