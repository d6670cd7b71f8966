"""`rasid items`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import click

from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339
from rasid.cli.session import with_storage
from rasid.items.changes import changes
from rasid.models import Item, ItemPage, PageState
from rasid.protocols import Reading


@click.command
@click.argument("text", default="")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1))
@click.option("--source", default="", help="Only items that this source showed first.")
@click.option("--changes", "changed", default="", metavar="ID", help="What changed in one item.")
@with_json
@with_place
def command(
    place: Place, *, text: str, limit: int, source: str, changed: str, as_json: bool
) -> None:
    """List stored items, newest first; TEXT: only those whose title or summary has it."""
    if changed:
        columns = ["revision", "field", "before", "after", "numbers"]
        rows = _changes(place, changed)
        if not as_json:
            rows = [{**row, "numbers": ", ".join(row["numbers"])} for row in rows]
        emit(rows, columns, as_json=as_json)
        return

    def look(view: Reading) -> tuple[bool, list[Item], Mapping[str, ItemPage], Mapping[str, int]]:
        known = not source or source in view.source_states()
        items = view.items(limit=limit, source=source, text=text)
        ids = [item.id for item in items]
        return known, items, view.item_pages(ids), view.withdrawn(ids)

    known, items, pages, gone = with_storage(place, lambda storage: storage.read(look))
    if not known and not items:
        raise click.UsageError(f'no source "{source}" was ever polled; `rasid sources` lists them')
    rows = [_row(item, pages.get(item.id), gone.get(item.id)) for item in items]
    columns = ["id", "first_seen", "outlet", "decision", "title"]
    columns[-1:-1] = [*(["page"] if pages else []), *(["withdrawn"] if gone else [])]
    emit(rows, columns, as_json=as_json)


def _changes(place: Place, identity: str) -> list[dict[str, Any]]:
    """Return what changed from one revision of an item to the next."""

    def look(view: Reading) -> tuple[int, list[Item]]:
        named = view.items_named(identity)
        if len(named) != 1:
            return len(named), []
        (newest,) = named
        numbers = range(1, newest.revision + 1)
        return 1, [found for number in numbers if (found := view.revision(newest.id, number))]

    count, found = with_storage(place, lambda storage: storage.read(look))
    if count != 1:
        said = "several items begin so" if count else "no item is stored"
        raise click.UsageError(f'{said}: "{identity}"; `rasid items` lists them')
    return [
        {"revision": after.revision, **change._asdict(), "numbers": list(change.numbers)}
        for before, after in pairwise(found)
        for change in changes(before, after)
    ]


def _row(item: Item, page: ItemPage | None, gone: int | None) -> dict[str, object]:
    return {
        "id": item.id,
        "source": item.source,
        "outlet": item.outlet,
        "title": item.title,
        "summary": item.summary,
        "link": item.link,
        "language": item.language,
        "published": rfc3339(item.published),
        "first_seen": rfc3339(item.first_seen),
        "revision": item.revision,
        "decision": item.decision,
        "page": _word(page) if page else "",
        "page_detail": page.detail if page else "",
        "withdrawn": rfc3339(gone),
    }


def _word(page: ItemPage) -> str:
    """Return what became of an item's page, and why where it failed: `given_up: stub`."""
    failed = page.reason and page.state is not PageState.READ
    return f"{page.state}: {page.reason}" if failed else str(page.state)
