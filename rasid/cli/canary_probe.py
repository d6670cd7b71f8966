"""A canary released by hand: everything that an item goes through, and a send to each URL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from rasid.cli.options import Place
from rasid.models import Alert, DeliveryResult, Notification, ParsedFeed, Target
from rasid.protocols import Notifier, Storage
from rasid.settings import Source

if TYPE_CHECKING:
    from crawler.workers import ParsePool
    from rasid.world import World


def release(
    place: Place, receivers: Iterable[str], *, beside_data: bool
) -> list[tuple[Target, DeliveryResult]]:
    """Take a canary to each URL of the receivers, of all of them when none is named.

    Nothing of it is kept, and a daemon may run meanwhile. Raises `ClickException` with how far
    it came when it was lost before it was sent.
    """
    from crawler import guard
    from rasid.archive.replay import TARGET_SALT
    from rasid.cli.session import with_storage
    from rasid.notifiers import open_notifier
    from scheduler import build_world

    async def run(storage: Storage) -> list[tuple[Target, DeliveryResult]]:
        salt = await storage.read(lambda view: view.meta(TARGET_SALT))
        world = await asyncio.to_thread(build_world, place, salt)
        known, wanted = world.config.receivers, set(receivers)
        if unknown := wanted - known.keys():
            raise click.UsageError(f"no receiver {sorted(unknown)[0]!r} in rules.yaml")
        guard.install(guard.Allowed.of(world.config.settings.allow_addresses))
        guard.check_sockets()
        notifier = open_notifier(beside_data=beside_data)
        alerts = await _rehearsed(
            storage, world, [one for one in known if not wanted or one in wanted]
        )
        zone = world.config.settings.time_zone
        sends = ((world.targets[alert.target], alert) for alert in alerts)
        return [
            (target, await asyncio.to_thread(_send, notifier, target, alert, zone))
            for target, alert in sends
        ]

    return with_storage(place, run)


async def _rehearsed(storage: Storage, world: World, receivers: Iterable[str]) -> list[Alert]:
    from crawler.workers import ParsePool
    from rasid.clock import wall_clock
    from rasid.deadman.rehearsal import LostError, Rehearsal

    pool = ParsePool(workers=1)
    rehearse = Rehearsal(storage, _Reader(pool), lambda: world)
    try:
        return [
            alert
            for receiver in receivers
            for alert in await rehearse(receiver, world.targets, wall_clock())
        ]
    except LostError as lost:
        raise click.ClickException(f"the canary came only so far: {lost}") from lost
    finally:
        await pool.close()


class _Reader:
    """Reads feeds in a worker, without a crawler."""

    def __init__(self, pool: ParsePool) -> None:
        self._pool = pool

    async def read(self, source: Source, body: bytes, content_type: str) -> ParsedFeed | None:
        from crawler.records import ParseHints

        hints = ParseHints(source.url, content_type, kind=source.kind)
        return (await self._pool.parse(body, hints)).feed


def _send(notifier: Notifier, target: Target, alert: Alert, zone: str) -> DeliveryResult:
    from rasid.notifiers.text import renderer

    shown = Notification(alert.id, target.id, (alert,), alert.created_at, 0, "")
    message = renderer(zone)(shown, target, notifier.body_limit(target))
    return notifier.send(target, message)
