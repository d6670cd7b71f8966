"""`rasid sources suggest`."""

from __future__ import annotations

import json
import sys

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.settings import Settings, Source

_SHOWN = 5  # titles


@click.command
@click.argument("url")
@with_json
@with_place
def suggest(place: Place, *, url: str, as_json: bool) -> None:
    """Propose selectors for a list page, as a source to write into rules.yaml.

    Nothing is stored. Read the titles beside it: the proposal is a guess.
    """
    from crawler.records import SUGGESTION
    from rasid.atlas import configured
    from rasid.cli.probe import poll

    settings = configured(place).settings if place.config.exists() else Settings()
    (result,) = poll([Source(id="suggest", outlet="suggest", url=url, kind=SUGGESTION)], settings)
    if result.feed is None:
        click.echo(f"rasid: {url}: {result.reason}: {result.detail}", err=True)
        sys.exit(1)
    titles = [item.title for item in result.feed.items]
    chosen = json.loads(result.detail)
    if as_json:
        row = {"url": url, "kind": "page", "select": chosen, "titles": titles}
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    click.echo(_source(url, chosen))
    for title in titles[:_SHOWN]:
        click.echo(f"# {title}")


def _source(url: str, chosen: dict[str, str]) -> str:
    """Return a source in YAML; its texts are quoted as JSON, which YAML reads."""
    lines = [
        "sources:",
        "  - id: page",
        "    outlet: page",
        f"    url: {json.dumps(url)}",
        "    kind: page",
        "    select:",
        *(f"      {key}: {json.dumps(value)}" for key, value in chosen.items()),
    ]
    return "\n".join(lines)
