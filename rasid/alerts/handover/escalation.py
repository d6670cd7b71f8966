"""Whom an alert goes to that nobody has acknowledged in time.

A row says by when an alert is to be acknowledged; it is written with the alert, and what follows
from it is written in the transaction that takes it away. So each step of a chain is made once,
whenever the process dies.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from rasid.alerts.handover.acks import ESCALATED, acks_of, wants_an_answer
from rasid.alerts.handover.silencing import silenced_by
from rasid.alerts.lanes import held_by, is_asked
from rasid.alerts.placing import Placement, placement, silenced
from rasid.alerts.promise import NewId, promised
from rasid.errors import StorageError
from rasid.ids import new_id as ulid
from rasid.models import Ack, Alert, AlertState, Hold, Target
from rasid.protocols import Clock, Reading, Storage, Transaction
from rasid.settings import Escalate, Pace, Receiver, rank
from rasid.world import World

log = logging.getLogger("rasid.alerts")

CHUNK: Final = 200  # alerts a transaction
_EVER: Final = 2**62  # later than all times
_MOST: Final = 10_000


class Answer(StrEnum):
    """What became of an alert that was to be acknowledged."""

    NONE = "none"  # it goes to the next receiver
    ACKED = "acked"
    DROPPED = "dropped"
    UNASKED = "unasked"  # it went, or goes, with a digest or the like
    NO_CHAIN = "no_chain"  # its receiver has no next one any more
    WAITS = "waits"  # quiet hours or a limit hold it, or have only just let it go


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer, and when to ask again where the alert only waits."""

    answer: Answer
    again_at: int | None = None


def verdict(
    alert: Alert, place: Placement, escalate: Escalate | None, ack: Ack | None, now: int
) -> Verdict:
    """Decide what becomes of an alert whose time to be acknowledged is over.

    `place`: where it waits, or waited. One that could not be delivered has no answer either.
    """
    if escalate is None:
        return Verdict(Answer.NO_CHAIN)
    if ack is not None:
        return Verdict(Answer.ACKED)
    if alert.state is AlertState.DROPPED:
        return Verdict(Answer.DROPPED)
    # a silence of who comes later in a chain must not end it
    passed_over = "escalated" in alert.facts and held_by(place.lane) is Hold.SILENCED
    if passed_over:
        return Verdict(Answer.NONE)
    if not is_asked(place.lane):
        return Verdict(Answer.UNASKED)
    until = place.due_at + escalate.after
    held = _waits(alert) and place.due_at > now
    # sent and due later than now: the clock was set back, and its time was begun anew
    if held or place.due_at <= now < until:
        return Verdict(Answer.WAITS, until)
    return Verdict(Answer.NONE)


def onward(alert: Alert, receivers: Mapping[str, Receiver]) -> Escalate | None:
    """Return where an alert goes from its receiver, None where its chain ends.

    Of a receiver that somebody removed, it is where the last one before it leads now.
    """
    told = [*alert.facts.get("escalated", {}).get("unanswered", ()), alert.receiver]
    left = [receivers[name] for name in told if name in receivers]
    return left[-1].escalate if left else None


def _waits(alert: Alert) -> bool:
    return alert.state is AlertState.PENDING and not alert.notification


def expect_acks(
    tx: Transaction, alerts: Iterable[Alert], receivers: Mapping[str, Receiver]
) -> None:
    """Remember by when alerts that are told at once are to be acknowledged, where asked for."""
    for alert in alerts:
        receiver = receivers.get(alert.receiver)
        if receiver is not None and receiver.escalate is not None and wants_an_answer(alert):
            tx.set_escalation(alert.id, alert.created_at + receiver.escalate.after)


def raised(tx: Transaction, alerts: Iterable[Alert], receivers: Mapping[str, Receiver]) -> int:
    """Store alerts that are told at once, and by when they are to be acknowledged.

    Returns how many were new.
    """
    added = [one for one in alerts if tx.add_alert(one)]
    expect_acks(tx, added, receivers)
    return len(added)


def escalated(
    alert: Alert, receiver: Receiver, targets: Iterable[Target], *, now: int, new_id: NewId
) -> list[Alert]:
    """Return what the next receiver of a chain is told; nothing, of what it has no use for.

    `facts["escalated"]` has `since`, when the first of the chain was told, and `unanswered`,
    the receivers that were.
    """
    if rank(str(alert.facts.get("severity", ""))) < rank(receiver.min_severity):
        return []
    before: Mapping[str, Any] = alert.facts.get("escalated", {})
    told = {
        "since": before.get("since", alert.created_at),
        "unanswered": [*before.get("unanswered", ()), alert.receiver],
    }
    subject = f"{alert.subject.removesuffix(ESCALATED)}{ESCALATED}"
    facts = {**alert.facts, "escalated": told}
    return [
        promised(target, subject, facts, alert.rule, alert.rule_hash, now=now, new_id=new_id)
        for target in targets
        if target.receiver == receiver.id
    ]


class Escalations:
    """Looks after alerts that are to be acknowledged."""

    def __init__(
        self,
        storage: Storage,
        world: Callable[[], World],
        clock: Clock,
        *,
        new_id: NewId = ulid,
    ) -> None:
        self._storage = storage
        self._world = world
        self._clock = clock
        self._new_id = new_id
        self._looked_at: int | None = None

    async def look(self) -> int:
        """Tell the next receivers what nobody has acknowledged; return how many alerts."""
        now = self._clock()
        try:
            if self._looked_at is None or now < self._looked_at:
                await self._begin_anew(now)
            self._looked_at = now
            if not await self._storage.read(lambda view: view.due_escalations(now, 1)):
                return 0
            return await self._storage.write(lambda tx: self._escalate(tx, now))
        except StorageError as error:
            log.error("what nobody has acknowledged is escalated later: %s", error)
            return 0

    async def _begin_anew(self, now: int) -> None:
        """Let the time of alerts that are from later than now begin: the clock was set back."""

        def ahead(view: Reading) -> list[Alert]:
            return [one for one in view.due_escalations(_EVER, _MOST) if one.created_at > now]

        def begin(tx: Transaction) -> None:
            for alert in ahead(tx):
                receiver = self._world().config.receivers.get(alert.receiver)
                after = receiver.escalate.after if receiver and receiver.escalate else 0
                tx.set_escalation(alert.id, now + after)

        if await self._storage.read(ahead):
            await self._storage.write(begin)

    def _escalate(self, tx: Transaction, now: int) -> int:
        due = tx.due_escalations(now, CHUNK)
        acks = acks_of(tx, due)
        return sum(self._judge(tx, alert, acks.get(alert.id), now) for alert in due)

    def _judge(self, tx: Transaction, alert: Alert, ack: Ack | None, now: int) -> int:
        world = self._world()
        escalate = onward(alert, world.config.receivers)
        found = verdict(alert, self._place(tx, alert, now), escalate, ack, now)
        tx.set_escalation(alert.id, found.again_at)
        if escalate is None or found.answer is not Answer.NONE:
            return 0
        count = self._tell(tx, alert, world.config.receivers[escalate.to], now)
        log.info("alert %s is not acknowledged: %d escalated to %s", alert.id, count, escalate.to)
        return count

    def _place(self, tx: Transaction, alert: Alert, now: int) -> Placement:
        """Return where an alert waits: one that nobody has placed yet, where it is to."""
        if alert.due_at is not None or not _waits(alert):
            return Placement(alert.due_at or alert.promised_at, alert.lane)
        silences = tx.silences(ending_after=min(alert.promised_at, now))
        if silence := silenced_by(alert, silences, now):
            return silenced(silence)
        target = self._world().targets.get(alert.target)
        return placement(alert, target.pace if target else Pace(), now)

    def _tell(self, tx: Transaction, alert: Alert, receiver: Receiver, now: int) -> int:
        targets = self._world().targets.values()
        alerts = escalated(alert, receiver, targets, now=now, new_id=self._new_id)
        new = [one for one in alerts if tx.add_alert(one)]
        captures = tx.captures(alert.id)
        for one in new:
            tx.add_captures(one.id, captures)
            if receiver.escalate:
                tx.set_escalation(one.id, now + receiver.escalate.after)
        return len(new)
