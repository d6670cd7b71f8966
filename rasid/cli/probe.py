"""Polling and sending without a database: for `parse URL`, `sources test`, `notify test`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import click

from rasid.cli.options import Place
from rasid.models import (
    Alert,
    DeliveryResult,
    Message,
    Notification,
    PageResult,
    PollResult,
    SourceState,
    Target,
)
from rasid.progress import progress
from rasid.protocols import Notifier
from rasid.settings import Settings, Source

AT_ONCE = 16
_TEST = "This is a test message of Rasid. An alert will look like this:"
_LINK = "https://news.example/test"


def poll(sources: Sequence[Source], settings: Settings) -> list[PollResult]:
    """Poll sources through the guard, as the daemon would, with a progress bar."""
    from crawler.runtime import run
    from scheduler import open_crawler

    async def poll_all() -> list[PollResult]:
        places = asyncio.Semaphore(AT_ONCE)
        with progress("polling", total=len(sources)) as polled:

            async def one(source: Source) -> PollResult:
                async with places:
                    state = SourceState(source.id, url=source.url)
                    result = await crawler.poll(source, state, unconditional=True)
                polled(1)
                return result

            async with open_crawler(settings) as crawler:
                return list(await asyncio.gather(*map(one, sources)))

    return run(poll_all)


def page(source: Source, link: str, settings: Settings) -> PageResult:
    """Fetch the page of an item through the guard, as the daemon would."""
    from crawler.runtime import run
    from scheduler import open_crawler

    async def read() -> PageResult:
        async with open_crawler(settings) as crawler:
            return await crawler.page(source, link)

    return run(read)


def send(
    place: Place, receivers: Iterable[str], *, beside_data: bool
) -> list[tuple[Target, DeliveryResult]]:
    """Send one test message to each URL of the receivers, all of them when none is named."""
    from crawler import guard
    from rasid.alerts.targets import targets
    from rasid.atlas import configured
    from rasid.clock import wall_clock
    from rasid.notifiers import open_notifier

    config = configured(place)
    wanted = set(receivers)
    if unknown := wanted - config.receivers.keys():
        raise click.UsageError(f"no receiver {sorted(unknown)[0]!r} in rules.yaml")
    guard.install(guard.Allowed.of(config.settings.allow_addresses))
    guard.check_sockets()
    notifier = open_notifier(beside_data=beside_data)
    zone, now = config.settings.time_zone, wall_clock()
    return [
        (target, notifier.send(target, _sample(notifier, target, zone, now)))
        for target in targets(config, "test").values()
        if not wanted or target.receiver in wanted
    ]


def _sample(notifier: Notifier, target: Target, time_zone: str, now: int) -> Message:
    """Return a test message with an alert as the receiver of the target will have it."""
    from rasid.ids import new_id
    from rasid.notifiers.text import renderer

    title = "قصف: test of Rasid"
    facts = {"kind": "item", "outlet": "Rasid", "title": title, "link": _LINK, "published": now}
    alert = Alert(new_id(now), "test", "", target.id, target.receiver, "item:test", now, facts)
    shown = Notification(new_id(now), target.id, (alert,), now, 0, "")
    room = notifier.body_limit(target) - len(_TEST) - 2
    body = renderer(time_zone)(shown, target, room).body if room > 0 else ""
    return Message("Rasid: test", f"{_TEST}\n\n{body}".strip(), shown.id, ())
