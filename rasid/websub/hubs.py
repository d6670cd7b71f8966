"""The subscriptions: asked for, renewed and ended at the hubs, and what hubs push."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Final

from rasid.counted import counted
from rasid.errors import StorageError
from rasid.ingest import Ingest
from rasid.models import PushOutcome, Subscription, SubscriptionState
from rasid.protocols import Clock, HubClient, Reading, Storage, Transaction
from rasid.pushes import hurried, unpushed
from rasid.settings import Source
from rasid.websub.decide import (
    Changes,
    answered,
    asking,
    changes,
    confirmed,
    denied,
    request_of,
    wanted,
)
from rasid.websub.signature import is_signed
from rasid.world import World

log = logging.getLogger("rasid.websub")

_AT_ONCE: Final = 20  # requests of one look; the rest goes out with the next ones
_REFUSED: Final = (SubscriptionState.DENIED, SubscriptionState.LEAVING)


class Hubs:
    """Keeps the subscriptions as the configuration and the sources want them."""

    def __init__(
        self,
        storage: Storage,
        client: HubClient,
        ingest: Ingest,
        world: Callable[[], World],
        clock: Clock,
        *,
        on_alerts: Callable[[], None] = lambda: None,
    ) -> None:
        self.storage = storage
        self.client = client
        self.world = world
        self.clock = clock
        self.on_alerts = on_alerts
        self._ingest = ingest  # that of the polls: it knows the stories

    async def look(self) -> int:
        """Ask hubs for what is due; return how many. Raises `StorageError`.

        What is asked is written before it is sent: a hub may ask back before it answers.
        """
        now = self.clock()
        if not await self.storage.read(lambda view: self._is_due(view, now)):
            return 0
        due = await self.storage.write(lambda tx: self._prepare(tx, now))
        await asyncio.gather(*(self._ask(row) for row in due))
        return len(due)

    def _is_due(self, view: Reading, now: int) -> bool:
        rows = view.subscriptions()
        return bool(self._changes(view, rows, now)) or any(row.due_at <= now for row in rows)

    def _changes(self, view: Reading, rows: list[Subscription], now: int) -> Changes:
        config = self.world().config
        offers = view.offers() if config.settings.callback_url else {}
        return changes(
            rows,
            wanted(config, offers),
            config.settings.callback_url,
            now=now,
            random_text=lambda: secrets.token_urlsafe(32),
        )

    def _prepare(self, tx: Transaction, now: int) -> list[Subscription]:
        self._write(tx, self._changes(tx, tx.subscriptions(), now), now)
        due = [row for row in tx.subscriptions() if row.due_at <= now]
        due.sort(key=lambda row: (row.due_at, row.key))
        asked = []
        for row in due[:_AT_ONCE]:
            after = asking(row, now)
            done = Changes(drop=[row]) if after is None else Changes(save=[after])
            self._write(tx, done, now)
            asked += done.save
        return asked

    async def _ask(self, row: Subscription) -> None:
        answer = await self.client.ask_hub(row.hub, request_of(row))
        said = "accepted" if answer.accepted else f"refused: {answer.detail}"
        level = logging.INFO if answer.accepted else logging.WARNING
        log.log(level, "hub %s, source %s: %s, %s", row.hub, row.source, row.state, said)

        def write(tx: Transaction) -> None:
            if (stored := tx.subscription(row.key)) is not None:
                tx.save_subscription(answered(stored, answer))

        await self.storage.write(write)

    def _write(self, tx: Transaction, done: Changes, now: int) -> None:
        for row in done.save:
            tx.save_subscription(row)
            if row.state is not SubscriptionState.ACTIVE:
                self._poll_again(tx, row.source, now)
        for row in done.drop:
            tx.drop_subscription(row.key)

    def _poll_again(self, tx: Transaction, name: str, now: int) -> None:
        """Poll a source as usual, whose hub does not push any more."""
        source, state = self.world().config.sources.get(name), tx.source_state(name)
        if source is not None and state is not None and state.pushed_at is not None:
            tx.save_source(unpushed(state, source, now))

    # --- what hubs ask and send ---------------------------------------------------------

    async def knows(self, key: str) -> bool:
        """Say whether a callback is that of a subscription. Raises `StorageError`."""
        return await self.storage.read(lambda view: view.subscription(key)) is not None

    async def confirm(self, key: str, mode: str, topic: str, lease: str) -> bool:
        """Say whether a request that a hub asks about is ours. Raises `StorageError`."""
        now = self.clock()
        return await self._settle(key, lambda row: confirmed(row, mode, topic, lease, now))

    async def deny(self, key: str, topic: str, reason: str) -> bool:
        """Note that a hub refuses; say whether there is such a subscription."""
        now = self.clock()
        return await self._settle(key, lambda row: denied(row, topic, reason, now))

    async def _settle(self, key: str, decide: Callable[[Subscription], Changes | None]) -> bool:
        now = self.clock()

        def write(tx: Transaction) -> Changes | None:
            row = tx.subscription(key)
            done = decide(row) if row is not None else None
            if done is not None:
                self._write(tx, done, now)
            return done

        done = await self.storage.write(write)
        for row in done.save if done else ():
            log.info("hub %s, source %s: %s %s", row.hub, row.source, row.state, row.detail)
        return done is not None

    async def push(self, key: str, body: bytes, content_type: str, signature: str) -> PushOutcome:
        """Store what a hub sends, as a poll would; every outcome is a value."""
        try:
            outcome, name = await self._push(key, body, content_type, signature)
        except StorageError as error:
            log.error("push not stored, the hub will send it again: %s", error)
            return PushOutcome.NOT_STORED
        level = logging.WARNING if outcome is PushOutcome.UNSIGNED else logging.DEBUG
        log.log(level, "push %s: %s", name, outcome)
        return outcome

    async def _push(
        self, key: str, body: bytes, content_type: str, signature: str
    ) -> tuple[PushOutcome, str]:
        row = await self.storage.read(lambda view: view.subscription(key))
        if row is None:
            return PushOutcome.UNKNOWN, ""
        source = self.world().config.sources.get(row.source)
        if row.state in _REFUSED or source is None or not source.enabled:
            return PushOutcome.GONE, row.source
        if not is_signed(body, signature, row.secret):
            return PushOutcome.UNSIGNED, row.source
        return await self._take(source, body, content_type), row.source

    async def _take(self, source: Source, body: bytes, content_type: str) -> PushOutcome:
        feed = await self.client.read(source, body, content_type)
        state = await self.storage.read(lambda view: view.source_state(source.id))
        now = self.clock()
        if feed is None or not feed.items or state is None or not state.seeded:
            await self.storage.write(lambda tx: _hurry(tx, source.id, now))
            return PushOutcome.HURRIED
        report = await self._ingest.push(feed, source, state, now=now)
        if report.alerts:
            self.on_alerts()
        new = counted(report.first_sightings, "new item")
        log.info("push %s: %s; %s", source.id, new, counted(report.alerts, "alert"))
        return PushOutcome.STORED


def _hurry(tx: Transaction, name: str, now: int) -> None:
    if (state := tx.source_state(name)) is not None:
        tx.save_source(hurried(state, now))
