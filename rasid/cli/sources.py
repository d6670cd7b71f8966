"""`rasid sources`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import click

from rasid.causes import cause_of, hint_of
from rasid.cli.options import Place, asked_to_list, with_json, with_place
from rasid.cli.output import emit, say
from rasid.cli.session import with_storage
from rasid.cli.sources_add import add
from rasid.cli.sources_discover import discover
from rasid.cli.sources_opml import export, import_
from rasid.cli.sources_rows import COLUMNS, DAYS, pages_row, source_row
from rasid.cli.sources_suggest import suggest
from rasid.counted import counted
from rasid.models import PageReport, SourceState, Subscription, SubscriptionState
from rasid.protocols import Reading, Transaction
from rasid.settings import Config, Source
from rasid.starting import resumed


@click.group(invoke_without_command=True)
@click.option("--broken", is_flag=True, help="Only sources that fail, are silent or gone.")
@with_json
@with_place
@click.pass_context
def command(ctx: click.Context, place: Place, *, broken: bool, as_json: bool) -> None:
    """List sources and how their last poll went; find, add, test, enable or disable them."""
    if not asked_to_list(ctx):
        return
    rows = _rows(place, _config(place).sources.values())
    columns = (*COLUMNS, *(["pages"] if any(row["pages"] for row in rows) else []))
    emit([row for row in rows if row["broken"] or not broken], columns, as_json=as_json)


command.add_command(add)
command.add_command(discover)
command.add_command(import_)
command.add_command(export)
command.add_command(suggest)


@command.command
@click.argument("name", metavar="ID")
@with_json
@with_place
def show(place: Place, name: str, *, as_json: bool) -> None:
    """Show all that is known of one source."""
    (row,) = _rows(place, [_source(_config(place), name)])
    if as_json:
        emit([row], (), as_json=True)
        return
    told = {key: _shown(value) for key, value in row.items()}
    found = [{"": key.replace("_", " "), "value": one} for key, one in told.items() if one != ""]
    emit(found, ["", "value"], as_json=False)


@command.command
@click.argument("ids", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every enabled source.")
@with_json
@with_place
def test(place: Place, ids: tuple[str, ...], *, every: bool, as_json: bool) -> None:
    """Poll sources now and report; nothing is stored. Exit 1 when one fails."""
    from rasid.cli.probe import poll

    config = _config(place)
    chosen = (
        [source for source in config.sources.values() if source.enabled]
        if every
        else [_source(config, name) for name in ids]
    )
    if not chosen and every:
        raise click.ClickException(f"no source is enabled in {place.config}")
    if not chosen:
        raise click.UsageError("name sources, or give --all")
    results = poll(chosen, config.settings)
    rows = [
        {
            "source": source.id,
            "url": source.url,
            "outcome": result.outcome,
            "reason": result.reason,
            "cause": cause_of(result) or "",
            "items": len(result.feed.items) if result.feed else 0,
            "detail": result.detail,
            "hint": hint_of(result),
            "moved_to": result.moved_to,
        }
        for source, result in zip(chosen, results, strict=True)
    ]
    emit(rows, ["source", "outcome", "reason", "items", "detail", "hint"], as_json=as_json)
    well = sum(row["outcome"] == "ok" for row in rows)
    click.echo(f"{well} of {counted(len(rows), 'source')} answered with a feed", err=True)
    sys.exit(0 if well == len(rows) else 1)


@command.command
@click.argument("ids", nargs=-1, required=True)
@with_json
@with_place
def enable(place: Place, ids: tuple[str, ...], *, as_json: bool) -> None:
    """Resume sources that `disable` paused; a source that was gone is tried again."""
    _change(place, ids, resumed, "enabled", as_json=as_json)


@command.command
@click.argument("ids", nargs=-1, required=True)
@with_json
@with_place
def disable(place: Place, ids: tuple[str, ...], *, as_json: bool) -> None:
    """Pause sources; kept in the database, rules.yaml stays as it is."""
    _change(place, ids, lambda state: replace(state, paused=True), "paused", as_json=as_json)


def _change(
    place: Place,
    ids: tuple[str, ...],
    change: Callable[[SourceState], SourceState],
    outcome: str,
    *,
    as_json: bool,
) -> None:
    config = _config(place)
    chosen = [_source(config, name) for name in ids]

    def write(tx: Transaction) -> None:
        for source in chosen:
            state = tx.source_state(source.id) or SourceState(source.id, url=source.url)
            tx.save_source(change(state))

    with_storage(place, lambda storage: storage.write(write))
    for source in chosen:
        row = {"source": source.id, "state": outcome}
        say(f"{source.id}: {outcome}", row, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the database says."""

    states: Mapping[str, SourceState]
    pushes: Mapping[str, Subscription]
    by_day: Mapping[str, Mapping[int, int]]
    pages: Mapping[str, PageReport]


def _rows(place: Place, sources: Iterable[Source]) -> list[dict[str, object]]:
    now = time.time_ns() // 1_000

    def look(view: Reading) -> _Seen:
        left = SubscriptionState.LEAVING
        pushes = {one.source: one for one in view.subscriptions() if one.state is not left}
        by_day, pages = view.new_by_day(now, DAYS), view.page_reports()
        return _Seen(view.source_states(), pushes, by_day, pages)

    seen = with_storage(place, lambda storage: storage.read(look))
    return [
        {
            **source_row(
                one,
                seen.states.get(one.id, SourceState(one.id)),
                seen.pushes.get(one.id),
                seen.by_day.get(one.id, {}),
                now,
            ),
            **pages_row(one, seen.pages.get(one.id, PageReport())),
        }
        for one in sources
    ]


def _shown(value: object) -> object:
    """Return a value for the table of one source, "" for what is not known."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else value


def _config(place: Place) -> Config:
    from rasid.atlas import configured

    return configured(place)


def _source(config: Config, name: str) -> Source:
    try:
        return config.sources[name]
    except KeyError:
        raise click.UsageError(f"no source {name!r} in rules.yaml") from None
