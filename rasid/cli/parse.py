"""`rasid parse`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339
from rasid.models import ParsedFeed, ParsedItem
from rasid.settings import Settings, Source

KINDS = ("auto", "feed", "sitemap", "telegram")


@click.command
@click.argument("where", metavar="FILE|URL")
@click.option("--kind", type=click.Choice(KINDS), default="auto", help="What it is.")
@click.option("--page", "is_page", is_flag=True, help="It is an item's page: show its text.")
@with_json
@with_place
def command(place: Place, *, where: str, kind: str, is_page: bool, as_json: bool) -> None:
    """Show the items that a feed, or what else --kind says, gives; nothing is stored.

    With --page: what `text: page` would take of the page that an item links to, its text, title,
    date and canonical link (where that names the item too).

    With --json `published` is in epoch seconds (UTC), null when the feed gives none, and items of
    one outlet with the same `link_key` are one item. Which reader took the feed (strict,
    feedparser, json) and what was repaired is said on standard error.
    """
    if is_page:
        from rasid.cli.parse_page import show

        if kind != "auto":
            raise click.UsageError("--kind is of a source, --page of what an item links to")
        show(place, where, as_json=as_json)
        return
    if where.startswith(("http://", "https://")):
        feed, failure = _fetch(place, where, kind)
    else:
        feed, failure = _parse(Path(where), kind)
    if feed is None:
        click.echo(f"rasid: {where}: {failure}", err=True)
        sys.exit(1)
    click.echo(f"reader: {feed.reader}", err=True)
    for repair in feed.repaired:
        click.echo(f"repaired: {repair}", err=True)
    rows = [_row(item) for item in feed.items]
    if not as_json:
        times = [rfc3339(item.published) for item in feed.items]
        rows = [{**row, "published": time} for row, time in zip(rows, times, strict=True)]
    emit(rows, ["published", "title", "link"], as_json=as_json)


def _fetch(place: Place, url: str, kind: str) -> tuple[ParsedFeed | None, str]:
    from rasid.atlas import configured
    from rasid.cli.probe import poll

    # no configuration is needed, but what it allows and is called holds here too
    settings = configured(place).settings if place.config.exists() else Settings()
    (result,) = poll([Source(id="parse", outlet="parse", url=url, kind=kind)], settings)
    return result.feed, f"{result.reason}: {result.detail}"


def _parse(path: Path, kind: str) -> tuple[ParsedFeed | None, str]:
    from crawler.records import ParseHints
    from crawler.workers import ParsePool
    from rasid.clock import wall_clock

    try:
        body = path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error

    async def run() -> tuple[ParsedFeed | None, str]:
        pool = ParsePool(workers=1)
        try:
            outcome = await pool.parse(body, ParseHints(url="", now=wall_clock(), kind=kind))
        finally:
            await pool.close()
        return outcome.feed, f"{outcome.reason}: {outcome.detail}"

    return asyncio.run(run())


def _row(item: ParsedItem) -> dict[str, object]:
    published = None if item.published is None else item.published // 1_000_000
    return {
        "guid": item.guid,
        "title": item.title,
        "link": item.link,
        "link_key": item.link_key,
        "published": published,
        "summary": item.summary,
        "language": item.language,
    }
