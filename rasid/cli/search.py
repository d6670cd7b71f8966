"""`rasid search`."""

from __future__ import annotations

import click

from rasid.archive.search import Hit, SearchError
from rasid.cli.evidence import evidence_rows, found
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339
from rasid.cli.session import with_archive
from rasid.cli.since import with_since
from rasid.errors import StorageError
from rasid.progress import progress
from rasid.protocols import Storage


@click.command
@click.argument("query", default="")
@click.option(
    "--where", multiple=True, metavar="PLACE", help="It happens there, as `where` of a rule."
)
@with_since()
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1))
@with_json
@with_place
def command(
    place: Place,
    *,
    query: str,
    where: tuple[str, ...],
    since: int | None,
    limit: int,
    as_json: bool,
) -> None:
    """List the stored items that a rule with QUERY would match, newest first.

    The language is that of `query:` in rules.yaml, its lists ($name) included. With --where
    the words stand near a place that lies there; several are alternatives. A QUERY may then
    be left out.
    """
    from rasid.archive.search import compile_search, file_all, search
    from rasid.atlas import atlas_of, configured
    from rasid.clock import wall_clock
    from rasid.loading import cache_of
    from rasid.settings import Config

    config = configured(place) if place.config.exists() else Config()
    try:
        wanted = compile_search(
            query, config, cache_of(place), where=where, atlas=atlas_of(place) if where else None
        )
    except SearchError as error:
        raise click.UsageError(str(error)) from error
    start = None if since is None else wall_clock() - since

    async def read(storage: Storage) -> list[Hit]:
        with progress("filing stored items for search") as filed:
            try:
                await file_all(storage, filed)
            except StorageError as error:  # a full disk: what is not filed is looked at
                click.echo(f"rasid: not filed for search: {error}", err=True)
        return [hit async for hit in search(storage, wanted, since=start, limit=limit)]

    rows = [_row(hit, as_json=as_json) for hit in with_archive(place, read)]
    emit(rows, ["id", "first_seen", "outlet", "title", "found"], as_json=as_json)


def _row(hit: Hit, *, as_json: bool) -> dict[str, object]:
    item, evidence = hit.item, hit.match.evidence
    why = {"evidence": evidence_rows(evidence)} if as_json else {"found": found(evidence)}
    return {
        "id": item.id,
        "title": item.title,
        "link": item.link,
        "outlet": item.outlet,
        "source": item.source,
        "language": item.language,
        "published": rfc3339(item.published),
        "first_seen": rfc3339(item.first_seen),
        **why,
    }
