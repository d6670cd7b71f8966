"""`rasid parse --page`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import click

from rasid.cli.options import Place
from rasid.cli.output import rfc3339
from rasid.cli.output import show as printable
from rasid.models import PageResult, PageText
from rasid.settings import Settings, Source


def show(place: Place, where: str, *, as_json: bool) -> None:
    """Print what would be taken of a page in a file or at an address; exit 1 for nothing."""
    is_address = where.startswith(("http://", "https://"))
    result = _fetch(place, where) if is_address else _read(Path(where))
    page = result.page
    if page is None:
        click.echo(f"rasid: {where}: {result.reason}: {result.detail}", err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(_row(page), ensure_ascii=False))
        return
    for name, value in _shown(page).items():
        click.echo(f"{name}: {printable(value) or '-'}")
    click.echo()
    for line in page.text.splitlines():
        click.echo(printable(line))


def _fetch(place: Place, url: str) -> PageResult:
    from rasid.atlas import configured
    from rasid.cli.probe import page

    settings = configured(place).settings if place.config.exists() else Settings()
    return page(Source(id="parse", outlet="parse", url=url, text="page"), url, settings)


def _read(path: Path) -> PageResult:
    from crawler.records import PAGE_TEXT, ParseHints
    from crawler.workers import ParsePool
    from rasid.clock import wall_clock

    try:
        body = path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error

    async def run() -> PageResult:
        pool = ParsePool(workers=1)
        try:
            outcome = await pool.parse(body, ParseHints("", now=wall_clock(), kind=PAGE_TEXT))
        finally:
            await pool.close()
        return outcome.page or PageResult(outcome.reason, outcome.detail)

    return asyncio.run(run())


def _row(page: PageText) -> dict[str, object]:
    published = None if page.published is None else page.published // 1_000_000
    return {
        "title": page.title,
        "published": published,
        "date_only": page.date_only,
        "canonical": page.canonical,
        "text": page.text,
    }


def _shown(page: PageText) -> dict[str, str]:
    published = rfc3339(page.published) or ""
    if page.date_only:
        published = published.partition("T")[0]
    return {"title": page.title, "published": published, "canonical": page.canonical}
