"""`rasid alerts`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from rasid.cli.options import Place, asked_to_list, with_json, with_place
from rasid.cli.output import emit, rfc3339
from rasid.cli.session import with_storage
from rasid.models import Alert, AlertState
from rasid.protocols import Storage, Transaction


@click.group(invoke_without_command=True)
@click.option("--state", type=click.Choice([state.value for state in AlertState]), default=None)
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1))
@with_json
@with_place
@click.pass_context
def command(
    ctx: click.Context, place: Place, *, state: str | None, limit: int, as_json: bool
) -> None:
    """List alerts, newest first; `retry` or `drop` dead ones."""
    if not asked_to_list(ctx):
        return

    async def read(storage: Storage) -> list[Alert]:
        return await storage.read(lambda view: view.alerts(state=state or "", limit=limit))

    rows = [_row(alert) for alert in with_storage(place, read)]
    emit(rows, ["created_at", "state", "reason", "rule", "receiver", "title"], as_json=as_json)


@command.command
@click.argument("ids", nargs=-1)
@click.option("--dead", is_flag=True, help="Every dead alert.")
@with_place
def retry(place: Place, ids: tuple[str, ...], *, dead: bool) -> None:
    """Make dead alerts pending again."""
    count = _change(place, ids, dead, lambda tx, chosen: tx.retry_alerts(chosen))
    click.echo(f"{count} alerts will be sent again")


@command.command
@click.argument("ids", nargs=-1)
@click.option("--dead", is_flag=True, help="Every dead alert.")
@with_place
def drop(place: Place, ids: tuple[str, ...], *, dead: bool) -> None:
    """Give alerts up: they are kept, and never sent."""
    count = _change(place, ids, dead, lambda tx, chosen: tx.drop_alerts(chosen))
    click.echo(f"{count} alerts dropped")


def _change(
    place: Place,
    ids: tuple[str, ...],
    dead: bool,
    change: Callable[[Transaction, Sequence[str]], int],
) -> int:
    if not ids and not dead:
        raise click.UsageError("name alert ids, or give --dead")

    def write(tx: Transaction) -> int:
        chosen = list(ids)
        if dead:
            chosen += [alert.id for alert in tx.alerts(state=AlertState.DEAD, limit=1_000_000)]
        return change(tx, chosen)

    return with_storage(place, lambda storage: storage.write(write))


def _row(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.id,
        "created_at": rfc3339(alert.created_at),
        "state": alert.state,
        "reason": alert.reason,
        "rule": alert.rule,
        "rule_hash": alert.rule_hash,
        "receiver": alert.receiver,
        "target": alert.target,
        "subject": alert.subject,
        "title": alert.facts.get("title") or alert.facts.get("text", ""),
        "facts": dict(alert.facts),
    }
