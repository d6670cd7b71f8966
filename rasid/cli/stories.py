"""`rasid stories`."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click

from rasid.cli.options import for_group, with_json, without_place
from rasid.cli.output import emit, file_name


@click.group
@for_group
def command() -> None:
    """Tell which items are about one event."""


@command.command
@click.argument("items", metavar="ITEMS.jsonl", type=click.File("rb"))
@with_json
@without_place("Not read: stories need no configuration and no database.")
def assign(*, items: BinaryIO, as_json: bool) -> None:
    """Print which story each item of a file belongs to, and of which it is a copy.

    The file has one item a line, as JSON; - reads standard input. Items count in the order
    in which they were published, those that do not say when in that of the file. A story is
    called by its first item; `near_duplicate_of` is null where an item is no copy.

    Needs no configuration and no database. Lines that are no item are named on standard error
    and the rest is told: exit 0 well, 1 when there were such lines.
    """
    from rasid.items.lines import BadLine, read_documents
    from rasid.stories.told import assigned

    documents, bad = [], 0
    for line in read_documents(items):
        if isinstance(line, BadLine):
            bad += 1
            click.echo(f"{file_name(items)}:{line.number}: {line.why}", err=True)
        else:
            documents.append(line)
    rows = (
        {
            "id": document.id,
            "story": found.story,
            "near_duplicate_of": found.near_duplicate_of or None,
        }
        | ({} if as_json else {"title": document.title or document.text})
        for document, found in assigned(documents)
    )
    emit(rows, ["story", "id", "near_duplicate_of", "title"], as_json=as_json)
    sys.exit(1 if bad else 0)
