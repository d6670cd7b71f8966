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
@with_json
@with_place
def retry(place: Place, ids: tuple[str, ...], *, dead: bool, as_json: bool) -> None:
    """Make dead alerts pending again."""
    changed = _change(place, ids, dead, lambda tx, chosen: tx.retry_alerts(chosen))
    _tell(changed, "will be sent again", as_json=as_json)


@command.command
@click.argument("ids", nargs=-1)
@click.option("--dead", is_flag=True, help="Every dead alert.")
@with_json
@with_place
def drop(place: Place, ids: tuple[str, ...], *, dead: bool, as_json: bool) -> None:
    """Give alerts up: they are kept, and never sent."""
    changed = _change(place, ids, dead, lambda tx, chosen: tx.drop_alerts(chosen))
    _tell(changed, "dropped", as_json=as_json)


def _change(
    place: Place,
    ids: tuple[str, ...],
    dead: bool,
    change: Callable[[Transaction, Sequence[str]], int],
) -> list[Alert]:
    """Change alerts and return those that are not as they were."""
    if not ids and not dead:
        raise click.UsageError("name alert ids, or give --dead")

    def write(tx: Transaction) -> list[Alert]:
        chosen = tx.alerts(ids=ids) if ids else []
        if dead:
            chosen += tx.alerts(state=AlertState.DEAD, limit=1_000_000)
        before = {alert.id: alert.state for alert in chosen}
        change(tx, list(before))
        after = tx.alerts(ids=list(before)) if before else []
        return [alert for alert in after if alert.state != before[alert.id]]

    return with_storage(place, lambda storage: storage.write(write))


def _tell(changed: Sequence[Alert], what: str, *, as_json: bool) -> None:
    if as_json:
        emit(({"id": alert.id, "state": alert.state} for alert in changed), [], as_json=True)
    else:
        click.echo(f"{len(changed)} alerts {what}")


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
