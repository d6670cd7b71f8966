"""`rasid sources`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import click

from rasid.cli.options import Place, asked_to_list, with_json, with_place
from rasid.cli.output import emit, rfc3339, say
from rasid.cli.session import with_storage
from rasid.cli.sources_add import add
from rasid.cli.sources_discover import discover
from rasid.cli.sources_opml import export, import_
from rasid.cli.sources_suggest import suggest
from rasid.counted import counted
from rasid.health import Health, health, words
from rasid.hints import why_due
from rasid.models import SourceState, Subscription, SubscriptionState
from rasid.pacing import interval_of, longest
from rasid.polling import resumed
from rasid.protocols import Storage, Transaction
from rasid.settings import SECOND, Config, Source


@click.group(invoke_without_command=True)
@click.option("--broken", is_flag=True, help="Only sources that fail, are silent or gone.")
@with_json
@with_place
@click.pass_context
def command(ctx: click.Context, place: Place, *, broken: bool, as_json: bool) -> None:
    """List sources and how their last poll went; find, add, test, enable or disable them."""
    if not asked_to_list(ctx):
        return
    config = _config(place)

    async def read(storage: Storage) -> tuple[Mapping[str, SourceState], list[Subscription]]:
        return await storage.read(lambda view: (view.source_states(), view.subscriptions()))

    states, subscribed = with_storage(place, read)
    pushes = {one.source: one for one in subscribed if one.state is not SubscriptionState.LEAVING}
    now = time.time_ns() // 1_000
    rows = [
        _row(source, states.get(source.id, SourceState(source.id)), pushes.get(source.id), now)
        for source in config.sources.values()
    ]
    rows = [row for row in rows if row["broken"] or not broken]
    columns = ["source", "state", "last_new", "last_success", "next_poll", "failures"]
    columns += ["reason", "detail"]
    emit(rows, columns, as_json=as_json)


command.add_command(add)
command.add_command(discover)
command.add_command(import_)
command.add_command(export)
command.add_command(suggest)


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
            "items": len(result.feed.items) if result.feed else 0,
            "detail": result.detail,
            "moved_to": result.moved_to,
        }
        for source, result in zip(chosen, results, strict=True)
    ]
    emit(rows, ["source", "outcome", "reason", "items", "detail"], as_json=as_json)
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


def _config(place: Place) -> Config:
    from rasid.atlas import configured

    return configured(place)


def _source(config: Config, name: str) -> Source:
    try:
        return config.sources[name]
    except KeyError:
        raise click.UsageError(f"no source {name!r} in rules.yaml") from None


def _row(
    source: Source, state: SourceState, pushes: Subscription | None, now: int
) -> dict[str, object]:
    active = source.enabled and not state.paused
    does = health(state, 1) if active else Health.WELL
    return {
        "source": source.id,
        "outlet": source.outlet,
        "tags": list(source.tags),
        "url": source.url,
        "state": _word(source, state, does),
        "broken": bool(does),
        "last_new": rfc3339(state.last_new_at),
        "last_success": rfc3339(state.last_success_at),
        "next_poll": rfc3339(state.next_poll_at or None) if state.last_poll_at else None,
        "next_poll_by": state.due_by,
        "next_poll_why": _why(source, state) if active else "",
        "hub": state.offer.hub,
        "hub_state": pushes.state if pushes else "",
        "hub_detail": pushes.detail if pushes else "",
        "last_push": rfc3339(state.pushed_at),
        "interval": interval_of(source, state) // SECOND,
        "failures": state.failures,
        "reason": state.reason,
        "detail": words(state, now, 1) if does is Health.SILENT else state.detail,
        "moved_to": state.moved_to,
        "possible_gaps": state.possible_gaps,
    }


def _why(source: Source, state: SourceState) -> str:
    """Say when a source is polled next and what decided it: "12:40 UTC: the feed's ttl of 1 h"."""
    due, why = rfc3339(state.next_poll_at or None), why_due(state, longest(source))
    return f"next poll {due[11:16]} UTC: {why}" if due and why and not state.gone else ""


def _word(source: Source, state: SourceState, does: Health) -> str:
    if not source.enabled or state.paused:
        return "disabled"
    if state.gone:
        return "gone"
    if does is Health.SILENT:
        return "silent"
    return state.outcome or "not polled yet"
