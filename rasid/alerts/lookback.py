"""New rules over stored items: one summary each, never an alert for each item."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Final

from rasid.alerts.promise import NewId, notice
from rasid.alerts.summaries import Found, is_recent, rule_text, summaries, unknown_rules
from rasid.archive.history import hashes, note_rules
from rasid.ids import new_id as ulid
from rasid.items.documents import document
from rasid.models import Item
from rasid.protocols import Clock, Matcher, Storage, Transaction
from rasid.settings import DAY, Rule
from rasid.world import World

log = logging.getLogger("rasid.alerts")

NOTED: Final = "rules_noted"  # in the store's meta: when the rules in force were remembered
CHUNK: Final = 200  # items matched at once


class Lookback:
    """Tells what rules that were not in force before find in the last 24 h."""

    def __init__(self, storage: Storage, clock: Clock, *, new_id: NewId = ulid) -> None:
        self._storage = storage
        self._clock = clock
        self._new_id = new_id

    async def __call__(self, world: World, since: int) -> int:
        """Look at what was stored before `since`, when `world` came into force.

        Returns how many alerts were recorded, in one transaction with the memory of the
        rules: each summary is told once, whenever the process dies. With a store that
        remembers no rules nothing is told. Raises `StorageError`.
        """
        noted, known = await self._storage.read(
            lambda view: (view.meta(NOTED), view.rules_in_force())
        )
        if noted and known == hashes(world.config):
            return 0
        new = unknown_rules(world.config.rules, known) if noted else []
        found = await self._find(world.matcher, new, since) if new else []
        for one in found:
            log.info("%s", rule_text(one))
        return await self._storage.write(lambda tx: self._tell(tx, world, noted, since, found))

    async def _find(self, matcher: Matcher, rules: Sequence[Rule], since: int) -> list[Found]:
        found = {rule.id: Found(rule) for rule in rules}
        before = (since, "")
        while items := await self._page(since - DAY, before):
            found = await asyncio.to_thread(_matched, matcher, found, items, since)
            before = (items[-1].first_seen, items[-1].id)
        return list(found.values())

    async def _page(self, since: int, before: tuple[int, str]) -> list[Item]:
        return await self._storage.read(
            lambda view: view.items(limit=CHUNK, since=since, before=before)
        )

    def _tell(
        self, tx: Transaction, world: World, noted: str, since: int, found: Iterable[Found]
    ) -> int:
        if tx.meta(NOTED) != noted:
            return 0  # another process was faster
        now = self._clock()
        tx.set_meta(NOTED, f"{since} {self._new_id(now)}")
        note_rules(tx, world.config, since)
        alerts = [
            alert
            for one in summaries(found, world.config)
            for alert in notice(
                f"rule:{one.rule.id}" if one.rule else "rules",
                str(now),
                one.facts,
                receiver=one.receiver,
                targets=world.targets,
                now=now,
                new_id=self._new_id,
                rule=one.rule,
            )
        ]
        return sum(tx.add_alert(alert) for alert in alerts)


def _matched(
    matcher: Matcher, found: dict[str, Found], items: Iterable[Item], now: int
) -> dict[str, Found]:
    after = dict(found)
    for item in items:
        if is_recent(item, now):
            for match in matcher.match(document(item), item.first_seen):
                if match.rule in after:
                    after[match.rule] = after[match.rule].with_item(item)
    return after
