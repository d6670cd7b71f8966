"""`rasid demo`."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rasid.cli.options import Place, without_place
from rasid.counted import counted

if TYPE_CHECKING:
    from rasid.demo.newspaper import Newspaper

PACE = 1.5  # seconds between two editions


@click.command
@click.option("--items", default=12, show_default=True, help="Stop after so many items.")
@without_place("Not read: the demo has a configuration and a database of its own.")
def command(items: int) -> None:
    """Show the whole path: a newspaper on this machine publishes, alerts appear here.

    Needs no network and no account, and leaves nothing behind.
    """
    from rasid import logs
    from rasid.demo.newspaper import Newspaper, configuration
    from rasid.lock import sole

    logs.configure("warning")
    with tempfile.TemporaryDirectory(prefix="rasid-demo-") as folder, Newspaper() as paper:
        place = Place(Path(folder) / "rules.yaml", Path(folder))
        place.config.write_text(configuration(*paper.address), encoding="utf-8")
        click.echo(f"A newspaper publishes at {paper.url}; its rules are rasid/demo/rules.yaml.\n")
        with sole(place.data_dir), contextlib.suppress(KeyboardInterrupt):
            _show(place, paper, items)


def _show(place: Place, paper: Newspaper, items: int) -> None:
    from crawler.runtime import run
    from scheduler import open_parts

    async def show() -> None:
        async with open_parts(place) as parts:
            await parts.watch.sync(at_once=True)
            (source,) = parts.world().config.sources.values()
            paper.publish(2)
            polled = await parts.watch.poll(source)
            seeded = sum(polled.report.decisions.values()) if polled.report else 0
            kept = counted(seeded, "item")
            click.echo(f"First poll: {kept} kept, no alert (they were there before).")
            for _ in range(min(items, paper.left)):
                paper.publish()
                polled = await parts.watch.poll(source)
                if polled.report and not polled.report.alerts:
                    click.echo("A new item that no rule matches: kept, no alert.")
                await parts.outbox.round()
                await asyncio.sleep(PACE)
            counts = await parts.storage.read(lambda view: view.counts())
            kept, sent = counted(counts["items"], "item"), counted(counts["alerts_sent"], "alert")
            click.echo(f"\n{kept} kept, {sent} sent.")
            click.echo("Next: `rasid init` writes a rules.yaml of your own.")

    run(show)
