"""`rasid ack`."""

from __future__ import annotations

import click

from rasid.cli.alert_names import alerts_named
from rasid.cli.options import Place, with_json, with_place
from rasid.cli.output import emit, rfc3339, show
from rasid.cli.people import with_author
from rasid.cli.session import with_storage
from rasid.models import Ack
from rasid.notifiers.text import short_id
from rasid.protocols import Transaction


@click.command
@click.argument("alert")
@with_author
@click.option("--note", default="", help="What is done about it.")
@with_json
@with_place
def command(place: Place, *, alert: str, author: str, note: str, as_json: bool) -> None:
    """Say that somebody has taken up ALERT: an id of `rasid alerts`, or that of a message.

    It holds for all that the rule has told of the story until now, to whomever: nobody else
    is told of it by escalation. Done again it changes nothing.
    """
    from rasid.alerts.handover.acks import Acked, acknowledge, can_be_acked
    from rasid.clock import wall_clock

    now = wall_clock()

    def write(tx: Transaction) -> list[Acked]:
        found = alerts_named(tx, alert)
        if len(found) != 1:
            which = "several alerts have" if found else "no alert has"
            hint = "`rasid alerts` lists them"
            raise click.ClickException(f"{which} the id {show(alert)}; {hint}")
        if not can_be_acked(found[0]):
            raise click.ClickException(f"alert {found[0].id} is not about an item that is kept")
        return acknowledge(tx, found, author=author.strip(), note=note.strip(), now=now)

    (done,) = with_storage(place, lambda storage: storage.write(write))
    if as_json:
        emit([{"id": done.alert.id, "is_new": done.is_new, **ack_row(done.ack)}], [], as_json=True)
        return
    before = "" if done.is_new else "already "
    by = f"by {show(done.ack.author)} at {rfc3339(done.ack.at)}"
    click.echo(f"alert {short_id(done.alert.id)} is {before}acknowledged {by}")


def ack_row(ack: Ack) -> dict[str, object]:
    """Return an acknowledgement for JSON."""
    return {
        "acked_by": ack.author,
        "acked_at": rfc3339(ack.at),
        "note": ack.note or None,
        "acked": ack.about,
    }
