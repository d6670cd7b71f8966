"""`rasid sources discover`."""

from __future__ import annotations

import sys

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit
from rasid.settings import Config


@click.command
@click.argument("url")
@with_json
@with_place
def discover(place: Place, *, url: str, as_json: bool) -> None:
    """Find what can be watched at an address: feeds, news sitemaps, channels, list pages.

    URL is a home page as one types it, a feed, a sitemap, t.me/NAME or @NAME. Every candidate
    is fetched and judged, best first; nothing is stored. Exit 1 when there is none.
    """
    from rasid.atlas import configured
    from rasid.cli import finding

    config = configured(place) if place.config.exists() else Config()
    found = finding.find(url, config.settings)
    known = finding.watched(config)
    if as_json:
        emit((finding.row(one, known) for one in found.candidates), [], as_json=True)
    for number, one in enumerate(() if as_json else found.candidates, 1):
        click.echo(f"{number}. {finding.described(one, known)}")
    if not found.candidates:
        click.echo(f"rasid: {finding.nothing(url, found)}", err=True)
        sys.exit(1)
    finding.tell_rest(found)
