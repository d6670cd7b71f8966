"""A store with alerts in it and the loop that delivers them; only the clock is ours."""

from __future__ import annotations

from typing import Any

from rasid.alerts.outbox import Outbox
from rasid.ids import new_id
from rasid.models import Alert, Message, Notification, Target
from rasid.notifiers import open_notifier
from rasid.notifiers.text import render
from rasid.protocols import Storage
from rasid.settings import Pace, Settings

START = 1_795_431_900_000_000


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


class Desk:
    """A store with alerts in it, and the loop that delivers them."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self.storage = storage
        self.clock = clock
        self.targets: dict[str, Target] = {}
        self.settings = Settings(fallback_receiver="ops")
        self.count = 0

    def target(self, name: str, url: str, pace: Pace | None = None) -> str:
        self.targets[name] = Target(name, name.partition("/")[0], url, pace=pace or Pace())
        return name

    def outbox(self, **options: Any) -> Outbox:
        return Outbox(
            self.storage,
            open_notifier(),
            lambda: self.targets,
            self.clock,
            lambda: self.settings,
            plain_render,
            jitter=lambda: 0.0,
            **options,
        )

    async def raise_alerts(self, *targets: str, items: int = 1, severity: str = "") -> list[str]:
        """Store one alert per item and target; return the ids."""
        alerts = []
        for _ in range(items):
            self.count += 1
            alerts += [self._alert(target, severity) for target in targets]
        await self.storage.write(lambda tx: [tx.add_alert(one) for one in alerts])
        return [one.id for one in alerts]

    def _alert(self, target: str, severity: str) -> Alert:
        facts = {
            "kind": "item",
            "title": f"Title {self.count}",
            "outlet": "SANA",
            "link": f"https://sana.example/{self.count}",
            "published": START,
            "excerpts": [],
            "severity": severity,
        }
        number = f"item:{self.count}"
        receiver = target.partition("/")[0]
        name = new_id(self.clock())
        return Alert(name, "rule", "hash", target, receiver, number, self.clock(), facts)

    async def states(self) -> dict[str, tuple[str, str]]:
        alerts = await self.storage.read(lambda view: view.alerts(limit=1000))
        return {one.id: (str(one.state), one.reason) for one in alerts}

    async def of(self, state: str) -> list[Alert]:
        return await self.storage.read(lambda view: view.alerts(state=state, limit=1000))


def plain_render(notification: Notification, target: Target, limit: int) -> Message:
    return render(notification, time_zone="UTC", limit=limit, show=target.show)
