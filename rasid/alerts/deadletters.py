"""Giving up is told: dead letters are announced on the fallback receiver, else to ops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from rasid.alerts.promise import NewId, trouble
from rasid.counted import counted
from rasid.models import Alert, DeliveryReason, Target
from rasid.protocols import Transaction
from rasid.settings import HOUR, Settings

KIND: Final = "dead_letter"
_PREFIX: Final = f"trouble:{KIND}:"
_LISTED: Final = 50


class Undertaker:
    """Gives alerts up and says so, both in the caller's transaction."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        targets: Callable[[], Mapping[str, Target]],
        new_id: NewId,
    ) -> None:
        self._settings = settings
        self._targets = targets
        self._new_id = new_id

    def expire(self, tx: Transaction, now: int) -> int:
        """Give up what is older than the settings allow; return how many alerts."""
        after = self._settings().dead_letter_after
        return self._announce(tx, tx.expire(now - after), DeliveryReason.EXPIRED, now)

    def bury(self, tx: Transaction, unknown: Sequence[str], now: int) -> int:
        """Give up what is for targets that no longer exist; return how many alerts."""
        if not unknown:
            return 0
        reason = DeliveryReason.RECEIVER_REMOVED
        return self._announce(tx, tx.bury(unknown, reason), reason, now)

    def tell(self, tx: Transaction, dead: Iterable[Alert], why: str, now: int) -> None:
        """Announce alerts that were given up."""
        settings = self._settings()
        for alert in announcements(
            dead,
            why,
            fallback=settings.fallback_receiver or settings.ops_receiver,
            targets=self._targets(),
            now=now,
            new_id=self._new_id,
        ):
            tx.add_alert(alert)

    def _announce(self, tx: Transaction, ids: Sequence[str], why: str, now: int) -> int:
        if ids:
            self.tell(tx, tx.alerts(ids=ids), why, now)
        return len(ids)


def announcements(
    dead: Iterable[Alert],
    why: str,
    *,
    fallback: str,
    targets: Mapping[str, Target],
    now: int,
    new_id: NewId,
) -> list[Alert]:
    """Return alerts that tell the fallback receiver what was given up, per target.

    Never through the target that failed, and never about an announcement: that would go
    round in a loop. One subject per target, reason and hour, so that a storm is told once.
    """
    alerts: list[Alert] = []
    for target, members in _by_target(dead).items():
        alerts += trouble(
            KIND,
            f"{target}:{_word(why)}:{now // HOUR}",
            _text(members, why),
            receiver=fallback,
            targets=targets,
            now=now,
            new_id=new_id,
            without=target,
            details={"alerts": [alert.id for alert in members[:_LISTED]]},
        )
    return alerts


def _by_target(dead: Iterable[Alert]) -> dict[str, list[Alert]]:
    groups: dict[str, list[Alert]] = {}
    for alert in dead:
        if not alert.subject.startswith(_PREFIX):
            groups.setdefault(alert.target, []).append(alert)
    return groups


def _word(why: str) -> str:
    return why.partition(" ")[0]


def _text(members: Sequence[Alert], why: str) -> str:
    what = counted(len(members), "alert")
    return (
        f"{what} for {members[0].target} could not be delivered: {why}. "
        "This and what follows within the hour is listed by: rasid alerts; "
        "to send again: rasid alerts retry."
    )
