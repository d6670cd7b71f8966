"""`rasid report`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from rasid.cli.options import Place, for_group, with_json, with_place
from rasid.cli.output import emit
from rasid.cli.report_shift import shift
from rasid.cli.session import with_storage
from rasid.cli.since import with_since
from rasid.health import span
from rasid.models import Item
from rasid.protocols import Reading
from rasid.settings import SECOND

_PAGE: Final = 500
_OUTLETS: Final = (
    "outlet", "languages", "items", "first", "followed", "late_median", "late_p90", "never",
    "never_in_language",
)  # fmt: skip
_SOURCES: Final = ("source", "items", "lag_median", "lag_p90")


@click.group
@for_group
def command() -> None:
    """Report on what outlets and sources did, and what there is to hand over."""


@command.command
@with_since("7d")
@click.option("--rule", default="", help="Only items that this rule matched.")
@with_json
@with_place
def coverage(place: Place, *, since: int, rule: str, as_json: bool) -> None:
    """Say who told stories first, who followed and how late, and who never did.

    Then, for each source, how long after publication its items were seen: one that is late is
    to be polled more often.
    """
    from rasid.archive.lags import lags, outlets, story_by
    from rasid.clock import wall_clock

    start = wall_clock() - since

    def look(view: Reading) -> tuple[list[Item], dict[str, str]]:
        items = list(_items(view, start, rule))
        stories = view.memberships([item.id for item in items])
        return items, {item: one.story for item, one in stories.items()}

    items, stories = with_storage(place, lambda storage: storage.read(look))
    rows = [_row("outlet", one, as_json) for one in outlets(items, story_by(stories))]
    emit(rows, _OUTLETS, as_json=as_json)
    emit([_row("source", one, as_json) for one in lags(items)], _SOURCES, as_json=as_json)


command.add_command(shift)


def _items(view: Reading, start: int, rule: str) -> Iterator[Item]:
    before: tuple[int, str] | None = None
    while page := view.items(since=start, limit=_PAGE, before=before):
        before = (page[-1].first_seen, page[-1].id)
        for item in page:
            if not rule or any(match.rule == rule for match in view.matches(item.id)):
                yield item


def _row(kind: str, one: object, as_json: bool) -> dict[str, object]:
    """Return a row; durations in seconds in JSON, in words in the table."""
    from dataclasses import asdict

    row: dict[str, object] = {"kind": kind}
    for key, value in asdict(one).items():  # type: ignore[call-overload]
        if key.endswith(("_median", "_p90")) and value is not None:
            row[key] = value // SECOND if as_json else span(value)
        elif isinstance(value, tuple):
            row[key] = list(value) if as_json else ", ".join(value)
        else:
            row[key] = value
    return row
