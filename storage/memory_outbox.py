"""Alerts on their way, in memory: claimed under a lease, finished under its token."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace

from rasid.alerts.lanes import SILENCED
from rasid.ids import new_id
from rasid.models import (
    Alert,
    AlertState,
    DeliveryOutcome,
    DeliveryReason,
    DeliveryResult,
    Notification,
)
from storage.cleaning import clean_text
from storage.memory_lanes import MemoryLanes
from storage.memory_tables import Sending
from storage.together import MOST_TOGETHER, parted


class MemoryOutbox(MemoryLanes):
    """The part of a transaction that is about delivery."""

    def _due(self) -> list[Sending]:
        now = self.now()
        due = [
            one
            for one in self._tables.sendings.values()
            if one.open and one.due_at <= now and not one.is_leased(now)
        ]
        return sorted(due, key=lambda one: (one.due_at, one.id))

    def claim(
        self, target: str, *, limit: int, ttl: int, lane: str = "", as_list: bool = False
    ) -> Notification | None:
        """Lease the oldest due notification of a target for `ttl` microseconds."""
        target = clean_text(target)
        due = next((one for one in self._due() if one.target == target), None)
        sending = due or self._group(target, limit, clean_text(lane), as_list)
        return self._lease(sending, ttl) if sending else None

    def _group(self, target: str, limit: int, lane: str, as_list: bool) -> Sending | None:
        waiting = self._waiting(target)
        subjects = {one.subject for one in [one for one in waiting if one.lane == lane][:limit]}
        apart = [one for one in waiting if one.lane == lane or not one.lane.startswith(SILENCED)]
        members = [one for one in apart if one.subject in subjects]
        if not members:
            return None
        now = self.now()
        sending = Sending(new_id(now), target, now, now, lane=lane if as_list else "")
        for one in members[: max(limit, MOST_TOGETHER)]:
            self._tables.alerts[one.id] = replace(one, notification=sending.id, reason="")
        return sending

    def _lease(self, sending: Sending, ttl: int) -> Notification:
        token = secrets.token_hex(16)
        self._tables.sendings[sending.id] = replace(
            sending, token=token, leased_until=self.now() + ttl
        )
        return Notification(
            id=sending.id,
            target=sending.target,
            alerts=tuple(self._pending(lambda one: one.notification == sending.id)),
            created_at=sending.created_at,
            attempts=len(self.deliveries(sending.id)),
            token=token,
            plain=sending.plain,
            lane=sending.lane,
        )

    def due_targets(self) -> list[str]:
        """Return ids of targets for which `claim` would return something now."""
        retried = {one.target for one in self._due()}
        waiting = self._pending(lambda one: not one.notification and self._is_due(one))
        return sorted(retried | {one.target for one in waiting})

    def _held(self, notification: Notification) -> Sending | None:
        sending = self._tables.sendings.get(notification.id)
        if sending and sending.open and sending.token and sending.token == notification.token:
            return sending
        return None

    def finish(
        self,
        notification: Notification,
        result: DeliveryResult,
        *,
        retry_at: int | None,
        plain: bool = False,
        split: bool = False,
    ) -> bool:
        """Record an attempt under its lease token; False when the lease was lost."""
        sending = self._held(notification)
        if sending is None:
            return False
        sent = result.outcome is DeliveryOutcome.SUCCESS
        self._record(sending.id, result)
        free = replace(sending, token="", leased_until=0, plain=sending.plain or plain)
        if retry_at is not None and not sent:
            again = replace(free, due_at=retry_at)
            self._tables.sendings[sending.id] = replace(again, open=not split)
            if split:
                self._split(again)
            return True
        self._tables.sendings[sending.id] = replace(free, open=False)
        for one in self._pending(lambda one: one.notification == sending.id):
            state = AlertState.SENT if sent else AlertState.DEAD
            self._tables.alerts[one.id] = replace(one, state=state, reason=result.reason.value)
        return True

    def _split(self, refused: Sending) -> None:
        """Put the alerts of a closed notification into others that go on where it was."""
        members = self._pending(lambda one: one.notification == refused.id)
        parts = parted((one.id, one.subject) for one in members)
        for name, part in zip(sorted(new_id(self.now()) for _ in parts), parts, strict=True):
            self._tables.sendings[name] = replace(refused, id=name)
            for one in part:
                self._tables.alerts[one] = replace(self._tables.alerts[one], notification=name)

    def _record(self, name: str, result: DeliveryResult) -> None:
        self._tables.deliveries[name, len(self._tables.deliveries)] = {
            "at": self.now(),
            "outcome": result.outcome.value,
            "reason": result.reason.value,
            "detail": clean_text(result.detail),
        }

    def extend_lease(self, notification: Notification, ttl: int) -> bool:
        """Keep a lease; False when it was lost."""
        sending = self._held(notification)
        if sending is None:
            return False
        self._tables.sendings[sending.id] = replace(sending, leased_until=self.now() + ttl)
        return True

    def hasten(self, latest: int) -> int:
        """Make open notifications that are due after `latest` due now; return how many."""
        late = [one for one in self._tables.sendings.values() if one.open and one.due_at > latest]
        for one in late:
            self._tables.sendings[one.id] = replace(one, due_at=self.now())
        return len(late)

    def release_leases(self) -> int:
        """Free every lease (at start-up, when this process alone may deliver)."""
        held = [one for one in self._tables.sendings.values() if one.open and one.token]
        for one in held:
            self._tables.sendings[one.id] = replace(one, token="", leased_until=0)
        return len(held)

    def bury(self, targets: Iterable[str], reason: str) -> list[str]:
        """Dead-letter the pending alerts of targets that no longer exist; return alert ids."""
        gone = set(map(clean_text, targets))
        buried = self._pending(lambda one: one.target in gone)
        return self._end(buried, AlertState.DEAD, clean_text(reason))

    def expire(self, before: int) -> list[str]:
        """Dead-letter pending alerts promised before a time (not leased); return alert ids."""
        now = self.now()
        leased = {one.id for one in self._tables.sendings.values() if one.is_leased(now)}
        old = self._pending(
            lambda one: one.awaited_since < before and one.notification not in leased
        )
        return self._end(old, AlertState.DEAD, DeliveryReason.EXPIRED.value)

    def drop_alerts(self, ids: Iterable[str]) -> int:
        """Give pending or dead alerts up, by a person's word."""
        found = self._named(ids, AlertState.PENDING, AlertState.DEAD)
        return len(self._end(found, AlertState.DROPPED, DeliveryReason.DROPPED.value))

    def erase_alerts(self, rule: str) -> int:
        """Take every alert of a rule away as if it had never been; return how many."""
        tables = self._tables
        gone = [one for one in tables.alerts.values() if one.rule == clean_text(rule)]
        for one in gone:
            del tables.alerts[one.id]
        kept = {one.notification for one in tables.alerts.values()}
        for name in {one.notification for one in gone} - kept - {""}:
            self._delete_sending(name)
        return len(gone)

    def _delete_sending(self, name: str) -> None:
        del self._tables.sendings[name]
        deliveries = self._tables.deliveries
        for key in [key for key in deliveries if key[0] == name]:
            del deliveries[key]

    def retry_alerts(self, ids: Iterable[str]) -> int:
        """Make dead alerts pending again (in notifications of their own), as if promised now."""
        dead = [one for one in self._named(ids, AlertState.DEAD) if one.facts]
        for one in dead:
            self._tables.alerts[one.id] = replace(
                one,
                state=AlertState.PENDING,
                reason="",
                notification="",
                retried_at=self.now(),
                due_at=None,
                lane="",
            )
        return len(dead)

    def _forget_told(self, before: int) -> None:
        """Empty alerts that are done, and delete how they went out; pending ones stay."""
        tables = self._tables
        for one in list(tables.alerts.values()):
            if one.state is not AlertState.PENDING and one.facts and one.created_at < before:
                tables.alerts[one.id] = replace(one, facts={}, notification="")
                for name in [name for name in tables.captures if name[0] == one.id]:
                    del tables.captures[name]
        kept = {one.notification for one in tables.alerts.values()}
        for sending in list(tables.sendings.values()):
            if not sending.open and sending.created_at < before and sending.id not in kept:
                self._delete_sending(sending.id)

    def _named(self, ids: Iterable[str], *states: AlertState) -> list[Alert]:
        alerts = self._tables.alerts
        named = dict.fromkeys(map(clean_text, ids))
        return [alerts[one] for one in named if one in alerts and alerts[one].state in states]

    def _end(self, alerts: list[Alert], state: AlertState, reason: str) -> list[str]:
        for one in alerts:
            self._tables.alerts[one.id] = replace(one, state=state, reason=reason)
        still_open = {one.notification for one in self._pending(lambda one: True)}
        for name in {one.notification for one in alerts} - still_open - {""}:
            sending = self._tables.sendings[name]
            self._tables.sendings[name] = replace(
                sending,
                open=False,
                token="",
                leased_until=0,
            )
        return [one.id for one in alerts]
