"""`rasid stories`."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click

from rasid.cli.options import Place, asked_to_list, with_json, with_place, without_place
from rasid.cli.output import emit, file_name, rfc3339
from rasid.cli.session import with_storage
from rasid.cli.since import with_since
from rasid.models import Item, Membership
from rasid.protocols import Reading

_MOST = 1_000  # items of a story that are shown


@click.group(invoke_without_command=True)
@with_since("3d")
@click.option("--least", default=2, show_default=True, type=click.IntRange(1), help="Items.")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1))
@with_json
@with_place
@click.pass_context
def command(
    ctx: click.Context, place: Place, *, since: int, least: int, limit: int, as_json: bool
) -> None:
    """List stories: stored items of any outlet and language about one event, newest first.

    A story is called by its first item. Items that only first polls have seen are in none.
    """
    if not asked_to_list(ctx):
        return
    from rasid.clock import wall_clock

    found = with_storage(
        place,
        lambda storage: storage.read(
            lambda view: view.stories(since=wall_clock() - since, limit=limit, least=least)
        ),
    )
    rows = [
        {
            "id": one.story,
            "title": one.title,
            "items": one.items,
            "outlets": one.outlets,
            "copies": one.copies,
            "first_at": rfc3339(one.first_at),
            "last_at": rfc3339(one.last_at),
        }
        for one in found
    ]
    emit(rows, ["id", "last_at", "items", "outlets", "copies", "title"], as_json=as_json)


@command.command("show")
@click.argument("story", metavar="ID")
@with_json
@with_place
def show_story(place: Place, *, story: str, as_json: bool) -> None:
    """Show the items of a story; ID: that of any of its items, or how it begins."""

    def look(view: Reading) -> tuple[int, list[tuple[Item, Membership]]]:
        named = view.items_named(story)
        if len(named) != 1:
            return len(named), []
        within = view.memberships([named[0].id])
        if not within:
            return 1, []
        return 1, view.members(story=within[named[0].id].story, limit=_MOST)

    count, members = with_storage(place, lambda storage: storage.read(look))
    if count != 1:
        said = "several items begin so" if count else "no item is stored"
        raise click.UsageError(f'{said}: "{story}"; `rasid stories` lists stories')
    rows = [
        {
            "id": item.id,
            "at": rfc3339(membership.at),
            "outlet": item.outlet,
            "source": item.source,
            "language": item.language,
            "title": item.title,
            "link": item.link,
            "near_duplicate_of": membership.copy_of or None,
        }
        for item, membership in members
    ]
    emit(rows, ["id", "at", "outlet", "near_duplicate_of", "title"], as_json=as_json)


@command.command
@click.argument("items", metavar="ITEMS.jsonl", type=click.File("rb"))
@click.option("--no-model", is_flag=True, help="Do without the model of the extra `models`.")
@with_json
@without_place("Not read: stories of a file need no configuration and no database.")
def assign(*, items: BinaryIO, no_model: bool, as_json: bool) -> None:
    """Print which story each item of a file belongs to, and of which it is a copy.

    The file has one item a line, as JSON; - reads standard input. Items count in the order
    in which they were published, those that do not say when in that of the file. A story is
    called by its first item. `near_duplicate_of` is an earlier item whose copies are mostly
    copies of this one too, null where there is none; `near_duplicates` (JSON) are all earlier
    items that it is a copy of, the nearest first. A line that many items of one source or
    outlet begin or end with tells no story.

    Needs no configuration and no database. Lines that are no item are named on standard error
    and the rest is told: exit 0 well, 1 when there were such lines.
    """
    from rasid.items.lines import BadLine, read_documents
    from rasid.stories.meaning import model
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
        | (
            {"near_duplicates": found.near_duplicates}
            if as_json
            else {"title": document.title or document.text}
        )
        for document, found in assigned(documents, None if no_model else model())
    )
    emit(rows, ["story", "id", "near_duplicate_of", "title"], as_json=as_json)
    sys.exit(1 if bad else 0)
