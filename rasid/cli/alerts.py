"""`rasid alerts`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import click

from rasid.alerts.handover.acks import acks_of
from rasid.cli.alert_names import alerts_named
from rasid.cli.alert_reason import reason_of
from rasid.cli.options import Place, asked_to_list, with_json, with_place
from rasid.cli.output import emit, rfc3339, show
from rasid.cli.session import with_storage
from rasid.counted import counted
from rasid.models import Ack, Alert, AlertState
from rasid.notifiers.text import short_id
from rasid.protocols import Reading, Transaction

_NOBODY: Final[Mapping[str, object]] = {"acked_by": None, "acked_at": None}


@click.group(invoke_without_command=True)
@click.option("--state", type=click.Choice([state.value for state in AlertState]), default=None)
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1))
@with_json
@with_place
@click.pass_context
def command(
    ctx: click.Context, place: Place, *, state: str | None, limit: int, as_json: bool
) -> None:
    """List alerts, newest first; `retry` or `drop` dead ones.

    A pending one that waits says for what and until when. The id is the one that stands in a
    message; `explain`, `retry` and `drop` take it.
    """
    if not asked_to_list(ctx):
        return

    def look(view: Reading) -> list[tuple[Alert, Ack | None]]:
        alerts = view.alerts(state=state or "", limit=limit)
        acks = acks_of(view, alerts)
        return [(alert, acks.get(alert.id)) for alert in alerts]

    shown = _row if as_json else _for_people
    found = with_storage(place, lambda storage: storage.read(look))
    rows = [{**shown(alert), **_acked(ack)} for alert, ack in found]
    columns = ["id", "created_at", "state", "reason", "acked_by", "rule", "receiver", "title"]
    if not any(ack for _, ack in found):
        columns.remove("acked_by")
    emit(rows, columns, as_json=as_json)


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


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of alerts; those in `unchanged` were in no state for it."""

    changed: list[Alert]
    unchanged: list[Alert]
    unknown: list[str]


def _change(
    place: Place,
    names: tuple[str, ...],
    dead: bool,
    change: Callable[[Transaction, Sequence[str]], int],
) -> _Done:
    if not names and not dead:
        raise click.UsageError("name alert ids, or give --dead")

    def write(tx: Transaction) -> _Done:
        found = {name: _named(tx, name) for name in names}
        chosen = [alert for alert in found.values() if alert]
        if dead:
            chosen += tx.alerts(state=AlertState.DEAD, limit=1_000_000)
        before = {alert.id: alert.state for alert in chosen}
        change(tx, list(before))
        after = tx.alerts(ids=list(before)) if before else []
        return _Done(
            [alert for alert in after if alert.state != before[alert.id]],
            [alert for alert in after if alert.state == before[alert.id]],
            [name for name, alert in found.items() if not alert],
        )

    return with_storage(place, lambda storage: storage.write(write))


def _named(view: Reading, name: str) -> Alert | None:
    """Return an alert by its id or the short one of a message, not by some of its letters."""
    found = [one for one in alerts_named(view, name) if name.upper() in (one.id, short_id(one.id))]
    return found[0] if len(found) == 1 else None


def _tell(done: _Done, what: str, *, as_json: bool) -> None:
    """Print what was changed; name the rest on standard error, and exit 1 if there is any."""
    if as_json:
        emit(({"id": alert.id, "state": alert.state} for alert in done.changed), [], as_json=True)
    else:
        click.echo(f"{counted(len(done.changed), 'alert')} {what}")
    for name in done.unknown:
        click.echo(f"rasid: no alert has the id {show(name)}; `rasid alerts` lists them", err=True)
    for alert in done.unchanged:
        click.echo(f"rasid: alert {alert.id} is {alert.state} and stays so", err=True)
    if done.unknown or done.unchanged:
        sys.exit(1)


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
        "due_at": rfc3339(alert.due_at),
        "lane": alert.lane,
        "subject": alert.subject,
        "title": alert.facts.get("title") or alert.facts.get("text", ""),
        "facts": dict(alert.facts),
    }


def _acked(ack: Ack | None) -> Mapping[str, object]:
    return {"acked_by": ack.author, "acked_at": rfc3339(ack.at)} if ack else _NOBODY


def _for_people(alert: Alert) -> dict[str, object]:
    return {**_row(alert), "id": short_id(alert.id), "reason": reason_of(alert)}
