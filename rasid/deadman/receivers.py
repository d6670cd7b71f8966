"""Tells of receivers that take nothing, once for each time that they begin to, and of their return.

On the fallback receiver, or on the ops receiver where there is none, and never through the
target that fails. What is told is remembered in the store: a restart begins no other episode.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rasid.alerts.failing import (
    QUIET,
    episodes,
    failing,
    failing_text,
    noted,
    quiet_text,
    unheard_since,
    works_text,
)
from rasid.alerts.promise import NewId, notice, trouble
from rasid.errors import StorageError
from rasid.ids import new_id as ulid
from rasid.models import Alert, AlertState, Overdue
from rasid.protocols import Clock, Reading, Storage, Transaction
from rasid.settings import DAY, MINUTE, Settings
from rasid.world import World

log = logging.getLogger("rasid.deadman")

FAILING: Final = "failing_receivers"  # in the store's meta: those that were told of, since when
UNHEARD: Final = "unheard"  # in the store's meta: since when nobody is reached, once it was told
_EVERY: Final = MINUTE
_DEAD: Final = 50  # of the newest alerts that were given up, as many as are looked at


@dataclass(frozen=True, slots=True)
class _Seen:
    """How delivery stands, and what was told of it."""

    overdue: Sequence[Overdue]
    sent: Mapping[str, int]  # the last time of each target
    dead: Sequence[Alert]
    told: Mapping[str, int]
    unheard: int  # 0: nothing was told


class Receivers:
    """Watches what receivers take."""

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
        self.quiet = ""
        """Why it is held that alerts reach nobody, "" when they do or none is due."""

    async def look(self) -> int:
        """Tell what has changed, once a minute; return how many alerts were recorded."""
        now, last = self._clock(), self._looked_at
        if last is not None and last <= now < last + _EVERY:
            return 0
        self._looked_at = now
        try:
            seen = await self._storage.read(lambda view: _look(view, now))
            return await self._tell(seen, now)
        except StorageError as error:
            log.error("of receivers that fail it is told later: %s", error)
            return 0

    async def _tell(self, seen: _Seen, now: int) -> int:
        after, targets = self._settings().receiver_failing_after, self._world().targets
        # one from later than now: the clock has been set back, it would never end
        told = {name: at for name, at in seen.told.items() if name in targets and at <= now}
        works = {name: at for name, at in told.items() if seen.sent.get(name, 0) > at}
        late = [one for one in seen.overdue if one.target in targets]
        found = failing(late, seen.sent, now, after)
        fails = [one for one in found if one.target not in told]
        since = unheard_since(late, seen.dead, seen.sent)
        is_quiet = since is not None and now - since >= QUIET * after
        self.quiet = quiet_text(late, since or now, now) if is_quiet else ""
        begins, ends = is_quiet and not seen.unheard, not is_quiet and bool(seen.unheard)
        if not (fails or works or begins or ends or told != seen.told):
            return 0

        def write(tx: Transaction) -> int:
            left = {name: at for name, at in told.items() if name not in works}
            tx.set_meta(FAILING, noted(left | {one.target: one.since for one in fails}))
            tx.set_meta(UNHEARD, str(since) if is_quiet else "")
            alerts = [alert for one in fails for alert in self._fails(one, now)]
            for name, at in works.items():
                alerts += self._works(name, at, seen.overdue, now)
            if begins:
                alerts += self._unheard(since or now, now)
            return sum(tx.add_alert(alert) for alert in alerts)

        return await self._storage.write(write)

    def _fails(self, one: Overdue, now: int) -> list[Alert]:
        log.warning("%s", text := failing_text(one, now))
        subject = f"{one.target}:{one.since}"
        return trouble("receiver", subject, text, without=one.target, **self._whom(now))

    def _works(self, target: str, at: int, overdue: Iterable[Overdue], now: int) -> list[Alert]:
        waiting = sum(one.alerts for one in overdue if one.target == target)
        log.info("%s", text := works_text(target, at, waiting, now))
        return notice("receiver", f"{target}:{at}", {"text": text}, **self._whom(now))

    def _unheard(self, since: int, now: int) -> list[Alert]:
        """Return the trouble for whoever is reached again first."""
        log.error("%s", self.quiet)
        settings = self._settings()
        names = dict.fromkeys([settings.ops_receiver, settings.fallback_receiver])
        whom = [{**self._whom(now), "receiver": name} for name in names]
        return [
            alert for one in whom for alert in trouble("delivery", str(since), self.quiet, **one)
        ]

    def _settings(self) -> Settings:
        return self._world().config.settings

    def _whom(self, now: int) -> dict[str, Any]:
        world = self._world()
        settings = world.config.settings
        return {
            "receiver": settings.fallback_receiver or settings.ops_receiver,
            "targets": world.targets,
            "now": now,
            "new_id": self._new_id,
        }


def _look(view: Reading, now: int) -> _Seen:
    told = episodes(view.meta(FAILING))
    dead = view.alerts(state=AlertState.DEAD, limit=_DEAD)
    return _Seen(
        view.overdue(now),
        view.last_sent(min([now - DAY, *told.values()]), now),
        [one for one in dead if one.awaited_since > now - DAY],
        told,
        int(view.meta(UNHEARD) or 0),
    )
