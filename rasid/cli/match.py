"""`rasid match`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import BinaryIO

import click

from rasid.cli.evidence import evidence_rows, found
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, file_name
from rasid.places.model import Geoparser
from rasid.progress import progress


@click.command
@click.argument("items", metavar="ITEMS.jsonl", type=click.File("rb"))
@with_json
@with_place
def command(place: Place, *, items: BinaryIO, as_json: bool) -> None:
    """Print which rules match the items of a file, as a table or with --json as JSON lines.

    The file has one item a line, as JSON; - reads standard input.

    Needs no database and stores nothing. Lines that are no item are named on standard error
    and the rest is matched: exit 0 well (with or without matches), 1 when there were such lines.
    """
    from rasid.atlas import atlas_of
    from rasid.clock import wall_clock
    from rasid.items.lines import BadLine, read_documents
    from rasid.loading import compiled

    with progress("compiling rules"):
        _, index = compiled(place, atlas_of(place))
    now, bad = wall_clock(), 0
    lines = items if index.geoparser is None else told(index.geoparser, items)

    def rows() -> Iterator[dict[str, object]]:
        nonlocal bad
        for document in read_documents(lines):
            if isinstance(document, BadLine):
                bad += 1
                click.echo(f"{file_name(items)}:{document.number}: {document.why}", err=True)
                continue
            for match in index.match(document, now):
                row = {"id": document.id, "rule": match.rule}
                yield row | (
                    {"evidence": evidence_rows(match.evidence)}
                    if as_json
                    else {"found": found(match.evidence)}
                )

    emit(rows(), ["id", "rule", "found"], as_json=as_json)
    sys.exit(1 if bad else 0)


def told(geoparser: Geoparser, items: BinaryIO) -> list[bytes]:
    """Return the lines of a file, which has told where its sources are at home."""
    from rasid.items.lines import BadLine, read_documents
    from rasid.places.geoparse import PlaceFinder
    from rasid.places.hearing import located

    lines = list(items)
    if isinstance(geoparser, PlaceFinder):
        read = read_documents(lines)
        located(geoparser, (one for one in read if not isinstance(one, BadLine)))
    return lines
